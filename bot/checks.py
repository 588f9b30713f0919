"""``kumpel check``: settings, content, platforms, chats and database, in plain words. Changes nothing."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import AsyncIterator
from pathlib import Path

from bot.adapters.port import Finding
from bot.app import build_features
from bot.control import request_status
from bot.probe import Told, ask_slack, ask_telegram
from bot.security import check_security
from bot.settings import Settings, SettingsError, hub_folder, load_settings
from bot.wording import Words
from handlers.core.hub import load_hub
from handlers.core.pack import PackError
from handlers.dates.holidays import knows_holidays
from handlers.faq.content import load_entries
from storage.errors import StoreUnavailableError
from storage.inspection import Inspection, inspect_database

Section = tuple[Words, list[Finding]]

FREE_MEGABYTES = 200
"""Below this much free space beside the database, it is time to act."""

_PLACEHOLDER = re.compile(r"\[\[AUSFÜLLEN: ([^\[\]]+)\]\]")


async def check_everything(env_file: Path, security: bool = False) -> AsyncIterator[Section]:
    """Look at everything and yield what was found, a section at a time; a broken part hides no other.

    Args:
        env_file: The settings.
        security: Look also at who else could read, listen or do more than needed.
    """
    settings, findings = _settings(env_file)
    yield Words("Einstellungen", "Settings"), findings
    yield Words("Inhalte", "Content"), _content(settings.kumpel_hub if settings else hub_folder(env_file))
    if settings is None:
        return
    inspection, findings = _database(settings.kumpel_database)
    findings.append(await _running(settings.kumpel_database))
    yield Words("Datenbank", "Database"), findings
    places = inspection.places if inspection else ()
    if settings.slack_bot_token:
        yield Words("Slack", "Slack"), await _slack(settings, places)
    if settings.telegram_bot_token:
        yield Words("Telegram", "Telegram"), await _telegram(settings, places)
    if security:
        yield Words("Sicherheit", "Security"), await check_security(settings, env_file)


def _settings(env_file: Path) -> tuple[Settings | None, list[Finding]]:
    try:
        settings = load_settings(env_file)
    except SettingsError as error:
        return None, [Finding(False, problem.to("de"), problem.to("en")) for problem in error.problems]
    chats = [name for name in ("slack", "telegram") if getattr(settings, f"{name}_bot_token")]
    listed = " + ".join(map(str.capitalize, chats))
    findings = [Finding(True, f"Vollständig, für {listed}.", f"Complete, for {listed}.")]
    if env_file.exists() and stat.S_IMODE(env_file.stat().st_mode) & 0o077:
        findings.append(
            Finding(
                False,
                f"{env_file} enthält Geheimnisse, und andere dürfen sie lesen: chmod 600 {env_file}",
                f"{env_file} holds secrets, and others may read it: chmod 600 {env_file}",
            )
        )
    return settings, findings


def _content(folder: Path) -> list[Finding]:
    try:
        hub = load_hub(folder)
        entries = load_entries(folder)
        build_features(folder, hub)
    except PackError as error:
        return [Finding(False, problem.to("de"), problem.to("en")) for problem in error.problems]
    both = sum(len(entry.wordings) == 2 for entry in entries)
    findings = [
        Finding(
            True,
            f"{hub.short_name}: {len(entries)} Antworten, davon {both} auf Deutsch und Englisch.",
            f"{hub.short_name}: {len(entries)} answers, {both} of them in German and English.",
        )
    ]
    if not knows_holidays(hub.holidays):
        findings.append(
            Finding(
                False,
                f"{folder.name}/hub.toml: Die Feiertage von „{hub.holidays}“ sind unbekannt; DE-NW etwa ginge.",
                f"{folder.name}/hub.toml: the holidays of “{hub.holidays}” are not known; DE-NW would do, say.",
            )
        )
    for file in sorted((*folder.rglob("*.toml"), *folder.glob("faq/*.yaml"))):
        missing = _PLACEHOLDER.findall(file.read_text("utf-8"))
        if missing:
            name, listed = f"{folder.name}/{file.relative_to(folder).as_posix()}", "; ".join(missing)
            findings.append(  # nothing is broken: until then people ask the team
                Finding(
                    True,
                    f"{name}: noch {len(missing)} auszufüllen ({listed}).",
                    f"{name}: {len(missing)} still to fill in ({listed}).",
                )
            )
    return findings


def _database(path: Path) -> tuple[Inspection | None, list[Finding]]:
    findings = []
    free = shutil.disk_usage(path.absolute().parent).free // 1_000_000
    if free < FREE_MEGABYTES:
        findings.append(
            Finding(False, f"Nur noch {free} MB frei neben {path}.", f"Only {free} MB are left beside {path}.")
        )
    if not path.exists():
        new = Finding(True, f"{path} entsteht beim ersten Start.", f"{path} is made at the first start.")
        return None, [*findings, new]
    try:
        inspection = inspect_database(path)
    except StoreUnavailableError as error:
        return None, [
            *findings,
            Finding(False, f"{path} lässt sich nicht lesen: {error}.", f"{path} can't be read: {error}."),
        ]
    return inspection, findings + _inspected(path, inspection)


def _inspected(path: Path, inspection: Inspection) -> list[Finding]:
    findings = []
    if inspection.damage:
        listed = "; ".join(inspection.damage)
        findings.append(
            Finding(
                False,
                f"{path} ist beschädigt ({listed}): Bot anhalten, Sicherung zurückspielen.",
                f"{path} is damaged ({listed}): stop the bot, restore a backup.",
            )
        )
    if inspection.foreign:
        listed = ", ".join(map(str, inspection.foreign))
        findings.append(
            Finding(
                False,
                f"{path} ist von einer anderen Version (Migration {listed}): Kumpel aktualisieren.",
                f"{path} is of another version (migration {listed}): update Kumpel.",
            )
        )
    if not findings:
        findings.append(Finding(True, f"{path} ist in Ordnung.", f"{path} is fine."))
    if inspection.waiting:
        listed = ", ".join(inspection.waiting)
        findings.append(
            Finding(
                True,
                f"Beim nächsten Start kommen neue Tabellen dazu ({listed}), vorher eine Kopie.",
                f"The next start adds tables ({listed}), after making a copy.",
            )
        )
    if not inspection.leads:
        findings.append(
            Finding(
                False,
                "Noch niemand leitet Kumpel: `kumpel code lead` gibt einen Code, den man ihm direkt schreibt.",
                "Nobody leads Kumpel yet: `kumpel code lead` gives a code to write to it in a direct message.",
            )
        )
    elif not any(purpose == "managers" for purpose, _, _ in inspection.places):
        findings.append(
            Finding(
                False,
                "Kein Chat für die Manager: dort als Lead `hier manager` schreiben.",
                "No chat for the managers: write `here managers` there, as a lead.",
            )
        )
    return findings


async def _running(path: Path) -> Finding:
    status = await request_status(path)
    if status is None:
        return Finding(True, "Zurzeit läuft kein Bot darauf.", "No bot is running on it at the moment.")
    return Finding(
        True, f"Der Bot läuft (Prozess {status['pid']}).", f"The bot is running (process {status['pid']})."
    )


async def _slack(settings: Settings, places: tuple[tuple[str, str, str], ...]) -> list[Finding]:
    from bot.adapters.slack.check import findings

    token = settings.slack_bot_token or ""
    app_token = settings.slack_app_token
    looked = await findings(token, app_token, settings.slack_mode, settings.slack_api_url)
    found = [Finding(each.state == "ok", each.de, each.en) for each in looked]
    for purpose, platform, chat in places:
        if platform == "slack":
            told = await ask_slack(
                settings.slack_api_url, token, "conversations.info", channel=chat.rpartition(":")[2]
            )
            found.append(_slack_place(purpose, chat, told))
    return found


def _slack_place(purpose: str, chat: str, told: Told) -> Finding:
    channel = told.result.get("channel", {})
    name = f"#{channel.get('name', chat)}"
    if told.refusal or told.silence:
        return _unseen(purpose, name, told)
    if channel.get("is_archived"):
        return Finding(False, f"{name} ({purpose}) ist archiviert.", f"{name} ({purpose}) is archived.")
    if not channel.get("is_member"):
        return Finding(
            False,
            f"Kumpel ist nicht in {name} ({purpose}): dort /invite @Kumpel schreiben.",
            f"Kumpel is not in {name} ({purpose}): write /invite @Kumpel there.",
        )
    return _may_write(purpose, name)


async def _telegram(settings: Settings, places: tuple[tuple[str, str, str], ...]) -> list[Finding]:
    from bot.adapters.telegram.check import check

    token = settings.telegram_bot_token or ""
    url = settings.telegram_api_url
    found = await check(
        token=token, mode=settings.telegram_mode, api_url=url, public_url=settings.kumpel_public_url
    )
    bot_id = token.partition(":")[0]
    for purpose, platform, chat in places:
        if platform == "telegram":
            about = await ask_telegram(url, token, "getChat", chat_id=chat)
            member = await ask_telegram(url, token, "getChatMember", chat_id=chat, user_id=bot_id)
            found.append(_telegram_place(purpose, chat, about, member))
    return found


def _telegram_place(purpose: str, chat: str, about: Told, member: Told) -> Finding:
    name = str(about.result.get("title") or chat)
    for told in (about, member):
        if told.refusal or told.silence:
            return _unseen(purpose, name, told)
    status = member.result.get("status")
    if status in ("left", "kicked"):
        return Finding(
            False,
            f"Kumpel ist nicht in „{name}“ ({purpose}): dort wieder hinzufügen.",
            f"Kumpel is not in “{name}” ({purpose}): add it there again.",
        )
    allowed = about.result.get("permissions", {}).get("can_send_messages", True)
    if status == "restricted":
        allowed = member.result.get("can_send_messages", False)
    if status != "administrator" and not allowed:
        return Finding(
            False,
            f"Kumpel darf in „{name}“ ({purpose}) nicht schreiben: dort zum Admin machen.",
            f"Kumpel may not write in “{name}” ({purpose}): make it an admin there.",
        )
    return _may_write(purpose, f"„{name}“")


def _unseen(purpose: str, name: str, told: Told) -> Finding:
    reason = told.refusal or told.silence
    return Finding(
        False,
        f"{name} ({purpose}) ist für Kumpel nicht zu sehen: {reason}.",
        f"{name} ({purpose}) can't be seen by Kumpel: {reason}.",
    )


def _may_write(purpose: str, name: str) -> Finding:
    return Finding(True, f"{name} ({purpose}): darf schreiben.", f"{name} ({purpose}): may write.")
