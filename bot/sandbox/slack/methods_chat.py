"""chat.*: posting, changing and deleting messages."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.slack import blocks as block_kit
from bot.sandbox.slack import objects
from bot.sandbox.slack.api import ApiError, Args
from bot.sandbox.slack.state import Channel, Message
from bot.sandbox.slack.world import World

Json = dict[str, Any]

POST_CHARACTERS = 40_000  # cut off beyond (docs.slack.dev/reference/methods/chat.postMessage#truncating)
UPDATE_CHARACTERS = 4_000  # msg_too_long beyond (error list of chat.update)
MOST_ATTACHMENTS = 100  # too_many_attachments (error list of chat.postMessage)


def find_channel(world: World, wanted: str) -> Channel:
    """The conversation with this id that the bot may know of.

    Raises:
        ApiError: channel_not_found, also for private ones that it is not in.
    """
    channel = world.workspace.channels.get(wanted)
    if channel is None or (channel.kind != "channel" and world.bot.id not in channel.members):
        raise ApiError("channel_not_found")
    return channel


def posting_channel(world: World, args: Args, name: str = "channel") -> Channel:
    """Where a message shall go: a conversation's id, a channel's name, or a user's id (their direct message).

    Raises:
        ApiError: channel_not_found, is_archived, not_in_channel, or cannot_dm_bot.
    """
    wanted = args.need(name)
    if user := world.workspace.users.get(wanted):
        if user.is_bot:
            raise ApiError("cannot_dm_bot")
        return world.im_with(user)
    by_name = (c for c in world.workspace.channels.values() if c.kind != "im" and c.name == wanted.lstrip("#"))
    named = next(by_name, None)
    channel = find_channel(world, named.id if named else wanted)
    if channel.is_archived:
        raise ApiError("is_archived")
    if world.bot.id not in channel.members and "chat:write.public" not in args.token.scopes:
        raise ApiError("not_in_channel")
    return channel


def content(args: Args) -> tuple[str, list[Json] | None, list[Json] | None]:
    """Text, blocks and attachments as sent; None for what was left out.

    Raises:
        ApiError: no_text, invalid_blocks_format, invalid_blocks, msg_blocks_too_long, invalid_attachments,
            too_many_attachments or markdown_text_conflict.
    """
    text = args.text("text")
    blocks = args.json("blocks", "invalid_blocks_format")
    attachments = args.json("attachments", "invalid_attachments")
    if markdown := args.text("markdown_text"):
        if text or blocks:
            raise ApiError("markdown_text_conflict")
        text = markdown
    if blocks is not None:
        blocks = checked_blocks(blocks)
    if attachments is not None and not isinstance(attachments, list):
        raise ApiError("invalid_attachments")
    if attachments is not None and len(attachments) > MOST_ATTACHMENTS:
        raise ApiError("too_many_attachments")
    if not text and not blocks and not attachments:
        raise ApiError("no_text")
    return text, blocks, attachments


def checked_blocks(blocks: Any) -> list[Json]:
    """Blocks that a message may carry, ids filled in.

    Raises:
        ApiError: invalid_blocks_format, invalid_blocks or msg_blocks_too_long.
    """
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise ApiError("invalid_blocks_format")
    if problems := block_kit.message_problems(blocks):
        raise ApiError("invalid_blocks", messages=problems)
    if block_kit.text_length(blocks) > block_kit.MESSAGE_BLOCK_CHARACTERS:
        raise ApiError("msg_blocks_too_long")
    return block_kit.completed(blocks)


def message_metadata(args: Args) -> Json | None:
    """``metadata`` as sent; ``{}`` to take it away, None when left out.

    Raises:
        ApiError: invalid_metadata_format, invalid_metadata_schema.
    """
    metadata = args.json("metadata", "invalid_metadata_format")
    if metadata is None or metadata == {}:
        return {} if metadata == {} else None
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    # @slack/types MessageMetadata: both are required, the payload is an object whose values are scalars, objects
    # of scalars, or lists of such objects
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise ApiError("invalid_metadata_format")
    if not all(_metadata_value(value) for value in payload.values()):
        raise ApiError("invalid_metadata_schema")
    return {"event_type": kind, "event_payload": payload}


def _metadata_value(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, dict | str | int | float | bool) for item in value)
    return isinstance(value, dict | str | int | float | bool)


def thread_of(channel: Channel, thread_ts: str) -> str | None:
    """The parent's ts; a reply's ts stands for its thread.

    Raises:
        ApiError: invalid_thread_ts when it is no ts at all (as seen in jenkinsci/slack-plugin#584).
    """
    if not thread_ts:
        return None
    if not re.fullmatch(r"\d{10}\.\d{6}", thread_ts):
        raise ApiError("invalid_thread_ts", messages=[f"{thread_ts} is not a valid thread_ts"])
    found = channel.message(thread_ts)
    return found.thread_ts or thread_ts if found else thread_ts


def post_message(world: World, args: Args) -> Json:
    """chat.postMessage."""
    channel = posting_channel(world, args)
    text, blocks, attachments = content(args)
    metadata = message_metadata(args)
    thread_ts = thread_of(channel, args.text("thread_ts"))
    message = Message(
        channel=channel.id,
        ts=world.new_ts(),
        user=world.bot.id,
        bot_id=world.bot_id,
        text=text[:POST_CHARACTERS],
        blocks=blocks or [],
        attachments=attachments or [],
        thread_ts=thread_ts,
        metadata=metadata or None,
    )
    world.post(message)
    shown = objects.message(world, message, metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(world: World, args: Args) -> Json:
    """chat.postEphemeral: one member of the channel sees it, until they reload; no history has it."""
    channel = posting_channel(world, args)
    reader = args.need("user")
    if reader not in channel.members:
        raise ApiError("user_not_in_channel")
    text, blocks, attachments = content(args)
    if len(text) > POST_CHARACTERS:
        raise ApiError("msg_too_long")
    message = Message(
        channel=channel.id,
        ts=world.new_ts(),
        user=world.bot.id,
        bot_id=world.bot_id,
        text=text,
        blocks=blocks or [],
        attachments=attachments or [],
        thread_ts=thread_of(channel, args.text("thread_ts")),
        ephemeral_for=reader,
    )
    world.post(message)
    return {"ok": True, "message_ts": message.ts}


def _own_message(world: World, args: Args, refusal: str) -> Message:
    channel = find_channel(world, args.need("channel"))
    message = channel.message(args.need("ts"))
    if message is None:  # an ephemeral message is never found (docs.slack.dev/messaging/modifying-messages)
        raise ApiError("message_not_found")
    if message.bot_id != world.bot_id:
        raise ApiError(refusal)
    return message


def update(world: World, args: Args) -> Json:
    """chat.update: what is left out of text, blocks, attachments and metadata stays.

    An explicit empty list takes blocks (or attachments) away; a text alone changes only what notifications say
    (api.slack.com/methods/chat.update, slackapi/python-slack-sdk#523).
    """
    message = _own_message(world, args, "cant_update_message")
    if world.workspace.channels[message.channel].is_archived:
        raise ApiError("is_inactive")
    text, blocks, attachments = content(args)
    if len(text) > UPDATE_CHARACTERS:
        raise ApiError("msg_too_long")
    metadata = message_metadata(args)

    def change(message: Message) -> None:
        message.text = text or message.text
        if blocks is not None:
            message.blocks = blocks
        if attachments is not None:
            message.attachments = attachments
        if metadata is not None:
            message.metadata = metadata or None
        message.edited = {"user": world.bot.id, "ts": world.new_ts()}

    world.edit(message, change)
    shown = objects.message(world, message, metadata=True)
    return {"ok": True, "channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def delete(world: World, args: Args) -> Json:
    """chat.delete."""
    message = _own_message(world, args, "cant_delete_message")
    world.remove(message)
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def get_permalink(world: World, args: Args) -> Json:
    """chat.getPermalink."""
    channel = find_channel(world, args.need("channel"))
    message = channel.message(args.need("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    link = f"https://{world.workspace.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": link}
