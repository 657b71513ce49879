"""Which items of two lists are the same thing, though something about them may have changed."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

from servicedir.domain.service import Channel, Constraint, LegalBasis, Period
from servicedir.domain.text import Text

MANY: Final = 4096
"""Comparisons of what is left over: longer lists are matched by what names their items, and no further."""

ALIKE: Final = 0.5
"""The share that two items have to have in common to be the same thing with changes."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, by what people call it; `number` tells those apart (0, 1, …) that are called the same.

    `label` is what names it: a channel's kind; a period's stage and first day; a constraint's kind, requirement and
    channel; a legal basis's citation; the words of a text; a slug. Members of enums stay what they are.
    """

    label: tuple[Any, ...]
    number: int = 0


Path: TypeAlias = tuple[str | Item, ...]
"""The way from an entry to a part of it: names of fields, items of lists, codes of languages."""


def blank(value: Any) -> dict[str, Any]:
    """Return what each field of a value is when nothing is said; None where something has to be said."""
    cls: Any = type(value)
    return _blank(cls)


@cache
def _blank(cls: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in dataclasses.fields(cls):
        if field.default_factory is not dataclasses.MISSING:
            values[field.name] = field.default_factory()
        else:
            values[field.name] = None if field.default is dataclasses.MISSING else field.default
    return values


def has_fields(value: Any) -> bool:
    """Return whether a value is made of fields that can differ one by one; a text or a day is one thing."""
    return dataclasses.is_dataclass(value) and len(blank(value)) > 1


def label_of(item: Any) -> tuple[Any, ...]:
    """Return what names an item among others of its list, as Item has it."""
    match item:
        case Text():
            return (item.within("de"),)
        case Channel():
            return (item.kind,)
        case Period():
            return (item.stage, item.since or item.attested)
        case Constraint():
            return (item.kind, item.requirement, item.channel)
        case LegalBasis():
            return (item.citation,)
        case _ if has_fields(item):
            return (getattr(item, next(iter(blank(item)))),)
        case _:
            return (item,)


def matches(old: Sequence[Any], new: Sequence[Any], *, by_name_only: bool = False) -> dict[int, int]:
    """Return which item of `old` is which of `new`, as positions: each at most once, the same with the two exchanged.

    What is equal goes together first, then what is called the same, then, unless `by_name_only`, what is alike.
    """
    found: dict[int, int] = {}
    left, right = list(range(len(old))), list(range(len(new)))
    names: tuple[Callable[[Any], Hashable], ...] = (_itself, label_of)
    for name in names:
        if not left or not right:
            return found
        waiting = defaultdict[Hashable, list[int]](list)
        for position in reversed(right):
            waiting[name(new[position])].append(position)
        found |= {position: waiting[key].pop() for position in left if waiting[key := name(old[position])]}
        taken = set(found.values())
        left, right = [i for i in left if i not in found], [j for j in right if j not in taken]
    if by_name_only or not 0 < len(left) * len(right) <= MANY:
        return found
    scored = [(_likeness(old[i], new[j]), i, j) for i in left for j in right]
    # Of those equally alike the earliest: a sum of positions does not tell which list is which.
    for _, i, j in sorted((one for one in scored if one[0]), key=lambda one: (-one[0], one[1] + one[2])):
        if i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def named(items: Iterable[Any], seen: Counter[tuple[Any, ...]] | None = None) -> list[Item]:
    """Return each item by its name; `seen` counts those that have had it, and goes on counting."""
    counted = Counter[tuple[Any, ...]]() if seen is None else seen
    found = []
    for label in map(label_of, items):
        found.append(Item(label, counted[label]))
        counted[label] += 1
    return found


def _itself(item: Any) -> Any:
    return item


def _likeness(one: Any, other: Any) -> float:
    """Return how likely two items are one thing with changes, 0 for not at all; the same with the two exchanged."""
    match one, other:
        case (Text(), Text()):
            return _shared_words(one, other)
        case (Channel(), Channel()):
            return 0
        case (Period(), Period()):
            if (start := one.since or one.attested) and start == (other.since or other.attested):
                return 2
            # The same stage long before or after is another one; a corrected first day leaves most of the time.
            return float(one.stage is other.stage and one.first <= other.last and other.first <= one.last)
        case (Constraint(), Constraint()):
            return float((one.kind, one.requirement) == (other.kind, other.requirement))
        case (LegalBasis(), LegalBasis()):
            return float(bool(one.url) and one.url == other.url)
        case _ if has_fields(one) and type(one) is type(other):
            same = [getattr(one, name) == getattr(other, name) for name in blank(one)]
            return _enough(sum(same) / len(same))
        case _:
            return 0


def _shared_words(one: Text, other: Text) -> float:
    there = dict(other.values)
    shares = [0.0]
    for language, words in one:
        if language in there:
            mine, theirs = Counter(words.casefold().split()), Counter(there[language].casefold().split())
            shares.append(2 * (mine & theirs).total() / max(1, mine.total() + theirs.total()))
    return _enough(max(shares))


def _enough(share: float) -> float:
    return share if share >= ALIKE else 0
