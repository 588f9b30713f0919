"""What the bot knows: one SQLite store."""
