"""The page that explains the open data, their files, and their descriptions for machines.

What these say changes when files are made as well, which is no edition of the catalogue: so they are not kept as other
public answers are, but have an ETag all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from pyramid.httpexceptions import HTTPMovedPermanently
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import FileIter, Response
from pyramid.view import exception_view_config, view_config

from servicedir.directory.open_data import RETRY, Busy
from servicedir.domain.service import ChannelKind, Nature, Stage
from servicedir.domain.words import label
from servicedir.exchange.columns import FOR_READERS, GENERAL, PER_CHANNEL, Column
from servicedir.exchange.open_formats import OPEN_FORMATS
from servicedir.web.errors import later
from servicedir.web.naming import size_of
from servicedir.web.opendata.words import LICENCES, PURPOSES
from servicedir.web.translation import _

READ = ("GET", "HEAD")
EACH_TIME = "public, no-cache"


def as_of_now(response: Response, mark: str) -> Response:
    """Return an answer that is the same for everybody, is asked for each time, and is told apart by its mark."""
    response.headers["Cache-Control"] = EACH_TIME
    response.etag = mark
    response.conditional_response = True
    return response


def for_programs(response: Response) -> Response:
    """Return an answer that programs of any origin may read."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _marked(response: Response) -> Response:
    return as_of_now(response, sha256(response.body).hexdigest()[:32])


@view_config(route_name="data-bare")
def with_slash(request: Request) -> HTTPMovedPermanently:
    """Send those who left the slash out to the page."""
    return HTTPMovedPermanently(request.site.path("data"))


@view_config(route_name="data", request_method=READ)
def page(request: Request) -> Response:
    """Explain what there is, in which formats, of which day, and how to name the source."""
    on, data, site = _day(request), request.directory.open_data, request.site
    is_today = on == request.directory.today
    made = data.made() if is_today else {}
    about = data.about()
    day = [] if is_today else [("on", on.isoformat())]
    files = [
        {
            "title": form.title,
            "purpose": PURPOSES[name],
            "address": site.absolute("data-file", day, ending=form.extension[1:]),
            "size": size_of(made[name].size, site.language) if name in made else "",
            "checksum": made[name].checksum if name in made else "",
        }
        for name, form in OPEN_FORMATS.items()
    ]
    values = {
        "on": on,
        "is_today": is_today,
        "files": files,
        "about": about,
        "source": ", ".join(dict.fromkeys((about.publisher, about.title))),
        "licence": LICENCES.get(about.licence, (about.licence, about.licence)),
    }
    return _marked(render_to_response("servicedir.web.opendata:templates/data.pt", values, request=request))


def _day(request: Request) -> date:
    """Return the day that is asked for, else today. Raises BadValue."""
    asked = [(name, value) for name, value in request.GET.items() if name == "on"]
    return request.directory.query(asked).on or request.directory.today


@view_config(route_name="data-file", request_method=READ)
def data_file(request: Request) -> Response:
    """Answer with a file of all that is published, streamed; with nothing where the reader has it already."""
    data, on, name = request.directory.open_data, _day(request), _name(request.matchdict["ending"])
    mark = data.mark(name, on)
    if request.if_none_match and mark in request.if_none_match:  # Before anything is made.
        return for_programs(as_of_now(Response(status=304), mark))
    found = data.there(name, on) if request.method == "HEAD" else data.open(name, on)
    if found is None:  # It is made for those who read it.
        headers = [("Content-Type", OPEN_FORMATS[name].media_type), ("Cache-Control", EACH_TIME)]
        return for_programs(Response(app_iter=[], headerlist=headers))
    response = Response(app_iter=FileIter(found.file), content_length=found.size)
    response.headers["Content-Type"] = found.form.media_type
    response.content_disposition = f'attachment; filename="{found.name}"'
    response.last_modified = found.modified
    return for_programs(as_of_now(response, found.mark))


def _name(ending: str) -> str:
    """Return the name of the format whose files end so; the ending itself where there is none, which nobody knows."""
    return next((name for name, form in OPEN_FORMATS.items() if form.extension == f".{ending}"), ending)


@view_config(route_name="data-columns", request_method=READ, renderer="templates/columns.pt", public=True)
def columns_page(request: Request) -> dict[str, Any]:
    """Explain what each column of the tables means, and each code in them: from what the tables are made of."""
    language = request.site.language

    def told(found: Iterable[Column], before: str = "") -> list[tuple[str, str]]:
        return [(f"{before}{c.name}", c.meaning if language == "de" else c.english) for c in found]

    return {
        "general": [*told(GENERAL), *told(FOR_READERS)],
        "per_channel": told(PER_CHANNEL, "…_"),
        "codes": {
            kind: [(term.value, label(term, language)) for term in terms]
            for kind, terms in (("channel", ChannelKind), ("stage", Stage), ("nature", Nature))
        },
    }


@view_config(route_name="data-catalog", request_method=READ)
def catalog(request: Request) -> Response:
    """Answer with the description of the data after DCAT-AP.de."""
    ending = request.matchdict["ending"]
    response = Response(text=request.directory.open_data.described(ending), content_type=TYPES.get(ending))
    return for_programs(_marked(response))


TYPES = {"ttl": "text/turtle", "jsonld": "application/ld+json"}


@view_config(route_name="data-vocabulary", request_method=READ)
def vocabulary(request: Request) -> Response:
    """Answer with our own words for what other people's vocabularies do not say."""
    text = request.directory.open_data.vocabulary()
    return for_programs(_marked(Response(text=text, content_type=TYPES["ttl"])))


@exception_view_config(Busy)
def busy(fault: Busy, request: Request) -> Response:
    """Answer 503 while too many files are being made, and say when to come back."""
    return later(
        request,
        RETRY,
        _("Diese Datei wird gerade gemacht"),
        _("Gerade werden mehrere Dateien zugleich gemacht. Bitte versuchen Sie es in einer halben Minute noch einmal."),
    )
