"""Messages on their way out: sent, edited, deleted, found again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.port import (
    CannotTellError,
    NotSentError,
    Outgoing,
    PostGoneError,
    RefusedError,
    Sent,
    TryLaterError,
)
from bot.adapters.slack.controls import Json, RenderContext
from bot.adapters.slack.directs import Directs
from bot.adapters.slack.errors import error_code, refusal, send_error
from bot.adapters.slack.files import NO_FILE, Files
from bot.adapters.slack.render import SlackMessage, render
from handlers.core.ui import Attachment, Picture, Reply

METADATA_EVENT = "kumpel_sent"
_SKEW = timedelta(minutes=1)
_MOST_PAGES = 20
_PAGE = 200
_GONE_ALREADY = ("message_not_found", "channel_not_found", "is_archived", *NO_FILE)


def method_of(out: Outgoing, editing: bool) -> str:
    """Name the Web API method that a message takes; ``response_url`` is one of its own."""
    if isinstance(out.content, Attachment):
        return "files.completeUploadExternal"
    if out.surface == "home":
        return "views.publish"
    if editing:
        return "chat.update"
    if out.reply_via:
        return "response_url"
    return "chat.postEphemeral" if out.audience and out.kind == "group" else "chat.postMessage"


class Sender:
    """Sends for one workspace.

    A message's ``ref`` is ``CHANNEL:TS``, a file's ``CHANNEL:FILE``, a home page's the user; what nobody can find
    again (ephemeral messages, answers to a response_url) has an empty one.
    """

    def __init__(
        self, client: AsyncWebClient, session: aiohttp.ClientSession, directs: Directs, context: RenderContext
    ) -> None:
        self._client = client
        self._session = session
        self._directs = directs
        self._context = context
        self._files = Files(client, session)

    async def send(self, out: Outgoing, note: Callable[[str], Awaitable[None]]) -> Sent:
        """See :meth:`bot.adapters.port.Adapter.send`."""
        if isinstance(out.content, Attachment):
            return await self._send_file(out, out.content, note)
        return await self._with_picture(out, method_of(out, editing=False), Sent(""))

    async def edit(self, out: Outgoing, sent: Sent) -> Sent:
        """See :meth:`bot.adapters.port.Adapter.edit`."""
        if isinstance(out.content, Attachment) or sent.kind == "file" or not sent.ref:
            raise PostGoneError("this can't be edited")
        if (out.surface == "home") != (sent.kind == "home"):
            raise PostGoneError("a page is no message")
        return await self._with_picture(out, method_of(out, editing=True), sent)

    async def delete(self, out: Outgoing, sent: Sent) -> None:
        """See :meth:`bot.adapters.port.Adapter.delete`."""
        channel, _, rest = sent.ref.partition(":")
        if sent.kind == "home" or not rest:
            return
        method = "files.delete" if sent.kind == "file" else "chat.delete"
        try:
            if sent.kind == "file":
                await self._client.files_delete(file=rest)
            else:
                await self._client.chat_delete(channel=channel, ts=rest)
        except Exception as problem:
            if error_code(problem) not in _GONE_ALREADY:
                raise send_error(problem, method) from None

    async def find(self, out: Outgoing, note: str, since: datetime) -> Sent | None:
        """See :meth:`bot.adapters.port.Adapter.find`."""
        if isinstance(out.content, Attachment):
            if not note or not await self._files.is_shared(note):
                return None
            return Sent(f"{await self._channel(out)}:{note}", "file")
        if out.surface == "home":
            return None  # publishing a page again changes nothing
        if out.reply_via or (out.audience and out.kind == "group"):
            raise CannotTellError("messages that one person sees leave no trace")
        channel = await self._channel(out)
        oldest = f"{(since - _SKEW).timestamp():.6f}"
        return await self._found(out, channel, oldest)

    async def _with_picture(self, out: Outgoing, method: str, sent: Sent) -> Sent:
        """Upload the picture, then send; a picture that Slack does not take in the end is told in words."""
        png = out.picture
        alt = _picture_alt(out)
        file_id = await self._files.picture(png, alt) if png and alt is not None else ""
        try:
            return await self._call(method, out, render(out, self._context, file_id), sent)
        except RefusedError as refused:
            if not png or not file_id or "invalid" not in str(refused):
                raise
            if self._files.not_shown(png):
                raise NotSentError("the picture is not ready") from None
        return await self._call(method, out, render(out, self._context), sent)

    async def _call(self, method: str, out: Outgoing, message: SlackMessage, sent: Sent) -> Sent:
        kind = _kind(message.blocks)
        if method == "response_url":
            await self._respond(out, message)
            return Sent("", kind)
        content: Json = {"text": message.text, "blocks": message.blocks}
        user, chat = out.audience.rpartition(":")[2], out.chat.rpartition(":")[2]
        thread = out.thread or None
        try:
            match method:
                case "views.publish":
                    await self._client.views_publish(user_id=chat, view={"type": "home", "blocks": message.blocks})
                    return Sent(chat, "home")
                case "chat.update":
                    channel, _, ts = sent.ref.partition(":")
                    await self._client.chat_update(channel=channel, ts=ts, **content)
                    return Sent(sent.ref, kind)
                case "chat.postEphemeral":
                    await self._client.chat_postEphemeral(channel=chat, user=user, thread_ts=thread, **content)
                    return Sent("", kind)
            answer = await self._client.chat_postMessage(
                channel=chat,
                thread_ts=thread,
                **content,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": METADATA_EVENT, "event_payload": {"key": out.key}},
            )
        except Exception as problem:
            raise send_error(problem, method, editing=method == "chat.update") from None
        if out.kind == "direct":
            self._directs.note(chat, str(answer["channel"]))
        return Sent(f"{answer['channel']}:{answer['ts']}", kind)

    async def _respond(self, out: Outgoing, message: SlackMessage) -> None:
        """Answer through a response_url; whatever it refuses, the chat is fine."""
        replace = isinstance(out.content, Reply) and out.content.placement == "replace"
        body = {
            "response_type": "ephemeral",
            "replace_original": replace,
            "text": message.text,
            "blocks": message.blocks,
        }
        try:
            async with self._session.post(out.reply_via, json=body) as answer:
                status, text = answer.status, (await answer.text())[:200]
                retry_after = answer.headers.get("Retry-After")
        except Exception as problem:
            raise send_error(problem, "response_url") from None
        if status == 200:
            return
        error = refusal("response_url", status, "invalid_blocks" if "invalid_blocks" in text else "", retry_after)
        if isinstance(error, TryLaterError) or status >= 500:
            raise error
        raise RefusedError(str(error))

    async def _send_file(self, out: Outgoing, file: Attachment, note: Callable[[str], Awaitable[None]]) -> Sent:
        channel = await self._channel(out)
        thread = out.thread if channel == out.chat.rpartition(":")[2] or out.kind == "direct" else ""
        file_id = await self._files.share(file.filename, file.title, file.content, channel, thread, note)
        return Sent(f"{channel}:{file_id}", "file")

    async def _channel(self, out: Outgoing) -> str:
        """The channel that a message stands in; a file for one person alone goes into their direct messages."""
        alone = out.audience if isinstance(out.content, Attachment) else ""
        if out.kind == "group" and not alone:
            return out.chat.rpartition(":")[2]
        try:
            return await self._directs.ask((alone or out.chat).rpartition(":")[2])
        except Exception as problem:
            error = send_error(problem, "conversations.open")
            raise error if isinstance(error, RefusedError | TryLaterError) else NotSentError(str(error)) from None

    async def _found(self, out: Outgoing, channel: str, oldest: str) -> Sent | None:
        question: dict[str, Any] = {
            "channel": channel,
            "oldest": oldest,
            "include_all_metadata": True,
            "limit": _PAGE,
        }
        method = "conversations.replies" if out.thread else "conversations.history"
        cursor = ""
        for _ in range(_MOST_PAGES):
            try:
                if out.thread:
                    answer = await self._client.conversations_replies(ts=out.thread, cursor=cursor, **question)
                else:
                    answer = await self._client.conversations_history(cursor=cursor, **question)
            except Exception as problem:
                raise send_error(problem, method) from None
            for message in answer["messages"]:
                metadata = message.get("metadata") or {}
                if (metadata.get("event_payload") or {}).get("key") != out.key:
                    continue
                if metadata.get("event_type") == METADATA_EVENT:
                    return Sent(f"{channel}:{message['ts']}", _kind(message.get("blocks", ())))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        raise CannotTellError("too much was said since")


def _picture_alt(out: Outgoing) -> str | None:
    blocks = out.content.blocks if isinstance(out.content, Reply) else ()
    return next((block.alt for block in blocks if isinstance(block, Picture)), None)


def _kind(blocks: Iterable[Json]) -> Literal["picture", "text"]:
    return "picture" if any(block.get("type") == "image" for block in blocks) else "text"
