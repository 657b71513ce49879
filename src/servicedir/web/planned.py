"""What is planned for a service, or by an office, as everybody may read it: the steps of the rollout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pyramid.request import Request

from servicedir.domain.history import NotFound, Published
from servicedir.domain.programme import Programme
from servicedir.domain.step import Step, StepState


@dataclass(frozen=True, slots=True)
class Planned:
    """A step with the programmes that pay for it, and those of its services that are published."""

    step: Step
    programmes: tuple[Programme, ...]
    services: tuple[Published, ...]
    is_overdue: bool


def planned_for(service: str, request: Request) -> list[Planned]:
    """Return what is planned for a service (its slug), and what was decided against it."""
    steps = request.directory.catalogue.steps.values()
    return _shown((step for step in steps if service in step.services), request, skipped=service)


def planned_by(office: str, request: Request) -> list[Planned]:
    """Return what an office (its slug) plans and has decided."""
    return _shown((step for step in request.directory.catalogue.steps.values() if step.office == office), request)


def _shown(steps: Iterable[Step], request: Request, skipped: str = "") -> list[Planned]:
    """Return steps that are not done, what comes next first, what was decided against last."""
    catalogue, today = request.directory.catalogue, request.directory.today
    left = [step for step in steps if step.state is not StepState.DONE]
    left.sort(key=lambda step: (not step.state.is_open, step.target.last if step.target else date.max, step.slug))
    return [
        Planned(
            step=step,
            programmes=tuple(catalogue.programmes[slug] for slug in step.programmes if slug in catalogue.programmes),
            services=tuple(_published((slug for slug in step.services if slug != skipped), request)),
            is_overdue=step.is_overdue(today),
        )
        for step in left
    ]


def _published(slugs: Iterable[str], request: Request) -> Iterable[Published]:
    for slug in slugs:
        try:
            yield request.directory.service(slug)
        except NotFound:
            continue
