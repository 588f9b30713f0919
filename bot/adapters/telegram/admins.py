"""Who administrates a group: asked when it matters, remembered for a minute."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog
from telegram import Bot, ChatMember
from telegram.error import TelegramError

from bot.adapters.telegram.parse import ANONYMOUS
from bot.clock import Clock
from handlers.core.requests import Actor, Place

log = structlog.get_logger(__name__)

ASK_SECONDS: Final = 1.0
REMEMBER_SECONDS: Final = 60.0
_REMEMBERED = 1000


class ChatAdmins:
    """Answers whether a person administrates a group; whatever is not known for sure means no."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[float, bool]] = {}

    async def is_admin(self, actor: Actor, place: Place) -> bool:
        """Return the answer within a second. Whoever is anonymous is none: they can't be told apart."""
        if place.kind != "group" or not actor.trusted or actor.account.startswith(ANONYMOUS):
            return False
        key, now = (place.chat, actor.account), self._clock.monotonic()
        asked_at, known = self._known.get(key, (now - REMEMBER_SECONDS, False))
        if now - asked_at < REMEMBER_SECONDS:
            return known
        try:
            async with asyncio.timeout(ASK_SECONDS):
                member = await self._bot.get_chat_member(int(place.chat), int(actor.account))
        except (TelegramError, TimeoutError, ValueError) as error:
            log.info("Telegram did not say who administrates a group", error=type(error).__name__)
            return False
        is_admin = member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[key] = (now, is_admin)
        return is_admin
