"""Every request finds the one handler that is meant."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from handlers.core.answers import TurnCalendar
from handlers.core.features import ActionRoute, CommandRoute, Feature, Intent, Registry
from handlers.core.replies import say
from handlers.core.requests import (
    BotAdded,
    BotRemoved,
    ChatMoved,
    Delivered,
    OtherMessage,
    Picked,
    Undeliverable,
)
from handlers.core.seals import Seals
from handlers.core.ui import Action, Nothing
from handlers.retrieval.index import Way
from storage import chats, places


def heard(ctx, request):
    """Say what arrived."""
    said = getattr(request, "text", None)
    value = getattr(request, "value", "")
    args = ",".join(request.action.args) if hasattr(request, "action") else said
    return say(ctx, f"{type(request).__name__} {args} {value}".strip())


TEST = Feature(
    "test",
    commands=(
        CommandRoute(("echo", "sag"), heard, arguments=r"mir .*"),
        CommandRoute(("secret", "geheim"), heard, role="manager"),
    ),
    actions={
        "test:any": ActionRoute(heard),
        "test:manager": ActionRoute(heard, role="manager"),
        "test:lead": ActionRoute(heard, role="lead"),
        "test:admin": ActionRoute(heard, needs_chat_admin=True),
    },
    phrases=((r"piep\W*", heard),),
    patterns=((r"(?=.*\d)x-\d+", heard),),
    reports={"test": heard},
)


@pytest.fixture
def house(bot_with):
    return bot_with(TEST)


async def token(bot, packed: str, chat: str = "ada", platform: str = "slack") -> str:
    known = await bot.reads(lambda tx: chats.get_chat_by_external_id(tx, platform, chat))
    return bot.house.seals.seal(packed, known.id)


async def pressed(bot, packed: str, **facts):
    """Press a button of one of our actions in Ada's Telegram chat."""
    await bot.says("hallo", platform="telegram")
    sealed = await token(bot, packed, "ada", "telegram")
    return await bot.presses_token(sealed, platform="telegram", **facts)


# Texts and commands


@pytest.mark.parametrize("said", ["piep", "Piep!", "  piep ...  "])
async def test_a_phrase_is_heard_as_a_whole_message(house, said):
    [reply] = await house.says(said)
    assert reply.text == f"TextMessage {said}".strip()


async def test_a_phrase_with_more_around_it_is_a_question(house):
    [reply] = await house.says("piep sagt der computer im keller")
    assert not reply.text.startswith("TextMessage")


async def test_a_command_word_in_plain_text_needs_fitting_arguments(house):
    [command] = await house.says("sag mir was")
    assert command.text == "Command mir was"
    [sentence] = await house.says("sag wann ist offen")
    assert not sentence.text.startswith("Command")
    [slash] = await house.commands("sag", "wann ist offen")
    assert slash.text == "Command wann ist offen"


async def test_an_unknown_command_is_a_sentence(house):
    [reply] = await house.commands("piep", "")
    assert reply.text == "TextMessage piep"


async def test_a_role_is_needed_where_the_command_says_so(house):
    for said in (house.says("geheim"), house.commands("secret")):
        [refused] = await said
        assert refused.text == "Das dürfen nur Community-Manager."
    await house.gives("lea", "lead")
    [allowed] = await house.commands("secret", who="lea")
    assert allowed.text == "Command"


async def test_patterns_are_for_direct_messages_only(house):
    [reply] = await house.says("x-1")
    assert reply.text == "TextMessage x-1"
    [in_group] = await house.says("x-1", chat="founders")
    assert not in_group.text.startswith("TextMessage")


async def test_what_is_no_text_is_admitted(bot):
    [reply] = await bot.does(OtherMessage(**bot._facts("ada")))
    assert reply.text == "Ich kann nur Text lesen. Schreib mir, worum es geht."


# Controls


async def test_a_sealed_action_reaches_its_handler(house):
    [reply] = await pressed(house, "test:any|1|zwei")
    assert reply.text == "ButtonPress 1,zwei"


async def test_a_sealed_option_arrives_as_picked(house):
    [reply] = await pressed(house, "test:any|1~blau")
    assert reply.text == "Picked 1 blau"


async def test_a_pick_with_its_own_value_arrives_as_it_is(house):
    await house.says("hallo")
    request = Picked(**house._facts("ada"), token=await token(house, "test:any|1"), value="blau")
    [reply] = await house.does(request)
    assert reply.text == "Picked 1 blau"


async def test_an_arrow_of_a_calendar_turns_it(house):
    await pressed(house, "test:any|1~m202612,261123,270131")
    assert house.answer.outcome == TurnCalendar(
        Action("test:any", ("1",)), date(2026, 12, 1), date(2026, 11, 23), date(2027, 1, 31)
    )


@pytest.mark.parametrize(
    "broken", ["", "x", "test:any", "test:any|1", "~", "ä" * 30, "test:any|1AAAAAAAAAAAAA", "\ud800" * 20]
)
async def test_a_token_that_was_not_sealed_here_does_nothing(house, broken):
    await house.says("hallo", platform="telegram")
    assert await house.presses_token(broken, platform="telegram") == []
    assert house.toast.startswith("Der Knopf ist nicht von hier.")


async def test_a_token_of_another_chat_does_nothing(house):
    await house.says("hallo", platform="telegram")
    await house.says("hallo", who="eve", platform="telegram")
    stolen = await token(house, "test:any|1", "ada", "telegram")
    assert await house.presses_token(stolen, who="eve", platform="telegram") == []
    assert house.toast.startswith("Der Knopf ist nicht von hier.")


async def test_a_token_of_a_foreign_bot_does_nothing(house):
    await house.says("hallo", platform="telegram")
    foreign = Seals(["another secret"]).seal("test:any|1", 1)
    assert await house.presses_token(foreign, platform="telegram") == []
    assert house.toast.startswith("Der Knopf ist nicht von hier.")


async def test_a_token_from_before_the_keys_were_rotated_still_works(house):
    await house.says("hallo", platform="telegram")
    old = Seals(["an old secret"]).seal("test:any|1", 1)
    house.house = dataclasses.replace(house.house, seals=Seals(["a new secret", "an old secret"]))
    [reply] = await house.presses_token(old, platform="telegram")
    assert reply.text == "ButtonPress 1"


async def test_an_action_that_no_feature_has_any_more_is_stale(house):
    assert await pressed(house, "gone:feature|1") == []
    assert house.toast == "Der Knopf ist zu alt. Schreib mir, dann zeige ich dir einen neuen."


@pytest.mark.parametrize(
    ("action", "role", "allowed"),
    [
        ("test:manager", "", False),
        ("test:manager", "manager", True),
        ("test:manager", "lead", True),
        ("test:lead", "manager", False),
        ("test:lead", "lead", True),
    ],
)
async def test_the_role_is_read_when_the_button_is_pressed(house, action, role, allowed):
    if role:
        await house.gives("ada", role, "telegram")
    sent = await pressed(house, action)
    assert bool(sent) == allowed
    if not allowed:
        assert house.toast.startswith("Das d")
        assert house.answer.outcome.alert


async def test_a_guest_has_no_role(house):
    await house.gives("ada", "lead", "telegram")
    assert await pressed(house, "test:lead", trusted=False) == []
    assert house.toast == "Das darf nur die Leitung."


async def test_an_admin_of_the_group_is_known_by_the_prepared_fact(house):
    assert await pressed(house, "test:admin") == []
    assert house.toast == "Das dürfen nur Admins dieser Gruppe."
    [reply] = await pressed(house, "test:admin", chat_admin=True)
    assert reply.text == "ButtonPress"


async def test_without_toasts_a_refusal_is_shown_to_the_person_alone(house):
    await house.says("hallo", chat="founders")
    sealed = await token(house, "test:lead", "founders")
    [refused] = await house.presses_token(sealed, chat="founders")
    assert (refused.text, refused.to) == ("Das darf nur die Leitung.", "ada")


# Chats come and go


async def test_a_chat_that_blocks_the_bot_and_opens_again(bot):
    await bot.says("hallo")
    await bot.does(BotRemoved(**bot._facts("ada")))
    assert (await bot.reads(lambda tx: chats.get_chat(tx, 1))).state == "blocked"
    await bot.does(BotAdded(**bot._facts("ada")))
    assert (await bot.reads(lambda tx: chats.get_chat(tx, 1))).state == "open"


async def test_a_group_without_the_bot_is_no_place_to_write_to(bot):
    await bot.gives("lea", "lead")
    await bot.commands("here", "managers", who="lea", chat="team")
    await bot.does(BotRemoved(**bot._facts("lea", chat="team")))
    assert await bot.reads(lambda tx: places.list_places(tx, "managers")) == []


async def test_a_group_that_moves_keeps_its_purpose_and_its_cards(bot):
    await bot.gives("lea", "lead", "telegram")
    await bot.commands("here", "managers", who="lea", chat="-5", platform="telegram")
    await bot.commands("frage", "Habt ihr einen Helikopter?", platform="telegram")
    await bot.does(ChatMoved(**bot._facts("lea", chat="-5", platform="telegram"), new_chat="-1005"))
    assert any("Helikopter" in text for text in await bot.texts("-1005", "telegram"))
    assert await bot.texts("-5", "telegram") == []


# How sends ended


@pytest.mark.parametrize(("kind", "facts"), [(Delivered, {}), (Undeliverable, {"reason": "blocked"})])
async def test_whoever_asked_hears_how_a_send_ended(house, kind, facts):
    [reply] = await house.does(kind(**house._facts("ada"), row=1, subject="test:7", **facts))
    assert reply.text.startswith(kind.__name__)


# The table


def test_two_features_with_the_same_word_are_refused(house):
    with pytest.raises(ValueError, match="echo, sag"):
        Registry([TEST, Feature("other", commands=TEST.commands[:1])], unsure=heard, unknown=heard)


def test_one_intent_may_have_ways_in_several_languages():
    intents = [Intent(Way("a:b", (text,)), {}, heard) for text in ("eins", "one")]
    registry = Registry([Feature("a", intents=intents)], unsure=heard, unknown=heard)
    assert list(registry.intents) == ["a:b"]
    assert [way.variants for way in registry.ways] == [("eins",), ("one",)]


async def test_a_delivery_that_says_nothing_is_answered_with_nothing(bot):
    await bot.does(BotAdded(**bot._facts("ada", chat="founders")))
    assert bot.answer.outcome == Nothing()
