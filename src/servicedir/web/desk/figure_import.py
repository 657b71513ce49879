"""Sheets of figures: taking a year along, bringing one back, looking at what it would change, and saying yes."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory.figure_sheets import Fate, FigureSheetOvertaken, FigureSheetRefused, Phase, outcome_of
from servicedir.directory.sheets import readable
from servicedir.directory.uploads import AlreadyTaken
from servicedir.domain.figures import FIRST_YEAR, CountingPeriod, Measure, Standing
from servicedir.domain.service import ChannelKind
from servicedir.exchange.figure_sheet import COLUMNS, MOST, WRITERS
from servicedir.exchange.formats import FORMATS
from servicedir.web.desk.sheets import PER_PAGE, NotTaken, brought, number_of, page_of
from servicedir.web.figure_rules import FIGURE_RULES
from servicedir.web.security import SIGNED_IN
from servicedir.web.translation import _

YEARS = 6
"""Years of which sheets are offered."""

FATES = {
    Fate.REFUSED: _("Abgelehnt"),
    Fate.CHANGED: _("Geändert"),
    Fate.NEW: _("Neu"),
    Fate.SAME: _("Unverändert"),
    Fate.EMPTY: _("Ohne Zahl"),
}

CHOICES: dict[str, type[StrEnum]] = {"channel": ChannelKind, "measure": Measure, "standing": Standing}
"""Columns that take one of a few words."""


@view_config(route_name="desk-figures-export", request_method="POST", permission=SIGNED_IN)
def export(request: Request) -> Response:
    """Answer with the figures of a year as a file. A form, since it is written down who took it."""
    year = _year(request.POST.get("year"), request.directory.today.year)
    download = request.directory.figure_sheets.listed(request.matchdict["format"], year, request.person)
    response = Response(download.body)
    response.headers["Content-Type"] = download.media_type
    response.content_disposition = f'attachment; filename="{download.name}"'
    return response


def _year(said: Any, latest: int) -> CountingPeriod:
    """Return the year that is asked for. Raises HTTPBadRequest."""
    is_year = isinstance(said, str) and said.isascii() and said.isdecimal() and len(said) == 4
    if not (is_year and FIRST_YEAR <= int(said) <= latest):
        raise HTTPBadRequest(f"{said!r:.20} is no year")
    return CountingPeriod(said)


@view_defaults(route_name="desk-figures-import", renderer="templates/figure-import.pt", permission=SIGNED_IN)
class BringFigures:
    """The page on which a file is brought along."""

    def __init__(self, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET")
    def show(self, problem: Any = "") -> dict[str, Any]:
        """Show the form, what can be taken along, and what the columns mean."""
        directory, site = self.request.directory, self.request.site
        return {
            "problem": problem,
            "may_bring": bool(directory.offices_of(self.request.person)),
            "years": [directory.today.year - back for back in range(YEARS)],
            "columns": COLUMNS,
            "downloads": [(name, site.path("desk-figures-export", format=name)) for name in WRITERS],
            "accepted": ",".join(FORMATS[name].extension for name in readable()),
            "most": MOST,
        }

    @view_config(request_method="POST")
    def bring(self) -> Response | dict[str, Any]:
        """Read a file at once and go to the plan; 400 with the form where the file cannot be taken."""
        try:
            number = brought(self.request, self.request.directory.figure_sheets.bring)
        except NotTaken as fault:
            return self._refuse(fault.problem)
        return HTTPSeeOther(self.request.site.path("desk-figures-plan", number=str(number)))

    def _refuse(self, problem: Any) -> dict[str, Any]:
        self.request.response.status_int = 400
        return self.show(problem)


@view_defaults(route_name="desk-figures-plan", renderer="templates/figure-plan.pt", permission=SIGNED_IN)
class FigurePlan:
    """What would become of each row, and the button that makes it so."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.number = number_of(request.matchdict["number"])
        self.stored = request.directory.figure_sheets.get(self.number, request.person)

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        """Show what would be done, or what was done."""
        return self._values(self.stored.outcome)

    @view_config(request_method="POST")
    def take(self) -> Response | dict[str, Any]:
        """Write all rows, or none; 409 with a new plan where anything changed since the one that was shown."""
        mark = self.request.POST.get("mark", "")
        try:
            self.request.directory.figure_sheets.accept(self.number, str(mark) or "-", self.request.person)
        except AlreadyTaken:
            self.request.tm.doom()
        except (FigureSheetRefused, FigureSheetOvertaken) as other:
            self.request.tm.doom()
            self.request.response.status_int = 409
            return self._values(outcome_of(other.plan), overtaken=True)
        return HTTPSeeOther(self.request.site.path("desk-figures-plan", number=str(self.number)))

    def _values(self, outcome: dict[str, Any], *, overtaken: bool = False) -> dict[str, Any]:
        site, lines = self.request.site, outcome.get("lines", [])
        pages = max(1, -(-len(lines) // PER_PAGE))
        page = min(page_of(self.request.GET.get("page", "")), pages)
        shown = lines[(page - 1) * PER_PAGE : page * PER_PAGE]
        counts = {fate: outcome.get("counts", {}).get(fate, 0) for fate in Fate}
        doing = counts[Fate.NEW] + counts[Fate.CHANGED]
        waits = self.stored.state == Phase.PLANNED
        return {
            "stored": self.stored,
            "outcome": outcome,
            "overtaken": overtaken,
            "applied": not waits and not overtaken,
            "fates": FATES,
            "counts": [(fate, number) for fate, number in counts.items() if number or fate is not Fate.EMPTY],
            "groups": _grouped(shown),
            "page": page,
            "pages": pages,
            "page_path": lambda n: site.path("desk-figures-plan", [("page", str(n))], number=str(self.number)),
            "doing": doing,
            "refused": counts[Fate.REFUSED],
            "may_take": waits and doing and not counts[Fate.REFUSED],
            "sentence": self._sentence,
            "show": self._shown,
            "about": self._about,
        }

    def _sentence(self, what: str, column: str) -> str:
        """Return which rule a cell breaks; where it is none of a few words, with these."""
        site = self.request.site
        if what != "unknown_value":
            return site.translate(FIGURE_RULES[what])
        allowed = ", ".join(site.label(term) for term in CHOICES[column])
        return site.translate(_("Das gibt es hier nicht. Möglich sind: ${allowed}.", mapping={"allowed": allowed}))

    def _shown(self, figure: dict[str, Any]) -> str:
        """Return a number, or the word that says why there is none."""
        site = self.request.site
        if figure["value"] is not None:
            return site.number(figure["value"])
        return site.label(Standing(figure["standing"]))

    def _about(self, figure: dict[str, Any]) -> str:
        """Return by which way and what was counted."""
        site = self.request.site
        return f"{site.label(ChannelKind(figure['channel']))}, {site.label(Measure(figure['measure']))}"


def _grouped(lines: list[dict[str, Any]]) -> list[tuple[Fate, list[dict[str, Any]]]]:
    """Return the rows by what becomes of them, in the order in which they are looked at."""
    groups = ((fate, [line for line in lines if line["fate"] == fate]) for fate in Fate)
    return [(fate, found) for fate, found in groups if found]
