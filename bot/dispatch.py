"""One delivery: prepare, one transaction, and only then the acknowledgement. The error boundary is here."""

from __future__ import annotations

import asyncio
import functools
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from msgspec import structs

from bot.adapters.port import Adapter, Answer, NotStoredError
from bot.clock import Clock
from bot.metrics import Metrics
from bot.throttle import Throttle
from handlers.core import pipeline
from handlers.core.context import House
from handlers.core.requests import ButtonPress, Command, Picked, Request, TextMessage
from handlers.core.router import NOT_UNDERSTOOD, Understood, as_text, understand
from handlers.core.seals import SEAL_LENGTH
from handlers.core.ui import Nothing
from storage import deliveries
from storage.database import Database
from storage.errors import StoreUnavailableError
from storage.rows import Transaction

log = structlog.get_logger(__name__)

REMEMBERED, REMEMBERED_LENGTH = 2048, 120
"""How many texts of at most how many characters are remembered with what they mean."""

_REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class _Turn:
    """One person's requests that are under way or waiting."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0


class Dispatcher:
    """Handles requests: one person's one after the other, different people's side by side.

    Args:
        database: The open store.
        house: What the handlers share.
        clock: The time.
        metrics: Where to count.
        per_minute: Most requests of one person in a minute.
    """

    def __init__(self, database: Database, house: House, clock: Clock, metrics: Metrics, per_minute: int) -> None:
        self._database = database
        self._house = house
        self._index = house.knowledge.index
        self._clock = clock
        self._counter = functools.cache(metrics.deliveries.labels)
        self._timer = functools.cache(metrics.handler_seconds.labels)
        self._turns: dict[tuple[str, str], _Turn] = {}
        self._waiting = 0
        self._throttle = Throttle(per_minute)
        self._understand_again = functools.lru_cache(maxsize=REMEMBERED)(self._understand)
        self.adapters: Mapping[str, Adapter] = {}

    async def dispatch(self, request: Request) -> Answer:
        """Handle a request; returns once its effects are durable.

        Raises:
            NotStoredError: Nothing was stored; the platform is to deliver again.
        """
        person = (request.actor.platform, request.actor.account)
        turn = self._turns.get(person)
        if turn is None:
            turn = self._turns[person] = _Turn()
        turn.waiting += 1
        self._waiting += 1
        try:
            async with turn.lock:
                return await self._handled(request)
        finally:
            self._waiting -= 1
            turn.waiting -= 1
            if not turn.waiting:
                del self._turns[person]

    async def _handled(self, request: Request) -> Answer:
        platform, kind = request.actor.platform, type(request).__name__
        started = self._clock.monotonic()
        result = "handled"
        try:
            if too_soon := self._throttle.seconds_too_soon(request, started, self._waiting):
                result = "held off"
                answer = await self._held_off(request, too_soon)
            else:
                request, understood = await self._prepared(request)
                answer = await self._process(request, understood)
        except StoreUnavailableError as error:
            self._counter(platform, kind, "refused").inc()
            log.error("store_unavailable", reason=str(error))
            raise NotStoredError(str(error)) from error
        except Exception:
            result = "failed"
            answer = await self._failed(request)
        self._counter(platform, kind, result).inc()
        self._timer(kind).observe(self._clock.monotonic() - started)
        return answer

    async def _process(self, request: Request, understood: Understood) -> Answer:
        now = self._clock.now()
        return await self._database.write(lambda tx: pipeline.process(self._house, tx, request, understood, now))

    async def _held_off(self, request: Request, seconds: float) -> Answer:
        """Ask somebody who asks too much at once for a moment."""
        now = self._clock.now()
        again_at = now + timedelta(seconds=seconds)
        return await self._database.write(lambda tx: pipeline.hold_off(self._house, tx, request, again_at, now))

    async def _failed(self, request: Request) -> Answer:
        """Record that the handler failed and apologise, so that one bad message never blocks the rest."""
        reference = "".join(secrets.choice(_REFERENCE_ALPHABET) for _ in range(4))
        log.exception("handler_failed", reference=reference, kind=type(request).__name__)
        now = self._clock.now()
        reason = type(request).__name__
        try:
            try:
                return await self._database.write(
                    partial(_fail, self._house, request=request, reference=reference, reason=reason, now=now)
                )
            except StoreUnavailableError:
                raise
            except Exception:  # not even that: then silently, for nothing else would let the next one in
                log.exception("apology_failed", reference=reference)
                return await self._database.write(partial(_record, request=request, reference=reference))
        except StoreUnavailableError as error:
            raise NotStoredError(str(error)) from error

    async def _prepared(self, request: Request) -> tuple[Request, Understood]:
        """Do what needs no rows, or needs the network, outside the transaction."""
        match request:
            case TextMessage():
                return request, self.understand(request.text)
            case Command() if self._house.registry.command(request.name, request.text) is None:
                return request, self.understand(as_text(request).text)
            case ButtonPress() | Picked():
                return await self._with_facts(request), NOT_UNDERSTOOD
        return request, NOT_UNDERSTOOD

    def understand(self, text: str) -> Understood:
        """Rank what can be asked for by how well a text fits, and tell its language.

        The same short questions come again and again; long texts are not worth remembering.
        """
        if self._index is not self._house.knowledge.index:
            self._index = self._house.knowledge.index
            self._understand_again.cache_clear()
        return self._understand_again(text) if len(text) <= REMEMBERED_LENGTH else self._understand(text)

    def _understand(self, text: str) -> Understood:
        return understand(self._house.registry, self._index, text)

    async def _with_facts(self, request: ButtonPress | Picked) -> Request:
        """Find out what the control's action declares to need."""
        packed = request.token[:-SEAL_LENGTH]  # its seal is checked in the transaction, before it counts
        name = packed.partition("~")[0].partition("|")[0]
        route = self._house.registry.actions.get(name)
        adapter = self.adapters.get(request.actor.platform)
        if route is None or not route.needs_chat_admin or adapter is None:
            return request
        try:
            is_admin = await adapter.is_chat_admin(request.actor, request.place)
        except Exception:  # unknown means unprivileged
            log.exception("chat_admin_unknown", platform=request.actor.platform)
            is_admin = False
        return structs.replace(request, actor=structs.replace(request.actor, chat_admin=is_admin))


def _fail(
    house: House, tx: Transaction, *, request: Request, reference: str, reason: str, now: datetime
) -> Answer:
    return pipeline.fail(house, tx, request, reference, reason, now)


def _record(tx: Transaction, *, request: Request, reference: str) -> Answer:
    if deliveries.add_delivery(tx, request.delivery_key, request.received_at):
        deliveries.mark_answered(tx, request.delivery_key, "", reference)
    return Answer(Nothing())
