"""Which entries a list of the desk shows, and in which order: the parameters of its address."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TypeVar

from servicedir.domain.care import Care, Tended
from servicedir.domain.query import BadValue
from servicedir.domain.service import Stage
from servicedir.domain.text import sort_key
from servicedir.domain.workflow import State

E = TypeVar("E", bound=StrEnum)

LONGEST_WORDS = 100
"""Characters of `q` that are read; what comes after is cut."""

PER_PAGE = 50


class Order(StrEnum):
    """Orders of the list: what needs care, by title, changed last, due next."""

    CARE = "care"
    TITLE = "title"
    CHANGED = "changed"
    DUE = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is asked of the list. Conditions are ANDed, the values of `video` ORed; nothing chosen is all.

    `office` includes the offices below it; `draft` wants a draft beside what is live. What is retired is listed only
    where `state` asks for it.
    """

    q: str = ""
    office: str = ""
    state: State | None = None
    draft: bool = False
    video: tuple[Stage, ...] = ()
    care: Care | None = None
    responsible: str = ""
    sort: Order = Order.CARE
    page: int = 1

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters that say this, without what is default: every state of the list is in its address."""
        plain, found = Choice(), list[tuple[str, str]]()
        for name in (field.name for field in fields(self)):
            value = getattr(self, name)
            if value != getattr(plain, name):
                values = value if isinstance(value, tuple) else ("1" if value is True else value,)
                found += [(name, str(one)) for one in values]
        return found

    def fits(self, tended: Tended, lineage: Container[str], language: str) -> bool:
        """Return whether an entry is chosen; `lineage` is its office with those above it."""
        standing = tended.standing
        if standing.state is not self.state and (self.state or standing.state is State.RETIRED):
            return False
        return (
            (not self.office or self.office in lineage)
            and (not self.draft or standing.has_draft)
            and (not self.video or tended.stage in self.video)
            and (self.care is None or self.care in tended.cares)
            and (not self.responsible or standing.responsible == self.responsible)
            and (not self.q or self._says(tended, language))
        )

    def _says(self, tended: Tended, language: str) -> bool:
        text = sort_key(f"{tended.title.within(language)} {tended.slug}")
        return all(word in text for word in sort_key(self.q).split())


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list: its entries, how many there are on all pages, what was asked, and for whom else one can ask.

    `responsible` are the logins of all who answer for an entry that the person may see.
    """

    entries: list[Tended]
    total: int
    query: Choice
    responsible: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """Return the number of pages, at least 1."""
        return max(1, -(-self.total // PER_PAGE))


def parse(pairs: Iterable[tuple[str, str]], offices: Mapping[str, object]) -> Choice:
    """Return the choice that parameters say; those of other names and empty ones are left out. Raises BadValue."""
    given: dict[str, list[str]] = {}
    names = {field.name for field in fields(Choice)}
    for name, value in pairs:
        if name in names and value.strip():
            given.setdefault(name, []).append(value.strip())
    for name, values in given.items():
        if len(values) > 1 and name != "video":
            raise BadValue(name, values[1], "repeated")

    def one(name: str) -> str:
        return given.get(name, [""])[0]

    if one("office") and one("office") not in offices:
        raise BadValue("office", one("office"), "unknown")
    if one("draft") not in ("", "1"):
        raise BadValue("draft", one("draft"), "unknown", ("1",))
    return Choice(
        q=one("q")[:LONGEST_WORDS],
        office=one("office"),
        state=_term(State, "state", one("state")),
        draft=bool(one("draft")),
        video=tuple(dict.fromkeys(_member(Stage, "video", value) for value in given.get("video", ()))),
        care=_term(Care, "care", one("care")),
        responsible=one("responsible"),
        sort=_term(Order, "sort", one("sort")) or Order.CARE,
        page=_page(one("page")),
    )


def _member(enum: type[E], name: str, value: str) -> E:
    try:
        return enum(value)
    except ValueError:
        raise BadValue(name, value, "unknown", tuple(member.value for member in enum)) from None


def _term(enum: type[E], name: str, value: str) -> E | None:
    return _member(enum, name, value) if value else None


def _page(value: str) -> int:
    if not value:
        return 1
    if not (value.isascii() and value.isdecimal() and 0 < len(value) < 6 and int(value)):
        raise BadValue("page", value, "number", ("1", "99999"))
    return int(value)
