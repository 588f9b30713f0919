"""Whether Slack accepts these blocks and views, and what it fills in when it does.

Figures: the validators of ``slack_sdk.models.blocks`` and ``slack_sdk.models.views``;
docs.slack.dev/reference/block-kit/blocks (which block may stand on which surface), docs.slack.dev/surfaces/modals.
"""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.elements import ACTIONS, IMAGE, INPUTS, RICH_TEXT, any_text, plain_text
from bot.sandbox.slack.shapes import Check, Report, Shape, array, boolean, by_type, one_of, string, url

Json = dict[str, Any]

BLOCKS_PER_MESSAGE = 50
BLOCKS_PER_VIEW = 100
#: All texts of a message's blocks together; beyond it msg_blocks_too_long (second-hand figure, measured).
MESSAGE_BLOCK_CHARACTERS = 13_200
VIEW_BYTES = 250_000


class _Section(Shape):
    """A section has a text, fields, or both (slack_sdk: "text or fields attribute must be specified")."""

    def __call__(self, value: Any, path: str, report: Report) -> None:
        super().__call__(value, path, report)
        if isinstance(value, dict) and "text" not in value and "fields" not in value:
            report.add("must define either `fields` or `text`", path)


class _Image(Shape):
    """An image names its picture by url or as a Slack file."""

    def __call__(self, value: Any, path: str, report: Report) -> None:
        super().__call__(value, path, report)
        if isinstance(value, dict) and ("image_url" in value) == ("slack_file" in value):
            report.add("must define either `image_url` or `slack_file`", path)


_BLOCK_ID = {"block_id": string(255, 1)}
_PICTURE = _Image(IMAGE.needs, IMAGE.may)

_EVERYWHERE: dict[str, Shape] = {
    "section": _Section(
        may={
            **_BLOCK_ID,
            "text": any_text(3000),
            "fields": array(any_text(2000), 10, 1),
            "accessory": by_type({**ACTIONS, "image": _PICTURE}),
            "expand": boolean,
        }
    ),
    "divider": Shape(may=_BLOCK_ID),
    "image": _Image(IMAGE.needs, {**IMAGE.may, **_BLOCK_ID, "title": plain_text(2000)}),
    "actions": Shape(needs={"elements": array(by_type(ACTIONS), 25, 1)}, may=_BLOCK_ID),
    "context": Shape(
        needs={
            "elements": array(
                by_type(
                    {
                        "image": _PICTURE,
                        "mrkdwn": Shape({"text": string(3000, 1)}, {"verbatim": boolean}),
                        "plain_text": Shape({"text": string(3000, 1)}, {"emoji": boolean}),
                    }
                ),
                10,
                1,
            )
        },
        may=_BLOCK_ID,
    ),
    "header": Shape(needs={"text": plain_text(150)}, may=_BLOCK_ID),
    "input": Shape(
        needs={"label": plain_text(2000), "element": by_type(INPUTS)},
        may={**_BLOCK_ID, "hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": Shape(needs={"elements": array(by_type(RICH_TEXT))}, may=_BLOCK_ID),
    "video": Shape(
        needs={
            "alt_text": string(),
            "title": plain_text(200),
            "thumbnail_url": url(),
            "video_url": url(),
        },
        may={
            **_BLOCK_ID,
            "author_name": string(50),
            "description": plain_text(200),
            "provider_icon_url": url(),
            "provider_name": string(),
            "title_url": url(),
        },
    ),
}
_IN_MESSAGES: dict[str, Shape] = {
    **_EVERYWHERE,
    "markdown": Shape(needs={"text": string(12_000, 1)}, may=_BLOCK_ID),
}

_VIEW = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
_VIEWS = by_type(
    {
        "modal": Shape(
            needs={
                "title": plain_text(24),
                "blocks": array(by_type(_EVERYWHERE), BLOCKS_PER_VIEW, 1),
            },
            may={
                **_VIEW,
                "submit": plain_text(24),
                "close": plain_text(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
                "submit_disabled": boolean,
            },
        ),
        "home": Shape(needs={"blocks": array(by_type(_EVERYWHERE), BLOCKS_PER_VIEW, 1)}, may=_VIEW),
    }
)


def message_problems(blocks: list[Any]) -> list[str]:
    """Why a message may not carry these blocks; empty when it may."""
    report = Report()
    array(by_type(_IN_MESSAGES), BLOCKS_PER_MESSAGE)(blocks, "/blocks", report)
    _unique_ids(blocks, "/blocks", report)
    return report.problems


def view_problems(view: Any, surface: str) -> list[str]:
    """Why this cannot be shown as ``surface`` (``modal`` or ``home``); empty when it can."""
    report = Report()
    only: Check = one_of(surface)
    only(view.get("type"), "/view/type", report)
    if report.problems:
        return report.problems
    _VIEWS(view, "/view", report)
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        _unique_ids(blocks, "/view/blocks", report)
        # docs.slack.dev/reference/views/modal-views: submit is required with input blocks
        has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
        if surface == "modal" and has_input and not view.get("submit"):
            report.add("missing required field: submit", "/view")
    return report.problems


def text_length(blocks: list[Json]) -> int:
    """Characters of all texts in ``blocks``."""
    return sum(len(thing["text"]) for thing in _objects(blocks) if isinstance(thing.get("text"), str))


def view_size(view: Json) -> int:
    """Bytes of the view as JSON."""
    return len(json.dumps(view, ensure_ascii=False).encode())


def completed(blocks: list[Json]) -> list[Json]:
    """A copy with what Slack fills in: block_id, action_id, ``emoji`` and ``verbatim`` of text objects."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for element in _elements(block):
            if element["type"] not in ("image", "mrkdwn", "plain_text"):
                element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
        if block["type"] == "input":
            block.setdefault("optional", False)
            block.setdefault("dispatch_action", False)
    for thing in _objects([block for block in blocks if block["type"] != "rich_text"]):
        if thing.get("type") == "plain_text":
            thing.setdefault("emoji", True)
        elif thing.get("type") == "mrkdwn":
            thing.setdefault("verbatim", False)
    return blocks


def _elements(block: Json) -> list[Json]:
    match block.get("type"):
        case "actions" | "context":
            elements = block.get("elements")
            return elements if isinstance(elements, list) else []
        case "section":
            return [block["accessory"]] if isinstance(block.get("accessory"), dict) else []
        case "input":
            return [block["element"]] if isinstance(block.get("element"), dict) else []
        case _:
            return []


def _objects(thing: Any) -> Iterator[Json]:
    if isinstance(thing, dict):
        yield thing
        for part in thing.values():
            yield from _objects(part)
    elif isinstance(thing, list):
        for part in thing:
            yield from _objects(part)


def _unique_ids(blocks: Any, path: str, report: Report) -> None:
    """Each block_id once a surface, each action_id once a block (docs.slack.dev/reference/block-kit/blocks)."""
    seen: set[str] = set()
    for index, block in enumerate(blocks if isinstance(blocks, list) else ()):
        if not isinstance(block, dict):
            continue
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                report.add(f"`block_id` already exists: {block_id}", f"{path}/{index}/block_id")
            seen.add(block_id)
        ids = [element.get("action_id") for element in _elements(block) if isinstance(element, dict)]
        for action_id in sorted({a for a in ids if isinstance(a, str) and ids.count(a) > 1}):
            report.add(f"`action_id` already exists: {action_id}", f"{path}/{index}")
