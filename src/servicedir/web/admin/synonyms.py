"""Groups of words that mean the same, between the value and its form: one word or phrase on each line."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request

LONGEST_PREFILL = 100


def lines_of(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a group with its words as lines."""
    return {**values, "words": "\n".join(values["words"])}


def words_of(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a form with its lines as words: without empty ones, each once however it is written."""
    once: dict[str, str] = {}
    for line in values["words"].splitlines():
        once.setdefault(line.strip().casefold(), " ".join(line.split()))
    return {**values, "words": tuple(filter(None, once.values()))}


def prefilled(request: Request) -> dict[str, Any]:
    """Return what an empty form begins with: the word from a list of searches, to which others are added."""
    word = " ".join(request.GET.get("word", "").replace("\0", "").split())[:LONGEST_PREFILL]
    return {"words": f"{word}\n"} if word else {}
