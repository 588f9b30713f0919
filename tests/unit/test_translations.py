"""Every sentence that people read exists in German, and says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract, extract_from_dir

from handlers.core.markup import parse_markup
from handlers.core.texts import FOLDER, LANGUAGES, SOURCE_LANGUAGE, read_catalogues
from handlers.core.ui import spans

ROOT = Path(__file__).parents[2]
SPEAKING = (ROOT / "handlers", ROOT / "storage", ROOT / "bot" / "delivery")
"""Where sentences of the catalogues stand; the command line and the demo have both languages side by side."""
KEYWORDS = {"t": None, "label": None, "plural": (1, 2), "N_": None}
"""Calls whose first argument is a sentence: ``t(…)``, ``t.label(…)``, ``t.plural(one, many, n)``, ``N_(…)``."""

_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_UNKIND = re.compile(r"\b(?:invalid|error|successful\w*|ungültig\w*|fehler\w*|erfolgreich\w*)\b", re.IGNORECASE)
_FORMAL = re.compile(r"\b(?:Sie|Ihnen|Ihre?[nmrs]?)\b")

Sentence = str | tuple[str, str]


def extracted() -> dict[Sentence, str]:
    """Return the sentences in the code, with the file that one stands in."""
    found: dict[Sentence, str] = {}
    for folder in SPEAKING:
        for name, _, sentence, _, _ in extract_from_dir(
            folder, method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            if sentence:
                found.setdefault(tuple(sentence) if isinstance(sentence, list | tuple) else sentence, name)
    with (ROOT / "bot" / "scheduler.py").open("rb") as file:
        for _, sentence, _, _ in extract("python", file, keywords=KEYWORDS):
            found.setdefault(sentence, "scheduler.py")
    return found


def translated(language: str) -> dict[Sentence, Sentence]:
    """Return the catalogues' sentences."""
    found: dict[Sentence, Sentence] = {}
    for each in read_catalogues(FOLDER, language):
        sentence = tuple(each.id) if isinstance(each.id, list | tuple) else each.id
        said = tuple(each.string) if isinstance(each.string, list | tuple) else each.string
        assert found.setdefault(sentence, said) == said, f"two translations of {sentence!r}"
    return found


SOURCE = extracted()
TARGETS = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]


def pairs() -> list[tuple[str, str]]:
    """Return English and translated, form by form."""
    found = []
    for language in TARGETS:
        for sentence, translation in translated(language).items():
            one = (sentence,) if isinstance(sentence, str) else sentence
            other = (translation,) if isinstance(translation, str) else translation
            found += list(zip(one, other, strict=True))
    return found


def test_the_extraction_sees_every_kind_of_call():
    assert {
        "Ask a human",  # ctx.t.label
        "I do not know that.",  # ctx.t
        "Only a lead may do that.",  # N_
        ("**One question** is open.", "**{n} questions** are open."),  # ctx.t.plural
        "{who} is looking into your question.",  # t in a lambda
        "I speak **English** with you from now on.",  # t of a chosen language
    } <= SOURCE.keys()


@pytest.mark.parametrize("language", TARGETS)
def test_every_sentence_is_translated(language):
    done = {sentence for sentence, translation in translated(language).items() if translation and all(translation)}
    assert {sentence: file for sentence, file in SOURCE.items() if sentence not in done} == {}


@pytest.mark.parametrize("language", TARGETS)
def test_no_translation_is_left_over(language):
    assert [sentence for sentence in translated(language) if sentence not in SOURCE] == []


def test_placeholders_are_the_same():
    wrong = [
        (english, other)
        for english, other in pairs()
        if {*_PLACEHOLDER.findall(english)} - {"{n}"} != {*_PLACEHOLDER.findall(other)} - {"{n}"}
    ]
    assert wrong == []


@pytest.mark.parametrize(("english", "other"), pairs())
def test_markup_parses_in_both_and_has_the_same_styles(english, other):
    def styles(text: str) -> set[tuple[bool, bool, bool, str]]:
        return {(span.bold, span.italic, span.code, span.link) for span in spans(parse_markup(text))} - {
            (False, False, False, "")
        }

    assert styles(english) == styles(other)


def test_the_voice_is_kept():
    said = [text for pair in pairs() for text in pair]
    assert [text for text in said if _UNKIND.search(text)] == []
    assert [text for text in said if text.endswith("!")] == []
    assert [other for _, other in pairs() if _FORMAL.search(other)] == []


def test_titles_of_forms_fit_a_modal():
    titles = {"Ask the team", "Ask further", "Answer the question"}
    german = translated("de")
    assert titles <= SOURCE.keys()
    assert [title for title in titles if len(title) > 24 or len(german[title]) > 24] == []
