"""What people are told about their data, see of it, take along, object to and delete."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec import structs

from handlers.core import pipeline
from handlers.core.context import system_context
from handlers.core.hub import PackError, load_hub
from handlers.core.payloads import load_message
from storage import chats, consents, desks, outbox, people, posts, questions, timers
from storage.erasure import list_known
from storage.register import HOLDINGS

PACK = Path(__file__).parents[2] / "hub"
BOTH = pytest.mark.parametrize("platform", ["slack", "telegram"])


async def files(bot, platform="slack"):
    """The files that were sent, by their names' ending."""

    def read(tx):
        rows = tx.values("SELECT payload FROM outbox WHERE payload LIKE '%Attachment%' ORDER BY id")
        return [load_message(payload) for (payload,) in rows]

    return {each.filename.rpartition(".")[2]: each for each in await bot.reads(read)}


async def person_of(bot, who="ada", platform="slack"):
    account = await bot.reads(lambda tx: people.get_account(tx, platform, who))
    return account.person_id if account else 0


async def run_timers(bot):
    """Let everything that is due happen."""

    def run(tx):
        for timer in timers.list_due_timers(tx, bot.now):
            timers.remove_timer_if_due(tx, timer, bot.now)
            bot.house.registry.timers[timer.kind].handler(system_context(bot.house, tx, bot.now), timer.subject)

    await bot.database.write(run)


async def delivered(bot):
    """Let everything that waits arrive, as delivery does."""

    def send(tx):
        for queued in outbox.list_queued_rows(tx):
            if row := outbox.mark_sending_if_pending(tx, queued.id, bot.now):
                outbox.mark_sent(tx, row.id, f"s{row.id}", "text", bot.now)
                pipeline.report(bot.house, tx, row, None, bot.now)
        for queued in posts.list_queued_posts(tx):
            post = posts.mark_post_sending_if_untrue(tx, queued.id, bot.now)
            chat = chats.get_chat(tx, post.chat_id)
            if pipeline.view(bot.house, tx, post, chat, bot.now):
                posts.mark_post_sent(tx, post.id, f"p{post.id}", "text", bot.now, bot.now)
            else:
                posts.mark_post_gone(tx, post.id)

    await bot.database.write(send)


# First contact


@BOTH
async def test_a_first_question_is_answered_and_below_it_stands_what_is_kept(bot, platform):
    bot.strangers = True
    [seen] = await bot.says("Was kostet ein Schreibtisch im Monat?", platform=platform)
    assert seen.text.startswith("50 Euro im Monat")
    kept = seen.text.splitlines()[-1]
    for word in ("Namen", "Verantwortlich: Digital ruhr:HUB", "lösch mich", "widersprechen"):
        assert word in kept
    assert len(kept) < 350
    assert seen.buttons[-1] == "Was genau?"
    [again] = await bot.says("Was kostet ein Schreibtisch im Monat?", platform=platform)
    assert "lösch mich" not in again.text


async def test_it_is_said_in_english_too_and_noted_with_the_version(bot):
    bot.strangers = True
    [seen] = await bot.says("How much is a desk a month?")
    assert "delete me" in seen.text
    person = await person_of(bot)
    [entry] = await bot.reads(lambda tx: consents.list_consents(tx, person))
    assert (entry.what, entry.text_version) == ("told", bot.house.hub.privacy.version)


async def test_a_greeting_tells_it_once(bot):
    bot.strangers = True
    [seen] = await bot.says("hallo")
    assert seen.text.count("lösch mich") == 1
    person = await person_of(bot)
    assert len(await bot.reads(lambda tx: consents.list_consents(tx, person))) == 1


async def test_in_a_group_nothing_is_added(bot):
    bot.strangers = True
    [seen] = await bot.says("Was kostet ein Schreibtisch im Monat?", chat="C1")
    assert "lösch mich" not in seen.text


async def test_who_was_told_an_older_text_is_told_the_new_one(bot):
    bot.strangers = True
    await bot.says("hallo")
    assert await bot.database.write(lambda tx: consents.mark_untold(tx, bot.house.hub.privacy.version)) == 0
    assert await bot.database.write(lambda tx: consents.mark_untold(tx, "2030-01")) == 1


async def test_the_whole_text_is_one_press_away(bot):
    bot.strangers = True
    await bot.says("hallo")
    [seen] = await bot.presses("Was genau?")
    for word in (
        "Verantwortlich: Digital ruhr:HUB",
        "Warum ich das darf",
        "Plätze, die du buchst",
        "90 Tage",
        "Deine Rechte",
    ):
        assert word in seen.text
    assert "[[" not in seen.text
    assert seen.buttons == ["Meine Daten", "Korrigieren", "Widersprechen", "Lösch mich"]
    assert len(seen.text) < 4000


# My data


@BOTH
async def test_my_data_comes_as_a_page_and_as_json(bot, platform):
    await bot.says("frage ans Team: Gibt es einen <b>3D-Drucker</b>?", platform=platform)
    [seen] = await bot.says("meine daten", platform=platform)
    assert seen.text.startswith("Alles, was ich von dir habe")
    sent = await files(bot)
    page = sent["html"].content.decode()
    assert "&lt;b&gt;3D-Drucker&lt;/b&gt;" in page
    assert "<b>" not in page
    HTMLParser().feed(page)
    assert not re.search(r"(?:src|href)=", page), "it loads nothing from elsewhere"
    data = json.loads(sent["json"].content)
    asked = next(each for each in data["data"] if each["table"] == "questions")
    assert asked["rows"][0]["text"] == "Gibt es einen <b>3D-Drucker</b>?"
    assert asked["kept"].startswith("90 Tage")


@pytest.mark.parametrize(
    "words",
    ["my data", "what do you know about me", "show me my data please", "data", "gdpr request", "Data export"],
)
async def test_english_people_ask_for_it_in_english(bot, words):
    await bot.says("english please")
    await bot.says(words)
    assert (await files(bot))["html"].content.decode().startswith('<!doctype html><html lang="en">')


@pytest.mark.parametrize(
    "words",
    [
        "meine daten",
        "Zeig mir bitte meine Daten",
        "was weißt du über mich?",
        "datenauskunft",
        "Auskunft nach Art. 15 DSGVO",
    ],
)
async def test_german_people_ask_for_it_in_german(bot, words):
    await bot.says(words)
    assert set(await files(bot)) == {"html", "json"}


@BOTH
@pytest.mark.parametrize("words", ["meine daten", "lösch mich"])
async def test_in_a_group_only_the_way_to_the_direct_chat_is_shown(bot, platform, words):
    await bot.says("hallo", platform=platform)
    [seen] = await bot.says(words, chat="G1", platform=platform)
    assert seen.buttons == ["Direktchat öffnen"]
    assert not await files(bot)


async def test_a_copy_that_arrived_is_not_kept(bot):
    await bot.says("meine daten")
    await delivered(bot)
    assert not await files(bot)


async def test_what_others_said_and_are_called_is_not_in_it(bot):
    await bot.gives("mona", "manager")
    await bot.says("frage ans Team: Wo ist der Schlüsselkasten von Berta?", who="berta")
    [_] = await bot.says("questions", who="mona")
    await bot.presses("Übernehmen", who="mona")
    await bot.says("meine daten", who="mona")
    text = (await files(bot))["html"].content.decode()
    assert "Fragen, die du fürs Team übernommen" in text
    assert "Berta" not in [
        word
        for section in json.loads((await files(bot))["json"].content)["data"]
        if section["table"] == "questions"
        for row in section["rows"]
        for word in map(str, row.values())
    ]


# Correct and object


@pytest.mark.parametrize("words", ["berichtigen", "Mein Name ist falsch", "correct my name"])
async def test_where_to_correct_is_said(bot, words):
    [seen] = await bot.says(words)
    assert "Profil" in seen.text or "profile" in seen.text


async def test_an_objection_is_kept_to_and_taken_back(bot):
    [seen] = await bot.says("ich widerspreche")
    assert seen.text.startswith("Notiert.")
    person = await person_of(bot)
    assert await bot.reads(lambda tx: consents.objects(tx, person))
    [again] = await bot.says("Widerspruch")
    assert "schon widersprochen" in again.text
    await bot.presses("Widerspruch zurücknehmen", on=seen)
    assert not await bot.reads(lambda tx: consents.objects(tx, person))
    log = await bot.reads(lambda tx: [entry.what for entry in consents.list_consents(tx, person)])
    assert log == ["objected", "agreed"]


async def test_whoever_objected_is_counted_but_not_named_among_those_who_come(bot):
    await bot.gives("mona", "manager")
    await bot.says("Platz morgen")
    await bot.presses("Platz nehmen")
    day = (bot.now + timedelta(days=1)).date()
    [before] = await bot.reads(lambda tx: desks.list_coming(tx, day))
    await bot.says("ich widerspreche")
    [after] = await bot.reads(lambda tx: desks.list_coming(tx, day))
    assert (before.listed, after.listed) == (True, False)


# Delete me


@BOTH
async def test_deleted_is_everything_but_the_last_word(bot, platform):
    await bot.says("frage ans Team: Gibt es einen 3D-Drucker?", platform=platform)
    await bot.says("Platz morgen", platform=platform)
    [asked] = await bot.says("lösch mich", platform=platform)
    assert "Fragen, die du gestellt hast (1)" in asked.text
    assert asked.buttons == ["Alles löschen", "So lassen"]
    person = await person_of(bot, platform=platform)
    [last] = await bot.presses("Alles löschen", platform=platform)
    assert last.text.startswith("Gelöscht.")
    assert await person_of(bot, platform=platform) == 0
    assert await bot.reads(lambda tx: list_known(tx, person, HOLDINGS)) == []
    await delivered(bot)
    bot.passes(minutes=2)
    await run_timers(bot)
    assert await bot.reads(lambda tx: chats.get_chat_by_external_id(tx, platform, "ada")) is None
    assert await bot.reads(lambda tx: tx.value("SELECT count(*) FROM outbox")) == 0


async def test_kept_nothing_goes(bot):
    await bot.says("lösch mich")
    [seen] = await bot.presses("So lassen")
    assert seen.text == "Gut, nichts wird gelöscht."
    assert await person_of(bot)


async def test_a_button_of_last_week_asks_again(bot):
    await bot.says("english please")
    await bot.says("delete me")
    bot.passes(days=7)
    [seen] = await bot.presses("Delete everything")
    assert seen.buttons == ["Delete everything", "Keep it"]
    assert await person_of(bot)


async def test_pressed_twice_the_second_time_meets_nobody(bot):
    await bot.says("lösch mich")
    [card] = (await bot.screen())[-1:]
    await bot.presses("Alles löschen", on=card)
    bot.strangers = True
    await bot.presses("Alles löschen", on=card)
    first = await bot.reads(lambda tx: tx.value("SELECT count(*) FROM tombstones"))
    assert first == 1


async def test_the_same_press_delivered_twice_deletes_nobody_new(bot):
    await bot.says("lösch mich")
    [card] = (await bot.screen())[-1:]
    token = bot.house.seals.seal(card.controls[0].action.packed, card.chat_id)
    bot.strangers = True
    await bot.presses_token(token, message=card.id, key="again")
    await bot.presses_token(token, message=card.id, key="again")
    assert await person_of(bot) == 0


async def test_writing_again_makes_a_new_person_whose_chat_stays(bot):
    await bot.says("lösch mich")
    await bot.presses("Alles löschen")
    bot.strangers = True
    [seen] = await bot.says("hallo")
    assert "Ich bin Kumpel" in seen.text
    new = await person_of(bot)
    await delivered(bot)
    bot.passes(minutes=2)
    await run_timers(bot)
    assert await person_of(bot) == new
    assert await bot.reads(lambda tx: chats.list_direct_chats(tx, new))


async def test_the_teams_cards_and_the_messages_to_others_lose_the_name(bot):
    await bot.gives("mona", "manager")
    await bot.gives("leo", "lead")
    await bot.commands("here", "managers", who="leo", chat="team")
    await bot.says("frage ans Team: Gibt es einen 3D-Drucker?")
    await bot.says("hallo", who="mona")
    assert any("Ada" in text for text in await bot.texts("team"))
    await delivered(bot)
    await bot.says("lösch mich")
    await bot.presses("Alles löschen")
    await delivered(bot)
    shown = [text for chat in ("team", "mona", "leo") for text in await bot.texts(chat)]
    assert not any("Ada" in text for text in shown)
    assert (
        await bot.reads(
            lambda tx: tx.value("SELECT count(*) FROM posts WHERE subject LIKE 'question:%' AND state <> 'gone'")
        )
        == 0
    )


async def test_a_message_that_named_them_is_edited_where_it_stands(bot):
    await bot.gives("leo", "lead")
    await bot.gives("lotte", "lead")
    await bot.says("hallo")
    await bot.says("hallo", who="lotte")
    await bot.says("ernenne manager @ada", who="leo", mentions=(bot.actor("ada"),))
    assert any("Ada" in text for text in await bot.texts("lotte"))
    await delivered(bot)
    await bot.says("lösch mich")
    await bot.presses("Alles löschen")
    edits = await bot.reads(
        lambda tx: tx.values("SELECT edits, payload FROM outbox WHERE key LIKE 'erased:%' AND state = 'pending'")
    )
    assert edits
    for edits_what, payload in edits:
        assert edits_what.startswith("s")
        assert "Ada" not in payload


async def test_a_manager_who_goes_hands_questions_back(bot):
    await bot.gives("mona", "manager")
    await bot.says("frage ans Team: Gibt es einen 3D-Drucker?")
    await bot.says("fragen", who="mona")
    await bot.presses("Übernehmen", who="mona")
    await bot.says("lösch mich", who="mona")
    await bot.presses("Alles löschen", who="mona")
    [question] = await bot.reads(questions.list_open)
    assert (question.state, question.decided_by) == ("open", None)


async def test_figures_stay_without_names(bot):
    await bot.says("frage ans Team: Gibt es einen 3D-Drucker?")
    await bot.says("lösch mich")
    await bot.presses("Alles löschen")
    assert await bot.reads(lambda tx: tx.values("SELECT * FROM figures")) == [("questions", "2026-11", 1)]


async def test_home_is_emptied(bot):
    await bot.opens_home()
    await delivered(bot)
    await bot.says("lösch mich")
    await bot.presses("Alles löschen")
    home = next(seen for seen in await bot.screen() if seen.id.startswith("p"))
    assert "Ada" not in home.text
    assert home.buttons == []


async def test_the_only_lead_is_warned(bot):
    await bot.gives("leo", "lead")
    [seen] = await bot.says("lösch mich", who="leo")
    assert "einzige Lead" in seen.text


async def test_somebody_else_keeps_everything(bot):
    await bot.says("frage ans Team: Gibt es einen 3D-Drucker?")
    await bot.says("frage ans Team: Und einen Lötkolben?", who="ben")
    await bot.says("lösch mich")
    await bot.presses("Alles löschen")
    ben = await person_of(bot, "ben")
    known = await bot.reads(lambda tx: list_known(tx, ben, HOLDINGS))
    assert {"persons", "accounts", "chats", "questions"} <= {each.holding.table for each in known}


# Groups without names


@pytest.fixture
def nameless(bot):
    """The hub keeps people's data out of Telegram groups."""
    hub = bot.house.hub
    privacy = structs.replace(hub.privacy, nameless_groups=("telegram",))
    bot.house = dataclasses.replace(bot.house, hub=structs.replace(hub, privacy=privacy))
    return bot


async def a_team_in_both_chats(bot):
    await bot.gives("leo", "lead")
    await bot.gives("tilda", "lead", platform="telegram")
    await bot.commands("here", "managers", who="leo", chat="team")
    await bot.says("hier team", who="tilda", platform="telegram", chat="tg")


async def test_cards_in_a_nameless_group_name_and_quote_nobody_elsewhere_they_do(nameless):
    await a_team_in_both_chats(nameless)
    await nameless.says("frage ans Team: Wo steht der rote Kühlschrank?")
    [named] = [text for text in await nameless.texts("team") if "Frage von" in text]
    assert "Ada" in named
    assert "Kühlschrank" in named
    screen = await nameless.screen("tg", "telegram")
    [card] = [seen for seen in screen if "Frage von" in seen.text]
    assert "Frage von jemand" in card.text
    assert "Übernehmen" in card.buttons
    for seen in screen:
        assert not re.search("Ada|Kühlschrank|Tilda", seen.text + seen.reply.summary)


async def test_who_takes_it_there_reads_it_directly(nameless):
    await a_team_in_both_chats(nameless)
    await nameless.says("frage ans Team: Wo steht der rote Kühlschrank?")
    await nameless.says("hallo", who="tilda", platform="telegram")
    await nameless.presses("Übernehmen", who="tilda", platform="telegram", chat="tg")
    directly = await nameless.texts("tilda", "telegram")
    assert any("Kühlschrank" in text for text in directly)
    assert not any("Tilda" in text for text in await nameless.texts("tg", "telegram"))
    [card] = [text for text in await nameless.texts("team") if "Frage von" in text]
    assert "Übernommen von Tilda" in card


async def test_an_answer_that_names_somebody_goes_to_whoever_asked(nameless):
    await a_team_in_both_chats(nameless)
    await nameless.says("hallo", who="tilda", platform="telegram")
    before = await nameless.texts("tg", "telegram")
    await nameless.says("rollen", who="tilda", platform="telegram", chat="tg")
    assert await nameless.texts("tg", "telegram") == before
    assert any("Leo" in text for text in await nameless.texts("tilda", "telegram"))


async def test_an_answer_to_a_question_from_there_comes_directly(nameless):
    await a_team_in_both_chats(nameless)
    await nameless.says("hallo", who="tom", platform="telegram")
    await nameless.says("frage ans Team: Wo ist der Kühlschrank?", who="tom", platform="telegram", chat="g2")
    await nameless.says("fragen", who="leo")
    await nameless.presses("Antworten", who="leo")
    await nameless.submits("leo", answer="Im Keller.")
    assert any("Im Keller" in text for text in await nameless.texts("tom", "telegram"))
    assert not any("Im Keller" in text or "Tom" in text for text in await nameless.texts("g2", "telegram"))


async def test_without_the_setting_all_is_named(bot):
    await a_team_in_both_chats(bot)
    await bot.says("frage ans Team: Wo steht der rote Kühlschrank?")
    assert any("Ada" in text and "Kühlschrank" in text for text in await bot.texts("tg", "telegram"))


# The hub's own decisions


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("[evidence.lunches]\nyears = 3\nwhy.de = 'a'\nwhy.en = 'a'", "'lunches' is no evidence that is kept"),
        ("[evidence.desks]\nyears = 0\nwhy.de = 'a'\nwhy.en = 'a'", "nothing would be kept for even a day"),
        ("short.de = 'von {wem}'\nshort.en = 'a'", "a { } is not closed, or not known"),
        ("naemless_groups = []", "did you mean 'nameless_groups'?"),
    ],
)
def test_what_does_not_fit_in_the_pack_is_told_with_its_remedy(tmp_path, written, complaint):
    shutil.copy(PACK / "hub.toml", tmp_path / "hub.toml")
    (tmp_path / "privacy.toml").write_text(written, "utf-8")
    with pytest.raises(PackError, match=re.escape(complaint)):
        load_hub(tmp_path)
