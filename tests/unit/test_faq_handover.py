"""A question between asker and team: by thread and reply, with reminders, to its end and out of the store."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from handlers.core import pipeline
from handlers.core.context import system_context
from handlers.core.ui import OpenForm
from storage import blocks, chats, outbox, people, posts, questions, retention, timers
from storage.erasure import erase
from storage.faq_figures import Outcomes
from storage.register import HOLDINGS

ASKED = "Habt ihr einen Helikopter auf dem Dach?"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def house(bot):
    """A bot with a lead, two managers, and a team chat on each platform."""
    await bot.gives("lea", "lead")
    await bot.gives("mona", "manager")
    await bot.gives("max", "manager", "telegram")
    await bot.gives("leo", "lead", "telegram")
    for who in ("lea", "mona"):
        await bot.says("hallo", who)
    for who in ("max", "leo"):
        await bot.says("hallo", who, platform="telegram")
    await bot.commands("here", "managers", who="lea", chat="team")
    await bot.commands("here", "managers", who="leo", chat="leute", platform="telegram")
    return bot


async def question(bot, number: int = 1):
    return await bot.reads(lambda tx: questions.get_question(tx, number))


async def turns(bot, number: int = 1) -> list[str]:
    return [turn.text for turn in await bot.reads(lambda tx: questions.list_turns(tx, number))]


async def delivered(bot) -> None:
    """Let everything that waits arrive; it stands in the chats under the ids of the screen."""

    def send(tx):
        for queued in outbox.list_queued_rows(tx):
            if row := outbox.mark_sending_if_pending(tx, queued.id, bot.now):
                outbox.mark_sent(tx, row.id, row.edits or f"m{row.id}", "text", bot.now)
                pipeline.report(bot.house, tx, row, None, bot.now)
        for queued in posts.list_queued_posts(tx):
            if post := posts.mark_post_sending_if_untrue(tx, queued.id, bot.now):
                posts.mark_post_sent(tx, post.id, f"p{post.id}", "text", bot.now, bot.now)

    await bot.database.write(send)


async def card(bot, chat: str = "team", platform: str = "slack"):
    return next(seen for seen in await bot.screen(chat, platform) if seen.id.startswith("p"))


async def below_card(bot, text: str, who: str, platform: str = "slack", **more):
    """Write in the thread of the card (Slack) or in answer to it (Telegram)."""
    await delivered(bot)
    chat = "team" if platform == "slack" else "leute"
    stands = (await card(bot, chat, platform)).id
    thread = stands if platform == "slack" else ""
    return await bot.says(text, who, platform=platform, chat=chat, thread=thread, reply_to=stands, **more)


async def in_answer(bot, text: str, platform: str = "slack", who: str = "ada", **more):
    """Answer the newest thing that the bot said to somebody directly."""
    await delivered(bot)
    newest = (await bot.screen(who, platform))[-1]
    return await bot.says(text, who, platform=platform, reply_to=newest.id, **more)


async def traces(bot) -> list:
    """Everything the store holds, but for who is there."""

    def read(tx):
        tables = ("deliveries", "outbox", "forms", "questions", "question_turns", "accounts", "chats", "persons")
        return [tx.values(f"SELECT * FROM {table}") for table in tables]

    return await bot.reads(read)


async def taken(bot, who: str = "mona", platform: str = "slack") -> None:
    chat = "team" if platform == "slack" else "leute"
    await bot.commands("frage", ASKED)
    await bot.presses("Übernehmen", who=who, chat=chat, platform=platform)


async def answered(bot, answer: str = "Nein.") -> None:
    await taken(bot)
    await bot.presses("Antworten", who="mona", chat="team")
    await bot.submits("mona", answer=answer)


async def run_timers(bot) -> list[str]:
    """Run what is due, as the scheduler does; returns the kinds."""

    def run(tx):
        ran = []
        for timer in timers.list_due_timers(tx, bot.now):
            if timer.kind.startswith("faq.") and timers.remove_timer_if_due(tx, timer, bot.now):
                route = bot.house.registry.timers[timer.kind]
                route.handler(system_context(bot.house, tx, bot.now), timer.subject)
                ran.append(timer.kind)
        return ran

    return await bot.database.write(run)


async def due(bot) -> list[tuple[str, str]]:
    """What is set for questions, by kind, in the hub's time."""

    def read(tx):
        rows = tx.values("SELECT kind, due_at FROM timers WHERE kind LIKE 'faq.%' ORDER BY due_at")
        return [(kind, f"{datetime.fromisoformat(at).astimezone(BERLIN):%a %H:%M}") for kind, at in rows]

    return await bot.reads(read)


# When an answer comes


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0, "heute bis 18 Uhr"),
        (8, "morgen"),
        (4 * 24 + 7, "am Montag"),
        (5 * 24, "am Montag"),
        (31 * 24 + 7, "am Montag"),  # Christmas Eve, after work
    ],
)
async def test_the_asker_hears_when_a_human_mostly_answers(bot, hours, said):
    bot.passes(hours=hours)
    [offered] = await bot.says(ASKED)
    assert f"antworten meist {said}." in offered.text


async def test_the_same_is_said_once_the_question_is_with_the_team(house):
    [told, *_] = await house.says("ask the team do you have a boat?", language="en")
    assert "who mostly answer today by 18:00. The answer comes here." in told.text


# Typed below the card


@pytest.mark.parametrize(("who", "platform"), [("mona", "slack"), ("max", "telegram")])
async def test_what_the_taker_types_below_the_card_goes_out_once_confirmed(house, who, platform):
    await taken(house, who, platform)
    addressed = platform == "telegram"  # a reply to the bot is, a message in a thread need not be
    [asked] = await below_card(house, "Nein, aber einen Kran.", who, platform, addressed=addressed)
    assert asked.text == "Soll ich das als Antwort schicken?\n„Nein, aber einen Kran.“"
    assert asked.buttons == ["Abschicken", "Nein"]
    assert asked.thread == ((await card(house)).id if platform == "slack" else "")
    assert not any("Kran" in text for text in await house.texts())
    chat = "team" if platform == "slack" else "leute"
    await house.presses("Abschicken", who, chat=chat, platform=platform)
    assert (await house.texts())[-1] == f"{who.title()} vom Team: Nein, aber einen Kran."
    assert (await question(house)).state == "answered"
    sent = next(seen for seen in await house.screen(chat, platform) if seen.id == asked.id)
    assert (sent.text, sent.buttons) == ("Deine Antwort ist raus an Ada.", [])


async def test_what_is_typed_for_the_asker_does_not_change_the_takers_language(house):
    await taken(house)
    long = "Unfortunately there is no helicopter on the roof of this building, but we have a crane."
    [asked] = await below_card(house, long, "mona", addressed=False)
    assert asked.text.startswith("Soll ich das als Antwort schicken?")


async def test_what_is_not_to_be_sent_leaves_no_words_behind(house):
    await taken(house)
    await below_card(house, "Was soll ich bloß sagen?", "mona", addressed=False)
    await delivered(house)
    [kept] = await house.presses("Nein", "mona", chat="team")
    assert kept.text == "Nicht geschickt; es bleibt unter euch."
    assert (await question(house)).state == "taken"
    assert "bloß" not in str(await traces(house))
    assert len(await house.texts()) == 2


async def test_what_others_write_below_the_card_leaves_no_trace(house):
    await taken(house)
    await delivered(house)
    before = await traces(house)
    for addressed in (True, False):  # below a message of the bot Slack's threads are addressed to it
        assert await below_card(house, "Ich hätte ja gesagt.", "lea", addressed=addressed) == []
        assert await below_card(house, "Ich auch.", "zoe", addressed=addressed) == []
    assert await below_card(house, "Und ich.", "leo", "telegram") == []
    assert await traces(house) == before


async def test_before_it_is_taken_nobody_is_asked(house):
    await house.commands("frage", ASKED)
    await delivered(house)
    before = await traces(house)
    assert await below_card(house, "Wer macht das?", "mona", addressed=False) == []
    assert await traces(house) == before


async def test_whoever_calls_the_bot_by_name_below_the_card_is_answered(house):
    await taken(house)
    [answer] = await below_card(house, "was kostet ein schreibtisch im monat", "lea", by_name=True)
    assert answer.text.startswith("50 Euro")


async def test_only_whoever_typed_it_sends_it_and_only_once(house):
    await taken(house)
    [asked] = await below_card(house, "Nein.", "mona", addressed=False)
    [refused] = await house.presses("Abschicken", "lea", chat="team", on=asked)
    assert refused.text == "Das kann nur, wer es geschrieben hat."
    await house.presses("Abschicken", "mona", chat="team", on=asked)
    [late] = await house.presses("Abschicken", "mona", chat="team", on=asked)
    assert late.text == "Das ist schon entschieden oder zu lange her."
    assert await turns(house) == ["Nein."]


async def test_given_back_meanwhile_it_is_not_sent(house):
    await taken(house)
    [asked] = await below_card(house, "Nein.", "mona", addressed=False)
    await house.presses("Abgeben", "mona", chat="team")
    [told] = await house.presses("Abschicken", "mona", chat="team", on=asked)
    assert told.text == "Die Frage ist wieder frei."
    assert await turns(house) == []


async def test_the_taker_can_say_more_after_the_answer(house):
    await answered(house)
    await below_card(house, "Ab März doch.", "mona", addressed=False)
    await house.presses("Abschicken", "mona", chat="team")
    assert await turns(house) == ["Nein.", "Ab März doch."]
    assert (await house.texts())[-1] == "Mona vom Team: Ab März doch."


async def test_a_taker_who_is_no_manager_any_more_talks_among_people(house):
    await taken(house)
    await house.commands("revoke", "manager @Mona", who="lea", mentions=(house.actor("mona"),))
    await delivered(house)
    before = await traces(house)
    assert await below_card(house, "Nein.", "mona", addressed=False) == []
    assert await traces(house) == before


async def test_too_long_an_answer_is_refused_at_once(house):
    await taken(house)
    [told] = await below_card(house, "x" * 2001, "mona", addressed=False)
    assert told.text == "Das sind 2001 Zeichen, 2000 passen. Bitte etwas kürzer."


# Written back


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_the_asker_writes_back_by_answering_the_answer(house, platform):
    await house.commands("frage", ASKED, platform=platform)
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    [told, *_] = await in_answer(house, "Und ein Boot?", platform)
    assert await turns(house) == ["Nein.", "Und ein Boot?"]
    assert (await house.texts("ada", platform))[-1] == "Mona hat deine Frage."
    assert (await house.texts("mona"))[-1] == "Ada fragt nach: „Und ein Boot?“"
    assert "Ada fragt nach: „Und ein Boot?“" in (await card(house)).text
    assert told


async def test_a_message_of_its_own_is_a_new_question(house):
    await answered(house)
    await house.says(ASKED)
    assert await turns(house) == ["Nein."]
    assert (await question(house, 2)).text == ASKED


async def test_in_a_thread_of_a_channel_the_asker_just_goes_on_writing(house):
    where = {"chat": "founders", "thread": "17.1"}
    await house.says(ASKED, **where)
    await house.presses("Ja, fragen", **where)
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    await delivered(house)
    before = await traces(house)
    for who, said in (("ben", "Schade eigentlich."), ("ada", "danke"), ("ada", "👍")):
        assert await house.says(said, who, **where, reply_to="17.1", addressed=False) == []
    mentioned = (house.actor("ben"),)
    assert await house.says("@ben, du?", **where, reply_to="17.1", addressed=False, mentions=mentioned) == []
    assert await traces(house) == before
    await house.says("Und ein Boot?", **where, reply_to="17.1", addressed=False)
    assert await turns(house) == ["Nein.", "Und ein Boot?"]
    last = (await house.screen("founders"))[-1]
    assert (last.text, last.thread) == ("Mona hat deine Frage.", "17.1")


async def test_a_topic_is_no_thread(house):
    where = {"chat": "forum", "thread": "5", "platform": "telegram"}
    await house.says(ASKED, **where)
    await house.presses("Ja, fragen", **where)
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    await delivered(house)
    answer = (await house.screen("forum", "telegram"))[-1]
    assert await house.says("Und ein Boot?", **where, reply_to="999", addressed=False) == []
    assert await turns(house) == ["Nein."]
    await house.says("Und ein Boot?", **where, reply_to=answer.id)
    assert await turns(house) == ["Nein.", "Und ein Boot?"]


async def test_somebody_else_who_replies_to_an_answer_in_a_group_asks_the_bot(house):
    where = {"chat": "gruppe", "platform": "telegram"}
    await house.says(ASKED, **where)
    await house.presses("Ja, fragen", **where)
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    await delivered(house)
    answer = (await house.screen("gruppe", "telegram"))[-1]
    [told] = await house.says("was kostet ein schreibtisch im monat", "ben", **where, reply_to=answer.id)
    assert told.text.startswith("50 Euro")
    assert await turns(house) == ["Nein."]


async def test_mere_thanks_ask_whether_it_is_done(house):
    await answered(house)
    [asked] = await in_answer(house, "vielen dank!")
    assert (asked.text, asked.buttons) == ("Ist damit alles geklärt?", ["Danke, erledigt", "Nachfragen"])
    assert await turns(house) == ["Nein."]
    await house.presses("Danke, erledigt")
    assert (await question(house)).state == "done"


async def test_what_is_added_while_the_team_looks_reaches_the_taker(house):
    await taken(house)
    await in_answer(house, "Es eilt, bis Freitag.")
    assert await turns(house) == ["Es eilt, bis Freitag."]
    assert (await question(house)).state == "taken"
    assert (await house.texts("mona"))[-1] == "Ada fragt nach: „Es eilt, bis Freitag.“"


async def test_what_is_added_after_the_taker_left_the_team_frees_it_for_all(house):
    await taken(house)
    await house.commands("revoke", "manager @Mona", who="lea", mentions=(house.actor("mona"),))
    [said, *_] = await in_answer(house, "Oder ein Boot?")
    assert said.text == "Das liegt jetzt beim Team."
    assert (await question(house)).state == "open"
    assert "Übernehmen" in (await card(house)).buttons


async def test_the_taker_answers_a_further_question_where_they_read_it(house):
    await answered(house)
    await in_answer(house, "Und ein Boot?")
    [asked] = await in_answer(house, "Auch nicht.", who="mona")
    assert asked.text.startswith("Soll ich das als Antwort schicken?")
    await house.presses("Abschicken", "mona")
    assert (await house.texts())[-1] == "Mona vom Team: Auch nicht."


async def test_done_closes_it_for_both(house):
    await answered(house)
    await delivered(house)
    answer = (await house.screen())[-1]
    await house.presses("Danke, erledigt")
    await house.says("Und ein Boot?", reply_to=answer.id)
    assert await turns(house) == ["Nein."]
    await delivered(house)
    before = await traces(house)
    assert await below_card(house, "Ende gut.", "mona", addressed=False) == []
    assert await traces(house) == before


async def test_the_taker_closes_it_and_the_asker_can_go_on(house):
    await answered(house)
    [_, *_] = await house.presses("Erledigt", "mona", chat="team")
    assert (await card(house)).text.endswith("Beantwortet von Mona und abgeschlossen, 10:42")
    assert (await card(house)).buttons == []
    told = (await house.screen())[-1]
    assert (told.text, told.buttons) == (f"Deine Frage ist erledigt, sagt Mona: „{ASKED}“", ["Nachfragen"])
    await house.presses("Nachfragen")
    await house.submits(question="Und ein Boot?")
    assert (await question(house)).state == "taken"


async def test_only_the_taker_or_a_lead_closes_it(house):
    await answered(house)
    await house.presses("Erledigt", "max", chat="leute", platform="telegram")
    assert house.toast == "Mona hat die Frage beantwortet (10:42)."
    await house.presses("Erledigt", "leo", chat="leute", platform="telegram")
    assert (await question(house)).state == "done"


async def test_a_question_asked_further_meanwhile_is_not_closed_by_an_old_card(house):
    await answered(house)
    old = await card(house)
    await house.presses("Nachfragen")
    await house.submits(question="Und ein Boot?")
    await house.presses("Erledigt", "mona", chat="team", on=old)
    assert (await question(house)).state == "taken"
    assert "erledigt" not in (await house.texts())[-1]


async def test_a_question_that_found_its_answer_meanwhile_can_be_ended(house):
    await answered(house)
    await house.presses("Nachfragen")
    await house.submits(question="Und ein Boot?")
    await house.presses("Danke, erledigt")
    assert (await question(house)).state == "done"
    assert await due(house) == []


# Somebody goes in the middle


async def person_of(bot, who: str, platform: str = "slack") -> int:
    return await bot.reads(lambda tx: people.get_account(tx, platform, who).person_id)


async def test_a_blocked_asker_writes_to_nobody(house):
    await answered(house)
    await delivered(house)
    ada, lea = await person_of(house, "ada"), await person_of(house, "lea")
    await house.database.write(lambda tx: blocks.add_block(tx, ada, "Lärm", lea, house.now))
    await in_answer(house, "Und ein Boot?")
    assert await turns(house) == ["Nein."]


async def test_an_erased_taker_leaves_the_question_to_all_and_typed_words_go(house):
    await taken(house)
    await below_card(house, "Was mich angeht: nein.", "mona", addressed=False)
    mona = await person_of(house, "mona")
    await house.database.write(lambda tx: erase(tx, mona, HOLDINGS, {}, house.now))
    assert (await question(house)).state == "open"
    assert "mich angeht" not in str(await house.reads(lambda tx: tx.values("SELECT * FROM forms")))
    await house.presses("Übernehmen", "max", chat="leute", platform="telegram")
    assert (await question(house)).state == "taken"


async def test_an_erased_asker_takes_the_question_along_and_is_counted(house):
    await taken(house)
    [asked] = await below_card(house, "Nein.", "mona", addressed=False)
    ada = await person_of(house, "ada")
    await house.database.write(lambda tx: erase(tx, ada, HOLDINGS, {}, house.now))
    [told] = await house.presses("Abschicken", "mona", chat="team", on=asked)
    assert told.text == "Die Frage gibt es hier nicht mehr."
    assert [(each.language, each.number) for each in await counts(house)] == [("de", 1)]
    house.passes(days=30)
    assert await run_timers(house) == ["faq.waiting"]
    assert not any("wartet" in text for text in await house.texts("team"))


async def test_an_asker_who_left_can_not_be_reached_and_the_taker_hears_so(house):
    await taken(house)
    await house.database.write(lambda tx: people.mark_account_left(tx, "slack", "ada", house.now))
    await house.presses("Antworten", who="mona", chat="team")
    [told, *_] = await house.submits("mona", answer="Nein.")
    assert "Ich erreiche Ada nicht mehr. Deine Antwort steht auf der Karte." in await house.texts("mona")
    assert told


async def test_an_answer_that_a_group_refuses_goes_to_the_asker_directly(house):
    where = {"chat": "founders", "thread": "17.1"}
    await house.says(ASKED, **where)
    await house.presses("Ja, fragen", **where)
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")

    def refuse(tx):
        chat = chats.get_chat_by_external_id(tx, "slack", "founders")
        for queued in outbox.list_queued_rows(tx):
            if queued.chat_id == chat.id and (row := outbox.mark_sending_if_pending(tx, queued.id, house.now)):
                outbox.mark_failed(tx, row.id, "channel_not_found")
                pipeline.report(house.house, tx, row, "channel_not_found", house.now)

    await house.database.write(refuse)
    assert (await house.texts())[-1] == "Ada – Mona vom Team: Nein."


# Groups without names


async def test_where_nobody_is_named_the_answer_goes_directly_and_words_are_not_quoted(house):
    hub = house.house.hub
    privacy = structs.replace(hub.privacy, nameless_groups=("telegram", "slack"))
    house.house = dataclasses.replace(house.house, hub=structs.replace(hub, privacy=privacy))
    await house.says("hallo")
    await house.says(ASKED, chat="founders", thread="17.1")
    await house.presses("Ja, fragen", chat="founders", thread="17.1")
    await house.presses("Übernehmen", "max", chat="leute", platform="telegram")
    [asked] = await below_card(house, "Nein.", "max", "telegram")
    assert "Nein." not in asked.text
    sent = await house.presses("Abschicken", "max", chat="leute", platform="telegram")
    assert (await house.texts())[-1] == "Max vom Team: Nein."
    assert "Ist unterwegs." in [seen.text for seen in sent]
    for chat, platform in (("team", "slack"), ("leute", "telegram"), ("founders", "slack")):
        said = [text for text in await house.texts(chat, platform) if "Ada" in text or "Helikopter" in text]
        assert [text for text in said if not text.startswith(ASKED)] == []


async def test_there_the_asker_hears_that_the_answer_comes_directly(house):
    hub = house.house.hub
    privacy = structs.replace(hub.privacy, nameless_groups=("slack",))
    house.house = dataclasses.replace(house.house, hub=structs.replace(hub, privacy=privacy))
    await house.says("hallo")
    await house.says(ASKED, chat="founders")
    await house.presses("Ja, fragen", chat="founders")
    assert "in unseren Direktchat" in (await house.texts("founders"))[-1]


async def test_a_reminder_there_says_nothing_of_it(house):
    hub = house.house.hub
    privacy = structs.replace(hub.privacy, nameless_groups=("telegram",))
    house.house = dataclasses.replace(house.house, hub=structs.replace(hub, privacy=privacy))
    await house.commands("frage", ASKED)
    house.passes(hours=4)
    await run_timers(house)
    assert "Helikopter" in (await house.texts("team"))[-1]
    reminder = (await house.screen("leute", "telegram"))[-1]
    assert not any(word in reminder.text + reminder.reply.summary for word in ("Helikopter", "Ada"))
    await house.presses("Übernehmen", "max", chat="leute", platform="telegram")
    assert (await house.texts("max", "telegram"))[-1] == f"Ada: „{ASKED}“"


# Reminders


async def test_an_open_question_is_brought_to_mind_after_four_working_hours_then_the_leads_hear(house):
    await house.commands("frage", ASKED)
    assert await due(house) == [("faq.waiting", "Mon 14:42")]
    house.passes(hours=3)
    assert await run_timers(house) == []
    house.passes(hours=1)
    assert await run_timers(house) == ["faq.waiting"]
    for chat, platform in (("team", "slack"), ("leute", "telegram")):
        reminder = (await house.screen(chat, platform))[-1]
        assert reminder.text == f"Diese Frage wartet noch auf eine Antwort:\nAda: „{ASKED}“"
        assert reminder.buttons == ["Übernehmen", "Antworten"]
    assert await due(house) == [("faq.overdue", "Tue 09:42")]
    house.passes(days=1)
    assert await run_timers(house) == ["faq.overdue"]
    for lead, platform in (("lea", "slack"), ("leo", "telegram")):
        assert (await house.texts(lead, platform))[-1].startswith("Diese Frage hat lange niemand übernommen:")
    assert await due(house) == []


async def test_the_taker_alone_is_reminded_and_can_answer_right_there(house):
    await taken(house)
    count = len(await house.screen("team"))
    house.passes(hours=4)
    await run_timers(house)
    reminder = (await house.screen("mona"))[-1]
    assert reminder.text.startswith("Du hast diese Frage übernommen, und die Antwort fehlt noch:")
    assert reminder.buttons == ["Antworten", "Abgeben"]
    assert len(await house.screen("team")) == count
    await in_answer(house, "Nein.", who="mona")
    await house.presses("Abschicken", "mona")
    assert await due(house) == []
    assert (await house.texts())[-1] == "Mona vom Team: Nein."


async def test_a_taker_who_is_no_manager_any_more_loses_it_to_all(house):
    await taken(house)
    await house.commands("revoke", "manager @Mona", who="lea", mentions=(house.actor("mona"),))
    house.passes(hours=4)
    await run_timers(house)
    assert (await question(house)).state == "open"
    assert (await house.screen("team"))[-1].text.startswith("Diese Frage wartet noch")


@pytest.mark.parametrize("press", ["Antworten", "Abgeben"])
async def test_what_somebody_took_who_is_no_manager_any_more_is_free_before_that(house, press):
    await house.gives("mia", "manager")
    await taken(house)
    await house.commands("revoke", "manager @Mona", who="lea", mentions=(house.actor("mona"),))
    await house.presses(press, "mia", chat="team")
    now = await question(house)
    assert now.state == ("taken" if press == "Antworten" else "open")
    if press == "Antworten":
        await house.submits("mia", answer="Nein.")
        assert (await house.texts())[-1] == "Mia vom Team: Nein."


@pytest.mark.parametrize("end", ["Nicht für uns", "Antworten"])
async def test_what_is_settled_is_not_brought_to_mind(house, end):
    await house.commands("frage", ASKED)
    await house.presses(end, who="mona", chat="team")
    if isinstance(house.answer.outcome, OpenForm):
        await house.submits("mona", answer="Nein.")
    assert await due(house) == []


async def test_after_days_of_downtime_each_is_reminded_once(house):
    await house.commands("frage", ASKED)
    house.passes(days=9)
    assert await run_timers(house) == ["faq.waiting"]
    assert await run_timers(house) == []
    assert len([text for text in await house.texts("team") if "wartet noch" in text]) == 1


async def test_a_further_question_is_waited_for_anew(house):
    await house.commands("frage", ASKED)
    house.passes(hours=4)
    await run_timers(house)
    await house.presses("Antworten", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    assert await due(house) == []
    await house.presses("Nachfragen")
    await house.submits(question="Und ein Boot?")
    [(kind, _)] = await due(house)
    assert kind == "faq.waiting"
    house.passes(days=1)
    await run_timers(house)
    assert "„Und ein Boot?“" in (await house.texts("mona"))[-1]


# Publishing


async def test_answer_and_publish_offers_to_make_an_entry_of_it(house):
    await house.commands("frage", ASKED)
    await house.presses("Antworten und veröffentlichen", who="mona", chat="team")
    await house.submits("mona", answer="Nein.")
    offered = (await house.screen("mona"))[-1]
    assert offered.text == "Deine Antwort ist raus an Ada. Soll daraus ein Eintrag werden?"
    assert offered.buttons == ["Eintrag daraus machen", "Nicht jetzt"]


# Kept and counted


async def counts(bot):
    def read(tx):
        return tx.all(Outcomes, "SELECT day, language, outcome, entry, number FROM faq_counts ORDER BY outcome")

    return await bot.reads(read)


async def test_what_is_not_kept_any_more_is_counted_without_anybody(house):
    for _ in range(2):
        await house.commands("frage", ASKED)
        await house.presses("Nicht für uns", who="mona", chat="team")
    await house.database.write(lambda tx: questions.mark_outcome(tx, 1, "answered", "desk-price"))
    house.passes(days=91)
    await house.database.write(lambda tx: retention.remove_expired(tx, house.now, questions.RETENTION))
    assert [structs.astuple(each)[1:] for each in await counts(house)] == [
        ("de", "", "", 1),
        ("de", "answered", "desk-price", 1),
    ]
    assert {str(each.day) for each in await counts(house)} == {"2026-11-23"}


async def test_a_draft_that_is_declined_and_one_whose_asker_goes_are_counted_too(bot):
    await bot.says(ASKED)
    await bot.presses("Nein")
    await bot.says(ASKED)
    ada = await person_of(bot, "ada")
    await bot.database.write(lambda tx: tx.execute("DELETE FROM persons WHERE id = ?", (ada,)))
    assert [each.number for each in await counts(bot)] == [2]
