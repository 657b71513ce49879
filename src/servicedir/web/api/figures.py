"""How often ways of access were used, for programs: everybody reads what is released, appointment systems write."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, NamedTuple

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.directory import Refused
from servicedir.directory.figures import Put, Result, Stale
from servicedir.domain.figures import FIRST_YEAR, CountingPeriod, Figure
from servicedir.domain.query import MOST_PER_PAGE, BadValue, Query
from servicedir.domain.service import Fault
from servicedir.domain.token import Purpose
from servicedir.web.api.answering import as_json, link
from servicedir.web.api.bearer import as_private
from servicedir.web.api.bodies import read_object
from servicedir.web.api.problems import Problem, not_possible, pointer
from servicedir.web.figure_rules import FIGURE_RULES
from servicedir.web.negotiation import JSON
from servicedir.web.translation import _

LAST_YEAR = 9999
MOST_VALUES = {"year": 50, "service": 100, "channel": 100}
"""How often each of these parameters may be said: all of them go into one question to the database."""
_QUERY = ("channel", "page", "per_page", "lang")
_ETAG = re.compile(r'(?<!W/)"(\d{1,15})"')


class _Asked(NamedTuple):
    """What of the figures is asked for."""

    services: list[str]
    query: Query
    years: list[CountingPeriod]


@view_config(route_name="api-figures", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def figures(request: Request) -> Response:
    """Answer with a page of what is released of published services."""
    asked = _asked(request)
    now, per_page = asked.query.page, asked.query.per_page
    found = request.directory.figures.public(
        asked.services, asked.query.channel, asked.years, page=now, per_page=per_page
    )
    pages = {"self": now, "next": now + 1 if found.more else None, "prev": now - 1 if now > 1 else None}
    links = {name: _link(asked, number, request) if number else None for name, number in pages.items()}
    items = [_item(figure) for figure in found.figures]
    response = as_json({"page": now, "per_page": per_page, "items": items, "links": links})
    return link(response, next=links["next"], prev=links["prev"])


@view_config(
    route_name="api-figures",
    request_method=("GET", "HEAD"),
    header="Authorization:(?i)bearer",
    token=Purpose.FIGURES,
    require_csrf=False,
)
def own_figures(request: Request) -> Response:
    """Answer a program with all figures of services that it names, released or not, and what a write is based on."""
    asked = _asked(request)
    if not asked.services:
        detail = _("Nennen Sie mit service, um welche Dienstleistungen es geht.")
        raise Problem(400, _("Das ist zu viel"), detail, errors=[{"parameter": "service", "detail": detail}])
    found, last = request.directory.figures.all(asked.services, asked.query.channel, asked.years, by=request.person)
    links = {"self": _link(asked, 1, request), "next": None, "prev": None}
    items = [_item(said.figure) for said in found]
    return as_private({"page": 1, "per_page": None, "items": items, "links": links}, headers=_etag(last))


@view_config(route_name="api-figures", request_method="PUT", token=Purpose.FIGURES, require_csrf=False)
def put_figures(request: Request) -> Response:
    """Say figures, all of them or none; said once more, nothing happens."""
    based_on, sent = _based_on(request), read_object(request)
    rows = sent.get("figures")
    faults = [Fault("unknown_field", (name,)) for name in sent if name != "figures"]
    if not isinstance(rows, list):
        faults.append(Fault("not_a_list", ("figures",)))
    if faults or not isinstance(rows, list):
        raise _refused(faults, sent, request)
    try:
        put = request.directory.figures.take(rows, by=request.person, based_on=based_on)
    except Refused as refused:
        raise _refused([Fault(f.what, ("figures", *f.where)) for f in refused.faults], sent, request) from None
    except Stale as stale:
        raise _stale(stale.last) from None
    return as_private(_said(put), headers=_etag(put.last))


# What is asked


def _asked(request: Request) -> _Asked:
    """Return which figures are asked for. Raises BadValue."""
    directory, given = request.directory, list(request.GET.items())
    for name, most in MOST_VALUES.items():
        if len(said := request.GET.getall(name)) > most:
            raise BadValue(name, said[most], "too_many", (str(most),))
    pairs = [(name, value) for name, value in given if name in _QUERY]
    if not any(name == "per_page" and value.strip() for name, value in pairs):
        pairs.append(("per_page", str(MOST_PER_PAGE)))
    values: dict[str, list[str]] = {"service": [], "year": []}
    for name, value in given:
        if name in values and (said := value.replace("\0", "").strip()):
            values[name].append(said)
    years = [_year(year) for year in dict.fromkeys(values["year"])]
    return _Asked(list(dict.fromkeys(values["service"])), directory.query(pairs), years)


def _year(text: str) -> CountingPeriod:
    if not (re.fullmatch(r"[0-9]{4}", text) and int(text) >= FIRST_YEAR):
        raise BadValue("year", text, "number", (str(FIRST_YEAR), str(LAST_YEAR)))
    return CountingPeriod(text)


def _link(asked: _Asked, page: int, request: Request) -> str:
    pairs = [("service", slug) for slug in asked.services]
    pairs += [("channel", kind.value) for kind in asked.query.channel]
    pairs += [("year", year.text) for year in asked.years]
    if asked.query.per_page != MOST_PER_PAGE:
        pairs.append(("per_page", str(asked.query.per_page)))
    return str(request.site.absolute("api-figures", pairs + ([("page", str(page))] if page > 1 else [])))


def _based_on(request: Request) -> int | None:
    """Return the row on which a write is based, None for one that knows best anyway. Raises Problem 428.

    What is no mark of ours is -1: a row after which there always was something.
    """
    said = request.headers.get("If-Match", "").strip()
    if not said:
        detail = _(
            "Sagen Sie, worauf Ihre Zahlen aufbauen: If-Match mit dem ETag, das Sie beim Lesen dieser Dienstleistungen "
            "bekamen, oder If-Match: *, wenn Ihre Zahlen in jedem Fall gelten."
        )
        raise Problem(428, _("Die Bedingung fehlt"), detail)
    return None if said == "*" else max((int(number) for number in _ETAG.findall(said)), default=-1)


# What is answered


def _item(figure: Figure) -> dict[str, Any]:
    return {
        **_key(figure),
        "standing": figure.standing.value,
        "value": figure.value,
        "source": figure.source or None,
        "note": figure.note or None,
        "released": figure.released,
    }


def _key(figure: Figure) -> dict[str, str]:
    return {
        "service": figure.service,
        "channel": figure.channel.value,
        "measure": figure.measure.value,
        "period": figure.period.text,
    }


def _said(put: Put) -> dict[str, Any]:
    counts = Counter(result for _figure, result in put.results)
    return {
        **{result.value: counts[result] for result in Result},
        "figures": [_key(figure) | {"result": result.value} for figure, result in put.results],
    }


def _etag(last: int) -> dict[str, str]:
    return {"ETag": f'"{last}"'}


def _refused(faults: list[Fault], sent: Any, request: Request) -> Problem:
    return not_possible(
        {"pointer": pointer(fault.where, sent), "detail": request.localizer.translate(FIGURE_RULES[fault.what])}
        for fault in faults
    )


def _stale(last: int) -> Problem:
    etag = _etag(last)["ETag"]
    detail = _(
        "Inzwischen hat jemand anders Zahlen eingetragen: Das ETag ist jetzt ${etag}. Lesen Sie sie neu.",
        mapping={"etag": etag},
    )
    return Problem(412, _("Es gibt neuere Zahlen"), detail, headers={"ETag": etag}, etag=etag)
