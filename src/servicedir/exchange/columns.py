"""The columns of a sheet of services: their names, which stay, what each holds, and a sentence on each.

The sentence is German for those who edit sheets, and English beside it for those who only read the open data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    english: str
    language: str = ""
    channel: ChannelKind | None = None
    terms: type[StrEnum] | None = None
    width: int = 24

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the only values that a cell may have, for lists to choose from; empty where all are allowed."""
        return tuple(term.value for term in self.terms or ())


_SERVICE = (
    Column(
        "slug",
        "slug",
        Shape.LINE,
        "Kurzname in der Adresse der Seite. Daran wird der Eintrag erkannt.",
        "Short name in the address of the page, by which the entry is known.",
        width=32,
    ),
    Column("title", "title", Shape.TEXT, "Titel.", "Title.", "de", width=40),
    Column("title_en", "title", Shape.TEXT, "Titel (englisch).", "Title (English).", "en"),
    Column(
        "summary",
        "summary",
        Shape.TEXT,
        "Kurz gesagt: ein Satz für die Trefferliste.",
        "In short: a sentence for the list of results.",
        "de",
        width=60,
    ),
    Column("summary_en", "summary", Shape.TEXT, "Kurz gesagt (englisch).", "In short (English).", "en"),
    Column("nature", "nature", Shape.TERM, "Art des Anliegens.", "Nature of the request.", terms=Nature, width=16),
    Column("office", "office", Shape.LINE, "Kurzname des zuständigen Amtes.", "Short name of the responsible office."),
    Column(
        "further_offices",
        "further_offices",
        Shape.LINES,
        "Kurznamen weiterer beteiligter Ämter, je Zeile eines.",
        "Short names of further offices involved, one per line.",
    ),
    Column("body", "body", Shape.TEXT, "Ablauf, in Markdown.", "How it goes, in Markdown.", "de", width=60),
    Column(
        "body_en", "body", Shape.TEXT, "Ablauf (englisch), in Markdown.", "How it goes (English), in Markdown.", "en"
    ),
    Column(
        "audiences",
        "audiences",
        Shape.LINES,
        "Für wen: Kurznamen der Zielgruppen, je Zeile eine.",
        "For whom: short names of the audiences, one per line.",
    ),
    Column(
        "topics",
        "topics",
        Shape.LINES,
        "Kurznamen der Themen und Lebenslagen, je Zeile eines.",
        "Short names of topics and life situations, one per line.",
    ),
    Column("keywords", "keywords", Shape.LINES, "Suchwörter, je Zeile eines.", "Search words, one per line."),
    Column(
        "documents",
        "documents",
        Shape.DOCUMENTS,
        "Unterlagen, je Zeile eine, auf Deutsch. Übersetzungen bleiben, wo die Zeile bleibt.",
        "Documents to bring, one per line, in German. Translations stay where the line stays.",
        width=40,
    ),
    Column("costs", "costs", Shape.TEXT, "Kosten.", "Costs.", "de"),
    Column("costs_en", "costs", Shape.TEXT, "Kosten (englisch).", "Costs (English).", "en"),
    Column("duration", "duration", Shape.TEXT, "Dauer.", "Duration.", "de"),
    Column("duration_en", "duration", Shape.TEXT, "Dauer (englisch).", "Duration (English).", "en"),
    Column(
        "legal_bases",
        "legal_bases",
        Shape.BASES,
        "Rechtsgrundlagen, je Zeile eine: Fundstelle | Adresse. Die Adresse darf fehlen.",
        "Legal bases, one per line: citation | address. The address may be missing.",
        width=40,
    ),
    Column(
        "leika_key",
        "leika_key",
        Shape.LINE,
        "LeiKa-Schlüssel: 14 Ziffern, die ersten beiden 99.",
        "LeiKa key: 14 digits, the first two of them 99.",
        width=18,
    ),
    Column(
        "languages",
        "languages",
        Shape.LINES,
        "Kürzel der Sprachen, in denen beraten wird, je Zeile eines.",
        "Codes of the languages in which advice is given, one per line.",
    ),
    Column(
        "places",
        "places",
        Shape.LINES,
        "Kurznamen der Orte, je Zeile einer.",
        "Short names of the places, one per line.",
    ),
    Column(
        "related",
        "related",
        Shape.LINES,
        "Kurznamen verwandter Dienstleistungen, je Zeile einer.",
        "Short names of related services, one per line.",
    ),
)

PER_CHANNEL = (
    Column(
        "stage",
        "stage",
        Shape.TERM,
        "Stand am Stichtag. Ein neuer Stand braucht ein neues „since“.",
        "Stage on the day of the table. A new stage needs a new ‘since’.",
        terms=Stage,
        width=14,
    ),
    Column(
        "since",
        "since",
        Shape.DAY,
        "seit wann der Stand gilt: 2024, 2024-05 oder 2024-05-01.",
        "since when the stage holds: 2024, 2024-05 or 2024-05-01.",
        width=12,
    ),
    Column("until", "until", Shape.DAY, "bis wann einschließlich.", "until when, that day included.", width=12),
    Column(
        "attested",
        "attested",
        Shape.DAY,
        "wofür die Quelle ihn belegt, wenn der Anfang nicht bekannt ist.",
        "the time for which the source attests it, where the beginning is not known.",
        width=12,
    ),
    Column("reason", "reason", Shape.TEXT, "Grund. Bei „ruled_out“ nötig.", "Reason. Needed with ‘ruled_out’.", "de"),
    Column("reason_en", "reason", Shape.TEXT, "Grund (englisch).", "Reason (English).", "en"),
    Column("source", "source", Shape.LINE, "Quelle.", "Source."),
    Column("booking", "booking", Shape.TEXT, "so bucht man.", "how to book.", "de"),
    Column("booking_en", "booking", Shape.TEXT, "so bucht man (englisch).", "how to book (English).", "en"),
    Column("booking_url", "booking_url", Shape.LINE, "Adresse zum Buchen.", "Address for booking."),
    Column(
        "slots_per_week",
        "slots_per_week",
        Shape.NUMBER,
        "Termine je Woche. Leer heißt: nicht bekannt.",
        "Appointments per week. Empty means: not known.",
        width=12,
    ),
    Column(
        "by_arrangement",
        "by_arrangement",
        Shape.FLAG,
        "„yes“, wenn nach persönlicher Vereinbarung.",
        "‘yes’ if by personal arrangement.",
        width=12,
    ),
    Column("note", "note", Shape.TEXT, "Bemerkung.", "Note.", "de"),
    Column("note_en", "note", Shape.TEXT, "Bemerkung (englisch).", "Note (English).", "en"),
)
"""What is said of each channel: the stage that holds on the day of the export, its days and details."""


def _of_channel(kind: ChannelKind) -> tuple[Column, ...]:
    """Return the columns of a channel, whose names and sentences begin with it."""

    def own(column: Column) -> Column:
        german, english = (words.label(kind, language) for language in ("de", "en"))
        return replace(
            column,
            name=f"{kind}_{column.name}",
            channel=kind,
            meaning=f"{german}: {column.meaning}",
            english=f"{english}: {column.english}",
        )

    return tuple(map(own, PER_CHANNEL))


_ON = Column(
    "on",
    "on",
    Shape.DAY,
    "Stichtag, an dem die Stände in dieser Zeile gelten. Nicht ändern.",
    "The day on which the stages of this row hold. Not to be changed.",
    width=12,
)

_REVISION = Column(
    "revision",
    "revision",
    Shape.NUMBER,
    "Fassung, aus der diese Zeile stammt. Nicht ändern; bei neuen leer.",
    "The revision that this row was made of. Not to be changed; empty in new rows.",
    width=12,
)

GENERAL: tuple[Column, ...] = (*_SERVICE, _ON, _REVISION)
"""The columns that are of no channel."""

COLUMNS: tuple[Column, ...] = (
    *_SERVICE,
    *(column for kind in ChannelKind for column in _of_channel(kind)),
    _ON,
    _REVISION,
)
"""Every column in its order. Names are a promise to those who keep sheets: add at will, never rename."""

FOR_READERS: tuple[Column, ...] = (
    Column(
        "office_name", "office", Shape.LINE, "Name des zuständigen Amtes.", "Name of the responsible office.", width=32
    ),
    Column("url", "slug", Shape.LINE, "Adresse der Seite des Eintrags.", "Address of the page of the entry.", width=40),
)
"""What open data have after all others: it follows from the rest, so a sheet that comes back is not read for it."""

BY_NAME = {column.name: column for column in COLUMNS}
