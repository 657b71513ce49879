"""What was ever said of figures of an entry: of a row of the grid, or of one cell, which can be corrected there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import colander
from deform.widget import HiddenWidget
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Refused
from servicedir.directory.figures import Stale
from servicedir.domain.figures import LONGEST_REMARK, CountingPeriod, Figure, Measure
from servicedir.domain.query import BadValue
from servicedir.domain.workflow import Permission
from servicedir.web import forms
from servicedir.web.contexts import Draft
from servicedir.web.desk.figure_sheet import show, understand
from servicedir.web.desk.figures import RULES, grid_path, history_path, name_of, say, sheet_asked
from servicedir.web.fields import Schema, TextWidget
from servicedir.web.parameters import said_once
from servicedir.web.translation import _


def _schema() -> Schema:
    """Return the fields of one cell."""
    remark = {"missing": "", "validator": colander.Length(max=LONGEST_REMARK), "widget": TextWidget()}
    return Schema(
        colander.SchemaNode(colander.Integer(), name="based_on", missing=0, widget=HiddenWidget()),
        colander.SchemaNode(
            colander.String(),
            name="value",
            title=_("Zahl"),
            description=_(
                "Eine ganze Zahl, oder: ? nicht bekannt, - nicht gezählt, * nicht gezeigt. Leer: nicht bekannt."
            ),
            missing="",
            validator=colander.Length(max=40),
            widget=TextWidget(attributes={"autocomplete": "off"}),
        ),
        colander.SchemaNode(colander.String(), name="source", title=_("Quelle"), **remark),
        colander.SchemaNode(colander.String(), name="note", title=_("Bemerkung"), **remark),
        colander.SchemaNode(
            colander.Boolean(), name="released", title=_("Öffentlich: alle dürfen diese Zahl sehen"), missing=False
        ),
    )


@view_defaults(route_name="figure-history", renderer="templates/figure-history.pt", permission=Permission.VIEW)
class History:
    """The changes of a row, or of a cell with its form."""

    def __init__(self, context: Draft, request: Request) -> None:
        self.context = context
        self.request = request
        self.overtaken = False
        self.sheet = sheet_asked(context, request)
        pairs = list(request.GET.items())
        self.measure = _measure(said_once("measure", pairs))
        period = said_once("period", pairs)
        if period and period not in [one.text for one in self.sheet.periods]:
            raise BadValue("period", period, "unknown")
        self.period = CountingPeriod(period) if period else None
        key = (self.sheet.service, self.sheet.channel, self.measure)
        figures = request.directory.figures
        if self.period:
            self.said = figures.history(*key, self.period, by=request.person)
        else:
            self.said = figures.histories(*key, self.sheet.year, by=request.person)

    @view_config(request_method="GET")
    def show(self, form: forms.Form | None = None) -> dict[str, Any]:
        """Show who said what and when, the latest first, each beside what was said before."""
        sheet, request = self.sheet, self.request
        if form and self.overtaken and self.said:  # Sent again, it is about what is shown now.
            form["based_on"].cstruct = str(self.said[-1].number)
        return {
            "entry": self.context.entry,
            "service": self.context.service,
            "sheet": sheet,
            "what": request.site.label(self.measure),
            "when": name_of((self.period or sheet.year).text, request),
            "period": self.period,
            "rows": list(changes(self.said))[::-1],
            "periods": sheet.periods,
            "say": lambda figure: say(figure, request),
            "name_of": lambda period: name_of(period.text, request),
            "grid": grid_path(request, sheet),
            "cell": lambda period: history_path(request, sheet, self.measure, period),
            "row": history_path(request, sheet, self.measure),
            "form": form or (self.form() if self.period else None),
            "done": request.GET.get("done", "") if request.method == "GET" else "",
        }

    @view_config(request_method="POST")
    def correct(self) -> Response | dict[str, Any]:
        """Say one cell anew; 409 where somebody else has done so since the page was shown."""
        if self.period is None:
            raise BadValue("period", "", "unknown")
        answer: Response | dict[str, Any] = forms.run(self.form(), self.request, self._save, self.show)
        if self.overtaken:
            self.request.response.status_int = 409
        return answer

    def form(self) -> forms.Form:
        """Return the form of the cell, filled with what holds."""
        values: dict[str, Any] = {"based_on": self.said[-1].number if self.said else 0}
        if self.said:
            now = self.said[-1].figure
            values |= {"value": show(now), "source": now.source, "note": now.note, "released": now.released}
        return forms.make_form(_schema(), self.request, [forms.Button("save", _("Zelle speichern"))], values=values)

    def _save(self, values: dict[str, Any], button: str) -> Response:
        request, sheet, period = self.request, self.sheet, self.period
        assert period is not None  # noqa: S101 - `correct` has seen to it
        understood = understand(values["value"], request.site.language)
        if understood is None:
            raise forms.Refusal([(("value",), RULES["not_a_cell"] % {"typed": values["value"]})])
        if self.said and self.said[-1].number > values["based_on"]:
            raise self._overtaken()
        standing, value = understood
        figure = Figure(
            service=sheet.service,
            channel=sheet.channel,
            measure=self.measure,
            period=period,
            standing=standing,
            value=value,
            source=values["source"].strip(),
            note=values["note"].strip(),
            released=values["released"],
        )
        _all, last = request.directory.figures.all([sheet.service], by=request.person)
        try:
            request.directory.figures.put([figure], by=request.person, based_on=last)
        except Refused as refused:
            fields = {"period": "value"}
            raise forms.Refusal(
                ((fields.get(str(f.where[1]), f.where[1]),), RULES[f.what]) for f in refused.faults
            ) from None
        except Stale:
            raise self._overtaken() from None
        path = history_path(request, sheet, self.measure, period)
        return HTTPSeeOther(f"{path}&done=save")

    def _overtaken(self) -> forms.Refusal:
        """Return what is said where somebody was faster."""
        self.overtaken = True
        return forms.Refusal([((), _("Jemand anderes hat diese Zelle inzwischen geändert. Sehen Sie unten nach."))])


def _measure(asked: str) -> Measure:
    if asked not in list(Measure):
        raise BadValue("measure", asked, "unknown", tuple(measure.value for measure in Measure))
    return Measure(asked)


def changes(said: Iterable[Any]) -> Iterable[tuple[Any, Figure | None]]:
    """Yield each row with the figure that held before it, None where there was none."""
    before: dict[CountingPeriod, Figure] = {}
    for one in said:
        yield one, before.get(one.figure.period)
        before[one.figure.period] = replace(one.figure)
