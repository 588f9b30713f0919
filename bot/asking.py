"""A question on the command line, answered from the content pack alone."""

from __future__ import annotations

from pathlib import Path

from bot.app import build_features
from bot.wording import Language, Words
from handlers.core.features import Registry
from handlers.core.hub import load_hub
from handlers.core.router import understand
from handlers.core.texts import Catalogues
from handlers.faq import answering
from handlers.faq import feature as faq
from handlers.faq.content import load_entries
from handlers.faq.entries import Entry, ways
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
    registry = Registry(build_features(folder, load_hub(folder)), unsure=faq.unsure, unknown=faq.unknown)
    entries = {entry.key: entry for entry in load_entries(folder)}
    index = Index([*registry.ways, *ways(list(entries.values()))])
    understood = understand(registry, index, question)
    language = language or detect(question).language or otherwise
    keys = [each.key for each in understood.ranked]
    match "answer" if understood.phrase else understood.verdict:
        case "answer" if not keys or keys[0] not in entries or understood.phrase:
            return Words("Das geht im Chat: Schreib es Kumpel dort.", "That is for the chat: write it there.").to(
                language
            )
        case "answer" if entries[keys[0]].filled:
            return answering.as_text(entries[keys[0]], Catalogues().texts(language))
        case "answer":
            return _not_filled(entries[keys[0]]).to(language)
        case "ask_back":
            titles = [
                entries[key].titles if key in entries else registry.intents[key].titles
                for key in keys[:SUGGESTIONS]
            ]
            asked = Words("Meinst du eins davon?", "Do you mean one of these?").to(language)
            return "\n".join((asked, *(f"- {title[language]}" for title in titles)))
        case _:
            return Words("Das weiß ich nicht.", "I don't know that.").to(language)


def _not_filled(entry: Entry) -> Words:
    return Words(
        f"{entry.titles['de']} Das hat mir der Hub noch nicht gesagt; im Chat frage ich das Team.",
        f"{entry.titles['en']} The hub has not told me yet; in chat I ask the team.",
    )
