"""Direct messages that were said while the bot was away: read once after connecting, in their order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.port import TryLaterError
from bot.adapters.slack.directs import Directs
from bot.adapters.slack.errors import send_error
from bot.adapters.slack.surroundings import Identity
from bot.clock import Clock

log = structlog.get_logger(__name__)

Json = dict[str, Any]

PACE_SECONDS = 1.3
"""conversations.history and .list are tiers 3 and 2: about 50 and 20 a minute."""
_MOST_CHATS = 1_000
_PAGE = 100
_MOST_PAGES = 3
_TRIES = 5
_RETRY_SECONDS = 5.0


async def read_missed(
    client: AsyncWebClient,
    identity: Identity,
    directs: Directs,
    take: Callable[[Json], Awaitable[BoltResponse]],
    since: datetime,
    clock: Clock,
) -> int:
    """Hand every direct message said since then to ``take``, as the event that it was; return how many.

    Messages that were handled have the same keys as then, so the store drops them. In one chat at most 300 of the
    newest are read. Answers inside threads are not in a channel's history and stay unread. Of people who were
    deactivated meanwhile ``take`` is told so, as the event would have.
    """
    count = 0
    async for channel in _chats(client, identity, directs, take, clock):
        for message in await _said(client, channel, since, clock):
            event = {**message, "type": "message", "channel": channel, "channel_type": "im"}
            body = {"type": "event_callback", "team_id": identity.team, "event": event}
            if (await take(body)).status != 200:
                await clock.sleep(_RETRY_SECONDS)
                await take(body)
            count += 1
        await clock.sleep(PACE_SECONDS)
    log.info("slack_missed_messages_read", count=count)
    return count


def _left(identity: Identity, user: str) -> Json:
    """What Slack tells of somebody who is deactivated, for what was told while nobody listened."""
    event = {"type": "user_change", "user": {"id": user, "team_id": identity.team, "deleted": True}}
    return {"type": "event_callback", "team_id": identity.team, "event_id": f"left:{user}", "event": event}


async def _chats(
    client: AsyncWebClient,
    identity: Identity,
    directs: Directs,
    take: Callable[[Json], Awaitable[BoltResponse]],
    clock: Clock,
) -> AsyncIterator[str]:
    cursor = ""
    left = _MOST_CHATS
    while left > 0:
        answer = await _patiently(clock, partial(client.conversations_list, types="im", limit=200, cursor=cursor))
        for chat in answer.get("channels") or ():
            user = str(chat.get("user") or "")
            directs.note(user, chat["id"])
            if chat.get("is_user_deleted"):
                await take(_left(identity, user))
            if user != "USLACKBOT" and not chat.get("is_user_deleted") and left > 0:
                left -= 1
                yield chat["id"]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


async def _said(client: AsyncWebClient, channel: str, since: datetime, clock: Clock) -> list[Json]:
    """People's messages since then, oldest first; the bot's own are passed over."""
    found: list[Json] = []
    cursor = ""
    oldest = f"{since.timestamp():.6f}"
    for _ in range(_MOST_PAGES):
        answer = await _patiently(
            clock,
            partial(client.conversations_history, channel=channel, oldest=oldest, limit=_PAGE, cursor=cursor),
        )
        found += [message for message in answer.get("messages") or () if not message.get("bot_id")]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
        await clock.sleep(PACE_SECONDS)
    return sorted(found, key=lambda message: str(message.get("ts")))


async def _patiently(clock: Clock, call: Callable[[], Awaitable[Any]]) -> Json:
    """Make one call, waiting as long as Slack asks for; an empty answer when it does not work out."""
    for _ in range(_TRIES):
        try:
            answer = await call()
        except Exception as problem:
            error = send_error(problem, "conversations")
            log.warning("slack_missed_messages_wait", reason=str(error))
            await clock.sleep(error.seconds if isinstance(error, TryLaterError) else _RETRY_SECONDS)
        else:
            data: Json = answer.data
            return data
    return {}
