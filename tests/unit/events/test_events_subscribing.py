"""A chat comes to get events, and to get them no more."""

from __future__ import annotations

import pytest
from events_stage import TELEGRAM, added, post, publish, subscribe

from handlers.core.requests import BotRemoved
from handlers.core.ui import Toast
from storage import places


async def test_added_to_a_group_the_bot_says_what_it_does_there(house):
    [card] = await added(house)
    assert card.text == (
        "Ich bin Kumpel, der Bot des ruhr:HUB. Fragt mich was dazu: einfach erwähnen.\n"
        "Wenn ihr mögt, kündige ich hier Termine und Mitteilungen des Teams an;"
        " das entscheiden die Admins dieser Gruppe."
    )
    assert card.buttons == ["Termine abonnieren"]
    [card] = await added(house, "kanal", "slack")
    assert card.buttons == ["Termine abonnieren"]


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_an_admin_subscribes_and_unsubscribes(house, platform):
    where = {"chat": "neue", "platform": platform}
    await added(house, **where)
    sent = await house.presses("Termine abonnieren", chat_admin=True, **where)
    said = [house.toast] if platform == "telegram" else [seen.text for seen in sent]
    assert "Abonniert. Termine und Mitteilungen kommen hierher." in said
    assert (await post(house, **where)).text.endswith(
        "Abonniert: Termine und Mitteilungen des Teams kommen hierher."
    )
    assert (await post(house, **where)).buttons == ["Abbestellen"]
    await publish(house)
    assert "Startup-Night" in (await post(house, **where)).text
    await house.presses("Abbestellen", chat_admin=True, **where)
    welcome = [seen for seen in await house.screen(**where) if "Termine abonnieren" in seen.buttons]
    assert len(welcome) == 1
    assert await house.reads(lambda tx: places.list_places(tx, "events")) == []


@pytest.mark.parametrize("label", ["Termine abonnieren", "Abbestellen"])
async def test_nobody_but_admins_and_leads_decides_over_a_group(house, label):
    await added(house)
    if label == "Abbestellen":
        await house.presses("Termine abonnieren", chat="neue", chat_admin=True, **TELEGRAM)
    before = await house.reads(lambda tx: places.list_places(tx, "events"))
    for who in ("gerd", "max"):  # not even a manager
        assert await house.presses(label, who=who, chat="neue", **TELEGRAM) == []
        assert house.answer.outcome == Toast("Das dürfen nur Admins dieser Gruppe.", alert=True)
    assert await house.reads(lambda tx: places.list_places(tx, "events")) == before
    await house.gives("tara", "lead", "telegram")
    await house.presses(label, who="tara", chat="neue", **TELEGRAM)
    assert await house.reads(lambda tx: places.list_places(tx, "events")) != before


async def test_pressed_twice_it_is_subscribed_once(house):
    [card] = await added(house)
    for told in ("Abonniert. Termine und Mitteilungen kommen hierher.", "Termine kommen schon hierher."):
        await house.presses("Termine abonnieren", chat="neue", chat_admin=True, on=card, **TELEGRAM)
        assert house.toast == told
    assert len(await house.reads(lambda tx: places.list_places(tx, "events"))) == 1


async def test_a_new_subscriber_gets_the_next_three(house):
    for day in (5, 4, 3, 2, 1):
        await publish(house, title=f"Abend {day}", day=f"2026-12-{day:02}")
    sent = await subscribe(house, "founders")
    assert any("Die nächsten 3 Termine kommen gleich." in seen.text for seen in sent)
    shown = [seen.text.split("\n")[0] for seen in await house.screen("founders") if seen.id.startswith("p")]
    assert shown == ["Abend 1", "Abend 2", "Abend 3"]
    await added(house)
    await house.presses("Termine abonnieren", chat="neue", chat_admin=True, **TELEGRAM)
    screen = await house.screen("neue", "telegram")
    shown = [seen.text.split("\n")[0] for seen in screen if "Abend" in seen.text]
    assert shown == ["Abend 1", "Abend 2", "Abend 3"]


async def test_a_leads_word_changes_the_card_too(house):
    async def wanted():
        return await house.reads(lambda tx: tx.value("SELECT wanted FROM posts WHERE subject LIKE 'welcome:%'"))

    await added(house, "neue", "slack")
    await subscribe(house, "neue")
    assert ((await post(house, "neue")).buttons, await wanted()) == (["Abbestellen"], 2)
    await house.commands("here", "not events", who="lea", chat="neue")
    assert ((await post(house, "neue")).buttons, await wanted()) == (["Termine abonnieren"], 3)


async def test_added_again_the_card_is_posted_again_and_the_subscription_holds(house):
    await added(house)
    await house.presses("Termine abonnieren", chat="neue", chat_admin=True, **TELEGRAM)
    await house.database.write(
        lambda tx: tx.execute(
            "UPDATE posts SET ref = '5', sent = wanted, sending = wanted WHERE subject LIKE 'welcome:%'"
        )
    )
    await house.does(BotRemoved(**house._facts("gerd", platform="telegram", chat="neue")))
    await publish(house)
    await added(house)
    [again] = await house.reads(
        lambda tx: tx.values("SELECT ref, generation FROM posts WHERE subject LIKE 'welcome:%'")
    )
    assert again == ("", 2)
    assert any("Startup-Night" in text for text in await house.texts("neue", "telegram"))
