"""Telegram, through python-telegram-bot's Bot and types."""

import os

# python-telegram-bot 22.2 and later: without this opt-in every 429 warns that RetryAfter will change its type.
os.environ["PTB_TIMEDELTA"] = "true"
