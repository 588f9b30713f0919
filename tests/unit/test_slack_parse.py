"""Slack payloads as requests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack import mrkdwn
from bot.adapters.slack.limits import INCOMING_TEXT
from bot.adapters.slack.parse import parse, people_in
from bot.adapters.slack.people import Profile, profile_of
from bot.adapters.slack.surroundings import Identity, Surroundings
from handlers.core.requests import (
    AccountChanged,
    BotAdded,
    BotRemoved,
    ButtonPress,
    ChatMoved,
    Command,
    FormSubmitted,
    HomeOpened,
    OtherMessage,
    Picked,
    Place,
    TextMessage,
)

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PEOPLE = {
    "U1": Profile("Aylin", "aylin", "de", trusted=True),
    "U2": Profile("Ben", "ben", "en", trusted=True),
    "U3": Profile("Gast", "gast", "en", trusted=False),
}
AROUND = Surroundings(Identity("T1", "UBOT", "BBOT", "A1"), PEOPLE.get, {"DOWN"}, NOW)


def event(**fields: Any) -> dict[str, Any]:
    message = {
        "type": "message",
        "user": "U1",
        "channel": "C1",
        "channel_type": "channel",
        "ts": "17.1",
        "text": "hi",
    }
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": message | fields}


def said(**fields: Any) -> TextMessage:
    request = parse(event(**fields), AROUND)
    assert isinstance(request, TextMessage)
    return request


def command(text: str, **fields: Any) -> Command:
    body = {
        "command": "/kumpel",
        "text": text,
        "user_id": "U1",
        "user_name": "aylin",
        "team_id": "T1",
        "channel_id": "C1",
        "trigger_id": "1.2.3",
        "response_url": "https://hooks.example/1",
    }
    request = parse(body | fields, AROUND)
    assert isinstance(request, Command)
    return request


def action(element: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": "U1", "username": "aylin", "team_id": "T1"},
        "trigger_id": "1.2.3",
        "response_url": "https://hooks.example/1",
        "container": {"type": "message", "message_ts": "17.1", "channel_id": "C1", "is_ephemeral": False},
        "channel": {"id": "C1"},
        "message": {"ts": "17.1"},
        "actions": [element],
        **fields,
    }


BUTTON = {"type": "button", "action_id": "0:", "value": "token"}


@pytest.mark.parametrize(
    ("fields", "addressed", "thread"),
    [
        ({}, False, "17.1"),
        ({"text": "<@UBOT> hi"}, True, "17.1"),
        ({"type": "app_mention", "text": "<@UBOT> hi"}, True, "17.1"),
        ({"thread_ts": "16.1"}, False, "16.1"),
        ({"thread_ts": "16.1", "parent_user_id": "UBOT"}, True, "16.1"),
        ({"channel_type": "im", "channel": "D1"}, True, ""),
        ({"channel_type": "im", "channel": "D1", "thread_ts": "16.1"}, True, "16.1"),
        ({"channel_type": "mpim", "channel": "G1"}, False, "17.1"),
        ({"subtype": "file_share"}, False, "17.1"),
        ({"subtype": "thread_broadcast", "thread_ts": "16.1"}, False, "16.1"),
    ],
)
def test_who_a_message_is_meant_for_and_where_its_answer_goes(
    fields: dict[str, Any], addressed: bool, thread: str
) -> None:
    message = said(**fields)
    assert (message.text, message.addressed, message.place.thread) == ("hi", addressed, thread)


def test_a_mention_calls_the_bot_by_name_and_a_thread_below_it_does_not() -> None:
    below = {"thread_ts": "16.1", "parent_user_id": "UBOT"}
    assert [said(**fields).by_name for fields in ({}, below)] == [False, False]
    assert [said(**fields).by_name for fields in ({"text": "<@UBOT> hi"}, {"type": "app_mention"})] == [True, True]
    assert said(**below).reply_to == "C1:16.1"


def test_a_mention_and_its_message_share_their_key() -> None:
    assert said(text="<@UBOT> hi").delivery_key == said(type="app_mention", text="<@UBOT> hi").delivery_key
    assert said().delivery_key == "slack:msg:T1:C1:17.1"


def test_the_direct_chat_is_the_person() -> None:
    message = said(channel_type="im", channel="D1")
    assert message.place == Place("slack", message.actor.account, "direct")
    assert message.actor.account == "T1:U1"
    assert message.message == "D1:17.1"


@pytest.mark.parametrize(
    "fields",
    [
        {"bot_id": "B2"},
        {"subtype": "bot_message", "user": None, "bot_id": "B2"},
        {"user": "UBOT"},
        {"user": "USLACKBOT"},
        {"subtype": "message_changed", "message": {"text": "x"}},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"user": None},
        {"text": "", "files": [{"id": "F1"}]},
        {"hidden": True},
    ],
)
def test_what_is_not_people_talking_to_it_is_passed_over(fields: dict[str, Any]) -> None:
    assert parse(event(**fields), AROUND) is None


def test_a_picture_in_the_direct_chat_is_another_message() -> None:
    request = parse(event(channel_type="im", channel="D1", text="", subtype="file_share", files=[{}]), AROUND)
    assert isinstance(request, OtherMessage)
    assert said(channel_type="im", channel="D1", subtype="file_share", files=[{}]).text == "hi"


def test_a_bare_mention_is_an_addressed_message_without_text() -> None:
    message = said(text="<@UBOT>")
    assert (message.text, message.addressed) == ("", True)


@pytest.mark.parametrize(
    ("fields", "trusted"),
    [
        ({}, True),
        ({"user": "U3"}, False),
        ({"user": "U9"}, False),
        ({"user_team": "T2"}, False),
        ({"team": "T1"}, True),
    ],
)
def test_guests_strangers_and_unknown_people_are_not_trusted(fields: dict[str, Any], trusted: bool) -> None:
    assert said(**fields).actor.trusted is trusted


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<https://hub.ruhr|hub.ruhr>", "hub.ruhr"),
        ("<http://hub.ruhr/>", "http://hub.ruhr/"),
        ("<https://hub.ruhr/faq|die Antworten>", "die Antworten (https://hub.ruhr/faq)"),
        ("<mailto:a@b.de|a@b.de>", "a@b.de"),
        ("<#C1|allgemein> <!here> <!subteam^S1|@team> <!date^1^{date}|heute>", "#allgemein @here @team heute"),
        ("<@U1> <@U2|ben> <@U9|neun> <@U8> <@UBOT|kumpel>", "@Aylin @Ben @neun @U8"),
        ("a\x00b\u202ec\r\nd", "abc\nd"),
        ("  viel \t  Platz  ", "viel Platz"),
    ],
)
def test_text_reads_as_people_see_it(text: str, read: str) -> None:
    assert said(text=text).text == read


def test_mentioned_people_come_along_in_order() -> None:
    message = said(text="<@U2> und <@U1> und <@U2> <@UBOT>")
    assert [actor.account for actor in message.mentions] == ["T1:U2", "T1:U1"]
    assert people_in(event(text="<@U2> <@U1>")) == ["U1", "U2", "U1"]


@given(st.text(max_size=6000))
def test_any_text_can_be_read(text: str) -> None:
    read = mrkdwn.read(text, "UBOT", lambda user, label: label or user)
    assert len(read.text) <= INCOMING_TEXT
    read.text.encode()
    assert "\u202e" not in read.text


def test_a_command_is_its_first_word_and_the_rest() -> None:
    here = command("Here  <@U2|ben> managers")
    assert (here.name, here.text) == ("here", "@Ben managers")
    assert [actor.account for actor in here.mentions] == ["T1:U2"]
    assert here.can_open_form
    assert here.delivery_key == "slack:trigger:1.2.3"
    assert here.place == Place("slack", "T1:C1", "group", reply_via="https://hooks.example/1")
    assert (command("").name, command("  ").name) == ("help", "help")
    assert command("morgen", command="/platz").name == "platz"
    assert command("morgen", command="/platz").text == "morgen"


def test_a_command_between_two_people_is_answered_where_it_was_typed_in_the_bots_own_chat_it_stays() -> None:
    assert command("x", channel_id="D9").place == Place(
        "slack", "T1:U1", "direct", reply_via="https://hooks.example/1"
    )
    assert command("x", channel_id="DOWN").place == Place("slack", "T1:U1", "direct")


def test_a_press_carries_its_token_and_its_message() -> None:
    press = parse(action(BUTTON), AROUND)
    assert isinstance(press, ButtonPress)
    assert (press.token, press.message, press.delivery_key) == ("token", "C1:17.1", "slack:trigger:1.2.3")
    assert press.can_open_form
    threaded = parse(action(BUTTON, message={"ts": "17.1", "thread_ts": "16.1"}), AROUND)
    assert threaded is not None
    assert threaded.place.thread == "16.1"


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "static_select", "action_id": "3:t|x", "selected_option": {"value": "v"}}, "v"),
        ({"type": "datepicker", "action_id": "12:t|x", "selected_date": "2026-11-24"}, "2026-11-24"),
    ],
)
def test_a_pick_carries_its_token_and_value(element: dict[str, Any], value: str) -> None:
    picked = parse(action(element), AROUND)
    assert isinstance(picked, Picked)
    assert (picked.token, picked.value) == ("t|x", value)


@pytest.mark.parametrize(
    "element",
    [
        {"type": "button", "action_id": "0:", "url": "https://hub.ruhr"},
        {"type": "datepicker", "action_id": "0:t", "selected_date": None},
        {"type": "static_select", "action_id": "0:t", "selected_option": None},
        {"type": "overflow", "action_id": "0:t"},
    ],
)
def test_links_and_emptied_pickers_are_nothing(element: dict[str, Any]) -> None:
    assert parse(action(element), AROUND) is None


def test_an_ephemeral_message_can_only_be_answered_through_its_url() -> None:
    container = {"type": "message", "message_ts": "17.1", "channel_id": "C1", "is_ephemeral": True}
    press = parse(action(BUTTON, container=container), AROUND)
    assert press is not None
    assert (press.message, press.place.reply_via) == ("", "https://hooks.example/1")


def test_a_press_in_home_or_modal_belongs_to_the_direct_chat() -> None:
    body = action(
        BUTTON, container={"type": "view", "view_id": "V1"}, view={"type": "home"}, channel=None, message=None
    )
    press = parse(body, AROUND)
    assert press is not None
    assert press.place == Place("slack", "T1:U1", "direct")


def submission(**fields: Any) -> dict[str, Any]:
    values = {
        "topic": {"value": {"type": "plain_text_input", "value": " Pilotkunden "}},
        "empty": {"value": {"type": "plain_text_input", "value": None}},
        "camp": {"value": {"type": "static_select", "selected_option": {"value": "d"}}},
        "none": {"value": {"type": "static_select", "selected_option": None}},
        "day": {"value": {"type": "datepicker", "selected_date": "2026-11-24"}},
    }
    view = {"callback_id": "mentor", "private_metadata": "i1", "hash": "h1", "state": {"values": values}}
    user = {"id": "U1", "username": "aylin", "team_id": "T1"}
    return {"type": "view_submission", "user": user, "trigger_id": "1.2.4", "view": view | fields}


def test_a_form_comes_back_without_its_empty_fields() -> None:
    form = parse(submission(), AROUND)
    assert isinstance(form, FormSubmitted)
    assert (form.form, form.instance) == ("mentor", "i1")
    assert form.values == {"topic": "Pilotkunden", "camp": "d", "day": "2026-11-24"}
    assert form.place.kind == "direct"


def test_a_corrected_form_is_a_new_delivery_and_the_same_again_is_not() -> None:
    corrected = {"topic": {"value": {"type": "plain_text_input", "value": "anders"}}}
    first, again = parse(submission(), AROUND), parse(submission(), AROUND)
    other = parse(submission(state={"values": corrected}), AROUND)
    updated = parse(submission(hash="h2"), AROUND)
    assert first is not None
    assert again is not None
    assert other is not None
    assert updated is not None
    assert first.delivery_key == again.delivery_key
    assert len({first.delivery_key, other.delivery_key, updated.delivery_key}) == 3
    assert first.delivery_key.startswith("slack:form:i1:")


def test_shortcuts_are_commands_of_their_callback_id() -> None:
    user = {"id": "U1", "username": "aylin", "team_id": "T1"}
    body: dict[str, Any] = {"type": "shortcut", "user": user, "callback_id": "book_desk", "trigger_id": "1.2.5"}
    shortcut = parse(body, AROUND)
    assert isinstance(shortcut, Command)
    assert (shortcut.name, shortcut.text, shortcut.can_open_form) == ("book_desk", "", True)
    about = {
        "message": {"ts": "17.1", "text": "wo &amp; wann"},
        "channel": {"id": "C1"},
        "response_url": "https://u",
    }
    asked = parse(body | {"type": "message_action", "callback_id": "ask_human"} | about, AROUND)
    assert isinstance(asked, Command)
    assert (asked.name, asked.text, asked.message) == ("ask_human", "wo & wann", "C1:17.1")
    assert asked.place == Place("slack", "T1:C1", "group", reply_via="https://u")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"type": "member_joined_channel", "user": "UBOT", "inviter": "U1"}, BotAdded),
        ({"type": "member_left_channel", "user": "UBOT"}, BotRemoved),
        ({"type": "channel_left", "user": None, "actor_id": "U1"}, BotRemoved),
        ({"type": "channel_archive"}, BotRemoved),
        ({"type": "group_deleted", "user": None}, BotRemoved),
        ({"type": "channel_unarchive"}, BotAdded),
    ],
)
def test_coming_and_going_of_the_bot(fields: dict[str, Any], kind: type[Any]) -> None:
    request = parse(event(**fields), AROUND)
    assert isinstance(request, kind)
    assert request.place == Place("slack", "T1:C1", "group")
    assert request.delivery_key == "slack:event:Ev1"


def test_other_peoples_coming_and_going_is_nothing() -> None:
    assert parse(event(type="member_joined_channel"), AROUND) is None
    assert parse(event(type="team_join", user={"id": "U1"}), AROUND) is None
    assert parse(event(type="channel_rename", channel={"id": "C1", "name": "neu"}), AROUND) is None
    assert parse({"type": "app_rate_limited"}, AROUND) is None


@pytest.mark.parametrize("left", [False, True])
def test_what_slack_tells_of_a_person_is_told_on(left: bool) -> None:
    changed = parse(event(type="user_change", user={"id": "U3", "deleted": left}), AROUND)
    assert isinstance(changed, AccountChanged)
    assert (changed.actor.account, changed.actor.trusted, changed.left) == ("T1:U3", False, left)
    assert changed.place == Place("slack", "T1:U3", "direct")


def test_what_slack_tells_of_bots_is_nothing() -> None:
    for user in ({"id": "U9", "is_bot": True, "deleted": True}, {"id": AROUND.bot.user, "deleted": True}, {}):
        assert parse(event(type="user_change", user=user), AROUND) is None


def test_a_channel_with_a_new_id_has_moved() -> None:
    fields = {"type": "channel_id_changed", "old_channel_id": "G1", "new_channel_id": "C2", "channel": None}
    moved = parse(event(**fields), AROUND)
    assert isinstance(moved, ChatMoved)
    assert (moved.place.chat, moved.new_chat) == ("T1:G1", "T1:C2")


def test_only_the_home_tab_is_home() -> None:
    assert isinstance(parse(event(type="app_home_opened", tab="home", channel="D1"), AROUND), HomeOpened)
    assert parse(event(type="app_home_opened", tab="messages", channel="D1"), AROUND) is None


@pytest.mark.parametrize("mark", ["is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted"])
def test_only_full_members_are_trusted(mark: str) -> None:
    user = {"id": "U1", "team_id": "T1", "name": "x", "is_admin": True, "locale": "de-DE", "profile": {}}
    assert profile_of(user, "T1") == Profile("x", "x", "de", trusted=True, admin=True)
    guest = mark in ("is_restricted", "is_ultra_restricted")
    expected = Profile("x", "x", "de", guest=guest, left=mark == "deleted")
    assert profile_of(user | {mark: True}, "T1") == expected
    assert not profile_of(user | {mark: True}, "T2").guest
    assert not profile_of(user, "T2").trusted
    assert profile_of(user | {"locale": "fr-FR"}, "T1").language == "en"
    assert profile_of({"id": "U1"}, "T1").language == ""


@pytest.mark.parametrize(
    "typed",
    [
        "ist <b>fett</b> frei",
        "<script>alert(1)</script>",
        '<a href="https://evil.example/a">da</a>',
        "a <3 b > c",
        "<SAP: neu>",
    ],
)
def test_what_a_slash_command_holds_in_angle_brackets_and_is_nothing_of_slack_s_stays(typed: str) -> None:
    assert mrkdwn.read(typed, "UBOT", lambda user, label: label or user).text == typed


def test_links_people_and_channels_are_read_as_before() -> None:
    text = "<https://hub.ruhr|hub.ruhr> <mailto:a@b.de|a@b.de> <tel:+49201> <@U2|tom> <#C1|plaetze> <!here>"
    said = mrkdwn.read(text, "UBOT", lambda user, label: label or user)
    assert said.text == "hub.ruhr a@b.de +49201 @tom #plaetze @here"
