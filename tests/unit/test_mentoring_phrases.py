"""Who wants a mentor reaches the form, filled in; what is asked about mentoring stays an answer."""

from __future__ import annotations

import pytest

from handlers.core.texts import Catalogues
from handlers.core.topics import Named, city_options, named_in, topic_options
from handlers.core.ui import OpenForm

# None of these is a way to ask in phrases.py.
WISHES_DE = (
    "Hallo, ich bräuchte einen Mentor für unser Startup",
    "Habt ihr einen Mentor für mich?",
    "wir sind neu und hätten gern jemanden der uns begleitet",
    "Ich suche jemanden, der mich als Mentor unterstützt",
    "kann ich einen mentor bekommen?",
    "mentor für it security",
    "ich möchte einen mentor aus dortmund",
    "Vermittelt ihr uns Mentoren?",
    "kann ich hier mentoring beantragen?",
    "ich würde gerne eine mentoring-anfrage schicken",
    "Kann uns jemand begleiten, der sich mit E-Commerce auskennt?",
    "wir brauchen mentoring in der logistik",
    "Ich will einen Mentor anfragen",
    "wie finde ich einen mentor",
    "wie komme ich an einen mentor",
    "jemand der uns bei der IT-Sicherheit begleiten kann?",
    "wir bräuchten einen erfahrenen mentor",
    "Mentor her",
    "wer kann mich bei IT-Sicherheit begleiten",
    "suche ne mentorin",
    "Mentor",
)
WISHES_EN = (
    "hi, we're searching for a mentor",
    "do you have a mentor for us",
    "could I get a mentor please",
    "who can mentor me in logistics?",
    "we need guidance from a mentor",
    "I'd like to apply for mentoring",
    "looking for a mentor, e-commerce",
    "how can I find a mentor",
    "how do we get in touch with a mentor",
    "we want someone to mentor our startup",
    "get me a mentor",
    "request a mentor",
    "I'm after a mentor in Bochum",
    "can I have a mentor?",
    "would somebody be our mentor?",
    "mentoring request",
    "we could use a mentor",
    "I need a mentor for logistics in Dortmund",
    "who could accompany us in e-commerce?",
    "is there somebody who can guide us?",
    "mentor please",
)
NEAR_MISSES = (
    "Was ist Mentoring?",
    "Wie funktioniert das Mentoring?",
    "Wie läuft das Mentoring bei euch ab?",
    "Was kostet ein Mentor?",
    "Was bringt mir ein Mentor?",
    "Ich möchte selbst Mentor werden",
    "Welches Camp passt zu Logistik?",
    "Was machen die Community-Manager?",
    "Bekomme ich Beratung?",
    "Wie finde ich Firmenkunden?",
    "What is mentoring?",
    "How does mentoring work?",
    "What does a mentor do for me?",
    "how much does mentoring cost?",
    "I want to be a mentor",
    "my mentor does not answer",
    "Which camp fits IT security?",
    "Who are the community managers?",
    "Can I meet an expert?",
)
OWN = (
    "was wurde aus meiner mentoring-anfrage",
    "wie ist der stand meiner mentoring anfrage",
    "hat jemand meine anfrage angenommen",
    "ich will meine anfrage zurückziehen",
    "what happened to my mentoring request",
    "did anybody accept my request?",
)


@pytest.mark.parametrize("said", [*WISHES_DE, *WISHES_EN])
async def test_who_wants_a_mentor_gets_the_form(bot, said):
    shown = await bot.says(said)
    if isinstance(bot.answer.outcome, OpenForm):
        return
    assert shown, "nothing was said"
    assert shown[-1].buttons in (["Formular öffnen"], ["Open the form"]), shown[-1].text


@pytest.mark.parametrize("said", NEAR_MISSES)
async def test_what_is_asked_about_mentoring_stays_a_question(bot, said):
    [answer] = await bot.says(said)
    assert "Formular" not in "".join(answer.buttons)
    assert "Open the form" not in answer.buttons


@pytest.mark.parametrize("said", OWN)
async def test_who_asks_for_their_request_is_shown_it(bot, said):
    [answer] = await bot.says(said)
    assert answer.text in ("Gerade läuft keine Anfrage.", "No request is under way.")


async def test_the_faq_still_says_what_mentoring_is_and_how_to_ask_for_it(bot):
    [german] = await bot.says("Was ist Mentoring?")
    assert "**" not in german.text
    assert "mentor" in german.text.lower()
    assert german.buttons[0] == "Hilft mir"
    [english] = await bot.says("what is mentoring?", who="eve")
    assert english.text.startswith("A community manager accompanies you")


async def test_a_long_story_that_names_a_mentor_is_no_wish(bot):
    await bot.says("Neulich erzählte unser Mentor uns eine Geschichte. " * 400)
    assert not isinstance(bot.answer.outcome, OpenForm)


async def test_where_questions_are_welcome_it_only_offers(bot):
    await bot.gives("lea", "lead")
    await bot.commands("here", "help", who="lea", chat="founders")
    [offered] = await bot.says("Ich suche einen Mentor", chat="founders", addressed=False)
    assert offered.buttons == ["Mentor finden"]
    assert await bot.says("Ich suche einen Mentor", chat="elsewhere", addressed=False) == []


async def test_what_the_sentence_names_is_filled_in(bot):
    await bot.commands("mentor", "für Logistik")
    form = bot.answer.outcome.form
    assert [field.initial for field in form.fields] == ["", "logistics-it", "dortmund"]
    await bot.says("Wer kann mich bei IT-Sicherheit begleiten?", who="tom", platform="telegram")
    await bot.says("Wir prüfen Verträge.", who="tom", platform="telegram")
    [topic] = (await bot.screen("tom", "telegram"))[-1].controls[:1]
    assert topic.selected == "it-security"


@pytest.fixture
def hub(bot):
    return bot.house.hub


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("I need a mentor for logistics", Named("logistics-it", "dortmund")),
        ("Wir suchen Pilotkunden in der Lagerlogistik", Named("logistics-it", "dortmund")),
        ("wer kann mich bei IT-Sicherheit begleiten", Named("it-security", "")),
        ("mentor for cybersecurity in Gelsenkirchen", Named("it-security", "gelsenkirchen")),
        ("Mentor für ein Gesundheits-Startup", Named("health-economy", "")),
        ("healthtech", Named("health-economy", "")),
        ("E-Commerce!", Named("e-commerce", "mulheim-an-der-ruhr")),
        ("unser eCommerce", Named("e-commerce", "mulheim-an-der-ruhr")),
        ("e-business in Duisburg", Named("e-business", "duisburg")),
        ("Smart-Home-Zentrale", Named("smart-home", "dortmund")),
        ("Webdesign", Named("design", "essen")),
        ("jemand aus Muelheim", Named("", "mulheim-an-der-ruhr")),
        ("ein Dortmunder", Named("", "dortmund")),
        ("ich bin nicht sicher, wer passt", Named("", "")),
        ("unser business model", Named("", "")),
        ("essential advice", Named("", "")),
        ("ich suche einen mentor", Named("", "")),
        ("", Named("", "")),
        ("🦊" * 20_000, Named("", "")),
    ],
)
def test_topics_and_cities_are_recognised_as_people_write_them(hub, said, named):
    assert named_in(hub, said) == named


def test_every_topic_and_city_can_be_chosen_and_every_key_fits_a_button(hub):
    for language in ("de", "en"):
        texts = Catalogues().texts(language)
        for options in (topic_options(hub, texts), city_options(hub, texts)):
            values = [option.value for option in options]
            assert len(set(values)) == len(values)
            assert all(0 < len(value.encode()) <= 24 for value in values)
