"""Replies and forms as Block Kit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.adapters.port import Outgoing
from bot.adapters.slack.controls import RenderContext
from bot.adapters.slack.forms import form_errors, render_form
from bot.adapters.slack.limits import clean, cut, units
from bot.adapters.slack.render import render
from handlers.core.seals import Seals
from handlers.core.ui import (
    Action,
    Attachment,
    Button,
    ChoiceField,
    Controls,
    DateField,
    DatePicker,
    Fields,
    Form,
    LinkButton,
    Option,
    PickList,
    Picture,
    Reply,
    Section,
    Span,
    TextField,
)

SEALS = Seals(["render test"])
CONTEXT = RenderContext(SEALS, "T1", "A1")


def shown(*blocks: Any, file_id: str = "", **options: Any) -> list[dict[str, Any]]:
    reply = Reply(blocks=blocks, summary="kurz")
    out = Outgoing(key="k", chat="T1:U1", chat_id=7, kind="direct", content=reply, **options)
    return render(out, CONTEXT, file_id).blocks


def inner(block: dict[str, Any]) -> list[dict[str, Any]]:
    elements: list[dict[str, Any]] = block["elements"][0]["elements"]
    return elements


def test_a_plain_string_is_never_markup() -> None:
    text = "*a* _b_ `c` <!channel> <@U1> :smile: &"
    assert shown(Section(text)) == [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
        }
    ]


def test_the_summary_is_escaped() -> None:
    reply = Reply(blocks=(), summary="<!channel> & <@U1>")
    out = Outgoing(key="k", chat="T1:U1", chat_id=7, kind="direct", content=reply)
    assert render(out, CONTEXT).text == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


def test_styles_links_and_mentions_are_elements() -> None:
    text = (
        Span("fett", bold=True, italic=True),
        Span("code", code=True),
        Span("alt", strike=True),
        Span("hier", link="https://hub.ruhr"),
        Span("böse", link="javascript:alert(1)"),
        Span("Aylin", person=3),
        Span("Ben", person=4),
    )
    [block] = shown(Section(text), mentions={3: "T1:U3"})
    assert inner(block) == [
        {"type": "text", "text": "fett", "style": {"bold": True, "italic": True}},
        {"type": "text", "text": "code", "style": {"code": True}},
        {"type": "text", "text": "alt", "style": {"strike": True}},
        {"type": "link", "url": "https://hub.ruhr", "text": "hier"},
        {"type": "text", "text": "böse"},
        {"type": "user", "user_id": "U3"},
        {"type": "text", "text": "Ben"},
    ]


def test_facts_are_lines_of_label_and_value() -> None:
    [block] = shown(Fields((("Wann", "morgen"), ("Wo", (Span("Essen", strike=True),)))))
    assert [element["text"] for element in inner(block)] == ["Wann ", "morgen\n", "Wo ", "Essen"]


def test_a_picture_is_shown_by_its_file_or_told_in_words() -> None:
    picture = Picture("floor", "17 von 40 frei")
    assert shown(picture, file_id="F1") == [
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "17 von 40 frei"}
    ]
    [block] = shown(picture)
    assert inner(block) == [{"type": "text", "text": "17 von 40 frei", "style": {"italic": True}}]


def test_controls_carry_sealed_tokens_and_unique_action_ids() -> None:
    take = Action.of("desk.take", 12)
    [row] = shown(
        Controls(
            (
                Button("Nehmen", take, "primary"),
                Button("Weg", take, "danger"),
                LinkButton("Seite", "https://hub.ruhr"),
                LinkButton("Direkt", start="ticket"),
                PickList("Platz", Action("pick"), (Option("Eins", "1"), Option("Zwei", "2")), "2"),
                DatePicker("Tag", Action("day"), date(2026, 1, 1), date(2026, 12, 31), date(2026, 11, 23)),
            )
        )
    )
    primary, danger, page, direct, pick, day = row["elements"]
    assert SEALS.open(primary["value"], 7) == "desk.take|12"
    assert (primary["style"], danger["style"]) == ("primary", "danger")
    assert len({element["action_id"] for element in row["elements"]}) == 6
    assert page["url"] == "https://hub.ruhr"
    assert direct["url"] == "https://slack.com/app_redirect?app=A1&team=T1"
    assert "value" not in page
    assert SEALS.open(pick["action_id"].partition(":")[2], 7) == "pick"
    assert pick["initial_option"] in pick["options"]
    assert pick["initial_option"]["value"] == "2"
    assert SEALS.open(day["action_id"].partition(":")[2], 7) == "day"
    assert day["initial_date"] == "2026-11-23"


def test_many_buttons_flow_into_further_rows() -> None:
    buttons = tuple(Button(f"B{number}", Action.of("b", number)) for number in range(60))
    blocks = shown(Controls(buttons))
    assert [len(block["elements"]) for block in blocks] == [25, 25, 10]


def test_too_many_options_end_in_a_note_and_keep_the_selected_one() -> None:
    options = tuple(Option(f"O{number}", str(number)) for number in range(130))
    row, note = shown(Controls((PickList("Wahl", Action("w"), options, selected="120"),)))
    [element] = row["elements"]
    assert len(element["options"]) == 100
    assert element["initial_option"]["value"] == "120"
    assert inner(note) == [{"type": "text", "text": "… (+30)"}]


def test_more_than_fifty_blocks_are_put_together() -> None:
    blocks = shown(*(Section(f"Zeile {number}") for number in range(80)))
    assert len(blocks) == 1
    mixed = [block for number in range(40) for block in (Section("x"), Controls((Button("y", Action("y")),)))]
    packed = shown(*mixed)
    assert len(packed) <= 50
    assert sum(len(block["elements"]) for block in packed if block["type"] == "actions") == 40


def test_an_empty_reply_still_says_something() -> None:
    assert inner(shown()[0]) == [{"type": "text", "text": "…"}]
    assert inner(shown(Section(""), Controls(()))[0]) == [{"type": "text", "text": "…"}]


def test_an_attachment_is_told_by_its_title() -> None:
    file = Attachment("termin.ics", "text/calendar", b"x", "Termin & mehr")
    message = render(Outgoing(key="k", chat="T1:U1", chat_id=7, kind="direct", content=file), CONTEXT)
    assert message == ("Termin &amp; mehr", [])


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("😀😀😀😀", 6, "😀😀…"),
        ("ab\x00\u202ecd", 10, "abcd"),
        ("\ud800", 10, "�"),
        (" \n ", 10, "…"),
        ("👩\u200d💻👩\u200d💻", 7, "👩\u200d💻…"),
    ],
)
def test_texts_are_cleaned_and_cut(text: str, most: int, expected: str) -> None:
    assert cut(text, most) == expected
    assert units(cut(text, most)) <= most
    assert clean(cut(text, most)) == cut(text, most)


FORM = Form(
    "mentor",
    "i1",
    "Mentor finden und noch viel mehr",
    (
        TextField("topic", "Worum geht's?", "Ein Satz reicht.", True, 9000, initial="Anfang"),
        ChoiceField("camp", "Camp", (Option("Essen", "e"), Option("Dortmund", "d")), required=False, initial="d"),
        DateField("day", "Tag", date(2026, 1, 1), date(2026, 12, 31), initial=date(2026, 11, 23)),
    ),
    "Senden",
)


def test_a_form_is_a_modal() -> None:
    view = render_form(FORM)
    assert (view["callback_id"], view["private_metadata"]) == ("mentor", "i1")
    assert view["title"]["text"] == "Mentor finden und noch…"
    assert view["close"]["text"] == "Abbrechen"
    topic, camp, day = view["blocks"]
    assert (topic["block_id"], topic["optional"], topic["element"]["max_length"]) == ("topic", False, 3000)
    assert topic["element"]["initial_value"] == "Anfang"
    assert topic["hint"]["text"] == "Ein Satz reicht."
    assert camp["optional"]
    assert camp["element"]["initial_option"]["value"] == "d"
    assert day["element"]["initial_date"] == "2026-11-23"


def test_errors_of_fields_that_are_not_shown_go_to_the_first() -> None:
    view = render_form(FORM)
    assert form_errors({"camp": "So nicht.", "weg": "Fehlt."}, view) == {"camp": "So nicht.", "topic": "Fehlt."}
    assert form_errors({"weg": "Eins.", "topic": "Zwei."}, view) == {"topic": "Eins. Zwei."}
    assert form_errors({"x": "y"}, {"blocks": []}) == {}
