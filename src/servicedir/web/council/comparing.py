"""What would be answered today beside what was answered, and two answers to one inquiry: with the difference first."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from markupsafe import Markup
from pyramid.request import Request
from pyramid.view import view_config

from servicedir.domain.inquiry import Approved
from servicedir.domain.query import BadValue
from servicedir.reports import html
from servicedir.reports.difference import Change, Difference, difference
from servicedir.web.council.files import READ
from servicedir.web.council.frozen import Shown
from servicedir.web.errors import PARAMETERS
from servicedir.web.parameters import said_once
from servicedir.web.translation import _

MOST_ROWS = 100
"""Rows of a table that are shown with what became of them; how many there are is said."""

LOOKS = {
    Change.ADDED: ("info", "plus", _("neu")),
    Change.GONE: ("neutral", "minus", _("entfallen")),
    Change.CHANGED: ("warning", "edit", _("geändert")),
}
"""How a change looks beside its word."""

_IDS = re.compile(r' (id|aria-labelledby)="')


@view_config(route_name="inquiry-today", context=Shown, request_method=READ, renderer="templates/today.pt", public=True)
def today(context: Shown, request: Request) -> dict[str, Any]:
    """Show what would be answered today beside the latest answer."""
    answer, language = context.answer, request.site.language
    inquiries = request.directory.inquiries
    # Its own notes tell the minute in which it was made: they are for what is frozen.
    now = replace(inquiries.today(answer.slug, language), notes=())
    then = replace(inquiries.answer(answer.slug, answer.edition, language), notes=())
    return {
        "frozen": context,
        "now": now,
        "body": html.body(now, request.site.base),
        "frozen_body": _beside(context.file("body")),
        **_told(difference(then, now), request),
    }


def _beside(body: bytes) -> Markup:
    """Return a frozen fragment whose names within the page are other ones than those of today's."""
    return Markup(_IDS.sub(r' \1="frozen-', body.decode()))  # noqa: S704 - made by reports.html, which escapes all


@view_config(
    route_name="inquiry-compare", context=Shown, request_method=READ, renderer="templates/editions.pt", public=True
)
def compare(context: Shown, request: Request) -> dict[str, Any]:
    """Show what one answer says differently from another one; without a choice, the last from the one before it."""
    slug, language = context.answer.slug, request.site.language
    inquiries = request.directory.inquiries
    editions = inquiries.editions(slug)
    old = _chosen("from", editions, editions[-2:][0], request)
    new = _chosen("to", editions, editions[-1], request)
    older, newer = (inquiries.answer(slug, one.edition, language) for one in (old, new))
    sides = (("from", PARAMETERS["from"], old), ("to", PARAMETERS["to"], new))
    values = {"frozen": context, "editions": editions, "old": old, "new": new, "sides": sides}
    return values | _told(difference(older, newer), request)


def _chosen(name: str, editions: list[Approved], default: Approved, request: Request) -> Approved:
    """Return the published answer that a parameter names. Raises BadValue."""
    said = said_once(name, request.GET.items())
    numbers = {str(answer.edition): answer for answer in editions}
    if said and said not in numbers:
        raise BadValue(name, said, "unknown", tuple(numbers))
    return numbers[said] if said else default


def _told(found: Difference, request: Request) -> dict[str, Any]:
    """Return what the template of differences needs."""
    return {
        "difference": found,
        "in_short": _in_short(found, request),
        "looks": LOOKS,
        "most_rows": MOST_ROWS,
        "Change": Change,
    }


def _in_short(found: Difference, request: Request) -> str:
    """Return in a sentence how much is different."""
    counts = {f"rows_{change}": count for change, count in found.rows().items()} | {"texts_changed": found.words()}
    said = [request.site.counted(what, count) for what, count in counts.items() if count]
    if not said:
        return str(request.site.translate(_("Der Aufbau der Antwort ist ein anderer.")))
    return f"{', '.join(said)}."
