"""What people do with controls, forms, commands and shortcuts, as requests."""

from __future__ import annotations

import hashlib
import json

from bot.adapters.slack.surroundings import (
    Json,
    Surroundings,
    acting_person,
    actor_of,
    direct_place,
    mentioned_actors,
    place_acted,
    read_text,
)
from handlers.core.requests import ButtonPress, Command, FormSubmitted, Picked, Request


def parse_command(body: Json, around: Surroundings) -> Request | None:
    """Return the command: ours by its first word, any other slash command of the app by its own name."""
    if not body.get("user_id") or not body.get("trigger_id"):
        return None
    actor = actor_of(body["user_id"], around, body.get("team_id", ""), body.get("user_name", ""))
    said = read_text(body.get("text", ""), around)
    name = str(body["command"]).lstrip("/").lower()
    text = said.text
    if name == around.bot.command:
        words = text.split(maxsplit=1)
        name, text = (words[0].lower() if words else "help"), (words[1] if len(words) > 1 else "")
    return Command(
        delivery_key=f"slack:trigger:{body['trigger_id']}",
        actor=actor,
        place=place_acted(
            actor,
            body.get("channel_id", ""),
            body.get("response_url", ""),
            around,
            name=body.get("channel_name", ""),
        ),
        received_at=around.now,
        can_open_form=True,
        name=name,
        text=text,
        mentions=mentioned_actors(said, around),
    )


def parse_action(body: Json, around: Surroundings) -> Request | None:
    """Return the press of a button, or what was picked in a list or calendar.

    An ephemeral message can't be edited: what answers in its place goes through its response_url.
    """
    actions, container = body.get("actions") or (), body.get("container") or {}
    actor = acting_person(body, around)
    if not actions or actor is None:
        return None
    action: Json = actions[0]
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    ephemeral = bool(container.get("is_ephemeral"))
    message = body.get("message") or {}
    ts = container.get("message_ts") or message.get("ts") or ""
    via = body.get("response_url", "") if ephemeral else ""
    thread = message.get("thread_ts") or container.get("thread_ts") or ""
    place = place_acted(actor, channel, via, around, thread, (body.get("channel") or {}).get("name") or "")
    key = f"slack:trigger:{body.get('trigger_id')}"
    shown_in = f"{channel}:{ts}" if channel and ts and not ephemeral else ""
    token, value = _pressed(action)
    if not token:
        return None  # a link, which the app opens by itself, or a picker that was emptied
    if value is None:
        return ButtonPress(
            delivery_key=key,
            actor=actor,
            place=place,
            received_at=around.now,
            can_open_form=True,
            message=shown_in,
            token=token,
        )
    return Picked(
        delivery_key=key,
        actor=actor,
        place=place,
        received_at=around.now,
        can_open_form=True,
        message=shown_in,
        token=token,
        value=value,
    )


def _pressed(action: Json) -> tuple[str, str | None]:
    """Return the token of what was used, and what was picked if it picks something."""
    carried = str(action.get("action_id") or "").partition(":")[2]
    match action.get("type"):
        case "button":
            return str(action.get("value") or ""), None
        case "static_select" if option := action.get("selected_option"):
            return carried, str(option.get("value") or "")
        case "datepicker" if day := action.get("selected_date"):
            return carried, str(day)
        case _:
            return "", None


def parse_submission(body: Json, around: Surroundings) -> Request | None:
    """Return the form that came back; its fields are the blocks' ids."""
    view: Json = body.get("view") or {}
    actor = acting_person(body, around)
    if actor is None or not view.get("callback_id"):
        return None
    state = (view.get("state") or {}).get("values") or {}
    values: dict[str, str] = {}
    for block_id, elements in state.items():
        for element in elements.values():
            if value := _entered(element):
                values[block_id] = value
    instance = str(view.get("private_metadata") or "")
    # The view keeps its hash when errors are shown in it, so what was entered tells a correction apart.
    entered = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
    return FormSubmitted(
        delivery_key=f"slack:form:{instance}:{view.get('hash', '')}:{entered}",
        actor=actor,
        place=direct_place(actor),
        received_at=around.now,
        can_open_form=True,
        form=str(view["callback_id"]),
        instance=instance,
        values=values,
    )


def _entered(element: Json) -> str:
    chosen = (element.get("selected_option") or {}).get("value")
    return str(chosen or element.get("selected_date") or element.get("value") or "").strip()


def parse_shortcut(body: Json, around: Surroundings) -> Request | None:
    """Return a global shortcut as the command of its callback_id."""
    actor = acting_person(body, around)
    if actor is None:
        return None
    return Command(
        delivery_key=f"slack:trigger:{body.get('trigger_id')}",
        actor=actor,
        place=direct_place(actor),
        received_at=around.now,
        can_open_form=True,
        name=str(body.get("callback_id") or ""),
    )


def parse_message_shortcut(body: Json, around: Surroundings) -> Request | None:
    """Return a message's shortcut as a command whose text is that message."""
    actor = acting_person(body, around)
    if actor is None:
        return None
    message: Json = body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or ""
    ts = message.get("ts") or body.get("message_ts") or ""
    said = read_text(message.get("text") or "", around)
    return Command(
        delivery_key=f"slack:trigger:{body.get('trigger_id')}",
        actor=actor,
        place=place_acted(actor, channel, body.get("response_url", ""), around, message.get("thread_ts") or ""),
        received_at=around.now,
        can_open_form=True,
        message=f"{channel}:{ts}",
        name=str(body.get("callback_id") or ""),
        text=said.text,
        mentions=mentioned_actors(said, around),
    )
