"""The sections of the page on the rollout that count: by stage, office, topic and nature, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from servicedir.domain.service import Nature, Stage
from servicedir.domain.text import sort_key
from servicedir.domain.words import NATURE_SENTENCES, label
from servicedir.reports.answer import Cell, Heading, Row, Table, Type
from servicedir.reports.charts import Series, bars
from servicedir.reports.rollout import Counts, Status
from servicedir.reports.rollout_sections import (
    AVAILABLE,
    GROUPS,
    UNKNOWN,
    Section,
    number,
    path,
    percent,
    services_of,
    share,
)
from servicedir.reports.sentences import say, services

MOST_BARS = 12
"""Bars of a chart that still has room on half a page."""


def counted(status: Status, language: str) -> list[Section]:
    """Return the sections that count: by stage, office, topic and nature, and what is not known."""
    return [
        _stages(status, language),
        _offices(status, language),
        _topics(status, language),
        _natures(status, language),
        _unknown(status, language),
    ]


# By stage


def _stages(status: Status, language: str) -> Section:
    spread = status.spread
    names = [label(stage, language) for stage in Stage]
    rows = [
        Row(
            key=stage.value,
            cells=(
                Cell(text=label(stage, language), code=stage.value),
                number(spread.video[stage], path(status.on, video=(stage,))),
                share(spread.video[stage], spread.total, language),
            ),
        )
        for stage in Stage
    ]
    whole = say(language, "alle", "all")
    rows.append(Row(key="total", cells=(Cell(text=whole), number(spread.total, path(status.on)), Cell(text="100 %"))))
    caption = say(language, "Dienstleistungen nach Stand", "Services by stage")
    return Section(
        key="stages",
        title=say(language, "Nach Stand", "By stage"),
        tables=(
            Table(
                key="stages",
                caption=caption,
                headings=(
                    Heading(key="stage", title=say(language, "Video", "Video")),
                    Heading(key="services", title=services_of(language), type=Type.NUMBER),
                    Heading(key="share", title=say(language, "Anteil", "Share"), type=Type.NUMBER),
                ),
                rows=tuple(rows),
            ),
        ),
        chart=bars(
            caption,
            names,
            [Series("services", services_of(language), [spread.video[stage] for stage in Stage], 0)],
            language=language,
        ),
    )


# By what a service belongs to


def _offices(status: Status, language: str) -> Section:
    catalogue, spread = status.catalogue, status.spread
    rows = [
        _row(
            slug,
            f"{'– ' * depth}{catalogue.offices[slug].name.within(language)}",
            spread.offices[slug],
            status,
            "office",
        )
        for slug, depth in _tree(status, "", 0)
        if sum(spread.offices[slug].values())
    ]
    empty = len(catalogue.offices) - len(rows)
    notes = [
        say(
            language,
            "Zu einem Amt zählen auch die Stellen, die zu ihm gehören (mit Strich eingerückt). Eine Dienstleistung "
            "mehrerer Ämter zählt bei jedem.",
            "An office counts with the units that belong to it (indented by a dash). A service of several offices "
            "counts with each.",
        )
    ]
    if empty:
        notes.append(
            say(
                language,
                f"Nicht aufgeführt: {'ein Amt, bei dem' if empty == 1 else f'{empty} Ämter und Stellen, bei denen'} "
                "keine Dienstleistung eingetragen ist.",
                f"Left out: {'one office' if empty == 1 else f'{empty} offices and units'} without any service.",
            )
        )
    caption = say(language, "Dienstleistungen nach Amt", "Services by office")
    tops = _tops(status)
    return Section(
        key="offices",
        title=say(language, "Nach Amt", "By office"),
        tables=(_table("offices", caption, say(language, "Amt", "Office"), rows, language),),
        chart=_bars(
            caption, [(catalogue.offices[slug].name.within(language), spread.offices[slug]) for slug in tops], language
        ),
        notes=(*notes, *_left_out_of_chart(len(tops), language)),
    )


def _topics(status: Status, language: str) -> Section:
    catalogue, spread = status.catalogue, status.spread
    named = [(slug, topic.name.within(language)) for slug, topic in catalogue.topics.items()]
    named = sorted(
        ((slug, name) for slug, name in named if sum(spread.topics[slug].values())),
        key=lambda pair: sort_key(pair[1]),
    )
    caption = say(language, "Dienstleistungen nach Thema", "Services by topic")
    return Section(
        key="topics",
        title=say(language, "Nach Thema", "By topic"),
        tables=(
            _table(
                "topics",
                caption,
                say(language, "Thema", "Topic"),
                [_row(slug, name, spread.topics[slug], status, "topic") for slug, name in named],
                language,
            ),
        ),
        chart=_bars(caption, [(name, spread.topics[slug]) for slug, name in named], language),
        notes=(
            say(
                language,
                "Eine Dienstleistung mit mehreren Themen zählt bei jedem.",
                "A service with several topics counts with each.",
            ),
            *_left_out_of_chart(len(named), language),
        ),
    )


def _natures(status: Status, language: str) -> Section:
    spread = status.spread
    names = {nature: NATURE_SENTENCES[nature].within(language) for nature in Nature}
    caption = say(language, "Dienstleistungen nach Art des Anliegens", "Services by nature")
    return Section(
        key="natures",
        title=say(language, "Nach Art des Anliegens", "By nature"),
        tables=(
            _table(
                "natures",
                caption,
                say(language, "Art des Anliegens", "Nature"),
                [_row(nature.value, names[nature], spread.natures[nature], status, "nature") for nature in Nature],
                language,
            ),
        ),
        chart=_bars(caption, [(names[nature], spread.natures[nature]) for nature in Nature], language, sort=False),
    )


def _tree(status: Status, parent: str, depth: int) -> Iterator[tuple[str, int]]:
    """Yield the offices with those below each, and how far below the top they are."""
    for office in sorted(status.catalogue.children(parent), key=lambda one: sort_key(one.name.within("de"))):
        yield office.slug, depth
        yield from _tree(status, office.slug, depth + 1)


def _tops(status: Status) -> list[str]:
    """Return the offices at the top that have services."""
    offices = status.spread.offices
    return [slug for slug, depth in _tree(status, "", 0) if not depth and any(offices[slug].values())]


def _row(slug: str, name: str, counts: Counts, status: Status, facet: str) -> Row:
    total = number(sum(counts.values()), path(status.on, **{facet: (slug,)}))
    cells = [
        number(group.count(counts), path(status.on, **{facet: (slug,), "video": group.stages})) for group in GROUPS
    ]
    return Row(key=slug, cells=(Cell(text=name, code=slug), total, *cells))


def _table(key: str, caption: str, what: str, rows: Iterable[Row], language: str) -> Table:
    return Table(
        key=key,
        caption=caption,
        headings=(
            Heading(key="name", title=what),
            Heading(key="services", title=say(language, "alle", "all"), type=Type.NUMBER),
            *(Heading(key=group.key, title=group.name.within(language), type=Type.NUMBER) for group in GROUPS),
        ),
        rows=tuple(rows),
    )


def _bars(caption: str, named: Iterable[tuple[str, Counts]], language: str, *, sort: bool = True) -> str:
    """Return the chart of those with the most services by video, then with the most services."""
    found = [(name, counts) for name, counts in named if sum(counts.values())]
    if sort:
        found = sorted(found, key=lambda pair: (-AVAILABLE.count(pair[1]), -sum(pair[1].values())))[:MOST_BARS]
    series = [
        Series(group.key, group.name.within(language), [group.count(counts) for _name, counts in found], group.look)
        for group in GROUPS
    ]
    return bars(caption, [name for name, _counts in found], series, language=language)


def _left_out_of_chart(count: int, language: str) -> list[str]:
    if count <= MOST_BARS:
        return []
    return [
        say(
            language,
            f"Das Bild zeigt die {MOST_BARS} mit den meisten Video-Angeboten, die Tabelle alle {count}.",
            f"The chart shows the {MOST_BARS} with the most services by video, the table all {count}.",
        )
    ]


# What is not known


def _unknown(status: Status, language: str) -> Section:
    spread = status.spread
    tops = _tops(status)
    tops.sort(key=lambda slug: -spread.offices[slug][Stage.UNKNOWN])
    caption = say(language, "Wie viel nicht bekannt ist, nach Amt", "How much is not known, by office")
    names = {slug: status.catalogue.offices[slug].name.within(language) for slug in tops}
    missing = spread.video[Stage.UNKNOWN]
    rows = [_unknown_row(slug, names[slug], spread.offices, status, language) for slug in tops]
    shown = [slug for slug in tops if spread.offices[slug][Stage.UNKNOWN]][:MOST_BARS]
    series = [Series("unknown", UNKNOWN.name.within(language), [spread.offices[s][Stage.UNKNOWN] for s in shown], 8)]
    part = f"{percent(missing, spread.total)} %"
    return Section(
        key="unknown",
        title=say(language, "Was nicht bekannt ist", "What is not known"),
        paragraphs=(
            say(
                language,
                f"Zu {services(missing, 'de')} ({part}) hat noch niemand gesagt, ob es sie per Video gibt. "
                "Das ist kein Nein.",
                f"Nobody has said yet whether {services(missing, 'en')} ({part}) can be had by video. "
                "That does not mean no.",
            ),
        ),
        tables=(
            Table(
                key="unknown",
                caption=caption,
                headings=(
                    Heading(key="name", title=say(language, "Amt", "Office")),
                    Heading(key="services", title=services_of(language), type=Type.NUMBER),
                    Heading(key="unknown", title=UNKNOWN.name.within(language), type=Type.NUMBER),
                    Heading(key="share", title=say(language, "Anteil", "Share"), type=Type.NUMBER),
                ),
                rows=tuple(rows),
            ),
        ),
        chart=bars(caption, [names[slug] for slug in shown], series, language=language) if shown else "",
    )


def _unknown_row(slug: str, name: str, offices: Mapping[str, Counts], status: Status, language: str) -> Row:
    total, unknown = sum(offices[slug].values()), offices[slug][Stage.UNKNOWN]
    return Row(
        key=slug,
        cells=(
            Cell(text=name, code=slug),
            number(total, path(status.on, office=(slug,))),
            number(unknown, path(status.on, office=(slug,), video=(Stage.UNKNOWN,))),
            share(unknown, total, language),
        ),
    )
