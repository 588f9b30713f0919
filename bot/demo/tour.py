"""The tour: what a day with the bot looks like, said and pressed by the cast."""

from __future__ import annotations

from bot.demo.acting import Acting
from bot.demo.cast import CannotError, Cast
from bot.demo.transcript import Transcript
from bot.wording import Language, Words

_SCENES = (
    Words("1  Zum ersten Mal", "1  For the first time"),
    Words("2  Eine Frage, schnell getippt", "2  A question, typed in a hurry"),
    Words("3  Nicht ganz klar", "3  Not quite clear"),
    Words("4  Das weiß nur ein Mensch", "4  Only a human knows"),
    Words("5  Auf Englisch, in einer Gruppe", "5  In English, in a group"),
    Words("6  Die Frage danach, als Antwort auf Kumpel", "6  The next question, as a reply to Kumpel"),
    Words("7  Ein Platz für einen Tag", "7  A desk for a day"),
    Words("8  Eine Gruppe will Termine hören", "8  A group wants to hear of events"),
    Words("9  Ein Termin, in beiden Chats", "9  An event, in both chats"),
    Words("10  Eine Mitteilung an alle", "10  A notice to everybody"),
    Words("11  Eine Mentorin finden", "11  Finding a mentor"),
    Words("12  Wer darf was", "12  Who may do what"),
)


class Tour:
    """Plays the scenes; what the bot answers is up to the bot and the hub's content.

    Args:
        acting: Lets people act.
        transcript: Prints headings.
        cast: Who is there.
        bot: The bot's username on Telegram.
        language: Of the headings.
    """

    def __init__(self, acting: Acting, transcript: Transcript, cast: Cast, bot: str, language: Language) -> None:
        self._acting = acting
        self._transcript = transcript
        self._cast = cast
        self._bot = bot
        self._language: Language = language

    async def play(self) -> None:
        """Play all scenes."""
        scenes = (
            *(self._first, self._typo, self._unsure, self._team, self._english, self._reply),
            *(self._desk, self._subscription, self._event, self._notice, self._mentoring, self._role),
        )
        for title, scene in zip(_SCENES, scenes, strict=True):
            self._transcript.scene(title.to(self._language))
            await scene()
            self._transcript.only_here = False

    async def _first(self) -> None:
        await self._say("lena", "slack", "hallo")

    async def _typo(self) -> None:
        await self._say("lena", "slack", "was kosstet ein schreibtisch")
        await self._press("lena", "slack", "Hilft mir")

    async def _unsure(self) -> None:
        await self._say("lena", "slack", "was bringt mir das")
        await self._press("lena", "slack", "Was bietet ihr Start-ups?")

    async def _team(self) -> None:
        await self._say("lena", "slack", "habt ihr einen 3d drucker")
        await self._press("lena", "slack", "Ja, fragen", times=2)
        await self._press("jonas", "community-manager", "Übernehmen")
        await self._say("jonas", "telegram", "Ja, im zweiten Stock, Einweisung donnerstags.")
        await self._press("lena", "slack", "Danke, erledigt")

    async def _english(self) -> None:
        await self._say("sam", "founders-ruhr", f"/kumpel@{self._bot} where is the hub?")

    async def _reply(self) -> None:
        await self._say("sam", "founders-ruhr", "and what does a desk cost?", answering=True)

    async def _desk(self) -> None:
        await self._say("lena", "slack", "ich brauche einen platz im hub")
        await self._press("lena", "slack", "Platz nehmen")

    async def _subscription(self) -> None:
        await self._press("petra", "founders-ruhr", "Termine abonnieren")
        await self._say("petra", "#allgemein", "/kumpel here events")

    async def _event(self) -> None:
        await self._say("jonas", "telegram", "/termin")
        for answer in ("Startup-Night", "in zwei Wochen", "18:30"):
            await self._say("jonas", "telegram", answer)
        await self._press("jonas", "telegram", "Überspringen")
        for answer in ("Dortmund", "Fünf Pitches, danach Essen und Leute.", "50"):
            await self._say("jonas", "telegram", answer)
        await self._press("jonas", "telegram", "Veröffentlichen")
        await self._press("mira", "founders-ruhr", "Dabei")
        await self._press("sam", "#allgemein", "Dabei")

    async def _notice(self) -> None:
        await self._say("jonas", "telegram", "/mitteilung Am Freitag ist der Hub ab 14 Uhr zu.")
        await self._press("jonas", "telegram", "Senden")

    async def _mentoring(self) -> None:
        await self._say("lena", "telegram", "ich suche einen mentor für logistik")
        await self._say("lena", "telegram", "Wir suchen Pilotkunden für unsere Lagerroboter.")
        await self._press("lena", "telegram", "✓ Logistik-IT")
        await self._press("lena", "telegram", "✓ Dortmund")
        await self._press("aylin", "#community-managers", "Lesen")
        await self._press("aylin", "#community-managers", "Annehmen")

    async def _role(self) -> None:
        await self._say("mira", "telegram", "/grant manager @mira_essen")

    async def _say(self, who: str, where: str, text: str, *, answering: bool = False) -> None:
        await self._acting.say(self._cast.people[who], self._cast.rooms[where], text, answering=answering)

    async def _press(self, who: str, where: str, label: str, *, times: int = 1) -> None:
        """Press a button. Another hub's content may not lead to it: then the tour goes on without."""
        try:
            await self._acting.press(self._cast.people[who], self._cast.rooms[where], label, times=times)
        except CannotError as cannot:
            self._transcript.note(cannot.words.to(self._language))
