"""The neutral vocabulary: what can't be packed is refused when it is built, and all of it survives the store."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core.answers import Answer, TurnCalendar
from handlers.core.payloads import (
    dump_answer,
    dump_answers,
    dump_form,
    dump_message,
    load_answer,
    load_answers,
    load_form,
    load_message,
)
from handlers.core.ui import (
    ACTION_BYTES,
    Action,
    Attachment,
    Button,
    ChoiceField,
    Controls,
    DateField,
    DatePicker,
    Fields,
    Form,
    FormErrors,
    LinkButton,
    Nothing,
    OpenForm,
    Option,
    PickList,
    Picture,
    Reply,
    Section,
    Span,
    TextField,
    Toast,
    join,
    plain,
    spans,
)

PART = st.text(st.characters(exclude_characters="|~", exclude_categories=["C", "Z"]), max_size=60)


@given(name=PART, args=st.lists(PART, max_size=4))
def test_an_action_fits_and_unpacks_to_itself_or_is_refused(name: str, args: list[str]) -> None:
    length = len("|".join((name, *args)).encode())
    if length > ACTION_BYTES:
        with pytest.raises(ValueError, match="longer"):
            Action.of(name, *args)
    else:
        action = Action.of(name, *args)
        assert Action.unpack(action.packed) == action


@pytest.mark.parametrize("part", ["a|b", "a~b", "a\nb", "a\x00", "a\u202eb"])
def test_an_action_takes_no_reserved_and_no_invisible_character(part: str) -> None:
    with pytest.raises(ValueError, match="reserve"):
        Action(part)
    with pytest.raises(ValueError, match="reserve"):
        Action.of("fine", part)


def test_options_and_days_must_find_room_beside_their_action() -> None:
    action = Action("a" * 40)
    PickList("Pick", action, (Option("ten", "x" * 10),))
    with pytest.raises(ValueError, match="no room"):
        PickList("Pick", action, (Option("eleven", "x" * 11),))
    with pytest.raises(ValueError, match="no room"):
        DatePicker("Day", action, date(2026, 1, 1), date(2026, 2, 1))
    DatePicker("Day", Action("a" * 28), date(2026, 1, 1), date(2026, 2, 1))


def test_texts_join_with_their_styles_and_the_empty_ones_are_passed_over() -> None:
    joined = join("a", "", (Span("b", bold=True),), separator=" · ")
    assert joined == (Span("a"), Span(" · "), Span("b", bold=True))
    assert plain(joined) == "a · b"
    assert spans("") == ()


RICH = (
    Span("bold", bold=True),
    Span("Kim", person=7),
    Span("link", link="https://hub.ruhr"),
    Span("c", code=True),
)
CONTROLS = Controls(
    (
        Button("Go", Action.of("do", 1), "primary"),
        LinkButton("Look", "https://hub.ruhr"),
        LinkButton("Chat", start="form_x"),
        PickList("Pick", Action("pick"), (Option("A", "a"),), "a"),
        DatePicker("Day", Action("day"), date(2026, 1, 1), date(2026, 2, 1), date(2026, 1, 5)),
    )
)
REPLY = Reply(
    blocks=(
        Section(RICH),
        Section("<b>&"),
        Fields((("When", RICH),)),
        Picture("camps", "alt", {"a": "b"}),
        CONTROLS,
    ),
    summary="all of it",
    attachments=(Attachment("a.ics", "text/calendar", b"\x00\xff"),),
    audience="person",
    placement="replace",
    language="en",
)
FORM = Form(
    "small",
    "instance",
    "Title",
    (
        TextField("t", "Text", "hint", multiline=True, max_length=9, required=False, initial="i"),
        ChoiceField("c", "Choice", (Option("A", "a"),), initial="a"),
        DateField("d", "Day", date(2026, 1, 1), date(2026, 2, 1), initial=date(2026, 1, 5)),
    ),
    "Go",
    {"k": "v"},
    "en",
)


@pytest.mark.parametrize("content", [REPLY, REPLY.attachments[0], Reply(blocks=(), summary="")])
def test_every_message_comes_back_from_the_store_as_it_was(content: Reply | Attachment) -> None:
    assert load_message(dump_message(content)) == content


@pytest.mark.parametrize(
    "outcome",
    [
        Nothing(),
        Toast("hello", alert=True, start="form_x"),
        FormErrors({"a": "b"}),
        OpenForm(FORM),
        TurnCalendar(Action("a"), date(2026, 1, 1), date(2026, 1, 1), date(2026, 2, 1)),
    ],
)
def test_every_answer_comes_back_as_it_was(
    outcome: Toast | FormErrors | OpenForm | TurnCalendar | Nothing,
) -> None:
    back = load_answer(dump_answer(Answer(outcome, 7)))
    assert back.outcome == outcome


def test_forms_and_answers_to_them_come_back_as_they_were() -> None:
    assert load_form(dump_form(FORM)) == FORM
    assert load_answers(dump_answers({"a": "ä"})) == {"a": "ä"}


@given(st.text(max_size=300))
def test_any_text_survives_the_store(text: str) -> None:
    reply = Reply(blocks=(Section(text), Section((Span(text, bold=True),))), summary=text)
    assert load_message(dump_message(reply)) == reply


def test_a_message_that_the_first_version_stored_is_still_read() -> None:
    stored = (
        '{"kind":"Reply","content":{"type":"Reply","blocks":[{"type":"Section","text":[{"text":"Hallo","bold":true}]},'
        '{"type":"Controls","items":[{"type":"Button","label":"Go","action":{"name":"do","args":["1"]}}]}],'
        '"summary":"Hallo"},"v":1}'
    )
    expected = Reply(
        blocks=(Section((Span("Hallo", bold=True),)), Controls((Button("Go", Action.of("do", 1)),))),
        summary="Hallo",
    )
    assert load_message(stored) == expected


@pytest.mark.parametrize("stored", ["", "{}", '{"kind":"Hologram","content":{}}', "no json"])
def test_what_no_version_stored_is_refused(stored: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        load_message(stored)
