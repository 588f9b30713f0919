"""The calls of the bot, each with the stories that it belongs to and the messages that it made."""

from __future__ import annotations

import json
import time
from collections import OrderedDict, deque

from bot.demo import tracing
from bot.demo.following import Following
from bot.demo.shelf import Shelf
from bot.demo.stage import Stage
from bot.demo.story import CallNote, Cleaner, Story
from bot.sandbox import slack, telegram
from bot.sandbox.faults import Call
from storage.sendings import Sending

MOST_HELD = 100
"""Calls that may still find their story: questions asked before a request, uploads before their message."""

_ROLES = {"message": "made", "message_changed": "changed", "edited": "changed", "home": "changed", "view": "made"}


class Calls:
    """Follows all calls from their arrival to their answer.

    Args:
        stage: The platforms.
        shelf: The stories.
        following: What is on its way for them.
        clean: Makes what is noted presentable.
    """

    def __init__(self, stage: Stage, shelf: Shelf, following: Following, clean: Cleaner) -> None:
        self._stage = stage
        self._shelf = shelf
        self._following = following
        self._clean = clean
        self._open: OrderedDict[int, tuple[Call, CallNote]] = OrderedDict()
        self._uploads: OrderedDict[str, list[CallNote]] = OrderedDict()
        self._questions: deque[tuple[CallNote, set[str]]] = deque(maxlen=MOST_HELD)
        stage.world.slack.subscribe(self._slack_changed)
        stage.world.telegram.subscribe(self._telegram_changed)
        stage.subscribe(self._stage_changed)

    def adopt_questions(self, story: Story, since: float) -> None:
        """What was asked about a story's people and place since it was delivered was asked for it."""
        if story.asked is None:
            return
        about = {
            story.asked.actor.account.rpartition(":")[2],
            story.asked.place.chat.rpartition(":")[2],
            *(actor.account.rpartition(":")[2] for actor in getattr(story.asked, "mentions", ())),
        }
        for question in list(self._questions):
            note, asked = question
            if note.platform == story.platform and note.begun_at >= since and not about.isdisjoint(asked):
                self._questions.remove(question)
                self._attach(note, [story])

    # --- a call from its beginning to its end ------------------------------------------------------------------

    def _called(self, platform: str, call: Call) -> None:
        if call.method in tracing.CHATTER:
            return
        if id(call) in self._open:
            self._answered(*self._open.pop(id(call)))
        else:
            self._begun(platform, call)

    def _begun(self, platform: str, call: Call) -> None:
        world = self._stage.world
        places = (
            tracing.slack_places(world.slack.world, call)
            if platform == "slack"
            else frozenset({str(call.params.get("chat_id") or "")})
        )
        now = self._stage.clock.now().isoformat(timespec="milliseconds")
        note = CallNote(platform, call.method, self._clean(call.params), now, time.perf_counter(), places)
        self._open[id(call)] = call, note
        while len(self._open) > MOST_HELD:
            self._open.popitem(last=False)
        sendings = [
            sending for sending in self._following.under_way(platform) if self._serves(call, platform, sending)
        ]
        stories = [story for sending in sendings for story in self._following.owners_of(sending)]
        note.key = sendings[0].key if sendings else ""
        file = tracing.upload_of(call)
        if stories:
            self._attach_uploads(call, stories)
        elif file or call.method == "files.getUploadURLExternal":
            self._hold_upload(file, note)
            return
        else:
            stories = self._acknowledged(platform, call)
        if stories:
            self._attach(note, stories)
        elif about := tracing.asks_about(call):
            self._questions.append((note, about))

    def _serves(self, call: Call, platform: str, sending: Sending) -> bool:
        if platform == "slack":
            return tracing.slack_serves(self._stage.world.slack.world, call, sending)
        return tracing.telegram_serves(call, sending)

    def _acknowledged(self, platform: str, call: Call) -> list[Story]:
        """The stories of a call that sends nothing: it opens a form, ends a press, or asks something meanwhile."""
        params = call.params
        if platform == "slack" and params.get("trigger_id"):
            return self._of_delivery(f"slack:trigger:{params['trigger_id']}")
        if params.get("callback_query_id"):
            return self._of_press(str(params["callback_query_id"]))
        if params.get("chat_id") and params.get("message_id"):
            return self._shelf.of_message(platform, str(params["chat_id"]), str(params["message_id"]))[-1:]
        about = tracing.asks_about(call)
        return [
            story
            for story in self._shelf
            if story.state == "handling"
            and story.asked is not None
            and story.platform == platform
            and not about.isdisjoint(
                part.rpartition(":")[2] for part in (story.asked.actor.account, story.asked.place.chat)
            )
        ]

    def _of_press(self, query: str) -> list[Story]:
        history = self._stage.world.telegram.world.queue.history
        update = next(
            (u for u in reversed(history) if u.type == "callback_query" and u.payload["id"] == query), None
        )
        return self._of_delivery(f"telegram:{update.update_id}") if update else []

    def _of_delivery(self, key: str) -> list[Story]:
        story = self._shelf.of_delivery(key)
        return [story] if story else []

    def _answered(self, call: Call, note: CallNote) -> None:
        note.status, note.answer, note.done = call.status, self._clean(call.answer), True
        note.millis = round((time.perf_counter() - note.begun_at) * 1000, 1)
        if call.method == "files.getUploadURLExternal" and not note.stories:
            self._hold_upload(tracing.upload_of(call), note)
        for story in note.stories:
            self._shelf.touch(story)

    def _attach(self, note: CallNote, stories: list[Story]) -> None:
        for story in stories:
            if story not in note.stories:
                note.attempt = 1 + sum((call.key, call.method) == (note.key, note.method) for call in story.calls)
                note.stories.append(story)
                story.calls.append(note)
                self._shelf.touch(story)

    # --- uploads, which say late what they are for ---------------------------------------------------------------

    def _hold_upload(self, file: str, note: CallNote) -> None:
        if file:
            self._uploads.setdefault(file, []).append(note)
            while len(self._uploads) > MOST_HELD:
                self._uploads.popitem(last=False)
        elif note.done:  # it was refused before the file had an id
            files = [
                s for s in self._following.under_way(note.platform) if not s.payload or '"Picture"' in s.payload
            ]
            if len(files) == 1:
                note.key = files[0].key
                self._attach(note, self._following.owners_of(files[0]))

    def _attach_uploads(self, call: Call, stories: list[Story]) -> None:
        said = json.dumps(call.params)
        for file in [file for file in self._uploads if file in said]:
            for note in self._uploads.pop(file):
                self._attach(note, stories)

    # --- what calls do ------------------------------------------------------------------------------------------

    def _made(self, platform: str, place: str, message: str, role: str) -> None:
        """Something of the bot's changed; a call does its work without a pause, so one does it that is open."""
        for _, note in reversed(self._open.values()):
            if note.platform == platform and (not note.places or place in note.places):
                for story in note.stories:
                    self._shelf.show(story, platform, place, message, role)
                return

    def _slack_changed(self, change: slack.Change) -> None:
        role = _ROLES.get(change.kind, "deleted")
        match change.subject:
            case Call() as call:
                self._called("slack", call)
            case slack.Message() as message if message.bot_id == self._stage.world.slack.bot_id:
                self._made("slack", message.channel, message.ts, role)
            case slack.View() as view if view.type == "home":
                self._made("slack", "home", view.user, role)
            case slack.View() as view:
                self._made("slack", "view", view.id, role)

    def _telegram_changed(self, change: telegram.Change) -> None:
        message = change.message
        if change.call is not None:
            self._called("telegram", change.call)
        elif message is None or change.kind not in ("message", "edited", "deleted"):
            return
        elif message.sender.id == self._stage.world.telegram.bot_id:
            role = _ROLES.get(change.kind, "deleted")
            self._made("telegram", str(message.chat.id), str(message.message_id), role)

    def _stage_changed(self) -> None:
        """Where the bot has gone, nobody hears the answers any more."""
        if self._stage.app is None and not self._stage.starting:
            while self._open:
                _, (_, note) = self._open.popitem()
                note.done = True
                for story in note.stories:
                    self._shelf.touch(story)
