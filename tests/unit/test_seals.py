"""A control's token comes back unchanged, from its own chat, or is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core.seals import SEAL_LENGTH, BadSealError, Seals

SEALS = Seals(["one secret"])
PACKED = st.text(min_size=1, max_size=51)


@given(packed=PACKED, chat=st.integers(1, 2**53))
def test_what_was_sealed_is_opened_in_its_chat(packed: str, chat: int) -> None:
    token = SEALS.seal(packed, chat)
    assert SEALS.open(token, chat) == packed
    assert len(token) == len(packed) + SEAL_LENGTH


@given(packed=PACKED, chat=st.integers(1, 1000), other=st.integers(1, 1000))
def test_a_token_is_worth_nothing_in_another_chat(packed: str, chat: int, other: int) -> None:
    if chat != other:
        with pytest.raises(BadSealError):
            SEALS.open(SEALS.seal(packed, chat), other)


@given(packed=PACKED, at=st.integers(0, 63), to=st.characters(exclude_categories=["Cs"]))
def test_one_character_changed_is_refused(packed: str, at: int, to: str) -> None:
    token = SEALS.seal(packed, 7)
    at %= len(token)
    changed = token[:at] + to + token[at + 1 :]
    if changed != token:
        with pytest.raises(BadSealError):
            SEALS.open(changed, 7)


@given(st.text(max_size=80))
def test_whatever_is_made_up_is_refused_and_never_breaks(token: str) -> None:
    with pytest.raises(BadSealError):
        SEALS.open(token, 7)


@given(packed=PACKED)
def test_another_bots_token_is_refused(packed: str) -> None:
    with pytest.raises(BadSealError):
        SEALS.open(Seals(["another secret"]).seal(packed, 7), 7)


def test_a_seal_takes_thirteen_bytes_that_need_no_escape_anywhere() -> None:
    seal = SEALS.seal("a", 7)[1:]
    assert len(seal.encode()) == SEAL_LENGTH
    assert seal.replace("-", "").replace("_", "").isalnum()


def test_while_keys_are_rotated_the_old_one_opens_and_the_new_one_seals() -> None:
    old, both, new = Seals(["old"]), Seals(["new", "old"]), Seals(["new"])
    assert both.open(old.seal("a|1", 7), 7) == "a|1"
    assert new.open(both.seal("a|1", 7), 7) == "a|1"
    with pytest.raises(BadSealError):
        new.open(old.seal("a|1", 7), 7)


def test_lengths_cannot_be_shifted_between_the_chat_and_what_is_sealed() -> None:
    with pytest.raises(BadSealError):
        SEALS.open(SEALS.seal("2|a", 1), 12)
