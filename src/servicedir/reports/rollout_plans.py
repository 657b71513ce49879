"""The sections of the page on the rollout of video that say what comes next, and what stands against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from servicedir.domain.day import Day
from servicedir.domain.history import Published
from servicedir.domain.service import ChannelKind, Constraint, Effect, Period, Stage
from servicedir.domain.step import Step, StepState
from servicedir.domain.text import Text, sort_key
from servicedir.domain.words import label
from servicedir.reports.answer import Cell, Heading, Row, Table, Type
from servicedir.reports.rollout import Listed, Named, Status
from servicedir.reports.rollout_sections import Listing, Section, number, path
from servicedir.reports.sentences import listed, plural, say, services, show

_DECIDED = (StepState.DECIDED_AGAINST, StepState.DROPPED)


def planned(status: Status, language: str) -> list[Section]:
    """Return the sections on what comes next, and on what the law or a decision rules out and why."""
    return [_next(status, language), _law(status, language)]


# What comes next


def _next(status: Status, language: str) -> Section:
    steps = _steps(status, lambda step: step.state.is_open)
    late = sum(step.is_overdue(status.on) for step in steps)
    overdue = say(language, f", {late} davon überfällig", f", {late} of them overdue") if late else ""
    total = status.coming.total
    return Section(
        key="next",
        title=say(language, "Was als Nächstes kommt", "What comes next"),
        paragraphs=(
            say(
                language,
                f"{services(total, 'de')} {'ist' if total == 1 else 'sind'} per Video geplant oder in Prüfung; "
                f"{plural(len(steps), 'Schritt ist', 'Schritte sind')} offen{overdue}.",
                f"{services(total, 'en')} {'is' if total == 1 else 'are'} planned or under review by video; "
                f"{plural(len(steps), 'step is', 'steps are')} open{overdue}.",
            ),
        ),
        tables=tuple(
            table
            for table in (
                _entries(
                    "planned",
                    say(language, "Geplant oder in Prüfung", "Planned or under review"),
                    status.coming,
                    status,
                    language,
                ),
                _open(steps, status, language),
            )
            if table.rows
        ),
        notes=_as_of_today(status, language) if steps else (),
        links=_whole(status.coming, (Stage.PLANNED, Stage.UNDER_REVIEW), status, language),
    )


def _steps(status: Status, wanted: Callable[[Step], bool]) -> list[Step]:
    found = [step for step in status.catalogue.steps.values() if wanted(step)]
    # What has no date comes last.
    return sorted(found, key=lambda step: (step.target.last if step.target else date.max, step.slug))


def _open(steps: Iterable[Step], status: Status, language: str) -> Table:
    return Table(
        key="steps",
        caption=say(language, "Offene Schritte", "Open steps"),
        headings=(
            Heading(key="step", title=say(language, "Schritt", "Step")),
            Heading(key="office", title=say(language, "Amt", "Office")),
            Heading(key="target", title=say(language, "bis", "target"), type=Type.DAY),
            Heading(key="state", title=say(language, "Stand", "State")),
            Heading(key="blocker", title=say(language, "was noch hindert", "held up by")),
            Heading(key="paper", title=say(language, "Vorlage", "Council paper")),
        ),
        rows=tuple(
            Row(
                key=step.slug,
                cells=(
                    Cell(text=step.name.within(language), code=step.slug),
                    _office((step.office,) if step.office else (), status, language),
                    _target(step, status.on, language),
                    Cell(text=label(step.state, language), code=step.state.value),
                    Cell(text=step.blocker.within(language)),
                    Cell(text=step.paper, path=step.paper_url),
                ),
            )
            for step in steps
        ),
    )


def _target(step: Step, on: date, language: str) -> Cell:
    """Return until when a step is to be done, whether that is over, and when it should have been done before."""
    if step.target is None:
        return Cell(text=say(language, "kein Termin", "no date"))
    said = show(step.target, language)
    if step.is_overdue(on):
        said += say(language, " – überfällig", " – overdue")
    if step.earlier_targets:
        earlier = listed([show(day, language) for day in step.earlier_targets], language)
        said += say(language, f" (früher: {earlier})", f" (earlier: {earlier})")
    return Cell(text=said, code=step.target.text)


# What stands against it


def _law(status: Status, language: str) -> Section:
    groups = _groups(status)
    decisions = _steps(status, lambda step: step.state in _DECIDED)
    ruled = sum(1 for constraint, _services in groups if constraint.effect is Effect.RULES_OUT)
    total = status.against.total
    return Section(
        key="law",
        title=say(language, "Was dagegen steht, und warum", "What stands against it, and why"),
        paragraphs=(
            say(
                language,
                f"Als nicht geplant oder nicht möglich {'ist' if total == 1 else 'sind'} {services(total, 'de')} "
                f"eingetragen. {plural(len(groups), 'Vorgabe gilt', 'Vorgaben gelten')} für Video, "
                f"{ruled} davon {'schließt' if ruled == 1 else 'schließen'} es aus.",
                f"{services(total, 'en')} {'is' if total == 1 else 'are'} entered as not planned or not possible. "
                f"{plural(len(groups), 'requirement applies', 'requirements apply')} to video, "
                f"{ruled} of them {'rules' if ruled == 1 else 'rule'} it out.",
            ),
        ),
        tables=tuple(
            table
            for table in (
                _constraints(groups, language),
                _entries(
                    "against",
                    say(language, "Nicht geplant oder nicht möglich", "Not planned or not possible"),
                    status.against,
                    status,
                    language,
                ),
                _against(decisions, status, language),
            )
            if table.rows
        ),
        notes=_as_of_today(status, language) if groups or decisions else (),
        links=_whole(status.against, (Stage.NOT_PLANNED, Stage.RULED_OUT), status, language),
        listings=tuple(
            Listing(f"law-{place}", _asked(constraint, language), services)
            for place, (constraint, services) in enumerate(groups, 1)
        ),
    )


def _groups(status: Status) -> list[tuple[Constraint, tuple[Named, ...]]]:
    """Return the constraints with their services: what rules out first, then what concerns most."""
    return sorted(
        status.limits.items(),
        key=lambda pair: (
            pair[0].effect is not Effect.RULES_OUT,
            -len(pair[1]),
            pair[0].legal_basis.citation if pair[0].legal_basis else "",
            pair[0].requirement,
        ),
    )


def _asked(constraint: Constraint, language: str) -> str:
    basis = f" ({constraint.legal_basis.citation})" if constraint.legal_basis else ""
    return f"{label(constraint.requirement, language)}{basis}: {label(constraint.effect, language)}"


def _constraints(groups: Iterable[tuple[Constraint, tuple[Named, ...]]], language: str) -> Table:
    return Table(
        key="law",
        caption=say(language, "Vorgaben zu Video", "Requirements on video"),
        headings=(
            Heading(key="requirement", title=say(language, "Vorgabe", "Requirement")),
            Heading(key="kind", title=say(language, "Art", "Kind")),
            Heading(key="basis", title=say(language, "Grundlage", "Legal basis")),
            Heading(key="effect", title=say(language, "Wirkung auf Video", "Effect on video")),
            Heading(key="services", title=say(language, "Dienstleistungen", "Services"), type=Type.NUMBER),
        ),
        rows=tuple(
            Row(
                key=f"law-{place}",
                cells=(
                    Cell(text=label(constraint.requirement, language), code=constraint.requirement.value),
                    Cell(text=label(constraint.kind, language), code=constraint.kind.value),
                    _basis(constraint, language),
                    Cell(text=label(constraint.effect, language), code=constraint.effect.value),
                    number(len(found), f"#law-{place}"),
                ),
            )
            for place, (constraint, found) in enumerate(groups, 1)
        ),
    )


def _basis(constraint: Constraint, language: str) -> Cell:
    if constraint.legal_basis is None:
        return Cell(text=say(language, "nicht angegeben", "not stated"))
    return Cell(text=constraint.legal_basis.citation, path=constraint.legal_basis.url)


def _against(steps: Iterable[Step], status: Status, language: str) -> Table:
    return Table(
        key="decisions",
        caption=say(language, "Schritte, gegen die entschieden wurde", "Steps that were decided against"),
        headings=(
            Heading(key="step", title=say(language, "Schritt", "Step")),
            Heading(key="office", title=say(language, "Amt", "Office")),
            Heading(key="state", title=say(language, "Stand", "State")),
            Heading(key="reason", title=say(language, "Warum", "Why")),
            Heading(key="paper", title=say(language, "Vorlage", "Council paper")),
        ),
        rows=tuple(
            Row(
                key=step.slug,
                cells=(
                    Cell(text=step.name.within(language), code=step.slug),
                    _office((step.office,) if step.office else (), status, language),
                    Cell(text=label(step.state, language), code=step.state.value),
                    _said(step.reason, language),
                    Cell(text=step.paper, path=step.paper_url),
                ),
            )
            for step in steps
        ),
    )


# Services with their stage


def _entries(key: str, caption: str, found: Listed, status: Status, language: str) -> Table:
    return Table(
        key=key,
        caption=caption,
        headings=(
            Heading(key="title", title=say(language, "Dienstleistung", "Service")),
            Heading(key="office", title=say(language, "Amt", "Office")),
            Heading(key="stage", title=say(language, "Stand", "Stage")),
            Heading(key="since", title=say(language, "Angabe von", "Stated"), type=Type.DAY),
            Heading(key="reason", title=say(language, "Begründung", "Reason")),
        ),
        rows=tuple(_entry(entry, status, language) for entry in found.entries),
    )


def _entry(entry: Published, status: Status, language: str) -> Row:
    service = entry.service
    period = service.channel(ChannelKind.VIDEO).period(status.on)
    return Row(
        key=service.slug,
        cells=(
            Cell(text=service.title.within(language), code=service.slug, path=_service(service.slug, status)),
            _office(service.offices, status, language),
            Cell(text=label(period.stage, language), code=period.stage.value),
            _since(period, language),
            _said(period.reason, language),
        ),
    )


def _service(slug: str, status: Status) -> str:
    """Return where the page of a service is, on the same day as this one."""
    return f"/services/{slug}" + (f"?on={status.on.isoformat()}" if status.on != status.today else "")


def _since(period: Period, language: str) -> Cell:
    said: Day | None = period.since or period.attested
    return Cell(text=show(said, language), code=said.text) if said else Cell(text="")


def _said(reason: Text, language: str) -> Cell:
    return Cell(text=reason.within(language) or say(language, "nicht angegeben", "not stated"))


def _office(slugs: Iterable[str], status: Status, language: str) -> Cell:
    found = list(slugs)
    offices = status.catalogue.offices
    names = [offices[slug].name.within(language) if slug in offices else slug for slug in found]
    link = f"/offices/{found[0]}" if found and found[0] in offices else ""
    return Cell(text="; ".join(sorted(names, key=sort_key)), code=" ".join(found), path=link)


def _whole(found: Listed, stages: tuple[Stage, ...], status: Status, language: str) -> tuple[tuple[str, str], ...]:
    if not found.total:
        return ()
    name = say(
        language,
        f"Alle {services(found.total, 'de')} als Liste" if found.total > 1 else "Diese Dienstleistung in der Suche",
        f"All {services(found.total, 'en')} as a list" if found.total > 1 else "This service in the search",
    )
    return ((name, path(status.on, video=stages)),)


def _as_of_today(status: Status, language: str) -> tuple[str, ...]:
    if status.on == status.today:
        return ()
    return (
        say(
            language,
            "Schritte und Vorgaben sind die von heute: Für sie kennt das Verzeichnis keine Tage.",
            "Steps and requirements are those of today: the directory knows no days for them.",
        ),
    )
