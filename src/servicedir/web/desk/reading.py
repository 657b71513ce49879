"""Differences of an entry in words: what a part is called, and how its value is shown to a reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from servicedir.domain.day import Day
from servicedir.domain.difference import FieldChange, How
from servicedir.domain.marking import Run
from servicedir.domain.matching import Item, Path, blank, has_fields
from servicedir.domain.merge import ORDER
from servicedir.domain.service import Service
from servicedir.domain.text import Text
from servicedir.web.naming import FIELDS
from servicedir.web.page import Site
from servicedir.web.translation import _

PARTS = {
    **FIELDS,
    "kind": _("Art"),
    "periods": _("Stand im Lauf der Zeit"),
    "note": _("Bemerkung"),
    "stage": _("Stand"),
    "since": _("Seit"),
    "until": _("Bis einschließlich"),
    "attested": _("Belegt für"),
    "reason": _("Grund"),
    "source": _("Quelle"),
    "booking": _("So bucht man"),
    "booking_url": _("Adresse zum Buchen"),
    "slots_per_week": _("Termine je Woche"),
    "by_arrangement": _("Nach persönlicher Vereinbarung"),
    "telework": _("Aus der Telearbeit möglich?"),
    "needs": _("Was ein Videotermin braucht"),
    "tool": _("Programm"),
    "browser_only": _("Genügt ein Browser?"),
    "interpreter": _("Dolmetschen per Video möglich?"),
    "captions": _("Untertitel möglich?"),
    "test_url": _("Seite, um die Technik vorab zu testen"),
    "privacy": _("Hinweis zum Datenschutz"),
    "requirement": _("Was verlangt wird"),
    "effect": _("Wirkung"),
    "channel": _("Zugangsweg"),
    "legal_basis": _("Rechtsgrundlage"),
    "citation": _("Fundstelle"),
    "url": _("Adresse"),
    ORDER: _("Reihenfolge"),
}
"""What every part of a service is called; the fields of the form have the same words."""

HOWS = {
    How.ADDED: _("neu"),
    How.REMOVED: _("entfernt"),
    How.CHANGED: _("geändert"),
    How.MOVED: _("verschoben"),
}

_NOUNS = ("offices", "places", "topics", "audiences")
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One change for a reader: where, what became of it, and the words of it; `runs` for texts, else `old`, `new`."""

    where: str
    how: How
    word: str
    old: str = ""
    new: str = ""
    runs: tuple[Run, ...] = ()
    language: str | None = None


def changed_fields(before: Service, after: Service) -> list[str]:
    """Return the names of the fields that differ, without looking into them."""
    return [name for name in blank(after) if getattr(before, name) != getattr(after, name)]


def rows(changes: Iterable[FieldChange], site: Site) -> list[tuple[str, list[Row]]]:
    """Return the changes of each field of a service: the field's name, and a row for everything in it."""
    return [(part_name(change.path[:1], site), [_row(leaf, site) for leaf in _leaves(change)]) for change in changes]


def _leaves(change: FieldChange) -> Iterator[FieldChange]:
    """Yield the single changes; an item that only moved, or moved as well, is told by itself."""
    if change.moved and change.parts:
        yield FieldChange(path=change.path, how=How.MOVED, moved=change.moved)
    if not change.parts:
        yield change
    for part in change.parts:
        yield from _leaves(part)


def _row(change: FieldChange, site: Site) -> Row:
    # A plain item is called what it says, which is shown anyway.
    named = len(change.path) - (isinstance(change.path[-1], Item) and not change.moved)
    where = " › ".join(part_name(change.path[: at + 1], site) for at in range(1, named))
    word, language = site.translate(HOWS[change.how]), language_of(change.path)
    if change.runs and change.path[0] not in (*_NOUNS, "languages"):
        return Row(where=where, how=change.how, word=word, runs=change.runs, language=language)
    if change.moved:
        places = _("von Platz ${old} auf Platz ${new}", mapping=dict(zip(("old", "new"), change.moved, strict=True)))
        return Row(where=where, how=change.how, word=word, new=site.translate(places))
    old, new = (shown(value, change.path, site) for value in (change.old, change.new))
    return Row(where=where, how=change.how, word=word, old=old, new=new)


def language_of(path: Path) -> str | None:
    """Return the code of the language that a path ends with, if it does."""
    last = path[-1]
    return last if isinstance(last, str) and last not in PARTS else None


def part_name(path: Path, site: Site) -> str:
    """Return what the last part of a path is called: a field, a language, or an item of a list."""
    last = path[-1]
    if isinstance(last, Item):
        said = ", ".join(filter(None, (shown(part, path, site) for part in last.label)))
        said = said if len(said) <= _LONGEST_NAME else f"{said[:_LONGEST_NAME]}…"
        return f"{said} ({last.number + 1})" if last.number else said
    if last in PARTS:
        return site.translate(PARTS[last])
    return site.spoken(last)


def shown(value: Any, path: Path, site: Site) -> str:
    """Return a value as a reader knows it; an empty string where there is none."""
    match value:
        case None | "":
            return ""
        case bool():
            return site.translate(_("Ja") if value else _("Nein"))
        case StrEnum():
            return site.label(value)
        case Text():
            return site.plain(value)
        case Day():
            return site.day(value)
        case date():
            return site.show_date(value)
        case Item():
            return part_name((*path, value), site)
        case tuple() | list():
            return ", ".join(shown(part, path, site) for part in value)
        case _ if has_fields(value):
            said = (shown(getattr(value, name), (*path, name), site) for name in blank(value))
            return ", ".join(filter(None, said))
        case str() if path[0] in _NOUNS:
            noun = getattr(site.catalogue, str(path[0])).get(value)
            return site.plain(noun.name) if noun else value
        case str() if path[0] == "languages":
            return site.spoken(value)
    return str(value)
