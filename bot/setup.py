"""``kumpel setup``: asks for the tokens one at a time, tries each at once, and writes ``.env``."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from bot.control import request_code
from bot.env_file import EnvFile, write_env
from bot.probe import Told, ask_slack, ask_telegram
from bot.remedies import REMEDIES
from bot.settings import DEFAULTS, SettingsError, fits, load_settings
from bot.wording import Language, Words, system_language
from storage.roles import Role

Ask = Callable[[str, bool], str]
"""Asks a question and returns what was typed, not shown while typing if the flag says so."""
Say = Callable[[str], None]

REMOVE = "-"


class _Tried(NamedTuple):
    """What trying a value brought: ``keep`` unless the platform refused it."""

    keep: bool
    said: Words


async def set_up(env_file: Path, ask: Ask, say: Say, language: Language | None = None) -> bool:
    """Lead through the settings, write them, and hand out the first lead's code.

    Args:
        env_file: What it holds is kept unless it is changed.
        ask: Asks the person.
        say: Tells the person.
        language: To talk in; asked for first if it is not given.

    Returns:
        Whether the bot can run now.

    Raises:
        StoreError: The settings are written, but the database can't be used.
    """
    file = EnvFile.read(env_file)
    if language is None:
        typed = ask("Deutsch oder English? [de/en]", False).strip().lower()
        language = "de" if typed.startswith("d") else "en" if typed.startswith("e") else system_language()
    dialogue = _Dialogue(dict(file.values), ask, say, language)
    if file.problems:
        say("\n".join(problem.to(language) for problem in file.problems))
        return False
    dialogue.tell(
        f"Ich frage nach den Tokens. Mit der Eingabetaste bleibt, was da ist; {REMOVE} entfernt es.",
        f"I ask for the tokens. Enter keeps what is there; {REMOVE} removes it.",
    )
    await dialogue.slack()
    await dialogue.telegram()
    if not dialogue.has_a_chat():
        dialogue.tell(
            "Ohne Slack und ohne Telegram gibt es nichts zu tun; ich habe nichts geschrieben.",
            "Without Slack and without Telegram there is nothing to do; I have written nothing.",
        )
        return False
    dialogue.make_secrets()
    write_env(env_file, {name: value for name, value in dialogue.values.items() if name in REMEDIES})
    dialogue.tell(
        f"{env_file} ist geschrieben, nur du kannst sie lesen.", f"{env_file} is written; only you can read it."
    )
    try:
        settings = load_settings(env_file)
    except SettingsError as error:
        say(error.to(language))
        return False
    code = await request_code(settings.kumpel_database, "lead")
    say(f"\n    {code}\n")
    say(what_to_do_with(code, "lead").to(language))
    dialogue.tell("Und nun: `kumpel check`, dann `kumpel run`.", "And now: `kumpel check`, then `kumpel run`.")
    return True


_BECOMES: Mapping[Role, Words] = {
    "lead": Words(
        "leitet Kumpel: gibt Rollen, sagt, wo die Manager sind",
        "leads Kumpel: gives roles, says where managers are",
    ),
    "manager": Words("wird Community-Manager", "becomes a community manager"),
    "project": Words("wird Projektmanager", "becomes a project manager"),
}


def what_to_do_with(code: str, role: Role) -> Words:
    """Say how a one-time code is used."""
    becomes = _BECOMES[role]
    return Words(
        f"Wer das Kumpel direkt schreibt, {becomes.de}. Der Code gilt sieben Tage, einmal.",
        f"Whoever writes this to Kumpel in a direct message {becomes.en}. The code works once, for seven days.",
    )


class _Dialogue:
    """The questions, and the values so far."""

    def __init__(self, values: dict[str, str], ask: Ask, say: Say, language: Language) -> None:
        self.values = values
        self._ask = ask
        self._say = say
        self._language: Language = language

    def tell(self, de: str, en: str) -> None:
        self._say(Words(de, en).to(self._language))

    def has_a_chat(self) -> bool:
        return bool(self.values.get("SLACK_BOT_TOKEN") or self.values.get("TELEGRAM_BOT_TOKEN"))

    async def slack(self) -> None:
        url = self._url("SLACK_API_URL")
        await self._value("SLACK_BOT_TOKEN", lambda token: _try_slack_bot(url, token))
        if not self.values.get("SLACK_BOT_TOKEN"):
            self.values |= {
                name: "" for name in ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET") if name in self.values
            }
        elif self.values.get("SLACK_MODE") == "http":
            await self._value("SLACK_SIGNING_SECRET")
            await self._value("KUMPEL_PUBLIC_URL")
        else:
            await self._value("SLACK_APP_TOKEN", lambda token: _try_slack_app(url, token))

    async def telegram(self) -> None:
        url = self._url("TELEGRAM_API_URL")
        await self._value("TELEGRAM_BOT_TOKEN", lambda token: _try_telegram(url, token))
        webhook = self.values.get("TELEGRAM_MODE") == "webhook" and self.values.get("TELEGRAM_BOT_TOKEN")
        if webhook and not self.values.get("KUMPEL_PUBLIC_URL"):
            await self._value("KUMPEL_PUBLIC_URL")

    def make_secrets(self) -> None:
        if not self.values.get("KUMPEL_SECRET"):
            self.values["KUMPEL_SECRET"] = secrets.token_urlsafe(36)
        if self.values.get("TELEGRAM_BOT_TOKEN") and not self.values.get("TELEGRAM_WEBHOOK_SECRET"):
            self.values["TELEGRAM_WEBHOOK_SECRET"] = secrets.token_urlsafe(36)

    def _url(self, name: str) -> str:
        return self.values.get(name) or str(DEFAULTS[name.lower()])

    async def _value(self, name: str, attempt: Callable[[str], Awaitable[_Tried]] | None = None) -> None:
        """Ask for one value until it works, is kept as it was, or is left out."""
        current = self.values.get(name, "")
        refused = False
        while True:
            hint = REMEDIES[name].to(self._language)
            there = Words(" (ist da)", " (is there)").to(self._language) if current else ""
            typed = self._ask(f"\n{name}{there}: {hint}\n>", name != "KUMPEL_PUBLIC_URL").strip()
            value = typed or current
            if typed == REMOVE or not value:
                self.values[name] = ""
                return
            if refused and not typed:  # kept as it is, though it did not work
                return
            if not fits(name, value):
                self.tell("Das sieht nicht danach aus.", "That does not look like it.")
                refused = True
                continue
            tried = await attempt(value) if attempt else _Tried(True, Words("Gemerkt.", "Noted."))
            self._say(tried.said.to(self._language))
            if tried.keep:
                self.values[name] = value
                return
            refused = True


async def _try_slack_bot(url: str, token: str) -> _Tried:
    told = await ask_slack(url, token, "auth.test")
    team, bot = told.result.get("team"), told.result.get("user")
    fine = Words(f"Slack: Workspace {team}, Bot {bot}.", f"Slack: workspace {team}, bot {bot}.")
    return _tried("Slack", told, fine)


async def _try_slack_app(url: str, token: str) -> _Tried:
    told = await ask_slack(url, token, "apps.connections.open")
    fine = Words("Slack: Die Verbindung geht auf.", "Slack: the connection opens.")
    return _tried("Slack", told, fine)


async def _try_telegram(url: str, token: str) -> _Tried:
    told = await ask_telegram(url, token, "getMe")
    name, handle = told.result.get("first_name"), told.result.get("username")
    return _tried(
        "Telegram", told, Words(f"Telegram: Bot {name}, @{handle}.", f"Telegram: bot {name}, @{handle}.")
    )


def _tried(platform: str, told: Told, fine: Words) -> _Tried:
    if told.silence:
        return _Tried(
            True,
            Words(
                f"{platform} ist gerade nicht zu erreichen ({told.silence}); ich habe es ungeprüft übernommen.",
                f"{platform} can't be reached right now ({told.silence}); I took it untried.",
            ),
        )
    if told.refusal:
        return _Tried(
            False,
            Words(
                f"{platform} nimmt das nicht an: {told.refusal}.", f"{platform} does not take it: {told.refusal}."
            ),
        )
    return _Tried(True, fine)
