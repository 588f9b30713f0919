"""The few replies that every feature needs."""

from __future__ import annotations

from handlers.core.context import Context
from handlers.core.texts import N_, Texts
from handlers.core.ui import (
    Action,
    Block,
    Button,
    Controls,
    LinkButton,
    Outcome,
    Reply,
    Section,
    Text,
    Toast,
    plain,
)
from storage import audit

SUMMARY_LENGTH = 150
TEAM = Action("faq:new")
"""Asks the team: what helps somebody who may not do it themselves."""

_WHO = {
    "member": N_("That is for members of the hub; you are a guest here."),
    "project": N_("Only the hub's team may do that."),
    "manager": N_("Only community managers may do that."),
    "lead": N_("Only a lead may do that."),
    "admin": N_("Only admins of this group may do that."),
}


def message(texts: Texts, text: Text, *buttons: Button | LinkButton, more: tuple[Block, ...] = ()) -> Reply:
    """A paragraph, with buttons below it where there are some."""
    controls = (Controls(buttons),) if buttons else ()
    return Reply(blocks=(Section(text), *more, *controls), summary=summary_of(text), language=texts.language)


def say(ctx: Context, text: Text, *buttons: Button | LinkButton) -> Reply:
    """A paragraph in the person's language."""
    return message(ctx.t, text, *buttons)


def summary_of(text: Text) -> str:
    """The first line of a text, as a notification shows it."""
    line = plain(text).strip().partition("\n")[0]
    return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1] + "…"


def refusal(ctx: Context, role: str, what: str) -> Outcome:
    """Say who may do this, and note that it was tried.

    Args:
        ctx: The context.
        role: Who may.
        what: What was tried, by its name in the registry: ``action events:publish``.
    """
    audit.add_refusal(ctx.tx, ctx.person.id, what, ctx.now)
    helps = role in ("member", "project", "manager") and TEAM.name in ctx.house.registry.actions
    button = Button(ctx.t.label("Write to the team"), TEAM) if helps else None
    return Toast(ctx.t.label(_WHO[role]), alert=True, button=button)
