"""Where an event's post does not stand any more, or not yet."""

from __future__ import annotations

import pytest
from events_stage import TELEGRAM, added, due, post, publish, standing_in, stands, subscribe

from handlers.core.requests import ChatMoved
from storage import posts


async def upgraded(bot):
    """The Telegram group became a supergroup: its posts can't be reached any more."""
    await bot.does(ChatMoved(**bot._facts("gerd", platform="telegram", chat="gruppe"), new_chat="super"))


async def test_in_a_group_that_moved_only_what_is_on_is_posted_again(open_house):
    for title, day in (("Vorbei", "2026-11-26"), ("Fällt aus", "2026-12-03"), ("Kommt", "2026-12-04")):
        await publish(open_house, title=title, day=day)
    await stands(open_house)
    await open_house.commands("termine", who="mona")
    await open_house.picks("Fällt aus · Do, 3. Dez.", who="mona")
    await open_house.presses("Absagen", who="mona")
    await open_house.presses("Wirklich absagen", who="mona")
    open_house.passes(days=5)
    await due(open_house)
    await stands(open_house)
    await upgraded(open_house)
    again = [seen.text for seen in await open_house.screen("super", "telegram") if seen.id.startswith("p")]
    assert [text.split("\n")[0] for text in again] == ["Kommt"]
    there = [seen.text for seen in await open_house.screen("founders") if seen.id.startswith("p")]
    assert len(there) == 3, "where they stand they stay true"


@pytest.mark.parametrize("ends", ["begins", "is called off"])
async def test_a_post_that_an_admin_deleted_does_not_come_back_to_say_that_it_ended(open_house, ends):
    await publish(open_house)
    await stands(open_house)
    if ends == "begins":
        open_house.passes(days=12)
        await due(open_house)
    else:
        await open_house.presses("Absagen", who="mona")
        await open_house.presses("Wirklich absagen", who="mona")

    def find_gone(tx):
        [post] = [post for post in posts.list_posts(tx, "event:1", "events.card") if post.chat_id == 2]
        assert posts.mark_post_sending_if_untrue(tx, post.id, open_house.now)
        posts.mark_post_pending_again(tx, post.id, open_house.now, "message to edit not found", anew=True)

    assert await standing_in(open_house) == {"founders", "gruppe"}
    await open_house.database.write(find_gone)
    assert await standing_in(open_house) == {"founders"}


async def test_called_off_while_the_first_try_is_under_way_it_is_not_tried_again(open_house):
    await publish(open_house)
    [slack, telegram] = await open_house.reads(lambda tx: posts.list_posts(tx, "event:1", "events.card"))

    def claim(tx):
        for each in (slack, telegram):
            assert posts.mark_post_sending_if_untrue(tx, each.id, open_house.now)

    def settle(tx):
        posts.mark_post_sent(tx, slack.id, "C:1", "text", open_house.now, open_house.now)
        posts.mark_post_pending_again(tx, telegram.id, open_house.now, "connection refused")

    await open_house.database.write(claim)
    await open_house.presses("Absagen", who="mona")
    await open_house.presses("Wirklich absagen", who="mona")
    await open_house.database.write(settle)
    assert await standing_in(open_house) == {"founders"}
    assert (await post(open_house)).text.startswith("Startup-Night – abgesagt")


@pytest.mark.parametrize("way", ["button", "word"])
async def test_a_group_that_unsubscribed_does_not_get_what_waited(house, way):
    await added(house, "gruppe")
    await house.presses("Termine abonnieren", chat="gruppe", chat_admin=True, **TELEGRAM)
    await publish(house)
    await stands(house)
    await publish(house, title="Frühstück")
    if way == "button":
        await house.presses("Abbestellen", chat="gruppe", chat_admin=True, **TELEGRAM)
    else:
        await house.gives("tara", "lead", "telegram")
        await house.commands("here", "not events", who="tara", chat="gruppe", **TELEGRAM)
    shown = [seen.text.split("\n")[0] for seen in await house.screen("gruppe", "telegram") if seen.id[0] == "p"]
    assert "Frühstück" not in shown
    assert "Startup-Night" in shown, "what stands stays true"
    assert any(text.startswith("Ich bin Kumpel") for text in shown), "so does the card"


async def test_a_topic_that_unsubscribed_does_not_get_what_another_topic_does(house):
    for topic in ("7", "8"):
        await subscribe(house, "forum", "telegram", thread=topic)
    await publish(house)
    await house.commands("here", "not events", who="tara", chat="forum", thread="8", **TELEGRAM)
    shown = [seen for seen in await house.screen("forum", "telegram") if seen.text.startswith("Startup-Night")]
    assert [seen.thread for seen in shown] == ["7"]
