"""State objects of elements: what ``state.values`` and ``actions`` say about what a person picked or typed.

Source: docs.slack.dev/reference/interaction-payloads/view-interactions-payload and the samples of
slackapi/java-slack-sdk (BlockActionPayload, ViewSubmissionPayload).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from bot.sandbox.slack.plain import Control, controls_of

Json = dict[str, Any]

#: element type → (key in the state object, the element's field that fills it at first)
_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}


class RefusedError(ValueError):
    """Slack's own client would not take this from a person; the text says why."""


def initial_values(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    """The state of everything in ``blocks`` before anybody touches it."""
    values: dict[str, dict[str, Json]] = {}
    for control in controls_of(blocks):
        if control.type in _KEYS and control.type != "overflow":
            key, initial = _KEYS[control.type]
            several = key in ("selected_options", "selected_users", "files") or key.endswith("sations")
            value = control.element.get(initial, [] if several or key == "selected_channels" else None)
            values.setdefault(control.block_id, {})[control.action_id] = {"type": control.type, key: value}
    return values


def state_of(control: Control, value: Any) -> Json:
    """The state object after a person has put ``value`` in.

    Args:
        control: The element.
        value: A string; an option by its text or value; a date, time or datetime or its ISO form; an id or
            something with an ``id`` (a user, a channel); a list of these where several can be chosen; None
            empties it.

    Raises:
        RefusedError: the element takes no such value.
        LookupError: it has no such option.
    """
    if control.type not in _KEYS:
        raise RefusedError(f"nothing can be put into a {control.type}")
    key = _KEYS[control.type][0]
    if value is None:
        return {"type": control.type, key: [] if key.endswith("s") else None}
    if key == "selected_option":
        return {"type": control.type, key: control.option(str(value))}
    if key == "selected_options":
        return {"type": control.type, key: [control.option(str(each)) for each in _several(value)]}
    if key.startswith("selected_") and key.endswith("s"):
        return {"type": control.type, key: [_id(each) for each in _several(value)]}
    match key:
        case "selected_date":
            return {"type": control.type, key: _date(value)}
        case "selected_time":
            return {"type": control.type, key: _time(value)}
        case "selected_date_time":
            return {"type": control.type, key: _moment(value)}
        case "selected_user" | "selected_conversation" | "selected_channel":
            return {"type": control.type, key: _id(value)}
    return {"type": control.type, key: value if key != "value" else str(value)}


def missing_inputs(blocks: list[Json], values: dict[str, dict[str, Json]]) -> list[str]:
    """Why Slack's client would not let these inputs be submitted; empty when it would."""
    problems = []
    for control in controls_of(blocks):
        if control.block["type"] != "input":
            continue
        state = values.get(control.block_id, {}).get(control.action_id, {})
        value = state.get(_KEYS[control.type][0])
        if value in (None, "", []):
            if not control.block.get("optional"):
                problems.append(f"{control.label!r} is empty")
        elif problem := _unfit(control, value):
            problems.append(f"{control.label!r} {problem}")
    return problems


def _unfit(control: Control, value: Any) -> str:
    element = control.element
    match control.type:
        case "plain_text_input":
            if len(value) < element.get("min_length", 0):
                return f"is shorter than {element['min_length']} characters"
            if len(value) > element.get("max_length", 3000):
                return f"is longer than {element.get('max_length', 3000)} characters"
        case "email_text_input":
            if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
                return "is no e-mail address"
        case "url_text_input":
            if not re.match(r"https?://\S+", value):
                return "is no address"
        case "number_input":
            return _unfit_number(element, value)
    return ""


def _unfit_number(element: Json, value: str) -> str:
    whole = not element["is_decimal_allowed"]
    if not re.fullmatch(r"-?\d+" if whole else r"-?\d+(\.\d+)?", value):
        return "is no number" if not whole else "is no whole number"
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"is less than {element['min_value']}"
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"is more than {element['max_value']}"
    return ""


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple | set) else [value]


def _id(value: Any) -> str:
    return str(getattr(value, "id", value))


def _date(value: Any) -> str:
    try:
        return (value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))).isoformat()[:10]
    except ValueError as bad:
        raise RefusedError(f"{value!r} is no date") from bad


def _time(value: Any) -> str:
    try:
        return (value if isinstance(value, dt.time) else dt.time.fromisoformat(str(value))).isoformat()[:5]
    except ValueError as bad:
        raise RefusedError(f"{value!r} is no time of day") from bad


def _moment(value: Any) -> int:
    return int(value.timestamp()) if isinstance(value, dt.datetime) else int(value)
