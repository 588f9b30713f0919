"""A message with two questions gives both; one that may be one question stays one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.retrieval.questions import MOST, questions_in

TWO = [
    ("Was kostet ein Tisch und wann habt ihr offen?", ["Was kostet ein Tisch", "wann habt ihr offen?"]),
    ("how much is a desk? and is there wifi?", ["how much is a desk?", "is there wifi?"]),
    ("Was kostet ein Tisch\nwann habt ihr offen", ["Was kostet ein Tisch", "wann habt ihr offen"]),
    ("Hi! Was kostet ein Tisch, wann habt ihr offen?", ["Was kostet ein Tisch", "wann habt ihr offen?"]),
    ("gibt es wlan und kann ich parken?", ["gibt es wlan", "kann ich parken?"]),
    ("can i bring my dog and is there parking nearby", ["can i bring my dog", "is there parking nearby"]),
    ("Wo seid ihr? Wie komme ich hin?", ["Wo seid ihr?", "Wie komme ich hin?"]),
    ("WLAN? Parkplatz?", ["WLAN?", "Parkplatz?"]),
    (
        "Ich möchte morgen einen Platz buchen und habt ihr WLAN?",
        ["Ich möchte morgen einen Platz buchen", "habt ihr WLAN?"],
    ),
    ("- Was kostet ein Tisch?\n- Gibt es WLAN?", ["Was kostet ein Tisch?", "Gibt es WLAN?"]),
    (
        "1. Was kostet ein Tisch?\n2. Wann ist offen?\n3. Gibt es WLAN?\n4. Wo kann ich parken?",
        ["Was kostet ein Tisch?", "Wann ist offen?", "Gibt es WLAN?"],
    ),
    (
        "Ich habe einen Hund. Darf er mit? Gibt es Parkplätze?",
        ["Ich habe einen Hund. Darf er mit?", "Gibt es Parkplätze?"],
    ),
    ("Wann habt ihr offen? Danke! Und wo kann ich parken?", ["Wann habt ihr offen?", "wo kann ich parken?"]),
]
ONE = [
    "Was kostet ein Schreibtisch?",
    "wlan",
    "Weißt du, wann ihr offen habt?",
    "Was ist ein Hackathon und wie funktioniert das?",
    "What is the accelerator and how does it work?",
    "How do I book a desk, and what does it cost?",
    "wann und wo findet die startup night statt",
    "Wie lange und wie oft kann ich buchen?",
    "Kann ich einfach kommen oder muss ich buchen?",
    "Wir sind zu dritt und suchen Platz. Was kostet ein Schreibtisch bei euch im Monat?",
    "Wenn ich am Freitag komme, kann ich dann in der Tiefgarage parken?",
    "Ich bin im Rollstuhl unterwegs, habt ihr einen Aufzug?",
    "My friend, who is a designer, wants to know how to join",
    "Ist das kostenlos, oder?",
    "it is open, isn't it?",
    "Was kostet der Tisch z.B. im Monat?",
    "do you have coffee and tea and a fridge",
    "Gibt es Kaffee, Tee und Wasser?",
    "Was kostet ein Tisch? Was kostet ein Tisch?",
    "I land at Düsseldorf airport on Thursday and have no car. What is the best way to get to you?",
    "hallo",
    "👍",
]
GREETED = [
    ("Hallo zusammen, eine Frage: was kostet ein Tisch?", "was kostet ein Tisch?"),
    ("Moin! Wann habt ihr offen?", "Wann habt ihr offen?"),
    ("Hi there, quick question: is there wifi?", "is there wifi?"),
    ("Guten Morgen liebes Team,\nwo kann ich parken?", "wo kann ich parken?"),
    ("hallo, wlan?", "hallo, wlan?"),
    ("Hallo Welt ist das Motto, warum?", "Hallo Welt ist das Motto, warum?"),
]


@pytest.mark.parametrize(("text", "questions"), TWO)
def test_several_questions_are_told_apart(text, questions):
    assert questions_in(text) == questions


@pytest.mark.parametrize("text", ONE)
def test_one_question_stays_one(text):
    assert questions_in(text) == [text]


@pytest.mark.parametrize(("text", "question"), GREETED)
def test_a_greeting_is_dropped_where_that_is_safe(text, question):
    assert questions_in(text) == [question]


def test_nothing_is_asked_in_nothing():
    assert questions_in("") == questions_in(" \n ") == []


@given(st.text(max_size=3000))
def test_any_text_gives_a_few_parts_of_itself(text):
    found = questions_in(text)
    assert len(found) <= MOST
    assert all(part in " ".join(text.split()) or " ".join(part.split()) for part in found)


@pytest.mark.parametrize(
    "text", ["und was " * 2500, "? " * 5000, "was ist " * 1250, "\n" * 10_000, "hallo, " * 1500]
)
def test_long_texts_take_no_time(text):
    import time

    started = time.process_time()
    questions_in(text)
    assert time.process_time() - started < 0.3
