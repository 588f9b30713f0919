"""Forms: one question a message in Telegram, a modal in Slack; both outlive a restart."""

from __future__ import annotations

import pytest
from e2e_world import Modes, World, heard, said

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")


async def test_a_telegram_form_goes_on_after_a_restart(world: World) -> None:
    team = await world.team()
    person = world.telegram.add_user("Gerd", language="de")
    await person.say("/frage")
    await person.hears(said("de", "What would you like to know?"))
    await world.restart()
    await person.say("Habt ihr bei euch eine Sauna?")
    await team.manager.hears("Sauna", team.channel)
    await world.settled()
    assert world.rows("SELECT text, state FROM questions") == [("Habt ihr bei euch eine Sauna?", "open")]


async def test_a_telegram_form_can_be_left(world: World) -> None:
    person = world.telegram.add_user("Gerd", language="de")
    await person.say("/frage")
    asked = await person.hears(said("de", "What would you like to know?"))
    await person.press(said("de", "Cancel"), asked)
    await person.hears(said("de", "Cancelled, nothing was sent."))
    await (await person.press(said("de", "Cancel"), asked)).answered()
    await person.say("hallo")
    await world.settled()
    assert world.rows("SELECT count(*) FROM questions") == [(0,)]


async def test_too_long_an_answer_is_asked_for_again(world: World) -> None:
    person = world.telegram.add_user("Gerd", language="de")
    await person.say("/frage")
    await person.hears(said("de", "What would you like to know?"))
    await person.say("z" * 2001)
    again = await person.hears("2001")
    assert said("de", "What would you like to know?") in again.plain
    await person.say("Eine Sauna?")
    await person.hears(lambda message: "Sauna" not in message.plain and message is not again)
    await world.settled()
    assert world.rows("SELECT text FROM questions") == [("Eine Sauna?",)]


async def test_a_modal_from_before_the_restart_is_taken_after_it(world: World) -> None:
    team = await world.team()
    person = world.slack.add_user("Fatma", locale="de-DE")
    await (await person.command("/kumpel", "frage")).acked()
    await person.sees_modal()
    person.fill({"question": "Habt ihr bei euch eine Sauna?"})
    await world.restart()
    await (await person.submit()).acked()
    assert person.modal is None
    await team.helper.hears("Sauna", team.group)
    await world.settled()
    assert world.rows("SELECT count(*) FROM questions") == [(1,)]
    assert len(heard(person)) == 1


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_a_modal_tells_what_is_wrong_and_takes_the_correction(world: World) -> None:
    person = world.slack.add_user("Fatma", locale="de-DE")
    await (await person.command("/kumpel", "frage")).acked()
    modal = await person.sees_modal()
    block = next(control.block_id for control in modal.controls if control.type == "plain_text_input")
    # Blanks are text to Slack, and nothing to us.
    person.fill({"question": "   \n "})
    await (await person.submit()).acked()
    shown = await person.sees_modal(lambda view: bool(view.errors))
    assert shown.errors == {block: said("de", "This is needed.")}
    person.fill({"question": "Eine Sauna?"})
    await (await person.submit()).acked()
    assert person.modal is None
    await world.settled()
    assert world.rows("SELECT text FROM questions") == [("Eine Sauna?",)]


async def test_a_press_in_a_group_leads_to_the_form_in_private(world: World) -> None:
    """In Telegram a group is no place for questions one by one; who never wrote to the bot gets a link."""
    person = world.telegram.add_user("Gerd", language="de")
    group = await person.create_group("Gruppe", supergroup=True)
    await person.add_bot(group)
    await person.say(f"/frage@{world.telegram.bot_username}", group)
    offered = await person.hears(lambda m: any(b.url for row in m.buttons for b in row), group)
    link = next(button.url for row in offered.buttons for button in row if button.url)
    await person.open_link(link)
    await person.hears(said("de", "What would you like to know?"))
    await person.say("Eine Sauna?")
    await world.settled()
    assert world.rows("SELECT text FROM questions") == [("Eine Sauna?",)]
