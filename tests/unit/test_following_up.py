"""What one feature notes that somebody did, another one follows up, below the reply."""

from __future__ import annotations

import dataclasses

from handlers.core.features import CommandRoute, Feature, Registry
from handlers.core.replies import say
from handlers.faq import feature as faq


def takes(ctx, request):
    """Something is taken, and what is done in another chat counts as well."""
    ctx.at(ctx.chat).used("things")
    return say(ctx, "Taken.")


def looks(ctx, request):
    return say(ctx, "Looked.")


def follow(ctx):
    ctx.send(ctx.chat, f"after:{ctx.person.id}:{'+'.join(sorted(ctx.uses))}", say(ctx, "One more thing."))


async def test_it_comes_below_the_reply_and_only_where_something_was_noted(bot):
    taking = Feature(
        "taking", commands=(CommandRoute(("take", "nimm"), takes), CommandRoute(("look", "schau"), looks))
    )
    following = Feature("following", after=follow)
    features = [following, taking, *bot.house.registry.features]  # whichever stands first
    registry = Registry(features, unsure=faq.unsure, unknown=faq.unknown)
    bot.house = dataclasses.replace(bot.house, registry=registry)
    assert [seen.text for seen in await bot.commands("look")] == ["Looked."]
    assert [seen.text for seen in await bot.commands("take")] == ["Taken.", "One more thing."]


async def test_a_delivery_that_comes_again_is_followed_up_once(bot):
    taking = Feature("taking", commands=(CommandRoute(("take", "nimm"), takes),), after=follow)
    registry = Registry([taking, *bot.house.registry.features], unsure=faq.unsure, unknown=faq.unknown)
    bot.house = dataclasses.replace(bot.house, registry=registry)
    await bot.commands("take", key="again")
    assert await bot.commands("take", key="again") == []
