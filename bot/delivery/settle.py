"""What a send's end means for its row or post; synchronous, inside one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.adapters.port import ChatMovedError, PostGoneError, RefusedError, SendError, Sent, TryLaterError
from handlers.core import leaving, pipeline
from handlers.core.context import House, system_context
from handlers.core.reaching import send_elsewhere
from handlers.core.replies import message
from storage import chats, outbox, posts
from storage.outbox import OutboxRow, Queued
from storage.posts import Post
from storage.rows import Transaction

EDIT_GAP = timedelta(seconds=3)
"""Between two edits of a post: changes in between are absorbed, the last one always goes out."""

MOST_ATTEMPTS = 100
"""After so many tries (about a day with the back-off) a message is parked and the leads are told."""

FIRST_BACKOFF, LONGEST_BACKOFF = 1.0, 900.0

Work = OutboxRow | Post


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    return timedelta(seconds=min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** min(max(0, attempts - 1), 16)))


def can_repeat(work: Work) -> bool:
    """May this be sent twice? Saying again what a post says does no harm; a new message must be looked for."""
    return bool(work.edits if isinstance(work, OutboxRow) else work.ref or work.surface == "home")


class Settlement:
    """Writes how sends ended.

    All methods take the time, and ``report``: whether the handlers and the leads who want to hear of it are told.
    That is left out where telling them failed, since what happened on the platform must be written all the same.

    Args:
        house: What handlers share; the leads are told in its languages.
    """

    def __init__(self, house: House) -> None:
        self._house = house

    def arrived(self, tx: Transaction, work: Work, sent: Sent, *, now: datetime, report: bool) -> None:
        """It stands in the chat."""
        if isinstance(work, Post):
            posts.mark_post_sent(tx, work.id, sent.ref, sent.kind, now, now + EDIT_GAP)
            posts.announce_post(tx, work.id)
        elif outbox.mark_sent(tx, work.id, sent.ref, sent.kind, now) and report:
            pipeline.report(self._house, tx, work, None, now)

    def withdrawn(self, tx: Transaction, post: Post, *, now: datetime, report: bool) -> None:
        """A post whose subject is to be shown no more was taken away."""
        posts.mark_post_gone(tx, post.id)
        posts.announce_post(tx, post.id)

    def missing(self, tx: Transaction, work: Work, *, now: datetime, report: bool) -> None:
        """It was looked for and did not arrive, or nobody can tell: it is sent again."""
        if work.attempts >= MOST_ATTEMPTS:
            self._park(tx, work, "its answer was lost", now, report)
        else:
            pause = backoff(work.attempts) if work.attempts > 1 else timedelta()
            self._again(tx, work, now + pause, "its answer was lost")

    def failed(self, tx: Transaction, work: Work, error: SendError, *, now: datetime, report: bool) -> str:
        """It did not arrive; returns what happens now: ``retry``, ``anew``, ``moved`` or ``failed``."""
        match error:
            case TryLaterError():
                return self._again(tx, work, now + timedelta(seconds=error.seconds), "slowed down", counts=False)
            case RefusedError():
                return self._refused(tx, work, error, now, report)
        if work.attempts >= MOST_ATTEMPTS:
            return self._park(tx, work, str(error), now, report, missed=True)
        match error:
            case PostGoneError():
                return self._again(tx, work, now, str(error), anew=True)
            case ChatMovedError():
                return self._moved(tx, work, error, now)
        return self._again(tx, work, now + backoff(work.attempts), str(error))

    def uncertain(self, tx: Transaction, work: Work, reason: str, *, now: datetime, report: bool) -> None:
        """It may have arrived: what can be repeated is, a new message must be looked for."""
        if can_repeat(work):
            self.failed(tx, work, SendError(reason), now=now, report=report)
        elif isinstance(work, OutboxRow):
            outbox.mark_unknown(tx, work.id, reason)
        else:
            posts.mark_post_unknown(tx, work.id, reason)

    def parked(self, tx: Transaction, work: Work, reason: str, *, now: datetime, report: bool) -> str:
        """It can't be sent as it is."""
        return self._park(tx, work, reason, now, report)

    def _again(
        self,
        tx: Transaction,
        work: Work,
        not_before: datetime,
        reason: str,
        *,
        anew: bool = False,
        counts: bool = True,
    ) -> str:
        if isinstance(work, Post):
            posts.mark_post_pending_again(tx, work.id, not_before, reason, anew=anew, counts=counts)
            posts.announce_post(tx, work.id)
        elif outbox.mark_pending_again(tx, work.id, not_before, reason, as_new=anew, counts=counts):
            outbox.announce_row(tx, work.id)
        return "anew" if anew else "retry"

    def _moved(self, tx: Transaction, work: Work, error: ChatMovedError, now: datetime) -> str:
        """The chat has a new address: what is waiting follows it, its posts are posted again."""
        self._again(tx, work, now, str(error), anew=True)
        if chats.mark_chat_moved(tx, work.chat_id, error.new_chat):
            posts.mark_posts_anew(tx, work.chat_id, now)
        return "moved"

    def _refused(self, tx: Transaction, work: Work, error: RefusedError, now: datetime, report: bool) -> str:
        elsewhere = self._mark_failed(tx, work, str(error), now, report)
        if error.chat != "fine":
            self._close(tx, work.chat_id, error, now, report)
            if elsewhere:
                self._follow(tx, work, now)
            return "failed"
        through_address = isinstance(work, OutboxRow) and work.reply_via  # which is soon spent
        if report and not elsewhere and not through_address:
            self._tell_set_aside(tx, str(error), now)
        return "failed"

    def _follow(self, tx: Transaction, work: Work, now: datetime) -> None:
        """What waits for the same person in the same chat goes to the other one too, in its order."""
        if isinstance(work, OutboxRow) and work.person_id:
            for row in outbox.mark_cancelled_for(tx, work.chat_id, work.person_id):
                send_elsewhere(tx, self._house.platforms, row, self._house.hub.zone, now)

    def _close(self, tx: Transaction, chat_id: int, error: RefusedError, now: datetime, report: bool) -> None:
        """The chat as a whole can't be written to: remember it, and tell the leads where it was a group."""
        chat = chats.get_chat(tx, chat_id)
        if report and error.chat == "left" and chat and chat.kind == "direct":
            leaving.direct_chat_left(system_context(self._house, tx, now), chat)
            return
        state: chats.State = "blocked" if error.chat == "blocked" else "gone"
        if chats.mark_chat_state(tx, chat_id, state) and report and chat and chat.kind == "group":
            system_context(self._house, tx, now).tell_leads(
                f"closed:{chat_id}:{now.date()}",
                lambda t: message(
                    t,
                    t(
                        "I can't write in **{title}** any more: {reason}",
                        title=chat.title or chat.platform.title(),
                        reason=str(error),
                    ),
                ),
            )

    def _park(
        self, tx: Transaction, work: Work, reason: str, now: datetime, report: bool, *, missed: bool = False
    ) -> str:
        elsewhere = self._mark_failed(tx, work, reason, now, report, missed=missed)
        if report and not elsewhere:
            self._tell_set_aside(tx, reason, now)
        return "failed"

    def _mark_failed(
        self, tx: Transaction, work: Work, reason: str, now: datetime, report: bool, *, missed: bool = True
    ) -> bool:
        """It can't arrive; returns whether it goes to another chat of the person it is for.

        Only what surely did not arrive does (``missed``): nobody is to read it twice.
        """
        if isinstance(work, Post):
            posts.mark_post_failed(tx, work.id, reason)
            posts.announce_post(tx, work.id)
            return False
        if not outbox.mark_failed(tx, work.id, reason):
            return False
        if missed and send_elsewhere(tx, self._house.platforms, work, self._house.hub.zone, now):
            return True
        if report:
            pipeline.report(self._house, tx, work, reason, now)
        return False

    def _tell_set_aside(self, tx: Transaction, reason: str, now: datetime) -> None:
        """Tell the leads, of each reason once a day: what they are told may fail for the same reason."""
        system_context(self._house, tx, now).tell_leads(
            f"aside:{now.date()}:{reason[:100]}",
            lambda t: message(t, t("A message could not be delivered and was set aside: {reason}", reason=reason)),
        )


def restart(tx: Transaction) -> list[Queued]:
    """Everything that waits, for a queue that starts empty."""
    return outbox.list_queued_rows(tx) + posts.list_queued_posts(tx)
