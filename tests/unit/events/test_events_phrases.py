"""How people ask for what is coming up, and what only sounds like it."""

from __future__ import annotations

import re
import time

import pytest

from handlers.events.phrases import ASKING, ENGLISH, GERMAN, KEY, TITLES
from handlers.retrieval.fold import words

UNSEEN_GERMAN = """
Was steht die nächsten Tage an?
was geht nächste woche
Wann ist wieder Startup Night?
wann ist die nächste startup night in essen
Gibt's bald wieder ein Event?
welche veranstaltungen kommen als nächstes
Ist heute Abend was los?
was läuft am wochenende
Habt ihr am Freitag eine Veranstaltung?
Termine bitte
Gibt es am Wochenende Veranstaltungen?
Wann trefft ihr euch das nächste Mal?
was ist im januar geplant
zeig die nächsten events
Welche Events stehen im Kalender?
Wie melde ich mich zur Startup-Night an?
anmelden für den experience day
nächste veranstaltung?
was steht bei euch so an
Wann ist der nächste Pitch-Abend?
Gibt es nächsten Monat Termine?
kommt demnächst irgendwas
Was ist morgen los?
Welche Termine habt ihr diese Woche?
Eventkalender
"""
UNSEEN_ENGLISH = """
what's coming up
any events tomorrow?
Any events this month?
when's the next startup night
when will the next event be
is anything happening tonight?
what's going on this weekend
do you have an event on friday
upcoming events please
show me the next dates
which events are planned for next month?
How do I sign up for the startup night?
register for the experience day
what events do you have this week
is there something on next thursday?
next events?
calendar of events
what is planned for january
any meetups coming up?
when do you meet next
what's on at the hub next week
is there a startup night soon?
list upcoming events
"""
NEAR_MISSES = """
Was sind die Startup-Nights?
Was ist die startupweek:RUHR?
Was kosten die Events nächste Woche?
Ist der Eintritt zum nächsten Event frei?
Welche Art von Veranstaltungen macht ihr?
Was passiert bei einer Startup Night?
What kind of events do you organise?
How much is a ticket for the next startup night?
What is an Experience Day?
Wie läuft die Start-up Night nächste Woche ab?
Kann ich nächste Woche einen Raum für eine Veranstaltung mieten?
Ist morgen ein Platz frei?
Is there a desk free tomorrow?
Ich brauche nächste Woche einen Termin mit einem Mentor
Wann habt ihr am Freitag geöffnet?
Are you open next week?
Was ist der Hub?
Was geht?
"""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def reaches(bot, text: str) -> bool:
    """Does this reach the list of events, surely?"""
    phrases = [handler for phrase, handler in bot.house.registry.phrases if phrase.fullmatch(text)]
    if phrases:
        return phrases[0].__module__ == "handlers.events.listing"
    ranked = bot.index.rank(text)
    return bot.index.judge(ranked) == "answer" and ranked[0].key == KEY


@pytest.mark.parametrize("text", lines(UNSEEN_GERMAN) + lines(UNSEEN_ENGLISH))
async def test_who_asks_for_what_is_coming_up_gets_it(bot, text):
    assert reaches(bot, text)


@pytest.mark.parametrize("text", lines(NEAR_MISSES))
async def test_what_only_sounds_like_it_goes_elsewhere(bot, text):
    assert not reaches(bot, text)


@pytest.mark.parametrize("text", list(TITLES.values()))
async def test_the_titles_reach_it_too_and_fit_a_button(bot, text):
    assert reaches(bot, text)
    assert len(text) <= 40


def test_the_unseen_phrasings_are_unseen():
    seen = {tuple(words(text)) for group in (*GERMAN, *ENGLISH) for text in group}
    assert not seen & {tuple(words(text)) for text in lines(UNSEEN_GERMAN) + lines(UNSEEN_ENGLISH)}


@pytest.mark.parametrize(
    "text", ["was heute " * 2000, "läuft " * 4000, "was ist im " * 14, "\n" * 20_000, "event " * 26]
)
def test_long_and_odd_texts_take_no_time(text):
    started = time.perf_counter()
    re.compile(ASKING, re.IGNORECASE).fullmatch(text)
    assert time.perf_counter() - started < 0.25
