"""Who may do what: leads give roles and take them."""

from __future__ import annotations

import re

from msgspec import structs

from handlers.core.context import NOBODY, Context, mention
from handlers.core.replies import message, say
from handlers.core.requests import Actor, Command, Picked, Request
from handlers.core.ui import Action, Controls, Option, Outcome, PickList, Reply, Text, join
from handlers.people.codes import CODE_VALID, hash_code, new_code
from handlers.people.wording import WORDS
from storage import chats, people, posts
from storage.people import Account, Person, Role

ROLE_ARGUMENTS = r"(?:community[- ]?)?(?:manager|lead)\w*(?:\s.*)?"
_ROLE = re.compile(r"(?:community[- ]?)?(manager|lead)", re.IGNORECASE)


def grant(ctx: Context, request: Command) -> Outcome:
    """Give a role to those mentioned; to whom the bot does not know, by a code."""
    role = _role(request.text)
    if role is None:
        return say(ctx, ctx.t("Write it like this: **grant manager @name**, or **grant lead @name**."))
    typed = [] if request.mentions else re.findall(r"@[\w.-]+", request.text)[:1]  # a name that nobody here has
    lines: list[Text] = [ctx.t("I do not know {name} yet.", name=name) for name in typed]
    needs_code = not request.mentions
    for actor in request.mentions:
        account = _account(ctx, actor)
        if account is None:
            needs_code = True
            lines.append(ctx.t("I do not know {name} yet.", name=_called(actor)))
        elif not account.trusted:
            lines.append(
                ctx.t("{name} is a guest here, or unknown to me; roles are for members.", name=_called(actor))
            )
        else:
            lines.append(_grant(ctx, request, role, account.person_id))
    if not needs_code:
        return say(ctx, join(*lines, separator="\n"))
    lines.append(_with_code(ctx, role))
    return structs.replace(say(ctx, join(*lines, separator="\n")), audience="person")


def revoke(ctx: Context, request: Command) -> Outcome:
    """Take a role from those mentioned, or offer whom to take it from."""
    role = _role(request.text)
    if role is None:
        return say(ctx, ctx.t("Write it like this: **revoke manager @name**, or **revoke lead @name**."))
    if not request.mentions:
        return _offer_holders(ctx, role)
    lines: list[Text] = []
    for actor in request.mentions:
        account = _account(ctx, actor)
        lines.append(
            _revoke(ctx, request, role, account.person_id)
            if account
            else ctx.t("I do not know {name} yet.", name=_called(actor))
        )
    return say(ctx, join(*lines, separator="\n"))


def revoke_picked(ctx: Context, request: Picked) -> Outcome:
    """Somebody was picked from those who have the role."""
    role: Role = "lead" if request.action.args[0] == "lead" else "manager"
    return structs.replace(say(ctx, _revoke(ctx, request, role, int(request.value))), placement="replace")


def tell_other_leads(ctx: Context, request: Request, what: str, sentence: str, **values: Text) -> None:
    """Tell all leads but the one who acts, once for each ``what`` of a request: that one gets an answer."""
    for lead in people.list_people_with(ctx.tx, "lead"):
        if lead.id != ctx.person.id:
            key = f"{request.delivery_key}:{what}:{lead.id}"
            ctx.notify(lead.id, key, lambda t: message(t, t(sentence, **values)))


def _role(text: str) -> Role | None:
    found = _ROLE.match(text.strip())
    if found is None:
        return None
    return "lead" if found[1].lower() == "lead" else "manager"


def _called(actor: Actor) -> str:
    return actor.name or f"@{actor.handle}"


def _account(ctx: Context, actor: Actor) -> Account | None:
    """The account of somebody mentioned; a bare @name is looked up among those who wrote to the bot."""
    if not actor.account:
        return people.get_account_by_handle(ctx.tx, actor.platform, actor.handle)
    known = people.get_account(ctx.tx, actor.platform, actor.account) or people.add_account(
        ctx.tx,
        actor.platform,
        actor.account,
        ctx.now,
        name=actor.name,
        handle=actor.handle,
        trusted=actor.trusted,
    )
    return structs.replace(known, trusted=actor.trusted)


def _person(ctx: Context, person_id: int) -> Person:
    return people.get_person(ctx.tx, person_id) or NOBODY


def _grant(ctx: Context, request: Request, role: Role, person_id: int) -> Text:
    words, who = WORDS[role], (mention(_person(ctx, person_id)),)
    if not people.add_role(ctx.tx, person_id, role, ctx.person.id, ctx.now):
        return ctx.t(words.has, who=who)
    if person_id != ctx.person.id:
        key = f"{request.delivery_key}:granted:{person_id}"
        ctx.notify(person_id, key, lambda t: message(t, t(words.welcome)))
    tell_other_leads(ctx, request, f"granted:{person_id}", words.granted_by, lead=(ctx.name,), who=who)
    _render_again(ctx, person_id)
    return ctx.t(words.granted, who=who)


def _revoke(ctx: Context, request: Request, role: Role, person_id: int) -> Text:
    words, who = WORDS[role], (mention(_person(ctx, person_id)),)
    if role == "lead" and [lead.id for lead in people.list_people_with(ctx.tx, "lead")] == [person_id]:
        return ctx.t("{who} is the only lead; make somebody else lead first.", who=who)
    if not people.remove_role(ctx.tx, person_id, role):
        return ctx.t(words.has_not, who=who)
    if person_id != ctx.person.id:
        key = f"{request.delivery_key}:revoked:{person_id}"
        ctx.notify(person_id, key, lambda t: message(t, t(words.farewell)))
    tell_other_leads(ctx, request, f"revoked:{person_id}", words.revoked_by, lead=(ctx.name,), who=who)
    _render_again(ctx, person_id)
    return ctx.t(words.revoked, who=who)


def _render_again(ctx: Context, person_id: int) -> None:
    """What a person sees directly depends on their roles: the home page, drafts, requests they took."""
    for chat in chats.list_direct_chats(ctx.tx, person_id):
        posts.mark_posts_wanted_in(ctx.tx, chat.id)


def _with_code(ctx: Context, role: Role) -> Text:
    code = new_code()
    people.add_code(ctx.tx, hash_code(code), role, ctx.person.id, ctx.now + CODE_VALID)
    return join(ctx.t(WORDS[role].code, code=code), ctx.t("It works once, for 24 hours."), separator=" ")


def _offer_holders(ctx: Context, role: Role) -> Reply:
    holders = people.list_people_with(ctx.tx, role)
    if not holders:
        return say(ctx, ctx.t(WORDS[role].nobody))
    options = tuple(Option(person.name or "?", str(person.id)) for person in holders)
    whom = say(ctx, ctx.t(WORDS[role].whom))
    picker = PickList(ctx.t.label("Pick somebody"), Action("people:revoke", (role,)), options)
    return structs.replace(whom, blocks=(*whom.blocks, Controls((picker,))))
