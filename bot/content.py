"""``kumpel content``: the answers' files and the store, side by side and brought together.

The files are read and written here, the store by whoever holds it: the running bot, asked over its socket, so that
it understands the new answers at once, or else this process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.clock import Clock
from bot.control import request_import, request_status
from bot.wording import Language, Words
from handlers.faq.checking import FEW_ASKS
from handlers.faq.comparing import Difference, Stored, read_stored
from handlers.faq.content import TOPIC, ContentFile, load_files, unfilled
from handlers.faq.exporting import compared, unknown, written
from handlers.faq.importing import Outlook, Plan, Winner, carry_out, look_ahead
from storage.database import Database
from storage.inspection import read_from

LISTED = 25
"""Most entries named in a line; how many there are is said besides."""


class NotWrittenError(Exception):
    """Files were not written.

    Attributes:
        lost: Entries in them that the store never had so.
        reason: What else was in the way, in the system's words.
    """

    def __init__(self, lost: Sequence[str] = (), reason: str = "") -> None:
        super().__init__(reason or ", ".join(lost))
        self.lost, self.reason = tuple(lost), reason


class Exported(NamedTuple):
    """What an export wrote.

    Attributes:
        changed: The files that are other than before.
        total: How many there are.
        noted: Has the store know what is in the files now.
    """

    changed: tuple[Path, ...]
    total: int
    noted: Plan


def pack_of(folder: Path) -> Path:
    """Return the content pack that somebody means who names it or the folder ``faq`` in it."""
    inside = folder.name == "faq" and not (folder / "faq").is_dir()
    return folder.absolute().parent if inside else folder


def load(folder: Path, hub: Path) -> list[ContentFile]:
    """Read a pack's answers; drawings that it does not bring along are the hub's.

    Raises:
        PackError: With all problems of all files.
    """
    return load_files(folder, folder if (folder / "pictures").is_dir() else hub)


def checked(files: Sequence[ContentFile], language: Language) -> Iterator[str]:
    """Yield what there is to say of files that can be used."""
    entries = [entry for file in files for entry in file.entries]
    yield Words(
        f"{len(entries)} Antworten in {len(files)} Dateien, alle in Ordnung.",
        f"{len(entries)} answers in {len(files)} files, all fine.",
    ).to(language)
    found = (
        (Words("Noch auszufüllen", "Still to fill in"), [entry.id for entry, _ in unfilled(entries)]),
        (Words("Ohne Deutsch", "Without German"), [entry.id for entry in entries if entry.de is None]),
        (Words("Ohne Englisch", "Without English"), [entry.id for entry in entries if entry.en is None]),
        (
            Words(f"Mit weniger als {FEW_ASKS} Arten zu fragen", f"With fewer than {FEW_ASKS} ways to ask"),
            [e.id for e in entries if any(len(each.ask) < FEW_ASKS for each in e.wordings.values())],
        ),
    )
    for what, ids in found:
        if ids:
            yield _counted(what, ids, language)
    never = sum(entry.reviewed is None for entry in entries)
    if never:
        yield Words(f"Noch von niemandem geprüft: {never}", f"Reviewed by nobody yet: {never}").to(language)


async def bring_in(
    database: Path, files: Sequence[ContentFile], retire: bool, winner: Winner | None, clock: Clock
) -> Outlook:
    """Bring the store to the files, all of them or, where there are conflicts or doubled questions, nothing.

    Raises:
        ChangedMeanwhileError: Somebody changed an entry at the same moment; nothing was done.
        StoreError: The database can't be used.
    """
    if await request_status(database):
        outlook = look_ahead(files, read_from(database, read_stored), retire, winner)
    else:  # there may be no database yet, or one of an older version
        store = Database(database)
        await store.open()
        try:
            outlook = look_ahead(files, await store.read(read_stored), retire, winner)
        finally:
            await store.close()
    if not (outlook.conflicts or outlook.doubled):
        await do(database, outlook.plan, clock)
    return outlook


async def do(database: Path, plan: Plan, clock: Clock) -> None:
    """Carry a plan out, by the bot that runs on the database or else straight in the file.

    Raises:
        ChangedMeanwhileError: Somebody changed an entry at the same moment; nothing was done.
        StoreError: The database can't be used.
    """
    if not plan:
        return
    if await request_status(database):
        await request_import(database, plan)
        return
    store = Database(database)
    await store.open()
    try:
        await store.write(lambda tx: carry_out(tx, plan, clock.now()))
    finally:
        await store.close()


def write_out(database: Path, folder: Path, hub: Path, overwrite: bool) -> Exported:
    """Write the store's answers into a pack's files.

    What the hub's own pack holds then counts as imported, once `do` has noted it; other folders are copies.

    Args:
        database: The store.
        folder: The pack; made if it is not there.
        hub: The hub's own pack.
        overwrite: Also what the store never had so.

    Raises:
        NotWrittenError: Nothing was written, or not all.
        PackError: The files that are there can't be read.
        StoreError: The database can't be used.
    """
    files = load(folder, hub) if any(folder.glob("faq/*")) else []
    stored = read_from(database, read_stored)
    lost = () if overwrite else read_from(database, lambda tx: unknown(tx, files))
    if lost:
        raise NotWrittenError(lost)
    before = {file.topic: file.text for file in files}
    after = written(stored, before)
    if odd := [topic for topic in after if not TOPIC.fullmatch(topic)]:
        raise NotWrittenError(reason=f"{odd[0]}.yaml")
    changed = tuple(folder / "faq" / f"{topic}.yaml" for topic in after if after[topic] != before.get(topic))
    try:
        (folder / "faq").mkdir(parents=True, exist_ok=True)
        for file in changed:
            _replace(file, after[file.stem])
    except OSError as error:
        raise NotWrittenError(reason=f"{error.filename}: {error.strerror}") from error
    own = folder.resolve() == hub.resolve()
    new = {topic: text for topic, text in after.items() if own and stored.files.get(topic) != text}
    return Exported(changed, len(after), Plan(files=new))


def refusal(error: NotWrittenError) -> Words:
    """Say why files were not written."""
    if error.lost:
        listed = ", ".join(error.lost)
        return Words(
            f"Nichts geschrieben: In den Dateien steht, was nie importiert wurde ({listed}). Erst `kumpel content "
            "import`, oder --overwrite, oder in einen anderen Ordner.",
            f"Nothing written: the files hold what was never imported ({listed}). First `kumpel content import`, "
            "or --overwrite, or into another folder.",
        )
    return Words(f"Nicht zu schreiben: {error.reason}", f"This can't be written: {error.reason}")


def _replace(file: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_bytes(text.encode())
    fresh.replace(file)


def told(outlook: Outlook, language: Language) -> Iterator[str]:
    """Yield what an import did, or why it did nothing."""
    if outlook.conflicts:
        yield Words(
            "Nichts importiert: Diese Antworten sind im Chat und in den Dateien geändert. `kumpel content diff` "
            "zeigt, wie. --theirs nimmt die Dateien, --ours behält, was im Chat geschrieben wurde.",
            "Nothing imported: these answers were changed in chat and in the files. `kumpel content diff` shows "
            "how. --theirs takes the files, --ours keeps what was written in chat.",
        ).to(language)
        yield from (f"  {each}" for each in outlook.conflicts)
        return
    if outlook.doubled:
        yield Words(
            "Nichts importiert: Diese Fragen führen in Kumpel schon zu einer anderen Antwort. Lass sie in einer "
            "von beiden; was in keiner Datei mehr steht, nimmt --retire heraus.",
            "Nothing imported: these questions lead to another answer in Kumpel already. Keep them in one of the "
            "two; --retire takes out what is in no file any more.",
        ).to(language)
        yield from (f"  {each.entry_id}: “{each.ask}” → {each.other}" for each in outlook.doubled)
        return
    done = {kind: tuple(each.entry.id for each in outlook.plan.changes if each.kind == kind) for kind in _DONE} | {
        "moved": outlook.moved
    }
    for kind, ids in done.items():
        if ids:
            yield _counted(_DONE[kind], ids, language)
    if not any(done.values()):
        yield Words("An den Antworten ändert sich nichts.", "The answers stay as they are.").to(language)
    yield from _left(outlook, language)


def _left(outlook: Outlook, language: Language) -> Iterator[str]:
    left = (
        (
            outlook.newer,
            Words("Im Chat geändert und so behalten", "Changed in chat, and kept so"),
        ),
        (
            outlook.gone,
            Words(
                "Nicht mehr in den Dateien, aber noch in Kumpel; --retire nimmt sie heraus",
                "No longer in the files, but still in Kumpel; --retire takes them out",
            ),
        ),
        (
            outlook.unwritten,
            Words(
                "Im Chat geschrieben und in keiner Datei; `kumpel content export` schreibt sie auf",
                "Written in chat, and in no file; `kumpel content export` writes them down",
            ),
        ),
    )
    for ids, what in left:
        if ids:
            yield _counted(what, ids, language)


def differing(files: Sequence[ContentFile], stored: Stored, language: Language) -> Iterator[str]:
    """Yield what differs between the files and the store, entry by entry; nothing if they are alike."""
    for each, lines in compared(files, stored):
        yield f"{each.entry_id}: {_where_changed(each).to(language)}"
        yield from (f"  {line}" for line in lines)
        yield ""


def _where_changed(each: Difference) -> Words:
    if each.in_file is None:
        return Words("in keiner Datei (+ Kumpel)", "in no file (+ Kumpel)")
    if each.in_store is None:
        return Words("nicht in Kumpel (- Datei)", "not in Kumpel (- file)")
    return _CHANGED[each.changed]


def _counted(what: Words, ids: Sequence[str], language: Language) -> str:
    more = ", …" if len(ids) > LISTED else ""
    return f"{what.to(language)} ({len(ids)}): {', '.join(ids[:LISTED])}{more}"


_DONE = {
    "added": Words("Neu", "New"),
    "changed": Words("Geändert", "Changed"),
    "restored": Words("Wieder da", "Back again"),
    "retired": Words("Herausgenommen", "Taken out"),
    "moved": Words("In eine andere Datei gekommen", "Moved to another file"),
}
_CHANGED = {
    "files": Words("in der Datei geändert (- Datei, + Kumpel)", "changed in the file (- file, + Kumpel)"),
    "store": Words("im Chat geändert (- Datei, + Kumpel)", "changed in chat (- file, + Kumpel)"),
    "both": Words("in Datei und Chat geändert (- Datei, + Kumpel)", "changed in file and chat (- file, + Kumpel)"),
}
