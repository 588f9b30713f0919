"""What a send's end means for its row or post; synchronous, inside one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.adapters.port import ChatMovedError, PostGoneError, RefusedError, SendError, Sent, TryLaterError
from handlers.core import pipeline
from handlers.core.context import House, system_context
from handlers.core.replies import message
from storage import chats, outbox, posts
from storage.outbox import OutboxRow, Queued
from storage.posts import Post
from storage.rows import Transaction

EDIT_GAP = timedelta(seconds=3)
"""Between two edits of a post: changes in between are absorbed, the last one always goes out."""

MOST_ATTEMPTS = 12
"""After so many tries (about two hours with the back-off) a message is parked and the leads are told."""

FIRST_BACKOFF, LONGEST_BACKOFF = 1.0, 900.0


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    return timedelta(seconds=min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** max(0, attempts - 1)))


class Settlement:
    """Writes how sends ended.

    Args:
        house: What handlers share; the leads are told in its languages.
    """

    def __init__(self, house: House) -> None:
        self._house = house

    def arrived(self, tx: Transaction, work: OutboxRow | Post, sent: Sent, now: datetime) -> None:
        """It stands in the chat."""
        if isinstance(work, Post):
            post = posts.mark_post_sent(tx, work.id, sent.ref, sent.kind, now, now + EDIT_GAP)
            if post and post.wanted > post.sent:
                posts.announce_post(tx, post.id)
        elif outbox.mark_sent(tx, work.id, sent.ref, sent.kind, now):
            pipeline.report(self._house, tx, work, None, now)

    def withdrawn(self, tx: Transaction, post: Post) -> None:
        """A post whose subject is to be shown no more was taken away."""
        posts.mark_post_gone(tx, post.id)

    def missing(self, tx: Transaction, work: OutboxRow | Post, now: datetime) -> None:
        """It was looked for and did not arrive, or nobody can tell: it is sent again."""
        self._again(tx, work, now, "its answer was lost")

    def failed(
        self, tx: Transaction, work: OutboxRow | Post, error: SendError, now: datetime, *, for_good: bool = False
    ) -> str:
        """It did not arrive; returns what happens now: ``retry``, ``anew``, ``moved`` or ``failed``."""
        if for_good:
            return self._parked(tx, work, str(error), now)
        match error:
            case TryLaterError():
                return self._again(tx, work, now + timedelta(seconds=error.seconds), "slowed down")
            case PostGoneError():
                return self._again(tx, work, now, str(error), anew=True)
            case ChatMovedError():
                return self._moved(tx, work, error, now)
            case RefusedError():
                return self._refused(tx, work, error, now)
        if work.attempts >= MOST_ATTEMPTS:
            return self._parked(tx, work, str(error), now)
        return self._again(tx, work, now + backoff(work.attempts), str(error))

    def uncertain(self, tx: Transaction, work: OutboxRow | Post, reason: str, now: datetime) -> None:
        """It may have arrived. Saying a post's state again does no harm; a new message must be looked for."""
        harmless = work.edits if isinstance(work, OutboxRow) else work.ref or work.surface == "home"
        if harmless:
            self._again(tx, work, now + backoff(work.attempts), reason)
        elif isinstance(work, OutboxRow):
            outbox.mark_unknown(tx, work.id, reason)
        else:
            posts.mark_post_unknown(tx, work.id, reason)

    def _again(
        self, tx: Transaction, work: OutboxRow | Post, not_before: datetime, reason: str, *, anew: bool = False
    ) -> str:
        if isinstance(work, Post):
            posts.mark_post_pending_again(tx, work.id, not_before, reason, anew=anew)
            posts.announce_post(tx, work.id)
        elif outbox.mark_pending_again(tx, work.id, not_before, reason, as_new=anew):
            outbox.announce_row(tx, work.id)
        return "anew" if anew else "retry"

    def _moved(self, tx: Transaction, work: OutboxRow | Post, error: ChatMovedError, now: datetime) -> str:
        """The chat has a new address: what is waiting follows it, its posts are posted again."""
        self._again(tx, work, now, str(error), anew=True)
        if chats.mark_chat_moved(tx, work.chat_id, error.new_chat):
            posts.mark_posts_anew(tx, work.chat_id, now)
        return "moved"

    def _refused(self, tx: Transaction, work: OutboxRow | Post, error: RefusedError, now: datetime) -> str:
        if error.chat != "fine":
            self._closed(tx, work.chat_id, error, now)
        if isinstance(work, Post):
            posts.mark_post_failed(tx, work.id, str(error))
        elif outbox.mark_failed(tx, work.id, str(error)):
            pipeline.report(self._house, tx, work, str(error), now)
        return "failed"

    def _closed(self, tx: Transaction, chat_id: int, error: RefusedError, now: datetime) -> None:
        """The chat as a whole can't be written to: remember it, and tell the leads where it was a group."""
        chat = chats.get_chat(tx, chat_id)
        state: chats.State = "blocked" if error.chat == "blocked" else "gone"
        if chats.mark_chat_state(tx, chat_id, state) and chat and chat.kind == "group":
            system_context(self._house, tx, now).tell_leads(
                f"closed:{chat_id}:{now.date()}",
                lambda t: message(
                    t, t("I can't write in **{title}** any more: {reason}", title=chat.title, reason=str(error))
                ),
            )

    def _parked(self, tx: Transaction, work: OutboxRow | Post, reason: str, now: datetime) -> str:
        if isinstance(work, Post):
            posts.mark_post_failed(tx, work.id, reason)
            what = f"post {work.id}"
        else:
            outbox.mark_failed(tx, work.id, reason)
            what = f"message {work.id}"
            pipeline.report(self._house, tx, work, reason, now)
        system_context(self._house, tx, now).tell_leads(
            f"parked:{what}",
            lambda t: message(t, t("A message could not be delivered and was set aside: {reason}", reason=reason)),
        )
        return "failed"


def restart(tx: Transaction) -> list[Queued]:
    """Everything that waits, for a queue that starts empty."""
    return outbox.list_queued_rows(tx) + posts.list_queued_posts(tx)
