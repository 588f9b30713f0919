"""Formatted text and rate limits of the local Telegram, over wide input."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram.entities import find_entities, parse_html, trim, utf16_length, utf16_slice
from bot.sandbox.telegram.errors import BotApiError
from bot.sandbox.telegram.limits import Limits
from bot.sandbox.telegram.methods_messages import picture_size
from bot.sandbox.telegram.state import Chat

# Lone surrogates never come over the wire.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
TAGGED = st.lists(
    st.sampled_from(
        ["<b>", "</b>", "<i>", "</i>", '<a href="x.y">', "</a>", "<", ">", "&amp;", "&", "ä🙂 ", "<pre>"]
    )
    | TEXT
).map("".join)


@given(TEXT)
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_html(escape(text)) == (text, [])


@given(TEXT, TEXT.filter(bool), TEXT)
def test_an_entity_covers_exactly_what_its_tag_encloses(before: str, inside: str, after: str) -> None:
    text, [entity] = parse_html(f"{escape(before)}<b>{escape(inside)}</b>{escape(after)}")
    assert text == before + inside + after
    assert utf16_slice(text, entity["offset"], entity["length"]) == inside


@given(TAGGED)
def test_any_text_is_parsed_or_refused_and_entities_stay_inside(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except BotApiError as error:
        refused = error.description.startswith("Bad Request: can't parse entities: ")
        assert refused, source
        return
    text, entities = trim(text, entities)
    for entity in find_entities(text, entities):
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(text)


def test_a_mention_by_id_and_a_link_without_an_address() -> None:
    text, [mention] = parse_html('<a href="tg://user?id=7">Ada</a> <a href="nowhere">x</a>')
    assert text == "Ada x"
    assert mention == {"type": "text_mention", "offset": 0, "length": 3, "user": {"id": 7}}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#Gründer und #2", ["#Gründer"]),
        ("/buchen@kumpel_bot morgen", ["/buchen@kumpel_bot"]),
        ("und/oder http://a.de/x).", ["http://a.de/x"]),
        ("ada@hub.de, @ad @ada_l!", ["ada@hub.de", "@ada_l"]),
    ],
)
def test_what_telegram_marks_by_itself(text: str, found: list[str]) -> None:
    assert [utf16_slice(text, e["offset"], e["length"]) for e in find_entities(text, [])] == found


# Sixty-fourths of a second, which floats hold exactly.
PAUSES = st.integers(0, 192).map(lambda n: n / 64)


@given(st.lists(st.tuples(PAUSES, st.integers(1, 3)), max_size=120), st.integers(1, 4))
def test_no_window_ever_holds_more_than_its_limit(steps: list[tuple[float, int]], burst: int) -> None:
    limits = Limits(per_second=5, chat_burst=burst, group_per_minute=10)
    chats = {n: Chat(-n, "group") for n in (1, 2, 3)}
    passed: list[tuple[float, int]] = []
    now = 0.0
    for pause, number in steps:
        now += pause
        wait = limits.take(chats[number], now)
        if wait:
            assert wait >= 1
            now += wait  # nobody else sends meanwhile: the time told is enough
            assert limits.take(chats[number], now) == 0
        passed.append((now, number))
    for at, number in passed:
        assert sum(at - 1 < t <= at for t, _ in passed) <= 5
        assert sum(at - burst < t <= at for t, n in passed if n == number) <= burst
        assert sum(at - 60 < t <= at for t, n in passed if n == number) <= 10


def test_sizes_of_pictures() -> None:
    jpeg = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b080014001e01011100ffd9")
    assert picture_size(jpeg) == (30, 20)
    assert picture_size(b"GIF89a\x02\x00\x03\x00") == (2, 3)
    assert picture_size(b"\xff\xd8") is None
    assert picture_size(b"%PDF-1.4 no picture at all") is None
