"""What a person sees of Block Kit: its words without markup, and its controls."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

_ENTITY = re.compile(r"<([^<>\n]+)>")
_MARKS = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)(.+?)(?<=\S)\1(?![\w*_~`])")


@dataclass(frozen=True, slots=True)
class Control:
    """One interactive element with the block it stands in and the words a person sees on it.

    Attributes:
        label: A button's text, an input's label, otherwise the placeholder.
        options: The option objects it offers, groups flattened.
        dispatches: Whether using it sends a block_actions payload at once.
    """

    block: Json
    element: Json
    label: str
    options: tuple[Json, ...] = ()
    dispatches: bool = True

    @property
    def type(self) -> str:
        """The element's type, such as ``button`` or ``static_select``."""
        return str(self.element["type"])

    @property
    def block_id(self) -> str:
        """The id of the block it stands in."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """The element's own id."""
        return str(self.element["action_id"])

    def option(self, wanted: str) -> Json:
        """The option that shows ``wanted`` or has it as its value.

        Raises:
            LookupError: there is none; the message lists what there is.
        """
        for option in self.options:
            if wanted in (text_object(option["text"]), option.get("value")):
                return option
        offered = ", ".join(repr(text_object(option["text"])) for option in self.options)
        raise LookupError(f"{self.label!r} offers no {wanted!r}, only {offered or 'nothing'}")


def unmark(text: str, names: dict[str, str] | None = None) -> str:
    """Slack's mrkdwn as it reads on the screen: links by their label, mentions by name, no signs."""

    def shown(found: re.Match[str]) -> str:
        target, _, label = str(found[1]).partition("|")
        if target.startswith("@"):
            return f"@{label or (names or {}).get(target[1:], target[1:])}"
        if target.startswith("#"):
            return "#" + (label or target[1:])
        if target.startswith("!"):
            return label or "@" + target[1:].split("^")[0]
        return label or target.removeprefix("mailto:")

    bare = _ENTITY.sub(shown, text)
    for _ in range(3):  # marks nest at most bold, italic, strike
        bare = _MARKS.sub(r"\2", bare)
    return html.unescape(bare)


def text_object(thing: Any, names: dict[str, str] | None = None) -> str:
    """The words of a text object; a plain_text object is shown as it is."""
    if not isinstance(thing, dict):
        return ""
    text = str(thing.get("text", ""))
    return unmark(text, names) if thing.get("type") == "mrkdwn" else text


def _rich_text(node: Json, names: dict[str, str]) -> str:
    kind = node.get("type")
    if kind == "user":
        user_id = str(node["user_id"])
        return "@" + names.get(user_id, user_id)
    if kind == "broadcast":
        return "@" + str(node.get("range", "channel"))
    if kind == "channel":
        return "#" + str(node["channel_id"])
    if kind == "link":
        return str(node.get("text") or node["url"])
    if kind == "emoji":
        return f":{node['name']}:"
    if "elements" in node:
        joint = "\n" if kind in ("rich_text", "rich_text_list") else ""
        return joint.join([_rich_text(part, names) for part in node["elements"]])
    return str(node.get("text", ""))


def _lines(block: Json, names: dict[str, str]) -> Iterator[str]:
    match block["type"]:
        case "rich_text":
            yield _rich_text(block, names)
        case "markdown":
            yield block["text"]
        case "image":
            yield text_object(block.get("title"))
            yield block["alt_text"]
        case "context":
            for part in block["elements"]:
                yield part["alt_text"] if part["type"] == "image" else text_object(part, names)
        case "input":
            yield text_object(block["label"])
            yield text_object(block.get("hint"))
        case _:
            yield text_object(block.get("text"), names)
            for part in block.get("fields", ()):
                yield text_object(part, names)


def _shown(control: Control) -> str:
    if control.type == "button":
        return f"[{control.label}]"
    offered = " | ".join(text_object(option["text"]) for option in control.options)
    return f"[{control.label}: {offered}]" if offered else f"[{control.label}]"


def plain_text_of(text: str, blocks: list[Json], names: dict[str, str], files: list[str] | None = None) -> str:
    """Everything a person reads: the blocks, or the text when there are none; then the files' titles.

    ``text`` beside blocks is what notifications show, not the message, so it is left out.
    """
    lines: list[str] = []
    if not blocks:
        lines.append(unmark(text, names))
    for block in blocks:
        lines.extend(_lines(block, names))
        lines.extend(_shown(control) for control in controls_of([block]))
    lines.extend(files or ())
    return "\n".join(line for line in lines if line)


def controls_of(blocks: list[Json]) -> list[Control]:
    """The interactive elements of ``blocks``, in reading order."""
    found: list[Control] = []
    for block in blocks:
        match block["type"]:
            case "section":
                elements = [block["accessory"]] if "accessory" in block else []
            case "actions" | "context_actions":
                elements = block["elements"]
            case "input":
                elements = [block["element"]]
            case _:
                elements = []
        found.extend(_control(block, element) for element in elements if "action_id" in element)
    return found


def _control(block: Json, element: Json) -> Control:
    is_input = block["type"] == "input"
    label = text_object(block["label"]) if is_input else text_object(element.get("text"))
    groups = [group["options"] for group in element.get("option_groups", ())]
    options = [*element.get("options", ()), *(option for group in groups for option in group)]
    return Control(
        block=block,
        element=element,
        label=label or text_object(element.get("placeholder")) or str(element["type"]),
        options=tuple(options),
        dispatches=not is_input or bool(block.get("dispatch_action")),
    )
