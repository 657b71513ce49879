"""What would be answered today beside what was answered, and two answers to one inquiry: with the difference first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from markupsafe import Markup
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.directory import Directory
from servicedir.domain.inquiry import Approved
from servicedir.domain.query import BadValue
from servicedir.reports import html
from servicedir.reports.answer import Answer, Part, tables
from servicedir.reports.difference import Change, Difference, difference
from servicedir.web.council.files import READ
from servicedir.web.council.frozen import Kept, Shown
from servicedir.web.errors import PARAMETERS
from servicedir.web.parameters import said_once
from servicedir.web.translation import _

COMPARED = "templates/editions.pt"

MOST_ROWS = 100
"""Rows of a table that are shown with what became of them; how many there are is said."""

MOST_SHOWN = 25
"""Rows of a table that stand in two answers beside each other."""

LOOKS = {
    Change.ADDED: ("info", "plus", _("neu")),
    Change.GONE: ("neutral", "minus", _("entfallen")),
    Change.CHANGED: ("warning", "edit", _("geändert")),
}
"""How a change looks beside its word."""


@view_config(route_name="inquiry-today", context=Shown, request_method=READ, public=True)
def today(context: Shown, request: Request) -> Response:
    """Show what would be answered today beside the latest answer; it is made once for all who ask at the same time."""
    answer, language = context.answer, request.site.language
    key = (answer.slug, str(answer.edition), language, request.script_name)

    def make(directory: Directory) -> bytes:
        values = {"frozen": context, **_beside(directory, answer, language, request)}
        return render("servicedir.web.council:templates/today.pt", values, request=request).encode()

    body = request.registry.once.get(key, make)
    return Response(body=body, content_type="text/html", charset="utf-8")


def _beside(directory: Directory, answer: Approved, language: str, request: Request) -> dict[str, Any]:
    """Return an answer and what would be answered today, with the first rows of their tables, and what differs."""
    # Notes on the whole tell the minute in which it was made: they are for what is frozen.
    then = replace(directory.inquiries.answer(answer.slug, answer.edition, language), notes=())
    now = replace(directory.inquiries.today(answer.slug, language), notes=())
    return {
        "now": now,
        "body": html.body(_cut(now), ""),
        "frozen_body": _apart(html.body(_cut(then), "")),
        "is_cut": any(len(table.rows) > MOST_SHOWN for one in (then, now) for _reply, _part, table in tables(one)),
        "most_shown": MOST_SHOWN,
        **_told(difference(then, now), request),
    }


def _apart(body: Markup) -> Markup:
    """Return a fragment whose names within the page are other ones than today's, each with the heading `then`."""
    named = str(body).replace(' id="', ' id="frozen-').replace(' aria-labelledby="', ' aria-labelledby="then frozen-')
    return Markup(named)  # noqa: S704 - still what reports.html made


def _cut(answer: Answer) -> Answer:
    """Return an answer with the first rows of its tables."""

    def cut(part: Part) -> Part:
        return replace(part, tables=tuple(replace(table, rows=table.rows[:MOST_SHOWN]) for table in part.tables))

    replies = (replace(reply, parts=tuple(map(cut, reply.parts))) for reply in answer.replies)
    return replace(answer, replies=tuple(replies))


@view_config(route_name="inquiry-compare", context=Shown, request_method=READ, renderer=COMPARED, public=True)
@view_config(route_name="inquiry-compare", context=Kept, request_method=READ, renderer=COMPARED)
def compare(context: Shown, request: Request) -> dict[str, Any]:
    """Show what one answer says differently from another one; without a choice, the last from the one before it."""
    slug, language = context.answer.slug, request.site.language
    inquiries = request.directory.inquiries
    editions = inquiries.editions(slug, context.by)
    old = _chosen("from", editions, editions[-2:][0], request)
    new = _chosen("to", editions, editions[-1], request)
    older, newer = (inquiries.answer(slug, one.edition, language, context.by) for one in (old, new))
    sides = (("from", PARAMETERS["from"], old), ("to", PARAMETERS["to"], new))
    values = {"frozen": context, "editions": editions, "old": old, "new": new, "sides": sides}
    return values | _told(difference(older, newer), request)


def _chosen(name: str, editions: list[Approved], default: Approved, request: Request) -> Approved:
    """Return the one of some answers that a parameter names. Raises BadValue."""
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
