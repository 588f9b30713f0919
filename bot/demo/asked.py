"""What a page asks for, read field by field: nothing that it may send is taken for what it is not."""

from __future__ import annotations

from typing import Any

from bot.demo.cast import CannotError

Json = dict[str, Any]

LONGEST_TEXT = 12_000


class Asked:
    """One request of a page. All readers raise :class:`CannotError` where a field is not what it should be."""

    def __init__(self, fields: Json) -> None:
        self._fields = fields

    def given(self, name: str) -> bool:
        """Whether a field is there and not null."""
        return self._fields.get(name) is not None

    def text(self, name: str) -> str:
        """Some text, not empty."""
        value = self._fields.get(name)
        if not isinstance(value, str) or not value:
            raise _unfit(name, "ein Text", "some text")
        if len(value) > LONGEST_TEXT:
            raise CannotError(
                f"Das ist zu lang: höchstens {LONGEST_TEXT} Zeichen gehen.",
                f"This is too long: {LONGEST_TEXT} characters at most.",
            )
        return value

    def text_or(self, name: str, default: str = "") -> str:
        """Some text, or the default where there is none."""
        return self.text(name) if self._fields.get(name) not in (None, "") else default

    def number(self, name: str) -> int:
        """A whole number; one that stands as text counts too, as Telegram's ids do."""
        value = self._fields.get(name)
        if type(value) is int:
            return value
        if isinstance(value, str) and len(value) < 20 and value.removeprefix("-").isdecimal() and value.isascii():
            return int(value)
        raise _unfit(name, "eine ganze Zahl", "a whole number")

    def number_or_none(self, name: str) -> int | None:
        """A whole number, None where there is none."""
        return self.number(name) if self.given(name) else None

    def flag(self, name: str) -> bool:
        """Yes or no; no where nothing is said."""
        value = self._fields.get(name, False)
        if not isinstance(value, bool):
            raise _unfit(name, "ja oder nein", "yes or no")
        return value

    def value(self, name: str) -> str | list[str] | None:
        """What was picked: a text, several, or nothing."""
        return _simple(name, self._fields.get(name))

    def values(self, name: str) -> dict[str, dict[str, str | list[str] | None]]:
        """What a form was filled with: block, action, value."""
        blocks = self._fields.get(name, {})
        if not isinstance(blocks, dict) or not all(isinstance(actions, dict) for actions in blocks.values()):
            raise _unfit(name, "Felder mit Werten", "fields with values")
        return {
            block: {action: _simple(name, value) for action, value in actions.items()}
            for block, actions in blocks.items()
        }


def _simple(name: str, value: Any) -> str | list[str] | None:
    if value is None or (isinstance(value, str) and len(value) <= LONGEST_TEXT):
        return value
    if isinstance(value, list) and len(value) <= 100 and all(isinstance(each, str) for each in value):
        return value
    raise _unfit(name, "ein Text oder mehrere", "one text or several")


def _unfit(name: str, de: str, en: str) -> CannotError:
    return CannotError(f"„{name}“ muss {de} sein.", f"“{name}” must be {en}.")
