"""What people say when they want a mentor, or want to know how their request stands.

``OFFERED``, ``OWN`` and ``WANTED`` are regular expressions that fit a whole message, tried in this order: where a
mentor is named together with a wish for one, that is what is meant. ``FIND`` and ``MINE`` are ways to ask for the
index, for what is said otherwise, in groups that are alike: it tells them apart better so.
"""

from __future__ import annotations

_SHORT = r"(?s)(?=.{1,300}\Z)"
"""A message; whatever is longer tells a story, and mentors may be just a part of it."""

_MENTOR = r"(?=.*\bmentor(?:in|en|innen|s|ings?|ship)?\b)"
_WISH = (
    r"(?=.*\b(?:such\w*|gesucht|brauch\w*|bräucht\w*|hätte\w*|gern\w*|möchte\w*|will|wollen|wünsch\w*|bekomm\w*"
    r"|krieg\w*|find\w*|vermittel\w*|anfrag\w*|beantrag\w*|bewerb\w*|bitte|her|mich|mir|uns|unser\w*"
    r"|look\w*|search\w*|need\w*|want\w*|like|love|get|request\w*|connect\w*|touch|could|can|after"
    r"|apply\w*|please|me|us|our)\b)"
)
_ABOUT = (
    r"(?!.*\b(?:was|wie (?:funktioniert|läuft|viel\w*|lange?|oft|gut)|wer (?:ist|sind)|warum|wozu|kosten?|kostet"
    r"|lohnt|what|what['’]s|how (?:does|do you|much|many|long|often|good)|who (?:is|are)|why|costs?|worth"
    r"|mein\w* mentor\w*|my mentor\w*)\b)"
)
"""What is asked about mentoring itself, or about one's own mentor."""

OFFERED = (
    rf"{_SHORT}.*\b(?:mentor\w* (?:werden|sein|engagier\w*|mitmach\w*|helf\w*)"
    r"|(?:be|become|becoming|being|volunteer\w* as|help as) an? mentor)\b.*"
)
"""Somebody would like to be one: nothing that the bot can see to."""

WANTED = _SHORT + _ABOUT + _MENTOR + _WISH + ".*"
OWN = (
    rf"{_SHORT}(?=.*\b(?:mein\w*|my)\b)(?=.*\b(?:mentor\w*[- ]?anfragen?|anfragen?\b.*\bmentor\w*"
    r"|mentor\w* requests?|requests?\b.*\bmentor\w*)\b).*"
)

FIND = (
    (
        "Ich suche einen Mentor",
        "Ich suche eine Mentorin",
        "Ich brauche einen Mentor",
        "Wir hätten gern einen Mentor",
        "Mentor finden",
        "Mentor gesucht",
        "Wie bekomme ich einen Mentor?",
        "Kannst du mir einen Mentor vermitteln?",
        "Könnt ihr uns einen Mentor an die Seite stellen?",
        "Bring mich mit einem Mentor zusammen",
        "Ich möchte mit einem Mentor sprechen",
        "Ich hätte gern Unterstützung von einem Mentor",
    ),
    (
        "Ich suche einen Mentor für Logistik in Dortmund",
        "Ich suche eine Mentorin für IT-Sicherheit",
        "Ich brauche einen Mentor für E-Commerce",
        "Mentor gesucht für Smart Home in Dortmund",
        "Wir hätten gern einen Mentor für Design in Essen",
        "Gibt es einen Mentor für die Gesundheitswirtschaft in Bochum?",
        "Ich suche Mentoring in Gelsenkirchen",
        "Mentor für Smart Home",
        "Wir hätten gern eine Mentorin aus der Logistik",
        "Suche Mentor in Bochum",
    ),
    (
        "Ich möchte eine Mentoring-Anfrage stellen",
        "Ich möchte Mentoring anfragen",
        "Ich brauche Mentoring für mein Start-up",
        "Ich will Mentoring",
        "Anfrage für Mentoring stellen",
    ),
    (
        "Wer kann mich bei IT-Sicherheit begleiten?",
        "Wer kann uns bei Logistik begleiten?",
        "Gibt es jemanden, der uns bei E-Commerce begleitet?",
        "Wir suchen einen Begleiter für unser Gesundheits-Start-up",
        "Wir brauchen jemanden, der uns begleitet",
        "Ich möchte begleitet werden",
        "Ein Community-Manager soll mich begleiten",
        "Wer nimmt sich Zeit für unser Start-up?",
        "Wer kennt sich mit Logistik aus und hat Zeit für uns?",
        "Kann mir jemand mit Erfahrung im E-Commerce zur Seite stehen?",
        "Wir suchen einen Sparringspartner",
        "Ich wünsche mir jemanden, der mich an die Hand nimmt",
        "Mir fehlt ein erfahrener Gesprächspartner",
    ),
    (
        "I am looking for a mentor",
        "I need a mentor",
        "I would like a mentor",
        "Find a mentor",
        "Find me a mentor please",
        "Mentor wanted",
        "How do I get a mentor?",
        "Where can I get a mentor?",
        "Connect me with a mentor",
        "I would like to talk to a mentor",
        "Can you find us a mentor?",
    ),
    (
        "I need a mentor for logistics",
        "I am looking for a mentor in IT security",
        "We would like a mentor for e-commerce in Mülheim",
        "Is there a mentor for smart home in Dortmund?",
        "Can you find us a mentor for the health economy?",
        "I would like to talk to a mentor about design",
        "Looking for mentorship in Bochum",
        "I need a mentor in Essen",
        "We want a mentor in Duisburg",
    ),
    (
        "I want to make a mentoring request",
        "I want to request mentoring",
        "I want to request a mentor",
        "I need mentoring for my start-up",
        "We are looking for mentoring",
        "We are looking for mentorship",
        "I want to be mentored",
        "Can somebody mentor our team?",
        "Looking for somebody to mentor me",
        "Could somebody mentor us?",
    ),
    (
        "Who can accompany me in IT security?",
        "Who could guide us in e-commerce?",
        "Who can guide us through logistics?",
        "We need somebody to accompany us",
        "We need somebody to guide us",
        "I would like a community manager to accompany me",
        "Who has time for our start-up?",
        "Can somebody experienced in e-commerce support us?",
        "We are looking for a sparring partner",
        "I wish for somebody to take me by the hand",
        "I lack an experienced person to bounce ideas off",
    ),
)
FIND_TITLES = {"de": "Einen Mentor finden", "en": "Find a mentor"}

MINE = (
    (
        "Was ist mit meiner Mentoring-Anfrage?",
        "Wie steht es um meine Anfrage?",
        "Was wurde aus meiner Anfrage?",
        "Hat sich schon jemand auf meine Anfrage gemeldet?",
        "Zeig mir meine Anfragen",
        "Meine Anfrage ansehen",
        "Wer hat meine Anfrage angenommen?",
        "Ich möchte meine Anfrage zurückziehen",
        "Wurde meine Anfrage schon gelesen?",
        "Status meiner Anfrage",
        "Ich warte immer noch auf Rückmeldung zum Mentoring",
        "Ist mein Antrag durch?",
    ),
    (
        "What about my mentoring request?",
        "How does my request stand?",
        "What happened to my request?",
        "Has anybody reacted to my request?",
        "Show me my requests",
        "View my request",
        "Who accepted my request?",
        "I want to withdraw my request",
        "Has my request been read yet?",
        "Status of my request",
        "I'm still waiting to hear back about mentoring",
        "Did my request go through?",
    ),
)
MINE_TITLES = {"de": "Meine Anfragen", "en": "My requests"}

_FOR = r"(?:für|fuer|for|bei|in|im|zu|zum|zur|with|mit|gesucht|wanted|needed|finden|bitte|please)"
ARGUMENTS = rf"(?:{_FOR}\b.*)?"
"""What follows ``mentor`` when it is plain text and no sentence that merely begins so."""
