"""People say whether they come: on posts, directly, behind a link, all at once."""

from __future__ import annotations

import asyncio

import pytest
from events_stage import TELEGRAM, TEXT, count, due, plan, post, publish, stands

from handlers.core import pipeline
from handlers.core.requests import ButtonPress
from handlers.core.ui import Toast
from storage import events, posts


async def test_an_answer_counts_on_every_post(open_house):
    await publish(open_house, seats="50")
    await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    for chat, platform in (("founders", "slack"), ("gruppe", "telegram")):
        assert "· 1 dabei, 49 Plätze frei" in (await post(open_house, chat, platform)).text
    await open_house.presses(
        "Dabei", who="bob", chat="gruppe", on=await post(open_house, "gruppe", "telegram"), **TELEGRAM
    )
    assert "· 2 dabei, 48 Plätze frei" in (await post(open_house)).text
    await open_house.presses("Kann nicht", chat="founders")
    assert "· 1 dabei, 49 Plätze frei" in (await post(open_house)).text
    assert await open_house.reads(lambda tx: tx.values("SELECT count(*) FROM event_answers")) == [(2,)]


async def test_on_slack_the_answer_is_told_to_that_person_alone_with_the_calendar_entry_directly(open_house):
    await publish(open_house)
    sent = await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    told = next(seen for seen in sent if seen.to == "ada")
    assert told.text == "Bis Do, 3. Dez. – den Kalendereintrag schicke ich dir direkt."
    [direct] = await open_house.screen()
    assert direct.text == "Du bist dabei.\nStartup-Night – Do, 3. Dez., 18:30 · Dortmund"
    assert direct.buttons == ["Kann doch nicht"]
    assert [file.filename for file in direct.reply.attachments] == ["event-1.ics"]
    sent = await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    assert [seen.text for seen in sent] == ["Du bist schon dabei."]


async def test_who_never_wrote_directly_is_led_there_by_a_link(open_house):
    await publish(open_house)
    card = await post(open_house, "gruppe", "telegram")
    await open_house.presses("Dabei", chat="gruppe", on=card, **TELEGRAM)
    assert open_house.answer.outcome == Toast(
        "Du bist dabei. Schreib mir einmal direkt, dann sage ich dir, wenn sich etwas ändert.", start="event_1"
    )
    [told] = await open_house.commands("start", "event_1", **TELEGRAM)
    assert "Du bist dabei." in told.text
    assert [file.filename for file in told.reply.attachments] == ["event-1.ics"]
    await open_house.presses("Kann nicht", chat="gruppe", on=card, **TELEGRAM)
    assert open_house.toast.startswith("Notiert: Du kannst nicht.")
    await open_house.presses("Dabei", chat="gruppe", on=card, **TELEGRAM)
    assert open_house.toast == "Bis Do, 3. Dez. – den Kalendereintrag schicke ich dir direkt."


async def test_a_mind_can_be_changed_as_often_as_one_likes(open_house):
    await publish(open_house)
    card = await post(open_house)
    for label, number in (("Dabei", 1), ("Dabei", 1), ("Kann nicht", 0), ("Kann nicht", 0), ("Dabei", 1)):
        await open_house.presses(label, chat="founders", on=card)
        assert await count(open_house) == number
    told = [seen for seen in await open_house.screen() if "Du bist dabei." in seen.text]
    assert len(told) == 1, "the calendar entry comes once"


async def test_in_the_direct_chat_the_message_shows_the_answer(open_house):
    await publish(open_house)
    await open_house.commands("termine")
    await open_house.presses("Dabei")
    shown = (await open_house.screen())[-1]
    assert "· 1 dabei" in shown.text
    assert "Du bist dabei." in shown.text
    assert shown.buttons == ["Kann doch nicht"]
    [shown, *_] = await open_house.presses("Kann doch nicht", on=shown)
    assert shown.text.startswith("Notiert: Du kannst nicht.")
    assert shown.buttons == ["Dabei", "Kann nicht"]
    assert await count(open_house) == 0


async def test_seats_run_out_and_come_back(open_house):
    await publish(open_house, seats="1")
    card = await post(open_house)
    await open_house.presses("Dabei", chat="founders", on=card)
    assert "· 1 dabei, kein Platz frei" in (await post(open_house)).text
    sent = await open_house.presses("Dabei", who="bob", chat="founders", on=card)
    assert [seen.text for seen in sent] == ["Alle Plätze sind weg. Wird einer frei, siehst du es am Termin."]
    await open_house.presses("Kann nicht", who="bob", chat="founders", on=card)
    await open_house.presses("Dabei", who="bob", chat="founders", on=card)
    assert await count(open_house) == 1
    await open_house.presses("Kann nicht", chat="founders", on=card)
    await open_house.presses("Dabei", who="bob", chat="founders", on=card)
    going = await open_house.reads(lambda tx: [person.name for person in events.list_going(tx, 1)])
    assert going == ["Bob"]


async def test_never_more_come_than_there_are_seats_however_many_press_at_once(open_house):
    await publish(open_house, seats="7")
    card = await post(open_house)
    token = open_house.house.seals.seal("events:going|1", card.chat_id)
    requests = [ButtonPress(**open_house._facts(f"p{n}", chat="founders"), token=token) for n in range(40)]
    await asyncio.gather(
        *(
            open_house.database.write(
                lambda tx, request=request: pipeline.process(
                    open_house.house, tx, request, pipeline.Understood(), open_house.now
                )
            )
            for request in requests
        )
    )
    assert await count(open_house) == 7
    assert "· 7 dabei, kein Platz frei" in (await post(open_house)).text


async def test_the_same_press_delivered_twice_counts_once(open_house):
    await publish(open_house)
    card = await post(open_house)
    await open_house.presses("Dabei", chat="founders", on=card, key="slack:one")
    assert await open_house.presses("Dabei", chat="founders", on=card, key="slack:one") == []
    assert await count(open_house) == 1


async def test_once_it_began_the_buttons_go_and_late_presses_hear_so(open_house):
    await publish(open_house, text=TEXT)
    card = await post(open_house)
    await stands(open_house)
    before = await open_house.reads(lambda tx: posts.list_posts(tx, "event:1", "events.card"))
    open_house.passes(days=12)  # the timer is late, too
    await due(open_house)
    after = await open_house.reads(lambda tx: posts.list_posts(tx, "event:1", "events.card"))
    assert [post.wanted for post in after] == [post.wanted + 1 for post in before]
    over = await post(open_house)
    assert over.text == f"Startup-Night\nwar am Do, 3. Dez., 18:30 · Dortmund\n{TEXT}"
    assert over.buttons == []
    for label in ("Dabei", "Kann nicht"):
        [told] = await open_house.presses(label, chat="founders", on=card)
        assert told.text == "Dieser Termin hat schon begonnen."
    assert await count(open_house) == 0


@pytest.mark.parametrize("label", ["Dabei", "Kann nicht"])
async def test_an_event_that_is_kept_no_more_is_answered_politely(open_house, label):
    await publish(open_house)
    card = await post(open_house)
    await open_house.database.write(lambda tx: tx.execute("DELETE FROM events"))
    [told] = await open_house.presses(label, chat="founders", on=card)
    assert told.text == "Diesen Termin gibt es nicht mehr."


@pytest.mark.parametrize(
    "packed",
    [
        *(
            f"events:{name}|9"
            for name in ("details", "going", "not", "discard", "edit", "cancel", "really", "keep")
        ),
        "events:page|9|1",
        "events:publish|9|0|2",
        "events:place|9~1.",
        "events:open~9",
        "events:draft~9",
    ],
)
async def test_whatever_is_pressed_of_an_event_that_is_gone_hears_so(open_house, packed):
    [shown] = await plan(open_house)
    token = open_house.house.seals.seal(packed, shown.chat_id)
    told = await open_house.presses_token(token, who="mona")
    assert [seen.text for seen in told] == ["Diesen Termin gibt es nicht mehr."]


@pytest.mark.parametrize(
    "payload", ["event_", "event_9", "event_99999999999999999999", "event_x", "event_١", "event_-1"]
)
async def test_a_made_up_link_leads_nowhere(house, payload):
    [told] = await house.commands("start", payload, **TELEGRAM)
    assert told.text == "Diesen Termin gibt es nicht mehr."


async def test_a_draft_is_behind_no_link(house):
    await plan(house)
    [told] = await house.commands("start", "event_1", **TELEGRAM)
    assert told.text == "Diesen Termin gibt es nicht mehr."
