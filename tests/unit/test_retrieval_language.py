from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.retrieval.language import detect

GERMAN = """
was kostet ein schreibtisch
Wann habt ihr offen?
ist morgen noch ein platz frei
wo seid ihr
ich hätte gern einen mentor
wie komm ich rein
gibts heute abend was
Ich möchte einen Platz für nächsten Dienstag buchen
welche camps gibt es
wer ist der chef
könnt ihr mir helfen
kann ich meinen hund mitbringen
habt ihr einen 3d drucker
wir suchen pilotkunden in der lagerlogistik
Bitte storniere meine Buchung
danke, das wars schon
das event finde ich super
wie ist das wifi passwort
muss ich mich fürs coworking anmelden
bin zu spät, sorry
wo finde ich die startup night
wir brauchen einen raum für ein meeting
was ist der hub
wie lösche ich meine daten
moin, ist jemand da
wem gehoert der hub
fuer wen ist das
ich bin raus
trag mich auf die warteliste ein
übermorgen dann
Schreibtisch
Öffnungszeiten
""".strip().splitlines()

ENGLISH = """
how much is a desk
When are you open?
is there a free desk tomorrow
where are you
i would like a mentor
how do i get in
anything going on tonight
I want to book a place for next Tuesday
which camps are there
who is the boss
can you help me
can i bring my dog
do you have a 3d printer
we are looking for pilot customers in warehouse logistics
Please cancel my booking
thanks, that was all
i like the event
what is the wifi password
do i have to sign up for coworking
running late, sorry
where can i find the startup night
we need a room for a meeting
what is the hub
how do i delete my data
hello, is anybody there
who owns the hub
who is it for
i am out
put me on the waiting list
the day after tomorrow then
opening hours
is there parking
""".strip().splitlines()

OPEN = ["", "?", "👍", "123", "wlan", "hub", "ok", "IT", "Kumpel", "привет", "asdf", "startup", "pitch deck"]

MIXED = [
    "können wir the meeting verschieben because nobody has time",
    "wo ist der room for the meeting",
    "hello, ich bin new here and suche the desk",
]


@pytest.mark.parametrize("text", GERMAN)
def test_german_is_recognised(text):
    assert detect(text).language == "de"


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_recognised(text):
    assert detect(text).language == "en"


@pytest.mark.parametrize("text", OPEN)
def test_what_tells_no_language_stays_open(text):
    guess = detect(text)
    assert guess.language is None
    assert not guess.sure


@pytest.mark.parametrize("text", MIXED)
def test_mixed_text_is_never_sure(text):
    assert not detect(text).sure


def test_whole_sentences_are_sure():
    longer = [text for text in GERMAN + ENGLISH if len(text.split()) >= 6]
    unsure = [text for text in longer if not detect(text).sure]
    assert len(longer) >= 15
    assert len(unsure) <= 2, unsure


def test_one_word_is_not_sure():
    assert not detect("Schreibtisch").sure


@given(st.text(max_size=300))
def test_any_text_gets_a_guess(text):
    guess = detect(text)
    assert guess.language in ("de", "en", None)
    assert guess.language is not None or not guess.sure
