"""Which language a short chat message is in, as far as it can be told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

import msgspec

from handlers.retrieval.fold import fold
from handlers.retrieval.recall import recalled

Language = Literal["de", "en"]


def _folded(listing: str) -> frozenset[str]:
    return frozenset(fold(word) for word in listing.split())


def _listed(listing: str) -> frozenset[str]:
    return frozenset(listing.split())


# Function words, question words and everyday verbs of one language. What both have ("in", "an", "man",
# "so", "hat", "am") says nothing and is in neither list.
_GERMAN = _folded(
    """
    aber alle alles als ander andere anderen auch auf aus bei beim bekomme bekommen bekommt bin bis bist bitte
    brauche brauchen braucht bzw da dabei dafür damit danke dann darf das dass dein deine deinem deinen deiner
    dem den denn der des dich dir doch dort drin du durch dürfen eben echt eigentlich ein eine einem einen einer
    eines einfach er erst erzähl es etwas euch euer eure eurem euren eurer finde finden fragen für fürs ganz geben
    geht gehts gern gerne gib gibt gibts haben habe habt hallo hätte heisst heute hier hilft ich ihm ihn ihnen ihr
    ihre ihren ihrer im immer ins irgendwie irgendwo ist ja jemand jetzt kann kannst kein keine keinen klar komm
    komme kommen kommt können könnt könnte könnten kosten kostet krieg kriege kriegen kriegt könntest lieber mach
    machen machst macht mehr mein meine meinem meinen meiner melde mich mir mit möchte möchten moin morgen muss
    müssen müsst nach nehmen nein nicht nichts noch nochmal nur ob oder ohne pro raus rein sag schon sehr seid sein
    sich sie sind sollte sonst sowas stimmt suche suchen übermorgen und uns unser unsere unseren unter viel viele
    vielen vom von vor wann warum weiss weisst welche welchem welchen welcher welches wem wen wenig wenn werde
    werden wer wie wieder wieso wieviel willst wir wird wo wofür woher wohin wollen worum wozu würde zeig zeigen
    zu zum zur zwei zwischen über
    """
)
_ENGLISH = _folded(
    """
    a about actually and any anybody anyone anything are at be been but by can cannot could did do does doing don
    everyone for from get getting give go got had has have hello help her here hey how if into is isn it its join
    just know let like looking made make many me more much my need needs no not of off offer offers on one only or
    our out over people please should show some somebody someone something sorry still talk tell than thank thanks
    that the their them there these they this those to today together tomorrow too us use used using very wanna
    want we well what whats when where which who whom whose why with without work working would yes yet you your
    yours i
    """
)
# In questions nearly always German, but English words too: half a hint.
_LEANING_GERMAN = frozenset({"was", "die", "will", "war", "also"})

_UMLAUT = re.compile(r"[äöüß]")
_WORD = re.compile(r"[^\W\d_]+")
_GERMAN_SHAPE = re.compile(
    r"sch(?!ool|edul)|tz|pf|(?:ung|keit|heit|eit|schaft)(?:en)?$|lich(?:e[nmrs]?)?$|isch(?:e[nmrs]?)?$"
    r"|ieren?$|iert$|^ge[a-z]+t$|[aeiou]cht|zeit|chen$|latz|eiten$|kauf|tadt|plät|geld"
)
_ENGLISH_SHAPE = re.compile(
    r"^th|wh|[a-z]{3}ing$|(?:[ai]tion|ment)s?$|ight|ness$|[a-z]{2}ly$|ould|ee[a-z]|oo[a-z]|[a-z]{2}ity$|ies$"
    r"|ships?$|sh$|ough|[aeiou]ce$|wn$|ey$|ay$"
)
# How much a sign counts, in tenths: sums are exact in whole numbers.
_FUNCTION_WORD, _LEANING, _WRITTEN_UMLAUT, _SHAPE = 10, 5, 15, 4
_BALANCE = (
    dict.fromkeys(_GERMAN, _FUNCTION_WORD)
    | dict.fromkeys(_ENGLISH, -_FUNCTION_WORD)
    | dict.fromkeys(_LEANING_GERMAN, _LEANING)
)

# Function words of other languages that people here may write in, without those that German or English have too.
_FOREIGN = _listed(
    """
    le la les une est et dans avec pour que qui quoi comment combien quand où ou je j c ça ce cette ces vous nous
    votre vos notre nos mon ma mes tu il elle ils elles ne pas sont avez avons puis peux peut puedo veux voudrais
    bonjour merci s'il plaît plait quel quelle quels au aux du sur ai fait faire y coûte

    el los las unos unas y o pero con por para qué cómo cuánto cuándo dónde quién que como cuanto cuando donde es
    está están estoy son tengo tiene tienen hay puedo puede quiero gracias hola mi mis su sus nuestro usted
    a que hora abre abren pueden ustedes del al muy más también sí cuesta vuestro

    os um uma e mas com não sim como quanto onde quem eu você vocês nós meu minha seu sua está estão tem temos
    obrigado obrigada olá posso pode quero fazer isso na nos da dos das ao pela pelo é custa

    il lo gli uno di che chi cosa come quanto quando dove perché non sono è ho hai abbiamo avete posso può vorrei
    grazie ciao buongiorno mio mia nostro vostro della dello delle degli nel nella per anche più molto sì vi ci

    het een ik jij je jullie zijn heb hebben heeft niet geen wat wie waar wanneer hoe hoeveel waarom welke deze
    dit maar ook voor naar bij op te aan uit om als dan moet moeten graag mijn jouw onze zou kunnen wil wij zij er
    mag wordt worden bent

    jest są czy jak ile kiedy gdzie kto co dlaczego nie tak ja ty on ona my wy się mam masz macie mogę można chcę
    proszę dziękuję cześć dzień dobry dla na do z ze od po przy mój moja nasz wasz ten ta to i w o za jaki jaka
    jakie kosztuje

    bir ve bu şu ne nasıl kaç zaman nerede kim neden niçin mi mı mu mü var yok değil ben sen biz siz için ile çok
    daha da de merhaba teşekkürler lütfen istiyorum olur olarak gibi ama evet hayır kadar bana nedir miyim
    nereye nereden edebilirim edebilir mıyım musunuz mısınız misiniz

    är och att det som en ett jag vi ni hur vad var när vem varför inte har kan ska vill till från med på av för om
    hej tack finns er hvad hvor hvornår hvem hvordan hvorfor jeg ikke og af til fra meget tak der kunne skal når
    hva hvilken eller også blir hvis noen

    je jsou jak kolik kdy kde kdo proč ne ano já ty my vy se mám máte mohu můžu chci prosím děkuji dobrý den pro na
    za od po při můj náš váš ten ta to a v o stojí si som ste sme čo koľko kedy kto prečo nie áno

    ce este sunt cum cât când unde cine de nu da eu tu noi voi am ai are avem aveți pot vreau mulțumesc bună pentru
    cu la pe din sau și un o care costă

    az egy és hogy mi ki mennyi mikor hol miért hogyan nem igen én te ő mi ti van vannak lehet szeretnék köszönöm
    szia jó kell itt meg is mennyibe

    on ja ei mitä miten kuinka paljon milloin missä kuka miksi minä sinä me te he olen olet ovat onko voinko haluan
    paljonko missä voin teillä kiitos hei mutta myös tai kun se tämä maksaa

    su yra kaip kiek kada kur kas kodėl ne taip aš tu mes jūs ar noriu ačiū labas

    sta što šta kako koliko kada gdje gde tko ko zašto nije ja ti mi vi su sam imam imate mogu mogu želim hvala
    molim za od li je da ili dobar košta

    dhe një është për si sa kur ku kush pse jo po unë ti ne ju kam keni mund dua faleminderit

    apa berapa kapan di mana siapa kenapa bagaimana saya anda kami kita tidak ya ada bisa mau untuk dengan dan yang
    ini itu dari ke terima kasih

    là có không bao nhiêu khi nào ở đâu ai tôi bạn và của cho với được một
    """  # noqa: RUF001 # other languages' letters
)
# Common here as well, or names, or what typing leaves of German and English: they speak for no other language.
_SHARED = _listed(
    """
    a an am ai all alle also are as at au aus be bei bin bis bot chat co com da dan das de den der des di die
    do du e ein el en er es et fin for go got gut hab hat he hi i ich ihr im in is ist it ja je jo la le les
    los m man me mal mi mit mu my na ne no nun o ob of on or os pro per plus pm s se sei si sind so son su t
    ta te ten ti to tu um un up us van var via war was we wer wie wo y ya z den dir mir wir viele so hier has
    have how i'm im kann kein mag mail mein wat wann wem wen ma c n ty oh yo hey como nos nice ki ko po ke ju
    jo ai au op com con son do sur pour fait mon ton
    """
)
# Letters of a Latin script that neither language has; a name has one of them, a sentence several words with one.
_FOREIGN_LETTER = re.compile(
    "[ąćęłńśźżğışçñãõåøæœčďěňřšťůžőűăâîșțđёêèàùûïì¿¡ðþėįųūāēīģķļņảạấầẩậắằặẻẽếềểễệỉịọỏốồổỗộớờởợụủứừửữựỳỷỹơư]"
)
_LATIN = (("\0", "\u036f"), ("\u1d00", "\u1eff"), ("\u2c60", "\u2c7f"), ("\ua720", "\ua7ff"))
_FEWEST_WORDS = 3
_READ = 1000  # characters of a message that tell its language

FUNCTION_WORDS = frozenset(_BALANCE) | _folded("in an am so hat man i s t m re ve ll d der")
"""All of these words of both languages, folded, with those that both have."""


class Guess(msgspec.Struct, frozen=True):
    """What a text's language looks like: none when it is mixed or says too little."""

    language: Language | None
    sure: bool


def detect(text: str) -> Guess:
    """Guess the language of a message from function words, umlauts and the shape of its words.

    Returns:
        The guess; ``sure`` only when the signs are plenty and hardly one speaks for the other language.
    """
    german = english = 0
    for written in _WORD.findall(text):
        for_german, for_english = _signs(written)
        german += for_german
        english += for_english
    winner, loser = (german, english) if german > english else (english, german)
    if winner == 0 or 2 * winner < 3 * loser:
        return Guess(None, False)
    return Guess("de" if german > english else "en", winner >= 15 and 4 * loser <= winner)


def is_foreign(text: str) -> bool:
    """Say whether a text is clearly in neither German nor English: by its script, or by its function words.

    In Latin script only three words and more can be, and whatever speaks for German or English counts twice:
    names, typos and single loan words never make a text foreign. The first 1,000 characters count.
    """
    read = unicodedata.normalize("NFKC", text[:_READ]).lower()
    letters = [char for char in read if char.isalpha()]
    other_script = sum(not _is_latin(char) for char in letters)
    if other_script >= 2 and 2 * other_script > len(letters):
        return True
    written = _WORD.findall(read)
    if len(written) < _FEWEST_WORDS:
        return False
    home = sum(_speaks_for_us(word) for word in written)
    foreign = [word for word in written if word in _FOREIGN and word not in _SHARED and not _speaks_for_us(word)]
    marked = [word for word in written if word not in foreign and _FOREIGN_LETTER.search(word)]
    shared = sum(word in _FOREIGN and word in _SHARED and not _speaks_for_us(word) for word in written)
    signs = len(set(foreign)) + len(set(marked)) / 2
    return bool(foreign) and signs + shared / 2 >= 1.5 and signs + shared / 2 > 2 * home and signs >= 1


def _speaks_for_us(word: str) -> bool:
    """Say whether a word is a function word of German or English."""
    return _BALANCE.get(fold(word), 0) != 0


def _is_latin(char: str) -> bool:
    return any(first <= char <= last for first, last in _LATIN)


def of_words(folded_words: Iterable[str]) -> Language | None:
    """Return the language of folded words by function words alone, or None when neither wins."""
    balance = sum([_BALANCE.get(word, 0) for word in folded_words])
    return "de" if balance > 0 else "en" if balance < 0 else None


@recalled(4096)
def _signs(written: str) -> tuple[int, int]:
    """Return what one word says for German and for English."""
    if written == "IT":  # the trade, in both languages
        return 0, 0
    word = written.lower()
    plain = fold(word)
    german = _WRITTEN_UMLAUT if _UMLAUT.search(word) else 0
    if plain in _GERMAN:
        return german + _FUNCTION_WORD, 0
    if plain in _ENGLISH:
        return german, _FUNCTION_WORD
    if plain in _LEANING_GERMAN:
        return german + _LEANING, 0
    return german + _SHAPE * bool(_GERMAN_SHAPE.search(word)), _SHAPE * bool(_ENGLISH_SHAPE.search(word))
