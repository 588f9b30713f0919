"""Questions as people type them, none of them verbatim in the pack, against the hub's own entries.

They were written before the pack's wordings and before any threshold was set.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import build_house
from handlers.core.seals import Seals
from handlers.faq.content import load_entries
from handlers.faq.entries import ways
from handlers.retrieval.fold import words
from handlers.retrieval.index import Index

HUB = Path(__file__).parents[2] / "hub"

QUESTIONS: list[tuple[str, str]] = [
    # German
    ("was genau ist denn dieser ruhrhub überhaupt", "what-is-the-hub"),
    ("in welcher strasse seid ihr", "address"),
    ("wo muss ich hin wenn ich euch besuchen will", "address"),
    ("mit welcher u-bahn komm ich zu euch", "directions"),
    ("habt ihr ne homepage", "website"),
    ("wem gehört der laden eigentlich", "who-is-behind"),
    ("welche städte machen da mit", "who-is-behind"),
    ("wozu gibts euch", "aim"),
    ("seit wann existiert der hub", "history"),
    ("wieviele arbeitsplätze gibts bei euch", "workplaces"),
    ("wie gross ist die fläche", "workplaces"),
    ("was kost n schreibtisch im monat", "desk-price"),
    ("preis für einen arbeitsplatz?", "desk-price"),
    ("kann man einfach spontan vorbeischauen und sich hinsetzen", "open-door"),
    ("ist das sowas wie wework", "coworking"),
    ("zählen wir noch als frühphase?", "first-phase"),
    ("sind die 50 euro mit mehrwertsteuer", "desk-price-vat"),
    ("gibts tagestickets", "other-prices"),
    ("bis wieviel uhr ist heute offen", "opening-hours"),
    ("habt ihr samstags auf", "opening-hours"),
    ("wie lautet das passwort fürs wlan", "wifi"),
    ("wo kann ich mein auto abstellen", "parking"),
    ("brauchen einen raum für ein kundengespräch", "meeting-rooms"),
    ("kann ich irgendwo was ausdrucken", "printer"),
    ("darf ich einen kunden mitbringen", "visitors"),
    ("bekomm ich einen eigenen schlüssel", "keys"),
    ("mein hund ist lieb, darf der mit", "dogs"),
    ("gibts kaffee", "kitchen"),
    ("ich sitze im rollstuhl, klappt das bei euch", "accessibility"),
    ("können wir euch als geschäftsadresse eintragen", "business-address"),
    ("wie lange ist die kündigungsfrist", "contract"),
    ("wer arbeitet alles beim hub", "team"),
    ("wer ist der chef", "management"),
    ("wofür sind die projektleiter da", "project-managers"),
    ("was tun die community manager den ganzen tag", "community-managers"),
    ("wie läuft das mit dem mentoring", "mentoring"),
    ("begleitet uns jemand beim gründen", "mentoring"),
    ("ich will mit nem echten menschen reden", "reach-a-human"),
    ("telefonnummer?", "contact-details"),
    ("zeig mir mal alle camps", "camps"),
    ("was passiert im camp in dortmund", "camp-dortmund"),
    ("wir machen cybersecurity, welches camp passt", "camp-bochum-gelsenkirchen"),
    ("e-commerce start-up, wohin", "camp-muelheim"),
    ("gibt es in duisburg auch was", "camp-duisburg"),
    ("welche branchen deckt ihr ab", "sectors"),
    ("was für veranstaltungen macht ihr", "events"),
    ("wo finden die startup nights statt", "startup-nights"),
    ("was ist diese startupwoche", "startupweek"),
    ("was kostet der eintritt zu euren events", "events-cost"),
    ("was bringt mir der hub als gründerin", "for-startups"),
    ("habt ihr ein accelerator programm für start-ups", "accelerator"),
    ("helft ihr uns geldgeber zu finden", "investors"),
    ("nehmt ihr anteile an meiner firma", "equity"),
    ("wie kann man sich bei euch bewerben", "how-to-apply"),
    ("von wem wird der hub bezahlt", "hub-funding"),
    ("kriegen wir als startup zuschüsse", "grants"),
    ("was könnt ihr für mittelständler tun", "for-companies"),
    ("was ist so ein challenge pitch", "challenge-pitches"),
    ("organisiert ihr hackathons", "hackathons"),
    ("wie teuer ist das für unternehmen", "company-costs"),
    ("bringt ihr uns mit industriefirmen zusammen", "matchmaking"),
    ("mit welchen hochschulen arbeitet ihr zusammen", "universities"),
    ("was kannst du alles", "bot-abilities"),
    ("lesen andere mit was ich hier schreibe", "bot-privacy"),
    ("lösch bitte alles was du über mich gespeichert hast", "bot-delete-data"),
    ("verstehst du auch englisch", "bot-language"),
    ("bist du eine ki oder ein mensch", "bot-who-are-you"),
    # English
    ("so what is this hub thing exactly", "what-is-the-hub"),
    ("which street are you on", "address"),
    ("do you have a homepage", "website"),
    ("who owns ruhr hub", "who-is-behind"),
    ("why does the hub exist", "aim"),
    ("how many places to work do you have", "workplaces"),
    ("price for a desk per month?", "desk-price"),
    ("how expensive is renting a table", "desk-price"),
    ("can i just walk in and work for a day", "open-door"),
    ("are you like a normal coworking place", "coworking"),
    ("are you open on sundays", "opening-hours"),
    ("what time do you close tonight", "opening-hours"),
    ("wifi pw?", "wifi"),
    ("where do i leave my car", "parking"),
    ("need a room for a call with investors", "meeting-rooms"),
    ("can i bring my dog along", "dogs"),
    ("who do founders talk to", "community-managers"),
    ("i need a mentor", "mentoring"),
    ("who is in charge", "management"),
    ("can i speak to a real person", "reach-a-human"),
    ("what's going on in the dortmund camp", "camp-dortmund"),
    ("we build security software, where do we fit", "camp-bochum-gelsenkirchen"),
    ("list all camps please", "camps"),
    ("what kind of events do you run", "events"),
    ("tell me about startup nights", "startup-nights"),
    ("what do i get as a startup", "for-startups"),
    ("can you introduce us to vcs", "investors"),
    ("where does the hub get its money", "hub-funding"),
    ("are there any subsidies we could get", "grants"),
    ("what do you do for established companies", "for-companies"),
    ("do you run hackathons for corporates", "hackathons"),
    ("how much does a company pay", "company-costs"),
    ("we want to check how digital our company is", "checkup-workshops"),
    ("which universities are involved", "universities"),
    ("who can read what i type here", "bot-privacy"),
    ("delete everything you know about me", "bot-delete-data"),
    ("do you speak german too", "bot-language"),
    ("what are you able to do", "bot-abilities"),
]

CHIT_CHAT = [
    "",
    "   ",
    "?",
    "???",
    "hallo",
    "hi",
    "hey",
    "moin",
    "guten morgen",
    "danke",
    "danke dir!",
    "vielen dank",
    "ok",
    "okay",
    "ja",
    "nein",
    "super",
    "alles klar",
    "bis morgen",
    "tschüss",
    "asdf",
    "qwertz",
    "lol",
    "haha",
    "👍",
    "🙂🙂",
    "hello",
    "good morning",
    "thanks",
    "thank you so much",
    "yes",
    "no",
    "cool",
    "bye",
    "see you",
    "wie gehts",
    "wie geht es dir",
    "how are you",
    "how's it going",
    "xyz",
    "test",
    "123",
    "42",
    "привет",
    "你好",
    "ähm",
    "hmm",
    "sorry",
    "na ja",
    "kein problem",
    "no problem",
]

OFF_TOPIC = [
    "wie wird das wetter morgen",
    "erzähl mir einen witz",
    "wer hat gestern gewonnen",
    "was ist der sinn des lebens",
    "kannst du mir ein rezept für lasagne geben",
    "wie hoch ist der eiffelturm",
    "magst du fußball",
    "wann fährt der letzte bus nach bottrop",
    "schreib mir ein gedicht",
    "wer ist bundeskanzler",
    "what's the weather like",
    "tell me a joke",
    "who won the match last night",
    "what is the meaning of life",
    "how do i cook rice",
    "translate this sentence into french",
    "play some music",
    "do you like pizza",
    "what is the capital of peru",
    "set an alarm for seven",
    "i love you",
    "ich bin müde",
    "wie repariere ich mein fahrrad",
    "my laptop is broken",
]


@pytest.fixture(scope="module")
def index() -> Index:
    registry = build_house(HUB, Seals(["a secret for tests"])).registry
    return Index([*registry.ways, *ways(load_entries(HUB))])


def test_no_question_stands_in_the_pack_as_it_is():
    asked = {tuple(words(variant)) for way in ways(load_entries(HUB)) for variant in way.variants}
    assert [question for question, _ in QUESTIONS if tuple(words(question)) in asked] == []


def test_questions_lead_to_their_entry(index):
    missed = [
        (question, wanted) for question, wanted in QUESTIONS if index.rank(question)[0].key != f"faq:{wanted}"
    ]
    assert len(missed) <= 0.06 * len(QUESTIONS), missed


def test_the_right_entry_is_nearly_always_among_the_three_that_are_offered(index):
    missed = [
        question
        for question, wanted in QUESTIONS
        if f"faq:{wanted}" not in [each.key for each in index.rank(question, limit=3)]
    ]
    assert len(missed) <= 0.03 * len(QUESTIONS), missed


def test_a_wrong_answer_is_rare_and_an_answer_usual(index):
    answered, wrong, silent = 0, [], []
    for question, wanted in QUESTIONS:
        ranked = index.rank(question)
        verdict = index.judge(ranked)
        if verdict == "answer":
            answered += 1
            if ranked[0].key != f"faq:{wanted}":
                wrong.append((question, ranked[0].key))
        elif verdict == "unknown":
            silent.append(question)
    assert len(wrong) <= 0.02 * len(QUESTIONS), wrong
    assert answered >= 0.45 * len(QUESTIONS)
    assert len(silent) <= 0.08 * len(QUESTIONS), silent


@pytest.mark.parametrize("text", CHIT_CHAT)
def test_chit_chat_is_not_understood_as_a_question(index, text):
    assert index.judge(index.rank(text)) == "unknown"


def test_what_the_hub_has_nothing_to_do_with_is_hardly_ever_answered(index):
    answered = [text for text in OFF_TOPIC if index.judge(index.rank(text)) == "answer"]
    assert len(answered) <= 0.05 * len(OFF_TOPIC), answered


def test_questions_survive_lower_case_missing_umlauts_and_typos(index):
    spoiled = {
        "WAS KOSTET EIN SCHREIBTISCH": "desk-price",
        "oeffnungszeiten": "opening-hours",
        "offnungszeiten": "opening-hours",
        "öfnungszeiten": "opening-hours",
        "was kostet ein schreibtsich": "desk-price",
        "gibts einen dukcer": "printer",
        "wo kann ich pakren": "parking",
        "wie komme ich ins wlna": "wifi",
        "wer steckt hiner dem hub": "who-is-behind",
        "camp muelheim": "camp-muelheim",
        "camp mulheim": "camp-muelheim",
        "hackaton": "hackathons",
        "acelerator": "accelerator",
        "meeting romos": "meeting-rooms",
        "openning hours": "opening-hours",
        "besprechungsraeume": "meeting-rooms",
        "schluessel verloren": "keys",
        "mentorring": "mentoring",
    }
    missed = {
        text: index.rank(text, 3) for text, wanted in spoiled.items() if index.rank(text)[0].key != f"faq:{wanted}"
    }
    assert len(missed) <= 2, missed


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("wlan", "wifi"), ("adresse", "address"), ("hunde", "dogs"), ("parken?", "parking"), ("printer", "printer")],
)
def test_one_word_is_enough(index, text, wanted):
    ranked = index.rank(text)
    assert ranked[0].key == f"faq:{wanted}"
    assert index.judge(ranked) != "unknown"


@pytest.mark.parametrize(
    ("text", "verdict", "wanted"),
    [
        ("was kost n schreibtisch im monat", "answer", "desk-price"),
        ("wie komm ich rein", "ask_back", "keys"),
        ("was kannst du", "answer", "bot-abilities"),
    ],
)
def test_the_scenes_come_out_as_written(index, text, verdict, wanted):
    ranked = index.rank(text, limit=3)
    assert index.judge(ranked) == verdict
    assert f"faq:{wanted}" in [each.key for each in ranked]
