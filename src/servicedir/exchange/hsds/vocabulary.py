"""Our own taxonomies: words for what HSDS has no field for. What stands before the colon of a code is its taxonomy.

Codes are part of what others rely on: a new one may come at any time, none changes its meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from servicedir.domain import words
from servicedir.domain.catalogue import Catalogue, OfficeKind, TopicKind
from servicedir.domain.service import ChannelKind, ConstraintKind, Effect, Nature, Requirement, Stage
from servicedir.domain.text import Text


class Words(NamedTuple):
    """A taxonomy or a term: its code, what it is called, and what it means."""

    code: str
    name: Text
    description: Text


def _words(code: str, name: tuple[str, str], description: tuple[str, str]) -> Words:
    return Words(code, Text.of(de=name[0], en=name[1]), Text.of(de=description[0], en=description[1]))


def stage_taxonomy(kind: ChannelKind) -> str:
    """Return the code of the taxonomy of a channel's stages, such as `video-stage`."""
    return f"{kind.value.replace('_', '-')}-stage"


_TAXONOMIES = (
    _words(
        "nature",
        ("Art des Anliegens", "Nature"),
        ("Was jemand von der Stelle will.", "What somebody wants of the office."),
    ),
    _words(
        "channel",
        ("Zugangswege", "Channels"),
        (
            "Ein Weg, auf dem die Dienstleistung heute zu haben ist; bei einer Vorgabe der Weg, von dem sie spricht.",
            "A way on which the service can be had today; of a constraint, the way that it speaks of.",
        ),
    ),
    _words(
        "constraint",
        ("Herkunft von Vorgaben", "Sources of constraints"),
        ("Woher eine Vorgabe kommt.", "Where a constraint comes from."),
    ),
    _words(
        "requirement",
        ("Vorgaben", "Constraints"),
        (
            "Was Recht oder Technik auf einem Zugangsweg oder auf allen verlangt.",
            "What law or technology asks on one channel, or on all of them.",
        ),
    ),
    _words(
        "effect",
        ("Wirkung von Vorgaben", "Effects of constraints"),
        ("Was eine Vorgabe mit dem Zugangsweg macht.", "What a constraint does to the channel."),
    ),
    _words(
        "topic",
        ("Themen", "Topics"),
        ("Felder der Verwaltung, unter denen gesucht wird.", "Fields of administration under which people look."),
    ),
    _words(
        "life-situation",
        ("Lebenslagen", "Life situations"),
        ("Ereignisse im Leben, unter denen gesucht wird.", "Events in a life under which people look."),
    ),
    _words(
        "audience",
        ("Zielgruppen", "Audiences"),
        ("Für wen die Dienstleistung ist.", "Whom the service is for."),
    ),
    _words(
        "office-kind",
        ("Arten von Stellen", "Kinds of offices"),
        ("Was für eine Stelle das ist.", "What kind of body this is."),
    ),
    _words(
        "detail",
        ("Weitere Angaben", "Further details"),
        (
            "Angaben, für die HSDS kein Feld hat; sie stehen im Wert („value“).",
            "What HSDS has no field for; it stands in the value.",
        ),
    ),
)

_CHANNELS = {
    ChannelKind.VIDEO: ("Ein Videogespräch mit der Stelle.", "A video call with the office."),
    ChannelKind.PHONE: ("Ein Anruf.", "A call."),
    ChannelKind.CHAT: ("Gleichzeitig miteinander schreiben.", "Writing to each other at the same time."),
    ChannelKind.ONLINE: ("Ein Formular im Netz, ohne Gegenüber.", "A form on the net, with nobody on the other side."),
    ChannelKind.IN_PERSON: ("Am Schalter.", "At the counter."),
    ChannelKind.HOME_VISIT: ("Die Stelle kommt nach Hause.", "The office comes to the home."),
    ChannelKind.MAIL: ("Ein Brief oder eine E-Mail.", "A letter or an e-mail."),
}
_STAGES = {
    Stage.LIVE: ("Auf diesem Weg ist es zu haben.", "It can be had in this way."),
    Stage.PILOT: ("Auf diesem Weg ist es zu haben, auf Probe.", "It can be had in this way, on trial."),
    Stage.PLANNED: ("Beschlossen, aber noch nicht da.", "Decided, not there yet."),
    Stage.UNDER_REVIEW: ("Noch ist nichts entschieden.", "Nothing is decided."),
    Stage.PAUSED: ("Es ruht für eine Zeit.", "It rests for a time."),
    Stage.ENDED: ("Das gab es, und es gibt es nicht mehr.", "It was there and is no more."),
    Stage.NOT_PLANNED: ("Die Stelle hat es nicht vor.", "The office does not intend it."),
    Stage.RULED_OUT: ("Recht oder Technik lässt es nicht zu.", "Law or technology forbids it."),
    Stage.UNKNOWN: ("Dazu hat niemand etwas gesagt.", "Nobody has said anything about it."),
}
_REQUIREMENTS = {
    Requirement.IDENTITY_CHECK: ("Wer kommt, muss sich ausweisen.", "Who comes must prove who they are."),
    Requirement.PERSONAL_APPEARANCE: ("Man muss selbst erscheinen.", "One must appear in person."),
    Requirement.WRITTEN_FORM: ("Es muss schriftlich geschehen.", "It must be done in writing."),
    Requirement.SIGNATURE: ("Es muss unterschrieben werden.", "It must be signed."),
    Requirement.ORIGINALS: ("Unterlagen müssen im Original vorliegen.", "Originals of documents must be shown."),
    Requirement.BIOMETRICS: ("Fingerabdruck oder Gesichtsbild wird gebraucht.", "A fingerprint or portrait is taken."),
    Requirement.DATA_PROTECTION: ("Der Schutz der Daten stellt Bedingungen.", "Data protection sets conditions."),
    Requirement.EQUIPMENT: ("Bestimmte Technik wird gebraucht.", "Certain equipment is needed."),
    Requirement.OTHER: ("Etwas anderes; die Anmerkung sagt, was.", "Something else; the note says what."),
}
_EFFECTS = {
    Effect.ALLOWS: ("Die Vorgabe lässt den Weg ausdrücklich zu.", "The constraint expressly allows the way."),
    Effect.CONDITIONS: ("Der Weg ist unter dieser Bedingung möglich.", "The way is possible on this condition."),
    Effect.RULES_OUT: ("Der Weg ist dadurch ausgeschlossen.", "The way is ruled out by it."),
}
_SOURCES = {
    ConstraintKind.LEGAL: ("Ein Gesetz oder eine Verordnung verlangt es.", "A law or an ordinance asks for it."),
    ConstraintKind.TECHNICAL: ("Die Technik verlangt es.", "Technology asks for it."),
}
_OFFICES = {
    OfficeKind.DEPARTMENT: ("Ein Amt der Stadt.", "A department of the city."),
    OfficeKind.COMMISSIONER: ("Beauftragte der Stadt.", "A commissioner of the city."),
    OfficeKind.MUNICIPAL_COMPANY: ("Ein Unternehmen der Stadt.", "A company of the city."),
    OfficeKind.PARTNER_AUTHORITY: ("Eine Behörde neben der Stadt.", "An authority beside the city's own."),
    OfficeKind.COUNTER: ("Wohin man geht, etwa ein Bürgerbüro.", "Where people go, such as a citizens' office."),
}

# Code of a detail: what it is called, and what its value says. A truth is written as yes or no.
_DETAILS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "keyword": (("Suchwort", "Keyword"), ("Ein Wort, unter dem gesucht wird.", "A word under which people look.")),
    "leika-key": (("LeiKa-Schlüssel", "LeiKa key"), ("14 Ziffern, zuerst 99.", "14 digits that begin with 99.")),
    "duration": (("Dauer", "Duration"), ("Wie lange es dauert.", "How long it takes.")),
    "related": (("Verwandt", "Related"), ("Die HSDS-Kennung einer Dienstleistung.", "The HSDS id of a service.")),
    "further-office": (
        ("Weitere Stelle", "Further office"),
        ("Die HSDS-Kennung einer Organisation.", "The HSDS id of an organization."),
    ),
    "legal-basis": (("Rechtsgrundlage", "Legal basis"), ("Wie sie zitiert wird.", "As it is cited.")),
    "legal-basis-url": (
        ("Adresse der Rechtsgrundlage", "Address of a legal basis"),
        ("Wo sie zu lesen ist.", "Where it can be read."),
    ),
    "note": (("Anmerkung", "Note"), ("Ein Text.", "A text.")),
    "verified": (("Zuletzt geprüft", "Last verified"), ("Der Tag, nach ISO 8601.", "The day, in ISO 8601.")),
    "attested": (
        ("Belegt für", "Attested for"),
        (
            "Die Zeit, für die eine Quelle den Stand nennt, wo sein Beginn nicht bekannt ist.",
            "The time for which a source states the stage, where its beginning is not known.",
        ),
    ),
    "reason": (("Begründung", "Reason"), ("Warum es so steht.", "Why it is so.")),
    "source": (("Quelle", "Source"), ("Wer das sagt.", "Who says so.")),
    "booking": (("Terminvergabe", "Booking"), ("Wie man einen Termin bekommt.", "How to get an appointment.")),
    "booking-url": (("Adresse der Terminvergabe", "Address for booking"), ("Wo man bucht.", "Where to book.")),
    "slots-per-week": (("Termine je Woche", "Appointments per week"), ("Eine Zahl.", "A number.")),
    "by-arrangement": (
        ("Nach Absprache", "By arrangement"),
        ("yes: Termine werden einzeln vereinbart.", "yes: appointments are arranged one by one."),
    ),
    "telework": (
        ("Mobiles Arbeiten", "Telework"),
        (
            "yes oder no: ob die Stelle dabei nicht im Amt sitzt.",
            "yes or no: whether the office's people work from elsewhere.",
        ),
    ),
    "tool": (("Programm", "Tool"), ("Womit das Videogespräch geführt wird.", "By which the video call is held.")),
    "browser-only": (("Browser genügt", "A browser is enough"), ("yes oder no.", "yes or no.")),
    "interpreter": (
        ("Dolmetschen", "Interpreting"),
        (
            "yes oder no: ob im Videogespräch gedolmetscht werden kann.",
            "yes or no: whether a video call can be interpreted.",
        ),
    ),
    "captions": (("Untertitel", "Captions"), ("yes oder no.", "yes or no.")),
    "test-url": (
        ("Adresse zum Ausprobieren", "Address for trying"),
        ("Wo man die Technik ausprobiert.", "Where to try the equipment."),
    ),
    "privacy": (
        ("Datenschutz", "Privacy"),
        ("Was mit den Daten des Gesprächs geschieht.", "What becomes of the data of the call."),
    ),
    "opened": (
        ("Geöffnet seit", "Opened"),
        ("Tag, Monat oder Jahr, nach ISO 8601.", "Day, month or year, in ISO 8601."),
    ),
    "closed": (
        ("Geschlossen ab", "Closed from"),
        ("Tag, Monat oder Jahr, nach ISO 8601.", "Day, month or year, in ISO 8601."),
    ),
    "hours": (
        ("Öffnungszeiten", "Opening hours"),
        ("Einer Stelle ohne Anschrift.", "Of an office without an address."),
    ),
    "accessibility": (
        ("Barrierefreiheit", "Accessibility"),
        ("Einer Stelle ohne Anschrift.", "Of an office without an address."),
    ),
}


def _of_enum(prefix: str, described: Mapping[Any, tuple[str, str]]) -> Iterator[Words]:
    for term, description in described.items():
        name = words.label(term, "de"), words.label(term, "en")
        yield _words(f"{prefix}:{term.value}", name, description)


def taxonomies() -> Iterator[Words]:
    """Yield the taxonomies, those of the channels' stages among them."""
    yield from _TAXONOMIES
    for kind in ChannelKind:
        de, en = (words.label(kind, language) for language in ("de", "en"))
        yield _words(
            stage_taxonomy(kind),
            (f"Stand: {de}", f"Stage: {en}"),
            (
                "Wo dieser Zugangsweg steht; der Wert nennt den Zeitraum als „Beginn/Ende“, „..“ heißt: ohne Ende.",
                "Where this channel stands; the value is the time as “since/until”, “..” means: without an end.",
            ),
        )


def fixed_terms() -> Iterator[Words]:
    """Yield the terms that every directory has."""
    for nature in Nature:
        name = Text.of(de=words.label(nature, "de"), en=words.label(nature, "en"))
        yield Words(f"nature:{nature.value}", name, words.NATURE_SENTENCES[nature])
    yield from _of_enum("channel", _CHANNELS)
    for kind in ChannelKind:
        yield from _of_enum(stage_taxonomy(kind), _STAGES)
    yield from _of_enum("constraint", _SOURCES)
    yield from _of_enum("requirement", _REQUIREMENTS)
    yield from _of_enum("effect", _EFFECTS)
    yield from _of_enum("office-kind", _OFFICES)
    for code, (label, description) in _DETAILS.items():
        yield _words(f"detail:{code}", label, description)


def topic_code(slug: str, kind: TopicKind) -> str:
    """Return the code of a topic or a life situation."""
    return f"{'topic' if kind is TopicKind.TOPIC else 'life-situation'}:{slug}"


def terms_of(catalogue: Catalogue) -> Iterator[Words]:
    """Yield the terms that are this city's own: topics, life situations, audiences."""
    for topic in catalogue.topics.values():
        yield Words(topic_code(topic.slug, topic.kind), topic.name, topic.summary)
    for audience in catalogue.audiences.values():
        yield Words(f"audience:{audience.slug}", audience.name, Text())
