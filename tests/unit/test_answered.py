"""What people write in answer to something of ours goes to whoever posted it, and nothing else is touched."""

from __future__ import annotations

import pytest

from handlers.core.context import system_context
from handlers.core.features import ActionRoute, Feature, Registry, ReplyRoute
from handlers.core.replies import say
from handlers.core.requests import ChatMoved
from storage import answered, chats, outbox, posts

PRICE = "was kostet ein schreibtisch im monat"


def is_order(tx, request, about):
    """Orders begin with an exclamation mark."""
    return request.text.startswith("!")


def heard(ctx, request, about):
    """Say what was answered; what begins with two marks is a message like any other."""
    return None if request.text.startswith("!!") else say(ctx, f"{about}: {request.text}")


TEST = Feature(
    "test",
    views={"test.card": lambda ctx, about: say(ctx, f"card {about}")},
    replies={
        "test.card": ReplyRoute(heard, is_order, private=True),
        "test.word": ReplyRoute(heard, is_order),
        "test.lead": ReplyRoute(heard, is_order, role="lead"),
    },
    actions={"test:any": ActionRoute(lambda ctx, request: say(ctx, "pressed"))},
)


@pytest.fixture
async def house(bot_with):
    """A channel and a Telegram group, with a card in each."""
    bot = bot_with(TEST)
    for platform in ("slack", "telegram"):
        await bot.says("hallo", chat="room", platform=platform)
        await bot.says("hallo", platform=platform)
    await bot.database.write(lambda tx: show(bot, tx))
    return bot


def show(bot, tx):
    ctx = system_context(bot.house, tx, bot.now)
    for platform in ("slack", "telegram"):
        ctx.show("thing:7", "test.card", chats.get_chat_by_external_id(tx, platform, "room"))
    for post in posts.list_posts(tx, "thing:7", "test.card"):
        posts.mark_post_sending_if_untrue(tx, post.id, bot.now)
        posts.mark_post_sent(tx, post.id, "c7", "text", bot.now, bot.now)


async def sends(bot, about: str, ref: str, chat: str = "room", platform: str = "slack", thread: str = "") -> None:
    """The bot says something that can be answered."""

    def send(tx):
        ctx = system_context(bot.house, tx, bot.now)
        at = chats.get_chat_by_external_id(tx, platform, chat)
        row = ctx.send(at, f"key:{about}:{ref}", say(ctx, about), thread=thread, about=about)
        outbox.mark_sending_if_pending(tx, row, bot.now)
        outbox.mark_sent(tx, row, ref, "text", bot.now)

    await bot.database.write(send)


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_an_answer_to_a_post_goes_to_its_view(house, platform):
    [told] = await house.says("!ja", chat="room", platform=platform, reply_to="c7", addressed=False)
    assert told.text == "7: !ja"


async def test_an_answer_to_a_message_goes_to_what_it_is_about(house):
    await sends(house, "test.word:3", "m3")
    [told] = await house.says("!ja", chat="room", reply_to="m3")
    assert told.text == "3: !ja"


async def test_it_works_in_direct_chats_and_after_a_restart(house):
    await sends(house, "test.word:3", "m3", "ada")
    await house.restart()
    [told] = await house.says("!ja", reply_to="m3")
    assert told.text == "3: !ja"


async def test_a_private_post_leaves_talk_below_it_alone(house):
    for addressed in (True, False):
        before = await house.reads(lambda tx: tx.values("SELECT * FROM deliveries"))
        assert await house.says(PRICE, chat="room", reply_to="c7", addressed=addressed) == []
        assert await house.says(PRICE, "zoe", chat="room", reply_to="c7", addressed=addressed) == []
        assert await house.reads(lambda tx: tx.values("SELECT * FROM deliveries")) == before
    assert await house.reads(lambda tx: tx.value("SELECT 1 FROM accounts WHERE external_id = 'zoe'")) is None


async def test_below_others_a_question_to_the_bot_is_answered(house):
    await sends(house, "test.word:3", "m3")
    [told] = await house.says(PRICE, chat="room", reply_to="m3")
    assert told.text.startswith("50 Euro")
    assert await house.says(PRICE, chat="room", reply_to="m3", addressed=False) == []


async def test_whoever_calls_the_bot_by_name_speaks_to_it(house):
    [told] = await house.says("!" + PRICE, chat="room", reply_to="c7", by_name=True)
    assert told.text.startswith("50 Euro")


async def test_a_handler_may_leave_it_to_be_a_message_like_any_other(house):
    assert await house.says("!!" + PRICE, chat="room", reply_to="c7", addressed=False) == []
    [told] = await house.says("!!" + PRICE, chat="room", reply_to="c7")
    assert told.text.startswith("50 Euro")


async def test_a_role_is_needed_where_the_route_says_so(house):
    await sends(house, "test.lead:3", "m3", "ada")
    [told] = await house.says("!" + PRICE, reply_to="m3")
    assert told.text.startswith("50 Euro")
    await house.gives("ada", "lead")
    [told] = await house.says("!" + PRICE, reply_to="m3")
    assert told.text == f"3: !{PRICE}"


async def test_in_a_slack_thread_whatever_of_ours_stands_in_it_is_answered(house):
    await sends(house, "test.word:3", "m3", thread="t1")
    await sends(house, "test.word:4", "m4", thread="t1")
    [told] = await house.says("!ja", chat="room", thread="t1", reply_to="t1", addressed=False)
    assert told.text == "4: !ja"
    assert await house.says("!ja", chat="room", thread="t2", reply_to="t2", addressed=False) == []


async def test_a_telegram_topic_is_a_room_and_no_thread(house):
    await sends(house, "test.word:3", "m3", platform="telegram", thread="5")
    where = {"chat": "room", "platform": "telegram", "thread": "5"}
    assert await house.says("!ja", **where, reply_to="m9", addressed=False) == []
    [told] = await house.says("!ja", **where, reply_to="m3", addressed=False)
    assert told.text == "3: !ja"


async def test_a_chat_that_numbers_anew_forgets_what_stood_in_it(house):
    await sends(house, "test.word:3", "m3", platform="telegram")
    await house.does(ChatMoved(**house._facts("ada", chat="room", platform="telegram"), new_chat="-1005"))
    assert await house.says("!ja", chat="-1005", platform="telegram", reply_to="m3", addressed=False) == []


async def test_a_command_in_answer_to_something_is_a_command(house):
    await sends(house, "test.word:3", "m3", "ada")
    [told] = await house.says("hilfe", reply_to="m3")
    assert not told.text.startswith("3:")


async def test_what_answers_nothing_is_not_looked_up(house, monkeypatch):
    def looked_up(*_):
        raise AssertionError("this costs time")

    monkeypatch.setattr(answered, "list_answered", looked_up)
    assert await house.says(PRICE)
    assert await house.says(PRICE, chat="room")
    assert await house.says(PRICE, chat="room", addressed=False) == []


async def test_both_lookups_use_an_index(house):
    def plans(tx):
        found = []
        for sql in (
            "SELECT 1 FROM posts WHERE chat_id = 1 AND ref = 'x' AND surface = 'message'",
            "SELECT about FROM outbox WHERE chat_id = 1 AND about <> '' AND (ref = 'x' OR thread = 'y')",
        ):
            found += [detail for *_, detail in tx.values(f"EXPLAIN QUERY PLAN {sql}")]
        return found

    assert all("USING INDEX" in step or "USING COVERING INDEX" in step for step in await house.reads(plans))


def test_two_features_with_the_same_reply_are_refused():
    other = Feature("other", replies={"test.card": TEST.replies["test.card"]})
    with pytest.raises(ValueError, match=r"test\.card"):
        Registry([TEST, other], unsure=lambda *_: None, unknown=lambda *_: None)
