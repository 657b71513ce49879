"""Charts as SVG that can be read without colour, in print and by ear; everything is said by presentation attributes.

A chart stands in a page, whose policy forbids styles of its own, or alone in a file. What is drawn in `currentColor`
follows the page, so it stays readable in dark and in forced colours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape

from servicedir.domain.text import Text

WIDTH = 400
"""Units of a chart's width; a letter is about eight of them wide, so it can be read on a phone as well."""

_FONT = 14
_LETTER = 8.2
_ROW = 20
_PLOT = 220
_MOST_NUMBERS = 26
_NO_NUMBER = Text.of(de="keine Zahl", en="no number")
_COLUMNS = Text.of(de="Säulendiagramm", en="Column chart")
_BARS = Text.of(de="Balkendiagramm", en="Bar chart")
_FROM_TO = Text.of(
    de="{name}: in {first} {before}, in {last} {after}", en="{name}: {before} in {first}, {after} in {last}"
)

# The ground of each look, and the marks on it: told apart by the marks alone, and next to each other by lightness.
_LOOKS = (
    ("#0b4f6c", ""),
    ("#9fd3e6", '<path d="M-2 2l4-4M0 8L8 0M6 10l4-4" stroke="#0b2f40" stroke-width="1.6"/>'),
    ("#f2d479", '<circle cx="2" cy="2" r="1.3" fill="#4d3800"/><circle cx="6" cy="6" r="1.3" fill="#4d3800"/>'),
    ("#fff6dc", '<path d="M0 2h8M0 6h8" stroke="#6b4e00" stroke-width="1.2"/>'),
    ("#c9b6dd", '<path d="M0 0l8 8M8 0L0 8" stroke="#3a2160" stroke-width="1.1"/>'),
    ("#7a7a85", '<path d="M2 0v8M6 0v8" stroke="#ffffff" stroke-width="1.2"/>'),
    ("#f0c3b5", '<path d="M-2 6l4 4M0 0l8 8M6-2l4 4" stroke="#6e1f0a" stroke-width="1.4"/>'),
    ("#8c2f15", '<circle cx="4" cy="4" r="1.4" fill="#ffffff"/>'),
    ("#ffffff", '<path d="M4 2.5v3M2.5 4h3" stroke="#555555" stroke-width="1"/>'),
)


@dataclass(frozen=True, slots=True)
class Series:
    """A row of numbers, one for each label of the chart; None is where there is no number, which is not 0.

    `look` is the number of its pattern, so that the same thing looks the same in every chart; without one it is its
    place among the series.
    """

    key: str
    name: str
    values: Sequence[int | None]
    look: int | None = None


def columns(
    title: str, labels: Sequence[str], series: Sequence[Series], *, language: str, stacked: bool = False
) -> str:
    """Return an `<svg>` with a column for each label and series, or one for each label with the series upon another.

    A missing number is drawn as a dashed gap with a stroke in it, and said in the legend. Raises ValueError where a
    series has not a value for each label.
    """
    chart = _Chart(title, labels, series, language, _COLUMNS)
    top = 26
    bottom = top + _PLOT
    scale, ticks = _scale(chart.highest(stacked), _PLOT)
    parts: list[str] = []
    start = len(_number(ticks[-1], language)) * _LETTER + 14
    for tick in ticks:
        y = bottom - tick * scale
        parts.append(f'<path d="M{start:.1f} {y:.1f}H{WIDTH}" stroke="currentColor" stroke-opacity="0.25"/>')
        parts.append(_text(start - 6, y + 5, _number(tick, language), anchor="end"))
    slot = (WIDTH - start) / max(len(labels), 1)
    room = slot if stacked else slot * 0.76 / max(len(series), 1)
    numbered = room >= (len(_number(chart.highest(stacked), language)) + 0.4) * _LETTER
    for place, values in enumerate(chart.by_label()):
        left = start + place * slot + slot * 0.12
        wide = slot * 0.76
        if stacked:
            parts += _stack(chart, values, left, bottom, wide, scale, numbered or place + 1 == len(labels))
        else:
            each = wide / max(len(series), 1)
            for index, value in enumerate(values):
                parts += _column(chart, index, value, left + index * each, bottom, each, scale, numbered)
    parts.append(f'<path d="M{start:.1f} {bottom}H{WIDTH}" stroke="currentColor" stroke-width="1.5"/>')
    parts += _labels(labels, start, slot, bottom + 18)
    return chart.drawn(parts, bottom + 34)


def bars(title: str, labels: Sequence[str], series: Sequence[Series], *, language: str, stacked: bool = True) -> str:
    """Return an `<svg>` with bars from the left below each label: one with the series in a row, or one for each.

    Missing numbers are drawn as in `columns`. Raises ValueError where a series has not a value for each label.
    """
    chart = _Chart(title, labels, series, language, _BARS)
    # A number stands behind each bar.
    scale, _ticks = _scale(chart.highest(stacked), WIDTH - 60)
    parts: list[str] = []
    y = 4.0
    for label, values in zip(labels, chart.by_label(), strict=True):
        parts.append(_text(0, y + 14, _shortened(label, 56)))
        y += 20
        rows = [list(enumerate(values))] if stacked else [[pair] for pair in enumerate(values)]
        for row in rows:
            x = 0.5
            for index, value in row:
                if value:
                    parts.append(chart.box(index, x, y, value * scale, 16))
                    x += value * scale
            if any(value is None for _index, value in row):
                parts.append(_gap(x + 3, y, 22, 16))
            else:
                parts.append(f'<path d="M0.5 {y}v16" stroke="currentColor" stroke-width="1.5"/>')
                said = _number(sum(value or 0 for _index, value in row), language)
                parts.append(_text(x + 6, y + 13, said, weight="600"))
            y += 20
        y += 8
    return chart.drawn(parts, y)


class _Chart:
    """What all charts have in common: the numbers by label, the patterns, the legend, the words for the ear."""

    def __init__(self, title: str, labels: Sequence[str], series: Sequence[Series], language: str, kind: Text) -> None:
        self.title = title
        self.labels = labels
        self.series = series
        self.language = language
        self._kind = kind.within(language)
        if any(len(one.values) != len(labels) for one in series):
            raise ValueError("Each series has a value for each label.")
        said = repr((title, list(labels), [(one.key, one.name, list(one.values)) for one in series], self._kind))
        # Several charts stand in one page, and what they refer to is found by ids that no two of them share.
        self._id = f"chart-{sha256(said.encode()).hexdigest()[:10]}"

    def by_label(self) -> Iterator[list[int | None]]:
        for place in range(len(self.labels)):
            yield [one.values[place] for one in self.series]

    def highest(self, stacked: bool) -> int:
        return max(((sum if stacked else max)([value or 0 for value in v] or [0]) for v in self.by_label()), default=0)

    def box(self, index: int, x: float, y: float, wide: float, high: float) -> str:
        where = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
        return f'<rect {where} fill="url(#{self._id}-{index})" stroke="currentColor" stroke-width="0.75"/>'

    def drawn(self, parts: list[str], y: float) -> str:
        """Return the whole chart, with the legend below what was drawn down to `y`."""
        legend, high = self._legend(y + 8)
        names = f"{self._id}-title", f"{self._id}-desc"
        return "".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {high:.0f}"',
                f' width="{WIDTH}" height="{high:.0f}" role="img" aria-labelledby="{names[0]} {names[1]}"',
                f' fill="currentColor" font-family="Fira Sans, DejaVu Sans, Arial, sans-serif" font-size="{_FONT}">',
                f'<title id="{names[0]}">{escape(self.title)}</title>',
                f'<desc id="{names[1]}">{escape(self._said())}</desc>',
                f"<defs>{''.join(self._patterns())}</defs>",
                *parts,
                *legend,
                "</svg>",
            )
        )

    def _patterns(self) -> Iterator[str]:
        for index, one in enumerate(self.series):
            ground, marks = _LOOKS[(index if one.look is None else one.look) % len(_LOOKS)]
            yield (
                f'<pattern id="{self._id}-{index}" width="8" height="8" patternUnits="userSpaceOnUse">'
                f'<rect width="8" height="8" fill="{ground}"/>{marks}</pattern>'
            )

    def _legend(self, y: float) -> tuple[list[str], float]:
        """Return the legend, in as many rows as it needs, and where it ends; one series alone says what it is above."""
        parts: list[str] = []
        x = 0.0
        entries: list[tuple[int | None, str]] = []
        if len(self.series) > 1:
            entries += [(index, one.name) for index, one in enumerate(self.series)]
        if any(value is None for one in self.series for value in one.values):
            entries.append((None, _NO_NUMBER.within(self.language)))
        for index, name in entries:
            wide = 24 + len(name) * _LETTER + 14
            if x and x + wide > WIDTH:
                x, y = 0.0, y + _ROW
            mark = _gap(x + 0.5, y + 1, 17, 14) if index is None else self.box(index, x + 0.5, y + 1, 17, 14)
            parts += [mark, _text(x + 24, y + 13, name)]
            x += wide
        return parts, y + (_ROW + 2 if entries else 0)

    def _said(self) -> str:
        """Return what the chart shows in a sentence: every number of a small one, else the first and the last."""
        if not self.labels or not self.series:
            return f"{self._kind}."
        numbers = [[self._value(value) for value in one.values] for one in self.series]
        if len(self.labels) * len(self.series) <= _MOST_NUMBERS:
            said = [
                f"{label}: " + ", ".join(f"{one.name} {row[n]}" for one, row in zip(self.series, numbers, strict=True))
                for n, label in enumerate(self.labels)
            ]
        else:
            said = [
                _FROM_TO.within(self.language).format(
                    name=one.name, first=self.labels[0], before=row[0], last=self.labels[-1], after=row[-1]
                )
                for one, row in zip(self.series, numbers, strict=True)
            ]
        return f"{self._kind}. {'; '.join(said)}."

    def _value(self, value: int | None) -> str:
        return _NO_NUMBER.within(self.language) if value is None else _number(value, self.language)


def _stack(
    chart: _Chart, values: list[int | None], left: float, bottom: float, wide: float, scale: float, numbered: bool
) -> Iterator[str]:
    """Yield a stack of boxes; on top of it the sum, or a gap where a number is missing so that there is no sum."""
    y = bottom
    for index, value in enumerate(values):
        if value:
            y -= value * scale
            yield chart.box(index, left, y, wide, value * scale)
    if any(value is None for value in values):
        yield _gap(left, y - 17, wide, 14)
    elif numbered:
        said = _number(sum(value or 0 for value in values), chart.language)
        yield _above(left + wide / 2, y, said)


def _column(
    chart: _Chart, index: int, value: int | None, left: float, bottom: float, wide: float, scale: float, numbered: bool
) -> Iterator[str]:
    if value is None:
        yield _gap(left, bottom - 17, wide, 14)
        return
    if value:
        yield chart.box(index, left, bottom - value * scale, wide, value * scale)
    else:  # Nothing to see would look as if nobody knew.
        yield f'<path d="M{left:.1f} {bottom - 1}h{wide:.1f}" stroke="currentColor" stroke-width="3"/>'
    if numbered:
        said = _number(value, chart.language)
        yield _above(left + wide / 2, bottom - value * scale, said)


def _above(x: float, y: float, said: str) -> str:
    """Return a number above a column, moved to the left where it would leave the picture."""
    return _text(min(x, WIDTH - len(said) * _LETTER * 0.6), y - 5, said, anchor="middle", weight="600")


def _gap(x: float, y: float, wide: float, high: float) -> str:
    """Return the mark of a number that there is not: a dashed frame, with a stroke across."""
    return (
        f'<path d="M{x:.1f} {y:.1f}h{wide:.1f}v{high:.1f}h-{wide:.1f}zM{x:.1f} {y + high:.1f}l{wide:.1f} -{high:.1f}"'
        ' fill="none" stroke="currentColor" stroke-width="1" stroke-dasharray="3 2"/>'
    )


def _labels(labels: Sequence[str], start: float, slot: float, y: float) -> Iterator[str]:
    """Yield the labels below columns: all of them, or from the last one on as many as have room."""
    free: float = WIDTH
    for place in range(len(labels) - 1, -1, -1):
        half = len(labels[place]) * _LETTER / 2
        x = min(start + (place + 0.5) * slot, WIDTH - half)
        if x + half <= free and x - half >= 0:
            yield _text(x, y, labels[place], anchor="middle")
            free = x - half - 10


def _text(x: float, y: float, said: str, *, anchor: str = "start", weight: str = "") -> str:
    more = (f' text-anchor="{anchor}"' if anchor != "start" else "") + (f' font-weight="{weight}"' if weight else "")
    return f'<text x="{x:.1f}" y="{y:.1f}"{more}>{escape(said)}</text>'


def _scale(highest: int, room: float) -> tuple[float, list[int]]:
    """Return how long one is, and the round numbers up to the first that is not below the highest."""
    step = next(
        size * 10**power for power in range(12) for size in (1, 2, 5) if size * 10**power * 5 >= max(highest, 1)
    )
    ticks = list(range(0, max(highest, 1) + step, step))
    ticks = [tick for tick in ticks if tick - step < max(highest, 1)]
    return room / ticks[-1], ticks


def _number(value: int, language: str) -> str:
    return f"{value:,}" if language == "en" else f"{value:,}".replace(",", ".")


def _shortened(label: str, most: int) -> str:
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"
