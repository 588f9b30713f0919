"""A question on the command line, answered from the content pack alone."""

from __future__ import annotations

from pathlib import Path

from bot.wording import Language, Words
from handlers.core.markup import parse_markup
from handlers.core.ui import plain
from handlers.faq.content import Entry, load_entries, ways
from handlers.retrieval.index import Index
from handlers.retrieval.language import detect

SUGGESTIONS = 3


def answer(folder: Path, question: str, language: Language | None, otherwise: Language) -> str:
    """Return what Kumpel would say to a question.

    Args:
        folder: The content pack.
        question: In German or English.
        language: To answer in; by default that of the question.
        otherwise: The language if the question's can't be told.

    Raises:
        PackError: The content pack holds something that can't be used.
    """
    entries = load_entries(folder)
    index = Index(ways(entries))
    language = language or detect(question).language or otherwise
    ranked = index.rank(question)
    by_key = {entry.key: entry for entry in entries}
    found = [by_key[each.key] for each in ranked]
    match index.judge(ranked):
        case "answer" if found[0].filled:
            return plain(parse_markup(found[0].answer(language)))
        case "answer":
            return _not_filled(found[0]).to(language)
        case "ask_back":
            titles = "\n".join(f"- {entry.wording(language).title}" for entry in found[:SUGGESTIONS])
            return f"{Words('Meinst du eins davon?', 'Do you mean one of these?').to(language)}\n{titles}"
        case "unknown":
            return Words("Das weiß ich nicht.", "I don't know that.").to(language)


def _not_filled(entry: Entry) -> Words:
    return Words(
        f"{entry.de.title} Das hat mir der Hub noch nicht gesagt; im Chat frage ich das Team.",
        f"{entry.en.title} The hub has not told me yet; in chat I ask the team.",
    )
