"""Managers teach the bot: they find, write, try, publish, review, retire and undo answers."""

from __future__ import annotations

import datetime

import pytest
from msgspec import structs

from handlers.core.ui import Controls, FormErrors, OpenForm
from handlers.faq import library
from handlers.faq.naming import named_in, title_from
from storage import faq, faq_drafts, questions

SAUNA = {
    "title": "Habt ihr eine Sauna?",
    "answer": "**Ja, im Keller.** Schlüssel am Empfang.",
    "ask": "Gibt es bei euch eine Sauna?\nkann man im hub saunieren\nwo ist die sauna",
    "language": "de",
}
ASKED = "habt ihr eine sauna im haus?"


@pytest.fixture
async def house(bot):
    """A lead, two managers and a project manager in Slack, a manager in Telegram."""
    await bot.gives("lea", "lead")
    for who in ("mona", "mark"):
        await bot.gives(who, "manager")
    await bot.gives("paul", "project")
    await bot.gives("max", "manager", "telegram")
    return bot


async def entry_of(bot, entry_id: str):
    row = await bot.reads(lambda tx: faq.get_entry(tx, entry_id))
    return row and library.from_json(row.content)


async def state_of(bot, entry_id: str) -> str:
    return (await bot.reads(lambda tx: faq.get_entry(tx, entry_id))).state


async def writes(bot, who: str = "mona", **changed: str):
    """Somebody writes a new answer; returns its preview."""
    await bot.commands("faq", "neu", who)
    [shown] = await bot.submits(who, **{**SAUNA, **changed})
    return shown


async def publishes(bot, who: str = "mona", **changed: str):
    await writes(bot, who, **changed)
    [out] = await bot.presses("Veröffentlichen", who)
    return out


async def shows_card(bot, words: str, title: str, who: str = "mona", **where):
    await bot.commands("faq", words, who, **where)
    [card] = await bot.presses(title, who, **where)
    return card


async def edits(bot, who: str, words: str, title: str, language: str = "Deutsch ändern"):
    """Somebody opens the form of an answer's text; returns its fields' values as they stand there."""
    await shows_card(bot, words, title, who)
    await bot.presses(language, who)
    assert isinstance(bot.answer.outcome, OpenForm), bot.answer
    return {field.name: field.initial for field in bot.answer.outcome.form.fields}


async def last(bot, who: str = "mona") -> str:
    """What stands lowest in somebody's direct chat."""
    return (await bot.texts(who))[-1]


def wrong(bot) -> dict[str, str]:
    assert isinstance(bot.answer.outcome, FormErrors), bot.answer
    return bot.answer.outcome.errors


# Finding


async def test_the_menu_counts_what_there_is_to_do(house):
    [menu] = await house.commands("faq", "", "mona")
    live = await house.reads(lambda tx: len(faq.list_entries(tx)))
    assert menu.text.startswith(f"{live} Antworten.")
    assert "Angabe noch" in menu.text
    assert menu.buttons[0] == "Neue Antwort"
    assert menu.buttons[1] == f"Zu prüfen ({live})"


async def test_words_find_answers_by_title_and_by_how_people_ask(house):
    [found] = await house.commands("faq", "schreibtisch", "mona")
    assert "Was kostet ein Schreibtisch?" in found.buttons
    assert len(found.buttons) <= 5
    [found] = await house.commands("faq", "wie komme ich mit der bahn zu euch", "mona")
    assert 1 <= len(found.buttons) <= 5


async def test_what_is_not_there_is_offered_to_be_written(house):
    [said] = await house.commands("faq", "xylophon", "mona")
    assert said.text.startswith("Zu „xylophon“ finde ich keine Antwort.")
    assert said.buttons == ["Neue Antwort"]


async def test_typed_in_a_direct_chat_it_works_on_telegram_as_well(house):
    [found] = await house.says("faq schreibtisch", "max", platform="telegram")
    assert "Was kostet ein Schreibtisch?" in found.buttons


async def test_to_a_founder_the_word_is_no_command(house):
    await house.says("faq schreibtisch", "ada")
    assert not any("Welche?" in text for text in await house.texts("ada"))
    await house.commands("faq", "schreibtisch", "ada")
    assert "Team" in (await house.texts("ada"))[-1]


async def test_in_a_group_the_cards_are_seen_by_the_manager_alone(house):
    [found] = await house.commands("faq", "schreibtisch", "mona", chat="lobby")
    [card] = await house.presses("Was kostet ein Schreibtisch?", "mona", chat="lobby")
    assert (found.to, card.to) == ("mona", "mona")


async def test_a_card_says_how_an_answer_stands(house):
    await house.says("was kostet ein schreibtisch im monat", "ada")
    await house.presses("Hilft mir", "ada")
    card = await shows_card(house, "schreibtisch", "Was kostet ein Schreibtisch?")
    assert "50 Euro im Monat" in card.text
    assert "Stand: 2017" in card.text
    for fact in ("Für: Alle", "Gepflegt von: Community-Manager", "Geprüft: nie", "Zu prüfen: jetzt"):
        assert fact in card.text
    assert "In 90 Tagen: 1 × geholfen, 0 × nicht" in card.text
    rows = [[each.label for each in block.items] for block in card.reply.blocks if isinstance(block, Controls)]
    assert ["Deutsch ändern", "Englisch ändern", "Details"] in rows
    assert ["Stimmt noch", "Zurückziehen", "Verlauf"] in rows


# Writing and publishing


async def test_a_new_answer_is_previewed_and_given_from_then_on(house):
    preview = await writes(house)
    assert "Habt ihr eine Sauna?\nJa, im Keller. Schlüssel am Empfang. Stand: Nov. 2026." in preview.text
    assert "Englisch fehlt." in preview.text
    assert preview.buttons[:3] == ["Veröffentlichen", "Ändern", "Ausprobieren"]
    assert await entry_of(house, "habt-ihr-eine-sauna") is None
    [out] = await house.presses("Veröffentlichen", "mona")
    assert out.id == preview.id
    assert out.text.endswith("Ab jetzt beantworte ich das.")
    [answer] = await house.says(ASKED, "ada")
    assert answer.text.startswith("Ja, im Keller.")
    [english] = await house.says("where is the sauna?", "bea", language="en")
    assert "in German only" in english.text or "Do you mean" in english.text
    entry = await entry_of(house, "habt-ihr-eine-sauna")
    assert (entry.audience, entry.owner, entry.as_of) == ("public", "manager", house.now.date())


async def test_it_outlives_a_restart(house):
    await writes(house)
    await house.restart()
    await house.presses("Veröffentlichen", "mona")
    await house.says(ASKED, "bea")
    await house.restart()
    [answer] = await house.says(ASKED, "ada")
    assert answer.text.startswith("Ja, im Keller.")


async def test_on_telegram_it_is_one_question_a_message(house):
    where = {"platform": "telegram"}
    await house.says("faq neu", "max", **where)
    for typed in (SAUNA["title"], SAUNA["answer"], SAUNA["ask"]):
        await house.says(typed, "max", **where)
    [preview] = await house.picks("Deutsch", "max", **where)
    assert "Ja, im Keller." in preview.text
    await house.presses("Veröffentlichen", "max", **where)
    assert (await entry_of(house, "habt-ihr-eine-sauna")).de.ask == tuple(SAUNA["ask"].split("\n"))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", "Sauna", "Setz ein Fragezeichen ans Ende"),
        ("title", "Was kostet ein Schreibtisch?", "führt schon zu „Was kostet ein Schreibtisch?“"),
        ("title", "???", "in Buchstaben"),
        ("answer", "**Ja", "** geht vor „Ja“ auf und nicht wieder zu"),
        ("answer", "[hier](http://example.org)", "muss mit https:// anfangen"),
        ("answer", "[[AUSFÜLLEN: was]]", "[[ und ]] stehen für das, was noch fehlt"),
        ("ask", "???\n- ", "wenigstens eine Frage"),
        ("ask", "x" * 201, "höchstens 200 Zeichen je Zeile"),
        ("ask", "sauna\nwas kostet ein schreibtisch", "führt schon zu „Was kostet ein Schreibtisch?“"),
    ],
)
async def test_what_is_wrong_is_said_so_that_it_can_be_put_right(house, field, typed, said):
    await house.commands("faq", "neu", "mona")
    await house.submits("mona", **{**SAUNA, field: typed})
    assert list(wrong(house)) == [field]
    assert said in wrong(house)[field]


async def test_what_a_feature_does_is_not_asked_for_twice(house):
    await house.commands("faq", "neu", "mona")
    way = next(way for way in house.house.registry.ways if way.key.startswith("events:")).variants[0]
    await house.submits("mona", **{**SAUNA, "ask": way})
    assert "führt schon zu" in wrong(house)["ask"]


async def test_lists_are_read_without_their_bullets_and_doubles(house):
    await publishes(house, ask="- sauna im hub?\n2. Sauna im Hub\n\n•  schwitzen   gehen\n")
    assert (await entry_of(house, "habt-ihr-eine-sauna")).de.ask == ("sauna im hub?", "schwitzen gehen")


async def test_a_draft_is_changed_and_completed_before_it_is_published(house):
    await writes(house)
    await house.presses("Ändern", "mona")
    await house.submits("mona", title=SAUNA["title"], answer="Nein.", ask=SAUNA["ask"])
    await house.presses("Englisch ergänzen", "mona")
    [preview] = await house.submits(
        "mona", title="Do you have a sauna?", answer="No.", ask="sauna?\nis there a sauna"
    )
    assert "Nein." in preview.text
    assert "No. As of Nov 2026." in preview.text
    assert "fehlt" not in preview.text
    await house.presses("Veröffentlichen", "mona")
    [answer] = await house.says("is there a sauna in the hub?", "ada")
    assert answer.text.startswith("No.")
    drafts = await house.reads(lambda tx: tx.value("SELECT count(*) FROM faq_drafts"))
    assert drafts == 0


async def test_details_are_picked_and_shown_in_the_draft(house):
    await writes(house)
    await house.presses("Details", "mona")
    [preview] = await house.submits(
        "mona", audience="direct", owner="project", as_of="2025", review_by="2027-03-01"
    )
    assert "Für: Leute aus dem Hub, nur im Direktchat" in preview.text
    await house.presses("Veröffentlichen", "mona")
    entry = await entry_of(house, "habt-ihr-eine-sauna")
    assert (entry.audience, entry.owner, entry.as_of) == ("direct", "project", 2025)
    assert entry.review_by == datetime.date(2027, 3, 1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("1812", "Jahr von 1990 bis 2026"), ("bald", "Den Tag kenne ich nicht"), ("24.12.2030", "kommt erst noch")],
)
async def test_a_date_that_can_not_be_is_said_so(house, typed, said):
    await writes(house)
    await house.presses("Details", "mona")
    await house.submits("mona", audience="public", owner="manager", as_of=typed)
    assert said in wrong(house)["as_of"]


async def test_a_draft_is_seen_by_nobody_else(house):
    await writes(house)
    for who in ("mark", "lea"):
        [menu] = await house.commands("faq", "", who)
        assert SAUNA["title"] not in menu.buttons
        [found] = await house.commands("faq", "sauna", who)
        assert SAUNA["title"] not in found.buttons
    [mine] = await house.commands("faq", "", "mona")
    assert SAUNA["title"] in mine.buttons
    [draft] = await house.reads(lambda tx: tx.values("SELECT id FROM faq_drafts"))
    token = house.house.seals.seal(f"faq:out|{draft[0]}", (await house.screen("mark"))[0].chat_id)
    await house.presses_token(token, "mark")
    assert await last(house, "mark") == "Diesen Entwurf gibt es nicht mehr."
    assert await entry_of(house, "habt-ihr-eine-sauna") is None


async def test_a_draft_that_is_opened_in_a_group_is_shown_in_the_direct_chat(house):
    await writes(house)
    await house.commands("faq", "", "mona", chat="lobby")
    shown = await house.presses(SAUNA["title"], "mona", chat="lobby")
    by_text = {seen.text.split("\n")[0]: seen for seen in shown}
    assert by_text["Ich habe dir direkt geschrieben."].to == "mona"
    assert "Ja, im Keller" in (await house.texts("mona"))[-1]
    assert not any("im Keller" in text for text in await house.texts("lobby"))


async def test_a_discarded_draft_is_gone(house):
    await writes(house)
    [said] = await house.presses("Verwerfen", "mona")
    assert said.text == "Verworfen; niemand hat es gesehen."
    assert await house.reads(lambda tx: tx.value("SELECT count(*) FROM faq_drafts")) == 0
    assert await entry_of(house, "habt-ihr-eine-sauna") is None


async def test_two_answers_of_one_title_are_told_apart_by_their_ids(house):
    await writes(house, "mona")
    await writes(house, "mark", ask="noch was anderes dazu")
    await house.presses("Veröffentlichen", "mona")
    [told] = await house.presses("Veröffentlichen", "mark")
    assert (
        "führt schon zu „Habt ihr eine Sauna?“" in told.text
    )  # written at the same time: the second has to change


# What it does to others


async def test_the_closest_answer_is_named_and_can_have_the_questions_instead(house):
    preview = await writes(
        house,
        title="Wie teuer ist ein Tisch im Monat?",
        ask="Was kostet ein Schreibtisch im Monat bei euch?\nwas muss ich für einen tisch zahlen im monat",
    )
    assert "Nächste Antwort bisher: Was kostet ein Schreibtisch?" in preview.text
    assert "Vielleicht fehlen dort nur Fragen." in preview.text
    [other] = await house.presses("Dort ergänzen", "mona")
    assert "50 Euro im Monat" in other.text
    await house.presses("Veröffentlichen", "mona")
    entry = await entry_of(house, "desk-price")
    assert "Wie teuer ist ein Tisch im Monat?" in entry.de.ask
    assert entry.reviewed is None  # more ways to ask do not say that it is still true
    assert await house.reads(lambda tx: tx.value("SELECT count(*) FROM faq_drafts")) == 0


async def test_known_questions_that_it_takes_away_are_shown(house):
    entry = await entry_of(house, "desk-price")
    known = entry.de.ask[-1]
    preview = await writes(house, title="Und was kostet ein Stuhl?", ask=f"{known} denn bitte")
    assert f"Nimmt „{known}“ weg von Was kostet ein Schreibtisch?" in preview.text


async def test_a_draft_can_be_tried_before_it_is_published(house):
    await writes(house)
    for question, said in (
        (ASKED, "Dein Entwurf beantwortet das."),
        (
            "was kostet ein schreibtisch im monat",
            "Das beantwortet Was kostet ein Schreibtisch?, nicht dein Entwurf.",
        ),
        ("qwertz yxcvb asdfg", "Das wüsste ich nicht."),
    ):
        await house.presses("Ausprobieren", "mona")
        [told] = await house.submits("mona", question=question)
        assert said in told.text
    [again] = await house.presses("Zum Entwurf", "mona")
    assert "Veröffentlichen" in again.buttons
    asked = await house.says(ASKED, "ada")
    assert "Keller" not in asked[0].text


# Changing what is there


async def test_an_edit_is_given_from_then_on_and_counts_as_a_look(house):
    stood = await edits(house, "mona", "schreibtisch", "Was kostet ein Schreibtisch?")
    assert "50 Euro" in stood["answer"]
    [preview] = await house.submits("mona", **{**stood, "answer": "**60 Euro im Monat.**"})
    assert "60 Euro im Monat. Stand: Nov. 2026." in preview.text
    assert "50 euros" not in preview.text  # only what changed is shown
    await house.presses("Veröffentlichen", "mona")
    [answer] = await house.says("was kostet ein schreibtisch im monat", "ada")
    assert answer.text.startswith("60 Euro im Monat.")
    entry = await entry_of(house, "desk-price")
    assert (entry.reviewed, entry.review_by) == (house.now.date(), house.now.date() + datetime.timedelta(365))


async def test_a_fact_that_was_missing_is_answered_once_it_is_there_in_one_language(house):
    stood = await edits(house, "mona", "geöffnet", "Wann ist offen?", "Deutsch ergänzen")
    assert stood["answer"] == ""
    await house.submits("mona", **{**stood, "answer": "**Werktags 8 bis 18 Uhr.**"})
    await house.presses("Veröffentlichen", "mona")
    [answer] = await house.says("Wann habt ihr geöffnet?", "ada")
    assert answer.text.startswith("Werktags 8 bis 18 Uhr.")
    [english] = await house.says("When are you open?", "bea", language="en")
    assert english.text.startswith("Werktags 8 bis 18 Uhr.")
    assert "in German only" in english.text


async def test_two_managers_change_one_answer_at_once_and_one_of_them_wins(house):
    for who, answer in (("mona", "**60 Euro.**"), ("mark", "**70 Euro.**")):
        stood = await edits(house, who, "schreibtisch", "Was kostet ein Schreibtisch?")
        await house.submits(who, **{**stood, "answer": answer})
    await house.presses("Veröffentlichen", "mona")
    house.passes(minutes=5)
    [told] = await house.presses("Veröffentlichen", "mark")
    assert told.text.startswith("Mona hat diese Antwort inzwischen geändert (10:42). Jetzt ist sie so:")
    assert "60 Euro." in told.text
    assert "70 Euro." in told.text
    assert told.buttons == ["Meine trotzdem", "Meine verwerfen"]
    assert (await entry_of(house, "desk-price")).de.answer == "**60 Euro.**"
    await house.presses("Meine trotzdem", "mark")
    assert (await entry_of(house, "desk-price")).de.answer == "**70 Euro.**"


async def test_publishing_anyway_keeps_what_the_other_changed_elsewhere(house):
    stood = await edits(house, "mark", "schreibtisch", "Was kostet ein Schreibtisch?", "Englisch ändern")
    await house.submits("mark", **{**stood, "answer": "60 euros."})
    stood = await edits(house, "mona", "schreibtisch", "Was kostet ein Schreibtisch?")
    await house.submits("mona", **{**stood, "answer": "60 Euro."})
    await house.presses("Veröffentlichen", "mona")
    await house.presses("Veröffentlichen", "mark")
    await house.presses("Meine trotzdem", "mark")
    entry = await entry_of(house, "desk-price")
    assert (entry.de.answer, entry.en.answer) == ("60 Euro.", "60 euros.")


async def test_publishing_anyway_keeps_the_questions_that_were_added_meanwhile(house):
    stood = await edits(house, "mark", "schreibtisch", "Was kostet ein Schreibtisch?")
    await house.submits(
        "mark", **{**stood, "answer": "60 Euro.", "ask": stood["ask"].partition("\n")[2] + "\nvon mark"}
    )
    stood = await edits(house, "mona", "schreibtisch", "Was kostet ein Schreibtisch?")
    await house.submits("mona", **{**stood, "ask": stood["ask"] + "\nvon mona"})
    await house.presses("Veröffentlichen", "mona")
    await house.presses("Veröffentlichen", "mark")
    await house.presses("Meine trotzdem", "mark")
    wording = (await entry_of(house, "desk-price")).de
    rest = stood["ask"].split("\n")[1:]
    assert (wording.answer, wording.ask) == ("60 Euro.", (*rest, "von mona", "von mark"))


async def test_anyway_is_asked_again_when_it_changed_once_more(house):
    stood = await edits(house, "mark", "schreibtisch", "Was kostet ein Schreibtisch?")
    await house.submits("mark", **{**stood, "answer": "70 Euro."})
    for answer in ("60 Euro.", "65 Euro."):
        stood = await edits(house, "mona", "schreibtisch", "Was kostet ein Schreibtisch?")
        await house.submits("mona", **{**stood, "answer": answer})
        await house.presses("Veröffentlichen", "mona")
        if answer == "60 Euro.":
            await house.presses("Veröffentlichen", "mark")
    [told] = await house.presses("Meine trotzdem", "mark")
    assert "65 Euro." in told.text
    assert (await entry_of(house, "desk-price")).de.answer == "65 Euro."
    await house.presses("Meine verwerfen", "mark")
    assert await house.reads(lambda tx: tx.value("SELECT count(*) FROM faq_drafts")) == 0


async def test_a_draft_that_was_begun_goes_on(house):
    stood = await edits(house, "mona", "schreibtisch", "Was kostet ein Schreibtisch?")
    await house.submits("mona", **{**stood, "answer": "60 Euro."})
    await shows_card(house, "schreibtisch", "Was kostet ein Schreibtisch?")
    [shown] = await house.presses("Deutsch ändern", "mona")
    assert shown.text.startswith("Diese Antwort änderst du gerade schon:")
    assert "60 Euro." in shown.text


async def test_what_does_not_fit_into_the_form_stays(house):
    many = tuple(f"frage nummer {number} nach dem preis von tischen und stühlen" for number in range(80))

    def grow(tx):
        row = faq.get_entry(tx, "desk-price")
        entry = library.from_json(row.content)
        more = structs.replace(entry, de=structs.replace(entry.de, ask=many))
        faq.mark_changed_if_version(tx, row.id, row.version, library.to_json(more), house.now)

    await house.database.write(grow)
    stood = await edits(house, "mona", "schreibtisch", "Was kostet ein Schreibtisch?")
    assert len(stood["ask"]) <= 2500
    await house.submits("mona", **{**stood, "ask": "eine ganz neue frage\n" + stood["ask"]})
    await house.presses("Veröffentlichen", "mona")
    assert (await entry_of(house, "desk-price")).de.ask == ("eine ganz neue frage", *many)


# Looking after


async def test_still_true_notes_the_day_and_leads_on(house):
    await shows_card(house, "schreibtisch", "Was kostet ein Schreibtisch?")
    [card] = await house.presses("Stimmt noch", "mona")
    assert card.text.startswith("Notiert: stimmt noch.")
    assert "Stand: Nov. 2026." in card.text
    assert card.buttons[-1].startswith("Zu prüfen (")
    [due] = await house.presses(card.buttons[-1], "mona")
    assert "fällig" in due.text
    assert "Was kostet ein Schreibtisch?" not in due.buttons


async def test_a_retired_answer_is_not_given_until_it_is_back(house):
    await publishes(house)
    await shows_card(house, "sauna", SAUNA["title"])
    [card] = await house.presses("Zurückziehen", "mona")
    assert "(zurückgezogen)" in card.text
    [asked] = await house.says(ASKED, "ada")
    assert "Keller" not in asked.text
    [found] = await house.commands("faq", "sauna", "mark")
    assert found.buttons[0] == "Habt ihr eine Sauna? (zurückgezogen)"
    await house.presses("Zurückholen", "mona")
    assert (await house.says(ASKED, "ada"))[0].text.startswith("Ja, im Keller.")


async def test_what_leads_elsewhere_by_now_is_not_brought_back(house):
    await publishes(house)
    await shows_card(house, "sauna", SAUNA["title"])
    await house.presses("Zurückziehen", "mona")
    await publishes(house, "mark", title="Wo kann man schwitzen?", ask="wo ist die sauna")
    await house.presses("Zurückholen", "mona")
    assert (
        await last(house)
        == "„wo ist die sauna“ führt inzwischen zu „Wo kann man schwitzen?“. Ändere erst eine von beiden."
    )
    assert await state_of(house, "habt-ihr-eine-sauna") == "retired"


async def test_the_latest_change_is_undone_and_that_as_well(house):
    stood = await edits(house, "mona", "schreibtisch", "Was kostet ein Schreibtisch?")
    await house.submits("mona", **{**stood, "answer": "60 Euro."})
    await house.presses("Veröffentlichen", "mona")
    await house.presses("Zur Antwort", "mona")
    await house.presses("Verlauf", "mona")
    [card] = await house.presses("Letztes rückgängig", "mona")
    assert card.text.startswith("Rückgängig: Es ist wie davor.")
    assert "50 Euro" in (await house.says("was kostet ein schreibtisch im monat", "ada"))[0].text
    await house.presses("Verlauf", "mona")
    await house.presses("Letztes rückgängig", "mona")
    assert "60 Euro" in (await house.says("was kostet ein schreibtisch im monat", "ada"))[0].text


async def test_the_history_says_who_changed_what_and_when(house):
    stood = await edits(house, "mona", "schreibtisch", "Was kostet ein Schreibtisch?")
    await house.submits(
        "mona", **{**stood, "answer": "60 Euro.", "ask": stood["ask"] + "\ntischmiete pro monat\ntischbeitrag"}
    )
    await house.presses("Veröffentlichen", "mona")
    house.passes(days=1)
    await shows_card(house, "schreibtisch", "Was kostet ein Schreibtisch?", "mark")
    await house.presses("Zurückziehen", "mark")
    [history] = await house.presses("Verlauf", "mark")
    assert history.text.split("\n") == [
        "Was kostet ein Schreibtisch?",
        "Di, 24. Nov., 10:42, Mark: zurückgezogen",
        "Mo, 23. Nov., 10:42, Mona: geändert: Antwort auf Deutsch, 2 Fragen mehr",
        "Mo, 23. Nov., 10:42: aus dem Inhaltspaket gelesen",
    ]


async def test_an_old_card_shows_what_changed_instead_of_acting(house):
    old = await shows_card(house, "schreibtisch", "Was kostet ein Schreibtisch?")
    await shows_card(house, "schreibtisch", "Was kostet ein Schreibtisch?", "mark")
    await house.presses("Stimmt noch", "mark")
    [shown] = await house.presses("Zurückziehen", "mona", on=old)
    assert shown.text.startswith("Mark hat diese Antwort inzwischen geändert (10:42). Jetzt ist sie so:")
    assert await state_of(house, "desk-price") == "live"


# Who may


async def test_project_managers_keep_what_is_theirs_and_nothing_else(house):
    [found] = await house.commands("faq", "schreibtisch", "paul")
    assert "Was kostet ein Schreibtisch?" not in found.buttons
    token = house.house.seals.seal("faq:retire|desk-price|1", found.chat_id)
    await house.presses_token(token, "paul")
    assert await last(house, "paul") == "Das dürfen nur Community-Manager."
    await publishes(house, "paul")
    entry = await entry_of(house, "habt-ihr-eine-sauna")
    assert entry.owner == "project"
    await shows_card(house, "sauna", SAUNA["title"], "paul")
    [card] = await house.presses("Zurückziehen", "paul")
    assert "(zurückgezogen)" in card.text
    await house.presses("Details", "paul")
    assert "owner" not in {field.name for field in house.answer.outcome.form.fields}


# From a question


async def answered(bot, answer: str = "Ja, im Keller.") -> int:
    """A founder asked the team, who answered; returns the question's number."""
    await bot.commands("here", "managers", who="lea", chat="team")
    await bot.commands("frage", "Habt ihr bei euch im Haus eigentlich auch eine Sauna für Gründer?", "ada")

    def settle(tx):
        [(number,)] = tx.values("SELECT id FROM questions")
        [(mona,)] = tx.values("SELECT person_id FROM accounts WHERE external_id = 'mona'")
        questions.mark_taken_if_open(tx, number, mona, bot.now)
        questions.mark_answered_if_taken_by(tx, number, mona, answer, bot.now)
        return number

    return await bot.database.write(settle)


async def from_question(bot, number: int):
    """The manager presses the button of the offer; returns the form's values as they stand there."""
    await bot.commands("faq", "", "mona")
    token = bot.house.seals.seal(f"faq:entry-new|{number}", (await bot.screen("mona"))[-1].chat_id)
    await bot.presses_token(token, "mona")
    return {field.name: field.initial for field in bot.answer.outcome.form.fields}


async def test_an_answer_of_the_team_becomes_an_entry(house):
    stood = await from_question(house, await answered(house))
    assert stood == {
        "title": "Habt ihr bei euch im Haus eigentlich?",
        "answer": "Ja, im Keller.",
        "ask": "Habt ihr bei euch im Haus eigentlich auch eine Sauna für Gründer?",
    }
    before = await house.texts("ada")
    await house.submits("mona", **{**stood, "title": "Habt ihr eine Sauna?"})
    await house.presses("Veröffentlichen", "mona")
    assert await house.texts("ada") == before  # who asked has the answer
    assert (await house.says(ASKED, "bea"))[0].text.startswith("Ja, im Keller.")


async def test_an_answer_that_is_too_long_is_to_be_shortened(house):
    stood = await from_question(house, await answered(house, "Sehr lang. " * 60))
    await house.submits("mona", **{**stood, "title": "Habt ihr eine Sauna?"})
    assert "450 passen" in wrong(house)["answer"]


async def test_a_person_who_is_named_in_it_is_warned_about(house):
    number = await answered(house, "Ja. Frag\nMona, und grüß Ada.")
    stood = await from_question(house, number)
    [preview] = await house.submits("mona", **{**stood, "title": "Habt ihr eine Sauna?"})
    assert "Darin steht Ada: Das lesen dann alle." in preview.text
    assert "Darin steht Mona: Das lesen dann alle." in preview.text


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("habt ihr wlan", "Habt ihr wlan?"),
        ("Wo ist das?!", "Wo ist das?"),
        (
            "wie viele parkplätze gibt es hinter dem haus, und kosten sie was",
            "Wie viele parkplätze gibt es hinter?",
        ),
        ("x" * 60, "X" + "x" * 38 + "?"),
    ],
)
def test_a_title_is_cut_to_what_fits_on_a_button(question, title):
    assert title_from(question) == title
    assert len(title) <= 40


def test_names_are_found_as_words():
    assert named_in("Frag adas Schwester", ["Ada Lovelace"]) == []
    assert named_in("Frag LOVELACE.", ["Ada Lovelace"]) == ["Ada Lovelace"]


# Proposals


async def propose(bot, text: str, why: str = "picked", entry: str = "desk-price", who: str = "ada") -> None:
    await bot.says("hallo", who)

    def add(tx):
        [(person,)] = tx.values("SELECT person_id FROM accounts WHERE external_id = ?", (who,))
        [(chat,)] = tx.values("SELECT id FROM chats WHERE external_id = ?", (who,))
        number = questions.add_draft(tx, person, chat, "", "de", text, bot.now)
        assert faq_drafts.add_proposal(tx, entry, number, why, bot.now)

    await bot.database.write(add)


async def shows_proposals(bot, number: int, who: str = "mona"):
    await bot.commands("faq", "", who)
    [shown] = await bot.presses(f"Vorschläge ({number})", who)
    return shown


async def test_a_proposed_way_to_ask_is_added_at_a_press(house):
    await propose(house, "wat kost so'n\n tisch bei euch")
    await propose(house, "monatsbeitrag tisch")
    first = await shows_proposals(house, 2)
    assert first.text == "2 Vorschläge\n„wat kost so'n tisch bei euch“ → Was kostet ein Schreibtisch?"
    [second] = await house.presses("Ja, ergänzen", "mona")
    assert "„wat kost so'n tisch bei euch“ führt jetzt zu Was kostet ein Schreibtisch?" in second.text
    [empty] = await house.presses("Nein", "mona")
    assert empty.text.endswith("Es gibt keine Vorschläge.")
    assert (await entry_of(house, "desk-price")).de.ask[-1] == "wat kost so'n tisch bei euch"
    history = await house.reads(lambda tx: faq.list_versions(tx, "desk-price"))
    assert [version.what for version in history] == ["edited", "imported"]


async def test_two_managers_settle_one_proposal_once(house):
    await propose(house, "wat kost so'n tisch bei euch")
    mine = await shows_proposals(house, 1)
    theirs = await shows_proposals(house, 1, "mark")
    await house.presses("Ja, ergänzen", "mona", on=mine)
    await house.presses("Ja, ergänzen", "mark", on=theirs)
    assert await last(house, "mark") == "Darüber hat schon jemand entschieden."
    assert len(await house.reads(lambda tx: faq.list_versions(tx, "desk-price"))) == 2


async def test_it_may_belong_to_another_answer(house):
    await propose(house, "wo genau seid ihr in essen zu finden", entry="desk-price")
    await shows_proposals(house, 1)
    [which] = await house.presses("Andere Antwort", "mona")
    assert which.buttons[-2:] == ["Suchen", "Später"]
    await house.presses("Suchen", "mona")
    [found] = await house.submits("mona", words="wo seid ihr")
    title = (await entry_of(house, "address")).de.title
    await house.presses(title, "mona", on=found)
    assert (await entry_of(house, "address")).de.ask[-1] == "wo genau seid ihr in essen zu finden"


async def test_one_that_names_its_asker_is_reworded(house):
    await propose(house, "hier ist ada, was kostet mein tisch")
    shown = await shows_proposals(house, 1)
    assert "Darin steht Ada" in shown.text
    assert "Ja, ergänzen" not in shown.buttons
    await house.presses("Umformulieren", "mona")
    await house.submits("mona", text="was kostet mein tisch")
    assert (await entry_of(house, "desk-price")).de.ask[-1] == "was kostet mein tisch"


async def test_what_did_not_help_is_looked_at_and_not_added(house):
    await propose(house, "was kostet der tisch für studis", why="not_helped")
    shown = await shows_proposals(house, 1)
    assert "hat nicht geholfen" in shown.text
    assert shown.buttons == ["Zur Antwort", "Andere Antwort", "Erledigt", "Später"]
    [card] = await house.presses("Zur Antwort", "mona")
    assert "50 Euro" in card.text
    await house.presses("Erledigt", "mona")
    assert await house.reads(lambda tx: faq_drafts.list_proposals(tx)) == []
    assert len(await house.reads(lambda tx: faq.list_versions(tx, "desk-price"))) == 1


async def test_later_puts_one_behind_the_others(house):
    for text in ("tischkosten eins", "tischkosten zwei"):
        await propose(house, text)
    assert "eins" in (await shows_proposals(house, 2)).text
    [second] = await house.presses("Später", "mona")
    assert "zwei" in second.text
    await house.presses("Später", "mona")
    assert "eins" in (await house.texts("mona"))[-1]
