"""Delivery of updates to the bot's webhook (telegram-bot-api WebhookActor.cpp, Client.cpp)."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import random
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from bot.sandbox.telegram.errors import bad_request, too_many_requests
from bot.sandbox.telegram.params import Params, from_mapping
from bot.sandbox.telegram.updates import DEFAULT_TYPES, TYPES, Update
from bot.sandbox.telegram.world import World

# Not executed when they come in the answer to an update; nor is anything beginning with "get".
UNANSWERABLE = frozenset(("setwebhook", "deletewebhook", "close", "logout"))
GONE_AFTER = 23 * 3600.0  # a webhook that says 410 for so long is dropped
Execute = Callable[[str, Params], Awaitable[Any]]


class Webhook:
    """One webhook and the task that serves it, one update a POST, in order.

    Attributes:
        delay_scale: Factor on the waits between attempts, for tests.
    """

    def __init__(self, world: World, execute: Execute, delay_scale: float = 1.0) -> None:
        self._world = world
        self._execute = execute
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._next_change = 0.0
        self._gone_since: float | None = None
        self.delay_scale = delay_scale
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.last_error: tuple[int, str] | None = None

    def wake(self) -> None:
        """There is something to deliver."""
        self._wake.set()

    async def set(self, params: Params) -> tuple[bool, str]:
        """Bot API setWebhook; returns the result and the text beside it.

        Raises:
            BotApiError: 400 for an address or secret that will not do, 429 when changed twice in a second.
        """
        url = params.text("url")
        now = self._world.clock.monotonic()
        if now < self._next_change:
            raise too_many_requests(1)
        if url:
            check_url(url)
            secret = params.text("secret_token")
            if len(secret) > 256:  # "1-256 characters" (Bot API, setWebhook.secret_token)
                raise bad_request("secret token is too long")
            if re.fullmatch(r"[A-Za-z0-9_-]*", secret) is None:
                raise bad_request("secret token contains unallowed characters")
        else:
            secret = ""
        self._next_change = now + 1.0
        self._world.queue.allow(params)
        if params.flag("drop_pending_updates"):
            self._world.queue.drop()
        if url == self.url and secret == self.secret:
            return True, f"Webhook is already {'set' if url else 'deleted'}"
        await self.close()
        self.url, self.secret = url, secret
        self.max_connections = params.integer("max_connections", 40, 1, 100)
        self.last_error = self._gone_since = None
        if not url:
            return True, "Webhook was deleted"
        self._world.queue.abort("terminated by setWebhook request")
        self._task = asyncio.create_task(self._run())
        return True, "Webhook was set"

    def info(self) -> dict[str, Any]:
        """A ``WebhookInfo``."""
        queue = self._world.queue
        out: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": queue.pending_count(),
        }
        if self.url:
            out["max_connections"] = self.max_connections
        if self.last_error is not None:
            out["last_error_date"], out["last_error_message"] = self.last_error
        if queue.allowed != DEFAULT_TYPES:
            out["allowed_updates"] = [name for name in TYPES if name in queue.allowed]
        return out

    async def close(self) -> None:
        """Stop delivering."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        queue = self._world.queue
        failures = 0
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            while True:
                update = queue.first()
                if update is None:
                    self._wake.clear()
                    await self._wake.wait()
                    continue
                delay = await self._deliver(session, update, failures)
                if delay is None:
                    failures = 0
                    queue.confirm(update)
                    continue
                if self._is_gone_for_good():
                    self.url = self.secret = ""
                    self._task = None
                    return
                failures += 1
                await self._world.clock.sleep(delay * self.delay_scale)

    async def _deliver(self, session: aiohttp.ClientSession, update: Update, failures: int) -> float | None:
        """Post one update; None when it arrived, otherwise the seconds until the next attempt."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        delay = retry_delay(failures)
        try:
            async with session.post(self.url, json=update.json(), headers=headers) as response:
                body = await response.text()
                if response.status != 410:
                    self._gone_since = None
                elif self._gone_since is None:
                    self._gone_since = self._world.clock.monotonic()
                if 200 <= response.status < 300:
                    await self._answer(response.content_type, body)
                    return None
                asked = response.headers.get("Retry-After", "")
                if asked.isdecimal():
                    delay = max(delay, min(int(asked), 3600))
                problem = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            refused = isinstance(error, aiohttp.ClientConnectorError)
            problem = "Connection refused" if refused else "Read timeout expired"
        self.last_error = (self._world.unix_time(), problem)
        return delay

    async def _answer(self, content_type: str, body: str) -> None:
        """Execute the method that an answer names; how that went is never told (Bot API, making requests)."""
        try:
            values = dict(parse_qsl(body)) if "form" in content_type else json.loads(body)
        except ValueError:
            return
        method = values.pop("method", None) if isinstance(values, dict) else None
        if not isinstance(method, str) or method.lower().startswith("get") or method.lower() in UNANSWERABLE:
            return
        await self._execute(method, from_mapping(values))

    def _is_gone_for_good(self) -> bool:
        now = self._world.clock.monotonic()
        return self._gone_since is not None and now - self._gone_since > GONE_AFTER


def retry_delay(failures: int) -> float:
    """Seconds before the next attempt: none, then 2, 4, 8 …, at most 60 to 120 (WebhookActor.cpp)."""
    return 0.0 if failures == 0 else min(2.0**failures, random.uniform(60, 120))  # noqa: S311


def check_url(url: str) -> None:
    """Refuse an address that no webhook may have.

    Plain HTTP is taken for this machine only, as a Bot API server run with --local takes it
    (tdlib/telegram-bot-api README).
    """
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname and _is_local(parts.hostname):
        return
    raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
