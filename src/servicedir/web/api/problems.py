"""What the API answers instead of doing what a program asked for: problem+json, with each fault at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config

from servicedir.domain.service import Fault
from servicedir.web.problem import as_problem
from servicedir.web.rules import RULES
from servicedir.web.translation import _

SENTENCES = RULES | {
    "unreadable": _("Das ist hier nicht lesbar: ein unbekanntes Feld, oder ein Wert von anderer Art."),
    "not_this_address": _("Der Name im Dokument ist ein anderer als der in der Adresse."),
    "not_written": _("Dieser Tag wird nicht geschrieben: Er kommt von dem, der den Eintrag bestätigt."),
    "unknown_step": _("Diesen Schritt gibt es nicht."),
}
"""What is said of a fault, by its name."""


MOST_ERRORS = 100
"""Faults that one answer names."""


class Problem(Exception):
    """A request that is not fulfilled, which rolls back what was done for it.

    `more` are further members of the answer, `headers` further headers.
    """

    def __init__(
        self, status: int, title: Any, detail: Any, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(f"{status} {title}")
        self.status = status
        self.title = title
        self.detail = detail
        self.headers = headers or {}
        self.more = more


@exception_view_config(Problem)
def problem(fault: Problem, request: Request) -> Response:
    """Answer with what is wrong, in the language of the request."""
    response = as_problem(request, fault.status, fault.title, fault.detail, **fault.more)
    response.headers.update(fault.headers)
    return response


def not_possible(errors: Iterable[Mapping[str, str]]) -> Problem:
    """Return the answer to what can be read and cannot be: `pointer` and `detail` of each fault."""
    return Problem(
        422,
        _("So kann das nicht gespeichert werden"),
        _("Es wurde nichts gespeichert. Was zu ändern ist, steht unter errors."),
        errors=list(islice(errors, MOST_ERRORS)),
    )


def of_faults(faults: Iterable[Fault], sent: Any, request: Request) -> Problem:
    """Return the answer to what broke rules, each with its place in what was sent."""
    return not_possible(
        {"pointer": pointer(fault.where, sent), "detail": request.localizer.translate(SENTENCES[fault.what])}
        for fault in faults
    )


def pointer(where: Iterable[str | int], sent: Any) -> str:
    """Return the JSON pointer (RFC 6901) of a place; an item that is named by its value is found in what was sent."""
    parts = []
    here = sent
    for step in where:
        found: str | int = step
        if isinstance(here, list) and step in here:
            found = here.index(step)
        parts.append(str(found).replace("~", "~0").replace("/", "~1"))
        here = _inside(here, found)
    return "".join(f"/{part}" for part in parts)


def _inside(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None
