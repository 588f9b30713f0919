"""From a row or a post to what an adapter sends: texts in the reader's language, mentions, the picture drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from msgspec import structs

from bot.adapters.port import Adapter, Outgoing
from bot.delivery.drawing import draw
from handlers.core import pipeline
from handlers.core.context import House
from handlers.core.payloads import load_message
from handlers.core.ui import (
    Attachment,
    Block,
    Control,
    Controls,
    Fields,
    LinkButton,
    Picture,
    Reply,
    Section,
    spans,
)
from storage import chats, outbox, people
from storage.chats import Chat
from storage.database import Database
from storage.outbox import OutboxRow, Queued
from storage.posts import Post
from storage.rows import Transaction

_EMPTY_REPLY = Reply(blocks=(), summary="")
_EMPTY_FILE = Attachment("", "", b"")


class Composed(NamedTuple):
    """What is to be sent.

    Attributes:
        out: The message; None if the post is to be taken away.
        withdrawn: Where the post to take away stands.
        chat_closed: Nothing can be sent there.
    """

    out: Outgoing | None
    withdrawn: Outgoing | None = None
    chat_closed: bool = False


class Composer:
    """Makes outgoing messages.

    Args:
        house: What handlers share: views, texts, the hub's pictures.
        database: The open store.
        adapters: By platform: they know how to get from one platform to another.
    """

    def __init__(self, house: House, database: Database, adapters: Mapping[str, Adapter] | None = None) -> None:
        self._house = house
        self._database = database
        self._adapters = adapters or {}

    async def compose(self, work: OutboxRow | Post, now: datetime) -> Composed:
        """Return a claimed row's or post's message; of a post its state as of now, with its picture drawn."""
        composed = await self._database.read(lambda tx: self._composed(tx, work, now))
        out = composed.out
        if out and isinstance(out.content, Reply):
            for block in out.content.blocks:
                if isinstance(block, Picture):
                    picture = await asyncio.to_thread(draw, self._house.pack, block)
                    return composed._replace(out=structs.replace(out, picture=picture))
        return composed

    @staticmethod
    def shape_of(queued: Queued) -> tuple[Outgoing, bool]:
        """Return the outline of a message that was not read yet, to tell which call it takes; and if it edits."""
        return Outgoing(
            key="",
            chat="",
            chat_id=queued.chat_id,
            kind=queued.kind,
            content=_EMPTY_FILE if queued.shape == "file" else _EMPTY_REPLY,
            surface="home" if queued.shape == "home" else "message",
            audience="-" if queued.shape == "private" else "",
            reply_via="-" if queued.shape == "via" else "",
        ), queued.shape == "edit"

    def _composed(self, tx: Transaction, work: OutboxRow | Post, now: datetime) -> Composed:
        chat = chats.get_chat(tx, work.chat_id)
        if chat is None and isinstance(work, OutboxRow):
            # It was folded into another after the claim: a message had overtaken the news of its move.
            chat = chats.get_chat(tx, outbox.get_chat_id(tx, work.id))
        if chat is None:
            return Composed(None, chat_closed=True)
        if isinstance(work, Post):
            return self._post(tx, work, chat, now)
        content = self._addressed(load_message(work.payload))
        return Composed(
            Outgoing(
                key=work.key,
                chat=chat.external_id,
                chat_id=chat.id,
                kind=chat.kind,
                content=content,
                thread=work.thread,
                audience=work.audience,
                reply_via=work.reply_via,
                mentions=_mentions(tx, chat.platform, content),
            )
        )

    def _addressed(self, content: Reply | Attachment) -> Reply | Attachment:
        """Give the buttons that lead to another platform their addresses; say so where it is not there yet."""
        if isinstance(content, Attachment) or not any(_leads_away(block) for block in content.blocks):
            return content
        blocks: list[Block] = []
        for block in content.blocks:
            if not isinstance(block, Controls) or not _leads_away(block):
                blocks.append(block)
                continue
            reached = [self._reached(control) for control in block.items]
            if kept := tuple(control for control in reached if control):
                blocks.append(Controls(kept))
            if None in reached:
                t = self._house.catalogues.texts(content.language)
                blocks.append(Section(t("I can't get there just now. Please try again in a few minutes.")))
        return structs.replace(content, blocks=tuple(blocks))

    def _reached(self, control: Control) -> Control | None:
        if not isinstance(control, LinkButton) or not control.platform:
            return control
        adapter = self._adapters.get(control.platform)
        url = adapter.start_link(control.start) if adapter else ""
        return LinkButton(control.label, url) if url else None

    def _post(self, tx: Transaction, post: Post, chat: Chat, now: datetime) -> Composed:
        reply = pipeline.view(self._house, tx, post, chat, now)
        out = Outgoing(
            key=f"post:{post.id}:{post.generation}",
            chat=chat.external_id,
            chat_id=chat.id,
            kind=chat.kind,
            content=reply or _EMPTY_REPLY,
            thread=post.thread,
            surface=post.surface,
            mentions=_mentions(tx, chat.platform, reply) if reply else {},
        )
        return Composed(out) if reply else Composed(None, withdrawn=out)


def _leads_away(block: Block) -> bool:
    return isinstance(block, Controls) and any(
        isinstance(control, LinkButton) and control.platform for control in block.items
    )


def _mentions(tx: Transaction, platform: str, content: Reply | Attachment) -> dict[int, str]:
    """Return the accounts, on this platform, of the persons that a message mentions."""
    if isinstance(content, Attachment):
        return {}
    wanted: set[int] = set()
    for block in content.blocks:
        match block:
            case Section(text=text):
                texts = [text]
            case Fields(items=items):
                texts = [value for _, value in items]
            case _:
                continue
        wanted.update(span.person for text in texts for span in spans(text) if span.person)
    return {
        account.person_id: account.external_id
        for person in wanted
        for account in people.list_accounts(tx, person)
        if account.platform == platform
    }
