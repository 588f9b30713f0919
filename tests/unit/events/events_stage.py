"""What the tests of events share: people plan, publish and subscribe, and time passes."""

from __future__ import annotations

from handlers.core.context import system_context
from handlers.core.requests import BotAdded
from storage import events, posts, timers

TELEGRAM = {"platform": "telegram"}
NIGHT = {"title": "Startup-Night", "day": "2026-12-03", "time": "18:30", "place": "Dortmund"}
CHATS = (("founders", "slack"), ("neue", "slack"), ("gruppe", "telegram"), ("super", "telegram"))
TEXT = "Fünf Pitches, danach Essen und Leute."


async def subscribe(bot, chat, platform="slack", thread=""):
    if platform == "telegram":
        await bot.gives("tara", "lead", "telegram")
    who = "lea" if platform == "slack" else "tara"
    return await bot.commands("here", "events", who=who, chat=chat, platform=platform, thread=thread)


async def plan(bot, who="mona", **values):
    """A manager fills in the form; returns what came of it."""
    await bot.commands("event", who=who)
    return await bot.submits(who, **{**NIGHT, **values})


async def publish(bot, **values):
    await plan(bot, **values)
    return await bot.presses("Veröffentlichen", who="mona")


async def post(bot, chat="founders", platform="slack"):
    """The event's post in a chat."""
    return next(seen for seen in reversed(await bot.screen(chat, platform)) if seen.id.startswith("p"))


async def event(bot, number=1):
    return await bot.reads(lambda tx: events.get_event(tx, number))


async def count(bot, number=1):
    return await bot.reads(lambda tx: events.get_going_count(tx, number))


async def due(bot):
    """Run what is due, as the scheduler does."""

    def run(tx):
        for timer in timers.list_due_timers(tx, bot.now):
            if timers.remove_timer_if_due(tx, timer, bot.now):
                bot.house.registry.timers[timer.kind].handler(
                    system_context(bot.house, tx, bot.now), timer.subject
                )

    await bot.database.write(run)


async def added(bot, chat="neue", platform="telegram", who="gerd"):
    return await bot.does(BotAdded(**bot._facts(who, platform=platform, chat=chat)))


async def standing_in(bot, number=1):
    """The chats in which the event stands or is to stand."""
    found = await bot.reads(lambda tx: posts.list_posts(tx, f"event:{number}", "events.card"))
    ids = {f"p{post.id}" for post in found}
    return {chat for chat, platform in CHATS if ids & {seen.id for seen in await bot.screen(chat, platform)}}


async def stands(bot):
    """All posts were sent."""
    await bot.database.write(
        lambda tx: tx.execute("UPDATE posts SET ref = 'C:1', sent = wanted WHERE subject LIKE 'event:%'")
    )
