"""What a handler is given, beside the request."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from handlers.core.features import RIGHTS, Registry
from handlers.core.hub import Hub
from handlers.core.nameless import is_nameless, without_names
from handlers.core.payloads import dump_message
from handlers.core.reaching import direct_chats, quiet_until, wants
from handlers.core.seals import Seals
from handlers.core.texts import Catalogues, Texts
from handlers.core.ui import Attachment, Reply, Span
from handlers.retrieval.knowledge import Knowledge
from storage import chats, outbox, people, places, posts, roles, settings, timers
from storage.chats import Chat
from storage.outbox import NOTICE, REPLY
from storage.people import Person
from storage.places import Purpose
from storage.rows import Transaction


@dataclass(frozen=True)
class Capabilities:
    """What a platform can do by itself; what it can't, the bot does in another way.

    Attributes:
        ephemeral: Show a message in a group to one person alone.
        toasts: Show a passing line in answer to a press.
        forms: Show several questions together.
        topics: Threads of a group are rooms of their own (forum topics), not answers to one message.
        writes_first: Write to somebody who never wrote to the bot.
        deep_links: A link opens the direct chat with the bot and hands over a payload.
        governed: The organisation gives its people their accounts, and closes them when they go.
    """

    ephemeral: bool
    toasts: bool
    forms: bool
    topics: bool
    writes_first: bool
    deep_links: bool
    governed: bool = False


@dataclass(frozen=True)
class House:
    """What all handlers share. ``pack`` is the content pack's folder; ``platforms`` those the bot serves.

    ``knowledge`` is what it understands at the moment.
    """

    pack: Path
    hub: Hub
    catalogues: Catalogues
    registry: Registry
    seals: Seals
    platforms: Mapping[str, Capabilities]
    knowledge: Knowledge = field(default_factory=Knowledge)


class Context:
    """One request's surroundings, inside its transaction.

    Attributes:
        tx: The transaction.
        now: When this happens; handlers know no other clock.
        house: What all handlers share.
        person: Who acts; for a view, who it is shown to, if it is one person.
        roles: The acting person's roles, as of now; ``member`` too.
        chat: Where.
        thread: Where in the chat.
        asked: The person is being asked a form's question here.
        blocked: A lead has blocked the acting person.
        uses: What of the hub the person has just booked, asked for or said yes to.
        t: The texts, in the person's language.
    """

    def __init__(
        self,
        house: House,
        tx: Transaction,
        now: datetime,
        *,
        person: Person,
        roles: frozenset[str],
        chat: Chat,
        thread: str,
        language: str,
        asked: bool = False,
        blocked: bool = False,
        uses: set[str] | None = None,
    ) -> None:
        self.house = house
        self.tx = tx
        self.now = now
        self.person = person
        self.roles = roles
        self.chat = chat
        self.thread = thread
        self.asked = asked
        self.blocked = blocked
        self.uses = set[str]() if uses is None else uses
        self.t = house.catalogues.texts(language)

    @property
    def hub(self) -> Hub:
        return self.house.hub

    @property
    def language(self) -> str:
        return self.t.language

    @property
    def zone(self) -> ZoneInfo:
        return self.house.hub.zone

    @property
    def name(self) -> Span:
        """The acting person, as a mention."""
        return mention(self.person)

    @property
    def nameless(self) -> bool:
        """Nobody is named or quoted in this chat: the hub wants it so."""
        return is_nameless(self.hub, self.chat)

    @property
    def platform(self) -> Capabilities:
        """What the chat's platform can do."""
        return self.house.platforms[self.chat.platform]

    def at(self, chat: Chat, thread: str = "") -> Context:
        """The same, in another chat."""
        return Context(
            self.house,
            self.tx,
            self.now,
            person=self.person,
            roles=self.roles,
            chat=chat,
            thread=thread,
            language=self.language,
            uses=self.uses,
        )

    def used(self, what: str) -> None:
        """Note that the person booked, asked for or said yes to something; ``Feature.after`` follows it up."""
        self.uses.add(what)

    def may(self, role: str) -> bool:
        """May the acting person do what is for this role? A lead may all that a manager may."""
        return not role or not self.roles.isdisjoint(RIGHTS[role])

    def token(self) -> str:
        """A fresh name that nobody can guess: 96 bits, 16 characters."""
        return secrets.token_urlsafe(12)

    def send(
        self,
        chat: Chat,
        key: str,
        content: Reply | Attachment,
        *,
        thread: str = "",
        lane: int = NOTICE,
        audience: str = "",
        reply_via: str = "",
        edits: str = "",
        report: str = "",
        broadcast: str = "",
        not_before: datetime | None = None,
        person: int | None = None,
        about: str = "",
    ) -> int:
        """Put a message into the outbox, once for ever for its key; returns its id, 0 if it was there.

        With ``person``, it is for them wherever they read it: what can't arrive goes to another of their chats.
        With ``about``, as ``name:id``, what people write in answer to it goes to that name in ``Feature.replies``.
        """
        if isinstance(content, Reply) and not audience and is_nameless(self.hub, chat):
            content = without_names(self.t, content)
        row = outbox.add_message(
            self.tx,
            chat,
            key=key,
            payload=dump_message(content),
            lane=lane,
            now=self.now,
            file=isinstance(content, Attachment),
            thread=thread,
            audience=audience,
            reply_via=reply_via,
            edits=edits,
            report=report,
            broadcast=broadcast,
            not_before=not_before,
            person=person,
            about=about,
        )
        for index, attachment in enumerate(content.attachments if row and isinstance(content, Reply) else ()):
            self.send(
                chat,
                f"{key}:file:{index}",
                attachment,
                thread=thread,
                lane=lane,
                audience=audience,
                broadcast=broadcast,
                not_before=not_before,
                person=person,
            )
        return row

    def notify(
        self,
        person_id: int,
        key: str,
        build: Callable[[Texts], Reply],
        *,
        lane: int = NOTICE,
        report: str = "",
        kind: str = "",
        near: Chat | None = None,
        language: str = "",
        avoid: str = "",
        about: str = "",
    ) -> bool:
        """Tell a person something in a direct chat; False if there is no way to reach them, or they don't want it.

        What can't arrive there goes to another direct chat of theirs, where they have one. What is no reply waits
        for the end of their quiet hours.

        Args:
            person_id: Whom.
            key: Of the message, once for ever.
            build: Makes it, in the person's language.
            lane: Of the outbox.
            report: Who wants to hear how it ended.
            kind: Of the feature's ``kinds``, where people may choose not to hear of it.
            near: The chat they asked from: if it is one of their direct chats, the reply goes there.
            language: To use unless they have chosen one: the one they asked in.
            avoid: A platform to use only where there is no other.
            about: What an answer to it is about, as in :meth:`send`.
        """
        person = people.get_person(self.tx, person_id)
        chat = self.direct_chat(person_id, avoid, near.platform if near and near.kind == "direct" else "")
        if person is None or chat is None or not wants(self.tx, person_id, kind):
            return False
        asked_in = language if not person.language_chosen else ""
        texts = self.house.catalogues.texts(asked_in or person.language or self.hub.language)
        quiet = settings.get_settings(self.tx, person_id).quiet if lane != REPLY else None
        held = quiet_until(self.now, quiet, self.zone)
        content = build(texts)
        self.send(chat, key, content, lane=lane, report=report, not_before=held, person=person_id, about=about)
        return True

    def direct_chat(self, person_id: int, avoid: str = "", near: str = "") -> Chat | None:
        """Where a person can be reached: an open direct chat, or one that can be opened.

        The one on the platform ``near``, else on that they prefer; on the one to ``avoid`` if there is no other.
        """
        platforms = self.house.platforms
        found = direct_chats(self.tx, platforms, person_id, self.now, near=near, avoid=avoid)
        return found[0] if found else None

    def open_direct_chat(self) -> Chat | None:
        """Where the acting person can be written to now, here if possible, or None if they must write first."""
        chat = self.direct_chat(self.person.id, near=self.chat.platform)
        return chat if chat and chat.state == "open" else None

    def show(
        self,
        subject: str,
        view: str,
        chat: Chat,
        *,
        thread: str = "",
        lane: int = NOTICE,
        surface: Literal["message", "home"] = "message",
    ) -> None:
        """Post a subject in a chat and keep the post true from now on."""
        posts.add_post(self.tx, subject, view, chat, lane=lane, now=self.now, thread=thread, surface=surface)

    def show_at_places(self, purpose: Purpose, subject: str, view: str) -> int:
        """Post a subject in every chat of a purpose, and keep the posts true; returns how many chats there are."""
        found = places.list_places(self.tx, purpose)
        for place in found:
            if chat := chats.get_chat(self.tx, place.chat_id):
                self.show(subject, view, chat, thread=place.thread)
        return len(found)

    def touch_homes(self, *person_ids: int, managers: bool = False) -> None:
        """What the home pages of these people say has changed, and with ``managers`` that of the whole team."""
        concerned = set(person_ids)
        for role in roles.ROLES if managers else ():
            concerned.update(person.id for person in roles.list_people_with(self.tx, role))
        for person_id in sorted(concerned):
            self.touch_post(f"home:{person_id}")

    def touch_post(self, subject: str) -> None:
        """A subject changed: all its posts are to show it."""
        posts.mark_posts_wanted(self.tx, subject)

    def schedule(self, kind: str, subject: str, due_at: datetime) -> None:
        """Have a timer's handler run at a time, once; set again it moves."""
        timers.add_timer(self.tx, kind, subject, due_at)

    def unschedule(self, kind: str, subject: str) -> None:
        """Drop a timer."""
        timers.remove_timer(self.tx, kind, subject)

    def tell_leads(self, key: str, build: Callable[[Texts], Reply], *, but: int = 0, avoid: str = "") -> None:
        """Tell every lead ``but`` one; where somebody has two platforms, not on the one to ``avoid``."""
        for lead in roles.list_people_with(self.tx, "lead"):
            if lead.id != but:
                self.notify(lead.id, f"{key}:{lead.id}", build, avoid=avoid)


NOBODY = Person(0, "", "", language_chosen=False, greeted=True)
NOWHERE = Chat(0, "", "", "direct", "", "open")


def system_context(house: House, tx: Transaction, now: datetime) -> Context:
    """A context in which nobody acts: for timers, views of groups, and what the runtime has to say."""
    return Context(
        house, tx, now, person=NOBODY, roles=frozenset(), chat=NOWHERE, thread="", language=house.hub.language
    )


def mention(person: Person) -> Span:
    """A person's name, as a mention where the platform knows them."""
    return Span(person.name or "?", bold=True, person=person.id)
