"""What people do in the demo's Slack."""

from __future__ import annotations

import asyncio
import contextlib

from bot.demo.asked import Asked, Json
from bot.demo.board import Board
from bot.demo.cast import CannotError, Person
from bot.demo.slack_side import COMMAND, SHORTCUTS, show_message, show_view
from bot.demo.stage import Stage
from bot.sandbox.slack import (
    Channel,
    Delivery,
    Message,
    NotAcknowledgedError,
    RefusedError,
    SlackPerson,
    View,
)
from bot.sandbox.slack.values import missing_inputs, state_of

ACK_SECONDS = 5.0
"""How long the app's answer to a press is waited for, in real seconds; Slack itself gives up after three."""


class SlackDeeds:
    """Each deed takes who does it and what the page asked for, and may raise :class:`CannotError`."""

    def __init__(self, stage: Stage, board: Board) -> None:
        self._stage = stage
        self._board = board

    async def say(self, person: Person, asked: Asked) -> Json:
        """Write a message, or use the slash command."""
        account, text = person.on_slack, asked.text("text")
        channel = self._channel(account, asked)
        thread = asked.text_or("thread")
        if text.startswith("/"):
            command, _, rest = text.partition(" ")
            if command != COMMAND:
                raise CannotError(
                    f"In Slack beginnt es mit {COMMAND}: {COMMAND} hilfe", f"In Slack write {COMMAND} help"
                )
            if thread:
                raise CannotError(
                    "In Threads gehen in Slack keine Befehle.", "Slack takes no commands in threads."
                )
            await _answered(await account.command(command, rest, channel))
            return {}
        if thread and channel.message(thread) is None:
            raise CannotError("Diesen Thread gibt es nicht mehr.", "This thread is gone.")
        try:
            said = await account.say(text, channel, thread_ts=thread or None)
        except RefusedError:
            raise CannotError("Hier kannst du nicht schreiben.", "You can't write here.") from None
        return {"ts": said.message.ts if said.message else None}

    async def edit(self, person: Person, asked: Asked) -> Json:
        """Change an own message."""
        message = self._own_message(person.on_slack, asked)
        await person.on_slack.edit(message, asked.text("text"))
        return {}

    async def delete(self, person: Person, asked: Asked) -> Json:
        """Delete an own message."""
        await person.on_slack.delete(self._own_message(person.on_slack, asked))
        return {}

    async def press(self, person: Person, asked: Asked) -> Json:
        """Press a button."""
        return await self._use(person.on_slack, asked, None)

    async def pick(self, person: Person, asked: Asked) -> Json:
        """Choose in a menu or picker."""
        return await self._use(person.on_slack, asked, asked.value("value"))

    async def submit(self, person: Person, asked: Asked) -> Json:
        """Send in the modal that lies on top."""
        account = person.on_slack
        modal = self._modal(account, asked)
        for block_id, actions in asked.values("values").items():
            for control in modal.controls:
                if control.block_id == block_id and control.action_id in actions:
                    try:
                        state = state_of(control, actions[control.action_id])
                    except (LookupError, ValueError, TypeError):
                        raise _does_not_fit(control.label) from None
                    modal.values.setdefault(block_id, {})[control.action_id] = state
                    modal.errors.pop(block_id, None)
        for block in modal.blocks:
            if missing_inputs([block], modal.values):
                raise _does_not_fit(block["label"]["text"])
        try:
            sent = await account.submit()
        except RefusedError:
            raise CannotError("Hier gibt es nichts abzuschicken.", "There is nothing to send here.") from None
        await _answered(sent)
        return {}

    async def close(self, person: Person, asked: Asked) -> Json:
        """Close the modal that lies on top, or all of them."""
        self._modal(person.on_slack, asked)
        await person.on_slack.close(everything=asked.flag("all"))
        return {}

    async def home(self, person: Person, asked: Asked) -> Json:
        """Open the app on one of its tabs."""
        await person.on_slack.open_home("messages" if asked.text_or("tab", "home") == "messages" else "home")
        return {}

    async def shortcut(self, person: Person, asked: Asked) -> Json:
        """Choose a shortcut, a message's with its channel and ts."""
        wanted = asked.text("callback_id")
        kind = next((each["type"] for each in SHORTCUTS if each["callback_id"] == wanted), None)
        if kind is None:
            raise CannotError("Diese Kurzwahl gibt es nicht.", "There is no such shortcut.")
        if kind == "message":
            message = self._message(person.on_slack, asked)
            await _answered(await person.on_slack.message_shortcut(wanted, message))
        else:
            await _answered(await person.on_slack.shortcut(wanted))
        return {}

    # --- parts -------------------------------------------------------------------------------------------

    async def _use(self, account: SlackPerson, asked: Asked, value: str | list[str] | None) -> Json:
        surface = self._surface(account, asked)
        world = self._stage.world.slack
        try:
            used = await account.use(surface, asked.text("block_id"), asked.text("action_id"), value)
        except (LookupError, ValueError, TypeError):
            raise CannotError(
                "Das steht hier nicht mehr zur Wahl.", "This can't be chosen here any more."
            ) from None
        shown = show_message(world, surface) if isinstance(surface, Message) else show_view(world, surface)
        self._board.touch_all(shown)
        if used.attempts or not used.done:  # what only changes a form is told to nobody
            await _answered(used)
        return {}

    def _surface(self, account: SlackPerson, asked: Asked) -> Message | View:
        if not asked.given("view"):
            return self._message(account, asked)
        home = account.home
        if home is not None and home.id == asked.text("view"):
            return home
        return self._modal(account, asked)

    def _modal(self, account: SlackPerson, asked: Asked) -> View:
        if account.modal is None or account.modal.id != asked.text("view"):
            raise CannotError("Dieses Formular ist schon zu.", "This form is closed already.")
        return account.modal

    def _channel(self, account: SlackPerson, asked: Asked) -> Channel:
        wanted = asked.text_or("channel")
        workspace = self._stage.world.slack.world
        channel = workspace.workspace.channels.get(wanted) if wanted else workspace.im_with(account.user)
        if channel is None or account.id not in channel.members:
            raise CannotError("In diesem Kanal bist du nicht.", "You are not in this channel.")
        return channel

    def _message(self, account: SlackPerson, asked: Asked) -> Message:
        channel, ts = self._channel(account, asked), asked.text("ts")
        for message in account.messages(channel):
            if message.ts == ts:
                return message
        raise CannotError("Diese Nachricht gibt es nicht mehr.", "This message is gone.")

    def _own_message(self, account: SlackPerson, asked: Asked) -> Message:
        message = self._message(account, asked)
        if message.user != account.id:
            raise CannotError("Das ist nicht deine Nachricht.", "This is not your message.")
        return message


async def _answered(delivery: Delivery) -> None:
    """Wait for the app's acknowledgement, as Slack's own client does before it shows a warning sign.

    Raises:
        CannotError: There is none.
    """
    try:
        with contextlib.suppress(TimeoutError):
            await delivery.acked(ACK_SECONDS)
            return
    except NotAcknowledgedError:
        await asyncio.sleep(0)
    raise CannotError(
        "Kumpel antwortet gerade nicht. Versuch es gleich noch einmal.",
        "Kumpel does not answer right now. Try again in a moment.",
    )


def _does_not_fit(label: str) -> CannotError:
    return CannotError(f"„{label}“ fehlt noch oder passt so nicht.", f"“{label}” is missing or does not fit yet.")
