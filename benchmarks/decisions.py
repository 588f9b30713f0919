"""Two managers decide on the same mentoring request at once, one in Slack, one in Telegram, a thousand times.

Founders of both platforms ask; the request's card is rendered for both chats of the team as delivery would, and
each manager presses a button of the card that stands there: a signed ``block_actions`` payload through Bolt, an
update's bytes through the library, both to the same dispatcher and the same durable store, at the same time. In
turns they press "Accept" or send the reason of a "Decline" whose form they opened before. Only the network is left
out.

Afterwards there must be one decision, one notice to the founder about it, a word to the manager who was late about
who was faster, and the same outcome, without buttons, on the cards of both chats.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

import msgspec
from slack_bolt.request.async_request import AsyncBoltRequest
from telegram import Update

from benchmarks.presses import (
    CHANNEL,
    GROUP,
    NAMES,
    SLACK_MANAGER,
    TELEGRAM_MANAGER,
    slack_press,
    slack_submission,
    telegram_press,
    telegram_text,
)
from benchmarks.report import Figure, leave, parser, report
from benchmarks.unplugged import TEAM, Bench, bench, signed, slack_incoming
from bot.adapters.port import Answer, Outgoing
from bot.adapters.slack import render as slack_render
from bot.adapters.slack.controls import RenderContext as SlackContext
from bot.adapters.slack.incoming import Incoming
from bot.adapters.telegram import render as telegram_render
from bot.adapters.telegram.parse import BotIdentity, parse
from bot.adapters.telegram.render import RenderContext as TelegramContext
from bot.delivery.compose import Composer
from handlers.core.payloads import load_message
from handlers.core.requests import Actor, Command, FormSubmitted, Place, TextMessage
from handlers.core.ui import OpenForm, Reply, Section, Toast, plain
from handlers.mentoring.telling import CARD, subject
from storage import chats, mentoring, people, places, posts, roles
from storage.mentoring import Inquiry
from storage.posts import Post
from storage.rows import Transaction

ROUNDS = 1000
APART = 0.004
"""Seconds that one of both may press after the other: what arrives first is left to chance."""

ME = BotIdentity(99, "kumpel_bot")
ACCEPT, DECLINE = "Annehmen", "Ablehnen"

PLATFORMS = ("slack", "telegram")


class Standing(NamedTuple):
    """A card as it stands in a chat: its text, and the tokens of its buttons by label."""

    text: str
    buttons: dict[str, str]


class Decision(NamedTuple):
    """What a manager is about to send, and how the keys of what answers it begin."""

    send: Callable[[], Awaitable[Answer | None]]
    key: str


class Round(NamedTuple):
    """What came of one round.

    Attributes:
        winners: How many of both were not told that they were late.
        told: Was the late one told who was faster?
        notices: What the founder heard of the decision, how many times.
        equal: Do both cards show the decision, in the same words and without buttons?
        first: Where it was decided.
        seconds: How long both decisions took.
    """

    winners: int
    told: bool
    notices: int
    equal: bool
    first: str
    seconds: float


class Stage:
    """The bot with a team chat on each platform, and the people.

    Args:
        at: The bot without a network.
        chance: Decides who presses first.
    """

    def __init__(self, at: Bench, chance: random.Random) -> None:
        self._at = at
        self._chance = chance
        self._incoming: Incoming = slack_incoming(at)
        self._composer = Composer(at.house, at.database)
        self._serial = itertools.count(1)
        self._slack = SlackContext(at.house.seals, TEAM)
        self._telegram = TelegramContext(at.house.seals, ME.username)

    async def prepare(self) -> None:
        """Let the managers and their chats be known."""
        await self._at.database.write(self._settle_in)

    def _settle_in(self, tx: Transaction) -> None:
        now = datetime.now(UTC)
        for platform, account, group in (
            ("slack", f"{TEAM}:{SLACK_MANAGER}", f"{TEAM}:{CHANNEL}"),
            ("telegram", str(TELEGRAM_MANAGER), str(GROUP)),
        ):
            known = people.add_account(tx, platform, account, now, name=NAMES[platform])
            roles.add_role(tx, known.person_id, "manager", None, now)
            chats.add_chat(tx, platform, account, "direct", "", now)
            team = chats.add_chat(tx, platform, group, "group", "Team", now)
            places.add_place(tx, "managers", team.id, "", known.person_id, now)

    async def play(self, number: int) -> Round:
        """Let a founder ask and both managers decide at once; look at what came of it."""
        inquiry_id = await self._ask(number)
        cards = await self._cards(inquiry_id)
        declines = number % 2 == 1, number // 2 % 2 == 1
        decisions = {
            "slack": await self._in_slack(cards["slack"], declines=declines[0]),
            "telegram": await self._in_telegram(cards["telegram"], declines=declines[1]),
        }
        first = self._chance.choice(PLATFORMS)
        later = self._chance.uniform(0, APART)
        started = time.perf_counter()
        answers = await asyncio.gather(
            *(_made(decision, 0.0 if on == first else later) for on, decision in decisions.items())
        )
        seconds = time.perf_counter() - started
        told = {
            on: await self._told(decision, answer)
            for (on, decision), answer in zip(decisions.items(), answers, strict=True)
        }
        return await self._judged(inquiry_id, told, seconds)

    async def _judged(self, inquiry_id: int, told: dict[str, str], seconds: float) -> Round:
        inquiry = await self._at.database.read(lambda tx: mentoring.get_inquiry(tx, inquiry_id))
        if inquiry is None or inquiry.decided_on not in PLATFORMS:
            raise AssertionError(f"nobody decided on request {inquiry_id}: {told}")
        by, late = inquiry.decided_on, "slack" if inquiry.decided_on == "telegram" else "telegram"
        faster = f"{NAMES[by]} hat die Anfrage um "
        outcome = f"von {NAMES[by]}, "
        cards = await self._cards(inquiry_id)
        shown = {card.text for card in cards.values()}
        return Round(
            winners=sum("hat die Anfrage um " not in words for words in told.values()),
            told=faster in told[late],
            notices=await self._notices(inquiry),
            equal=len(cards) == 2
            and len(shown) == 1
            and outcome in shown.pop()
            and not any(card.buttons for card in cards.values()),
            first=by,
            seconds=seconds,
        )

    async def _notices(self, inquiry: Inquiry) -> int:
        """How many messages told the founder of a decision, whosever and whatever they are known by."""
        query = "SELECT payload FROM outbox WHERE chat_id = ?"
        payloads = await self._at.database.read(lambda tx: tx.values(query, (inquiry.chat_id,)))
        return sum("(Community-Manager) " in _words(payload) for (payload,) in payloads)

    # --- the founder --------------------------------------------------------------------------------------

    async def _ask(self, number: int) -> int:
        """Let somebody new ask for a mentor, on either platform in turns; returns the request's id."""
        platform = PLATFORMS[number // 4 % 2]
        account = f"{TEAM}:F{number}" if platform == "slack" else str(100_000 + number)
        actor, place = Actor(platform, account, name="Fee", language="de"), Place(platform, account, "direct")
        facts: dict[str, Any] = {"actor": actor, "place": place, "received_at": datetime.now(UTC)}
        answers = {"text": "Wir suchen Pilotkunden", "topic": "logistics-it", "city": "dortmund"}
        typed = {"text": answers["text"], "topic": "Logistik-IT", "city": "Dortmund"}
        asked = Command(delivery_key=self._key(), can_open_form=True, name="mentor", **facts)
        outcome = (await self._at.dispatcher.dispatch(asked)).outcome
        if isinstance(outcome, OpenForm):
            form = outcome.form
            await self._at.dispatcher.dispatch(
                FormSubmitted(
                    delivery_key=self._key(), form=form.id, instance=form.instance, values=answers, **facts
                )
            )
        else:
            for text in typed.values():
                await self._at.dispatcher.dispatch(TextMessage(delivery_key=self._key(), text=text, **facts))
        query = "SELECT max(id) FROM mentoring_requests"
        return int(await self._at.database.read(lambda tx: tx.value(query)))

    # --- the cards ----------------------------------------------------------------------------------------

    async def _cards(self, inquiry_id: int) -> dict[str, Standing]:
        """Render the request's cards that are to change, as delivery would; by platform."""
        now = datetime.now(UTC)
        claimed = await self._at.database.write(lambda tx: _claimed(tx, inquiry_id, now))
        cards: dict[str, Standing] = {}
        for post in claimed:
            out = (await self._composer.compose(post, now)).out
            if out is not None:
                on = "telegram" if out.chat == str(GROUP) else "slack"
                cards[on] = Standing(_text(out), self._buttons(out, on))
        return cards

    def _buttons(self, out: Outgoing, on: str) -> dict[str, str]:
        if on == "telegram":
            keyboard = telegram_render.render(out, self._telegram).keyboard
            rows = keyboard.inline_keyboard if keyboard else ()
            return {button.text: str(button.callback_data) for row in rows for button in row}
        blocks = slack_render.render(out, self._slack).blocks
        found = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
        return {element["text"]["text"]: element["value"] for element in found}

    # --- the managers -------------------------------------------------------------------------------------

    async def _in_slack(self, card: Standing, *, declines: bool) -> Decision:
        """Return what the manager in Slack is about to send."""
        trigger = f"{next(self._serial)}.2"
        pressed = slack_press(card.buttons[DECLINE if declines else ACCEPT], trigger)
        if not declines:
            return Decision(partial(self._receive, pressed), f"slack:trigger:{trigger}:")
        request = await self._incoming.request_of(pressed)
        if request is None:
            raise AssertionError(pressed)
        outcome = (await self._at.dispatcher.dispatch(request)).outcome
        if not isinstance(outcome, OpenForm):
            raise AssertionError(outcome)
        instance = outcome.form.instance
        submitted = slack_submission(outcome.form.id, instance)
        return Decision(partial(self._receive, submitted), f"slack:form:{instance}:")

    async def _receive(self, body: dict[str, Any]) -> None:
        text = json.dumps(body)
        response = await self._incoming.receive(AsyncBoltRequest(body=text, headers=dict(signed(text))))
        if response.status != 200:
            raise AssertionError(response.status)

    async def _in_telegram(self, card: Standing, *, declines: bool) -> Decision:
        """Return what the manager in Telegram is about to send."""
        number = next(self._serial)
        update = telegram_press(number, card.buttons[DECLINE if declines else ACCEPT])
        if declines:
            await self._take(update)
            number = next(self._serial)
            update = telegram_text(number, "Das passt gerade nicht.")
        return Decision(partial(self._take, update), f"telegram:{number}:")

    async def _take(self, body: bytes) -> Answer:
        request = parse(Update.de_json(msgspec.json.decode(body)), ME, datetime.now(UTC))
        if request is None:
            raise AssertionError(body)
        return await self._at.dispatcher.dispatch(request)

    async def _told(self, decision: Decision, answer: Answer | None) -> str:
        """What a manager was told in answer to their decision: a passing line, or a message."""
        if answer is not None and isinstance(answer.outcome, Toast):
            return answer.outcome.text
        query = "SELECT payload FROM outbox WHERE substr(key, 1, length(?1)) = ?1"
        rows = await self._at.database.read(lambda tx: tx.values(query, (decision.key,)))
        return "\n".join(_words(payload) for (payload,) in rows)

    def _key(self) -> str:
        return f"founder:{next(self._serial)}"


async def _made(decision: Decision, after: float) -> Answer | None:
    await asyncio.sleep(after)
    return await decision.send()


def _claimed(tx: Transaction, inquiry_id: int, now: datetime) -> list[Post]:
    """Claim the cards that are not true, and let them count as sent."""
    cards = posts.list_posts(tx, subject(inquiry_id), CARD)
    claimed = [posts.mark_post_sending_if_untrue(tx, card.id, now) for card in cards]
    for post in claimed:
        if post is not None:
            posts.mark_post_sent(tx, post.id, f"ref:{post.id}", "text", now, now)
    return [post for post in claimed if post is not None]


def _text(out: Outgoing) -> str:
    return _shown(out.content) if isinstance(out.content, Reply) else ""


def _words(payload: str) -> str:
    content = load_message(payload)
    return _shown(content) if isinstance(content, Reply) else ""


def _shown(reply: Reply) -> str:
    return "\n".join(plain(block.text) for block in reply.blocks if isinstance(block, Section))


def figures_of(played: list[Round]) -> dict[str, Figure]:
    """Return the figures."""
    by_slack = Counter(each.first for each in played)["slack"]
    return {
        "rounds": Figure(len(played), ""),
        "decisions with other than one winner": Figure(sum(each.winners != 1 for each in played), "", 0, "lower"),
        "founders with other than one notice": Figure(sum(each.notices != 1 for each in played), "", 0, "lower"),
        "late managers not told who was faster": Figure(sum(not each.told for each in played), "", 0, "lower"),
        "requests whose cards are not equal": Figure(sum(not each.equal for each in played), "", 0, "lower"),
        "decided in Slack": Figure(100 * by_slack / len(played), "%"),
        "decisions": Figure(2 * len(played) / sum(each.seconds for each in played), "/s"),
    }


async def measure(rounds: int, seed: int) -> dict[str, Figure]:
    """Play so many rounds and return the figures."""
    async with bench() as at:
        stage = Stage(at, random.Random(seed))
        await stage.prepare()
        return figures_of([await stage.play(number) for number in range(rounds)])


async def main() -> int:
    """Measure and report."""
    options = parser(__doc__)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--seed", type=int, default=1, help="of what is left to chance")
    chosen = options.parse_args()
    return report("decisions", await measure(chosen.rounds, chosen.seed), as_json=chosen.json)


if __name__ == "__main__":
    leave(asyncio.run(main()))
