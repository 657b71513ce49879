"""The files of answers, as they were frozen: at addresses of the latest answer, and at permanent ones."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain.history import NotFound
from servicedir.reports.formats import FORMATS
from servicedir.web.council.frozen import Kept, Shown
from servicedir.web.problem import OPEN

READ = ("GET", "HEAD")
FOR_EVER = "public, max-age=31536000, immutable"
"""What stands at a permanent address never changes."""

CSV = "text/csv; charset=utf-8"
_NAMES = {"de": ("antwort", "tabelle"), "en": ("answer", "table")}
"""How names of files begin, and what stands before the number of a table."""


@view_config(route_name="inquiry-file", context=Shown, request_method=READ, public=True)
@view_config(route_name="inquiry-file", context=Kept, request_method=READ)
@view_config(route_name="inquiry-edition-file", context=Shown, request_method=READ, public=True)
@view_config(route_name="inquiry-edition-file", context=Kept, request_method=READ)
def whole(context: Shown, request: Request) -> Response:
    """Answer with an answer as a file."""
    ending = request.matchdict["ending"]
    if ending not in FORMATS:
        raise NotFound(ending)
    return _file(context, request, ending, FORMATS[ending].media_type, f".{ending}")


@view_config(route_name="inquiry-table", context=Shown, request_method=READ, public=True)
@view_config(route_name="inquiry-table", context=Kept, request_method=READ)
def table(context: Shown, request: Request) -> Response:
    """Answer with one table of an answer, with all its rows."""
    number = request.matchdict["number"]
    what = _NAMES[request.site.language][1]
    return _file(context, request, f"table-{number}", CSV, f"-{what}-{number}.csv")


def _file(context: Shown, request: Request, format: str, media_type: str, end: str) -> Response:
    """Return a file to be kept under a name of its own; JSON is shown as well. Raises NotFound."""
    answer, start = context.answer, _NAMES[request.site.language][0]
    response = Response(body=context.file(format))
    response.headers["Content-Type"] = media_type
    how = "inline" if format == "json" else "attachment"
    response.content_disposition = f'{how}; filename="{start}-{answer.slug}-{answer.edition}{end}"'
    if answer.published:
        response.headers.update(OPEN)
        if "edition" in request.matchdict:
            response.headers["Cache-Control"] = FOR_EVER
    return response
