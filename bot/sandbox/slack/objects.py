"""Slack's own objects as its methods and events show them: messages, users, conversations, views, files.

Keys: the samples of slackapi/java-slack-sdk (json-logs/samples/api) and the examples on the methods' pages.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from bot.sandbox.slack.state import Channel, Message, UploadedFile, User, View

if TYPE_CHECKING:
    from bot.sandbox.slack.world import World

Json = dict[str, Any]

_ICONS = {
    f"image_{size}": f"https://a.slack-edge.com/80588/img/plugins/app/bot_{size}.png" for size in (36, 48, 72)
}


def bot_profile(world: World, bot: User) -> Json:
    """Who posted, for messages of a bot."""
    return {
        "id": bot.bot_id,
        "deleted": bot.deleted,
        "name": bot.real_name,
        "updated": bot.updated,
        "app_id": bot.app_id,
        "icons": dict(_ICONS),
        "team_id": bot.team_id,
    }


def message(world: World, message: Message, *, metadata: bool = False) -> Json:
    """A message object; replies and metadata only as far as the place it stands in shows them."""
    shown: Json = {"type": "message", "ts": message.ts, "text": message.text}
    if message.subtype:
        shown["subtype"] = message.subtype
    if message.user:
        shown["user"] = message.user
        shown["team"] = world.workspace.users[message.user].team_id
    if message.client_msg_id:
        shown["client_msg_id"] = message.client_msg_id
    if message.bot_id:
        bot = world.user_of_bot(message.bot_id)
        shown |= {"bot_id": message.bot_id, "app_id": bot.app_id, "bot_profile": bot_profile(world, bot)}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.files:
        shown["files"] = [file(world, item) for item in message.files]
        shown |= {"upload": False, "display_as_bot": False}
    if message.edited:
        shown["edited"] = dict(message.edited)
    if message.inviter:
        shown["inviter"] = message.inviter
    if message.metadata and metadata:
        shown["metadata"] = message.metadata
    return shown | _thread(world, message)


def _thread(world: World, message: Message) -> Json:
    channel = world.workspace.channels[message.channel]
    if message.thread_ts and message.thread_ts != message.ts:
        parent = channel.message(message.thread_ts)
        shown: Json = {"thread_ts": message.thread_ts}
        if parent and parent.user:
            shown["parent_user_id"] = parent.user
        return shown
    replies = [other for other in channel.messages if other.thread_ts == message.ts and other is not message]
    if not replies or message.ephemeral_for:
        return {}
    people = list(dict.fromkeys(reply.user for reply in replies if reply.user))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(people),
        "latest_reply": replies[-1].ts,
        "reply_users": people,
        "is_locked": False,
        "subscribed": True,
    }


def user(world: World, user: User, *, locale: bool = False) -> Json:
    """A user object, as users.info and users.list show it."""
    first, _, last = user.real_name.partition(" ")
    profile: Json = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": hashlib.sha1(user.id.encode(), usedforsecurity=False).hexdigest()[:12],
        "team": user.team_id,
    }
    if user.email:
        profile["email"] = user.email
    if user.is_bot:
        profile |= {"api_app_id": user.app_id, "bot_id": user.bot_id, "always_active": True}
    shown: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "color": "9f69e7",
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "profile": profile,
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
        "is_email_confirmed": not user.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }
    if user.is_stranger:
        shown["is_stranger"] = True
    if locale:
        shown["locale"] = user.locale
    return shown


def channel(world: World, channel: Channel, *, num_members: bool = False) -> Json:
    """A conversation object, seen by the bot."""
    is_member = world.bot.id in channel.members
    shown: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": world.workspace.team_id,
        "updated": channel.created * 1000,
    }
    if channel.kind == "im":
        other = next(member for member in channel.members if member != world.bot.id)
        deleted = world.workspace.users[other].deleted
        return shown | {"user": other, "is_user_deleted": deleted, "is_open": channel.is_open, "priority": 0}
    shown |= {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_general": channel.name == "general",
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "unlinked": 0,
        "creator": channel.creator,
        "is_member": is_member,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "previous_names": [],
    }
    if num_members:
        shown["num_members"] = len(channel.members)
    return shown


def view(world: World, view: View) -> Json:
    """A view as views.* answer it and as interactions carry it."""
    definition = view.definition
    shown: Json = {
        "id": view.id,
        "team_id": world.workspace.team_id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": definition.get("private_metadata") or "",
        "callback_id": definition.get("callback_id") or "",
        "state": {"values": view.values},
        "hash": view.hash,
        "title": definition.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": definition.get("clear_on_close", False),
        "notify_on_close": definition.get("notify_on_close", False),
        "close": definition.get("close"),
        "submit": definition.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": world.app_id,
        "external_id": definition.get("external_id") or "",
        "app_installed_team_id": world.workspace.team_id,
        "bot_id": world.bot_id,
    }
    if "submit_disabled" in definition:
        shown["submit_disabled"] = definition["submit_disabled"]
    return shown


def file(world: World, file: UploadedFile, *, shares: bool = False) -> Json:
    """A file object; ``shares`` (where it was posted) only from files.info and files.completeUploadExternal."""
    suffix = file.name.rpartition(".")[2].lower() if "." in file.name else "text"
    mimetype = _MIME.get(suffix, "application/octet-stream")
    link = f"{world.base_url}/slack/files/{file.id}/{file.name}"
    kinds = {channel: world.workspace.channels[channel].kind for channel, _ in file.shares}
    shown: Json = {
        "id": file.id,
        "created": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": mimetype,
        "filetype": suffix,
        "pretty_type": suffix.upper(),
        "user": file.user,
        "editable": False,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": "channel" in kinds.values(),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": link,
        "url_private_download": link,
        "permalink": f"https://{world.workspace.domain}.slack.com/files/{file.user}/{file.id}/{file.name}",
        "channels": [channel for channel, kind in kinds.items() if kind == "channel"],
        "groups": [channel for channel, kind in kinds.items() if kind in ("group", "mpim")],
        "has_rich_preview": False,
    }
    if not shares:
        return shown
    where: dict[str, dict[str, list[Json]]] = {}
    for channel, ts in file.shares:
        kind = "public" if kinds[channel] == "channel" else "private"
        entry = {"reply_users": [], "reply_users_count": 0, "reply_count": 0, "ts": ts}
        if kind == "public":
            entry["channel_name"] = world.workspace.channels[channel].name
        entry["team_id"] = world.workspace.team_id
        where.setdefault(kind, {}).setdefault(channel, []).append(entry)
    shown |= {
        "timestamp": file.created,
        "user_team": world.workspace.team_id,
        "ims": [channel for channel, kind in kinds.items() if kind == "im"],
        "shares": where,
        "has_more_shares": False,
        "file_access": "visible",
        "comments_count": 0,
        "is_starred": False,
    }
    if file.alt_txt:
        shown["alt_txt"] = file.alt_txt
    return shown


_MIME = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "csv": "text/csv",
    "ics": "text/calendar",
    "json": "application/json",
}
