"""What the bot says, in words that belong to no platform.

A :class:`Reply` is blocks of text, facts, pictures and controls. Each adapter renders it for its chat; a
plain string is never markup there, it is escaped. Everything is frozen and travels as JSON through the store.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

ACTION_BYTES = 51
"""Longest packed action: Telegram's 64 bytes of callback data less 13 for key id and seal."""

PICKED_DATE_BYTES = 22
"""What an inline calendar appends to an action: a month and the two ends of what may be picked."""


class Span(Struct, frozen=True, omit_defaults=True):
    """A run of text with its style; ``person`` mentions one of our persons by id, ``text`` is their name."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    strike: bool = False
    link: str = ""
    person: int = 0


Text = str | tuple[Span, ...]
"""A plain string, shown to the letter, or styled spans."""


def plain(text: Text) -> str:
    """Return the text without its styles."""
    return text if isinstance(text, str) else "".join(span.text for span in text)


def spans(text: Text) -> tuple[Span, ...]:
    """Return the text as spans, a plain string as one."""
    return ((Span(text),) if text else ()) if isinstance(text, str) else text


def join(*texts: Text, separator: str = "") -> Text:
    """Return the texts as one, styles kept; empty ones are passed over."""
    joined: list[Span] = []
    for text in texts:
        if not text:
            continue
        if joined and separator:
            joined.append(Span(separator))
        joined.extend(spans(text))
    return tuple(joined)


class Action(Struct, frozen=True):
    """What a control does: a handler's name and its arguments, packed into few bytes.

    Raises:
        ValueError: The packed form is longer than :data:`ACTION_BYTES` or holds a reserved character.
    """

    name: str
    args: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        packed = self.packed
        if packed.count("|") != len(self.args) or "~" in packed or not packed.isprintable():
            raise ValueError(f"{packed!r} holds a character that actions reserve")
        if len(packed.encode()) > ACTION_BYTES:
            raise ValueError(f"action {packed!r} is longer than {ACTION_BYTES} bytes")

    @property
    def packed(self) -> str:
        return "|".join((self.name, *self.args))

    @classmethod
    def unpack(cls, packed: str) -> Action:
        name, *args = packed.split("|")
        return cls(name, tuple(args))

    @classmethod
    def of(cls, name: str, *args: str | int) -> Action:
        return cls(name, tuple(map(str, args)))


class Button(Struct, frozen=True, tag=True, omit_defaults=True):
    """Runs its action. At most one ``primary`` button a message: the obvious next step."""

    label: str
    action: Action
    style: Literal["plain", "primary", "danger"] = "plain"


class LinkButton(Struct, frozen=True, tag=True, omit_defaults=True):
    """Opens a page, or with ``start`` the direct chat with the bot, handing over that payload.

    ``start`` is 1–64 characters of A–Z a–z 0–9 _ - (Telegram's deep links). With ``platform`` it is the direct
    chat there; without, the one on the platform where the button stands.
    """

    label: str
    url: str = ""
    start: str = ""
    platform: str = ""


class Option(Struct, frozen=True):
    """One choice of a list: what people read and what the handler gets."""

    label: str
    value: str


class PickList(Struct, frozen=True, tag=True, omit_defaults=True):
    """One of several options; arrives as :class:`~handlers.core.requests.Picked` with the option's value."""

    label: str
    action: Action
    options: tuple[Option, ...]
    selected: str = ""

    def __post_init__(self) -> None:
        for option in self.options:
            _check_room(self.action, len(option.value.encode()))


class DatePicker(Struct, frozen=True, tag=True, omit_defaults=True):
    """A day between two days; arrives as ``Picked`` with an ISO date. On Telegram an inline calendar."""

    label: str
    action: Action
    earliest: date
    latest: date
    initial: date | None = None

    def __post_init__(self) -> None:
        _check_room(self.action, PICKED_DATE_BYTES)


def _check_room(action: Action, value_bytes: int) -> None:
    if len(action.packed.encode()) + 1 + value_bytes > ACTION_BYTES:
        raise ValueError(f"action {action.packed!r} leaves no room for a value of {value_bytes} bytes")


Control = Button | LinkButton | PickList | DatePicker


class Section(Struct, frozen=True, tag=True, omit_defaults=True):
    """A paragraph."""

    text: Text


class Fields(Struct, frozen=True, tag=True):
    """Short facts, each a label and a value, shown side by side where there is room."""

    items: tuple[tuple[str, Text], ...]


class Picture(Struct, frozen=True, tag=True, omit_defaults=True):
    """What to draw, not bytes: a drawing's name and arguments. ``alt`` says it in words."""

    drawing: str
    alt: str
    args: dict[str, str] = {}


class Controls(Struct, frozen=True, tag=True):
    """A row of controls; at most three buttons a row read well."""

    items: tuple[Control, ...]


Block = Section | Fields | Picture | Controls


class Attachment(Struct, frozen=True, omit_defaults=True):
    """A small file that goes with a reply, for example a calendar entry; sent as a message of its own."""

    filename: str
    media_type: str
    content: bytes
    title: str = ""


class Reply(Struct, frozen=True, tag=True, omit_defaults=True, kw_only=True):
    """A message.

    Attributes:
        blocks: What is shown, top to bottom.
        summary: One line for notifications and screen readers; never longer than a phone shows.
        audience: ``chat``, or ``person``: that person alone (ephemeral on Slack, else a direct message).
        placement: ``new`` message, or ``replace`` the message whose control was pressed.
        language: Of the texts; calendars and the like follow it.
    """

    blocks: tuple[Block, ...]
    summary: str
    attachments: tuple[Attachment, ...] = ()
    audience: Literal["chat", "person"] = "chat"
    placement: Literal["new", "replace"] = "new"
    language: str = "de"


class TextField(Struct, frozen=True, tag=True, omit_defaults=True):
    """A line or, with ``multiline``, a paragraph."""

    name: str
    label: str
    hint: str = ""
    multiline: bool = False
    max_length: int = 200
    required: bool = True
    initial: str = ""


class ChoiceField(Struct, frozen=True, tag=True, omit_defaults=True):
    """One of several options."""

    name: str
    label: str
    options: tuple[Option, ...]
    hint: str = ""
    required: bool = True
    initial: str = ""


class DateField(Struct, frozen=True, tag=True, omit_defaults=True):
    """A day, as an ISO date."""

    name: str
    label: str
    earliest: date
    latest: date
    hint: str = ""
    required: bool = True
    initial: date | None = None


Field = TextField | ChoiceField | DateField


class Form(Struct, frozen=True, tag=True, omit_defaults=True):
    """Questions asked together: a modal on Slack, one question a message on Telegram.

    Attributes:
        id: Names the handler that gets the answers.
        instance: This one form shown to this one person; used up by success.
        title: At most 24 characters (Slack's modal title).
        fields: The questions, in order, with unique names.
        context: What the handler wants back with the answers.
    """

    id: str
    instance: str
    title: str
    fields: tuple[Field, ...]
    submit: str
    context: dict[str, str] = {}
    language: str = "de"


class OpenForm(Struct, frozen=True, tag=True):
    """Show a form."""

    form: Form


class FormErrors(Struct, frozen=True, tag=True):
    """What to correct, by field name; the form stays open."""

    errors: dict[str, str]


class Toast(Struct, frozen=True, tag=True, omit_defaults=True):
    """A line that passes: at most 200 characters. With ``alert`` it waits to be closed, where that exists."""

    text: str
    alert: bool = False
    start: str = ""
    """Where the person must open the direct chat first: the deep link's payload."""
    button: Button | None = None
    """What helps, where the line stands as a message."""


class Nothing(Struct, frozen=True, tag=True):
    """Say nothing."""


Outcome = Reply | OpenForm | FormErrors | Toast | Nothing
