"""Slack's deliveries as requests: pure functions of the payload and of what is known of people.

Payloads are those of the Events API (``event_callback``), of interactivity (``block_actions``,
``view_submission``, ``shortcut``, ``message_action``) and of slash commands; Socket Mode and HTTP carry the same.
Every account and chat id carries the bot's own workspace, also in channels shared with others.
"""

from __future__ import annotations

from bot.adapters.slack import mrkdwn
from bot.adapters.slack.interactions import (
    parse_action,
    parse_command,
    parse_message_shortcut,
    parse_shortcut,
    parse_submission,
)
from bot.adapters.slack.surroundings import (
    Json,
    Surroundings,
    actor_of,
    direct_place,
    group_place,
    mentioned_actors,
    read_text,
)
from handlers.core.requests import (
    AccountChanged,
    BotAdded,
    BotRemoved,
    ChatMoved,
    HomeOpened,
    OtherMessage,
    Request,
    TextMessage,
)

_SAID = (None, "file_share", "thread_broadcast", "me_message")
"""Subtypes of message events that are people talking; all others are edits, notices or bots."""
_GONE = ("channel_left", "group_left", "channel_archive", "group_archive", "channel_deleted", "group_deleted")
_BACK = ("channel_unarchive", "group_unarchive")


def people_in(body: Json) -> list[str]:
    """Ids of everybody whose profile a delivery needs: who acts, then who is mentioned."""
    event = body.get("event")
    if isinstance(event, dict):
        user, text = event.get("user"), event.get("text")
    else:
        acting = body.get("user")
        user = acting.get("id") if isinstance(acting, dict) else body.get("user_id")
        message = body.get("message")
        text = body.get("text") or (message.get("text") if isinstance(message, dict) else "")
    people = [user] if isinstance(user, str) and user else []
    return people + mrkdwn.mentioned(text) if isinstance(text, str) else people


def parse(body: Json, around: Surroundings) -> Request | None:
    """Return the request that a delivery is; None when it is not for us."""
    match body.get("type"):
        case "event_callback":
            return _event(body, around)
        case "block_actions":
            return parse_action(body, around)
        case "view_submission":
            return parse_submission(body, around)
        case "shortcut":
            return parse_shortcut(body, around)
        case "message_action":
            return parse_message_shortcut(body, around)
        case _ if "command" in body:
            return parse_command(body, around)
        case _:
            return None


def _event(body: Json, around: Surroundings) -> Request | None:
    event: Json = body.get("event") or {}
    kind = event.get("type")
    if kind in ("message", "app_mention"):
        return _message(event, around)
    user, channel = event.get("user") or "", event.get("channel") or ""
    if kind == "user_change" and isinstance(user, dict):
        return _account_changed(user, f"slack:event:{body.get('event_id')}", around)
    if isinstance(user, dict) or isinstance(channel, dict):
        return None  # team_join, channel_rename: they tell of somebody, nobody asks for anything
    key = f"slack:event:{body.get('event_id')}"
    own = around.bot.user
    if kind == "app_home_opened":
        if event.get("tab", "home") != "home" or not user:
            return None
        actor = actor_of(user, around)
        return HomeOpened(delivery_key=key, actor=actor, place=direct_place(actor), received_at=around.now)
    if not channel:
        old, new = event.get("old_channel_id"), event.get("new_channel_id")
        if kind != "channel_id_changed" or not old or not new:
            return None
        return ChatMoved(
            delivery_key=key,
            actor=actor_of(own, around),
            place=group_place(old, around),
            received_at=around.now,
            new_chat=f"{around.bot.team}:{new}",
        )
    joined = (kind == "member_joined_channel" and user == own) or kind in _BACK
    left = (kind == "member_left_channel" and user == own) or kind in _GONE
    if not joined and not left:
        return None
    by = event.get("inviter") or event.get("actor_id") or user or own
    return (BotAdded if joined else BotRemoved)(
        delivery_key=key, actor=actor_of(by, around), place=group_place(channel, around), received_at=around.now
    )


def _account_changed(user: Json, key: str, around: Surroundings) -> Request | None:
    """Return what is told of a person: their standing, or that they are gone; of bots nothing."""
    if not user.get("id") or user.get("is_bot") or user["id"] == around.bot.user:
        return None
    actor = actor_of(user["id"], around)
    return AccountChanged(
        delivery_key=key,
        actor=actor,
        place=direct_place(actor),
        received_at=around.now,
        left=bool(user.get("deleted")),
    )


def _message(event: Json, around: Surroundings) -> Request | None:
    user, channel, ts = event.get("user"), event.get("channel"), event.get("ts")
    bot = around.bot
    if not user or not channel or not ts or user in (bot.user, "USLACKBOT") or event.get("bot_id"):
        return None
    if event.get("subtype") not in _SAID or event.get("hidden"):
        return None
    actor = actor_of(user, around, event.get("user_team") or event.get("team") or "")
    direct = event.get("channel_type") == "im" or channel.startswith("D")
    thread = event.get("thread_ts") or ""
    said = read_text(event.get("text") or "", around)
    addressed = (
        direct
        or said.to_bot
        or event.get("type") == "app_mention"
        or bool(thread and event.get("parent_user_id") == bot.user)
    )
    place = direct_place(actor, thread) if direct else group_place(channel, around, thread or ts)
    key = f"slack:msg:{bot.team}:{channel}:{ts}"
    message = f"{channel}:{ts}"
    if not said.text and not said.to_bot:
        if not direct:
            return None
        return OtherMessage(delivery_key=key, actor=actor, place=place, received_at=around.now, message=message)
    return TextMessage(
        delivery_key=key,
        actor=actor,
        place=place,
        received_at=around.now,
        message=message,
        text=said.text,
        addressed=addressed,
        mentions=mentioned_actors(said, around),
        reply_to=f"{channel}:{thread}" if thread and thread != ts else "",
        by_name=said.to_bot or event.get("type") == "app_mention",
    )
