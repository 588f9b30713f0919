"""People of the local Telegram: groups, privacy mode, links, presses, and what of it the bot is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest
from telegram.request import HTTPXRequest

from bot.clock import ManualClock
from bot.sandbox.telegram import Change, NotHeardError, TelegramPerson, TelegramSandbox

ALL = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member"]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 2, 9, tzinfo=UTC))


@pytest.fixture
async def telegram(clock: ManualClock) -> AsyncIterator[TelegramSandbox]:
    async with TelegramSandbox.running(clock=clock, enforce_limits=False) as sandbox:
        yield sandbox


@pytest.fixture
async def bot(telegram: TelegramSandbox) -> AsyncIterator[Bot]:
    bot = Bot(
        telegram.bot_token,
        base_url=f"{telegram.api_url}/bot",
        base_file_url=f"{telegram.api_url}/file/bot",
        request=HTTPXRequest(),
        get_updates_request=HTTPXRequest(),
    )
    async with bot:
        yield bot


class Inbox:
    """Fetches what is new for the bot, confirming as it goes."""

    def __init__(self, bot: Bot, clock: ManualClock) -> None:
        self.bot = bot
        self.clock = clock
        self.offset = 1

    async def __call__(self) -> list[Update]:
        self.clock.advance(3)  # who asks again sooner is slowed down
        updates = list(await self.bot.get_updates(offset=self.offset, allowed_updates=ALL))
        self.offset = max([self.offset, *(u.update_id + 1 for u in updates)])
        return updates


@pytest.fixture
def inbox(telegram: TelegramSandbox, bot: Bot, clock: ManualClock) -> Inbox:
    telegram.world.queue.allowed = frozenset(ALL)
    return Inbox(bot, clock)


@pytest.fixture
def ada(telegram: TelegramSandbox) -> TelegramPerson:
    return telegram.add_user("Ada", language="de")


def texts(updates: list[Update]) -> list[str | None]:
    return [u.message.text for u in updates if u.message is not None]


async def test_a_person_comes_with_name_and_language(inbox: Inbox, ada: TelegramPerson) -> None:
    await ada.start("desk-12")
    [update] = await inbox()
    assert update.message is not None
    assert update.message.text == "/start desk-12"
    assert update.message.from_user is not None
    assert (update.message.from_user.first_name, update.message.from_user.language_code) == ("Ada", "de")
    assert [(e.type, e.offset, e.length) for e in update.message.entities] == [("bot_command", 0, 6)]


async def test_entities_of_what_people_write(inbox: Inbox, ada: TelegramPerson, telegram: TelegramSandbox) -> None:
    bea = telegram.add_user("Bea")
    await ada.say("🙂 Bea und @some_one: https://ruhrhub.de/a. /hilfe a/b me@hub.de #camp", mentions=[bea])
    [update] = await inbox()
    assert update.message is not None
    found = {str(e.type): update.message.parse_entity(e) for e in update.message.entities}
    assert found == {
        "text_mention": "Bea",
        "mention": "@some_one",
        "url": "https://ruhrhub.de/a",
        "bot_command": "/hilfe",
        "email": "me@hub.de",
        "hashtag": "#camp",
    }
    assert update.message.entities[0].user is not None
    assert update.message.entities[0].user.id == bea.id


async def test_privacy_mode_hides_what_is_not_for_the_bot(
    telegram: TelegramSandbox, bot: Bot, inbox: Inbox, ada: TelegramPerson
) -> None:
    group = await ada.create_group("Gruppe")
    await ada.add_bot(group)
    await inbox()
    sent = telegram.chats[group.id].messages[(await bot.send_message(group.id, "hallo")).message_id]
    await ada.say("unter uns", group)
    await ada.say("/plan", group)
    await ada.say("/plan@other_bot", group)
    await ada.say(f"/plan@{telegram.bot_username}", group)
    await ada.say(f"sag mal, @{telegram.bot_username}", group)
    await ada.say("dazu", group, reply_to=sent)
    assert texts(await inbox()) == [
        "/plan",
        f"/plan@{telegram.bot_username}",
        f"sag mal, @{telegram.bot_username}",
        "dazu",
    ]
    other = telegram.add_user("Anderer", username="other_bot", is_bot=True)
    await other.join(group)
    await other.say("piep", group)
    await ada.say("/plan", group)
    [joined] = await inbox()
    assert joined.message is not None
    assert joined.message.new_chat_members[0].username == "other_bot"
    await ada.add_bot(group, as_admin=True)
    await ada.say("unter uns", group)
    assert texts(await inbox())[-1] == "unter uns"


async def test_without_privacy_mode_the_bot_reads_all() -> None:
    async with TelegramSandbox.running(privacy=False) as telegram:
        ada = telegram.add_user("Ada")
        group = await ada.create_group("Gruppe")
        await ada.add_bot(group)
        await ada.say("unter uns", group)
        assert telegram.updates[-1].payload["text"] == "unter uns"


async def test_coming_and_going_of_the_bot(bot: Bot, inbox: Inbox, ada: TelegramPerson) -> None:
    group = await ada.create_group("Gruppe")
    assert await inbox() == []
    await ada.add_bot(group)
    added, service = await inbox()
    assert added.my_chat_member is not None
    changed = added.my_chat_member
    assert (changed.old_chat_member.status, changed.new_chat_member.status) == ("left", "member")
    assert changed.from_user.id == ada.id
    assert service.message is not None
    assert service.message.new_chat_members[0].id == bot.id
    await ada.add_bot(group, as_admin=True)
    [promoted] = await inbox()
    assert promoted.my_chat_member is not None
    assert promoted.my_chat_member.new_chat_member.status == "administrator"
    await ada.kick_bot(group)
    kicked, left = await inbox()
    assert kicked.my_chat_member is not None
    assert kicked.my_chat_member.new_chat_member.status == "kicked"
    assert left.message is not None
    assert left.message.left_chat_member is not None
    await ada.say("endlich", group)
    await ada.start()
    await ada.block()
    await ada.unblock()
    private = await inbox()
    assert texts(private) == ["/start"]
    statuses = [u.my_chat_member.new_chat_member.status for u in private if u.my_chat_member]
    assert statuses == ["kicked", "member"]


async def test_members_and_admins(bot: Bot, inbox: Inbox, telegram: TelegramSandbox, ada: TelegramPerson) -> None:
    group = await ada.create_group("Gruppe")
    bea, cem = telegram.add_user("Bea"), telegram.add_user("Cem")
    await ada.add_bot(group, as_admin=True)
    await bea.join(group)
    await inbox()
    await ada.promote(bea, group)
    [promotion] = await inbox()
    assert promotion.chat_member is not None
    assert promotion.chat_member.new_chat_member.user.id == bea.id
    assert {m.user.id for m in await bot.get_chat_administrators(group.id)} == {ada.id, bea.id}
    assert (await bot.get_chat_member(group.id, bea.id)).status == "administrator"
    assert (await bot.get_chat_member(group.id, cem.id)).status == "left"
    assert await bot.get_chat_member_count(group.id) == 3
    with pytest.raises(BadRequest, match=r"^User not found$"):
        await bot.get_chat_member(group.id, 5)
    assert (await bot.get_chat(group.id)).title == "Gruppe"
    await bot.leave_chat(group.id)
    assert (await inbox())[0].my_chat_member is not None


async def test_an_anonymous_admin_writes_as_the_group_but_presses_as_herself(
    bot: Bot, inbox: Inbox, ada: TelegramPerson
) -> None:
    group = await ada.create_group("Gruppe", supergroup=True)
    await ada.add_bot(group)
    await inbox()
    await ada.say("/plan", group, as_anonymous=True)
    [update] = await inbox()
    assert update.message is not None
    assert update.message.from_user is not None
    assert update.message.from_user.id == 1087968824
    assert update.message.sender_chat is not None
    assert update.message.sender_chat.id == group.id
    await bot.send_message(group.id, "ok?", reply_markup=_keyboard("Ja"))
    await ada.press("Ja")
    [pressed] = await inbox()
    assert pressed.callback_query is not None
    assert pressed.callback_query.from_user.id == ada.id


def _keyboard(label: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=f"do:{label}")]])


async def test_a_press_is_answered_with_a_toast_an_alert_or_a_link(
    telegram: TelegramSandbox, bot: Bot, inbox: Inbox, ada: TelegramPerson
) -> None:
    await ada.start()
    await inbox()
    await bot.send_message(ada.id, "buchen?", reply_markup=_keyboard("Ja"))
    press = await ada.press("Ja")
    [update] = await inbox()
    assert update.callback_query is not None
    assert update.callback_query.data == "do:Ja"
    assert not press.is_answered
    with pytest.raises(NotHeardError):
        await press.answered(timeout=0.01)
    waiting = asyncio.create_task(press.answered())
    await update.callback_query.answer("Gebucht", cache_time=60)
    assert (await waiting).toast == "Gebucht"
    assert (await ada.press("do:Ja")).toast == "Gebucht"  # the client repeats the cached answer
    assert await inbox() == []
    other = await ada.press("Ja", message=(await _sent(telegram, bot, ada)))
    await bot.answer_callback_query(other.id, "Nein!", show_alert=True)
    assert (other.alert, other.toast) == ("Nein!", "")
    link = await ada.press("Ja", message=(await _sent(telegram, bot, ada)))
    with pytest.raises(BadRequest, match="Url_invalid"):
        await bot.answer_callback_query(link.id, url="https://ruhrhub.de")
    await bot.answer_callback_query(link.id, url=f"https://t.me/{telegram.bot_username}?start=form")
    assert (await link.answered()).url.endswith("?start=form")
    await inbox()
    await ada.open_link(link.url)
    assert texts(await inbox()) == ["/start form"]
    with pytest.raises(
        BadRequest, match=r"^Query is too old and response timeout expired or query id is invalid$"
    ):
        await bot.answer_callback_query("123", "x")


async def _sent(telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson):  # type: ignore[no-untyped-def]
    sent = await bot.send_message(ada.id, "?", reply_markup=_keyboard("Ja"))
    return telegram.chats[ada.id].messages[sent.message_id]


async def test_a_pressed_message_may_be_inaccessible(
    telegram: TelegramSandbox, bot: Bot, inbox: Inbox, ada: TelegramPerson
) -> None:
    await ada.start()
    message = await _sent(telegram, bot, ada)
    await inbox()
    await ada.press("Ja", inaccessible=True)
    await bot.delete_message(ada.id, message.message_id)
    await ada.press("Ja", message)
    for update in await inbox():
        assert update.callback_query is not None
        assert update.callback_query.message is not None
        assert not update.callback_query.message.is_accessible
        assert update.callback_query.message.message_id == message.message_id
    with pytest.raises(LookupError, match="sees no button 'Ja'"):
        await ada.press("Ja")


async def test_a_link_button_opens_without_asking_the_bot(bot: Bot, inbox: Inbox, ada: TelegramPerson) -> None:
    await ada.start()
    await inbox()
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Karte", url="https://ruhrhub.de/karte")]])
    await bot.send_message(ada.id, "hier", reply_markup=markup)
    assert (await ada.press("Karte")).url == "https://ruhrhub.de/karte"
    assert await inbox() == []


async def test_a_startgroup_link_adds_the_bot(
    telegram: TelegramSandbox, inbox: Inbox, ada: TelegramPerson
) -> None:
    group = await ada.create_group("Gruppe")
    await ada.open_link(f"https://t.me/{telegram.bot_username}?startgroup=camp-3", group)
    updates = await inbox()
    assert [bool(u.my_chat_member) for u in updates] == [True, False, False]
    assert texts(updates)[-1] == f"/start@{telegram.bot_username} camp-3"
    with pytest.raises(ValueError, match="does not lead to the bot"):
        await ada.open_link("https://t.me/other_bot?start=x")


async def test_other_kinds_of_messages_arrive_as_such(inbox: Inbox, ada: TelegramPerson) -> None:
    photo = await ada.send_photo(caption="Flur")
    await ada.send_sticker()
    await ada.send_voice()
    await ada.send_contact("+49 201 1")
    await ada.send_document("a.pdf", b"%PDF")
    await ada.forward(photo)
    got = [u.message for u in await inbox()]
    assert got[0] is not None
    assert got[0].caption == "Flur"
    assert got[0].photo
    assert got[1] is not None
    assert got[1].sticker
    assert got[2] is not None
    assert got[2].voice
    assert got[3] is not None
    assert got[3].contact
    assert got[4] is not None
    assert got[4].document
    assert got[5] is not None
    assert got[5].forward_origin is not None
    assert got[5].forward_origin.type == "user"


async def test_topic_messages_hang_on_their_topic(
    inbox: Inbox, telegram: TelegramSandbox, ada: TelegramPerson
) -> None:
    forum = await ada.create_forum("Camps")
    await ada.add_bot(forum, as_admin=True)
    topic = await ada.create_topic(forum, "Herbst")
    await ada.say("hier", forum, topic=topic)
    created, said = (await inbox())[-2:]
    assert created.message is not None
    assert created.message.forum_topic_created is not None
    assert said.message is not None
    assert said.message.is_topic_message
    assert said.message.message_thread_id == topic.thread_id
    assert said.message.chat.is_forum


async def test_hearing_moves_on_and_says_what_came_instead(
    telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson
) -> None:
    await ada.start()
    waiting = asyncio.create_task(ada.hears("eins"))
    first = await bot.send_message(ada.id, "eins")
    assert (await waiting).message_id == first.message_id
    with pytest.raises(NotHeardError, match="Kumpel: eins"):
        await ada.hears("eins", timeout=0.01)
    await bot.edit_message_text("eins neu", ada.id, first.message_id)
    assert (await ada.hears(lambda m: m.edited)).text == "eins neu"


async def test_listeners_hear_of_every_change(telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson) -> None:
    kinds: list[str] = []
    stop = telegram.subscribe(lambda change: kinds.append(change.kind))
    await ada.start()
    sent = await bot.send_message(ada.id, "x")
    await bot.send_chat_action(ada.id, "typing")
    await bot.edit_message_text("y", ada.id, sent.message_id)
    await bot.delete_message(ada.id, sent.message_id)
    stop()
    await ada.say("z")
    assert [kind for kind in kinds if kind != "call"] == ["message", "message", "typing", "edited", "deleted"]


async def test_listeners_hear_of_a_call_when_it_comes_and_when_it_was_answered(
    telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson
) -> None:
    heard: list[tuple[str, int]] = []
    await ada.start()

    def hear(change: Change) -> None:
        if change.call is not None:
            heard.append((change.call.method, change.call.status))

    telegram.subscribe(hear)
    await bot.send_message(ada.id, "x")
    assert heard == [("sendMessage", 0), ("sendMessage", 200)]
