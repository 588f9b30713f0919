"""Settings and linking, asked for in people's own words; and what sounds alike and is something else."""

from __future__ import annotations

import pytest

from handlers.core.router import understand

UNSEEN = {
    "accounts:settings": (
        "Ich möchte meine Einstellungen sehen",
        "wo find ich die einstellungen",
        "Wie ändere ich die Einstellungen bei dir?",
        "Kannst du nachts bitte keine Nachrichten schicken?",
        "Bitte abends keine Nachrichten",
        "Ich will Ruhezeiten einstellen",
        "Schalte die Benachrichtigungen ab",
        "Benachrichtigungen ausschalten bitte",
        "Du schickst mir zu viele Nachrichten",
        "Nenn mich bitte nicht in der Liste",
        "Show my settings please",
        "where can I change my settings",
        "How do I change my preferences?",
        "Please don't message me at night",
        "I want to set quiet hours",
        "Please do not disturb me at night",
        "turn the notifications off",
        "Stop sending me so many messages",
        "Don't put my name in the list",
        "I want fewer notifications",
    ),
    "accounts:link": (
        "Ich möchte mein Telegram verbinden",
        "Kann ich Slack und Telegram verbinden?",
        "Wie verknüpfe ich Telegram?",
        "Ich bin auch bei Telegram, kannst du das verbinden?",
        "Meine Konten zusammenführen",
        "Verknüpfe bitte meine beiden Accounts",
        "Slack-Konto mit Telegram verknüpfen",
        "Mein Slack hinzufügen",
        "Füge mein Telegram hinzu",
        "Ich habe zwei Konten, leg sie zusammen",
        "I'd like to link my Telegram",
        "Can I connect Slack and Telegram?",
        "How can I link my accounts?",
        "Please connect my Telegram account",
        "I'm also on Telegram, can you connect that?",
        "merge my accounts",
        "Add my Slack account",
        "connect both of my accounts",
        "I use Telegram too",
        "I have two accounts, put them together",
    ),
    "accounts:unlink": (
        "Bitte trenne mein Telegram",
        "Ich will Slack und Telegram trennen",
        "Hebe die Verknüpfung wieder auf",
        "Telegram soll nicht mehr verbunden sein",
        "Trenn meine Konten",
        "Löse die Verknüpfung mit Telegram",
        "Entferne mein verbundenes Konto",
        "Das ist nicht mein Telegram",
        "Verbindung der Konten lösen",
        "Konten nicht mehr verbinden",
        "Please unlink my Telegram",
        "Disconnect Slack and Telegram",
        "I want to disconnect my accounts",
        "remove my linked Telegram account",
        "Undo the link to Telegram",
        "My accounts should not be linked any more",
        "separate Slack and Telegram again",
        "That's not my Telegram account",
        "Take away the linked account",
        "unlink my slack account",
    ),
}
NEAR_MISSES = (
    "Habt ihr eine Telegram-Gruppe?",
    "Wie komme ich in euren Slack?",
    "Welche Termine gibt es?",
    "Ich möchte einen Platz buchen",
    "Was kostet ein Schreibtisch?",
    "Wie verbinde ich mich mit dem WLAN?",
    "How do I connect to the wifi?",
    "Ich suche einen Mentor",
    "Do you have a Telegram group?",
    "Wann ist bei euch geschlossen?",
    "Wer kommt morgen?",
    "Ich will Mitglied werden",
    "Hast du einen Link zu eurem Telegram?",
    "Can I join your Slack?",
    "Kann ich mein Konto bei der Bank mit euch verbinden?",
    "Ich nutze Telegram und Slack, was kostet ein Schreibtisch?",
)


@pytest.mark.parametrize("key", UNSEEN)
def test_most_ways_to_say_it_reach_the_job_and_the_others_are_offered_it(bot, key):
    offered, reached = [], []
    for text in UNSEEN[key]:
        understood = understand(bot.house.registry, bot.index, text)
        if understood.phrase:
            assert understood.phrase is bot.house.registry.intents[key].handler, text
            reached.append(text)
        elif understood.verdict == "answer" and understood.ranked[0].key == key:
            reached.append(text)
        elif understood.verdict == "ask_back" and key in [each.key for each in understood.ranked[:3]]:
            offered.append(text)
    missed = [text for text in UNSEEN[key] if text not in reached + offered]
    assert len(reached) >= 16, (offered, missed)
    assert missed == []


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_sounds_alike_is_something_else(bot, text):
    understood = understand(bot.house.registry, bot.index, text)
    ours = {bot.house.registry.intents[key].handler for key in UNSEEN}
    assert understood.phrase not in ours
    assert understood.verdict != "answer" or not understood.ranked[0].key.startswith("accounts:")
