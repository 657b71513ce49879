"""What two people made of one value, brought together: what only one of them changed stands, the rest is a choice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from servicedir.domain.matching import Item, Path, blank, has_fields, matches, named
from servicedir.domain.service import Service
from servicedir.domain.text import Text


class Side(StrEnum):
    """Whose version of a part is taken."""

    MINE = "mine"
    THEIRS = "theirs"


ORDER: Final = "~order"
"""The last part of a path where not what a list holds is the conflict, but how it is ordered."""

LED: Final[frozenset[Path]] = frozenset({("offices",)})
"""Lists of which the first item has a meaning of its own, the responsible office, and that are never empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A part that both sides changed to different things; None where it was not there, or somebody took it away.

    Where the path ends in ORDER, the values are the items of the list by name, in the order of each side.
    """

    path: Path
    base: Any
    mine: Any
    theirs: Any

    @property
    def key(self) -> str:
        """Return a name for the field of a form: the same for the same three values, different from all others."""
        return key_of(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What became of `mine` and `theirs`, both made of `base`: `value` has my version wherever there is a conflict."""

    base: Service
    mine: Service
    theirs: Service
    value: Service
    conflicts: tuple[Conflict, ...]


def merge(base: Service, mine: Service, theirs: Service) -> Merge:
    """Return both changes in one value, and what has to be chosen.

    What comes of two sound values need not be sound: ask it for its faults, since periods may overlap now.
    """
    merging = _Merging()
    value = merging.part((), base, mine, theirs)
    return Merge(base=base, mine=mine, theirs=theirs, value=value, conflicts=tuple(merging.conflicts))


def resolve(merge: Merge, choices: Mapping[str, str]) -> Service:
    """Return the merged value after choices, a Side by the key of its conflict; mine where nothing is chosen.

    Keys of no conflict are left out. Raises ValueError for what is no Side.
    """
    chosen = {key: Side(side) for key, side in choices.items()}
    value: Service = _Merging(chosen).part((), merge.base, merge.mine, merge.theirs)
    return value


_PLAIN: Final = re.compile(r"[a-z0-9_][a-z0-9_,-]{0,79}")


def key_of(path: Path) -> str:
    """Return a path as ASCII that a form can carry, readable where its parts are; else there is a checksum."""
    return ".".join(_word_of(step.label, step.number) if isinstance(step, Item) else step for step in path)


def _word_of(label: Sequence[Any], number: int) -> str:
    said = ",".join("" if part is None else str(part) for part in label)
    word = said if _PLAIN.fullmatch(said) else f"~{sha256(said.encode()).hexdigest()[:16]}"
    return f"{word}~{number}" if number else word


@dataclass
class _Merging:
    """One walk through three values: conflicts are noted where they are met, and settled as chosen."""

    choices: Mapping[str, Side] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    def part(self, path: Path, base: Any, mine: Any, theirs: Any) -> Any:
        """Return what comes of one part; None stands for one that is not there."""
        if mine == theirs or theirs == base:
            return mine
        if mine == base:
            return theirs
        if path[-1:] == ("verified",):
            return max(filter(None, (mine, theirs)))
        if isinstance(mine, Text) and isinstance(theirs, Text):
            return self._text(path, base or Text(), mine, theirs)
        if isinstance(mine, tuple) and isinstance(theirs, tuple):
            return self._list(path, base or (), mine, theirs)
        if has_fields(mine) and type(mine) is type(theirs):
            before = blank(mine) if base is None else {name: getattr(base, name) for name in blank(base)}
            names = before.items()
            parts = {n: self.part((*path, n), was, getattr(mine, n), getattr(theirs, n)) for n, was in names}
            return replace(mine, **parts)
        return theirs if self._chosen(path, base, mine, theirs) is Side.THEIRS else mine

    def _chosen(self, path: Path, base: Any, mine: Any, theirs: Any) -> Side:
        conflict = Conflict(path=path, base=base, mine=mine, theirs=theirs)
        self.conflicts.append(conflict)
        return self.choices.get(conflict.key, Side.MINE)

    def _text(self, path: Path, *texts: Text) -> Text:
        base, mine, theirs = map(dict, texts)
        words = {
            code: self.part((*path, code), base.get(code), mine.get(code), theirs.get(code))
            for code in sorted(base | mine | theirs)
        }
        return Text(tuple((code, said) for code, said in words.items() if said is not None))

    def _list(self, path: Path, *lists: tuple[Any, ...]) -> tuple[Any, ...]:
        nodes = _nodes(*lists)
        values = [self.part((*path, node.name), *node.of(lists)) for node in nodes]
        for number, node in enumerate(nodes):
            if _is_repeated(node, number, nodes, values, lists):
                values[number] = None
        _, mine, theirs = lists
        if path in LED and mine and theirs and values.count(None) == len(values):
            return theirs if self._chosen(path, *lists) is Side.THEIRS else mine
        lead, others = self._orders(path, nodes)
        order = [number for number in lead if values[number] is not None]
        for place, number in enumerate(others):
            if number in lead or values[number] is None:
                continue
            # What one side took away and stays nevertheless stays where it was; what is new comes last.
            before = [order.index(one) for one in others[:place] if one in order]
            order.insert(len(order) if nodes[number].is_new else max(before, default=-1) + 1, number)
        return tuple(values[number] for number in order)

    def _orders(self, path: Path, nodes: Sequence[_Node]) -> tuple[list[int], list[int]]:
        """Return the order of the list that is followed, and the other: mine, unless only they changed it."""
        orders = [_order(nodes, side) for side in range(3)]
        shared = {number for number, node in enumerate(nodes) if None not in node.places}
        was, is_mine, is_theirs = (
            (order[:1] if path in LED else [], [number for number in order if number in shared]) for order in orders
        )
        side = Side.THEIRS if is_mine == was != is_theirs else Side.MINE
        if is_mine != was and is_theirs not in (was, is_mine):
            names = (tuple(nodes[number].name for number in order) for order in orders)
            side = self._chosen((*path, ORDER), *names)
        return (orders[1], orders[2]) if side is Side.MINE else (orders[2], orders[1])


@dataclass(frozen=True, slots=True)
class _Node:
    """One thing in up to three lists: its name, and where it stands in base, mine and theirs."""

    name: Item
    places: tuple[int | None, int | None, int | None]

    @property
    def is_new(self) -> bool:
        return self.places[0] is None

    def of(self, lists: Sequence[Sequence[Any]]) -> list[Any]:
        """Return what it is in each list, None where it is not there."""
        return [None if at is None else items[at] for at, items in zip(self.places, lists, strict=True)]


def _nodes(base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any]) -> list[_Node]:
    """Return what is in any of three lists, each thing once; what both added is one thing if it is called the same."""
    to_mine, to_theirs = matches(base, mine), matches(base, theirs)
    my_new = [at for at in range(len(mine)) if at not in set(to_mine.values())]
    their_new = [at for at in range(len(theirs)) if at not in set(to_theirs.values())]
    both = matches([mine[at] for at in my_new], [theirs[at] for at in their_new], by_name_only=True)
    # Names are the same whoever is asked first, so that a conflict has one key for both.
    pairs = sorted(
        ((my_new[one], their_new[other]) for one, other in both.items()),
        key=lambda pair: sorted((repr(mine[pair[0]]), repr(theirs[pair[1]]))),
    )
    alone = [at for number, at in enumerate(my_new) if number not in both]
    taken = set(both.values())
    places: list[tuple[int | None, int | None, int | None]] = [
        *((at, to_mine.get(at), to_theirs.get(at)) for at in range(len(base))),
        *((None, *pair) for pair in pairs),
        *((None, at, None) for at in alone),
        *((None, None, at) for number, at in enumerate(their_new) if number not in taken),
    ]
    firsts = (base[b] if b is not None else mine[m] if m is not None else theirs[t or 0] for b, m, t in places)
    names = named(firsts)
    return [_Node(name, place) for name, place in zip(names, places, strict=True)]


def _order(nodes: Sequence[_Node], side: int) -> list[int]:
    """Return the numbers of the nodes in the order of one of the three lists."""
    there = [(at, number) for number, node in enumerate(nodes) if (at := node.places[side]) is not None]
    return [number for _, number in sorted(there)]


def _is_repeated(
    node: _Node, number: int, nodes: Sequence[_Node], values: Sequence[Any], lists: Sequence[Sequence[Any]]
) -> bool:
    """Return whether one side added what the other side made of an item that was there: once is enough."""
    value = values[number]
    if not node.is_new or value is None or None not in node.places[1:]:
        return False
    adder = 2 if node.places[1] is None else 1
    return any(
        made == value and not other.is_new and other.of(lists)[adder] != value
        for other, made in zip(nodes, values, strict=True)
    )
