"""Our own small vocabulary: what CPSV-AP has no words for, each term with its German and its English sentence."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from servicedir.domain import words
from servicedir.domain.catalogue import OfficeKind, PlaceKind
from servicedir.domain.service import ChannelKind, ConstraintKind, Effect, Nature, Requirement, Stage
from servicedir.exchange.linked import Iri, Literal, Thing


class Term(NamedTuple):
    """A property: its name, what it means in German and in English, of what it is said and what it says."""

    name: str
    german: str
    english: str
    domain: str = ""
    range: str = ""


SCHEMES: dict[type[StrEnum], tuple[str, str, str]] = {
    Stage: ("stage", "Stand eines Zugangswegs", "Stage of a channel"),
    ChannelKind: ("channel", "Zugangsweg", "Channel"),
    Nature: ("nature", "Art des Anliegens", "Nature of a service"),
    Requirement: ("requirement", "Was eine Vorgabe verlangt", "What a constraint asks for"),
    ConstraintKind: ("kind", "Woher eine Vorgabe kommt", "Where a constraint comes from"),
    Effect: ("effect", "Was eine Vorgabe bewirkt", "What a constraint does to a channel"),
    OfficeKind: ("office", "Art eines Amtes", "Kind of an office"),
    PlaceKind: ("place", "Art eines Ortes", "Kind of a place"),
}
"""Lists of the catalogue's terms, each with the beginning of its concepts' names."""

_CHANNEL = "cv:Channel"
_SERVICE = "cpsv:PublicService"
_PERIOD = "sd:Period"
_REQUIREMENT = "cv:Requirement"

PROPERTIES = (
    Term(
        "accessWay",
        "Zugangsweg in jedem Stand; nutzbar ist er nur, wenn auch cv:hasChannel auf ihn zeigt.",
        "A channel in whatever stage; it can be used only if cv:hasChannel points at it as well.",
        _SERVICE,
        _CHANNEL,
    ),
    Term(
        "stage",
        "Stand, am Stichtag oder in einem Zeitraum.",
        "The stage, on the day or in a period.",
        "",
        "skos:Concept",
    ),
    Term("period", "Zeitraum, in dem ein Stand gilt.", "A period in which a stage holds.", _CHANNEL, _PERIOD),
    Term("since", "Beginn, so genau wie bekannt.", "The beginning, as exact as it is known.", _PERIOD),
    Term("until", "Ende einschließlich, so genau wie bekannt.", "The last day, as exact as it is known.", _PERIOD),
    Term(
        "attested", "Zeit, für die die Quelle den Stand belegt.", "The time for which the source attests it.", _PERIOD
    ),
    Term("reason", "Grund des Standes.", "The reason of a stage.", _PERIOD),
    Term("booking", "So bucht man einen Termin.", "How an appointment is booked.", _PERIOD),
    Term("bookingPage", "Adresse zum Buchen.", "Where an appointment is booked.", _PERIOD),
    Term("slotsPerWeek", "Termine je Woche.", "Appointments per week.", _PERIOD, "xsd:integer"),
    Term("byArrangement", "Nach persönlicher Vereinbarung.", "By personal arrangement.", _PERIOD, "xsd:boolean"),
    Term("telework", "Aus der Telearbeit heraus.", "Offered from telework.", _PERIOD, "xsd:boolean"),
    Term("tool", "Programm für den Videotermin.", "The program of a video appointment.", _PERIOD),
    Term("browserOnly", "Ein Browser genügt.", "A browser is enough.", _PERIOD, "xsd:boolean"),
    Term("interpreter", "Dolmetschen ist möglich.", "An interpreter may join.", _PERIOD, "xsd:boolean"),
    Term("captions", "Mit Untertiteln.", "With captions.", _PERIOD, "xsd:boolean"),
    Term("testPage", "Adresse, unter der man die Technik prüft.", "Where one tries out the technology.", _PERIOD),
    Term("privacy", "Hinweis zum Datenschutz.", "A note on data protection.", _PERIOD),
    Term("verified", "Zuletzt als richtig bestätigt.", "When it was last found correct.", "", "xsd:date"),
    Term("effect", "Was die Vorgabe bewirkt.", "What the constraint does.", _REQUIREMENT, "skos:Concept"),
    Term("kind", "Woher die Vorgabe kommt.", "Where the constraint comes from.", _REQUIREMENT, "skos:Concept"),
    Term(
        "concerns",
        "Zugangsweg; ohne Angabe alle.",
        "The channel; all where none is said.",
        _REQUIREMENT,
        "skos:Concept",
    ),
    Term("procedure", "Ablauf, in Markdown.", "What happens, in Markdown.", _SERVICE),
    Term("duration", "Dauer, in Worten.", "How long it takes, in words.", _SERVICE),
    Term("leikaKey", "LeiKa-Schlüssel.", "The key of the German catalogue of services.", _SERVICE),
    Term("revision", "Nummer der Fassung.", "The number of the revision.", _SERVICE, "xsd:integer"),
    Term(
        "languageCode",
        "Sprache, die hier keine Adresse der EU hat.",
        "A language without an EU address here.",
        _SERVICE,
    ),
    Term("place", "Ort, an dem die Leistung erbracht wird.", "Where the service is given.", _SERVICE, "dct:Location"),
    Term("placeKind", "Art des Ortes.", "The kind of a place.", "dct:Location", "skos:Concept"),
    Term("opened", "Eröffnet.", "When a place opened.", "dct:Location"),
    Term("closed", "Erster Tag, an dem der Ort zu ist.", "The first time at which a place is closed.", "dct:Location"),
    Term("accessibility", "Barrierefreiheit.", "How accessible an office is.", "cv:PublicOrganisation"),
    Term("on", "Stichtag, dessen Stände gezeigt sind.", "The day whose stages are shown.", "dcat:Dataset", "xsd:date"),
    Term("state", "Kennzeichen des Datenstands.", "A mark of the state of the data.", "dcat:Dataset"),
)
"""What is said with our own words. Names are a promise: add at will, never rename."""

INVOLVED = Iri("sd:role-involved")
"""The role of an office that takes part without being responsible."""


def concept(term: StrEnum) -> Iri:
    """Return the short address of a term of the catalogue, such as `sd:stage-live`."""
    return Iri(f"sd:{SCHEMES[type(term)][0]}-{term.value}")


def concepts() -> Iterator[Thing]:
    """Yield every concept with its names, as data that point at them repeat it."""
    for terms, (name, *_names) in SCHEMES.items():
        for term in terms:
            yield _named(concept(term), words.label(term, "de"), words.label(term, "en")).say(
                "skos:inScheme", Iri(f"sd:list-{name}")
            )
    yield _named(INVOLVED, "beteiligt", "involved")


def things(base: str) -> Iterator[Thing]:
    """Yield the whole vocabulary: what it is, its class, its properties, its lists and their concepts."""
    page = base + "/data/vocabulary"
    yield (
        Thing(page, ("owl:Ontology",))
        .say("dct:title", Literal("Zugangswege zu Dienstleistungen der Verwaltung", "de"))
        .say("dct:title", Literal("Channels of public services", "en"))
        .say("vann:preferredNamespacePrefix", "sd")
        .say("vann:preferredNamespaceUri", page + "#")
    )
    yield (
        Thing("sd:Period", ("rdfs:Class",))
        .say("rdfs:label", Literal("Zeitraum, in dem ein Stand gilt", "de"))
        .say("rdfs:label", Literal("Period in which a stage holds", "en"))
        .say("rdfs:isDefinedBy", Iri(page))
    )
    for term in PROPERTIES:
        thing = Thing(f"sd:{term.name}", ("rdf:Property",))
        thing.say("rdfs:comment", Literal(term.german, "de")).say("rdfs:comment", Literal(term.english, "en"))
        for name, said in (("rdfs:domain", term.domain), ("rdfs:range", term.range)):
            if said:
                thing.say(name, Iri(said))
        yield thing.say("rdfs:isDefinedBy", Iri(page))
    for name, german, english in SCHEMES.values():
        scheme = Thing(f"sd:list-{name}", ("skos:ConceptScheme",))
        yield scheme.say("skos:prefLabel", Literal(german, "de")).say("skos:prefLabel", Literal(english, "en"))
    yield from concepts()


def _named(iri: str, german: str, english: str) -> Thing:
    thing = Thing(iri, ("skos:Concept",))
    return thing.say("skos:prefLabel", Literal(german, "de")).say("skos:prefLabel", Literal(english, "en"))
