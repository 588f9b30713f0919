"""A local Slack and a local Telegram that speak the real wire."""
