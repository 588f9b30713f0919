"""How people ask for their data, their deletion, and the rest of their rights; each fits a whole message."""

from __future__ import annotations

_PLEASE = r"(?:bitte |please |kumpel,? |hey,? |hi,? )*"
_MY_DATA = r"(?:meine (?:ganzen |persönlichen |gespeicherten )?daten|my (?:personal |stored )?data)"
_ABOUT_ME = r"(?:über mich|von mir|about me|of me|on me)"
_SHOW = (
    r"(?:zeig(?:e)?(?: mir)?|gib(?: mir)?|schick(?:e)?(?: mir)?|exportiere?"
    r"|(?:show|give|send)(?: me)?|export)"
)
_EVERYTHING = r"(?:alles|everything|all)"

DATA = (
    rf"\W*{_PLEASE}(?:(?:{_SHOW} (?:bitte |please |mal )*)?{_MY_DATA}"
    r"(?: (?:sehen|anzeigen|exportieren|herunterladen|mitnehmen|please|bitte))?"
    rf"|was (?:weißt|weisst|hast|speicherst) du(?: alles)? (?:über mich|von mir)(?: gespeichert)?"
    rf"|what do you (?:know|have|store|keep) {_ABOUT_ME}"
    rf"|(?:ich (?:will|möchte) )?(?:auskunft(?: nach (?:art\.?|artikel) 15(?: ds-?gvo)?)?"
    r"|datenauskunft|datenexport)"
    r"|(?:gdpr|dsgvo|ds-gvo)[- ]?(?:auskunft|request|export|access request)"
    r"|subject access request|data export)\W*"
)

DELETE = (
    rf"\W*{_PLEASE}(?:ich (?:will|möchte), dass du mich |i want you to )?"
    rf"(?:(?:lösch(?:e|en|st)?|loesch(?:e|en)?|vergiss|vergisst|entfern(?:e|en)?|delete|forget|erase|remove)"
    rf" (?:bitte )?(?:mich|me|{_MY_DATA}|mein konto|my account"
    rf"|{_EVERYTHING}(?: (?:was du )?{_ABOUT_ME}(?: weißt)?)?)"
    rf"(?: bitte| please| wieder| ganz| completely)*"
    rf"|{_MY_DATA} (?:bitte )?löschen|mich löschen"
    r"|recht auf (?:löschung|vergessen(?:werden)?)|right to be forgotten)\W*"
)

CORRECT = (
    rf"\W*{_PLEASE}(?:(?:berichtig(?:e|en)?|korrigier(?:e|en)?|ändere?|correct|rectify|fix|change)"
    rf" (?:bitte )?(?:{_MY_DATA}|meinen namen|mein(?:en)? profil|mich|my name|my profile|me)"
    rf"|(?:mein name|meine daten|my name|my data) (?:ist|sind|is|are) (?:falsch|nicht richtig|wrong|not right)"
    rf"|berichtigung|rectification)\W*"
)

OBJECT = (
    rf"\W*{_PLEASE}(?:(?:hiermit )?(?:ich )?(?:widerspreche|widerspruch)(?: ich)?(?: hiermit)?"
    rf"(?: der (?:verarbeitung|nutzung|speicherung)(?: meiner daten)?)?"
    rf"|(?:ich )?(?:lege|erhebe) (?:hiermit )?widerspruch(?: ein)?"
    rf"|i (?:hereby )?object(?: to (?:the )?(?:processing|use|storage)(?: of my data)?)?)\W*"
)

AGREE = (
    rf"\W*{_PLEASE}(?:(?:ich )?(?:nehme|ziehe) (?:meinen )?widerspruch (?:wieder )?zurück"
    rf"|widerspruch (?:zurücknehmen|zurückziehen|aufheben)"
    rf"|(?:i )?(?:take back|withdraw) my objection|i no longer object)\W*"
)
