"""How the bot itself is doing: status, the stop switch, what is amiss."""
