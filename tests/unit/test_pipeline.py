"""One request inside its transaction: once, in the right language, to the right place, or not at all."""

from __future__ import annotations

import asyncio

import pytest
from msgspec import structs

from handlers.core import pipeline
from handlers.core.features import ActionRoute, CommandRoute, Feature
from handlers.core.replies import say
from handlers.core.ui import Action, Attachment, Button, Nothing, Reply, Section, Toast
from storage import chats, outbox, people, roles
from storage.errors import StoreUnavailableError
from storage.outbox import REPLY


def fails(ctx, request):
    ctx.notify(ctx.person.id, "half:done", lambda t: say(ctx, "half done"))
    roles.add_role(ctx.tx, ctx.person.id, "lead", None, ctx.now)
    raise ZeroDivisionError("the text of a private message")


def alone(ctx, request):
    return structs.replace(say(ctx, "for you"), audience="person")


def with_file(ctx, request):
    file = Attachment("termin.ics", "text/calendar", b"BEGIN:VCALENDAR", "Termin")
    return structs.replace(say(ctx, "here"), attachments=(file, file))


def button(ctx, request):
    return say(ctx, "press", Button("Weiter", Action("test:next")))


def replaced(ctx, request):
    return structs.replace(say(ctx, "pressed"), placement="replace")


TEST = Feature(
    "test",
    commands=(
        CommandRoute(("fail",), fails),
        CommandRoute(("alone",), alone),
        CommandRoute(("file",), with_file),
        CommandRoute(("button",), button),
        CommandRoute(("silence",), lambda ctx, request: Nothing()),
        CommandRoute(("toast",), lambda ctx, request: Toast("psst")),
    ),
    actions={"test:next": ActionRoute(replaced), "test:toast": ActionRoute(lambda ctx, request: Toast("psst"))},
)


@pytest.fixture
def house(bot_with):
    return bot_with(TEST)


async def rows(bot) -> list[tuple]:
    return await bot.reads(
        lambda tx: tx.values("SELECT key, thread, audience, reply_via, edits, lane FROM outbox ORDER BY id")
    )


# Once


async def test_a_delivery_is_handled_once_and_answered_the_same_again(house):
    [shown] = await house.commands("button", key="slack:76")
    await house.presses("Weiter", key="slack:77", on=shown)
    before = await rows(house)
    assert await house.presses("Weiter", key="slack:77", on=shown) == []
    assert await house.commands("button", key="slack:76") == []
    assert await rows(house) == before
    assert [row[0] for row in before] == ["slack:76:reply", "slack:77:reply"]


async def test_a_toast_is_recorded_with_its_delivery(house):
    await house.says("hallo", platform="telegram")
    chat = await house.reads(lambda tx: chats.get_chat_by_external_id(tx, "telegram", "ada"))
    sealed = house.house.seals.seal("test:toast", chat.id)
    for _ in range(2):
        await house.presses_token(sealed, platform="telegram", key="telegram:78")
        assert house.answer.outcome == Toast("psst")
    assert house.answer.chat_id == chat.id


async def test_two_deliveries_at_once_in_one_batch_are_still_one(bot):
    await asyncio.gather(*(bot.says("hallo", key="slack:same") for _ in range(5)))
    assert len(await rows(bot)) == 1


async def test_it_survives_a_restart_that_a_delivery_was_handled(bot):
    await bot.says("hallo", key="slack:1")
    await bot.restart()
    assert await bot.says("hallo", key="slack:1") == []


# Where to


async def test_a_reply_goes_to_the_thread_it_was_asked_in(house):
    [reply] = await house.says("hallo", chat="founders", thread="12.3")
    assert (reply.thread, reply.to, reply.lane) == ("12.3", "", REPLY)


async def test_what_is_for_one_person_is_ephemeral_on_slack_and_direct_on_telegram(house):
    [on_slack] = await house.commands("alone", chat="founders")
    assert (on_slack.to, on_slack.text) == ("ada", "for you")
    await house.says("hallo", platform="telegram")
    await house.commands("alone", chat="founders", platform="telegram")
    assert await house.texts("founders", "telegram") == []
    assert (await house.texts("ada", "telegram"))[-1] == "for you"


async def test_on_telegram_somebody_who_never_wrote_is_asked_to_write_first(house):
    [asked] = await house.commands("alone", chat="founders", platform="telegram")
    assert asked.text == "Schreib mir einmal direkt, dann kann ich dir dort antworten."
    assert asked.buttons == ["Direktchat öffnen"]
    assert await house.texts("ada", "telegram") == []


async def test_in_a_direct_chat_it_is_a_plain_message(house):
    [reply] = await house.commands("alone")
    assert reply.to == ""


async def test_where_the_bot_is_no_member_the_answer_goes_through_the_response_address(house):
    await house.commands("button", chat="random", reply_via="https://hooks.example/1", key="slack:t")
    assert await rows(house) == [("slack:t:reply", "", "ada", "https://hooks.example/1", "", REPLY)]


async def test_a_replacing_reply_edits_the_pressed_message(house):
    [shown] = await house.commands("button")
    [pressed] = await house.presses("Weiter")
    assert (pressed.id, pressed.text) == (shown.id, "pressed")
    assert (await rows(house))[-1][4] == shown.id


async def test_files_follow_their_message_as_messages_of_their_own(house):
    await house.commands("file", key="slack:f")
    assert [row[0] for row in await rows(house)] == [
        "slack:f:reply",
        "slack:f:reply:file:0",
        "slack:f:reply:file:1",
    ]


async def test_a_toast_that_can_not_be_shown_is_said_to_the_person_alone(house):
    [said] = await house.commands("toast", chat="founders")
    assert (said.text, said.to) == ("psst", "ada")


async def test_nothing_is_said_where_nothing_is_to_be_said(house):
    assert await house.commands("silence") == []
    assert house.answer.outcome == Nothing()


# Who and in which language


async def test_a_person_is_known_from_their_first_word_and_keeps_the_name_they_have_now(bot):
    await bot.says("hallo", name="Ada L.")
    [greeting] = await bot.says("hallo", name="Ada Lovelace")
    assert greeting.text.startswith("Hallo Ada Lovelace.")
    person = await bot.reads(lambda tx: people.get_person(tx, 1))
    assert (person.name, person.greeted) == ("Ada Lovelace", True)
    assert await bot.reads(lambda tx: tx.value("SELECT count(*) FROM persons")) == 1


@pytest.mark.parametrize(
    ("app", "said", "language"),
    [
        ("", "hi", "de"),
        ("en", "hi", "en"),
        ("de", "what does a desk cost per month", "en"),
        ("en", "wo seid ihr denn", "de"),
    ],
)
async def test_the_language_is_the_one_spoken_else_the_app_s_else_the_hub_s(bot, app, said, language):
    [reply] = await bot.says(said, language=app)
    assert reply.reply.language == language


async def test_a_reply_follows_the_message_and_an_unclear_one_the_chosen_language(bot):
    await bot.says("auf deutsch bitte", platform="telegram")
    [reply] = await bot.says("what does a desk cost per month", platform="telegram")
    assert reply.reply.language == "en"
    [reply] = await bot.says("hi", platform="telegram")
    assert reply.reply.language == "de"


async def test_a_chat_that_writes_is_open_again(bot):
    await bot.says("hallo")
    await bot.database.write(lambda tx: chats.mark_chat_state(tx, 1, "blocked"))
    await bot.says("hallo")
    assert (await bot.reads(lambda tx: chats.get_chat(tx, 1))).state == "open"


async def test_a_group_s_title_is_kept(bot):
    await bot.says("hallo", chat="founders")
    assert (await bot.reads(lambda tx: chats.get_chat(tx, 1))).title == "founders"


# When a handler fails


async def test_a_failing_handler_leaves_nothing_but_an_apology_and_a_report(house):
    await house.gives("lea", "lead")
    house.forgiving = True
    sent = await house.commands("fail", key="slack:9")
    assert [seen.text for seen in sent if seen.chat_id == sent[-1].chat_id][-1] == (
        "Da ist bei mir etwas schiefgegangen, nichts wurde gespeichert. Das Team weiß Bescheid (Nr. 7K2M)."
    )
    assert await house.texts("lea") == ["Eine Anfrage ist gescheitert (Nr. 7K2M): Command"]
    everything = " ".join([*await house.texts(), *await house.texts("lea")])
    assert "half done" not in everything
    assert "private message" not in everything
    assert await house.reads(lambda tx: tx.value("SELECT count(*) FROM roles WHERE role = 'lead'")) == 1


async def test_a_failed_delivery_does_not_fail_again(house):
    house.forgiving = True
    await house.commands("fail", key="slack:9")
    before = await rows(house)
    assert await house.commands("fail", key="slack:9") == []
    assert await rows(house) == before
    reference = await house.reads(lambda tx: tx.value("SELECT reference FROM deliveries WHERE key = 'slack:9'"))
    assert reference == "7K2M"


async def test_a_failing_member_of_a_batch_harms_no_other(house):
    results = await asyncio.gather(
        house.says("hallo", who="ben"),
        house.commands("fail"),
        house.says("hallo", who="cem"),
        return_exceptions=True,
    )
    assert [isinstance(result, ZeroDivisionError) for result in results] == [False, True, False]
    assert len(await house.texts("ben")) == len(await house.texts("cem")) == 1


async def test_a_closed_store_takes_nothing(bot):
    await bot.database.close()
    with pytest.raises(StoreUnavailableError):
        await bot.database.write(lambda tx: None)
    await bot.database.open()
    assert len(await bot.says("hallo")) == 1


# How sends ended, and what posts show


async def test_a_report_reaches_its_handler_in_the_chat_of_the_message(bot_with):
    told = []
    feature = Feature(
        "test", reports={"test": lambda ctx, request: told.append((ctx.chat.external_id, request)) or Nothing()}
    )
    bot = bot_with(feature)
    await bot.says("hallo")

    def end(tx):
        chat = chats.get_chat(tx, 1)
        reply = Reply(blocks=(Section("x"),), summary="x")
        ctx = pipeline.system_context(bot.house, tx, bot.now)
        ctx.send(chat, "k", reply, report="test:5")
        row = outbox.mark_sending_if_pending(tx, 2, bot.now)
        pipeline.report(bot.house, tx, row, None, bot.now)
        pipeline.report(bot.house, tx, row, "blocked", bot.now)

    await bot.database.write(end)
    assert [(chat, type(request).__name__, request.subject) for chat, request in told] == [
        ("ada", "Delivered", "test:5"),
        ("ada", "Undeliverable", "test:5"),
    ]
    assert told[1][1].reason == "blocked"


async def test_a_post_in_a_direct_chat_speaks_the_language_of_its_person(bot):
    await bot.says("english please")
    [home] = await bot.opens_home()
    assert home.text.splitlines()[0] == "Hello Ada."


async def test_a_message_goes_out_once_for_its_key(bot):
    await bot.says("hallo")

    def twice(tx):
        ctx = pipeline.system_context(bot.house, tx, bot.now)
        chat = chats.get_chat(tx, 1)
        reply = Reply(blocks=(Section("x"),), summary="x")
        return ctx.send(chat, "same", reply), ctx.send(chat, "same", reply)

    first, second = await bot.database.write(twice)
    assert first > 0
    assert second == 0


async def test_what_people_say_among_themselves_leaves_no_trace(bot):
    assert await bot.says("wer kommt mit in die Mittagspause", chat="founders", addressed=False) == []
    for table in ("persons", "accounts", "chats", "deliveries"):
        assert await bot.reads(lambda tx, table=table: tx.value(f"SELECT count(*) FROM {table}")) == 0
