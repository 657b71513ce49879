"""What changed between two values of an entry: field by field, items of lists matched, words of texts marked."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from servicedir.domain.marking import Mark, Run, marked
from servicedir.domain.matching import Item, Path, blank, has_fields, matches, named
from servicedir.domain.service import Service
from servicedir.domain.text import LANGUAGES, Text


class How(StrEnum):
    """What became of a part: it is new, gone, says something else, or stands in another place of its list."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """What became of one part of an entry: `parts` says it in detail; one without is a single plain value.

    `old` and `new` are what the part said as a whole, None where it was or is not there. `runs` are the words of both,
    for single texts. `moved` is an item's old and new place in its list, counted from 1, where it moved; if nothing
    else became of it, `how` says so.
    """

    path: Path
    how: How
    old: Any = None
    new: Any = None
    runs: tuple[Run, ...] = ()
    parts: tuple[FieldChange, ...] = ()
    moved: tuple[int, int] | None = None

    @property
    def name(self) -> str | Item:
        """Return the field, item or language that changed, without the way there."""
        return self.path[-1]

    def leaves(self) -> Iterator[FieldChange]:
        """Yield the single changes that this one is made of, for those who want no nested lists."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


def difference(old: Service, new: Service) -> list[FieldChange]:
    """Return what changed from one value to another, in the order of the fields; nothing if they say the same."""
    return _fields((), old, new)


def _fields(path: Path, old: Any, new: Any) -> list[FieldChange]:
    parts = (_change((*path, name), getattr(old, name), getattr(new, name)) for name in blank(new))
    return [part for part in parts if part]


def _change(path: Path, old: Any, new: Any) -> FieldChange | None:
    if old == new:
        return None
    if isinstance(old, Text) and isinstance(new, Text):
        parts = _languages(path, old, new)
    elif isinstance(old, tuple) and isinstance(new, tuple):
        parts = _items(path, old, new)
    elif has_fields(old) and type(old) is type(new):
        parts = _fields(path, old, new)
    elif _is_empty(old) and not _is_empty(new):
        return _whole(path, new, How.ADDED)
    elif _is_empty(new) and not _is_empty(old):
        return _whole(path, old, How.REMOVED)
    else:
        plain = isinstance(old, str) and isinstance(new, str) and not isinstance(new, StrEnum)
        runs = marked(old, new) if plain else ()
        return FieldChange(path=path, how=How.CHANGED, old=old, new=new, runs=runs)
    how = How.ADDED if _is_empty(old) else How.REMOVED if _is_empty(new) else How.CHANGED
    return FieldChange(path=path, how=how, old=old, new=new, parts=tuple(parts)) if parts else None


def _is_empty(value: Any) -> bool:
    """Return whether nothing is said: 0 and no are said."""
    return not value and not isinstance(value, int)


def _languages(path: Path, old: Text, new: Text) -> list[FieldChange]:
    before, after = dict(old.values), dict(new.values)
    codes = dict.fromkeys((*LANGUAGES, *sorted(before | after)))
    parts = (_change((*path, code), before.get(code), after.get(code)) for code in codes)
    return [part for part in parts if part]


def _items(path: Path, old: Sequence[Any], new: Sequence[Any]) -> list[FieldChange]:
    """Return what became of the items, in the order of the new list; removed ones after what they stood behind."""
    found = matches(old, new)
    origins = {j: i for i, j in found.items()}
    seen = Counter[tuple[Any, ...]]()
    before = named(old, seen)
    added = [j for j in range(len(new)) if j not in origins]
    after = named((new[j] for j in added), seen)
    stayed = _rising([origins[j] for j in range(len(new)) if j in origins])
    placed: list[tuple[int, int, FieldChange]] = []
    behind = -1
    for i, item in enumerate(old):
        here = (*path, before[i])
        if i not in found:
            placed.append((behind, 1, _whole(here, item, How.REMOVED)))
            continue
        behind = found[i]
        changed = _change(here, item, new[behind])
        moved = None if i in stayed else (i + 1, behind + 1)
        if changed or moved:
            how, parts = (How.CHANGED, changed.parts) if changed else (How.MOVED, ())
            whole = FieldChange(path=here, how=how, old=item, new=new[behind], parts=parts, moved=moved)
            placed.append((behind, 0, whole))
    placed += [(j, 0, _whole((*path, name), new[j], How.ADDED)) for j, name in zip(added, after, strict=True)]
    return [part for *_, part in sorted(placed, key=lambda one: one[:2])]


def _rising(numbers: Sequence[int]) -> set[int]:
    """Return a longest run of numbers that rises: the items that need not have moved for the others to have."""
    ends: list[int] = []
    behind: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(ends, number)
        behind[number] = ends[place - 1] if place else None
        ends[place:] = [number] if place == len(ends) else [number, *ends[place + 1 :]]
    kept = set[int]()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = behind[last]
    return kept


def _whole(path: Path, value: Any, how: How) -> FieldChange:
    """Return that a part is new or gone, with all that it says."""
    parts: list[FieldChange] = []
    runs: tuple[Run, ...] = ()
    if isinstance(value, Text):
        parts = [_whole((*path, code), words, how) for code, words in value]
    elif isinstance(value, tuple):
        parts = [_whole((*path, name), item, how) for name, item in zip(named(value), value, strict=True)]
    elif has_fields(value):
        said = ((name, getattr(value, name), default) for name, default in blank(value).items())
        parts = [
            _whole((*path, name), part, how) for name, part, default in said if part != default and not _is_empty(part)
        ]
    elif isinstance(value, str) and not isinstance(value, StrEnum):
        runs = (Run(Mark.INSERTED if how is How.ADDED else Mark.REMOVED, value),)
    old, new = (None, value) if how is How.ADDED else (value, None)
    return FieldChange(path=path, how=how, old=old, new=new, runs=runs, parts=tuple(parts))
