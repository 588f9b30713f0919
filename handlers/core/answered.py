"""What people write in answer to something of ours: in its thread, or as a reply to it.

It goes to whoever posted that, by name (``Feature.replies``): of a post that is kept true the name of its view, of
any other message the name in ``Context.send(about=…)``. What people say among themselves below it is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from handlers.core.features import ReplyRoute
from handlers.core.requests import TextMessage
from handlers.core.ui import Outcome
from storage import answered, chats
from storage.rows import Transaction

if TYPE_CHECKING:
    from handlers.core.context import Context, House


def is_for_us(house: House, tx: Transaction, request: TextMessage) -> bool | None:
    """Is it said to the bot, by what it answers? None if that does not tell; leaves no trace."""
    chat = chats.get_chat_by_external_id(tx, request.place.platform, request.place.chat)
    found = list(_found(house, tx, request, chat.id)) if chat else []
    if any(route.is_for_us(tx, request, about) for route, about in found):
        return True
    return False if any(route.private for route, _ in found) else None


def handled(ctx: Context, request: TextMessage) -> Outcome | None:
    """Hand it to whoever posted what it answers; None if it is a message like any other."""
    for route, about in _found(ctx.house, ctx.tx, request, ctx.chat.id):
        if ctx.may(route.role) and route.is_for_us(ctx.tx, request, about):
            outcome = route.handler(ctx, request, about)
            if outcome is not None:
                return outcome
    return None


def is_answer(request: TextMessage) -> bool:
    """Does it answer something? Who calls the bot by its name speaks to the bot instead."""
    return bool(request.reply_to) and not request.by_name


def _found(house: House, tx: Transaction, request: TextMessage, chat_id: int) -> Iterator[tuple[ReplyRoute, str]]:
    rooms = house.platforms[request.place.platform].topics
    thread = "" if rooms else request.place.thread
    for about in answered.list_answered(tx, chat_id, request.reply_to, thread):
        name, _, rest = about.partition(":")
        if route := house.registry.replies.get(name):
            yield route, rest
