"""What the bot understands at the moment."""

from __future__ import annotations

from handlers.retrieval.index import Index


class Knowledge:
    """Holds the index in use. An index never changes: when other things can be asked for, another replaces it."""

    def __init__(self, index: Index | None = None) -> None:
        self.index = index or Index(())
