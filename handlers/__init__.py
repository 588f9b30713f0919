"""What the bot does: synchronous, without platform, network or wall clock."""
