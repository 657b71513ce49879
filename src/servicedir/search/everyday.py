"""The words that ship with the product: what people say for what offices write, in German and in English."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

Group = tuple[str, ...]
Lead = tuple[str, tuple[str, ...]]


@cache
def same() -> tuple[Group, ...]:
    """Return the groups of German words or phrases that mean the same to who searches, the official one first.

    A word is in one group at most.
    """
    return tuple(tuple(group) for theme in _themes("everyday.toml") for group in theme["same"])


@cache
def leads() -> tuple[Lead, ...]:
    """Return German words or phrases, each with those that it leads to and that do not lead back, the nearest first.

    A word may lead somewhere and be in a group of `same` as well.
    """
    return tuple((word, tuple(others)) for theme in _themes("everyday.toml") for word, others in theme["leads"].items())


@cache
def english() -> tuple[Lead, ...]:
    """Return English words or phrases, each with the German ones under which a service without English text stands."""
    return tuple((word, tuple(others)) for theme in _themes("english.toml") for word, others in theme.items())


def _themes(name: str) -> tuple[dict[str, Any], ...]:
    """Return the tables of one of our files, in its order."""
    return tuple(tomllib.loads((files(__package__) / "words" / name).read_text("utf-8")).values())
