"""Sheets of entries: taking a list along, bringing one back, looking at what it would change, and saying yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory.sheets import SheetOvertaken, SheetRefused, readable
from servicedir.directory.uploads import AlreadyTaken, Phase, UnknownFormat, Upload, outcome_of
from servicedir.domain.choice import parse
from servicedir.domain.history import NotFound
from servicedir.domain.sheet_plan import Result
from servicedir.domain.text import Text
from servicedir.domain.workflow import Person
from servicedir.exchange.columns import COLUMNS
from servicedir.exchange.formats import FORMATS
from servicedir.exchange.table import MAX_BYTES, MAX_ROWS, BadSheet
from servicedir.web.desk.sheet_words import FLAWS, PHASES, RESULTS, hindrance, meaning
from servicedir.web.security import SIGNED_IN
from servicedir.web.translation import _

PER_PAGE = 200
"""Rows of a plan on one page."""

LONGEST_REMARK = 500


@view_config(route_name="desk-export", request_method="POST", permission=SIGNED_IN)
def export(request: Request) -> Response:
    """Answer with the list that was asked for as a file. A form, since it is written down who took it."""
    choice = parse(request.GET.items(), request.directory.catalogue.offices)
    name, site = request.matchdict["format"], request.site
    download = request.directory.sheets.listed(name, choice, request.person, site.language)
    response = Response(download.body)
    response.headers["Content-Type"] = download.media_type
    response.content_disposition = f'attachment; filename="{download.name}"'
    return response


class NotTaken(ValueError):
    """A file that cannot be taken: `problem` is the sentence for who brought it."""

    def __init__(self, problem: Any) -> None:
        super().__init__(str(problem))
        self.problem = problem


def brought(request: Request, bring: Callable[[str, bytes, Person], int]) -> int:
    """Return the number that the file of a form gets from `bring`. Raises NotTaken."""
    given = request.POST.get("file")
    if not getattr(given, "filename", ""):
        raise NotTaken(_("Bitte wählen Sie eine Datei."))
    # One byte more than is read, so that what is too long is seen.
    data = given.file.read(MAX_BYTES + 1)
    name = "".join(c for c in given.filename if c.isprintable())[-120:]
    try:
        return bring(name, data, request.person)
    except UnknownFormat:
        problem = _("Bitte wählen Sie eine CSV- oder Excel-Datei: ihr Name endet auf .csv oder .xlsx.")
        raise NotTaken(problem) from None
    except BadSheet as bad:
        raise NotTaken(FLAWS[bad.code] % {name: str(value)[:60] for name, value in bad.values.items()}) from None


@view_defaults(route_name="desk-import", renderer="templates/import.pt", permission=SIGNED_IN)
class Bring:
    """The page on which a file is brought along."""

    def __init__(self, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET")
    def show(self, problem: Any = "") -> dict[str, Any]:
        """Show the form, what one brought lately, and what the columns mean."""
        directory, person, site = self.request.directory, self.request.person, self.request.site
        return {
            "problem": problem,
            "may_bring": bool(directory.offices_of(person)),
            "uploads": directory.uploads.latest(person),
            "phases": PHASES,
            "columns": COLUMNS,
            "downloads": [(name, site.path("desk-export", format=name)) for name in FORMATS],
            "accepted": ",".join(FORMATS[name].extension for name in readable()),
            "most_rows": MAX_ROWS,
        }

    @view_config(request_method="POST")
    def bring(self) -> Response | dict[str, Any]:
        """Read a file at once and go to the plan; 400 with the form where the file cannot be taken."""
        try:
            number = brought(self.request, self.request.directory.uploads.bring)
        except NotTaken as fault:
            return self._refuse(fault.problem)
        return HTTPSeeOther(self.request.site.path("desk-import-plan", number=str(number)))

    def _refuse(self, problem: Any) -> dict[str, Any]:
        self.request.response.status_int = 400
        return self.show(problem)


@view_defaults(route_name="desk-import-plan", renderer="templates/import-plan.pt", permission=SIGNED_IN)
class PlanPage:
    """What would become of each row, and the button that makes it so."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.number = number_of(request.matchdict["number"])
        self.upload: Upload = request.directory.uploads.get(self.number, request.person)

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        """Show how far it is, or what would be done, or what was done."""
        return self._values(self.upload.stored.outcome)

    @view_config(request_method="POST")
    def take(self) -> Response | dict[str, Any]:
        """Write all rows, or none; 409 with a new plan where anything changed since the one that was shown."""
        mark, why, publish = (self._said(name) for name in ("mark", "why", "publish"))
        try:
            self.request.directory.uploads.take(
                self.number, mark, by=self.request.person, publish=bool(publish), why=why[:LONGEST_REMARK]
            )
        except AlreadyTaken:
            self.request.tm.doom()
        except (SheetRefused, SheetOvertaken) as other:
            self.request.tm.doom()
            self.request.response.status_int = 409
            return self._values(outcome_of(other.plan) | {"overtaken": True})
        return HTTPSeeOther(self.request.site.path("desk-import-plan", number=str(self.number)))

    def _said(self, name: str) -> str:
        """Return what one control says; an empty string where there is none. Raises HTTPBadRequest for a file."""
        value = self.request.POST.get(name, "")
        if not isinstance(value, str) or "\0" in value:
            words = _("Das Formular kam beschädigt an. Bitte laden Sie die Seite neu.")
            raise HTTPBadRequest(self.request.localizer.translate(words))
        return value.strip()

    def _values(self, outcome: dict[str, Any]) -> dict[str, Any]:
        site, phase = self.request.site, self.upload.phase
        lines = outcome.get("lines", [])
        pages = max(1, -(-len(lines) // PER_PAGE))
        page = min(page_of(self.request.GET.get("page", "")), pages)
        counts = {Result(name): number for name, number in outcome.get("counts", {}).items()}
        doing = counts.get(Result.NEW, 0) + counts.get(Result.CHANGED, 0)
        refused = counts.get(Result.REFUSED, 0)
        return {
            "upload": self.upload,
            "stored": self.upload.stored,
            "outcome": outcome,
            "phase": phase,
            "phases": PHASES,
            "results": RESULTS,
            "counts": [(result, counts.get(result, 0)) for result in Result],
            "groups": _grouped(lines[(page - 1) * PER_PAGE : page * PER_PAGE]),
            "page": page,
            "pages": pages,
            "page_path": lambda n: site.path("desk-import-plan", [("page", str(n))], number=str(self.number)),
            "may_take": self.upload.is_mine and phase is Phase.PLANNED and doing and not refused,
            "doing": doing,
            "refused": refused,
            "hindrance": hindrance,
            "meaning": meaning,
            "title": lambda line: Text.of(line["title"]),
        }


def _grouped(lines: list[dict[str, Any]]) -> list[tuple[Result, list[dict[str, Any]]]]:
    """Return the rows by what becomes of them, in the order in which they are looked at."""
    groups = ((result, [line for line in lines if line["result"] == result]) for result in Result)
    return [(result, found) for result, found in groups if found]


def number_of(said: str) -> int:
    """Return the number of a sheet. Raises NotFound for what is none."""
    if not (said.isascii() and said.isdecimal() and len(said) < 10):
        raise NotFound(said[:20])
    return int(said)


def page_of(said: str) -> int:
    """Return the number of a page that is asked for; the first one for what is none."""
    return int(said) if said.isascii() and said.isdecimal() and 0 < len(said) < 6 and int(said) else 1
