"""Groups come, go, move and lose their topics; what the team was shown is shown again where it can be."""

from __future__ import annotations

import pytest
from e2e_world import Modes, Team, World, answer_of, eventually, from_bot, heard, said

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")
GERMAN = "was kost n schreibtisch im monat"
SAUNA = "Habt ihr bei euch eine Sauna?"


async def ask_the_team(world: World) -> None:
    founder = world.slack.add_user("Fatma", locale="de-DE")
    await founder.say(SAUNA)
    await founder.hears(said("de", "Yes, ask"))
    await founder.press(said("de", "Yes, ask"))


async def shown_question(world: World) -> Team:
    team = await world.team()
    await ask_the_team(world)
    await team.helper.hears("Sauna", team.group)
    await world.settled()
    return team


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_a_group_that_becomes_a_supergroup_is_shown_its_cards_again(world: World) -> None:
    team = await shown_question(world)
    chat = world.rows("SELECT id FROM chats WHERE external_id = ?", str(team.group.id))
    upgraded = await team.helper.upgrade(team.group)
    card = await team.helper.hears("Sauna", upgraded)
    assert world.rows("SELECT id FROM chats WHERE external_id = ?", str(upgraded.id)) == chat
    assert world.rows("SELECT count(*) FROM chats WHERE kind = 'group' AND platform = 'telegram'") == [(1,)]
    # The button belongs to our own chat, which has only moved.
    await (await team.helper.press(said("de", "Take"), card)).answered()
    await team.manager.hears("Tara", team.channel)
    await world.settled()
    assert sum("Sauna" in text for text in heard(team.helper, upgraded)) == 1


async def test_the_upgrade_is_noticed_by_sending_when_its_message_was_missed(world: World) -> None:
    """The refusal of a send names the new chat, too."""
    team = await world.team()
    world.telegram.world.queue.allowed = frozenset({"callback_query"})  # nobody tells
    upgraded = await team.helper.upgrade(team.group)
    await ask_the_team(world)
    await team.helper.hears("Sauna", upgraded)
    await world.settled()
    assert world.rows("SELECT external_id FROM chats WHERE platform = 'telegram' AND kind = 'group'") == [
        (str(upgraded.id),)
    ]


async def test_a_message_that_overtakes_the_upgrade_is_answered_in_the_new_group(world: World) -> None:
    team = await shown_question(world)
    await world.stop()
    upgraded = await team.helper.upgrade(team.group)
    await team.helper.say(f"@{world.telegram.bot_username} {GERMAN}", upgraded)
    moved = world.telegram.world.queue._waiting
    moved.rotate(1)  # the message comes first
    await world.start()
    await team.helper.hears(answer_of("desk-price", "de"), upgraded)
    await eventually(lambda: sum("Sauna" in text for text in heard(team.helper, upgraded)) == 1)
    await world.settled()
    assert world.rows("SELECT count(*) FROM chats WHERE platform = 'telegram' AND kind = 'group'") == [(1,)]


async def test_a_bot_that_was_kicked_tells_the_lead_and_goes_on_elsewhere(world: World) -> None:
    team = await world.team()
    await team.helper.kick_bot(team.group)
    await world.settled()
    assert world.rows("SELECT state FROM chats WHERE external_id = ?", str(team.group.id)) == [("gone",)]
    await ask_the_team(world)
    await team.manager.hears("Sauna", team.channel)
    await team.helper.add_bot(team.group)
    await world.settled()
    assert world.rows("SELECT state FROM chats WHERE external_id = ?", str(team.group.id)) == [("open",)]


async def test_a_kick_that_nobody_told_is_noticed_and_the_leads_hear_of_it(world: World) -> None:
    team = await world.team()
    world.telegram.world.queue.allowed = frozenset({"message", "callback_query"})
    await team.helper.kick_bot(team.group)
    await ask_the_team(world)
    await team.manager.hears("Sauna", team.channel)
    await team.lead.hears("Team Telegram")
    await team.helper.hears("Team Telegram")
    await world.settled()
    assert world.rows("SELECT state FROM chats WHERE external_id = ?", str(team.group.id)) == [("gone",)]


async def test_who_blocked_the_bot_is_not_written_to_until_they_come_back(world: World) -> None:
    team = await world.team()
    gerd = world.telegram.add_user("Gerd", language="de")
    await gerd.say(SAUNA)
    await gerd.hears(said("de", "Yes, ask"))
    await gerd.press(said("de", "Yes, ask"))
    card = await team.manager.hears("Sauna", team.channel)
    await gerd.block()
    await (await team.manager.press(said("de", "Answer"), card)).acked()
    await team.manager.sees_modal()
    team.manager.fill({"answer": "Im Keller."})
    await (await team.manager.submit()).acked()
    await world.settled()
    before = len(heard(gerd))
    await gerd.start()
    await world.settled()
    assert len(heard(gerd)) == before + 1


async def test_a_deleted_topic_closes_neither_the_forum_nor_anything_else(world: World) -> None:
    lead = world.telegram.add_user("Tara", language="en")
    await world.make(lead, "lead")
    forum = await lead.create_forum("Forum")
    await lead.add_bot(forum)
    topic = await lead.create_topic(forum, "Team")
    await lead.say(f"/here@{world.telegram.bot_username} managers", forum, topic=topic)
    await lead.hears(from_bot, forum, topic=topic)
    await lead.delete_topic(forum, topic)
    await ask_the_team(world)
    await world.settled()
    assert world.rows("SELECT state FROM chats WHERE external_id = ?", str(forum.id)) == [("open",)]
    assert not any("Sauna" in text for text in heard(lead, forum))
    await lead.say(f"@{world.telegram.bot_username} {GERMAN}", forum)
    await lead.hears(answer_of("desk-price", "de"), forum)


async def test_a_slack_channel_that_was_archived_is_known_to_be_gone(world: World) -> None:
    team = await world.team()
    world.slack.archive(team.channel)
    await ask_the_team(world)
    await team.helper.hears("Sauna", team.group)
    await team.lead.hears("is_archived")
    await world.settled()
    gone = world.rows("SELECT state FROM chats WHERE platform = 'slack' AND kind = 'group'")
    assert gone == [("gone",)]


async def test_being_added_and_removed_in_slack_is_kept(world: World) -> None:
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    channel = world.slack.add_channel("later", fatma, with_bot=False)
    invited = await world.slack.invite_bot(channel, fatma)
    assert invited is not None
    await invited.acked()
    assert world.rows("SELECT kind, state FROM chats") == [("group", "open")]
    await fatma.mention(GERMAN, channel)
    await fatma.hears(answer_of("desk-price", "de"), channel)
