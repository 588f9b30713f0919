"""The glass wall: what happened behind each message, followed from its delivery to the calls that it led to.

Deliveries are known by their keys, transactions by the task that asks for them, messages on their way by their
rows in the outbox, calls by the keys and references that they carry: times are never guessed from.
"""

from __future__ import annotations

import contextvars
import itertools
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.adapters.port import Answer, Dispatch
from bot.demo import tracing
from bot.demo.calls import Calls
from bot.demo.following import Following
from bot.demo.shelf import Shelf
from bot.demo.stage import Stage
from bot.demo.story import KINDS, Cleaner, Json, Story
from bot.demo.watching import WatchedDatabase, Written, dotted_name, watch_handlers
from bot.sandbox.slack import Change as SlackChange
from bot.sandbox.slack.delivery import Delivery
from handlers.core.requests import Command, Request, TextMessage
from handlers.core.router import Understood, as_text
from handlers.core.ui import Nothing
from storage.sendings import Sending, SendingId

if TYPE_CHECKING:
    from bot.app import App

MOST_STORIES = 500

_HANDLED: contextvars.ContextVar[Story | None] = contextvars.ContextVar("handled", default=None)
"""The story whose request the running task handles."""

_UNWATCHED = {"FormSubmitted": "handlers.core.conversation.submitted"} | dict.fromkeys(
    ("HomeOpened", "BotAdded", "BotRemoved", "ChatMoved"), "handlers.core.router.route"
)
"""What handles requests for which the router needs no table."""


class Glass:
    """Keeps the last stories, of every bot that the stage starts from now on.

    Args:
        stage: What runs; it is told to let the glass wall look on.
        most: How many stories are kept.
    """

    def __init__(self, stage: Stage, most: int = MOST_STORIES) -> None:
        self._stage = stage
        self._most = most
        self._raw: OrderedDict[str, tuple[Json, float]] = OrderedDict()
        world = stage.world
        slack, telegram = world.slack, world.telegram
        secrets = (slack.bot_token, slack.app_token, slack.signing_secret, slack.world.verification_token)
        self._clean = Cleaner((*secrets, telegram.bot_token))
        self._who = {
            str(account.id): person.key
            for person in stage.cast.people.values()
            for account in (person.slack, person.telegram)
            if account
        }
        self._shelf = Shelf(stage.clock, self._clean, most, lambda story: self._following.forget(story))
        self._following = Following(self._shelf.touch)
        self._calls = Calls(stage, self._shelf, self._following, self._clean)
        stage.observer = self
        slack.subscribe(self._slack_changed)

    # --- what the page asks for --------------------------------------------------------------------------

    def subscribe(self, listener: Callable[[Json], None]) -> Callable[[], None]:
        """Call ``listener`` with each story that is new or goes on; what is returned ends that."""
        return self._shelf.subscribe(listener)

    def story(self, platform: str, place: str, message: str) -> list[Json]:
        """What a message belongs to, in its order: what it said or what made it, then presses on it and changes.

        Args:
            platform: ``slack`` or ``telegram``.
            place: A channel or chat; ``home`` or ``view`` for what one person sees in Slack.
            message: Its ts or id; the user whose home it is; a modal's id.
        """
        found = self._shelf.of_message(platform, place, message) or self._by_metadata(platform, place, message)
        return [story.json(self._clean) for story in found]

    def latest(self, most: int = 50) -> list[Json]:
        """The last stories, the newest first."""
        return [story.json(self._clean) for story in itertools.islice(self._shelf, most)]

    # --- looking on (see bot.app.Observer); both are called in a thread --------------------------------------

    def database(self, path: Path) -> WatchedDatabase:
        """The store of the bot that is being built."""
        return WatchedDatabase(path, self)

    def dispatch(self, app: App) -> Dispatch:
        """What the bot's adapters hand their requests to."""
        self._clean.add(app.settings.confidential)
        watch_handlers(app.house.registry)
        return partial(self._dispatched, app)

    async def _dispatched(self, app: App, request: Request) -> Answer:
        story = self._begun(request)
        token = _HANDLED.set(story)
        started = time.perf_counter()
        try:
            answer = await app.dispatcher.dispatch(request)
        except BaseException:  # not stored, or the bot ended in the middle: it comes again
            if story.state == "handling":
                story.state = "again"
            raise
        finally:
            _HANDLED.reset(token)
            if story.state in ("handling", "again"):
                story.millis = round((time.perf_counter() - started) * 1000, 1)
            self._shelf.touch(story)
        if story.state == "handling":
            self._ended(story, app, request, answer)
        return answer

    def _begun(self, request: Request) -> Story:
        """The story of a delivery, which may have come before."""
        story = self._shelf.of_delivery(request.delivery_key)
        if story is not None:
            story.times += 1
            if story.state == "again":
                story.state = "handling"
            return story
        actor = request.actor
        kind = KINDS.get(type(request).__name__, "system")
        story = self._shelf.add(actor.platform, kind, request.delivery_key)
        story.asked = request
        story.who, story.name = self._who.get(actor.account.rpartition(":")[2]), actor.name
        story.request = {"type": type(request).__name__, **self._clean(request)}
        raw, came_at = self._raw_of(request)
        if raw:
            story.delivery = self._clean(raw)
            about = tracing.slack_subject(raw) if actor.platform == "slack" else tracing.telegram_subject(raw)
            if about:
                self._shelf.show(story, actor.platform, *about)
        self._calls.adopt_questions(story, came_at)
        return story

    def _ended(self, story: Story, app: App, request: Request, answer: Answer) -> None:
        kind = type(answer.outcome).__name__
        if not story.runs:
            handler = _UNWATCHED.get(type(request).__name__)
            if isinstance(request, TextMessage) and any(row["table"] == "forms" for row in story.rows):
                handler = "handlers.core.conversation.answered"
            if handler:
                story.runs.append({"handler": handler, "by": "router", "key": "", "outcome": kind})
        replied = any(key.id and sending.key.endswith(":reply") for key, sending in story.sendings.items())
        story.outcome = story.outcome or ("Reply" if replied else kind)
        if not isinstance(answer.outcome, Nothing):
            story.answer = {"type": kind, **self._clean(answer.outcome)}
        story.understood = self._understood(app, request)
        story.state = "failed" if story.problem else "handled"
        self._shelf.touch(story)

    def _understood(self, app: App, request: Request) -> Json | None:
        """What the words were taken for. Asking again gives the same answer; short ones are even remembered."""
        registry = app.house.registry
        if isinstance(request, Command) and registry.command(request.name, request.text) is None:
            request = as_text(request)
        if not isinstance(request, TextMessage):
            return None
        understood: Understood = app.dispatcher.understand(request.text)
        titles = app.house.knowledge.titles
        return {
            "verdict": understood.verdict,
            "language": understood.language,
            "best": [
                {
                    "key": ranked.key,
                    "score": round(ranked.score, 3),
                    "title": dict(titles.get(ranked.key) or registry.intents[ranked.key].titles),
                }
                for ranked in understood.ranked
            ],
            "pattern": dotted_name(understood.pattern) if understood.pattern else None,
            "phrase": dotted_name(understood.phrase) if understood.phrase else None,
        }

    # --- transactions (see bot.demo.watching.Watcher) --------------------------------------------------------

    def still_open(self) -> Collection[SendingId]:
        """The messages on their way."""
        return self._following.open()

    def written(self, written: Written) -> None:
        """A transaction is durable: it belongs to the request being handled, to a timer, or to a send's end."""
        story = _HANDLED.get() or self._of_timer(written)
        ended = self._following.update(written.sendings, story)
        if story is None and written.runs and ended:  # whoever asked how the send ended was told
            story = ended[0]
            story.add_runs(written.runs)
            written.runs = []
            written.changes = [change for change in written.changes if change.table not in ("outbox", "posts")]
            story.add_rows(written.changes, self._clean)
        elif story is not None:
            story.add_runs(written.runs)
            story.add_rows(written.changes, self._clean)
        for sending in written.sendings:
            if sending.which in written.announced and story is not None:
                self._following.own(story, sending)
            elif sending not in self._following and (sending.which in written.announced or sending.under_way):
                self._following.own(self._origin_of(sending, ended), sending)
        if story is not None:
            if story.kind == "timer" and story.state == "handling":
                story.state = "handled"
            self._shelf.touch(story)

    def undone(self, written: Written, error: Exception) -> None:
        """A transaction failed. What the store could not take comes again by itself."""
        from storage.errors import StoreUnavailableError

        if isinstance(error, StoreUnavailableError):
            return
        story = _HANDLED.get() or self._of_timer(written)
        if story is not None:
            story.problem = f"{type(error).__name__}: {error}"[:300]
            story.add_runs(written.runs)
            if story.kind == "timer":
                story.state = "failed"
            self._shelf.touch(story)

    def _of_timer(self, written: Written) -> Story | None:
        run = next((run for run in written.runs if run.table == "timer"), None)
        if run is None:
            return None
        story = self._shelf.add("", "timer")
        story.request = story.delivery = {"type": "Timer", "kind": run.key, "subject": run.subject}
        return story

    def _origin_of(self, sending: Sending, ended: list[Story]) -> Story:
        """The story of a message that nobody here asked for: an end's, its delivery's, or a new one."""
        if ended:
            return ended[0]
        known = self._shelf.of_delivery(sending.key.rpartition(":")[0])
        return known or self._shelf.add(sending.platform, "system")

    # --- deliveries as they came ------------------------------------------------------------------------------

    def _slack_changed(self, change: SlackChange) -> None:
        if isinstance(change.subject, Delivery) and change.subject.payload:
            key = tracing.slack_key(self._stage.world.slack.team_id, change.subject.payload)
            self._raw.setdefault(key, (change.subject.payload, time.perf_counter()))
            while len(self._raw) > self._most:
                self._raw.popitem(last=False)

    def _raw_of(self, request: Request) -> tuple[Json | None, float]:
        """What was delivered, and when on the machine's steady clock; never if that is not known."""
        key = request.delivery_key
        if request.actor.platform == "telegram":
            return tracing.telegram_update(self._stage.world.telegram.world.queue, key), math.inf
        return self._raw.get(key) or self._raw.get(key.rpartition(":")[0]) or (None, math.inf)

    def _by_metadata(self, platform: str, place: str, message: str) -> list[Story]:
        """The story of a message whose call's answer was lost: in Slack, the message itself says its key."""
        channel: Any = self._stage.world.slack.world.workspace.channels.get(place) if platform == "slack" else None
        posted = channel.message(message) if channel else None
        key = tracing.sent_key(posted.metadata) if posted else ""
        stories = reversed(list(self._shelf)) if key else ()
        return [story for story in stories if any(sending.key == key for sending in story.sendings.values())]
