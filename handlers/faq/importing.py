"""Bringing the store to the files: what has to change is planned first, then done in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from handlers.faq.comparing import Difference, Stored, differences
from handlers.faq.content import ContentFile
from handlers.faq.entries import Entry, way
from handlers.faq.library import to_json
from handlers.retrieval.fold import words
from storage import faq
from storage.rows import Transaction

Winner = Literal["files", "store"]
Kind = Literal["added", "changed", "restored", "retired"]


class ChangedMeanwhileError(Exception):
    """Somebody changed an entry between planning and doing; nothing was done."""


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of an entry.

    Attributes:
        version: The version that it has now; 0 for one that the store does not know.
    """

    kind: Kind
    entry: Entry
    topic: str
    version: int


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an import does.

    Attributes:
        changes: Entries that change.
        placed: Entries with their topic and their place in its file, where that changes.
        files: Texts of files to keep, by topic.
        dropped: Topics whose files are no more.
    """

    changes: tuple[Change, ...] = ()
    placed: tuple[tuple[str, str, int], ...] = ()
    files: dict[str, str] = msgspec.field(default_factory=dict)
    dropped: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes or self.placed or self.files or self.dropped)


class Doubled(NamedTuple):
    """A way to ask for an entry of the files, and the entry in the store alone that it leads to already."""

    entry_id: str
    ask: str
    other: str


class Outlook(msgspec.Struct, frozen=True):
    """A plan, and the entries that it leaves alone.

    Attributes:
        plan: What would be done; with any conflict or anything doubled it is not to be carried out.
        moved: Entries that go to another file.
        conflicts: Entries changed in a file and in the store.
        doubled: What would lead to two entries.
        newer: Entries that the store has otherwise, and keeps.
        gone: Entries that are no longer in the files, and are still given to people.
        unwritten: Entries that never were in a file.
    """

    plan: Plan
    moved: tuple[str, ...]
    conflicts: tuple[str, ...]
    doubled: tuple[Doubled, ...]
    newer: tuple[str, ...]
    gone: tuple[str, ...]
    unwritten: tuple[str, ...]


def look_ahead(
    files: Sequence[ContentFile], stored: Stored, retire: bool = False, winner: Winner | None = None
) -> Outlook:
    """Plan how the store gets to hold what the files hold.

    Args:
        files: All files of the pack.
        stored: What the store holds.
        retire: Retire entries that are no longer in the files.
        winner: Whose entry counts where both were changed; None: that is a conflict.
    """
    sorted_out: dict[str, list[str]] = {"conflicts": [], "newer": [], "gone": [], "unwritten": []}
    changes: list[Change] = []
    rows = {row.id: row for row in stored.rows}
    topics = {entry.id: file.topic for file in files for entry in file.entries}
    agreed = stored.agreed()
    for each in differences(files, stored):
        verdict = _verdict(each, each.entry_id in agreed, each.entry_id in stored.imported, retire, winner)
        if verdict != "change":
            sorted_out[verdict].append(each.entry_id)
            continue
        row = rows.get(each.entry_id)
        if each.in_file is None:
            changes += [Change("retired", each.in_store, row.topic, row.version)] if each.in_store and row else []
            continue
        kind: Kind = "added" if row is None else "changed" if row.state == "live" else "restored"
        changes.append(Change(kind, each.in_file, topics[each.entry_id], row.version if row else 0))
    given = {entry_id for entry_id, row in rows.items() if row.state == "live"}
    given |= {change.entry.id for change in changes}
    given -= {change.entry.id for change in changes if change.kind == "retired"}
    plan = Plan(tuple(changes), _placed(files, stored, given), *_texts(files, stored, given))
    moved = tuple(
        entry_id for entry_id, topic, _ in plan.placed if entry_id in rows and rows[entry_id].topic != topic
    )
    doubled = tuple(_doubled(changes, stored))
    return Outlook(plan, moved, doubled=doubled, **{name: tuple(ids) for name, ids in sorted_out.items()})


def carry_out(tx: Transaction, plan: Plan, now: datetime) -> None:
    """Do what was planned, all of it or nothing.

    Raises:
        ChangedMeanwhileError: An entry is another than when it was planned.
    """
    for change in plan.changes:
        content = to_json(change.entry)
        if change.version == 0:
            done = faq.add_entry(tx, change.entry.id, change.topic, content, now, what="imported")
        elif change.kind == "retired":
            done = faq.mark_changed_if_version(
                tx, change.entry.id, change.version, content, now, what="retired", state="retired"
            )
        else:
            done = faq.mark_changed_if_version(tx, change.entry.id, change.version, content, now, what="imported")
        if done is None:
            raise ChangedMeanwhileError(change.entry.id)
    for entry_id, topic, place in plan.placed:
        faq.mark_placed(tx, entry_id, topic, place)
    for topic, text in plan.files.items():
        faq.mark_file(tx, topic, text)
    for topic in plan.dropped:
        faq.remove_file(tx, topic)


def _doubled(changes: Sequence[Change], stored: Stored) -> Iterator[Doubled]:
    """What changed entries are asked by and others that stay as they are, too; once for each two of them."""
    changed = {change.entry.id for change in changes}
    others = [entry for entry_id, entry in stored.live().items() if entry_id not in changed]
    asked = {tuple(words(ask)): entry.id for entry in others for ask in way(entry).variants}
    for change in changes:
        if change.kind != "retired":
            found = {asked.get(tuple(words(ask))): ask for ask in reversed(way(change.entry).variants)}
            yield from (Doubled(change.entry.id, ask, other) for other, ask in found.items() if other)


def _verdict(each: Difference, was_agreed: bool, was_imported: bool, retire: bool, winner: Winner | None) -> str:
    """What to do about a difference: ``change`` the store, or why it stays as it is."""
    if each.in_file is None:
        if not (was_agreed or was_imported):
            return "unwritten"
        if not retire:
            return "gone"
        if not was_agreed:  # it was gone from the files already when they were last imported
            return "change"
    elif each.changed == "store":
        return "newer"
    if each.changed == "both" and winner is None:
        return "conflicts"
    return "newer" if each.changed == "both" and winner == "store" else "change"


def _placed(files: Sequence[ContentFile], stored: Stored, given: set[str]) -> tuple[tuple[str, str, int], ...]:
    """The places of all entries of those files whose order is another than the store's."""
    placed: list[tuple[str, str, int]] = []
    for file in files:
        wanted = [entry.id for entry in file.entries if entry.id in given]
        expected = set(wanted)
        found = [row.id for row in stored.rows if row.topic == file.topic and row.id in expected]
        if wanted != found:
            placed += [(entry_id, file.topic, place) for place, entry_id in enumerate(wanted)]
    return tuple(placed)


def _texts(
    files: Sequence[ContentFile], stored: Stored, given: set[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The texts to keep, and the topics of files that are no more and leave no entry behind."""
    texts = {file.topic: file.text for file in files}
    needed = {row.topic for row in stored.rows if row.id in given}
    changed = {topic: text for topic, text in texts.items() if stored.files.get(topic) != text}
    return changed, tuple(topic for topic in stored.files if topic not in texts and topic not in needed)
