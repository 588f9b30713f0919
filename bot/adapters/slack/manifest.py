"""The app's manifest: what an admin pastes at api.slack.com/apps to create it."""

from __future__ import annotations

from typing import Any, Literal

Json = dict[str, Any]

EVENTS_PATH = "/slack/events"
"""Where events, interactivity and commands go, below the public address."""

SCOPES: dict[str, str] = {
    "app_mentions:read": "hears when somebody mentions it",
    "channels:history": "reads answers in threads it takes part in, finds its own messages after a crash",
    "channels:join": "joins a public channel that a manager chose for announcements",
    "channels:read": "knows who made a channel, hears that it was added or removed",
    "chat:write": "writes",
    "commands": "has its command and its shortcuts",
    "files:read": "finds a file again whose sending was cut off",
    "files:write": "sends floor plans, calendar entries, tickets",
    "groups:history": "the same as channels:history, in private channels it was invited to",
    "groups:read": "the same as channels:read, there",
    "im:history": "reads what people write to it, also while it was away",
    "im:read": "finds the direct messages it missed",
    "im:write": "writes to somebody first: reminders, decisions, tickets",
    "mpim:history": "reads mentions in group messages",
    "mpim:read": "hears when it is added to one",
    "users:read": "names, languages, who is a guest and holds no role",
}
"""Every scope of the whole plan with its reason, so that an owner approves it once.

Not asked for: chat:write.public (it writes where it is a member, so that people see it), users:read.email,
reactions, team:read, and metadata.message:read (for events; its own metadata comes with the history).
"""

APP_SCOPES = {"connections:write": "opens the Socket Mode connection; belongs to the app-level token"}

EVENTS: tuple[str, ...] = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "team_join",
    "tokens_revoked",
    "user_change",
)

ASK_HUMAN = "ask"
"""Callback id of the shortcut: it arrives as the command of this name, the message being its text."""

BOOK_DESK = "desk"
"""Callback id of the global shortcut: it arrives as the command of this name, in the direct chat."""


def manifest(name: str, public_url: str | None, mode: Literal["socket", "http"], command: str = "kumpel") -> Json:
    """Return the manifest.

    Args:
        name: What the app is called, at most 35 characters.
        public_url: The bot's address from outside, without a path; for HTTP mode.
        mode: How deliveries reach it.
        command: The slash command, without the slash.

    Raises:
        ValueError: HTTP mode without an https address.
    """
    if mode == "http" and not (public_url or "").startswith("https://"):
        raise ValueError("HTTP mode needs a public address that begins with https://")
    url = f"{(public_url or '').rstrip('/')}{EVENTS_PATH}" if mode == "http" else ""
    at_url: Json = {"request_url": url} if url else {}
    slash: Json = {
        "command": f"/{command}",
        "description": "Frag den Hub / ask the hub",
        "usage_hint": "[deine Frage | your question | hilfe | help]",
        "should_escape": True,
    }
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": name[:35],
            "description": "Antwortet auf Fragen zum Hub und holt das Team dazu.",
            "long_description": (
                "Frag, was du wissen willst, auf Deutsch oder Englisch, im Direktchat oder mit einer Erwähnung im "
                "Kanal. Was Kumpel nicht weiß, fragt er das Team.\n\n"
                "Ask what you want to know, in German or English, in a direct message or by a mention in a "
                "channel. What Kumpel does not know, he asks the team."
            ),
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": _bot_name(name), "always_online": True},
            "shortcuts": [
                {
                    "name": "Platz buchen",
                    "type": "global",
                    "callback_id": BOOK_DESK,
                    "description": "Zeigt, was frei ist / shows what is free",
                },
                {
                    "name": "Mensch fragen",
                    "type": "message",
                    "callback_id": ASK_HUMAN,
                    "description": "Das Team zu dieser Nachricht fragen / ask the team about it",
                },
            ],
            "slash_commands": [{**slash, "url": url} if url else slash],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**at_url, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **at_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": mode == "socket",
            "token_rotation_enabled": False,
        },
    }


def _bot_name(name: str) -> str:
    """Return the name in the letters that a bot user may have."""
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())[:80] or "kumpel"
