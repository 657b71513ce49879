"""What was answered to the council's inquiries, for programs."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain.inquiry import Approved
from servicedir.exchange.entry_parts import moment
from servicedir.reports.formats import FORMATS
from servicedir.web.api.answering import as_json, dumps
from servicedir.web.negotiation import JSON


@view_config(route_name="api-inquiries", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def inquiries(request: Request) -> Response:
    """Answer with the latest published answer to each inquiry, the one that was published last first."""
    return as_json({"items": [_item(answer, request) for answer in request.directory.inquiries.published()]})


@view_config(route_name="api-inquiry", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def inquiry(request: Request) -> Response:
    """Answer with the latest published answer to an inquiry: what is known of it, and itself as it was frozen."""
    slug, found, language = request.matchdict["slug"], request.directory.inquiries, request.site.language
    editions = found.editions(slug)
    latest = editions[-1]
    sizes = found.sizes(slug, latest.edition, language)
    about = {
        **_item(latest, request),
        "files": {ending: _file(latest, ending, request) for ending in FORMATS if ending in sizes},
        "tables": [_table(latest, number, request) for number in _numbers(sizes)],
        "editions": [_edition(answer, request) for answer in reversed(editions)],
    }
    frozen = found.file(slug, latest.edition, "json", language)
    return as_json(dumps(about)[:-1] + b',"answer":' + frozen.strip() + b"}")


def _item(answer: Approved, request: Request) -> dict[str, Any]:
    site, asked = request.site, request.directory.inquiries.asked(answer)
    return {
        "slug": answer.slug,
        "reference": asked.reference or None,
        "title": site.plain(asked.title),
        "asked_by": site.plain(asked.asked_by) or None,
        "received": asked.received.isoformat() if asked.received else None,
        "questions": [site.plain(question.text) for question in asked.questions],
        **_edition(answer, request),
        "url": site.absolute("inquiry", slug=answer.slug),
    }


def _edition(answer: Approved, request: Request) -> dict[str, Any]:
    """Return what is known of a published answer, and where it stands for ever."""
    return {
        "edition": answer.edition,
        "on": answer.on.isoformat(),
        "recorded": moment(answer.recorded),
        "approved": moment(answer.at),
        "published": moment(answer.published or answer.at),
        "checksum": answer.checksum,
        "permanent_url": request.site.absolute("inquiry-edition", slug=answer.slug, edition=str(answer.edition)),
    }


def _file(answer: Approved, ending: str, request: Request) -> str:
    return _absolute("inquiry-edition-file", answer, request, ending=ending)


def _table(answer: Approved, number: int, request: Request) -> str:
    return _absolute("inquiry-table", answer, request, number=str(number))


def _absolute(route: str, answer: Approved, request: Request, **parts: str) -> str:
    """Return the permanent address of a file in the language of the request."""
    site = request.site
    said = [("lang", site.language)] if site.language != site.languages[0] else []
    found: str = site.absolute(route, said, slug=answer.slug, edition=str(answer.edition), **parts)
    return found


def _numbers(sizes: dict[str, int]) -> list[int]:
    return sorted(int(format.removeprefix("table-")) for format in sizes if format.startswith("table-"))
