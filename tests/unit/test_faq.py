"""Answers, did-you-mean, and questions to the team."""

from __future__ import annotations

import pytest

from handlers.core.ui import Action, OpenForm, Picture
from storage import chats, faq_figures, people, questions, retention
from storage.outbox import REPLY

ASKED = "Habt ihr einen Helikopter auf dem Dach?"


@pytest.fixture
async def house(bot):
    """A bot with a lead, two managers, and a team chat on each platform."""
    await bot.gives("lea", "lead")
    await bot.gives("mona", "manager")
    await bot.gives("max", "manager", "telegram")
    await bot.gives("leo", "lead", "telegram")
    await bot.commands("here", "managers", who="lea", chat="team")
    await bot.commands("here", "managers", who="leo", chat="leute", platform="telegram")
    return bot


async def question(bot, number: int = 1):
    return await bot.reads(lambda tx: questions.get_question(tx, number))


async def card(bot, chat: str = "team", platform: str = "slack"):
    return next(seen for seen in await bot.screen(chat, platform) if seen.id.startswith("p"))


# Answers


async def test_a_question_is_answered_as_in_scene_2(bot):
    [answer] = await bot.says("was kost n schreibtisch im monat")
    first, *_ = answer.reply.blocks
    assert (first.text[0].text, first.text[0].bold) == ("50 Euro im Monat", True)
    assert answer.text.endswith("Stand: 2017, bitte beim Hub bestätigen lassen.")
    assert answer.buttons == ["Hilft mir", "Hilft nicht", "Mensch fragen"]


async def test_an_english_question_gets_an_english_answer(bot):
    [answer] = await bot.says("what does a desk cost per month?")
    assert answer.text.startswith("50 euros a month")
    assert answer.buttons == ["That helps", "Does not help", "Ask a human"]


async def test_an_answer_with_a_picture_shows_it(bot):
    [answer] = await bot.says("welche camps gibt es")
    [picture] = [block for block in answer.reply.blocks if isinstance(block, Picture)]
    assert picture.drawing == "camps"
    assert picture.alt


async def test_a_helpful_answer_loses_its_buttons_and_is_counted_without_a_name(bot):
    [answer] = await bot.says("was kostet ein schreibtisch im monat")
    [thanked] = await bot.presses("Hilft mir")
    assert thanked.id == answer.id
    assert thanked.text.startswith("50 Euro im Monat")
    assert thanked.text.endswith("Gut zu wissen, danke.")
    assert thanked.buttons == []
    rows = await bot.reads(lambda tx: tx.values("SELECT * FROM faq_feedback"))
    assert rows == [("desk-price", "2026-11-23", 1, 0)]


async def test_an_unhelpful_answer_offers_the_team(bot):
    await bot.says("was kostet ein schreibtisch im monat")
    [offered] = await bot.presses("Hilft nicht")
    assert "Soll ich das Team fragen?" in offered.text
    assert offered.buttons == ["Ja, fragen", "Nein"]
    await bot.presses("Ja, fragen")
    kept = await question(bot)
    assert (kept.text, kept.state) == ("was kostet ein schreibtisch im monat", "open")
    assert await bot.reads(lambda tx: faq_figures.get_feedback_on(tx, "desk-price", bot.now.date())) == (0, 1)


async def test_ask_a_human_sends_the_original_question_and_leaves_the_answer(house):
    await house.says("was kostet ein schreibtisch im monat")
    sent = await house.presses("Mensch fragen")
    assert sent[0].text.startswith("50 Euro im Monat")
    assert "jetzt bei den Community-Managern" in sent[0].text
    assert "„was kostet ein schreibtisch im monat“" in (await card(house)).text


async def test_a_fact_that_the_hub_has_not_given_is_never_answered(bot):
    [reply] = await bot.says("Wann habt ihr geöffnet?")
    assert reply.text.startswith("Das weiß ich leider noch nicht.")
    assert "[[" not in reply.text
    assert reply.buttons == ["Ja, fragen", "Nein"]


async def test_where_questions_are_welcome_a_sure_answer_is_given_unasked(house):
    await house.commands("here", "help", who="lea", chat="founders")
    [answer] = await house.says("was kostet ein schreibtisch im monat", chat="founders", addressed=False)
    assert answer.text.startswith("50 Euro")
    for said in ("Wann habt ihr geöffnet?", ASKED, "wie komm ich rein", "danke"):
        assert await house.says(said, chat="founders", addressed=False) == []


async def test_elsewhere_chatter_is_left_alone(house):
    assert await house.says("was kostet ein schreibtisch im monat", chat="elsewhere", addressed=False) == []


def test_every_intent_fits_on_a_button(bot):
    assert all(Action.of("faq:pick", key, 10**9) for key in bot.house.registry.intents)


# Did you mean

UNSURE = "was bringt mir das"


async def test_unsure_it_asks_back_with_three_titles_and_a_human(bot):
    [asked] = await bot.says(UNSURE)
    assert asked.text == "Meinst du eins davon?"
    assert len(asked.buttons) == 4
    assert all(len(label) <= 40 for label in asked.buttons)
    assert asked.buttons[-1] == "Nichts davon, Mensch fragen"


async def test_the_picked_question_is_answered_in_place_with_the_original_words_kept(bot):
    [asked] = await bot.says(UNSURE)
    [answer] = await bot.presses("Was bietet ihr Start-ups?")
    assert answer.id == asked.id
    assert answer.reply.placement == "replace"
    await bot.presses("Ja, fragen" if "Ja, fragen" in answer.buttons else "Mensch fragen")
    waiting = await bot.reads(lambda tx: questions.list_waiting(tx))
    assert [each.text for each in waiting] == [UNSURE]


async def test_in_a_group_only_the_asker_picks(bot):
    [asked] = await bot.says(UNSURE, chat="founders")
    [refused] = await bot.presses("Was bietet ihr Start-ups?", "bob", on=asked, chat="founders")
    assert (refused.to, refused.text) == ("bob", "Das kann nur, wer gefragt hat.")
    [answer] = await bot.presses("Was bietet ihr Start-ups?", on=asked, chat="founders")
    assert (answer.id, answer.buttons) == (asked.id, ["Hilft mir", "Hilft nicht", "Mensch fragen"])


async def test_what_has_no_answer_yet_is_not_offered_as_one(bot):
    [asked] = await bot.says("wie komm ich rein")
    assert asked.buttons == ["Ja, fragen", "Nein"]


async def test_none_of_these_goes_to_the_team(house):
    await house.says(UNSURE)
    await house.presses("Nichts davon, Mensch fragen")
    assert (await question(house)).state == "open"


# Not known


async def test_what_is_not_known_is_admitted_and_the_team_offered(bot):
    [reply] = await bot.says(ASKED)
    assert reply.text == (
        "Das weiß ich nicht. Soll ich das Team fragen?"
        " Die Community-Manager lesen die Frage und antworten meist heute bis 18 Uhr."
    )
    assert (await question(bot)).state == "draft"


@pytest.mark.parametrize("said", ["", "?!", "👍", "42", "x", "...", "ok", "ja", "…🙂"])
async def test_what_is_no_question_gets_a_word_of_help(bot, said):
    [reply] = await bot.says(said)
    assert reply.text == "Frag mich was zum Hub, oder schreib hilfe."
    assert await question(bot) is None


async def test_no_forgets_the_question(bot):
    await bot.says(ASKED)
    [reply] = await bot.presses("Nein")
    assert reply.text == "Gut, dann nicht."
    assert await question(bot) is None


async def test_without_a_team_chat_the_asker_is_told_so(bot):
    await bot.says(ASKED)
    [reply] = await bot.presses("Ja, fragen")
    assert reply.text.startswith("Ich habe es notiert. Das Team ist noch nicht mit mir verbunden")
    assert (await question(bot)).state == "open"


async def test_a_draft_is_gone_after_90_days_and_its_button_asks_anew(bot):
    await bot.says(ASKED)
    bot.passes(days=90, minutes=1)
    await bot.database.write(lambda tx: retention.remove_expired(tx, bot.now, questions.RETENTION))
    await bot.presses("Ja, fragen")
    assert isinstance(bot.answer.outcome, OpenForm)
    await bot.submits(question=ASKED)
    assert (await question(bot, 2)).state == "open"


async def test_the_number_of_a_forgotten_draft_is_never_used_again(bot):
    await bot.says(ASKED)
    await bot.presses("Nein")
    await bot.says(ASKED)
    assert await question(bot, 1) is None
    assert (await question(bot, 2)).state == "draft"


# Straight to the team


@pytest.mark.parametrize("said", ["frage ans Team: " + ASKED, "ask the team " + ASKED])
async def test_in_words_the_team_is_asked_at_once(house, said):
    await house.says(said)
    assert (await question(house)).text == ASKED


async def test_a_sentence_that_begins_with_frage_is_a_question_to_the_bot(bot):
    [answer] = await bot.says("Frage: was kostet ein schreibtisch im monat?")
    assert answer.text.startswith("50 Euro")


async def test_the_command_with_a_question_goes_to_the_team_from_a_channel_and_the_answer_comes_directly(house):
    sent = await house.commands("frage", ASKED, chat="random", reply_via="https://hooks.example/1")
    assert "Die Antwort kommt in unseren Direktchat." in next(seen for seen in sent if seen.to == "ada").text
    kept = await question(house)
    chat = await house.reads(lambda tx: chats.get_chat(tx, kept.chat_id))
    assert (chat.kind, chat.external_id) == ("direct", "ada")


async def test_a_question_too_long_for_the_team_is_to_be_shortened_like_one_in_the_form(house):
    [reply] = await house.commands("frage", "Warum? " * 300)
    assert reply.text == "Das sind 2099 Zeichen, 2000 passen. Bitte etwas kürzer."
    assert await house.reads(questions.list_waiting) == []


async def test_the_command_alone_asks_for_the_question(house):
    await house.commands("frage")
    form = house.answer.outcome.form
    assert form.fields[0].hint == "Lesen können es die Community-Manager."
    await house.submits(question=ASKED)
    assert (await question(house)).text == ASKED


async def test_at_most_ten_questions_of_one_person_wait(house):
    for number in range(11):
        sent = await house.commands("frage", f"Frage Nummer {number}?")
    assert "schon zehn Fragen" in sent[-1].text
    assert len(await house.reads(questions.list_waiting)) == 10


# Cards


async def test_a_card_stands_in_every_team_chat(house):
    await house.says(ASKED, name="Grün & <Gründerin>")
    await house.presses("Ja, fragen", name="Grün & <Gründerin>")
    for chat, platform in (("team", "slack"), ("leute", "telegram")):
        shown = await card(house, chat, platform)
        assert shown.text == f"Frage von Grün & <Gründerin> (Slack, Deutsch):\n„{ASKED}“"
        assert shown.buttons == ["Übernehmen", "Antworten", "Antworten und veröffentlichen", "Nicht für uns"]


async def test_a_question_is_quoted_to_the_letter(house):
    hostile = "**Hallo** <!channel> [hier](https://evil.example) _{who}_ `rm` 👩🏽‍🚀 | ~~x~~ {text}"
    await house.commands("frage", hostile)
    shown = await card(house)
    assert hostile in shown.text
    spans = [span for block in shown.reply.blocks[:1] for span in block.text]
    assert not any(span.link or span.italic or span.code or span.strike for span in spans)


async def test_a_long_talk_leaves_room_for_its_outcome(house):
    await house.commands("frage", "Warum? " * 280)
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Darum. " * 280)
    await house.presses("Nachfragen")
    await house.submits(question="Und weiter? " * 160)
    shown = await card(house)
    assert len(shown.text) < 4000
    assert shown.text.endswith("Übernommen von Mona, 10:42")
    assert "Darum. " in shown.text
    assert "Und weiter? " in shown.text


async def test_double_pressed_or_delivered_twice_it_is_one_question(house):
    await house.says(ASKED)
    await house.presses("Ja, fragen", key="slack:one", on=(offer := (await house.screen())[-1]))
    again = await house.presses("Ja, fragen", key="slack:one", on=offer)
    assert again == []
    [told] = await house.presses("Ja, fragen", on=offer)
    assert told.text == "Die Frage ist schon beim Team."
    assert len(await house.reads(questions.list_waiting)) == 1


async def test_only_the_asker_decides_over_a_question_in_a_group(house):
    await house.says(ASKED, chat="founders")
    [refused] = await house.presses("Ja, fragen", who="eve", chat="founders")
    assert (refused.text, refused.to) == ("Das kann nur, wer gefragt hat.", "eve")
    [refused] = await house.presses("Nein", who="eve", chat="founders")
    assert refused.text == "Das kann nur, wer gefragt hat."
    assert (await question(house)).state == "draft"


async def test_a_member_can_not_take(house):
    await house.commands("frage", ASKED)
    for label in ("Übernehmen", "Nicht für uns"):
        [refused] = await house.presses(label, who="ada", chat="team")
        assert refused.text == "Das dürfen nur Community-Manager."
    assert (await question(house)).state == "open"


async def test_the_first_to_take_it_has_it_and_the_late_one_hears_who_and_when(house):
    await house.commands("frage", ASKED)
    untouched = await card(house, "leute", "telegram")
    await house.presses("Antworten", who="mona", chat="team")
    assert isinstance(house.answer.outcome, OpenForm)
    for chat, platform in (("team", "slack"), ("leute", "telegram")):
        assert (await card(house, chat, platform)).text.endswith("Übernommen von Mona, 10:42")
    assert (await house.texts())[-1] == "Mona kümmert sich um deine Frage."
    house.passes(minutes=5)
    await house.presses("Übernehmen", who="max", chat="leute", platform="telegram", on=untouched)
    assert house.toast == "Mona hat die Frage übernommen (10:42)."
    assert (await house.texts())[-1] == "Mona kümmert sich um deine Frage."


async def test_a_day_later_the_day_is_said_with_the_time(house):
    await house.commands("frage", ASKED)
    await house.presses("Übernehmen", who="mona", chat="team")
    house.passes(days=1)
    assert (await card(house)).text.endswith("Übernommen von Mona, 23. Nov., 10:42")


async def test_an_answer_from_slack_reaches_the_asker_in_the_chat_they_used(house):
    await house.says(ASKED, platform="telegram")
    await house.presses("Ja, fragen", platform="telegram")
    await house.presses("Antworten", who="mona", chat="team")
    sent = await house.submits("mona", answer="Nein, aber einen **Kran**.")
    answer = (await house.screen("ada", "telegram"))[-1]
    assert answer.text == "Mona vom Team: Nein, aber einen **Kran**."
    assert answer.buttons == ["Danke, erledigt", "Nachfragen"]
    assert answer.lane == REPLY
    assert "Deine Antwort ist raus an Ada." in [seen.text for seen in sent]
    shown = await card(house)
    assert shown.text.endswith("Mona: Nein, aber einen **Kran**.\nBeantwortet von Mona, 10:42")
    assert shown.buttons == ["Erledigt"]


async def test_an_answer_from_telegram_is_asked_for_in_private(house):
    await house.says("hallo", who="max", platform="telegram")
    await house.commands("frage", ASKED)
    await house.presses("Antworten", who="max", chat="leute", platform="telegram")
    assert house.toast == "Ich habe dir direkt geschrieben."
    assert ASKED in (await house.texts("max", "telegram"))[-1]
    await house.says("Leider nein.", who="max", platform="telegram")
    assert (await house.texts())[-1] == "Max vom Team: Leider nein."


async def test_in_a_group_the_answer_comes_to_its_thread_and_names_the_asker(house):
    await house.says(ASKED, chat="founders", thread="17.1")
    await house.presses("Ja, fragen", chat="founders", thread="17.1")
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    answer = (await house.screen("founders"))[-1]
    assert (answer.text, answer.thread) == ("Ada – Mona vom Team: Nein.", "17.1")


async def test_an_english_asker_is_answered_in_english(house):
    await house.says("do you keep a helicopter on top of the building", language="en")
    await house.presses("Yes, ask", language="en")
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="No.")
    assert (await house.texts())[-2:] == ["Mona is looking into your question.", "Mona from the team: No."]


async def test_a_form_sent_in_twice_answers_once(house):
    await house.commands("frage", ASKED)
    await house.presses("Antworten", who="mona", chat="team")
    form = house.answer.outcome.form
    await house.submits("mona", form=form, answer="Nein.")
    await house.submits("mona", form=form, answer="Doch.")
    assert [text for text in await house.texts() if "vom Team" in text] == ["Mona vom Team: Nein."]


async def test_thanks_ends_it_and_the_card_says_so(house):
    await house.commands("frage", ASKED)
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    [ended, *_] = await house.presses("Danke, erledigt")
    assert ended.text == "Mona vom Team: Nein.\nErledigt. Schön, dass es geholfen hat."
    assert ended.buttons == []
    assert (await card(house)).text.endswith("Beantwortet von Mona, Ada ist zufrieden")


async def test_asking_further_reopens_the_card_and_tells_whoever_answered(house):
    await house.commands("frage", ASKED)
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    await house.presses("Nachfragen")
    await house.submits(question="Und ein Boot?")
    assert (await house.texts("mona"))[-1] == "Ada fragt nach: „Und ein Boot?“"
    shown = await card(house)
    assert "Ada fragt nach: „Und ein Boot?“" in shown.text
    assert shown.buttons == ["Antworten", "Antworten und veröffentlichen", "Abgeben"]
    await house.presses("Antworten", who="mona")
    await house.submits("mona", answer="Auch nicht.")
    assert (await house.texts())[-1] == "Mona vom Team: Auch nicht."
    assert [turn.text for turn in await house.reads(lambda tx: questions.list_turns(tx, 1))] == [
        "Nein.",
        "Und ein Boot?",
        "Auch nicht.",
    ]


async def test_on_telegram_the_next_text_after_asking_further_is_the_question(house):
    await house.commands("frage", ASKED, platform="telegram")
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    [asked] = await house.presses("Nachfragen", platform="telegram")
    assert asked.text == "Was möchtest du noch wissen?"
    await house.says("Und ein Boot?", platform="telegram")
    assert "Ada fragt nach: „Und ein Boot?“" in (await card(house)).text


async def test_asking_further_of_somebody_who_left_asks_everybody(house):
    await house.commands("frage", ASKED)
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    await house.commands("revoke", "manager @Mona", who="lea", mentions=(house.actor("mona"),))
    await house.presses("Nachfragen")
    await house.submits(question="Und ein Boot?")
    assert (await card(house)).buttons == [
        "Übernehmen",
        "Antworten",
        "Antworten und veröffentlichen",
        "Nicht für uns",
    ]


async def test_only_the_asker_ends_it_or_asks_further(house):
    await house.says(ASKED, chat="founders")
    await house.presses("Ja, fragen", chat="founders")
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    for label in ("Danke, erledigt", "Nachfragen"):
        [refused] = await house.presses(label, who="eve", chat="founders")
        assert refused.text == "Das kann nur, wer gefragt hat."
    assert (await question(house)).state == "answered"


async def test_turned_down_the_asker_is_told_politely_and_the_card_says_who_did(house):
    await house.commands("frage", ASKED)
    await house.presses("Nicht für uns", who="mona", chat="team")
    assert (await house.texts())[-1].startswith(
        "Das Team hat deine Frage gelesen und kann dabei leider nicht helfen"
    )
    shown = await card(house, "leute", "telegram")
    assert shown.text.endswith("Nicht für uns, sagt Mona, 10:42")
    assert shown.buttons == []


async def test_given_back_it_is_free_for_all(house):
    await house.commands("frage", ASKED)
    await house.presses("Antworten", who="mona", chat="team")
    form = house.answer.outcome.form
    await house.presses("Abgeben", who="max", chat="leute", platform="telegram")
    assert house.toast == "Mona hat die Frage übernommen (10:42)."
    await house.presses("Abgeben", who="mona", chat="team")
    assert (await card(house)).buttons == [
        "Übernehmen",
        "Antworten",
        "Antworten und veröffentlichen",
        "Nicht für uns",
    ]
    await house.presses("Antworten", who="max", chat="leute", platform="telegram")
    await house.submits("mona", form=form, answer="Zu spät.")
    assert not any("Zu spät." in text for text in await house.texts())
    assert [text for text in await house.texts() if "kümmert" in text] == [
        "Mona kümmert sich um deine Frage.",
        "Max kümmert sich um deine Frage.",
    ]


async def test_a_lead_gives_back_what_somebody_else_took(house):
    await house.commands("frage", ASKED)
    await house.presses("Übernehmen", who="mona", chat="team")
    await house.presses("Abgeben", who="lea", chat="team")
    assert (await question(house)).state == "open"


async def test_who_lost_the_role_can_not_answer_any_more(house):
    await house.commands("frage", ASKED)
    await house.presses("Antworten", who="mona", chat="team")
    form = house.answer.outcome.form
    await house.commands("revoke", "manager @Mona", who="lea", mentions=(house.actor("mona"),))
    [refused] = await house.submits("mona", form=form, answer="Nein.")
    assert refused.text == "Das dürfen nur Community-Manager."
    assert (await question(house)).state == "taken"


async def test_an_asker_whose_chat_is_gone_hears_it_directly(house):
    await house.says("hallo")
    await house.says(ASKED, chat="founders")
    await house.presses("Ja, fragen", chat="founders")
    kept = await question(house)
    await house.database.write(lambda tx: chats.mark_chat_state(tx, kept.chat_id, "gone"))
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    assert (await house.texts())[-1].endswith("Mona vom Team: Nein.")


async def test_a_forgotten_manager_leaves_the_answers(house):
    await house.commands("frage", ASKED)
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    mona = await house.reads(lambda tx: people.get_account(tx, "slack", "mona").person_id)
    await house.database.write(lambda tx: tx.execute("DELETE FROM persons WHERE id = ?", (mona,)))
    assert (await card(house)).text.endswith("jemand: Nein.\nBeantwortet von jemand, 10:42")
    [ended, *_] = await house.presses("Danke, erledigt")
    assert ended.text.startswith("Das Team: Nein.")


async def test_the_questions_of_a_forgotten_asker_are_gone_with_their_cards(house):
    await house.commands("frage", ASKED)
    ada = await house.reads(lambda tx: people.get_account(tx, "slack", "ada").person_id)
    await house.database.write(lambda tx: tx.execute("DELETE FROM persons WHERE id = ?", (ada,)))
    assert await question(house) is None
    assert not [seen for seen in await house.screen("team") if seen.id.startswith("p")]


# Lists


async def test_managers_list_what_is_open(house):
    await house.commands("frage", ASKED)
    await house.commands("frage", "Und ein Boot?", who="ben", platform="telegram")
    [listed] = await house.says("fragen", who="mona")
    assert listed.text.startswith("2 Fragen sind offen.")
    assert "Frage von Ben (Telegram, Deutsch):" in listed.text
    assert listed.buttons.count("Übernehmen") == 2
    await house.opens_home("mona")
    [same] = await house.presses("Fragen ansehen", who="mona")
    assert same.text == listed.text


async def test_nothing_open_is_said(house):
    [listed] = await house.commands("questions", who="mona", language="en")
    assert listed.text == "There are no open questions."


async def test_what_ended_is_kept_90_days_and_what_waits_until_it_ends(house):
    await house.commands("frage", ASKED)
    await house.commands("frage", "Und ein Boot?")
    await house.presses("Nicht für uns", who="mona", chat="team")
    house.passes(days=91)
    await house.database.write(lambda tx: retention.remove_expired(tx, house.now, questions.RETENTION))
    assert sorted([(await question(house, number)) is None for number in (1, 2)]) == [False, True]
