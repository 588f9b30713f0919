"""What an app answers to an interaction: bodies of acknowledged commands, and posts to a response_url.

Sources: docs.slack.dev/interactivity/handling-user-interaction (five uses within thirty minutes, ephemeral
unless told otherwise, replace_original, delete_original);
docs.slack.dev/interactivity/implementing-slash-commands.
Which status a spent URL answers is second-hand: clients should look at success only.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.api import ApiError, Args
from bot.sandbox.slack.methods_chat import content
from bot.sandbox.slack.state import Message, ResponseUrl, Token
from bot.sandbox.slack.world import World

Json = dict[str, Any]

MOST_USES = 5
LIFETIME_SECONDS = 30 * 60


def respond(world: World, url: ResponseUrl, body: Json) -> None:
    """Do what a post to a response_url asks for.

    Raises:
        ApiError: used_url, expired_url, message_not_found, and the refusals of chat.postMessage's content.
    """
    if world.clock.monotonic() - url.made_at > LIFETIME_SECONDS:
        raise ApiError("expired_url")
    if url.uses >= MOST_USES:
        raise ApiError("used_url")
    original = url.message
    replace, remove = _flag(body, "replace_original"), _flag(body, "delete_original")
    if (replace or remove) and (original is None or original.deleted):
        raise ApiError("message_not_found")
    if remove and original:
        world.remove(original)
    elif replace and original:
        _replace(world, original, body)
    else:
        say(world, url, body)
    url.uses += 1


def say(world: World, url: ResponseUrl, body: Json) -> Message:
    """Post a new message where the interaction was: for its person only, or ``in_channel`` for all."""
    text, blocks, attachments = content(_args(body))
    in_channel = body.get("response_type") == "in_channel"
    message = Message(
        channel=url.channel,
        ts=world.new_ts(),
        user=world.bot.id,
        bot_id=world.bot_id,
        text=text,
        blocks=blocks or [],
        attachments=attachments or [],
        thread_ts=str(body.get("thread_ts") or url.thread_ts or "") or None,
        ephemeral_for=None if in_channel else url.user,
    )
    world.post(message)
    return message


def _replace(world: World, original: Message, body: Json) -> None:
    text, blocks, attachments = content(_args(body))

    def change(message: Message) -> None:
        message.text, message.blocks, message.attachments = text, blocks or [], attachments or []
        if not message.ephemeral_for:
            message.edited = {"user": world.bot.id, "ts": world.new_ts()}

    world.edit(original, change)


def _args(body: Json) -> Args:
    return Args(body, Token("", "bot", frozenset()))


def _flag(body: Json, name: str) -> bool:
    return str(body.get(name, "")).lower() in ("true", "1")
