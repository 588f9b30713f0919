"""Sending a notice, stopping it midway, going on, correcting it, withdrawing it; and keeping its card fresh."""

from __future__ import annotations

from datetime import timedelta

from handlers.core.context import Context
from handlers.core.replies import say
from handlers.core.requests import ButtonPress, FormSubmitted
from handlers.core.ui import Form, FormErrors, OpenForm, Outcome, Text, Toast, plain
from handlers.notices.audience import recipients
from handlers.notices.card import nobody
from handlers.notices.late import kept, late
from handlers.notices.progress import POST_VIEW, control_subject, post_subject, progress_of
from handlers.notices.writing import changed_meanwhile, text_field, too_long
from storage import notices, posts, switches
from storage.notices import Notice
from storage.outbox import BROADCAST

PROGRESS = "notices.progress"
FIRST_LOOK, NEXT_LOOK = timedelta(seconds=3), timedelta(seconds=20)


def send(ctx: Context, request: ButtonPress) -> Outcome:
    """The preview is good: the notice goes out, once, to whoever is in its audience now."""
    notice_id, revision, previewed = map(int, request.action.args)
    draft = notices.get_notice(ctx.tx, notice_id)
    if draft is None or draft.state != "draft":
        return late(ctx, draft)
    if draft.revision != revision:
        return Toast(ctx.t.label("This notice was changed meanwhile. Look at it once more before you send it."))
    if not recipients(ctx, draft.audience):
        return Toast(plain(nobody(ctx)))
    notice = notices.mark_out_if_draft(ctx.tx, notice_id, revision, ctx.person.id, ctx.now)
    if notice is None:
        return late(ctx, notices.get_notice(ctx.tx, notice_id))
    reached = _post_where_missing(ctx, notice)
    _follow(ctx, notice)
    if reached != previewed:
        return Toast(
            ctx.t.label("It goes to {n} chats; in the preview it was {previewed}.", n=reached, previewed=previewed)
        )
    return Toast(plain(ctx.t.plural("It goes to one chat.", "It goes to {n} chats.", reached)))


def stop(ctx: Context, request: ButtonPress) -> Outcome:
    """What does not stand yet is not posted; what is on the wire arrives."""
    notice = kept(ctx, request)
    if notice is None or notice.state != "out":
        return late(ctx, notice)
    held = posts.mark_unsent_posts_gone(ctx.tx, post_subject(notice.id))
    if not held:
        _follow(ctx, notice)
        return Toast(ctx.t.label("Too late to stop it: it stands everywhere, or is just arriving there."))
    notices.mark_stopped_if_out(ctx.tx, notice.id, ctx.person.id, ctx.now)
    _follow(ctx, notice)
    return Toast(
        plain(ctx.t.plural("Stopped: one chat does not get it.", "Stopped: {n} chats do not get it.", held))
    )


def resume(ctx: Context, request: ButtonPress) -> Outcome:
    """The rest of the audience gets it after all, whoever belongs to it now."""
    notice = kept(ctx, request)
    resumed = notices.mark_out_if_stopped(ctx.tx, notice.id, ctx.person.id, ctx.now) if notice else None
    if resumed is None:
        return late(ctx, notice)
    reached = _post_where_missing(ctx, resumed)
    _follow(ctx, resumed)
    return Toast(plain(ctx.t.plural("It goes to one chat more.", "It goes to {n} chats more.", reached)))


def withdraw(ctx: Context, request: ButtonPress) -> Outcome:
    """Wherever the notice stands, a line says that it does not hold any more."""
    notice = kept(ctx, request)
    withdrawn = notices.mark_withdrawn_if_sent(ctx.tx, notice.id, ctx.person.id, ctx.now) if notice else None
    if withdrawn is None:
        return late(ctx, notice)
    posts.mark_unsent_posts_gone(ctx.tx, post_subject(withdrawn.id))
    ctx.touch_post(post_subject(withdrawn.id))
    _follow(ctx, withdrawn)
    return Toast(ctx.t.label("Withdrawn: its text disappears wherever it stands."))


def correct_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """What was sent is to say something else."""
    notice = kept(ctx, request)
    if notice is None or notice.state not in ("out", "stopped"):
        return late(ctx, notice)
    context = {"notice": str(notice.id), "revision": str(notice.revision)}
    title, submit = ctx.t.label("Correct the notice"), ctx.t.label("Correct")
    return OpenForm(
        Form("notices:correct", ctx.token(), title, (text_field(ctx, notice.text),), submit, context, ctx.language)
    )


def corrected(ctx: Context, request: FormSubmitted) -> Outcome:
    """Every post gets the new text; one that is not sent yet is sent with it."""
    notice = notices.get_notice(ctx.tx, int(request.context["notice"]))
    if notice is None or notice.state not in ("out", "stopped"):
        return late(ctx, notice)
    text = request.values["text"].strip()
    if problem := too_long(ctx, text):
        return FormErrors({"text": problem})
    if text == notice.text:
        return say(ctx, ctx.t("It says that already, so nothing changes."))
    changed = notices.mark_corrected_if_sent(ctx.tx, notice.id, int(request.context["revision"]), text, ctx.now)
    if changed is None:
        return changed_meanwhile(ctx, text)
    ctx.touch_post(post_subject(changed.id))
    _follow(ctx, changed)
    return say(ctx, ctx.t("Corrected; every chat that has the notice gets the new text."))


def progress(ctx: Context, subject: str) -> None:
    """A notice may have come further: say so on its card, and look again while there is more to come."""
    notice = notices.get_notice(ctx.tx, int(subject))
    if notice is None:
        return
    now = progress_of(ctx.tx, notice)
    paused = switches.get_switch(ctx.tx, switches.PAUSED)
    if notices.mark_told_if_news(ctx.tx, notice.id, f"{now.told} {paused}"):
        ctx.touch_post(control_subject(notice.id))
    if now.moving:
        ctx.schedule(PROGRESS, subject, ctx.now + NEXT_LOOK)
    else:
        ctx.touch_homes(managers=True)


def _post_where_missing(ctx: Context, notice: Notice) -> int:
    """Post a notice where it neither stands nor is on its way; returns in how many places."""
    shown = posts.list_posts(ctx.tx, post_subject(notice.id), POST_VIEW)
    has_it = {
        (post.chat_id, post.thread)
        for post in shown
        if post.state != "gone" and (post.ref or post.sent < post.wanted)
    }
    missing = [each for each in recipients(ctx, notice.audience) if (each.chat.id, each.thread) not in has_it]
    for chat, thread in missing:
        ctx.show(post_subject(notice.id), POST_VIEW, chat, thread=thread, lane=BROADCAST)
    return len(missing)


def _follow(ctx: Context, notice: Notice) -> None:
    """Have everything that tells of the notice say how it stands, now and as it comes further."""
    ctx.touch_post(control_subject(notice.id))
    ctx.touch_homes(managers=True)
    ctx.schedule(PROGRESS, str(notice.id), ctx.now + FIRST_LOOK)


def merged(ctx: Context, kept: int, gone: int) -> tuple[Text, ...]:
    """Two persons are one: hand over notices and decisions."""
    notices.merge_notices(ctx.tx, kept, gone)
    return ()
