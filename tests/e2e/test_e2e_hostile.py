"""Whatever people type or press: a polite answer, shown to the letter, and nobody is pinged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from e2e_world import Modes, Person, World, from_bot, heard, said

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")

TEXTS = {
    "slack mentions": "Sauna <!channel> <!here> <!everyone> <@U0000000009> <#C0000000001> <https://evil.example|x>",
    "ats": "Sauna @channel @here @everyone @admin",
    "html": "Sauna <b>fett</b> <a href='tg://user?id=1'>x</a> <script>alert(1)</script> &amp; &lt; \"q\"",
    "marks": "Sauna *a* _b_ ~c~ `d` ```e``` **f** __g__ ||h|| [i](https://evil.example) \\* {name} {0} %s",
    "control characters": "Sauna\x00\x01\x07\x08\x1b[31m\x7f\x85 Ende",
    "right to left": "Sauna \u202eabc\u202c \u2066def\u2069 שלום مرحبا",
    "emoji": "🧖🏽‍♀️🔥👩‍👩‍👧‍👦🏳️‍🌈" * 20,
    "one letter": "x",
    "marks alone": "???!!! ... ***",
    "blanks": "  \n\t\u00a0\u2003 ",
    "nothing to see": "\u200b\u2060\ufeff",
    "zalgo": "Z̷̢̛͉̀a̴̡̛̱̽l̵̨̛̦̈g̶̢̛̤̈ǫ̴̛̝̈ Sauna",
    "surrogates": "Sauna \ud83d kaputt",
    "sql": "Sauna'; DROP TABLE questions; --",
    "placeholders": "Sauna {who} {text} [[AUSFÜLLEN: x]]",
    "long": "Sauna " + "ä" * 4000,
    "one long word": "Sauna" * 780,
    "lines": "Sauna" + "\n" * 2000 + "Ende",
}


def marked_up(node: Any) -> Iterator[str]:
    """Everything in a Slack call that Slack reads as its markup; plain text and rich text are taken literally."""
    match node:
        case list():
            for part in node:
                yield from marked_up(part)
        case {"type": "mrkdwn", "text": str(text)}:
            yield text
        case {"type": "user", "user_id": str(user)}:
            yield f"<@{user}>"
        case {"type": "broadcast" | "usergroup" as mention}:
            yield f"<!{mention}>"
        case dict():
            for part in node.values():
                yield from marked_up(part)


def pings_nobody(world: World) -> None:
    """No message of the bot's holds a mention that Slack would act on, and none is refused."""
    for call in world.slack.calls:
        if call.method.startswith(("chat.", "views.", "response_url")):
            blocks = call.params.get("blocks") or call.params.get("view") or []
            content = json.loads(blocks) if isinstance(blocks, str) else blocks
            for text in [call.params.get("text") or "", *marked_up(content)]:
                assert "<!" not in text
                assert "<@U0000000009>" not in text
            assert call.status == 200
            assert call.answer.get("ok", True), call.answer
    for call in world.telegram.calls:
        if call.method.lower().startswith(("send", "edit")):
            assert call.status == 200, call.answer
            assert "<a href='tg" not in call.params.get("text", "")
            assert "<script" not in call.params.get("text", "")


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_whatever_is_typed_gets_one_polite_answer(world: World) -> None:
    people: list[Person] = []
    for text in TEXTS.values():
        in_slack = world.slack.add_user("Fatma", locale="de-DE")
        in_telegram = world.telegram.add_user("Gerd", language="de")
        people += [in_slack, in_telegram]
        await in_slack.say(text)
        try:
            await in_telegram.say(text)
        except (UnicodeEncodeError, ValueError):  # no client sends that
            await in_telegram.say("x")
    await world.settled(20.0)
    answers = [heard(person) for person in people]
    assert [len(each) for each in answers] == [1] * len(people), answers
    assert world.rows("SELECT count(*) FROM deliveries WHERE reference <> ''") == [(0,)]
    pings_nobody(world)


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_forty_thousand_characters_are_answered(world: World) -> None:
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await (await fatma.say("Sauna & <Co> " * 3077)).acked()
    await fatma.hears("Was ist deine Frage")
    await world.settled()
    pings_nobody(world)
    assert world.rows("SELECT count(*) FROM questions") == [(0,)]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
@pytest.mark.parametrize("name", ["slack mentions", "ats", "html", "marks", "right to left", "placeholders"])
async def test_the_team_reads_it_to_the_letter(world: World, name: str) -> None:
    team = await world.team()
    text = TEXTS[name]
    gerd = world.telegram.add_user("<b>Gerd</b> <!channel> *x*", language="de")
    await gerd.say(text)
    offered = await gerd.hears(from_bot)
    labels = [button.text for row in offered.buttons for button in row]
    await gerd.press(next(label for label in labels if "fragen" in label or "ask" in label))
    shown = "".join(character for character in text if character not in "\u202e\u202c\u2066\u2069")
    for card in (
        await team.manager.hears("auna", team.channel),
        await team.helper.hears("auna", team.group),
    ):
        assert shown in card.plain
        assert "<b>Gerd</b> <!channel> *x*" in card.plain
    await world.settled()
    pings_nobody(world)


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_what_is_no_text_is_answered_in_words(world: World) -> None:
    gerd = world.telegram.add_user("Gerd", language="de")
    for send in (gerd.send_sticker, gerd.send_voice, gerd.send_photo):
        await send()
        await gerd.hears(said("de", "I can only read text. Write me what it is about."))
    group = await gerd.create_group("Gruppe", supergroup=True)
    await gerd.add_bot(group, as_admin=True)
    await gerd.send_sticker(group)
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await fatma.say("")
    await fatma.hears(said("de", "I can only read text. Write me what it is about."))
    await world.settled()
    assert heard(gerd, group) == []


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_an_unknown_command_is_a_question(world: World) -> None:
    gerd = world.telegram.add_user("Gerd", language="de")
    await gerd.say("/gibtesnicht")
    await gerd.hears(from_bot)
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    channel = world.slack.add_channel("elsewhere", fatma, with_bot=False)
    await (await fatma.command("/kumpel", "gibtesnicht", channel)).acked()
    await fatma.hears(from_bot, channel)
    await (await fatma.command("/kumpel", "", channel)).acked()
    await world.settled()
    assert len(heard(gerd)) == 1
    assert len(heard(fatma, channel)) == 2


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_forged_stale_and_foreign_buttons_do_nothing(world: World) -> None:
    team = await world.team()
    founder = world.telegram.add_user("Gerd", language="de")
    await founder.say("Habt ihr bei euch eine Sauna?")
    offered = await founder.hears(said("de", "Yes, ask"))
    await founder.press(said("de", "Yes, ask"), offered)
    card = await team.helper.hears("auna", team.group)
    slack_card = await team.manager.hears("auna", team.channel)
    genuine = card.reply_markup["inline_keyboard"][0][0]["callback_data"]  # type: ignore[index]
    in_slack = next(control.element["value"] for control in slack_card.controls)
    forged = [
        genuine[:-1] + ("A" if genuine[-1] != "A" else "B"),  # a broken seal
        in_slack,  # sealed, but for another chat
        "faq:take|1",
        "x" * 64,
        "~",
        "|",
        "faq:take|999999999999999999999" + genuine[-13:],
        "unknown:thing|1" + genuine[-13:],
    ]
    lead = team.helper
    await lead.say("hallo")
    lure = await lead.hears(from_bot)
    not_from_here = said("en", "This button is not from here. Write me, and I will show you a fresh one.")
    for data in [*forged, genuine]:  # the genuine one, too, is another chat's here
        lure.reply_markup = {"inline_keyboard": [[{"text": "Forged", "callback_data": data}]]}
        press = await (await lead.press("Forged", lure)).answered()
        assert press.toast + press.alert == not_from_here, data
    for data in (genuine, in_slack[:-1] + "-", "x" * 2000):
        slack_card.blocks = [
            {
                "type": "actions",
                "block_id": "b",
                "elements": [
                    {
                        "type": "button",
                        "action_id": "0:x",
                        "value": data,
                        "text": {"type": "plain_text", "text": "Forged"},
                    }
                ],
            }
        ]
        await (await team.manager.press("Forged", slack_card)).acked()
    await world.settled()
    assert world.rows("SELECT state FROM questions") == [("open",)]
    assert world.rows("SELECT count(*) FROM deliveries WHERE reference <> ''") == [(0,)]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_press_on_a_message_that_is_gone_is_answered(world: World) -> None:
    gerd = world.telegram.add_user("Gerd", language="de")
    await gerd.say("was kost n schreibtisch im monat")
    answer = await gerd.hears(said("de", "That helps"))
    await gerd.delete(answer)
    await (await gerd.press(said("de", "That helps"), answer, inaccessible=True)).answered()
    await world.settled()
    assert len(heard(gerd)) == 1  # the edit found nothing, so it came anew
