"""All senders: fed from the store, started with what was left unsettled, stopped in order."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.adapters.port import Adapter
from bot.clock import Clock
from bot.delivery.compose import Composer
from bot.delivery.sender import Sender
from bot.delivery.settle import Settlement, Work, restart
from bot.metrics import Metrics
from handlers.core.context import House
from storage import chats, outbox, posts
from storage.chats import Chat
from storage.database import Database
from storage.outbox import Queued
from storage.rows import Transaction
from storage.switches import PAUSED, SwitchTurned, get_switch


class Delivery:
    """Sends what the store holds.

    Args:
        adapters: By platform.
        house: What handlers share.
        database: The open store; what it announces is sent.
        clock: The time.
        metrics: Where to count.
    """

    def __init__(
        self, adapters: Mapping[str, Adapter], house: House, database: Database, clock: Clock, metrics: Metrics
    ) -> None:
        self._database = database
        self._paused = False
        composer, settlement = Composer(house, database, adapters), Settlement(house)
        self.senders = {
            platform: Sender(adapter, database, composer, settlement, clock, metrics, paused=lambda: self._paused)
            for platform, adapter in adapters.items()
        }
        database.subscribe(self._hear)

    async def start(self) -> None:
        """Settle what was under way when the bot stopped, and begin to send."""
        left, waiting, paused = await self._database.write(_left_over)
        self._paused = paused
        for platform, sender in self.senders.items():
            sender.start([(chat, work) for chat, work in left if chat.platform == platform])
        for queued in waiting:
            self._hear(queued)

    async def stop(self) -> None:
        """Send nothing new; wait for what is under way. What is still to be looked for is looked for next time."""
        await asyncio.gather(*(sender.stop() for sender in self.senders.values()))

    @property
    def paused(self) -> bool:
        """Are all but replies held back?"""
        return self._paused

    def _hear(self, fact: object) -> None:
        if isinstance(fact, Queued) and (sender := self.senders.get(fact.platform)):
            sender.add(fact)
        elif isinstance(fact, SwitchTurned) and fact.name == PAUSED:
            self._paused = bool(fact.value)
            for sender in self.senders.values():
                sender.wake()


def _left_over(tx: Transaction) -> tuple[list[tuple[Chat, Work]], list[Queued], bool]:
    works: list[Work] = [*outbox.list_unsettled(tx), *posts.list_unsettled_posts(tx)]
    left = [(chat, work) for work in works if (chat := chats.get_chat(tx, work.chat_id))]
    return left, restart(tx), bool(get_switch(tx, PAUSED))
