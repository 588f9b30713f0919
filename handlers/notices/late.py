"""What is said to a press that came too late."""

from __future__ import annotations

from handlers.core.context import Context
from handlers.core.requests import ButtonPress
from handlers.core.texts import N_
from handlers.core.ui import Toast, plain
from handlers.notices.card import decided
from storage import notices
from storage.notices import Notice

_LATE = {
    "discarded": N_("{who} discarded this notice ({time})."),
    "out": N_("{who} has sent this notice ({time})."),
    "stopped": N_("{who} stopped this notice ({time})."),
    "withdrawn": N_("{who} withdrew this notice ({time})."),
}


def kept(ctx: Context, request: ButtonPress) -> Notice | None:
    """The notice that a button is about, if it is kept."""
    return notices.get_notice(ctx.tx, int(request.action.args[0]))


def late(ctx: Context, notice: Notice | None) -> Toast:
    """Say what is so instead."""
    if notice is None:
        return Toast(ctx.t.label("This notice is not kept any more."))
    if notice.state == "draft":
        return Toast(ctx.t.label("This notice is still a draft."))
    return Toast(plain(decided(ctx, notice, _LATE[notice.state])))
