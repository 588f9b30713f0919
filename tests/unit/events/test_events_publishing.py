"""A planned event is seen, sent to the chats that want it, or discarded."""

from __future__ import annotations

import pytest
from events_stage import NIGHT, TELEGRAM, TEXT, due, event, plan, publish, standing_in, subscribe

from handlers.core.ui import PickList
from storage import posts
from storage.outbox import BROADCAST


async def test_without_subscribed_chats_the_way_to_one_is_told_and_it_can_be_published(house):
    [shown] = await plan(house)
    assert "Noch hat kein Chat Termine abonniert: Dafür schreibt ein Lead dort hier events." in shown.text
    [done] = await house.presses("Veröffentlichen", who="mona")
    assert done.text.endswith("Veröffentlicht. In keinem Chat; wer nach termine fragt, sieht es.")
    [listed] = await house.commands("termine")
    assert "Startup-Night – Do, 3. Dez., 18:30 · Dortmund" in listed.text


async def test_published_it_stands_in_every_subscribed_chat_and_topic(open_house):
    await subscribe(open_house, "forum", "telegram", thread="7")
    [done, *shown] = await publish(open_house, text=TEXT, seats="50")
    assert done.text.endswith("Veröffentlicht: ein Slack-Kanal, 2 Telegram-Gruppen.")
    assert done.buttons == ["Ändern", "Absagen"]
    assert len(shown) == 3
    assert {(seen.lane, tuple(seen.buttons)) for seen in shown} == {(BROADCAST, ("Dabei", "Kann nicht"))}
    assert {seen.text for seen in shown} == {
        f"Startup-Night\nDo, 3. Dez., 18:30 · Dortmund · noch niemand dabei, 50 Plätze frei\n{TEXT}"
    }
    assert [seen.thread for seen in await open_house.screen("forum", "telegram") if seen in shown] == ["7"]


async def test_pressed_twice_it_is_published_once_and_by_whichever_manager(open_house):
    [shown] = await plan(open_house)
    await open_house.presses("Veröffentlichen", who="mona", on=shown)
    [told] = await open_house.presses("Veröffentlichen", who="mona", on=shown)
    assert told.text == "Dieser Termin ist schon veröffentlicht."
    [told] = await open_house.presses("Verwerfen", who="mona", on=shown)
    assert told.text == "Dieser Termin ist schon veröffentlicht."
    assert len(await open_house.reads(lambda tx: posts.list_posts(tx, "event:1", "events.card"))) == 2


async def test_another_manager_finds_the_draft_and_publishes_it(open_house):
    await plan(open_house)
    await open_house.says("hallo", who="max", **TELEGRAM)
    [listed] = await open_house.says("termine", who="max", **TELEGRAM)
    assert "Entwürfe:\nStartup-Night – Do, 3. Dez., 18:30 · Dortmund" in listed.text
    await open_house.picks("Startup-Night · Do, 3. Dez.", who="max", **TELEGRAM)
    await open_house.presses("Veröffentlichen", who="max", **TELEGRAM)
    assert (await event(open_house)).state == "published"


async def test_members_see_neither_drafts_nor_their_buttons_work_for_them(open_house):
    await plan(open_house)
    [listed] = await open_house.commands("termine")
    assert listed.text.startswith("Gerade ist nichts geplant.")
    tokens = [
        open_house.house.seals.seal(packed, listed.chat_id)
        for packed in (
            "events:publish|1|0|2",
            "events:edit|1",
            "events:discard|1",
            "events:really|1",
            "events:new",
        )
    ]
    for token in tokens:
        [refused] = await open_house.presses_token(token)
        assert refused.text == "Das darf nur das Team des Hubs."
    [hidden] = await open_house.presses_token(open_house.house.seals.seal("events:details|1", listed.chat_id))
    assert hidden.text == "Dieser Termin ist noch nicht veröffentlicht."
    assert (await event(open_house)).state == "draft"


async def test_only_what_was_shown_is_published(open_house):
    [shown] = await plan(open_house)
    await open_house.presses("Ändern", who="mona", on=shown)
    await open_house.submits("mona", **{**NIGHT, "title": "Gründerfrühstück"})
    [now] = await open_house.presses("Veröffentlichen", who="mona", on=shown)
    assert "Gründerfrühstück" in now.text
    assert (await event(open_house)).state == "draft"


async def test_nor_is_it_published_to_other_chats_than_shown(open_house):
    [shown] = await plan(open_house)
    await open_house.gives("mia", "manager")
    await open_house.commands("termine", who="mia")
    await open_house.picks("Startup-Night · Do, 3. Dez.", who="mia")
    await open_house.picks("✓ gruppe", who="mia")
    await open_house.picks("✓ founders", who="mia")
    await open_house.picks("– gruppe", who="mia")
    await subscribe(open_house, "neue")  # as many chats as mona saw
    [now] = await open_house.presses("Veröffentlichen", who="mona", on=shown)
    assert now.text.startswith("Inzwischen wurde etwas geändert; jetzt ist es so.")
    assert "Kommt hierhin: ein Slack-Kanal, eine Telegram-Gruppe (gruppe, neue)." in now.text
    await open_house.presses("Veröffentlichen", who="mona", on=now)
    assert (await event(open_house)).state == "published"
    assert await standing_in(open_house) == {"gruppe", "neue"}


@pytest.mark.parametrize("subscribes", [True, False])
async def test_nor_is_it_published_where_a_chat_subscribed_or_left_meanwhile(open_house, subscribes):
    [shown] = await plan(open_house)
    if subscribes:
        await subscribe(open_house, "neue")
    else:
        await open_house.commands("here", "not events", who="tara", chat="gruppe", **TELEGRAM)
    [now] = await open_house.presses("Veröffentlichen", who="mona", on=shown)
    assert now.text.startswith("Inzwischen wollen andere Chats die Termine. Schau noch mal drüber")
    assert ("neue" in now.text, "gruppe" in now.text) == (subscribes, subscribes)
    assert (await event(open_house)).state == "draft"
    await open_house.presses("Veröffentlichen", who="mona", on=now)
    assert await standing_in(open_house) == ({"founders", "gruppe", "neue"} if subscribes else {"founders"})


async def test_what_would_be_over_is_not_published(open_house):
    [shown] = await plan(open_house)
    open_house.passes(days=11)
    [told] = await open_house.presses("Veröffentlichen", who="mona", on=shown)
    assert told.text == "Der Termin wäre schon vorbei. Ändere erst den Tag."
    assert (await event(open_house)).state == "draft"


async def test_a_discarded_draft_is_gone(open_house):
    [shown] = await plan(open_house)
    [told] = await open_house.presses("Verwerfen", who="mona")
    assert told.text == "Startup-Night ist verworfen; niemand hat es gesehen."
    for label in ("Veröffentlichen", "Ändern", "Verwerfen"):
        [late] = await open_house.presses(label, who="mona", on=shown)
        assert late.text == "Diesen Termin gibt es nicht mehr."


async def test_chats_can_be_left_out_and_taken_in_again(open_house):
    await plan(open_house)
    [shown] = await open_house.picks("✓ gruppe", who="mona")
    assert "Kommt hierhin: ein Slack-Kanal (founders)." in shown.text
    [shown] = await open_house.picks("✓ founders", who="mona")
    assert "Geht an keinen Chat; wer nach termine fragt, sieht es." in shown.text
    await open_house.picks("– founders", who="mona")
    shown = (await open_house.screen("mona"))[-1]
    assert "Kommt hierhin: ein Slack-Kanal (founders)." in shown.text
    await open_house.presses("Veröffentlichen", who="mona", on=shown)
    assert len(await open_house.reads(lambda tx: posts.list_posts(tx, "event:1", "events.card"))) == 1
    await open_house.commands("here", "not events", who="tara", chat="gruppe", **TELEGRAM)
    await subscribe(open_house, "gruppe", "telegram")
    assert "Startup-Night" not in "".join(await open_house.texts("gruppe", "telegram")), "left out stays left out"


async def test_many_chats_are_named_in_part_and_offered_page_by_page(house):
    for number in range(11):
        await subscribe(house, f"g{number}", "telegram")
    [shown] = await plan(house)
    assert "Kommt hierhin: 11 Telegram-Gruppen (g0, g1, g2, g3, g4 und 6 weitere)." in shown.text
    [pick] = [control for control in shown.controls if isinstance(control, PickList)]
    assert [option.label for option in pick.options] == [f"✓ g{n}" for n in range(8)]
    [shown] = await house.presses("Weitere Chats", who="mona")
    [pick] = [control for control in shown.controls if isinstance(control, PickList)]
    assert [option.label for option in pick.options] == ["✓ g8", "✓ g9", "✓ g10"]
    [shown] = await house.picks("✓ g9", who="mona")
    [pick] = [control for control in shown.controls if isinstance(control, PickList)]
    assert [option.label for option in pick.options] == ["✓ g8", "– g9", "✓ g10"]
    [shown] = await house.presses("Weitere Chats", who="mona")
    assert "✓ g0" in [o.label for c in shown.controls if isinstance(c, PickList) for o in c.options]


async def test_a_chat_that_unsubscribed_meanwhile_is_picked_in_vain(open_house):
    [shown] = await plan(open_house)
    await open_house.commands("here", "not events", who="tara", chat="gruppe", **TELEGRAM)
    [shown] = await open_house.picks("✓ gruppe", who="mona")
    assert "Kommt hierhin: ein Slack-Kanal (founders)." in shown.text


async def test_the_one_who_published_hears_where_it_could_not_be_posted(open_house):
    await publish(open_house)
    [slack, telegram] = await open_house.reads(lambda tx: posts.list_posts(tx, "event:1", "events.card"))

    def settle(tx):
        posts.mark_post_sending_if_untrue(tx, slack.id, open_house.now)
        posts.mark_post_sent(tx, slack.id, "C:1", "text", open_house.now, open_house.now)

    def refuse(tx):
        posts.mark_post_sending_if_untrue(tx, telegram.id, open_house.now)
        posts.mark_post_failed(tx, telegram.id, "kicked")

    await open_house.database.write(settle)
    open_house.passes(minutes=2)
    await due(open_house)
    assert not any("von 2 Chats" in text for text in await open_house.texts("mona")), "one is on its way yet"
    await open_house.database.write(refuse)
    open_house.passes(minutes=2)
    await due(open_house)
    told = "Startup-Night steht in 1 von 2 Chats. Nicht schreiben darf ich in gruppe."
    assert told in await open_house.texts("mona")
    assert await open_house.reads(lambda tx: tx.values("SELECT 1 FROM timers WHERE kind = 'events.reached'")) == []
