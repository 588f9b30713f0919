"""Forms: whole where the platform can, else one question a message."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.core.features import CommandRoute, Feature
from handlers.core.replies import say
from handlers.core.ui import (
    ChoiceField,
    DateField,
    Form,
    FormErrors,
    LinkButton,
    Nothing,
    OpenForm,
    Option,
    TextField,
)
from storage import forms

TOPICS = (Option("Logistik-IT", "logistics"), Option("Design", "design"))


def pitch_form(ctx):
    fields = (
        TextField("pitch", "Worum geht's?", hint="Ein Satz reicht.", max_length=20),
        ChoiceField("topic", "Welches Thema?", TOPICS),
        DateField("day", "Wann?", date(2026, 11, 24), date(2026, 12, 24), required=False),
    )
    return Form("test:pitch", ctx.token(), "Dein Pitch", fields, "Senden", {"from": "test"})


def handed_in(ctx, request):
    if request.values["pitch"] == "verboten":
        return FormErrors({"pitch": "Das nicht."})
    values = [f"{name}={value}" for name, value in sorted(request.values.items())]
    return say(ctx, " ".join(["got", request.context["from"], *values]))


PITCH = Feature(
    "test",
    commands=(CommandRoute(("pitch",), lambda ctx, request: OpenForm(pitch_form(ctx))),),
    forms={"test:pitch": handed_in},
)
TELEGRAM = {"platform": "telegram"}


@pytest.fixture
def pitching(bot_with):
    return bot_with(PITCH)


async def asked(bot) -> list[str]:
    return (await bot.texts("ada", "telegram"))[-1].splitlines()


# Whole, as on Slack


async def test_with_a_trigger_the_form_opens_at_once_and_comes_back_whole(pitching):
    assert await pitching.commands("pitch") == []
    [got] = await pitching.submits(pitch="Wir bauen Kräne", topic="design", day="2026-11-25")
    assert got.text == "got test day=2026-11-25 pitch=Wir bauen Kräne topic=design"


async def test_without_a_trigger_a_button_opens_it(pitching):
    [offered] = await pitching.says("pitch")
    assert (offered.text, offered.buttons) == ("Dein Pitch", ["Formular öffnen"])
    await pitching.presses("Formular öffnen")
    assert pitching.answer.outcome.form.title == "Dein Pitch"
    [got] = await pitching.submits(pitch="Kräne", topic="design")
    assert got.text == "got test pitch=Kräne topic=design"


async def test_what_is_wrong_is_told_by_field_and_the_form_stays_open(pitching):
    await pitching.commands("pitch")
    form = pitching.answer.outcome.form
    await pitching.submits(form=form, pitch="x" * 21, topic="nonsense", day="2027-01-01")
    errors = pitching.answer.outcome.errors
    assert errors == {
        "pitch": "Das sind 21 Zeichen, 20 passen. Bitte etwas kürzer.",
        "topic": "Such dir bitte eins davon aus.",
        "day": "Der Tag steht nicht zur Wahl. Nimm bitte einen anderen.",
    }
    await pitching.submits(form=form, topic="design")
    assert pitching.answer.outcome.errors == {"pitch": "Das brauche ich noch."}
    [got] = await pitching.submits(form=form, pitch="Kräne", topic="design")
    assert got.text.startswith("got test")


async def test_the_handler_may_ask_for_corrections(pitching):
    await pitching.commands("pitch")
    form = pitching.answer.outcome.form
    assert await pitching.submits(form=form, pitch="verboten", topic="design") == []
    assert pitching.answer.outcome == FormErrors({"pitch": "Das nicht."})
    [got] = await pitching.submits(form=form, pitch="erlaubt", topic="design")
    assert got.text.startswith("got test")


async def test_sent_in_twice_it_counts_once(pitching):
    await pitching.commands("pitch")
    form = pitching.answer.outcome.form
    await pitching.submits(form=form, pitch="Kräne", topic="design")
    assert await pitching.submits(form=form, pitch="Boote", topic="design") == []
    assert pitching.answer.outcome == Nothing()


async def test_nobody_else_can_send_it_in(pitching):
    await pitching.commands("pitch")
    form = pitching.answer.outcome.form
    assert await pitching.submits("eve", form=form, pitch="Kräne", topic="design") == []


async def test_the_same_opening_delivered_twice_shows_the_same_form(pitching):
    await pitching.commands("pitch", key="slack:same")
    first = pitching.answer
    await pitching.commands("pitch", key="slack:same")
    assert pitching.answer == first


# One question a message, as on Telegram


async def test_questions_come_one_by_one(pitching):
    await pitching.commands("pitch", **TELEGRAM)
    assert await asked(pitching) == ["Worum geht's?", "Ein Satz reicht."]
    await pitching.says("Wir bauen Kräne", **TELEGRAM)
    assert await asked(pitching) == ["Welches Thema?"]
    await pitching.picks("Design", **TELEGRAM)
    assert await asked(pitching) == ["Wann?"]
    await pitching.says("25.11.2026", **TELEGRAM)
    assert await asked(pitching) == ["got test day=2026-11-25 pitch=Wir bauen Kräne topic=design"]


@pytest.mark.parametrize(
    "typed", ["2.12.", "nächsten Mittwoch", "Mi, 2. Dez.", "wednesday next week", "2026-12-02"]
)
async def test_a_day_may_be_written_as_people_say_it(pitching, typed):
    for answer in ("pitch", "Kräne", "Design"):
        await pitching.says(answer, **TELEGRAM)
    [got] = await pitching.says(typed, **TELEGRAM)
    assert got.text == "got test day=2026-12-02 pitch=Kräne topic=design"


@pytest.mark.parametrize("typed", ["32.13.", "30. Februar", "irgendwann"])
async def test_what_is_no_day_is_asked_again(pitching, typed):
    for answer in ("pitch", "Kräne", "Design"):
        await pitching.says(answer, **TELEGRAM)
    [again] = await pitching.says(typed, **TELEGRAM)
    assert again.text.splitlines()[:2] == [
        "Den Tag kenne ich nicht. Schreib ihn wie 24.11.2026 oder wähl ihn aus.",
        "Wann?",
    ]


async def test_the_language_of_an_answer_is_not_the_persons(pitching):
    await pitching.says("pitch", **TELEGRAM)
    [problem] = await pitching.says("We would like to meet the other founders of the hub", **TELEGRAM)
    assert problem.text.startswith("Das sind 51 Zeichen")


async def test_the_open_question_survives_a_restart(pitching):
    await pitching.commands("pitch", **TELEGRAM)
    await pitching.says("Kräne", **TELEGRAM)
    await pitching.restart()
    await pitching.says("logistik-it", **TELEGRAM)
    await pitching.restart()
    await pitching.presses("Überspringen", **TELEGRAM)
    assert await asked(pitching) == ["got test pitch=Kräne topic=logistics"]


@pytest.mark.parametrize("how", ["Zurück", "back", "zurück"])
async def test_back_asks_the_question_before_and_keeps_the_other_answers(pitching, how):
    await pitching.commands("pitch", **TELEGRAM)
    await pitching.says("Kräne", **TELEGRAM)
    await pitching.picks("Design", **TELEGRAM)
    await (pitching.presses("Zurück", **TELEGRAM) if how == "Zurück" else pitching.says(how, **TELEGRAM))
    assert await asked(pitching) == ["Welches Thema?"]
    await pitching.picks("Logistik-IT", **TELEGRAM)
    await pitching.presses("Überspringen", **TELEGRAM)
    assert await asked(pitching) == ["got test pitch=Kräne topic=logistics"]


@pytest.mark.parametrize("how", ["Abbrechen", "stop", "cancel"])
async def test_cancelled_nothing_is_sent(pitching, how):
    await pitching.commands("pitch", **TELEGRAM)
    await (pitching.presses("Abbrechen", **TELEGRAM) if how == "Abbrechen" else pitching.says(how, **TELEGRAM))
    assert await asked(pitching) == ["Abgebrochen, nichts wurde abgeschickt."]
    [reply] = await pitching.says("danke", **TELEGRAM)
    assert reply.text == "Gern."


async def test_what_does_not_fit_is_said_and_asked_again(pitching):
    await pitching.commands("pitch", **TELEGRAM)
    await pitching.says("x" * 25, **TELEGRAM)
    assert (await asked(pitching))[:2] == ["Das sind 25 Zeichen, 20 passen. Bitte etwas kürzer.", "Worum geht's?"]
    await pitching.says("Kräne", **TELEGRAM)
    await pitching.says("Fischzucht", **TELEGRAM)
    assert await asked(pitching) == ["Such dir bitte eins davon aus.", "Welches Thema?"]
    await pitching.picks("Design", **TELEGRAM)
    await pitching.says("32.13.", **TELEGRAM)
    assert (await asked(pitching))[0].startswith("Den Tag kenne ich nicht.")
    await pitching.says("2027-01-01", **TELEGRAM)
    assert (await asked(pitching))[0].startswith("Der Tag steht nicht zur Wahl.")


async def test_corrections_of_the_handler_lead_back_to_their_question(pitching):
    await pitching.commands("pitch", **TELEGRAM)
    await pitching.says("verboten", **TELEGRAM)
    await pitching.picks("Design", **TELEGRAM)
    await pitching.presses("Überspringen", **TELEGRAM)
    assert (await asked(pitching))[:2] == ["Das nicht.", "Worum geht's?"]
    await pitching.says("erlaubt", **TELEGRAM)
    await pitching.says("design", **TELEGRAM)
    await pitching.presses("Überspringen", **TELEGRAM)
    assert await asked(pitching) == ["got test pitch=erlaubt topic=design"]


async def test_what_a_form_came_with_or_was_answered_before_can_stay(bot_with):
    def changed(ctx):
        fields = (
            TextField("pitch", "Worum geht's?", initial="Kräne"),
            DateField("day", "Wann?", date(2026, 11, 24), date(2026, 12, 24), initial=date(2026, 12, 3)),
            TextField("more", "Sonst noch?", required=False),
        )
        return Form("test:pitch", ctx.token(), "Dein Pitch", fields, "Senden", {"from": "test"})

    bot = bot_with(
        Feature(
            "test",
            commands=(CommandRoute(("pitch",), lambda ctx, request: OpenForm(changed(ctx))),),
            forms={"test:pitch": handed_in},
        )
    )
    [first] = await bot.commands("pitch", **TELEGRAM)
    assert (first.text, first.buttons) == ("Worum geht's?\nBisher: Kräne", ["So lassen", "Abbrechen"])
    [second] = await bot.presses("So lassen", **TELEGRAM)
    assert second.text == "Wann?\nBisher: 03.12.2026"
    await bot.presses("So lassen", **TELEGRAM)
    await bot.presses("So lassen", on=second, **TELEGRAM)
    assert bot.toast == "Die Frage hast du schon beantwortet."
    [last] = await bot.presses("Zurück", **TELEGRAM)
    await bot.presses("So lassen", on=last, **TELEGRAM)
    [got] = await bot.presses("Überspringen", **TELEGRAM)
    assert got.text == "got test day=2026-12-03 pitch=Kräne"


async def test_a_needed_question_can_not_be_skipped(pitching):
    [first] = await pitching.commands("pitch", **TELEGRAM)
    assert first.buttons == ["Abbrechen"]


async def test_an_old_list_answers_nothing_any_more(pitching):
    await pitching.commands("pitch", **TELEGRAM)
    await pitching.says("Kräne", **TELEGRAM)
    await pitching.picks("Design", **TELEGRAM)
    assert await pitching.picks("Logistik-IT", **TELEGRAM) == []
    assert pitching.toast == "Die Frage hast du schon beantwortet."
    await pitching.presses("Überspringen", **TELEGRAM)
    assert await asked(pitching) == ["got test pitch=Kräne topic=design"]
    await pitching.presses("Abbrechen", **TELEGRAM)
    assert pitching.toast == "Das Formular ist schon zu."


async def test_a_second_form_takes_the_place_of_the_first(pitching):
    await pitching.commands("pitch", **TELEGRAM)
    await pitching.commands("pitch", **TELEGRAM)
    states = await pitching.reads(lambda tx: tx.values("SELECT state FROM forms ORDER BY rowid"))
    assert states == [("cancelled",), ("asking",)]


async def test_a_code_is_no_answer(pitching):
    await pitching.commands("pitch", **TELEGRAM)
    [reply] = await pitching.says("ABCD-2345", **TELEGRAM)
    assert reply.text.startswith("Diesen Code nehme ich nicht")


async def test_the_same_answer_delivered_twice_is_one(pitching):
    await pitching.commands("pitch", **TELEGRAM)
    await pitching.says("Kräne", key="telegram:8", **TELEGRAM)
    assert await pitching.says("Kräne", key="telegram:8", **TELEGRAM) == []
    assert await asked(pitching) == ["Welches Thema?"]


# From a group


async def test_in_a_group_the_questions_go_to_the_direct_chat(pitching):
    await pitching.says("hallo", **TELEGRAM)
    sent = await pitching.commands("pitch", chat="founders", **TELEGRAM)
    assert {seen.text.splitlines()[0] for seen in sent} == {"Worum geht's?", "Ich habe dir direkt geschrieben."}
    assert await pitching.texts("founders", "telegram") == ["Ich habe dir direkt geschrieben."]
    await pitching.says("Kräne", **TELEGRAM)
    assert await asked(pitching) == ["Welches Thema?"]


async def test_who_never_wrote_is_led_to_the_direct_chat_and_asked_there(pitching):
    [led] = await pitching.commands("pitch", chat="founders", **TELEGRAM)
    [link] = led.controls
    assert isinstance(link, LinkButton)
    assert led.text == "Lass uns direkt weiterreden."
    [first] = await pitching.commands("start", link.start, **TELEGRAM)
    assert first.text.startswith("Worum geht's?")
    await pitching.says("Kräne", **TELEGRAM)
    assert await asked(pitching) == ["Welches Thema?"]


async def test_somebody_elses_link_leads_nowhere(pitching):
    [led] = await pitching.commands("pitch", chat="founders", **TELEGRAM)
    [told] = await pitching.commands("start", led.controls[0].start, who="eve", **TELEGRAM)
    assert told.text.startswith("Das Formular ist zu.")


async def test_a_button_of_a_form_that_is_over_says_so(pitching):
    await pitching.says("pitch")
    await pitching.presses("Formular öffnen")
    await pitching.submits(pitch="Kräne", topic="design")
    [told] = await pitching.presses("Formular öffnen")
    assert told.text.startswith("Das Formular ist zu.")


async def test_the_answers_wait_in_the_store_with_the_step(pitching):
    await pitching.commands("pitch", **TELEGRAM)
    await pitching.says("Kräne", **TELEGRAM)
    [(instance,)] = await pitching.reads(lambda tx: tx.values("SELECT instance FROM forms"))
    row = await pitching.reads(lambda tx: forms.get_form(tx, instance))
    assert (row.state, row.step, row.answers) == ("asking", 1, '{"pitch":"Kräne"}')
