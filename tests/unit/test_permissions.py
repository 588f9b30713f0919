"""Who may do what: every role × everything the registry knows × direct chat and group × both platforms.

Nothing here names a feature's routes: they are read from the registry, so that a new one is tried as well. What is
refused must change nothing but deliveries, the audit and the reply; what is open to somebody may change what is
theirs, and nothing of anybody else's.
"""

from __future__ import annotations

import dataclasses
import itertools
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from driven_bot import Bot

from handlers.core import pipeline
from handlers.core.context import Context, House
from handlers.core.features import RIGHTS, ActionRoute, Feature, Registry, Route
from handlers.core.payloads import dump_form
from handlers.core.requests import (
    Actor,
    ButtonPress,
    Command,
    FormSubmitted,
    HomeOpened,
    OtherMessage,
    Picked,
    Place,
    Request,
    TextMessage,
)
from handlers.core.router import NOT_UNDERSTOOD, Understood
from handlers.core.ui import Action, Button, DatePicker, Form, Nothing, OpenForm, Outcome, PickList, TextField
from handlers.faq import feature as faq
from handlers.retrieval.index import Ranked
from storage import blocks, chats, events, faq_drafts, forms, merging, people, places, roles
from storage.roles import Role
from storage.rows import Transaction

REPLIES = ("deliveries", "audit", "outbox")
"""What a refusal writes."""

TALK = ("posts", "timers", "faq_feedback")
"""What may change besides replies and the rows of who acts: what is shown and due, and which answers helped."""

TEAM = "team"
"""A group where the team decides, on both platforms."""

TRIES = 3
"""So many arguments are tried with each action."""


class Standing(NamedTuple):
    """Somebody who tries everything.

    Attributes:
        role: What they were given.
        facts: What the platform says of their account.
        may: What routes are for them.
    """

    role: Role | None = None
    facts: Mapping[str, Any] = MappingProxyType({})
    may: frozenset[str] = frozenset({"member"})
    blocked: bool = False
    guest_elsewhere: bool = False


NOBODY: frozenset[str] = frozenset()
STANDINGS = {
    "stranger": Standing(facts={"trusted": False}, may=NOBODY),
    "unknown": Standing("lead", {"trusted": False, "unknown": True}, NOBODY),
    "guest": Standing(facts={"trusted": False, "guest": True}, may=NOBODY),
    "guest_who_was_lead": Standing("lead", {"trusted": False, "guest": True}, NOBODY),
    "lead_who_is_a_guest_elsewhere": Standing("lead", guest_elsewhere=True),
    "blocked": Standing(may=NOBODY, blocked=True),
    "member": Standing(),
    "project_manager": Standing("project", may=frozenset({"member", "project"})),
    "manager": Standing("manager", may=frozenset({"member", "project", "manager"})),
    "lead": Standing("lead", may=frozenset({"member", "project", "manager", "lead"})),
}


class Try(NamedTuple):
    """One thing to try: what the audit calls it, the route's demands, and the request.

    ``is_order`` is false for somebody else's words, which may be answered and do nothing, whoever passes them on.
    """

    name: str
    role: str
    even_blocked: bool
    request: Request
    understood: Understood = NOT_UNDERSTOOD
    needs_admin: bool = False
    is_order: bool = True


# --- the world in which they try -----------------------------------------------------------------------------


async def populate(bot: Bot) -> None:
    """A hub with something of everything that somebody could want to touch."""
    for who, role in (("lea", "lead"), ("mona", "manager")):
        for platform in ("slack", "telegram"):
            await bot.gives(who, role, platform)
    for platform in ("slack", "telegram"):
        await bot.commands("hier", "manager", "lea", chat=TEAM, platform=platform)
        await bot.commands("hier", "termine", "lea", chat="lobby", platform=platform)
    await bot.says("platz morgen", "ada")
    await bot.presses("Platz nehmen", "ada")
    for question in ("Habt ihr eine Sauna?", "Habt ihr einen Helikopter?", "Wo ist der Hund?", "Habt ihr Gold?"):
        await bot.commands("frage", question, "ada")
    await bot.presses("Antworten", "mona", chat=TEAM)
    await bot.submits("mona", answer="Leider nein.")
    await bot.presses("Antworten und veröffentlichen", "mona", chat=TEAM)
    await bot.submits("mona", answer="Auf dem Dach.")
    await bot.presses("Übernehmen", "mona", chat=TEAM)
    for text in ("Wir suchen Pilotkunden.", "Wir suchen Geld."):
        await bot.commands("mentor", "", "ada")
        await bot.submits("ada", text=text, topic="design", city="essen")
    await bot.presses("Annehmen", "mona", chat=TEAM)
    for number in range(2):
        await bot.commands("event", "", "mona")
        pitch = {"title": f"Pitch {number}", "day": "2026-12-03", "time": "18:30", "until": "20:00"}
        await bot.submits("mona", **pitch, place="Essen", text="Da")
    await bot.presses("Veröffentlichen", "mona")
    await bot.presses("Dabei", "ada", chat="lobby")
    await bot.commands("mitteilung", "Morgen ist zu.", "mona")
    await bot.presses("Senden", "mona")
    await bot.commands("mitteilung", "Noch ein Entwurf.", "mona")
    await bot.says("hallo", "ben")
    await bot.commands("sperre", "@Ben Lärm", "lea", mentions=(bot.actor("ben"),))
    await bot.says("hallo?", "ben")
    await bot.presses("Etwas dazu sagen", "ben")
    await bot.submits("ben", appeal="Das war ich nicht.")
    for who, name in (("ada", "Lagerkraft"), ("cem", "Wattwerk"), ("bea", "Lagerkraft")):
        await bot.commands("firma", "", who)
        await bot.presses("Firma nennen", who)
        await bot.submits(who, name=name)
    await bot.presses("Ja, dazu", "bea")
    await bot.commands("firmen", "", "mona")
    await bot.picks("Wattwerk", "mona")
    await bot.presses("Doppelt", "mona")
    await bot.picks("Lagerkraft", "mona")
    await teach(bot)
    for who in ("ada", "mona", "lea"):
        await bot.opens_home(who)
    for command in ("anfragen", "fragen", "mitteilungen", "termine", "entziehe manager", "entsperre", "protokoll"):
        await bot.commands(*command.split(), who="lea")
    await bot.commands("hier", "", "lea", chat="lobby")

    def settle(tx: Transaction) -> None:
        for name, standing in STANDINGS.items():
            for platform in ("slack", "telegram"):
                facts = {key: value for key, value in standing.facts.items() if key != "unknown"}
                account = people.add_account(tx, platform, name, bot.now, name=name.title(), handle=name, **facts)
                person = account.person_id
                people.mark_greeted(tx, person)
                people.mark_language(tx, person, "en", chosen=True)
                chats.add_chat(tx, platform, name, "direct", "", bot.now)
                if standing.role:
                    roles.add_role(tx, person, standing.role, None, bot.now)
                if standing.guest_elsewhere:
                    guest = people.add_account(tx, "elsewhere", f"{name}:{platform}", bot.now, guest=True)
                    tx.execute("UPDATE accounts SET person_id = ? WHERE person_id = ?", (person, guest.person_id))
                    tx.execute("DELETE FROM persons WHERE id = ?", (guest.person_id,))
                if standing.blocked:
                    blocks.mark_told(tx, blocks.add_block(tx, person, "Lärm", 1, bot.now))

    await bot.database.write(settle)


async def teach(bot: Bot) -> None:
    """Answers that are written, changed, retired, and proposals for them."""
    sauna = {"title": "Gibt es eine Sauna?", "answer": "Nein.", "ask": "sauna im keller", "language": "de"}
    desk = {"title": "Was kostet ein Tisch bei euch?", "ask": "Was kostet ein Schreibtisch im Monat bei euch?"}
    for text in ({}, desk):
        await bot.commands("faq", "neu", "mona")
        await bot.submits("mona", **{**sauna, **text})
    for who in ("mona", "lea"):
        await bot.commands("faq", "schreibtisch", who)
        await bot.presses("Was kostet ein Schreibtisch?", who)
        await bot.presses("Deutsch ändern", who)
        assert isinstance(bot.answer.outcome, OpenForm)
        text = {field.name: str(field.initial) for field in bot.answer.outcome.form.fields}
        await bot.submits(who, **{**text, "answer": f"{who} weiß es."})
    for who in ("lea", "mona"):
        await bot.presses("Veröffentlichen", who)
    await bot.commands("faq", "wo ist der hub", "mona")
    await bot.presses("Wo ist der Hub?", "mona")
    await bot.presses("Stimmt noch", "mona")
    await bot.presses("Verlauf", "mona")
    await bot.presses("Zurückziehen", "mona")

    def propose(tx: Transaction) -> None:
        for (question,) in tx.values("SELECT id FROM questions ORDER BY id LIMIT 2"):
            faq_drafts.add_proposal(tx, "desk-price", question, "picked", bot.now)

    await bot.database.write(propose)
    await bot.commands("faq", "", "mona")
    await bot.presses("Vorschläge (2)", "mona")
    await bot.presses("Andere Antwort", "mona")
    await bot.commands("faq", "", "mona")


TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"


def watch(connection: sqlite3.Connection) -> None:
    """Have triggers note which tables are written to; made inside a transaction, they would slow its rollbacks."""
    connection.execute("CREATE TEMP TABLE touched (name TEXT)")
    tables = [name for (name,) in connection.execute(TABLES)]
    for table, change in itertools.product(tables, ("INSERT", "UPDATE", "DELETE")):
        connection.execute(
            f"CREATE TEMP TRIGGER {table}_{change} AFTER {change} ON main.{table}"
            f" BEGIN INSERT INTO touched VALUES ('{table}'); END"
        )


class Stage(NamedTuple):
    """A copy of the populated store in memory, where things are done and taken back."""

    house: House
    tx: Transaction
    seen: dict[str, list[tuple[str, ...]]]
    now: datetime

    def tried(self, name: str, platform: str, where: str) -> list[str]:
        """Everything that goes wrong while somebody tries everything at one place."""
        trier = Trier(self.house, self.tx, name, platform, where, self.now)
        everything = list(trier.everything(self.seen))
        watcher = Watcher(self.tx)
        return [problem for each in everything for problem in attempt(trier, watcher, each)]


_built: list[tuple[str, dict[str, list[tuple[str, ...]]]]] = []
"""The populated store as SQL, and the controls that stand in it; made once a worker."""


@pytest.fixture
async def stage(bot: Bot) -> AsyncIterator[Stage]:
    """The populated hub."""
    if not _built:
        await populate(bot)
        seen = await controls(bot)
        await bot.database.close()
        with closing(sqlite3.connect(bot.path)) as file:
            _built.append(("\n".join(file.iterdump()), seen))
        await bot.database.open()
    store, seen = _built[0]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        copy.executescript(store)
        copy.execute("PRAGMA foreign_keys = ON")
        watch(copy)
        copy.execute("BEGIN")
        yield Stage(bot.house, Transaction(copy), seen, bot.now)


async def controls(bot: Bot) -> dict[str, list[tuple[str, ...]]]:
    """The arguments with which each action stands on some screen; with the value at the end where it is picked."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for shown in await bot._everything():
        for control in shown.controls:
            if isinstance(control, Button | DatePicker):
                found.setdefault(control.action.name, []).append(control.action.args)
            elif isinstance(control, PickList):
                found.setdefault(control.action.name, []).extend(
                    (*control.action.args, option.value) for option in control.options
                )
    return found


# --- everything that can be tried -----------------------------------------------------------------------------


class Trier:
    """Somebody at one place, and everything they can try there."""

    def __init__(self, house: House, tx: Transaction, name: str, platform: str, where: str, now: datetime) -> None:
        self.house, self.tx, self.now = house, tx, now
        self.registry = house.registry
        self.standing = STANDINGS[name]
        facts = {"name": name.title(), "handle": name, **self.standing.facts}
        self.actor = Actor(platform, name, **facts)
        direct = Place(platform, name, "direct")
        self.place = direct if where == "direct" else Place(platform, TEAM, "group", title=TEAM)
        known = chats.get_chat_by_external_id(tx, platform, self.place.chat)
        account = people.get_account(tx, platform, name)
        assert known
        assert account
        self.chat, self.person = known, account.person_id
        self._numbers = itertools.count(1)

    def _facts(self) -> dict[str, Any]:
        key = f"try:{next(self._numbers)}"
        return {
            "delivery_key": key,
            "actor": self.actor,
            "place": self.place,
            "received_at": self.now,
            "can_open_form": self.actor.platform == "slack",
            "message": "m1",
        }

    def everything(self, seen: dict[str, list[tuple[str, ...]]]) -> Iterator[Try]:
        """All requests that the registry's routes answer."""
        yield from self._commands()
        yield from self._actions(seen)
        yield from self._forms()
        yield from self._texts()
        yield Try("home", "", False, HomeOpened(**self._facts()))
        yield Try("other", "", False, OtherMessage(**self._facts()))

    def _commands(self) -> Iterator[Try]:
        for word, route in self.registry.commands.items():
            name = f"command {route.words[0]}"
            for text in ("", "manager @Lea", "@Lea weil", "morgen"):
                if self.registry.command(word, text) and word != "start":
                    request: Request = Command(**self._facts(), name=word, text=text)
                    yield Try(name, route.role, route.even_blocked, request)
                said = f"{word} {text}".strip()
                if route.fits(text) and word != "start":
                    yield Try(name, route.role, route.even_blocked, TextMessage(**self._facts(), text=said))
                    forwarded = TextMessage(**self._facts(), text=said, forwarded=True)
                    yield Try(f"forwarded {word}", "", False, forwarded, is_order=False)
        for start, start_route in self.registry.starts.items():
            for argument in ("1", "2"):
                request = Command(**self._facts(), name="start", text=f"{start}_{argument}")
                yield Try(f"start {start}", start_route.role, start_route.even_blocked, request)

    def _actions(self, seen: dict[str, list[tuple[str, ...]]]) -> Iterator[Try]:
        for name, route in self.registry.actions.items():
            known = list(dict.fromkeys(seen.get(name, ())))
            for args in (*known[:TRIES], ("1",), ("1", "1")):
                packed = Action(name, args).packed
                token = self.house.seals.seal(packed, self.chat.id)
                press = ButtonPress(**self._facts(), token=token)
                each = Try(f"action {name}", route.role, route.even_blocked, press)
                each = each._replace(needs_admin=route.needs_chat_admin)
                yield each
                if args:
                    token = self.house.seals.seal(Action(name, args[:-1]).packed, self.chat.id)
                    yield each._replace(request=Picked(**self._facts(), token=token, value=args[-1]))

    def _forms(self) -> Iterator[Try]:
        for form_id, route in self.registry.forms.items():
            context = dict.fromkeys(("question", "request", "event", "notice", "block"), "1")
            context |= {"round": "1", "revision": "1"}
            field = TextField("text", "What?")
            for number in range(2):
                instance = f"{form_id}:{self.person}:{number}"
                form = Form(form_id, instance, "A form", (field,), "Send", context)
                forms.add_form(self.tx, instance, self.person, self.chat.id, "", dump_form(form), self.now)
            whole = FormSubmitted(
                **self._facts(), form=form_id, instance=f"{form_id}:{self.person}:0", values={"text": "x"}
            )
            yield Try(f"form {form_id}", route.role, route.even_blocked, whole)
            token = self.house.seals.seal(f"form:open|{form_id}:{self.person}:1", self.chat.id)
            opened = ButtonPress(**self._facts(), token=token)
            yield Try(f"form {form_id}", route.role, route.even_blocked, opened)

    def _texts(self) -> Iterator[Try]:
        alike = set()
        for key, intent in self.registry.intents.items():
            handler = getattr(intent.handler, "__func__", intent.handler)
            if (handler, intent.role) in alike:
                continue  # the FAQ's answers are one handler
            alike.add((handler, intent.role))
            understood = Understood([Ranked(key, 0.9)], "answer")
            yield Try(
                f"intent {key}", intent.role, False, TextMessage(**self._facts(), text="Wie geht das?"), understood
            )
        for kind, found in (("phrase", self.registry.phrases), ("pattern", self.registry.patterns)):
            for _, handler in found:
                understood = Understood(**{kind: handler})
                yield Try(kind, "", False, TextMessage(**self._facts(), text="ABCD-2345"), understood)
        yield Try("sentence", "", False, TextMessage(**self._facts(), text="Habt ihr eine Sauna?"))


# --- what came of it ------------------------------------------------------------------------------------------


class Watcher:
    """Compares the store before and after; triggers tell which tables were written to."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.tables = [name for (name,) in tx.values(TABLES)]
        self.columns = {
            table: [row[1] for row in tx.values(f"PRAGMA table_info({table})")] for table in self.tables
        }
        self.persons: dict[str, list[int]] = {}
        for table, column in merging.list_person_columns(tx):
            self.persons.setdefault(table, []).append(self.columns[table].index(column))
        self.persons["persons"] = [0]
        self.before = {table: self.rows(table) for table in self.tables}
        self.keys = {key for (key,) in tx.values("SELECT key FROM outbox")}

    def rows(self, table: str) -> set[tuple[Any, ...]]:
        return set(self.tx.values(f"SELECT * FROM {table}"))

    def changed(self) -> dict[str, set[tuple[Any, ...]]]:
        """The rows that differ, by table, but for the replies: everybody gets some, and they are long."""
        touched = {name for (name,) in self.tx.values("SELECT DISTINCT name FROM touched")}
        return {
            table: diff for table in touched.difference(REPLIES) if (diff := self.before[table] ^ self.rows(table))
        }

    def audited(self) -> list[tuple[str, str]]:
        return self.tx.values("SELECT what, detail FROM audit WHERE outcome = 'refused' ORDER BY id")


def others(watcher: Watcher, changed: dict[str, set[tuple[Any, ...]]], trier: Trier) -> list[str]:
    """What was changed that is not the acting person's: rows of others, or things that are nobody's."""

    def is_own(row: tuple[Any, ...], columns: list[int]) -> bool:
        owners = {row[at] for at in columns} - {None}
        return owners == {trier.person} or (not owners and trier.actor.account in row)

    return [
        table
        for table, rows in changed.items()
        if table not in TALK and not all(is_own(row, watcher.persons.get(table, [])) for row in rows)
    ]


def attempt(trier: Trier, watcher: Watcher, each: Try) -> list[str]:
    """Do it, say what is wrong about what came of it, and take it back."""
    trier.tx.execute("SAVEPOINT attempt")
    problems = []
    failed = False
    try:
        try:
            pipeline.process(trier.house, trier.tx, each.request, each.understood, trier.now)
        except Exception:
            failed = True  # it was let in, with arguments made up; a real request's transaction rolls back
        allowed = each.role == "" or each.role in trier.standing.may
        if trier.standing.blocked:
            allowed = each.even_blocked
        changed = {} if failed else watcher.changed()
        refused = [(what, detail) for what, detail in watcher.audited() if f"{what} {detail}" == each.name]
        if failed and not allowed:
            problems.append("reached its handler")
        if allowed:
            if refused and each.role and not each.needs_admin:
                problems.append("was refused, though allowed")
            if not each.is_order or not RIGHTS["project"] & trier.standing.may:
                problems += [f"changed {table}" for table in others(watcher, changed, trier)]
        else:
            used_up = {"forms"} if each.name.startswith("form ") else set()
            problems += [f"changed {table}" for table in sorted(set(changed) - used_up)]
            sent = {key for (key,) in trier.tx.values("SELECT key FROM outbox")} - watcher.keys
            reply = f"{each.request.delivery_key}:"
            problems += [f"sent {key}" for key in sorted(sent) if not key.startswith(reply)]
            if not refused and not trier.standing.blocked:
                problems.append("was refused without a note")
    finally:
        trier.tx.execute("ROLLBACK TO attempt")
        trier.tx.execute("RELEASE attempt")
    return [f"{each.name} ({type(each.request).__name__}): {problem}" for problem in problems]


@pytest.mark.parametrize("where", ["direct", "group"])
@pytest.mark.parametrize("platform", ["slack", "telegram"])
@pytest.mark.parametrize("name", STANDINGS)
async def test_nobody_does_what_is_not_for_their_role(stage: Stage, name: str, platform: str, where: str) -> None:
    assert stage.tried(name, platform, where) == []


async def test_what_is_tried_are_the_controls_that_people_see(stage: Stage) -> None:
    """The arguments are real where the role matters: a lead's press would change something."""
    team = {name for name, route in stage.house.registry.actions.items() if RIGHTS["project"] >= {route.role}}
    unseen = team - stage.seen.keys()
    assert len(unseen) <= len(team) // 4, sorted(unseen)


@pytest.mark.parametrize(
    "action", ["events:publish", "faq:take", "mentoring:accept", "notices:send", "people:revoke"]
)
async def test_a_route_that_forgot_its_role_is_found(stage: Stage, action: str) -> None:
    registry = Registry(stage.house.registry.features, unsure=faq.unsure, unknown=faq.unknown)
    registry.actions[action] = dataclasses.replace(registry.actions[action], role="")
    problems = on(stage, registry).tried("member", "slack", "group")
    assert any(problem.startswith(f"action {action}") for problem in problems)


async def test_an_action_that_nobody_has_heard_of_is_tried_too(stage: Stage) -> None:
    """A new feature's button calls every event off, for everybody."""

    def call_off(ctx: Context, request: ButtonPress) -> Outcome:
        for event in events.list_upcoming(ctx.tx, ctx.now, 10):
            events.mark_cancelled_if_published(ctx.tx, event.id, ctx.now)
        return Nothing()

    careless = Feature("careless", actions={"careless:off": ActionRoute(call_off)})
    registry = Registry([*stage.house.registry.features, careless], unsure=faq.unsure, unknown=faq.unknown)
    problems = on(stage, registry).tried("guest", "telegram", "direct")
    assert "action careless:off (ButtonPress): changed events" in problems


async def test_a_form_that_does_not_ask_who_sends_it_is_found(stage: Stage) -> None:
    def made(ctx: Context, request: FormSubmitted) -> Outcome:
        roles.add_role(ctx.tx, ctx.person.id, "lead", None, ctx.now)
        places.add_place(ctx.tx, "help", ctx.chat.id, "", ctx.person.id, ctx.now)
        roles.add_role(ctx.tx, 1, "project", ctx.person.id, ctx.now)
        return Nothing()

    careless = Feature("careless", forms={"careless": Route(made)})
    registry = Registry([*stage.house.registry.features, careless], unsure=faq.unsure, unknown=faq.unknown)
    problems = on(stage, registry).tried("member", "slack", "direct")
    assert problems == ["form careless (FormSubmitted): changed roles"]


def on(stage: Stage, registry: Registry) -> Stage:
    """The same, with other features."""
    return stage._replace(house=dataclasses.replace(stage.house, registry=registry))


def test_every_role_is_tried() -> None:
    given = {standing.role for standing in STANDINGS.values()} - {None}
    assert given == set(roles.ROLES)
