from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import msgspec
import pytest
from msgspec import Struct

from handlers.core.hub import Hub, PackError, load_hub, read_tables
from handlers.core.markup import parse_markup
from handlers.core.pack import line_of
from handlers.core.ui import plain
from handlers.faq.content import load_entries, unfilled
from handlers.faq.entries import MAX_ANSWER, MAX_TITLE, Entry, ways
from handlers.faq.writing import schema
from handlers.retrieval.language import Guess, detect

HUB = Path(__file__).parents[2] / "hub"


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return load_entries(HUB)


@pytest.fixture
def pack(tmp_path) -> Path:
    """A copy of the pack to spoil."""
    folder = tmp_path / "hub"
    shutil.copytree(HUB, folder)
    return folder


def spoil(pack: Path, file: str, old: str, new: str) -> int:
    """Replace one place in a file, and return the line that it is in."""
    text = (pack / file).read_text(encoding="utf-8")
    assert old in text
    (pack / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def complaint(pack: Path) -> str:
    with pytest.raises(PackError) as caught:
        load_entries(pack)
    return str(caught.value)


# --- the pack as it is


def test_the_pack_is_as_large_as_promised(entries):
    assert len(entries) >= 50
    assert len(unfilled(entries)) >= 10


def test_every_entry_can_be_asked_for_in_both_languages(entries):
    for entry in entries:
        assert min(len(entry.de.ask), len(entry.en.ask)) >= 5, entry.id
        assert max(len(entry.de.title), len(entry.en.title)) <= MAX_TITLE


def test_titles_on_buttons_are_all_different(entries):
    for language in ("de", "en"):
        assert [
            title for title, count in Counter(e.wording(language).title for e in entries).items() if count > 1
        ] == []


def test_answers_start_with_the_answer_and_are_short(entries):
    for entry in entries:
        for language in ("de", "en"):
            answer = entry.wording(language).answer
            if entry.filled:
                assert len(answer) <= MAX_ANSWER
                assert "**" in answer.splitlines()[0], entry.id
                assert plain(parse_markup(answer))


def test_german_and_english_are_not_mixed_up(entries):
    for entry in entries:
        german, english = (
            detect(" ".join((entry.de.title, *entry.de.ask))),
            detect(" ".join((entry.en.title, *entry.en.ask))),
        )
        assert (german.language, english.language) == ("de", "en"), entry.id
        if entry.filled:
            assert detect(plain(parse_markup(entry.de.answer))) != Guess("en", sure=True), entry.id
            assert detect(plain(parse_markup(entry.en.answer))) != Guess("de", sure=True), entry.id


def test_money_and_prices_carry_their_year(entries):
    for entry in entries:
        if entry.filled and any(sign in entry.de.answer for sign in ("Euro", "vierstellig", "Gesellschafter")):
            assert entry.as_of == 2017, entry.id


def test_nothing_is_said_to_be_reviewed_before_the_hub_has_done_so(entries):
    assert {entry.reviewed for entry in entries} == {None}


def test_what_opens_doors_is_not_for_everybody(entries):
    audiences = {entry.id: entry.audience for entry in entries}
    assert audiences["wifi"] == "direct"
    assert audiences["keys"] == "members"


def test_the_schema_for_editors_fits(entries):
    assert (HUB / "faq.schema.json").read_text("utf-8") == schema()
    for file in (HUB / "faq").glob("*.yaml"):
        assert "# yaml-language-server: $schema=../faq.schema.json\n" in file.read_text("utf-8")
    made = [msgspec.to_builtins(entry) for entry in entries]
    jsonschema.validate(json.loads(msgspec.json.encode(made)), json.loads(schema()))


def test_missing_facts_are_placeholders_and_say_what_is_missing(entries):
    missing = {entry.id: what for entry, what in unfilled(entries)}
    wanted = {"opening-hours", "wifi", "parking", "meeting-rooms", "printer", "visitors", "keys", "dogs"}
    wanted |= {"other-prices", "desk-price-vat"}
    assert wanted <= {entry_id for entry_id, what in missing.items() if what}
    assert all(not entry.filled and entry.as_of is None for entry, _ in unfilled(entries))


def test_nobody_is_politely_addressed_in_german(entries):
    for entry in entries:
        for text in (entry.de.answer, entry.de.title):
            assert not {"Ihnen", "Ihre", "Ihren", "Ihr"} & set(text.replace(",", " ").split()), entry.id


def test_each_entry_is_one_way_with_all_its_wordings(entries):
    made = ways(entries)
    assert [way.key for way in made] == [f"faq:{entry.id}" for entry in entries]
    assert all(
        {*entry.de.ask, *entry.en.ask} <= set(way.variants) for way, entry in zip(made, entries, strict=True)
    )
    assert all(bool(way.answer) == entry.filled for way, entry in zip(made, entries, strict=True))


def test_pictures_are_drawings_of_the_right_size_that_load_nothing(entries):
    assert {entry.picture for entry in entries} > {"camps"}
    for file in (HUB / "pictures").glob("*.svg"):
        root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
        assert (root.get("width"), root.get("height")) == ("1200", "675")
        assert not [each for each in root.iter() if each.tag.endswith(("image", "script", "style"))]
        assert {each.get("font-family") for each in root.iter()} <= {None, "Kumpel Sans"}


def test_the_drawing_names_all_six_cities():
    drawing = (HUB / "pictures" / "camps.svg").read_text(encoding="utf-8")
    assert all(city.split(" an ")[0] in drawing for camp in load_hub(HUB).camps for city in camp.cities)


def test_the_hub_has_its_facts():
    hub = load_hub(HUB)
    assert (hub.short_name, hub.desks, hub.language, str(hub.zone)) == ("ruhr:HUB", 40, "de", "Europe/Berlin")
    assert {city for camp in hub.camps for city in camp.cities} == {
        "Bochum",
        "Dortmund",
        "Duisburg",
        "Essen",
        "Gelsenkirchen",
        "Mülheim an der Ruhr",
    }
    dortmund = hub.camp("dortmund")
    assert dortmund is not None
    assert dortmund.sectors.text("en") == ("Logistics IT", "Smart home")
    assert hub.camp("bottrop") is None


# --- the pack spoiled


def test_a_mistyped_field_is_named_with_its_line_and_the_right_one(pack):
    line = spoil(
        pack, "faq/desks.yaml", "title: Was kostet ein Schreibtisch?", "titel: Was kostet ein Schreibtisch?"
    )
    assert complaint(pack) == (
        f"hub/faq/desks.yaml, line {line}: 'titel' is not a known field here; did you mean 'title'?"
    )


def test_all_problems_of_all_files_are_told_at_once(pack):
    first = spoil(pack, "faq/bot.yaml", "title: Bist du ein Mensch?", "titel: Bist du ein Mensch?")
    second = spoil(pack, "faq/desks.yaml", "as_of: 2017", "as_of: today")
    third = spoil(pack, "faq/team.yaml", "- id: team\n", "- owner: lead\n")
    with pytest.raises(PackError) as caught:
        load_entries(pack)
    found = [(problem.file, problem.line) for problem in caught.value.problems]
    assert found[:2] == [("hub/faq/bot.yaml", first), ("hub/faq/desks.yaml", second)]
    assert found[2][0] == "hub/faq/team.yaml"
    assert abs(found[2][1] - third) <= 1
    assert "'id' is missing" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "title: Was kostet ein Schreibtisch?",
            "title: 50",
            "50 is taken for a number here; write it in quotation marks",
        ),
        ("title: Was kostet ein Schreibtisch?", "title: Was kostet ein Schreibtisch", "is no question"),
        (
            "title: Was kostet ein Schreibtisch?",
            "title: Was kostet denn bei euch so ein Schreibtisch im Monat?",
            "shorten it to 40",
        ),
        ("- Preis pro Tisch", '- " "', "a way to ask is empty"),
        ("- Preis pro Tisch", "- Wie hoch ist die Miete", "is there twice; take one out"),
        ("- Preis pro Tisch", "- Gibt es einen Drucker?", "also leads to"),
        ("**50 Euro im Monat**", "**50 Euro im Monat", "close what is opened"),
        ("**50 Euro im Monat**", "[Preise](http://hub.ruhr)", "https://"),
        ("**50 Euro im Monat**", "[[AUSFÜLLEN: Preis]] oder so", "a placeholder is the whole answer"),
        ("**50 Euro im Monat**", "viel " * 100, "shorten it to 450"),
        ("- id: desk-price", "- id: Desk Price", "take a–z, 0–9 and hyphens"),
        ("- id: desk-price", "- id: printer", "is there twice, also in hub/faq/desks.yaml"),
        ("- id: desk-price", "- id: desk-price\n  picture: prices", "put prices.svg into the folder pictures"),
    ],
)
def test_what_is_wrong_is_said_with_a_remedy(pack, old, new, says):
    line = spoil(pack, "faq/desks.yaml", old, new)
    said = complaint(pack)
    assert says in said
    if "is there twice, also" not in says and "also leads" not in says:
        near = {line, line - 1, line + 1}  # an answer's text starts one line below its name
        assert any(f"desks.yaml, line {number}:" in said for number in near), (said, line)


def test_the_same_question_in_two_entries_names_the_other(pack):
    line = spoil(pack, "faq/team.yaml", "- Wer arbeitet im Hub?", "- Wo kann ich parken")
    assert complaint(pack) == (
        f"hub/faq/team.yaml, line {line}: 'Wo kann ich parken' also leads to 'parking'; keep it in one entry"
    )


def test_a_fact_may_be_filled_in_in_one_language_before_the_other(pack):
    spoil(pack, "faq/desks.yaml", "[[AUSFÜLLEN: Öffnungszeiten des Hubs]]", "**Immer**, außer nachts.")
    hours = next(entry for entry in load_entries(pack) if entry.id == "opening-hours")
    assert hours.filled
    assert (hours, "opening hours of the hub") in unfilled([hours])


def test_an_answer_in_one_language_is_given_in_both_until_the_other_is_filled_in(pack):
    spoil(pack, "faq/desks.yaml", "[[AUSFÜLLEN: Öffnungszeiten des Hubs]]", "**Immer**, außer nachts.")
    hours = next(entry for entry in load_entries(pack) if entry.id == "opening-hours")
    assert hours.filled
    assert list(hours.given) == ["de"]
    assert hours.answer("en") == hours.answer("de") == "**Immer**, außer nachts."


def test_a_filled_placeholder_is_an_answer(pack):
    spoil(pack, "faq/desks.yaml", "[[AUSFÜLLEN: Drucker und Scanner]]", "**Ja**, im Flur.")
    spoil(pack, "faq/desks.yaml", "[[TO FILL IN: printer and scanner]]", "**Yes**, in the corridor.")
    printer = next(entry for entry in load_entries(pack) if entry.id == "printer")
    assert printer.filled
    assert printer not in [entry for entry, _ in unfilled(load_entries(pack))]


def test_a_quotation_mark_that_is_not_closed_is_told_by_its_line(pack):
    line = spoil(pack, "faq/events.yaml", "title: Was für Events gibt es?", 'title: "Was für Events gibt es?')
    said = complaint(pack)
    assert said.startswith(f"hub/faq/events.yaml, line {line}: a quotation mark is not closed; close it")


def test_a_file_in_another_encoding_is_told(pack):
    file = pack / "faq" / "events.yaml"
    file.write_bytes(file.read_text(encoding="utf-8").encode("latin-1", errors="replace"))
    assert "save the file as UTF-8" in complaint(pack)


def test_an_empty_pack_is_told(tmp_path):
    (tmp_path / "hub").mkdir()
    assert "hub/faq/*.yaml: there is no answer at all" in complaint(tmp_path / "hub")
    with pytest.raises(PackError, match=r"hub/hub\.toml: the file is missing"):
        load_hub(tmp_path / "hub")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('timezone = "Europe/Berlin"', 'timezone = "Europe/Essen"', "the time zone 'Europe/Essen' is not known"),
        ('website = "https://hub.ruhr"', 'website = "hub.ruhr"', "https:// in front"),
        ("desks = 40", 'desks = "forty"', "'desks' holds a text in quotation marks; write a whole number"),
        ("desks = 40", "desks = 0", "there is no desk"),
        ('end = "18:00"', 'end = "8:00"', "8:00 is not after 09:00"),
        ('begin = "09:00"', 'begin = "neun"', "'neun' is no time of day; write it like 09:00"),
        ("desks = 40", "desk = 40", "did you mean 'desks'?"),
        ('slug = "essen"', 'slug = "dortmund"', "the camp 'dortmund' is there twice"),
        ('slug = "essen"', 'slug = ["essen"]', "'slug' holds a list"),
        ('default_language = "de"', 'default_language = "fr"', "default_language"),
    ],
)
def test_the_hubs_facts_are_checked_too(pack, old, new, says):
    line = spoil(pack, "hub.toml", old, new)
    with pytest.raises(PackError) as caught:
        load_hub(pack)
    assert says in str(caught.value)
    assert f"hub/hub.toml, line {line}:" in str(caught.value) or "languages" in str(caught.value)


def test_tables_of_any_kind_can_be_read(tmp_path):
    class Desk(Struct, frozen=True):
        number: int
        window: bool = False

    folder = tmp_path / "hub"
    (folder / "desks").mkdir(parents=True)
    (folder / "desks" / "a.toml").write_text("[[desk]]\nnumber = 1\n\n[[desk]]\nnumber = 2\nwindow = true\n")
    assert read_tables(folder, "desks/*.toml", Desk) == [Desk(1), Desk(2, window=True)]


def test_a_line_is_found_in_nested_tables():
    entry = "\n".join(("[[entry]]", 'id = "a"', "[entry.de]", "ask = [", '  "x",', '  "y",', "]", ""))
    text = entry + entry
    assert line_of(text, ("entry", 0)) == 1
    assert line_of(text, ("entry", 0, "de", "ask", 1)) == 6
    assert line_of(text, ("entry", 1)) == 8
    assert line_of(text, ("entry", 1, "de", "ask", 0)) == 12
    assert line_of(text, ("entry", 1, "en", "title")) == 8


def test_a_hub_is_frozen():
    hub = load_hub(HUB)
    with pytest.raises(AttributeError):
        hub.desks = 41  # type: ignore[misc]
    assert isinstance(hub, Hub)
