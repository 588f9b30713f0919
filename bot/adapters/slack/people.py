"""What Slack knows of people: names, languages, who is a guest. Kept an hour, asked before it is needed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, NamedTuple

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.errors import reason_of
from bot.clock import Clock

log = structlog.get_logger(__name__)

_KEPT_SECONDS = 3600.0
_RETRY_SECONDS = 30.0
_MOST_PEOPLE = 10_000
_MOST_AT_ONCE = 8
"""Of one text's mentions; the others go without a name. users.info is tier 4: about 100 a minute."""


class Profile(NamedTuple):
    """A person's facts.

    Attributes:
        trusted: A full member of the workspace: no guest, no stranger, no bot, not deactivated.
        admin: May administrate the workspace.
        guest: Of this workspace, invited to some of its channels.
        left: The account is deactivated.
    """

    name: str
    handle: str = ""
    language: str = ""
    trusted: bool = False
    admin: bool = False
    guest: bool = False
    left: bool = False


def profile_of(user: dict[str, Any], team: str) -> Profile:
    """Read a user object (users.info with ``include_locale``, user_change)."""
    details = user.get("profile") or {}
    locale = str(user.get("locale") or "")
    outside = any(
        user.get(mark) for mark in ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")
    )
    ours = user.get("team_id") == team and not user.get("is_stranger")
    trusted = not outside and ours
    invited = bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
    return Profile(
        name=str(details.get("display_name") or user.get("real_name") or user.get("name") or ""),
        handle=str(user.get("name") or ""),
        language=("de" if locale.startswith("de") else "en") if locale else "",
        trusted=trusted,
        admin=trusted and bool(user.get("is_admin") or user.get("is_owner")),
        guest=invited and ours and not user.get("is_bot"),
        left=bool(user.get("deleted")),
    )


class People:
    """Profiles by user id."""

    def __init__(self, client: AsyncWebClient, team: str, clock: Clock) -> None:
        self._client = client
        self._team = team
        self._clock = clock
        self._known: dict[str, tuple[float, Profile | None]] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}

    def get(self, user: str) -> Profile | None:
        """Return what is known of a person; None for unknown."""
        entry = self._known.get(user)
        return entry[1] if entry else None

    def unknown(self, users: Iterable[str]) -> list[str]:
        """Return those of whom nothing fresh is known, or known to be unknown."""
        now = self._clock.monotonic()
        known = self._known
        return [user for user in users if user not in known or known[user][0] < now]

    def note(self, user: dict[str, Any]) -> None:
        """Take a user object that came by itself (user_change, team_join)."""
        if user_id := user.get("id"):
            before = self.get(user_id)
            profile = profile_of(user, self._team)
            language = profile.language or (before.language if before else "")
            self._keep(user_id, profile._replace(language=language), _KEPT_SECONDS)

    async def ask(self, users: Iterable[str]) -> None:
        """Ask Slack for people's profiles; returns when they are known or could not be had."""
        wanted = self.unknown(dict.fromkeys(users))[:_MOST_AT_ONCE]
        for user in wanted:
            if user not in self._asking:
                task = asyncio.create_task(self._ask(user))
                self._asking[user] = task
        if wanted:
            await asyncio.wait([self._asking[user] for user in wanted])

    async def close(self) -> None:
        """Give up what is still being asked."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _ask(self, user: str) -> None:
        try:
            answer = await self._client.users_info(user=user, include_locale=True)
            self._keep(user, profile_of(answer["user"], self._team), _KEPT_SECONDS)
        except Exception as problem:  # whatever it is: unknown people are untrusted
            log.warning("slack_profile_unknown", user=user, reason=reason_of(problem))
            self._keep(user, None, _RETRY_SECONDS)
        finally:
            del self._asking[user]

    def _keep(self, user: str, profile: Profile | None, seconds: float) -> None:
        self._known.pop(user, None)
        while len(self._known) >= _MOST_PEOPLE:
            del self._known[next(iter(self._known))]
        self._known[user] = (self._clock.monotonic() + seconds, profile)
