"""What follows a press: the little wheel on the button ends, a toast shows, a calendar turns. All best effort."""

from __future__ import annotations

import asyncio

import structlog
from telegram import Bot, CallbackQuery, Message
from telegram.error import TelegramError

from bot.adapters.port import Answer, TurnCalendar
from bot.adapters.telegram.calendar import turn
from bot.adapters.telegram.keyboard import start_link
from bot.adapters.telegram.limits import CALLBACK_ANSWER_UNITS, START_PAYLOAD, clean, cut
from handlers.core.seals import Seals
from handlers.core.ui import Toast

log = structlog.get_logger(__name__)

_SECONDS = 10.0


async def answer_press(
    bot: Bot, query: CallbackQuery, answer: Answer | None, seals: Seals, bot_username: str
) -> None:
    """Answer a press; never raises. ``answer`` is None for buttons that only show something."""
    outcome = answer.outcome if answer is not None else None
    text, alert, url = "", False, None
    if isinstance(outcome, Toast):
        text, alert = cut(clean(outcome.text), CALLBACK_ANSWER_UNITS), outcome.alert
        # Any other address is refused, and the toast with it (Bot API, answerCallbackQuery.url).
        url = start_link(bot_username, outcome.start) if START_PAYLOAD.fullmatch(outcome.start) else None
    try:
        async with asyncio.timeout(_SECONDS):
            await bot.answer_callback_query(query.id, text=text or None, show_alert=alert or None, url=url)
    except (TelegramError, TimeoutError) as error:  # mostly "query is too old", after a long queue
        log.info("press not answered", error=type(error).__name__)
    if answer is not None and isinstance(outcome, TurnCalendar):
        await _turn_calendar(bot, query, outcome, answer.chat_id, seals)


async def _turn_calendar(bot: Bot, query: CallbackQuery, wanted: TurnCalendar, chat_id: int, seals: Seals) -> None:
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None:  # too old to be seen
        return
    keyboard = turn(message.reply_markup, wanted, lambda packed: seals.seal(packed, chat_id))
    if keyboard is None:
        return
    try:
        async with asyncio.timeout(_SECONDS):
            await bot.edit_message_reply_markup(message.chat.id, message.message_id, reply_markup=keyboard)
    except (TelegramError, TimeoutError) as error:
        log.info("calendar not turned", error=type(error).__name__)
