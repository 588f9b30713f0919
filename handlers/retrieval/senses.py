"""Words that ask for the same thing, in German and English: "Preis" and "kostet", "Schlüssel" and "key"."""

from __future__ import annotations

import sys

import Stemmer  # type: ignore[import-not-found]  # a C extension without stubs

from handlers.retrieval.fold import words

# Everyday words of questions to an office, a shop, a public body; German | English /. A word may be in several.
_GROUPS = """
    kosten kostet kostenpunkt preis preise teuer günstig billig gebühr gebühren tarif tarife zahlen bezahlen
    zahlt miete löhnen | cost costs price prices pricing fee fees expensive cheap charge charges rate rates pay
    paid paying rent /
    kostenlos umsonst gratis kostenfrei | free gratis complimentary /
    geld euro finanzierung finanziert finanzieren budget mittel gelder | money funding fund funded finance
    financing budget cash /
    zuschuss zuschüsse förderung fördermittel gefördert fördergelder subvention | grant grants subsidy subsidies
    subsidised /
    steuer mehrwertsteuer mwst umsatzsteuer netto brutto | tax vat net gross /
    rechnung quittung beleg | invoice bill receipt /
    vertrag kündigen kündigung kündigungsfrist laufzeit kaution | contract cancel notice term deposit /
    stornieren absagen abmelden stornierung freigeben zurückgeben | cancel cancellation withdraw release /
    buchen reservieren reservierung buchung vormerken | book booking reserve reservation /
    platz plätze arbeitsplatz schreibtisch tisch sitzplatz | desk desks seat seats workplace workspace spot
    table place /
    raum räume zimmer besprechungsraum meetingraum konferenzraum saal | room rooms meeting conference /
    büro büros | office offices /
    adresse anschrift standort straße ort lage sitz | address location located street place site /
    finden wo | where find /
    anfahrt hinkommen weg bahn zug bus ubahn haltestelle nahverkehr öpnv | directions transport train bus tram
    route travel reach /
    parken parkplatz parkplätze auto tiefgarage parkhaus abstellen stellplatz | park parking car garage /
    fahrrad rad fahrräder | bike bicycle bikes /
    offen öffnungszeiten geöffnet auf öffnet öffnen zu schließt geschlossen schließen | open opening hours close
    closed closing closes opens /
    uhr uhrzeit zeit wann zeiten | time when hour hours clock /
    heute | today /
    morgen | tomorrow /
    abend abends nacht nachts nachtschicht | evening night tonight late /
    wochenende samstag sonntag samstags sonntags feiertag feiertage | weekend saturday sunday saturdays sundays
    holiday holidays /
    tag tage täglich tagesticket tageskarte | day days daily pass /
    woche wöchentlich wochen | week weekly weeks /
    monat monatlich monate | month monthly months /
    jahr jahre jährlich gründungsjahr | year years annual yearly /
    dauer lange dauert | long duration take takes last lasts /
    wlan internet netz passwort wifi netzwerk verbinden zugangsdaten | wifi wlan internet password network
    connect pw /
    drucker drucken ausdrucken scannen scanner kopierer kopieren kopie | printer print printing scan scanner
    copy copier /
    kaffee tee küche kaffeemaschine kühlschrank mikrowelle essen getränke trinken spülmaschine | coffee tea
    kitchen fridge microwave food drinks drink eat lunch /
    toilette wc klo dusche | toilet restroom bathroom shower /
    hund hunde tier tiere haustier haustiere katze | dog dogs pet pets animal animals cat /
    kind kinder baby familie | child children kids baby family /
    besuch besucher gast gäste besuchen mitbringen | visit visitor visitors guest guests bring /
    schlüssel zugang zugangskarte eintritt türcode eingang tür karte | key keys access card entrance entry door
    enter /
    rollstuhl barrierefrei aufzug treppe treppen behinderung fahrstuhl stufen | wheelchair accessible
    accessibility elevator lift stairs disabled step /
    post briefkasten paket pakete päckchen brief lieferung | mail post parcel parcels package packages letter
    delivery mailbox /
    telefon telefonnummer anrufen anruf telefonieren handy rufnummer | phone telephone call number mobile
    calling /
    mail email emailadresse kontakt kontaktieren erreichen ansprechpartner kontaktdaten | email mail contact
    reach /
    mensch mitarbeiter person jemand echten personal | human person someone staff people /
    team leute kollegen belegschaft | team staff crew people employees /
    chef leitung leiter geschäftsführer geschäftsführung leitet boss verantwortlich verantwortung | boss manager
    management ceo director lead leads head charge /
    job jobs stelle stellen stellenangebote stellenangebot praktikum praktikant werkstudent bewerben karriere |
    job jobs vacancy vacancies internship intern career careers hiring hire /
    bewerben bewerbung aufgenommen mitmachen teilnehmen teilnahme beitreten anmelden anmeldung registrieren
    dabei | apply application join register sign signup participate participation enrol part /
    mitglied mitgliedschaft mitglieder | member membership members /
    firma firmen unternehmen betrieb betriebe konzern mittelstand mittelständler industrie | company companies
    business businesses corporate corporates corporation firm firms enterprise industry /
    startup startups gründer gründung gründen gründerin gründet jungunternehmen | startup startups founder
    founders founding founded found start /
    idee ideen projekt projekte vorhaben | idea ideas project projects /
    investor investoren kapital geldgeber risikokapital wagniskapital investieren beteiligung | investor
    investors vc vcs venture angel angels invest investment investing /
    anteile anteil beteiligung beteiligungen prozent prozente | equity share shares stake stakes percent /
    partner kooperation kooperationspartner zusammenarbeit kooperieren zusammenarbeiten | partner partners
    cooperation collaboration cooperate collaborate partnership /
    vernetzen netzwerk vermitteln vermittlung zusammenbringen kontakte kennenlernen matchmaking | network
    networking introduce introduction match matchmaking connect connects contacts meet /
    uni unis universität universitäten hochschule hochschulen studium studenten student | university
    universities uni college student students /
    veranstaltung veranstaltungen event events termin termine programm kalender treffen | event events meetup
    meetups schedule calendar date dates programme program /
    workshop workshops seminar schulung kurs kurse fortbildung | workshop workshops seminar training course
    courses /
    mentor mentoren mentoring coach coaching begleitung betreuung berater beratung beraten begleiten | mentor
    mentors mentoring coach coaching adviser advisor advice consulting /
    hilfe helfen unterstützung unterstützen unterstützt hilft | help helps support supports assist assistance
    helping /
    angebot angebote leistungen leistung bietet anbieten vorteile vorteil nutzen bringt | offer offers services
    service benefit benefits advantage advantages provide /
    ziel ziele zweck warum wozu aufgabe sinn | goal goals aim purpose why mission /
    geschichte entstanden gegründet seit existiert entstehung anfang | history since founded began started
    origin existence /
    eigentümer gehört besitzer träger gesellschafter betreiber betreibt | owner owners owns own shareholder
    shareholders operator operates runs run belong belongs /
    daten datenschutz privat vertraulich privatsphäre gespeichert speichern dsgvo mitlesen | data privacy
    private confidential stored store saved gdpr read /
    löschen lösche entfernen löschung vergessen gelöscht lösch | delete erase remove removal removed wipe forget
    deleted erasure deletion /
    ändern änderung aktualisieren bearbeiten anpassen | change edit update modify adjust /
    konto account profil benutzerkonto nutzerkonto | account profile /
    sprache sprachen deutsch englisch sprechen sprichst verstehst übersetzen | language languages german english
    speak understand translate /
    bot roboter ki maschine programm chatbot | bot robot ai machine chatbot /
    können kannst fähigkeiten funktionen befehle möglichkeiten | can able abilities functions features commands
    capabilities /
    frage fragen | question questions ask asking /
    anzeigen zeigen liste übersicht auflisten zeig | show list overview display /
    größe groß quadratmeter fläche | size big large square area /
    anzahl viele wieviel wieviele menge | many much number amount /
    werbung anzeige aushang inserat ankündigen ankündigung bekanntmachen mitteilung | advert ad announce
    announcement notice post advertise /
    problem probleme kaputt defekt funktioniert fehler geht störung | problem problems broken issue issues error
    fails wrong trouble /
    beschwerde beschweren reklamation | complaint complain /
    verloren verlieren vergessen liegengelassen fundsachen fundbüro | lost lose forgot left found /
    laut lärm ruhig leise ruhe | loud noise noisy quiet silent silence /
    ausland international europa weltweit ausländisch märkte markt | abroad international europe worldwide
    foreign global market markets /
    stadt städte gemeinde kommune region | city cities town municipality region /
    webseite website homepage internetseite seite online | website homepage site web page online /
    regel regeln erlaubt darf verboten dürfen | rule rules allowed may permitted forbidden allow /
    voraussetzung voraussetzungen bedingung bedingungen anforderungen kriterien nötig brauche | requirement
    requirements condition conditions criteria need needed required /
    sicher sicherheit risiko gefahr gefährlich gefährdet | safe safety security risk danger dangerous risks /
    krank krankheit erkrankt erkrankung infektion anstecken ansteckung infizieren infiziert erkranken | sick ill
    illness disease infection infect infected catch /
    übertragen verbreiten übertragung verbreitung weitergeben | transmit transmission spread spreading
    transmitted /
    symptome anzeichen beschwerden | symptom symptoms sign signs /
    arzt ärztin ärzte krankenhaus klinik | doctor doctors physician hospital clinic /
    medikament medikamente medizin impfstoff impfung therapie behandlung heilung | medicine drug drugs vaccine
    vaccination treatment treat cure therapy medication /
    test testen getestet tests | test testing tested tests /
    schützen schutz vorbeugen verhindern vermeiden | protect protection prevent prevention avoid /
    reise reisen urlaub flug verreisen | travel trip travelling vacation flight journey /
    kaufen kauf einkaufen bestellen bestellung erwerben | buy purchase shop shopping order ordering /
    lieferung liefern versand versenden | delivery deliver shipping ship /
    rückgabe umtausch zurückgeben erstattung zurückerstatten | return refund exchange returns /
    tauschen wechseln umziehen | change switch swap move /
    gerät computer rechner laptop pc | device computer laptop pc machine /
    app anwendung software tool | app application software tool /
    lernen lehren ausbildung schule bildung | learn teach school education training /
    erklären erklärung bedeutet bedeutung heißt erzählen | explain explanation mean means meaning tell /
    unterschied unterschiede vergleich | difference different differ compare comparison /
    neu neuigkeiten neues news aktuell | new news latest current /
    alt alter | old age /
    name heißt heißen nennen | name called call /
    bild foto fotos bilder | picture photo image photos pictures /
"""


def _read() -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    german, english = Stemmer.Stemmer("german"), Stemmer.Stemmer("english")
    senses: dict[str, dict[str, None]] = {}
    plain: set[str] = set()
    for number, group in enumerate(_GROUPS.split("/")):
        sense = sys.intern(f"#{number}")
        for stemmer, listed in zip((german, english), group.split("|"), strict=False):
            for word in words(listed):
                plain.add(word)
                for form in (word, stemmer.stemWord(word)):
                    senses.setdefault(form, {})[sense] = None
    return {form: tuple(found) for form, found in senses.items()}, frozenset(plain)


_SENSES, WORDS = _read()
"""``WORDS`` are the words listed, folded."""


def senses_of(word: str, stem: str) -> tuple[str, ...]:
    """Return what a folded word stands for: its senses, or itself as its stem where it has none."""
    return _SENSES.get(stem) or _SENSES.get(word) or (stem,)
