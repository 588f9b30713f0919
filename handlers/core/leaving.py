"""What the platforms tell of people's accounts: renamed, made a guest, or gone for good."""

from __future__ import annotations

from collections import Counter

from handlers.core.context import NOBODY, Context, mention
from handlers.core.replies import message
from handlers.core.requests import AccountChanged, Actor
from handlers.core.texts import Texts
from handlers.core.ui import Action, Button, Reply, join
from storage import audit, chats, departures, forms, people, posts, roles
from storage.chats import Chat
from storage.people import Account
from storage.roles import Role
from storage.rows import Transaction

VIEW = "people.left"
"""Shows the team who left; the people feature has it."""

AGAIN = "people:again"
"""Gives somebody back the roles that ended with an account, given their departure."""


def account_changed(ctx: Context, request: AccountChanged) -> None:
    """Keep what the platform says of an account; nobody it never heard of becomes a person by it."""
    known = people.get_account(ctx.tx, request.actor.platform, request.actor.account)
    if known and request.left:
        left(ctx, known)
    elif known:
        seen(ctx.tx, request.actor, known)


def seen(tx: Transaction, actor: Actor, known: Account) -> Account:
    """Keep what the platform now says of an account, and return it; a name and a role count at once.

    One that had left is there again, unless it is still deactivated: a last message can come after its end.
    """
    now = Account(
        known.platform,
        known.external_id,
        known.person_id,
        actor.name or known.name,
        actor.handle.lower() or known.handle,
        known.trusted if actor.unknown else actor.trusted,
        known.guest if actor.unknown else actor.guest,
        None if actor.trusted or actor.guest else known.left_at,
    )
    if now != known:
        people.mark_account_seen(tx, now)
        if (now.trusted, now.guest) != (known.trusted, known.guest):
            render_again(tx, known.person_id)
    return now


def direct_chat_left(ctx: Context, chat: Chat) -> None:
    """The platform refuses to write to somebody because their account is gone."""
    if known := people.get_account(ctx.tx, chat.platform, chat.external_id):
        left(ctx, known)
    chats.mark_chat_state(ctx.tx, chat.id, "gone")


def render_again(tx: Transaction, person_id: int) -> None:
    """What a person sees directly depends on their roles: the home page, drafts, requests they took."""
    for chat in chats.list_direct_chats(tx, person_id):
        posts.mark_posts_wanted_in(tx, chat.id)


def left(ctx: Context, account: Account) -> None:
    """An account is gone; with a person's last one go roles, desks and seats, and the team hears of it once.

    Where the organisation itself closed the account, the roles end though the person has another one.
    """
    if not people.mark_account_left(ctx.tx, account.platform, account.external_id, ctx.now):
        return
    chat = chats.get_chat_by_external_id(ctx.tx, account.platform, account.external_id)
    if chat:
        chats.mark_chat_state(ctx.tx, chat.id, "gone")
    person_id = account.person_id
    audit.add_entry(ctx.tx, None, "left", ctx.now, person_id=person_id, detail=account.platform)
    if people.is_here(ctx.tx, person_id):
        if ctx.house.platforms[account.platform].governed:
            _roles_ended(ctx, account)
        return
    freed = let_go(ctx, person_id)
    forms.mark_forms_over_of(ctx.tx, person_id)
    ended = _end_roles(ctx, person_id)
    departure = departures.add_departure(ctx.tx, person_id, account.platform, ended, freed, ctx.now)
    ctx.show_at_places("managers", f"departure:{departure}", VIEW)


def let_go(ctx: Context, person_id: int) -> Counter[str]:
    """Free what somebody held, and hand on what they looked after; returns how much of what."""
    freed = _handed_on(ctx, person_id)
    for feature in ctx.house.registry.features:
        if feature.on_left:
            freed.update(feature.on_left(ctx, person_id))
    return freed


def _handed_on(ctx: Context, person_id: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    for feature in ctx.house.registry.features:
        if feature.on_relieved:
            counts.update(feature.on_relieved(ctx, person_id))
    return counts


def _end_roles(ctx: Context, person_id: int) -> list[Role]:
    ended = [role for role in roles.ROLES if roles.remove_role(ctx.tx, person_id, role)]
    for role in ended:
        audit.add_entry(ctx.tx, None, "revoke", ctx.now, person_id=person_id, detail=role)
    return ended


def _roles_ended(ctx: Context, account: Account) -> None:
    """Whoever is no more in the organisation decides nothing for it; a lead who sees it otherwise says so."""
    person_id, there = account.person_id, account.platform.title()
    ended = _end_roles(ctx, person_id)
    if not ended:
        return
    back = _handed_on(ctx, person_id)
    departure = departures.add_departure(ctx.tx, person_id, account.platform, ended, back, ctx.now)
    ctx.show_at_places("managers", f"departure:{departure}", VIEW)
    render_again(ctx.tx, person_id)
    who = (mention(people.get_person(ctx.tx, person_id) or NOBODY),)

    def to_leads(t: Texts) -> Reply:
        text = t(
            "{who}'s account in {there} was closed, so their roles have ended, in the other chat too. If they are"
            " still of the team, give them back.",
            who=who,
            there=there,
        )
        return message(t, text, Button(t.label("Give them back"), Action.of(AGAIN, departure)))

    def to_them(t: Texts) -> Reply:
        lines = [t("Your account in {there} was closed, so your roles in the team have ended.", there=there)]
        if not roles.list_people_with(ctx.tx, "lead"):
            lines.append(
                t(
                    "There is **no lead** any more. Whoever runs me gets a code for one with `kumpel setup` or"
                    " `kumpel code lead`."
                )
            )
        return message(t, join(*lines, separator="\n"))

    ctx.tell_leads(f"departure:{departure}:leads", to_leads)
    ctx.notify(person_id, f"departure:{departure}:them", to_them)
