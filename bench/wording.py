"""The words from which the generator makes entries: German as town halls write it, in our own sentences.

Nothing in here is a fact about any city: the entries only have to be as long, as varied and as German as real ones.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """A field of administration: what is asked for there (`objects`: German and English), and where it belongs.

    `offices`, `topics` and `audiences` are slugs of the sample's small nouns.
    """

    offices: tuple[str, ...]
    topics: tuple[str, ...]
    audiences: tuple[str, ...]
    laws: tuple[str, ...]
    objects: tuple[tuple[str, str], ...]
    everyday: tuple[str, ...]


def _theme(offices: str, topics: str, audiences: str, laws: str, objects: str, everyday: str) -> Theme:
    pairs = (pair.strip().partition("=") for pair in objects.split(","))
    return Theme(
        offices=tuple(offices.split()),
        topics=tuple(topics.split()),
        audiences=tuple(audiences.split()),
        laws=tuple(law.strip() for law in laws.split(",")),
        objects=tuple((german, english) for german, _, english in pairs),
        everyday=tuple(word.strip() for word in everyday.split(",")),
    )


THEMES = (
    _theme(
        "buergeramt buergerbuero-mitte buergerbuero-nord buergerbuero-sued",
        "ausweise-dokumente verreisen",
        "einwohner familien aeltere-menschen",
        "§ 9 PAuswG, § 6 PassG, § 30 BZRG, § 18 eIDKG",
        """Personalausweis=identity card, Reisepass=passport, Führungszeugnis=police clearance certificate,
        vorläufiger Reisepass=temporary passport, Beglaubigung=certified copy, eID-Karte=eID card,
        Kinderausweis=child's identity card, Lebensbescheinigung=certificate of life,
        Online-Ausweisfunktion=online identification, Verpflichtungserklärung=declaration of commitment,
        Unterschriftsbeglaubigung=certified signature, Meldebescheinigung=certificate of registration,
        Fundsachenauskunft=lost property enquiry, Übermittlungssperre=block on data transfer""",
        "Perso, Pass, Ausweis verloren, Foto, Ausweis abgelaufen, Urlaub",
    ),
    _theme(
        "buergeramt buergerbuero-mitte buergerbuero-nord wahlamt",
        "wohnsitz-melden umzug ankommen",
        "einwohner berufstaetige zugewanderte",
        "§ 17 BMG, § 21 BMG, § 51 BMG, § 44 BMG",
        """Wohnsitz=residence, Nebenwohnung=secondary residence, Hauptwohnung=main residence,
        Melderegisterauskunft=information from the register, Auskunftssperre=block on information,
        Wohnungsgeberbestätigung=landlord's confirmation, Haushaltsbescheinigung=household certificate,
        Wegzugsmeldung=notice of departure, Zuzugsbegrüßung=welcome for newcomers,
        Steueridentifikationsnummer=tax number,
        Adressänderung=change of address, Aufenthaltsbescheinigung=certificate of stay, Wahlschein=polling card,
        Briefwahlunterlagen=postal vote documents""",
        "umziehen, neue Adresse, ummelden, Zweitwohnsitz, auswandern, Umzug",
    ),
    _theme(
        "standesamt",
        "heirat geburt todesfall familie-kinder",
        "einwohner familien",
        "§ 13 PStG, § 59 PStG, § 18 PStG, § 1355 BGB",
        """Eheschließung=marriage, Geburtsurkunde=birth certificate, Sterbeurkunde=death certificate,
        Eheurkunde=marriage certificate, Ehefähigkeitszeugnis=certificate of no impediment,
        Namenserklärung=declaration of name, Vaterschaftsanerkennung=acknowledgement of paternity,
        Geburtsanzeige=notification of a birth, Lebenspartnerschaftsurkunde=civil partnership certificate,
        Trauzimmer=wedding room, Nachbeurkundung=late registration, Registerauszug=extract from the register,
        Namensänderung=change of name, Kirchenaustritt=leaving the church""",
        "heiraten, Hochzeit, Trauung, Baby, Nachname, Todesfall, standesamtlich",
    ),
    _theme(
        "jugendamt staedtische-beratungsstellen pflegekinderdienst elterngeldstelle",
        "familie-kinder geburt trennung wenig-geld",
        "familien kinder-jugendliche",
        "§ 1 UhVorschG, § 17 SGB VIII, § 1 BEEG, § 33 SGB VIII",
        """Elterngeld=parental allowance, Unterhaltsvorschuss=maintenance advance, Beistandschaft=legal assistance,
        Sorgerechtserklärung=declaration of custody, Erziehungsberatung=parenting advice,
        Pflegekindervermittlung=foster care placement, Familienhilfe=family support,
        Jugendgerichtshilfe=youth court assistance, Umgangsbegleitung=supervised contact,
        Adoptionsvermittlung=adoption service, Ferienpass=holiday pass, Familienpass=family pass,
        Kindeswohlgespräch=talk on child welfare, Unterhaltsurkunde=maintenance deed,
        Schulsozialarbeit=school social work""",
        "Trennung, alleinerziehend, Streit in der Familie, Unterhalt, Elternzeit, Jugendliche",
    ),
    _theme(
        "amt-fuer-kindertagesbetreuung amt-fuer-schulen",
        "kinderbetreuung einschulung bildung",
        "familien kinder-jugendliche",
        "§ 24 SGB VIII, § 90 SGB VIII, § 34 IfSG",
        """Kindergartenplatz=nursery school place, Krippenplatz=crèche place, Hortplatz=after-school place,
        Schulanmeldung=school enrolment, Schülerbeförderung=school transport, Gastschulantrag=guest pupil application,
        Elternbeitragsermäßigung=reduced parental contribution, Kindertagespflege=childminding,
        Schulbezirkswechsel=change of school district, Lernmittelzuschuss=grant for school books,
        Schulbegleitung=school assistance, Ganztagsbetreuung=all-day care, Mittagsverpflegung=school lunch,
        Zeugniskopie=copy of a school report""",
        "Kita, Schule, Tagesmutter, Einschulung, Betreuungsplatz, Hort",
    ),
    _theme(
        "sozialamt wohngeldstelle betreuungsbehoerde",
        "soziales wenig-geld behinderung aelter-werden",
        "einwohner aeltere-menschen menschen-mit-behinderungen",
        "§ 41 SGB XII, § 3 WoGG, § 152 SGB IX, § 28 SGB II",
        """Wohngeld=housing benefit, Grundsicherung=basic income support, Sozialhilfe=social assistance,
        Wohnberechtigungsschein=housing entitlement certificate, Schwerbehindertenausweis=disability card,
        Bildungspaket=education package, Sozialticket=reduced transport ticket, Schuldnerberatung=debt advice,
        Eingliederungshilfe=integration assistance, Bestattungskostenübernahme=funeral costs,
        Vorsorgevollmacht=lasting power of attorney, Betreuungsverfügung=care directive,
        Blindengeld=allowance for the blind, Wohnungsnotfallhilfe=help in housing emergencies""",
        "wenig Geld, Miete zu hoch, Schulden, Rente reicht nicht, Behinderung, Wohnung verloren",
    ),
    _theme(
        "gesundheitsamt beauftragte-behinderung-senioren",
        "gesundheit-pflege krankheit-pflege",
        "einwohner pflegende-angehoerige aeltere-menschen",
        "§ 43 IfSG, § 20 IfSG, § 10 ProstSchG, § 7a SGB XI",
        """Infektionsschutzbelehrung=briefing on infection protection, Impfberatung=vaccination advice,
        Schwangerenberatung=pregnancy advice, Suchtberatung=addiction advice, Pflegeberatung=care advice,
        Gesundheitszeugnis=health certificate, Trinkwasseruntersuchung=drinking water test,
        Hygieneüberwachung=hygiene inspection, Einschulungsuntersuchung=school entry examination,
        Reisemedizin=travel medicine, Leichenpass=certificate for transporting a body,
        Selbsthilfegruppe=self-help group, Zahngesundheit=dental health, Amtsarzttermin=medical officer appointment""",
        "krank, Impfung, Pflege zu Hause, schwanger, Gesundheit, Attest",
    ),
    _theme(
        "bauaufsichtsamt stadtplanungsamt denkmalschutzbehoerde katasteramt",
        "bauen-wohnen bauen-umbauen",
        "einwohner unternehmen",
        "§ 64 BauO, § 7 WEG, § 34 BauGB, § 9 DSchG",
        """Baugenehmigung=building permit, Bauvoranfrage=preliminary building enquiry,
        Abbruchanzeige=notice of demolition, Baulastenauskunft=information on encumbrances,
        Denkmalgenehmigung=monument permit, Bebauungsplanauskunft=information on development plans,
        Liegenschaftskarte=cadastral map, Grundstücksteilung=division of land, Hausnummer=house number,
        Vorkaufsrechtsverzicht=waiver of pre-emption, Bauakteneinsicht=access to building files,
        Nutzungsänderung=change of use, Gerüstgenehmigung=scaffolding permit, Baumfällgenehmigung=tree felling permit,
        Solarförderung=grant for solar power""",
        "Haus bauen, Garage, Anbau, Balkon, Solaranlage, Wärmepumpe, Zaun",
    ),
    _theme(
        "kfz-zulassung fahrerlaubnisbehoerde strassenamt",
        "verkehr-fahrzeuge fahrzeug-kaufen",
        "einwohner berufstaetige unternehmen",
        "§ 6 FZV, § 14 FZV, § 24a FeV, § 46 StVO",
        """Fahrzeugzulassung=vehicle registration, Fahrzeugabmeldung=vehicle deregistration,
        Führerschein=driving licence,
        Führerscheinumtausch=exchange of a driving licence, Bewohnerparkausweis=resident's parking permit,
        Wunschkennzeichen=personalised number plate, Kurzzeitkennzeichen=short-term number plate,
        Feinstaubplakette=emissions sticker, Halteverbotszone=no-stopping zone, Ladesäule=charging point,
        Personenbeförderungsschein=passenger transport licence, Sondernutzung=special use of roads,
        Fahrzeugschein=registration document, Schwertransport=heavy transport, Fahrradabstellplatz=bicycle stand""",
        "Auto, Parken, Kennzeichen, Anwohnerparken, Umzugswagen, Halterwechsel",
    ),
    _theme(
        "gewerbebehoerde ordnungsamt wirtschaftsfoerderung veterinaeramt",
        "wirtschaft-gewerbe selbststaendig-machen ordnung-sicherheit veranstaltung",
        "unternehmen vereine",
        "§ 14 GewO, § 34c GewO, § 2 GastG, § 55 GewO",
        """Gewerbeanmeldung=business registration, Gewerbeabmeldung=closing of a business,
        Gaststättenerlaubnis=restaurant licence, Reisegewerbekarte=itinerant trade licence,
        Gewerbezentralregisterauszug=extract from the trade register, Marktstand=market stall,
        Sperrzeitverkürzung=shorter closing time, Spielhallenerlaubnis=amusement arcade licence,
        Bewachungserlaubnis=security trade licence, Gründungsberatung=start-up advice,
        Fördermittelberatung=advice on grants, Feuerwerksanzeige=notice of fireworks, Straßenfest=street festival,
        Waffenbesitzkarte=firearms licence, Fischereischein=fishing licence""",
        "selbstständig, Firma gründen, Kleingewerbe, Imbiss, Fest, Nebenjob",
    ),
    _theme(
        "steueramt stadtreinigung stadtentwaesserung umweltamt",
        "steuern-abgaben umwelt-abfall tiere",
        "einwohner unternehmen",
        "§ 3 KAG, § 20 KrWG, § 57 WHG, § 227 AO",
        """Hundesteuer=dog tax, Grundsteuer=property tax, Zweitwohnungssteuer=second home tax,
        Gewerbesteuer=trade tax, Sperrmüllabholung=bulky refuse collection, Abfallbehälter=refuse bins,
        Abwasseranschluss=sewer connection, Regenwassernutzung=use of rainwater, Biotonne=organic waste bin,
        Schadstoffmobil=mobile collection of pollutants, Straßenreinigungsgebühr=street cleaning fee,
        Lastschriftmandat=direct debit mandate, Lärmschutz=noise protection, Igelrettung=hedgehog rescue,
        Grundwasserentnahme=use of groundwater""",
        "Müll, Tonne, Hund, Gebührenbescheid, Abfuhrkalender, Lärm",
    ),
    _theme(
        "auslaenderbehoerde integrationsbeauftragte",
        "migration ankommen arbeit-suchen",
        "zugewanderte berufstaetige",
        "§ 18g AufenthG, § 10 StAG, § 9 AufenthG, § 81 AufenthG",
        """Aufenthaltserlaubnis=residence permit, Niederlassungserlaubnis=settlement permit,
        Einbürgerung=naturalisation, Blaue Karte=EU Blue Card, Fiktionsbescheinigung=provisional certificate,
        Familiennachzug=family reunion, Arbeitserlaubnis=work permit, Integrationskurs=integration course,
        Reiseausweis=travel document, Sprachmittlung=interpreting, Beschäftigungsduldung=toleration for employment,
        Staatsangehörigkeitsausweis=certificate of citizenship, Wohnsitzauflage=residence requirement,
        Anerkennungsberatung=advice on recognition""",
        "Visum, Deutschkurs, deutscher Pass, Aufenthalt, Dolmetscher, Ausländeramt",
    ),
    _theme(
        "kulturamt stadtbibliothek musikschule volkshochschule stadtarchiv sportamt",
        "kultur-sport bildung veranstaltung",
        "einwohner vereine kinder-jugendliche",
        "§ 5 ArchG, § 3 KulturraumG, § 11 SportFG",
        """Bibliotheksausweis=library card, Musikschulunterricht=music lessons, Sportförderung=sports grant,
        Hallenbelegung=use of sports halls, Archivbenutzung=use of the archive, Volkshochschulkurs=evening class,
        Atelierförderung=grant for studios, Kulturförderung=cultural grant, Schwimmkurs=swimming course,
        Fernleihe=interlibrary loan, Familienforschung=family research, Vereinsförderung=grant for clubs,
        Ehrenamtskarte=volunteer card, Sportabzeichen=sports badge, Konzertkarte=concert ticket""",
        "Bücher ausleihen, Turnhalle, Verein, Kurs, Instrument lernen, Schwimmbad",
    ),
    _theme(
        "friedhofsbetrieb stadtgruen brandschutzamt buergerbeteiligung gleichstellungsbeauftragte",
        "todesfall beteiligung-wahlen ordnung-sicherheit umwelt-abfall",
        "einwohner aeltere-menschen vereine",
        "§ 14 BestattG, § 12 BrandSchG, § 25 GO, § 7 IFG",
        """Grabstätte=burial plot, Urnenbeisetzung=urn burial, Grabmalgenehmigung=permit for a gravestone,
        Baumpatenschaft=tree sponsorship, Kleingarten=allotment, Spielplatzmeldung=playground report,
        Brandverhütungsschau=fire inspection, Feuerwehreinsatzbericht=fire service report,
        Einwohnerantrag=citizens' motion, Bürgerfragestunde=citizens' question time,
        Mängelmeldung=report of a defect, Akteneinsicht=access to files, Bürgerhaushalt=participatory budget,
        Gleichstellungsberatung=advice on equality, Parkbank=park bench""",
        "Friedhof, Baum, Beschwerde, mitreden, Spielplatz kaputt, Feuer",
    ),
)

ACTS = {
    "transactional": (
        ("{} beantragen", "Apply for: {}"),
        ("{} verlängern", "Extend: {}"),
        ("{} ändern", "Change: {}"),
        ("Ersatz für {}", "Replacement: {}"),
        ("{} online beantragen", "Apply online for: {}"),
        ("Befreiung: {}", "Exemption: {}"),
        ("{} abholen", "Collect: {}"),
        ("{} zurückgeben", "Return: {}"),
        ("Ermäßigung für {}", "Reduction: {}"),
        ("Widerspruch wegen {}", "Objection: {}"),
    ),
    "advisory": (
        ("Beratung: {}", "Advice: {}"),
        ("Sprechstunde {}", "Consultation: {}"),
        ("Fragen zum Thema {}", "Questions about: {}"),
    ),
    "coordination": (
        ("Abstimmung: {}", "Coordination: {}"),
        ("Runder Tisch {}", "Round table: {}"),
    ),
    "instruction": (
        ("Einführung: {}", "Introduction: {}"),
        ("Kurs: {}", "Course: {}"),
    ),
}
"""What is done with an object, by the nature of the service: German and English titles."""

SITUATIONS = tuple(
    line.strip()
    for line in """
    für Vereine, für Studierende, für Auszubildende, für Familien mit mehreren Kindern, für Alleinerziehende,
    für Minderjährige, für Menschen ab 65 Jahren, für Rollstuhlfahrerinnen und Rollstuhlfahrer,
    für Unternehmen mit mehreren Standorten, für Gründerinnen und Gründer, für Ehepaare, für Erbengemeinschaften,
    für Eigentümerinnen und Eigentümer, für Mieterinnen und Mieter, für Pflegebedürftige, für Schichtarbeitende,
    nach einem Umzug, nach einer Eheschließung, nach einem Todesfall, nach einer Trennung, nach einem Unfall,
    nach dem Schulabschluss, bei Verlust oder Diebstahl, bei Beschädigung, bei Namensänderung, bei Krankheit,
    bei geringem Einkommen, bei befristetem Aufenthalt, in Eilfällen, in Vertretung mit Vollmacht,
    mit persönlicher Übergabe, mit Versand nach Hause, ohne festen Wohnsitz, ohne deutsche Staatsangehörigkeit,
    vor einer Auslandsreise, vor Ablauf der Gültigkeit, zum ersten Mal, zum wiederholten Mal, im laufenden Verfahren,
    als Zweitschrift""".replace("\n", " ").split(",")
)
DISTRICTS = tuple(
    line.strip()
    for line in """
    in der Altstadt, in der Inneren Neustadt, in der Äußeren Neustadt, in der Nordstadt, in der Südstadt,
    in der Weststadt, in der Oststadt, in der Gartenstadt, in der Südvorstadt, in der Nordvorstadt, im Hafenviertel,
    im Bahnhofsviertel, im Mühlenviertel, im Gerberviertel, im Komponistenviertel, im Universitätsviertel,
    im Gewerbegebiet Süd, im Gewerbepark Ost, am Schlossberg, am Weinberg, am Stadtwald, am Kanal, an der Festung,
    auf der Rheininsel, in Oberdorf, in Niederdorf, in Großheide, in Kleinzschach, in Mühlhausen, in Lindenhöhe,
    in Grünfelde, in Königsbrück-Nord, in Weißenfelde, in Höckendorf, in Löbnitz, in Schönau""".replace(
        "\n", " "
    ).split(",")
)
"""Where and for whom: what tells apart the thousand entries of one act in a large city."""

FIRST_PARTS = tuple(
    """Abfall Abwasser Adress Amts Anlieger Antrags Arbeits Archiv Aufenthalts Ausbildungs Bau Bearbeitungs Behörden
    Beitrags Belegungs Benutzungs Bestands Betreuungs Betriebs Bibliotheks Bildungs Brandschutz Bürger Daten Denkmal
    Dienst Eigentums Einkommens Einzugs Energie Erziehungs Fahrzeug Familien Feuerwehr Flächen Förder Friedhofs Garten
    Gebäude Gebühren Geburts Genehmigungs Gesundheits Gewässer Gewerbe Grundstücks Haushalts Hygiene Immissions
    Impf Jugend Karten Kinder Kultur Kurs Lärm Lebensmittel Leistungs Liegenschafts Markt Melde Miet Nachbarschafts
    Namens Natur Nutzungs Ordnungs Park Personen Pflege Planungs Prüfungs Quartiers Räum Register Reise Renten
    Rettungs Sanierungs Schul Senioren Sicherheits Sozial Sport Staatsangehörigkeits Standort Steuer Straßen Tier
    Träger Umwelt Unterhalts Unterkunfts Urkunden Veranstaltungs Verfahrens Verkehrs Vermögens Vertretungs
    Verwaltungs Vollmachts Vorsorge Wahl Wasser Weiterbildungs Widerspruchs Wirtschafts Wohnungs Zahlungs
    Zeugnis Zulassungs Zuständigkeits Zuwendungs""".split()
)
LAST_PARTS = tuple(
    (word, article)
    for article, words in {
        "eine": """akte anfrage angabe anlage anmeldung auskunft bescheinigung beratung bestätigung datei erklärung
        genehmigung karte liste mitteilung nummer ordnung prüfung satzung stelle übersicht urkunde vereinbarung
        verordnung vorschrift""",
        "einen": """antrag ausweis auszug beleg bericht bescheid bogen nachweis plan vertrag vordruck vermerk
        vorgang zuschuss""",
        "ein": """blatt formular gespräch gutachten protokoll register schreiben verfahren verzeichnis zeugnis""",
    }.items()
    for word in words.split()
)
"""Two halves of a compound; the second one with its article in the accusative. Any two can stand together."""

SENTENCES = (
    "{objekt}: Dafür ist in der Regel {amt} zuständig.",
    "Sie füllen {ein_kompositum} aus, mit Unterschrift und Datum am Ende der letzten Seite.",
    "Bringen Sie bitte {ein_kompositum} im Original mit, eine einfache Kopie genügt nicht.",
    "Wenn Ihnen {ein_kompositum} fehlt, können Sie diese Unterlage innerhalb von {tage} Tagen nachreichen.",
    "Die Bearbeitung dauert im Durchschnitt {tage} Werktage, in den Sommerferien auch etwas länger.",
    "Die Gebühr beträgt {betrag} Euro und wird mit dem Bescheid oder direkt am Schalter bezahlt.",
    "Für {gruppe} ist das Verfahren kostenfrei, wenn ein entsprechender Nachweis vorliegt.",
    "Wir prüfen {ein_kompositum}, danach erhalten Sie eine schriftliche Antwort per Brief.",
    "Am {wochentag} ist das Amt länger geöffnet, dann kommen Sie auch nach der Arbeit an die Reihe.",
    "Einen Termin vereinbaren Sie am besten {wochen} Wochen im Voraus, kurzfristige Termine gibt es selten.",
    "Rechtsgrundlage ist die {satzung} der Stadt in der jeweils gültigen Fassung.",
    "Gegen die Entscheidung können Sie innerhalb eines Monats Widerspruch einlegen.",
    "Wer {gruppe_wer}, sollte vorher {ein_kompositum} anfordern.",
    "Vertretung ist möglich: Eine andere Person braucht dafür Ihre Vollmacht und {ein_kompositum}.",
    "Außerdem führen wir {ein_kompositum}, in dem die wichtigsten Angaben gespeichert werden.",
    "Die Angaben aus dem Antrag werden nach {jahre} Jahren gelöscht, sofern kein Verfahren läuft.",
    "Bitte beachten Sie: Ohne {kompositum} kann über den Antrag nicht entschieden werden.",
    "Häufig wird nach {kompositum} und {kompositum} gefragt; beides bekommen Sie an derselben Stelle.",
    "Sind Sie umgezogen, so teilen Sie uns die neue Anschrift mit, damit der Bescheid Sie erreicht.",
    "Auf Wunsch erklären wir Ihnen {ein_kompositum} Punkt für Punkt am Telefon.",
    "Menschen mit Hör- oder Sehbehinderung unterstützen wir beim Ausfüllen, auch in Gebärdensprache.",
    "Das Gespräch findet vertraulich statt; auf Wunsch dolmetscht jemand.",
    "Liegt das Grundstück {ort}, so gilt zusätzlich eine besondere Vorschrift.",
    "Wohnen Sie {ort}, können Sie sich auch an die Außenstelle vor Ort wenden.",
    "Die Auszahlung erfolgt auf das Konto, das Sie im Vordruck angegeben haben.",
    "Im Jahr {jahr} wurde das Verfahren vereinfacht, seitdem entfällt die zweite Unterschrift.",
    "Unvollständige Anträge werden nicht abgelehnt, sondern mit einer kurzen Erläuterung zurückgeschickt.",
    "Die Erlaubnis gilt für {jahre} Jahre und kann danach verlängert werden.",
    "{gruppe_gross} erhalten auf Antrag eine Ermäßigung von {prozent} Prozent.",
    "Eine Beratung ersetzt nicht die Entscheidung, hilft aber, {ein_kompositum} richtig vorzubereiten.",
    "Bei Fragen zu {kompositum} hilft Ihnen die Behördennummer 115 weiter.",
    "Für das Vorhaben brauchen Sie möglicherweise auch {ein_kompositum} einer anderen Behörde.",
    "Bezahlen können Sie bar, mit Karte oder per Überweisung unter Angabe des Kassenzeichens.",
    "Kommen mehrere Personen in Frage, so genügt {ein_kompositum} für alle gemeinsam.",
    "Wir melden uns spätestens nach {tage} Tagen bei Ihnen, falls noch etwas zu klären ist.",
    "Der Ablauf ist einfach: erst {kompositum}, dann {kompositum}, zuletzt die Entscheidung.",
    "Prüfen Sie vorab, ob die Voraussetzungen auf Sie zutreffen; ein Überblick steht im Merkblatt.",
    "Fällt der {wochentag} auf einen Feiertag, so verschiebt sich die Abgabe auf den nächsten Werktag.",
    "Die Stelle {ort} hat einen stufenlosen Eingang und einen Aufzug.",
    "In dringenden Fällen wird {ein_kompositum} noch am selben Tag ausgestellt.",
)
"""Sentences of a body, with slots; a compound after a preposition stands without an article."""

SUMMARIES = (
    "{objekt}: Hier erfahren Sie, wie es geht, was Sie brauchen und was es kostet.",
    "Was Sie für das Anliegen „{objekt}“ mitbringen und wie lange es dauert.",
    "Wenden Sie sich an das zuständige Amt, wenn es um das Thema {objekt} geht. Ein Termin ist meist nötig.",
    "{gruppe_gross} wenden sich mit Fragen zum Thema {objekt} an diese Stelle.",
    "Das Wichtigste zum Thema {objekt}, vom ersten Schritt bis zum Bescheid.",
    "Wer {gruppe_wer}, kommt mit dem Anliegen „{objekt}“ hierher.",
)
ENGLISH_SUMMARIES = (
    "What you need for this matter ({object}), how long it takes and what it costs.",
    "How to proceed with regard to: {object}. You usually need an appointment.",
    "Everything important about {object}, from the first step to the decision.",
)
ENGLISH_BODY = (
    "Fill in the form and hand it in with the documents named below. You will receive a written answer.",
    "If documents are missing, you can hand them in later. We explain the form on the telephone if you wish.",
    "The office is open longer on Thursdays. Please book an appointment well in advance.",
)

GROUPS = (
    "Studierende",
    "Auszubildende",
    "Familien",
    "Alleinerziehende",
    "Rentnerinnen und Rentner",
    "Menschen mit Behinderungen",
    "Vereine",
    "Kleinbetriebe",
    "Ehrenamtliche",
    "Pflegende Angehörige",
    "Geflüchtete",
    "Beschäftigte im Schichtdienst",
)
WHO = (
    "neu in die Stadt zieht",
    "ein Haus geerbt hat",
    "für Angehörige sorgt",
    "einen Betrieb übernimmt",
    "zum ersten Mal einen Antrag stellt",
    "im Ausland gearbeitet hat",
    "seinen Wohnsitz verlegt",
    "eine Veranstaltung plant",
    "kurz vor der Rente steht",
    "wenig Einkommen hat",
)
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag")
BODIES = (
    "das Bürgeramt",
    "die Fachbehörde",
    "das Team im Rathaus",
    "die Außenstelle",
    "die Servicestelle",
    "die Sachbearbeitung",
)
DOCUMENTS = (
    ("Personalausweis oder Reisepass", "Identity card or passport"),
    ("Aktuelles Lichtbild", "Recent photograph"),
    ("Vollmacht, falls Sie für jemand anderen handeln", "Authorisation if you act for somebody else"),
    ("Nachweis über das Einkommen der letzten drei Monate", "Proof of income for the last three months"),
    ("Mietvertrag oder Bestätigung der Wohnungsgeberin", "Tenancy agreement or landlord's confirmation"),
    ("Geburtsurkunde", "Birth certificate"),
    ("Lageplan im Maßstab 1:500", "Site plan at a scale of 1:500"),
    ("Bisherige Bescheide", "Earlier decisions"),
    ("Bankverbindung", "Bank details"),
    ("Ärztliche Bescheinigung", "Medical certificate"),
)
LANGUAGES = ("en", "ar", "ru", "uk", "tr", "fa", "fr", "pl", "es", "vi")

REASONS = {
    "pilot": "Läuft als Erprobung mit wenigen Arbeitsplätzen.",
    "planned": "Die Technik ist bestellt, die Beschäftigten werden geschult.",
    "under_review": "Geprüft wird, ob das Verfahren die Anforderungen des Datenschutzes erfüllt.",
    "paused": "Ausgesetzt, weil Personal fehlt.",
    "ended": "Die Erprobung ist beendet, die Nachfrage war gering.",
    "not_planned": "Das Anliegen ist in wenigen Minuten am Schalter erledigt.",
    "ruled_out": "Das Gesetz verlangt, dass Sie persönlich erscheinen.",
}
"""Why a channel stands where it stands."""

BOOKING = "Termin online buchen; der Zugang kommt mit der Bestätigung."
TOOLS = ("BigBlueButton", "OpenTalk", "Jitsi Meet", "")
