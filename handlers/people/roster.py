"""Who has which role, and what they look after."""

from __future__ import annotations

from handlers.core.context import Context
from handlers.core.replies import say
from handlers.core.requests import Command
from handlers.core.texts import Texts
from handlers.core.topics import city_name, topic_name
from handlers.core.ui import Outcome, Span, Text, join
from handlers.people.wording import WORDS
from storage import roles


def listed(ctx: Context, request: Command) -> Outcome:
    """``roles``: everybody with a role, for the team."""
    lines: list[Text] = [ctx.t("**Who may what**")]
    for holder in roles.list_holders(ctx.tx):
        what: list[Text] = [ctx.t.label(WORDS[holder.role].called)]
        if holder.role == "manager" and (scopes := scopes_said(ctx, ctx.t, holder.person_id)):
            what.append(scopes)
        if not holder.counts:
            what.append(ctx.t.label("does not count now"))
        who = (Span(holder.name or "?", bold=True, person=holder.person_id),)
        lines.append(join(who, join(*what, separator=", "), separator=": "))
    return say(ctx, join(*lines, separator="\n"))


def scopes_said(ctx: Context, t: Texts, person_id: int) -> str:
    """What somebody looks after, in words; empty where nothing is named."""
    names = {"city": city_name, "topic": topic_name}
    return ", ".join(names[scope.kind](ctx.hub, t, scope.key) for scope in roles.list_scopes(ctx.tx, person_id))


def looks_after(ctx: Context, t: Texts, person_id: int, who: Text = "") -> Text:
    """Say what somebody looks after; without ``who``, only what."""
    scopes = scopes_said(ctx, t, person_id)
    if not who:
        return scopes or t.label("everything")
    if scopes:
        return t("{who} looks after **{what}**.", who=who, what=scopes)
    return t("{who} looks after all camps and sectors.", who=who)
