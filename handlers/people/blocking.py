"""House rules: a lead turns somebody away, who may say something against it, once."""

from __future__ import annotations

import re

from msgspec import structs

from handlers.core.context import Context, mention
from handlers.core.leaving import let_go, render_again
from handlers.core.replies import message, say, summary_of
from handlers.core.requests import Actor, ButtonPress, Command, FormSubmitted, Picked, Request
from handlers.core.texts import N_, Texts
from handlers.core.ui import (
    Action,
    Block,
    Button,
    Controls,
    Form,
    Nothing,
    OpenForm,
    Option,
    Outcome,
    PickList,
    Reply,
    Section,
    Text,
    TextField,
    Toast,
    join,
    plain,
)
from handlers.people import keeping_out
from handlers.people.leaving import freed_said
from handlers.people.roles import account_of, called, person_of, tell_other_leads, without_names
from storage import audit, blocks, forms, people, roles
from storage.blocks import Block as Blocked
from storage.outbox import REPLY
from storage.people import Account

CARD = "people.appeal"
REASON_LENGTH = 500
APPEAL_LENGTH = 1000
ARGUMENTS = r".*@\S.*"
SLIPS = r"(?:\S+\s*){0,2}"


def block(ctx: Context, request: Command) -> Outcome:
    """``block @name why``: nothing they do has any effect from now on, and they read why."""
    targets, unknown = _targets(ctx, request)
    reason = " ".join(without_names(request).split())
    if len(targets) + len(unknown) != 1 or (targets and not reason):
        return say(ctx, ctx.t("Write it like this: **block @name why**. The person reads why."))
    if unknown:
        return say(ctx, ctx.t("I do not know {name} yet.", name=unknown[0]))
    if len(reason) > REASON_LENGTH:
        return say(
            ctx,
            ctx.t.label(
                "That is {length} characters; {most} fit. Please make it shorter.",
                length=len(reason),
                most=REASON_LENGTH,
            ),
        )
    return _block(ctx, request, targets[0].person_id, reason)


def _block(ctx: Context, request: Command, person_id: int, reason: str) -> Outcome:
    who = (mention(person_of(ctx, person_id)),)
    if "lead" in roles.list_roles(ctx.tx, person_id):
        audit.add_entry(ctx.tx, ctx.person.id, "block", ctx.now, person_id=person_id, outcome="refused")
        return say(ctx, ctx.t("{who} is a lead; a lead can't be blocked.", who=who))
    block_id = blocks.add_block(ctx.tx, person_id, reason, ctx.person.id, ctx.now)
    if not block_id:
        return say(ctx, ctx.t("{who} is blocked already.", who=who))
    audit.add_entry(ctx.tx, ctx.person.id, "block", ctx.now, person_id=person_id)
    for role in roles.ROLES:
        if roles.remove_role(ctx.tx, person_id, role):
            audit.add_entry(ctx.tx, ctx.person.id, "revoke", ctx.now, person_id=person_id, detail=role)
    forms.mark_forms_over_of(ctx.tx, person_id)
    render_again(ctx.tx, person_id)
    told = N_("{lead} blocked {who}: “{reason}”")
    tell_other_leads(ctx, request, f"blocked:{person_id}", told, lead=(ctx.name,), who=who, reason=reason)
    text = ctx.t(
        "{who} is blocked: whatever they do here has no effect. They read why and may say something against it,"
        " once. What they hold stays theirs until you free it.",
        who=who,
    )
    free = Button(ctx.t.label("Free what they hold"), Action.of("people:free", block_id))
    lift = Button(ctx.t.label("Lift it"), Action.of("people:unblock", block_id))
    return structs.replace(say(ctx, text, free, lift), audience="person")


def freed(ctx: Context, request: ButtonPress) -> Outcome:
    """Their desks and seats are for others, and what they looked after goes back to the team."""
    found = blocks.get_block(ctx.tx, int(request.action.args[0]))
    if found is None or found.lifted_at:
        return _late(ctx, found)
    counts = let_go(ctx, found.person_id)
    audit.add_entry(ctx.tx, ctx.person.id, "free", ctx.now, person_id=found.person_id)
    return Toast(ctx.t.label("Freed: {what}.", what=freed_said(ctx.t, counts) or ctx.t.label("nothing was held")))


def unblock(ctx: Context, request: Command) -> Outcome:
    """``unblock @name``; without a name, the blocked are offered."""
    targets, unknown = _targets(ctx, request)
    held = [found for target in targets if (found := blocks.get_block_of(ctx.tx, target.person_id))]
    if held:
        return say(ctx, join(*(_lifted(ctx, request, found) for found in held), separator="\n"))
    if targets or unknown:
        name = unknown[0] if unknown else person_of(ctx, targets[0].person_id).name
        return say(ctx, ctx.t("{name} is not blocked.", name=name))
    options = (
        *(Option(person_of(ctx, each.person_id).name or "?", str(each.id)) for each in blocks.list_blocks(ctx.tx)),
        *keeping_out.options(ctx),
    )
    if not options:
        return say(ctx, ctx.t("Nobody is blocked."))
    whom = say(ctx, ctx.t("Whose block shall I lift?"))
    picker = PickList(ctx.t.label("Pick somebody"), Action("people:unblock"), options)
    return structs.replace(whom, blocks=(*whom.blocks, Controls((picker,))), audience="person")


def unblock_pressed(ctx: Context, request: ButtonPress | Picked) -> Outcome:
    """A block is lifted from its card, or picked from the list."""
    picked = request.value if isinstance(request, Picked) else request.action.args[0]
    if picked.startswith(keeping_out.PREFIX):
        told = keeping_out.lifted(ctx, request, int(picked.removeprefix(keeping_out.PREFIX)))
        return structs.replace(say(ctx, told), placement="replace")
    found = blocks.get_block(ctx.tx, int(picked))
    if found is None or found.lifted_at:
        return _late(ctx, found)
    told = _lifted(ctx, request, found)
    if isinstance(request, Picked):
        return structs.replace(say(ctx, told), placement="replace")
    return Toast(plain(told))


def upheld(ctx: Context, request: ButtonPress) -> Outcome:
    """A lead has read what was said against it, and it stays."""
    found = blocks.mark_upheld_if_appealed(ctx.tx, int(request.action.args[0]), ctx.person.id, ctx.now)
    if found is None:
        return _late(ctx, blocks.get_block(ctx.tx, int(request.action.args[0])))
    audit.add_entry(ctx.tx, ctx.person.id, "uphold", ctx.now, person_id=found.person_id)
    ctx.touch_post(_subject(found))
    stays = N_("The leads have read what you wrote. It stays as it is.")
    ctx.notify(found.person_id, f"{_subject(found)}:stays", lambda t: message(t, t(stays)))
    return Toast(ctx.t.label("It stays, and they know."))


def turned_away(ctx: Context, request: Request) -> Outcome:
    """Somebody blocked gets the reason, once; then nothing."""
    found = blocks.get_block_of(ctx.tx, ctx.person.id)
    can_read = ctx.chat.kind == "direct" or ctx.platform.ephemeral or ctx.open_direct_chat()
    if found is None or (can_read and not blocks.mark_told(ctx.tx, found.id)):
        return Nothing()
    said = ctx.t(
        "A lead of the {hub} has blocked you here: “{reason}”\nWhat you write or press has no effect. If that is a"
        " mistake, you can say so once; the leads read it.",
        hub=ctx.hub.short_name,
        reason=found.reason,
    )
    if not found.reason:
        said = ctx.t(
            "A lead of the {hub} has blocked you here, and that you deleted your data does not lift it. Why, was"
            " deleted too.\nWhat you write or press has no effect.",
            hub=ctx.hub.short_name,
        )
    appeal = Button(ctx.t.label("Say something"), Action.of("people:appeal", found.id))
    return structs.replace(say(ctx, said, *(() if found.appealed_at else (appeal,))), audience="person")


def appeal_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """They want to say something against it."""
    found = _own(ctx, int(request.action.args[0]))
    if found is None:
        return Nothing()
    if found.appealed_at:
        return Toast(ctx.t.label("The leads have your message."))
    field = TextField(
        "appeal",
        ctx.t.label("What shall the leads know?"),
        hint=ctx.t.label("You can write this once."),
        multiline=True,
        max_length=APPEAL_LENGTH,
    )
    title, submit = ctx.t.label("To the leads"), ctx.t.label("Send")
    context = {"block": str(found.id)}
    return OpenForm(Form("people:appeal", ctx.token(), title, (field,), submit, context, ctx.language))


def appealed(ctx: Context, request: FormSubmitted) -> Outcome:
    """Every lead gets it as a card; the first to decide has decided."""
    block_id = int(request.context["block"])
    if not blocks.mark_appealed_if_first(
        ctx.tx, block_id, ctx.person.id, request.values["appeal"].strip(), ctx.now
    ):
        return Toast(ctx.t.label("The leads have your message."))
    for lead in roles.list_people_with(ctx.tx, "lead"):
        if chat := ctx.direct_chat(lead.id):
            ctx.show(f"block:{block_id}", CARD, chat)
    return say(ctx, ctx.t("The leads have your message. They will tell you what they decide."))


def shown(ctx: Context, subject_id: str) -> Reply | None:
    """The card of what somebody says against their block, for leads alone."""
    found = blocks.get_block(ctx.tx, int(subject_id))
    if found is None or not ctx.may("lead"):
        return None
    who = (mention(person_of(ctx, found.person_id)),)
    head = ctx.t("{who} was blocked: “{reason}” They say:", who=who, reason=found.reason)
    if not found.reason:
        head = ctx.t("{who} was blocked, deleted their data and is back. They say:", who=who)
    parts: list[Block] = [Section(join(head, ctx.t("“{text}”", text=found.appeal), separator="\n"))]
    if found.decided_at:
        sentence = N_("_Lifted by {who}_") if found.lifted_at else N_("_It stays, says {who}_")
        parts.append(Section(ctx.t(sentence, who=(mention(person_of(ctx, found.decided_by)),))))
    else:
        lift = Button(ctx.t.label("Lift it"), Action.of("people:unblock", found.id))
        keep = Button(ctx.t.label("It stays"), Action.of("people:uphold", found.id))
        parts.append(Controls((lift, keep)))
    return Reply(blocks=tuple(parts), summary=summary_of(head), language=ctx.language)


def _lifted(ctx: Context, request: Request, found: Blocked) -> Text:
    """Lift a block; everybody concerned hears of it."""
    who = (mention(person_of(ctx, found.person_id)),)
    lifted = blocks.mark_lifted_if_held(ctx.tx, found.id, ctx.person.id, ctx.now)
    if lifted is None:
        return ctx.t("{name} is not blocked.", name=who)
    audit.add_entry(ctx.tx, ctx.person.id, "unblock", ctx.now, person_id=found.person_id)
    ctx.touch_post(_subject(found))
    render_again(ctx.tx, found.person_id)

    def told(t: Texts) -> Reply:
        return message(t, t("You can use me again: your block was lifted."))

    ctx.notify(found.person_id, f"{_subject(found)}:lifted", told, lane=REPLY)
    sentence = N_("{lead} lifted the block of {who}.")
    tell_other_leads(ctx, request, f"unblocked:{found.id}", sentence, lead=(ctx.name,), who=who)
    return ctx.t("{who} can use me again.", who=who)


def _targets(ctx: Context, request: Command) -> tuple[list[Account], list[str]]:
    """Return whom a command names, and the names that are nobody's; a typed @name counts on every platform."""
    found: list[Account] = []
    unknown: list[str] = []
    typed = [] if request.mentions else re.findall(r"@([\w.-]+)", request.text)
    for actor in (*request.mentions, *(Actor(request.actor.platform, "", handle=name) for name in typed)):
        account = account_of(ctx, actor) or _elsewhere(ctx, actor)
        if account:
            found.append(account)
        else:
            unknown.append(called(actor))
    return found, unknown


def _elsewhere(ctx: Context, actor: Actor) -> Account | None:
    known = [
        account
        for platform in ctx.house.platforms
        if (account := people.get_account_by_handle(ctx.tx, platform, actor.handle))
    ]
    return known[0] if len(known) == 1 else None


def _own(ctx: Context, block_id: int) -> Blocked | None:
    found = blocks.get_block(ctx.tx, block_id)
    return found if found and found.person_id == ctx.person.id and not found.lifted_at else None


def _subject(found: Blocked) -> str:
    return f"block:{found.id}"


def _late(ctx: Context, found: Blocked | None) -> Toast:
    """Say who decided."""
    if found is None or found.decided_by is None:
        return Toast(ctx.t.label("This is not kept any more."))
    who = person_of(ctx, found.decided_by).name
    sentence = N_("{who} lifted it already.") if found.lifted_at else N_("{who} let it stand.")
    return Toast(ctx.t.label(sentence, who=who))
