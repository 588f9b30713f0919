"""What somebody in front of Slack sees, and waiting until they see it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.sandbox.slack.state import Channel, Message, User, View
from bot.sandbox.slack.world import World

Where = Channel | str | None
Seen = TypeVar("Seen")


@dataclass(eq=False)
class Onlooker:
    """Somebody's eyes; ``channel=None`` stands for the direct message with the app."""

    world: World
    user: User

    @property
    def id(self) -> str:
        """The user id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The name that others see."""
        return self.user.name

    def messages(self, channel: Where = None) -> list[Message]:
        """What they see there, oldest first, with what only they see."""
        where = self._place(channel)
        mine = [message for message in where.ephemerals if message.ephemeral_for == self.user.id]
        if self.user.id not in where.members:
            return mine
        return sorted([*where.messages, *mine], key=lambda message: message.ts)

    @property
    def home(self) -> View | None:
        """Their App Home, once the app has published one."""
        return self.world.workspace.homes.get(self.user.id)

    @property
    def modal(self) -> View | None:
        """The modal in front of them."""
        stack = self.world.workspace.modals.get(self.user.id)
        return stack[-1] if stack else None

    async def hears(
        self,
        wanted: str | Callable[[Message], bool],
        channel: Where = None,
        timeout: float = 5.0,  # noqa: ASYNC109 (part of what a test says)
        *,
        after: Message | None = None,
    ) -> Message:
        """Wait until somebody else's message that contains ``wanted`` (or for which it is true) is visible.

        Args:
            wanted: Words in the message as people read it, or a condition.
            channel: Where.
            timeout: Real seconds.
            after: Only messages that came later than this one.

        Returns:
            The latest such message.

        Raises:
            AssertionError: none came; the text shows what they see instead.
        """

        def matches(message: Message) -> bool:
            if message.user == self.user.id or (after is not None and message.ts <= after.ts):
                return False
            return wanted in message.plain if isinstance(wanted, str) else wanted(message)

        def look() -> Message | None:
            return next((m for m in reversed(self.messages(channel)) if matches(m)), None)

        found = await self._wait_for(look, timeout)
        if found is None:
            seen = "\n---\n".join(message.plain for message in self.messages(channel)[-8:])
            raise AssertionError(f"{self.name} did not hear {wanted!r} in {timeout} s, but:\n{seen}")
        return found

    async def sees_modal(
        self,
        wanted: str | Callable[[View], bool] = "",
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> View:
        """Wait until a modal that contains ``wanted`` is in front of them."""
        return await self._sees("modal", lambda: self.modal, wanted, timeout)

    async def sees_home(
        self,
        wanted: str | Callable[[View], bool] = "",
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> View:
        """Wait until their App Home contains ``wanted``."""
        return await self._sees("App Home", lambda: self.home, wanted, timeout)

    async def _sees(
        self,
        what: str,
        current: Callable[[], View | None],
        wanted: str | Callable[[View], bool],
        seconds: float,
    ) -> View:
        def look() -> View | None:
            view = current()
            if view is None:
                return None
            return view if (wanted in view.plain if isinstance(wanted, str) else wanted(view)) else None

        found = await self._wait_for(look, seconds)
        if found is None:
            view = current()
            shown = view.plain if view else "none"
            raise AssertionError(f"{self.name} did not see {wanted!r} in the {what} in {seconds} s, but:\n{shown}")
        return found

    async def _wait_for(self, look: Callable[[], Seen | None], seconds: float) -> Seen | None:
        """What ``look`` finds, tried again at each change; None after so many real seconds."""
        try:
            async with asyncio.timeout(seconds):
                while (found := look()) is None:
                    await self.world.next_change()
        except TimeoutError:
            return None
        return found

    def _place(self, channel: Where) -> Channel:
        if channel is None:
            return self.world.im_with(self.user)
        if isinstance(channel, Channel):
            return channel
        for known in self.world.workspace.channels.values():
            if channel in (known.id, known.name):
                return known
        raise LookupError(f"there is no channel {channel!r}")
