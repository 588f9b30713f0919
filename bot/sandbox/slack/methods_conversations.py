"""conversations.*: opening, looking up and reading conversations."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.slack import objects
from bot.sandbox.slack.api import ApiError, Args, decode_cursor, encode_cursor, need_scope, page
from bot.sandbox.slack.methods_chat import find_channel
from bot.sandbox.slack.state import Channel, Message
from bot.sandbox.slack.world import World

Json = dict[str, Any]

MOST_MEMBERS_OF_MPIM = 8  # too_many_users (error list of conversations.open)
HISTORY_PAGE = 100  # default; at most 999 (docs.slack.dev/reference/methods/conversations.history)
MOST_MESSAGES = 999
#: What the scopes of a type of conversation begin with (docs.slack.dev/reference/scopes).
_SCOPES = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def open_conversation(world: World, args: Args) -> Json:
    """conversations.open: by channel, or by one user (a direct message) or several (a group message)."""
    if args.text("channel"):
        channel = find_channel(world, args.text("channel"))
        if channel.kind not in ("im", "mpim"):
            raise ApiError("method_not_supported_for_channel_type")
    else:
        users = [part for part in args.text("users").split(",") if part]
        need_scope(args.token, "mpim:write" if len(users) > 1 else "im:write")
        channel = _with_users(world, users)
    already = {"no_op": True, "already_open": True} if channel.is_open and channel.messages else {}
    channel.is_open = True
    full = objects.channel(world, channel) if args.flag("return_im") else {"id": channel.id}
    return {"ok": True, **already, "channel": full}


def _with_users(world: World, ids: list[str]) -> Channel:
    if not ids:
        raise ApiError("users_list_not_supplied")
    if len(ids) > MOST_MEMBERS_OF_MPIM:
        raise ApiError("too_many_users")
    users = [world.workspace.users.get(user_id) for user_id in ids]
    known = [user for user in users if user is not None]
    if len(known) < len(users):
        raise ApiError("user_not_found")
    if any(user.deleted for user in known):
        raise ApiError("user_disabled")
    if any(user.is_bot for user in known):
        raise ApiError("cannot_dm_bot")
    if len(known) == 1:
        return world.im_with(known[0])
    members = {world.bot.id, *ids}
    for channel in world.workspace.channels.values():
        if channel.kind == "mpim" and set(channel.members) == members:
            return channel
    name = "mpdm-" + "--".join(user.name.lower() for user in known) + "-1"
    return world.add_channel(name, "mpim", world.bot, [world.bot.id, *ids])


def info(world: World, args: Args) -> Json:
    """conversations.info."""
    channel = _known(world, args)
    shown = objects.channel(world, channel, num_members=args.flag("include_num_members"))
    if args.flag("include_locale"):
        shown["locale"] = "en-US"
    return {"ok": True, "channel": shown}


def list_conversations(world: World, args: Args) -> Json:
    """conversations.list: public channels by default, private ones only where the bot is in."""
    wanted = [part.strip() for part in (args.text("types") or "public_channel").split(",")]
    if any(part not in _TYPES for part in wanted):
        raise ApiError("invalid_types")
    kinds = {_TYPES[part] for part in wanted}
    for kind in sorted(kinds):
        need_scope(args.token, f"{_SCOPES[kind]}:read")
    seen = [
        channel
        for channel in world.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or world.bot.id in channel.members)
        and not (channel.is_archived and args.flag("exclude_archived"))
    ]
    part, cursor = page(seen, args, 100, 999, "team")
    return {
        "ok": True,
        "channels": [objects.channel(world, channel, num_members=True) for channel in part],
        "response_metadata": {"next_cursor": cursor},
    }


def members(world: World, args: Args) -> Json:
    """conversations.members."""
    channel = _known(world, args)
    part, cursor = page(channel.members, args, 100, 1000, "user")
    return {"ok": True, "members": part, "response_metadata": {"next_cursor": cursor}}


def join(world: World, args: Args) -> Json:
    """conversations.join: public channels only; joining again is a warning, no refusal."""
    channel = find_channel(world, args.need("channel"))
    if channel.kind != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    answer: Json = {"ok": True}
    if world.bot.id in channel.members:
        answer |= {
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    world.join(channel, world.bot)
    return answer | {"channel": objects.channel(world, channel)}


def _known(world: World, args: Args) -> Channel:
    channel = find_channel(world, args.need("channel"))
    need_scope(args.token, f"{_SCOPES[channel.kind]}:read")
    return channel


def _readable(world: World, args: Args) -> Channel:
    channel = find_channel(world, args.need("channel"))
    need_scope(args.token, f"{_SCOPES[channel.kind]}:history")
    if world.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _between(args: Args, messages: list[Message]) -> list[Message]:
    """Messages after ``oldest`` and before ``latest``; with ``inclusive`` also those exactly there."""
    bounds: dict[str, int | None] = {}
    for name in ("oldest", "latest"):
        text = args.text(name)
        if text and not re.fullmatch(r"\d+(\.\d+)?", text):
            raise ApiError(f"invalid_ts_{name}")
        bounds[name] = _micros(text) if text and text != "0" else None
    oldest, latest = bounds["oldest"], bounds["latest"]
    slack = 0 if args.flag("inclusive") else 1

    def inside(message: Message) -> bool:
        at = _micros(message.ts)
        return (oldest is None or at >= oldest + slack) and (latest is None or at <= latest - slack)

    return [message for message in messages if inside(message)]


def _micros(ts: str) -> int:
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int((fraction + "000000")[:6])


def _message_page(args: Args, default: int) -> tuple[int, int]:
    """Where the page starts, as microseconds (0: at the beginning), and how many it holds."""
    limit = args.number("limit", default)
    return decode_cursor(args.text("cursor"), "next_ts"), min(limit or default, MOST_MESSAGES)


def history(world: World, args: Args) -> Json:
    """conversations.history: newest first, without replies and ephemerals."""
    channel = _readable(world, args)
    shown = [m for m in channel.messages if m.thread_ts in (None, m.ts) or m.subtype == "thread_broadcast"]
    found = list(reversed(_between(args, shown)))
    start, limit = _message_page(args, HISTORY_PAGE)
    if start:
        found = [message for message in found if _micros(message.ts) <= start]
    answer: Json = {
        "ok": True,
        "messages": [
            objects.message(world, message, metadata=args.flag("include_all_metadata"))
            for message in found[:limit]
        ],
        "has_more": len(found) > limit,
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    if len(found) > limit:
        cursor = encode_cursor("next_ts", _micros(found[limit].ts))
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def replies(world: World, args: Args) -> Json:
    """conversations.replies: the parent, then its replies, oldest first."""
    channel = _readable(world, args)
    root = channel.message(args.need("ts"))
    if root is None:
        raise ApiError("thread_not_found")
    following = [m for m in channel.messages if m.thread_ts == root.ts and m is not root]
    start, limit = _message_page(args, MOST_MESSAGES)
    found = _between(args, following)
    if start:
        found = [message for message in found if _micros(message.ts) >= start]
    answer: Json = {
        "ok": True,
        "messages": [
            objects.message(world, message, metadata=args.flag("include_all_metadata"))
            for message in [root, *found[:limit]]
        ],
        "has_more": len(found) > limit,
    }
    if len(found) > limit:
        cursor = encode_cursor("next_ts", _micros(found[limit].ts))
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer
