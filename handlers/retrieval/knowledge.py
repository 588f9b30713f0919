"""What the bot understands at the moment."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.retrieval.index import Index


class Knowledge:
    """Holds the index in use. An index never changes: when other things can be asked for, another replaces it.

    Attributes:
        index: Ranks what people write.
        titles: What learned intents are called, by key and language: for those who look on.
    """

    def __init__(self, index: Index | None = None) -> None:
        self.index = index or Index(())
        self.titles: Mapping[str, Mapping[str, str]] = {}
