"""Two linked accounts part: the one that came last becomes a person of its own; all else stays with the other."""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import Context
from handlers.core.reaching import send_elsewhere
from handlers.core.replies import message, say
from handlers.core.requests import ButtonPress, Request, TextMessage
from handlers.core.texts import Texts
from handlers.core.ui import Action, Button, Nothing, Outcome, Reply, Toast
from handlers.people.linking import link_button, other_platform
from storage import audit, chats, forms, linking, outbox, people, posts, settings
from storage.outbox import REPLY
from storage.people import Account


def asked(ctx: Context, request: TextMessage, key: str = "") -> Outcome:
    """Somebody asks in their own words."""
    return wanted(ctx, request) if request.addressed else Nothing()


def wanted(ctx: Context, request: Request) -> Outcome:
    """Say what would stay with whom, and ask."""
    sides = _sides(ctx)
    if sides is None:
        to = other_platform(ctx)
        buttons = (link_button(ctx, to),) if to else ()
        return structs.replace(say(ctx, ctx.t("Nothing is linked here."), *buttons), audience="person")
    leaving, staying = sides
    there, gone = staying.platform.title(), leaving.platform.title()
    text = ctx.t(
        "All that I keep of you (bookings, requests, registrations, roles, settings) stays with **{staying}** in"
        " {there}. **{leaving}** in {gone} becomes a person of its own and starts anew.",
        staying=staying.name or "?",
        there=there,
        leaving=leaving.name or "?",
        gone=gone,
    )
    yes = Button(ctx.t.label("Unlink"), Action("link:parted", (leaving.platform,)), "danger")
    asks = say(ctx, text, yes, Button(ctx.t.label("No"), Action("link:stay")))
    return structs.replace(asks, audience="person")


def parted(ctx: Context, request: ButtonPress) -> Outcome:
    """It is confirmed: they part."""
    sides = _sides(ctx)
    if sides is None or sides[0].platform != request.action.args[0]:
        return Toast(ctx.t.label("That is unlinked already."))
    leaving, staying = sides
    person_id = linking.mark_account_parted(ctx.tx, leaving, staying, ctx.now)
    for account in (leaving, staying):
        linking.mark_replaced(ctx.tx, account.platform, account.external_id)
    _leave_chat(ctx, leaving, person_id)
    row = settings.get_settings(ctx.tx, ctx.person.id)
    settings.mark_settings(ctx.tx, structs.replace(row, preferred=""))
    audit.add_entry(ctx.tx, ctx.person.id, "unlink", ctx.now, person_id=ctx.person.id, detail=leaving.platform)
    there, gone = staying.platform.title(), leaving.platform.title()

    def build(t: Texts) -> Reply:
        return message(t, t("**Unlinked.** All stays in {there}; {gone} starts anew.", there=there, gone=gone))

    other, near = (person_id, leaving) if request.actor.platform == staying.platform else (ctx.person.id, staying)
    chat = chats.get_chat_by_external_id(ctx.tx, near.platform, near.external_id)
    ctx.notify(other, f"{request.delivery_key}:parted", build, lane=REPLY, near=chat)
    ctx.touch_homes(ctx.person.id, person_id)
    return structs.replace(build(ctx.t), placement="replace")


def stayed(ctx: Context, request: ButtonPress) -> Outcome:
    """Both stay linked."""
    return structs.replace(say(ctx, ctx.t("Fine, all stays linked.")), placement="replace")


def _leave_chat(ctx: Context, leaving: Account, person_id: int) -> None:
    """The account's direct chat is the new person's: what was meant for the former one goes to the other chat."""
    linking.mark_home_posts(ctx.tx, leaving, ctx.person.id, person_id)
    chat = chats.get_chat_by_external_id(ctx.tx, leaving.platform, leaving.external_id)
    if chat is None:
        return
    forms.mark_forms_cancelled_in(ctx.tx, chat.id, ctx.person.id)
    for row in outbox.mark_cancelled_for(ctx.tx, chat.id, ctx.person.id):
        send_elsewhere(ctx.tx, ctx.house.platforms, row, ctx.zone, ctx.now)
    posts.mark_posts_wanted_in(ctx.tx, chat.id)


def _sides(ctx: Context) -> tuple[Account, Account] | None:
    """The account that leaves (the one that came last, or one that is gone anyway) and the one that stays."""
    found = people.list_accounts(ctx.tx, ctx.person.id)
    gone = next((account for account in found if account.left_at), None)
    leaving = gone or linking.get_linked_account(ctx.tx, ctx.person.id)
    staying = next((account for account in found if leaving and account.platform != leaving.platform), None)
    return (leaving, staying) if leaving and staying else None
