"""What is kept, why, how long, who answers for it and which rights there are: the whole text, one press away."""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import Context
from handlers.core.hub import Wording, is_filled
from handlers.core.markup import parse_markup
from handlers.core.replies import say, summary_of
from handlers.core.requests import ButtonPress, Command
from handlers.core.ui import Action, Button, Controls, LinkButton, Outcome, Reply, Section, Text, join
from storage import consents


def full(ctx: Context, request: Command | ButtonPress) -> Outcome:
    """Tell all of it, and offer what can be done."""
    consents.add_consent(ctx.tx, ctx.person.id, "read", ctx.hub.privacy.version, ctx.now)
    kept = [ctx.t(line) for feature in ctx.house.registry.features for line in feature.kept]
    privacy = ctx.hub.privacy
    lines: list[Text] = [
        ctx.t(
            "**Responsible**: {operator}. Contact: {contact}",
            operator=ctx.hub.responsible,
            contact=_said(ctx, privacy.contact),
        ),
        ctx.t("**Why I may**: {basis}", basis=_said(ctx, privacy.basis)),
        ctx.t("**Who reads it**: {readers}", readers=_said(ctx, privacy.readers)),
        ctx.t("**What I keep, and how long**"),
        ctx.t(
            "**Your name, your language, your role**: until you delete your data, or have not been here for"
            " {years} years; a month before I ask whether you want to stay.",
            years=f"{privacy.absence_years:g}",
        ),
        *kept,
        ctx.t("**What I write to you**: 7 days; that it arrived: 30 days."),
        *_evidence(ctx),
        ctx.t(
            "**Your rights**: see your data and take them along, correct, delete, object;"
            " write **privacy** or press below."
        ),
        ctx.t("You can complain to: {authority}", authority=_said(ctx, privacy.authority)),
    ]
    text = join(*lines, separator="\n")
    reply = Reply(blocks=(Section(text), *rights(ctx)), summary=summary_of(lines[0]), language=ctx.language)
    return structs.replace(reply, audience="person")


def rights(ctx: Context) -> tuple[Controls, ...]:
    """Buttons for what a person can do; elsewhere the way to the direct chat."""
    if ctx.chat.kind != "direct":
        return (Controls((LinkButton(ctx.t.label("Open the direct chat"), start="privacy"),)),)
    objects = consents.objects(ctx.tx, ctx.person.id)
    return (
        Controls(
            (
                Button(ctx.t.label("My data"), Action("privacy:data")),
                Button(ctx.t.label("Correct"), Action("privacy:correct")),
            )
        ),
        Controls(
            (
                Button(ctx.t.label("Take the objection back"), Action("privacy:agree"))
                if objects
                else Button(ctx.t.label("Object"), Action("privacy:object")),
                Button(ctx.t.label("Delete me"), Action("privacy:delete"), "danger"),
            )
        ),
    )


def only_directly(ctx: Context, start: str) -> Outcome:
    """What concerns one person alone is told to them alone."""
    told = ctx.t("That stays between us: write it to me directly.")
    return structs.replace(
        say(ctx, told, LinkButton(ctx.t.label("Open the direct chat"), start=start)), audience="chat"
    )


def _evidence(ctx: Context) -> list[Text]:
    return [
        ctx.t(
            "**Kept for a grant's auditors even after a deletion, locked away**: {why}; {years} years.",
            why=evidence.why.text(ctx.language),
            years=f"{evidence.years:g}",
        )
        for evidence in ctx.hub.privacy.evidence.values()
    ]


def _said(ctx: Context, wording: Wording) -> Text:
    """The hub's words; a placeholder is nothing to show."""
    words = wording.text(ctx.language)
    return parse_markup(words) if is_filled(words) else ctx.t("the team will add it here")
