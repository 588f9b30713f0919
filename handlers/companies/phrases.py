"""What people say when they speak of their own company.

``OWN`` is a regular expression that fits a whole message: somebody's own company, and what can be done with it.
``MINE`` are ways to ask for the index, for what is said otherwise, in groups that are alike.
"""

from __future__ import annotations

_SHORT = r"(?s)(?=.{1,120}\Z)"
_COMPANY = r"(?:firma|unternehmen|start-?up|betrieb|company|enterprise|venture)"
_OWN_GERMAN = rf"\b(?:meine?[nmrs]?|unsere?[nmrs]?|die|der|welche[rnms]?) (?:eigene[nrms]? )?{_COMPANY}\b"
_OWN_ENGLISH = rf"\b(?:my|our|the|which) (?:own )?{_COMPANY}\b"
_DO = (
    r"\b(?:nenn\w*|eintrag\w*|trag\w*|änder\w*|aender\w*|wechsl\w*|wechsel\w*|verlass\w*|verließ|austret\w*"
    r"|ausgetreten|zeig\w*|anleg\w*|angeb\w*|korrigier\w*|heißt jetzt|gehöre"
    r"|name|set|add|enter|change|edit|switch|leave|left|show|view|register|belong)\b"
)
_NOT = (
    r"(?!.*\b(?:kosten?|kostet|preis\w*|kund\w*|hackathon|workshop\w*|geld|förder\w*|fund\w*|mentor\w*|gründ\w*"
    r"|cost\w*|price|customers?|investor\w*|found(?:ing)?|event|termin|team|platz|desk|partner\w*)\b)"
)
"""What a company may want from the hub: that is for the FAQ and the other jobs."""

OWN = rf"{_SHORT}{_NOT}(?=.*(?:{_OWN_GERMAN}|{_OWN_ENGLISH}))(?=.*{_DO})(?!.*\b(?:was|what|how|wie)\b).*"

MINE = (
    (
        "Meine Firma",
        "Mein Start-up",
        "Zu welcher Firma gehöre ich?",
        "Welche Firma hast du von mir gespeichert?",
        "Ich gehöre zu einer Firma",
        "Ich will meine Firma eintragen",
        "Trag mich bei meinem Start-up ein",
        "Unser Start-up anlegen",
        "Ich arbeite jetzt bei einem anderen Start-up",
        "Ich bin nicht mehr bei der Firma",
        "Firma wechseln",
        "Firma verlassen",
        "Firma ändern",
        "Unser Startup heißt neuerdings anders",
        "Ich habe den Arbeitgeber gewechselt",
    ),
    (
        "My company",
        "My start-up",
        "Which company do I belong to?",
        "Which company have you noted for me?",
        "I belong to a company",
        "I want to enter my company",
        "Add me to my start-up",
        "Put down our start-up",
        "I work for another start-up now",
        "I am no longer with the company",
        "Change my company",
        "Leave my company",
        "Edit the company I belong to",
        "Our startup was renamed",
        "I switched employers",
    ),
)
MINE_TITLES = {"de": "Meine Firma", "en": "My company"}
