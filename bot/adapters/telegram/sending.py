"""Sending, editing and deleting messages, each as exactly one call."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from typing import Any, Literal, NamedTuple, TypeVar

from telegram import Bot, InputFile, InputMediaPhoto, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.adapters.port import NotSentError, Outgoing, PostGoneError, RefusedError, Sent, UncertainError
from bot.adapters.telegram.client import SEND_SECONDS
from bot.adapters.telegram.errors import is_deleted_already, is_not_modified, send_error
from bot.adapters.telegram.render import RenderContext, Rendered, render
from handlers.core.seals import Seals

_Result = TypeVar("_Result")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_PICTURES_REMEMBERED = 500


class Target(NamedTuple):
    """Where a message goes."""

    chat: int
    thread: int | None
    kind: Literal["direct", "group"]


class Sender:
    """Sends through one bot account.

    Args:
        bot: Makes the calls.
        seals: Makes the tokens of controls.

    Attributes:
        bot_username: Our name, for deep links; nothing can be sent before it is known.
    """

    def __init__(self, bot: Bot, seals: Seals) -> None:
        self._bot = bot
        self._seals = seals
        self._pictures: dict[tuple[int, str], bytes] = {}
        self.bot_username = ""

    async def send(self, out: Outgoing) -> Sent:
        """Post a message.

        A topic that was deleted or closed, and a chat where the bot lost the right to write, refuse the message
        but leave the chat ``fine``: the general topic would be the wrong place for it, and the right may return.

        Raises:
            SendError: See its subclasses.
        """
        rendered, target = self._render(out), _target(out)
        message: Message
        match rendered.kind:
            case "text":
                message = await _call(
                    self._bot.send_message(
                        target.chat,
                        rendered.html,
                        parse_mode=ParseMode.HTML,
                        message_thread_id=target.thread,
                        reply_markup=rendered.keyboard,
                        link_preview_options=_NO_PREVIEW,
                    ),
                    target.kind,
                )
            case "picture":
                message = await _call(
                    self._bot.send_photo(
                        target.chat,
                        InputFile(rendered.content, "kumpel.png"),
                        caption=rendered.html or None,
                        parse_mode=ParseMode.HTML,
                        message_thread_id=target.thread,
                        reply_markup=rendered.keyboard,
                    ),
                    target.kind,
                )
                self._remember_picture(target, str(message.message_id), rendered.content)
            case "file":
                message = await _call(
                    self._bot.send_document(
                        target.chat,
                        InputFile(rendered.content, rendered.filename),
                        caption=rendered.html or None,
                        parse_mode=ParseMode.HTML,
                        message_thread_id=target.thread,
                        disable_content_type_detection=True,
                    ),
                    target.kind,
                )
        return Sent(str(message.message_id), rendered.kind)

    async def edit(self, out: Outgoing, sent: Sent) -> Sent:
        """Make a message say this.

        Raises:
            PostGoneError: The message is gone, or of another kind.
            SendError: See its other subclasses.
        """
        rendered, target = self._render(out), _target(out)
        if rendered.kind != sent.kind or rendered.kind == "file":
            raise PostGoneError(f"a {sent.kind} can't become a {rendered.kind}")
        await _call(_unless(is_not_modified, self._edit_call(rendered, target, sent.ref)), target.kind)
        if rendered.kind == "picture":
            self._remember_picture(target, sent.ref, rendered.content)
        return sent

    async def delete(self, out: Outgoing, sent: Sent) -> None:
        """Take a message away.

        Raises:
            SendError: Telegram keeps it, for example because it is older than 48 hours.
        """
        target = _target(out)
        await _call(_unless(is_deleted_already, self._bot.delete_message(target.chat, int(sent.ref))), target.kind)

    def _edit_call(self, rendered: Rendered, target: Target, ref: str) -> Coroutine[Any, Any, object]:
        if rendered.kind == "text":
            return self._bot.edit_message_text(
                rendered.html,
                target.chat,
                int(ref),
                parse_mode=ParseMode.HTML,
                reply_markup=rendered.keyboard,
                link_preview_options=_NO_PREVIEW,
            )
        if self._pictures.get((target.chat, ref)) == _digest(rendered.content):
            return self._bot.edit_message_caption(
                target.chat,
                int(ref),
                caption=rendered.html,
                parse_mode=ParseMode.HTML,
                reply_markup=rendered.keyboard,
            )
        media = InputMediaPhoto(
            rendered.content, caption=rendered.html, parse_mode=ParseMode.HTML, filename="kumpel.png"
        )
        return self._bot.edit_message_media(media, target.chat, int(ref), reply_markup=rendered.keyboard)

    def _render(self, out: Outgoing) -> Rendered:
        if not self.bot_username:
            raise NotSentError("not connected to Telegram yet")
        if out.surface == "home":
            raise RefusedError("Telegram has no home page")
        return render(out, RenderContext(self._seals, self.bot_username))

    def _remember_picture(self, target: Target, ref: str, content: bytes) -> None:
        """Keep what a picture shows, so that the same one need not travel again with a new caption."""
        while len(self._pictures) >= _PICTURES_REMEMBERED:
            del self._pictures[next(iter(self._pictures))]
        self._pictures[target.chat, ref] = _digest(content)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _target(out: Outgoing) -> Target:
    """Return where a message goes: what only one person of a group may see goes to their direct chat."""
    private = out.kind == "group" and out.audience
    try:
        if private:
            return Target(int(out.audience), None, "direct")
        return Target(int(out.chat), int(out.thread) if out.thread else None, out.kind)
    except ValueError:  # an anonymous administrator has no direct chat
        raise RefusedError("no such Telegram chat") from None


async def _call(call: Coroutine[Any, Any, _Result], kind: Literal["direct", "group"]) -> _Result:
    """Await one call.

    Raises:
        SendError: What the refusal means.
    """
    try:
        async with asyncio.timeout(SEND_SECONDS):
            return await call
    except TimeoutError:
        raise UncertainError("no answer in time") from None
    except TelegramError as error:
        raise send_error(error, kind) from None


async def _unless(is_done: Callable[[TelegramError], bool], call: Coroutine[Any, Any, object]) -> None:
    """Await one call; ``is_done`` knows the refusals that say there was nothing to do."""
    try:
        await call
    except TelegramError as error:
        if not is_done(error):
            raise
