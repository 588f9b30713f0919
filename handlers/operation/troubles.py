"""What the leads hear when something is amiss with the bot itself, and when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from handlers.core.context import Context
from handlers.core.replies import message
from handlers.core.texts import N_, Texts
from handlers.core.ui import Text
from storage import troubles
from storage.troubles import Trouble


class Words(NamedTuple):
    """What is said of one kind of trouble; ``{detail}`` is its figure or name.

    Attributes:
        patience: How long it lasts before anybody is told.
        silent: The platform that it silences: the leads hear of it on another one, if they can.
    """

    amiss: str
    over: str
    patience: timedelta
    silent: str = ""


WORDS: Mapping[str, Words] = {
    "slack_silent": Words(
        N_("**Slack has gone quiet.** I can't reach it; I keep trying, and nothing is lost meanwhile."),
        N_("Slack is back."),
        timedelta(minutes=5),
        "slack",
    ),
    "telegram_silent": Words(
        N_("**Telegram has gone quiet.** I can't reach it; I keep trying, and nothing is lost meanwhile."),
        N_("Telegram is back."),
        timedelta(minutes=5),
        "telegram",
    ),
    "slack_stuck": Words(
        N_("**Messages to Slack are stuck**: {detail} wait longer than ten minutes."),
        N_("Messages to Slack leave again."),
        timedelta(minutes=1),
        "slack",
    ),
    "telegram_stuck": Words(
        N_("**Messages to Telegram are stuck**: {detail} wait longer than ten minutes."),
        N_("Messages to Telegram leave again."),
        timedelta(minutes=1),
        "telegram",
    ),
    "failed": Words(
        N_("**{detail} messages could not be delivered** since yesterday. The log says why."),
        N_("Messages are delivered again."),
        timedelta(0),
    ),
    "disk": Words(
        N_("**The disk is nearly full**: {detail} MB left beside my database."),
        N_("The disk has room again."),
        timedelta(0),
    ),
    "backup": Words(
        N_("**There is no new backup**: {detail}"),
        N_("The backup is made again."),
        timedelta(0),
    ),
}


def kept(ctx: Context, found: Mapping[str, str]) -> None:
    """Note what is amiss now, tell the leads of what lasts, and of what is over.

    Args:
        ctx: A context in which nobody acts.
        found: Kinds and their details.
    """
    for old in troubles.list_troubles(ctx.tx):
        if old.kind not in found and troubles.remove_trouble(ctx.tx, old.kind):
            _tell(ctx, old, WORDS[old.kind].over, "over")
    for kind, detail in found.items():
        troubles.add_trouble(ctx.tx, kind, detail, ctx.now)
    for trouble in troubles.list_troubles(ctx.tx):
        if troubles.mark_trouble_told_if_new(ctx.tx, trouble.kind, ctx.now - WORDS[trouble.kind].patience):
            _tell(ctx, trouble, WORDS[trouble.kind].amiss, "amiss")


def listed(ctx: Context) -> list[Text]:
    """What is amiss now, a sentence each."""
    return [ctx.t(WORDS[each.kind].amiss, detail=each.detail) for each in troubles.list_troubles(ctx.tx)]


def _tell(ctx: Context, trouble: Trouble, sentence: str, what: str) -> None:
    def built(texts: Texts) -> Text:
        return texts(sentence, detail=trouble.detail)

    key = f"trouble:{trouble.kind}:{trouble.since.isoformat()}:{what}"
    ctx.tell_leads(key, lambda t: message(t, built(t)), avoid=WORDS[trouble.kind].silent)
