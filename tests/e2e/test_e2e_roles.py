"""Roles, leaving and house rules on the real wire: what one platform tells is true on the other at once."""

from __future__ import annotations

import pytest
from e2e_world import Modes, Person, Team, World, eventually, from_bot, heard, said

from bot.sandbox.faults import Fault
from bot.sandbox.slack import SlackPerson
from bot.sandbox.slack.values import RefusedError
from bot.sandbox.telegram import TelegramPerson

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")
SAUNA = "Habt ihr bei euch eine Sauna?"


def person_on(world: World, platform: str, name: str, language: str) -> Person:
    if platform == "slack":
        return world.slack.add_user(name, locale="de-DE" if language == "de" else "en-US")
    return world.telegram.add_user(name, language=language)


async def book(person: Person, language: str) -> None:
    """Hold a desk on the next day that has some."""
    await person.say("platz" if language == "de" else "desk")
    take = said(language, "Take a desk")
    await person.hears(take)
    await person.press(take)
    await person.hears("deiner" if language == "de" else "is yours")


def held(world: World) -> int:
    return int(world.rows("SELECT count(*) FROM desk_bookings WHERE state = 'held'")[0][0])


def left(world: World, team: Team) -> list[list[str]]:
    """The cards of who left, in both chats of the team."""
    shown = [
        [m.plain for m in world.slack.messages(team.channel) if m.bot_id],
        [m.plain for m in team.helper.messages(team.group) if from_bot(m)],
    ]
    return [[text for text in texts if "ist nicht mehr in" in text] for texts in shown]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_a_deactivated_account_frees_its_desk_and_hands_its_question_back(world: World) -> None:
    team = await world.team()
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await book(team.manager, "en")
    await fatma.command("/kumpel", f"frage {SAUNA}")
    card = await team.manager.hears(SAUNA, team.channel)
    await (await team.manager.press(said("de", "Take"), card)).acked()
    await fatma.hears("kümmert sich um deine Frage")
    await world.settled()
    assert held(world) == 1
    world.slack.faults.add(Fault("chat.postMessage", kind="429", retry_after=1))
    await (await team.manager.deactivate()).acked()
    await team.helper.hears("Mark ist nicht mehr in Slack", team.group)
    await world.settled(15)
    assert held(world) == 0
    assert world.rows("SELECT state FROM questions") == [("open",)]
    for shown in left(world, team):
        assert len(shown) == 1
        assert said("de", "No longer: {roles}.", roles="Community-Manager") in shown[0]
        assert "Wieder frei oder zurückgezogen: ein Platz." in shown[0]
        assert "Wieder offen fürs Team: eine Frage." in shown[0]
    with pytest.raises(RefusedError):
        await team.manager.say("platz")


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_whoever_was_deactivated_while_the_bot_was_down_has_left_when_it_is_up(
    world: World,
) -> None:
    team = await world.team()
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await book(fatma, "de")
    await world.settled()
    await world.stop()
    world.slack.world.workspace.users[fatma.id].deleted = True  # nobody hears of it
    await world.start()
    await team.helper.hears("Fatma ist nicht mehr in Slack", team.group, timeout=15)
    await world.settled()
    assert held(world) == 0
    await world.restart()  # told again, it happened once
    await world.settled()
    assert [len(shown) for shown in left(world, team)] == [1, 1]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_a_telegram_account_is_gone_when_telegram_says_so_and_a_blocked_bot_is_not(world: World) -> None:
    team = await world.team()
    gerd = world.telegram.add_user("Gerd", language="de")
    await book(gerd, "de")
    await world.settled()
    await gerd.block()
    await eventually(lambda: world.rows("SELECT count(*) FROM chats WHERE state = 'blocked'") == [(1,)])
    assert held(world) == 1
    assert left(world, team) == [[], []]
    await gerd.unblock()
    await eventually(lambda: world.rows("SELECT count(*) FROM chats WHERE state = 'blocked'") == [(0,)])
    await gerd.say("/frage " + SAUNA)
    card = await team.manager.hears(SAUNA, team.channel)
    await world.settled()
    await gerd.delete_account()
    await (await team.manager.press(said("de", "Take"), card)).acked()  # of which Gerd is to hear
    await team.helper.hears("Gerd ist nicht mehr in Telegram", team.group, timeout=10)
    await world.settled()
    assert held(world) == 0
    assert [len(shown) for shown in left(world, team)] == [1, 1]


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_a_lead_who_becomes_a_guest_is_no_lead_from_that_moment(world: World) -> None:
    team = await world.team()
    await (await team.lead.become(is_restricted=True)).acked()
    await team.lead.say("lage")
    await team.lead.hears(said("de", "Only a lead may do that."))
    await team.helper.say("/revoke lead")
    await team.helper.hears(said("en", "Who shall be a lead no more?"))
    await team.helper.press("Tara")
    await team.helper.hears("Tara is the only lead")  # a guest's role is none that counts
    await (await team.lead.become(is_restricted=False)).acked()
    await team.lead.say("lage")
    await team.lead.hears(said("de", "Open questions"))


@pytest.mark.parametrize(
    ("modes", "platform", "language"),
    [
        (SOCKET_AND_POLLING, "telegram", "de"),
        (HTTP_AND_WEBHOOK, "slack", "en"),
        (HTTP_AND_WEBHOOK, "telegram", "en"),
        (SOCKET_AND_POLLING, "slack", "de"),
    ],
    indirect=["modes"],
)
async def test_blocked_in_one_chat_heard_once_and_lifted_in_the_other(
    world: World, platform: str, language: str
) -> None:
    team = await world.team()
    eve = person_on(world, platform, "Eve", language)
    await eve.say("hallo" if language == "de" else "hello there")
    await eve.hears(from_bot)
    if isinstance(eve, SlackPerson):
        await team.lead.say("sperre @Eve Werbung <b> & mehr")
        await team.lead.hears("Eve ist gesperrt")
    else:
        await eve.join(team.group)
        command = f"/block@{world.telegram.bot_username} Eve Werbung <b> & mehr"
        await team.helper.say(command, team.group, mentions=[eve])
        await team.helper.hears("Eve is blocked")
    await world.settled()
    await eve.say("platz" if language == "de" else "desk")
    told = await eve.hears("Werbung <b> & mehr")
    await world.restart()
    await eve.say("hilfe")
    await eve.say("platz")
    appeal = said(language, "Say something")
    await eve.press(appeal, told)
    if isinstance(eve, SlackPerson):
        await eve.sees_modal()
        eve.fill({"appeal": "Das war ich nicht."})
        await (await eve.submit()).acked()
    else:
        await eve.hears(said(language, "What shall the leads know?"))
        await eve.say("Das war ich nicht.")
    await eve.hears(said(language, "The leads have your message. They will tell you what they decide."))
    assert sum("Werbung" in text for text in heard(eve)) == 1
    assert held(world) == 0
    await team.lead.hears("Das war ich nicht.")
    await team.helper.hears("Das war ich nicht.")
    if isinstance(eve, SlackPerson):  # the lead in the other chat decides
        await (await team.helper.press(said("en", "Lift it"))).answered()
    else:
        await (await team.lead.press(said("de", "Lift it"))).acked()
    await eve.hears(said(language, "You can use me again: your block was lifted."))
    await world.settled()
    assert any("Entsperrt von" in text for text in heard(team.lead))
    assert any("Lifted by" in text for text in heard(team.helper))
    await book(eve, language)
    assert held(world) == 1


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_manager_gets_a_camp_by_mention_and_the_cards_for_it(world: World) -> None:
    team = await world.team()
    tom = world.slack.add_user("Tom", locale="de-DE")
    await team.lead.mention("ernenne manager @Tom Dortmund Logistik-IT", team.channel)
    await team.lead.hears("Tom kümmert sich um", team.channel)
    await tom.hears("Du kümmerst dich jetzt um")
    await team.helper.hears("Tom looks after")
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await (await fatma.command("/kumpel", "mentor")).acked()
    await fatma.sees_modal()
    fatma.fill({"text": "Wir suchen Pilotkunden.", "topic": "Logistik-IT", "city": "Dortmund"})
    await (await fatma.submit()).acked()
    await team.manager.hears("An @Tom", team.channel)
    await team.helper.hears("An Tom", team.group)
    await team.lead.say("ernenne könig")
    await team.lead.hears("Schreib es so: ernenne manager @Name")
    await team.lead.say("protokoll")
    shown = await team.lead.hears("Was getan und abgelehnt wurde")
    assert "hat @Tom ernannt: Community-Manager" in shown.plain


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_words_that_a_lead_passes_on_are_no_order(world: World) -> None:
    team = await world.team()
    gerd = world.telegram.add_user("Gerd", language="en")
    group = await gerd.create_group("Plaudern", supergroup=True)
    await team.helper.join(group)
    for order in ("pause", "/pause", f"grant lead @{gerd.user.username or 'gerd'}"):
        written = await gerd.say(order, group)
        await team.helper.forward(written)
    await world.settled()
    assert world.rows("SELECT count(*) FROM switches WHERE name = 'outgoing_paused' AND value <> ''") == [(0,)]
    assert world.rows("SELECT count(*) FROM roles") == [(3,)]
    assert not any("Paused" in text for text in heard(team.helper))


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_an_old_account_that_is_let_in_again_starts_without_its_role(world: World) -> None:
    team = await world.team()
    await (await team.manager.deactivate()).acked()
    await team.helper.hears("Mark ist nicht mehr in Slack", team.group)
    await (await team.manager.reactivate()).acked()
    await team.manager.say("questions")
    await team.manager.hears(said("en", "Only community managers may do that."))
    audited = world.rows("SELECT what, detail, outcome FROM audit ORDER BY id DESC LIMIT 3")
    assert audited[0][2] == "refused"
    assert ("revoke", "manager", "done") in audited


async def link(world: World, manager: SlackPerson, name: str) -> TelegramPerson:
    """Link somebody's Slack with a Telegram account, the way that begins in Slack."""
    other = world.telegram.add_user(name, language="en")
    await manager.say("link")
    offer = await manager.hears("Open Telegram")
    [url] = [block["url"] for row in offer.blocks for block in row.get("elements", ()) if block.get("url")]
    await other.open_link(url)
    await other.hears(said("en", "Link"))
    await other.press(said("en", "Link"))
    await other.hears("Linked.")
    await world.settled()
    return other


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_whom_slack_puts_out_is_no_manager_in_telegram_until_a_lead_says_so(world: World) -> None:
    team = await world.team()
    other = await link(world, team.manager, "Mark T")
    await book(other, "en")
    await (await team.manager.deactivate()).acked()
    await other.hears("so your roles in the team have ended")
    await team.helper.hears("Mark ist nicht mehr in Slack", team.group)
    await other.say("/questions")
    await other.hears(said("en", "Only community managers may do that."))
    assert held(world) == 1, "what they hold as a member stays theirs"
    await team.lead.hears(said("de", "Give them back"))
    card = await team.helper.hears(said("en", "Give them back"))
    await (await team.helper.press(said("en", "Give them back"), card)).answered()
    await other.hears("You are a community manager now.")
    await world.settled()
    assert any("Tara hat" in text and "zum Community-Manager ernannt" in text for text in heard(team.lead))
    await other.say("/questions")
    await world.settled()
    assert world.rows("SELECT count(*) FROM audit WHERE what IN ('revoke', 'grant') AND detail = 'manager'") == [
        (2,)
    ]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_the_last_lead_whom_slack_puts_out_hears_how_there_is_another(world: World) -> None:
    lena = world.slack.add_user("Lena", locale="en-US")
    await world.make(lena, "lead")
    other = await link(world, lena, "Lena T")
    await (await lena.deactivate()).acked()
    told = await other.hears("There is no lead any more.")
    assert "kumpel code lead" in told.plain
    await world.settled()
    await world.make(other, "lead")  # with the code that the command gives


@pytest.mark.parametrize(
    ("modes", "platform", "language"),
    [(SOCKET_AND_POLLING, "slack", "de"), (HTTP_AND_WEBHOOK, "telegram", "en")],
    indirect=["modes"],
)
async def test_deleting_oneself_lifts_no_block_until_a_lead_does(
    world: World, platform: str, language: str
) -> None:
    team = await world.team()
    eve = person_on(world, platform, "Eve", language)
    await eve.say("hallo" if language == "de" else "hello there")
    await eve.hears(from_bot)
    if isinstance(eve, SlackPerson):
        await team.lead.say("sperre @Eve Werbung")
        await team.lead.hears("Eve ist gesperrt")
    else:
        await eve.join(team.group)
        await team.helper.say(f"/block@{world.telegram.bot_username} Eve Werbung", team.group, mentions=[eve])
        await team.helper.hears("Eve is blocked")
    await world.settled()
    await eve.say("lösch mich" if language == "de" else "delete me")
    await eve.hears("Fingerabdruck" if language == "de" else "fingerprint")
    await eve.press(said(language, "Delete everything"))
    await eve.hears("Gelöscht." if language == "de" else "Deleted.")
    await world.restart()
    await eve.say("platz" if language == "de" else "desk")
    told = await eve.hears("mit gelöscht" if language == "de" else "was deleted too")
    assert "Werbung" not in told.plain
    await team.helper.say("/unblock")
    await team.helper.hears(said("en", "Whose block shall I lift?"))
    await team.helper.press("Eve")
    await eve.hears(said(language, "You can use me again: your block was lifted."))
    await book(eve, language)
    assert (held(world), world.rows("SELECT count(*) FROM kept_blocks")) == (1, [(0,)])
