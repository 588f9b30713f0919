"""Groups that get nobody's name: on the platforms that the hub names in ``privacy.toml`` (``nameless_groups``).

Messages and cards that go there lose every mention; answers that name somebody go to the person alone. What people
wrote is left out where it would be quoted (``Context.nameless``).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from handlers.core.hub import Hub
from handlers.core.texts import Texts
from handlers.core.ui import Block, Fields, Reply, Section, Span, Text, plain, spans
from storage.chats import Chat

_SUMMARY_LENGTH = 150


def is_nameless(hub: Hub, chat: Chat) -> bool:
    """Is this a group that gets nobody's name?"""
    return chat.kind == "group" and chat.platform in hub.privacy.nameless_groups


def names_somebody(reply: Reply) -> bool:
    """Does it mention a person?"""
    return any(span.person for text in _texts(reply) for span in spans(text))


def without_names(texts: Texts, reply: Reply) -> Reply:
    """Return it with a neutral word for every mention, also in its summary."""
    if not names_somebody(reply):
        return reply
    somebody = texts.label("somebody")
    blocks = tuple(_neutral(block, somebody) for block in reply.blocks)
    first = next((plain(block.text) for block in blocks if isinstance(block, Section)), "")
    return structs.replace(reply, blocks=blocks, summary=first.partition("\n")[0][:_SUMMARY_LENGTH])


def _neutral(block: Block, somebody: str) -> Block:
    match block:
        case Section(text=text):
            return Section(_said(text, somebody))
        case Fields(items=items):
            return Fields(tuple((label, _said(value, somebody)) for label, value in items))
    return block


def _said(text: Text, somebody: str) -> Text:
    return tuple(Span(somebody) if span.person else span for span in spans(text))


def _texts(reply: Reply) -> Iterator[Text]:
    for block in reply.blocks:
        match block:
            case Section(text=text):
                yield text
            case Fields(items=items):
                yield from (value for _, value in items)
