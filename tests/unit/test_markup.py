"""The little markup of our own texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core.markup import MarkupError, parse_markup
from handlers.core.ui import Span, Text, plain


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ""),
        ("nothing to see", "nothing to see"),
        ("**bold**", (Span("bold", bold=True),)),
        ("a **b** c", (Span("a "), Span("b", bold=True), Span(" c"))),
        ("_italic_", (Span("italic", italic=True),)),
        ("~~old~~ **new**", (Span("old", strike=True), Span(" "), Span("new", bold=True))),
        ("`/kumpel here`", (Span("/kumpel here", code=True),)),
        ("[Hub](https://hub.ruhr)", (Span("Hub", link="https://hub.ruhr"),)),
        ("[Mail](mailto:a@b.example)", (Span("Mail", link="mailto:a@b.example"),)),
        ("_Stand: **2017**_", (Span("Stand: ", italic=True), Span("2017", bold=True, italic=True))),
        ("`**not bold**`", (Span("**not bold**", code=True),)),
        ("snake_case_name", "snake_case_name"),
        ("two * three * four", "two * three * four"),
        ("über_ und _unter", "über_ und _unter"),
        ("a [note] without link", "a [note] without link"),
    ],
)
def test_styles_are_read(source: str, expected: Text) -> None:
    assert parse_markup(source) == expected


@pytest.mark.parametrize(
    ("source", "position"),
    [("a **b", 2), ("**a** and ~~b", 10), ("tick ` tick", 5), ("x ](https://a.example)", 2), ("_a **b_", 3)],
)
def test_a_style_that_is_not_closed_is_told_with_its_place(source: str, position: int) -> None:
    with pytest.raises(MarkupError, match=f"at character {position + 1}") as raised:
        parse_markup(source)
    assert raised.value.position == position


@pytest.mark.parametrize("url", ["http://a.example", "javascript:alert(1)", "tg://resolve", "//a.example", "a"])
def test_a_link_leads_to_https_or_mail_only(url: str) -> None:
    with pytest.raises(MarkupError, match="starts with neither"):
        parse_markup(f"[x]({url})")


@given(st.text(st.characters(exclude_characters="*_~`[]()"), max_size=100))
def test_a_text_without_marks_is_itself(text: str) -> None:
    assert parse_markup(text) == text


@given(st.text(max_size=100))
def test_any_source_is_read_or_refused_and_nothing_is_made_up(source: str) -> None:
    try:
        read = parse_markup(source)
    except MarkupError:
        return
    remaining = iter(source)
    assert all(character in remaining for character in plain(read)), "what is shown stands in the source, in order"
