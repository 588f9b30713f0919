"""HTTP deliveries: signed POSTs to the app's request URL.

Sources: docs.slack.dev/authentication/verifying-requests-from-slack and slack_sdk.signature (v0 signature);
docs.slack.dev/apis/events-api (url_verification, three seconds, X-Slack-Retry-Num, X-Slack-Retry-Reason,
X-Slack-No-Retry); docs.slack.dev/interactivity (``payload=`` form; commands as plain form fields).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import ssl
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.clock import Clock
from bot.sandbox.slack.delivery import ACK_SECONDS, Answer, Json, Kind, within
from bot.sandbox.slack.ids import secret


class UrlNotVerifiedError(Exception):
    """The request URL did not echo the challenge."""


@dataclass(eq=False)
class HttpEvents:
    """The app behind one request URL, which serves events, interactions and commands alike."""

    clock: Clock
    url: str
    signing_secret: str
    verification_token: str
    ack_seconds: float = ACK_SECONDS
    _session: aiohttp.ClientSession | None = field(default=None)

    async def verify(self) -> None:
        """Do what Slack does when a request URL is entered.

        Raises:
            UrlNotVerifiedError: the challenge did not come back.
        """
        challenge = secret(40)
        body = {"token": self.verification_token, "challenge": challenge, "type": "url_verification"}
        answer = await self.send("events_api", body, 0, "")
        echoed = answer.body.get("challenge") if isinstance(answer.body, dict) else answer.body
        if echoed != challenge:
            raise UrlNotVerifiedError(f"{self.url} answered {answer!r}")

    async def send(self, kind: Kind, payload: Json, attempt: int, reason: str) -> Answer:
        """Post once; success is any 2xx within three seconds."""
        posting = asyncio.ensure_future(self._post(kind, payload, attempt, reason))
        try:
            if await within(self.clock, self.ack_seconds, posting):
                return posting.result()
            return Answer(ok=False, reason="http_timeout")
        finally:
            if not posting.done():
                posting.cancel()
                await asyncio.gather(posting, return_exceptions=True)

    async def close(self) -> None:
        """Close the client session."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, kind: Kind, payload: Json, attempt: int, reason: str) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(auto_decompress=True)
        body, content_type = _encoded(kind, payload)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0", **self._signature(body)}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        try:
            async with self._session.post(self.url, data=body, headers=headers, max_redirects=2) as answer:
                text = await answer.text()
        except aiohttp.TooManyRedirects:
            return Answer(ok=False, reason="too_many_redirects")
        except (aiohttp.ClientSSLError, ssl.SSLError):
            return Answer(ok=False, reason="ssl_error")
        except aiohttp.ClientConnectionError:
            return Answer(ok=False, reason="connection_failed")
        except aiohttp.ClientError:
            return Answer(ok=False, reason="unknown_error")
        if 200 <= answer.status < 300:
            return Answer(ok=True, body=_decoded(text, answer.content_type))
        retry = answer.headers.get("X-Slack-No-Retry") != "1"
        return Answer(ok=False, reason="http_error", retry=retry)

    def _signature(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self.clock.now().timestamp()))
        signed = hmac.new(self.signing_secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256)
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": "v0=" + signed.hexdigest(),
        }


def _encoded(kind: Kind, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _decoded(text: str, content_type: str) -> Any:
    """The body of an acknowledgement: JSON if it says so, ``{"text"}`` for words, None for nothing."""
    if not text.strip():
        return None
    if content_type == "application/json":
        try:
            return json.loads(text)
        except ValueError:
            return None
    return {"text": text}
