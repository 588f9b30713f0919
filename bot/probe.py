"""One question to a platform, outside the running bot: for ``kumpel setup`` and ``kumpel check``."""

from __future__ import annotations

from typing import Any, NamedTuple

import aiohttp

SECONDS = 10.0


class Told(NamedTuple):
    """What came back.

    Attributes:
        result: The answer; empty if there was none.
        refusal: The platform's own word for why not.
        silence: Why there was no answer at all; never a URL, it may hold a token.
    """

    result: dict[str, Any]
    refusal: str = ""
    silence: str = ""


async def ask_slack(api_url: str, token: str, method: str, **arguments: str) -> Told:
    """Call a method of Slack's Web API."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = await _post(f"{api_url.rstrip('/')}/{method}", arguments, headers)
    if isinstance(answer, str):
        return Told({}, silence=answer)
    return Told(answer) if answer.get("ok") else Told({}, refusal=str(answer.get("error", "?")))


async def ask_telegram(api_url: str, token: str, method: str, **arguments: str) -> Told:
    """Call a method of the Telegram Bot API."""
    answer = await _post(f"{api_url.rstrip('/')}/bot{token}/{method}", arguments, {})
    if isinstance(answer, str):
        return Told({}, silence=answer)
    if answer.get("ok"):
        result = answer.get("result")
        return Told(result if isinstance(result, dict) else {"result": result})
    return Told({}, refusal=str(answer.get("description", "?")))


async def _post(url: str, arguments: dict[str, str], headers: dict[str, str]) -> dict[str, Any] | str:
    """Return the JSON answer, or why there is none."""
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.post(url, data=arguments, headers=headers) as response,
        ):
            answer = await response.json(content_type=None)
            return answer if isinstance(answer, dict) else f"HTTP {response.status}"
    except TimeoutError:
        return f"{SECONDS:.0f} s"
    except (aiohttp.ClientError, ValueError, OSError) as error:
        return type(error).__name__
