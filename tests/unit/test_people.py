"""Roles, one-time codes, what chats are for, and the stop switch."""

from __future__ import annotations

import hashlib
import re

import pytest

from handlers.core.requests import Actor
from handlers.people import codes
from storage import people, places, questions, roles, switches
from storage.outbox import REPLY

CODE = re.compile(r"[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}")


@pytest.fixture
async def house(bot):
    """A bot with a lead, Lea."""
    await bot.gives("lea", "lead")
    return bot


async def roles_of(bot, who: str, platform: str = "slack") -> frozenset[str]:
    def read(tx):
        account = people.get_account(tx, platform, who)
        return roles.list_roles(tx, account.person_id) if account else frozenset()

    return await bot.reads(read)


def code_in(seen) -> str:
    return CODE.search(seen.text)[0]


# One-time codes


def test_a_code_has_two_halves_without_letters_that_look_alike():
    made = {codes.new_code() for _ in range(300)}
    assert len(made) == 300
    assert all(CODE.fullmatch(code) and any(map(str.isdigit, code)) for code in made)


def test_a_code_has_one_hash_however_it_is_typed():
    expected = hashlib.sha256(b"ABCD2345").hexdigest()
    for typed in ("ABCD-2345", "abcd-2345", " abcd – 2345 ", "mein Code: ABCD-2345.", "ABCD2345"):
        assert codes.hash_code(typed) == expected


@pytest.mark.parametrize(
    "text", ["tschuess", "test-team", "2023-2024", "web3team", "Raum 2345", "gute tage", "ABCD-EFGH"]
)
def test_words_are_no_codes(text):
    assert re.fullmatch(codes.PATTERN, text, re.IGNORECASE) is None


async def test_only_the_hash_of_a_code_is_kept_with_the_codes(house):
    [given] = await house.says("ernenne manager", who="lea")
    hashes = await house.reads(lambda tx: tx.values("SELECT code_hash FROM codes"))
    assert hashes == [(codes.hash_code(code_in(given)),)]


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_a_code_makes_whoever_sends_it_directly_a_manager(house, platform):
    [given] = await house.says("grant manager", who="lea", language="en")
    sent = await house.says(f"code: {code_in(given).lower()}", who="tom", platform=platform)
    assert any(seen.text.startswith("Du bist jetzt Community-Manager.") for seen in sent)
    assert await roles_of(house, "tom", platform) == {"manager"}
    assert "Tom became a community manager with a code." in (await house.texts("lea"))[-1]  # her app is English


async def test_the_first_lead_comes_from_a_setup_code_without_a_creator(bot):
    code = codes.new_code()
    valid_until = bot.now + codes.CODE_VALID
    await bot.database.write(lambda tx: roles.add_code(tx, codes.hash_code(code), "lead", None, valid_until))
    [welcome] = await bot.says(code, who="lea", platform="telegram")
    assert welcome.text.startswith("Du gehörst jetzt zur Leitung.")
    assert await roles_of(bot, "lea", "telegram") == {"lead"}


async def test_a_code_works_once(house):
    [given] = await house.says("ernenne manager", who="lea")
    await house.says(code_in(given), who="tom")
    [refused] = await house.says(code_in(given), who="eve")
    assert refused.text.startswith("Diesen Code nehme ich nicht")
    assert await roles_of(house, "eve") == frozenset()


async def test_a_code_ends_after_24_hours(house):
    [given] = await house.says("ernenne manager", who="lea")
    house.passes(hours=24)
    [refused] = await house.says(code_in(given), who="tom")
    assert refused.text.startswith("Diesen Code nehme ich nicht")


async def test_a_code_in_a_group_does_nothing(house):
    [given] = await house.says("ernenne manager", who="lea")
    await house.says(code_in(given), who="tom", chat="founders")
    assert await roles_of(house, "tom") == frozenset()


async def test_a_guest_gets_no_role_and_leaves_the_code_unused(house):
    [given] = await house.says("ernenne manager", who="lea")
    [refused] = await house.says(code_in(given), who="gast", trusted=False)
    assert "Gast" in refused.text
    await house.says(code_in(given), who="tom")
    assert await roles_of(house, "gast") == frozenset()
    assert await roles_of(house, "tom") == {"manager"}


async def test_after_five_wrong_codes_even_the_right_one_must_wait_an_hour(house):
    [given] = await house.says("ernenne manager", who="lea")
    for number in range(5):
        [refused] = await house.says(f"ABCD-234{number + 2}", who="tom")
        assert refused.text.startswith("Diesen Code nehme ich nicht")
    [waiting] = await house.says(code_in(given), who="tom")
    assert waiting.text == "Das waren zu viele Codes. Bitte warte bis 11:42."
    house.passes(minutes=61)
    await house.says(code_in(given), who="tom")
    assert await roles_of(house, "tom") == {"manager"}


async def test_the_same_delivery_of_a_code_counts_once(house):
    for _ in range(9):
        await house.says("ABCD-2345", who="tom", key="slack:the-same")
    assert await house.reads(lambda tx: tx.value("SELECT count(*) FROM code_attempts")) == 1


async def test_a_code_asked_for_in_a_group_is_shown_to_the_lead_alone(house):
    [given] = await house.says("ernenne manager", who="lea", chat="founders")
    assert CODE.search(given.text)
    assert given.to == "lea"
    [direct] = await house.commands(
        "grant", "manager", who="lea", chat="founders", platform="telegram", trusted=True
    )
    assert not CODE.search(direct.text)  # Lea's Telegram account is somebody else until linked


async def test_on_telegram_a_code_asked_for_in_a_group_comes_directly(bot):
    await bot.gives("lea", "lead", "telegram")
    await bot.says("hallo", who="lea", platform="telegram")
    await bot.says("ernenne lead", who="lea", chat="founders", platform="telegram")
    assert not any(CODE.search(text) for text in await bot.texts("founders", "telegram"))
    assert CODE.search((await bot.texts("lea", "telegram"))[-1])


# Roles by mention


async def test_a_lead_makes_somebody_manager_by_mention(house):
    sent = await house.says("ernenne manager @Tom", who="lea", chat="founders", mentions=(house.actor("tom"),))
    assert "Tom ist jetzt Community-Manager." in [seen.text for seen in sent]
    assert await roles_of(house, "tom") == {"manager"}
    assert (await house.texts("tom"))[-1].startswith("Du bist jetzt Community-Manager.")


async def test_all_other_leads_hear_of_it(house):
    await house.gives("lou", "lead")
    await house.says("ernenne manager @Tom", who="lea", mentions=(house.actor("tom"),))
    assert await house.texts("lou") == ["Lea hat Tom zum Community-Manager ernannt."]
    await house.says("entziehe manager @Tom", who="lea", mentions=(house.actor("tom"),))
    assert (await house.texts("lou"))[-1] == "Tom ist nicht mehr Community-Manager; das hat Lea entschieden."
    assert (await house.texts("tom"))[-1] == "Du bist nicht mehr Community-Manager."
    assert await roles_of(house, "tom") == frozenset()


async def test_granting_twice_says_so(house):
    for _ in range(2):
        sent = await house.commands("grant", "manager @Tom", who="lea", mentions=(house.actor("tom"),))
    assert [seen.text for seen in sent] == ["Tom ist schon Community-Manager."]


async def test_a_handle_that_the_bot_never_met_gets_the_code_way(house):
    stranger = Actor("telegram", "", handle="nobody_known")
    [reply] = await house.says("ernenne manager @nobody_known", who="lea", mentions=(stranger,))
    assert reply.text.startswith("@nobody_known kenne ich noch nicht.")
    assert CODE.search(reply.text)


async def test_a_handle_of_somebody_known_is_enough(bot):
    await bot.gives("lea", "lead", "telegram")
    await bot.says("hallo", who="77", platform="telegram", name="Tom", handle="TomTom")
    handle = Actor("telegram", "", handle="tomtom")
    sent = await bot.says("ernenne lead @tomtom", who="lea", platform="telegram", mentions=(handle,))
    assert "Tom gehört jetzt zur Leitung." in [seen.text for seen in sent]
    assert await roles_of(bot, "77", "telegram") == {"lead"}


async def test_a_guest_is_refused_by_mention_without_a_code(house):
    guest = house.actor("gast", trusted=False)
    [reply] = await house.says("ernenne manager @Gast", who="lea", mentions=(guest,))
    assert "Gast" in reply.text
    assert not CODE.search(reply.text)
    assert await roles_of(house, "gast") == frozenset()


async def test_a_lead_who_became_a_guest_is_no_lead(house):
    [refused] = await house.commands("grant", "manager", who="lea", trusted=False)
    assert refused.text == "Das darf nur die Leitung."


@pytest.mark.parametrize(
    "said",
    ["ernenne manager @Tom", "grant lead @Tom", "entziehe manager", "pause", "fortsetzen", "lage", "hier manager"],
)
async def test_others_may_not(house, said):
    await house.gives("mona", "manager")
    for who in ("ada", "mona"):
        [refused] = await house.says(said, who=who, chat="founders", mentions=(house.actor("tom"),))
        assert refused.text in ("Das darf nur die Leitung.", "Only a lead may do that.")
        assert refused.to == who
    assert await roles_of(house, "tom") == frozenset()


async def test_the_last_lead_stays(house):
    [reply] = await house.commands("revoke", "lead @Lea", who="lea", mentions=(house.actor("lea"),))
    assert reply.text == "Lea ist allein in der Leitung; hol erst jemanden dazu."
    await house.gives("lou", "lead")
    await house.commands("revoke", "lead @Lea", who="lea", mentions=(house.actor("lea"),))
    assert await roles_of(house, "lea") == frozenset()
    assert await roles_of(house, "lou") == {"lead"}


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_without_a_mention_the_holders_are_offered(bot, platform):
    await bot.gives("lea", "lead", platform)
    await bot.gives("tom", "manager", platform)
    await bot.gives("mona", "manager", platform)
    [asked] = await bot.commands("entziehe", "manager", who="lea", platform=platform)
    assert asked.text == "Wer soll nicht mehr Community-Manager sein?"
    sent = await bot.picks("Tom", who="lea", platform=platform)
    assert "Tom ist nicht mehr Community-Manager." in [seen.text for seen in sent]
    assert await roles_of(bot, "tom", platform) == frozenset()
    assert await roles_of(bot, "mona", platform) == {"manager"}


async def test_nobody_to_take_a_role_from(house):
    [reply] = await house.commands("revoke", "manager", who="lea", language="en")
    assert reply.text == "There is no community manager yet."


async def test_a_misspelt_role_is_explained(house):
    [reply] = await house.commands("ernenne", "chef @Tom", who="lea", mentions=(house.actor("tom"),))
    assert "ernenne manager @Name" in reply.text
    assert await roles_of(house, "tom") == frozenset()


async def test_several_people_at_once(house):
    mentions = (house.actor("tom"), house.actor("tim"))
    sent = await house.commands("ernenne", "manager @Tom @Tim", who="lea", mentions=mentions)
    assert "Tom ist jetzt Community-Manager.\nTim ist jetzt Community-Manager." in [seen.text for seen in sent]


async def test_a_hostile_name_is_shown_to_the_letter(house):
    villain = house.actor("eve", name="`*_<@U1> **lead**")
    sent = await house.commands("ernenne", "manager @eve", who="lea", mentions=(villain,))
    assert "`*_<@U1> **lead** ist jetzt Community-Manager." in [seen.text for seen in sent]


# What chats are for


@pytest.mark.parametrize(
    ("said", "purpose", "told"),
    [
        ("hier manager", "managers", "fürs Team"),
        ("hier termine", "events", "für Termine"),
        ("hier hilfe", "help", "für Fragen"),
        ("hier events", "events", "für Termine"),
    ],
)
async def test_a_lead_gives_a_group_a_purpose(house, said, purpose, told):
    [reply] = await house.says(said, who="lea", chat="team")
    assert told in reply.text
    assert len(await house.reads(lambda tx: places.list_places(tx, purpose))) == 1


async def test_a_purpose_is_taken_back(house):
    await house.commands("here", "managers", who="lea", chat="team")
    [reply] = await house.says("hier nicht manager", who="lea", chat="team")
    assert reply.text == "Dieser Chat ist nicht mehr fürs Team."
    assert await house.reads(lambda tx: places.list_places(tx, "managers")) == []


async def test_here_alone_explains_and_offers_the_rest(house):
    await house.commands("hier", "manager", who="lea", chat="team")
    [reply] = await house.commands("hier", "", who="lea", chat="team")
    assert reply.text.startswith("Bisher: Fürs Team.")
    assert reply.buttons == ["Für Termine", "Für Fragen"]
    [pressed] = await house.presses("Für Termine", who="lea", chat="team")
    assert "für Termine" in pressed.text


async def test_only_a_lead_may_press_a_purpose(house):
    await house.commands("hier", "", who="lea", chat="team")
    [refused] = await house.presses("Für Termine", who="ada", chat="team")
    assert refused.text == "Das darf nur die Leitung."
    assert await house.reads(lambda tx: places.list_places(tx, "events")) == []


async def test_twice_the_same_purpose_is_said_once(house):
    await house.commands("hier", "manager", who="lea", chat="team")
    [reply] = await house.commands("hier", "manager", who="lea", chat="team")
    assert reply.text == "Das ist er schon."


async def test_a_direct_chat_has_no_purpose(house):
    [reply] = await house.commands("hier", "manager", who="lea")
    assert reply.text.startswith("Schreib das in der Gruppe")
    assert await house.reads(lambda tx: places.list_places(tx, "managers")) == []


async def test_a_forum_topic_is_a_place_and_a_thread_of_answers_is_none(house):
    await house.gives("leo", "lead", "telegram")
    await house.says("hier manager", who="lea", chat="team", thread="171.22")
    await house.says("hier manager", who="leo", chat="forum", thread="7", platform="telegram")
    kept = await house.reads(lambda tx: places.list_places(tx, "managers"))
    assert [place.thread for place in kept] == ["", "7"]


async def test_where_the_bot_may_be_no_member_it_asks_to_be_invited(house):
    [reply] = await house.commands("hier", "manager", who="lea", chat="team", reply_via="https://hooks.example/1")
    assert "/invite" in reply.text


async def test_a_new_team_chat_gets_the_questions_that_wait(house):
    await house.commands("frage", "Habt ihr einen Helikopter?")
    sent = await house.commands("hier", "manager", who="lea", chat="team")
    assert sent[0].text.endswith("Eine Frage wartet schon.")
    assert any("„Habt ihr einen Helikopter?“" in seen.text for seen in await house.screen("team"))


# The stop switch


async def test_a_lead_pauses_and_resumes(house):
    await house.gives("lou", "lead")
    sent = await house.says("pause", who="lea")
    assert any(seen.text.startswith("Angehalten.") for seen in sent)
    assert await house.reads(lambda tx: switches.get_switch(tx, switches.PAUSED)) == "on"
    assert (await house.texts("lou"))[-1].startswith("Lea hat mich angehalten")
    [again] = await house.says("pause", who="lea")
    assert again.text.startswith("Ich mache schon Pause.")
    await house.says("fortsetzen", who="lea")
    assert await house.reads(lambda tx: switches.get_switch(tx, switches.PAUSED)) == ""
    [not_paused] = await house.commands("resume", who="lea", language="en")
    assert not_paused.text == "Ich mache gar keine Pause."


async def test_the_answer_to_a_pause_leaves_though_notices_wait(house):
    sent = await house.says("pause", who="lea")
    assert [seen.lane for seen in sent] == [REPLY]


async def test_status_says_how_things_stand(house):
    await house.commands("hier", "manager", who="lea", chat="Team Ruhr")
    await house.commands("frage", "Habt ihr einen Helikopter?")
    await house.says("pause", who="lea")
    [status] = await house.says("lage", who="lea")
    lines = status.text.splitlines()
    assert lines[0] == "Ausgang: angehalten"
    assert "Offene Fragen: 1" in lines
    assert "Wartende Antworten: 3" in lines
    assert "Nicht zustellbar: 0" in lines
    assert "Chats fürs Team: Team Ruhr" in lines
    assert "Chats für Termine: noch keiner" in lines
    assert await house.reads(questions.get_open_count) == 1


async def test_whoever_loses_a_role_has_their_direct_posts_rendered_again(bot):
    await bot.gives("lea", "lead")
    await bot.gives("mona", "manager")
    await bot.opens_home("mona")
    before = await bot.reads(lambda tx: tx.value("SELECT sum(wanted) FROM posts"))
    await bot.commands("entziehe", "manager", who="lea", mentions=(bot.actor("mona"),))
    assert await bot.reads(lambda tx: tx.value("SELECT sum(wanted) FROM posts")) > before


@pytest.mark.parametrize(
    "text", ["not managers", "no managers", "keine manager", "managers off", "hier weg manager"]
)
async def test_here_with_a_no_in_it_never_makes_a_chat_the_teams(bot, text):
    await bot.gives("lea", "lead")
    await bot.commands("here", text.removeprefix("hier "), who="lea", chat="lobby")
    assert await bot.reads(lambda tx: places.list_places(tx, "managers")) == []


async def test_here_with_an_unclear_word_asks_what_is_meant(bot):
    await bot.gives("lea", "lead")
    [asked] = await bot.commands("here", "the managers maybe", who="lea", chat="lobby")
    assert asked.text.startswith("Wofür ist dieser Chat da?")
    assert await bot.reads(lambda tx: places.list_places(tx, "managers")) == []


async def test_a_code_is_not_used_up_by_whoever_has_the_role_already(bot):
    await bot.gives("lea", "lead")
    await bot.gives("mona", "manager")
    [made] = await bot.commands("ernenne", "manager", who="lea")
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", made.text)[0]
    [have] = await bot.says(code, "mona")
    assert have.text == "Du bist schon Community-Manager."
    [welcome, *_] = await bot.says(code, "ada")
    assert "Community-Manager" in welcome.text
    assert "manager" in await bot.reads(
        lambda tx: roles.list_roles(tx, people.get_account(tx, "slack", "ada").person_id)
    )


async def test_a_name_that_nobody_has_is_said_to_be_unknown_before_the_code(bot):
    await bot.gives("lea", "lead")
    [made] = await bot.commands("ernenne", "manager @niemand", who="lea")
    assert made.text.startswith("@niemand kenne ich noch nicht.")
