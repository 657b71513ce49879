"""Writing through the API: the draft of an entry as a whole document, and the steps of its workflow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.directory import Refused
from servicedir.directory.writing import Impossible
from servicedir.domain.history import Conflict, Entry, SlugTaken
from servicedir.domain.query import BadValue
from servicedir.domain.token import Purpose
from servicedir.web.api.bearer import as_private
from servicedir.web.api.bodies import read_object
from servicedir.web.api.misfits import faults
from servicedir.web.api.problems import Problem, not_possible, of_faults
from servicedir.web.parameters import said_once
from servicedir.web.translation import _

LONGEST_REMARK = 500

_ETAG = re.compile(r'"([^"]*)"')
_REVISION = re.compile(r"[1-9][0-9]{0,8}")


@view_config(route_name="api-draft", request_method=("GET", "HEAD"), token=Purpose.DRAFTS, require_csrf=False)
def draft(request: Request) -> Response:
    """Answer with the latest document of an entry, to be changed and sent back."""
    entry, document = request.directory.writing.document(request.matchdict["slug"], request.person)
    response = as_private(document, headers=_etag(entry))
    response.conditional_response = True
    return response


@view_config(route_name="api-draft", request_method="PUT", token=Purpose.DRAFTS, require_csrf=False)
def put_draft(request: Request) -> Response:
    """Save a draft: a new entry with `If-None-Match: *`, else what is based on the revision in `If-Match`."""
    based_on, sent = _based_on(request, may_be_new=True), _read("Draft", request)
    slug, writing = request.matchdict["slug"], request.directory.writing
    with _told(sent, request):
        entry, is_new = writing.draft(slug, sent, based_on=based_on, by=request.person, why=_why(request))
    if not is_new:
        return _standing(entry, request)
    return _standing(entry, request, 201, Location=request.site.absolute("api-draft", slug=slug))


PURPOSES = (Purpose.DRAFTS, Purpose.WORKFLOW)


@view_config(route_name="api-workflow", request_method=("GET", "HEAD"), token=PURPOSES, require_csrf=False)
def workflow(request: Request) -> Response:
    """Answer with where an entry stands, and which steps this program can take from there."""
    entry, steps = request.directory.writing.steps(request.matchdict["slug"], request.person)
    return as_private(_said(entry, request) | {"steps": steps}, headers=_etag(entry))


@view_config(route_name="api-workflow", request_method="POST", token=PURPOSES, require_csrf=False)
def take_step(request: Request) -> Response:
    """Take a step of the workflow with the revision in `If-Match`."""
    based_on, sent = _based_on(request, may_be_new=False), _read("Step", request)
    slug, step, by = request.matchdict["slug"], sent["step"], request.person
    said = {"why": sent.get("why", ""), "successor": sent.get("successor", "")}
    with _told(sent, request):
        entry = request.directory.writing.step(slug, step, based_on=based_on or 0, by=by, **said)
    return _standing(entry, request)


# What is sent


def _based_on(request: Request, *, may_be_new: bool) -> int | None:
    """Return the revision that a write is based on, None for a new entry. Raises Problem 428.

    What is no revision of ours is 0: none that could be the latest one.
    """
    has, new = request.headers.get("If-Match", ""), request.headers.get("If-None-Match", "")
    if may_be_new and not has and new.strip() == "*":
        return None
    found = _ETAG.findall(has)
    if not found or new:
        if may_be_new:
            detail = _(
                "Sagen Sie, worauf der Entwurf aufbaut: If-Match mit dem ETag der Fassung, die Sie gelesen haben, "
                "oder If-None-Match: * für einen neuen Eintrag."
            )
        else:
            detail = _("Sagen Sie in If-Match das ETag der Fassung, um die es geht.")
        raise Problem(428, _("Die Bedingung fehlt"), detail)
    is_one = len(found) == 1 and _REVISION.fullmatch(found[0]) and not has.strip().startswith("W/")
    return int(found[0]) if is_one else 0


def _why(request: Request) -> str:
    """Return the remark in the address. Raises BadValue."""
    said = said_once("why", request.GET.items())
    if len(said) > LONGEST_REMARK or "\0" in said:
        raise BadValue("why", said, "value")
    return said.strip()


def _read(schema: str, request: Request) -> dict[str, Any]:
    """Return what was sent. Raises Problem for what the description does not describe."""
    sent = read_object(request)
    if found := faults(schema, sent, request.localizer.translate):
        raise not_possible(found)
    return sent


# What is answered


def _etag(entry: Entry) -> dict[str, str]:
    return {"ETag": f'"{entry.latest.number}"'}


def _said(entry: Entry, request: Request) -> dict[str, Any]:
    return {
        "slug": entry.slug,
        "state": entry.state.value,
        "revision": entry.latest.number,
        "live": entry.live,
        "url": request.site.absolute("service", slug=entry.slug) if entry.live else None,
    }


def _standing(entry: Entry, request: Request, status: int = 200, **headers: str) -> Response:
    return as_private(_said(entry, request), status, _etag(entry) | headers)


@contextmanager
def _told(sent: Any, request: Request) -> Iterator[None]:
    """Tell what the door raises in the words of HTTP."""
    try:
        yield
    except Refused as refused:
        raise of_faults(refused.faults, sent, request) from None
    except Conflict as fault:
        raise _stale(fault.entry) from None
    except SlugTaken:
        detail = _("Einen Eintrag mit dieser Adresse gibt oder gab es schon: Lesen Sie ihn, und schicken Sie If-Match.")
        raise Problem(412, _("Die Adresse ist vergeben"), detail) from None
    except Impossible as fault:
        state = fault.entry.state.value
        detail = _("Der Eintrag ist im Zustand ${state}: Von dort aus geht das nicht.", mapping={"state": state})
        raise Problem(409, _("Das geht jetzt nicht"), detail, headers=_etag(fault.entry), state=state) from None


def _stale(entry: Entry) -> Problem:
    etag = _etag(entry)["ETag"]
    detail = _(
        "Inzwischen hat jemand anders gespeichert: Das ETag ist jetzt ${etag}. Lesen Sie den Entwurf neu.",
        mapping={"etag": etag},
    )
    return Problem(412, _("Es gibt eine neuere Fassung"), detail, headers={"ETag": etag}, etag=etag)
