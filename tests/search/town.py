"""A small town's catalogue in office German, for tests that say what a citizen types and what should come first."""

from __future__ import annotations

from typing import Any

from builders import a_channel, a_constraint, a_legal_basis, a_period, a_service

from servicedir.domain.service import ChannelKind, Service, Stage

AT_THE_COUNTER = (a_channel(ChannelKind.IN_PERSON),)
BY_VIDEO = (a_channel(ChannelKind.IN_PERSON), a_channel(ChannelKind.VIDEO))
VIDEO_PLANNED = (a_channel(ChannelKind.IN_PERSON), a_channel(ChannelKind.VIDEO, a_period(Stage.PLANNED, "2026")))


def _one(slug: str, title: str | dict[str, str], summary: str, **fields: Any) -> Service:
    return a_service(slug, title=title, summary=summary, **{"channels": AT_THE_COUNTER, **fields})


SERVICES: tuple[Service, ...] = (
    _one(
        "wohnung-anmelden",
        {"de": "Anmeldung einer Wohnung", "en": "Register your home"},
        "Wer eine Wohnung bezieht, hat sich innerhalb von zwei Wochen bei der Meldebehörde anzumelden.",
        documents=("Wohnungsgeberbestätigung",),
        legal_bases=(a_legal_basis("§ 17 Abs. 1 BMG"),),
    ),
    _one(
        "wohnung-ummelden",
        "Ummeldung bei Umzug innerhalb der Stadt",
        "Eine Änderung der Anschrift ist innerhalb von zwei Wochen mitzuteilen.",
    ),
    _one(
        "wohnung-abmelden",
        "Abmeldung der Wohnung bei Wegzug ins Ausland",
        "Wer keine neue Wohnung im Inland bezieht, hat sich abzumelden.",
        legal_bases=(a_legal_basis("§ 17 Abs. 2 BMG"),),
        leika_key="99115002104000",
    ),
    _one(
        "personalausweis",
        {"de": "Ausstellung eines Personalausweises", "en": "Identity card"},
        "Deutsche ab 16 Jahren sind verpflichtet, einen Ausweis zu besitzen.",
        costs="37 Euro",
    ),
    _one(
        "ausweis-verlust",
        "Verlust des Personalausweises anzeigen",
        "Der Verlust oder Diebstahl ist unverzüglich anzuzeigen; die Online-Funktion wird gesperrt.",
    ),
    _one(
        "reisepass",
        {"de": "Ausstellung eines Reisepasses", "en": "Passport"},
        "Für Reisen in Länder außerhalb der Europäischen Union.",
    ),
    _one(
        "fuehrungszeugnis",
        "Erteilung eines Führungszeugnisses",
        "Auszug aus dem Bundeszentralregister, etwa zur Vorlage beim Arbeitgeber.",
    ),
    _one(
        "museum",
        "Führung durch das Stadtmuseum",
        "Rundgang für Schulklassen durch die Geschichte der Stadt.",
    ),
    _one(
        "fahrerlaubnis",
        "Umtausch der Fahrerlaubnis",
        "Alte Papiere sind bis 2033 in das Scheckkartenformat umzutauschen.",
        keywords=("Kartenführerschein",),
    ),
    _one(
        "kfz-zulassung",
        "Zulassung eines Kraftfahrzeugs",
        "Neu- und Gebrauchtfahrzeuge werden auf den Halter zugelassen.",
        documents=("Zulassungsbescheinigung Teil II",),
        body="Die Gebühren sind bar oder mit Karte zu entrichten.",
    ),
    _one(
        "parkausweis",
        "Bewohnerparkausweis",
        "Berechtigt zum Parken im Bewohnerparkgebiet.",
    ),
    _one(
        "hundesteuer",
        "Anmeldung zur Hundesteuer",
        "Wer einen über drei Monate alten Hund hält, hat dies der Stadtkasse anzuzeigen.",
    ),
    _one(
        "schuldnerberatung",
        "Schuldnerberatung",
        "Bei Überschuldung prüfen wir mit Ihnen, wie Sie sich mit Gläubigern einigen.",
        channels=BY_VIDEO,
    ),
    _one(
        "rentenberatung",
        "Auskunft und Beratung zur gesetzlichen Rente",
        "Klärung des Kontos und Aufnahme von Anträgen.",
        channels=BY_VIDEO,
    ),
    _one(
        "erziehungsberatung",
        "Erziehungsberatung",
        "Für Eltern, Kinder und Jugendliche, vertraulich und kostenfrei.",
        channels=VIDEO_PLANNED,
    ),
    _one(
        "lebensunterhalt",
        "Hilfe zum Lebensunterhalt",
        "Für Personen, die ihren Bedarf nicht aus eigenen Mitteln decken können.",
    ),
    _one(
        "wohngeld",
        {"de": "Bewilligung von Wohngeld", "en": "Housing benefit"},
        "Zuschuss zur Miete oder zur Belastung bei selbst genutztem Eigentum.",
    ),
    _one(
        "gewerbe-anmelden",
        {"de": "Gewerbeanmeldung", "en": "Register a business"},
        "Wer den selbstständigen Betrieb eines stehenden Gewerbes beginnt, hat dies anzuzeigen.",
        legal_bases=(a_legal_basis("§ 14 GewO"),),
    ),
    _one(
        "gaststaette",
        "Erlaubnis zum Betrieb einer Gaststätte",
        "Für den Ausschank alkoholischer Getränke.",
        documents=("Führungszeugnis", "Bescheinigung nach § 43 IfSG"),
    ),
    _one(
        "belehrung",
        "Erstbelehrung für Beschäftigte im Lebensmittelbereich",
        "Vor der erstmaligen Tätigkeit in Küchen.",
        constraints=(a_constraint(legal_basis=a_legal_basis("§ 43 Abs. 1 IfSG")),),
        leika_key="99050035058000",
    ),
    _one(
        "masern",
        "Nachweis über den Masernschutz",
        "Für Kinder in Gemeinschaftseinrichtungen.",
        legal_bases=(a_legal_basis("§ 20 Abs. 9 IfSG"),),
    ),
    _one(
        "geburtsurkunde",
        "Ausstellung einer Geburtsurkunde",
        "Das Standesamt des Geburtsortes beurkundet die Geburt.",
    ),
    _one(
        "eheschliessung",
        {"de": "Anmeldung der Eheschließung", "en": "Getting married"},
        "Die Verlobten melden die beabsichtigte Eheschließung beim Standesamt an.",
    ),
    _one(
        "kita",
        "Aufnahme in eine Kindertageseinrichtung",
        "Vergabe von Betreuungsplätzen ab dem vollendeten ersten Lebensjahr.",
    ),
    _one(
        "baugenehmigung",
        "Erteilung einer Baugenehmigung",
        "Errichtung, Änderung und Nutzungsänderung baulicher Anlagen.",
    ),
    _one(
        "sperrmuell",
        "Abholung von Sperrmüll",
        "Sperrige Abfälle aus Haushalten werden auf Anmeldung abgefahren.",
    ),
    _one(
        "abfallgebuehren",
        "Ermäßigung der Abfallgebühren",
        "Bei Eigenkompostierung kann die Gebühr herabgesetzt werden.",
    ),
    _one(
        "strasse",
        "Sondernutzung öffentlicher Straßen",
        "Aufstellen von Gerüsten, Containern und Tischen im Straßenraum.",
    ),
)
"""Some of them have English texts; two can be had by video, for one that is planned."""
