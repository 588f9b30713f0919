"""``kumpel check --security``: who else could read, listen or do more than needed. Changes nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import aiohttp

from bot.adapters.port import Finding
from bot.backups import Backups
from bot.settings import LOCAL, Settings

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SECONDS = 5.0


async def check_security(settings: Settings, env_file: Path) -> list[Finding]:
    """Look at file modes, where the bot listens, its webhooks, its tokens' scopes, its backups."""
    found = [*_files(settings, env_file), _user(), _listening(settings), _backups(settings)]
    if settings.kumpel_public_url and LOCAL.fullmatch(settings.kumpel_public_url):
        found.append(
            Finding(
                False,
                "KUMPEL_PUBLIC_URL ist ohne https: Was darüber geht, liest mit, wer dazwischen sitzt.",
                "KUMPEL_PUBLIC_URL is without https: whoever sits in between reads along.",
            )
        )
    if settings.telegram_bot_token and settings.telegram_mode == "webhook":
        found.append(await _stranger(settings, "/telegram/webhook"))
    if settings.slack_bot_token and settings.slack_mode == "http":
        found.append(await _stranger(settings, "/slack/events"))
    if settings.slack_bot_token:
        found.append(await _scopes(settings))
    return found


def _files(settings: Settings, env_file: Path) -> Iterator[Finding]:
    """What holds secrets or people's words is its owner's alone."""
    database, backups = settings.kumpel_database, Backups(settings).folder
    beside = database.absolute().parent
    paths = [env_file, *beside.glob(f"{database.name}*"), backups]
    paths += list(backups.iterdir()) if backups.is_dir() else []
    open_to_others = [path for path in paths if path.exists() and stat.S_IMODE(path.stat().st_mode) & _OTHERS]
    for path in sorted(open_to_others):
        mode = "700" if path.is_dir() else "600"
        yield Finding(
            False,
            f"{path} ist für andere lesbar oder mehr: chmod {mode} {path}",
            f"{path} is open to others: chmod {mode} {path}",
        )
    if not open_to_others:
        yield Finding(
            True,
            "Einstellungen, Datenbank und Sicherungen liest nur, wem sie gehören.",
            "Settings, database and backups are readable by their owner alone.",
        )


def _user() -> Finding:
    if os.geteuid() == 0:
        return Finding(
            False,
            "Das läuft als root. Kumpel braucht nur einen eigenen, gewöhnlichen Benutzer (docs/install.md).",
            "This runs as root. Kumpel needs no more than a plain user of its own (docs/install.md).",
        )
    return Finding(True, "Läuft nicht als root.", "Does not run as root.")


def _listening(settings: Settings) -> Finding:
    host, port = settings.kumpel_host, settings.kumpel_port
    if host in _LOOPBACK:
        return Finding(
            True,
            f"Lauscht nur auf diesem Rechner ({host}:{port}).",
            f"Listens on this machine only ({host}:{port}).",
        )
    return Finding(
        False,
        f"Lauscht auf {host}:{port}, also auch für andere Rechner: /metrics und /readyz sind dort offen. "
        "KUMPEL_HOST=127.0.0.1 und davor ein Reverse-Proxy.",
        f"Listens on {host}:{port}, for other machines too: /metrics and /readyz are open there. "
        "KUMPEL_HOST=127.0.0.1 and a reverse proxy in front.",
    )


def _backups(settings: Settings) -> Finding:
    if settings.kumpel_backups_copy and not settings.kumpel_backup_key:
        return Finding(
            False,
            f"Die Sicherungen in {settings.kumpel_backups_copy} sind nicht verschlüsselt: "
            "`kumpel backup --make-key DATEI`, dann KUMPEL_BACKUP_KEY setzen.",
            f"The backups in {settings.kumpel_backups_copy} are not encrypted: "
            "`kumpel backup --make-key FILE`, then set KUMPEL_BACKUP_KEY.",
        )
    if settings.kumpel_backup_key:
        return Finding(True, "Die Sicherungen sind verschlüsselt.", "Backups are encrypted.")
    return Finding(
        True,
        "Die Sicherungen liegen unverschlüsselt neben der Datenbank.",
        "Backups lie beside the database, not encrypted.",
    )


async def _stranger(settings: Settings, path: str) -> Finding:
    """Knock as somebody who does not know the secret; only the running bot can answer."""
    host = settings.kumpel_host if settings.kumpel_host in _LOOPBACK else "127.0.0.1"
    url = f"http://{host}:{settings.kumpel_port}{path}"
    try:
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.post(url, json={}) as response:
            status = response.status
    except (TimeoutError, aiohttp.ClientError, OSError):
        return Finding(
            True,
            f"{path}: nicht geprüft, der Bot läuft gerade nicht.",
            f"{path}: not tried, the bot is not running.",
        )
    if status in (401, 403):
        return Finding(True, f"{path} weist Fremde ab.", f"{path} turns strangers away.")
    return Finding(
        False,
        f"{path} antwortet Fremden mit {status} statt sie abzuweisen: Läuft dort ein anderer Dienst?",
        f"{path} answers strangers with {status} instead of turning them away: is it another service?",
    )


async def _scopes(settings: Settings) -> Finding:
    from bot.adapters.slack.check import surplus_scopes

    surplus = await surplus_scopes(settings.slack_bot_token or "", settings.slack_api_url)
    if surplus is None:
        return Finding(
            False, "Slack sagt nicht, was der Token darf.", "Slack does not tell what the token may do."
        )
    if surplus:
        listed = ", ".join(sorted(surplus))
        return Finding(
            False,
            f"Der Slack-Token darf mehr als nötig: {listed}. Bei der App streichen, neu installieren.",
            f"The Slack token may do more than needed: {listed}. Remove these scopes from the app, reinstall it.",
        )
    return Finding(
        True, "Der Slack-Token darf nicht mehr als nötig.", "The Slack token may do no more than needed."
    )
