"""How neutral messages travel through the store: versioned JSON that older versions stay readable in."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from handlers.core.answers import Answer
from handlers.core.ui import Attachment, Form, Nothing, Reply

VERSION = 1


class _StoredReply(Struct, tag="Reply", tag_field="kind"):
    content: Reply
    v: int = VERSION


class _StoredAttachment(Struct, tag="Attachment", tag_field="kind"):
    content: Attachment
    v: int = VERSION


_encode = msgspec.json.Encoder().encode
_message_decoder: msgspec.json.Decoder[_StoredReply | _StoredAttachment] = msgspec.json.Decoder(
    _StoredReply | _StoredAttachment
)
_decode_answer = msgspec.json.Decoder(Answer).decode
_decode_form = msgspec.json.Decoder(Form).decode


def dump_message(content: Reply | Attachment) -> str:
    """Return a message as the store keeps it."""
    stored = _StoredReply(content) if isinstance(content, Reply) else _StoredAttachment(content)
    return _encode(stored).decode()


def load_message(payload: str) -> Reply | Attachment:
    """Return a stored message.

    Raises:
        msgspec.ValidationError: It was stored by a newer version.
    """
    return _message_decoder.decode(payload).content


def dump_answer(answer: Answer) -> str:
    """Return an answer as the store keeps it; saying nothing is the empty string."""
    return "" if isinstance(answer.outcome, Nothing) else _encode(answer).decode()


def load_answer(stored: str) -> Answer:
    """Return a stored answer."""
    return _decode_answer(stored) if stored else Answer(Nothing())


def dump_form(form: Form) -> str:
    """Return a form as the store keeps it."""
    return _encode(form).decode()


def load_form(stored: str) -> Form:
    """Return a stored form."""
    return _decode_form(stored)


def dump_answers(answers: dict[str, str]) -> str:
    """Return the answers to a form as the store keeps them."""
    return _encode(answers).decode()


def load_answers(stored: str) -> dict[str, str]:
    """Return the stored answers to a form."""
    return msgspec.json.decode(stored, type=dict[str, str])
