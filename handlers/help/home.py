"""A person's home page: what concerns them, and the menu."""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import NOBODY, Context
from handlers.core.replies import say, summary_of
from handlers.core.requests import Command
from handlers.core.ui import Block, Nothing, Outcome, Reply, Section
from handlers.help.greeting import menu_rows


def shown(ctx: Context, subject_id: str) -> Reply | None:
    """Show the page to its person."""
    if ctx.person == NOBODY:
        return say(ctx, ctx.t("I keep nothing about you."))  # deleted: a page can be emptied, not taken away
    if str(ctx.person.id) != subject_id:
        return None
    hello = ctx.t("Hello {name}.", name=(ctx.name,))
    blocks: list[Block] = [Section(hello)]
    if "lead" in ctx.roles:
        blocks.append(Section(ctx.t("_You are a lead: try **here**, **grant**, **pause** and **status**._")))
    elif "manager" in ctx.roles:
        blocks.append(Section(ctx.t("_You are a community manager: questions and requests come to you._")))
    elif "project" in ctx.roles:
        blocks.append(
            Section(ctx.t("_You are a project manager: events, notices and who is coming are yours too._"))
        )
    for feature in ctx.house.registry.features:
        blocks += feature.home(ctx) if feature.home else ()
    return Reply(blocks=(*blocks, *menu_rows(ctx)), summary=summary_of(hello), language=ctx.language)


def me(ctx: Context, request: Command) -> Outcome:
    """Show the page as a message, to this person alone."""
    page = shown(ctx, str(ctx.person.id))
    return structs.replace(page, audience="person") if page else Nothing()
