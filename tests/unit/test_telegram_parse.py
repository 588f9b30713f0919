"""Telegram updates become requests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from bot.adapters.telegram.parse import BotIdentity, parse
from handlers.core.requests import (
    Actor,
    BotAdded,
    BotRemoved,
    ButtonPress,
    ChatMoved,
    Command,
    OtherMessage,
    Place,
    Request,
    TextMessage,
)

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ME = BotIdentity(700, "kumpel_bot")
ANN: dict[str, Any] = {
    "id": 111,
    "is_bot": False,
    "first_name": "Ann",
    "last_name": "Weiß",
    "username": "ann_w",
    "language_code": "de-AT",
}
BOT_USER: dict[str, Any] = {"id": 700, "is_bot": True, "first_name": "Kumpel", "username": "kumpel_bot"}
DIRECT: dict[str, Any] = {"id": 111, "type": "private", "first_name": "Ann"}
GROUP: dict[str, Any] = {"id": -1005, "type": "supergroup", "title": "Camp Dortmund"}
ANN_ACTOR = Actor("telegram", "111", name="Ann Weiß", handle="ann_w", language="de")


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def entity(kind: str, text: str, part: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": utf16(text[: text.index(part)]), "length": utf16(part), **more}


def read(kind: str, payload: dict[str, Any]) -> Request | None:
    return parse(Update.de_json({"update_id": 42, kind: payload}), ME, NOW)


def message(text: str | None = None, chat: dict[str, Any] = DIRECT, **more: Any) -> Request | None:
    said = {} if text is None else {"text": text}
    return read("message", {"message_id": 7, "date": 1, "from": ANN, "chat": chat, **said, **more})


def command(text: str, chat: dict[str, Any] = DIRECT, **more: Any) -> Request | None:
    return message(text, chat, entities=[entity("bot_command", text, text.split()[0])], **more)


def test_a_direct_message_is_addressed_to_the_bot() -> None:
    assert message("  ist morgen ein platz frei ") == TextMessage(
        delivery_key="telegram:42",
        actor=ANN_ACTOR,
        place=Place("telegram", "111", "direct"),
        received_at=NOW,
        message="7",
        text="ist morgen ein platz frei",
    )


@pytest.mark.parametrize(
    ("code", "language"),
    [("de", "de"), ("de-AT", "de"), ("en-US", "en"), ("EN", "en"), ("tr", ""), ("", ""), (None, "")],
)
def test_the_app_language_is_known_where_we_speak_it(code: str | None, language: str) -> None:
    request = message("hi", **{"from": {"id": 1, "is_bot": False, "first_name": "A", "language_code": code}})
    assert request is not None
    assert request.actor.language == language


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("/start", "start", ""),
        ("/start desk_12", "start", "desk_12"),
        ("/Platz@Kumpel_Bot  morgen früh ", "platz", "morgen früh"),
        ("/platz\nmorgen", "platz", "morgen"),
    ],
)
def test_a_command_has_a_name_and_what_follows(text: str, name: str, rest: str) -> None:
    request = command(text, GROUP)
    assert isinstance(request, Command)
    assert (request.name, request.text) == (name, rest)


def test_a_command_for_another_bot_is_not_for_us() -> None:
    assert command("/start@other_bot", GROUP) is None


def test_a_command_in_the_middle_is_only_text() -> None:
    text = "was macht /start eigentlich"
    assert isinstance(message(text, entities=[entity("bot_command", text, "/start")]), TextMessage)


def test_a_forwarded_command_is_only_text() -> None:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "B"}
    request = command("/start x", forward_origin=origin)
    assert isinstance(request, TextMessage)
    assert request.text == "/start x"
    assert request.forwarded
    assert request.actor.trusted


def test_only_what_somebody_else_wrote_is_forwarded() -> None:
    assert not message("hallo").forwarded
    assert message("hallo", via_bot={"id": 9, "is_bot": True, "first_name": "B", "username": "b_bot"}).forwarded


def test_a_command_keeps_the_people_it_names() -> None:
    text = "/manager 😀 @lea_k und Ole"
    ole = {"id": 5, "is_bot": False, "first_name": "Ole"}
    entities = [
        entity("bot_command", text, "/manager"),
        entity("mention", text, "@lea_k"),
        entity("text_mention", text, "Ole", user=ole),
    ]
    request = message(text, entities=entities)
    assert isinstance(request, Command)
    assert request.text == "😀 @lea_k und @Ole"
    assert request.mentions == (Actor("telegram", "", handle="lea_k"), Actor("telegram", "5", name="Ole"))


def test_group_talk_among_people_is_not_addressed_to_us() -> None:
    request = message("kommt ihr morgen?", GROUP)
    assert isinstance(request, TextMessage)
    assert not request.addressed


def test_a_mention_in_a_group_is_for_us_and_our_name_goes() -> None:
    text = "hallo @Kumpel_bot ist morgen was frei"
    request = message(text, GROUP, entities=[entity("mention", text, "@Kumpel_bot")])
    assert isinstance(request, TextMessage)
    assert request.text == "hallo ist morgen was frei"
    assert request.mentions == ()
    assert request.place == Place("telegram", "-1005", "group", title="Camp Dortmund")


def test_a_mention_of_the_bot_by_id_is_for_us() -> None:
    request = message("Kumpel?", GROUP, entities=[entity("text_mention", "Kumpel?", "Kumpel", user=BOT_USER)])
    assert isinstance(request, TextMessage)
    assert request.text == "?"
    assert request.by_name


def test_an_answer_to_the_bot_is_for_us() -> None:
    asked = {"message_id": 6, "date": 1, "from": BOT_USER, "chat": GROUP, "text": "Welcher Tag?"}
    request = message("morgen", GROUP, reply_to_message=asked)
    assert isinstance(request, TextMessage)
    assert (request.reply_to, request.addressed, request.by_name) == ("6", True, False)


def test_an_answer_to_somebody_else_is_not_for_us() -> None:
    asked = {"message_id": 6, "date": 1, "from": ANN, "chat": GROUP, "text": "Wann?"}
    request = message("morgen", GROUP, reply_to_message=asked)
    assert isinstance(request, TextMessage)
    assert not request.addressed


def test_talk_in_a_topic_that_the_bot_opened_is_no_answer_to_it() -> None:
    opening = {
        "message_id": 3,
        "date": 1,
        "from": BOT_USER,
        "chat": GROUP,
        "forum_topic_created": {"name": "Termine", "icon_color": 1},
    }
    topic = {"message_thread_id": 3, "is_topic_message": True}
    request = message("kommt ihr?", GROUP, reply_to_message=opening, **topic)
    assert isinstance(request, TextMessage)
    assert not request.addressed


def test_a_topic_is_a_thread_and_a_reply_thread_is_none() -> None:
    in_topic = command("/hilfe", GROUP, message_thread_id=3, is_topic_message=True)
    in_replies = command("/hilfe", GROUP, message_thread_id=3)
    assert in_topic is not None
    assert in_topic.place.thread == "3"
    assert in_replies is not None
    assert in_replies.place.thread == ""


def test_a_link_keeps_its_address() -> None:
    text = "schau hier und https://hub.ruhr"
    entities = [
        entity("text_link", text, "hier", url="https://hub.ruhr/x"),
        entity("url", text, "https://hub.ruhr"),
    ]
    request = message(text, entities=entities)
    assert isinstance(request, TextMessage)
    assert request.text == "schau hier (https://hub.ruhr/x) und https://hub.ruhr"


def test_overlong_text_is_cut() -> None:
    request = message("x" * 4096)
    assert isinstance(request, TextMessage)
    assert len(request.text) == 4000


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}], "caption": "guck"},
        {"sticker": {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1, "type": "regular"}
         | {"is_animated": False, "is_video": False}},
        {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 3}},
        {"location": {"latitude": 51.4, "longitude": 7.0}},
        {"contact": {"phone_number": "1", "first_name": "A"}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"story": {"chat": GROUP, "id": 1}},
    ],
)  # fmt: skip
def test_what_the_bot_cannot_read_is_told_in_direct_chats_only(content: dict[str, Any]) -> None:
    assert isinstance(message(**content), OtherMessage)
    assert message(chat=GROUP, **content) is None
    asked = {"message_id": 6, "date": 1, "from": BOT_USER, "chat": GROUP, "text": "Bild?"}
    assert isinstance(message(chat=GROUP, reply_to_message=asked, **content), OtherMessage)


@pytest.mark.parametrize(
    "service",
    [
        {"new_chat_title": "Neu"},
        {"new_chat_members": [ANN]},
        {"migrate_from_chat_id": -5},
        {"group_chat_created": True},
        {"pinned_message": {"chat": DIRECT, "message_id": 1, "date": 0}},
    ],
)
def test_service_messages_ask_nothing(service: dict[str, Any]) -> None:
    assert message(**service) is None
    assert message(chat=GROUP, **service) is None


def test_a_group_that_was_upgraded_has_moved() -> None:
    request = message(chat={"id": -5, "type": "group", "title": "G"}, migrate_to_chat_id=-1009)
    assert isinstance(request, ChatMoved)
    assert (request.place.chat, request.new_chat) == ("-5", "-1009")


def test_an_anonymous_admin_is_nobody_in_particular() -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    request = command("/hilfe", GROUP, **{"from": anonymous, "sender_chat": GROUP})
    assert request is not None
    assert request.actor == Actor("telegram", "anon:-1005", name="Camp Dortmund", trusted=False)


def test_who_speaks_as_a_channel_is_nobody_in_particular() -> None:
    channel_bot = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
    channel = {"id": -1008, "type": "channel", "title": "News"}
    request = command("/hilfe", GROUP, **{"from": channel_bot, "sender_chat": channel})
    assert request is not None
    assert request.actor == Actor("telegram", "anon:-1008", name="News", trusted=False)


def test_other_bots_and_channels_are_not_for_us() -> None:
    other = {"id": 9, "is_bot": True, "first_name": "Other"}
    channel = {"id": -1008, "type": "channel", "title": "News"}
    assert command("/hilfe", GROUP, **{"from": other}) is None
    assert command("/hilfe", channel) is None
    assert command("/hilfe", GROUP, sender_chat=channel, is_automatic_forward=True) is None
    assert read("channel_post", {"message_id": 7, "date": 1, "chat": channel, "text": "x"}) is None


def test_an_edited_message_is_not_for_us() -> None:
    assert read("edited_message", {"message_id": 7, "date": 1, "from": ANN, "chat": DIRECT, "text": "x"}) is None


def press(data: str | None, at: dict[str, Any] | None) -> Request | None:
    query = {"id": "q", "from": ANN, "chat_instance": "1", "data": data}
    return read("callback_query", {**query, "message": at} if at else query)


def test_a_press_carries_its_token_and_message() -> None:
    at = {"message_id": 9, "date": 1, "from": BOT_USER, "chat": GROUP, "text": "?"}
    topic = {"message_thread_id": 3, "is_topic_message": True}
    assert press("desk|12Kabc", {**at, **topic}) == ButtonPress(
        delivery_key="telegram:42",
        actor=ANN_ACTOR,
        place=Place("telegram", "-1005", "group", thread="3", title="Camp Dortmund"),
        received_at=NOW,
        message="9",
        token="desk|12Kabc",
    )


def test_a_press_on_a_message_too_old_to_be_shown_counts() -> None:
    request = press("desk|12Kabc", {"message_id": 9, "date": 0, "chat": DIRECT})
    assert isinstance(request, ButtonPress)
    assert request.message == "9"


def test_presses_that_mean_nothing_are_not_for_us() -> None:
    at = {"message_id": 9, "date": 1, "from": BOT_USER, "chat": GROUP, "text": "?"}
    assert press("-", at) is None
    assert press(None, at) is None
    assert press("desk", None) is None


def membership(chat: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> Request | None:
    changed = {"chat": chat, "from": ANN, "date": 1}
    states = {"old_chat_member": {"user": BOT_USER, **old}, "new_chat_member": {"user": BOT_USER, **new}}
    return read("my_chat_member", changed | states)


MEMBER, LEFT, KICKED = {"status": "member"}, {"status": "left"}, {"status": "kicked", "until_date": 0}
ADMIN_RIGHTS = [
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
]
ADMIN_RIGHTS += ["can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"]
ADMIN_RIGHTS += ["can_post_stories", "can_edit_stories", "can_delete_stories"]
ADMIN = {"status": "administrator", **dict.fromkeys(ADMIN_RIGHTS, False)}
RIGHTS = ["can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics", "can_send_messages"]
RIGHTS += ["can_edit_tag", "can_react_to_messages"]
RIGHTS += ["can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos", "can_send_video_notes"]
RIGHTS += ["can_send_voice_notes", "can_send_polls", "can_send_other_messages", "can_add_web_page_previews"]
MUTED = {"status": "restricted", "is_member": True, "until_date": 0, **dict.fromkeys(RIGHTS, False)}


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (LEFT, MEMBER, BotAdded),
        (KICKED, ADMIN, BotAdded),
        (LEFT, MUTED, BotAdded),
        (MEMBER, LEFT, BotRemoved),
        (ADMIN, KICKED, BotRemoved),
        (MUTED, {**MUTED, "is_member": False}, BotRemoved),
        (MEMBER, ADMIN, type(None)),
        (ADMIN, MUTED, type(None)),
        (LEFT, KICKED, type(None)),
    ],
)
def test_coming_and_going_is_told_and_ranks_are_not(
    old: dict[str, Any], new: dict[str, Any], kind: type[object]
) -> None:
    assert type(membership(GROUP, old, new)) is kind
    assert membership({"id": -1, "type": "channel", "title": "N"}, old, new) is None


def test_blocking_and_unblocking_is_going_and_coming() -> None:
    gone = membership(DIRECT, MEMBER, KICKED)
    assert isinstance(gone, BotRemoved)
    assert gone.place == Place("telegram", "111", "direct")
    assert isinstance(membership(DIRECT, KICKED, MEMBER), BotAdded)
