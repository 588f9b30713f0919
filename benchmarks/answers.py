"""200 answers within a minute to an event that stands in 20 Telegram groups and 5 Slack channels, on a fake clock.

The real handlers, store and delivery; only the network is scripted. People press below the posts of both
platforms, some change their minds, and each hears back: by a toast, a line of their own, the calendar entry in a
direct chat. Measured is how long after the last answer every post says how many come, and every sliding window is
checked against all that was sent. Done over with several seeds; the worst counts.
"""

from __future__ import annotations

import asyncio
import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from benchmarks.broadcast import WatchedDatabase, excess, settle
from benchmarks.report import Figure, leave, parser, report
from benchmarks.scripted import ScriptedAdapter
from bot.adapters.port import Outgoing, Sent, Window
from bot.adapters.slack.limits import CHAT_WINDOWS, METHOD_WINDOWS
from bot.adapters.slack.outgoing import method_of
from bot.adapters.telegram.limits import DIRECT_WINDOWS, GROUP_WINDOWS, SEND_WINDOWS
from bot.app import build_house
from bot.clock import ManualClock
from bot.delivery.delivery import Delivery
from bot.delivery.settle import EDIT_GAP
from bot.metrics import Metrics
from bot.settings import SHIPPED_HUB
from handlers.core import pipeline
from handlers.core.context import House
from handlers.core.requests import Actor, ButtonPress, Place
from handlers.core.router import NOT_UNDERSTOOD
from handlers.core.seals import Seals
from handlers.core.ui import Reply, Section, plain
from storage import chats, events, people, places, roles
from storage.chats import Chat, Kind
from storage.events import Details
from storage.rows import Transaction

GROUPS, CHANNELS = 20, 5
ANSWERS, CHANGED_MINDS, WITHIN = 200, 30, 60.0
SEEDS = 5
LATENCY = 0.08
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

SLACK_AT_LEAST, SLACK_A_POST = 5.0, 1.2
"""Goals on Slack, in seconds: for few posts, and for each of many, as chat.update allows about 50 a minute."""

A_MINUTE = {"chat.update": 50, "chat.postEphemeral": 100, "files.completeUploadExternal": 100}
"""What Slack itself allows (docs.slack.dev/apis/web-api/rate-limits); the bot keeps a little more distance."""

_NOTHING_SLEEPS = 0.05
_COUNT = re.compile(r"(\d+) dabei")


class Shown(NamedTuple):
    """What a post said from a moment on, on the clock's steady time."""

    at: float
    going: int


class Outcome(NamedTuple):
    """What one run showed.

    Attributes:
        late: Seconds from the last answer until all posts were true, by platform.
        untrue: Posts whose last count is not the number of rows in the store.
        broken: Messages beyond a sliding window's limit.
        hasty: Edits of a post less than the gap after its last.
        edits: How many edits there were.
    """

    late: dict[str, float]
    untrue: int
    broken: int
    hasty: int
    edits: int


class Slack(ScriptedAdapter):
    """Slack, whose methods have limits of their own.

    Attributes:
        calls: When each method was called.
    """

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(
            "slack",
            clock,
            latency=LATENCY,
            in_flight=20,
            method_windows=(),
            direct_windows=CHAT_WINDOWS,
            group_windows=CHAT_WINDOWS,
        )
        self.calls: dict[str, list[float]] = defaultdict(list)

    def method(self, out: Outgoing, editing: bool) -> str:
        return method_of(out, editing)

    def method_windows(self, method: str) -> tuple[Window, ...]:
        return METHOD_WINDOWS.get(method, ())

    async def send(self, out: Outgoing, note: Callable[[str], Awaitable[None]]) -> Sent:
        self.calls[method_of(out, editing=False)].append(self._clock.monotonic())
        return await super().send(out, note)

    async def edit(self, out: Outgoing, sent: Sent) -> Sent:
        self.calls[method_of(out, editing=True)].append(self._clock.monotonic())
        await super().send(out, self._no_note)
        return sent


class Hub:
    """The bot between two scripted platforms, and the people who answer.

    Args:
        folder: For the store.
        house: What the handlers share.
        seed: Of who answers where and when.
    """

    def __init__(self, folder: Path, house: House, seed: int) -> None:
        self.chance = random.Random(seed)
        self.clock = ManualClock(START)
        self.house = house
        self.slack = Slack(self.clock)
        self.telegram = ScriptedAdapter(
            "telegram",
            self.clock,
            latency=LATENCY,
            in_flight=8,
            method_windows=SEND_WINDOWS,
            direct_windows=DIRECT_WINDOWS,
            group_windows=GROUP_WINDOWS,
        )
        self.database = WatchedDatabase(folder / f"answers-{seed}.sqlite3")
        adapters = {"slack": self.slack, "telegram": self.telegram}
        self.delivery = Delivery(adapters, house, self.database, self.clock, Metrics())
        self.posted_in: list[Chat] = []
        self.pressed = 0

    async def publish(self) -> None:
        """Let all chats subscribe and a manager publish; return once every post stands."""
        self.posted_in = await self.database.write(self._set_up)
        await self.press(self.posted_in[0], "mona", f"events:publish|1|0|{len(self.posted_in)}")
        while len(self.shown()) < len(self.posted_in):
            await self.go_on()

    def _set_up(self, tx: Transaction) -> list[Chat]:
        now = self.clock.now()
        kinds = [("slack", f"T:C{n}", "group") for n in range(CHANNELS)]
        kinds += [("telegram", f"-{n + 1}", "group") for n in range(GROUPS)]
        found = [self._chat(tx, platform, name, "group") for platform, name, _ in kinds]
        manager = people.add_account(tx, "slack", "mona", now, name="Mona").person_id
        roles.add_role(tx, manager, "manager", None, now)
        for chat in found:
            places.add_place(tx, "events", chat.id, "", manager, now)
        details = Details("Startup-Night", START + timedelta(days=9), None, "Dortmund", "Fünf Pitches.", None)
        events.add_draft(tx, details, manager, now)
        for number in range(0, ANSWERS, 2):  # every other one has written to the bot before
            self._chat(tx, "telegram", str(1000 + number), "direct")
        return found

    def _chat(self, tx: Transaction, platform: str, name: str, kind: Kind) -> Chat:
        return chats.add_chat(tx, platform, name, kind, name, self.clock.now())

    async def press(self, chat: Chat, account: str, packed: str) -> None:
        """Somebody presses a button of a chat."""
        self.pressed += 1
        request = ButtonPress(
            delivery_key=f"{chat.platform}:{self.pressed}",
            actor=Actor(chat.platform, account, name=f"Person {account}"),
            place=Place(chat.platform, chat.external_id, "group", title=chat.title),
            received_at=self.clock.now(),
            token=self.house.seals.seal(packed, chat.id),
        )
        take = partial(self._take, request=request, now=self.clock.now())
        await self.database.write(take)

    def _take(self, tx: Transaction, request: ButtonPress, now: datetime) -> None:
        pipeline.process(self.house, tx, request, NOT_UNDERSTOOD, now)

    async def answer(self) -> float:
        """Let all answers come; returns when the last one was taken, on the clock's steady time."""
        began = self.clock.monotonic()
        due = sorted(began + self.chance.uniform(0, WITHIN) for _ in range(ANSWERS))
        said: list[tuple[Chat, str]] = []
        for number, at in enumerate(due):
            while self.clock.monotonic() < at:
                await self.go_on(at)
            if number >= ANSWERS - CHANGED_MINDS:
                chat, account = said.pop(self.chance.randrange(len(said)))
                await self.press(chat, account, "events:not|1")
            else:
                chat, account = self.chance.choice(self.posted_in), str(1000 + number)
                said.append((chat, account))
                await self.press(chat, account, "events:going|1")
        return self.clock.monotonic()

    async def go_on(self, until: float = float("inf")) -> None:
        """Let what can happen now happen, and a little time pass."""
        await settle(self.database)
        wake = self.clock.next_wake()
        self.clock.advance(min(_NOTHING_SLEEPS if wake is None else wake, until - self.clock.monotonic()))

    def shown(self) -> dict[str, list[Shown]]:
        """What every post said, by platform and chat, from when on."""
        found: dict[str, list[Shown]] = defaultdict(list)
        for adapter in (self.slack, self.telegram):
            for at, out in adapter.sent:
                if out.key.startswith("post:") and isinstance(out.content, Reply) and out.kind == "group":
                    text = " ".join(
                        plain(block.text) for block in out.content.blocks if isinstance(block, Section)
                    )
                    count = _COUNT.search(text)
                    found[f"{adapter.platform} {out.chat}"].append(Shown(at, int(count[1]) if count else 0))
        return found


async def run(house: House, seed: int) -> Outcome:
    """Answer once and look at what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        hub = Hub(Path(folder), house, seed)
        await hub.database.open()
        await hub.delivery.start()
        await hub.publish()
        last = await hub.answer()
        rows = await hub.database.read(lambda tx: events.get_going_count(tx, 1))
        while hub.clock.monotonic() < last + WITHIN:
            await hub.go_on()
        await hub.delivery.stop()
        await hub.database.close()
    shown = hub.shown()
    late = dict.fromkeys(("slack", "telegram"), 0.0)
    for where, said in shown.items():
        platform = where.partition(" ")[0]
        true_from = next(at for at, going in reversed(said) if going == rows)
        late[platform] = max(late[platform], true_from + LATENCY - last)
    gap = EDIT_GAP.total_seconds()
    return Outcome(
        late,
        untrue=GROUPS + CHANNELS - sum(said[-1].going == rows for said in shown.values()),
        broken=broken(hub),
        hasty=sum(two.at - one.at < gap for said in shown.values() for one, two in pairwise(said)),
        edits=sum(len(said) - 1 for said in shown.values()),
    )


def broken(hub: Hub) -> int:
    """Count what was sent beyond the platforms' own limits."""
    over = excess([at for at, _ in hub.telegram.sent], 30, 1.0)
    for adapter in (hub.slack, hub.telegram):
        by_chat: dict[str, list[float]] = defaultdict(list)
        for at, out in adapter.sent:
            by_chat[out.chat].append(at)
        for chat, times in by_chat.items():
            over += excess(times, 1, 1.0)
            if chat.startswith("-"):
                over += excess(times, 20, 60.0)
    return over + sum(excess(hub.slack.calls[method], most, 60.0) for method, most in A_MINUTE.items())


async def measure(seeds: int = SEEDS) -> dict[str, Figure]:
    """Answer with every seed and return the figures, with goals that follow from the limits."""
    house = build_house(SHIPPED_HUB, Seals(["benchmark" * 4]))
    outcomes = [await run(house, seed) for seed in range(seeds)]
    on_the_wire = 2 * LATENCY  # the edit under way when the last answer comes, and the one that tells of it
    telegram = EDIT_GAP.total_seconds() + GROUPS * SEND_WINDOWS[0].seconds / SEND_WINDOWS[0].calls + on_the_wire
    slack = max(SLACK_AT_LEAST, CHANNELS * SLACK_A_POST)
    return {
        "from the last answer until all posts are true, Telegram": Figure(
            max(outcome.late["telegram"] for outcome in outcomes), "s", telegram, "lower"
        ),
        "from the last answer until all posts are true, Slack": Figure(
            max(outcome.late["slack"] for outcome in outcomes), "s", slack, "lower"
        ),
        "posts that do not say what the store holds": Figure(sum(o.untrue for o in outcomes), "", 0, "lower"),
        "messages over a sliding window's limit": Figure(sum(o.broken for o in outcomes), "", 0, "lower"),
        "edits of a post within the gap": Figure(sum(o.hasty for o in outcomes), "", 0, "lower"),
        "edits for 200 answers to 25 posts": Figure(max(o.edits for o in outcomes), ""),
    }


async def main() -> int:
    """Measure and report."""
    options = parser(__doc__)
    options.add_argument("--seeds", type=int, default=SEEDS, help="how often to do it over")
    chosen = options.parse_args()
    return report("answers", await measure(chosen.seeds), as_json=chosen.json)


if __name__ == "__main__":
    leave(asyncio.run(main()))
