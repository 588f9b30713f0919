"""A house with a few small features, so that the runtime is held without those that people use.

What the features do stands in the store's switches, where tests set and read it.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from handlers.core.context import Capabilities, Context, House
from handlers.core.features import ActionRoute, CommandRoute, Feature, Intent, Registry, TimerRoute
from handlers.core.hub import load_hub
from handlers.core.replies import message, say
from handlers.core.requests import Delivered
from handlers.core.seals import Seals
from handlers.core.texts import Catalogues
from handlers.core.ui import Form, Nothing, OpenForm, Outcome, Reply, TextField, Toast
from handlers.retrieval.index import Way
from storage.switches import get_switch, mark_switch

ROOT = Path(__file__).parents[2]
SECRET = "a secret that only tests use"
PLATFORMS = {
    "slack": Capabilities(
        ephemeral=True, toasts=False, forms=True, topics=False, writes_first=True, deep_links=False
    ),
    "telegram": Capabilities(
        ephemeral=False, toasts=True, forms=False, topics=True, writes_first=False, deep_links=True
    ),
}


class BrokenHandlerError(Exception):
    """A feature of the tests failed, as it was told to."""


def note(ctx: Context, name: str, more: str) -> None:
    """Write down that something happened."""
    mark_switch(ctx.tx, name, f"{get_switch(ctx.tx, name)}{more};")


def _count(ctx: Context, request: Any) -> Outcome:
    note(ctx, f"counted:{ctx.person.id}", request.text)
    return say(ctx, f"counted {request.text}")


def _break(ctx: Context, request: Any) -> Outcome:
    note(ctx, "broken", request.text)
    say(ctx, "never seen")
    raise BrokenHandlerError(request.text)


def _stop_iteration(ctx: Context, request: Any) -> Outcome:
    return next(iter(()))  # what a bare next() does where nothing is found


def _press(ctx: Context, request: Any) -> Outcome:
    note(ctx, "pressed", request.action.packed)
    return Toast("pressed")


def _pick(ctx: Context, request: Any) -> Outcome:
    note(ctx, "picked", request.value)
    return Nothing()


def _form(ctx: Context, request: Any) -> Outcome:
    return OpenForm(Form("small", ctx.token(), "A form", (TextField("name", "Name"),), "Go"))


def _form_done(ctx: Context, request: Any) -> Outcome:
    note(ctx, "form", request.values["name"])
    return say(ctx, "thanks")


def _board(ctx: Context, subject: str) -> Reply | None:
    state = get_switch(ctx.tx, f"board:{subject}")
    if state == "broken":
        raise BrokenHandlerError(subject)
    return None if state == "gone" else message(ctx.t, state or "empty")


def _heard(ctx: Context, request: Any) -> Outcome:
    if request.subject.endswith(":broken"):
        raise BrokenHandlerError(request.subject)
    ended = "delivered" if isinstance(request, Delivered) else f"refused {request.reason}"
    note(ctx, "heard", f"{request.subject} {ended}")
    return Nothing()


def _ring(ctx: Context, subject: str) -> None:
    note(ctx, "rung", subject)


def _ring_and_set(ctx: Context, subject: str) -> None:
    note(ctx, "rung", subject)
    if int(subject):
        ctx.schedule("bell.chain", str(int(subject) - 1), ctx.now)


def _fail(ctx: Context, subject: str) -> None:
    note(ctx, "tried", subject)
    if get_switch(ctx.tx, "mended") != "yes":
        raise BrokenHandlerError(subject)
    note(ctx, "rung", subject)


def _answer(ctx: Context, request: Any, key: str) -> Outcome:
    return say(ctx, f"about {key}")


FEATURE = Feature(
    "small",
    commands=(
        CommandRoute(("count",), _count, arguments=".*"),
        CommandRoute(("break",), _break, arguments=".*"),
        CommandRoute(("stopiteration",), _stop_iteration),
        CommandRoute(("form",), _form),
    ),
    actions={
        "press": ActionRoute(_press),
        "pick": ActionRoute(_pick),
        "admin": ActionRoute(_press, needs_chat_admin=True),
        "lead": ActionRoute(_press, role="lead"),
    },
    forms={"small": _form_done},
    intents=(
        Intent(
            Way("small:desk", ("what does a desk cost", "desk price", "was kostet ein Tisch")),
            {"de": "Tisch", "en": "Desk"},
            _answer,
        ),
        Intent(
            Way("small:door", ("when is the door open", "opening hours")), {"de": "Tür", "en": "Door"}, _answer
        ),
    ),
    timers={
        "bell.ring": TimerRoute(_ring),
        "bell.late": TimerRoute(_ring, late=timedelta(hours=1)),
        "bell.chain": TimerRoute(_ring_and_set),
        "bell.fail": TimerRoute(_fail),
    },
    views={"small.board": _board},
    reports={"small.heard": _heard},
)


def _unsure(ctx: Context, request: Any, keys: Any) -> Outcome:
    return say(ctx, f"one of {', '.join(keys)}?")


def _unknown(ctx: Context, request: Any) -> Outcome:
    return say(ctx, "I do not know that.")


def build_house(folder: Path) -> House:
    """Return the house; its translations say what the English text says."""
    catalogue = folder / "de" / "LC_MESSAGES" / "kumpel.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n', "utf-8")
    registry = Registry([FEATURE], unsure=_unsure, unknown=_unknown)
    pack = ROOT / "hub"
    return House(pack, load_hub(pack), Catalogues(folder), registry, Seals([SECRET]), PLATFORMS)
