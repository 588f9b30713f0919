"""Messages on their way, and the stories that asked for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.demo.story import Story
from storage.sendings import Sending, SendingId

_OVER = ("sent", "failed", "cancelled", "gone")


class Following:
    """Follows rows of the outbox and posts from being wanted to their end.

    Args:
        touched: Called with each story whose messages have come further.
    """

    def __init__(self, touched: Callable[[Story], None]) -> None:
        self._touched = touched
        self._open: dict[SendingId, Sending] = {}
        self._owners: dict[SendingId, list[Story]] = {}

    def __contains__(self, sending: Sending) -> bool:
        """Whether a story is known that asked for it."""
        return sending.which in self._owners

    def open(self) -> tuple[SendingId, ...]:
        """Those whose end is not known yet."""
        return tuple(self._open)

    def under_way(self, platform: str) -> list[Sending]:
        """What is being sent on a platform now."""
        return [sending for sending in self._open.values() if sending.under_way and sending.platform == platform]

    def owners_of(self, sending: Sending) -> list[Story]:
        """The stories whose revision is being sent."""
        return [story for story in self._owners.get(sending.which, []) if story.wants(sending)]

    def own(self, story: Story, sending: Sending) -> None:
        """A story asked for it."""
        story.add_sending(sending)
        if sending.state in _OVER:
            return
        self._open[sending.which] = sending
        owners = self._owners.setdefault(sending.which, [])
        if story not in owners:
            owners.append(story)

    def update(self, sendings: Iterable[Sending], story: Story | None) -> list[Story]:
        """Note how messages are by now, perhaps changed by a story; returns the stories of those that changed."""
        changed: list[Story] = []
        for sending in sendings:
            known = self._open.get(sending.which)
            if known == sending:
                continue
            if known is not None and story is not None and known.wanted < sending.wanted:
                self.own(story, sending)  # while the revision before is under way, nobody announces the next one
            owners = self._owners.get(sending.which, [])
            for owner in owners:
                owner.sendings[sending.which] = sending
                self._touched(owner)
            changed += owners
            self._open[sending.which] = sending
            if sending.state in _OVER:
                self._drop(sending.which)
            elif owners:
                self._owners[sending.which] = [
                    one for one in owners if sending.sent < one.revisions[sending.which]
                ]
        return changed

    def forget(self, story: Story) -> None:
        """A story is not kept any more."""
        for which in story.sendings:
            others = [other for other in self._owners.get(which, []) if other is not story]
            if others:
                self._owners[which] = others
            else:
                self._drop(which)

    def _drop(self, which: SendingId) -> None:
        self._open.pop(which, None)
        self._owners.pop(which, None)
