"""Hello, thanks, goodbye, and what the bot can do."""

from __future__ import annotations

from msgspec import structs

from handlers.core import router
from handlers.core.context import Context
from handlers.core.features import CommandRoute
from handlers.core.first_contact import notice
from handlers.core.replies import say, summary_of
from handlers.core.requests import Command, TextMessage
from handlers.core.ui import Block, Button, Controls, Nothing, Outcome, Reply, Section, Text, join
from storage import people

BUTTONS_IN_A_ROW = 3


def hello(ctx: Context, request: TextMessage) -> Outcome:
    """Greet somebody; the first time the bot says who it is."""
    return greet(ctx)


def thanks(ctx: Context, request: TextMessage) -> Outcome:
    """Take thanks, without ado."""
    return say(ctx, ctx.t("You are welcome."))


def bye(ctx: Context, request: TextMessage) -> Outcome:
    """Say goodbye."""
    return say(ctx, ctx.t("See you."))


def shown(ctx: Context, request: TextMessage, key: str) -> Outcome:
    """Show the menu to somebody who looks for a start."""
    return with_menu(ctx, ctx.t("Ask me anything about the hub, or:")) if request.addressed else Nothing()


def menu(ctx: Context, request: Command) -> Outcome:
    """Show the menu."""
    return with_menu(ctx, ctx.t("What do you need?"))


def started(ctx: Context, request: Command) -> Outcome:
    """Somebody opened the direct chat, perhaps through a link that says what for."""
    name, _, rest = request.text.partition("_")
    return router.started(ctx, structs.replace(request, name=name, text=rest), name) or greet(ctx)


def greet(ctx: Context) -> Reply:
    """Scene 1 the first time; later a line."""
    if not people.mark_greeted(ctx.tx, ctx.person.id):
        return with_menu(ctx, ctx.t("Hello {name}. What do you need?", name=(ctx.name,)))
    who = ctx.t("I am **Kumpel**, the bot of the {hub}. Ask me something, or:", hub=ctx.hub.short_name)
    return with_menu(ctx, who, *notice(ctx))


def with_menu(ctx: Context, text: Text, *below: Block) -> Reply:
    """A line with the main menu's buttons."""
    return Reply(blocks=(Section(text), *menu_rows(ctx), *below), summary=summary_of(text), language=ctx.language)


def menu_rows(ctx: Context) -> tuple[Controls, ...]:
    """The main menu, as the features make it up."""
    items = [item for feature in ctx.house.registry.features for item in feature.menu]
    buttons = [Button(ctx.t.label(item.label), item.action) for item in items]
    rows = range(0, len(buttons), BUTTONS_IN_A_ROW)
    return tuple(Controls(tuple(buttons[at : at + BUTTONS_IN_A_ROW])) for at in rows)


def help_wanted(ctx: Context, request: Command) -> Outcome:
    """Say how to talk to the bot, and which words do something."""
    intro = ctx.t("Write me what you need, in German or English. These words work as well:")
    listed = [ctx.t("**{word}**: {what}", word=word, what=what) for word, what in _commands(ctx)]
    return with_menu(ctx, join(intro, *listed, separator="\n"))


def _commands(ctx: Context) -> list[tuple[str, str]]:
    """The words of the commands that this person may use here, with what they do."""
    found: dict[CommandRoute, None] = dict.fromkeys(ctx.house.registry.commands.values())
    return [
        (route.words[-1 if ctx.language == "de" else 0], ctx.t.label(route.description))
        for route in found
        if route.description and ctx.may(route.role) and route.scope in ("both", ctx.chat.kind)
    ]
