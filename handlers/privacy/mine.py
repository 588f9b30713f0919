"""A person's rights but the last: see their data and take it along, have it corrected, object."""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import say
from handlers.core.requests import ButtonPress, Command, Delivered, TextMessage, Undeliverable
from handlers.core.ui import Action, Attachment, Button, Nothing, Outcome, Reply
from handlers.privacy import page
from handlers.privacy.telling import only_directly
from storage import consents, outbox
from storage.erasure import list_known
from storage.outbox import REPLY
from storage.register import HOLDINGS

REPORT = "privacy"

Asked = Command | TextMessage | ButtonPress


def data_wanted(ctx: Context, request: Asked) -> Outcome:
    """Send everything as a page and as JSON, to the direct chat alone."""
    if ctx.chat.kind != "direct":
        return only_directly(ctx, "data")
    known = list_known(ctx.tx, ctx.person.id, HOLDINGS)
    consents.add_consent(ctx.tx, ctx.person.id, "copied", ctx.hub.privacy.version, ctx.now)
    name = ctx.t.label("my-data")
    files = (
        Attachment(f"{name}.html", "text/html", page.as_page(ctx, known), ctx.t.label("To read")),
        Attachment(f"{name}.json", "application/json", page.as_json(ctx, known), ctx.t.label("To take along")),
    )
    rows = sum(len(each.rows) for each in known)
    told = ctx.t(
        "**Everything I keep of you**: {rows} entries of {kinds} kinds, as a page to read and as a file for other"
        " programs.",
        rows=rows,
        kinds=len(known),
    )
    key = f"{request.delivery_key}:data"
    ctx.send(ctx.chat, key, say(ctx, told), thread=ctx.thread, lane=REPLY)
    for file in files:
        ctx.send(
            ctx.chat, f"{key}:{file.media_type}", file, thread=ctx.thread, lane=REPLY, report=f"{REPORT}:data"
        )
    return Nothing()


def sent(ctx: Context, request: Delivered | Undeliverable) -> Outcome:
    """A copy of everything was delivered, or never will be: keep no second one."""
    outbox.clear_text(ctx.tx, request.row)
    return Nothing()


def correct(ctx: Context, request: Asked) -> Outcome:
    """Say where each thing can be corrected."""
    told = ctx.t(
        "**Your name** comes from your profile in this chat: change it there, and I take it over with your next"
        " message. **Language**: write **language**. What you booked, asked or said can be taken back where it"
        " stands: write **me**. If anything else is wrong, write **ask** and what is right; the team corrects it."
    )
    return _privately(say(ctx, told))


def object_wanted(ctx: Context, request: Asked) -> Outcome:
    """Stop what a person can object to, and keep to it."""
    if not consents.add_objection(ctx.tx, ctx.person.id, ctx.now):
        return _privately(say(ctx, ctx.t("You have objected already; I keep to it."), _agree(ctx)))
    consents.add_consent(ctx.tx, ctx.person.id, "objected", ctx.hub.privacy.version, ctx.now)
    told = ctx.t(
        "**Noted.** From now on I write to you only in answer to what you do, and your name is no longer in"
        " **who is coming**. If nothing at all is to be kept: write **delete me**."
    )
    return _privately(say(ctx, told, _agree(ctx)))


def agree(ctx: Context, request: Asked) -> Outcome:
    """Take the objection back."""
    if not consents.remove_objection(ctx.tx, ctx.person.id):
        return _privately(say(ctx, ctx.t("There is no objection of yours.")))
    consents.add_consent(ctx.tx, ctx.person.id, "agreed", ctx.hub.privacy.version, ctx.now)
    return _privately(say(ctx, ctx.t("**Noted.** Your settings hold again as before.")))


def _agree(ctx: Context) -> Button:
    return Button(ctx.t.label("Take the objection back"), Action("privacy:agree"))


def _privately(reply: Reply) -> Reply:
    return structs.replace(reply, audience="person")
