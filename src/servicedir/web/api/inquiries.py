"""What was answered to the council's inquiries, for programs."""

from __future__ import annotations

import json
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain.inquiry import Approved
from servicedir.web.api.answering import as_json
from servicedir.web.negotiation import JSON


@view_config(route_name="api-inquiries", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def inquiries(request: Request) -> Response:
    """Answer with all published answers, the latest first; there are none as long as nobody has published one."""
    inquiries = request.directory.inquiries
    return as_json({"items": [_listed(request, answer) for answer in inquiries.published()]})


@view_config(route_name="api-inquiry", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def inquiry(request: Request) -> Response:
    """Answer with one published answer."""
    slug, inquiries = request.matchdict["slug"], request.directory.inquiries
    latest = inquiries.approved(slug)
    return as_json(
        _listed(request, latest) | json.loads(inquiries.file(slug, latest.edition, "json", request.site.language))
    )


def _listed(request: Request, answer: Approved) -> dict[str, Any]:
    said = request.directory.inquiries.answer(answer.slug, answer.edition, request.site.language)
    return {"slug": answer.slug, "reference": said.reference, "title": said.title, "edition": answer.edition}
