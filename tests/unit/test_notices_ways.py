"""Asking for a notice in one's own words, and what only sounds like it."""

from __future__ import annotations

import pytest

from handlers.core.ui import OpenForm
from storage import notices

UNSEEN = {
    "de": (
        "kann ich eine rundmail an alle gruppen schicken",
        "bitte sag allen kanälen bescheid",
        "wir müssen alle informieren",
        "schreib in alle kanäle dass wir morgen zu haben",
        "poste das bitte in allen chats",
        "mitteilung an alle kanäle",
        "nachricht an alle gruppen senden",
        "wie schicke ich eine mitteilung",
        "wie informiere ich alle gruppen auf einmal",
        "ankündigung an alle schicken",
        "broadcast an alle gruppen",
        "allen eine nachricht schicken",
        "neue ankündigung verfassen",
        "eine mitteilung für alle chats",
        "ich möchte in allen gruppen etwas ankündigen",
        "kannst du das allen mitteilen",
        "alle chats benachrichtigen",
        "rundschreiben verfassen",
        "ich brauche mal eine durchsage",
        "verschick eine rundnachricht",
    ),
    "en": (
        "write a notice to all groups",
        "how do i send a notice",
        "please tell all channels that we are closed",
        "broadcast something to everyone",
        "i need to inform everybody",
        "send an announcement to all channels",
        "post this in every channel",
        "message all the groups",
        "make a broadcast",
        "let everyone know that the office is closed",
        "can i write to all chats at once",
        "how do i message all groups",
        "announce something to everybody",
        "new notice please",
        "notify all channels",
        "send a note to everybody",
        "i would like to announce something to all groups",
        "tell everyone in slack and telegram",
        "write an announcement",
        "circulate a message to all groups",
    ),
}
MOSTLY = 14
"""So many of twenty are understood at once; the others ask back, with this first."""

NEAR_MISSES = (
    "wie melde ich mich zum newsletter an",
    "gibt es eine telegram-gruppe",
    "ich möchte dem team eine nachricht schreiben",
    "wer kann meine nachrichten lesen",
    "wie erreiche ich euch",
    "wie kündige ich",
    "ist morgen ein platz frei",
    "is there a notice period",
    "can i write to the team",
    "who reads my messages",
    "is there a newsletter",
    "send me a message",
)


@pytest.mark.parametrize("language", ["de", "en"])
def test_unseen_ways_to_ask_lead_to_a_notice(bot, language):
    ranked = {said: bot.index.rank(said) for said in UNSEEN[language]}
    assert [said for said, found in ranked.items() if found[0].key != "notices:new"] == []
    verdicts = [bot.index.judge(found) for found in ranked.values()]
    assert "unknown" not in verdicts
    assert verdicts.count("answer") >= MOSTLY


@pytest.mark.parametrize("said", NEAR_MISSES)
def test_what_only_sounds_like_it_is_not_taken_for_it(bot, said):
    ranked = bot.index.rank(said)
    assert (ranked[0].key, bot.index.judge(ranked)) != ("notices:new", "answer")


@pytest.mark.parametrize("said", ["eine mitteilung für alle chats", "please tell all channels that we are closed"])
async def test_a_manager_gets_the_form_and_others_the_team(bot, said):
    await bot.gives("mona", "manager")
    await bot.says(said, who="mona")
    assert (await bot.screen("mona"))[-1].buttons in (["Formular öffnen"], ["Open the form"])
    [told] = await bot.says(said, who="ada")
    assert told.buttons in (["Team fragen"], ["Ask the team"])


async def test_people_among_themselves_are_left_alone(bot):
    await bot.gives("lea", "lead")
    await bot.commands("here", "help", who="lea", chat="founders")
    assert await bot.says("eine mitteilung für alle chats", chat="founders", addressed=False) == []


@pytest.mark.parametrize(
    "said", ["notice period for a desk", "Notice period?", "notices from the hub, where are they"]
)
async def test_a_sentence_that_merely_begins_so_writes_no_notice(bot, said):
    await bot.gives("mona", "manager")
    await bot.says(said, who="mona")
    assert not isinstance(bot.answer.outcome, OpenForm)
    assert await bot.reads(notices.list_latest) == []
