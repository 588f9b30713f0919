"""Neutral replies become Telegram messages."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from telegram import InlineKeyboardMarkup

from bot.adapters.port import Outgoing, TurnCalendar
from bot.adapters.telegram.calendar import read_arrow, turn
from bot.adapters.telegram.limits import clean, cut, is_visible
from bot.adapters.telegram.render import RenderContext, Rendered, render
from handlers.core.markup import parse_markup
from handlers.core.seals import Seals
from handlers.core.ui import (
    Action,
    Attachment,
    Block,
    Button,
    Control,
    Controls,
    DatePicker,
    Fields,
    LinkButton,
    Option,
    PickList,
    Picture,
    Reply,
    Section,
    Span,
)

SEALS = Seals(["render test"])
CONTEXT = RenderContext(SEALS, "kumpel_bot")
DAY = Action("day", ("12",))


def shown(*blocks: Block, summary: str = "Kurz", language: str = "de", **more: Any) -> Rendered:
    reply = Reply(blocks=blocks, summary=summary, language=language)
    return render(Outgoing(key="k", chat="111", chat_id=5, kind="direct", content=reply, **more), CONTEXT)


def labels(rendered: Rendered | InlineKeyboardMarkup) -> list[list[str]]:
    keyboard = rendered.keyboard if isinstance(rendered, Rendered) else rendered
    assert keyboard is not None
    return [[button.text for button in row] for row in keyboard.inline_keyboard]


def data(rendered: Rendered, label: str) -> str:
    assert rendered.keyboard is not None
    found = next(b for row in rendered.keyboard.inline_keyboard for b in row if b.text == label)
    return str(found.callback_data)


def controls(*items: Control, language: str = "de") -> Rendered:
    return shown(Section("x"), Controls(items), language=language)


def test_styles_become_tags_and_plain_text_is_never_markup() -> None:
    text = (
        Span("fett <b>", bold=True),
        Span(" & "),
        Span("alt", strike=True, italic=True),
        Span("x<y", code=True),
    )
    assert shown(Section(text)).html == "<b>fett &lt;b&gt;</b> &amp; <i><s>alt</s></i><code>x&lt;y</code>"
    assert shown(Section("*nicht* _so_ <i>")).html == "*nicht* _so_ &lt;i&gt;"


def test_links_and_mentions() -> None:
    assert (
        shown(Section(parse_markup('[Karte](https://hub.ruhr/?a=1&b="2")'))).html
        == '<a href="https://hub.ruhr/?a=1&amp;b=&quot;2&quot;">Karte</a>'
    )
    assert shown(Section(parse_markup("[Team](mailto:a@hub.ruhr)"))).html == "Team (a@hub.ruhr)"
    lea = Section((Span("Lea", person=3), Span(" kommt")))
    assert shown(lea, mentions={3: "555"}).html == '<a href="tg://user?id=555">Lea</a> kommt'
    assert shown(lea).html == "Lea kommt"


def test_blocks_are_paragraphs_and_fields_are_lines() -> None:
    facts = Fields((("Wann", "morgen"), ("Wo", (Span("Essen", italic=True),))))
    rendered = shown(Section("Oben"), Section(" "), facts, Picture("plan", "Grundriss"))
    assert rendered.html == "Oben\n\n<b>Wann</b> morgen\n<b>Wo</b> <i>Essen</i>\n\n<i>Grundriss</i>"


def test_a_drawn_picture_carries_the_text_as_its_caption() -> None:
    rendered = shown(Section("Frei: 17"), Picture("plan", "Grundriss"), picture=b"png")
    assert (rendered.kind, rendered.html, rendered.content) == ("picture", "Frei: 17", b"png")


def test_a_caption_and_a_text_are_cut_to_their_own_lengths() -> None:
    long = Section("😀" * 3000)
    caption = shown(long, Picture("plan", "Grundriss"), picture=b"png").html
    text = shown(long).html
    assert len(caption.encode("utf-16-le")) // 2 == 1023  # half an emoji is not kept
    assert len(text.encode("utf-16-le")) // 2 == 4095
    assert text.endswith("😀…")


@pytest.mark.parametrize("nothing", ["", "  \n", "\u200b\u2060", "\u2800", "\x07", "\u202e"])
def test_a_reply_with_nothing_to_see_still_says_something(nothing: str) -> None:
    assert shown(Section(nothing)).html == "Kurz"
    assert shown(Section(nothing), summary=nothing).html == "…"


def test_hostile_names_cannot_turn_text_round() -> None:
    assert shown(Section("von \u202eevil\u2066\x00\ud800")).html == "von evil\N{REPLACEMENT CHARACTER}"


def test_thousands_of_styles_give_way_to_the_text() -> None:
    text = tuple(Span("x", bold=True, italic=True, link="https://hub.ruhr/" + "y" * 50) for _ in range(4096))
    assert shown(Section(text)).html == "x" * 4096


def test_buttons_carry_sealed_actions() -> None:
    rendered = controls(Button("Platz nehmen", Action("take", ("12",))))
    assert SEALS.open(data(rendered, "Platz nehmen"), 5) == "take|12"


def test_buttons_stand_side_by_side_while_they_read_well() -> None:
    names = ["Platz buchen", "Termine", "Mentor finden"]
    assert labels(controls(*(Button(name, DAY) for name in names))) == [names]
    questions = ["Wie komme ich zum Hub?", "Wann ist offen?", "Wie werde ich Mitglied?"]
    assert labels(controls(*(Button(name, DAY) for name in questions))) == [[name] for name in questions]
    four = labels(controls(*(Button(str(n), DAY) for n in range(4))))
    assert four == [["0", "1", "2"], ["3"]]


def test_a_label_is_one_line_and_never_empty() -> None:
    assert labels(controls(Button("a\n\tb", DAY), Button("\u200b", DAY), Button("z" * 90, DAY))) == [
        ["a b", "…"],
        ["z" * 47 + "…"],
    ]


def test_links_open_pages_or_the_direct_chat() -> None:
    rendered = controls(LinkButton("Seite", "https://hub.ruhr/a"), LinkButton("Chat", start="ticket_7"))
    assert rendered.keyboard is not None
    assert [b.url for b in rendered.keyboard.inline_keyboard[0]] == [
        "https://hub.ruhr/a",
        "https://t.me/kumpel_bot?start=ticket_7",
    ]


@pytest.mark.parametrize("address", ["http://localhost:8080/x", "mailto:a@hub.ruhr", "javascript:alert(1)", "hub"])
def test_an_address_that_telegram_refuses_is_shown_as_text(address: str) -> None:
    rendered = controls(LinkButton("Kalender", address))
    assert rendered.keyboard is None
    assert re.sub(r"</?code>", "", rendered.html) == f"x\n\nKalender: {address}"


def test_a_pick_list_is_buttons_with_the_chosen_one_marked() -> None:
    options = tuple(Option(f"Platz {n}", str(n)) for n in range(1, 4))
    rendered = controls(PickList("Platz", Action("seat"), options, selected="2"))
    assert labels(rendered) == [["Platz 1", "✓ Platz 2", "Platz 3"]]
    assert SEALS.open(data(rendered, "✓ Platz 2"), 5) == "seat~2"


def test_a_long_pick_list_says_how_much_is_left_out() -> None:
    options = tuple(Option(str(n), str(n)) for n in range(30))
    assert labels(controls(PickList("Platz", Action("seat"), options)))[-1] == ["… und 6 weitere"]
    assert labels(controls(PickList("Desk", Action("seat"), options), language="en"))[-1] == ["… and 6 more"]


def test_no_more_buttons_than_the_server_takes() -> None:
    many = labels(shown(*(Controls(tuple(Button(str(n), DAY) for n in range(3))) for _ in range(40))))
    assert sum(map(len, many)) == 100
    assert many[-1] == ["…"]
    exact = labels(shown(*(Controls(tuple(Button(str(n), DAY) for n in range(2))) for _ in range(50))))
    assert len(exact) == 50


def test_a_few_days_are_a_list() -> None:
    picker = DatePicker("Tag", DAY, date(2026, 11, 24), date(2026, 11, 25))
    rendered = controls(picker)
    assert labels(rendered) == [["Di 24. Nov.", "Mi 25. Nov."]]
    assert SEALS.open(data(rendered, "Di 24. Nov."), 5) == "day|12~2026-11-24"
    assert labels(controls(picker, language="en")) == [["Tue 24 Nov", "Wed 25 Nov"]]


def test_many_days_are_a_calendar() -> None:
    picker = DatePicker("Tag", DAY, date(2026, 11, 24), date(2027, 1, 31))
    rendered = controls(picker)
    rows = labels(rendered)
    assert rows[:2] == [["November 2026", "›"], ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]]
    assert rows[-2:] == [["·", "24", "25", "26", "27", "28", "29"], ["30", "·", "·", "·", "·", "·", "·"]]
    assert data(rendered, "·") == "-"
    assert SEALS.open(data(rendered, "24"), 5) == "day|12~2026-11-24"
    assert SEALS.open(data(rendered, "›"), 5) == "day|12~m202612,261124,270131"
    assert read_arrow("m202612,261124,270131") == (date(2026, 12, 1), date(2026, 11, 24), date(2027, 1, 31))


def test_a_calendar_opens_at_the_day_that_is_meant() -> None:
    picker = DatePicker("Tag", DAY, date(2026, 11, 24), date(2027, 1, 31), initial=date(2026, 12, 9))
    assert labels(controls(picker))[0] == ["‹", "Dezember 2026", "›"]


def test_a_calendar_without_days_offers_none() -> None:
    assert labels(controls(DatePicker("Tag", DAY, date(2026, 11, 24), date(2026, 11, 23)))) == [["·"]]


@pytest.mark.parametrize(("language", "header"), [("de", "Dezember 2026"), ("en", "December 2026")])
def test_turning_a_calendar_keeps_everything_else(language: str, header: str) -> None:
    first, last = date(2026, 11, 24), date(2026, 12, 31)
    rendered = controls(
        Button("Heute", DAY),
        DatePicker("Tag", DAY, first, last),
        Button("Zurück", Action("back")),
        language=language,
    )
    assert rendered.keyboard is not None
    before = labels(rendered)
    turned = turn(
        rendered.keyboard, TurnCalendar(DAY, date(2026, 12, 1), first, last), lambda packed: SEALS.seal(packed, 5)
    )
    assert turned is not None
    after = labels(turned)
    assert after[0] == before[0] == ["Heute"]
    assert after[-1] == before[-1] == ["Zurück"]
    assert after[1] == ["‹", header]
    assert after[2] == before[2]
    assert [cell for row in after[3:-1] for cell in row if cell != "·"] == [str(day) for day in range(1, 32)]
    other = TurnCalendar(Action("day", ("13",)), date(2026, 12, 1), first, last)
    assert turn(rendered.keyboard, other, str) is None


def test_a_file_has_a_safe_name_and_its_title() -> None:
    def sent(name: str) -> Rendered:
        attachment = Attachment(name, "text/calendar", b"BEGIN", title="Termin <1>")
        return render(Outgoing(key="k", chat="1", chat_id=5, kind="direct", content=attachment), CONTEXT)

    assert (sent("termin.ics").kind, sent("termin.ics").html) == ("file", "Termin &lt;1&gt;")
    assert sent("termin.ics").filename == "termin.ics"
    assert sent("../../etc/pass wd.ics").filename == "etc_pass_wd.ics"
    assert sent("liste").filename == "liste"
    assert sent("...").filename == "kumpel."


def test_cutting_counts_as_telegram_does() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"
    assert cut("😀😀", 4) == "😀😀"
    assert cut("😀😀", 3) == "😀…"
    assert cut("👩\u200d🚀x", 4) == "👩…"


def test_cleaning_keeps_lines_and_tabs() -> None:
    assert clean("a\tb\r\nc\u2028d") == "a\tb\nc\nd"
    assert is_visible("·")
    assert not is_visible("\u3164 \u0301")
