"""Companies: asked once and lightly, joined by word of those who are there, counted once."""

from __future__ import annotations

import dataclasses

import pytest
from test_linking import link, person_of

from handlers.companies.feature import feature
from handlers.companies.names import clean, folded, similar
from handlers.core import leaving
from handlers.core.context import system_context
from handlers.core.features import Registry
from handlers.core.ui import Nothing
from handlers.faq import feature as faq
from storage import companies, enterprises, erasure, people, settings, timers
from storage.companies import Company
from storage.register import HOLDINGS
from storage.retention import remove_expired
from storage.rows import Transaction

ASKS = "Noch eins: Für welche Firma oder welches Start-up bist du hier?"
TEAM = "team"


@pytest.fixture
async def hub(bot):
    """The bot as it is, with a team on both platforms; it asks for companies."""
    quiet = [feature for feature in bot.house.registry.features if feature.name != "companies"]
    registry = Registry([*quiet, feature], unsure=faq.unsure, unknown=faq.unknown)
    bot.house = dataclasses.replace(bot.house, registry=registry)
    await bot.gives("lea", "lead")
    await bot.gives("mona", "manager")
    await bot.commands("hier", "manager", "lea", chat=TEAM)
    return bot


async def books(bot, who: str = "ada", platform: str = "slack", day: str = "morgen"):
    await bot.says(f"platz {day}", who, platform=platform)
    return await bot.presses("Platz nehmen", who, platform=platform)


async def names(bot, name: str, who: str = "ada", **values: str):
    """Somebody names their company in a form."""
    await bot.commands("firma", "", who)
    await bot.presses("Firma nennen", who)
    return await bot.submits(who, name=name, **values)


async def company_of(bot, who: str, platform: str = "slack") -> Company | None:
    person = await person_of(bot, who, platform)
    return await bot.reads(lambda tx: companies.get_company_of(tx, person))


async def joins(bot, who: str, name: str = "Lagerkraft") -> list:
    """Somebody says that they belong to a company that is known."""
    await names(bot, name, who)
    return await bot.presses("Ja, dazu", who)


async def run_timers(bot) -> list[str]:
    """Run what is due, as the scheduler does."""

    def run(tx: Transaction) -> list[str]:
        ran = []
        for timer in timers.list_due_timers(tx, bot.now):
            if timers.remove_timer_if_due(tx, timer, bot.now):
                ctx = system_context(bot.house, tx, bot.now)
                bot.house.registry.timers[timer.kind].handler(ctx, timer.subject)
                ran.append(timer.kind)
        return ran

    return await bot.database.write(run)


async def cards(bot, who: str, platform: str = "slack") -> list:
    return [seen for seen in await bot.screen(who, platform) if "nach eigenen Worten" in seen.text]


# Asked


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_the_first_booking_is_confirmed_and_then_the_company_asked_for_once(hub, platform):
    confirmed, asked = await books(hub, platform=platform)
    assert "ist morgen" in confirmed.text
    assert asked.text.startswith(ASKS)
    assert asked.buttons == ["Firma nennen", "Noch keine", "Nicht jetzt"]
    again = await books(hub, platform=platform, day="übermorgen")
    assert [seen for seen in again if ASKS in seen.text] == []


async def test_in_english_it_is_asked_in_english(hub):
    await hub.says("book a desk for tomorrow please", "eve", language="en")
    sent = await hub.presses("Take a desk", "eve", language="en")
    assert any(seen.text.startswith("One more thing: which company") for seen in sent)


async def test_a_request_for_a_mentor_asks_too(hub):
    await hub.commands("mentor", "", "ada")
    sent = await hub.submits("ada", text="Wir suchen Pilotkunden.", topic="design", city="essen")
    assert any(seen.text.startswith(ASKS) for seen in sent)


async def test_a_yes_in_a_group_asks_in_the_direct_chat_and_never_in_the_group(hub):
    await hub.commands("hier", "termine", "lea", chat="lobby", platform="slack")
    await hub.commands("event", "", "mona")
    await hub.submits("mona", title="Pitch", day="2026-12-03", time="18:30", place="Essen")
    await hub.presses("Veröffentlichen", "mona")
    await hub.presses("Dabei", "ada", chat="lobby")
    assert [text for text in await hub.texts("lobby") if ASKS in text] == []
    assert any(text.startswith(ASKS) for text in await hub.texts("ada"))


async def test_somebody_new_is_told_what_is_kept_with_the_question(hub):
    hub.strangers = True
    await hub.commands("platz", "morgen", "neu", chat="lobby")
    await hub.presses("Platz nehmen", "neu", chat="lobby")
    [asked] = [seen for seen in await hub.screen("neu") if ASKS in seen.text]
    assert "Was genau?" in asked.buttons


@pytest.mark.parametrize(
    ("press", "days", "again"),
    [("Noch keine", 400, False), ("Nicht jetzt", 89, False), ("Nicht jetzt", 91, True), (None, 91, True)],
)
async def test_who_has_none_is_not_asked_again_and_who_put_it_off_after_90_days(hub, press, days, again):
    await books(hub)
    if press:
        [answered] = await hub.presses(press)
        assert "schreib firma" in answered.text
        assert answered.buttons == []
    hub.passes(days=days)
    while hub.now.weekday() > 2:  # desks are for working days
        hub.passes(days=1 if again else -1)
    assert any(seen.text.startswith(ASKS) for seen in await books(hub)) is again


@pytest.mark.parametrize("who", ["mona", "lea"])
async def test_the_team_is_not_asked(hub, who):
    assert [seen for seen in await books(hub, who) if ASKS in seen.text] == []


async def test_who_objected_is_not_asked(hub):
    await hub.says("ich widerspreche", "ada")
    assert [seen for seen in await books(hub) if ASKS in seen.text] == []


async def test_who_has_a_company_or_waits_for_one_is_not_asked(hub):
    await names(hub, "Lagerkraft")
    assert [seen for seen in await books(hub) if ASKS in seen.text] == []
    await joins(hub, "bea")
    assert [seen for seen in await books(hub, "bea") if ASKS in seen.text] == []


# Named


async def test_a_company_is_named_in_one_form(hub):
    await books(hub)
    await hub.presses("Firma nennen")
    form = hub.answer.outcome.form
    assert [field.name for field in form.fields] == ["name", "founded", "size", "city", "sector"]
    assert [field.required for field in form.fields] == [True, False, False, False, False]
    [card] = await hub.submits(
        name="Lagerkraft GmbH", founded="2024", size="2", city="dortmund", sector="logistics-it"
    )
    assert "Lagerkraft GmbH · Dortmund, Logistik-IT, seit 2024, 2 bis 9 im Team · eine Person hier" in card.text
    assert card.buttons == ["Ändern", "Verlassen"]


async def test_where_forms_are_a_conversation_one_question_comes_after_the_other(hub):
    await books(hub, platform="telegram")
    [question] = await hub.presses("Firma nennen", platform="telegram")
    assert question.text.startswith("Wie heißt deine Firma?")
    await hub.says("Lagerkraft", platform="telegram")
    await hub.says("2024", platform="telegram")
    await hub.picks("2 bis 9", platform="telegram")
    await hub.presses("Überspringen", platform="telegram")
    [card] = await hub.picks("Logistik-IT", platform="telegram")
    assert "Logistik-IT, seit 2024, 2 bis 9 im Team" in card.text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "\u200b\u2060"}, "name"),
        ({"name": " \n "}, "name"),
        ({"name": "Lagerkraft", "founded": "neulich"}, "founded"),
        ({"name": "Lagerkraft", "founded": "2031"}, "founded"),
        ({"name": "Lagerkraft", "founded": "٢٠٢٤"}, "founded"),
        ({"name": "Lagerkraft", "city": "paris"}, "city"),
        ({"name": "L" * 81}, "name"),
    ],
)
async def test_what_can_not_be_is_asked_anew_and_nothing_is_kept(hub, values, field):
    await hub.commands("firma", "")
    await hub.presses("Firma nennen")
    await hub.submits(**values)
    assert list(hub.answer.outcome.errors) == [field]
    assert await company_of(hub, "ada") is None


async def test_a_form_sent_twice_names_one_company(hub):
    await hub.commands("firma", "")
    await hub.presses("Firma nennen")
    form = hub.answer.outcome.form
    await hub.submits(form=form, name="Lagerkraft")
    await hub.submits(form=form, name="Lagerkraft")
    assert len(await hub.reads(companies.list_companies)) == 1


async def test_who_has_one_already_gets_a_word_from_an_old_button(hub):
    await books(hub)
    await hub.presses("Firma nennen")
    await hub.submits(name="Lagerkraft")
    for press in ("Noch keine", "Nicht jetzt", "Firma nennen"):
        sent = await hub.presses(press, on=next(s for s in await hub.screen() if ASKS in s.text))
        assert sent[-1].text == "Du gehörst schon zu Lagerkraft."


async def test_a_hostile_name_is_shown_to_the_letter(hub):
    name = "<!channel> *x* <b>y</b> {who} =cmd|' /C calc'!A0"
    [card] = await names(hub, name)
    assert name in card.text
    assert (await company_of(hub, "ada")).name == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Lager\n kraft\t", "Lager kraft"),
        ("Lager\u202ekraft\u200b", "Lagerkraft"),
        ("\x00\x1b", ""),
        ("🔥", "🔥"),
    ],
)
def test_a_name_is_one_visible_line(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Lagerkraft", "Lagerkraft GmbH", True),
        ("Lagerkraft", "lager-kraft", True),
        ("Lagerkaft", "Lagerkraft UG (haftungsbeschränkt)", True),
        ("Müller & Söhne", "Mueller und Soehne KG", True),
        ("Ruhr Robotics", "Robotics Ruhr", True),
        ("Lagerkraft Süd", "Lagerkraft", True),
        ("Lagerkraft", "Wasserkraft", False),
        ("Ruhr Robotics", "Ruhr Logistics", False),
        ("AB", "ABC Solutions", False),
        ("🔥🔥", "🔥🔥", True),
        ("***", "???", False),
    ],
)
def test_names_are_found_again_however_they_are_spelt(one, other, alike):
    known = Company(1, other, folded(other), 0, "", "", "", 1)
    assert bool(similar(one, [known], 3)) is alike


# Joined


async def test_joining_needs_the_word_of_somebody_there(hub):
    await names(hub, "Lagerkraft")
    [question] = await names(hub, "lagerkraft gmbh", "bea")
    assert question.text == "Meinst du Lagerkraft?"
    assert question.buttons == ["Ja, dazu", "Nein, neu"]
    sent = await hub.presses("Ja, dazu", "bea")
    assert any("Ich habe bei Lagerkraft nachgefragt" in seen.text for seen in sent)
    assert not any("Ada" in seen.text for seen in await hub.screen("bea")), "who is there is nobody's business"
    assert await company_of(hub, "bea") is None
    [card] = await cards(hub, "ada")
    assert card.text.startswith("Bea gehört nach eigenen Worten zu Lagerkraft. Stimmt das?")
    await hub.presses("Ja, gehört dazu", "ada")
    assert (await company_of(hub, "bea")).people == 2
    assert any("Du gehörst jetzt zu Lagerkraft" in text for text in await hub.texts("bea"))
    [card] = await cards(hub, "ada")
    assert "Bestätigt von Ada" in card.text
    assert card.buttons == []


async def test_the_first_decision_wins(hub):
    await names(hub, "Lagerkraft")
    await joins(hub, "bea")
    await hub.presses("Ja, gehört dazu", "ada")
    await joins(hub, "cem")
    [stale] = [seen for seen in await cards(hub, "bea") if "Cem" in seen.text]
    [own] = [seen for seen in await cards(hub, "ada") if "Cem" in seen.text]
    await hub.presses("Nein", "ada", on=own)
    assert await company_of(hub, "cem") is None
    sent = await hub.presses("Ja, gehört dazu", "bea", on=stale)
    assert sent[-1].text == "Ada hat das schon entschieden."
    assert await company_of(hub, "cem") is None
    told = [seen for seen in await hub.screen("cem") if "sagt man, dass du nicht dazugehörst" in seen.text]
    assert told[0].buttons == ["Es ist eine neue"]
    await hub.presses("Es ist eine neue", "cem")
    assert (await company_of(hub, "cem")).people == 1
    assert len(await hub.reads(companies.list_companies)) == 2


async def test_a_yes_pressed_twice_asks_once_and_goes_on_waiting(hub):
    await names(hub, "Lagerkraft")
    [question] = await names(hub, "Lagerkraft", "bea")
    for _ in range(2):
        await hub.presses("Ja, dazu", "bea", on=question)
    [card] = await cards(hub, "ada")
    assert card.buttons == ["Ja, gehört dazu", "Nein"]
    assert (await hub.screen("bea"))[-1].buttons == ["Zurücknehmen"]


async def test_what_somebody_else_was_offered_is_not_taken(hub):
    await names(hub, "Lagerkraft")
    await names(hub, "Lagerkraft", "bea")
    await hub.says("hallo", "eve")
    for packed in ("companies:join|1|1", "companies:new|1", "companies:withdraw|1"):
        token = hub.house.seals.seal(packed, (await hub.screen("eve"))[-1].chat_id)
        await hub.presses_token(token, "eve")
    assert await company_of(hub, "eve") is None
    await hub.presses("Ja, dazu", "bea")
    assert len(await cards(hub, "ada")) == 1


async def test_no_new_makes_a_company_of_its_own_once(hub):
    await names(hub, "Lagerkraft")
    [question] = await names(hub, "Lagerkraft", "bea", founded="2020")
    await hub.presses("Nein, neu", "bea")
    await hub.presses("Nein, neu", "bea", on=question)
    await hub.presses("Ja, dazu", "bea", on=question)
    found = await hub.reads(companies.list_companies)
    assert [(company.name, company.people) for company in found] == [("Lagerkraft", 1), ("Lagerkraft", 1)]
    assert (await company_of(hub, "bea")).founded == 2020


async def test_several_that_are_alike_are_offered_by_name(hub):
    await names(hub, "Lagerkraft Nord")
    await names(hub, "Lagerkraft Süd", "bea")
    [question] = await names(hub, "Lagerkraft", "cem")
    assert set(question.buttons) == {"Lagerkraft Nord", "Lagerkraft Süd", "Nein, neu"}


async def test_after_seven_days_without_a_word_the_team_decides(hub):
    await names(hub, "Lagerkraft")
    await joins(hub, "bea")
    hub.passes(days=6, hours=23)
    assert "companies.unanswered" not in await run_timers(hub)
    assert not [text for text in await hub.texts(TEAM) if "Bea" in text]
    hub.passes(hours=2)
    assert "companies.unanswered" in await run_timers(hub)
    [card] = [seen for seen in await hub.screen(TEAM) if "Bea" in seen.text]
    assert "darum entscheidet ihr" in card.text
    await hub.presses("Ja, gehört dazu", "mona", chat=TEAM)
    assert (await company_of(hub, "bea")).name == "Lagerkraft"


async def test_a_company_whose_people_are_gone_is_for_the_team_at_once(hub):
    await names(hub, "Lagerkraft")
    await hub.commands("firma", "")
    await hub.presses("Verlassen")
    await hub.presses("Ja, verlassen")
    await joins(hub, "bea")
    assert any("Bea" in text for text in await hub.texts(TEAM))


async def test_whoever_leaves_while_others_wait_hands_the_word_to_the_team(hub):
    await names(hub, "Lagerkraft")
    await joins(hub, "bea")
    await hub.commands("firma", "")
    await hub.presses("Verlassen")
    await hub.presses("Ja, verlassen")
    assert any("Bea" in text for text in await hub.texts(TEAM))
    assert await cards(hub, "ada") == [], "the card is no longer theirs to see"


async def test_strangers_and_the_person_themselves_confirm_nothing(hub):
    await names(hub, "Lagerkraft")
    await joins(hub, "bea")
    await hub.says("hallo", "eve")
    for who in ("bea", "eve"):
        chat = (await hub.screen(who))[-1].chat_id
        token = hub.house.seals.seal("companies:yes|1", chat)
        sent = await hub.presses_token(token, who)
        assert sent[-1].text == "Das können nur Leute aus dieser Firma sagen."
    assert await company_of(hub, "bea") is None


async def test_who_takes_it_back_waits_no_more(hub):
    await names(hub, "Lagerkraft")
    await joins(hub, "bea")
    [open_card] = await cards(hub, "ada")
    await hub.presses("Zurücknehmen", "bea")
    [card] = await cards(hub, "ada")
    assert "Zurückgenommen" in card.text
    assert card.buttons == []
    await hub.presses("Ja, gehört dazu", "ada", on=open_card)
    assert hub.answer.outcome == Nothing()
    assert any("Das wurde zurückgenommen." in text for text in await hub.texts("ada"))
    assert await company_of(hub, "bea") is None


async def test_nobody_is_asked_over_and_over(hub):
    await names(hub, "Lagerkraft")
    for _ in range(3):
        await joins(hub, "bea")
        await hub.presses("Zurücknehmen", "bea")
    sent = await joins(hub, "bea")
    assert sent[-1].text == "Für heute reicht es. Versuch es morgen noch einmal."


async def test_who_was_declined_can_not_ask_the_same_people_again(hub):
    await names(hub, "Lagerkraft")
    await joins(hub, "bea")
    await hub.presses("Nein", "ada")
    sent = await joins(hub, "bea")
    assert sent[-1].text.startswith("Dort hat man schon Nein gesagt.")


# Seen, changed, left


async def test_the_home_page_shows_it_and_leads_to_it(hub):
    await names(hub, "Lagerkraft")
    [home] = await hub.opens_home()
    assert "Deine Firma: Lagerkraft" in home.text
    assert "Firma ansehen" in home.buttons


async def test_what_is_known_can_be_changed(hub):
    await names(hub, "Lagerkraft", founded="2024")
    await hub.presses("Ändern")
    form = hub.answer.outcome.form
    assert [getattr(field, "initial", "") for field in form.fields] == ["Lagerkraft", "2024", "", "", ""]
    [card, *_] = await hub.submits(name="Lagerkraft Nord", size="10")
    assert "Lagerkraft Nord · 10 bis 49 im Team" in card.text


async def test_a_form_of_a_company_that_was_left_changes_nothing(hub):
    await names(hub, "Lagerkraft")
    await hub.presses("Ändern")
    form = hub.answer.outcome.form
    await hub.presses("Verlassen")
    await hub.presses("Ja, verlassen")
    await hub.submits(form=form, name="Meins")
    assert [company.name for company in await hub.reads(companies.list_companies)] == ["Lagerkraft"]


async def test_leaving_is_asked_again_and_done_once(hub):
    [card] = await names(hub, "Lagerkraft")
    [question] = await hub.presses("Verlassen")
    await hub.presses("Bleiben")
    assert await company_of(hub, "ada")
    await hub.presses("Verlassen", on=card)
    await hub.presses("Ja, verlassen")
    sent = await hub.presses("Ja, verlassen", on=question)
    assert sent[-1].text == "Du gehörst nicht mehr zu dieser Firma."
    assert await company_of(hub, "ada") is None


@pytest.mark.parametrize(
    "said",
    [
        "firma",
        "company",
        "Ich will meine Firma eintragen",
        "Kannst du mein Start-up eintragen?",
        "Zeig mir meine Firma",
        "Ich hab die Firma gewechselt, ändere bitte meine Firma",
        "Ich möchte unser Startup verlassen",
        "Trag bitte unsere Firma ein",
        "Unsere Firma heißt jetzt anders, kannst du das ändern?",
        "Zu welchem Unternehmen gehöre ich bei dir?",
        "Meine eigene Firma anlegen",
        "Ich habe mein Start-up verlassen",
        "Please add my company",
        "I left my start-up",
        "Show my company",
        "I want to change my company",
        "Can you register our start-up?",
        "Which company do I belong to?",
        "Edit our company",
        "I want to leave my company",
        "Can I set my company here?",
        "Switch my company please",
    ],
)
async def test_people_ask_for_it_in_their_own_words(hub, said):
    sent = await hub.says(said)
    wordings = ("Du hast noch keine Firma genannt", "You have named no company yet")
    assert sent[0].text.startswith(wordings), sent[0].text


@pytest.mark.parametrize(
    "said",
    [
        "Was bietet ihr Unternehmen?",
        "Was könnt ihr für unsere Firma tun?",
        "Könnt ihr einen Hackathon für unsere Firma ausrichten?",
        "Was kostet ein Hackathon für meine Firma?",
        "Ich suche einen Mentor für mein Start-up",
        "Wie gründe ich eine Firma?",
        "Findet ihr uns einen Kooperationspartner?",
        "What can you do for our company?",
        "How do I found a company?",
        "Ich brauche einen Platz für mein Start-up morgen",
    ],
)
async def test_what_companies_want_from_the_hub_is_something_else(hub, said):
    sent = await hub.says(said)
    assert not any("noch keine Firma" in seen.text or "no company yet" in seen.text for seen in sent)


# The team


async def test_managers_see_all_companies_and_how_many_people(hub):
    await names(hub, "Lagerkraft", city="dortmund")
    await joins(hub, "bea")
    await hub.presses("Ja, gehört dazu", "ada")
    await names(hub, "Wattwerk", "cem")
    [page] = await hub.commands("firmen", "", "mona")
    assert "2 Firmen" in page.text
    assert "Lagerkraft · Dortmund · 2 Leute hier" in page.text
    assert "Wattwerk · eine Person hier" in page.text
    assert "Ada" not in page.text


@pytest.mark.parametrize("who", ["ada", "eve"])
async def test_others_do_not(hub, who):
    sent = await hub.commands("firmen", "", who)
    assert "Community-Manager" in sent[-1].text


async def test_a_list_of_many_has_pages(hub):
    def fill(tx: Transaction) -> None:
        for number in range(45):
            name = f"Firma {chr(65 + number // 26)}{chr(65 + number % 26)}"
            companies.add_company(tx, companies.Details(name), folded(name), hub.now)

    await hub.database.write(fill)
    [page] = await hub.commands("firmen", "", "mona")
    assert page.text.count("Leute hier") == 20
    for expected in (20, 5):
        [page] = await hub.presses("Weitere Firmen", "mona")
        assert page.text.count("Leute hier") == expected
    assert "Weitere Firmen" not in page.buttons


async def test_a_name_is_put_right(hub):
    await names(hub, "Lagerkarft")
    await hub.commands("firmen", "", "mona")
    await hub.picks("Lagerkarft", "mona")
    await hub.presses("Namen berichtigen", "mona")
    [card, *_] = await hub.submits("mona", name="Lagerkraft")
    assert "Lagerkraft" in card.text
    assert (await company_of(hub, "ada")).name == "Lagerkraft"


async def test_two_that_are_one_are_joined_once_and_their_people_hear_of_it(hub):
    await names(hub, "Lagerkraft", city="dortmund")
    await names(hub, "LK Logistik", "bea", founded="2020")
    await hub.commands("firmen", "", "mona")
    await hub.picks("LK Logistik", "mona")
    await hub.presses("Doppelt", "mona")
    [question] = await hub.picks("Lagerkraft", "mona")
    assert "Zusammenlegen" in question.buttons
    await hub.presses("Zusammenlegen", "mona")
    late = await hub.presses("Zusammenlegen", "mona", on=question)
    assert late[-1].text == "Diese Firma gibt es hier nicht mehr."
    [company] = await hub.reads(companies.list_companies)
    assert (company.name, company.people, company.founded, company.city) == ("Lagerkraft", 2, 2020, "dortmund")
    assert any("läuft jetzt unter Lagerkraft" in text for text in await hub.texts("bea"))
    assert not any("läuft jetzt unter" in text for text in await hub.texts("ada"))


# Counted


async def test_each_enterprise_counts_once_however_many_of_its_people_come(hub):
    for who in ("ada", "bea", "cem"):
        await books(hub, who)
    await names(hub, "Lagerkraft")
    await joins(hub, "bea")
    await hub.presses("Ja, gehört dazu", "ada")
    await names(hub, "Wattwerk", "cem")
    [before] = await hub.commands("firmen", "", "mona")
    assert "2026, jede Firma einmal: 0 mit Platz" in before.text, "the day has not come yet"
    hub.passes(days=1)
    [page] = await hub.commands("firmen", "", "mona")
    assert "2026, jede Firma einmal: 2 mit Platz, 0 mit Mentoring-Anfragen, 0 bei Terminen." in page.text
    [other] = await hub.commands("firmen", "2025", "mona")
    assert "2025, jede Firma einmal: 0 mit Platz" in other.text


async def test_what_was_given_back_or_withdrawn_does_not_count(hub):
    await names(hub, "Lagerkraft")
    await books(hub)
    await hub.presses("Stornieren")
    await hub.commands("mentor", "", "ada")
    await hub.submits("ada", text="Wir suchen Pilotkunden.", topic="design", city="essen")
    await hub.presses("Zurückziehen")
    hub.passes(days=1)
    [page] = await hub.commands("firmen", "", "mona")
    assert "0 mit Platz, 0 mit Mentoring-Anfragen" in page.text


async def test_the_night_keeps_what_was_used_before_the_rows_go(hub):
    await names(hub, "Lagerkraft")
    await books(hub)
    hub.passes(days=2)
    assert "companies.count" in await run_timers(hub)

    def used(tx: Transaction) -> int:
        tx.execute("DELETE FROM desk_bookings")
        return enterprises.get_enterprise_count(tx, "desks", "2026-11", "2026-11")

    assert await hub.database.write(used) == 1
    hub.passes(days=1)
    assert "companies.count" in await run_timers(hub), "and the next night again"


async def test_who_changes_companies_takes_nothing_along(hub):
    await names(hub, "Lagerkraft")
    await books(hub)
    hub.passes(days=2)
    await hub.commands("firma", "")
    await hub.presses("Verlassen")
    await hub.presses("Ja, verlassen")
    await names(hub, "Wattwerk")
    await hub.commands("firmen", "", "mona")
    used = await hub.reads(lambda tx: tx.values("SELECT company_id, kind, month FROM company_uses"))
    assert used == [(1, "desks", "2026-11")]


# Forgotten, merged, gone


async def test_a_company_without_people_stays_as_a_figure_without_a_name(hub):
    await names(hub, "Ada Muster Beratung")
    await books(hub)
    hub.passes(days=1)
    person = await person_of(hub, "ada", "slack")
    await hub.database.write(lambda tx: erasure.erase(tx, person, HOLDINGS, {}, hub.now))
    [page] = await hub.commands("firmen", "", "mona")
    assert "2026, jede Firma einmal: eine mit Platz" in page.text
    assert "Muster" not in page.text
    rows = await hub.reads(lambda tx: tx.values("SELECT name, folded FROM companies"))
    assert rows == [("", "")]


async def test_erasing_one_of_two_leaves_the_company_its_name(hub):
    await names(hub, "Lagerkraft")
    await joins(hub, "bea")
    await hub.presses("Ja, gehört dazu", "ada")
    person = await person_of(hub, "ada", "slack")
    await hub.database.write(lambda tx: erasure.erase(tx, person, HOLDINGS, {}, hub.now))
    company = await company_of(hub, "bea")
    assert (company.name, company.people) == ("Lagerkraft", 1)


async def test_the_name_of_an_empty_company_goes_after_a_year(hub):
    await names(hub, "Lagerkraft")
    await hub.presses("Verlassen")
    await hub.presses("Ja, verlassen")
    hub.passes(days=366)

    def clean_up(tx: Transaction) -> list:
        remove_expired(tx, hub.now, hub.house.registry.retention)
        return companies.list_companies(tx)

    assert await hub.database.write(clean_up) == []


async def test_of_two_persons_who_are_one_the_company_of_the_account_that_asked_stays(hub):
    await names(hub, "Lagerkraft", "lena")
    await hub.says("hallo", "tara", platform="telegram")
    tara = await person_of(hub, "tara", "telegram")

    def give(tx: Transaction) -> None:
        other = companies.add_company(tx, companies.Details("Wattwerk"), "wattwerk", hub.now)
        companies.add_member(tx, tara, other, hub.now, hub.now.date())

    await hub.database.write(give)
    sent = await link(hub)
    assert any("Lagerkraft bleibt, Wattwerk nicht" in seen.text for seen in sent)
    assert (await company_of(hub, "tara", "telegram")).name == "Lagerkraft"


async def test_the_company_of_the_other_account_is_kept_where_there_is_one_only(hub):
    await hub.says("hallo", "lena")
    await hub.says("hallo", "tara", platform="telegram")
    tara = await person_of(hub, "tara", "telegram")

    def give(tx: Transaction) -> None:
        other = companies.add_company(tx, companies.Details("Wattwerk"), "wattwerk", hub.now)
        companies.add_member(tx, tara, other, hub.now, hub.now.date())

    await hub.database.write(give)
    await link(hub)
    assert (await company_of(hub, "lena")).name == "Wattwerk"


async def test_the_card_reaches_people_where_they_prefer_to_be(hub):
    await names(hub, "Lagerkraft", "lena")
    await hub.says("hallo", "tara", platform="telegram")
    await link(hub)
    person = await person_of(hub, "lena", "slack")

    def prefer(tx: Transaction) -> None:
        settings.mark_settings(tx, settings.PersonSettings(person, preferred="telegram"))

    await hub.database.write(prefer)
    await joins(hub, "bea")
    assert len(await cards(hub, "tara", "telegram")) == 1
    assert await cards(hub, "lena") == []


async def test_who_is_gone_for_good_belongs_to_no_company(hub):
    await names(hub, "Lagerkraft")
    account = await hub.reads(lambda tx: people.get_account(tx, "slack", "ada"))
    await hub.database.write(lambda tx: leaving.left(system_context(hub.house, tx, hub.now), account))
    assert await company_of(hub, "ada") is None


async def test_a_card_of_what_is_not_kept_any_more_is_taken_away(hub):
    await names(hub, "Lagerkraft")
    await joins(hub, "bea")
    [card] = await cards(hub, "ada")
    await hub.database.write(lambda tx: tx.execute("DELETE FROM company_joins"))
    assert await cards(hub, "ada") == []
    sent = await hub.presses("Ja, gehört dazu", "ada", on=card)
    assert sent[-1].text == "Das weiß ich nicht mehr."
    assert await company_of(hub, "bea") is None
