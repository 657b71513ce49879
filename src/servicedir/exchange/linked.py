"""Linked data as lines of text: things with what is said of them, written as Turtle 1.1 or JSON-LD 1.1.

There are no blank nodes: everything has an address. So the same things make the same bytes, one after the other, and
nobody has to hold them all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

from servicedir.domain.day import Day, Precision
from servicedir.domain.service import is_web_address
from servicedir.domain.text import Text

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Short names of other people's vocabularies; `sd` is ours and depends on where the directory is."""

OUR_VOCABULARY = "/data/vocabulary#"

_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_NO_ADDRESS = re.compile(r"""[\x00-\x20\x7f-\x9f<>"{}|\\^`]""")
_ESCAPED = re.compile(r'[\x00-\x1f\x7f"\\]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_DAYS = {Precision.YEAR: "xsd:gYear", Precision.MONTH: "xsd:gYearMonth", Precision.DAY: "xsd:date"}


class Iri(str):
    """The address of a thing, whole (`https://…`) or short (`cv:Channel`)."""

    __slots__ = ()


class Literal(NamedTuple):
    """Words in a language, or a value of a type (`xsd:date`); with neither, a plain string."""

    words: str
    language: str = ""
    kind: str = ""


Value = Iri | Literal | bool | int


@dataclass(slots=True)
class Thing:
    """A thing, its types, and what is said of it: pairs of a property and a value, in their order."""

    iri: str
    types: tuple[str, ...]
    said: list[tuple[str, Value]] = field(default_factory=list)

    def say(self, name: str, value: Value | str | date | Day | None) -> Thing:
        """Say something of it, unless there is nothing to say (None or an empty string); return the thing."""
        match value:
            case None | "":
                pass
            case Iri() | Literal() | bool() | int():
                self.said.append((name, value))
            case Day():
                self.said.append((name, Literal(value.text, kind=_DAYS[value.precision])))
            case date():
                self.said.append((name, Literal(value.isoformat(), kind="xsd:date")))
            case str():
                self.said.append((name, Literal(value)))
        return self

    def tell(self, name: str, text: Text) -> Thing:
        """Say a text, in each of its languages; return the thing."""
        self.said.extend((name, spoken(words, code)) for code, words in text)
        return self

    def link(self, name: str, url: str) -> Thing:
        """Say an address on the net; nothing where it is none. Return the thing."""
        return self.say(name, address(url))


def spoken(words: str, language: str) -> Literal:
    """Return words in a language; what is no code of a language is `und`, the code of an undetermined one."""
    return Literal(words, language if _LANGUAGE.fullmatch(language) else "und")


def address(url: str) -> Iri | None:
    """Return a web address, with what must not stand in one percent-encoded; None where it is no web address."""
    if not url or not is_web_address(url):
        return None
    return Iri(_NO_ADDRESS.sub(lambda match: quote(match[0]), url))


# Turtle


def turtle(things: Iterable[Thing], base: str) -> Iterator[str]:
    """Yield a Turtle document piece by piece; `base` is where the directory is, without a slash at its end."""
    yield "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes(base).items())
    for thing in things:
        yield _turtle(thing)


def _turtle(thing: Thing) -> str:
    by_name: dict[str, dict[str, None]] = {}
    for name, value in thing.said:
        by_name.setdefault(name, {})[_object(value)] = None
    parts = [f"a {', '.join(thing.types)}"] if thing.types else []
    parts += (f"{name} {', '.join(values)}" for name, values in by_name.items())
    return f"\n{_iri(thing.iri)} " + " ;\n    ".join(parts) + " .\n"


def _iri(iri: str) -> str:
    return iri if _is_short(iri) else f"<{iri}>"


def _is_short(iri: str) -> bool:
    name = iri.partition(":")[0]
    return name == "sd" or name in PREFIXES


def _object(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Literal(words, language, kind):
            quoted = '"' + _ESCAPED.sub(_escape, words) + '"'
            return f"{quoted}@{language}" if language else f"{quoted}^^{kind}" if kind else quoted
        case _:
            return _iri(value)


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


# JSON-LD


def json_ld(things: Iterable[Thing], base: str) -> Iterator[str]:
    """Yield a JSON-LD document piece by piece: one object, its things in `@graph`, one on each line."""
    yield f'{{"@context":{_json(prefixes(base))},\n"@graph":['
    between = "\n"
    for thing in things:
        yield between + _json(_node(thing))
        between = ",\n"
    yield "\n]}\n"


def _node(thing: Thing) -> dict[str, Any]:
    by_name: dict[str, list[Any]] = {}
    for name, value in thing.said:
        values = by_name.setdefault(name, [])
        if (plain := _plain(value)) not in values:
            values.append(plain)
    said = {name: values[0] if len(values) == 1 else values for name, values in by_name.items()}
    return {"@id": thing.iri, **({"@type": list(thing.types)} if thing.types else {}), **said}


def _plain(value: Value) -> Any:
    match value:
        case bool() | int():
            return value
        case Literal(words, language, kind):
            if language:
                return {"@value": words, "@language": language}
            return {"@value": words, "@type": kind} if kind else words
        case _:
            return {"@id": str(value)}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def prefixes(base: str) -> dict[str, str]:
    """Return all short names, ours among them."""
    return {**PREFIXES, "sd": base + OUR_VOCABULARY}
