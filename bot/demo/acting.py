"""What people of the cast do: say, answer, press, open; each deed waits until the bot is done with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

from bot.demo.cast import CannotError, Person, Room, on_slack, on_telegram
from bot.demo.stage import Stage
from bot.demo.transcript import Transcript
from bot.sandbox import slack, telegram
from bot.sandbox.slack import RefusedError, SlackPerson
from bot.sandbox.telegram import NotHeardError, TelegramPerson
from bot.sandbox.telegram.state import Button
from bot.wording import Language, Words

_PRESSES = Words("drückt [{label}]", "presses [{label}]")
_OPENS = Words("öffnet {url}", "opens {url}")
_FILLS = Words("schreibt ins Formular: {text}", "writes into the form: {text}")
_HOME = Words("öffnet Kumpels Startseite", "opens Kumpel's home tab")


class Acting:
    """Lets people act, and shows it.

    Args:
        stage: What runs.
        transcript: Shows deeds that leave no message.
        language: Of what is said around the messages.
    """

    def __init__(self, stage: Stage, transcript: Transcript, language: Language) -> None:
        self._stage = stage
        self._transcript = transcript
        self._language: Language = language

    async def say(self, person: Person, room: Room, text: str, *, answering: bool = False) -> None:
        """Write something; ``answering`` the bot's latest message there.

        Raises:
            CannotError: They are not there, or the platform would not take it.
        """
        say = self._say_in_slack if room.platform == "slack" else self._say_in_telegram
        try:
            await say(person, room, text, answering)
        except (RefusedError, ValueError):
            raise CannotError(
                f"Das nimmt {room.platform.title()} so nicht an.", f"{room.platform.title()} does not take this."
            ) from None
        await self._stage.settled()

    async def press(self, person: Person, room: Room, label: str, *, times: int = 1) -> None:
        """Press a button or pick an option; in a direct chat's name, anywhere on its platform.

        Args:
            person: Who.
            room: Where.
            label: What stands on it.
            times: How often before the bot can answer, as a nervous thumb does.

        Raises:
            CannotError: They see no such button.
        """
        press = self._press_in_slack if room.platform == "slack" else self._press_in_telegram
        await asyncio.gather(*(press(person, room, label) for _ in range(times)))
        await self._stage.settled()

    async def open_home(self, person: Person) -> None:
        """Look at the bot's home tab in Slack."""
        account = on_slack(person)
        self._deed(self._slack_place(account, None), account.name, _HOME)
        await account.open_home()
        await self._stage.settled()
        if account.home:
            self._transcript.home(account.home)

    # --- Slack -------------------------------------------------------------------------------------------

    async def _say_in_slack(self, person: Person, room: Room, text: str, answering: bool) -> None:
        account = on_slack(person, room)
        place = self._slack_place(account, room.channel)
        self._transcript.act_at(place)
        if text.startswith("/"):
            command, _, rest = text.partition(" ")
            if command != "/kumpel":
                raise CannotError("In Slack beginnt es mit /kumpel: /kumpel hilfe", "In Slack write /kumpel help")
            self._transcript.deed(place, account.name, text)
            await account.command(command, rest, room.channel)
        elif account.modal and room.channel is None:
            await self._fill(account, account.modal, place, text)
        else:
            thread = self._latest_of_bot(account, room) if answering else None
            await account.say(text, room.channel, thread_ts=thread)

    async def _fill(self, account: SlackPerson, modal: slack.View, place: str, text: str) -> None:
        """Put a text into the form's next empty field, and send it when that was the last one."""
        fields = [control for control in modal.controls if control.type == "plain_text_input"]
        empty = [field for field in fields if not modal.values.get(field.block_id)] or fields[:1]
        if not empty:
            raise CannotError("Das Formular hat hier nur Knöpfe.", "This form has buttons only.")
        account.fill({empty[0].label: text})
        self._deed(place, account.name, _FILLS, text=text)
        if len(empty) == 1:
            await account.submit()

    def _latest_of_bot(self, account: SlackPerson, room: Room) -> slack.Message | None:
        bot = self._stage.world.slack.bot_user_id
        said = [message for message in account.messages(room.channel) if message.user == bot]
        return said[-1] if said else None

    async def _press_in_slack(self, person: Person, room: Room, label: str) -> None:
        account = on_slack(person, room)
        if account.modal:
            await self._press_in_modal(account, account.modal, label)
            return
        offered: list[str] = []
        for message in self._slack_messages(account, room):
            channel = self._stage.world.slack.channel(message.channel)
            place = self._slack_place(account, channel)
            for button in message.buttons:
                if _same(button, label):
                    self._deed(place, account.name, _PRESSES, label=button)
                    await account.press(button, message)
                    return
            with contextlib.suppress(LookupError, RefusedError):
                await account.pick(label, message=message)
                self._deed(place, account.name, _PRESSES, label=label)
                return
            offered = offered or message.buttons
        raise _no_button(account.name, label, offered)

    async def _press_in_modal(self, account: SlackPerson, modal: slack.View, label: str) -> None:
        place = self._slack_place(account, None)
        buttons = {part: (modal.definition.get(part) or {}).get("text", "") for part in ("submit", "close")}
        self._transcript.act_at(place)
        try:
            if _same(buttons["close"], label):
                self._deed(place, account.name, _PRESSES, label=buttons["close"])
                await account.close()
            elif _same(buttons["submit"], label):
                await account.submit()
                self._deed(place, account.name, _PRESSES, label=buttons["submit"])
            else:
                await account.pick(label, view=modal)
                self._deed(place, account.name, _PRESSES, label=label)
        except RefusedError:
            raise CannotError(
                "Da fehlt noch etwas im Formular.", "Something is still missing in the form."
            ) from None
        except LookupError:
            raise _no_button(account.name, label, [*buttons.values(), *modal.buttons]) from None

    def _slack_messages(self, account: SlackPerson, room: Room) -> Iterator[slack.Message]:
        """What somebody sees, the latest first; everywhere, unless a channel is named."""
        channels = self._stage.world.slack.world.workspace.channels.values()
        wanted = [room.channel] if room.channel else list(channels)
        seen = [message for channel in wanted for message in account.messages(channel)]
        yield from sorted(seen, key=lambda message: message.ts, reverse=True)

    def _slack_place(self, account: SlackPerson, channel: slack.Channel | None) -> str:
        return self._transcript.slack_place(channel or account.world.im_with(account.user))

    # --- Telegram ----------------------------------------------------------------------------------------

    async def _say_in_telegram(self, person: Person, room: Room, text: str, answering: bool) -> None:
        account = on_telegram(person, room)
        chat = room.group or account.chat
        self._transcript.act_at(self._transcript.telegram_place(chat, room.topic))
        bot = self._stage.world.telegram.world.bot
        said = [message for message in account.messages(chat) if message.sender is bot]
        said = [message for message in said if room.topic is None or message.topic is room.topic]
        reply_to = said[-1] if answering and said else None
        await account.say(text, room.group, topic=room.topic, reply_to=reply_to)

    async def _press_in_telegram(self, person: Person, room: Room, label: str) -> None:
        account = on_telegram(person, room)
        message, button = self._telegram_button(account, room, label)
        place = self._transcript.telegram_place(message.chat, message.topic)
        self._deed(place, person.name, _PRESSES, label=button.text)
        press = await account.press(button.text, message)
        with contextlib.suppress(NotHeardError):
            await press.answered(timeout=2)
        if text := press.toast or press.alert:
            self._transcript.toast(place, text)
        if press.url:
            self._deed(place, person.name, _OPENS, url=press.url)
            with contextlib.suppress(ValueError):
                await account.open_link(press.url)

    def _telegram_button(self, account: TelegramPerson, room: Room, label: str) -> tuple[telegram.Message, Button]:
        offered: list[str] = []
        for message, _ in reversed(self._stage.world.telegram.world.log):
            chat = message.chat
            present = chat.person is account.user or (chat.person is None and chat.member(account.user).is_present)
            if message.deleted or not present or chat is not (room.group or chat):
                continue
            buttons = [button for row in message.buttons for button in row]
            for button in buttons:
                if _same(button.text, label):
                    return message, button
            offered = offered or [button.text for button in buttons]
        raise _no_button(account.user.first_name, label, offered)

    def _deed(self, place: str, name: str, what: Words, **values: str) -> None:
        self._transcript.deed(place, name, what.to(self._language).format(**values))


def _no_button(name: str, label: str, offered: list[str]) -> CannotError:
    shown = " ".join(f"[{each}]" for each in offered if each)
    return CannotError(
        f"Einen Knopf „{label}“ sieht {name} nicht" + (f", aber: {shown}" if shown else "."),
        f"{name} sees no button “{label}”" + (f", but: {shown}" if shown else "."),
    )


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
