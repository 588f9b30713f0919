"""Mentoring on the real wire: a founder asks in one chat, managers decide in either, both write each other."""

from __future__ import annotations

import asyncio
import re

import pytest
from e2e_world import Modes, Person, Team, World, from_bot, heard, said

from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.sandbox.faults import Fault
from bot.sandbox.slack import SlackPerson

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")
TEXTS = {"de": "Wir suchen Pilotkunden & Lager <b>", "en": "We are looking for pilot customers & stores <b>"}


def founder_on(world: World, platform: str, language: str) -> Person:
    if platform == "slack":
        return world.slack.add_user("Fatma", locale="de-DE" if language == "de" else "en-US")
    return world.telegram.add_user("Fatma", language=language)


async def asks(founder: Person, language: str) -> None:
    """Ask for a mentor as the platform has it: in a modal, or one question a message."""
    topic = {"de": "Logistik-IT", "en": "Logistics IT"}[language]
    if isinstance(founder, SlackPerson):
        await (await founder.command("/kumpel", "mentor")).acked()
        await founder.sees_modal()
        founder.fill({"text": TEXTS[language], "topic": topic, "city": "Dortmund"})
        await (await founder.submit()).acked()
    else:
        await founder.say("/mentor")
        await founder.hears(said(language, "What is it about?"))
        await founder.say(TEXTS[language])
        await founder.hears(said(language, "Which topic?"))
        await founder.press(topic)
        await founder.hears(said(language, "Which city?"))
        await founder.press("Dortmund")
    await founder.hears(sent(language))


def sent(language: str) -> str:
    return said(language, "Sent to **{city}**. You mostly hear back within a working day.", city="Dortmund")


def cards(world: World, team: Team) -> tuple[str, str]:
    """How the request's card reads in both chats of the team, and nothing but the card."""
    in_slack = [m for m in world.slack.messages(team.channel) if m.bot_id and "Logistik-IT" in m.plain]
    in_telegram = [m for m in team.helper.messages(team.group) if from_bot(m) and "Logistik-IT" in m.plain]
    assert len(in_slack) == len(in_telegram) == 1
    return in_slack[0].plain, in_telegram[0].plain


def notices(founder: Person, words: str) -> int:
    return sum(words in text for text in heard(founder))


async def accept_in_telegram(team: Team) -> None:
    await (await team.helper.press("Annehmen")).answered()
    await team.helper.hears(said("en", "Hand back"))


@pytest.mark.parametrize(
    ("modes", "platform", "language"),
    [
        (SOCKET_AND_POLLING, "telegram", "de"),
        (HTTP_AND_WEBHOOK, "slack", "en"),
        (HTTP_AND_WEBHOOK, "telegram", "en"),
    ],
    indirect=["modes"],
)
async def test_read_in_one_chat_accepted_in_the_other_and_late_presses_are_told(
    world: World, platform: str, language: str
) -> None:
    team = await world.team()
    founder = founder_on(world, platform, language)
    await asks(founder, language)
    card = await team.manager.hears("Neue Anfrage", team.channel)
    await (await team.manager.press("Lesen", card)).acked()
    text = await team.manager.hears(TEXTS[language], team.channel)
    assert text.ephemeral_for == team.manager.id
    await team.helper.hears("Gelesen von Mark", team.group)

    await accept_in_telegram(team)
    await founder.hears("Tara (")
    await world.settled()
    for shown in cards(world, team):
        assert "Angenommen von Tara" in shown
        assert "(Telegram)" in shown
        assert TEXTS[language] not in shown
        assert "[" not in shown  # nothing is left to press
    late = await team.manager.press(said("en", "Accept"), text)
    await late.acked()
    await team.manager.hears("Tara accepted this request at", team.channel)
    await world.settled()
    assert notices(founder, "Tara (") == 1
    assert world.rows("SELECT state, decided_on FROM mentoring_requests") == [("accepted", "telegram")]
    assert TEXTS[language] not in "".join(
        m.plain for m in world.slack.messages(team.channel) if not m.ephemeral_for
    )
    assert not any(TEXTS[language] in text for text in heard(team.helper, team.group))


async def test_two_decide_at_once_and_one_wins(world: World) -> None:
    team = await world.team()
    founder = founder_on(world, "telegram", "de")
    await asks(founder, "de")
    card = await team.manager.hears("Neue Anfrage", team.channel)
    await team.helper.hears("Neue Anfrage", team.group)
    in_slack, in_telegram = await asyncio.gather(
        team.manager.press("Annehmen", card), team.helper.press("Annehmen")
    )
    await in_slack.acked()
    await in_telegram.answered()
    await founder.hears("(Community-Manager) nimmt sich Zeit")
    await world.settled()
    [(winner,)] = world.rows(
        "SELECT p.name FROM mentoring_requests m JOIN persons p ON p.id = m.decided_by WHERE m.state = 'accepted'"
    )
    assert notices(founder, "nimmt sich Zeit") == 1
    assert all(re.search(f"Angenommen von @?{winner}", shown) for shown in cards(world, team))
    if winner == "Mark":
        assert in_telegram.toast.startswith("Mark accepted this request")
    else:
        await team.manager.hears("Tara accepted this request", team.channel)


async def test_both_write_each_other_across_the_chats_and_over_a_restart(world: World) -> None:
    team = await world.team()
    founder = founder_on(world, "slack", "de")
    await asks(founder, "de")
    await team.helper.hears("Neue Anfrage", team.group)
    await accept_in_telegram(team)
    await team.helper.press(said("en", "Write a message"))
    await team.helper.hears(said("en", "Your message"))
    await world.restart()
    await team.helper.say("Passt Mittwoch? <b>")
    got = await founder.hears("Tara: Passt Mittwoch? <b>")
    await (await founder.press("Antworten", got)).acked()
    await founder.sees_modal()
    await world.restart()
    founder.fill({"message": "Ja, um zehn."})
    await (await founder.submit()).acked()
    await team.helper.hears("Fatma: Ja, um zehn.")
    await team.helper.press(said("en", "Close"))
    await founder.hears("Tara hat deine Anfrage abgeschlossen.")
    await world.settled()
    assert notices(founder, "Passt Mittwoch?") == 1
    assert all("inzwischen abgeschlossen" in shown for shown in cards(world, team))
    assert not any(TEXTS["de"] in text for text in heard(team.helper))


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_handed_back_its_card_is_posted_anew_and_stands_once_in_each_chat(world: World) -> None:
    team = await world.team()
    founder = founder_on(world, "slack", "de")
    await asks(founder, "de")
    await team.helper.hears("Neue Anfrage", team.group)
    await accept_in_telegram(team)
    await world.settled()
    accepted = [m.message_id for m in team.helper.messages(team.group) if from_bot(m) and "Angenommen" in m.plain]
    await team.helper.press(said("en", "Hand back"))
    await founder.hears("wieder für alle Community-Manager offen")
    await world.settled()
    assert all("Neue Anfrage" in shown for shown in cards(world, team))
    [moved] = [m for m in team.helper.messages(team.group) if from_bot(m) and "weiter unten" in m.plain]
    [anew] = [m for m in team.helper.messages(team.group) if from_bot(m) and "Neue Anfrage" in m.plain]
    assert [moved.message_id] == accepted
    assert anew.message_id > moved.message_id
    await accept_in_telegram(team)
    await world.settled()
    assert all("Angenommen von Tara" in shown for shown in cards(world, team))
    assert sum(TEXTS["de"] in text for text in heard(team.helper)) == 1


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_who_gives_a_reason_too_late_changes_nothing(world: World) -> None:
    team = await world.team()
    founder = founder_on(world, "telegram", "en")
    await asks(founder, "en")
    card = await team.manager.hears("Neue Anfrage", team.channel)
    await (await team.manager.press("Ablehnen", card)).acked()
    await team.manager.sees_modal()
    await team.helper.hears("Neue Anfrage", team.group)
    await accept_in_telegram(team)
    team.manager.fill({"reason": "Nothing to be read by anybody."})
    await (await team.manager.submit()).acked()
    await team.manager.hears("Tara accepted this request at")
    await world.settled()
    assert notices(founder, "Nothing to be read") == 0
    assert world.rows("SELECT state, reason FROM mentoring_requests") == [("accepted", "")]


@pytest.mark.parametrize(
    ("modes", "platform"), [(SOCKET_AND_POLLING, "slack"), (HTTP_AND_WEBHOOK, "telegram")], indirect=["modes"]
)
async def test_a_refusal_reaches_the_founder_once_though_the_platform_falters(
    world: World, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SlackAdapter, "request_timeout", 1.0)  # after which a lost answer is looked for
    monkeypatch.setattr(TelegramAdapter, "request_timeout", 1.0)
    team = await world.team()
    founder = founder_on(world, platform, "de")
    await asks(founder, "de")
    await team.helper.hears("Neue Anfrage", team.group)
    await team.helper.press("Ablehnen")
    await team.helper.hears(said("en", "Why does it not fit?"))
    await world.settled()
    sandbox, method = (world.slack, "chat.*") if platform == "slack" else (world.telegram, "send*")
    sandbox.faults.add(Fault(method, kind="429", retry_after=1))
    sandbox.faults.add(Fault(method, kind="drop", moment="before"))
    await team.helper.say("Das können andere besser.")
    told = await founder.hears("Das können andere besser.", timeout=12)
    assert said("de", "Ask anew") in told.plain
    await world.settled(20)
    assert notices(founder, "Das können andere besser.") == 1
    assert all("Abgelehnt von Tara" in shown and "besser" not in shown for shown in cards(world, team))
    await founder.press(said("de", "Ask the team"), told)
    if isinstance(founder, SlackPerson):
        await founder.sees_modal()
    else:
        await founder.hears(said("de", "What would you like to know?"))


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_withdrawn_it_can_be_read_no_more_and_pressing_twice_does_nothing(world: World) -> None:
    team = await world.team()
    founder = founder_on(world, "telegram", "de")
    await asks(founder, "de")
    card = await team.manager.hears("Neue Anfrage", team.channel)
    await founder.press("Zurückziehen")
    await founder.hears("Zurückgezogen")
    await (await team.manager.press("Lesen", card)).acked()
    await team.manager.hears("This request was withdrawn.", team.channel)
    await world.settled()
    assert all("Zurückgezogen" in shown and "[" not in shown for shown in cards(world, team))
    assert world.rows("SELECT state, text FROM mentoring_requests") == [("withdrawn", "")]


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_a_manager_who_never_wrote_to_the_bot_is_led_to_the_text(world: World) -> None:
    team = await world.team()
    newcomer = world.telegram.add_user("Nele", language="de")
    await newcomer.join(team.group)
    await newcomer.say(f"/help@{world.telegram.bot_username}", team.group)
    await newcomer.hears(from_bot, team.group)
    await team.helper.say(f"/grant@{world.telegram.bot_username} manager Nele", team.group, mentions=[newcomer])
    await newcomer.hears(from_bot, team.group)
    founder = founder_on(world, "slack", "de")
    await asks(founder, "de")
    await newcomer.hears("Neue Anfrage", team.group)
    press = await (await newcomer.press("Lesen")).answered()
    assert press.url
    assert world.rows("SELECT count(*) FROM mentoring_reads") == [(0,)]
    await newcomer.open_link(press.url)
    await newcomer.hears(TEXTS["de"])
    await newcomer.press("Annehmen")
    await founder.hears("Nele (Community-Manager)")
    await world.settled()
    assert world.rows("SELECT count(*) FROM mentoring_reads") == [(1,)]
    assert all("Angenommen von Nele" in shown for shown in cards(world, team))
