"""What Telegram would make live by itself is code in what people wrote, and nothing else is changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram.inert import MOST, inert, is_live
from bot.adapters.telegram.text import paragraphs_to_html
from bot.sandbox.telegram.entities import find_entities, parse_html
from handlers.core.markup import parse_markup
from handlers.core.ui import Span, spans

LIVE = ("mention", "url", "email", "bot_command", "hashtag")


def html(*runs: Span, mentions: dict[int, str] | None = None) -> str:
    return paragraphs_to_html([runs], mentions or {}, 4096)


def found(source: str) -> list[str]:
    """What Telegram would mark by itself."""
    text, entities = parse_html(source)
    return [entity["type"] for entity in find_entities(text, entities) if entity["type"] in LIVE]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("frag @durov mal", "frag <code>@durov</code> mal"),
        ("https://evil.example/x?a=1&b=2.", "<code>https://evil.example/x?a=1&amp;b=2.</code>"),
        ("schreib an mallory@evil.example", "schreib an <code>mallory@evil.example</code>"),
        ("geh auf evil.com/login jetzt", "geh auf <code>evil.com/login</code> jetzt"),
        ("dann /delete", "dann <code>/delete</code>"),
        ("#alle und $USD", "<code>#alle</code> und <code>$USD</code>"),
    ],
)
def test_what_would_come_alive_is_code(typed: str, shown: str) -> None:
    assert html(Span(typed)) == shown
    assert found(shown) == []


@pytest.mark.parametrize(
    "typed",
    [
        "Montag und/oder Dienstag",
        "z.B. Dortmund",
        "3 / 4",
        "Nr. 12, 10:42",
        "a@ b",
        "C# und 5 $",
        "Lagerkraft GmbH & Co.",
    ],
)
def test_what_is_no_address_stays_as_it_is(typed: str) -> None:
    assert not is_live(typed) or "<code>" in html(Span(typed))
    assert "<code>" not in html(Span(typed))


def test_our_own_links_mentions_and_mail_stay_live() -> None:
    link = spans(parse_markup("[Karte](https://hub.ruhr/x)"))
    assert html(*link) == '<a href="https://hub.ruhr/x">Karte</a>'
    assert html(Span("@ada", person=7), mentions={7: "42"}) == '<a href="tg://user?id=42">@ada</a>'
    assert found(html(*spans(parse_markup("[Team](mailto:a@hub.ruhr)")))) == ["email"]


def test_a_name_of_somebody_who_is_not_on_the_platform_calls_nobody() -> None:
    assert html(Span("@durov", bold=True, person=7)) == "<code>@durov</code>"


def test_an_address_over_several_styles_is_code_in_each() -> None:
    shown = html(Span("frag @du"), Span("rov", bold=True), Span(" mal"))
    assert shown == "frag <code>@du</code><code>rov</code> mal"
    assert found(shown) == []


def test_very_many_are_one() -> None:
    runs = inert([Span("a " + "@durov " * (MOST + 1) + "z")], lambda run: False)
    assert [run.code for run in runs] == [False, True, False]


def test_more_styles_than_fit_leave_nothing_alive() -> None:
    runs = [Span("@durov ", bold=True, italic=True, strike=True)] + [Span("x", bold=True, italic=True)] * 4000
    assert found(html(*runs)) == []


@given(st.lists(st.text(alphabet="@/#$.:a1 _-<&\u0301é\n", max_size=30), max_size=6))
def test_nothing_typed_comes_alive_and_no_letter_is_lost(texts: list[str]) -> None:
    runs = [Span(text, bold=bool(at % 2)) for at, text in enumerate(texts)]
    assert "".join(run.text for run in inert(runs, lambda run: False)) == "".join(texts)
    assert found(html(*runs)) == []
