"""Files: pictures shown inside a message, and files that are messages of their own.

Slack takes a file in three steps (docs.slack.dev/messaging/working-with-files): an address, the bytes, and the
completion, which alone makes it visible somewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.port import NotSentError, SendError, UncertainError
from bot.adapters.slack.errors import error_code, refusal, send_error
from bot.adapters.slack.limits import FILE_TITLE, cut

_MOST_PICTURES = 256
_MOST_TRIES = 5
NO_FILE = ("file_not_found", "file_deleted", "not_visible")


@dataclass
class _Picture:
    file_id: str
    tries: int = 0


class Files:
    """Uploads, and what was uploaded lately."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client = client
        self._session = session
        self._pictures: dict[bytes, _Picture] = {}

    async def picture(self, png: bytes, alt: str) -> str:
        """Return the file id of a picture, uploaded once however many messages show it.

        Raises:
            SendError: It could not be uploaded; nothing is visible anywhere.
        """
        known = self._pictures.get(_digest(png))
        if known is None:
            file_id = await self._uploaded("bild.png", png)
            try:
                await self._client.files_completeUploadExternal(
                    files=[{"id": file_id, "title": cut(alt, FILE_TITLE)}]
                )
            except Exception as problem:
                raise _nothing_visible(send_error(problem, "files.completeUploadExternal")) from None
            while len(self._pictures) >= _MOST_PICTURES:
                del self._pictures[next(iter(self._pictures))]
            known = self._pictures[_digest(png)] = _Picture(file_id)
        return known.file_id

    def not_shown(self, png: bytes) -> bool:
        """Note that Slack refused a message with this picture; True if it is worth another try.

        A picture is processed for a moment before it can be shown: ``invalid_blocks``, "invalid slack file"
        (slackapi/python-slack-sdk issues 1521 and 1658).
        """
        known = self._pictures.get(_digest(png))
        if known is None:
            return False
        known.tries += 1
        if known.tries >= _MOST_TRIES:
            del self._pictures[_digest(png)]
            return False
        return True

    async def share(
        self,
        filename: str,
        title: str,
        content: bytes,
        channel: str,
        thread: str,
        note: Callable[[str], Awaitable[None]],
    ) -> str:
        """Send a file into a channel; ``note`` gets its id before it becomes visible.

        Raises:
            SendError: See its subclasses.
        """
        file_id = await self._uploaded(cut(filename, FILE_TITLE), content)
        await note(file_id)
        try:
            await self._client.files_completeUploadExternal(
                files=[{"id": file_id, "title": cut(title or filename, FILE_TITLE)}],
                channel_id=channel,
                thread_ts=thread or None,
            )
        except Exception as problem:
            raise send_error(problem, "files.completeUploadExternal") from None
        return file_id

    async def is_shared(self, file_id: str) -> bool:
        """Tell whether a file stands in any channel; ours are only ever sent to one.

        Raises:
            SendError: Slack did not say.
        """
        try:
            answer = await self._client.files_info(file=file_id)
        except Exception as problem:
            if error_code(problem) in NO_FILE:
                return False
            raise send_error(problem, "files.info") from None
        file = answer["file"]
        shares = file.get("shares") or {}
        places = [channel for visibility in shares.values() for channel in visibility]
        return bool(places or file.get("channels") or file.get("groups") or file.get("ims"))

    async def _uploaded(self, filename: str, content: bytes) -> str:
        try:
            place = await self._client.files_getUploadURLExternal(filename=filename, length=len(content))
            async with self._session.post(str(place["upload_url"]), data=content) as answer:
                status = answer.status
        except Exception as problem:
            raise _nothing_visible(send_error(problem, "files.getUploadURLExternal")) from None
        if status != 200:
            raise _nothing_visible(refusal("file upload", status, ""))
        return str(place["file_id"])


def _digest(png: bytes) -> bytes:
    return hashlib.sha256(png).digest()


def _nothing_visible(problem: SendError) -> SendError:
    """An upload whose end is unknown harms nobody: it is simply done again."""
    return NotSentError(str(problem)) if isinstance(problem, UncertainError) else problem
