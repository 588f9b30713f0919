"""What a call was made for: told from the keys, references and ids that the call itself carries."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.faults import Call
from bot.sandbox.slack.world import World as SlackWorld
from bot.sandbox.telegram.updates import UpdateQueue
from storage.sendings import Sending

Json = dict[str, Any]

CHATTER = frozenset(
    (
        *(
            "apps.connections.open",
            "auth.test",
            "bots.info",
            "getMe",
            "getUpdates",
            "getWebhookInfo",
            "setWebhook",
        ),
        *("deleteWebhook", "getMyCommands", "setMyCommands", "deleteMyCommands"),
    )
)
"""Calls by which the bot is there at all, whoever says what."""

_BY_CHANNEL = (
    "conversations.history",
    "conversations.open",
    "conversations.replies",
    "files.completeUploadExternal",
)


def slack_serves(world: SlackWorld, call: Call, sending: Sending) -> bool:
    """Is this call part of this send?"""
    params = call.params
    place, chat, audience = str(params.get("channel") or ""), _tail(sending.chat), _tail(sending.audience)
    match call.method:
        case "chat.postMessage":
            return sent_key(params.get("metadata")) == sending.key
        case "chat.update" | "chat.delete":
            return f"{place}:{params.get('ts')}" == sending.ref
        case "files.delete":
            return sending.ref.endswith(f":{params.get('file')}")
        case "views.publish":
            return sending.surface == "home" and params.get("user_id") == chat
        case "chat.postEphemeral":
            return (place, params.get("user")) == (chat, audience)
        case "response_url":
            return bool(call.about) and sending.reply_via.endswith(f"/{call.about}")
        case (
            "files.completeUploadExternal"
            | "conversations.history"
            | "conversations.replies"
            | "conversations.open"
        ):
            wanted = place or str(params.get("channel_id") or params.get("users") or "")
            return bool(wanted) and not {chat, audience}.isdisjoint({wanted, *_others(world, wanted)})
    return False


def telegram_serves(call: Call, sending: Sending) -> bool:
    """Is this call part of this send? A chat gets one message at a time, which is what tells new ones apart."""
    params, method = call.params, call.method.lower()
    to = sending.audience if sending.kind == "group" and sending.audience else sending.chat
    if str(params.get("chat_id")) != to:
        return False
    if method.startswith(("edit", "delete")):
        return str(params.get("message_id")) == sending.ref
    return method.startswith("send") and not sending.ref


def slack_places(world: SlackWorld, call: Call) -> frozenset[str]:
    """Where people see what the call does: channels, or the ``home`` or ``view`` of one person."""
    if call.method.startswith("views."):
        return frozenset({"home", "view"})
    if call.method == "response_url":
        url = world.workspace.response_urls.get(call.about)
        return frozenset({url.channel} if url else ())
    place = str(call.params.get("channel") or call.params.get("channel_id") or "")
    if place not in world.workspace.users:
        return frozenset({place})
    im = world.workspace.im_between(place, world.bot.id)
    # Without one yet, the call itself opens it: then any new one is meant.
    return frozenset({im.id} if im else ())


def upload_of(call: Call) -> str:
    """The file that one of the three steps of an upload is about; empty if it is none, or not known yet."""
    match call.method:
        case "files.getUploadURLExternal":
            return str(call.answer.get("file_id") or "")
        case "upload":
            return call.about
        case "files.completeUploadExternal":
            files = _decoded(call.params.get("files"))
            return str(files[0].get("id") or "") if isinstance(files, list) and files else ""
    return ""


def asks_about(call: Call) -> set[str]:
    """The users, channels and chats that a question is about."""
    names = ("user", "users", "channel", "chat_id", "user_id")
    return {str(call.params[name]) for name in names if call.params.get(name)}


def slack_key(team: str, body: Json) -> str:
    """The delivery key that the bot makes of a payload; of a form without its last part, a hash of its values."""
    event = body.get("event")
    if isinstance(event, dict):
        if event.get("type") in ("message", "app_mention"):
            return f"slack:msg:{team}:{event.get('channel')}:{event.get('ts')}"
        return f"slack:event:{body.get('event_id')}"
    view = body.get("view") or {}
    if body.get("type") == "view_submission":
        return f"slack:form:{view.get('private_metadata') or ''}:{view.get('hash', '')}"
    return f"slack:trigger:{body.get('trigger_id')}"


def telegram_update(queue: UpdateQueue, delivery_key: str) -> Json | None:
    """The update with a delivery key."""
    number = delivery_key.partition(":")[2]
    return next((update.json() for update in reversed(queue.history) if str(update.update_id) == number), None)


def slack_subject(body: Json) -> tuple[str, str, str] | None:
    """The message that a payload is about: place, id, and whether it was ``said`` or ``pressed``."""
    event, container, view = body.get("event"), body.get("container") or {}, body.get("view") or {}
    if isinstance(event, dict):
        said = event.get("channel"), event.get("ts"), "said"
        return (str(said[0]), str(said[1]), "said") if event.get("ts") else None
    if container.get("message_ts"):
        return str(container.get("channel_id")), str(container["message_ts"]), "pressed"
    if view.get("type") == "home":
        return "home", str((body.get("user") or {}).get("id")), "pressed"
    return ("view", str(view["id"]), "pressed") if view.get("id") else None


def telegram_subject(update: Json) -> tuple[str, str, str] | None:
    """The same of an update."""
    press = update.get("callback_query") or {}
    message = update.get("message") or press.get("message")
    if not message:
        return None
    return str(message["chat"]["id"]), str(message["message_id"]), "pressed" if press else "said"


def sent_key(metadata: Any) -> str:
    """The key that a message carries as Slack's metadata."""
    found = _decoded(metadata)
    payload = found.get("event_payload") if isinstance(found, dict) else None
    return str(payload.get("key") or "") if isinstance(payload, dict) else ""


def _others(world: SlackWorld, channel: str) -> list[str]:
    """Who has this direct message with the bot."""
    found = world.workspace.channels.get(channel)
    return found.members if found and found.kind == "im" else []


def _decoded(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return None


def _tail(account: str) -> str:
    return account.rpartition(":")[2]
