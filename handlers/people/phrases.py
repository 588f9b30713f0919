"""What people say when they want their settings, or two accounts linked or parted.

``LINKING`` and ``UNLINKING`` are regular expressions that fit a whole message: where somebody speaks of their own
accounts together with linking or parting, that is what is meant. ``SETTINGS``, ``LINK`` and ``UNLINK`` are ways to
ask for the index, for what is said otherwise, in groups that are alike: it tells them apart better so.
"""

from __future__ import annotations

_SHORT = r"(?s)(?=.{1,120}\Z)"
_ACCOUNTS = r"(?=.*\b(?:telegram|slack|kont(?:o|en)|accounts?)\b)"
_OWN = (
    r"(?=.*\b(?:mein\w*|my|beide\w*|both|zwei|two|ich|i|i['’]m|that['’]?s)\b"
    r"|.*\bslack\b.*\btelegram\b|.*\btelegram\b.*\bslack\b)"
)
_YOURS = (
    r"(?!.*\b(?:eur\w*|euer|your|gruppen?|groups?|kan(?:al|äle)|channels?|einlad\w*|invit\w*|linkedin|wlan|wi-?fi"
    r"|internet|bank\w*|was|what|warum|why)\b)"
)
"""The hub's own group, channel or network, or a question about something else."""

_LINKED = r"(?=.*\b(?:verbind\w*|verbund\w*|verknüpf\w*|link(?:ed)?)\b)"
_PART = r"\b(?:trenn\w*|entkoppl\w*|unlink\w*|disconnect\w*|separate\w*|nicht mein|not my)\b"
_AWAY = (
    r"\b(?:lös(?:e|en|t)?|lösch\w*|delete\w*|aufheb\w*|heb\w*|entfern\w*|undo|remove\w*|take (?:away|off)"
    r"|nicht mehr|not .{0,20}any ?more|no longer)\b"
)
_JOIN = r"\b(?:verbind\w*|verknüpf\w*|koppl\w*|zusammen\w*|hinzu\w*|füg\w*|link|connect|merge|join|add|together)\b"
LINKING = rf"{_SHORT}{_ACCOUNTS}{_OWN}{_YOURS}(?!.*{_PART})(?!.*{_AWAY})(?=.*{_JOIN}).*"
UNLINKING = rf"{_SHORT}{_ACCOUNTS}{_YOURS}(?:{_OWN}(?=.*{_PART})|{_LINKED}(?=.*{_AWAY})).*"

SETTINGS = (
    (
        "Wo sind die Einstellungen?",
        "Zeig mir meine Einstellungen",
        "Einstellungen ändern",
        "Ich will etwas einstellen",
        "Was kann ich bei dir einstellen?",
        "Optionen zeigen",
        "Wo ändere ich meine Einstellungen?",
    ),
    (
        "Schick mir nachts keine Nachrichten",
        "Bitte nicht stören nach 22 Uhr",
        "Ruhezeit einstellen",
        "Ruhezeiten ändern",
        "Abends keine Nachrichten mehr",
        "Am Abend will ich nichts mehr von dir hören",
    ),
    (
        "Schreib mir nicht mehr zu Terminen",
        "Benachrichtigungen abschalten",
        "Benachrichtigungen ausstellen",
        "Welche Benachrichtigungen bekomme ich?",
        "Ich bekomme zu viele Nachrichten von dir",
        "Schreib mir lieber im anderen Chat",
        "Wohin schickst du mir Nachrichten?",
        "Ich will nicht in der Liste stehen, wer kommt",
        "Nenn meinen Namen nicht in der Liste",
        "Stummschalten",
        "Weniger Pings bitte",
    ),
    (
        "Where are the settings?",
        "Show me my settings",
        "Change my settings",
        "What can I set up with you?",
        "Open my preferences",
        "Show my options",
    ),
    (
        "Don't write to me at night",
        "Do not disturb me after ten",
        "Set quiet hours",
        "Change my quiet hours",
        "No messages in the evening please",
    ),
    (
        "Turn off notifications",
        "Switch the notifications off",
        "Which notifications do I get?",
        "You send me too many messages",
        "Write to me in the other chat instead",
        "Don't show my name in the list of who is coming",
        "I don't want to be named in who is in",
        "Mute yourself",
        "Fewer pings please",
    ),
)
SETTINGS_TITLES = {"de": "Einstellungen", "en": "Settings"}

LINK = (
    (
        "Telegram verbinden",
        "Slack verbinden",
        "Verknüpfe meine Konten",
        "Wie verbinde ich meine Konten?",
        "Ich bin auch in Telegram",
        "Ich nutze auch Slack, das bin auch ich",
        "Konten verknüpfen",
        "Kannst du meine beiden Konten zusammenlegen?",
        "Accounts zusammenführen",
        "Ich schreibe dir auch drüben, das bin derselbe",
        "Kennst du mich auch in Telegram?",
        "Mein Telegram-Konto hinzufügen",
    ),
    (
        "Link Telegram",
        "Link Slack",
        "Connect my accounts",
        "How do I connect my accounts?",
        "I am on Telegram as well",
        "I use Slack too, that is me",
        "Link my accounts",
        "Merge my two accounts",
        "Can you put both my accounts together?",
        "Add my Telegram account",
    ),
)
LINK_TITLES = {"de": "Konten verbinden", "en": "Link my accounts"}

UNLINK = (
    (
        "Verbindung zu Telegram trennen",
        "Trenne mein Telegram wieder",
        "Trenne mein Slack wieder",
        "Verknüpfung aufheben",
        "Konten trennen",
        "Entkopple die Konten",
        "Telegram abmelden von meinem Konto",
        "Ich will die Konten nicht mehr verbunden haben",
        "Löse die Verbindung meiner Konten",
        "Mein Telegram soll nicht mehr verbunden sein",
        "Das ist nicht mein Telegram-Konto",
        "Verbundenes Konto entfernen",
    ),
    (
        "Unlink Telegram",
        "Unlink Slack",
        "Disconnect my Telegram",
        "Disconnect the accounts",
        "Remove the link between my accounts",
        "Separate my accounts",
        "I no longer want my accounts linked",
        "That is not my Telegram account",
        "Undo the linking of my accounts",
        "Remove the linked account",
        "Part my two accounts again",
        "Take my Telegram off my account",
    ),
)
UNLINK_TITLES = {"de": "Konten trennen", "en": "Unlink my accounts"}
