"""Writing a notice: the draft, its preview, and changing or discarding it."""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import say
from handlers.core.requests import ButtonPress, Command, FormSubmitted, Request, TextMessage
from handlers.core.ui import (
    Action,
    Button,
    ChoiceField,
    Form,
    FormErrors,
    Nothing,
    OpenForm,
    Outcome,
    TextField,
    Toast,
)
from handlers.notices.audience import ALL, options
from handlers.notices.late import kept, late
from handlers.notices.progress import CONTROL_VIEW, control_subject
from storage import notices, places
from storage.notices import Notice
from storage.outbox import REPLY

TEXT_LENGTH = 2000
NOTICE_ARGUMENTS = r"(?!(?:periods?|boards?|of)\b).*"
"""What follows ``notice`` or ``mitteilung`` in a plain message: the text, unless it asks for a notice period."""


def new(ctx: Context, request: Command) -> Outcome:
    """``notice`` with a text shows its preview; without, it asks for text and audience."""
    text = request.text.strip()
    if not text:
        return OpenForm(_form(ctx))
    if problem := too_long(ctx, text):
        return say(ctx, problem)
    return _drafted(ctx, request, text, ALL)


def wanted(ctx: Context, request: TextMessage, key: str) -> Outcome:
    """Somebody says that they want to tell all chats something."""
    if not request.addressed:
        return Nothing()
    if ctx.may("project"):
        return OpenForm(_form(ctx))
    ask = Button(ctx.t.label("Ask the team"), Action("faq:new"))
    return say(
        ctx, ctx.t("Notices to all chats come from the team. Tell it what you would like to have in one."), ask
    )


def written(ctx: Context, request: FormSubmitted) -> Outcome:
    """Text and audience came from the form."""
    text = request.values["text"].strip()
    if problem := too_long(ctx, text):
        return FormErrors({"text": problem})
    return _drafted(ctx, request, text, request.values["audience"])


def _drafted(ctx: Context, request: Request, text: str, audience: str) -> Outcome:
    """Show the preview where the team is by itself."""
    there = desk(ctx)
    if there is None:
        return Toast(ctx.t.label("Write to me directly once, then I can answer you there."), start="hello")
    notice_id = notices.add_draft(ctx.tx, ctx.person.id, text, audience, ctx.now)
    there.show(control_subject(notice_id), CONTROL_VIEW, there.chat, thread=there.thread, lane=REPLY)
    if there.chat.id == ctx.chat.id or isinstance(request, FormSubmitted):
        return Nothing()
    return structs.replace(say(ctx, ctx.t("I have written to you in private.")), audience="person")


def desk(ctx: Context) -> Context | None:
    """Where a manager's cards stand: in a chat for the team, or else in the direct chat; None if there is none."""
    if ctx.chat.kind == "direct":
        return ctx.at(ctx.chat)
    thread = ctx.thread if ctx.platform.topics else ""
    here = (ctx.chat.id, thread)
    if any((place.chat_id, place.thread) == here for place in places.list_places(ctx.tx, "managers")):
        return ctx.at(ctx.chat, thread)
    direct = ctx.open_direct_chat()
    return ctx.at(direct) if direct else None


def edit_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """The draft is to be changed."""
    notice = kept(ctx, request)
    return OpenForm(_form(ctx, notice)) if notice and notice.state == "draft" else late(ctx, notice)


def edited(ctx: Context, request: FormSubmitted) -> Outcome:
    """The draft was changed."""
    notice_id, revision = int(request.context["notice"]), int(request.context["revision"])
    notice = notices.get_notice(ctx.tx, notice_id)
    if notice is None or notice.state != "draft":
        return late(ctx, notice)
    text, audience = request.values["text"].strip(), request.values["audience"]
    if problem := too_long(ctx, text):
        return FormErrors({"text": problem})
    if notices.mark_changed_if_draft(ctx.tx, notice_id, revision, text, audience, ctx.now) is None:
        return changed_meanwhile(ctx, text)
    ctx.touch_post(control_subject(notice_id))
    return Nothing()


def discarded(ctx: Context, request: ButtonPress) -> Outcome:
    """The draft is dropped."""
    notice = kept(ctx, request)
    if notice is None or not notices.mark_discarded_if_draft(ctx.tx, notice.id, ctx.person.id, ctx.now):
        return late(ctx, notice)
    ctx.touch_post(control_subject(notice.id))
    return Nothing()


def looked(ctx: Context, request: ButtonPress) -> Outcome:
    """Look again whom a draft reaches."""
    notice = kept(ctx, request)
    if notice is None or notice.state != "draft":
        return late(ctx, notice)
    ctx.touch_post(control_subject(notice.id))
    return Nothing()


def too_long(ctx: Context, text: str) -> str:
    """Say so if a text is longer than a notice may be; counted as the platforms do, where most emoji are two."""
    length = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if length <= TEXT_LENGTH:
        return ""
    return ctx.t.label(
        "That is {length} characters; {most} fit. Please make it shorter.", length=length, most=TEXT_LENGTH
    )


def changed_meanwhile(ctx: Context, text: str) -> Outcome:
    """Somebody else was faster; what was typed is not lost."""
    said = ctx.t(
        "Somebody changed this notice meanwhile, so yours was not taken. Look at the card and try again."
        " You wrote: “{text}”",
        text=text,
    )
    return say(ctx, said)


def text_field(ctx: Context, initial: str = "") -> TextField:
    """Asks for a notice's text."""
    return TextField(
        "text",
        ctx.t.label("What shall everybody know?"),
        hint=ctx.t.label("It is shown as you type it."),
        multiline=True,
        max_length=TEXT_LENGTH,
        initial=initial,
    )


def _form(ctx: Context, notice: Notice | None = None) -> Form:
    audience = ChoiceField(
        "audience",
        ctx.t.label("Who shall read it?"),
        options(ctx),
        initial=notice.audience if notice else ALL,
    )
    context = {"notice": str(notice.id), "revision": str(notice.revision)} if notice else {}
    return Form(
        "notices:edit" if notice else "notices:new",
        ctx.token(),
        ctx.t.label("Change the notice") if notice else ctx.t.label("Write a notice"),
        (text_field(ctx, notice.text if notice else ""), audience),
        ctx.t.label("Preview"),
        context,
        ctx.language,
    )
