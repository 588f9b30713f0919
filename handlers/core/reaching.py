"""Where, when and whether a person is told something: in the chat they prefer, or another they have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from handlers.core.payloads import load_message
from handlers.core.ui import Attachment
from storage import chats, consents, outbox, people, settings
from storage.chats import Chat
from storage.outbox import NOTICE, OutboxRow
from storage.rows import Transaction

if TYPE_CHECKING:
    from handlers.core.context import Capabilities

ELSEWHERE = ":elsewhere"
"""Ends the key of what goes to another chat because it could not arrive in the first: once, whatever happens."""


def direct_chats(
    tx: Transaction,
    platforms: Mapping[str, Capabilities],
    person_id: int,
    now: datetime,
    *,
    near: str = "",
    avoid: str = "",
) -> list[Chat]:
    """Where a person can be written to directly, the best first.

    Args:
        tx: The transaction.
        platforms: What the bot is connected to.
        person_id: Who.
        now: The time.
        near: The platform to prefer for this message; otherwise the one that the person prefers.
        avoid: The platform to use only where there is no other.
    """
    accounts = [
        account
        for account in people.list_accounts(tx, person_id)
        if account.platform in platforms and account.left_at is None
    ]
    here = {account.platform for account in accounts}
    found = [chat for chat in chats.list_direct_chats(tx, person_id) if chat.platform in here]
    known = {chat.platform for chat in found}
    for account in accounts:
        can_open = account.external_id and platforms[account.platform].writes_first
        if can_open and account.platform not in known:
            found.append(chats.add_chat(tx, account.platform, account.external_id, "direct", "", now))
    if len(found) < 2:
        return found
    first = near or settings.get_settings(tx, person_id).preferred
    return sorted(found, key=lambda chat: (chat.state != "open", chat.platform == avoid, chat.platform != first))


def wants(tx: Transaction, person_id: int, kind: str) -> bool:
    """Does a person want to hear of a kind of notice? Who objected hears only what answers something of theirs."""
    if not kind:
        return True
    return kind not in settings.list_muted_kinds(tx, person_id) and not consents.objects(tx, person_id)


def quiet_until(now: datetime, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime | None:
    """When quiet hours that are on now will end; None if they are not on.

    Args:
        now: The time.
        quiet: Begin and end by the clock on the wall; over midnight if the end is not later than the begin.
        zone: Of that clock. Where it is set, an hour is left out or comes twice: quiet hours end by the first time
            that the clock shows their end after now, or would have.
    """
    if quiet is None:
        return None
    begin, end = quiet
    local = now.astimezone(zone)
    at = local.time()
    if not (begin <= at < end if begin < end else at >= begin or at < end):
        return None
    day = local.date() if at < end else local.date() + timedelta(1)
    ends = (datetime.combine(day, end.replace(fold=fold), zone).astimezone(now.tzinfo) for fold in (0, 1))
    return next((moment for moment in ends if moment > now), None)


def send_elsewhere(
    tx: Transaction, platforms: Mapping[str, Capabilities], row: OutboxRow, zone: ZoneInfo, now: datetime
) -> bool:
    """Send a person's notice that can't arrive in its chat to another of theirs; False if there is none open.

    That it goes there once is what its key is for; if it can't arrive there either, that was all.
    """
    if row.person_id is None:
        return False
    others = direct_chats(tx, platforms, row.person_id, now)
    chat = next((chat for chat in others if chat.id != row.chat_id and chat.state == "open"), None)
    if chat is None:
        return False
    held = quiet_until(now, settings.get_settings(tx, row.person_id).quiet, zone) if row.lane >= NOTICE else None
    added = outbox.add_message(
        tx,
        chat,
        key=row.key + ELSEWHERE,
        payload=row.payload,
        lane=row.lane,
        now=now,
        file=isinstance(load_message(row.payload), Attachment),
        report=row.report,
        broadcast=row.broadcast,
        not_before=held,
        about=row.about,
    )
    return added > 0
