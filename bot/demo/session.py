"""One run of the demo: the tour, then whatever is typed."""

from __future__ import annotations

from pathlib import Path

from bot.demo.acting import Acting
from bot.demo.cast import CannotError, Cast, Person, Room
from bot.demo.lines import Deed, read_line
from bot.demo.reading import Pen
from bot.demo.stage import Stage, running_stage
from bot.demo.terminal import Terminal
from bot.demo.tour import Tour
from bot.demo.transcript import Transcript
from bot.wording import Language, Words

_PREPARED = Words(
    "Vorbereitet, alles im Chat: Petra leitet (Einmal-Code), Aylin und Jonas sind Community-Manager\n"
    "(grant manager), und Fragen ans Team gehen nach #community-managers und in Jonas’ Telegram-Gruppe\n"
    "(here managers). ⟶ steht vor allem, was woanders erscheint, ✎ an allem, was sich ändert.",
    "Prepared, all in chat: Petra is lead (one-time code), Aylin and Jonas are community managers\n"
    "(grant manager), and questions for the team go to #community-managers and to Jonas’ Telegram group\n"
    "(here managers). ⟶ marks what appears elsewhere, ✎ what changes.",
)
_YOUR_TURN = Words(
    "Jetzt du, zum Beispiel: lena@slack: Wann ist offen?   (help zeigt mehr, quit beendet)",
    "Your turn, for example: sam@telegram: When are you open?   (help shows more, quit ends)",
)
_TRY = Words(
    "Im Terminal geht es hier weiter: kumpel demo, und dann zum Beispiel lena@slack: Wann ist offen?",
    "In a terminal it goes on here: kumpel demo, and then for example sam@telegram: When are you open?",
)
_HELP = Words(
    "lena@slack: Wann ist offen?                Lena schreibt Kumpel in Slack\n"
    "mira@telegram: /hilfe                      Mira schreibt Kumpel in Telegram\n"
    "lena@#allgemein: @Kumpel wo seid ihr?      in einem Slack-Kanal\n"
    "sam@founders-ruhr: /kumpel@kumpel_bot …    in einer Telegram-Gruppe\n"
    "sam@founders-ruhr reply und wo ist das?    als Antwort auf Kumpels letzte Nachricht\n"
    "press Hilft mir                            dieselbe Person drückt einen Knopf\n"
    "jonas@telegram press Übernehmen            jemand anders drückt einen\n"
    ": noch eine Frage                          dieselbe Person schreibt weiter\n"
    "petra@slack home                           Kumpels Startseite in Slack\n"
    "people                                     wer wo ist\n"
    "quit                                       Schluss",
    "sam@slack: When are you open?              Sam writes to Kumpel on Slack\n"
    "mira@telegram: /help                       Mira writes to Kumpel on Telegram\n"
    "sam@#allgemein: @Kumpel where are you?     in a Slack channel\n"
    "sam@founders-ruhr: /kumpel@kumpel_bot …    in a Telegram group\n"
    "sam@founders-ruhr reply and where is it?   in reply to Kumpel’s latest message\n"
    "press That helps                           the same person presses a button\n"
    "jonas@telegram press Übernehmen            somebody else presses one\n"
    ": another question                         the same person goes on\n"
    "petra@slack home                           Kumpel’s home tab on Slack\n"
    "people                                     who is where\n"
    "quit                                       the end",
)


async def run_session(hub: Path, database: Path, terminal: Terminal, language: Language) -> None:
    """Start everything, play the tour, then do what is typed, if anybody can type.

    Raises:
        PackError: The content pack holds something that can't be used.
        StoreError: The database can't be used.
    """
    pen = Pen(terminal.colours)
    async with running_stage(hub, database) as stage:
        terminal.show(pen.write(_PREPARED.to(language), "dim"))
        transcript = Transcript(stage.world, terminal.show, pen, language, terminal.columns)
        transcript.only_here = True  # the bot may still be answering what Petra prepared
        acting = Acting(stage, transcript, language)
        end = transcript.listen()
        try:
            bot = stage.world.telegram.bot_username
            await Tour(acting, transcript, stage.cast, bot, language).play()
            if terminal.is_interactive:
                terminal.show(f"\n{pen.write(_YOUR_TURN.to(language), 'bold')}")
                await _take_lines(stage, acting, transcript, terminal, language)
            else:
                terminal.show(f"\n{pen.write(_TRY.to(language), 'bold')}")
        finally:
            end()


async def _take_lines(
    stage: Stage, acting: Acting, transcript: Transcript, terminal: Terminal, language: Language
) -> None:
    last: tuple[Person, Room] | None = (stage.cast.people["lena"], stage.cast.rooms["slack"])
    while (line := await terminal.read()) is not None:
        try:
            deed = read_line(line, stage.cast, last)
            if deed.verb == "quit":
                return
            if deed.person and deed.room:
                last = (deed.person, deed.room)
            await _do(deed, stage.cast, acting, terminal, language)
        except CannotError as cannot:
            transcript.note(cannot.words.to(language))


async def _do(deed: Deed, cast: Cast, acting: Acting, terminal: Terminal, language: Language) -> None:
    match deed:
        case Deed("help"):
            terminal.show(_HELP.to(language))
        case Deed("people"):
            terminal.show(_who_is_where(cast, language))
        case Deed("home", Person() as person):
            await acting.open_home(person)
        case Deed("press", Person() as person, Room() as room, label):
            await acting.press(person, room, label)
        case Deed("say" | "reply" as verb, Person() as person, Room() as room, text):
            await acting.say(person, room, text, answering=verb == "reply")


def _who_is_where(cast: Cast, language: Language) -> str:
    """Everybody with the places they are in, as they are typed."""
    lines = []
    for person in cast.people.values():
        rooms = ", ".join(room.key for room in cast.rooms.values() if room.has(person))
        lines.append(f"{person.key + '@…':<9}{rooms} ({person.role.to(language)})")
    return "\n".join(lines)
