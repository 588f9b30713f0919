"""Formatted text: HTML parse mode, entities that Telegram finds by itself, lengths in UTF-16 units."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.state import Entity

Refuse = Callable[[str, int], Exception]
# Entity types by tag (Bot API, "HTML style"; tdlib/td MessageEntity.cpp, parse_html).
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
ATTRIBUTE = re.compile(r"""\s*([^\s=>]*)\s*(=?)\s*("[^"]*"|'[^']*'|[A-Za-z0-9.\-]*)""")
END_TAG = re.compile(r"</([^\s>]*)\s*>")
EXPANDABLE = re.compile(r"expandable(?=[\s>])")  # the one attribute without a value
# What is marked without being asked for (tdlib/td MessageEntity.cpp, find_entities), without the rarer kinds.
FOUND = re.compile(
    r"(?P<url>https?://[^\s<>]+[^\s<>.,;:!?)\]'\"])"
    r"|(?P<email>[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)"
    r"|(?<![\w/@])(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})(?!\w)"
    r"|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z][A-Za-z0-9_]{3,31})?)(?![\w/])"
    r"|(?<!\w)(?P<hashtag>#\w*[^\W\d]\w*)"
)
# Nothing is marked inside these.
OPAQUE = ("code", "pre", "text_link", "text_mention")
KINDS = ("url", "email", "mention", "bot_command", "hashtag")
USER_LINK = re.compile(r"tg://user/?\?id=(\d+)")


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of all offsets and limits (Bot API, MessageEntity.offset)."""
    return len(text) + sum(ord(char) > 0xFFFF for char in text)


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of ``text`` that an entity covers."""
    raw = text.encode("utf-16-le")
    return raw[2 * offset : 2 * (offset + length)].decode("utf-16-le")


@dataclass(slots=True)
class _OpenTag:
    name: str
    argument: str
    offset: int
    start: int


def _decode_reference(source: str, at: int) -> tuple[str, int] | None:
    """The character of the reference at ``at`` and the position after it; unknown ones stay text."""
    match = REFERENCE.match(source, at)
    if match is None:
        return None
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        return (NAMED[name], match.end()) if name in NAMED else None
    # decode_html_entity takes less than ten characters before the semicolon, and no code of zero.
    if len(match[0].rstrip(";")) >= 10:
        return None
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code == 0 or code >= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return None
    return chr(code), match.end()


def _decode_references(source: str) -> str:
    out, at = [], 0
    while at < len(source):
        decoded = _decode_reference(source, at) if source[at] == "&" else None
        char, at = decoded or (source[at], at + 1)
        out.append(char)
    return "".join(out)


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Parse a text in HTML parse mode as tdlib does (td/telegram/MessageEntity.cpp, parse_html).

    Returns:
        The plain text and its entities, offsets and lengths in UTF-16 units.

    Raises:
        BotApiError: 400 "can't parse entities: …", with the place in bytes of UTF-8.
    """

    def refuse(what: str, at: int | None = None, rest: str = "") -> Exception:
        place = "" if at is None else f" at byte offset {len(source[:at].encode())}"
        return bad_request(f"can't parse entities: {what}{place}{rest}")

    text: list[str] = []
    entities: list[Entity] = []
    stack: list[_OpenTag] = []
    offset = at = 0
    while at < len(source):
        char = source[at]
        if char != "<":
            decoded = _decode_reference(source, at) if char == "&" else None
            char, at = decoded or (char, at + 1)
            text.append(char)
            offset += utf16_length(char)
            continue
        begin = at
        if source.startswith("</", begin):
            if not stack:
                raise refuse("Unexpected end tag", begin)
            closing = END_TAG.match(source, begin)
            if closing is None:
                raise refuse("Unclosed end tag", begin)
            tag = stack.pop()
            found = closing[1].lower()
            if found not in ("", tag.name):
                raise refuse("Unmatched end tag", begin, f', expected "</{tag.name}>", found "</{found}>"')
            if offset > tag.offset:
                _close(tag, offset, "".join(text[tag.start :]), entities)
            at = closing.end()
            continue
        name_end = begin + 1
        while name_end < len(source) and not source[name_end].isspace() and source[name_end] != ">":
            name_end += 1
        if name_end == len(source):
            raise refuse("Unclosed start tag", begin)
        name = source[begin + 1 : name_end].lower()
        if name not in TAGS:
            raise refuse(f'Unsupported start tag "{name}"', begin)
        argument, at = _read_attributes(source, name, begin, name_end, refuse)
        if name == "span" and argument != "spoiler":
            raise refuse('Tag "span" must have class "tg-spoiler"', begin)
        stack.append(_OpenTag(name, argument, offset, len(text)))
    if stack:
        raise refuse(f'Can\'t find end tag corresponding to start tag "{stack[-1].name}"')
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return "".join(text), entities


def _read_attributes(source: str, tag: str, begin: int, at: int, refuse: Refuse) -> tuple[str, int]:
    """The one attribute that matters for ``tag``, and the position after its ``>``."""
    argument = ""
    while True:
        while at < len(source) and source[at].isspace():
            at += 1
        if at >= len(source):
            raise refuse("Unclosed start tag", begin)
        if source[at] == ">":
            return argument, at + 1
        if tag == "blockquote" and EXPANDABLE.match(source, at):
            argument, at = "expandable", at + len("expandable")
            continue
        match = ATTRIBUTE.match(source, at)
        if match is None or not match[1]:
            raise refuse(f'Empty attribute name in the tag "{tag}"', begin)
        if not match[2]:
            raise refuse(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
        name, value, at = match[1], match[3], match.end()
        if at >= len(source):
            raise refuse("Unclosed start tag", begin)
        if not value and source[at] in "'\"":
            raise refuse("Unclosed start tag", begin)  # the quote is never closed
        if value[:1] not in ("'", '"') and not source[at].isspace() and source[at] != ">":
            raise refuse("Unexpected end of name token", match.start(3))
        value = _decode_references(value[1:-1]) if value[:1] in ("'", '"') else value.lower()
        if (tag, name) in (("a", "href"), ("tg-emoji", "emoji-id")):
            argument = value
        elif (tag, name) == ("code", "class") and value.startswith("language-"):
            argument = value.removeprefix("language-")
        elif (tag, name) == ("span", "class") and value.startswith("tg-"):
            argument = value.removeprefix("tg-")


def _close(tag: _OpenTag, offset: int, inner: str, entities: list[Entity]) -> None:
    entity: Entity = {"type": TAGS[tag.name], "offset": tag.offset, "length": offset - tag.offset}
    last = entities[-1] if entities else None
    same_place = last is not None and all(last[key] == entity[key] for key in ("offset", "length"))
    if tag.name == "a":
        url = tag.argument or inner
        if user := USER_LINK.match(url):
            entity |= {"type": "text_mention", "user": {"id": int(user[1])}}
        elif (checked := _checked_link(url)) is not None:
            entity["url"] = checked
        else:
            return
    elif tag.name == "pre" and same_place and last is not None and last["type"] == "code":
        language = last.pop("_language", "")
        last["type"] = "pre"
        if language:
            last["language"] = language
        return
    elif tag.name == "code" and tag.argument:
        entity["_language"] = tag.argument
    elif tag.name == "blockquote" and tag.argument:
        entity["type"] = "expandable_blockquote"
    elif tag.name == "tg-emoji":
        if not tag.argument.isdigit() or int(tag.argument) == 0:
            raise bad_request("can't parse entities: Invalid custom emoji identifier specified")
        entity["custom_emoji_id"] = tag.argument
    entities.append(entity)


def _checked_link(url: str) -> str | None:
    """The address as the server keeps it; a link without one loses it (tdlib/td LinkManager.cpp)."""
    if re.match(r"(https?|tg|tonsite)://\S|[\w-]+\.\w", url) is None:
        return None
    full = url if "://" in url else f"http://{url}"
    return f"{full}/" if re.fullmatch(r"https?://[^/?#]+", full) else full


def find_entities(text: str, taken: list[Entity]) -> list[Entity]:
    """``taken`` and, outside it, what Telegram marks by itself: commands, mentions, links, addresses."""
    spans = [(e["offset"], e["offset"] + e["length"]) for e in taken if e["type"] in OPAQUE]
    found: list[Entity] = [{k: v for k, v in entity.items() if k != "_language"} for entity in taken]
    for match in FOUND.finditer(text):
        kind = next(kind for kind in KINDS if match[kind])
        start, length = utf16_length(text[: match.start()]), utf16_length(match[0])
        if not any(start < end and begin < start + length for begin, end in spans):
            found.append({"type": kind, "offset": start, "length": length})
    return sorted(found, key=lambda entity: (entity["offset"], -entity["length"]))


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Take the white space off both ends, as the server does, and move the entities along."""
    cut = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    size = utf16_length(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, kept
