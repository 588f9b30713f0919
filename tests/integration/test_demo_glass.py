"""The glass wall on a real stage: both platforms, the real bot, and the story behind what people see."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

import bot.delivery.settle
from bot.demo.cast import FOUNDERS_GROUP, GENERAL
from bot.demo.glass import Glass
from bot.demo.moving import move
from bot.demo.stage import Stage, running_stage
from bot.demo.story import MOST_TEXT, Cleaner
from bot.demo.watching import named_values
from bot.sandbox.faults import Fault
from bot.sandbox.slack import Delivery, SlackPerson
from bot.sandbox.slack import Message as SlackMessage
from handlers.core.texts import Catalogues

HUB = Path(__file__).parents[2] / "hub"
on_stage = pytest.mark.asyncio(loop_scope="module")

Story = dict[str, Any]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """The stage that all tests here share, with roles and places given; posts are edited again without a pause."""
    folder = tmp_path_factory.mktemp("glass")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bot.delivery.settle, "EDIT_GAP", timedelta(seconds=0.1))
        async with running_stage(HUB, folder / "demo.sqlite3") as running:
            running.glass = Glass(running)  # type: ignore[attr-defined]
            await running.start(prepare=True)
            await running.settled()
            yield running


@pytest.fixture
def glass(stage: Stage) -> Glass:
    found: Glass = stage.glass  # type: ignore[attr-defined]
    return found


@pytest.fixture
def lena(stage: Stage) -> SlackPerson:
    return stage.cast.people["lena"].on_slack


def label(text: str) -> str:
    return Catalogues().texts("de").label(text)


def of_slack(glass: Glass, message: SlackMessage | None) -> list[Story]:
    assert message is not None
    return glass.story("slack", message.channel, message.ts)


def of_delivery(glass: Glass, delivery: Delivery) -> Story:
    (story,) = of_slack(glass, delivery.message)
    return story


def tables(story: Story) -> list[tuple[str, str]]:
    return [(row["what"], row["table"]) for row in story["rows"]]


def methods(story: Story) -> list[str]:
    return [call["method"] for call in story["calls"]]


async def until(look: Callable[[], Any], seconds: float = 8.0) -> Any:
    """What ``look`` finds once it finds something."""
    async with asyncio.timeout(seconds):
        while not (found := look()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return found


@on_stage
async def test_a_question_has_a_story_from_its_delivery_to_the_answer(
    stage: Stage, glass: Glass, lena: SlackPerson
) -> None:
    said = await lena.say("Was kostet ein Schreibtisch?")
    await stage.settled()
    story = of_delivery(glass, said)
    assert (story["platform"], story["who"], story["kind"], story["state"]) == (
        "slack",
        "lena",
        "message",
        "handled",
    )
    assert story["delivery"]["event"]["text"] == "Was kostet ein Schreibtisch?"
    assert story["request"]["type"] == "TextMessage"
    assert story["request"]["text"] == "Was kostet ein Schreibtisch?"
    best = story["understood"]["best"][0]
    assert story["understood"]["verdict"] == "answer"
    assert (best["key"], best["title"]["de"]) == ("faq:desk-price", "Was kostet ein Schreibtisch?")
    assert 0.3 < best["score"] <= 1.5
    assert story["handler"] == "handlers.faq.answering.asked"
    assert story["runs"][0]["by"] == "intent"
    assert story["outcome"] == "Reply"
    assert ("insert", "deliveries") in tables(story)
    assert ("insert", "outbox") in tables(story)
    outbox = next(row for row in story["rows"] if row["table"] == "outbox")
    (sent,) = story["outbox"]
    assert outbox["values"]["key"] == sent["key"]
    assert (sent["state"], sent["lane"], sent["payload"]["kind"]) == ("sent", 0, "Reply")
    (call,) = [call for call in story["calls"] if call["method"] == "chat.postMessage"]
    assert (call["status"], call["done"], call["attempt"], call["key"]) == (200, True, 1, sent["key"])
    assert call["answer"]["ok"] is True


@on_stage
async def test_the_answer_leads_to_the_same_story_as_the_question(
    stage: Stage, glass: Glass, lena: SlackPerson
) -> None:
    said = await lena.say("Gibt es bei euch WLAN?")
    await stage.settled()
    answer = lena.messages()[-1]
    assert answer.bot_id
    assert [story["id"] for story in of_slack(glass, answer)] == [of_delivery(glass, said)["id"]]
    roles = {each["message"]: each["as"] for each in of_slack(glass, answer)[0]["messages"]}
    assert said.message is not None
    assert roles == {said.message.ts: "said", answer.ts: "made"}


@on_stage
async def test_two_people_at_once_get_a_story_each(stage: Stage, glass: Glass) -> None:
    people = [stage.cast.people[key].on_slack for key in ("lena", "sam", "aylin", "petra")]
    said = await asyncio.gather(*(person.say("Wo seid ihr?") for person in people))
    await stage.settled()
    stories = [of_delivery(glass, each) for each in said]
    assert [story["who"] for story in stories] == ["lena", "sam", "aylin", "petra"]
    for person, story in zip(people, stories, strict=True):
        (posted,) = [call for call in story["calls"] if call["method"] == "chat.postMessage"]
        assert posted["params"]["channel"] == person.id
        assert len({row["values"]["key"] for row in story["rows"] if row["table"] == "outbox"}) == 1


@on_stage
async def test_a_press_on_a_desk_tells_the_row_and_the_edited_message(
    stage: Stage, glass: Glass, lena: SlackPerson
) -> None:
    asked = await lena.say("Platz buchen morgen")
    await stage.settled()
    card = lena.messages()[-1]
    await (
        await lena.press(next(each for each in card.buttons if "Platz" in each or "frei" in each or each), card)
    ).acked()
    await stage.settled()
    stories = of_slack(glass, card)
    assert [story["kind"] for story in stories] == ["message", "press"]
    made, press = stories
    assert made["id"] == of_delivery(glass, asked)["id"]
    assert press["handler"].startswith("handlers.desks.")
    assert press["runs"][0]["by"] == "action"
    assert press["request"]["type"] in ("ButtonPress", "Picked")
    assert press["delivery"]["type"] == "block_actions"
    assert press["outbox"], press["outcome"]
    assert "chat.update" in methods(press) or "chat.postMessage" in methods(press)


@on_stage
async def test_a_press_in_telegram_tells_its_toast_and_its_acknowledgement(stage: Stage, glass: Glass) -> None:
    petra, group = stage.cast.people["petra"].on_telegram, stage.cast.groups[FOUNDERS_GROUP]
    card = next(m for m in group.messages.values() if any(b.callback_data for row in m.buttons for b in row))
    joined, subscribed = glass.story("telegram", str(group.id), str(card.message_id))
    assert (joined["kind"], joined["who"], subscribed["kind"]) == ("joined", "petra", "press")
    assert {"getChatMember", "answerCallbackQuery", "editMessageText"} == set(methods(subscribed))
    for word in ("Unsubscribe", "Subscribe to events"):
        await (await petra.press(label(word), card)).answered()
        await stage.settled()
        press = glass.story("telegram", str(group.id), str(card.message_id))[-1]
        assert (press["kind"], press["who"], press["platform"]) == ("press", "petra", "telegram")
        assert press["delivery"]["callback_query"]["message"]["message_id"] == card.message_id
        assert (press["outcome"], press["answer"]["type"]) == ("Toast", "Toast")
        assert set(methods(press)) == {"answerCallbackQuery", "editMessageText"}


async def planned(stage: Stage, manager: SlackPerson, title: str) -> tuple[Delivery, SlackMessage]:
    """An event's form, sent in; and the preview that came of it."""
    await (await manager.command("/kumpel", "event")).acked()
    await manager.sees_modal()
    day = (stage.clock.now() + timedelta(days=10)).date().isoformat()
    manager.fill({"title": title, "day": day, "time": "18:30", "place": "Dortmund"})
    sent = await manager.submit()
    await sent.acked()
    return sent, await manager.hears(lambda message: title in message.plain)


@on_stage
async def test_a_form_tells_how_it_opened_and_what_was_entered(stage: Stage, glass: Glass) -> None:
    aylin = stage.cast.people["aylin"].on_slack
    sent, preview = await planned(stage, aylin, "Formularabend")
    await stage.settled()
    latest = {story["kind"]: story for story in reversed(glass.latest(5))}
    opened = latest["command"]
    assert (opened["outcome"], opened["answer"]["type"]) == ("OpenForm", "OpenForm")
    assert methods(opened) == ["views.open"]
    (view,) = [each for each in opened["messages"] if each["place"] == "view"]
    assert view["message"] == sent.payload["view"]["id"]
    form = latest["form"]
    assert form["who"] == "aylin"
    assert form["request"]["values"]["title"] == "Formularabend"
    assert form["delivery"]["view"]["state"]["values"]
    assert form["runs"][0]["by"] == "form"
    assert form["handler"].startswith("handlers.events.")
    assert ("insert", "events") in tables(form)
    assert [story["id"] for story in of_slack(glass, preview)] == [form["id"]]


@on_stage
async def test_publishing_an_event_tells_the_posts_in_every_chat(stage: Stage, glass: Glass) -> None:
    aylin = stage.cast.people["aylin"].on_slack
    _, preview = await planned(stage, aylin, "Gründungsnacht")
    await (await aylin.press(label("Publish"), preview)).acked()
    await stage.settled()
    publish = of_slack(glass, preview)[1]
    assert publish["kind"] == "press"
    posts = [
        each for each in publish["outbox"] if each["source"] == "post" and each["subject"].startswith("event:")
    ]
    assert {each["platform"] for each in posts} == {"slack", "telegram"}
    assert {each["state"] for each in posts} == {"sent"}
    calls = {call["key"]: call for call in publish["calls"]}
    assert [calls[each["key"]]["status"] for each in posts] == [200] * len(posts)
    # The post in each chat leads back to who published it.
    group, channel = stage.cast.groups[FOUNDERS_GROUP], stage.cast.channels[GENERAL]
    shown = next(m for m in group.messages.values() if "Gründungsnacht" in m.plain)
    assert glass.story("telegram", str(group.id), str(shown.message_id))[0]["id"] == publish["id"]
    posted = next(m for m in stage.world.slack.messages(channel) if "Gründungsnacht" in m.plain)
    assert of_slack(glass, posted)[0]["id"] == publish["id"]

    # Somebody comes: the same posts are edited, in both chats, and these calls are that press's.
    await asyncio.sleep(0)
    lena = stage.cast.people["lena"].on_slack
    await (await lena.press(label("I'm in"), posted)).acked()
    story = await until(lambda: (of_slack(glass, posted)[1:] or [None])[0])
    await until(lambda: {"chat.update", "editMessageText"} <= set(methods(of_slack(glass, posted)[1])))
    story = of_slack(glass, posted)[1]
    assert (story["who"], story["handler"]) == ("lena", "handlers.events.answering.going")
    edits = [call for call in story["calls"] if call["method"] in ("chat.update", "editMessageText")]
    assert {call["status"] for call in edits} == {200}
    assert {
        "platform": "telegram",
        "place": str(group.id),
        "message": str(shown.message_id),
        "as": "changed",
    } in story["messages"]


@on_stage
async def test_a_timer_has_a_story_of_its_own(stage: Stage, glass: Glass, lena: SlackPerson) -> None:
    aylin = stage.cast.people["aylin"].on_slack
    _, preview = await planned(stage, aylin, "Pitchabend")
    await (await aylin.press(label("Publish"), preview)).acked()
    await stage.settled()
    before = glass.latest(1)[0]["id"]
    assert await move(stage, stage.clock.now() + timedelta(days=11))
    timers = [
        story
        for story in glass.latest(100)
        if story["kind"] == "timer" and story["id"] > before and story["request"]["kind"].startswith("events.")
    ]
    assert {story["request"]["kind"] for story in timers} == {"events.reached", "events.started"}
    for story in timers:
        assert (story["who"], story["state"], story["runs"][0]["by"]) == (None, "handled", "timer")
        assert ("delete", "timers") in tables(story)
    channel = stage.cast.channels[GENERAL]
    posted = next(m for m in stage.world.slack.messages(channel) if "Pitchabend" in m.plain)
    started = await until(lambda: next((s for s in of_slack(glass, posted) if s["kind"] == "timer"), None))
    assert started["handler"] == "handlers.events.changing.started"
    assert {each["source"] for each in started["outbox"]} == {"post"}
    assert {call["status"] for call in started["calls"]} == {200}


@on_stage
async def test_a_refused_call_and_its_second_try_stand_in_one_story(
    stage: Stage, glass: Glass, lena: SlackPerson
) -> None:
    stage.world.slack.faults.add(Fault(method="chat.postMessage", kind="429", times=1, retry_after=1))
    said = await lena.say("Wann habt ihr offen?")
    await until(
        lambda: of_slack(glass, said.message) and 429 in [c["status"] for c in of_delivery(glass, said)["calls"]]
    )
    story = await until(lambda: (s := of_delivery(glass, said))["outbox"][0]["state"] == "sent" and s)
    posts = [call for call in story["calls"] if call["method"] == "chat.postMessage"]
    assert [(call["status"], call["attempt"]) for call in posts] == [(429, 1), (200, 2)]
    assert posts[0]["answer"] == {"ok": False, "error": "ratelimited"}
    assert posts[0]["key"] == posts[1]["key"]


@on_stage
async def test_a_message_whose_answer_was_lost_still_finds_its_story(
    stage: Stage, glass: Glass, lena: SlackPerson
) -> None:
    stage.world.slack.faults.add(Fault(method="chat.postMessage", kind="drop", times=1, moment="after"))
    said = await lena.say("Habt ihr einen Drucker?")
    await until(lambda: lena.messages()[-1].bot_id and said.message and lena.messages()[-1].ts > said.message.ts)
    answer = lena.messages()[-1]
    story = of_slack(glass, answer)[0]
    assert story["id"] == of_delivery(glass, said)["id"]
    posts = [call for call in story["calls"] if call["method"] == "chat.postMessage"]
    assert [call["status"] for call in posts] == [0]
    async with asyncio.timeout(20):  # the bot waits as long as the call might still arrive, then looks for it
        while of_delivery(glass, said)["outbox"][0]["state"] != "sent":
            stage.clock.move(5)
            await asyncio.sleep(0.1)
    assert "conversations.history" in methods(of_delivery(glass, said))


@on_stage
async def test_what_people_say_among_themselves_leaves_no_row(
    stage: Stage, glass: Glass, lena: SlackPerson
) -> None:
    said = await lena.say("Kommt jemand mit zum Essen?", stage.cast.channels[GENERAL])
    await stage.settled()
    story = of_delivery(glass, said)
    assert (story["handler"], story["rows"], story["outbox"], story["calls"]) == (None, [], [], [])
    assert story["state"] == "handled"


@on_stage
async def test_a_story_outlives_a_crash(stage: Stage, glass: Glass, lena: SlackPerson) -> None:
    stage.world.slack.faults.add(Fault(method="chat.postMessage", kind="stall", times=1, seconds=1e9))
    said = await lena.say("Gibt es Kaffee?")
    await until(lambda: of_slack(glass, said.message) and "chat.postMessage" in methods(of_delivery(glass, said)))
    await stage.crash()
    waiting = of_delivery(glass, said)
    assert waiting["outbox"][0]["state"] == "sending"
    assert [call["done"] for call in waiting["calls"] if call["method"] == "chat.postMessage"] == [True]
    stage.world.slack.faults.clear()
    while_away = await lena.say("Und Tee?")
    await stage.start()
    async with asyncio.timeout(20):
        while of_delivery(glass, said)["outbox"][0]["state"] != "sent":
            stage.clock.move(5)
            await asyncio.sleep(0.1)
    story = of_delivery(glass, said)
    assert 200 in [call["status"] for call in story["calls"] if call["method"] == "chat.postMessage"]
    await until(lambda: of_slack(glass, while_away.message))
    await stage.settled()
    assert of_delivery(glass, while_away)["outbox"][0]["state"] == "sent"


@on_stage
async def test_a_delivery_that_comes_twice_is_one_story(stage: Stage, glass: Glass, lena: SlackPerson) -> None:
    said = await lena.say("Darf mein Hund mit?")
    await stage.settled()
    before = of_delivery(glass, said)["times"]
    await stage.world.slack.redeliver(said)
    story = of_delivery(glass, said)
    assert (story["times"], story["state"]) == (before + 1, "handled")
    assert len(story["outbox"]) == 1


@on_stage
async def test_a_handler_that_fails_is_told(
    stage: Stage, glass: Glass, lena: SlackPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stage.app is not None

    def failing(*_: Any) -> None:
        raise RuntimeError("the coffee is gone")

    monkeypatch.setattr(stage.app.house.registry, "unknown", failing)
    said = await lena.say("Xylophon Quark Zitrone")
    await stage.settled()
    story = of_delivery(glass, said)
    assert (story["state"], story["problem"]) == ("failed", "RuntimeError: the coffee is gone")
    assert story["outbox"][-1]["state"] == "sent"


@on_stage
async def test_every_change_of_a_story_is_told(stage: Stage, glass: Glass, lena: SlackPerson) -> None:
    heard: list[Story] = []
    stop = glass.subscribe(heard.append)
    said = await lena.say("Kann man bei euch duschen?")

    def told() -> list[Story]:
        found = of_slack(glass, said.message)
        return [story for story in heard if found and story["id"] == found[0]["id"]]

    await until(lambda: told() and told()[-1]["outbox"] and told()[-1]["outbox"][0]["state"] == "sent")
    assert {story["type"] for story in heard} == {"story"}
    await asyncio.sleep(0.05)
    stop()
    count = len(heard)
    await lena.say("Danke")
    await stage.settled()
    assert len(heard) == count


@on_stage
async def test_no_story_holds_a_token(stage: Stage, glass: Glass, lena: SlackPerson) -> None:
    channel = stage.cast.channels[GENERAL]
    await (await lena.command("/kumpel", "was kostet ein Tisch", channel)).acked()  # answers over a response_url
    await stage.settled()
    everything = json.dumps(glass.latest(500))
    assert "response_url" in everything
    slack, telegram = stage.world.slack, stage.world.telegram
    assert stage.app is not None
    secrets = [slack.bot_token, slack.app_token, slack.signing_secret, slack.world.verification_token]
    secrets += [telegram.bot_token, *stage.app.settings.confidential, *slack.world.workspace.response_urls]
    secrets += [file.ticket for file in slack.world.workspace.files.values()]
    assert not [secret for secret in secrets if secret in everything]


async def test_only_so_many_stories_are_kept(tmp_path: Path) -> None:
    async with running_stage(HUB, tmp_path / "demo.sqlite3") as stage:
        glass = Glass(stage, most=3)
        await stage.start()
        await stage.settled()
        people = [person.on_slack for person in stage.cast.people.values() if person.slack]
        said = []
        for person in people:
            said.append(await person.say("Was kostet ein Tisch?"))
            await until(
                lambda: [e["state"] for s in of_slack(glass, said[-1].message) for e in s["outbox"]] == ["sent"]
            )
        assert len(glass.latest(100)) == 3
        assert of_slack(glass, said[0].message) == []
        assert of_delivery(glass, said[-1])["who"] == "petra"
        assert len(glass._shelf._by_delivery) == len(glass._raw) == 3
        assert len(glass._shelf._by_message) == 6
        assert glass.still_open() == ()


def test_what_is_too_long_or_secret_is_not_shown() -> None:
    clean = Cleaner(["xoxb-1"])
    assert clean({"upload_url": "x", "text": "a xoxb-1 b", "n": 1}) == {
        "upload_url": "•••",
        "text": "a ••• b",
        "n": 1,
    }
    assert clean("x" * 5000) == f"{'x' * MOST_TEXT} … (5000)"
    assert clean(datetime(2026, 11, 22, tzinfo=UTC)) == "2026-11-22T00:00:00+00:00"
    assert clean(b"abc") == "<3 bytes>"
    assert (
        clean("see http://127.0.0.1:1/slack/actions/T1/s3cret now")
        == "see http://127.0.0.1:1/slack/actions/••• now"
    )


@pytest.mark.parametrize(
    ("sql", "values", "named"),
    [
        ("INSERT INTO t (a, b) VALUES (?, ?) ON CONFLICT DO NOTHING", (1, "x"), {"a": 1, "b": "x"}),
        ("UPDATE t SET a = ? WHERE id = ? AND due <= ?", (1, 2, 3), {"a": 1, "id": 2, "due": 3}),
        ("DELETE FROM t WHERE kind = ? AND subject = ?", ("k", "s"), {"kind": "k", "subject": "s"}),
        ("UPDATE t SET a = coalesce(?, a) WHERE id = ?", (1, 2), [1, 2]),
        ("UPDATE t SET a = ? WHERE a = ?", (1, 2), [1, 2]),
        ("INSERT INTO t (a) SELECT ?", (1,), [1]),
        ("UPDATE t SET a = :a", {"a": 1}, {"a": 1}),
    ],
)
def test_values_stand_by_their_columns_where_that_can_be_told(sql: str, values: Any, named: Any) -> None:
    assert named_values(sql, values) == named
