"""The client for Slack's Web API: one session, no retries of its own, time-outs that we know."""

from __future__ import annotations

import logging

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

REQUEST_TIMEOUT = 10.0
"""Seconds after which a call that gave no answer is over."""

quiet = logging.getLogger("bot.adapters.slack.sdk")
"""For slack_sdk and slack_bolt, whose lower levels would log message texts."""
quiet.setLevel(logging.ERROR)


def open_session() -> aiohttp.ClientSession:
    """Open the session for all calls; proxies and their exceptions come from the environment."""
    timeout = aiohttp.ClientTimeout(total=REQUEST_TIMEOUT, connect=REQUEST_TIMEOUT / 2)
    return aiohttp.ClientSession(timeout=timeout, trust_env=True)


def web_client(token: str | None, api_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return a client over a session. slack_sdk would send again by itself: the outbox alone owns retries."""
    client = AsyncWebClient(
        token=token,
        base_url=api_url,
        session=session,
        timeout=int(REQUEST_TIMEOUT),
        retry_handlers=[],
        logger=quiet,
    )
    client.proxy = None  # slack_sdk takes HTTP_PROXY and forgets NO_PROXY; the session knows both
    return client
