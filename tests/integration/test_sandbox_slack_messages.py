"""The real Slack client against the local Slack: posting, changing, reading, and what is refused."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import ManualClock
from bot.sandbox.faults import Fault
from bot.sandbox.slack import RefusedError, SlackPerson, SlackSandbox


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))


@pytest.fixture
async def slack(clock: ManualClock) -> AsyncIterator[SlackSandbox]:
    async with SlackSandbox.running(clock=clock, retry_delays=()) as sandbox:
        yield sandbox


@pytest.fixture
def ada(slack: SlackSandbox) -> SlackPerson:
    return slack.add_user("Ada", locale="de-DE")


@pytest.fixture
def client(slack: SlackSandbox) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str = "go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": text}, "action_id": action_id, **more}


async def refusal(call: Any) -> SlackApiError:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value


async def test_auth_test_names_the_bot_and_its_scopes(client: AsyncWebClient, slack: SlackSandbox) -> None:
    answer = await client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (
        slack.bot_user_id,
        slack.bot_id,
        slack.team_id,
    )
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("token", "code"),
    [("", "not_authed"), ("xoxb-somebody-else", "invalid_auth"), ("xapp", "not_allowed_token_type")],
)
async def test_a_call_needs_the_right_token(slack: SlackSandbox, token: str, code: str) -> None:
    stranger = AsyncWebClient(
        token=slack.app_token if token == "xapp" else token, base_url=slack.api_url, retry_handlers=[]
    )
    assert (await refusal(stranger.auth_test())).response["error"] == code


async def test_a_missing_scope_is_named(slack: SlackSandbox, client: AsyncWebClient, ada: SlackPerson) -> None:
    slack.add_token("xoxb-poor", scopes="im:write")
    poor = AsyncWebClient(token="xoxb-poor", base_url=slack.api_url, retry_handlers=[])
    refused = await refusal(poor.chat_postMessage(channel=ada.id, text="Hallo"))
    assert refused.response["error"] == "missing_scope"
    assert (refused.response["needed"], refused.response["provided"]) == ("chat:write", "im:write")
    bea = slack.add_user("Bea")
    refused = await refusal(poor.conversations_open(users=[ada.id, bea.id]))
    assert refused.response["needed"] == "mpim:write"


async def test_each_kind_of_conversation_has_its_own_scope(slack: SlackSandbox, ada: SlackPerson) -> None:
    slack.add_token("xoxb-poor", scopes="channels:history,channels:read")
    poor = AsyncWebClient(token="xoxb-poor", base_url=slack.api_url, retry_handlers=[])
    channel = slack.add_channel("general", ada)
    said = (await ada.say("privat")).message
    assert said is not None
    assert (await poor.conversations_history(channel=channel.id))["ok"]
    refused = await refusal(poor.conversations_history(channel=said.channel))
    assert (refused.response["error"], refused.response["needed"]) == ("missing_scope", "im:history")
    refused = await refusal(poor.conversations_list(types="public_channel,im"))
    assert refused.response["needed"] == "im:read"


async def test_a_posted_message_reaches_the_person(client: AsyncWebClient, ada: SlackPerson) -> None:
    opened = await client.conversations_open(users=ada.id)
    answer = await client.chat_postMessage(
        channel=opened["channel"]["id"],
        text="Hallo",
        blocks=[
            section("*Hallo* <https://ruhrhub.de|Hub> &amp; du"),
            {"type": "actions", "elements": [button("Buchen")]},
        ],
    )
    heard = await ada.hears("Hallo Hub & du")
    assert heard.ts == answer["ts"]
    assert heard.buttons == ["Buchen"]
    assert heard.plain.splitlines() == ["Hallo Hub & du", "[Buchen]"]
    assert answer["message"]["bot_id"] == heard.bot_id
    assert all(block["block_id"] for block in answer["message"]["blocks"])


async def test_arguments_come_as_query_form_or_json(slack: SlackSandbox, ada: SlackPerson) -> None:
    async with aiohttp.ClientSession() as http:
        url, args = slack.api_url + "chat.postMessage", {"channel": ada.id, "text": "a"}
        header = {"Authorization": f"Bearer {slack.bot_token}"}
        for request in (
            http.post(url, json=args, headers=header),
            http.post(url, data=args, headers=header),
            http.post(url, params=args, headers=header),
            http.get(url, params=args | {"token": slack.bot_token}),
        ):
            async with request as answer:
                assert (await answer.json())["ok"]
        async with http.post(slack.api_url + "users.info", json={"user": ada.id}, headers=header) as answer:
            assert (await answer.json())["error"] == "invalid_arguments"  # the method reads no JSON
        for body, code in (("{", "invalid_json"), ("[]", "json_not_object")):
            kind = header | {"Content-Type": "application/json"}
            async with http.post(url, data=body, headers=kind) as answer:
                assert (await answer.json())["error"] == code
        async with http.post(slack.api_url + "chat.shout", data=args, headers=header) as answer:
            assert (await answer.json())["error"] == "unknown_method"
    assert len(ada.messages()) == 4


async def test_where_the_bot_may_not_post(slack: SlackSandbox, client: AsyncWebClient, ada: SlackPerson) -> None:
    public = slack.add_channel("general", ada, with_bot=False)
    secret = slack.add_channel("leads", ada, private=True, with_bot=False)
    old = slack.add_channel("old", ada)
    slack.archive(old)
    codes = {
        channel: (await refusal(client.chat_postMessage(channel=channel, text="x"))).response["error"]
        for channel in (public.id, secret.id, old.id, "C0000000000")
    }
    assert list(codes.values()) == ["not_in_channel", "channel_not_found", "is_archived", "channel_not_found"]
    await client.conversations_join(channel=public.id)
    assert (await client.chat_postMessage(channel=public.id, text="x"))["ok"]
    assert (await client.conversations_join(channel=public.id))["warning"] == "already_in_channel"


async def test_text_is_cut_at_40000_and_an_update_refused_beyond_4000(
    client: AsyncWebClient, ada: SlackPerson
) -> None:
    posted = await client.chat_postMessage(channel=ada.id, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    refused = await refusal(client.chat_update(channel=posted["channel"], ts=posted["ts"], text="x" * 4_001))
    assert refused.response["error"] == "msg_too_long"


async def test_a_message_needs_content(client: AsyncWebClient, ada: SlackPerson) -> None:
    refused = await refusal(client.api_call("chat.postMessage", params={"channel": ada.id}))
    assert refused.response["error"] == "no_text"
    refused = await refusal(client.api_call("chat.postMessage", params={"text": "x"}))
    assert refused.response["error"] == "invalid_arguments"


@pytest.mark.parametrize(
    ("blocks", "pointer"),
    [
        ([section("x" * 3001)], "/blocks/0/text/text"),
        ([{"type": "section"}], "/blocks/0"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "/blocks/0/text/type"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "/blocks/0/text/text"),
        ([{"type": "divider"}] * 51, "/blocks"),
        ([{"type": "actions", "elements": [button("x" * 76)]}], "/blocks/0/elements/0/text/text"),
        ([{"type": "actions", "elements": [button("x", value="v" * 2001)]}], "/blocks/0/elements/0/value"),
        ([{"type": "actions", "elements": [button("x", "a" * 256)]}], "/blocks/0/elements/0/action_id"),
        ([{"type": "actions", "elements": [button("x", style="blue")]}], "/blocks/0/elements/0/style"),
        ([{"type": "actions", "elements": [button("x"), button("y")]}], "/blocks/0"),
        ([{"type": "actions", "elements": [button(str(i), str(i)) for i in range(26)]}], "/blocks/0/elements"),
        ([section("a", block_id="b"), section("c", block_id="b")], "/blocks/1/block_id"),
        ([section("a", colour="red")], "/blocks/0"),
        ([{"type": "sparkles"}], "/blocks/0/type"),
    ],
)
async def test_blocks_that_slack_refuses(
    client: AsyncWebClient, ada: SlackPerson, blocks: list[dict[str, Any]], pointer: str
) -> None:
    refused = (await refusal(client.chat_postMessage(channel=ada.id, text="x", blocks=blocks))).response
    assert refused["error"] == "invalid_blocks"
    assert refused["errors"][0].endswith(f"[json-pointer:{pointer}]")
    assert refused["response_metadata"]["messages"][0].startswith("[ERROR] ")
    assert ada.messages() == []


async def test_blocks_that_are_too_much_together_or_no_blocks(client: AsyncWebClient, ada: SlackPerson) -> None:
    heavy = [section("x" * 2900) for _ in range(5)]
    refused = await refusal(client.chat_postMessage(channel=ada.id, text="x", blocks=heavy))
    assert refused.response["error"] == "msg_blocks_too_long"
    refused = await refusal(client.chat_postMessage(channel=ada.id, text="x", blocks="[not json"))
    assert refused.response["error"] == "invalid_blocks_format"


async def test_an_update_keeps_what_it_does_not_name(client: AsyncWebClient, ada: SlackPerson) -> None:
    metadata = {"event_type": "row", "event_payload": {"id": 7}}
    posted = await client.chat_postMessage(channel=ada.id, text="a", blocks=[section("Frage")], metadata=metadata)
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    answer = await client.chat_update(**where, text="b")
    assert answer["message"]["blocks"][0]["text"]["text"] == "Frage"
    assert answer["message"]["metadata"] == metadata
    answer = await client.chat_update(**where, text="b", blocks=[], metadata={})
    assert "blocks" not in answer["message"]
    assert "metadata" not in answer["message"]
    [seen] = ada.messages()
    assert (seen.plain, seen.edited is not None) == ("b", True)


async def test_others_messages_cannot_be_changed(client: AsyncWebClient, ada: SlackPerson) -> None:
    said = (await ada.say("Hallo")).message
    assert said is not None
    where: dict[str, Any] = {"channel": said.channel, "ts": said.ts}
    assert (await refusal(client.chat_update(**where, text="x"))).response["error"] == "cant_update_message"
    assert (await refusal(client.chat_delete(**where))).response["error"] == "cant_delete_message"
    gone: dict[str, Any] = {"channel": said.channel, "ts": "1700000000.000001"}
    assert (await refusal(client.chat_update(**gone, text="x"))).response["error"] == "message_not_found"
    assert (await refusal(client.chat_update(channel=ada.id, ts=said.ts, text="x"))).response[
        "error"
    ] == "channel_not_found"


async def test_a_deleted_message_is_gone(client: AsyncWebClient, ada: SlackPerson) -> None:
    posted = await client.chat_postMessage(channel=ada.id, text="Hoppla")
    await client.chat_delete(channel=posted["channel"], ts=posted["ts"])
    assert ada.messages() == []
    refused = await refusal(client.chat_delete(channel=posted["channel"], ts=posted["ts"]))
    assert refused.response["error"] == "message_not_found"


async def test_an_ephemeral_message_is_for_one_and_for_good(
    slack: SlackSandbox, client: AsyncWebClient, ada: SlackPerson
) -> None:
    bea = slack.add_user("Bea")
    cleo = slack.add_user("Cleo")
    channel = slack.add_channel("general", ada, bea)
    answer = await client.chat_postEphemeral(channel=channel.id, user=ada.id, text="Nur für dich")
    heard = await ada.hears("Nur für dich", channel)
    assert heard.ephemeral_for == ada.id
    assert bea.messages(channel) == []
    assert (await client.conversations_history(channel=channel.id))["messages"] == []
    refused = await refusal(client.chat_update(channel=channel.id, ts=answer["message_ts"], text="x"))
    assert refused.response["error"] == "message_not_found"
    refused = await refusal(client.chat_postEphemeral(channel=channel.id, user=cleo.id, text="x"))
    assert refused.response["error"] == "user_not_in_channel"


async def test_history_reads_page_by_page_and_between_times(
    slack: SlackSandbox, client: AsyncWebClient, ada: SlackPerson, clock: ManualClock
) -> None:
    said = []
    for number in range(5):
        said.append((await ada.say(f"n{number}")).message)
        clock.advance(1)
    channel = said[0].channel  # type: ignore[union-attr]
    ts = [message.ts for message in said]  # type: ignore[union-attr]

    async def texts(**args: Any) -> list[str]:
        answer = await client.conversations_history(channel=channel, **args)
        return [message["text"] for message in answer["messages"]]

    assert await texts() == ["n4", "n3", "n2", "n1", "n0"]
    assert await texts(oldest=ts[1], latest=ts[3]) == ["n2"]
    assert await texts(oldest=ts[1], latest=ts[3], inclusive=True) == ["n3", "n2", "n1"]
    seen: list[str] = []
    async for page in await client.conversations_history(channel=channel, limit=2):
        seen += [message["text"] for message in page["messages"]]
        assert page["has_more"] == (len(seen) < 5)
    assert seen == ["n4", "n3", "n2", "n1", "n0"]
    refused = await refusal(client.conversations_history(channel=channel, cursor="nonsense"))
    assert refused.response["error"] == "invalid_cursor"
    refused = await refusal(client.conversations_history(channel=channel, oldest="yesterday"))
    assert refused.response["error"] == "invalid_ts_oldest"


async def test_history_shows_metadata_only_when_asked(client: AsyncWebClient, ada: SlackPerson) -> None:
    metadata = {"event_type": "kumpel_row", "event_payload": {"id": 12, "key": "k"}}
    posted = await client.chat_postMessage(channel=ada.id, text="x", metadata=metadata)
    plain = await client.conversations_history(channel=posted["channel"])
    assert "metadata" not in plain["messages"][0]
    full = await client.conversations_history(channel=posted["channel"], include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata
    bad = {"event_type": "", "event_payload": {}}
    refused = await refusal(client.chat_postMessage(channel=ada.id, text="x", metadata=bad))
    assert refused.response["error"] == "invalid_metadata_format"


async def test_replies_stand_in_their_thread(client: AsyncWebClient, ada: SlackPerson) -> None:
    root = (await ada.say("Frage")).message
    assert root is not None
    answer = await client.chat_postMessage(channel=root.channel, text="Antwort", thread_ts=root.ts)
    await client.chat_postMessage(channel=root.channel, text="Noch eine", thread_ts=answer["ts"])
    history = await client.conversations_history(channel=root.channel)
    assert [(m["text"], m["reply_count"]) for m in history["messages"]] == [("Frage", 2)]
    thread = await client.conversations_replies(channel=root.channel, ts=root.ts)
    assert [m["text"] for m in thread["messages"]] == ["Frage", "Antwort", "Noch eine"]
    assert thread["messages"][2]["thread_ts"] == root.ts
    refused = await refusal(client.conversations_replies(channel=root.channel, ts="1700000000.000001"))
    assert refused.response["error"] == "thread_not_found"
    refused = await refusal(client.chat_postMessage(channel=root.channel, text="x", thread_ts="0"))
    assert refused.response["error"] == "invalid_thread_ts"


async def test_people_and_channels_are_listed(
    slack: SlackSandbox, client: AsyncWebClient, ada: SlackPerson
) -> None:
    guest = slack.add_user("Gero", is_restricted=True)
    stranger = slack.add_user("Stella", is_stranger=True)
    secret = slack.add_channel("leads", ada, private=True, with_bot=False)
    general = slack.add_channel("general", ada, guest)
    info = (await client.users_info(user=ada.id, include_locale=True))["user"]
    assert (info["locale"], info["is_restricted"], info["team_id"]) == ("de-DE", False, slack.team_id)
    assert (await client.users_info(user=guest.id))["user"]["is_restricted"]
    foreign = (await client.users_info(user=stranger.id))["user"]
    assert foreign["is_stranger"]
    assert foreign["team_id"] != slack.team_id
    names = [user["name"] async for page in await client.users_list(limit=2) for user in page["members"]]
    assert names == ["kumpel", "Ada", "Gero"]
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert [channel["id"] for channel in listed["channels"]] == [general.id]
    assert (await refusal(client.conversations_info(channel=secret.id))).response["error"] == "channel_not_found"
    members = await client.conversations_members(channel=general.id)
    assert members["members"] == [ada.id, guest.id, slack.bot_user_id]
    assert (await refusal(client.users_info(user="U1"))).response["error"] == "user_not_found"
    assert (await client.bots_info(bot=slack.bot_id))["bot"]["user_id"] == slack.bot_user_id
    assert (await client.team_info())["team"]["id"] == slack.team_id
    link = await client.chat_getPermalink(channel=general.id, message_ts=(await ada.say("x", general)).message.ts)  # type: ignore[union-attr]
    assert general.id in link["permalink"]


async def test_conversations_open_finds_the_same_conversation_again(
    slack: SlackSandbox, client: AsyncWebClient, ada: SlackPerson
) -> None:
    bea = slack.add_user("Bea")
    first = await client.conversations_open(users=[ada.id], return_im=True)
    assert first["channel"]["user"] == ada.id
    assert (await client.conversations_open(users=ada.id))["channel"]["id"] == first["channel"]["id"]
    group = await client.conversations_open(users=[ada.id, bea.id])
    assert (await client.conversations_open(users=[bea.id, ada.id]))["channel"] == group["channel"]
    for users, code in (
        (["U1"], "user_not_found"),
        ([], "users_list_not_supplied"),
        ([ada.id] * 9, "too_many_users"),
    ):
        assert (await refusal(client.conversations_open(users=users))).response["error"] == code


async def test_a_picture_is_uploaded_in_three_steps(client: AsyncWebClient, ada: SlackPerson) -> None:
    opened = await client.conversations_open(users=ada.id)
    done = await client.files_upload_v2(
        channel=opened["channel"]["id"],
        filename="plan.png",
        content=b"\x89PNG",
        title="Etage 3",
        initial_comment="Dein Platz",
        alt_txt="Grundriss",
    )
    heard = await ada.hears("Etage 3")
    assert heard.plain == "Dein Platz\nEtage 3"
    info = (await client.files_info(file=done["file"]["id"]))["file"]
    assert (info["size"], info["mimetype"]) == (4, "image/png")
    assert info["shares"]["private"][heard.channel][0]["ts"] == heard.ts
    async with aiohttp.ClientSession() as http:
        async with http.get(info["url_private"]) as answer:
            assert answer.status == 403
        async with http.get(info["url_private"], headers={"Authorization": f"Bearer {client.token}"}) as answer:
            assert await answer.read() == b"\x89PNG"
    again = [{"id": done["file"]["id"], "title": "x"}]
    assert (await refusal(client.files_completeUploadExternal(files=again))).response["error"] == "file_not_found"


async def test_one_channel_takes_one_message_a_second(
    client: AsyncWebClient, ada: SlackPerson, slack: SlackSandbox, clock: ManualClock
) -> None:
    for _ in range(4):  # a short burst
        await client.chat_postMessage(channel=ada.id, text="x")
    refused = await refusal(client.chat_postMessage(channel=ada.id, text="x"))
    assert refused.response.status_code == 429
    assert refused.response["error"] == "ratelimited"
    wait = int(refused.response.headers["Retry-After"])
    bea = slack.add_user("Bea")
    await client.chat_postMessage(channel=bea.id, text="another channel is free")
    clock.advance(wait)
    for _ in range(20):
        await client.chat_postMessage(channel=ada.id, text="x")
        clock.advance(1.0)


async def test_a_method_is_held_to_its_tier(client: AsyncWebClient, clock: ManualClock) -> None:
    for _ in range(20):
        await client.users_list()
    refused = await refusal(client.users_list())
    assert refused.response.headers["Retry-After"] == "60"
    clock.advance(60)
    assert (await client.users_list())["ok"]


async def test_a_big_file_passes(client: AsyncWebClient) -> None:
    size = 3_000_000
    begun = await client.files_getUploadURLExternal(filename="a.png", length=size)
    async with aiohttp.ClientSession() as http:
        async with http.post(begun["upload_url"], data=io.BytesIO(b"x" * size)) as answer:
            assert (answer.status, await answer.text()) == (200, f"OK - {size}")
        async with http.post(begun["upload_url"] + "0", data=b"x") as answer:
            assert answer.status == 404
    await client.files_completeUploadExternal(files=[{"id": begun["file_id"], "title": "Bild"}])
    assert (await client.files_info(file=begun["file_id"]))["file"]["size"] == size


async def test_nobody_writes_where_they_are_not(slack: SlackSandbox, ada: SlackPerson) -> None:
    elsewhere = slack.add_channel("elsewhere")
    with pytest.raises(RefusedError):
        await ada.say("hallo", elsewhere)


async def test_limits_can_be_switched_off() -> None:
    async with SlackSandbox.running(enforce_limits=False) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        ada = slack.add_user("Ada")
        for _ in range(10):
            await client.chat_postMessage(channel=ada.id, text="x")


async def test_faults_hit_what_they_are_meant_for(
    slack: SlackSandbox, client: AsyncWebClient, ada: SlackPerson
) -> None:
    slack.faults.add(Fault(method="chat.*", kind="429", retry_after=7))
    refused = await refusal(client.chat_postMessage(channel=ada.id, text="1"))
    assert refused.response.headers["Retry-After"] == "7"
    slack.faults.add(Fault(method="chat.postMessage", kind="5xx", moment="after"))
    assert (await refusal(client.chat_postMessage(channel=ada.id, text="2"))).response.status_code == 500
    slack.faults.add(Fault(method="chat.postMessage", kind="drop", moment="after", chat=ada.id))
    bea = slack.add_user("Bea")
    await client.chat_postMessage(channel=bea.id, text="not meant")
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=ada.id, text="3")
    slack.faults.add(Fault(kind="drop"))
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=ada.id, text="4")
    assert [message.text for message in ada.messages()] == ["2", "3"]
    statuses = [call.status for call in slack.calls_of("chat.postMessage")]
    assert statuses == [429, 500, 200, 0, 0]
    assert all("token" not in call.params for call in slack.calls)


async def test_a_stalled_call_goes_on_when_time_has_passed(
    slack: SlackSandbox, client: AsyncWebClient, ada: SlackPerson, clock: ManualClock
) -> None:
    slack.faults.add(Fault(method="chat.postMessage", kind="stall", seconds=10))
    call = asyncio.ensure_future(client.chat_postMessage(channel=ada.id, text="x"))
    for _ in range(1000):
        if clock.next_wake() is not None:
            break
        await asyncio.sleep(0.001)
    assert ada.messages() == []
    clock.advance(10)
    assert (await call)["ok"]
