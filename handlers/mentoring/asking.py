"""The founder's side of a request: asking, looking at it, taking it back."""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import Context, mention
from handlers.core.replies import say, summary_of
from handlers.core.requests import ButtonPress, Command, FormSubmitted, TextMessage
from handlers.core.topics import ANYWHERE, city_name, city_options, named_in, topic_options
from handlers.core.ui import (
    Action,
    Block,
    Button,
    ChoiceField,
    Controls,
    Form,
    OpenForm,
    Outcome,
    Reply,
    Section,
    Text,
    TextField,
    Toast,
    join,
)
from handlers.mentoring.telling import (
    CARD,
    about,
    changed,
    outcome,
    person,
    private_chat,
    subject,
    tell_taker,
)
from storage import mentoring, outbox
from storage.mentoring import Inquiry

MOST_OPEN = 3
"""Requests of one person that may wait for a decision at once."""

TEXT_LENGTH = 2000
QUOTED = 100
ALONE = "own"
"""Said by buttons of a message that shows one request and nothing else: it is brought up to date in place."""


def wanted(ctx: Context, request: TextMessage, key: str) -> Outcome:
    """Somebody said so in a sentence; what it names is filled in."""
    if not request.addressed:  # where questions are welcome: nobody asked the bot, so it only offers
        offered = ctx.t("A community manager can make time for you. We go on in private.")
        return say(ctx, offered, Button(ctx.t.label("Find a mentor"), Action("mentoring:new")))
    return _form(ctx, request.text)


def wished(ctx: Context, request: TextMessage) -> Outcome:
    """The same, in words that leave no doubt."""
    return _form(ctx, request.text)


def offered(ctx: Context, request: TextMessage) -> Outcome:
    """Somebody would like to be a mentor: that is for the team to say."""
    return ctx.house.registry.unknown(ctx, request)


def command(ctx: Context, request: Command) -> Outcome:
    """``mentor``, perhaps with what for."""
    return _form(ctx, request.text)


def pressed(ctx: Context, request: ButtonPress) -> Outcome:
    """The menu's button, or one to ask anew."""
    return _form(ctx)


def _form(ctx: Context, said: str = "") -> Outcome:
    if full := _too_many(ctx):
        return full
    named = named_in(ctx.hub, said)
    fields = (
        TextField(
            "text",
            ctx.t.label("What is it about?"),
            hint=ctx.t.label("A sentence or two will do. Only community managers may read it."),
            multiline=True,
            max_length=TEXT_LENGTH,
        ),
        ChoiceField("topic", ctx.t.label("Which topic?"), topic_options(ctx.hub, ctx.t), initial=named.topic),
        ChoiceField(
            "city", ctx.t.label("Which city?"), city_options(ctx.hub, ctx.t), initial=named.city or ANYWHERE
        ),
    )
    title, submit = ctx.t.label("Find a mentor"), ctx.t.label("Send")
    return OpenForm(Form("mentoring:new", ctx.token(), title, fields, submit, language=ctx.language))


def _too_many(ctx: Context) -> Reply | None:
    waiting = [inquiry for inquiry in mentoring.list_waiting_of(ctx.tx, ctx.person.id) if inquiry.state == "open"]
    if len(waiting) < MOST_OPEN:
        return None
    text = ctx.t("Three requests of yours are open already. Wait for an answer, or withdraw one.")
    see = Button(ctx.t.label("My requests"), Action("mentoring:list"))
    return structs.replace(say(ctx, text, see), audience="person")


def asked(ctx: Context, request: FormSubmitted) -> Outcome:
    """The form was sent in: all managers see the card, none of them yet the text."""
    if full := _too_many(ctx):
        return full
    chat = private_chat(ctx)
    values = request.values
    inquiry_id = mentoring.add_inquiry(
        ctx.tx,
        ctx.person.id,
        chat.id if chat else None,
        ctx.language,
        values["topic"],
        values["city"],
        values["text"],
        ctx.now,
    )
    shown = ctx.show_at_places("managers", subject(inquiry_id), CARD)
    ctx.touch_homes(ctx.person.id, managers=True)
    ctx.used("mentoring")
    see = Button(ctx.t.label("View"), Action.of("mentoring:view", inquiry_id))
    back = Button(ctx.t.label("Withdraw"), Action.of("mentoring:withdraw", inquiry_id, ALONE))
    return structs.replace(say(ctx, _sent(ctx, values["city"], shown), see, back), audience="person")


def _sent(ctx: Context, city: str, shown: int) -> Text:
    if not shown:
        return ctx.t(
            "Noted. The team has not connected me yet; its community managers will see your request once it has."
        )
    if city == ANYWHERE:
        return ctx.t("Sent to the community managers. You mostly hear back within a working day.")
    name = city_name(ctx.hub, ctx.t, city)
    return ctx.t("Sent to **{city}**. You mostly hear back within a working day.", city=name)


def viewed(ctx: Context, request: ButtonPress) -> Outcome:
    """The founder looks at their request."""
    inquiry = own(ctx, request)
    return inquiry if isinstance(inquiry, Toast) else shown(ctx, inquiry)


def withdrawn(ctx: Context, request: ButtonPress) -> Outcome:
    """The founder takes a request back: from now on the bot shows it to nobody."""
    inquiry = own(ctx, request)
    if isinstance(inquiry, Toast):
        return inquiry
    back = taken_back(ctx, inquiry)
    if back is None:
        return Toast(ctx.t.label("This request has ended already."))
    told = ctx.t.label("Withdrawn. I show it to nobody any more; what somebody has read stays with them.")
    return brought_up_to_date(ctx, request, back, told)


def taken_back(ctx: Context, inquiry: Inquiry) -> Inquiry | None:
    """Withdraw a founder's request and tell whoever looked after it; None if it ended before."""
    back = mentoring.mark_withdrawn_if_waiting(ctx.tx, inquiry.id, inquiry.founder_id, ctx.now)
    if back is None:
        return None
    outbox.mark_cancelled_by_key(ctx.tx, f"{subject(back.id)}:")  # what both wrote, where it has not left yet
    changed(ctx, back)
    who = (mention(person(ctx, back.founder_id)),)
    tell_taker(
        ctx,
        back,
        "withdrawn",
        lambda t: t("{who} has withdrawn the request. ({about})", who=who, about=about(ctx, t, back)),
    )
    return back


def own(ctx: Context, request: ButtonPress) -> Inquiry | Toast:
    """The founder's own request that a button is about, or what to say instead."""
    inquiry = mentoring.get_inquiry(ctx.tx, int(request.action.args[0]))
    if inquiry is None:
        return Toast(ctx.t.label("This request is not kept any more."))
    if inquiry.founder_id != ctx.person.id:
        return Toast(ctx.t.label("Only the person who asked can do that."))
    return inquiry


def brought_up_to_date(ctx: Context, request: ButtonPress, inquiry: Inquiry, told: str) -> Outcome:
    """Show the request as it is now in the message that shows it alone; elsewhere only say what happened."""
    if ALONE in request.action.args[1:]:
        return structs.replace(shown(ctx, inquiry), placement="replace")
    return Toast(told)


def shown(ctx: Context, inquiry: Inquiry) -> Reply:
    """A founder's own request and its state."""
    head = ctx.t("**Your request** · {about}", about=about(ctx, ctx.t, inquiry))
    quote = ctx.t("“{text}”", text=inquiry.text) if inquiry.text else ""
    blocks: list[Block] = [Section(join(head, quote, _state(ctx, inquiry), separator="\n"))]
    if buttons := own_buttons(ctx, inquiry, ALONE):
        blocks.append(Controls(buttons))
    return Reply(blocks=tuple(blocks), summary=summary_of(head), audience="person", language=ctx.language)


def own_lines(ctx: Context) -> tuple[Block, ...]:
    """The founder's requests that have not ended, for the home page and lists."""
    blocks: list[Block] = []
    for inquiry in mentoring.list_waiting_of(ctx.tx, ctx.person.id):
        head = ctx.t("**Your request** · {about}", about=about(ctx, ctx.t, inquiry))
        quote = ctx.t("“{text}”", text=shortened(inquiry.text))
        blocks.append(Section(join(head, quote, _state(ctx, inquiry), separator="\n")))
        blocks.append(Controls(own_buttons(ctx, inquiry)))
    return tuple(blocks)


def _state(ctx: Context, inquiry: Inquiry) -> Text:
    if inquiry.state == "open":
        return ctx.t("_Nobody has decided yet._")
    return join(outcome(ctx, inquiry), inquiry.reason, separator="\n")


def own_buttons(ctx: Context, inquiry: Inquiry, where: str = "") -> tuple[Button, ...]:
    """What the founder can do with a request now."""
    place = (where,) if where else ()
    back = Button(ctx.t.label("Withdraw"), Action.of("mentoring:withdraw", inquiry.id, *place))
    close = Action.of("mentoring:close", inquiry.id, inquiry.round, *place)
    match inquiry.state:
        case "open":
            return (back,)
        case "accepted":
            return (
                Button(ctx.t.label("Write a message"), Action.of("mentoring:write", inquiry.id), "primary"),
                Button(ctx.t.label("Thanks, done"), close),
                back,
            )
    return (Button(ctx.t.label("Ask anew"), Action("mentoring:new")),)


def shortened(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else line[: QUOTED - 1] + "…"
