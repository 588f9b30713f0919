"""files.*: the three steps of an upload, and looking a file up."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack import objects
from bot.sandbox.slack.api import ApiError, Args
from bot.sandbox.slack.methods_chat import checked_blocks, find_channel, thread_of
from bot.sandbox.slack.state import Message, UploadedFile
from bot.sandbox.slack.world import World

Json = dict[str, Any]

MOST_ALT_CHARACTERS = 1000  # alt_txt_too_large (error list of files.getUploadURLExternal)


def get_upload_url(world: World, args: Args) -> Json:
    """files.getUploadURLExternal."""
    name, length = args.text("filename"), args.number("length", 0)
    if not name or length <= 0:
        raise ApiError("missing_argument")
    if len(args.text("alt_txt")) > MOST_ALT_CHARACTERS:
        raise ApiError("alt_txt_too_large")
    file = UploadedFile(
        id=world.new_id("F"),
        name=name,
        title=name,
        length=length,
        user=world.bot.id,
        created=int(world.clock.now().timestamp()),
        ticket=world.secret(32),
        alt_txt=args.text("alt_txt") or None,
    )
    world.workspace.files[file.id] = file
    url = f"{world.base_url}/slack/upload/v1/{file.ticket}"
    return {"ok": True, "upload_url": url, "file_id": file.id}


def complete_upload(world: World, args: Args) -> Json:
    """files.completeUploadExternal: shares the files as one message where a channel is named."""
    entries = args.json("files")
    if not isinstance(entries, list) or not entries:
        raise ApiError("invalid_arguments", messages=["missing required field: files"])
    files = []
    for entry in entries:
        file = world.workspace.files.get(entry.get("id", "") if isinstance(entry, dict) else "")
        if file is None or file.complete or not file.content:
            raise ApiError("file_not_found")
        files.append((file, str(entry.get("title") or file.name)))
    targets = [args.text("channel_id"), *args.text("channels").split(",")]
    channels = [find_channel(world, target) for target in targets if target]
    if any(world.bot.id not in channel.members for channel in channels):
        raise ApiError("not_in_channel")
    blocks = args.json("blocks", "invalid_blocks")
    checked = checked_blocks(blocks) if blocks else []
    for file, title in files:
        file.title, file.complete = title, True
    for channel in channels:
        message = Message(
            channel=channel.id,
            ts=world.new_ts(),
            user=world.bot.id,
            bot_id=world.bot_id,
            text=args.text("initial_comment"),
            blocks=checked,
            subtype="file_share",
            thread_ts=thread_of(channel, args.text("thread_ts")),
            files=[file for file, _ in files],
        )
        world.post(message)
    return {"ok": True, "files": [objects.file(world, file, shares=True) for file, _ in files]}


def info(world: World, args: Args) -> Json:
    """files.info: where the file was posted stands in ``shares``."""
    file = world.workspace.files.get(args.need("file"))
    if file is None or not file.complete:
        raise ApiError("file_not_found")
    return {
        "ok": True,
        "file": objects.file(world, file, shares=True),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }
