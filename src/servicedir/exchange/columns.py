"""The columns of a sheet of services: their names, which stay, what each holds, and a German sentence on each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from servicedir.domain import words
from servicedir.domain.service import ChannelKind, Nature, Stage


class Shape(Enum):
    """How a value stands in a cell."""

    TEXT = auto()
    """The words of a text in the column's language."""
    LINE = auto()
    """A plain string."""
    TERM = auto()
    """One of the column's terms, by its name in the program or by its label."""
    LINES = auto()
    """A list of strings, one per line."""
    DOCUMENTS = auto()
    """A list of texts, one per line, in German."""
    BASES = auto()
    """A list of legal bases, one per line: citation, a bar, address."""
    DAY = auto()
    """A day, month or year."""
    NUMBER = auto()
    """A whole number; empty where it is not known."""
    FLAG = auto()
    """`yes`, or nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: which `field` of the entry it shows, or of the `channel` (its note) or the stage that holds there."""

    name: str
    field: str
    shape: Shape
    meaning: str
    language: str = ""
    channel: ChannelKind | None = None
    terms: type[StrEnum] | None = None
    width: int = 24

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the only values that a cell may have, for lists to choose from; empty where all are allowed."""
        return tuple(term.value for term in self.terms or ())


_SERVICE = (
    Column("slug", "slug", Shape.LINE, "Kurzname in der Adresse der Seite. Daran wird der Eintrag erkannt.", width=32),
    Column("title", "title", Shape.TEXT, "Titel.", "de", width=40),
    Column("title_en", "title", Shape.TEXT, "Titel (englisch).", "en"),
    Column("summary", "summary", Shape.TEXT, "Kurz gesagt: ein Satz für die Trefferliste.", "de", width=60),
    Column("summary_en", "summary", Shape.TEXT, "Kurz gesagt (englisch).", "en"),
    Column("nature", "nature", Shape.TERM, "Art des Anliegens.", terms=Nature, width=16),
    Column("office", "office", Shape.LINE, "Kurzname des zuständigen Amtes."),
    Column("further_offices", "further_offices", Shape.LINES, "Kurznamen weiterer beteiligter Ämter, je Zeile eines."),
    Column("body", "body", Shape.TEXT, "Ablauf, in Markdown.", "de", width=60),
    Column("body_en", "body", Shape.TEXT, "Ablauf (englisch), in Markdown.", "en"),
    Column("audiences", "audiences", Shape.LINES, "Für wen: Kurznamen der Zielgruppen, je Zeile eine."),
    Column("topics", "topics", Shape.LINES, "Kurznamen der Themen und Lebenslagen, je Zeile eines."),
    Column("keywords", "keywords", Shape.LINES, "Suchwörter, je Zeile eines."),
    Column(
        "documents",
        "documents",
        Shape.DOCUMENTS,
        "Unterlagen, je Zeile eine, auf Deutsch. Übersetzungen bleiben, wo die Zeile bleibt.",
        width=40,
    ),
    Column("costs", "costs", Shape.TEXT, "Kosten.", "de"),
    Column("costs_en", "costs", Shape.TEXT, "Kosten (englisch).", "en"),
    Column("duration", "duration", Shape.TEXT, "Dauer.", "de"),
    Column("duration_en", "duration", Shape.TEXT, "Dauer (englisch).", "en"),
    Column(
        "legal_bases",
        "legal_bases",
        Shape.BASES,
        "Rechtsgrundlagen, je Zeile eine: Fundstelle | Adresse. Die Adresse darf fehlen.",
        width=40,
    ),
    Column("leika_key", "leika_key", Shape.LINE, "LeiKa-Schlüssel: 14 Ziffern, die ersten beiden 99.", width=18),
    Column("languages", "languages", Shape.LINES, "Kürzel der Sprachen, in denen beraten wird, je Zeile eines."),
    Column("places", "places", Shape.LINES, "Kurznamen der Orte, je Zeile einer."),
    Column("related", "related", Shape.LINES, "Kurznamen verwandter Dienstleistungen, je Zeile einer."),
)


def _of_channel(kind: ChannelKind) -> tuple[Column, ...]:
    """Return the columns of a channel: the stage that holds on the day of the export, its days and details."""
    way = words.label(kind, "de")

    def column(name: str, shape: Shape, meaning: str, language: str = "", **more: int) -> Column:
        field = name.removesuffix("_en")
        terms = Stage if shape is Shape.TERM else None
        return Column(f"{kind}_{name}", field, shape, f"{way}: {meaning}", language, kind, terms, more.get("width", 24))

    return (
        column("stage", Shape.TERM, "Stand am Stichtag. Ein neuer Stand braucht ein neues „since“.", width=14),
        column("since", Shape.DAY, "seit wann der Stand gilt: 2024, 2024-05 oder 2024-05-01.", width=12),
        column("until", Shape.DAY, "bis wann einschließlich.", width=12),
        column("attested", Shape.DAY, "wofür die Quelle ihn belegt, wenn der Anfang nicht bekannt ist.", width=12),
        column("reason", Shape.TEXT, "Grund. Bei „ruled_out“ nötig.", "de"),
        column("reason_en", Shape.TEXT, "Grund (englisch).", "en"),
        column("source", Shape.LINE, "Quelle."),
        column("booking", Shape.TEXT, "so bucht man.", "de"),
        column("booking_en", Shape.TEXT, "so bucht man (englisch).", "en"),
        column("booking_url", Shape.LINE, "Adresse zum Buchen."),
        column("slots_per_week", Shape.NUMBER, "Termine je Woche. Leer heißt: nicht bekannt.", width=12),
        column("by_arrangement", Shape.FLAG, "„yes“, wenn nach persönlicher Vereinbarung.", width=12),
        column("note", Shape.TEXT, "Bemerkung.", "de"),
        column("note_en", Shape.TEXT, "Bemerkung (englisch).", "en"),
    )


_ON = Column("on", "on", Shape.DAY, "Stichtag, an dem die Stände in dieser Zeile gelten. Nicht ändern.", width=12)

_REVISION = Column(
    "revision", "revision", Shape.NUMBER, "Fassung, aus der diese Zeile stammt. Nicht ändern; bei neuen leer.", width=12
)

COLUMNS: tuple[Column, ...] = (
    *_SERVICE,
    *(column for kind in ChannelKind for column in _of_channel(kind)),
    _ON,
    _REVISION,
)
"""Every column in its order. Names are a promise to those who keep sheets: add at will, never rename."""

BY_NAME = {column.name: column for column in COLUMNS}
