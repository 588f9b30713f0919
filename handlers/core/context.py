"""What a handler is given, beside the request."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from handlers.core.features import Registry
from handlers.core.hub import Hub
from handlers.core.payloads import dump_message
from handlers.core.seals import Seals
from handlers.core.texts import Catalogues, Texts
from handlers.core.ui import Attachment, Reply, Span
from storage import chats, outbox, people, places, posts, timers
from storage.chats import Chat
from storage.outbox import NOTICE
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
    """

    ephemeral: bool
    toasts: bool
    forms: bool
    topics: bool
    writes_first: bool


@dataclass(frozen=True)
class House:
    """What all handlers share. ``pack`` is the content pack's folder."""

    pack: Path
    hub: Hub
    catalogues: Catalogues
    registry: Registry
    seals: Seals
    platforms: Mapping[str, Capabilities]


class Context:
    """One request's surroundings, inside its transaction.

    Attributes:
        tx: The transaction.
        now: When this happens; handlers know no other clock.
        house: What all handlers share.
        person: Who acts; for a view, who it is shown to, if it is one person.
        roles: The acting person's roles, as of now.
        chat: Where.
        thread: Where in the chat.
        asked: The person is being asked a form's question here.
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
    ) -> None:
        self.house = house
        self.tx = tx
        self.now = now
        self.person = person
        self.roles = roles
        self.chat = chat
        self.thread = thread
        self.asked = asked
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
        )

    def may(self, role: str) -> bool:
        """Has the acting person this role? A lead may do all that a manager may."""
        return not role or role in self.roles or "lead" in self.roles

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
    ) -> int:
        """Put a message into the outbox, once for ever for its key; returns its id, 0 if it was there."""
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
            )
        return row

    def notify(
        self, person_id: int, key: str, build: Callable[[Texts], Reply], *, lane: int = NOTICE, report: str = ""
    ) -> bool:
        """Tell a person something in a direct chat, in their language; False if there is no way to reach them."""
        person = people.get_person(self.tx, person_id)
        chat = self.direct_chat(person_id)
        if person is None or chat is None:
            return False
        texts = self.house.catalogues.texts(person.language or self.hub.language)
        self.send(chat, key, build(texts), lane=lane, report=report)
        return True

    def direct_chat(self, person_id: int) -> Chat | None:
        """Where a person can be reached: the open direct chat used last, or one that can be opened."""
        if known := chats.list_direct_chats(self.tx, person_id):
            return known[0]
        for account in people.list_accounts(self.tx, person_id):
            if account.external_id and self.house.platforms[account.platform].writes_first:
                return chats.add_chat(self.tx, account.platform, account.external_id, "direct", "", self.now)
        return None

    def open_direct_chat(self) -> Chat | None:
        """Where the acting person can be written to now, or None if they must write first."""
        chat = self.direct_chat(self.person.id)
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
        for role in ("manager", "lead") if managers else ():
            concerned.update(person.id for person in people.list_people_with(self.tx, role))
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

    def tell_leads(self, key: str, build: Callable[[Texts], Reply]) -> None:
        """Tell every lead."""
        for lead in people.list_people_with(self.tx, "lead"):
            self.notify(lead.id, f"{key}:{lead.id}", build)


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
