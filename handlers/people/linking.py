"""Two accounts of one person: a link or a code leads from one to the other, and there it is confirmed.

The account that asks gets a secret, shown to it alone. Whoever opens it on the other platform first is asked, and
nobody else can use it then. Only what the person there confirms is linked: nobody is linked unawares.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import message, say
from handlers.core.requests import ButtonPress, Command, Request, TextMessage
from handlers.core.texts import N_, Texts
from handlers.core.ui import (
    Action,
    Block,
    Button,
    Controls,
    LinkButton,
    Nothing,
    Outcome,
    Reply,
    Section,
    Text,
    Toast,
)
from handlers.people import merging
from handlers.people.codes import hash_code, new_code
from storage import audit, blocks, chats, linking, people, settings
from storage.linking import LinkRequest
from storage.outbox import REPLY
from storage.people import Account

VALID = timedelta(minutes=10)

LINK, UNLINK = Action("link:new"), Action("link:part")
_ONLY_HERE = N_("I serve this platform alone; there is nothing to link.")
_OVER = N_("This is no longer good: it works once, for ten minutes. Start again where it came from.")


def asked(ctx: Context, request: TextMessage, key: str = "") -> Outcome:
    """Somebody asks in their own words."""
    return wanted(ctx, request) if request.addressed else Nothing()


def wanted(ctx: Context, request: Request) -> Outcome:
    """Hand out a link or a code, in the direct chat alone."""
    to = other_platform(ctx)
    if not to:
        return say(ctx, ctx.t(_ONLY_HERE))
    if account := account_on(ctx, ctx.person.id, to):
        return structs.replace(_linked_already(ctx, account), audience="person")
    direct = ctx.chat if ctx.chat.kind == "direct" else ctx.open_direct_chat()
    if direct is None:
        return Toast(ctx.t.label("Write to me directly once, then I can answer you there."), start="connect")
    offer = _handed_out(ctx, request, to)
    if direct.id == ctx.chat.id:
        return offer
    ctx.send(direct, f"{request.delivery_key}:link", offer, lane=REPLY)
    told = ctx.t.label("I have written to you in private.")
    return Toast(told) if isinstance(request, ButtonPress) or ctx.platform.ephemeral else say(ctx, told)


def _handed_out(ctx: Context, request: Request, to: str) -> Reply:
    there, actor = to.title(), request.actor
    by_link = ctx.house.platforms[to].deep_links
    secret = secrets.token_urlsafe(16) if by_link else new_code()
    hashed = _hash_token(secret) if by_link else hash_code(secret)
    linking.add_request(ctx.tx, hashed, actor.platform, actor.account, to, ctx.now + VALID)
    once = ctx.t("It works once, for ten minutes, and for you alone: don't pass it on.")
    if by_link:
        how = ctx.t("Open this in your **{there}** and confirm it there.", there=there)
        button = LinkButton(ctx.t.label("Open {there}", there=there), start=f"link_{secret}", platform=to)
        return message(ctx.t, how, button, more=(Section(once),))
    how = ctx.t("Write me this code in **{there}**, directly: `{code}`", there=there, code=secret)
    return message(ctx.t, how, more=(Section(once),))


def opened(ctx: Context, request: Command) -> Outcome:
    """The link was opened here."""
    if ctx.chat.kind != "direct":
        return Toast(ctx.t.label("Open it in our direct chat."))
    found = linking.mark_opened_if_open(
        ctx.tx, _hash_token(request.text), request.actor.platform, request.actor.account, ctx.now
    )
    return _ask(ctx, request, found) if found else say(ctx, ctx.t(_OVER))


def code_typed(ctx: Context, request: TextMessage) -> Outcome | None:
    """A code was typed here; None if it is none for linking accounts, or no longer."""
    hashed, actor = hash_code(request.text), request.actor
    if linking.is_asked_by(ctx.tx, hashed, actor.platform, actor.account, ctx.now):
        there = other_platform(ctx).title()
        return say(ctx, ctx.t("Right, but write it to me in **{there}**.", there=there))
    found = linking.mark_opened_if_open(ctx.tx, hashed, actor.platform, actor.account, ctx.now)
    return _ask(ctx, request, found) if found else None


def confirmed(ctx: Context, request: ButtonPress) -> Outcome:
    """Yes: the two are one person from now on."""
    actor, request_id = request.actor, int(request.action.args[0])
    done = linking.mark_done_if_opened(ctx.tx, request_id, actor.platform, actor.account, ctx.now)
    asker = people.get_account(ctx.tx, done.platform, done.account) if done else None
    if asker is None:
        return _late(ctx)
    if reason := _hindrance(ctx, request, asker):
        return _replaced(say(ctx, reason))
    mine = people.get_account(ctx.tx, actor.platform, actor.account)
    name = mine.name if mine else actor.name
    lines = merging.merge(ctx, asker, ctx.person.id)
    _tell(ctx, request, asker, name)
    here, there = actor.platform.title(), asker.platform.title()
    preferred = settings.get_settings(ctx.tx, asker.person_id).preferred
    text = ctx.t(
        "**Linked.** {here} and {there} (**{name}**) are one person to me now."
        " What I write unasked comes to you in **{chosen}**.",
        here=here,
        there=there,
        name=_name(asker),
        chosen=preferred.title(),
    )
    rather = actor.platform if preferred == asker.platform else asker.platform
    label = ctx.t.label("Rather in {platform}", platform=rather.title())
    buttons = (Button(label, Action("settings:chat", (rather,))), _settings_button(ctx))
    return _replaced(message(ctx.t, text, *buttons, more=tuple(Section(line) for line in lines)))


def refused(ctx: Context, request: ButtonPress) -> Outcome:
    """No: nothing is linked, and the link or code is void."""
    actor, request_id = request.actor, int(request.action.args[0])
    if linking.mark_refused_if_opened(ctx.tx, request_id, actor.platform, actor.account, ctx.now) is None:
        return _late(ctx)
    return _replaced(say(ctx, ctx.t("Fine, nothing is linked.")))


def home(ctx: Context) -> tuple[Block, ...]:
    """What is linked, or that it could be; and the way to the settings."""
    buttons = [_settings_button(ctx)]
    lines: tuple[Block, ...] = ()
    if to := other_platform(ctx):
        if account := account_on(ctx, ctx.person.id, to):
            lines = (Section(ctx.t("_Linked with {there}: {name}_", there=to.title(), name=_name(account))),)
        else:
            lines = (
                Section(ctx.t("_You use {there} as well? Link both, and I know you there._", there=to.title())),
            )
            buttons.insert(0, link_button(ctx, to))
    return (*lines, Controls(tuple(buttons)))


def link_button(ctx: Context, to: str) -> Button:
    """Starts linking with a platform."""
    return Button(ctx.t.label("Link {platform}", platform=to.title()), LINK)


def other_platform(ctx: Context) -> str:
    """The platform that an account here can be linked to; empty if the bot serves none."""
    return next((platform for platform in ctx.house.platforms if platform != ctx.chat.platform), "")


def account_on(ctx: Context, person_id: int, platform: str) -> Account | None:
    """A person's account on a platform."""
    return next((each for each in people.list_accounts(ctx.tx, person_id) if each.platform == platform), None)


def _ask(ctx: Context, request: Request, found: LinkRequest) -> Outcome:
    """Say what would be linked with whom, and let the person here decide."""
    asker = people.get_account(ctx.tx, found.platform, found.account)
    if asker is None:
        return say(ctx, ctx.t(_OVER))
    if reason := _hindrance(ctx, request, asker):
        return say(ctx, reason)
    text = ctx.t(
        "This links your {here} with **{name}** in {there}: bookings, requests and registrations are then one"
        " person's. If that is not you, press **No**.",
        here=ctx.chat.platform.title(),
        there=asker.platform.title(),
        name=_name(asker),
    )
    return say(
        ctx,
        text,
        Button(ctx.t.label("Link"), Action.of("link:yes", found.id), "primary"),
        Button(ctx.t.label("No"), Action.of("link:no", found.id)),
    )


def _hindrance(ctx: Context, request: Request, asker: Account) -> Text | None:
    """Why these two can't be linked; None if they can."""
    here, there = ctx.chat.platform, asker.platform
    if asker.person_id == ctx.person.id:
        return ctx.t("{here} and {there} are linked already.", here=here.title(), there=there.title())
    if mine := account_on(ctx, ctx.person.id, there):
        return ctx.t(
            "Your {here} is linked with **{name}** in {there} already. **unlink** parts them.",
            here=here.title(),
            name=_name(mine),
            there=there.title(),
        )
    if account_on(ctx, asker.person_id, here):
        return ctx.t(
            "**{name}** is linked with another {here} account already.", name=_name(asker), here=here.title()
        )
    if blocks.get_block_of(ctx.tx, asker.person_id):
        return ctx.t(_OVER)
    is_guest = not (request.actor.trusted and asker.trusted)
    has_role = linking.has_role(ctx.tx, asker.person_id) or linking.has_role(ctx.tx, ctx.person.id)
    if is_guest and has_role:
        return ctx.t(
            "One of both accounts is a guest's, and the other has a role in the team: guests can't have one."
        )
    return None


def _tell(ctx: Context, request: Request, asker: Account, name: str) -> None:
    """The account that asked hears who came, and how to undo it; the leads, if that one has a role now."""
    here, kept = request.actor.platform.title(), asker.person_id
    near = chats.get_chat_by_external_id(ctx.tx, asker.platform, asker.external_id)

    def build(t: Texts) -> Reply:
        told = t(
            "Your {here} is linked with you here now: **{name}**. Was that not you?", here=here, name=name or "?"
        )
        return message(
            t, told, Button(t.label("Unlink"), UNLINK), Button(t.label("Settings"), Action("settings:show"))
        )

    ctx.notify(kept, f"{request.delivery_key}:linked", build, lane=REPLY, near=near)
    audit.add_entry(ctx.tx, kept, "link", ctx.now, person_id=kept, detail=request.actor.platform)
    if linking.has_role(ctx.tx, kept):
        ctx.tell_leads(
            f"{request.delivery_key}:linked-role",
            lambda t: message(
                t,
                t(
                    "{who} has a role and has linked **{name}** in {here}, who may do the same now.",
                    who=_name(asker),
                    name=name or "?",
                    here=here,
                ),
            ),
            but=kept,
        )


def _linked_already(ctx: Context, account: Account) -> Reply:
    there = account.platform.title()
    text = ctx.t("You are linked with **{name}** in {there} already.", name=_name(account), there=there)
    return say(ctx, text, Button(ctx.t.label("Unlink"), UNLINK))


def _settings_button(ctx: Context) -> Button:
    return Button(ctx.t.label("Settings"), Action("settings:show"))


def _late(ctx: Context) -> Toast:
    return Toast(ctx.t.label(_OVER))


def _replaced(reply: Reply) -> Reply:
    return structs.replace(reply, placement="replace")


def _name(account: Account) -> str:
    """What an account is called, with its @name where it has one, so that nobody is taken for somebody else."""
    name = account.name or "?"
    return f"{name} (@{account.handle})" if account.handle else name


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
