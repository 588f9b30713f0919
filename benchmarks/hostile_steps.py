"""The steps through every field that a person can fill, each by everybody at the same time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from benchmarks.hostile_hub import Hub, Row, account_of
from benchmarks.hostile_reading import read_calls, read_files
from bot.sandbox.slack import SlackPerson
from bot.sandbox.telegram import TelegramPerson
from storage import faq_drafts, people, roles
from storage.rows import Transaction

MARKUP = {"answer": "**Passt**, [hier](https://hub.ruhr)."}
"""What is sent where markup is meant: an answer that the team writes for all."""


async def run_batch(hub: Hub, texts: Sequence[str], first: int) -> None:
    """Send some strings through every field."""
    rows = [hub.add(text, first + at) for at, text in enumerate(texts)]
    for row in rows:
        for person in (row.founder, row.lead, row.victim):
            await hub.say(person, "hallo")
    await hub.settled()

    def make_leads(tx: Transaction) -> None:
        for row in rows:
            account = people.get_account(tx, *account_of(hub.world, row.lead))
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
    read_calls(hub.world, hub.seen, notices=False)
    for step in STEPS:
        await step(hub, rows)
        read_calls(hub.world, hub.seen, notices=step in (_notices, _pages))
    for row in rows:
        read_files(hub.world, row.founder, hub.seen)


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
