"""How a feature says what it does: a table that the router reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from handlers.core.ui import Action, Block, Outcome, Reply, Text
from handlers.retrieval.index import Way
from storage.retention import RULES, Rule

if TYPE_CHECKING:
    from handlers.core.context import Context

Handler = Callable[["Context", Any], Outcome]
"""Gets the context and the request; decides, changes rows, returns what to say."""

View = Callable[["Context", str], Reply | None]
"""Shows the current state of a subject's id; None once it is to be shown no more."""

Role = Literal["", "manager", "lead"]


@dataclass(frozen=True)
class CommandRoute:
    """A command in both languages.

    Attributes:
        words: English and German name, each one word.
        description: For the menus, to be translated; a command without one is not listed.
        arguments: What may follow when it is plain text rather than a command; anything else is a sentence that
            merely begins with the word.
        alone: Even as a command it stands alone; with more behind it, it is a sentence: ``/kumpel ich suche …``.
    """

    words: tuple[str, ...]
    handler: Handler
    description: str = ""
    role: Role = ""
    scope: Literal["direct", "group", "both"] = "both"
    arguments: str = ""
    alone: bool = False

    def fits(self, text: str) -> bool:
        return re.fullmatch(self.arguments, text.strip(), re.IGNORECASE | re.DOTALL) is not None


@dataclass(frozen=True)
class ActionRoute:
    """What a control's action runs, and who may."""

    handler: Handler
    role: Role = ""
    needs_chat_admin: bool = False


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
    """

    way: Way
    titles: Mapping[str, str]
    handler: Callable[[Context, Any, str], Outcome]


@dataclass(frozen=True)
class MenuItem:
    """A button of the main menu; the label is to be translated."""

    label: str
    action: Action


@dataclass(frozen=True)
class Feature:
    """One thing the bot does.

    Attributes:
        patterns: Regular expressions that a whole direct message may match, before anything else is tried.
        phrases: Regular expressions that a whole message to the bot may match, in any chat, before it is ranked.
        starts: What a deep link's payload ``name_rest`` runs, by name, given a Command whose text is the rest.
        timers: By kind, ``feature.what``.
        views: By name, ``feature.what``.
        reports: Who hears how a send ended (``Delivered``, ``Undeliverable``), by name.
        home: Sections of a person's home page.
        on_place: Runs when a lead gave the current chat a purpose; returns what to add to the answer.
        on_added: Runs when the bot came into the current group.
        retention: How long the feature's tables are kept.
        kept: The same for people, a line each, to be translated: ``**What**: how long.``
    """

    name: str
    commands: Sequence[CommandRoute] = ()
    actions: Mapping[str, ActionRoute] = field(default_factory=dict)
    forms: Mapping[str, Handler] = field(default_factory=dict)
    intents: Sequence[Intent] = ()
    patterns: Sequence[tuple[str, Handler]] = ()
    phrases: Sequence[tuple[str, Handler]] = ()
    starts: Mapping[str, Handler] = field(default_factory=dict)
    timers: Mapping[str, TimerRoute] = field(default_factory=dict)
    views: Mapping[str, View] = field(default_factory=dict)
    reports: Mapping[str, Handler] = field(default_factory=dict)
    menu: Sequence[MenuItem] = ()
    home: Callable[[Context], tuple[Block, ...]] | None = None
    on_place: Callable[[Context, str], Text | None] | None = None
    on_added: Callable[[Context], None] | None = None
    retention: Sequence[Rule] = ()
    kept: Sequence[str] = ()


class Registry:
    """All features, looked up by what arrives.

    Args:
        features: In the order of the menu.
        unsure: Answers a message that several intents fit, given them.
        unknown: Answers a message that nothing fits.

    Raises:
        ValueError: Two features claim the same word, action, form, timer, view, report or intent.
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
        self.actions: dict[str, ActionRoute] = {}
        self.forms: dict[str, Handler] = {}
        self.starts: dict[str, Handler] = {}
        self.timers: dict[str, TimerRoute] = {}
        self.views: dict[str, View] = {}
        self.reports: dict[str, Handler] = {}
        self.patterns: list[tuple[re.Pattern[str], Handler]] = []
        self.phrases: list[tuple[re.Pattern[str], Handler]] = []
        self.retention = (*RULES, *(rule for feature in features for rule in feature.retention))
        self.ways = [intent.way for feature in features for intent in feature.intents]
        for feature in features:
            self._add(self.commands, {word: route for route in feature.commands for word in route.words})
            self._add(self.intents, {intent.way.key: intent for intent in feature.intents})
            self._add(self.actions, feature.actions)
            self._add(self.forms, feature.forms)
            self._add(self.starts, feature.starts)
            self._add(self.timers, feature.timers)
            self._add(self.views, feature.views)
            self._add(self.reports, feature.reports)
            self.patterns += self._compiled(feature.patterns)
            self.phrases += self._compiled(feature.phrases)

    def command(self, name: str, text: str) -> CommandRoute | None:
        """Return the route of a command; None if this is no command but a sentence."""
        route = self.commands.get(name)
        return None if route and route.alone and text.strip() else route

    @staticmethod
    def _compiled(patterns: Sequence[tuple[str, Handler]]) -> list[tuple[re.Pattern[str], Handler]]:
        return [(re.compile(pattern, re.IGNORECASE), handler) for pattern, handler in patterns]

    @staticmethod
    def _add(known: dict[str, Any], new: Mapping[str, Any]) -> None:
        if taken := known.keys() & new.keys():
            raise ValueError(f"claimed by two features: {', '.join(sorted(taken))}")
        known.update(new)
