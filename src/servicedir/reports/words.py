"""What papers, pages and files of answers say themselves, in both languages: their own words, days and moments."""

from __future__ import annotations

import re
from datetime import date, datetime

from babel.dates import format_date

from servicedir.domain.moment import CITY_TIME
from servicedir.domain.text import Text
from servicedir.reports.answer import Reply

# What neither XML 1.0 (2.2) nor HTML knows, and what turns the letters after it around: in a paper that is for ever,
# nobody should read 21 where 12 was typed. A tab and a new line may stay.
_ILLEGIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_WORDS: dict[str, Text] = {
    "paper": Text.of(de="Antwort auf die Anfrage", en="Answer to the inquiry"),
    "question": Text.of(de="Frage", en="Question"),
    "table": Text.of(de="Tabelle", en="Table"),
    "tables": Text.of(de="Verzeichnis der Tabellen", en="List of tables"),
    "reference": Text.of(de="Aktenzeichen", en="Reference"),
    "asked_by": Text.of(de="Gefragt hat", en="Asked by"),
    "received": Text.of(de="Eingegangen am", en="Received on"),
    "deadline": Text.of(de="Zu beantworten bis", en="To be answered by"),
    "on": Text.of(de="Beantwortet für den", en="Answered for"),
    "recorded": Text.of(de="Stand der Kenntnis", en="State of knowledge"),
    "services": Text.of(de="Leistungen im Verzeichnis", en="Services in the directory"),
    "checksum": Text.of(de="Prüfsumme (SHA-256) der JSON-Datei", en="Checksum (SHA-256) of the JSON file"),
    "notes": Text.of(de="Hinweise", en="Notes"),
    "list_today": Text.of(
        de="Diese Liste, wie sie heute im Verzeichnis steht", en="This list as the directory has it today"
    ),
    "no_rows": Text.of(de="Dazu gibt es keine Einträge.", en="There are no entries for this."),
    "more": Text.of(
        de="{number} weitere Zeilen stehen in der CSV-Datei.", en="{number} more rows are in the CSV file."
    ),
    "one_more": Text.of(de="1 weitere Zeile steht in der CSV-Datei.", en="1 more row is in the CSV file."),
    "empty": Text.of(de="Ohne Angabe in allen Zeilen: {columns}.", en="Nothing is said in any row on: {columns}."),
    "annex": Text.of(de="Anlage", en="Annex"),
    "source": Text.of(de="Quelle und Stand", en="Source and state"),
    "reading": Text.of(de="So sind die Tabellen zu lesen", en="How to read the tables"),
    "page": Text.of(de="Seite {page} von {pages}", en="Page {page} of {pages}"),
}


def word(key: str, language: str) -> str:
    """Return what something is called. Raises KeyError for what has no words here."""
    return _WORDS[key].within(language)


def legible(said: str) -> str:
    """Return a text without the characters that papers cannot hold."""
    return _ILLEGIBLE.sub("", said)


def show_day(day: date, language: str) -> str:
    """Return a day in words."""
    return format_date(day, "d. MMMM y" if language == "de" else "d MMMM y", locale=language)


def show_moment(at: datetime, language: str) -> str:
    """Return a moment in the city's time, to the minute."""
    local = at.astimezone(CITY_TIME)
    clock = local.strftime("%H:%M")
    return f"{show_day(local.date(), language)}, {clock}" + (" Uhr" if language == "de" else "")


def question(reply: Reply) -> str:
    """Return a question with its number."""
    return f"{reply.number}. {reply.question}"


def address(base: str, path: str) -> str:
    """Return the address of a path of the directory; empty for what is none, or leads somewhere else."""
    return base + path if path.startswith("/") and not path.startswith("//") else ""
