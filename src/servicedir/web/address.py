"""The addresses of a search and of those beside it: what they share is encoded once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote_plus

from markupsafe import escape


class Address:
    """The address of a search; its methods return others that differ from it in one thing."""

    __slots__ = ("_and", "_pairs", "_path")

    def __init__(self, path: str, pairs: Iterable[tuple[str, str]]) -> None:
        self._path = path
        self._and = "&"
        self._pairs = [(name, value, _encoded(name, value)) for name, value in pairs]

    def for_html(self) -> Address:
        """Return the same one with escaped addresses: of all that can be in one, its path and "&" need it."""
        found = Address.__new__(Address)
        found._path, found._and, found._pairs = str(escape(self._path)), "&amp;", self._pairs
        return found

    @property
    def path(self) -> str:
        """Return the path, without any parameters."""
        return self._path

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters."""
        return [(name, value) for name, value, _encoded in self._pairs]

    def elsewhere(self, path: str) -> str:
        """Return the address with these parameters at another path."""
        joined = self._and.join([encoded for _name, _value, encoded in self._pairs])
        return f"{path}?{joined}" if joined else path

    def __str__(self) -> str:
        return self._joined([encoded for _name, _value, encoded in self._pairs])

    def _joined(self, parts: list[str]) -> str:
        return f"{self._path}?{self._and.join(parts)}" if parts else self._path

    def page(self, number: int | str) -> str:
        """Return the address of a page of what has none yet; of page "": what stands before any number but 1."""
        parts = [encoded for _name, _value, encoded in self._pairs]
        return self._joined(parts if number == 1 else [*parts, f"page={number}"])

    def having(self, name: str, values: Iterable[str]) -> str:
        """Return the address with these values of a parameter instead of those that it has."""
        parts = [encoded for there, _value, encoded in self._pairs if there != name]
        return self._joined(parts + [_encoded(name, value) for value in values])

    def without(self, name: str, value: str) -> str:
        """Return the address without one value of a parameter."""
        return self._joined([encoded for *pair, encoded in self._pairs if pair != [name, value]])


@lru_cache(maxsize=4096)
def _encoded(name: str, value: str) -> str:
    return f"{quote_plus(name)}={quote_plus(value)}"
