"""The bot without platforms: the real store, the real content pack, people who say and press things."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.app import PLATFORMS, build_features
from handlers.core import pipeline
from handlers.core.answers import Answer
from handlers.core.context import House
from handlers.core.features import Feature, Registry
from handlers.core.hub import load_hub
from handlers.core.payloads import load_message
from handlers.core.requests import (
    Actor,
    ButtonPress,
    Command,
    FormSubmitted,
    HomeOpened,
    Picked,
    Place,
    Request,
    TextMessage,
)
from handlers.core.router import NOT_UNDERSTOOD, Understood, as_text, understand
from handlers.core.seals import Seals
from handlers.core.texts import Catalogues
from handlers.core.ui import (
    Button,
    Controls,
    Fields,
    Nothing,
    OpenForm,
    PickList,
    Picture,
    Reply,
    Section,
    Toast,
    plain,
)
from handlers.faq import feature as faq
from handlers.faq import library
from handlers.faq.content import load_files
from handlers.faq.entries import ways
from handlers.retrieval.index import Index
from handlers.retrieval.knowledge import Knowledge
from storage import chats, people, roles
from storage.database import Database
from storage.faq import EntriesChanged
from storage.outbox import OutboxRow
from storage.posts import Post
from storage.rows import Transaction, columns

PACK = Path(__file__).parents[2] / "hub"
FILES = load_files(PACK)
MORNING = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
"""A Monday, 10:42 at the hub."""


class Seen(Struct, frozen=True):
    """A message as it stands in a chat.

    Attributes:
        id: The platform's id of it.
        to: Account of the one person who sees it; empty for everybody.
        at: When it was wanted.
    """

    id: str
    chat_id: int
    reply: Reply
    thread: str = ""
    to: str = ""
    at: str = ""
    lane: int = 0

    @property
    def text(self) -> str:
        parts = []
        for block in self.reply.blocks:
            match block:
                case Section(text=text):
                    parts.append(plain(text))
                case Fields(items=items):
                    parts += [f"{label}: {plain(value)}" for label, value in items]
                case Picture(alt=alt):
                    parts.append(f"[{alt}]")
        return "\n".join(parts)

    @property
    def controls(self) -> list[Any]:
        return [control for block in self.reply.blocks if isinstance(block, Controls) for control in block.items]

    @property
    def buttons(self) -> list[str]:
        return [control.label for control in self.controls]


class Bot:
    """Kumpel, driven by people rather than platforms.

    Args:
        path: The store's file.
        house: What the handlers share.
        index: Ranks what people write, until answers change.

    Attributes:
        answer: What the platform was told at once in answer to the last request.
        forgiving: A handler that divides by zero is handled as a failure instead of failing the test.
        strangers: People write for the first time; otherwise they know what the bot keeps of them.
    """

    def __init__(self, path: Path, house: House, index: Index) -> None:
        self.path = path
        self.house = dataclasses.replace(house, knowledge=Knowledge(index))
        self._changed: set[str] = set()
        self.now = MORNING
        self.answer = Answer(Nothing())
        self.forgiving = False
        self.strangers = False
        self.database = Database(path)
        self._numbers = itertools.count(1)

    async def opens(self) -> None:
        """Open the store; one without answers reads the content pack."""
        await self.database.open()
        self.database.subscribe(self._heard)
        await self.database.write(lambda tx: library.first_import(tx, FILES, self.now))
        self._changed.clear()

    def _heard(self, fact: object) -> None:
        if isinstance(fact, EntriesChanged):
            self._changed.update(fact.ids)

    @property
    def index(self) -> Index:
        """Ranks what people write."""
        return self.house.knowledge.index

    async def understands(self, text: str) -> Understood:
        """What a text means now; the index follows what has changed as the librarian does at once."""
        changed, self._changed = sorted(self._changed), set()
        now = (
            {way.key: way for way in await self.database.read(lambda tx: library.ways(tx, changed))}
            if changed
            else {}
        )
        for key in (f"faq:{entry_id}" for entry_id in changed):
            self.house.knowledge.index = self.index.replaced(key, [now[key]] if key in now else [])
        return understand(self.house.registry, self.house.knowledge.index, text)

    async def restart(self) -> None:
        """Close the store and open it again, as after a crash."""
        await self.database.close()
        self.database = Database(self.path)
        await self.opens()

    def passes(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    # What people do

    async def says(self, text: str, who: str = "ada", **where: Any) -> list[Seen]:
        """Somebody writes; returns what the bot sent because of it, anywhere."""
        addressed, mentions = where.pop("addressed", True), where.pop("mentions", ())
        answering = {name: where.pop(name) for name in ("reply_to", "by_name", "forwarded") if name in where}
        facts = self._facts(who, **where)
        request = TextMessage(**facts, text=text, addressed=addressed, mentions=mentions, **answering)
        return await self.does(request, await self.understands(text))

    async def commands(self, name: str, text: str = "", who: str = "ada", **where: Any) -> list[Seen]:
        """Somebody uses a slash command."""
        mentions = where.pop("mentions", ())
        facts = self._facts(who, **where)
        facts["can_open_form"] = facts["actor"].platform == "slack"
        command = Command(**facts, name=name, text=text, mentions=mentions)
        if self.house.registry.command(name, text):
            return await self.does(command)
        return await self.does(command, await self.understands(as_text(command).text))

    async def presses(self, label: str, who: str = "ada", *, on: Seen | None = None, **where: Any) -> list[Seen]:
        """Somebody presses the newest button of that label in the chat, or the one of a message."""
        facts = self._facts(who, **where)
        seen = on or await self._newest(facts["place"], label)
        button = next(control for control in seen.controls if control.label == label)
        assert isinstance(button, Button)
        token = self.house.seals.seal(button.action.packed, seen.chat_id)
        return await self.presses_token(token, who, message=seen.id, facts=facts)

    async def presses_token(self, token: str, who: str = "ada", *, message: str = "", **where: Any) -> list[Seen]:
        """Somebody's client sends a button's token."""
        facts = where.pop("facts", None) or self._facts(who, **where)
        facts["can_open_form"] = facts["actor"].platform == "slack"
        return await self.does(ButtonPress(**{**facts, "message": message}, token=token))

    async def picks(self, option: str, who: str = "ada", **where: Any) -> list[Seen]:
        """Somebody picks the option of that label from the newest list in the chat."""
        facts = self._facts(who, **where)
        for seen in reversed(await self.screen(facts["place"].chat, facts["actor"].platform)):
            for control in seen.controls:
                if isinstance(control, PickList):
                    value = next((each.value for each in control.options if each.label == option), option)
                    packed = control.action.packed
                    if facts["actor"].platform == "telegram":
                        token = self.house.seals.seal(f"{packed}~{value}", seen.chat_id)
                        return await self.presses_token(token, who, message=seen.id, facts=facts)
                    facts["message"] = seen.id
                    token = self.house.seals.seal(packed, seen.chat_id)
                    return await self.does(Picked(**facts, token=token, value=value))
        raise AssertionError(f"there is no list to pick {option!r} from")

    async def submits(self, who: str = "ada", form: Any = None, key: str = "", **values: str) -> list[Seen]:
        """Somebody sends in the form that was opened last."""
        if form is None:
            assert isinstance(self.answer.outcome, OpenForm), self.answer
            form = self.answer.outcome.form
        facts = self._facts(who, key=key)
        return await self.does(
            FormSubmitted(**facts, form=form.id, instance=form.instance, values=values, context={})
        )

    async def opens_home(self, who: str = "ada") -> list[Seen]:
        """Somebody looks at the bot's home page."""
        return await self.does(HomeOpened(**self._facts(who)))

    async def does(self, request: Request, understood: Understood = NOT_UNDERSTOOD) -> list[Seen]:
        """Hand over one request, as the dispatcher does."""
        if not self.strangers and request.place.kind == "direct":
            await self.database.write(lambda tx: self._meet(tx, request.actor))
        before = [(seen.id, seen.reply) for seen in await self._everything()]
        try:
            self.answer = await self.database.write(
                lambda tx: pipeline.process(self.house, tx, request, understood, self.now)
            )
        except ZeroDivisionError:
            if not self.forgiving:
                raise
            self.answer = await self.database.write(
                lambda tx: pipeline.fail(self.house, tx, request, "7K2M", type(request).__name__, self.now)
            )
        return [seen for seen in await self._everything() if (seen.id, seen.reply) not in before]

    def _meet(self, tx: Transaction, actor: Actor) -> None:
        known = people.get_account(tx, actor.platform, actor.account) or people.add_account(
            tx,
            actor.platform,
            actor.account,
            self.now,
            name=actor.name,
            handle=actor.handle,
            trusted=actor.trusted,
            guest=actor.guest,
        )
        people.mark_greeted(tx, known.person_id)

    # What people see

    @property
    def toast(self) -> str:
        """The line that passes, or what a platform without such lines shows one person instead."""
        assert isinstance(self.answer.outcome, Toast), self.answer
        return self.answer.outcome.text

    async def screen(self, chat: str = "ada", platform: str = "slack") -> list[Seen]:
        """The messages that stand in a chat; a direct chat has its person's name."""
        known = await self.database.read(lambda tx: chats.get_chat_by_external_id(tx, platform, chat))
        shown: dict[str, Seen] = {}
        for seen in await self._everything() if known else ():
            if known and seen.chat_id == known.id:
                shown[seen.id] = seen
        return list(shown.values())

    async def texts(self, chat: str = "ada", platform: str = "slack") -> list[str]:
        """Their texts."""
        return [seen.text for seen in await self.screen(chat, platform)]

    async def _newest(self, place: Place, label: str) -> Seen:
        screen = await self.screen(place.chat, place.platform)
        for seen in reversed(screen):
            if label in seen.buttons:
                return seen
        raise AssertionError(f"no button {label!r} in {place.chat}: {[seen.buttons for seen in screen]}")

    async def _everything(self) -> list[Seen]:
        return await self.database.read(self._read_everything)

    def _read_everything(self, tx: Transaction) -> list[Seen]:
        found = []
        for row in tx.all(OutboxRow, f"SELECT {columns(OutboxRow)} FROM outbox WHERE payload <> '' ORDER BY id"):
            content = load_message(row.payload)
            if isinstance(content, Reply):
                at = row.created_at.isoformat()
                found.append(
                    Seen(row.edits or f"m{row.id}", row.chat_id, content, row.thread, row.audience, at, row.lane)
                )
        for post in tx.all(Post, f"SELECT {columns(Post)} FROM posts WHERE state <> 'gone' ORDER BY id"):
            chat = chats.get_chat(tx, post.chat_id)
            shown = pipeline.view(self.house, tx, post, chat, self.now) if chat else None
            if shown:
                wanted = str(tx.value("SELECT created_at FROM posts WHERE id = ?", (post.id,)))
                found.append(Seen(f"p{post.id}", post.chat_id, shown, post.thread, "", wanted, post.lane))
        return sorted(found, key=lambda seen: datetime.fromisoformat(seen.at))

    # Around

    async def gives(self, who: str, role: Any, platform: str = "slack") -> None:
        """Let somebody have a role from the start."""

        def add(tx: Transaction) -> None:
            account = people.get_account(tx, platform, who) or people.add_account(
                tx, platform, who, self.now, name=who.title(), handle=who
            )
            roles.add_role(tx, account.person_id, role, None, self.now)

        await self.database.write(add)

    async def reads(self, function: Any) -> Any:
        """Read the store."""
        return await self.database.read(function)

    def actor(self, who: str, platform: str = "slack", **facts: Any) -> Actor:
        """Somebody, as mentions show them."""
        return Actor(platform, who, **{"name": who.title(), "handle": who, **facts})

    def _facts(
        self,
        who: str,
        platform: str = "slack",
        chat: str = "",
        thread: str = "",
        key: str = "",
        reply_via: str = "",
        **actor: Any,
    ) -> dict[str, Any]:
        place = Place(platform, chat or who, "group" if chat else "direct", thread, chat, reply_via)
        number = next(self._numbers)
        return {
            "delivery_key": key or f"{platform}:{number}",
            "actor": self.actor(who, platform, **actor),
            "place": place,
            "received_at": self.now,
            "message": f"in{number}",
        }


def build_house(features: Sequence[Feature] = ()) -> tuple[House, Index]:
    """Put the real features together, as the composition root does, but for what follows bookings (``after``)."""
    hub = load_hub(PACK)
    quiet = [dataclasses.replace(feature, after=None) for feature in build_features(PACK, hub)]
    registry = Registry([*quiet, *features], unsure=faq.unsure, unknown=faq.unknown)
    house = House(PACK, hub, Catalogues(), registry, Seals(["a secret for tests"]), PLATFORMS)
    return house, Index([*registry.ways, *ways([entry for file in FILES for entry in file.entries])])
