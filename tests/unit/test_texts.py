"""Sentences in the reader's language, with markup and values."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core.markup import MarkupError, parse_markup
from handlers.core.moments import spoken_time
from handlers.core.texts import Catalogues, Texts
from handlers.core.ui import Span, join, plain, spans

ENGLISH = Texts("en", {}, {})


def test_a_sentence_without_markup_stays_a_string():
    assert ENGLISH("Back") == "Back"


def test_a_sentence_with_markup_becomes_spans():
    assert ENGLISH("**Now** or _later_") == (Span("Now", bold=True), Span(" or "), Span("later", italic=True))


def test_a_value_takes_the_style_of_its_place():
    assert ENGLISH("**{desk}** is yours", desk="Platz 12") == (Span("Platz 12", bold=True), Span(" is yours"))


def test_a_mention_keeps_its_person_and_gains_the_style():
    assert ENGLISH("_by {who}_", who=(Span("Ada", bold=True, person=3),)) == (
        Span("by ", italic=True),
        Span("Ada", bold=True, italic=True, person=3),
    )


def test_a_link_is_filled_too():
    assert ENGLISH("[{name}](https://hub.ruhr/{page})", name="here", page="a") == (
        Span("here", link="https://hub.ruhr/a"),
    )


@given(st.text())
def test_a_value_is_shown_to_the_letter(value):
    filled = ENGLISH("**Name:** {value}!", value=value)
    assert plain(filled) == f"Name: {value}!"
    assert not any(span.link or span.italic or span.code for span in spans(filled))


@given(st.text())
def test_a_label_is_a_plain_string(value):
    assert ENGLISH.label("**{value}** there", value=value) == f"{value} there"


def test_a_value_with_braces_is_not_filled_again():
    assert plain(ENGLISH("{one} {two}", one="{two}", two="{one}")) == "{two} {one}"


@pytest.mark.parametrize(("number", "expected"), [(0, "0 days"), (1, "one day"), (2, "2 days")])
def test_the_plural_fits_the_number(number, expected):
    assert plain(ENGLISH.plural("one day", "{n} days", number)) == expected


def test_german_sentences_come_from_the_catalogue():
    german = Catalogues().texts("de")
    assert german.label("Ask a human") == "Mensch fragen"
    assert (
        plain(german.plural("**One question** is open.", "**{n} questions** are open.", 3))
        == "3 Fragen sind offen."
    )


def test_an_unknown_sentence_and_an_unknown_language_fall_back_to_english():
    catalogues = Catalogues()
    assert catalogues.texts("de").label("No such sentence") == "No such sentence"
    assert catalogues.texts("fr").label("Ask a human") == "Ask a human"


def test_a_missing_catalogue_stops_the_start(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        Catalogues(tmp_path)


@pytest.mark.parametrize("source", ["**open", "`open", "~~open", "[x](http://plain.example)", "[x](javascript:x)"])
def test_markup_that_does_not_close_is_refused(source):
    with pytest.raises(MarkupError):
        parse_markup(source)


def test_styles_nest():
    assert parse_markup("_Stand: **2017**_") == (
        Span("Stand: ", italic=True),
        Span("2017", bold=True, italic=True),
    )


def test_underscores_in_words_are_no_markup():
    assert parse_markup("snake_case_name") == "snake_case_name"


def test_joining_passes_over_what_is_empty():
    assert plain(join("", "a", (), "b", separator=" ")) == "a b"


def test_times_are_said_with_their_day_only_when_it_is_another():
    berlin = ZoneInfo("Europe/Berlin")
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # 00:30 on the 24th at the hub
    assert spoken_time(late, late.replace(hour=9), berlin, "de") == "24. Nov., 00:30"
    assert spoken_time(late, late.replace(hour=9), berlin, "en") == "24 Nov, 00:30"
    assert spoken_time(late.replace(hour=8), late.replace(hour=9), berlin, "de") == "09:30"
