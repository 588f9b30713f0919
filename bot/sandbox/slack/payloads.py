"""What Slack sends to an app: the Events API's bodies, interactions and slash commands.

Shapes: @slack/types 3.2.0 for events; the samples of slackapi/java-slack-sdk (events, app-backend) and
docs.slack.dev/reference/interaction-payloads for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.slack import objects
from bot.sandbox.slack.plain import Control
from bot.sandbox.slack.state import Channel, Message, User, View
from bot.sandbox.slack.values import initial_values

if TYPE_CHECKING:
    from bot.sandbox.slack.world import World

Json = dict[str, Any]

#: What a message event leaves out of the message object (the event types have no such fields).
_NOT_IN_EVENTS = (
    "app_id",
    "metadata",
    "reply_count",
    "reply_users",
    "reply_users_count",
    "latest_reply",
    "is_locked",
    "subscribed",
)


#: Widths of a profile's pictures.
_PICTURES = (24, 32, 48, 72, 192, 512)


def event_callback(world: World, event: Json, channel: Channel | None = None) -> Json:
    """The wrapper around every event; ``event_id`` is what stays the same when it is sent again."""
    return {
        "token": world.verification_token,
        "team_id": world.workspace.team_id,
        "context_team_id": world.workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": world.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(world.clock.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.workspace.team_id,
                "user_id": world.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": channel is not None and channel.is_ext_shared,
        "event_context": "4-" + world.secret(12),
    }


def message_event(world: World, message: Message) -> Json:
    """A ``message`` event, with the fields that its subtype has."""
    channel = world.workspace.channels[message.channel]
    shown = objects.message(world, message)
    event = {key: value for key, value in shown.items() if key not in _NOT_IN_EVENTS}
    if message.subtype == "file_share":  # the type knows neither a team nor who the bot is
        for key in ("team", "bot_id", "bot_profile", "client_msg_id", "edited"):
            event.pop(key, None)
    else:
        event.pop("upload", None)
        event.pop("display_as_bot", None)
    return event | {"channel": message.channel, "event_ts": message.ts, "channel_type": channel.kind}


def message_changed(world: World, message: Message, previous: Json, ts: str) -> Json:
    """``message_changed``: the message as it is now and as it was, both without their channel."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": objects.message(world, message),
        "previous_message": previous,
        "channel": message.channel,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": world.workspace.channels[message.channel].kind,
    }


def message_deleted(world: World, message: Message, previous: Json, ts: str) -> Json:
    """``message_deleted``: only the message as it was."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": previous,
        "channel": message.channel,
        "hidden": True,
        "deleted_ts": message.ts,
        "ts": ts,
        "event_ts": ts,
        "channel_type": world.workspace.channels[message.channel].kind,
    }


def app_mention(world: World, message: Message) -> Json:
    """``app_mention``: comes beside the ``message`` event, same channel and ts, an event_id of its own."""
    shown = message_event(world, message)
    for key in ("channel_type", "parent_user_id"):
        shown.pop(key, None)
    return shown | {"type": "app_mention"}


def member_event(world: World, kind: str, channel: Channel, user: User, inviter: str | None) -> Json:
    """``member_joined_channel`` or ``member_left_channel``; the type letter is C, G or D."""
    event = {
        "type": kind,
        "user": user.id,
        "channel": channel.id,
        "channel_type": channel.id[0],
        "team": user.team_id,
        "event_ts": world.new_ts(),
    }
    if inviter and kind == "member_joined_channel":
        event["inviter"] = inviter
    return event


def app_home_opened(world: World, user: User, im: Channel, tab: str, view: View | None) -> Json:
    """``app_home_opened``; the view is there once one was published."""
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": im.id,
        "tab": tab,
        "event_ts": world.new_ts(),
    }
    if view is not None and tab == "home":
        event["view"] = objects.view(world, view)
    return event


def user_change(world: World, user: User) -> Json:
    """``user_change``: somebody's profile or standing changed; deactivated is ``deleted`` in the user object.

    The event's profile has pictures and fields, where users.info need not.
    """
    shown = objects.user(world, user, locale=True)
    pictures = {f"image_{size}": f"https://secure.gravatar.com/avatar/{size}.jpg" for size in _PICTURES}
    shown["profile"] |= {"status_text_canonical": "", "status_emoji_display_info": [], "fields": None, **pictures}
    return {
        "type": "user_change",
        "user": shown,
        "cache_ts": int(world.clock.now().timestamp()),
        "event_ts": world.new_ts(),
    }


def _from(world: World, user: User) -> Json:
    """Who did it and where the app is installed: in every interaction."""
    return {
        "team": {"id": world.workspace.team_id, "domain": world.workspace.domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "token": world.verification_token,
        "is_enterprise_install": False,
        "enterprise": None,
    }


def channel_name(channel: Channel) -> str:
    """How interactions call a channel: a direct message is ``directmessage``."""
    return {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)


def action(world: World, control: Control, picked: Json) -> Json:
    """One entry of ``actions``: the element, and what was picked in it."""
    element = control.element
    entry: Json = {
        "action_id": element["action_id"],
        "block_id": control.block_id,
        "type": element["type"],
        "action_ts": world.new_ts(),
        **picked,
    }
    for key in ("text", "value", "url", "style", "placeholder"):
        if key in element:
            entry.setdefault(key, element[key])
    return entry


def block_actions_on_message(
    world: World, user: User, message: Message, actions: list[Json], response_url: str
) -> Json:
    """``block_actions`` from a control in a message."""
    channel = world.workspace.channels[message.channel]
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return {
        "type": "block_actions",
        **_from(world, user),
        "api_app_id": world.app_id,
        "container": container,
        "trigger_id": world.new_trigger(user.id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": objects.message(world, message),
        "state": {"values": _state(message, user)},
        "response_url": response_url,
        "actions": actions,
    }


def _state(message: Message, user: User) -> Json:
    """What stands in the menus of a message as this person sees it."""
    values = initial_values(message.blocks)
    for block_id, actions in message.picked.get(user.id, {}).items():
        values.setdefault(block_id, {}).update(actions)
    return values


def block_actions_on_view(world: World, user: User, view: View, actions: list[Json]) -> Json:
    """``block_actions`` from a control in a modal or the App Home: no channel, no response_url."""
    return {
        "type": "block_actions",
        **_from(world, user),
        "api_app_id": world.app_id,
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": world.new_trigger(user.id),
        "view": objects.view(world, view),
        "actions": actions,
    }


def view_submission(world: World, user: User, view: View) -> Json:
    """``view_submission``: everything that was put in stands in ``view.state.values``."""
    return {
        "type": "view_submission",
        **_from(world, user),
        "api_app_id": world.app_id,
        "trigger_id": world.new_trigger(user.id),
        "view": objects.view(world, view),
        "response_urls": [],
    }


def view_closed(world: World, user: User, view: View, is_cleared: bool) -> Json:
    """``view_closed``: sent only for views with ``notify_on_close``."""
    return {
        "type": "view_closed",
        **_from(world, user),
        "api_app_id": world.app_id,
        "view": objects.view(world, view),
        "is_cleared": is_cleared,
    }


def global_shortcut(world: World, user: User, callback_id: str) -> Json:
    """``shortcut``: chosen anywhere in Slack."""
    return {
        "type": "shortcut",
        **_from(world, user),
        "action_ts": world.new_ts(),
        "callback_id": callback_id,
        "trigger_id": world.new_trigger(user.id),
    }


def message_shortcut(world: World, user: User, callback_id: str, message: Message, response_url: str) -> Json:
    """``message_action``: chosen in the menu of a message."""
    channel = world.workspace.channels[message.channel]
    return {
        "type": "message_action",
        **_from(world, user),
        "action_ts": world.new_ts(),
        "callback_id": callback_id,
        "trigger_id": world.new_trigger(user.id),
        "response_url": response_url,
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": objects.message(world, message),
    }


def slash_command(world: World, user: User, command: str, text: str, channel: Channel, response_url: str) -> Json:
    """A slash command: flat, every value a string (it is a form over HTTP)."""
    return {
        "token": world.verification_token,
        "team_id": world.workspace.team_id,
        "team_domain": world.workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": world.new_trigger(user.id),
    }
