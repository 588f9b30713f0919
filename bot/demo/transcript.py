"""The transcript: everything that appears anywhere in the two chats, as it appears."""

from __future__ import annotations

from collections.abc import Callable
from itertools import dropwhile, takewhile
from operator import eq, not_

from bot.demo.reading import Pen, slack_lines, telegram_lines, width_of, wrapped
from bot.sandbox import slack, telegram
from bot.sandbox.world import SandboxWorld
from bot.wording import Language, Words

WIDEST = 92
"""Columns of the longest line."""
NAME_COLUMNS = 9

_ONLY_FOR = Words("nur {name} sieht das", "only {name} sees this")
_DIRECT = Words("{name} und Kumpel, direkt", "{name} and Kumpel, directly")
_GROUP = Words("Gruppe „{name}“", "group “{name}”")
_THREAD = Words("Thread", "thread")
_HOME = Words("Startseite von {name}", "{name}'s home tab")
_FORM = Words("Formular", "form")
_GONE = Words("(gelöscht)", "(deleted)")
_TOAST = Words("(kurz eingeblendet)", "(shown for a moment)")


class Transcript:
    """Prints what happens: who, where, the message, its buttons.

    Args:
        world: The platforms to look at.
        show: Prints lines.
        pen: Writes styles.
        language: Of what is said around the messages.
        columns: Width of the screen.
    """

    def __init__(
        self, world: SandboxWorld, show: Callable[[str], None], pen: Pen, language: Language, columns: int
    ) -> None:
        self._world = world
        self._show = show
        self._pen = pen
        self._language: Language = language
        self._columns = max(40, min(columns, WIDEST))
        self._place = ""
        self._here = ""
        self._printed: dict[object, list[str]] = {}
        self.only_here = False
        """Leave out what appears in other places than where somebody acts."""

    def listen(self) -> Callable[[], None]:
        """Print from now on; what is returned ends that."""
        ends = (self._world.slack.subscribe(self._slack), self._world.telegram.subscribe(self._telegram))

        def end() -> None:
            for each in ends:
                each()

        return end

    def scene(self, title: str) -> None:
        """Print a heading."""
        self._show(f"\n{self._pen.write(title, 'bold')}")
        self._place = self._here = ""

    def note(self, text: str) -> None:
        """Print a line that nobody in the chats sees."""
        self._show(self._pen.write(f"  {text}", "dim"))

    def act_at(self, place: str) -> None:
        """Somebody acts here: what appears in other places is marked with an arrow."""
        self._here = place

    def deed(self, place: str, name: str, what: str) -> None:
        """Print what somebody does without saying something."""
        self.act_at(place)
        self._say(place, name, [self._pen.write(what, "dim")])

    def home(self, view: slack.View) -> None:
        """Print somebody's home tab."""
        user = self._world.slack.world.workspace.users[view.user]
        place = f"Slack · {_HOME.to(self._language).format(name=user.name)}"
        self.act_at(place)
        self._say(place, self._bot, slack_lines(view, self._pen))

    def toast(self, place: str, text: str) -> None:
        """Print a line that the platform shows for a moment."""
        passing = self._pen.write(_TOAST.to(self._language), "dim")
        self._say(place, self._bot, [f"{self._pen.write(text)} {passing}"])

    @property
    def _bot(self) -> str:
        return self._world.telegram.world.bot.first_name

    # --- places ------------------------------------------------------------------------------------------

    def slack_place(self, channel: slack.Channel, thread: bool = False) -> str:
        """How a Slack conversation is called."""
        users = self._world.slack.world.workspace.users
        if channel.kind == "im":
            other = next(users[member].name for member in channel.members if not users[member].is_bot)
            name = _DIRECT.to(self._language).format(name=other)
        else:
            name = f"#{channel.name}" + (f", {_THREAD.to(self._language)}" if thread else "")
        return f"Slack · {name}"

    def telegram_place(self, chat: telegram.Chat, topic: telegram.Topic | None = None) -> str:
        """How a Telegram chat is called."""
        if chat.person is not None:
            name = _DIRECT.to(self._language).format(name=chat.person.first_name)
        else:
            title = f"{chat.title} › {topic.name}" if topic else chat.title
            name = _GROUP.to(self._language).format(name=title)
        return f"Telegram · {name}"

    # --- what happens ------------------------------------------------------------------------------------

    def _slack(self, change: slack.Change) -> None:
        match change.kind, change.subject:
            case "message" | "message_changed" | "message_deleted" as kind, slack.Message() as message:
                self._slack_message(kind, message)
            case "view", slack.View(type="modal") as view:
                self._modal(view)

    def _slack_message(self, kind: str, message: slack.Message) -> None:
        if message.subtype in ("channel_join", "channel_leave"):
            return
        workspace = self._world.slack.world.workspace
        threaded = message.thread_ts not in (None, message.ts)
        place = self.slack_place(workspace.channels[message.channel], threaded)
        lines = [_GONE.to(self._language)] if kind == "message_deleted" else slack_lines(message, self._pen)
        if message.ephemeral_for:
            name = workspace.users[message.ephemeral_for].name
            lines.append(self._pen.write(f"({_ONLY_FOR.to(self._language).format(name=name)})", "dim"))
        speaker = workspace.users[message.user].name if message.user else "?"
        self._message(message, place, self._shown_name(speaker), lines, changed=kind != "message")

    def _modal(self, view: slack.View) -> None:
        workspace = self._world.slack.world.workspace
        if view not in workspace.modals.get(view.user, ()):
            return  # it was closed
        user = workspace.users[view.user]
        place = self.slack_place(self._world.slack.world.im_with(user))
        heading = f"{_FORM.to(self._language)}: {self._pen.write(view.title, 'bold')}"
        submit = (view.definition.get("submit") or {}).get("text")
        lines = [heading, *slack_lines(view, self._pen), *([f"[{submit}]"] if submit else [])]
        self._message(view, place, self._bot, lines, changed=False)

    def _telegram(self, change: telegram.Change) -> None:
        message = change.message
        if message is None or change.kind not in ("message", "edited", "deleted") or message.kind == "service":
            return
        place = self.telegram_place(message.chat, message.topic)
        lines = telegram_lines(message, self._pen)
        if change.kind == "deleted":
            lines = [_GONE.to(self._language)]
        self._message(message, place, message.sender.first_name, lines, changed=change.kind != "message")

    def _shown_name(self, name: str) -> str:
        return self._bot if name == self._world.slack.world.bot.name else name

    def _message(self, message: object, place: str, name: str, lines: list[str], *, changed: bool) -> None:
        before = self._printed.get(message, [])
        if before == lines:
            return  # nothing that people see has changed
        self._printed[message] = lines
        same = len(list(takewhile(bool, map(eq, before, lines))))
        if 0 < same < len(lines):
            lines = ["…", *dropwhile(not_, lines[same:])]
        self._say(place, name, lines, changed=changed)

    def _say(self, place: str, name: str, lines: list[str], *, changed: bool = False) -> None:
        if self.only_here and place != self._here:
            return
        shown: list[str] = []
        if place != self._place:
            self._place = place
            arrow = "" if not self._here or place == self._here else "⟶ "
            shown += ["", self._pen.write(f"{arrow}{place}", "underline", "dim")]
        styles = ("name",) if name == self._bot else ()
        column = self._pen.write(name, *styles) + (" ✎" if changed else "")
        indent = " " * (NAME_COLUMNS + 2)
        lead = f"  {column}{' ' * max(1, NAME_COLUMNS - width_of(column))}"
        for line in lines:
            for part in wrapped(line, self._columns - len(indent)):
                shown.append(f"{lead}{part}".rstrip())
                lead = indent
        self._show("\n".join(shown))
