"""Ways to ask for a desk, as people type them.

``BOOK`` and ``MINE`` are examples for the index. ``BOOKING`` and ``OWN`` are regular expressions for what leaves
no doubt: a message that names a desk with a day or with booking, and nothing that desks are also mentioned with,
such as what they cost.
"""

from __future__ import annotations

_DESK = (
    r"\b(?:(?:sitz|arbeits)?pl[aä]tze?|(?:schreib)?tische?|desks?|tables?|seats?|workplaces?"
    r"|places? to (?:work|sit)|was frei|etwas frei|anything free|(?:any|have) space|space left"
    r"|alles (?:voll|belegt|weg)|fully booked|sitzen|to sit|book me)\b"
)
_DAY = (
    r"\b(?:heute|(?:über)?morgen|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?"
    r"|(?:am|für) (?:mo|di|mi|do|fr|sa)\b|today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|nächste\w* woche|next week"
    r"|\d{1,2}\. ?(?:\d{1,2}\b|[jfmasond]\w+)|the \d{1,2}(?:st|nd|rd|th)\b)"
)
_BOOKING = (
    r"\b(?:buch|reserv|book|frei\w*\b|belegt|verfügbar|availab|free\b|taken\b"
    r"|brauch|bräucht|hätte|need\b|would like\b)"
)
_OWN_BOOKING = r"\b(?:buchung|reservierung|booking|reservation)"
_GIVING_BACK = r"\b(?:storn|absag|lösch|freigeb|zurückgeb|rückgängig|cancel|release|delete|undo|give back|free up)"
_HAVING = r"\b(?:habe? ich|habe? .{0,20}gebucht|have i|do i have|did i|(?:is|are|ist|sind) (?:mein|my)\w*)\b"
_MINE = r"\b(?:mein(?:e[nrms]?)?|my|mine)\b"
_MINE_ALL = (
    r"(?:\b(?:meine|my) (?:pl[aä]tze|tische|buchungen|reservierungen|desks|seats|bookings|reservations)\b"
    r"|\b(?:(?:was|wann) habe? ich|(?:what|when) (?:did|have) i)\b.{0,20}\b(?:gebucht|reserviert|book|reserve))"
)
_NOT = (
    r"(?:kost|preis|teuer|miet|monat|euro|€|steuer|umsonst|gratis|feste[nrs]?\b|vertrag|mitglied|price|cost|\brent|month"
    r"|expensive|charge|fee\b|permanent|contract|member|park|raum|räum|room|startup|\bnight|event(?!uell)|termin"
    r"|workshop|veranstalt|pitch|hackathon|camp|mentor|ticket|insgesamt|in total|altogether|kaputt|broken|marktpl)"
)

BOOKING = rf"(?=.*{_DESK})(?=.*(?:{_DAY}|{_BOOKING}))(?!.*(?:{_NOT}|{_MINE}|{_GIVING_BACK})).{{1,200}}"
OWN = (
    rf"(?!.*{_NOT})(?:(?=.*{_MINE_ALL})"
    rf"|(?=.*(?:{_DESK}|{_OWN_BOOKING}))"
    rf"(?:(?=.*{_MINE})(?=.*(?:{_GIVING_BACK}|{_DAY}|{_HAVING}|{_BOOKING}))"
    rf"|(?=.*(?:{_GIVING_BACK}|{_HAVING}))(?=.*(?:{_DAY}|{_BOOKING}|{_OWN_BOOKING})))).{{1,200}}"
)

BOOK = (
    (
        "Ist morgen ein Platz frei?",
        "Platz buchen",
        "Ich möchte einen Platz reservieren",
        "Habt ihr heute noch einen freien Schreibtisch?",
        "Kann ich für Donnerstag einen Arbeitsplatz buchen?",
        "Wie viele Plätze sind morgen noch frei?",
        "Ich brauche am Montag einen Tisch",
        "Platz 12 für morgen",
        "Reservier mir einen Schreibtisch",
        "Ich komme morgen, gibt es noch Plätze?",
        "Ist am 24.11. was frei?",
        "Buch mir bitte einen Platz für nächsten Dienstag",
        "Wo kann ich heute sitzen?",
        "Sind alle Plätze belegt?",
        "Tischreservierung",
        "Nächste Woche einen Tag im Hub arbeiten, ist da Platz?",
        "Ich hätte gern Platz 7 am Freitag",
        "Ist heute voll oder ist noch was frei?",
        "Kann ich morgen bei euch am Laptop arbeiten?",
        "Ich komme Mittwoch ins Büro",
        "Hotdesk für heute",
        "Sichere mir einen Sitz für Dienstagvormittag",
        "Habt ihr übermorgen noch Kapazität für zwei?",
    ),
    (
        "Is there a free desk tomorrow?",
        "Book a desk",
        "I would like to reserve a desk",
        "Do you have a desk available today?",
        "Can I book a workplace for Thursday?",
        "How many desks are free tomorrow?",
        "I need a desk on Monday",
        "Book desk 7 on Friday",
        "Reserve a seat for me",
        "I am coming in tomorrow, any seats left?",
        "Any space on 24 November?",
        "Please book me a place for next Tuesday",
        "Where can I sit today?",
        "Are all desks taken?",
        "Desk booking",
        "Is it full today or is something still free?",
        "Desk 12 for tomorrow",
        "Grab me a desk for the day after tomorrow",
        "May I work at your place with my laptop tomorrow?",
        "I'll be in the office on Wednesday",
        "Hot desk for today",
        "Secure me a spot for Tuesday",
        "Put me down for a workspace this Friday",
    ),
)
BOOK_TITLES = {"de": "Ist ein Platz frei?", "en": "Is a desk free?"}

MINE = (
    (
        "Welche Plätze habe ich gebucht?",
        "Zeig mir meine Buchungen",
        "Platz stornieren",
        "Storno",
        "Buchung absagen, bitte",
        "Ich möchte meinen Platz absagen",
        "Hab ich für morgen einen Platz gebucht?",
        "Wo sitze ich morgen?",
        "Meine Reservierungen",
        "Ich komme doch nicht, bitte Buchung löschen",
        "Welcher Tisch ist meiner?",
        "Buchung rückgängig machen",
        "Ich brauche meinen Platz am Freitag nicht mehr",
        "Wann habe ich einen Schreibtisch reserviert?",
        "Meinen Schreibtisch wieder freigeben",
        "Habe ich schon gebucht?",
        "Ich bin krank, nimm mich für morgen raus",
        "Umbuchen auf einen anderen Tag",
        "Mir ist was dazwischengekommen, der Tisch kann an jemand anderen",
    ),
    (
        "Which desks have I booked?",
        "Show me my bookings",
        "Cancel my desk",
        "I want to cancel my booking",
        "Do I have a desk tomorrow?",
        "Where do I sit tomorrow?",
        "My reservations",
        "I am not coming after all, please delete my booking",
        "Which desk is mine?",
        "Undo my reservation",
        "I do not need my seat on Friday any more",
        "When did I reserve a desk?",
        "Release my desk",
        "Have I booked already?",
        "I'm ill, take me off the list for tomorrow",
        "Move my booking to another day",
        "Something came up, somebody else may have the desk",
    ),
)
MINE_TITLES = {"de": "Welche Plätze habe ich gebucht?", "en": "Which desks have I booked?"}
