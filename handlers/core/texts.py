"""Every sentence in the reader's language, from gettext catalogues.

The English sentence in the code is the key; the catalogues in ``locales/<language>/LC_MESSAGES/``, one a feature,
hold the others. A sentence may carry our little markup and ``{placeholders}``; what is put in is never read as
markup.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from msgspec import structs

from handlers.core.markup import parse_markup
from handlers.core.ui import Span, Text, plain, spans

LANGUAGES = ("de", "en")
SOURCE_LANGUAGE = "en"
FOLDER = Path(__file__).parents[2] / "locales"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def N_(sentence: str) -> str:  # noqa: N802  (gettext's own name for it)
    """Mark a sentence for translation that is looked up later."""
    return sentence


class Texts:
    """The sentences of one language.

    Args:
        language: ``de`` or ``en``.
        singular: Translations by English sentence.
        plural: Both forms by English singular.
    """

    def __init__(self, language: str, singular: dict[str, str], plural: dict[str, tuple[str, str]]) -> None:
        self.language = language
        self._singular = singular
        self._plural = plural
        self._labels: dict[str, str] = {}

    def __call__(self, sentence: str, /, **values: Text | int) -> Text:
        """Return a sentence with its markup, and values put in to the letter."""
        return _fill(self._singular.get(sentence, sentence), values)

    def label(self, sentence: str, /, **values: Text | int) -> str:
        """Return a sentence as a plain string, for buttons and titles."""
        if values:
            return plain(_fill(self._singular.get(sentence, sentence), values))
        if sentence not in self._labels:
            self._labels[sentence] = plain(self(sentence))
        return self._labels[sentence]

    def plural(self, one: str, many: str, number: int, /, **values: Text | int) -> Text:
        """Return the form that fits a number; ``{n}`` stands for it. German and English agree on which."""
        forms = self._plural.get(one, (one, many))
        return _fill(forms[0 if number == 1 else 1], {"n": number, **values})


class Catalogues:
    """All languages, read once. A sentence that two catalogues hold means the same in both.

    Raises:
        FileNotFoundError: A language has no catalogue.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._texts = {language: _read(folder, language) for language in LANGUAGES}

    def texts(self, language: str) -> Texts:
        """The sentences of a language; of the source language where it is unknown."""
        return self._texts.get(language) or self._texts[SOURCE_LANGUAGE]


@functools.cache
def _read(folder: Path, language: str) -> Texts:
    singular: dict[str, str] = {}
    plural: dict[str, tuple[str, str]] = {}
    if language != SOURCE_LANGUAGE:
        for message in read_catalogues(folder, language):
            if isinstance(message.id, str):
                singular[message.id] = str(message.string) or message.id
            elif isinstance(message.string, list | tuple):
                plural[message.id[0]] = (message.string[0], message.string[1])
    return Texts(language, singular, plural)


def read_catalogues(folder: Path, language: str) -> Iterator[Message]:
    """Yield all sentences of a language's catalogues that are fit for use.

    Raises:
        FileNotFoundError: There is none.
    """
    paths = sorted((folder / language / "LC_MESSAGES").glob("*.po"))
    if not paths:
        raise FileNotFoundError(f"{folder} has no catalogue for '{language}'")
    for path in paths:
        with path.open("rb") as file:
            yield from (message for message in read_po(file, locale=language) if message.id and not message.fuzzy)


@functools.lru_cache(maxsize=4096)
def _template(sentence: str) -> tuple[Span, ...]:
    return spans(parse_markup(sentence))


def _fill(sentence: str, values: dict[str, Text | int]) -> Text:
    if not values:
        return parse_markup(sentence)
    filled: list[Span] = []
    for span in _template(sentence):
        link = _PLACEHOLDER.sub(lambda found: str(values[found[1]]), span.link) if span.link else ""
        for index, piece in enumerate(_PLACEHOLDER.split(span.text)):
            if not piece:
                continue
            value = values[piece] if index % 2 else piece
            parts = (Span(str(value)),) if isinstance(value, str | int) else value
            filled.extend(_in_style(span, part, link) for part in parts)
    return _merged(filled)


def _in_style(style: Span, part: Span, link: str) -> Span:
    return structs.replace(
        part,
        bold=part.bold or style.bold,
        italic=part.italic or style.italic,
        code=part.code or style.code,
        strike=part.strike or style.strike,
        link=part.link or link,
    )


def _merged(parts: list[Span]) -> Text:
    merged: list[Span] = []
    for part in parts:
        if merged and not part.person and structs.replace(merged[-1], text=part.text) == part:
            merged[-1] = structs.replace(part, text=merged[-1].text + part.text)
        elif part.text:
            merged.append(part)
    if len(merged) == 1 and merged[0] == Span(merged[0].text):
        return merged[0].text
    return tuple(merged)
