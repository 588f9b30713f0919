"""The answers' files: read, refused, written, and brought together with the store."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from handlers.core.pack import PackError
from handlers.faq.comparing import read_stored
from handlers.faq.content import ContentFile, load_files
from handlers.faq.entries import Entry, Wording
from handlers.faq.exporting import compared, unknown, written
from handlers.faq.importing import ChangedMeanwhileError, Outlook, carry_out, look_ahead
from handlers.faq.library import from_json, to_json
from handlers.faq.reading import read_sheet
from handlers.faq.writing import as_yaml, entry_at, tidy, with_entries
from storage import faq
from storage.migrate import migrate
from storage.rows import Transaction

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HUB = load_files(ROOT / "hub")
TWO = """\
# What it costs.

# The price of 2017.
- id: price
  as_of: 2017   # ask again
  de:
    title: "Was kostet das?"
    ask: [Was kostet das?, "Preis: wie hoch?"]
    answer: |
      **50 Euro.**

      # Mehr nicht.

# Nobody knows.
- id: dogs
  en:
    title: Are dogs allowed?
    ask:
    - 'Are dogs allowed?'
    answer: Yes.
# The end.
"""


def entries_of(text: str) -> list[Entry]:
    sheet = read_sheet("a.yaml", text)
    found = [entry_at(sheet, place) for place in range(len(sheet.items))]
    return [entry for entry in found if entry]


def file_of(text: str, topic: str = "a") -> ContentFile:
    return ContentFile(topic, text, tuple(entries_of(text)))


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, Path(":memory:"))
        yield Transaction(connection)


def bring(tx: Transaction, *files: ContentFile, **options: Any) -> Outlook:
    outlook = look_ahead(files, read_stored(tx), **options)
    if not outlook.conflicts:
        carry_out(tx, outlook.plan, NOW)
    return outlook


def in_chat(tx: Transaction, entry_id: str, change: Callable[[Entry], Entry], state: Any = "live") -> Entry:
    """A manager changes an entry."""
    row = faq.get_entry(tx, entry_id)
    assert row is not None
    changed = change(from_json(row.content))
    assert faq.mark_changed_if_version(tx, entry_id, row.version, to_json(changed), NOW, state=state)
    return changed


def reviewed(entry: Entry) -> Entry:
    return replace(entry, reviewed=date(2026, 11, 23))


def owned_by_leads(entry: Entry) -> Entry:
    return replace(entry, owner="lead")


def exported(tx: Transaction, **texts: str) -> dict[str, str]:
    return written(read_stored(tx), texts)


# --- reading


def test_whatever_way_yaml_writes_it_the_entry_is_the_same():
    price, dogs = entries_of(TWO)
    assert price.de == Wording(
        "Was kostet das?", ("Was kostet das?", "Preis: wie hoch?"), "**50 Euro.**\n\n# Mehr nicht."
    )
    assert (price.as_of, price.en) == (2017, None)
    assert dogs.en == Wording("Are dogs allowed?", ("Are dogs allowed?",), "Yes.")


def test_every_value_has_its_line():
    source = read_sheet("a.yaml", TWO).source
    places = {(0,): 4, (0, "as_of"): 5, (0, "de", "ask", 1): 8, (0, "de", "answer"): 9, (1, "en", "ask", 0): 19}
    assert {place: source.line(place) for place in places} == places
    assert source.line((1, "de", "title")) == source.line((1,)) == 15


def folder_with(tmp_path: Path, **files: str | bytes) -> Path:
    folder = tmp_path / "hub"
    (folder / "faq").mkdir(parents=True)
    for topic, text in files.items():
        (folder / "faq" / f"{topic}.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def complaint(folder: Path, language: str = "en") -> str:
    with pytest.raises(PackError) as caught:
        load_files(folder)
    return caught.value.to(language)


@pytest.mark.parametrize(
    ("old", "new", "line", "en", "de"),
    [
        ("as_of: 2017", "\tas_of: 2017", 5, "a tab stands at the start of the line; indent", "Tabulator"),
        ("[Was kostet das?,", "[no,", 8, 'write it in quotation marks: "no"', "no gilt hier als Ja oder Nein"),
        ("[Was kostet das?,", "[12:30,", 8, "12:30 is taken for a number here", "12:30 gilt hier als eine Zahl"),
        ("[Was kostet das?,", "[2026-11-23,", 8, "2026-11-23 is taken for a date here", "ein Datum"),
        ("[Was kostet das?,", "[~,", 8, "'ask' is empty", "„ask“ ist leer"),
        ("- id: dogs", "- id: on", 15, "on is taken for yes or no here", "on gilt hier als Ja oder Nein"),
        ("- id: dogs", "- id: price", 15, "the id 'price' is there twice, also in hub/faq/a.yaml", "zweimal"),
        ("- id: dogs", "- id: dogs\n  id: cats", 16, "'id' is there twice in the same entry", "steht zweimal"),
        ("- id: dogs", "- id: dogs\n  audience: all", 16, "take one of: public, members, direct", "nimm eines"),
        ("- id: dogs", "- id: dogs\n  reviewed: 2026", 16, "'reviewed' is no day", "ist kein Tag"),
        ("- id: dogs", "- id: dogs\n  as_of: 2026-13-45", 16, "'as_of' is no day", "ist kein Tag"),
        ("- id: dogs", "- id: dogs\n  revewed: 2026-11-23", 16, "did you mean 'reviewed'?", "meinst du „rev"),
        ("title: Are dogs", "titel: Are dogs", 17, "did you mean 'title'?", "meinst du „title“?"),
        ("title: Are dogs allowed?", "title: Dogs: allowed?", 17, "a colon stands inside a text", "Doppelpunkt"),
        ("title: Are dogs allowed?", "title: [Dogs?]", 17, "'title' holds a list; write a text", "eine Liste"),
        ("answer: Yes.", "answer: `Yes`", 20, "a text begins with a sign of YAML's", "Sonderzeichen"),
        ("answer: Yes.", "answer: **Yes", 20, "a word begins with &, * or !", "beginnt mit &, * oder !"),
        ("answer: Yes.", "answer: '**Yes'", 20, "** is not closed; close what is opened", "nicht geschlossen"),
        ("answer: Yes.", "answer: '[Yes](javascript:alert(1))'", 20, "links begin with https://", "https://"),
        ("answer: Yes.", "answer: 'Yes", 20, "a quotation mark is not closed", "ein Anführungszeichen ist nicht"),
        ("answer: Yes.", "answer: [Yes", 20, "a bracket is not closed", "eine Klammer ist nicht geschlossen"),
        ("answer: Yes.", 'answer: "Yes\\e[31m"', 20, "a character that nobody sees", "ein unsichtbares Zeichen"),
        ("answer: Yes.", "answer: Yes\u2028.", 20, "nobody sees stands here (U+2028)", "unsichtbares"),
        ("answer: Yes.", "answer: Yes\n  - no", 21, "this can't be read", "das ist nicht zu lesen"),
        ("answer: Yes.", "answer: Yes.\n---\n- id: more", 21, "the file goes on after its end", "nach dem Ende"),
        ("answer: Yes.", "answer: Yes.\n- just a text", 21, "this is no entry", "das ist kein Eintrag"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_file_line_and_remedy(tmp_path, old, new, line, en, de):
    assert old in TWO
    folder = folder_with(tmp_path, a=TWO.replace(old, new, 1))
    assert f"hub/faq/a.yaml, line {line}: " in complaint(folder)
    assert en in complaint(folder)
    assert f"hub/faq/a.yaml, Zeile {line}: " in complaint(folder, "de")
    assert de in complaint(folder, "de")


def test_all_that_is_wrong_in_all_files_is_said_at_once(tmp_path):
    folder = folder_with(tmp_path, a=TWO.replace("Yes.", "'**Yes'"), b="- id: 1\n- owner: boss\n", c="- id: [\n")
    (folder / "faq" / "d.yml").write_text("")
    (folder / "faq" / "E.yaml").write_text("")
    said = complaint(folder)
    for part in ("a.yaml, line 20", "b.yaml, line 1", "b.yaml, line 2", "c.yaml, line 2", "d.yml", "E.yaml"):
        assert f"hub/faq/{part}: " in said
    assert "b.yaml, line 2: there is no such 'owner'" in said


def bombs() -> dict[str, bytes]:
    laughs = "- id: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"- {chr(b)}: &{chr(b)} [{', '.join(f'*{chr(b - 1)}' for _ in range(9))}]\n" for b in range(98, 120)
    )
    return {
        "laughs": laughs.encode(),
        "python": b"- !!python/object/apply:os.system [id]\n",
        "python_key": b"- ? !!python/name:os.system\n  : 1\n",
        "ten_megabytes": b"- id: " + b"x" * 10_000_000,
        "many": b"- {}\n" * 100_000,
        "deep": b"- " + b"[" * 400_000,
        "nested": b"- {a: " * 100_000,
        "quoted": b'- id: "' + b"\\n" * 400_000,
        "no_text": b"\xff\xfe- id",
        "nothing": b"\x00" * 1000,
        "one_line_end": b"- id: a\r- id: b",
        "merge": b"- <<: {id: a}\n",
        "key": b"- [a]: b\n",
        "document": b"%YAML 1.1\n---\n{}\n",
    }


@pytest.mark.parametrize("bomb", bombs())
def test_what_is_hostile_is_refused_quickly(tmp_path, bomb):
    folder = folder_with(tmp_path, bomb=bombs()[bomb])
    started = time.process_time()
    said = complaint(folder)
    assert time.process_time() - started < 2
    assert "hub/faq/bomb.yaml" in said
    assert len(said) < 1000


def test_many_files_are_refused(tmp_path):
    folder = folder_with(tmp_path, **{f"t{number}": "" for number in range(101)})
    assert "100 files with 5000 entries in all can be read" in complaint(folder)


def test_a_pack_without_an_answer_is_refused(tmp_path):
    assert "hub/faq: there is no answer at all" in complaint(folder_with(tmp_path, a="# nothing yet\n"))


def test_a_running_bot_has_no_yaml_in_memory():
    program = "import sys, bot.app, bot.librarian, handlers.faq.content; print('yaml' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


# --- writing

LINE = st.text(st.characters(codec="utf-8"), max_size=12)
ODD = ["no", "12:30", "2026-11-23", "~", "a: b", "# a", "a #b", "- a", "'", '"', "!a", "ja:", "a\\n", "|", "a\tb"]
TEXT = LINE | st.lists(LINE | st.sampled_from(ODD), max_size=3).map("\n".join)
WORDING = st.builds(Wording, title=TEXT, ask=st.lists(TEXT, max_size=3).map(tuple), answer=TEXT)
ENTRY = st.builds(
    Entry,
    id=st.from_regex(r"[a-z]{1,6}(-[0-9]{1,3})?", fullmatch=True) | st.sampled_from(["no", "1", "1-2"]),
    de=st.none() | WORDING,
    en=st.none() | WORDING,
    audience=st.sampled_from(["public", "members", "direct"]),
    owner=st.sampled_from(["manager", "project", "lead"]),
    as_of=st.none() | st.integers(1990, 2100) | st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    reviewed=st.none() | st.dates(),
    picture=st.none() | TEXT,
).map(tidy)
ENTRIES = st.lists(ENTRY, max_size=4, unique_by=lambda entry: entry.id)


@settings(deadline=None)
@given(ENTRY)
def test_what_is_written_is_read_again(entry):
    text = as_yaml(entry)
    assert entries_of(text) == [entry]
    assert read_sheet("a.yaml", text).unquoted.keys() <= {(0, "as_of"), (0, "reviewed")}


def test_texts_stand_in_a_file_as_people_write_them():
    entry = Entry(
        "wifi", de=Wording("WLAN?", ("wie ins wlan", "no"), "Frag.\n\n# So."), audience="direct", as_of=2017
    )
    assert as_yaml(entry) == (
        "- id: wifi\n"
        "  audience: direct\n"
        "  as_of: 2017\n"
        "  de:\n"
        "    title: WLAN?\n"
        "    ask:\n"
        "      - wie ins wlan\n"
        '      - "no"\n'
        "    answer: |-\n"
        "      Frag.\n"
        "\n"
        "      # So.\n"
    )


@settings(max_examples=60, deadline=None)
@given(ENTRIES, ENTRIES)
def test_a_file_holds_what_is_wanted_in_that_order(before, after):
    text = with_entries("# Head.\n", "a", before)
    changed = with_entries(text, "a", after)
    by_id = {entry.id: entry for entry in entries_of(changed)}
    assert by_id == {entry.id: entry for entry in after}
    assert changed.startswith("# Head.\n")
    kept = [entry.id for entry in before if entry.id in {each.id for each in after}]
    if [entry.id for entry in after if entry.id in kept] == kept:
        assert entries_of(changed) == after


@settings(max_examples=40, deadline=None)
@given(ENTRIES, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
def test_nothing_changes_where_nothing_changed(entries, newline, mark):
    text = mark + with_entries("# Head.\n", "a", entries).replace("\n", newline)
    assert with_entries(text, "a", entries) == text


def test_comments_stay_and_go_with_what_they_are_about():
    price, dogs = entries_of(TWO)
    lines = TWO.splitlines(keepends=True)
    assert with_entries(TWO, "a", [price, dogs]) == TWO
    assert with_entries(TWO, "a", [price]) == "".join(lines[:13] + lines[20:])
    assert with_entries(TWO, "a", [dogs]) == "".join(lines[:2] + lines[13:])
    assert (
        with_entries(TWO, "a", [price, reviewed(dogs)])
        == "".join(lines[:14]) + as_yaml(reviewed(dogs)) + lines[20]
    )
    cats = replace(dogs, id="cats")
    with_cats = with_entries(TWO, "a", [price, cats, dogs])
    assert with_cats == "".join(lines[:12]) + "\n" + as_yaml(cats) + "".join(lines[12:])


# --- store and files together


def test_the_first_import_brings_everything_and_the_second_nothing(tx):
    outlook = bring(tx, *HUB)
    assert {change.kind for change in outlook.plan.changes} == {"added"}
    assert len(faq.list_entries(tx)) == len(outlook.plan.changes) == len(ENTRY_IDS)
    assert [row.id for row in faq.list_entries(tx)] == [entry.id for file in HUB for entry in file.entries]
    assert not bring(tx, *HUB).plan
    assert compared(HUB, read_stored(tx)) == []


def test_an_export_gives_the_files_back_letter_by_letter(tx):
    bring(tx, *HUB)
    texts = {file.topic: file.text for file in HUB}
    assert exported(tx) == texts
    assert exported(tx, **texts) == texts


ENTRY_IDS = [entry.id for file in HUB for entry in file.entries]


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_one_edit_in_the_store_changes_only_that_entrys_lines(data):
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, Path(":memory:"))
        tx = Transaction(connection)
        bring(tx, *HUB)
        entry_id = data.draw(st.sampled_from(ENTRY_IDS))
        wording = data.draw(WORDING)
        in_chat(tx, entry_id, lambda entry: replace(entry, de=wording))
        changed = exported(tx)
        for file in HUB:
            if entry_id not in {entry.id for entry in file.entries}:
                assert changed[file.topic] == file.text
                continue
            before, after = cut(file.text, entry_id), cut(changed[file.topic], entry_id)
            assert (before[0], before[2]) == (after[0], after[2])
        files = [ContentFile(topic, text, tuple(entries_of(text))) for topic, text in changed.items()]
        assert not bring(tx, *files).plan.changes
        assert not bring(tx, *files).plan
        assert exported(tx) == changed


def cut(text: str, entry_id: str) -> tuple[str, str, str]:
    """A file's text before, in and after an entry."""
    sheet = read_sheet("a.yaml", text)
    first, last = sheet.spans[[item["id"] for item in sheet.items].index(entry_id)]
    lines = text.split("\n")
    return "\n".join(lines[:first]), "\n".join(lines[first : last + 1]), "\n".join(lines[last + 1 :])


def test_what_the_file_changed_is_a_new_version_with_its_own_history(tx):
    bring(tx, file_of(TWO))
    outlook = bring(tx, file_of(TWO.replace("50 Euro", "60 Euro")))
    assert [(change.kind, change.entry.id) for change in outlook.plan.changes] == [("changed", "price")]
    assert [(each.number, each.what) for each in faq.list_versions(tx, "price")] == [
        (2, "imported"),
        (1, "imported"),
    ]
    assert faq.list_versions(tx, "dogs")[0].number == 1


def test_a_changed_comment_is_kept_and_no_entry_changes(tx):
    bring(tx, file_of(TWO))
    outlook = bring(tx, file_of(TWO.replace("# Nobody knows.", "# Nobody knows yet.")))
    assert outlook.plan.changes == ()
    assert "# Nobody knows yet." in exported(tx)["a"]


def test_what_the_chat_changed_stays_when_the_file_has_not(tx):
    bring(tx, file_of(TWO))
    changed = in_chat(tx, "dogs", reviewed)
    outlook = bring(tx, file_of(TWO.replace("50 Euro", "60 Euro")))
    assert outlook.newer == ("dogs",)
    assert [change.entry.id for change in outlook.plan.changes] == ["price"]
    assert read_stored(tx).live()["dogs"] == changed


@pytest.mark.parametrize(("winner", "kept"), [("files", "60"), ("store", "50")])
def test_what_both_changed_is_a_conflict_until_somebody_decides(tx, winner, kept):
    bring(tx, file_of(TWO))
    in_chat(tx, "price", reviewed)
    new = file_of(TWO.replace("50 Euro", "60 Euro").replace("Yes.", "No."))
    outlook = bring(tx, new)
    assert outlook.conflicts == ("price",)
    assert "Yes." in to_json(read_stored(tx).live()["dogs"])
    assert not bring(tx, new, winner=winner).conflicts
    assert kept in to_json(read_stored(tx).live()["price"])
    assert "No." in to_json(read_stored(tx).live()["dogs"])
    assert bring(tx, new).conflicts == ()


def test_the_same_change_on_both_sides_is_no_conflict(tx):
    bring(tx, file_of(TWO))
    in_chat(tx, "dogs", lambda entry: replace(entry, owner="lead"))
    outlook = bring(tx, file_of(TWO.replace("- id: dogs", "- id: dogs\n  owner: lead")))
    assert (outlook.conflicts, outlook.plan.changes) == ((), ())


def test_what_is_gone_from_the_files_is_said_and_taken_out_only_when_asked(tx):
    bring(tx, file_of(TWO))
    shorter = file_of(TWO[: TWO.index("# Nobody")])
    assert bring(tx, shorter).gone == ("dogs",)
    assert bring(tx, shorter).gone == ("dogs",)
    outlook = bring(tx, shorter, retire=True)
    assert [(change.kind, change.entry.id) for change in outlook.plan.changes] == [("retired", "dogs")]
    assert set(read_stored(tx).live()) == {"price"}
    assert [change.kind for change in bring(tx, file_of(TWO)).plan.changes] == ["restored"]
    assert set(read_stored(tx).live()) == {"price", "dogs"}


def test_what_is_gone_from_the_files_and_changed_in_chat_is_a_conflict(tx):
    bring(tx, file_of(TWO))
    in_chat(tx, "dogs", reviewed)
    shorter = file_of(TWO[: TWO.index("# Nobody")])
    assert bring(tx, shorter, retire=True).conflicts == ("dogs",)
    assert "dogs" in read_stored(tx).live()
    bring(tx, shorter, retire=True, winner="files")
    assert "dogs" not in read_stored(tx).live()


def test_what_was_written_in_chat_is_not_taken_out(tx):
    bring(tx, file_of(TWO))
    cats = replace(entries_of(TWO)[1], id="cats")
    faq.add_entry(tx, "cats", "chat", to_json(cats), NOW)
    outlook = bring(tx, file_of(TWO), retire=True)
    assert (outlook.unwritten, outlook.plan.changes) == (("cats",), ())
    changed = exported(tx, a=TWO)
    assert changed == {"a": TWO, "chat": as_yaml(cats)}
    assert not bring(tx, *(file_of(text, topic) for topic, text in changed.items())).plan.changes


def test_what_would_be_asked_by_the_same_words_as_an_answer_of_the_chat_is_said(tx):
    price, dogs = entries_of(TWO)
    bring(tx, file_of(as_yaml(price)))
    faq.add_entry(tx, "pets", "chat", to_json(replace(dogs, id="pets")), NOW)
    outlook = look_ahead([file_of(TWO)], read_stored(tx))
    assert outlook.doubled == (("dogs", "Are dogs allowed?", "pets"),)
    in_chat(tx, "pets", lambda entry: entry, state="retired")
    assert bring(tx, file_of(TWO)).doubled == ()


def test_an_entry_of_another_name_takes_the_place_of_the_one_that_is_taken_out(tx):
    bring(tx, file_of(TWO))
    renamed = [file_of(TWO.replace("id: dogs", "id: pets"))]
    assert look_ahead(renamed, read_stored(tx)).doubled == (("pets", "Are dogs allowed?", "dogs"),)
    assert bring(tx, *renamed, retire=True).doubled == ()
    assert "dogs" not in read_stored(tx).live()


def test_what_was_retired_in_chat_leaves_its_file_and_does_not_come_back(tx):
    bring(tx, file_of(TWO))
    in_chat(tx, "dogs", lambda entry: entry, state="retired")
    assert bring(tx, file_of(TWO)).newer == ("dogs",)
    assert "dogs" not in exported(tx, a=TWO)["a"]
    in_chat(tx, "dogs", lambda entry: entry)
    assert exported(tx, a=TWO) == {"a": TWO}


def test_a_file_whose_only_answer_was_retired_in_chat_is_empty_then(tx):
    price, dogs = (as_yaml(entry) for entry in entries_of(TWO))
    bring(tx, file_of(price), file_of(dogs, "b"))
    in_chat(tx, "dogs", lambda entry: entry, state="retired")
    assert exported(tx, a=price, b=dogs) == {"a": price, "b": ""}
    assert exported(tx, a=price) == {"a": price}


def test_an_entry_moves_with_its_file(tx):
    bring(tx, file_of(TWO))
    at = TWO.index("# Nobody")
    outlook = bring(tx, file_of(TWO[:at]), file_of(TWO[at:], "b"))
    assert (outlook.moved, outlook.plan.changes) == (("dogs",), ())
    assert [(row.id, row.topic) for row in faq.list_entries(tx)] == [("price", "a"), ("dogs", "b")]
    assert exported(tx) == {"a": TWO[:at], "b": TWO[at:]}


def test_another_order_in_the_file_is_the_stores_order(tx):
    bring(tx, file_of(TWO))
    at, start = TWO.index("# Nobody"), TWO.index("# The price")
    turned = file_of(TWO[:start] + TWO[at:] + TWO[start:at])
    outlook = bring(tx, turned)
    assert (outlook.plan.changes, outlook.moved) == ((), ())
    assert [row.id for row in faq.list_entries(tx)] == ["dogs", "price"]
    assert not bring(tx, turned).plan


def test_a_plan_that_came_too_late_does_nothing(tx):
    bring(tx, file_of(TWO))
    plan = look_ahead([file_of(TWO.replace("50 Euro", "60 Euro"))], read_stored(tx)).plan
    in_chat(tx, "price", reviewed)
    with pytest.raises(ChangedMeanwhileError, match="price"):
        carry_out(tx, plan, NOW)


def test_what_the_store_never_had_is_named_before_it_is_overwritten(tx):
    bring(tx, file_of(TWO))
    in_chat(tx, "dogs", reviewed)
    assert unknown(tx, [file_of(TWO)]) == ()
    assert unknown(tx, [file_of(TWO.replace("50 Euro", "60 Euro"))]) == ("price",)


def test_what_differs_is_shown_line_by_line(tx):
    bring(tx, file_of(TWO))
    in_chat(tx, "dogs", owned_by_leads)
    ((difference, lines),) = compared([file_of(TWO)], read_stored(tx))
    assert (difference.entry_id, difference.changed) == ("dogs", "store")
    assert [line for line in lines if line[0] in "+-"] == ["+  owner: lead"]


def test_files_kept_from_another_format_are_only_forgotten(tx):
    bring(tx, file_of(TWO))
    faq.mark_file(tx, "a", '[[entry]]\nid = "price"\n')
    assert entries_of(exported(tx)["a"]) == entries_of(TWO)
    assert bring(tx, file_of(TWO)).plan.changes == ()
    assert exported(tx) == {"a": TWO}
