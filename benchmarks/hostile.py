"""500 hostile strings through every field that a person can fill, between the local Slack and Telegram.

Half of them come by Slack, half by Telegram: as a name, in chat, behind every command, in every text field of
every form that the registry knows, as the reason of a block. The team reads them in both chats. Every call of the
bot is read as the platform would: what comes alive, is refused, or makes a handler fail is counted; so is a form
that nobody filled. In the team's own notices an address is a link, which is meant, and says where it leads; a link
that says anything else counts. Limits of pace are off: they would take an hour.
"""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from typing import Any

import structlog

import bot.delivery.settle
from benchmarks.hostile_strings import SITE, TAGS, hostile
from benchmarks.report import Figure, leave, parser, report
from bot.app import App
from bot.sandbox.slack import SlackPerson, modals
from bot.sandbox.slack.plain import plain_text_of
from bot.sandbox.telegram import TelegramPerson
from bot.sandbox.telegram.entities import find_entities, parse_html, utf16_slice
from bot.sandbox.world import SandboxWorld, running_world
from bot.settings import Settings
from handlers.core.payloads import load_form
from handlers.core.ui import ChoiceField, DateField
from storage import chats, faq_drafts, people, places, roles
from storage.rows import Transaction

STRINGS, BATCH = 500, 25
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

MARKUP = {"answer": "**Passt**, [hier](https://hub.ruhr)."}
"""What is sent where markup is meant: an answer that the team writes for all."""

OURS = {"hub.ruhr"}
"""Addresses that the bot may lead to."""

PAGE_TAGS = frozenset(
    ("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "tr", "th", "td")
)
ENTRY = frozenset(
    ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "TRANSP", "STATUS")
)

Person = SlackPerson | TelegramPerson


@dataclass
class Seen:
    """What came of it.

    Attributes:
        live: Whatever came alive, with the call that brought it.
        refused: Calls that a platform refused.
        failed: Handlers that failed.
        unsafe: Files that are not what they ought to be.
        calls: How many calls of the bot were read.
        filled: How many values were sent, by form and field.
        forms: The forms that came in whole.
    """

    live: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    unsafe: list[str] = field(default_factory=list)
    calls: int = 0
    files: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)


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
        platform, external = _account(self.world, person)
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
        _, external = _account(self.world, person)
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
            account = people.get_account(tx, *_account(self.world, getattr(row, who)))
            given[who] = account.person_id if account else 0
        return int(tx.value(query, given) or 0)

    # What came of it

    def look(self, *, notices: bool) -> None:
        """Read all calls since the last look, as the platforms would; in ``notices`` addresses are links."""
        for call in self.world.slack.calls:
            if call.method.startswith(("chat.", "views.", "response_url", "files.")):
                self.seen.calls += 1
                if call.status != 200 or not (call.answer or {}).get("ok", True):
                    self.seen.refused.append(f"{call.method}: {call.answer} {str(call.params)[:300]}")
                self.seen.live += [
                    f"{call.method}: {what}" for what in live_in_slack(call.params, notices=notices)
                ]
        for call in self.world.telegram.calls:
            if call.method.lower().startswith(("send", "edit", "answercallback")):
                self.seen.calls += 1
                if call.status != 200 and "message is not modified" not in str(call.answer):
                    self.seen.refused.append(f"{call.method}: {call.answer} {str(call.params)[:300]}")
                self.seen.live += [
                    f"{call.method}: {what}" for what in live_in_telegram(call.params, notices=notices)
                ]
        self.world.slack.calls.clear()
        self.world.telegram.calls.clear()

    def look_at_files(self, row: Row) -> None:
        """Are the calendar entries, pages and data that somebody got what they ought to be?"""
        for name, content in _files(self.world, row.founder):
            self.seen.files += 1
            self.seen.unsafe += [f"{name}: {problem}" for problem in unsafe(name, content)]


def live_in_slack(params: Any, *, notices: bool = False) -> Iterator[str]:
    """What Slack would act on in a call: mentions, links, and markup that came alive."""
    blocks = params.get("blocks") or params.get("view") or []
    content = json.loads(blocks) if isinstance(blocks, str) else blocks
    for text in (params.get("text") or "", *_marked_up(content, notices)):
        for sign in (
            "<!",
            "<@U0EVIL0009",
            "<#C0EVIL0009",
            f"<https://{SITE}",
            f"<http://{SITE}",
            "<mailto:mallory",
        ):
            if sign in text:
                yield f"{sign} in {text[:80]!r}"
    whole = content.get("blocks", []) if isinstance(content, dict) else content
    yield from _live_tags(plain_text_of("", whole, {}))


def _marked_up(node: Any, notices: bool) -> Iterator[str]:
    """Everything that Slack reads as its markup; plain text and text in rich text are taken to the letter."""
    match node:
        case list():
            for part in node:
                yield from _marked_up(part, notices)
        case {"type": "mrkdwn", "text": str(text)}:
            yield text
        case {"type": "user", "user_id": str(user)}:
            yield f"<@{user}>"
        case {"type": "link", "url": str(url), **more} if not notices or more.get("text", url) != url:
            yield f"<{url}>"
        case {"type": "broadcast" | "usergroup" | "channel" as kind}:
            yield f"<!{kind}>"
        case dict():
            for part in node.values():
                yield from _marked_up(part, notices)


def live_in_telegram(params: Any, *, notices: bool = False) -> Iterator[str]:
    """What Telegram would mark in a call: also what it finds by itself in plain text."""
    for source in (params.get("text"), params.get("caption")):
        if not source or not isinstance(source, str):
            continue
        if params.get("parse_mode") != "HTML":
            continue  # a toast: plain in any case
        text, entities = parse_html(source)
        for entity in find_entities(text, entities):
            said = utf16_slice(text, entity["offset"], entity["length"])
            kind, url = entity["type"], str(entity.get("url", ""))
            found_by_itself = kind in ("mention", "url", "email", "bot_command", "hashtag")
            if found_by_itself and not any(own in said for own in OURS):
                yield f"{kind} {said[:60]!r}"
            elif kind == "text_link" and (SITE in url or "evil.com" in url):
                if not notices or said.rstrip("/") != url.rstrip("/"):
                    yield f"link {url[:60]!r}"
            elif kind == "text_mention" and entity["user"]["id"] == 1:
                yield "a mention that was typed"
        yield from _live_tags(text)


def _live_tags(text: str) -> Iterator[str]:
    """Words whose markup is gone from around them; what was cut off at an end is nothing that came alive."""
    for word, written in TAGS:
        lost = text.count(word) - text.count(written)
        if lost > text.count("…") + 1 or (
            lost > 0 and "…" not in text and len(text) < 1000 and not _is_cut(text, word, written)
        ):
            yield f"{written} is read as {word}"


def _is_cut(text: str, word: str, written: str) -> bool:
    """Did a field's limit cut the string inside its markup?"""
    before = written.partition(word)[0]
    return all(text[max(0, at - len(before)) : at] == before for at in _places(text, word))


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def unsafe(name: str, content: bytes) -> Iterator[str]:
    """What is wrong with a file that the bot made."""
    if name.endswith(".ics"):
        import icalendar

        calendar = icalendar.Calendar.from_ical(content)
        events = calendar.walk("VEVENT")
        if len(events) != 1 or calendar.walk("VALARM"):
            yield f"{len(events)} events"
        for event in events:
            if more := set(event) - ENTRY:
                yield f"says {more}"
    elif name.endswith(".json"):
        json.loads(content)
    elif name.endswith(".html"):
        page = _Page()
        page.feed(content.decode())
        yield from page.problems


class _Page(HTMLParser):
    """A page of ours; whatever is no plain table is a problem."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in PAGE_TAGS:
            self.problems.append(f"holds <{tag}>")
        for name, _ in attrs:
            if name not in ("lang", "charset", "name", "content", "http-equiv"):
                self.problems.append(f"<{tag}> has {name}")


def _account(world: SandboxWorld, person: Person) -> tuple[str, str]:
    if isinstance(person, SlackPerson):
        return "slack", f"{world.slack.team_id}:{person.id}"
    return "telegram", str(person.id)


def _field_name(*ids: str) -> str:
    return next((name for name in FITTING if any(name in each.split(":") for each in ids)), "")


def _files(world: SandboxWorld, person: Person) -> list[tuple[str, bytes]]:
    if isinstance(person, SlackPerson):
        return [(file.name, file.content) for message in person.messages() for file in message.files]
    return [(message.file.name, message.file.data) for message in person.messages() if message.file]


async def run_batch(hub: Hub, texts: Sequence[str], first: int) -> None:
    """Send some strings through every field."""
    rows = [hub.add(text, first + at) for at, text in enumerate(texts)]
    for row in rows:
        for person in (row.founder, row.lead, row.victim):
            await hub.say(person, "hallo")
    await hub.settled()

    def make_leads(tx: Transaction) -> None:
        for row in rows:
            account = people.get_account(tx, *_account(hub.world, row.lead))
            assert account is not None
            roles.add_role(tx, account.person_id, "lead", None, hub.app.clock.now())

    await hub.app.database.write(make_leads)
    words = sorted({route.words[0] for feature in hub.app.house.registry.features for route in feature.commands})
    for row in rows:
        await hub.say(row.founder, row.text)
    for word in words:
        for row in rows:
            await hub.command(row.founder, word, row.text)
        await hub.settled()
    for row in rows:
        await hub.say(row.founder, "abbrechen")
    await hub.settled()
    hub.look(notices=False)
    for step in STEPS:
        await step(hub, rows)
        hub.look(notices=step in (_notices, _pages))
    for row in rows:
        hub.look_at_files(row)


async def _questions(hub: Hub, rows: Sequence[Row]) -> None:
    await hub.fill(rows, "founder", lambda row: "faq:new")
    await hub.ids(rows, "question", "SELECT max(id) FROM questions WHERE asker_id = :founder AND state = 'open'")
    await _press_all(hub, rows, "lead", lambda row: f"faq:take|{row.ids['question']}")
    await hub.fill(rows, "lead", lambda row: f"faq:answer|{row.ids['question']}")
    await hub.fill(rows, "founder", lambda row: f"faq:again|{row.ids['question']}")


async def _answers(hub: Hub, rows: Sequence[Row]) -> None:
    draft = "SELECT max(id) FROM faq_drafts WHERE author_id = :lead"
    await hub.fill(rows, "lead", lambda row: "faq:write", MARKUP)
    await hub.ids(rows, "draft", draft)
    await hub.fill(rows, "lead", lambda row: f"faq:draft-more|{row.ids['draft']}")
    await hub.fill(rows, "lead", lambda row: f"faq:try|{row.ids['draft']}")
    await _press_all(hub, rows, "lead", lambda row: f"faq:out|{row.ids['draft']}")

    def propose(tx: Transaction) -> None:
        for row in rows:
            faq_drafts.add_proposal(tx, "desk-price", row.ids["question"], "picked", hub.app.clock.now())

    await hub.app.database.write(propose)
    await hub.ids(rows, "proposal", "SELECT max(id) FROM faq_proposals WHERE asker_id = :founder")
    await _press_all(hub, rows, "lead", lambda row: "faq:props")
    await hub.fill(rows, "lead", lambda row: f"faq:prop-search|{row.ids['proposal']}")
    await hub.fill(rows, "lead", lambda row: f"faq:prop-word|{row.ids['proposal']}")
    for row in rows:
        await hub.command(row.lead, "faq", row.text)
    await hub.settled()


async def _mentoring(hub: Hub, rows: Sequence[Row]) -> None:
    query = "SELECT max(id) FROM mentoring_requests WHERE founder_id = :founder"
    await hub.fill(rows, "founder", lambda row: "mentoring:new")
    await hub.ids(rows, "declined", query)
    await hub.fill(rows, "lead", lambda row: f"mentoring:decline|{row.ids['declined']}")
    await hub.fill(rows, "founder", lambda row: "mentoring:new")
    await hub.ids(rows, "request", query)
    await _press_all(hub, rows, "lead", lambda row: f"mentoring:read|{row.ids['request']}")
    await _press_all(hub, rows, "lead", lambda row: f"mentoring:accept|{row.ids['request']}")
    for who in ("lead", "founder"):
        await hub.fill(rows, who, lambda row: f"mentoring:write|{row.ids['request']}")


async def _companies(hub: Hub, rows: Sequence[Row]) -> None:
    await hub.fill(rows, "founder", lambda row: "companies:name")
    await hub.ids(
        rows, "offer", "SELECT max(id) FROM company_joins WHERE person_id = :founder AND state = 'offered'"
    )
    offered = [row for row in rows if row.ids["offer"]]
    await _press_all(hub, offered, "founder", lambda row: f"companies:new|{row.ids['offer']}")
    await hub.ids(rows, "company", "SELECT company_id FROM company_members WHERE person_id = :founder")
    await hub.fill(rows, "lead", lambda row: f"companies:rename|{row.ids['company']}")


async def _settings(hub: Hub, rows: Sequence[Row]) -> None:
    await hub.fill(rows, "victim", lambda row: "settings:times")


async def _events(hub: Hub, rows: Sequence[Row]) -> None:
    await hub.fill(rows, "lead", lambda row: "events:new")
    await hub.ids(rows, "event", "SELECT max(id) FROM events WHERE created_by = :lead")
    await _press_all(hub, rows, "lead", lambda row: f"events:publish|{row.ids['event']}|0|2")
    await _press_all(hub, rows, "founder", lambda row: f"events:going|{row.ids['event']}")


async def _notices(hub: Hub, rows: Sequence[Row]) -> None:
    for row in rows:
        await hub.command(row.lead, "notice", row.text)
    await hub.settled()
    await hub.fill(rows, "lead", lambda row: "/notice")
    await hub.ids(rows, "notice", "SELECT max(id) FROM notices WHERE author_id = :lead")
    await hub.fill(
        [row for row in rows if row.ids["notice"]], "lead", lambda row: f"notices:edit|{row.ids['notice']}"
    )
    await hub.ids(
        rows, "revision", "SELECT revision FROM notices WHERE author_id = :lead ORDER BY id DESC LIMIT 1"
    )
    send = "notices:send|{notice}|{revision}|2"
    written = [row for row in rows if row.ids["notice"]]
    await _press_all(hub, written, "lead", lambda row: send.format(**row.ids))
    await hub.fill(written, "lead", lambda row: f"notices:correct|{row.ids['notice']}")


async def _blocks(hub: Hub, rows: Sequence[Row]) -> None:
    for row in rows:
        if isinstance(row.lead, SlackPerson) and isinstance(row.victim, SlackPerson):
            await hub.say(row.lead, f"sperre @{row.victim.name} {row.text[:400]}")
        elif isinstance(row.lead, TelegramPerson) and isinstance(row.victim, TelegramPerson):
            name = row.victim.user.first_name
            await row.lead.say(f"/sperre {name} {row.text[:400]}", mentions=(row.victim,))
    await hub.settled()
    for row in rows:
        await hub.say(row.victim, "hallo?")
    await hub.settled()
    await hub.ids(rows, "block", "SELECT max(id) FROM blocks WHERE person_id = :victim")
    await hub.fill(
        [row for row in rows if row.ids["block"]], "victim", lambda row: f"people:appeal|{row.ids['block']}"
    )


async def _pages(hub: Hub, rows: Sequence[Row]) -> None:
    for row in rows:
        await hub.say(row.founder, "meine daten")
        for person in (row.founder, row.lead):
            if isinstance(person, SlackPerson):
                await person.open_home()
            else:
                await hub.say(person, "/me")
        for word in ("fragen", "anfragen", "firmen", "rollen", "protokoll", "wer", "termine", "mitteilungen"):
            await hub.command(row.lead, word, "")
    await hub.settled()


async def _press_all(hub: Hub, rows: Sequence[Row], who: str, packed: Callable[[Row], str]) -> None:
    for row in rows:
        await hub.press(getattr(row, who), packed(row))
        person = getattr(row, who)
        if isinstance(person, SlackPerson):
            hub.world.slack.world.workspace.modals.pop(person.id, None)
    await hub.settled()


STEPS: tuple[Callable[[Hub, Sequence[Row]], Awaitable[None]], ...] = (
    _questions,
    _answers,
    _mentoring,
    _companies,
    _settings,
    _events,
    _notices,
    _blocks,
    _pages,
)


@asynccontextmanager
async def running(folder: Path, seen: Seen) -> AsyncIterator[Hub]:
    """Run the bot between the platforms, with no limits of pace."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that it is busy is no news here
    gap, bot.delivery.settle.EDIT_GAP = bot.delivery.settle.EDIT_GAP, timedelta(0)
    lifetime, modals.TRIGGER_SECONDS = modals.TRIGGER_SECONDS, PATIENCE
    try:
        async with running_world(
            slack={"enforce_limits": False, "retry_delays": (), "ack_seconds": PATIENCE},
            telegram={"enforce_limits": False},
        ) as world:
            app = App(_settings_of(world, folder))
            for adapter in app.adapters.values():
                adapter.method_windows = lambda method: ()  # type: ignore[method-assign]
                adapter.chat_windows = lambda kind: ()  # type: ignore[method-assign]
            await app.start()
            try:
                await world.slack.sockets.connected()
                hub = Hub(world, app, seen)
                await hub.set_up()
                yield hub
            finally:
                await app.stop()
    finally:
        bot.delivery.settle.EDIT_GAP, modals.TRIGGER_SECONDS = gap, lifetime
        structlog.reset_defaults()


def _settings_of(world: SandboxWorld, folder: Path) -> Settings:
    return Settings.given(
        slack_bot_token=world.slack.bot_token,
        slack_app_token=world.slack.app_token,
        slack_signing_secret=world.slack.signing_secret,
        slack_mode="socket",
        slack_api_url=world.slack.api_url,
        telegram_bot_token=world.telegram.bot_token,
        telegram_mode="polling",
        telegram_api_url=world.telegram.api_url,
        kumpel_secret="a-secret-of-the-benchmarks-and-of-nothing-else",
        kumpel_database=folder / "kumpel.sqlite3",
        kumpel_port=0,
        kumpel_per_minute=10**9,
    )


async def run(texts: Sequence[str], batch: int = BATCH) -> tuple[Seen, set[str]]:
    """Send the strings through everything, some at a time, each time to a bot that knows nobody.

    Returns:
        What was seen, and all forms that the registry knows.
    """
    seen, known = Seen(), set[str]()
    for first in range(0, len(texts), batch):
        with tempfile.TemporaryDirectory() as folder:
            async with running(Path(folder), seen) as hub:
                await run_batch(hub, texts[first : first + batch], first)
                await hub.app.database.read(partial(_count, seen=seen))
                known |= set(hub.app.house.registry.forms)
    return seen, known


def _count(tx: Transaction, seen: Seen) -> None:
    for (payload,) in tx.values("SELECT payload FROM forms WHERE state = 'done'"):
        seen.forms[load_form(payload).id] += 1
    for (reference,) in tx.values("SELECT reference FROM deliveries WHERE reference <> ''"):
        seen.failed.append(f"a handler failed: {reference}")


def figures(seen: Seen, known: set[str], strings: int) -> dict[str, Figure]:
    """Return the figures with their goals."""
    return {
        "hostile strings": Figure(strings, ""),
        "values that went into fields of forms": Figure(sum(seen.filled.values()), ""),
        "calls of the bot that were read": Figure(seen.calls, ""),
        "files that were read": Figure(seen.files, ""),
        "live mentions, tags, links or commands": Figure(len(seen.live), "", 0, "lower"),
        "refusals by the platforms": Figure(len(seen.refused), "", 0, "lower"),
        "handlers that failed": Figure(len(seen.failed), "", 0, "lower"),
        "files that hold what they ought not": Figure(len(seen.unsafe), "", 0, "lower"),
        "forms that were never filled": Figure(len(known - set(seen.forms)), "", 0, "lower"),
    }


async def main() -> int:
    """Measure and report."""
    options = parser(__doc__)
    options.add_argument("--strings", type=int, default=STRINGS, help="how many; 500 by default")
    options.add_argument("--show", action="store_true", help="say what was found")
    given = options.parse_args()
    texts = hostile(given.strings)
    seen, known = await run(texts)
    if given.show:
        for found in (
            *seen.live[:20],
            *seen.refused[:20],
            *seen.failed[:20],
            *seen.unsafe[:20],
            known - set(seen.forms),
        ):
            print(found)
        print(dict(seen.forms))
    return report("hostile", figures(seen, known, len(texts)), as_json=given.json)


if __name__ == "__main__":
    leave(asyncio.run(main()))
