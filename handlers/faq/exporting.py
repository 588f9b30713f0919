"""Writing the store's entries back into files, which keep all that has not changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff

from handlers.core.pack import PackError
from handlers.faq.comparing import Difference, Stored, differences, stored_entry
from handlers.faq.content import ContentFile
from handlers.faq.entries import Entry
from handlers.faq.library import from_json
from handlers.faq.reading import read_sheet
from handlers.faq.writing import as_yaml, tidy, with_entries
from storage import faq
from storage.rows import Transaction


def written(stored: Stored, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the files' texts with the entries that the store gives to people.

    Args:
        stored: What the store holds.
        texts: The files as they are, by topic. A file that is missing starts from the text that the store keeps.
    """
    wanted: dict[str, list[Entry]] = {topic: [] for topic in (*texts, *stored.files)}
    for row in stored.rows:
        if row.state == "live":
            wanted.setdefault(row.topic, []).append(stored_entry(row))
    starts = {topic: text for topic, text in stored.files.items() if _readable(text)} | dict(texts)
    made = {topic: with_entries(starts.get(topic, ""), topic, entries) for topic, entries in wanted.items()}
    return {topic: text for topic, text in made.items() if text or topic in texts}


def unknown(tx: Transaction, files: Sequence[ContentFile]) -> tuple[str, ...]:
    """Return the ids of entries in files that the store never had so: an export would lose them."""
    known = {tidy(from_json(content)) for content in faq.list_contents(tx)}
    return tuple(entry.id for file in files for entry in file.entries if entry not in known)


def compared(files: Sequence[ContentFile], stored: Stored) -> list[tuple[Difference, list[str]]]:
    """Return what differs with the lines that do: ``-`` as the file has it, ``+`` as the store has it."""
    return [(each, list(_lines(each))) for each in differences(files, stored)]


def _lines(each: Difference) -> Iterator[str]:
    here = as_yaml(each.in_file).splitlines() if each.in_file else []
    there = as_yaml(each.in_store).splitlines() if each.in_store else []
    for line in list(unified_diff(here, there, lineterm="", n=1))[2:]:
        if not line.startswith("@@"):
            yield line


def _readable(text: str) -> bool:
    try:
        read_sheet("", text)
    except PackError:
        return False
    return True
