"""A person's data, over the real wire: told, seen, taken along, deleted, and never in the log."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn

import pytest
import structlog
from e2e_world import SECRET, Modes, Person, World, from_bot, heard, said

from bot.backups import list_backups
from bot.logs import QUIET, configure_logging
from bot.restoring import restore
from bot.sandbox.faults import Fault
from handlers.core.context import Context
from storage import tombstones

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")
TO_DELETE = "**Shall I delete everything I keep of you?** It can't be undone."
DELETED = "**Deleted.** Nothing here is yours any more. If you write to me again, we start anew."
ASKED = {"de": "frage ans Team: Wo steht der Feuersalamander?", "en": "ask the team: Where is the firesalamander?"}
BOTH = pytest.mark.parametrize("platform", ["slack", "telegram"])
LANGUAGES = pytest.mark.parametrize("language", ["de", "en"])
WORDS = {"data": {"de": "meine daten", "en": "my data"}, "delete": {"de": "lösch mich", "en": "delete me"}}


def somebody(world: World, platform: str, language: str, name: str = "Zilpzalp") -> Person:
    if platform == "slack":
        return world.slack.add_user(name, locale="de-DE" if language == "de" else "en-US")
    return world.telegram.add_user(name, language=language)


async def deletes_everything(person: Person, language: str) -> None:
    """Ask to be deleted, and confirm."""
    await person.say(WORDS["delete"][language])
    question = await person.hears(said(language, TO_DELETE))
    await person.press(said(language, "Delete everything"), question)
    await person.hears(said(language, DELETED))


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
@BOTH
@LANGUAGES
async def test_told_asked_and_deleted(world: World, platform: str, language: str) -> None:
    person = somebody(world, platform, language)
    await person.say("hallo" if language == "de" else "hello")
    first = await person.hears("lösch mich" if language == "de" else "delete me")
    await person.press(said(language, "What exactly?"), first)
    await person.hears("Landesbeauftragte" if language == "de" else "State Commissioner")
    await person.say(ASKED[language])
    await world.settled()
    await person.say(WORDS["data"][language])
    await world.settled()
    assert world.rows("SELECT count(*) FROM outbox WHERE payload LIKE '%\"Attachment\"%'") == [(0,)], (
        "no copy is kept"
    )
    sent = world.rows("SELECT count(*) FROM outbox WHERE key LIKE '%:data:%' AND state = 'sent'")
    assert sent == [(2,)]
    await deletes_everything(person, language)
    await world.settled()
    assert world.rows("SELECT count(*) FROM persons") == [(0,)]
    assert world.rows("SELECT count(*) FROM questions") == [(0,)]
    assert world.rows("SELECT count(*) FROM tombstones") == [(1,)]


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_the_teams_cards_lose_the_name_on_both_platforms(world: World) -> None:
    team = await world.team()
    founder = somebody(world, "slack", "de")
    await founder.say("hallo")
    await founder.hears(from_bot)
    await founder.say(ASKED["de"])
    await team.lead.hears("Feuersalamander", team.channel)
    await team.helper.hears("Feuersalamander", team.group)
    await deletes_everything(founder, "de")
    await world.settled()
    for text in heard(team.lead, team.channel) + heard(team.helper, team.group):
        assert "Feuersalamander" not in text
        assert "Zilpzalp" not in text


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_pressed_twice_and_after_a_restart_it_is_done_once(world: World) -> None:
    person = somebody(world, "telegram", "de")
    await person.say("hallo")
    await person.hears(from_bot)
    await person.say("lösch mich")
    question = await person.hears(said("de", TO_DELETE))
    await world.restart()
    button = said("de", "Delete everything")
    await asyncio.gather(person.press(button, question), person.press(button, question), return_exceptions=True)
    await person.hears(said("de", DELETED))
    await world.settled()
    assert world.rows("SELECT count(*) FROM tombstones") == [(1,)]
    await person.say("hallo")
    await person.hears("Ich bin Kumpel")


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
@BOTH
async def test_a_failing_platform_does_not_bring_anybody_back(world: World, platform: str) -> None:
    person = somebody(world, platform, "de")
    await person.say("hallo")
    await person.hears(from_bot)
    await person.say("lösch mich")
    question = await person.hears(said("de", TO_DELETE))
    faults = world.slack.faults if platform == "slack" else world.telegram.faults
    faults.add(Fault("chat.update" if platform == "slack" else "editMessageText", kind="429"))
    await person.press(said("de", "Delete everything"), question)
    await person.hears(said("de", DELETED))
    assert world.rows("SELECT count(*) FROM persons") == [(0,)]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_in_a_group_the_data_stay_unsaid(world: World) -> None:
    person = world.slack.add_user("Zilpzalp", locale="de-DE")
    channel = world.slack.add_channel("allgemein", person)
    await person.mention("meine daten", channel)
    await person.hears(said("de", "That stays between us: write it to me directly."), channel)
    await world.settled()
    assert world.rows("SELECT count(*) FROM outbox WHERE payload LIKE '%\"Attachment\"%'") == [(0,)]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_the_home_page_is_emptied(world: World) -> None:
    person = world.slack.add_user("Zilpzalp", locale="de-DE")
    await (await person.open_home()).acked()
    await person.sees_home("Zilpzalp")
    await deletes_everything(person, "de")
    await world.settled()
    home = await person.sees_home(said("de", "I keep nothing about you."))
    assert "Zilpzalp" not in home.plain


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_backup_from_before_forgets_them_again(world: World) -> None:
    person = somebody(world, "telegram", "de")
    await person.say("hallo")
    await person.hears(from_bot)
    await world.settled()
    await world.running.watch.back_up()
    [backup] = list_backups(world.database.parent / "backups")
    await deletes_everything(person, "de")
    await world.settled()
    await world.stop()
    done = await restore(backup.path, world.database, None, world.clock)
    assert done.forgotten == 1
    assert tombstones.load(world.database)
    await world.start()
    assert world.rows("SELECT count(*) FROM persons WHERE name LIKE 'Zilpzalp%'") == [(0,)]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_what_was_said_until_the_stop_is_not_answered_again_by_a_restored_bot(world: World) -> None:
    """Slack shows missed messages anew, and the backup does not know that these were answered."""
    person = somebody(world, "slack", "de")
    await person.say("hallo")
    await person.hears(from_bot)
    await world.settled()
    await world.running.watch.back_up()
    [backup] = list_backups(world.database.parent / "backups")
    await deletes_everything(person, "de")
    await world.settled()
    answers = len(heard(person))
    await world.stop()
    await restore(backup.path, world.database, None, world.clock)
    await world.start()
    other = somebody(world, "slack", "de", "Amsel")
    await other.say("hallo")
    await other.hears(from_bot)
    await asyncio.sleep(0.3)  # missed messages are read beside it
    await world.settled()
    assert len(heard(person)) == answers
    assert world.rows("SELECT name FROM persons") == [("Amsel",)]


# The log


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that the running bot would log at the lowest level."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, {name: logging.getLogger(name).level for name in QUIET})
    stream = io.StringIO()
    configure_logging("json", "debug", [SECRET], stream)
    yield stream
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


SECRETS_OF_PEOPLE = ("Zilpzalp", "zilpzalp", "Feuersalamander", "firesalamander", "Quittegelb")


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_no_name_no_word_and_no_token_is_ever_logged(
    log: io.StringIO, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(ctx: Context, request: Any) -> NoReturn:
        raise ValueError(f"{ctx.person.name} said {request}")

    registry = world.running.house.registry
    broken = replace(registry.commands["hilfe"], handler=fails)
    monkeypatch.setitem(registry.commands, "hilfe", broken)
    team = await world.team()
    for platform in ("slack", "telegram"):
        person = somebody(world, platform, "de", "Zilpzalp Quittegelb")
        await person.say("hallo")
        await person.hears(from_bot)
        await person.say(ASKED["de"])
        await team.lead.hears("Feuersalamander", team.channel)
        await person.say("hilfe")
        await person.hears("schiefgegangen")
        await person.say("meine daten")
        await world.settled()
        faults = world.slack.faults if platform == "slack" else world.telegram.faults
        faults.add(Fault("*essage*", kind="429"))
        await deletes_everything(person, "de")
        await world.settled(20.0)
    await world.restart()
    await world.stop()
    text = log.getvalue()
    assert "handler_failed" in text
    assert "ValueError: …" in text
    secrets = [world.slack.bot_token, world.slack.app_token, world.slack.signing_secret, world.telegram.bot_token]
    for secret in (*SECRETS_OF_PEOPLE, *secrets, SECRET):
        assert secret not in text, [line for line in text.splitlines() if secret in line][:3]
