"""What came of it: counted on the platforms' side and in the store, what was lost and what came twice."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.crowd import DECLINE, HELPED, HUMAN, Crowd, Expected, Press, labels
from bot.sandbox.world import SandboxWorld


class Copy(NamedTuple):
    """A message that the bot sent.

    Attributes:
        at: When it was asked for, on Telegram's steady clock; 0 on Slack.
        key: What it carries as metadata on Slack, the titles of files there; empty on Telegram.
    """

    at: float
    key: str
    text: str


class Tally(NamedTuple):
    """How it went.

    Attributes:
        doubles: On Telegram, how many messages came again because of a kill, by the kill's number and the chat.
        unexplained: How many came again on Telegram although no kill lay between.
        told: A line for each thing that went wrong.
    """

    effects_lost: int
    effects_doubled: int
    sends_lost: int
    sends_doubled_on_slack: int
    doubles: Counter[tuple[int, str]]
    unexplained: int
    told: list[str]


class _Store(NamedTuple):
    """What the bot's store says: deliveries taken, helpful answers by entry, messages that did not leave."""

    taken: frozenset[str]
    helped: Counter[str]
    unsent: list[str]


def tally(crowd: Crowd, database: Path, starts: Sequence[float]) -> Tally:
    """Count.

    Args:
        crowd: Who may expect what.
        database: The bot's store; the bot is down.
        starts: When each process of the bot was started, on Telegram's clock.
    """
    store = _read(database)
    told = [f"not sent: {key}" for key in store.unsent]
    expected = [*crowd.expected]
    pressed = Counter[str]()
    for press in crowd.presses:
        if _was_taken(press, store.taken):
            expected.extend(press.then)
            pressed[press.entry] += press.label == HELPED
            if press.label != DECLINE and {HELPED, HUMAN} & {*labels(press.message)}:
                told.append(f"pressed, but its buttons stand: {press.label}, {press.message}")
        elif press.delivery and press.delivery.done and not press.delivery.error:
            told.append(f"acknowledged, but forgotten: {press.label}, {press.entry}")
    effects_lost = len(told) - len(store.unsent) + (pressed - store.helped).total()
    effects_doubled = (store.helped - pressed).total()
    sends_lost = unexplained = 0
    doubles = Counter[tuple[int, str]]()
    slack, telegram = slack_copies(crowd.world), telegram_copies(crowd.world)
    sends_doubled = 0
    for channel, copies in slack.items():
        for key, count in Counter(copy.key for copy in copies).items():
            sends_doubled += count - 1
            told += [f"{count} times on Slack, in {channel}: {key}"] * (count > 1)
    for each in expected:
        copies = _matching(each, slack if each.platform == "slack" else telegram)
        if not copies:
            told.append(f"lost: {each}")
            effects_lost += each.what == "effect"
            sends_lost += each.what == "send"
        if each.platform == "slack":
            keys = {copy.key for copy in copies}
            effects_doubled += max(0, len(keys) - 1)
            told += [f"twice on Slack: {each}, {keys}"] * (len(keys) > 1)
            continue
        for one, other in pairwise(copies):
            process = bisect_right(starts, one.at)
            if process == bisect_right(starts, other.at):
                unexplained += 1
                told.append(f"twice by one process: {each}")
            else:
                doubles[process, each.chat] += 1
    sends_lost = max(sends_lost, len(store.unsent))
    return Tally(effects_lost, effects_doubled, sends_lost, sends_doubled, doubles, unexplained, told)


def slack_copies(world: SandboxWorld) -> dict[str, list[Copy]]:
    """What the bot said on Slack, by channel; what only one person sees (ephemeral) is in no history."""
    return {
        channel.id: [
            Copy(0.0, _key(message.metadata) or " ".join(file.title for file in message.files), message.plain)
            for message in channel.messages
            if message.bot_id == world.slack.bot_id
        ]
        for channel in world.slack.world.workspace.channels.values()
    }


def telegram_copies(world: SandboxWorld) -> dict[str, list[Copy]]:
    """What the bot sent on Telegram, by chat, in its order; edits are none."""
    copies: defaultdict[str, list[Copy]] = defaultdict(list)
    for call in world.telegram.calls:
        if call.method.startswith("send") and call.answer.get("ok"):
            message: dict[str, Any] = call.answer["result"]
            text = message.get("text") or message.get("caption") or ""
            copies[str(message["chat"]["id"])].append(Copy(call.at_monotonic, "", text))
    return copies


def _key(metadata: dict[str, Any] | None) -> str:
    return str(metadata["event_payload"]["key"]) if metadata else ""


def _matching(expected: Expected, said: dict[str, list[Copy]]) -> list[Copy]:
    return [copy for copy in said.get(expected.chat, ()) if all(words in copy.text for words in expected.words)]


def _was_taken(press: Press, taken: Iterable[str]) -> bool:
    return press.delivery is None or f"slack:trigger:{press.delivery.payload['trigger_id']}" in taken


def _read(database: Path) -> _Store:
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    try:
        keys = frozenset(key for (key,) in connection.execute("SELECT key FROM deliveries"))
        helped = connection.execute("SELECT entry, sum(helped) FROM faq_feedback GROUP BY entry").fetchall()
        unsent = connection.execute(
            "SELECT key || ' ' || state || ' ' || reason FROM outbox WHERE state <> 'sent'"
        )
        return _Store(keys, Counter(dict(helped)), [line for (line,) in unsent])
    finally:
        connection.close()
