"""Greeting, help, language and the home page."""

from __future__ import annotations

import re

import pytest

from handlers.core.features import Feature, MenuItem
from handlers.core.ui import Action, Controls
from handlers.help import phrases
from storage import people

MENU = ["Platz buchen", "Termine", "Mentor finden", "Team fragen"]


async def test_the_first_greeting_says_who_the_bot_is_and_what_it_keeps(bot):
    bot.strangers = True
    [hello] = await bot.says("hallo")
    assert hello.text.startswith(
        "Ich bin Kumpel, der Bot des ruhr:HUB. Frag mich was, oder:\nIch merke mir nur, was ich dafür brauche:"
    )
    assert hello.buttons == [*MENU, "Was genau?"]


async def test_later_greetings_are_shorter(bot):
    await bot.says("hallo")
    [hello] = await bot.says("moin")
    assert hello.text == "Hallo Ada. Was brauchst du?"


async def test_who_greets_in_english_is_greeted_in_english(bot):
    bot.strangers = True
    [hello] = await bot.says("good morning, how are you?", language="en")
    assert hello.text.startswith("I am Kumpel, the bot of the ruhr:HUB.")


async def test_what_is_kept_is_told_a_line_each(bot):
    bot.strangers = True
    await bot.says("hallo")
    [told] = await bot.presses("Was genau?")
    assert len(told.text.splitlines()) >= 6
    assert "90 Tage" in told.text
    assert "30 Tage" in told.text


@pytest.mark.parametrize("said", ["danke", "vielen Dank!", "super, danke dir", "danke für die schnelle Hilfe"])
async def test_thanks_get_a_short_answer_without_buttons(bot, said):
    [reply] = await bot.says(said)
    assert (reply.text, reply.buttons) == ("Gern.", [])


async def test_thanks_in_english_are_taken_in_english(bot):
    [reply] = await bot.says("thank you so much", language="en")
    assert reply.text == "You are welcome."


async def test_goodbye_gets_a_goodbye(bot):
    [reply] = await bot.says("bis morgen")
    assert reply.text == "Bis dann."


@pytest.mark.parametrize(
    "said", ["hallo, was kostet ein Schreibtisch im Monat?", "moin! was kostet ein schreibtisch im monat"]
)
async def test_a_greeting_with_a_question_behind_it_is_a_question(bot, said):
    [reply] = await bot.says(said)
    assert "Ich bin Kumpel" not in reply.text
    assert "Schreibtisch" in " ".join(reply.buttons) or "50 Euro" in reply.text


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (phrases.HELLO, "wie geht das mit dem Mentoring"),
        (phrases.HELLO, "how is it priced"),
        (phrases.THANKS, "danke für die Info, wo ist der Drucker"),
        (phrases.THANKS, "danke, und was kostet ein Tisch?"),
        (phrases.BYE, "bis wann ist offen"),
        (phrases.LANGUAGE, "kannst du englisch?"),
        (phrases.LANGUAGE, "german accelerators"),
    ],
)
def test_questions_are_no_phrases(pattern, text):
    assert re.fullmatch(pattern, text, re.IGNORECASE) is None


async def test_a_mention_in_a_group_is_greeted_there_and_chatter_is_not(bot):
    [hello] = await bot.says("hallo", chat="founders")
    assert hello.reply.summary.startswith("Ich bin Kumpel")
    assert await bot.says("hallo zusammen", chat="founders", addressed=False) == []


async def test_help_lists_only_what_the_person_may_use(bot):
    [for_all] = await bot.says("hilfe")
    assert "frage: Team fragen" in for_all.text
    assert "ernenne" not in for_all.text
    assert "fragen: Offene Fragen" not in for_all.text
    await bot.gives("lea", "lead")
    [for_lead] = await bot.commands("help", who="lea")
    assert "ernenne: Eine Rolle geben" in for_lead.text
    assert "hier:" not in for_lead.text  # of groups only
    [in_group] = await bot.commands("help", who="lea", chat="founders")
    assert "hier: Wofür dieser Chat da ist" in in_group.text


async def test_help_in_english_names_english_words(bot):
    [reply] = await bot.commands("help", language="en")
    assert "ask: Ask the team" in reply.text
    assert "language: Deutsch or English" in reply.text


async def test_a_call_for_help_shows_the_menu(bot):
    [reply] = await bot.says("ich brauche hilfe")
    assert reply.buttons == MENU


async def test_a_language_is_chosen_by_button_and_kept_from_then_on(bot):
    [asked] = await bot.says("sprache")
    assert asked.buttons == ["Deutsch", "English"]
    [changed] = await bot.presses("English")
    assert changed.text == "I speak English with you from now on."
    assert changed.id == asked.id  # in its place
    [answer] = await bot.says("wie heißt denn eure internetseite bitte")
    assert answer.reply.language == "de"  # a clear message is answered in its own language
    [answer] = await bot.says("hi")
    assert answer.reply.language == "en"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("english please", "I speak English with you from now on."),
        ("Können wir Englisch reden?", "I speak English with you from now on."),
        ("auf deutsch bitte", "Ab jetzt rede ich Deutsch mit dir."),
        ("sprache englisch", "I speak English with you from now on."),
        ("language de", "Ab jetzt rede ich Deutsch mit dir."),
    ],
)
async def test_a_language_is_chosen_in_words(bot, said, expected):
    [reply] = await bot.says(said)
    assert reply.text == expected
    chosen = await bot.reads(lambda tx: people.get_person(tx, 1))
    assert chosen.language_chosen


async def test_the_language_heard_is_kept_until_one_is_chosen(bot):
    await bot.says("what does a desk cost per month please", platform="telegram")
    [hello] = await bot.says("hi", platform="telegram")
    assert hello.reply.language == "en"


async def test_start_greets_and_an_unknown_payload_too(bot):
    bot.strangers = True
    [plain] = await bot.commands("start", platform="telegram")
    assert plain.text.startswith("Ich bin Kumpel")
    [unknown] = await bot.commands("start", "nosuch_thing", platform="telegram")
    assert unknown.text == "Hallo Ada. Was brauchst du?"


async def test_a_hostile_name_stays_a_name(bot):
    await bot.says("hallo", name="**Chef** <!channel> [x](https://evil.example)")
    [hello] = await bot.says("hallo", name="**Chef** <!channel> [x](https://evil.example)")
    [section, *_] = hello.reply.blocks
    assert [span.text for span in section.text if span.bold] == ["**Chef** <!channel> [x](https://evil.example)"]
    assert not any(span.link for span in section.text)


async def test_the_home_page_shows_what_concerns_the_person(bot):
    [empty] = await bot.opens_home()
    assert empty.text.splitlines()[0] == "Hallo Ada."
    assert empty.buttons == ["Telegram verbinden", "Einstellungen", *MENU]
    await bot.commands("frage", "Habt ihr einen Helikopter?")
    [home] = [seen for seen in await bot.screen() if seen.id == empty.id]
    assert "„Habt ihr einen Helikopter?“" in home.text


async def test_the_home_page_of_a_manager_counts_open_questions(bot):
    await bot.gives("mona", "manager")
    await bot.commands("frage", "Habt ihr einen Helikopter?")
    await bot.commands("frage", "Und ein Boot?")
    [home] = await bot.opens_home("mona")
    assert "2 Fragen sind offen." in home.text
    assert "Du bist Community-Manager" in home.text
    assert home.buttons[-len(MENU) :] == MENU
    assert "Fragen ansehen" in home.buttons


async def test_me_shows_the_same_page_to_the_person_alone(bot):
    await bot.gives("lea", "lead")
    [page] = await bot.commands("ich", who="lea", chat="founders")
    assert page.to == "lea"
    assert "Du gehörst zur Leitung" in page.text


async def test_the_menu_has_rows_of_three(bot_with):
    menu = tuple(MenuItem(f"Thing {number}", Action("faq:new")) for number in range(4))
    bot = bot_with(Feature("extra", menu=menu))
    [reply] = await bot.says("menü")
    assert [len(block.items) for block in reply.reply.blocks if isinstance(block, Controls)] == [3, 3, 2]


async def test_a_sentence_that_begins_with_a_command_word_is_a_sentence(bot):
    [reply] = await bot.commands("ich", "brauche morgen einen Platz")
    assert "Plätzen frei" in reply.text


async def test_a_german_command_is_answered_in_german(bot):
    await bot.says("what does a desk cost?", language="en")
    [reply] = await bot.commands("buchungen", language="en")
    assert reply.text == "Du hast keinen Platz gebucht."
