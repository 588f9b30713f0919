"""The real python-telegram-bot sends, edits and deletes against the local Telegram."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter
from telegram.request import HTTPXRequest

from bot.clock import ManualClock
from bot.sandbox.telegram import TelegramPerson, TelegramSandbox
from bot.sandbox.telegram.limits import Limits


@pytest.fixture(autouse=True)
def _timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # otherwise the library warns at each RetryAfter


def bot_for(telegram: TelegramSandbox) -> Bot:
    return Bot(
        telegram.bot_token,
        base_url=f"{telegram.api_url}/bot",
        base_file_url=f"{telegram.api_url}/file/bot",
        request=HTTPXRequest(),
        get_updates_request=HTTPXRequest(),
    )


@asynccontextmanager
async def running(**options: Any) -> AsyncIterator[tuple[TelegramSandbox, Bot]]:
    async with TelegramSandbox.running(**options) as telegram, bot_for(telegram) as bot:
        yield telegram, bot


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramSandbox]:
    async with TelegramSandbox.running(enforce_limits=False) as sandbox:
        yield sandbox


@pytest.fixture
async def bot(telegram: TelegramSandbox) -> AsyncIterator[Bot]:
    async with bot_for(telegram) as bot:
        yield bot


@pytest.fixture
async def ada(telegram: TelegramSandbox) -> TelegramPerson:
    ada = telegram.add_user("Ada", language="de")
    await ada.start()
    return ada


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label)] for label in labels])


async def test_a_sent_text_is_heard_with_its_formatting(
    telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson
) -> None:
    text = '🙂 <b>Hallo &amp; <i>willkommen</i></b>, <a href="https://ruhrhub.de/x?a=1&amp;b=2">hier</a>'
    sent = await bot.send_message(ada.id, text, parse_mode="HTML", reply_markup=keyboard("Ja", "Nein"))
    heard = await ada.hears("Hallo & willkommen")
    assert heard.message_id == sent.message_id
    assert heard.text == sent.text == "🙂 Hallo & willkommen, hier"
    assert [e.to_dict() for e in sent.entities] == [
        {"type": "bold", "offset": 3, "length": 18},
        {"type": "italic", "offset": 11, "length": 10},
        {"type": "text_link", "offset": 23, "length": 4, "url": "https://ruhrhub.de/x?a=1&b=2"},
    ]
    assert heard.plain.endswith("[Ja]\n[Nein]")
    assert telegram.calls[-1].method == "sendMessage"
    assert telegram.calls[-1].answer["ok"] is True


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("ä<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("ä<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 2'),
        ("ä</b>", "Unexpected end tag at byte offset 2"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ('<span class="x">y</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_broken_html_is_refused_with_the_place(
    bot: Bot, ada: TelegramPerson, text: str, refusal: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(ada.id, text, parse_mode="HTML")
    assert str(refused.value).lower() == f"can't parse entities: {refusal}".lower()


async def test_all_kinds_of_formatting(bot: Bot, ada: TelegramPerson) -> None:
    text = (
        "<u>a</u><s>b</s><del>c</del><code>d</code><pre>e</pre><tg-spoiler>f</tg-spoiler>"
        '<blockquote>g</blockquote><pre><code class="language-python">h</code></pre>'
        '<span class="tg-spoiler">i</span><blockquote expandable>j</blockquote><em>k</em><strong>l</strong>'
    )
    sent = await bot.send_message(ada.id, text, parse_mode="HTML")
    kinds = "underline strikethrough strikethrough code pre spoiler blockquote pre spoiler"
    assert [str(e.type) for e in sent.entities] == [*kinds.split(), "expandable_blockquote", "italic", "bold"]
    assert sent.entities[7].language == "python"
    escaped = await bot.send_message(ada.id, "&nbsp; &lt; &gt; &quot; &#38; &#xe9;", parse_mode="HTML")
    assert escaped.text == '&nbsp; < > " & é'


async def test_lengths_are_counted_after_parsing_in_utf16_units(bot: Bot, ada: TelegramPerson) -> None:
    await bot.send_message(ada.id, "<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    await bot.send_message(ada.id, "🙂" * 2048)
    with pytest.raises(BadRequest, match=r"^Message is too long$"):
        await bot.send_message(ada.id, "🙂" * 2049)
    with pytest.raises(BadRequest, match=r"^Message text is empty$"):
        await bot.send_message(ada.id, "")
    with pytest.raises(BadRequest, match=r"^Text must be non-empty$"):
        await bot.send_message(ada.id, "<b> </b>", parse_mode="HTML")
    await bot.send_photo(ada.id, png(), caption="x" * 1024)
    with pytest.raises(BadRequest, match=r"^Message caption is too long$"):
        await bot.send_photo(ada.id, png(), caption="x" * 1025)


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"text": "x", "callback_data": "ü" * 33}, "Button_data_invalid"),
        ({"text": " ", "callback_data": "x"}, "Inline keyboard button text must be non-empty"),
        ({"text": "x"}, "Can't parse inline keyboard button: text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "url": "nowhere"}, "Inline keyboard button url 'nowhere' is invalid: wrong http url"),
    ],
)
async def test_buttons_that_telegram_refuses(
    bot: Bot, ada: TelegramPerson, button: dict[str, str], refusal: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(ada.id, "x", reply_markup={"inline_keyboard": [[button]]})  # type: ignore[arg-type]
    assert str(refused.value).lower() == refusal.lower()


async def test_at_most_a_hundred_buttons(bot: Bot, ada: TelegramPerson) -> None:
    await bot.send_message(ada.id, "x", reply_markup=keyboard(*map(str, range(100))))
    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await bot.send_message(ada.id, "x", reply_markup=keyboard(*map(str, range(101))))


async def test_an_edit_replaces_text_and_keyboard(bot: Bot, ada: TelegramPerson) -> None:
    sent = await bot.send_message(ada.id, "offen", reply_markup=keyboard("Ja"))
    edited = await bot.edit_message_text("entschieden", ada.id, sent.message_id)
    assert isinstance(edited, type(sent))
    assert edited.edit_date is not None
    heard = await ada.hears("entschieden")
    assert (heard.edited, heard.buttons) == (True, [])
    with pytest.raises(BadRequest, match=r"^Message is not modified: specified new message content"):
        await bot.edit_message_text("entschieden", ada.id, sent.message_id)
    await bot.edit_message_reply_markup(ada.id, sent.message_id, reply_markup=keyboard("Neu"))
    assert [b.text for row in heard.buttons for b in row] == ["Neu"]
    with pytest.raises(BadRequest, match=r"^Message is not modified"):
        await bot.edit_message_reply_markup(ada.id, sent.message_id, reply_markup=keyboard("Neu"))


async def test_what_cannot_be_edited(bot: Bot, ada: TelegramPerson) -> None:
    own = await ada.say("meins")
    with pytest.raises(BadRequest, match=r"^Message can't be edited$"):
        await bot.edit_message_text("x", ada.id, own.message_id)
    with pytest.raises(BadRequest, match=r"^Message to edit not found$"):
        await bot.edit_message_text("x", ada.id, 999)
    with pytest.raises(BadRequest, match=r"^Message identifier is not specified$"):
        await bot.edit_message_text("x")
    photo = await bot.send_photo(ada.id, png(), caption="alt")
    with pytest.raises(BadRequest, match=r"^There is no text in the message to edit$"):
        await bot.edit_message_text("x", ada.id, photo.message_id)
    text = await bot.send_message(ada.id, "text")
    with pytest.raises(BadRequest, match=r"^There is no caption in the message to edit$"):
        await bot.edit_message_caption(ada.id, text.message_id, caption="x")


async def test_pictures_and_files_are_uploaded_reused_edited_and_downloaded(
    telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson
) -> None:
    sent = await bot.send_photo(ada.id, png(30, 20), caption="<b>Plan</b>", parse_mode="HTML")
    assert (sent.photo[-1].width, sent.photo[-1].height, sent.caption) == (30, 20, "Plan")
    file = await bot.get_file(sent.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == png(30, 20)
    again = await bot.send_photo(ada.id, sent.photo[-1].file_id)
    assert again.photo[-1].file_id == sent.photo[-1].file_id
    media = InputMediaPhoto(io.BytesIO(png(5, 5)), caption="neu")
    edited = await bot.edit_message_media(media, ada.id, again.message_id)
    assert not isinstance(edited, bool)
    assert edited.photo[-1].width == 5
    heard = await ada.hears("neu")
    assert heard.photo is not None
    assert heard.photo.data == png(5, 5)
    calendar = await bot.send_document(ada.id, b"BEGIN:VCALENDAR", filename="termin.ics")
    assert calendar.document is not None
    assert calendar.document.file_name == "termin.ics"
    with pytest.raises(BadRequest, match=r"^Type of file mismatch$"):
        await bot.send_photo(ada.id, calendar.document.file_id)
    with pytest.raises(BadRequest, match=r"^Wrong file identifier/http url specified$"):
        await bot.send_photo(ada.id, "AgAC_nothing")
    with pytest.raises(BadRequest, match=r"^Image_process_failed$"):
        await bot.send_photo(ada.id, b"no picture")
    with pytest.raises(BadRequest, match=r"^Photo_invalid_dimensions$"):
        await bot.send_photo(ada.id, png(9_000, 1_001))
    with pytest.raises(BadRequest, match=r"^File must be non-empty$"):
        await bot.send_document(ada.id, b"")


async def test_a_text_may_become_a_picture_but_not_the_other_way_round(bot: Bot, ada: TelegramPerson) -> None:
    text = await bot.send_message(ada.id, "text")
    turned = await bot.edit_message_media(InputMediaPhoto(png()), ada.id, text.message_id)
    assert not isinstance(turned, bool)
    assert turned.photo
    assert turned.text is None
    filed = await bot.edit_message_media(InputMediaDocument(b"x", filename="a.txt"), ada.id, text.message_id)
    assert not isinstance(filed, bool)
    assert filed.document is not None
    assert filed.document.file_name == "a.txt"


async def test_deleting(telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson) -> None:
    sent = await bot.send_message(ada.id, "weg damit")
    assert await bot.delete_message(ada.id, sent.message_id)
    assert "weg damit" not in [m.text for m in ada.messages()]
    with pytest.raises(BadRequest, match=r"^Message to delete not found$"):
        await bot.delete_message(ada.id, sent.message_id)
    with pytest.raises(BadRequest, match=r"^Message to edit not found$"):
        await bot.edit_message_text("x", ada.id, sent.message_id)
    group = await ada.create_group("Gruppe")
    await ada.add_bot(group)
    with pytest.raises(BadRequest, match=r"^Message can't be deleted$"):
        await bot.delete_message(group.id, (await ada.say("meins", group)).message_id)
    await ada.add_bot(group, as_admin=True)
    assert await bot.delete_message(group.id, (await ada.say("meins", group)).message_id)


async def test_after_two_days_a_message_stays() -> None:
    clock = ManualClock(datetime(2026, 11, 2, 9, tzinfo=UTC))
    async with running(clock=clock) as (telegram, bot):
        ada = telegram.add_user("Ada")
        await ada.start()
        sent = await bot.send_message(ada.id, "x")
        assert sent.date == clock.now()
        clock.advance(timedelta(days=2).total_seconds())
        with pytest.raises(BadRequest, match=r"^Message can't be deleted for everyone$"):
            await bot.delete_message(ada.id, sent.message_id)


async def test_replies(bot: Bot, ada: TelegramPerson) -> None:
    question = await ada.say("Frage")
    sent = await bot.send_message(ada.id, "Antwort", reply_parameters=ReplyParameters(question.message_id))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "Frage"
    with pytest.raises(BadRequest, match=r"^Message to be replied not found$"):
        await bot.send_message(ada.id, "x", reply_parameters=ReplyParameters(4711))
    loose = ReplyParameters(4711, allow_sending_without_reply=True)
    assert (await bot.send_message(ada.id, "x", reply_parameters=loose)).reply_to_message is None


async def test_whom_the_bot_may_not_write_to(telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson) -> None:
    with pytest.raises(BadRequest, match=r"^Chat not found$"):
        await bot.send_message(1, "x")
    stranger = telegram.add_user("Bea")
    with pytest.raises(BadRequest, match=r"^Chat not found$"):
        await bot.send_message(stranger.id, "x")
    group = await ada.create_group("Gruppe")
    await ada.add_bot(group)
    with pytest.raises(LookupError):
        await stranger.press("Ja")
    with pytest.raises(BadRequest, match=r"^Chat not found$"):
        await bot.send_message(stranger.id, "x")
    await stranger.join(group)
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "x")
    await ada.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ada.id, "x")
    await ada.unblock()
    await bot.send_message(ada.id, "x")
    await ada.delete_account()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(ada.id, "x")


async def test_groups_that_the_bot_may_not_write_to(bot: Bot, ada: TelegramPerson) -> None:
    group = await ada.create_group("Gruppe")
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(group.id, "x")
    await ada.add_bot(group)
    await ada.mute_bot(group)
    with pytest.raises(BadRequest, match=r"^Not enough rights to send text messages to the chat$"):
        await bot.send_message(group.id, "x")
    await ada.kick_bot(group)
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(group.id, "x")
    forum = await ada.create_forum("Forum")
    await ada.add_bot(forum)
    await ada.kick_bot(forum)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(forum.id, "x")


async def test_an_upgraded_group_has_another_id_and_counts_messages_anew(
    telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson
) -> None:
    group = await ada.create_group("Gruppe")
    await ada.add_bot(group)
    before = await bot.send_message(group.id, "vorher")
    new = await ada.upgrade(group)
    assert new.type == "supergroup"
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(group.id, "x")
    assert migrated.value.new_chat_id == new.id
    with pytest.raises(BadRequest, match=r"^Message can't be edited$"):
        await bot.edit_message_text("x", group.id, before.message_id)
    first = await bot.send_message(new.id, "nachher")
    assert first.message_id == 2  # after the service message
    services = [u.payload for u in telegram.updates[-2:]]
    assert services[0]["migrate_to_chat_id"] == new.id
    assert services[1]["migrate_from_chat_id"] == group.id
    assert services[1]["chat"]["id"] == new.id


async def test_forum_topics(telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson) -> None:
    forum = await ada.create_forum("Camps")
    await ada.add_bot(forum)
    topic = await ada.create_topic(forum, "Herbst")
    sent = await bot.send_message(forum.id, "hallo", message_thread_id=topic.thread_id)
    assert sent.is_topic_message
    assert sent.message_thread_id == topic.thread_id
    assert (await ada.hears("hallo", forum, topic=topic)).topic == topic
    await ada.delete_topic(forum, topic)
    with pytest.raises(BadRequest, match=r"^Message thread not found$"):
        await bot.send_message(forum.id, "x", message_thread_id=topic.thread_id)
    group = await ada.create_group("Gruppe")
    await ada.add_bot(group)
    with pytest.raises(BadRequest, match=r"^Message thread not found$"):
        await bot.send_message(group.id, "x", message_thread_id=1)


async def test_sending_too_fast_is_refused_with_the_time_to_wait() -> None:
    clock = ManualClock(datetime(2026, 11, 2, 9, tzinfo=UTC))
    async with running(clock=clock, limits=Limits(chat_burst=1)) as (telegram, bot):
        ada = telegram.add_user("Ada")
        await ada.start()
        await bot.send_message(ada.id, "1")
        clock.advance(0.5)
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(ada.id, "2")
        assert refused.value.retry_after == timedelta(seconds=1)
        assert telegram.calls[-1].status == 429
        clock.advance(0.5)
        await bot.send_message(ada.id, "3")


async def test_thirty_a_second_over_all_chats() -> None:
    clock = ManualClock(datetime(2026, 11, 2, 9, tzinfo=UTC))
    async with running(clock=clock) as (telegram, bot):
        people = [telegram.add_user(f"P{n}") for n in range(31)]
        for person in people:
            await person.start()
        for person in people[:30]:
            await bot.send_message(person.id, "x")
        with pytest.raises(RetryAfter):
            await bot.send_message(people[30].id, "x")
        clock.advance(1)
        await bot.send_message(people[30].id, "x")


async def test_twenty_a_minute_in_a_group() -> None:
    clock = ManualClock(datetime(2026, 11, 2, 9, tzinfo=UTC))
    async with running(clock=clock) as (telegram, bot):
        ada = telegram.add_user("Ada")
        group = await ada.create_group("Gruppe")
        await ada.add_bot(group)
        for _ in range(20):
            await bot.send_message(group.id, "x")
            clock.advance(1)
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(group.id, "x")
        assert refused.value.retry_after == timedelta(seconds=40)
