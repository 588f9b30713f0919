"""``python -m benchmarks.crashing_bot run``: the bot as it is, but less patient with platforms that don't answer.

What was on the wire when the bot was killed is looked for once its request can't arrive any more: 10 seconds later
on Slack, 20 on Telegram. Here both wait for two seconds, calls and search alike, so that fifty kills take minutes
and not half an hour. The local platforms stall for less than that.
"""

from __future__ import annotations

from bot.adapters.slack import web
from bot.adapters.telegram import client
from bot.cli import main

PATIENCE = 2.0

if __name__ == "__main__":
    # Before the adapters are imported: they take the figures over.
    web.REQUEST_TIMEOUT = client.SEND_SECONDS = PATIENCE
    main()
