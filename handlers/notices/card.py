"""The managers' card of a notice: its preview first, then how far it has come, with what can be done about it."""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import NOBODY, Context, mention
from handlers.core.moments import spoken_time
from handlers.core.replies import say, summary_of
from handlers.core.texts import N_
from handlers.core.ui import Action, Block, Button, Controls, Reply, Section, Text, join
from handlers.notices.audience import name_of, recipients, whom
from handlers.notices.post import POSTED_FOR, standing
from handlers.notices.progress import CONTROL_VIEW, Progress, chats_of, control_subject, progress_of
from storage import notices, people, posts, switches
from storage.notices import Notice
from storage.posts import Post

QUOTED = 300
NAMED_CHATS = 8

_DECIDED = {
    "out": N_("_Sent by {who}, {time}_"),
    "stopped": N_("_Stopped by {who}, {time}_"),
    "withdrawn": N_("_Withdrawn by {who}, {time}_"),
}


def shown(ctx: Context, subject_id: str) -> Reply | None:
    """The card as it stands."""
    notice = notices.get_notice(ctx.tx, int(subject_id))
    in_group = ctx.chat.kind == "group"
    if notice is None or (in_group and is_long_over(ctx, notice) and not _stands(ctx, notice)):
        return None
    if not in_group and not ctx.may("project"):
        return say(ctx, ctx.t("_Only community managers see this notice._"))
    match notice.state:
        case "draft":
            blocks, summary = preview(ctx, notice), ctx.t.label("Preview of your notice")
        case "discarded":
            blocks, summary = (Section(ctx.t("_Discarded, nothing was sent._")),), ctx.t.label("Discarded")
        case _:
            blocks = sent(ctx, notice)
            summary = ctx.t.label("Notice: {text}", text=shortened(notice.text))
    return Reply(blocks=blocks, summary=summary_of(summary), language=ctx.language)


def is_long_over(ctx: Context, notice: Notice) -> bool:
    """Does a group that moved not need its card again? Whoever still wants it gets it in private."""
    if notice.state in ("draft", "discarded"):
        return notice.state == "discarded"
    return ctx.now - (notice.corrected_at or notice.changed_at) >= POSTED_FOR


def _stands(ctx: Context, notice: Notice) -> bool:
    """Does the card stand here? What was tried once may have arrived."""
    post = posts.get_post(ctx.tx, control_subject(notice.id), CONTROL_VIEW, ctx.chat.id, ctx.thread)
    return post is not None and (bool(post.ref) or post.attempts > 1)


def preview(ctx: Context, notice: Notice) -> tuple[Block, ...]:
    """The notice exactly as it will stand, and how many it reaches."""
    change = Button(ctx.t.label("Change"), Action.of("notices:edit", notice.id))
    discard = Button(ctx.t.label("Discard"), Action.of("notices:discard", notice.id))
    reached = recipients(ctx, notice.audience)
    if not reached:
        again = Button(ctx.t.label("Look again"), Action.of("notices:look", notice.id))
        return (*standing(ctx, notice), Section(nobody(ctx)), Controls((again, change, discard)))
    action = Action.of("notices:send", notice.id, notice.revision, len(reached))
    send = Button(ctx.t.label("Send it"), action, "primary")
    reaches = ctx.t("Reaches {whom}. Not sent yet.", whom=whom(ctx, reached))
    return (*standing(ctx, notice), Section(reaches), Controls((send, change, discard)))


def nobody(ctx: Context) -> Text:
    """Say how to get chats that notices reach."""
    return ctx.t(
        "**Reaches nobody yet.** A lead writes **here events** in a channel or group; then notices appear there."
    )


def sent(ctx: Context, notice: Notice) -> tuple[Block, ...]:
    """What was sent, how far it has come, and what can be done."""
    progress = progress_of(ctx.tx, notice)
    blocks: list[Block] = [
        Section(ctx.t("“{text}”", text=shortened(notice.text))),
        Section(join(*_lines(ctx, notice, progress), separator="\n")),
    ]
    if buttons := _buttons(ctx, notice, progress):
        blocks.append(Controls(buttons))
    return tuple(blocks)


def headline(ctx: Context, notice: Notice, progress: Progress) -> Text:
    """How far a notice has come, in a line."""
    stands, everywhere = len(progress.standing), progress.everywhere
    if notice.state == "withdrawn":
        return ctx.t("**Withdrawn.**")
    if notice.state == "stopped":
        return ctx.t("**Stopped: stands in {n} of {all} chats.**", n=stands, all=everywhere)
    if progress.coming:
        return ctx.t("**Going out: {n} of {all}.**", n=stands, all=everywhere)
    return ctx.t.plural("**Stands in one chat.**", "**Stands in {n} chats.**", stands)


def _lines(ctx: Context, notice: Notice, progress: Progress) -> list[Text]:
    lines = [headline(ctx, notice, progress)] if notice.state != "withdrawn" else []
    outdated = len(progress.outdated)
    if notice.state == "stopped" and progress.standing:
        lines.append(ctx.t("It stands in: {chats}", chats=_names(ctx, progress.standing)))
    if notice.state != "out" and progress.coming:
        count = len(progress.coming)
        lines.append(
            ctx.t.plural(
                "One more was under way already and still arrives.",
                "{n} more were under way already and still arrive.",
                count,
            )
        )
    if outdated and notice.state == "withdrawn":
        lines.append(ctx.t.plural("Still to be read in one chat.", "Still to be read in {n} chats.", outdated))
    elif outdated:
        lines.append(
            ctx.t.plural(
                "The correction is on its way to one chat.", "The correction is on its way to {n} chats.", outdated
            )
        )
    lines += _refused(ctx, progress)
    if progress.moving and switches.get_switch(ctx.tx, switches.PAUSED):
        lines.append(ctx.t("Everything is paused: it waits until a lead writes **resume**."))
    return [*lines, decided(ctx, notice, _DECIDED[notice.state])]


def _refused(ctx: Context, progress: Progress) -> list[Text]:
    """Name the chats that did not take it."""
    lines = []
    if unposted := [post for post in progress.refused if not post.ref]:
        names = _names(ctx, unposted)
        lines.append(
            ctx.t.plural(
                "I was not allowed to write in one chat: {chats}",
                "I was not allowed to write in {n} chats: {chats}",
                len(unposted),
                chats=names,
            )
        )
    if unchanged := [post for post in progress.refused if post.ref]:
        lines.append(ctx.t("What stands in these I could not change: {chats}", chats=_names(ctx, unchanged)))
    return lines


def _names(ctx: Context, found: list[Post]) -> str:
    names = [name_of(chat) for chat in chats_of(ctx, found)]
    more = len(names) - NAMED_CHATS
    if more <= 0:
        return ", ".join(names)
    return ctx.t.label("{names} and {n} more", names=", ".join(names[:NAMED_CHATS]), n=more)


def _buttons(ctx: Context, notice: Notice, progress: Progress) -> tuple[Button, ...]:
    correct = Button(ctx.t.label("Correct"), Action.of("notices:correct", notice.id))
    withdraw = Button(ctx.t.label("Withdraw"), Action.of("notices:withdraw", notice.id), "danger")
    if notice.state == "withdrawn":
        return ()
    if notice.state == "stopped":
        resume = Button(ctx.t.label("Send the rest"), Action.of("notices:resume", notice.id), "primary")
        return (resume, correct, withdraw)
    if progress.coming:
        return (stop_button(ctx, notice), correct)
    return (correct, withdraw)


def stop_button(ctx: Context, notice: Notice) -> Button:
    """Stops a notice that is going out."""
    return Button(ctx.t.label("Stop"), Action.of("notices:stop", notice.id), "danger")


def decided(ctx: Context, notice: Notice, sentence: str) -> Text:
    """Say who brought a notice into its state, and when."""
    known = people.get_person(ctx.tx, notice.decided_by) if notice.decided_by else None
    who = known or structs.replace(NOBODY, name=ctx.t.label("somebody"))
    time = spoken_time(notice.changed_at, ctx.now, ctx.zone, ctx.language)
    return ctx.t(sentence, who=(mention(who),), time=time)


def shortened(text: str) -> str:
    """The beginning of a notice."""
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"
