"""The grid in which an editor types figures of an entry: a year and its months, for one channel."""

from __future__ import annotations

from typing import Any

from babel.dates import format_date
from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory.figures import Stale
from servicedir.domain.day import Day
from servicedir.domain.figures import (
    FIRST_YEAR,
    CountingPeriod,
    Figure,
    Measure,
    Standing,
    Total,
    contradicts,
    found_out,
)
from servicedir.domain.query import BadValue
from servicedir.domain.service import ChannelKind
from servicedir.domain.workflow import Permission
from servicedir.web.contexts import Draft
from servicedir.web.desk.figure_sheet import REMARKS, SIGNS, Fields, Sheet, by_cell, merge
from servicedir.web.figure_rules import FIGURE_RULES
from servicedir.web.parameters import said_once
from servicedir.web.translation import _

RULES = {
    **FIGURE_RULES,
    "not_a_cell": _("„${typed}“ ist keine ganze Zahl ab 0 und keines der Zeichen für „keine Zahl“."),
    "no_cell": _("In dieser Zeile steht keine Zahl, zu der das gehört."),
}
"""What a broken rule of a field is called."""

SHOWN_YEARS = 6
"""Years to choose from, beside those of which something is known."""

_DAMAGED = _("Das Formular kam beschädigt an. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal.")
_LONGEST = 2000  # Characters of one field; what is longer than a remark may be is told so.


@view_defaults(route_name="figures", renderer="templates/figures.pt", permission=Permission.VIEW)
class Grid:
    """The grid, and what comes of typing into it."""

    def __init__(self, context: Draft, request: Request) -> None:
        self.context = context
        self.request = request
        self.site = request.site
        self.sheet = sheet_asked(context, request)
        sheet = self.sheet
        self.said, self.last = request.directory.figures.all(
            [sheet.service], [sheet.channel], [sheet.year], by=request.person
        )
        self.known = by_cell(one.figure for one in self.said)

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        """Show what holds."""
        return self._page(self.sheet.fields(self.known))

    @view_config(request_method="POST")
    def save(self) -> Response | dict[str, Any]:
        """Say what was typed; 400 where a field is wrong, 409 where somebody else has saved in this grid meanwhile."""
        typed, based_on = self._typed()
        if any(one.number > based_on for one in self.said):
            return self._overtaken(typed, based_on)
        figures, faults = self.sheet.read(typed, self.known, self.request.directory.today, self.site.language)
        if faults:
            self.request.tm.doom()
            self.request.response.status_int = 400
            return self._page(typed, faults={name: self._sentence(typed[name], what) for name, what in faults.items()})
        try:
            self.request.directory.figures.put(figures, by=self.request.person, based_on=self.last)
        except Stale:  # In this very moment.
            return self._overtaken(typed, based_on)
        return HTTPSeeOther(grid_path(self.request, self.sheet, done="save"))

    def _typed(self) -> tuple[Fields, int]:
        """Return what every field says, and what it is based on. Raises HTTPBadRequest where that is not the grid."""
        sent, names = self.request.POST, self.sheet.fields({})
        whole = sorted(sent) == sorted([*names, "csrf_token", "based_on"])
        if not whole or any(not isinstance(v, str) or "\0" in v or len(v) > _LONGEST for v in sent.values()):
            raise HTTPBadRequest(self.site.translate(_DAMAGED))
        based_on = sent["based_on"]
        if not (based_on.isascii() and based_on.isdecimal() and len(based_on) < 16):
            raise HTTPBadRequest(self.site.translate(_DAMAGED))
        return {name: sent[name] for name in names}, int(based_on)

    def _overtaken(self, typed: Fields, based_on: int) -> dict[str, Any]:
        """Show what somebody else has saved beside what was typed, which stays."""
        self.request.tm.doom()
        self.request.response.status_int = 409
        directory, sheet, figures = self.request.directory, self.sheet, {}
        newer = {(one.figure.measure, one.figure.period): one for one in self.said if one.number > based_on}
        for measure in {measure for measure, _period in newer}:
            for one in directory.figures.histories(
                sheet.service, sheet.channel, measure, sheet.year, by=self.request.person
            ):
                if one.number <= based_on:
                    figures[measure, one.figure.period] = one.figure
        before = {cell: figure for cell, figure in self.known.items() if cell not in newer} | figures
        merged, both = merge(typed, sheet.fields(before), sheet.fields(self.known))
        return self._page(merged, newer=list(newer.values()), both=both, typed=typed)

    def _sentence(self, typed: str, what: str) -> str:
        sentence = RULES[what]
        return str(self.site.translate(sentence % {"typed": typed[:40]} if what == "not_a_cell" else sentence))

    # What the page shows

    def _page(self, fields: Fields, **more: Any) -> dict[str, Any]:
        sheet = self.sheet
        faults = more.get("faults", {})
        return {
            "entry": self.context.entry,
            "service": self.context.service,
            "sheet": sheet,
            "fields": fields,
            "faults": faults,
            "problems": [(name, self._name(name), faults[name]) for name in fields if name in faults],
            "newer": (),
            "both": (),
            "last": self.last,
            "measures": list(Measure),
            "channels": list(ChannelKind),
            "years": self._years(),
            "month": self._month,
            "sum": self._sum,
            "signs": [(SIGNS[standing], standing) for standing in SIGNS],
            "mixed": {(m, name) for m in Measure for name in REMARKS if len(sheet.remarks(self.known, m, name)) > 1},
            "found_out": [f"{measure}.{month}" for measure in Measure if (month := self._found_out(measure))],
            "contradicting": [measure for measure in Measure if contradicts(self._row(measure), sheet.year)],
            "path": lambda **changed: grid_path(self.request, sheet, **changed),
            "name_of": self._name,
            "row_history": lambda measure: history_path(self.request, sheet, measure),
            "show": self._show,
            "done": self.request.GET.get("done", "") if self.request.method == "GET" else "",
            "today": self.request.directory.today,
        } | more

    def _row(self, measure: Measure) -> list[Figure]:
        return [figure for (there, _period), figure in self.known.items() if there is measure]

    def _found_out(self, measure: Measure) -> CountingPeriod | None:
        return found_out(self._row(measure), self.sheet.year, self.request.directory.today)

    def _sum(self, measure: Measure) -> Total | None:
        """Return the sum of the months of a row as it is stored, None where nothing is said of any."""
        months = [figure for figure in self._row(measure) if not figure.period.is_year]
        if not months:
            return None
        begun = sum(month.first <= self.request.directory.today for month in self.sheet.year.months())
        silent = begun - len(
            {figure.period for figure in months if figure.period.first <= self.request.directory.today}
        )
        return Total.of(months) + Total(unknown=silent)

    def _years(self) -> list[CountingPeriod]:
        """Return the years to choose from, the latest first."""
        this, asked = self.request.directory.today.year, int(self.sheet.year.text)
        return [CountingPeriod(str(y)) for y in sorted({*range(this - SHOWN_YEARS + 1, this + 1), asked}, reverse=True)]

    def _month(self, period: CountingPeriod) -> str:
        return str(format_date(period.first, "LLL", locale=self.site.language))

    def _name(self, name: str) -> str:
        """Return what a field is called: its row and its column."""
        measure, _dot, rest = name.partition(".")
        return f"{self.site.label(Measure(measure))}, {name_of(rest, self.request)}"

    def _show(self, figure: Figure) -> str:
        return say(figure, self.request)


def sheet_asked(context: Draft, request: Request) -> Sheet:
    """Return the grid that an address asks for; without a year, that of the month that ended last. Raises BadValue."""
    pairs = list(request.GET.items())
    channel, today = said_once("channel", pairs) or ChannelKind.VIDEO.value, request.directory.today
    if channel not in list(ChannelKind):
        raise BadValue("channel", channel, "unknown", tuple(kind.value for kind in ChannelKind))
    year = said_once("year", pairs) or str(today.year - (today.month == 1))
    if not (year.isascii() and year.isdecimal() and len(year) == 4 and FIRST_YEAR <= int(year) <= today.year):
        raise BadValue("year", year, "number", (str(FIRST_YEAR), str(today.year)))
    return Sheet(context.entry.slug, ChannelKind(channel), CountingPeriod(year))


def grid_path(request: Request, sheet: Sheet, **changed: str) -> str:
    """Return the address of a grid, or of one that differs in its channel or year."""
    said = {"channel": sheet.channel.value, "year": sheet.year.text} | changed
    return str(request.site.path("figures", list(said.items()), slug=sheet.service))


def history_path(request: Request, sheet: Sheet, measure: Measure, period: CountingPeriod | None = None) -> str:
    """Return the address of what was ever said of a row, or of one of its cells."""
    said = [("channel", sheet.channel.value), ("measure", measure.value), ("year", sheet.year.text)]
    said += [("period", period.text)] if period else []
    return str(request.site.path("figure-history", said, slug=sheet.service))


def name_of(part: str, request: Request) -> str:
    """Return what a column or a remark is called, by its part of a field's name."""
    site = request.site
    if part in REMARKS:
        names = {"source": _("Quelle"), "note": _("Bemerkung"), "released": _("Öffentlich")}
        return str(site.translate(names[part]))
    return str(site.day(Day(part)))


def say(figure: Figure, request: Request) -> str:
    """Return a figure in words: its number, or why there is none."""
    if figure.standing is Standing.NUMBER:
        return str(request.site.number(figure.value or 0))
    return str(request.site.label(figure.standing))
