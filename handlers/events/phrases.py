"""How people ask for what is coming up.

``GERMAN`` and ``ENGLISH`` are examples for the index; each group is one way to mean it: what is on, what is on
then, when a certain one is, signing up. ``ASKING`` is a regular expression for what leaves no doubt: a message
that names an event with a time or with signing up, or asks what is on at a time, and nothing that events are also
mentioned with, such as what they cost.
"""

from __future__ import annotations

KEY = "events:upcoming"
TITLES = {"de": "Was steht an?", "en": "What is coming up?"}

_EVENT = (
    r"\b(?:events?|termine|veranstaltung(?:en)?|(?:event|veranstaltungs|termin)kalender|meet-?ups?|gatherings?"
    r"|start-?up[- ]?(?:nights?|nacht|nächte|week|woche)|experience[- ]?days?"
    r"|(?:gründer|pitch|start-?up)[- ]?abend|pitch[- ]?night|founders['’]? evening|trefft ihr euch"
    r"|(?:do|will) you meet)\b"
)
_DAY = (
    r"\b(?:heute|(?:über)?morgen|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|today|tonight|tomorrow"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|wochenende|weekend|demnächst|in nächster zeit|im moment|evening"
    r"|(?:diese|nächste|kommende|folgende)\w* (?:tage|woche|monat|jahr)\w*"
    r"|(?:this|next|coming) (?:few )?(?:day|week|month)s?"
    r"|januar|februar|märz|april|juni|juli|august|september|oktober|november|dezember"
    r"|january|february|march|june|july|october|december)\b"
)
_SOON = (
    r"\b(?:nächste\w*|nächstes mal|kommende\w*|wieder|bald|next|again|soon|upcoming|coming up|geplant|planned)\b"
)
_SIGNING_UP = (
    r"\b(?:anmeld\w*|melde\b.*\ban|angemeldet|zusagen|zugesagt|teilnehmen|sign (?:me )?up|register|rsvp|attend)\b"
)
_NOT = (
    r"(?:kost|preis|eintritt|ticket|teuer|miet|raum|räum|room|rent|price|cost|admission|fee\b|pay\b|free of|mentor"
    r"|camp|platz|plätze|tisch|desk|seat|frei\b|buch|passiert|happens|läuft .*\bab\b|worum|about|organis|organiz"
    r"|selbst|eigene|unser|\bour\b|\bown\b|werbung|sponsor|foto|photo|video|letzte|last|helfen|help|warum|why)"
)
_WHAT = (
    r"(?:(?:was|what)(?:['’]?s| is| steht| läuft| geht| ist| gibt(?:['’]?s| es))?|is there (?:any|some)thing"
    r"|is anything|anything|läuft|steht|ist|gibt(?:['’]?s| es))"
)
_FILLER = (
    r"(?:denn|so|da|bei euch|im hub|hier|was|eigentlich|noch|mal|in|am|im|den|der|on|up|happening|going|at|the|hub"
    r"|there|here|planned|coming|geplant|an|los|abend|next|nächste\w*|for|für)"
)
_BARE = (
    r"\W*(?:(?:zeig(?:e|t)?|show|list)(?: mir| uns| me| us)?\W+)?(?:(?:die|alle|the|all|eure|your)\W+)?"
    r"(?:events?|termine|veranstaltungen|dates|(?:event|veranstaltungs|termin)[- ]?kalender|event calendar)"
    r"(?:\W+(?:bitte|please|zeigen|anzeigen))?\W*"
)
ASKING = (
    rf"(?=.{{1,160}}\Z)(?!.*{_NOT})(?:{_BARE}"
    rf"|(?=.*{_EVENT})(?=.*(?:{_DAY}|{_SOON}|{_SIGNING_UP})).*"
    rf"|(?=.*{_DAY})\W*{_WHAT}(?:\W+(?:{_FILLER}|{_DAY}))+\W*"
    rf"|\W*{_WHAT}(?:\W+(?:{_FILLER}))*\W+(?:an|los|geplant|planned|coming up)\W*)"
)

GERMAN = (
    (
        "Was steht an?",
        "Kommt bald irgendetwas?",
        "Was steht in nächster Zeit an?",
        "Steht in den nächsten Tagen was an?",
        "Welche Termine gibt es demnächst?",
        "Kommt demnächst was?",
        "Zeig mir die Termine",
        "Zeig mir die kommenden Events",
        "Veranstaltungskalender",
        "Kalender mit den Events",
        "Nächster Termin",
        "Welche Events sind geplant?",
        "Welche Events kommen als Nächstes?",
        "Was ist die nächste Veranstaltung?",
        "Wann findet das nächste Event statt?",
        "Wann ist wieder ein Event?",
        "Wann trefft ihr euch wieder?",
        "Was habt ihr im Dezember geplant?",
        "Termine im März",
        "Terminübersicht",
        "Was darf ich nicht verpassen?",
        "Habt ihr demnächst etwas Spannendes vor?",
    ),
    (
        "Was ist heute los?",
        "Was ist diese Woche los?",
        "Gibt es diese Woche Veranstaltungen?",
        "Was läuft nächste Woche bei euch?",
        "Was geht am Wochenende?",
        "Läuft heute Abend was?",
        "Ist am Donnerstag ein Event?",
        "Habt ihr am Samstag eine Veranstaltung?",
        "Gibt es morgen eine Veranstaltung?",
        "Welche Events sind nächsten Monat?",
    ),
    (
        "Wann ist die nächste Startup-Night?",
        "Wann ist wieder Startup-Night in Dortmund?",
        "Wann ist der nächste Experience Day?",
        "Wann ist der nächste Gründerabend?",
        "Wann ist die Startup-Woche?",
        "Gibt es bald wieder eine Startup-Night?",
        "Gibt es wieder Experience Days?",
        "Termin der nächsten Startup-Night",
    ),
    (
        "Ich möchte mich für ein Event anmelden",
        "Wie melde ich mich für die Startup-Night an?",
        "Anmeldung zum Experience Day",
        "Wo kann ich für die Veranstaltung zusagen?",
        "Zu welchen Events habe ich zugesagt?",
        "Ich will dabei sein, wo trage ich mich ein?",
        "Doch nicht dabei: Teilnahme zurücknehmen",
    ),
)
ENGLISH = (
    (
        "What is coming up?",
        "Anything coming up soon?",
        "Anything going on in the next few days?",
        "Show me the upcoming events",
        "Show me the dates",
        "Which events are planned?",
        "What do you have planned for December?",
        "Event calendar",
        "Calendar of what is on",
        "Upcoming dates",
        "Next event",
        "When is the next event?",
        "When does the next event take place?",
        "When do you meet again?",
        "What's on the schedule?",
        "List of dates",
        "What shouldn't I miss?",
        "Have you got anything exciting lined up?",
    ),
    (
        "Any events this week?",
        "Any events today?",
        "What's on this week?",
        "What is happening next week?",
        "What is going on at the weekend?",
        "Is anything on this evening?",
        "Is there an event on Thursday?",
        "Do you have an event on Saturday?",
        "Are there events next month?",
    ),
    (
        "When is the next startup night?",
        "When is the startup night in Dortmund again?",
        "When is the next Experience Day?",
        "When is the next founders' evening?",
        "When is the startup week?",
        "Will there be a startup night again soon?",
        "Will there be Experience Days again?",
        "Date of the next startup night",
    ),
    (
        "I would like to sign up for an event",
        "How do I register for the startup night?",
        "Sign me up for the Experience Day",
        "Where can I say that I am coming to the event?",
        "Which events did I say yes to?",
        "Count me in for the event",
        "I can't make it to the event after all",
    ),
)
