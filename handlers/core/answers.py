"""What a platform is told at once."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from handlers.core.ui import Action, FormErrors, Nothing, OpenForm, Toast


class TurnCalendar(Struct, frozen=True, tag=True):
    """Show another month in the inline calendar whose arrow was pressed."""

    action: Action
    month: date
    earliest: date
    latest: date


class Answer(Struct, frozen=True):
    """What the platform is told at once, in the acknowledgement or right after it; recorded with the delivery.

    Attributes:
        outcome: Form errors go into the acknowledgement; the rest follows it, best effort.
        chat_id: Our own id of the chat: seals are made over it.
    """

    outcome: OpenForm | FormErrors | Toast | TurnCalendar | Nothing
    chat_id: int = 0
