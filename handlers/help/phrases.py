"""What people say when they ask for nothing in particular, in German and English.

``HELLO``, ``THANKS``, ``BYE`` and ``LANGUAGE`` are regular expressions that fit a whole message, so that a
greeting with a question behind it stays a question.
"""

from __future__ import annotations

_SOMEBODY = (
    r"(?:du|dir|euch|ihr|kumpel|bot|lieber|liebe|liebes|alle|allerseits|zusammen|leute|team|mate|there|all|everyone"
    r"|everybody|again|nochmal|auch)"
)
_HOW_ARE_YOU = (
    r"(?:(?:na )?wie geht['’ ]?(?:e?s)?(?: dir| euch| ihnen)?(?: so| heute)*"
    r"|how(?: are you|['’]?s it going)(?: doing)?(?: today)?)"
)
_TIME_OF_DAY = r"(?:guten? (?:morgen|tag|abend)|good (?:morning|afternoon|evening|day))"
_HELLO = (
    r"(?:hallo+|hallöchen|hallöle|hallihallo|hi+|hey+|heyho|huhu|hello+|moin(?:sen)?|servus|tach|mahlzeit"
    rf"|glück ?auf|grüß (?:dich|gott|euch)|grüezi|greetings|{_TIME_OF_DAY})"
)
_THANKS = (
    r"(?:danke(?:schön| schön| sehr| vielmals)?|(?:vielen|besten|tausend|herzlichen|lieben)(?: lieben)? dank|merci"
    r"|thanks(?: a lot| a million| so much)?|many thanks|thank you(?: so much| very much)?|thx|ty|cheers)"
)
_FOR_WHAT = (
    r"(?:(?:für|for) [^?,.;:]{1,50}|dafür|trotzdem|(?:das|es|that)(?: ist| is| hat| has)?(?: mir)? ?"
    r"(?:sehr|super|a lot|viel)?(?: ?geholfen| ?hilft| ?helped| ?helps| toll| lieb| great| nice))"
)
_PRAISE = (
    r"(?:ok(?:ay)?|super|toll|top|prima|perfekt|klasse|cool|alles klar|great|perfect|nice|awesome|ah|oh|gut|good)"
)
_BYE = (
    r"(?:tschüss+|tschüß|tschau|ciao|bye(?: bye)?|goodbye|mach['’]?s gut|auf wiedersehen|gute nacht|good night"
    r"|bis (?:bald|dann|später|nachher|morgen|übermorgen|montag|nächste woche)"
    r"|take care|see you(?: later| soon| tomorrow| around| on \w+)?|later"
    r"|schönen (?:tag|abend|feierabend)(?: noch)?|schönes wochenende"
    r"|have a (?:nice|good|great) (?:day|evening|weekend|one))"
)

HELLO = rf"\W*(?:{_HELLO}\W*)+(?:{_SOMEBODY}\W*)*(?:{_HOW_ARE_YOU}\W*)?|\W*{_HOW_ARE_YOU}\W*"
THANKS = rf"\W*(?:{_PRAISE}\W+)*{_THANKS}(?:\W+{_SOMEBODY})*(?:\W+{_FOR_WHAT})?\W*"
BYE = rf"\W*(?:{_PRAISE}\W+)*(?:{_THANKS}\W+)?(?:und |and )?{_BYE}(?:\W+{_SOMEBODY})*(?:\W+{_THANKS})?\W*"

LANGUAGES = r"(?:english|englisch|german|deutsch)"
LANGUAGE = (
    r"\W*(?:(?:please|bitte|can we|können wir|lass uns)\W+)?"
    r"(?:(?:speak|talk|switch|sprich|rede|schreib|antworte)\W+)?(?:(?:to|in|auf)\W+)?"
    rf"{LANGUAGES}(?:\W+(?:please|bitte|with me|mit mir|reden|sprechen|schreiben))*\W*"
)

MENU = (
    "zeig mir das menü",
    "hauptmenü",
    "was geht hier",
    "womit fange ich an",
    "ich brauche hilfe",
    "kannst du mir helfen",
    "welche knöpfe gibt es",
    "einstieg",
    "zeig mir alle möglichkeiten",
    "wie bediene ich das hier",
    "show me the menu",
    "main menu",
    "what is there",
    "how do i start",
    "i need help",
    "can you help me",
    "which buttons are there",
    "getting started",
    "show me all options here",
    "i'm lost",
)
MENU_TITLES = {"de": "Was geht hier?", "en": "What is there?"}
