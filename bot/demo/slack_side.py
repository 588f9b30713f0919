"""The Slack half of what the page shows: Slack's own objects, and what only the person in front of it knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from bot.adapters.slack.manifest import manifest
from bot.sandbox.slack import Change, Channel, Message, SlackSandbox, User, View, objects

Json = dict[str, Any]
Path = tuple[str, ...]
Changes = list[tuple[Path, Callable[[], Any]]]

COMMAND = "/kumpel"
SHORTCUTS: list[Json] = manifest("Kumpel", None, "socket")["features"]["shortcuts"]


def state(sandbox: SlackSandbox) -> Json:
    """The whole workspace."""
    workspace = sandbox.world.workspace
    return {
        "team": {"id": workspace.team_id, "name": workspace.team_name},
        "bot": sandbox.bot_user_id,
        "command": COMMAND,
        "shortcuts": [{key: shortcut[key] for key in ("callback_id", "name", "type")} for shortcut in SHORTCUTS],
        "users": {user.id: _user(user) for user in workspace.users.values()},
        "channels": {channel.id: _channel(channel) for channel in workspace.channels.values()},
        "messages": {
            channel.id: {message.ts: _message(sandbox, message) for message in _all(channel)}
            for channel in workspace.channels.values()
        },
        "homes": {user: _view(sandbox, view) for user, view in workspace.homes.items()},
        "modals": {user: _modals(sandbox, user) for user in workspace.modals},
    }


def changed(sandbox: SlackSandbox, change: Change) -> Changes:
    """Where something may look different now."""
    match change.subject:
        case Message() as message:
            changes = show_message(sandbox, message)
            if message.thread_ts and message.thread_ts != message.ts:
                parent = sandbox.channel(message.channel).message(message.thread_ts)
                changes += show_message(sandbox, parent) if parent else []
            return changes
        case View() as view:
            return show_view(sandbox, view)
        case Channel() as channel:
            return [(("slack", "channels", channel.id), partial(_channel, channel))]
        case User() as user:
            return [(("slack", "users", user.id), partial(_user, user))]
    return []


def show_message(sandbox: SlackSandbox, message: Message) -> Changes:
    """Where a message stands."""
    return [(("slack", "messages", message.channel, message.ts), partial(_message, sandbox, message))]


def show_view(sandbox: SlackSandbox, view: View) -> Changes:
    """Where a view stands: a home, or among somebody's modals."""
    if view.type == "home":
        return [(("slack", "homes", view.user), partial(_view, sandbox, view))]
    return [(("slack", "modals", view.user), partial(_modals, sandbox, view.user))]


def _all(channel: Channel) -> list[Message]:
    return sorted([*channel.messages, *channel.ephemerals], key=lambda message: message.ts)


def _message(sandbox: SlackSandbox, message: Message) -> Json | None:
    if message.deleted:
        return None
    shown = objects.message(sandbox.world, message)
    for file in shown.get("files", ()):
        file["url_private"] = file["url_private_download"] = (
            f"/files/slack/{file['id']}/{quote(file['name'], safe='')}"
        )
    return shown | {"channel": message.channel, "ephemeral_for": message.ephemeral_for, "picked": message.picked}


def _view(sandbox: SlackSandbox, view: View) -> Json:
    return objects.view(sandbox.world, view) | {"user": view.user, "values": view.values, "errors": view.errors}


def _modals(sandbox: SlackSandbox, user: str) -> list[Json]:
    return [_view(sandbox, view) for view in sandbox.world.workspace.modals.get(user, ())]


def _channel(channel: Channel) -> Json:
    fields = ("id", "kind", "name", "topic", "members", "is_archived")
    return {name: getattr(channel, name) for name in fields}


def _user(user: User) -> Json:
    fields = ("id", "name", "real_name", "is_bot", "is_restricted", "deleted")
    return {name: getattr(user, name) for name in fields}
