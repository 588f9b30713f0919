"""What people do on the demo's page, in Slack and in Telegram."""

from __future__ import annotations

import pytest
from demo_stage import (
    QUESTION,
    answers,
    buttons,
    channel_named,
    chat_titled,
    place_of,
    slack_messages,
    telegram_messages,
)

from benchmarks.page_client import CannotBeDoneError, Json, PageClient


async def test_a_desk_is_booked_with_a_button_of_the_answer(page: PageClient) -> None:
    await page.do("slack.say", "lena", text="ich brauche einen platz im hub")

    def offer(state: Json) -> list[tuple[Json, Json]]:
        found = answers(state, "lena", "slack")
        return [(m, b) for m in found for b in buttons(m) if b["text"] == "Platz nehmen"]

    message, button = (await page.until(offer))[0]
    where = {"channel": message["channel"], "ts": message["ts"]}
    await page.do("slack.press", "lena", **where, block_id=button["block_id"], action_id=button["action_id"])
    await page.until(lambda state: not offer(state))
    booked = [button["text"] for each in answers(page.state, "lena", "slack") for button in buttons(each)]
    assert "Stornieren" in booked


async def test_the_slash_command_answers_only_whoever_used_it(page: PageClient) -> None:
    channel = channel_named(page.state, "founders")
    await page.do("slack.say", "lena", channel=channel, text=f"/kumpel {QUESTION}")
    found = await page.until(lambda state: slack_messages(state, channel))
    assert found[0]["ephemeral_for"] == page.state["people"]["lena"]["slack"]


async def test_a_thread_is_answered_in_the_thread(page: PageClient) -> None:
    channel = channel_named(page.state, "founders")
    said = await page.do("slack.say", "sam", channel=channel, text="hello everybody")
    await page.do("slack.say", "lena", channel=channel, text=f"@kumpel {QUESTION}", thread=said["ts"])
    await page.until(lambda state: [m for m in slack_messages(state, channel) if m.get("bot_id")])
    answer = next(m for m in slack_messages(page.state, channel) if m.get("bot_id"))
    assert answer["thread_ts"] == said["ts"]
    await page.until(lambda state: state["slack"]["messages"][channel][said["ts"]].get("reply_count") == 2)


async def test_own_messages_are_edited_and_deleted(page: PageClient) -> None:
    channel = channel_named(page.state, "founders")
    said = await page.do("slack.say", "sam", channel=channel, text="helo")
    where = {"channel": channel, "ts": said["ts"]}
    await page.do("slack.edit", "sam", **where, text="hello")
    assert page.state["slack"]["messages"][channel][said["ts"]]["text"] == "hello"
    with pytest.raises(CannotBeDoneError, match="not your message"):
        await page.do("slack.delete", "lena", **where)
    await page.do("slack.delete", "sam", **where)
    assert said["ts"] not in page.state["slack"]["messages"][channel]


async def test_the_home_tab_is_shown_and_a_form_filled_picked_and_sent(page: PageClient) -> None:
    await page.do("slack.home", "aylin", tab="home")
    user = page.state["people"]["aylin"]["slack"]
    home = await page.until(lambda state: state["slack"]["homes"].get(user))
    assert home["type"] == "home"
    await page.do("slack.say", "aylin", text="/kumpel termin")
    view = (await page.until(lambda state: state["slack"]["modals"].get(user)))[-1]
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    needed = next(block for block in inputs if not block.get("optional"))
    with pytest.raises(CannotBeDoneError, match="missing or does not fit"):
        await page.do("slack.submit", "aylin", view=view["id"], values={})
    picker = next(block for block in inputs if block["element"]["type"] == "datepicker")
    await page.do(
        "slack.pick",
        "aylin",
        view=view["id"],
        block_id=picker["block_id"],
        action_id=picker["element"]["action_id"],
        value="2020-01-01",
    )
    shown = page.state["slack"]["modals"][user][-1]["values"][picker["block_id"]]
    assert shown[picker["element"]["action_id"]]["selected_date"] == "2020-01-01"
    assert needed["element"]["type"] == "plain_text_input"
    values = {needed["block_id"]: {needed["element"]["action_id"]: "Pitch Night"}}
    for block in inputs:
        element = block["element"]
        if not block.get("optional") and block is not needed and block is not picker:
            chosen = element["options"][0]["value"] if "options" in element else "18:30"
            values[block["block_id"]] = {element["action_id"]: chosen}
    await page.do("slack.submit", "aylin", view=view["id"], values=values)
    modal = (await page.until(lambda state: state["slack"]["modals"].get(user)))[-1]
    assert picker["block_id"] in modal["errors"], "a day in the past is told beside the field"
    await page.do("slack.close", "aylin", view=view["id"], all=True)
    assert not page.state["slack"]["modals"].get(user)


async def test_a_press_in_telegram_returns_what_the_person_sees(page: PageClient) -> None:
    chat = chat_titled(page.state, "Themen")
    card = await page.until(lambda s: [m for m in telegram_messages(s, chat) if "reply_markup" in m])
    where = {"chat": chat, "message_id": str(card[0]["message_id"])}
    result = await page.do("telegram.press", "mira", **where, **place_of(card[0], "Termine"))
    assert set(result) == {"toast", "alert", "url"}
    assert result["toast"] or result["alert"], "who may not is told so"
    with pytest.raises(CannotBeDoneError, match="button is gone"):
        await page.do("telegram.press", "mira", **where, row=40, col=0)


async def test_topics_replies_links_and_blocking(page: PageClient) -> None:
    chat = chat_titled(page.state, "Themen")
    topic = next(iter(page.state["telegram"]["chats"][chat]["topics"]))
    said = await page.do(
        "telegram.say", "sam", chat=chat, topic=topic, text="/kumpel@kumpel_bot where is the hub?"
    )
    answer = await page.until(
        lambda s: [
            m
            for m in telegram_messages(s, chat)
            if str(m.get("message_thread_id")) == topic and m["from"]["is_bot"]
        ]
    )
    assert answer[0]["message_id"] > int(said["message_id"])
    await page.do(
        "telegram.say", "sam", chat=chat, topic=topic, text="thanks", reply_to=str(answer[0]["message_id"])
    )
    opened = await page.do("telegram.open", "mira", url="https://t.me/kumpel_bot?start=x")
    assert opened == {"chat": page.state["people"]["mira"]["telegram"]}
    await page.until(lambda state: answers(state, "mira", "telegram"))
    await page.do("telegram.block", "mira")
    assert page.state["telegram"]["chats"][opened["chat"]]["blocked"]
    with pytest.raises(CannotBeDoneError):
        await page.do("telegram.say", "mira", chat=opened["chat"], text="still there?")
    await page.do("telegram.unblock", "mira")
    with pytest.raises(CannotBeDoneError, match="not lead to Kumpel"):
        await page.do("telegram.open", "mira", url="https://example.org/")
