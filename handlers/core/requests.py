"""What people do, in words that belong to no platform; adapters parse their deliveries into these."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from handlers.core.ui import Action

NO_ACTION = Action("none")


class Actor(Struct, frozen=True):
    """Who acts, as their platform knows them.

    Attributes:
        platform: ``slack`` or ``telegram``.
        account: The platform's id of the person (Slack: ``team:user``).
        name: What to call them; may be hostile text.
        handle: Their public @name without the @, where there is one.
        language: What their app is set to, as ``de`` or ``en``; empty if unknown.
        trusted: False for guests, strangers of shared channels and anonymous admins: they hold no role.
        guest: Of this workspace, by invitation to some channels; the hub may count them as members.
        unknown: The platform did not say in time who this is: not trusted for now, and nothing to remember.
        chat_admin: A prepared fact: may this person administrate this group? Unknown means False.
    """

    platform: str
    account: str
    name: str = ""
    handle: str = ""
    language: str = ""
    trusted: bool = True
    guest: bool = False
    unknown: bool = False
    chat_admin: bool = False


class Place(Struct, frozen=True):
    """Where something happens, as its platform knows it.

    Attributes:
        chat: The platform's id of the chat (Slack: ``team:channel``).
        kind: ``direct`` with one person, or a ``group``: channel, group, supergroup.
        thread: Slack thread or Telegram forum topic; empty for the chat itself.
        reply_via: An address for one quick answer where the bot is no member (Slack's response_url).
    """

    platform: str
    chat: str
    kind: Literal["direct", "group"]
    thread: str = ""
    title: str = ""
    reply_via: str = ""


class Request(Struct, frozen=True, kw_only=True):
    """Something that arrived.

    Attributes:
        delivery_key: The same for every delivery of the same thing; the store keeps it unique.
        can_open_form: The platform can show a form at once in answer to this (a Slack trigger).
        message: The platform's id of the message this is about: the one said, or the one with the control.
    """

    delivery_key: str
    actor: Actor
    place: Place
    received_at: datetime
    can_open_form: bool = False
    message: str = ""


class Command(Request, frozen=True, kw_only=True):
    """A command word and what follows: ``/kumpel here managers`` is name ``here``, text ``managers``."""

    name: str
    text: str = ""
    mentions: tuple[Actor, ...] = ()


class TextMessage(Request, frozen=True, kw_only=True):
    """Something said.

    Attributes:
        addressed: Meant for the bot: a direct message, a mention, an answer to its message.
        text: Without the bot's own mention; mentioned people stand as ``@name``.
        mentions: The people mentioned, in order.
        reply_to: The platform's id of the message that this one answers.
        forwarded: Somebody else's words, passed on: they give no order and answer to no code.
        by_name: The bot itself is mentioned.
    """

    text: str
    addressed: bool = True
    mentions: tuple[Actor, ...] = ()
    reply_to: str = ""
    forwarded: bool = False
    by_name: bool = False


class OtherMessage(Request, frozen=True, kw_only=True):
    """A picture, a sticker, a voice message: something the bot cannot read, sent to it directly."""


class ButtonPress(Request, frozen=True, kw_only=True):
    """A button was pressed: ``token`` is the sealed action, ``action`` what it said once its seal was checked."""

    token: str
    action: Action = NO_ACTION


class Picked(Request, frozen=True, kw_only=True):
    """An option or a day was picked. ``value`` is the option's value or an ISO date."""

    token: str
    value: str
    action: Action = NO_ACTION


class FormSubmitted(Request, frozen=True, kw_only=True):
    """A form came back. Empty fields are absent from ``values``; days are ISO dates.

    ``context`` is what the handler that opened the form wanted back; the store kept it.
    """

    form: str
    instance: str
    values: dict[str, str]
    context: dict[str, str] = {}


class HomeOpened(Request, frozen=True, kw_only=True):
    """A person looks at the bot's home page (Slack's App Home)."""


class BotAdded(Request, frozen=True, kw_only=True):
    """The bot came into this chat; in a direct chat: it was unblocked."""


class BotRemoved(Request, frozen=True, kw_only=True):
    """The bot was removed from this chat; in a direct chat: it was blocked."""


class ChatMoved(Request, frozen=True, kw_only=True):
    """This chat goes on under another id (a Telegram group became a supergroup)."""

    new_chat: str


class AccountChanged(Request, frozen=True, kw_only=True):
    """The platform tells of somebody's account: what it now is, or with ``left`` that it is gone for good.

    Nobody acts; the place is the account's direct chat.
    """

    left: bool = False


class Delivered(Request, frozen=True, kw_only=True):
    """A sent message arrived; ``row`` is the outbox row that asked to be told."""

    row: int
    subject: str


class Undeliverable(Request, frozen=True, kw_only=True):
    """A message can't be delivered; ``reason`` in the platform's words."""

    row: int
    subject: str
    reason: str
