"""A name in messages to others: taken out of what people read, and of nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.core.payloads import dump_message, load_message
from handlers.core.ui import Action, Button, Controls, Fields, Reply, Section, Span, plain
from storage import chats, erasure, mentions, outbox, people
from storage.migrate import migrate
from storage.rows import Transaction

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection, Path(":memory:"))
        connection.execute("BEGIN")
        yield Transaction(connection)


def reply(person: int, name: str) -> Reply:
    """A message that names somebody wherever a name can stand."""
    return Reply(
        blocks=(
            Section((Span("Neu: "), Span(name, bold=True, person=person))),
            Fields(((name, f"von {name}"),)),
            Controls((Button(f"An {name}", Action("desks:take", (name,))),)),
        ),
        summary=f"{name} ist neu",
    )


def taken_out(
    tx: Transaction, name: str, *, sent: bool, content: Reply | None = None
) -> tuple[Reply, list[Reply]]:
    """What is kept of a message that names somebody, and the edits that leave because of it."""
    person = people.add_account(tx, "slack", f"U{name}", NOW, name=name).person_id
    chat = chats.add_chat(tx, "slack", "C1", "group", "", NOW)
    payload = dump_message(content or reply(person, name))
    row = outbox.add_message(tx, chat, key="k", payload=payload, lane=1, now=NOW)
    if sent:
        outbox.mark_sending_if_pending(tx, row, NOW)
        outbox.mark_sent(tx, row, "C1:1", "text", NOW)
    mentions.take_out(tx, erasure.describe(tx, person, NOW))
    kept = tx.value("SELECT payload FROM outbox WHERE id = ?", (row,))
    edits = tx.values("SELECT payload FROM outbox WHERE key LIKE 'erased:%' AND edits = 'C1:1'")
    return load_message(kept), [load_message(edit) for (edit,) in edits]  # type: ignore[return-value,misc]


def shown(content: Reply) -> str:
    section, fields, controls = content.blocks
    return repr((plain(section.text), fields.items, controls.items[0].label, content.summary))  # type: ignore[union-attr]


def test_a_mention_goes_from_what_was_sent_and_it_is_edited(tx: Transaction) -> None:
    kept, [edit] = taken_out(tx, "Ada Lovelace", sent=True)
    assert "Ada" not in shown(kept) + shown(edit)
    assert plain(edit.blocks[0].text) == "Neu: …"  # type: ignore[union-attr]


def test_what_still_waits_goes_out_without_the_name(tx: Transaction) -> None:
    kept, edits = taken_out(tx, "Ada Lovelace", sent=False)
    assert "Ada" not in shown(kept)
    assert edits == []


@pytest.mark.parametrize("name", ["Section", "Reply", "desks:take", "type", "blocks", "Controls"])
def test_whoever_calls_themselves_like_our_own_words_breaks_nothing(tx: Transaction, name: str) -> None:
    kept, [edit] = taken_out(tx, name, sent=True)
    assert kept.blocks[2].items[0].action == Action("desks:take", (name,))  # type: ignore[union-attr]
    assert edit.blocks[2].items[0].action == Action("desks:take", (name,))  # type: ignore[union-attr]


@pytest.mark.parametrize("sent", [True, False])
def test_whoever_calls_themselves_like_a_common_word_changes_nobodys_messages(tx: Transaction, sent: bool) -> None:
    content = reply(0, "Platz")
    kept, edits = taken_out(tx, "Platz", sent=sent, content=content)
    assert edits == []
    if not sent:
        assert kept == content


@pytest.mark.parametrize("name", ['Ada "die" Große', "Ådä\\Löve", "A.*(b)", "Ада Лавлейс"])
def test_any_name_is_found(tx: Transaction, name: str) -> None:
    kept, _ = taken_out(tx, name, sent=True)
    assert name not in shown(kept)
