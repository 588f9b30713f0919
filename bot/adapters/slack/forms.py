"""Forms as modals."""

from __future__ import annotations

import json
from typing import NamedTuple, assert_never

from bot.adapters.slack import limits
from bot.adapters.slack.controls import Json, choices, initial, plain_text
from bot.adapters.slack.limits import cut
from handlers.core.ui import ChoiceField, DateField, Field, Form, TextField

_CLOSE = {"de": "Abbrechen", "en": "Cancel"}
_VIEW_BYTES = 200_000
ACTION_ID = "value"
"""Of every input: the field's name is the block_id, which form errors go by."""


class _Fit(NamedTuple):
    """How much of a form is shown when all of it would be too big."""

    options: int
    label: int
    text: int


_FITS = (_Fit(100, limits.INPUT_LABEL, limits.INPUT_TEXT), _Fit(100, 150, 600), _Fit(30, 75, 100), _Fit(5, 40, 20))


def render_form(form: Form) -> Json:
    """Return the modal that asks a form's questions; its answers come back with the instance."""
    view: Json = {}
    for fit in _FITS:
        view = _view(form, fit)
        if len(json.dumps(view, ensure_ascii=False).encode("utf-8", "replace")) <= _VIEW_BYTES:
            break
    return view


def _view(form: Form, fit: _Fit) -> Json:
    return {
        "type": "modal",
        "callback_id": cut(form.id, limits.CALLBACK_ID),
        "private_metadata": form.instance,
        "title": plain_text(form.title, limits.MODAL_TITLE),
        "submit": plain_text(form.submit, limits.MODAL_BUTTON),
        "close": plain_text(_CLOSE.get(form.language, _CLOSE["en"]), limits.MODAL_BUTTON),
        "blocks": [_input(field, fit) for field in form.fields[: limits.VIEW_BLOCKS]],
    }


def _input(field: Field, fit: _Fit) -> Json:
    hint = field.hint
    match field:
        case TextField(multiline=multiline, initial=text):
            longest = max(1, min(field.max_length, limits.INPUT_TEXT))
            element: Json = {"type": "plain_text_input", "multiline": multiline, "max_length": longest}
            if text:
                element["initial_value"] = cut(text, min(longest, fit.text))
        case ChoiceField(options=options):
            shown, left_out = choices(options, field.initial, fit.options, min(fit.label, limits.OPTION_TEXT))
            if not shown:
                return {"type": "section", "block_id": field.name, "text": plain_text(field.label, fit.label)}
            element = {"type": "static_select", "options": shown, **initial(shown, field.initial)}
            hint = f"{hint} … (+{left_out})".lstrip() if left_out else hint
        case DateField(initial=day):
            element = {"type": "datepicker"}
            if day:
                element["initial_date"] = day.isoformat()
        case _ as never:
            assert_never(never)
    block: Json = {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(field.label, fit.label),
        "element": {**element, "action_id": ACTION_ID},
        "optional": not field.required,
    }
    return {**block, "hint": plain_text(hint, fit.label)} if hint else block


def form_errors(errors: dict[str, str], view: Json) -> dict[str, str]:
    """Return errors by block_id as Slack wants them; one of a field that is not shown goes to the first input."""
    shown = [block["block_id"] for block in view.get("blocks", ()) if block.get("type") == "input"]
    found: dict[str, str] = {}
    for name, problem in errors.items():
        block_id = name if name in shown else next(iter(shown), "")
        if block_id:
            together = f"{found[block_id]} {problem}" if block_id in found else problem
            found[block_id] = cut(together, limits.FORM_ERROR)
    return found
