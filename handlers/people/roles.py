"""Who may do what: leads give roles and take them, every other lead hears of it, and it is noted."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from msgspec import structs

from handlers.core.context import NOBODY, Context, mention
from handlers.core.leaving import render_again
from handlers.core.replies import message, say
from handlers.core.requests import Actor, ButtonPress, Command, Picked, Request
from handlers.core.topics import all_named_in
from handlers.core.ui import Action, Controls, Option, Outcome, PickList, Reply, Text, Toast, join, plain
from handlers.people.codes import CODE_VALID, hash_code, new_code
from handlers.people.roster import looks_after
from handlers.people.wording import WORDS
from storage import audit, blocks, departures, people, roles
from storage.people import Account, Person
from storage.roles import Role, Scope

_ROLE = re.compile(
    r"(?P<project>proje[ck]t[- ]?manager\w*)|(?P<manager>(?:community[- ]?)?manager\w*)|(?P<lead>lead\w*|leitung)",
    re.IGNORECASE,
)
ROLE_ARGUMENTS = rf"(?:{_ROLE.pattern})(?:\s.*)?"
SLIPS = r"(?:\S+\s*){0,2}|.*@\S.*"
"""After ``grant`` in plain text, from a lead: nothing, a word or two, or somebody's name."""

EVERYTHING = ("alles", "überall", "all", "everything", "everywhere")
LONGEST_WORD = 40


def grant(ctx: Context, request: Command) -> Outcome:
    """Give a role to those mentioned; to whom the bot does not know, by a code."""
    role, rest = _read(request)
    if role is None:
        return _grant_explained(ctx)
    scopes, unknown = _scopes(ctx, rest) if role == "manager" else ((), rest.split())
    if unknown:
        return _unknown_scope(ctx, role, unknown)
    typed = [] if request.mentions else re.findall(r"@[\w.-]+", request.text)[:1]  # a name that nobody here has
    lines: list[Text] = [ctx.t("I do not know {name} yet.", name=name) for name in typed]
    needs_code = not request.mentions
    for actor in request.mentions:
        account = account_of(ctx, actor)
        if account is None:
            needs_code = True
            lines.append(ctx.t("I do not know {name} yet.", name=called(actor)))
        else:
            unfit = _unfit(ctx, role, account, actor)
            lines.append(unfit or _grant(ctx, request, role, account.person_id, scopes))
    if not needs_code:
        return say(ctx, join(*lines, separator="\n"))
    lines.append(_with_code(ctx, role))
    if scopes:
        lines.append(ctx.t("What they look after: say it again once they are in."))
    return structs.replace(say(ctx, join(*lines, separator="\n")), audience="person")


def revoke(ctx: Context, request: Command) -> Outcome:
    """Take a role from those mentioned, or offer whom to take it from."""
    role, _ = _read(request)
    if role is None:
        return say(
            ctx,
            ctx.t(
                "Write it like this: **revoke manager @name**, **revoke project manager @name** or"
                " **revoke lead @name**. Without a name I show who has the role."
            ),
        )
    if not request.mentions:
        return _offer_holders(ctx, role)
    lines: list[Text] = []
    for actor in request.mentions:
        account = account_of(ctx, actor)
        lines.append(
            _revoke(ctx, request, role, account.person_id)
            if account
            else ctx.t("I do not know {name} yet.", name=called(actor))
        )
    return say(ctx, join(*lines, separator="\n"))


def revoke_picked(ctx: Context, request: Picked) -> Outcome:
    """Somebody was picked from those who have the role."""
    role: Role = next(role for role in roles.ROLES if role == request.action.args[0])
    return structs.replace(say(ctx, _revoke(ctx, request, role, int(request.value))), placement="replace")


def given_back(ctx: Context, request: ButtonPress) -> Outcome:
    """A lead gives back the roles that ended because an account was closed."""
    departure = departures.get_departure(ctx.tx, int(request.action.args[0]))
    accounts = people.list_accounts(ctx.tx, departure.person_id) if departure and departure.person_id else []
    account = next((each for each in accounts if each.left_at is None), None)
    if departure is None or account is None:
        return Toast(ctx.t.label("They are not here any more."))
    actor = Actor(account.platform, account.external_id, account.name, account.handle)
    lines = [
        _unfit(ctx, role, account, actor) or _grant(ctx, request, role, account.person_id, None)
        for role in roles.ROLES
        if role in departure.roles.split()
    ]
    return structs.replace(say(ctx, join(*lines, separator="\n")), placement="replace")


def tell_other_leads(ctx: Context, request: Request, what: str, sentence: str, **values: Text) -> None:
    """Tell all leads but the one who acts, once for each ``what`` of a request: that one gets an answer."""
    ctx.tell_leads(
        f"{request.delivery_key}:{what}", lambda t: message(t, t(sentence, **values)), but=ctx.person.id
    )


def account_of(ctx: Context, actor: Actor) -> Account | None:
    """The account of somebody mentioned; a bare @name is looked up among those who wrote to the bot."""
    if not actor.account:
        return people.get_account_by_handle(ctx.tx, actor.platform, actor.handle)
    known = people.get_account(ctx.tx, actor.platform, actor.account)
    if known is None:
        return people.add_account(
            ctx.tx,
            actor.platform,
            actor.account,
            ctx.now,
            name=actor.name,
            handle=actor.handle,
            trusted=actor.trusted,
            guest=actor.guest,
        )
    return known if actor.unknown else structs.replace(known, trusted=actor.trusted, guest=actor.guest)


def called(actor: Actor) -> str:
    """What somebody mentioned is called."""
    return actor.name or f"@{actor.handle}"


def person_of(ctx: Context, person_id: int | None) -> Person:
    """The person, or a stand-in for somebody who asked to be forgotten."""
    known = people.get_person(ctx.tx, person_id) if person_id else None
    return known or structs.replace(NOBODY, name=ctx.t.label("somebody"))


def without_names(request: Command) -> str:
    """The text of a command without the people it mentions, or the one whose @name was typed."""
    if not request.mentions:
        return re.sub(r"@[\w.-]+", " ", request.text, count=1)
    text = request.text
    ids = (actor.account.rpartition(":")[2] for actor in request.mentions)  # of who is not known by name yet
    names = {*ids, *(name for actor in request.mentions for name in (actor.name, actor.handle))} - {""}
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"@{re.escape(name)}(?!\w)", " ", text, flags=re.IGNORECASE)
    return text


def is_last_lead(ctx: Context, person_id: int) -> bool:
    """Is this the only one whose role as a lead counts?"""
    return [lead.id for lead in roles.list_people_with(ctx.tx, "lead")] == [person_id]


def _read(request: Command) -> tuple[Role | None, str]:
    """Return the role that a command names, and what follows it."""
    text = without_names(request).strip()
    found = _ROLE.match(text)
    if found is None:
        return None, ""
    role: Role = next(role for role in roles.ROLES if found[role])
    return role, text[found.end() :].strip()


def _scopes(ctx: Context, rest: str) -> tuple[tuple[Scope, ...] | None, list[str]]:
    """Return what a manager shall look after, None if nothing was said, and the words that name no such thing."""
    said = [word for word in rest.split() if word.lower().strip(".,") not in EVERYTHING]
    topics, cities, unknown = all_named_in(ctx.hub, " ".join(said))
    scopes = (
        *(Scope("city", city) for city in sorted(cities)),
        *(Scope("topic", topic) for topic in sorted(topics)),
    )
    return (scopes if rest else None), unknown


def _grant_explained(ctx: Context) -> Reply:
    city = next((city for camp in ctx.hub.camps for city in camp.cities), "")
    text = ctx.t(
        "Write it like this: **grant manager @name**, if you like with what they look after:"
        " **grant manager @name {city}**. There are **manager**, **project manager** and **lead**.",
        city=city,
    )
    return say(ctx, text)


def _unknown_scope(ctx: Context, role: Role, unknown: Collection[str]) -> Reply:
    """Nothing is given while a word of it is not understood."""
    word = next(iter(unknown))[:LONGEST_WORD]
    if role != "manager":
        return say(ctx, ctx.t("Only managers look after something; leave out “{word}”.", word=word))
    cities = dict.fromkeys(city for camp in ctx.hub.camps for city in camp.cities)
    sectors = dict.fromkeys(sector for camp in ctx.hub.camps for sector in camp.sectors.text(ctx.language))
    names = ", ".join((*cities, *sectors))
    return say(ctx, ctx.t("I know no camp and no sector “{word}”. There are {names}.", word=word, names=names))


def _unfit(ctx: Context, role: Role, account: Account, actor: Actor) -> Text:
    """Say why somebody can hold no role; empty if they can."""
    if not account.trusted or people.is_guest(ctx.tx, account.person_id) or actor.guest:
        why = ctx.t("{name} is a guest here, or unknown to me; roles are for members.", name=called(actor))
    elif blocks.get_block_of(ctx.tx, account.person_id):
        why = ctx.t("{name} is blocked. Lift that first: **unblock**.", name=called(actor))
    else:
        return ""
    audit.add_entry(
        ctx.tx, ctx.person.id, "grant", ctx.now, person_id=account.person_id, detail=role, outcome="refused"
    )
    return why


def _grant(ctx: Context, request: Request, role: Role, person_id: int, scopes: Collection[Scope] | None) -> Text:
    words, who = WORDS[role], (mention(person_of(ctx, person_id)),)
    is_new = roles.add_role(ctx.tx, person_id, role, ctx.person.id, ctx.now)
    rescoped = scopes is not None and roles.mark_scopes(ctx.tx, person_id, scopes)
    if not is_new and not rescoped:
        return ctx.t(words.has, who=who)
    if is_new:
        audit.add_entry(ctx.tx, ctx.person.id, "grant", ctx.now, person_id=person_id, detail=role)
        if person_id != ctx.person.id:
            ctx.notify(
                person_id, f"{request.delivery_key}:granted:{person_id}", lambda t: message(t, t(words.welcome))
            )
        tell_other_leads(ctx, request, f"granted:{person_id}", words.granted_by, lead=(ctx.name,), who=who)
    if rescoped:
        _tell_rescoped(ctx, request, person_id)
    render_again(ctx.tx, person_id)
    lines = (ctx.t(words.granted, who=who) if is_new else "", looks_after(ctx, ctx.t, person_id, who))
    return join(*lines, separator=" ") if rescoped else lines[0]


def _tell_rescoped(ctx: Context, request: Request, person_id: int) -> None:
    who = (mention(person_of(ctx, person_id)),)
    detail = plain(looks_after(ctx, ctx.house.catalogues.texts(ctx.hub.language), person_id))
    audit.add_entry(ctx.tx, ctx.person.id, "scope", ctx.now, person_id=person_id, detail=detail)
    key = f"{request.delivery_key}:scoped:{person_id}"
    ctx.tell_leads(key, lambda t: message(t, looks_after(ctx, t, person_id, who)), but=ctx.person.id)
    if person_id != ctx.person.id:
        ctx.notify(
            person_id,
            f"{key}:you",
            lambda t: message(t, t("You look after **{what}** now.", what=looks_after(ctx, t, person_id))),
        )


def _revoke(ctx: Context, request: Request, role: Role, person_id: int) -> Text:
    words, who = WORDS[role], (mention(person_of(ctx, person_id)),)
    if role == "lead" and is_last_lead(ctx, person_id):
        audit.add_entry(
            ctx.tx, ctx.person.id, "revoke", ctx.now, person_id=person_id, detail=role, outcome="refused"
        )
        return ctx.t("{who} is the only lead; make somebody else lead first.", who=who)
    if not roles.remove_role(ctx.tx, person_id, role):
        return ctx.t(words.has_not, who=who)
    audit.add_entry(ctx.tx, ctx.person.id, "revoke", ctx.now, person_id=person_id, detail=role)
    if person_id != ctx.person.id:
        key = f"{request.delivery_key}:revoked:{person_id}"
        ctx.notify(person_id, key, lambda t: message(t, t(words.farewell)))
    tell_other_leads(ctx, request, f"revoked:{person_id}", words.revoked_by, lead=(ctx.name,), who=who)
    render_again(ctx.tx, person_id)
    return ctx.t(words.revoked, who=who)


def _with_code(ctx: Context, role: Role) -> Text:
    code = new_code()
    roles.add_code(ctx.tx, hash_code(code), role, ctx.person.id, ctx.now + CODE_VALID)
    audit.add_entry(ctx.tx, ctx.person.id, "code", ctx.now, detail=role)
    return join(ctx.t(WORDS[role].code, code=code), ctx.t("It works once, for 24 hours."), separator=" ")


def _offer_holders(ctx: Context, role: Role) -> Reply:
    holders = [holder for holder in roles.list_holders(ctx.tx) if holder.role == role]
    if not holders:
        return say(ctx, ctx.t(WORDS[role].nobody))
    options = tuple(Option(holder.name or "?", str(holder.person_id)) for holder in holders)
    whom = say(ctx, ctx.t(WORDS[role].whom))
    picker = PickList(ctx.t.label("Pick somebody"), Action("people:revoke", (role,)), options)
    audience: Literal["chat", "person"] = "person" if ctx.nameless else "chat"
    return structs.replace(whom, blocks=(*whom.blocks, Controls((picker,))), audience=audience)
