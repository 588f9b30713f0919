"""One request, one handler."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, structs

from handlers.core import answered, conversation
from handlers.core.answers import TurnCalendar
from handlers.core.context import Context, House
from handlers.core.controls import opened, turned
from handlers.core.features import ActionRoute, CommandRoute, Handler, Registry
from handlers.core.replies import refusal, say, summary_of
from handlers.core.requests import (
    BotAdded,
    BotRemoved,
    ButtonPress,
    ChatMoved,
    Command,
    Delivered,
    FormSubmitted,
    HomeOpened,
    OtherMessage,
    Picked,
    Request,
    TextMessage,
    Undeliverable,
)
from handlers.core.seals import BadSealError
from handlers.core.ui import Nothing, Outcome, Reply, Section, Span, Toast
from handlers.retrieval.index import Index, Ranked, Verdict
from handlers.retrieval.language import detect, is_foreign
from handlers.retrieval.questions import questions_in
from storage import chats, places, posts
from storage.rows import Transaction


class Understood(Struct, frozen=True):
    """What was made of a request before its transaction.

    Attributes:
        ranked: The intents that a text fits, best first.
        verdict: What that is good for.
        language: Of the text; empty where it is mixed or unclear.
        pattern: The handler of the pattern that the whole text fits, if it is said directly.
        phrase: The handler of the phrase that the whole text fits.
        certain: The first intent is the answer beyond doubt: also where nobody asked the bot.
        foreign: The text is in neither of our languages.
        parts: Several questions in one text, each with what it means: where every one is sure.
    """

    ranked: Sequence[Ranked] = ()
    verdict: Verdict = "unknown"
    language: str = ""
    pattern: Handler | None = None
    phrase: Handler | None = None
    certain: bool = False
    foreign: bool = False
    parts: Sequence[tuple[str, Understood]] = ()


NOT_UNDERSTOOD = Understood()


def understand(registry: Registry, index: Index, text: str) -> Understood:
    """Find out what a text means, and its language: all that needs no rows."""
    whole, asked = text.strip(), questions_in(text)
    understood = _asked_for(index, asked[0] if len(asked) == 1 else text)
    parts = [(part, _asked_for(index, part)) for part in asked] if len(asked) > 1 else []
    sure = all(part.verdict == "answer" for _, part in parts)
    different = len({part.ranked[0].key for _, part in parts if part.ranked}) == len(parts)
    return structs.replace(
        understood,
        pattern=next((handler for pattern, handler in registry.patterns if pattern.fullmatch(whole)), None),
        phrase=next((handler for phrase, handler in registry.phrases if phrase.fullmatch(whole)), None),
        parts=parts if sure and different else (),
    )


def _asked_for(index: Index, text: str) -> Understood:
    ranked, guess = index.rank(text), detect(text)
    verdict = index.judge(ranked)
    foreign = verdict != "answer" and is_foreign(text)
    return Understood(
        ranked,
        "unknown" if foreign else verdict,
        (guess.language or "") if guess.sure else "",
        certain=index.certain(ranked),
        foreign=foreign,
    )


def concerns_us(house: House, tx: Transaction, request: TextMessage, understood: Understood) -> bool:
    """Is it said to the bot, in answer to it, or a question with a certain answer where questions are welcome?"""
    if answered.is_answer(request) and request.place.kind == "group":
        told = answered.is_for_us(house, tx, request)
        if told is not None:
            return told
    if request.addressed or not understood.certain or request.reply_to:
        return request.addressed
    chat = chats.get_chat_by_external_id(tx, request.place.platform, request.place.chat)
    return chat is not None and places.is_place(tx, "help", chat.id)


def route(ctx: Context, request: Request, understood: Understood) -> Outcome | TurnCalendar | Sequence[Outcome]:
    """Find the request's handler and return what it decided; a text of several questions has an outcome each."""
    if ctx.blocked and not _is_open_to_blocked(ctx, request):
        return ctx.house.registry.turned_away(ctx, request)
    match request:
        case TextMessage():
            return _text(ctx, request, understood)
        case Command():
            return _command(ctx, request, understood)
        case ButtonPress() | Picked():
            return _control(ctx, request)
        case FormSubmitted():
            return conversation.submitted(ctx, request)
        case HomeOpened():
            ctx.show(f"home:{ctx.person.id}", "home", ctx.chat, surface="home")
        case OtherMessage():
            return say(ctx, ctx.t("I can only read text. Write me what it is about."))
        case BotAdded():
            chats.mark_chat_state(ctx.tx, ctx.chat.id, "open")
            for feature in ctx.house.registry.features if ctx.chat.kind == "group" else ():
                if feature.on_added:
                    feature.on_added(ctx)
        case BotRemoved():
            chats.mark_chat_state(ctx.tx, ctx.chat.id, "blocked" if ctx.chat.kind == "direct" else "gone")
        case ChatMoved(new_chat=new_chat):
            if chats.mark_chat_moved(ctx.tx, ctx.chat.id, new_chat):
                posts.mark_posts_anew(ctx.tx, ctx.chat.id, ctx.now)
        case Delivered() | Undeliverable():
            name, _, _ = request.subject.partition(":")
            return ctx.house.registry.reports[name](ctx, request)
    return Nothing()


def _is_open_to_blocked(ctx: Context, request: Request) -> bool:
    """What somebody whom a lead has blocked may still do; what chats go through is nobody's doing."""
    registry = ctx.house.registry
    match request:
        case Command(name="start", text=payload):
            start = registry.starts.get(payload.partition("_")[0])
            return start is not None and start.even_blocked
        case Command(name=name, text=text):
            command = registry.command(name, text)
            return command is not None and command.even_blocked
        case TextMessage(forwarded=True):
            return False
        case TextMessage(text=text):
            if ctx.asked and ctx.chat.kind == "direct" and (form := conversation.being_asked(ctx)):
                return conversation.route_of(ctx, form.instance).even_blocked
            word, _, rest = text.strip().partition(" ")
            command = registry.commands.get(word.lower().strip("!?.,:"))
            return command is not None and command.even_blocked and command.fits(rest)
        case FormSubmitted(instance=instance):
            return conversation.route_of(ctx, instance).even_blocked
        case ButtonPress(token=token) | Picked(token=token):
            try:
                action, _ = opened(ctx.house.seals.open(token, ctx.chat.id))
            except BadSealError:
                return False
            if action.name in conversation.ACTIONS:
                return conversation.route_of(ctx, action.args[0]).even_blocked
            known = registry.actions.get(action.name)
            return known is not None and known.even_blocked
        case OtherMessage() | HomeOpened() | BotAdded():
            return False
    return True


def _text(ctx: Context, request: TextMessage, understood: Understood) -> Outcome | Sequence[Outcome]:
    registry = ctx.house.registry
    text = request.text.strip()
    is_answer = answered.is_answer(request)
    if not request.addressed:
        return answered.handled(ctx, request) or Nothing() if is_answer else _asked(ctx, request, understood)
    if ctx.chat.kind == "direct":
        if understood.pattern and not request.forwarded:
            return understood.pattern(ctx, request)
        if ctx.asked and (form := conversation.being_asked(ctx)):
            return conversation.answered(ctx, form, request)
    word, _, rest = text.partition(" ")
    command = registry.commands.get(word.lower().strip("!?.,:"))
    if command and not request.forwarded and command.fits(rest, allowed=ctx.may(command.role)):
        as_command = Command(
            **{name: getattr(request, name) for name in Request.__struct_fields__},
            name=word.lower(),
            text=rest.strip(),
            mentions=request.mentions,
        )
        return _commanded(ctx, as_command, command)
    if is_answer and (outcome := answered.handled(ctx, request)):
        return outcome
    if understood.phrase:
        return understood.phrase(ctx, request)
    return _asked(ctx, request, understood)


def _asked(ctx: Context, request: TextMessage, understood: Understood) -> Outcome | Sequence[Outcome]:
    registry = ctx.house.registry
    if understood.parts:
        return [_part(ctx, request, text, part.ranked[0].key) for text, part in understood.parts]
    match understood.verdict:
        case "answer":
            return meant(ctx, request, understood.ranked[0].key)
        case "ask_back":
            return registry.unsure(ctx, request, [ranked.key for ranked in understood.ranked])
        case _:
            return registry.unknown(ctx, request)


def _part(ctx: Context, request: TextMessage, text: str, key: str) -> Outcome:
    """Answer one question of several; in a direct chat with its words above, which no group gets repeated."""
    outcome = meant(ctx, structs.replace(request, text=text), key)
    if not isinstance(outcome, Reply) or ctx.chat.kind != "direct":
        return outcome
    words = Section((Span(summary_of(text), italic=True),))
    return structs.replace(outcome, blocks=(words, *outcome.blocks))


def _command(ctx: Context, request: Command, understood: Understood) -> Outcome | Sequence[Outcome]:
    command = ctx.house.registry.command(request.name, request.text)
    if command:
        return _commanded(ctx, request, command)
    return _text(ctx, as_text(request), understood)


def _commanded(ctx: Context, request: Command, command: CommandRoute) -> Outcome:
    if not ctx.may(command.role):
        return refusal(ctx, command.role, f"command {command.words[0]}")
    return command.handler(ctx, request)


def meant(ctx: Context, request: TextMessage, key: str) -> Outcome:
    """Run what a text asks for, if the person may."""
    intent = ctx.house.registry.intent(ctx, key)
    if intent is None:  # gone since the text was understood
        return ctx.house.registry.unknown(ctx, request) if request.addressed else Nothing()
    if not ctx.may(intent.role):
        return refusal(ctx, intent.role, f"intent {key}") if request.addressed else Nothing()
    return intent.handler(ctx, request, key)


def started(ctx: Context, request: Command, name: str) -> Outcome | None:
    """Run what a deep link leads to, if the person may; None if it leads nowhere."""
    route = ctx.house.registry.starts.get(name)
    if route is None:
        return None
    if not ctx.may(route.role):
        return refusal(ctx, route.role, f"start {name}")
    return route.handler(ctx, request)


def as_text(command: Command) -> TextMessage:
    """An unknown command is a sentence: ``/kumpel was kostet ein Tisch``."""
    return TextMessage(
        **{name: getattr(command, name) for name in Request.__struct_fields__},
        text=f"{command.name} {command.text}".strip(),
        mentions=command.mentions,
    )


def _control(ctx: Context, request: ButtonPress | Picked) -> Outcome | TurnCalendar:
    try:
        packed = ctx.house.seals.open(request.token, ctx.chat.id)
    except BadSealError:
        return Toast(ctx.t.label("This button is not from here. Write me, and I will show you a fresh one."))
    if turn := turned(packed):
        return turn
    action, offered = opened(packed)
    if offered and isinstance(request, ButtonPress):
        fields = {name: getattr(request, name) for name in Request.__struct_fields__}
        request = Picked(**fields, token=request.token, value=offered)
    route = ctx.house.registry.actions.get(action.name) or conversation.ACTIONS.get(action.name)
    if route is None:
        return Toast(ctx.t.label("This button is from an older time. Write me, and I will show you a fresh one."))
    if not _allowed(ctx, route, request):
        return refusal(ctx, "admin" if ctx.may(route.role) else route.role, f"action {action.name}")
    return route.handler(ctx, structs.replace(request, action=action))


def _allowed(ctx: Context, route: ActionRoute, request: Request) -> bool:
    administrates = request.actor.chat_admin or not route.needs_chat_admin or ctx.may("lead")
    return ctx.may(route.role) and administrates
