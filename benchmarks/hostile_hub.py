"""The hub of the hostile strings: the bot between both platforms, and what people do there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from benchmarks.hostile_reading import Seen
from bot.app import App
from bot.sandbox.slack import SlackPerson
from bot.sandbox.telegram import TelegramPerson
from bot.sandbox.world import SandboxWorld
from handlers.core.payloads import load_form
from handlers.core.ui import ChoiceField, DateField
from storage import chats, people, places
from storage.rows import Transaction

NAME_LENGTH = 60
SETTLE_SECONDS, PATIENCE = 120.0, 120.0
"""How long is waited: many speak at once, and how fast they are answered is another figure."""

FITTING = {
    "time": "18:30",
    "until": "20:00",
    "seats": "5",
    "founded": "2024",
    "begin": "22:00",
    "end": "07:00",
    "title": "Passt das so?",
    "ask": "passt das wohl so",
    "as_of": "2020",
}
"""What is sent where a field refused the hostile string, so that the rest of its form arrives."""

Person = SlackPerson | TelegramPerson


@dataclass
class Row:
    """One string, who says it, who of the team decides, and who is blocked for it."""

    text: str
    founder: Person
    lead: Person
    victim: Person
    ids: dict[str, int] = field(default_factory=dict)


class Hub:
    """The bot between both platforms, without their pace.

    Args:
        world: The platforms.
        app: The bot.
        seen: Where to keep what comes of it.
    """

    def __init__(self, world: SandboxWorld, app: App, seen: Seen) -> None:
        self.world, self.app, self.seen = world, app, seen
        first = world.slack.add_user("Chefin", locale="de-DE")
        self.channel = world.slack.add_channel("team", first)

    async def set_up(self) -> None:
        """Give the team a place on both platforms, where events and notices go too."""
        starter = self.world.telegram.add_user("Starter", language="de")
        group = await starter.create_group("Team", supergroup=True)
        await starter.add_bot(group)
        await self.settled()

        def place(tx: Transaction) -> None:
            now = self.app.clock.now()
            by = people.add_account(tx, "slack", "nobody", now, name="Nobody").person_id
            known = [("slack", f"{self.world.slack.team_id}:{self.channel.id}"), ("telegram", str(group.id))]
            for platform, external in known:
                chat = chats.add_chat(tx, platform, external, "group", "Team", now)
                places.add_place(tx, "managers", chat.id, "", by, now)
                places.add_place(tx, "events", chat.id, "", by, now)

        await self.app.database.write(place)

    async def settled(self) -> None:
        """Wait until all that was said was handled, and all that is to be said was sent."""
        deadline, calm = time.monotonic() + SETTLE_SECONDS, 0
        while calm < 2 and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
            calm = calm + 1 if await self._is_calm() else 0
        if calm < 2:
            self.seen.failed.append("did not settle")

    async def _is_calm(self) -> bool:
        slack, telegram = self.world.slack, self.world.telegram
        if telegram.world.queue.pending_count() or not all(each.done for each in slack.deliveries.log[-2000:]):
            return False
        if not self.app.database.idle or not all(sender.idle for sender in self.app.delivery.senders.values()):
            return False
        waiting = (
            "SELECT (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending', 'unknown'))"
            " + (SELECT count(*) FROM posts WHERE state IN ('sending', 'unknown')"
            " OR (state = 'idle' AND sent < wanted))"
        )
        return not await self.app.database.read(lambda tx: tx.value(waiting))

    # What people do

    def add(self, text: str, number: int) -> Row:
        """A founder whose name the string is, somebody of the team, and somebody to be blocked."""
        name = text.strip()[:NAME_LENGTH] or "x"
        if number % 2:
            add: Callable[[str], Person] = lambda name: self.world.slack.add_user(name, locale="de-DE")  # noqa: E731
        else:
            add = lambda name: self.world.telegram.add_user(name, language="de")  # noqa: E731
        return Row(text, add(name), add(f"Lead{number}"), add(f"Opfer{number}"))

    async def say(self, person: Person, text: str) -> None:
        """Say it directly, cut to what a client sends."""
        text = text.encode("utf-16-le")[: 2 * 4000].decode("utf-16-le", "ignore")
        if isinstance(person, SlackPerson):
            await (await person.say(text)).acked(PATIENCE)
        elif text.strip():
            await person.say(text)

    async def command(self, person: Person, word: str, text: str, *, opens: bool = False) -> None:
        """Use a command with the string behind it; a form stays open if it is wanted (``opens``)."""
        if isinstance(person, SlackPerson):
            await (await person.command("/kumpel", f"{word} {text}"[:3000])).acked(PATIENCE)
            if not opens:
                self.world.slack.world.workspace.modals.pop(person.id, None)
        else:
            await self.say(person, f"/{word} {text}")

    async def press(self, person: Person, packed: str) -> None:
        """Press a button of that action, wherever the person may have it."""
        platform, external = account_of(self.world, person)
        query = "SELECT id FROM chats WHERE platform = ? AND external_id = ?"
        chat = await self.app.database.read(lambda tx: tx.value(query, (platform, external)))
        token = self.app.house.seals.seal(packed, chat)
        if isinstance(person, SlackPerson):
            message = next(m for m in reversed(person.messages()) if m.bot_id)
            label = {"type": "plain_text", "text": "Press"}
            button = {"type": "button", "action_id": "0:x", "value": token, "text": label}
            message.blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
            await (await person.press("Press", message)).acked(PATIENCE)
        else:
            bot_id = self.world.telegram.world.bot.id
            shown = next(m for m in reversed(person.messages()) if m.sender.id == bot_id)
            shown.reply_markup = {"inline_keyboard": [[{"text": "Press", "callback_data": token}]]}
            await person.press("Press", shown)

    async def fill(
        self,
        rows: Sequence[Row],
        who: str,
        packed: Callable[[Row], str],
        given: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Open a form by its button or ``/command`` and send it in, everybody at the same time.

        Args:
            rows: The strings, and whose they are.
            who: Which of a row's people.
            packed: The button's action, or the command.
            given: What fields get instead of the string.
        """
        for row in rows:
            if packed(row).startswith("/"):
                await self.command(getattr(row, who), packed(row)[1:], "", opens=True)
            else:
                await self.press(getattr(row, who), packed(row))
        await self.settled()
        tried: set[tuple[str, str]] = set()
        for _ in range(3):
            for row in rows:
                person = getattr(row, who)
                if isinstance(person, SlackPerson) and person.modal is not None:
                    await self._submit(person, row.text, given)
        for _ in range(40):
            asked = [row for row in rows if not isinstance(getattr(row, who), SlackPerson)]
            answered = [await self._answer(getattr(row, who), row.text, tried, given) for row in asked]
            if not any(answered):
                break
            await self.settled()
        await self.settled()

    async def _submit(self, person: SlackPerson, text: str, given: Mapping[str, str]) -> None:
        modal = person.modal
        assert modal is not None
        wrong = set(modal.errors)
        for control in modal.controls:
            name = control.action_id.rpartition(":")[2] or control.action_id
            if control.type == "plain_text_input":
                if not modal.errors or control.block_id in wrong:
                    value = text[: int(control.element.get("max_length", 3000))]
                    value = (
                        FITTING.get(_field_name(control.action_id, control.block_id), "Passt") if wrong else value
                    )
                    person.fill({control.block_id: given.get(control.block_id, value)})
                    self.seen.filled[f"{modal.title}: {control.label or name}"] += 1
            elif control.type == "datepicker":
                person.fill({control.block_id: self._day()})
            elif control.options:
                person.fill({control.block_id: control.options[0]["value"]})
        await (await person.submit()).acked(PATIENCE)

    async def _answer(
        self, person: TelegramPerson, text: str, tried: set[tuple[str, str]], given: Mapping[str, str]
    ) -> bool:
        """Answer the question that is open; False if there is none."""
        _, external = account_of(self.world, person)
        query = (
            "SELECT f.instance, f.payload, f.step FROM forms f JOIN accounts a ON a.person_id = f.person_id"
            " WHERE a.platform = 'telegram' AND a.external_id = ? AND f.state = 'asking'"
        )
        found = await self.app.database.read(lambda tx: tx.values(query, (external,)))
        if not found:
            return False
        instance, payload, step = found[0]
        asked = load_form(payload).fields[step]
        match asked:
            case ChoiceField(options=options):
                value = options[0].label
            case DateField():
                value = f"{self._day():%d.%m.%Y}"
            case _:
                value = given.get(asked.name, text[: asked.max_length].strip())
                if not value or (instance, asked.name) in tried:
                    value = FITTING.get(asked.name, "Passt")
                tried.add((instance, asked.name))
                self.seen.filled[f"{load_form(payload).title}: {asked.label}"] += 1
        await self.say(person, value)
        return True

    def _day(self) -> Any:
        return (self.app.clock.now() + timedelta(days=60)).date()

    async def ids(self, rows: Sequence[Row], name: str, query: str) -> None:
        """Look up the row that each founder (``:founder``) or lead (``:lead``) has made last."""
        for row in rows:
            row.ids[name] = await self.app.database.read(partial(self._id, row=row, query=query))

    def _id(self, tx: Transaction, row: Row, query: str) -> int:
        given = {}
        for who in ("founder", "lead", "victim"):
            account = people.get_account(tx, *account_of(self.world, getattr(row, who)))
            given[who] = account.person_id if account else 0
        return int(tx.value(query, given) or 0)


def account_of(world: SandboxWorld, person: Person) -> tuple[str, str]:
    """Platform and account, as the bot keeps them."""
    if isinstance(person, SlackPerson):
        return "slack", f"{world.slack.team_id}:{person.id}"
    return "telegram", str(person.id)


def _field_name(*ids: str) -> str:
    return next((name for name in FITTING if any(name in each.split(":") for each in ids)), "")
