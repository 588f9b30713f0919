"""What people type for a desk reaches the job, and names the day and the desk they mean."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.desks.wishes import Wish, read_wish

MONDAY = date(2026, 11, 23)
TUESDAY, FRIDAY = date(2026, 11, 24), date(2026, 11, 27)

BOOK = [
    "gibts morgen noch nen platz",
    "ich bräuchte übermorgen einen schreibtisch",
    "kann ich am mittwoch bei euch sitzen",
    "bitte einen platz für den 26.11. reservieren",
    "habt ihr dienstag was frei",
    "wie viele tische sind heute noch frei",
    "platz für freitag buchen bitte",
    "ist donnerstag schon alles belegt",
    "ich will morgen im hub arbeiten, ist ein platz frei",
    "kannst du mir einen tisch für montag reservieren",
    "freie plätze am 30.11.?",
    "würde gern morgen kommen, noch plätze da?",
    "arbeitsplatz reservieren",
    "nimm mir den platz 5 am mittwoch",
    "sind morgen noch schreibtische verfügbar",
    "ich möchte nächste woche dienstag einen platz buchen",
    "heute noch irgendwo ein tisch frei?",
    "tisch 3 für heute bitte",
    "einen platz für übermorgen, bitte",
    "noch freie arbeitsplätze am donnerstag?",
    "is there a seat left for tomorrow",
    "could you reserve me a desk on wednesday",
    "any free desks on friday?",
    "need a place to work tomorrow, anything free",
    "can i get a desk for the 26th",
    "how many seats are available today",
    "book me in for monday please",
    "i'd like desk 5 on thursday",
    "is the hub fully booked on tuesday",
    "reserve a workplace next monday",
    "are there desks available tomorrow morning",
    "want to book a table for friday",
    "do you still have space tomorrow",
    "put me down for a desk on wednesday",
    "free seats today?",
    "i want to come on friday, is there a desk",
    "please hold desk 9 for me tomorrow",
    "check desk availability for thursday",
    "can we get two desks tomorrow",
    "is desk 12 free tomorrow",
]
MINE = [
    "was hab ich eigentlich gebucht",
    "meine plätze anzeigen",
    "ich will meine buchung stornieren",
    "welchen platz habe ich morgen",
    "hab ich am freitag schon einen tisch reserviert",
    "kannst du meinen platz für morgen absagen",
    "ich schaff es nicht, bitte meinen schreibtisch freigeben",
    "buchung löschen bitte",
    "wann hab ich denn reserviert",
    "welcher schreibtisch ist morgen meiner",
    "stornier meinen platz",
    "what did i book",
    "list my bookings please",
    "please cancel my reservation for friday",
    "which desk do i have tomorrow",
    "did i reserve a seat for monday",
    "i can't make it, free up my desk",
    "delete my booking",
    "when have i booked a desk",
    "show my reserved desks",
    "where is my seat tomorrow",
    "cancel my seat for tomorrow",
]
NEAR_MISSES = {
    "was kostet ein schreibtisch": "faq:desk-price",
    "kann ich einen schreibtisch im monat mieten": "faq:desk-price",
    "how much is a desk per month": "faq:desk-price",
    "wie viele arbeitsplätze gibt es bei euch insgesamt": "faq:workplaces",
    "how many desks do you have in total": "faq:workplaces",
    "how many desks do you have": "faq:workplaces",
    "wie viele tische habt ihr": "faq:workplaces",
    "do you charge for a desk": "faq:desk-price",
    "gibt es feste plätze für unser team": "faq:membership",
    "wie werde ich mitglied": "faq:membership",
    "wie bekomme ich einen festen schreibtisch": "faq:membership",
    "kann ich einfach so vorbeikommen": "faq:open-door",
    "was kostet ein platz für einen tag": "faq:other-prices",
    "gibt es parkplätze": "faq:parking",
    "habt ihr einen besprechungsraum": "faq:meeting-rooms",
    "wann habt ihr geöffnet": "faq:opening-hours",
    "are you a coworking space": "faq:coworking",
    "wie kündige ich den vertrag": "faq:contract",
    "wer arbeitet beim hub": "faq:team",
}
NEITHER = [
    "ist bei der startup-night am donnerstag noch ein platz frei",
    "any seats left for the workshop on friday",
    "mein schreibtisch ist kaputt",
    "kann ich heute mein auto auf einen parkplatz stellen",
    "gibt es morgen einen freien besprechungsraum",
    "do i get a desk contract on monday",
    "was kostet ein tisch ab morgen",
    "habt ihr morgen offen",
    "wann ist die nächste veranstaltung",
    "ist morgen ein mentor frei",
    "book a mentor for friday",
    "is a desk free of charge",
    "sind die tische umsonst",
]


def reached(house_and_index, text: str) -> str:
    """What the router would take a text for, as the name of the job or of the closest entry."""
    house, index = house_and_index
    for phrase, handler in house.registry.phrases:
        if phrase.fullmatch(text):
            intents = {intent.handler: key for key, intent in house.registry.intents.items()}
            return intents.get(handler, "help")
    return index.rank(text)[0].key


@pytest.mark.parametrize("text", BOOK)
async def test_asking_for_a_desk_shows_what_is_free(bot, text):
    [card] = await bot.says(text)
    assert card.buttons[-1] in ("Anderer Tag", "Another day")
    assert "frei" in card.text or "free" in card.text


@pytest.mark.parametrize("text", MINE)
async def test_asking_for_own_bookings_shows_them(bot, text):
    [listed] = await bot.says(text)
    assert listed.text in ("Du hast keinen Platz gebucht.", "You have no desk booked.")


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_questions_about_desks_stay_with_the_faq(house_and_index, text):
    assert reached(house_and_index, text) == NEAR_MISSES[text]


@pytest.mark.parametrize("text", NEITHER)
async def test_what_only_sounds_like_it_books_nothing(bot, text):
    [reply] = await bot.says(text)
    assert not {"Platz nehmen", "Take a desk"} & set(reply.buttons)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Platz 12 für morgen", Wish(TUESDAY, desk="12")),
        ("book desk 7 on friday", Wish(FRIDAY, desk="7")),
        ("Tisch A3 am Freitag", Wish(FRIDAY, desk="A3")),
        ("Platz Nr. 7 am 24.11.", Wish(TUESDAY, desk="7")),
        ("seat #4", Wish(desk="4")),
        ("Ich hätte gern Platz 12.", Wish(desk="12")),
        ("Platz 24.11.", Wish(TUESDAY)),
        ("platz am 32.13.", Wish(unknown="32.13.")),
        ("ist der Platz 2 Tage frei", Wish()),
        ("Platz für 3 Leute morgen", Wish(TUESDAY)),
        ("ein Platz um 8 Uhr", Wish()),
        ("ist was frei?", Wish()),
        ("", Wish()),
    ],
)
def test_day_and_desk_are_read(text, wish):
    assert read_wish(text, MONDAY) == wish


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    assert isinstance(read_wish(text, MONDAY), Wish)


def test_a_very_long_text_is_read_at_its_beginning():
    assert read_wish("Platz 12 morgen " + "x" * 20_000, MONDAY) == Wish(TUESDAY, desk="12")


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("platz", "platz"),
        ("Platz morgen?", "platz"),
        ("platz 12 am 24.11.", "platz"),
        ("desk on friday", "desk"),
        ("platz noch frei?", "platz"),
        ("Platz nächsten Dienstag bitte", "platz"),
        ("wer", "wer"),
        ("wer kommt heute?", "wer"),
        ("who is coming tomorrow", "who"),
        ("wer kommt am 24.11.", "wer"),
        ("buchungen", "buchungen"),
    ],
)
def test_short_forms_are_commands(house_and_index, said, command):
    word, _, rest = said.partition(" ")
    assert word.lower() == command
    assert house_and_index[0].registry.commands[command].fits(rest)


@pytest.mark.parametrize(
    "said",
    [
        "Platz gibt es ja wohl genug, oder?",
        "desk prices please",
        "wer ist der Chef",
        "wer kommt zu den Startup-Nights",
        "who runs the hub",
        "wer begleitet uns",
        "buchungen sind mir zu kompliziert, kann mir jemand helfen",
    ],
)
def test_sentences_that_merely_begin_so_are_none(house_and_index, said):
    word, _, rest = said.partition(" ")
    assert not house_and_index[0].registry.commands[word.lower()].fits(rest)
