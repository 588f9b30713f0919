"""What two managers press and send, as their platforms would deliver it: one in Slack, one in Telegram."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.unplugged import TEAM

CHANNEL, SLACK_MANAGER = "C1", "U1"
GROUP, TELEGRAM_MANAGER = -1007, 7001
NAMES = {"slack": "Ada", "telegram": "Max"}

_MANAGER = {"id": TELEGRAM_MANAGER, "is_bot": False, "first_name": NAMES["telegram"], "language_code": "de"}


def slack_press(token: str, trigger: str) -> dict[str, Any]:
    """A button's press in the team's channel, as Slack sends it."""
    ts = "1700000000.000001"
    button = {"type": "button", "action_id": "0:x", "block_id": "b", "value": token, "action_ts": ts}
    return {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "bench"},
        "user": {"id": SLACK_MANAGER, "username": "ada", "team_id": TEAM},
        "api_app_id": "A0BENCH",
        "trigger_id": trigger,
        "container": {"type": "message", "message_ts": ts, "channel_id": CHANNEL},
        "channel": {"id": CHANNEL, "name": "team"},
        "message": {"type": "message", "ts": ts, "text": ""},
        "response_url": "https://hooks.slack.com/actions/x",
        "actions": [{**button, "text": {"type": "plain_text", "text": "x"}}],
    }


def slack_submission(form: str, instance: str) -> dict[str, Any]:
    """The form for the reason, sent in."""
    entered = {"type": "plain_text_input", "value": "Das passt gerade nicht."}
    return {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "bench"},
        "user": {"id": SLACK_MANAGER, "username": "ada", "team_id": TEAM},
        "api_app_id": "A0BENCH",
        "trigger_id": f"{instance}.3",
        "view": {
            "type": "modal",
            "callback_id": form,
            "private_metadata": instance,
            "hash": "1.a",
            "blocks": [],
            "state": {"values": {"reason": {"x": entered}}},
        },
    }


def telegram_press(number: int, token: str) -> bytes:
    """A button's press in the team's group, as Telegram sends it."""
    chat = {"id": GROUP, "type": "supergroup", "title": "Team"}
    card = {"message_id": 1, "date": 1_700_000_000, "chat": chat, "text": "x"}
    query = {"id": str(number), "from": _MANAGER, "message": card, "chat_instance": "1", "data": token}
    return json.dumps({"update_id": number, "callback_query": query}).encode()


def telegram_text(number: int, text: str) -> bytes:
    """A message to the bot, as Telegram sends it."""
    chat = {"id": TELEGRAM_MANAGER, "type": "private", "first_name": NAMES["telegram"]}
    message = {"message_id": number, "from": _MANAGER, "chat": chat, "date": 1_700_000_000, "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()
