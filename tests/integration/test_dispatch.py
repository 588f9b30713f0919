"""From a request to its durable effect and answer: once, in its person's order, whatever a handler does."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from delivery_stage import FastClock, Platform
from small_house import SECRET

from bot.adapters.port import NotStoredError
from bot.clock import ManualClock
from bot.dispatch import Dispatcher
from bot.metrics import Metrics
from handlers.core import pipeline
from handlers.core.answers import TurnCalendar
from handlers.core.context import House
from handlers.core.requests import (
    Actor,
    BotAdded,
    BotRemoved,
    ButtonPress,
    ChatMoved,
    Command,
    FormSubmitted,
    Picked,
    Place,
    Request,
    TextMessage,
)
from handlers.core.seals import Seals
from handlers.core.ui import FormErrors, Nothing, OpenForm, Toast
from handlers.retrieval.index import Index
from storage import chats, people, roles
from storage.database import Database
from storage.switches import get_switch

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KIM = Actor("telegram", "1", "Kim")


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def dispatcher(database: Database, house: House, metrics: Metrics) -> Dispatcher:
    house.knowledge.index = Index([intent.way for intent in house.registry.intents.values()])
    return Dispatcher(database, house, ManualClock(NOW), metrics, per_minute=1000)


class Requests:
    """Makes requests as an adapter would, each with a delivery key of its own."""

    def __init__(self) -> None:
        self.number = 0

    def base(self, actor: Actor = KIM, kind: Literal["direct", "group"] = "direct", **more: Any) -> dict[str, Any]:
        self.number += 1
        place = Place(actor.platform, actor.account if kind == "direct" else "-100", kind)
        return {
            "delivery_key": f"{actor.platform}:{self.number}",
            "actor": actor,
            "place": place,
            "received_at": NOW,
            **more,
        }

    def text(self, text: str, actor: Actor = KIM, **more: Any) -> TextMessage:
        return TextMessage(**self.base(actor, **more), text=text)

    def press(self, packed: str, *, chat: int = 1, sealed: Seals | None = None, **more: Any) -> ButtonPress:
        seals = sealed or Seals([SECRET])
        return ButtonPress(**self.base(**more), token=seals.seal(packed, chat))


@pytest.fixture
def made() -> Requests:
    return Requests()


async def switch(database: Database, name: str) -> str:
    return await database.read(lambda tx: get_switch(tx, name))


async def said(database: Database) -> list[str]:
    """The summaries of everything that is to be sent."""
    rows = await database.read(lambda tx: tx.values("SELECT payload FROM outbox ORDER BY id"))
    return [payload.partition('"summary":"')[2].partition('"')[0] for (payload,) in rows]


async def test_a_message_is_answered_through_the_outbox(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    answer = await dispatcher.dispatch(made.text("count 1"))
    assert answer.outcome == Nothing()
    assert await said(database) == ["counted 1"]


async def test_words_are_understood_before_the_transaction(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    await dispatcher.dispatch(made.text("what does a desk cost?"))
    await dispatcher.dispatch(Command(**made.base(), name="was", text="kostet ein Tisch"))
    await dispatcher.dispatch(made.text("qwertz"))
    assert await said(database) == ["about small:desk", "about small:desk", "I do not know that."]


async def test_one_persons_requests_run_in_the_order_in_which_they_came(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    texts = [str(number) for number in range(30)]
    await asyncio.gather(*(dispatcher.dispatch(made.text(f"count {text}")) for text in texts))
    assert await switch(database, "counted:1") == "".join(f"{text};" for text in texts)


async def test_one_persons_slow_request_holds_that_person_and_nobody_else(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    platform = Platform("telegram", FastClock())
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slow_admin(*_: Any) -> bool:
        asked.set()
        await go_on.wait()
        return True

    platform.is_chat_admin = slow_admin  # type: ignore[assignment, method-assign]
    dispatcher.adapters = {"telegram": platform}
    slow = asyncio.create_task(dispatcher.dispatch(made.press("admin", kind="group")))
    await asked.wait()
    behind = asyncio.create_task(dispatcher.dispatch(made.text("count mine")))
    await dispatcher.dispatch(made.text("count other", Actor("telegram", "2", "Alex")))
    assert not slow.done()
    assert not behind.done()
    go_on.set()
    await asyncio.gather(slow, behind)
    assert sorted(await said(database)) == ["counted mine", "counted other"]
    assert not dispatcher._turns, "who is served takes no memory"


async def test_different_people_share_a_commit(database: Database, dispatcher: Dispatcher, made: Requests) -> None:
    commits: list[str] = []
    assert database._writer is not None
    await database._writer.run(lambda connection: connection.set_trace_callback(commits.append))
    people_ = [Actor("telegram", str(number)) for number in range(40)]
    await asyncio.gather(*(dispatcher.dispatch(made.text("count 1", person)) for person in people_))
    await database._writer.run(lambda connection: connection.set_trace_callback(None))
    assert commits.count("COMMIT") <= 4


async def test_a_delivery_that_comes_again_has_no_second_effect_and_gets_the_answer_it_got(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    press = made.press("press|1")
    await dispatcher.dispatch(made.text("count 0"))  # makes the chat whose id the seal carries
    first = await dispatcher.dispatch(press)
    again = await asyncio.gather(*(dispatcher.dispatch(press) for _ in range(3)))
    assert first.outcome == Toast("pressed")
    assert [answer.outcome for answer in again] == [first.outcome] * 3
    assert await switch(database, "pressed") == "press|1;"


async def test_a_failing_handler_leaves_no_trace_but_an_apology_with_a_reference_and_its_record(
    database: Database, dispatcher: Dispatcher, made: Requests, metrics: Metrics
) -> None:
    def make_lead(tx: Any) -> None:
        person = people.add_account(tx, "slack", "T1:LEAD", NOW).person_id
        roles.add_role(tx, person, "lead", None, NOW)

    await database.write(make_lead)
    bad = made.text("break now")
    answer = await dispatcher.dispatch(bad)
    assert answer.outcome == Nothing()
    assert await switch(database, "broken") == ""
    reference = await database.read(
        lambda tx: tx.value("SELECT reference FROM deliveries WHERE key = ?", (bad.delivery_key,))
    )
    assert len(reference) == 4
    told = await said(database)
    assert len(told) == 2
    assert all(reference in text for text in told)
    assert sum("nothing was saved" in text for text in told) == 1
    await dispatcher.dispatch(bad)
    assert await said(database) == told, "the same failing delivery again apologises no second time"
    await dispatcher.dispatch(made.text("count on"))
    assert await switch(database, "counted:2") == "on;"
    failed = metrics.deliveries.labels("telegram", "TextMessage", "failed")._value.get()
    assert failed == 1


async def test_a_handler_that_raises_stop_iteration_fails_like_any_other(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    async with asyncio.timeout(5):
        await dispatcher.dispatch(made.text("stopiteration"))
    assert "nothing was saved" in (await said(database))[0]


async def test_failing_and_sound_requests_of_one_batch_do_not_touch_each_other(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    texts = ["break x" if number % 10 == 3 else "count x" for number in range(30)]
    await asyncio.gather(
        *(dispatcher.dispatch(made.text(text, Actor("telegram", str(at)))) for at, text in enumerate(texts))
    )
    told = await said(database)
    assert told.count("counted x") == 27
    assert sum("nothing was saved" in text for text in told) == 3


async def test_where_even_the_apology_fails_the_delivery_is_recorded_and_the_next_one_gets_in(
    database: Database, dispatcher: Dispatcher, made: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise KeyError("a placeholder that a translation misspelled")

    monkeypatch.setattr(pipeline, "fail", fail)
    bad = made.text("break now")
    assert (await dispatcher.dispatch(bad)).outcome == Nothing()
    reference = await database.read(
        lambda tx: tx.value("SELECT reference FROM deliveries WHERE key = ?", (bad.delivery_key,))
    )
    assert len(reference) == 4
    await dispatcher.dispatch(made.text("count on"))
    assert await said(database) == ["counted on"]


@pytest.mark.parametrize("text", ["count 1", "break 1"])
async def test_a_store_that_is_down_acknowledges_nothing_and_the_next_delivery_is_handled(
    database: Database, dispatcher: Dispatcher, made: Requests, text: str
) -> None:
    request = made.text(text)
    with closing(sqlite3.connect(database.path, isolation_level=None)) as foreign:
        foreign.execute("BEGIN EXCLUSIVE")
        with pytest.raises(NotStoredError):
            await dispatcher.dispatch(request)
        foreign.execute("ROLLBACK")
    assert await database.read(lambda tx: tx.value("SELECT count(*) FROM deliveries")) == 0
    assert await said(database) == []
    await dispatcher.dispatch(request)
    assert len(await said(database)) == 1


async def test_a_store_that_goes_down_between_the_failure_and_the_apology_acknowledges_nothing(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    foreign = sqlite3.connect(database.path, isolation_level=None)
    failed = dispatcher._failed

    async def store_goes_down(request: Request) -> Any:
        foreign.execute("BEGIN EXCLUSIVE")
        return await failed(request)

    dispatcher._failed = store_goes_down  # type: ignore[method-assign]
    with closing(foreign), pytest.raises(NotStoredError):
        await dispatcher.dispatch(made.text("break now"))
    assert await database.read(lambda tx: tx.value("SELECT count(*) FROM deliveries")) == 0


@pytest.mark.parametrize(
    "seal",
    [
        lambda: Seals(["another secret"]).seal("press|1", 1),
        lambda: Seals([SECRET]).seal("press|1", 999),
        lambda: "press|1" + "A" * 13,
        lambda: Seals([SECRET]).seal("press|1", 1).replace("|1", "|2"),
        lambda: "",
        lambda: "x",
    ],
    ids=["foreign", "other chat", "made up", "changed", "empty", "short"],
)
async def test_a_control_whose_seal_is_not_ours_for_this_chat_does_nothing(
    database: Database, dispatcher: Dispatcher, made: Requests, seal: Callable[[], str]
) -> None:
    await dispatcher.dispatch(made.text("count 0"))
    answer = await dispatcher.dispatch(ButtonPress(**made.base(), token=seal()))
    assert isinstance(answer.outcome, Toast)
    assert "not from here" in answer.outcome.text
    assert await switch(database, "pressed") == ""


async def test_a_key_that_was_rotated_out_of_first_place_still_opens(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    await dispatcher.dispatch(made.text("count 0"))
    old = made.press("press|1", sealed=Seals([SECRET]))
    dispatcher._house.seals.__init__(["a new secret", SECRET])  # type: ignore[misc]
    assert (await dispatcher.dispatch(old)).outcome == Toast("pressed")


async def test_an_action_of_an_older_time_says_so(dispatcher: Dispatcher, made: Requests) -> None:
    await dispatcher.dispatch(made.text("count 0"))
    answer = await dispatcher.dispatch(made.press("extinct|1"))
    assert isinstance(answer.outcome, Toast)
    assert "older time" in answer.outcome.text


@pytest.mark.parametrize("packed", ["admin", "admin|1", "admin~value"])
@pytest.mark.parametrize(("fact", "allowed"), [(True, True), (False, False), (RuntimeError("no answer"), False)])
async def test_what_only_admins_of_a_group_may_is_found_out_before_and_unknown_means_no(
    database: Database, dispatcher: Dispatcher, made: Requests, packed: str, fact: bool | Exception, allowed: bool
) -> None:
    platform = Platform("telegram", FastClock())
    platform.admin = fact
    dispatcher.adapters = {"telegram": platform}
    await dispatcher.dispatch(made.text("count 0", kind="group"))
    answer = await dispatcher.dispatch(made.press(packed, kind="group"))
    assert isinstance(answer.outcome, Toast)
    assert answer.outcome.alert != allowed
    assert bool(await switch(database, "pressed")) == allowed


async def test_being_an_admin_is_asked_only_where_it_matters_and_never_believed_from_a_delivery(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    platform = Platform("telegram", FastClock())
    platform.admin = RuntimeError("nobody should ask")
    dispatcher.adapters = {"telegram": platform}
    await dispatcher.dispatch(made.text("count 0"))
    assert (await dispatcher.dispatch(made.press("press"))).outcome == Toast("pressed")


async def test_a_role_is_read_when_a_control_is_pressed_not_when_it_was_shown(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    await dispatcher.dispatch(made.text("count 0"))
    refused = await dispatcher.dispatch(made.press("lead"))
    assert isinstance(refused.outcome, Toast)
    assert refused.outcome.alert
    await database.write(lambda tx: roles.add_role(tx, 1, "lead", None, NOW))
    assert (await dispatcher.dispatch(made.press("lead"))).outcome == Toast("pressed")
    await database.write(lambda tx: roles.remove_role(tx, 1, "lead"))
    again = await dispatcher.dispatch(made.press("lead"))
    assert isinstance(again.outcome, Toast)
    assert again.outcome.alert


async def test_a_guests_role_does_not_count(database: Database, dispatcher: Dispatcher, made: Requests) -> None:
    await dispatcher.dispatch(made.text("count 0"))
    await database.write(lambda tx: roles.add_role(tx, 1, "lead", None, NOW))
    guest = Actor("telegram", "1", "Kim", trusted=False)
    answer = await dispatcher.dispatch(made.press("lead", actor=guest))
    assert isinstance(answer.outcome, Toast)
    assert answer.outcome.alert


async def test_a_value_sealed_with_its_action_arrives_as_picked(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    await dispatcher.dispatch(made.text("count 0"))
    await dispatcher.dispatch(made.press("pick|3~2026-11-24"))
    token = Seals([SECRET]).seal("pick|3", 1)
    await dispatcher.dispatch(Picked(**made.base(), token=token, value="slack's value"))
    assert await switch(database, "picked") == "2026-11-24;slack's value;"


async def test_a_calendars_arrow_turns_the_month_and_touches_nothing(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    await dispatcher.dispatch(made.text("count 0"))
    answer = await dispatcher.dispatch(made.press("pick|3~m202612,261123,270131"))
    assert isinstance(answer.outcome, TurnCalendar)
    assert answer.outcome.month.isoformat() == "2026-12-01"
    assert await switch(database, "picked") == ""


async def test_a_form_is_shown_checked_and_used_up_once(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    kim = Actor("slack", "T1:U1", "Kim")
    shown = await dispatcher.dispatch(made.text("form", kim, can_open_form=True))
    assert isinstance(shown.outcome, OpenForm)
    form = shown.outcome.form

    def submitted(**values: str) -> FormSubmitted:
        return FormSubmitted(**made.base(kim), form="small", instance=form.instance, values=values)

    wrong = await dispatcher.dispatch(submitted())
    assert isinstance(wrong.outcome, FormErrors)
    assert list(wrong.outcome.errors) == ["name"]
    right = submitted(name="Kumpel")
    for _ in range(2):
        assert (await dispatcher.dispatch(right)).outcome == Nothing()
    await dispatcher.dispatch(submitted(name="twice"))
    assert await switch(database, "form") == "Kumpel;"
    stranger = FormSubmitted(
        **made.base(Actor("slack", "T1:U2")), form="small", instance=form.instance, values={"name": "x"}
    )
    await dispatcher.dispatch(stranger)
    assert await switch(database, "form") == "Kumpel;"


async def test_a_chats_coming_going_and_moving_is_kept(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    async def chat() -> tuple[int, str, str]:
        found = await database.read(lambda tx: chats.get_chat(tx, 1))
        assert found
        return found.id, found.external_id, found.state

    await dispatcher.dispatch(BotAdded(**made.base(kind="group")))
    assert await chat() == (1, "-100", "open")
    await dispatcher.dispatch(BotRemoved(**made.base(kind="group")))
    assert await chat() == (1, "-100", "gone")
    await dispatcher.dispatch(BotAdded(**made.base(kind="group")))
    await dispatcher.dispatch(ChatMoved(**made.base(kind="group"), new_chat="-1001"))
    assert await chat() == (1, "-1001", "open")


async def test_a_dispatch_that_is_cancelled_lets_the_persons_next_request_in(
    database: Database, dispatcher: Dispatcher, made: Requests
) -> None:
    first = asyncio.create_task(dispatcher.dispatch(made.text("count 1")))
    await asyncio.sleep(0)
    waiting = asyncio.create_task(dispatcher.dispatch(made.text("count 2")))
    await asyncio.sleep(0)
    waiting.cancel()
    first.cancel()
    await asyncio.gather(first, waiting, return_exceptions=True)
    async with asyncio.timeout(5):
        await dispatcher.dispatch(made.text("count 3"))
    assert (await switch(database, "counted:1")).endswith("3;")
    assert not dispatcher._turns
