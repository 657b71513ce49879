"""What everybody may see of a service's figures, for its page: tables and charts of years, and of their months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from markupsafe import Markup
from pyramid.request import Request

from servicedir.domain.day import Day
from servicedir.domain.figures import CountingPeriod, Figure, Measure, Standing, Total, of_year
from servicedir.domain.service import ChannelKind
from servicedir.reports.charts import Series, columns
from servicedir.web.translation import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Numbers in words, a row for each period, and the same numbers as a chart."""

    title: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    chart: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The figures of one channel: its years, and for each year of which months are public those, the latest first."""

    channel: ChannelKind
    years: Table
    months: Sequence[Table]
    remarks: Sequence[str]


def shown_figures(slug: str, on: date, request: Request) -> list[Shown] | None:
    """Return what is released of a published service, of periods that were over on a day; today, also of running ones.

    Nothing where nothing is released. None where it cannot be read now: such a page is not kept.
    """
    listed = request.directory.house.released.of(slug)
    if listed is None:
        request.response.headers["Cache-Control"] = "no-store"
        return None
    is_past = on < request.directory.today
    # A figure counts until the end of its period, so on an earlier day the running ones were not known.
    seen = [figure for figure in listed if (figure.period.last if is_past else figure.period.first) <= on]
    if not seen:
        return []
    until = on - timedelta(days=on.day) if is_past and (on + timedelta(days=1)).day > 1 else on
    channels = {kind: [figure for figure in seen if figure.channel is kind] for kind in ChannelKind}
    return [_channel(kind, figures, until, request) for kind, figures in channels.items() if figures]


def _channel(kind: ChannelKind, figures: list[Figure], on: date, request: Request) -> Shown:
    site = request.site
    measures = [measure for measure in Measure if any(figure.measure is measure for figure in figures)]
    years = sorted({figure.period.year for figure in figures})
    monthly = sorted({figure.period.year for figure in figures if not figure.period.is_year}, reverse=True)
    title = {"channel": site.label(kind)}
    remarks = [_remark(figure, request) for figure in figures if figure.source or figure.note]
    return Shown(
        channel=kind,
        years=_table(
            site.translate(_("Termine nach Jahren: ${channel}", mapping=title)),
            [(year.text, year.text) for year in years],
            {(m, year.text): _of_year(figures, m, year, on) for m in measures for year in years},
            measures,
            request,
        ),
        months=[_months(kind, figures, measures, year, on, request) for year in monthly],
        remarks=list(dict.fromkeys(remarks)),
    )


def _of_year(figures: list[Figure], measure: Measure, year: CountingPeriod, on: date) -> Total | None:
    said = [figure for figure in figures if figure.measure is measure and figure.period.text.startswith(year.text)]
    return of_year(said, year, on) if said else None


def _months(
    kind: ChannelKind, figures: list[Figure], measures: list[Measure], year: CountingPeriod, on: date, request: Request
) -> Table:
    site = request.site
    months = [month for month in year.months() if month.first <= on]
    known = {(figure.measure, figure.period): figure for figure in figures}
    cells = {
        (measure, month.text): Total.of([known[measure, month]]) if (measure, month) in known else None
        for measure in measures
        for month in months
    }
    return _table(
        site.translate(
            _("Termine ${year} nach Monaten: ${channel}", mapping={"year": year.text, "channel": site.label(kind)})
        ),
        [(month.text, str(format_date(month.first, "LLL", locale=site.language))) for month in months],
        cells,
        measures,
        request,
    )


def _table(
    title: str,
    periods: list[tuple[str, str]],
    cells: dict[tuple[Measure, str], Total | None],
    measures: list[Measure],
    request: Request,
) -> Table:
    """Return a table of totals, and the chart: a column only where the number is the whole truth, none without any."""
    site = request.site
    series = [
        Series(measure.value, site.label(measure), [_value(cells[measure, period]) for period, _label in periods])
        for measure in measures
    ]
    drawn = any(value is not None for one in series for value in one.values)
    chart = columns(title, [label for _period, label in periods], series, language=site.language) if drawn else ""
    return Table(
        title=title,
        heads=[site.label(measure) for measure in measures],
        rows=[
            (site.day(Day(period)), [_say(cells[measure, period], request) for measure in measures])
            for period, _label in periods
        ],
        chart=Markup(chart),  # noqa: S704 - our own drawing, which escapes every word in it
    )


def _value(total: Total | None) -> int | None:
    return total.value if total else None


def _say(total: Total | None, request: Request) -> str:
    """Return a sum in words: the number, why there is none, or the number and how many months it lacks."""
    site = request.site
    if total is None:
        return str(site.translate(_("keine Angabe")))
    if total.value is not None:
        return str(site.number(total.value))
    if total.numbers:
        return f"{site.number(total.known)} ({site.counted('missing_months', total.missing)})"
    reasons = {
        Standing.SUPPRESSED: total.suppressed,
        Standing.NOT_COUNTED: total.not_counted,
        Standing.UNKNOWN: total.unknown,
    }
    return ", ".join(site.label(standing) for standing, count in reasons.items() if count)


def _remark(figure: Figure, request: Request) -> str:
    site = request.site
    source = [site.translate(_("Quelle: ${source}", mapping={"source": figure.source}))] if figure.source else []
    return ". ".join([*source, *([figure.note] if figure.note else [])])
