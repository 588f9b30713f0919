"""What a page can have people do, and do to the demo itself, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bot.demo.asked import Asked, Json
from bot.demo.board import Board
from bot.demo.cast import CannotError, Person
from bot.demo.moving import goal_of, move
from bot.demo.slack_deeds import SlackDeeds
from bot.demo.stage import Stage
from bot.demo.telegram_deeds import TelegramDeeds

PersonDeed = Callable[[Person, Asked], Awaitable[Json]]
WorldDeed = Callable[[Asked], Awaitable[Json]]


class Stories(Protocol):
    """Knows what happened behind a message; see :class:`bot.demo.glass.Glass`."""

    def story(self, platform: str, place: str, message: str) -> list[Json]:
        """What led to a message, the oldest first."""

    def latest(self) -> list[Json]:
        """What happened last, the newest first."""


class Deeds:
    """Does what pages ask for.

    Args:
        stage: What runs.
        board: Is told of what the platforms don't tell by themselves.

    Attributes:
        stories: Knows what happened behind messages, once it is there.
    """

    def __init__(self, stage: Stage, board: Board) -> None:
        self._stage = stage
        self._board = board
        self.stories: Stories | None = None
        slack, telegram = SlackDeeds(stage, board), TelegramDeeds(stage)
        self._by_people: dict[str, PersonDeed] = {
            "slack.say": slack.say,
            "slack.edit": slack.edit,
            "slack.delete": slack.delete,
            "slack.press": slack.press,
            "slack.pick": slack.pick,
            "slack.submit": slack.submit,
            "slack.close": slack.close,
            "slack.home": slack.home,
            "slack.shortcut": slack.shortcut,
            "telegram.say": telegram.say,
            "telegram.start": telegram.start,
            "telegram.press": telegram.press,
            "telegram.open": telegram.open,
            "telegram.block": telegram.block,
            "telegram.unblock": telegram.unblock,
        }
        self._by_nobody: dict[str, WorldDeed] = {
            "world.move": self._move,
            "world.fault": self._fault,
            "world.heal": self._heal,
            "world.stop": self._stop,
            "world.start": self._start,
            "world.crash": self._crash,
            "glass.story": self._story,
            "glass.latest": self._latest,
        }

    async def do(self, asked: Json) -> Json:
        """Do what a page asks for and return the result.

        Raises:
            CannotError: It is not possible.
        """
        fields = Asked(asked)
        name = fields.text("do")
        if deed := self._by_people.get(name):
            person = self._stage.cast.people.get(fields.text("as"))
            if person is None:
                raise CannotError("Diese Person gibt es hier nicht.", "There is no such person here.")
            return await deed(person, fields)
        if world_deed := self._by_nobody.get(name):
            return await world_deed(fields)
        raise CannotError("Das kann die Demo nicht.", "The demo can't do that.")

    async def _move(self, asked: Asked) -> Json:
        goal = goal_of(asked.text("to"), self._stage.clock.now())
        due = await move(self._stage, goal)
        await self._board.look_into_store()
        return {"now": self._stage.clock.now().isoformat(timespec="milliseconds"), "due": due}

    async def _fault(self, asked: Asked) -> Json:
        self._stage.trouble.switch(asked.text("platform"), asked.text("kind"), asked.flag("on"))
        return {}

    async def _heal(self, _: Asked) -> Json:
        self._stage.trouble.heal()
        return {}

    async def _stop(self, _: Asked) -> Json:
        await self._stage.stop()
        return {}

    async def _start(self, _: Asked) -> Json:
        await self._stage.start()
        return {}

    async def _crash(self, _: Asked) -> Json:
        await self._stage.crash()
        return {}

    async def _story(self, asked: Asked) -> Any:
        where = asked.text("platform"), asked.text("place"), asked.text("message")
        return self.stories.story(*where) if self.stories else []

    async def _latest(self, _: Asked) -> Any:
        return self.stories.latest() if self.stories else []
