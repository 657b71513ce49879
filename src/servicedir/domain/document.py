"""Values to plain documents (JSON, TOML) and back; unknown or ill-typed content is refused with its path."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import EnumType, StrEnum
from functools import cache, lru_cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from servicedir.domain.acceptance import Acceptance
from servicedir.domain.catalogue import Audience, Compound, Office, Place, Synonym, Topic
from servicedir.domain.day import Day
from servicedir.domain.history import Document, Kind
from servicedir.domain.inquiry import Inquiry
from servicedir.domain.programme import Programme
from servicedir.domain.service import Service
from servicedir.domain.step import Step
from servicedir.domain.text import Text

T = TypeVar("T")

VERSION = 1
"""The shape that `to_document` writes. Each older shape is upgraded by one function in UPGRADES."""

UPGRADES: dict[int, Callable[[Document], Document]] = {}

CLASSES: dict[Kind, type] = {
    Kind.SERVICE: Service,
    Kind.OFFICE: Office,
    Kind.PLACE: Place,
    Kind.TOPIC: Topic,
    Kind.AUDIENCE: Audience,
    Kind.SYNONYM: Synonym,
    Kind.COMPOUND: Compound,
    Kind.STEP: Step,
    Kind.PROGRAMME: Programme,
    Kind.ACCEPTANCE: Acceptance,
    Kind.INQUIRY: Inquiry,
}


NOUNS = tuple(kind for kind in CLASSES if kind not in (Kind.SERVICE, Kind.INQUIRY))
"""The kinds that services and pages point at, in the order of the fields of `Catalogue`."""


class BadDocument(ValueError):
    """A document that is none of ours: `path` says where, the message what."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(f"{path}: {what}" if path else what)
        self.path = path
        self.what = what

    def below(self, name: str) -> BadDocument:
        """Return the same of a document that has this one in one of its fields."""
        joint = "" if not self.path or self.path.startswith("[") else "."
        return BadDocument(f"{name}{joint}{self.path}", self.what)


def to_document(value: Any) -> Document:
    """Return a value of one of CLASSES as a plain document, with its `version`.

    What is empty is left out unless it has to be there: no draft may come to be that cannot be read again.
    """
    return {"version": VERSION, **_plain(value)}


def from_document(cls: type[T], document: Document) -> T:
    """Return the value that a document says, upgraded from older shapes. Raises BadDocument."""
    if not isinstance(document, dict):
        raise BadDocument("", "is not an object")
    content = dict(document)
    version = content.pop("version", VERSION)
    if type(version) is not int:
        raise BadDocument("version", f"{version!r} is not a number")
    while version in UPGRADES:
        content = UPGRADES[version](content)
        version += 1
    if version != VERSION:
        raise BadDocument("version", f"{version!r} is not known here")
    hint: Any = cls
    return cast("T", _reader(hint)(content))


def _plain(value: Any) -> Any:
    return _writer(value.__class__)(value)


# Documents are written by the ten thousands as well, so what is to be done with a class is found out once.
@cache
def _writer(cls: type) -> Callable[[Any], Any]:
    if issubclass(cls, Text):
        return lambda text: dict(text.values)
    if issubclass(cls, Day | date | Decimal):  # A moment is a date, too.
        return str
    if issubclass(cls, StrEnum):
        return lambda term: term.value
    if issubclass(cls, tuple):
        return lambda items: [_writer(item.__class__)(item) for item in items]
    return _class_writer(cls) if dataclasses.is_dataclass(cls) else lambda value: value


def _class_writer(cls: Any) -> Callable[[Any], Document]:
    required = _required(cls)
    fields = [(field.name, field.name in required, field.default is False) for field in dataclasses.fields(cls)]

    def write(value: Any) -> Document:
        content = {}
        for name, is_required, is_false in fields:
            part = getattr(value, name)
            if part.__class__ is not str:
                part = _writer(part.__class__)(part)
            if is_required or (part not in _EMPTY and not (is_false and part is False)):
                content[name] = part
        return content

    return write


_EMPTY: tuple[Any, ...] = (None, "", [], {})


@cache
def _required(cls: type) -> tuple[str, ...]:
    return tuple(
        field.name
        for field in dataclasses.fields(cls)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )


# Documents are read by the ten thousands. So a reader is not told where it is: whoever called it says so if it fails.
_Reader = Callable[[Any], Any]


@cache
def _reader(hint: Any) -> _Reader:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = next(_reader(arg) for arg in args if arg is not type(None))
        return lambda raw: None if raw is None or raw == "" else inner(raw)
    if origin is tuple:
        return _tuple_reader(_reader(args[0]))
    if hint is Text:
        return _read_text
    if hint in _SCALARS or issubclass(hint, StrEnum):
        return _scalar_reader(_SCALARS.get(hint, hint))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _class_reader(hint)
    return _plain_reader(hint)


def _tuple_reader(inner: _Reader) -> _Reader:
    def read(raw: Any) -> tuple[Any, ...]:
        if not isinstance(raw, list | tuple):
            raise BadDocument("", "is not a list")
        found: list[Any] = []
        try:
            for item in raw:
                found.append(inner(item))
        except BadDocument as bad:
            raise bad.below(f"[{len(found)}]") from None
        return tuple(found)

    return read


def _read_text(raw: Any) -> Text:
    if not isinstance(raw, str) and not (
        isinstance(raw, dict) and all(isinstance(part, str) for pair in raw.items() for part in pair)
    ):
        raise BadDocument("", "is not a text by language")
    return Text.of(raw)


def _moment(raw: str) -> datetime:
    moment = datetime.fromisoformat(raw)
    if moment.tzinfo is None:
        raise ValueError(f"{raw!r} has no time zone")
    return moment


def _number(raw: str) -> Decimal:
    try:
        number = Decimal(raw)
    except InvalidOperation:
        raise ValueError(f"{raw!r} is not a number") from None
    if not number.is_finite():
        raise ValueError(f"{raw!r} is not a number")
    return number


_SCALARS: dict[Any, Callable[[str], Any]] = {
    Day: lru_cache(maxsize=10_000)(Day),
    date: date.fromisoformat,
    datetime: _moment,
    Decimal: _number,
}


def _scalar_reader(make: Callable[[str], Any]) -> _Reader:
    terms = cast("type[StrEnum]", make) if isinstance(make, EnumType) else ()
    members: Mapping[str, Any] = {term.value: term for term in terms}

    def read(raw: Any) -> Any:
        text = raw if isinstance(raw, str) else str(raw)
        if text in members:
            return members[text]
        try:
            return make(text)
        except ValueError as fault:
            raise BadDocument("", str(fault)) from None

    return read


def _plain_reader(hint: type) -> _Reader:
    def read(raw: Any) -> Any:
        if not isinstance(raw, hint) or (hint is int and isinstance(raw, bool)):
            raise BadDocument("", f"{raw!r} is not of type {hint.__name__}")
        return raw

    return read


def _class_reader(cls: type) -> _Reader:
    hints = get_type_hints(cls)
    fields = {field.name: field for field in dataclasses.fields(cls)}
    readers: dict[str, _Reader] = {}
    required = _required(cls)

    def read(raw: Any) -> Any:
        if not isinstance(raw, dict):
            raise BadDocument("", "is not an object")
        values = {}
        for name, part in raw.items():
            if name not in readers:
                if name not in fields:
                    raise BadDocument(name, "is not a field here")
                readers[name] = _reader(hints[name])
            try:
                values[name] = readers[name](part)
            except BadDocument as bad:
                raise bad.below(name) from None
        for name in required:
            if name not in values:
                raise BadDocument(name, "is missing")
        return cls(**values)

    return read
