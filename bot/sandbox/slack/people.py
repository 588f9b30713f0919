"""People in the sandbox: what somebody in front of Slack can do, and what they see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.sandbox.slack import modals, payloads
from bot.sandbox.slack.api import ApiError
from bot.sandbox.slack.blocks import completed
from bot.sandbox.slack.delivery import BadAnswerError, Delivery
from bot.sandbox.slack.plain import Control
from bot.sandbox.slack.responses import say as respond_in_place
from bot.sandbox.slack.seeing import Onlooker, Where
from bot.sandbox.slack.state import Channel, Message, View
from bot.sandbox.slack.typed import typed
from bot.sandbox.slack.values import RefusedError, missing_inputs, state_of

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Found:
    """A control and the surface it is on."""

    control: Control
    surface: Message | View


class SlackPerson(Onlooker):
    """Somebody who uses Slack; ``channel=None`` stands for the direct message with the app."""

    # --- saying ------------------------------------------------------------------------------------------

    async def say(
        self,
        text: str,
        channel: Where = None,
        *,
        thread_ts: str | Message | None = None,
    ) -> Delivery:
        """Type a message. ``@Name`` becomes a mention; what Slack escapes is escaped.

        Returns:
            The ``message`` event's delivery, with ``app_mention`` beside it in ``also``.

        Raises:
            RefusedError: they are not in the channel, it is archived, or their account is deactivated.
        """
        where = self._place(channel)
        if self.user.deleted or self.user.id not in where.members or where.is_archived:
            raise RefusedError(f"{self.name} cannot write in {where.name or where.id}")
        words, blocks = self._typed(text)
        thread = thread_ts.thread_ts or thread_ts.ts if isinstance(thread_ts, Message) else thread_ts
        message = Message(
            channel=where.id,
            ts=self.world.new_ts(),
            user=self.user.id,
            text=words,
            blocks=blocks,
            bot_id=self.user.bot_id,
            client_msg_id=None if self.user.is_bot else self.world.secret(32),
            thread_ts=thread,
        )
        return self._delivery(self.world.post(message), message)

    async def mention(self, text: str, channel: Where, *, thread_ts: str | Message | None = None) -> Delivery:
        """Address the app by name in a channel."""
        return await self.say(f"{self.world.bot.mention} {text}", channel, thread_ts=thread_ts)

    async def edit(self, message: Message, text: str) -> Delivery:
        """Change an own message."""
        if message.user != self.user.id:
            raise RefusedError(f"{self.name} can only edit own messages")
        words, blocks = self._typed(text)

        def change(message: Message) -> None:
            message.text, message.blocks = words, blocks
            message.edited = {"user": self.user.id, "ts": self.world.new_ts()}

        return self._delivery(self.world.edit(message, change), message)

    async def delete(self, message: Message) -> Delivery:
        """Delete an own message."""
        if message.user != self.user.id:
            raise RefusedError(f"{self.name} can only delete own messages")
        return self._delivery(self.world.remove(message), message)

    # --- channels ----------------------------------------------------------------------------------------

    async def add_to_channel(self, channel: Channel | str, by: SlackPerson | None = None) -> Delivery:
        """Join a channel, or be invited by somebody."""
        where = self._place(channel)
        return self._delivery(self.world.join(where, self.user, by.user if by else None), None)

    async def leave_channel(self, channel: Channel | str) -> Delivery:
        """Leave a channel."""
        return self._delivery(self.world.leave(self._place(channel), self.user), None)

    # --- membership --------------------------------------------------------------------------------------

    async def deactivate(self) -> Delivery:
        """An admin deactivates the account: ``user_change`` with ``deleted``."""
        return self._delivery(self.world.change_user(self.user, deleted=True), None)

    async def reactivate(self) -> Delivery:
        """An admin lets the account in again."""
        return self._delivery(self.world.change_user(self.user, deleted=False), None)

    async def become(self, **traits: bool) -> Delivery:
        """The standing changes: ``is_restricted=True`` makes a guest."""
        return self._delivery(self.world.change_user(self.user, **traits), None)

    # --- commands and shortcuts --------------------------------------------------------------------------

    async def command(self, command: str, text: str = "", channel: Where = None) -> Delivery:
        """Use a slash command; what the app answers at once is shown where it was typed."""
        where = self._place(channel)
        url = self.world.new_response_url(where, self.user)
        payload = payloads.slash_command(self.world, self.user, command, text, where, url)

        def answered(body: Any) -> None:
            if not isinstance(body, dict) or not any(body.get(key) for key in ("text", "blocks", "attachments")):
                return
            try:
                respond_in_place(self.world, self.world.workspace.response_urls[url.rpartition("/")[2]], body)
            except ApiError as refused:
                raise BadAnswerError(f"{refused.code}: {'; '.join(refused.messages)}") from refused

        delivery = self.world.deliveries.send("slash_commands", payload, on_ack=answered)
        self.world.changed("delivery", delivery)
        return delivery

    async def shortcut(self, callback_id: str) -> Delivery:
        """Choose a global shortcut."""
        return self.world.interact(payloads.global_shortcut(self.world, self.user, callback_id))

    async def message_shortcut(self, callback_id: str, message: Message) -> Delivery:
        """Choose a shortcut in the menu of a message."""
        channel = self.world.workspace.channels[message.channel]
        url = self.world.new_response_url(channel, self.user, message, message.thread_ts)
        payload = payloads.message_shortcut(self.world, self.user, callback_id, message, url)
        return self.world.interact(payload, message=message)

    async def open_home(self, tab: Literal["home", "messages"] = "home") -> Delivery:
        """Open the app, on one of its tabs."""
        im = self.world.im_with(self.user)
        event = payloads.app_home_opened(self.world, self.user, im, tab, self.home)
        return self._delivery(self.world.tell(event, im), None)

    # --- controls ----------------------------------------------------------------------------------------

    async def press(self, button: str, message: Message | None = None, view: View | None = None) -> Delivery:
        """Press a button, named by its label or its action_id.

        Without a message or view it is looked for in the open modal, or else in the latest message that has it,
        or else in the App Home. A confirmation dialog is confirmed.

        Raises:
            LookupError: there is no such button; the message lists what there is.
        """
        found = self._find(button, message, view, lambda control: control.type == "button")
        return self._act(found, {})

    async def pick(
        self,
        option: Any,
        menu: str | None = None,
        message: Message | None = None,
        view: View | None = None,
    ) -> Delivery:
        """Choose in a menu: an option by its text or value, a user or channel by id or as object.

        Args:
            option: What is chosen; a list where several can be.
            menu: The menu's label, placeholder or action_id; None for any that offers it.
            message: Where to look; as for :meth:`press`.
            view: Where to look; as for :meth:`press`.
        """

        def offers(control: Control) -> bool:
            if control.type == "button":
                return False
            try:
                state_of(control, option)
            except (LookupError, RefusedError):
                return False
            return menu is not None or bool(control.options)

        wanted = menu if menu is not None else f"option {option!r}"
        found = self._find(menu, message, view, offers, wanted)
        return self._act(found, state_of(found.control, option))

    async def pick_date(
        self, date: Any, picker: str | None = None, message: Message | None = None, view: View | None = None
    ) -> Delivery:
        """Choose in a date, time or date-and-time picker; ``date`` as object or in its ISO form."""
        types = ("datepicker", "timepicker", "datetimepicker")
        found = self._find(picker, message, view, lambda control: control.type in types, picker or "date picker")
        return self._act(found, state_of(found.control, date))

    async def use(self, surface: Message | View, block_id: str, action_id: str, value: Any = None) -> Delivery:
        """Use the very control that these ids name: press a button, or choose ``value``.

        Raises:
            LookupError: there is no such control or option.
            RefusedError: it takes no such value.
        """
        named = (c for c in surface.controls if (c.block_id, c.action_id) == (block_id, action_id))
        control = next(named, None)
        if control is None:
            raise LookupError(f"{self.name} sees no {action_id!r} in {block_id!r}")
        return self._act(_Found(control, surface), {} if control.type == "button" else state_of(control, value))

    # --- modals ------------------------------------------------------------------------------------------

    def fill(self, values: Mapping[str, Any]) -> None:
        """Put values into the open modal, each under its input's label, block_id or action_id.

        Raises:
            LookupError: no modal is open, or it has no such input or option.
            RefusedError: the input does not take the value.
        """
        modal = self._open_modal()
        for name, value in values.items():
            control = next(
                (c for c in modal.controls if name in (c.label, c.block_id, c.action_id) and c.type != "button"),
                None,
            )
            if control is None:
                inputs = ", ".join(repr(c.label) for c in modal.controls if c.type != "button")
                raise LookupError(f"the modal {modal.title!r} has no input {name!r}, only {inputs or 'none'}")
            modal.values.setdefault(control.block_id, {})[control.action_id] = state_of(control, value)
            modal.errors.pop(control.block_id, None)

    async def submit(self) -> Delivery:
        """Press the open modal's submit button.

        Raises:
            LookupError: no modal is open.
            RefusedError: Slack itself would not submit it: something is missing, too short, too long …
        """
        modal = self._open_modal()
        if not modal.definition.get("submit") or modal.definition.get("submit_disabled"):
            raise RefusedError(f"the modal {modal.title!r} has nothing to submit")
        if problems := missing_inputs(modal.blocks, modal.values):
            raise RefusedError("; ".join(problems))
        payload = payloads.view_submission(self.world, self.user, modal)
        return self.world.interact(
            payload, on_ack=lambda body: modals.apply_response(self.world, self.user, modal, body)
        )

    async def close(self, *, everything: bool = False) -> Delivery:
        """Close the open modal with its cancel button, or the whole stack with the X."""
        self._open_modal()
        told = modals.close_modal(self.world, self.user, cleared=everything)
        first = told[0] if told else None
        if first:
            first.also.extend(told[1:])
        return self._delivery(first, None)

    # --- parts -------------------------------------------------------------------------------------------

    def _typed(self, text: str) -> tuple[str, list[Json]]:
        """Text and blocks of what is typed."""
        ids = {user.name.lower(): user.id for user in self.world.workspace.users.values()}
        words, blocks = typed(text, ids)
        return words, completed(blocks)

    def _delivery(self, delivery: Delivery | None, message: Message | None) -> Delivery:
        return delivery or self.world.deliveries.undelivered(message, "the app is not told of this")

    def _open_modal(self) -> View:
        if self.modal is None:
            raise LookupError(f"{self.name} has no modal open")
        return self.modal

    def _surfaces(self, message: Message | None, view: View | None) -> list[Message | View]:
        if message is not None:
            return [message]
        if view is not None:
            return [view]
        if self.modal is not None:
            return [self.modal]
        seen = [m for channel in self.world.workspace.channels.values() for m in self.messages(channel)]
        latest: list[Message | View] = [*sorted(seen, key=lambda m: m.ts, reverse=True)]
        return latest + ([self.home] if self.home else [])

    def _find(
        self,
        name: str | None,
        message: Message | None,
        view: View | None,
        fits: Callable[[Control], bool],
        wanted: str = "",
    ) -> _Found:
        offered = []
        for surface in self._surfaces(message, view):
            for control in surface.controls:
                if fits(control) and (
                    name is None or name in (control.label, control.action_id, control.block_id)
                ):
                    return _Found(control, surface)
                offered.append(control.label)
        shown = ", ".join(map(repr, offered)) or "nothing"
        raise LookupError(f"{self.name} sees no {wanted or name!r} to use, only {shown}")

    def _act(self, found: _Found, picked: Json) -> Delivery:
        """Use a control: remember what was picked, and tell the app unless it waits for the submission."""
        control, surface = found.control, found.surface
        entry = payloads.action(self.world, control, picked)
        if isinstance(surface, Message):
            channel = self.world.workspace.channels[surface.channel]
            url = self.world.new_response_url(channel, self.user, surface, surface.thread_ts)
            if picked:
                surface.picked.setdefault(self.user.id, {}).setdefault(control.block_id, {})[control.action_id] = (
                    picked
                )
            payload = payloads.block_actions_on_message(self.world, self.user, surface, [entry], url)
            return self.world.interact(payload, message=surface)
        if picked and control.type != "overflow":
            surface.values.setdefault(control.block_id, {})[control.action_id] = picked
        if not control.dispatches:
            return self._delivery(None, None)
        return self.world.interact(payloads.block_actions_on_view(self.world, self.user, surface, [entry]))
