"""When somebody else saved first: what both did is put together, and what both changed differently is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request

from servicedir.domain.difference import difference
from servicedir.domain.document import BadDocument, from_document, to_document
from servicedir.domain.history import Revision
from servicedir.domain.marking import Mark, Run, marked
from servicedir.domain.merge import Conflict, Merge, Side, merge, resolve
from servicedir.domain.service import Service
from servicedir.web.desk.reading import Row, language_of, part_name, rows, shown
from servicedir.web.page import Site
from servicedir.web.translation import _

_DAMAGED = _("Das Formular kam beschädigt an.")
_LONGEST_REASON = 500


class Sent(NamedTuple):
    """What the form that asks carries: what was typed, on which revision it is based, why, and what was chosen.

    `against` is the revision with which what was typed was compared when the form was shown.
    """

    typed: Service
    based_on: int
    why: str
    against: int
    choices: dict[str, Side]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to decide: the name of its control, where it is, both versions for a reader, and the side taken."""

    key: str
    where: str
    base: tuple[Run, ...] | str
    mine: tuple[Run, ...] | str
    theirs: tuple[Run, ...] | str
    language: str | None
    chosen: Side | None


class Merging:
    """What somebody typed on the basis of an older revision, put together with what is stored now."""

    def __init__(self, request: Request, typed: Service, based_on: int, why: str) -> None:
        self._request = request
        self._site: Site = request.site
        self._revisions = _revisions(request)
        self.typed, self.base, self.why = typed, based_on, why
        self.latest = max(self._revisions)
        self.merge: Merge = self._with(self.latest)
        self.choices: dict[str, Side] = {}
        self.is_asked_again = False

    def _with(self, number: int) -> Merge:
        base, theirs = (_value(self._revisions, one, self._request) for one in (self.base, number))
        return merge(base, self.typed, theirs)

    def settle(self, sent: Sent) -> Service | None:
        """Return the value after what was chosen; None while something is open, also since it has changed meanwhile."""
        asked = {conflict.key: conflict for conflict in self._with(sent.against).conflicts}
        still = {conflict.key for conflict in self.merge.conflicts if asked.get(conflict.key) == conflict}
        self.choices = {key: side for key, side in sent.choices.items() if key in still}
        self.is_asked_again = self.latest != sent.against
        if any(conflict.key not in self.choices for conflict in self.merge.conflicts):
            return None
        return resolve(self.merge, self.choices)

    @property
    def document(self) -> str:
        """Return what was typed, as the form that asks carries it."""
        return json.dumps(to_document(self.typed), ensure_ascii=False)

    @property
    def authors(self) -> str:
        """Return who saved since, each once."""
        since = (revision for number, revision in self._revisions.items() if number > self.base)
        return ", ".join(dict.fromkeys(self._site.person_name(revision.author) for revision in since))

    @cached_property
    def taken(self) -> list[tuple[str, list[Row]]]:
        """Return what came into the form from what was stored meanwhile, in words."""
        return rows(difference(self.typed, self.merge.value), self._site)

    @cached_property
    def questions(self) -> list[Choice]:
        """Return what has to be decided."""
        return [self._choice(conflict) for conflict in self.merge.conflicts]

    def _choice(self, conflict: Conflict) -> Choice:
        path, site = conflict.path, self._site
        where = " › ".join(part_name(path[: at + 1], site) for at in range(len(path)))
        three = (conflict.base, conflict.mine, conflict.theirs)
        base, mine, theirs = (self._said(conflict, value) for value in three)
        chosen = self.choices.get(conflict.key)
        language = language_of(path)
        return Choice(
            key=conflict.key, where=where, base=base, mine=mine, theirs=theirs, language=language, chosen=chosen
        )

    def _said(self, conflict: Conflict, value: Any) -> tuple[Run, ...] | str:
        """Return a version in words; of a text what differs from the one before both, unless most of it does."""
        if value is None and conflict.base is not None:
            return self._site.translate(_("(entfernt)"))
        if type(value) is type(conflict.base) is str and value != conflict.base:
            runs = marked(conflict.base, value)
            kept = sum(len(run.words) for run in runs if run.mark is Mark.EQUAL)
            return runs if 2 * kept >= max(len(conflict.base), len(value)) else value
        return shown(value, conflict.path, self._site) or self._site.translate(_("(leer)"))


def base_of(request: Request, number: int | None) -> Service:
    """Return what a revision says. Raises HTTPBadRequest where there is none: nobody is given such a form."""
    return _value(_revisions(request), number, request)


def _revisions(request: Request) -> dict[int, Revision]:
    found = request.directory.history(request.context.entry.slug, request.person)
    return {revision.number: revision for revision in found}


def _value(revisions: Mapping[int, Revision], number: int | None, request: Request) -> Service:
    if number is None or number not in revisions:
        raise _refuse(request)
    return from_document(Service, revisions[number].document)


def sent(request: Request) -> Sent:
    """Return what the form that asks carries. Raises HTTPBadRequest for what it would not send.

    Nothing is saved of it: it goes into the edit form.
    """
    given = {name: request.POST.get(name, "") for name in ("typed", "based_on", "why", "against")}
    try:
        if not all(isinstance(value, str) for value in request.POST.values()):
            raise ValueError("an upload")
        typed = from_document(Service, json.loads(given["typed"]))
        if typed.slug != request.context.entry.slug or not typed.offices or "\0" in given["typed"] + given["why"]:
            raise ValueError("another entry, or none")
        numbers = [number_of(given[name]) for name in ("based_on", "against")]
        return Sent(typed, numbers[0], given["why"][:_LONGEST_REASON], numbers[1], _sides(request.POST))
    except (BadDocument, ValueError, RecursionError):
        raise _refuse(request) from None


def number_of(given: Any) -> int:
    """Return the number of a revision that a request names. Raises ValueError for what is none."""
    if not isinstance(given, str) or not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise ValueError(given)
    return int(given)


def _sides(controls: Mapping[str, str]) -> dict[str, Side]:
    prefix = "choice."
    return {name.removeprefix(prefix): Side(side) for name, side in controls.items() if name.startswith(prefix)}


def _refuse(request: Request) -> HTTPBadRequest:
    return HTTPBadRequest(request.localizer.translate(_DAMAGED))
