"""The files and the store side by side: which entries differ, and which of the two was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from handlers.core.pack import PackError
from handlers.faq.content import ContentFile
from handlers.faq.entries import Entry
from handlers.faq.library import from_json
from handlers.faq.reading import read_sheet
from handlers.faq.writing import entry_at, tidy
from storage import faq
from storage.faq import EntryRow
from storage.rows import Transaction

Side = Literal["files", "store", "both"]


class Stored(NamedTuple):
    """What the store holds.

    Attributes:
        rows: All entries, retired ones too, in the order of their files.
        files: The files' texts by topic, as they were when files and store were last brought together.
        imported: The ids of entries that ever came from a file.
    """

    rows: list[EntryRow]
    files: Mapping[str, str]
    imported: frozenset[str]

    def live(self) -> dict[str, Entry]:
        """The entries that are given to people, by id."""
        return {row.id: stored_entry(row) for row in self.rows if row.state == "live"}

    def agreed(self) -> dict[str, Entry]:
        """The entries as files and store last had them both, by id."""
        found: dict[str, Entry] = {}
        for topic, text in self.files.items():
            try:
                sheet = read_sheet(topic, text)
            except PackError:  # written for an older version: then nothing is known to be agreed
                continue
            entries = (entry_at(sheet, place) for place in range(len(sheet.items)))
            found |= {entry.id: entry for entry in entries if entry}
        return found


class Difference(NamedTuple):
    """An entry that files and store don't have alike.

    Attributes:
        entry_id: Which.
        in_file: As the file has it; None if it is in none.
        in_store: As the store gives it to people; None if it has none, or has retired it.
        changed: Where it was changed since both were alike.
    """

    entry_id: str
    in_file: Entry | None
    in_store: Entry | None
    changed: Side


def read_stored(tx: Transaction) -> Stored:
    """Return what the store holds."""
    return Stored(faq.list_entries(tx), faq.list_files(tx), faq.list_imported(tx))


def stored_entry(row: EntryRow) -> Entry:
    """Return the entry of a row, comparable with one of a file."""
    return tidy(from_json(row.content))


def differences(files: Sequence[ContentFile], stored: Stored) -> list[Difference]:
    """Return what differs: first what is in the files, in their order, then what is in the store alone."""
    in_files = {entry.id: entry for file in files for entry in file.entries}
    in_store, agreed = stored.live(), stored.agreed()
    found = []
    for entry_id in dict.fromkeys((*in_files, *in_store)):
        here, there, before = in_files.get(entry_id), in_store.get(entry_id), agreed.get(entry_id)
        if here != there:
            changed: Side = "store" if here == before else "files" if there == before else "both"
            found.append(Difference(entry_id, here, there, changed))
    return found
