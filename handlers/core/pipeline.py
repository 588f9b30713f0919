"""One request inside its transaction: who, where, which handler, and what becomes of its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import structs

from handlers.core import answered, conversation, leaving, router
from handlers.core.answers import Answer, TurnCalendar
from handlers.core.context import Context, House, system_context
from handlers.core.first_contact import with_notice
from handlers.core.nameless import is_nameless, names_somebody, without_names
from handlers.core.payloads import dump_answer, load_answer
from handlers.core.replies import message, say
from handlers.core.requests import (
    AccountChanged,
    Actor,
    ButtonPress,
    Command,
    Delivered,
    Picked,
    Place,
    Request,
    TextMessage,
    Undeliverable,
)
from handlers.core.router import Understood
from handlers.core.ui import FormErrors, LinkButton, Nothing, OpenForm, Outcome, Reply, Toast
from storage import arrivals, blocks, chats, deliveries, forms, people
from storage.arrivals import Arrival
from storage.chats import Chat
from storage.outbox import REPLY, OutboxRow
from storage.people import Person
from storage.posts import Post
from storage.rows import Transaction


def process(house: House, tx: Transaction, request: Request, understood: Understood, now: datetime) -> Answer:
    """Handle a request once; a delivery that was handled before gets the answer it got.

    What people say among themselves leaves no trace, nor does what the platform tells of people the bot never met.
    """
    if isinstance(request, TextMessage) and not router.concerns_us(house, tx, request, understood):
        return Answer(Nothing())
    if isinstance(request, AccountChanged):
        leaving.account_changed(system_context(house, tx, now), request)
        return Answer(Nothing())
    if not deliveries.add_delivery(tx, request.delivery_key, request.received_at):
        recorded = deliveries.get_delivery(tx, request.delivery_key)
        return load_answer(recorded.answer if recorded else "")
    ctx = _context(house, tx, request, understood, now)
    outcome = router.route(ctx, request, understood)
    if isinstance(outcome, Sequence):
        *others, outcome = outcome
        for number, each in enumerate(others, start=1):
            _settled(ctx, structs.replace(request, delivery_key=f"{request.delivery_key}:{number}"), each)
    answer = _settled(ctx, request, with_notice(ctx, outcome))
    for feature in house.registry.features if ctx.uses else ():
        if feature.after:
            feature.after(ctx)
    if stored := dump_answer(answer):
        deliveries.mark_answered(tx, request.delivery_key, stored, person_id=ctx.person.id)
    return answer


def fail(house: House, tx: Transaction, request: Request, reference: str, reason: str, now: datetime) -> Answer:
    """Record a request whose handler failed, apologise, and tell the leads."""
    if not deliveries.add_delivery(tx, request.delivery_key, request.received_at):
        return Answer(Nothing())
    ctx = _context(house, tx, request, Understood(), now)
    sorry = ctx.t(
        "Something went wrong on my side, **nothing was saved**. The team knows about it (no. {reference}).",
        reference=reference,
    )
    ctx.tell_leads(
        f"failed:{reference}",
        lambda t: message(
            t, t("A request failed (no. {reference}): {reason}", reference=reference, reason=reason)
        ),
    )
    answer = _settled(ctx, request, Nothing() if isinstance(request, AccountChanged) else say(ctx, sorry))
    deliveries.mark_answered(tx, request.delivery_key, dump_answer(answer), reference, ctx.person.id)
    return answer


def hold_off(house: House, tx: Transaction, request: Request, again_at: datetime, now: datetime) -> Answer:
    """Ask somebody who asks too much at once for a moment; said once, however often they ask until then."""
    ctx = _context(house, tx, request, Understood(), now)
    if ctx.blocked:
        return Answer(Nothing(), ctx.chat.id)
    sorry = ctx.t(
        "**One moment, please.** That was a lot at once. From {time} on I am here for you again; please send me"
        " once more then what you write until then.",
        time=f"{again_at.astimezone(ctx.zone) + timedelta(minutes=1):%H:%M}",
    )
    if ctx.platform.toasts and isinstance(request, ButtonPress | Picked):
        return Answer(Toast(ctx.t.label("One moment, please: that was a lot at once.")), ctx.chat.id)
    once = structs.replace(request, delivery_key=f"moment:{ctx.person.id}:{again_at:%d%H%M}")
    _reply(ctx, once, structs.replace(say(ctx, sorry), audience="person"))
    return Answer(Nothing(), ctx.chat.id)


def report(house: House, tx: Transaction, row: OutboxRow, reason: str | None, now: datetime) -> None:
    """Tell whoever asked how a send ended: it arrived, or never will for ``reason``."""
    chat = chats.get_chat(tx, row.chat_id)
    if not row.report or chat is None:
        return
    ctx = system_context(house, tx, now).at(chat, row.thread)
    actor, place = Actor(chat.platform, ""), Place(chat.platform, chat.external_id, chat.kind, row.thread)
    key = f"outbox:{row.id}"
    request: Request = (
        Delivered(delivery_key=key, actor=actor, place=place, received_at=now, row=row.id, subject=row.report)
        if reason is None
        else Undeliverable(
            delivery_key=key,
            actor=actor,
            place=place,
            received_at=now,
            row=row.id,
            subject=row.report,
            reason=reason,
        )
    )
    router.route(ctx, request, router.NOT_UNDERSTOOD)


def view(house: House, tx: Transaction, post: Post, chat: Chat, now: datetime) -> Reply | None:
    """Render a post's subject as it is now; for the person whose direct chat it stands in, or for a group."""
    ctx = system_context(house, tx, now)
    reader = arrivals.get_arrival(tx, chat.platform, chat.external_id, "") if chat.kind == "direct" else None
    if reader:
        ctx = Context(
            house,
            tx,
            now,
            person=reader.person,
            roles=reader.roles | {"member"} if reader.account.trusted and not reader.blocked else frozenset(),
            chat=chat,
            thread=post.thread,
            language=reader.person.language or house.hub.language,
        )
    shown = house.registry.views[post.view](ctx.at(chat, post.thread), post.subject.partition(":")[2])
    return without_names(ctx.t, shown) if shown and is_nameless(house.hub, chat) else shown


def _context(house: House, tx: Transaction, request: Request, understood: Understood, now: datetime) -> Context:
    actor, place = request.actor, request.place
    known = arrivals.get_arrival(tx, actor.platform, actor.account, place.chat)
    person = _renamed(tx, actor, known) if known else _new_person(tx, actor, now)
    if known and known.seen_on != now.date().isoformat():  # once a day: by it who stays away is forgotten one day
        people.mark_here(tx, person.id, now.date())
    blocked = known.blocked if known else blocks.get_block_of(tx, person.id) is not None
    chat = _current(tx, place, known.chat) if known and known.chat else _new_chat(tx, place, now)
    for_others = (known is not None and known.asked) or _is_answer(house, tx, request)
    heard = "" if for_others else _heard(house, request, understood)
    kept = heard or person.language or actor.language  # what they were heard to speak, else what their app speaks
    if kept != person.language and not person.language_chosen and not (known and blocked):
        people.mark_language(tx, person.id, kept)
    return Context(
        house,
        tx,
        now,
        person=person,
        roles=frozenset() if blocked else _roles(house, request, known),
        chat=chat,
        thread=place.thread,
        language=heard or person.language or actor.language or house.hub.language,
        asked=known is not None and known.asked,
        blocked=blocked,
    )


def _roles(house: House, request: Request, known: Arrival | None) -> frozenset[str]:
    """What the acting person is here and now; somebody else's words that they pass on carry no role."""
    actor = request.actor
    if not actor.trusted:
        return frozenset({"member"} if actor.guest and house.hub.guests_are_members else ())
    held = known.roles if known and not (isinstance(request, TextMessage) and request.forwarded) else frozenset()
    return held | {"member"}


def _heard(house: House, request: Request, understood: Understood) -> str:
    """The language of what was said; a German command is said in German, while many say ``help`` in any."""
    match request:
        case Command(name=word):
            pass
        case TextMessage(text=text):
            word = text.strip().partition(" ")[0].lower().strip("!?.,:")
        case _:
            word = ""
    return understood.language or ("de" if word in house.registry.german_words else "")


def _is_answer(house: House, tx: Transaction, request: Request) -> bool:
    """Does it answer something of ours, so that it is written for whoever reads it there?"""
    if not isinstance(request, TextMessage) or not answered.is_answer(request):
        return False
    return answered.is_for_us(house, tx, request) is True


def _new_person(tx: Transaction, actor: Actor, now: datetime) -> Person:
    account = people.add_account(
        tx,
        actor.platform,
        actor.account,
        now,
        name=actor.name,
        handle=actor.handle,
        trusted=actor.trusted,
        guest=actor.guest,
    )
    return Person(account.person_id, actor.name, "", language_chosen=False, greeted=False)


def _renamed(tx: Transaction, actor: Actor, known: Arrival) -> Person:
    """Keep what the platform now says of an account; a name counts at once."""
    seen = leaving.seen(tx, actor, known.account)
    return structs.replace(known.person, name=seen.name) if seen != known.account else known.person


def _new_chat(tx: Transaction, place: Place, now: datetime) -> Chat:
    known = chats.get_chat_by_external_id(tx, place.platform, place.chat)
    if known:
        return _current(tx, place, known)
    return chats.add_chat(tx, place.platform, place.chat, place.kind, place.title, now)


def _current(tx: Transaction, place: Place, known: Chat) -> Chat:
    if place.title and place.title != known.title:
        chats.mark_chat_titled(tx, known.id, place.title)
        known = structs.replace(known, title=place.title)
    if known.state != "open":
        chats.mark_chat_state(tx, known.id, "open")  # whoever writes can be written to
        known = structs.replace(known, state="open")
    return known


def _settled(ctx: Context, request: Request, outcome: Outcome | TurnCalendar) -> Answer:
    """Turn an outcome into rows of the outbox and what the platform is told at once."""
    match outcome:
        case OpenForm(form=form) if not forms.get_form(ctx.tx, form.instance):
            return _settled(ctx, request, conversation.offer(ctx, request, form))
        case OpenForm() | FormErrors() | TurnCalendar():
            return Answer(outcome, ctx.chat.id)
        case Toast():
            if ctx.platform.toasts and isinstance(request, ButtonPress | Picked):
                return Answer(outcome, ctx.chat.id)
            _reply(ctx, request, _spoken(ctx, outcome))
        case Reply():
            _reply(ctx, request, outcome)
        case Nothing():
            pass
    return Answer(Nothing(), ctx.chat.id)


def _spoken(ctx: Context, toast: Toast) -> Reply:
    """Say a toast where it can't be shown; what leads to the direct chat must stand where people are."""
    if toast.start:
        return say(ctx, toast.text, LinkButton(ctx.t.label("Open the direct chat"), start=toast.start))
    buttons = (toast.button,) if toast.button else ()
    return structs.replace(say(ctx, toast.text, *buttons), audience="person")


def _reply(ctx: Context, request: Request, reply: Reply) -> None:
    """Put the reply into the outbox: where it was asked, unless only one person may see it."""
    key = f"{request.delivery_key}:reply"
    edits = request.message if reply.placement == "replace" else ""
    if request.place.reply_via and ctx.chat.kind == "group":
        ctx.send(
            ctx.chat, key, reply, lane=REPLY, reply_via=request.place.reply_via, audience=request.actor.account
        )
    elif ctx.chat.kind == "direct" or (reply.audience == "chat" and not (ctx.nameless and names_somebody(reply))):
        ctx.send(ctx.chat, key, reply, thread=ctx.thread, lane=REPLY, edits=edits)
    elif ctx.platform.ephemeral:
        ctx.send(ctx.chat, key, reply, thread=ctx.thread, lane=REPLY, audience=request.actor.account)
    elif direct := ctx.open_direct_chat():
        ctx.send(direct, key, reply, lane=REPLY)
    else:
        opener = LinkButton(ctx.t.label("Open the direct chat"), start="hello")
        asked = say(ctx, ctx.t("Write to me directly once, then I can answer you there."), opener)
        ctx.send(ctx.chat, key, asked, thread=ctx.thread, lane=REPLY)
