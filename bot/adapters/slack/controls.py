"""Buttons, pick lists and date pickers as Block Kit elements, in rows that Slack accepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, NamedTuple, assert_never
from urllib.parse import urlencode

from bot.adapters.slack import limits
from bot.adapters.slack.limits import clean, cut, units
from handlers.core.seals import Seals
from handlers.core.ui import Button, Control, Controls, DatePicker, LinkButton, Option, PickList

Json = dict[str, Any]


@dataclass(frozen=True)
class RenderContext:
    """What rendering needs besides the message.

    Attributes:
        seals: Make the tokens that controls carry.
        team: The workspace, for links that open the direct chat.
        app: The app's id, for the same.
    """

    seals: Seals
    team: str = ""
    app: str = ""


class _Fit(NamedTuple):
    """How far labels and options are cut so that all controls fit."""

    label: int
    options: int


_NOTE_SIZE = 32
_FITS = (_Fit(75, 100), _Fit(50, 100), _Fit(30, 60), _Fit(20, 30), _Fit(12, 15), _Fit(8, 5))


def rows_of(
    controls: Sequence[Controls], chat_id: int, context: RenderContext, characters: int
) -> tuple[list[list[Json]], int]:
    """Return the blocks of each ``Controls``, and the characters that all of them take.

    Labels are cut further, then lists shortened, before a control is left out; what is left out shows as a note
    "… (+n)" in its place.
    """
    for fit in _FITS:
        rows, used = _rows(controls, chat_id, context, fit, characters)
        if used <= characters:
            break
    return rows, used


def _rows(
    controls: Sequence[Controls], chat_id: int, context: RenderContext, fit: _Fit, characters: int
) -> tuple[list[list[Json]], int]:
    """Build all rows with one fit; only the last one leaves out controls for which there is no room."""
    numbers = count()
    used = dropped = 0
    rows: list[list[Json]] = []
    for row in controls:
        elements: list[Json] = []
        left_out = 0
        for control in row.items:
            element, options_left_out = _element(control, chat_id, context, fit, next(numbers))
            size = _size(element)
            if fit == _FITS[-1] and used + size > characters - 2 * _NOTE_SIZE:
                dropped += 1
            elif element:
                elements.append(element)
                used += size
                left_out += options_left_out
        blocks: list[Json] = [
            {"type": "actions", "elements": elements[at : at + limits.ACTIONS_ELEMENTS]}
            for at in range(0, len(elements), limits.ACTIONS_ELEMENTS)
        ]
        if left_out and used + _NOTE_SIZE <= characters:
            blocks.append(_note(left_out))
            used += _NOTE_SIZE
        rows.append(blocks)
    if dropped:
        rows[-1].append(_note(dropped))
        used += _NOTE_SIZE
    return rows, used


def _note(left_out: int) -> Json:
    text = {"type": "text", "text": f"… (+{left_out})"}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [text]}]}


def _element(control: Control, chat_id: int, context: RenderContext, fit: _Fit, number: int) -> tuple[Json, int]:
    """Return the element and the number of options that it leaves out.

    A button's token stands in its ``value``; a picker has none, so its ``action_id`` carries the token. The number
    makes action ids unique, also where a message offers one action twice.
    """
    match control:
        case Button(label=label, action=action, style=style):
            button: Json = {
                "type": "button",
                "text": plain_text(label, fit.label),
                "action_id": f"{number}:",
                "value": context.seals.seal(action.packed, chat_id),
            }
            return (button if style == "plain" else {**button, "style": style}), 0
        case LinkButton(label=label):
            link: Json = {"type": "button", "text": plain_text(label, fit.label), "action_id": f"{number}:"}
            url = _address(control, context)
            return ({**link, "url": url} if url else link), 0
        case PickList(label=label, action=action, options=options, selected=selected):
            shown, left_out = choices(options, selected, fit.options, fit.label)
            if not shown:
                return {}, left_out
            token = context.seals.seal(action.packed, chat_id)
            return {
                "type": "static_select",
                "action_id": f"{number}:{token}",
                "placeholder": plain_text(label, min(2 * fit.label, limits.PLACEHOLDER_TEXT)),
                "options": shown,
                **initial(shown, selected),
            }, left_out
        case DatePicker(label=label, action=action, initial=day):
            token = context.seals.seal(action.packed, chat_id)
            picker: Json = {
                "type": "datepicker",
                "action_id": f"{number}:{token}",
                "placeholder": plain_text(label, min(2 * fit.label, limits.PLACEHOLDER_TEXT)),
            }
            return ({**picker, "initial_date": day.isoformat()} if day else picker), 0
        case _ as never:
            assert_never(never)


def choices(options: Sequence[Option], selected: str, most: int, label: int) -> tuple[list[Json], int]:
    """Return at most ``most`` option objects, the selected one among them, and how many are left out."""
    fitting = [option for option in options if 0 < units(option.value) <= limits.OPTION_VALUE]
    kept = fitting[:most]
    if selected and all(option.value != selected for option in kept):
        chosen = islice((option for option in fitting if option.value == selected), 1)
        kept = [*kept[: most - 1], *chosen]
    shown = [{"text": plain_text(option.label, label), "value": option.value} for option in kept]
    return shown, len(options) - len(shown)


def initial(shown: Sequence[Json], selected: str) -> Json:
    """Return the ``initial_option`` for a select, if the selected option is among those shown."""
    for option in shown:
        if selected and option["value"] == selected:
            return {"initial_option": option}
    return {}


def plain_text(text: str, most: int) -> Json:
    """Return a text object that shows ``text`` to the letter, on one line."""
    return {"type": "plain_text", "text": cut(" ".join(text.split()), most), "emoji": False}


def _address(link: LinkButton, context: RenderContext) -> str:
    """Return where a link leads; a direct chat is opened by Slack's own redirect, which takes no payload.

    Source: docs.slack.dev/interactivity/deep-linking (``app_redirect``).
    """
    if link.start and context.app:
        return "https://slack.com/app_redirect?" + urlencode({"app": context.app, "team": context.team})
    url = clean(link.url)
    return url if url.startswith(("https://", "http://", "mailto:")) and units(url) <= limits.URL else ""


def _size(element: Json) -> int:
    texts = [element[name]["text"] for name in ("text", "placeholder") if name in element]
    texts += [option["text"]["text"] for option in element.get("options", ())]
    return sum(units(text) + limits.CONTAINER_CHARACTERS for text in texts)
