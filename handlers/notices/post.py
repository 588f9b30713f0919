"""A notice as it stands in the chats.

A notice that is withdrawn is not deleted but replaced by a line that says so: a message older than 48 hours can't
be deleted everywhere, and whoever read it learns that it does not hold any more.
"""

from __future__ import annotations

import re
from datetime import timedelta

from handlers.core.context import Context
from handlers.core.moments import spoken_time
from handlers.core.replies import summary_of
from handlers.core.texts import N_
from handlers.core.ui import Reply, Section, Span, Text, join
from handlers.notices.progress import POST_VIEW, post_subject
from storage import notices, places, posts
from storage.notices import Notice

POSTED_FOR = timedelta(days=7)
"""After so long a notice is not posted any more where it does not stand: not after a long pause, nor again in a
group that moved or whose admin took it away."""

LINKED_ADDRESSES, LINKED_CHARACTERS = 10, 500
"""So much is made clickable, since it counts twice against what a message holds; more is shown as typed."""

_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}'’“”]")


def shown(ctx: Context, subject_id: str) -> Reply | None:
    """The notice as it is now, in a chat where it stands or is to stand."""
    notice = notices.get_notice(ctx.tx, int(subject_id))
    if notice is None or notice.sent_at is None or not _belongs(ctx, notice):
        return None
    sections = standing(ctx, notice)
    return Reply(blocks=sections, summary=summary_of(sections[0].text), language=ctx.hub.language)


def _belongs(ctx: Context, notice: Notice) -> bool:
    """Does the notice stand here, or is it still to come?

    A first try that may have arrived is carried through even after a stop: only so is it known to stand here.
    """
    post = posts.get_post(ctx.tx, post_subject(notice.id), POST_VIEW, ctx.chat.id, ctx.thread)
    if post is None or post.ref:
        return post is not None
    still_wanted = notice.state == "out" and places.is_place(ctx.tx, "events", ctx.chat.id)
    return ctx.now - notice.changed_at < POSTED_FOR and (still_wanted or post.attempts > 1)


def standing(ctx: Context, notice: Notice) -> tuple[Section, ...]:
    """The notice as everybody reads it, in the hub's language.

    It is signed by the team and not by whoever wrote it: public groups need no name of a person.
    """
    t = ctx.house.catalogues.texts(ctx.hub.language)
    signed = t("_From the team of the {hub}_", hub=ctx.hub.short_name)
    if notice.state == "withdrawn":
        return (Section(join(t("_This notice was withdrawn._"), signed, separator="\n")),)
    if notice.corrected_at is None or notice.sent_at is None:
        return (Section(linked(notice.text)), Section(signed))
    same_day = notice.corrected_at.astimezone(ctx.zone).date() == notice.sent_at.astimezone(ctx.zone).date()
    sentence = N_("_Corrected at {time}_") if same_day else N_("_Corrected on {time}_")
    time = spoken_time(notice.corrected_at, notice.sent_at, ctx.zone, t.language)
    return (Section(linked(notice.text)), Section(join(signed, t(sentence, time=time), separator="\n")))


def linked(text: str) -> Text:
    """Return what somebody typed to the letter, its web addresses clickable."""
    found = list(_ADDRESS.finditer(text))
    if len(found) > LINKED_ADDRESSES or sum(len(address[0]) for address in found) > LINKED_CHARACTERS:
        return text
    parts: list[Text] = []
    end = 0
    for address in found:
        parts += [text[end : address.start()], (Span(address[0], link=address[0]),)]
        end = address.end()
    return join(*parts, text[end:]) if found else text
