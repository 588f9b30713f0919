"""What stands in the chats before anybody looks: who leads, who manages, where the team is, who hears of events.

All of it is said and pressed in chat, as at a real hub.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from bot.control import add_code
from bot.demo.cast import FOUNDERS_GROUP, GENERAL, MANAGERS, TEAM_GROUP
from bot.sandbox.telegram import NotHeardError
from handlers.core.texts import Catalogues
from storage.roles import Role

if TYPE_CHECKING:
    from bot.demo.stage import Stage


async def prepare_chats(stage: Stage) -> None:
    """Have Petra take the lead on both platforms, name managers and their places, and subscribe to events.

    The bot's answers may come later than this returns.
    """
    people, bot = stage.cast.people, stage.world.telegram.bot_username
    in_slack, in_telegram = people["petra"].on_slack, people["petra"].on_telegram
    aylin, jonas = people["aylin"].on_slack, people["jonas"].on_telegram
    channels, groups = stage.cast.channels, stage.cast.groups
    await in_slack.say(await _code(stage, "lead"))
    await in_telegram.say(await _code(stage, "lead"))
    await jonas.start()
    await people["sam"].on_telegram.start()
    await stage.handled()
    await in_slack.mention("here managers", channels[MANAGERS])
    await in_slack.mention(f"grant manager @{aylin.name}", channels[MANAGERS])
    await in_slack.mention("here events", channels[GENERAL])
    await in_telegram.say(f"/here@{bot} managers", groups[TEAM_GROUP])
    await in_telegram.say(f"/grant@{bot} manager @{jonas.user.username}", groups[TEAM_GROUP])
    subscribe = Catalogues().texts("de").label("Subscribe to events")
    with contextlib.suppress(NotHeardError):
        await in_telegram.press(subscribe, await in_telegram.hears(subscribe, groups[FOUNDERS_GROUP]))
    await stage.handled()


async def _code(stage: Stage, role: Role) -> str:
    if stage.app is None:
        raise RuntimeError("the bot does not run")
    return await add_code(stage.app.database, role, stage.clock.now())
