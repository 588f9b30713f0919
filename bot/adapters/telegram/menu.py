"""The command menu that Telegram shows beside the input line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import structlog
from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.adapters.port import CommandEntry
from bot.adapters.telegram.errors import send_error
from bot.adapters.telegram.limits import COMMAND_DESCRIPTION, COMMAND_NAME, COMMANDS, clean, cut

log = structlog.get_logger(__name__)

_DEFAULT_LANGUAGE = "en"  # for everybody whose app speaks a language that has no menu of its own
_SCOPES: dict[str, BotCommandScope] = {
    "direct": BotCommandScopeAllPrivateChats(),
    "group": BotCommandScopeAllGroupChats(),
}


class CommandMenu:
    """Publishes menus, and only those that changed since this process last did."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._published: dict[tuple[str, str], list[BotCommand]] = {}

    async def publish(self, menus: Mapping[str, list[CommandEntry]]) -> None:
        """Show the menus, by language; English is for all languages without one.

        Raises:
            SendError: Telegram did not take one.
        """
        for language, entries in menus.items():
            code = "" if language == _DEFAULT_LANGUAGE else language
            for kind, scope in _SCOPES.items():
                commands = bot_commands(entry for entry in entries if entry.scope in (kind, "both"))
                if self._published.get((kind, code)) == commands:
                    continue
                try:
                    await self._bot.set_my_commands(commands, scope=scope, language_code=code)
                except TelegramError as error:
                    raise send_error(error, "direct") from None
                self._published[kind, code] = commands


def bot_commands(entries: Iterable[CommandEntry]) -> list[BotCommand]:
    """Return the entries as Telegram takes them; a name that it would refuse is left out and logged."""
    commands: list[BotCommand] = []
    for entry in entries:
        if not COMMAND_NAME.fullmatch(entry.name):
            log.warning("Telegram takes no command of this name", name=entry.name)
            continue
        description = cut(" ".join(clean(entry.description).split()), COMMAND_DESCRIPTION)
        commands.append(BotCommand(entry.name, description or entry.name))
    return commands[:COMMANDS]
