"""Deliveries on their way in: through Bolt, to a request, to the dispatcher, to the acknowledgement.

One global middleware takes everything and itself returns the answer once the dispatcher has stored the effects.
There is no listener: Bolt would acknowledge an event before its listener ran, and poll for an action's ack.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.middleware.async_builtins import AsyncRequestVerification
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock as SignatureClock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.port import Answer, Dispatch, NotStoredError
from bot.adapters.slack.background import Background
from bot.adapters.slack.channels import Channels
from bot.adapters.slack.directs import Directs
from bot.adapters.slack.errors import reason_of
from bot.adapters.slack.forms import form_errors, render_form
from bot.adapters.slack.parse import parse, people_in
from bot.adapters.slack.people import People
from bot.adapters.slack.surroundings import Identity, Surroundings
from bot.adapters.slack.web import quiet
from bot.clock import Clock
from handlers.core.requests import Request, TextMessage
from handlers.core.ui import FormErrors, OpenForm

log = structlog.get_logger(__name__)

Json = dict[str, Any]
PREPARE_SECONDS = 1.0
_PEOPLE_EVENTS = ("user_change", "team_join")
_LOST_ACCESS = ("tokens_revoked", "app_uninstalled")


class Incoming:
    """Takes deliveries of any kind.

    Args:
        client: For profiles and for showing forms.
        identity: Who the bot is.
        signing_secret: Of the app, for deliveries over HTTP; empty in Socket Mode.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        identity: Identity,
        people: People,
        directs: Directs,
        dispatch: Dispatch,
        clock: Clock,
        signing_secret: str = "",
    ) -> None:
        self._client = client
        self._identity = identity
        self._people = people
        self._directs = directs
        self._dispatch = dispatch
        self._clock = clock
        self._channels = Channels(client, clock)
        self._turns: dict[str, asyncio.Future[None]] = {}
        self._asking = Background()
        self._after = Background()
        self.bolt = _bolt(identity, self.take, signing_secret, clock, client)

    async def receive(self, delivery: AsyncBoltRequest) -> BoltResponse:
        """Take a delivery as it came; 200 is the acknowledgement, anything else is none."""
        return await self.bolt.async_dispatch(delivery)

    async def finish(self) -> None:
        """Bring to an end what follows acknowledgements; questions nobody waits for are given up."""
        await self._asking.cancel()
        await self._after.finish()

    async def take(self, body: Json) -> BoltResponse:
        """Handle a verified payload, return the acknowledgement; 500 where nothing was stored."""
        try:
            request = await self.request_of(body)
            if request is None:
                return BoltResponse(status=200, body="")
            answer = await self._dispatch(request)
        except NotStoredError:
            log.warning("slack_delivery_not_stored")
            return BoltResponse(status=500, body="")
        except Exception as problem:
            log.exception("slack_delivery_failed", kind=type(problem).__name__)
            return BoltResponse(status=500, body="")
        return self._acknowledgement(body, answer)

    async def request_of(self, body: Json) -> Request | None:
        """Parse a payload, once what it needs to know of people is known, or has taken too long."""
        event = body.get("event")
        if isinstance(event, dict):
            self._note(event)
        around = self._surroundings(self._clock.now())
        request = parse(body, around)
        if request is None:
            return None
        people = people_in(body)
        account = request.actor.account
        unknown = self._people.unknown(people)
        channel = _command_channel(body)
        if channel in self._directs or not channel.startswith("D"):
            channel = ""
        nameless = self._nameless_channel(request)
        if not unknown and not channel and not nameless and account not in self._turns:
            return request
        await self._prepare(account, unknown, channel, nameless)
        return parse(body, around)

    def _surroundings(self, now: datetime) -> Surroundings:
        return Surroundings(self._identity, self._people.get, self._directs, now, self._channels.name)

    def _nameless_channel(self, request: Request) -> str:
        """The channel in which the bot is addressed, if its name is to be asked for."""
        channel = request.place.chat.rpartition(":")[2]
        addressed = isinstance(request, TextMessage) and request.addressed
        asked = addressed and request.place.kind == "group" and self._channels.is_unknown(channel)
        return channel if asked else ""

    async def _prepare(self, account: str, people: list[str], channel: str, nameless: str) -> None:
        """Ask for what is unknown, one second at most; requests of one person stay in their order."""
        before = self._turns.get(account)
        turn = self._turns[account] = asyncio.get_running_loop().create_future()
        try:
            questions: list[Awaitable[object]] = [self._people.ask(people)]
            if channel:
                questions.append(self._directs.ask(account.rpartition(":")[2]))
            if nameless:
                questions.append(self._channels.ask(nameless))
            asking = [self._asking.start(_quietly(question)) for question in questions]
            await asyncio.wait(asking, timeout=PREPARE_SECONDS)
            if before is not None:
                await before
        finally:
            turn.set_result(None)
            if self._turns.get(account) is turn:
                del self._turns[account]

    def _note(self, event: Json) -> None:
        kind, channel = event.get("type"), event.get("channel")
        if kind in _PEOPLE_EVENTS and isinstance(event.get("user"), dict):
            self._people.note(event["user"])
        elif kind == "message" and event.get("channel_type") == "im" and isinstance(channel, str):
            self._directs.note(str(event.get("user") or ""), channel)
        elif kind in _LOST_ACCESS:
            log.error("slack_access_lost", event=str(kind))

    def _acknowledgement(self, body: Json, answer: Answer) -> BoltResponse:
        view: Json = body.get("view") or {}
        submitted = body.get("type") == "view_submission"
        match answer.outcome:
            case FormErrors(errors=errors) if submitted and (found := form_errors(errors, view)):
                return BoltResponse(status=200, body={"response_action": "errors", "errors": found})
            case OpenForm(form=form) if submitted:
                return BoltResponse(status=200, body={"response_action": "update", "view": render_form(form)})
            case OpenForm(form=form) if trigger := body.get("trigger_id"):
                on_top = view.get("type") == "modal"
                self._after.start(self._open(str(trigger), render_form(form), on_top))
        return BoltResponse(status=200, body="")

    async def _open(self, trigger: str, view: Json, on_top: bool) -> None:
        call = self._client.views_push if on_top else self._client.views_open
        try:
            await call(trigger_id=trigger, view=view)
        except Exception as problem:  # the form also stands in the store: there is another way to it
            log.warning("slack_form_not_shown", reason=reason_of(problem))


async def _quietly(question: Awaitable[object]) -> None:
    try:
        await question
    except Exception as problem:
        log.warning("slack_question_failed", reason=reason_of(problem))


def _command_channel(body: Json) -> str:
    """The channel of what can come from anybody's direct messages: a command or a message shortcut."""
    if body.get("type") == "message_action":
        return str((body.get("channel") or {}).get("id") or "")
    return str(body.get("channel_id") or "") if "command" in body else ""


def _bolt(
    identity: Identity,
    take: Callable[[Json], Awaitable[BoltResponse]],
    signing_secret: str,
    clock: Clock,
    client: AsyncWebClient,
) -> AsyncApp:
    """Build the Bolt app: ssl_check, signature, fixed authorization, no own events, url_verification, ours."""
    app = AsyncApp(
        name="kumpel",
        logger=quiet,
        client=AsyncWebClient(base_url=client.base_url, session=client.session, retry_handlers=[], logger=quiet),
        signing_secret=signing_secret,
        authorize=_Authorized(identity),
        request_verification_enabled=False,  # ours stands at the same place and goes by our clock
        before_authorize=_Verification(signing_secret, clock),
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        process_before_response=True,
    )
    app.use(_Taking(take))
    return app


class _Authorized(AsyncAuthorize):
    """The one workspace that the token belongs to; nothing is asked of Slack."""

    def __init__(self, identity: Identity) -> None:
        self._result = AuthorizeResult(
            enterprise_id=None, team_id=identity.team, bot_user_id=identity.user, bot_id=identity.bot
        )

    async def __call__(self, **_: Any) -> AuthorizeResult:
        return self._result


class _Verification(AsyncRequestVerification):
    """Bolt's check of signatures, by our clock."""

    def __init__(self, signing_secret: str, clock: Clock) -> None:
        super().__init__(signing_secret, base_logger=quiet)
        self._verifier = SignatureVerifier(signing_secret, clock=_WallClock(clock)) if signing_secret else None


class _WallClock(SignatureClock):
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()


class _Taking(AsyncMiddleware):
    """The last middleware: it never calls ``next``."""

    def __init__(self, take: Callable[[Json], Awaitable[BoltResponse]]) -> None:
        self._take = take

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        return await self._take(req.body)
