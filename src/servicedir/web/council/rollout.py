"""The page on where video stands, for everybody: as of any day, with its tables and charts as files."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.directory import Directory
from servicedir.domain.catalogue import OfficeKind
from servicedir.domain.query import BadValue
from servicedir.reports.rollout import Status
from servicedir.reports.rollout_counts import counted
from servicedir.reports.rollout_files import CHARTS, may_be_sheet, picture, sheets
from servicedir.reports.rollout_growth import grown
from servicedir.reports.rollout_plans import planned
from servicedir.reports.rollout_sections import AVAILABLE, MOST_ROWS, UNKNOWN, Section, path
from servicedir.web.errors import sentence_of
from servicedir.web.translation import _

READ = ("GET", "HEAD")


@view_config(route_name="rollout", request_method=READ, renderer="templates/rollout.pt", public=True)
def page(request: Request) -> dict[str, Any]:
    """Show where video stands on a day; a day of which nothing can be said keeps the form and gets a sentence."""
    site, typed = request.site, request.GET.get("on", "")
    values: dict[str, Any] = {"typed": typed, "fault": "", "sections": [], "to": lambda link: _to(link, request)}
    try:
        status = _status(request, MOST_ROWS)
    except BadValue as fault:
        if fault.parameter != "on":
            raise
        request.response.status_int = 400
        return {**values, "fault": sentence_of(fault, request)}
    spread, on = status.spread, status.on
    return {
        **values,
        "typed": on.isoformat(),
        "is_today": on == status.today,
        "day": site.show_date(on),
        "available": (AVAILABLE.count(spread.video), _to(path(on, video=AVAILABLE.stages), request)),
        "unknown": (UNKNOWN.count(spread.video), _to(path(on, video=UNKNOWN.stages), request)),
        "total": (spread.total, _to(path(on), request)),
        "partners": _partners(status, request),
        "sections": _sections(status, site.language),
        "pairs": [] if on == status.today else [("on", on.isoformat())],
    }


@view_config(route_name="rollout-sheet", request_method=READ, public=True)
@view_config(route_name="rollout-csv", request_method=READ, public=True)
def sheet(request: Request) -> Response:
    """Answer with a table of the page and all its rows; without a name, with all numbers of the page in one."""
    name = request.matchdict.get("name", "")
    if not may_be_sheet(name):
        raise HTTPNotFound
    status = _status(request, None)
    found = sheets(_sections(status, request.site.language, whole=True), request.site.language)
    if name not in found:
        raise HTTPNotFound
    return _file(found[name], "text/csv", "-".join(filter(None, ("rollout", name, f"{status.on}.csv"))), "utf-8")


@view_config(route_name="rollout-picture", request_method=READ, public=True)
def chart(request: Request) -> Response:
    """Answer with a chart of the page, as SVG or as PNG with title and source for a paper. Raises Busy."""
    name, ending = request.matchdict["name"], request.matchdict["ending"]
    if name not in CHARTS or ending not in ("svg", "png"):
        raise HTTPNotFound
    site, status = request.site, _status(request, MOST_ROWS)
    section = next((s for s in _sections(status, site.language) if s.key == name and s.chart), None)
    if section is None:
        raise HTTPNotFound
    file = f"rollout-{name}-{status.on}.{ending}"
    if ending == "svg":
        return _file(section.chart.encode(), "image/svg+xml", file, "utf-8")
    mapping = {"title": site.title, "day": site.show_date(status.on), "address": site.absolute("rollout")}
    source = site.translate(_("Quelle: ${title}, Stand ${day}, ${address}", mapping=mapping))

    def make(_directory: Directory) -> bytes:
        return picture(section.chart, title=section.tables[0].caption, source=source, language=site.language)

    # Of what is drawn and not of its day: what is counted here may be older than the edition for which it is kept.
    drawn = sha256(section.chart.encode()).hexdigest()
    made = request.registry.pictures.get((drawn, source, site.language), make)
    return _file(made, "image/png", file)


def _status(request: Request, most: int | None) -> Status:
    """Return what is to be said of the day that is asked for. Raises BadValue."""
    directory = request.directory
    asked = directory.query((name, value) for name, value in request.GET.items() if name == "on").on
    return directory.rollout.status(directory.rollout.day(asked), most)


def _sections(status: Status, language: str, *, whole: bool = False) -> list[Section]:
    stages, *others, unknown = counted(status, language)
    return [stages, grown(status, language, whole=whole), *others, *planned(status, language), unknown]


def _partners(status: Status, request: Request) -> tuple[int, str]:
    """Return how many of the services that can be had are those of partner authorities, and where their list is."""
    offices = request.directory.catalogue.offices
    partners = [slug for slug, office in offices.items() if office.kind is OfficeKind.PARTNER_AUTHORITY]
    # An office counts what those below it have.
    roots = [slug for slug in partners if offices[slug].parent not in partners]
    count = sum(AVAILABLE.count(status.spread.offices[slug]) for slug in roots if slug in status.spread.offices)
    return count, _to(path(status.on, video=AVAILABLE.stages, office=tuple(roots)), request)


def _to(link: str, request: Request) -> str:
    """Return a path of the directory in the language of the page; what leads elsewhere stays as it is."""
    site = request.site
    if not link.startswith("/") or site.language == site.languages[0]:
        return link
    return f"{link}{'&' if '?' in link else '?'}lang={site.language}"


def _file(body: bytes, media_type: str, name: str, charset: str | None = None) -> Response:
    response = Response(body=body, content_type=media_type, charset=charset)
    response.content_disposition = f'inline; filename="{name}"'
    return response
