"""What the page of an entry's state tells beside its forms: what is public, planned, confirmed, and was done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pyramid.request import Request

from servicedir.directory import CITY_TIME
from servicedir.domain.history import Change, ChangeKind, Moved, NotFound, Scheduled, Verification
from servicedir.domain.workflow import TRANSITIONS, Permission
from servicedir.web.contexts import Draft
from servicedir.web.translation import _

LAST_STEPS = 10
"""Steps of an entry that the page of its state shows; the page of its revisions has all of these."""

DONE = {
    "planned": _("Geplant. Bis dahin bleibt alles, wie es ist."),
    "cancelled": _("Das Geplante geschieht nicht mehr."),
    "verified": _("Danke. Der Tag der Prüfung steht jetzt auf der öffentlichen Seite."),
    "assigned": _("Gespeichert."),
    "renamed": _("Der Eintrag hat eine neue Adresse. Die alte führt hierher."),
}
"""What the page says after something other than a step of the workflow."""

PLANNED = {"publish": _("Veröffentlichen der Fassung ${number}"), "retire": _("Zurückziehen")}
"""What a planned step is called."""


def page_values(context: Draft, request: Request) -> dict[str, Any]:
    """Return what templates/workflow.pt tells of an entry."""
    entry, directory, person, site = context.entry, request.directory, request.person, request.site
    done = request.GET.get("done", "") if request.method == "GET" else ""
    by_role = directory.permissions(person, entry.state, context.service.office)
    return {
        "entry": entry,
        "service": context.service,
        "done": done in DONE or done in TRANSITIONS,
        "message": site.translate(DONE[done]) if done in DONE else "",
        "planned": [planned_in_words(step, request) for step in directory.planning.of(entry.slug, person)],
        "may_cancel": Permission.ASSIGN in context.permitted,
        "confirmed": _confirmed(context, request) if entry.live is not None else [],
        "may_verify": Permission.VERIFY in context.permitted,
        "may_share": Permission.SHARE in context.permitted,
        "four_eyes": Permission.PUBLISH in by_role - context.permitted,
        "approvers": list(directory.planning.approvers(entry.slug, person).values()),
        "log": _steps_in(directory.log(entry.slug, person))[: -LAST_STEPS - 1 : -1],
        "may_edit": Permission.EDIT in context.permitted,
        "title_of": lambda slug: _title_of(slug, request),
    }


def _steps_in(log: list[Change]) -> list[Change]:
    """Return the rows of the change log that are a step of somebody's: renaming what is live is recorded as two."""
    pairs = zip([None, *log], log, strict=False)
    return [row for before, row in pairs if not (before and _says_again(row, before))]


def _says_again(row: Change, before: Change) -> bool:
    return (before.change, row.change) == (ChangeKind.RENAMED, ChangeKind.CHANGED) and row.at == before.at


def _title_of(slug: str, request: Request) -> Any:
    """Return the title of a published entry, marked with its language; the slug of what is not published any more."""
    try:
        return request.site.say(request.directory.live(slug).service.title)
    except Moved as moved:
        return _title_of(moved.slug, request)
    except NotFound:
        return slug


def planned_in_words(step: Scheduled, request: Request) -> dict[str, Any]:
    """Return a planned step in words, with the zone in which its time is meant."""
    local = step.at.astimezone(CITY_TIME)
    words = _(str(PLANNED[step.step]), mapping={"number": step.revision})
    return {
        "step": step,
        "words": request.site.translate(words),
        "zone": zone_of(step.at, request.site.language),
        "twice": local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset(),
    }


def zone_of(at: datetime, language: str) -> str:
    """Return what the city's time is called at a moment: in summer it is another one than in winter."""
    summer = bool(at.astimezone(CITY_TIME).dst())
    if language == "de":
        return "MESZ" if summer else "MEZ"
    return "CEST" if summer else "CET"


def _confirmed(context: Draft, request: Request) -> list[dict[str, Any]]:
    """Return a row for what is live as a whole and for each channel: the last day, and who said so, newest first."""
    live = request.directory.live(context.entry.slug).service
    said: dict[str, list[Verification]] = {}
    for one in request.directory.reviews.verifications(context.entry.slug, request.person):
        said.setdefault(one.channel, []).insert(0, one)
    whole = {"channel": "", "label": request.site.translate(_("der ganze Eintrag")), "day": live.verified}
    rows = [
        whole,
        *({"channel": c.kind.value, "label": request.site.label(c.kind), "day": c.verified} for c in live.channels),
    ]
    return [{**row, "said": said.get(row["channel"], [])} for row in rows]
