"""How a feature says what it does: a table that the router reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from handlers.core.requests import TextMessage
from handlers.core.ui import Action, Block, Nothing, Outcome, Reply, Text
from handlers.retrieval.index import Way
from storage.retention import RULES, Rule
from storage.rows import Transaction

if TYPE_CHECKING:
    from handlers.core.context import Context

Handler = Callable[["Context", Any], Outcome]
"""Gets the context and the request; decides, changes rows, returns what to say."""

View = Callable[["Context", str], Reply | None]
"""Shows the current state of a subject's id; None once it is to be shown no more."""

Role = Literal["", "member", "project", "manager", "lead"]
RIGHTS: Mapping[str, frozenset[str]] = {
    "member": frozenset({"member"}),
    "project": frozenset({"project", "manager", "lead"}),
    "manager": frozenset({"manager", "lead"}),
    "lead": frozenset({"lead"}),
}
"""Who may do what is for a role: a lead all that a manager may, a manager all that a project manager may."""


Merge = Callable[["Context", int, int], Sequence[Text]]
"""Two persons turn out to be one: hands all rows of the second to the first, who stays.

Gets the context of whoever confirmed it, and both ids. Where both had what a person has once, it settles that by a
rule, and returns a line for each such case, in the context's language. No row may be left with the second person:
merging is undone where one is (:func:`storage.merging.remove_person`).
"""


@dataclass(frozen=True)
class CommandRoute:
    """A command in both languages.

    Attributes:
        words: English and German name, each one word.
        description: For the menus, to be translated; a command without one is not listed.
        arguments: What may follow when it is plain text rather than a command; anything else is a sentence that
            merely begins with the word.
        mistaken: What may follow it in plain text, from somebody who may use it, and is a slip rather than a
            sentence: the command says how it is written.
        alone: Even as a command it stands alone; with more behind it, it is a sentence: ``/kumpel ich suche …``.
        even_blocked: Somebody whom a lead has blocked may do it too.
    """

    words: tuple[str, ...]
    handler: Handler
    description: str = ""
    role: Role = ""
    scope: Literal["direct", "group", "both"] = "both"
    arguments: str = ""
    mistaken: str = ""
    alone: bool = False
    even_blocked: bool = False

    def fits(self, text: str, *, allowed: bool = False) -> bool:
        """Is this what follows the command? ``allowed`` says that the person may use it."""
        patterns = (self.arguments, self.mistaken) if allowed and self.mistaken else (self.arguments,)
        return any(re.fullmatch(pattern, text.strip(), re.IGNORECASE | re.DOTALL) for pattern in patterns)


@dataclass(frozen=True)
class ActionRoute:
    """What a control's action runs, and who may."""

    handler: Handler
    role: Role = ""
    needs_chat_admin: bool = False
    even_blocked: bool = False


@dataclass(frozen=True)
class Route:
    """What a form that came back, or a deep link, runs, and who may: also who is shown the form."""

    handler: Handler
    role: Role = ""
    even_blocked: bool = False


@dataclass(frozen=True)
class ReplyRoute:
    """What a message runs that answers something of ours, given the id of what that is about.

    Attributes:
        handler: Returns None where the message is one like any other.
        is_for_us: Is it meant for the bot? Decides without leaving a trace, before the message is taken in.
        role: Who may.
        private: What else is written below it is talk among people, even where it is a reply to the bot.
    """

    handler: Callable[[Context, TextMessage, str], Outcome | None]
    is_for_us: Callable[[Transaction, TextMessage, str], bool]
    role: Role = ""
    private: bool = False


@dataclass(frozen=True)
class TimerRoute:
    """What a due timer runs, given its subject.

    Attributes:
        late: After this much delay it is dropped instead; None: it is always still worth doing.
    """

    handler: Callable[[Context, str], None]
    late: timedelta | None = None


@dataclass(frozen=True)
class Intent:
    """Something that people ask for in their own words.

    Attributes:
        way: Its key (``feature:id``) and ways to ask. One key may stand in several intents of a feature, one a
            language, which differ in nothing else: an index tells them apart better so.
        titles: What it is called on a "did you mean" button, by language; at most 40 characters. Without, it is
            never offered there.
        role: Who may have it run.
    """

    way: Way
    titles: Mapping[str, str]
    handler: Callable[[Context, Any, str], Outcome]
    role: Role = ""


@dataclass(frozen=True)
class Learned:
    """Intents that stand in the store, because people change them while the bot runs.

    Attributes:
        ways: The ways to ask for all of them, or for those with some ids (an intent's key is ``feature:id``).
        find: The intent with an id, as it stands; None if there is none any more.
    """

    ways: Callable[[Transaction, Sequence[str]], Sequence[Way]]
    find: Callable[[Context, str], Intent | None]


@dataclass(frozen=True)
class MenuItem:
    """A button of the main menu; the label is to be translated."""

    label: str
    action: Action


@dataclass(frozen=True)
class Kind:
    """A kind of notice: its name in the settings, to be translated, and who gets such ones."""

    label: str
    role: Role = ""


@dataclass(frozen=True)
class Feature:
    """One thing the bot does.

    Attributes:
        learned: Intents that the feature keeps in the store.
        patterns: Regular expressions that a whole direct message may match, before anything else is tried.
        phrases: Regular expressions that a whole message to the bot may match, in any chat, before it is ranked.
        forms: What a form that came back runs, by its id; a handler alone is for everybody.
        starts: What a deep link's payload ``name_rest`` runs, by name, given a Command whose text is the rest.
        timers: By kind, ``feature.what``.
        views: By name, ``feature.what``.
        replies: What people write in answer to a view's posts, by its name, and to messages that were sent with
            ``about``, by the name in that.
        reports: Who hears how a send ended (``Delivered``, ``Undeliverable``), by name.
        home: Sections of a person's home page.
        on_place: Runs when a lead gave the current chat a purpose; returns what to add to the answer.
        on_added: Runs when the bot came into the current group.
        on_start: Runs when the bot starts.
        digest: What the team hears in the week's digest of what happened since a time.
        on_left: Runs when a person's last account is gone, given the person: frees what they held, and returns how
            much of what, by a name that :mod:`handlers.people.leaving` says.
        on_relieved: Runs when somebody's roles ended with an account: hands on what they looked after for the
            team, and returns the same.
        after: Runs once the reply stands, where some feature noted that the acting person used the hub
            (``Context.used``): what it sends comes below the reply, and never in its way.
        turned_away: Answers somebody whom a lead has blocked; one feature has it.
        retention: How long the feature's tables are kept.
        kept: The same for people, a line each, to be translated: ``**What**: how long.``
        merges: Who hands over the feature's rows when two persons are linked; every table with persons needs one.
        kinds: What of the feature a person can choose to hear or not, by key (``Context.notify(kind=…)``).
    """

    name: str
    commands: Sequence[CommandRoute] = ()
    actions: Mapping[str, ActionRoute] = field(default_factory=dict)
    forms: Mapping[str, Handler | Route] = field(default_factory=dict)
    intents: Sequence[Intent] = ()
    learned: Learned | None = None
    patterns: Sequence[tuple[str, Handler]] = ()
    phrases: Sequence[tuple[str, Handler]] = ()
    starts: Mapping[str, Handler | Route] = field(default_factory=dict)
    timers: Mapping[str, TimerRoute] = field(default_factory=dict)
    views: Mapping[str, View] = field(default_factory=dict)
    replies: Mapping[str, ReplyRoute] = field(default_factory=dict)
    reports: Mapping[str, Handler] = field(default_factory=dict)
    menu: Sequence[MenuItem] = ()
    home: Callable[[Context], tuple[Block, ...]] | None = None
    on_place: Callable[[Context, str], Text | None] | None = None
    on_added: Callable[[Context], None] | None = None
    on_left: Callable[[Context, int], Mapping[str, int]] | None = None
    on_start: Callable[[Context], None] | None = None
    digest: Callable[[Context, datetime], tuple[Block, ...]] | None = None
    on_relieved: Callable[[Context, int], Mapping[str, int]] | None = None
    after: Callable[[Context], None] | None = None
    turned_away: Handler | None = None
    retention: Sequence[Rule] = ()
    kept: Sequence[str] = ()
    merges: Sequence[Merge] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)


class Registry:
    """All features, looked up by what arrives.

    Args:
        features: In the order of the menu.
        unsure: Answers a message that several intents fit, given them.
        unknown: Answers a message that nothing fits.

    Raises:
        ValueError: Two features claim the same word, action, form, timer, view, reply, report, intent or kind of
            notice.
    """

    def __init__(
        self,
        features: Sequence[Feature],
        unsure: Callable[[Context, Any, Sequence[str]], Outcome],
        unknown: Handler,
    ) -> None:
        self.features = tuple(features)
        self.unsure = unsure
        self.unknown = unknown
        self.commands: dict[str, CommandRoute] = {}
        self.german_words = {
            route.words[-1] for feature in features for route in feature.commands if len(set(route.words)) > 1
        }
        self.intents: dict[str, Intent] = {}
        self.learned = {feature.name: feature.learned for feature in features if feature.learned}
        self.actions: dict[str, ActionRoute] = {}
        self.forms: dict[str, Route] = {}
        self.starts: dict[str, Route] = {}
        self.timers: dict[str, TimerRoute] = {}
        self.views: dict[str, View] = {}
        self.replies: dict[str, ReplyRoute] = {}
        self.reports: dict[str, Handler] = {}
        self.kinds: dict[str, Kind] = {}
        self.patterns: list[tuple[re.Pattern[str], Handler]] = []
        self.phrases: list[tuple[re.Pattern[str], Handler]] = []
        self.retention = (*RULES, *(rule for feature in features for rule in feature.retention))
        self.ways = [intent.way for feature in features for intent in feature.intents]
        for feature in features:
            self._add(self.commands, {word: route for route in feature.commands for word in route.words})
            self._add(self.intents, {intent.way.key: intent for intent in feature.intents})
            self._add(self.actions, feature.actions)
            self._add(self.forms, self._routes(feature.forms))
            self._add(self.starts, self._routes(feature.starts))
            self._add(self.timers, feature.timers)
            self._add(self.views, feature.views)
            self._add(self.replies, feature.replies)
            self._add(self.reports, feature.reports)
            self._add(self.kinds, feature.kinds)
            self.patterns += self._compiled(feature.patterns)
            self.phrases += self._compiled(feature.phrases)

    def command(self, name: str, text: str) -> CommandRoute | None:
        """Return the route of a command; None if this is no command but a sentence."""
        route = self.commands.get(name)
        return None if route and route.alone and text.strip() else route

    def intent(self, ctx: Context, key: str) -> Intent | None:
        """Return what is asked for under a key; None once nothing is any more."""
        name, _, rest = key.partition(":")
        learned = self.learned.get(name)
        return self.intents.get(key) or (learned.find(ctx, rest) if learned else None)

    def turned_away(self, ctx: Context, request: Any) -> Outcome:
        """Answer somebody whom a lead has blocked."""
        handlers = [feature.turned_away for feature in self.features if feature.turned_away]
        return handlers[0](ctx, request) if handlers else Nothing()

    @staticmethod
    def _routes(given: Mapping[str, Handler | Route]) -> dict[str, Route]:
        return {name: each if isinstance(each, Route) else Route(each) for name, each in given.items()}

    @staticmethod
    def _compiled(patterns: Sequence[tuple[str, Handler]]) -> list[tuple[re.Pattern[str], Handler]]:
        return [(re.compile(pattern, re.IGNORECASE), handler) for pattern, handler in patterns]

    @staticmethod
    def _add(known: dict[str, Any], new: Mapping[str, Any]) -> None:
        if taken := known.keys() & new.keys():
            raise ValueError(f"claimed by two features: {', '.join(sorted(taken))}")
        known.update(new)
