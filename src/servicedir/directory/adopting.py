"""Taking over many entries at once, as files of a catalogue say them: checked together, then published one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from servicedir.directory.outcomes import Outcome
from servicedir.domain.acceptance import Acceptance
from servicedir.domain.catalogue import Compound, Office, Place
from servicedir.domain.document import to_document
from servicedir.domain.history import Entry, Kind, NotFound
from servicedir.domain.inquiry import Inquiry
from servicedir.domain.programme import Programme
from servicedir.domain.service import Fault, Service
from servicedir.domain.step import Step
from servicedir.domain.workflow import Person, State

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

Coming = tuple[Kind, Any]


def adopt(
    directory: Directory,
    values: list[Coming],
    by: Person,
    why: str,
    watch: Callable[[list[Coming]], Iterable[Coming]],
) -> list[Outcome]:
    """Save and publish entries, matched by slug; return what became of each."""
    loose = _loose_ends(directory, values)
    # Inquiries come last: their blocks name what has to be there by then.
    order = sorted(values, key=lambda coming: coming[0] is Kind.INQUIRY)
    return [_adopted(directory, kind, value, loose[kind, value.slug], by, why) for kind, value in watch(order)]


def _loose_ends(directory: Directory, values: Sequence[Coming]) -> dict[tuple[Kind, str], list[Fault]]:
    """Return, by kind and slug, the references that lead neither to what is there nor to what comes along."""
    wanted = [(kind, value.slug, *reference) for kind, value in values for reference in references(value)]
    known: dict[Kind, set[str]] = defaultdict(set)
    for kind, value in values:
        known[kind].add(value.slug)
    missing: dict[Kind, set[str]] = defaultdict(set)
    for _kind, _slug, _field, target, name in wanted:
        if name not in known[target]:
            missing[target].add(name)
    for target, names in missing.items():
        known[target] |= directory.revisions.present(target, names)
    found: dict[tuple[Kind, str], list[Fault]] = defaultdict(list)
    for kind, slug, field, target, name in wanted:
        if name not in known[target]:
            what = "unknown_related" if target is Kind.SERVICE else "unknown_reference"
            found[kind, slug].append(Fault(what, (field, name)))
    return found


def references(value: Any) -> Iterator[tuple[str, Kind, str]]:
    """Yield what an entry points at: the field, and kind and slug of the other."""
    match value:
        case Service():
            kinds = {
                "offices": Kind.OFFICE,
                "places": Kind.PLACE,
                "topics": Kind.TOPIC,
                "audiences": Kind.AUDIENCE,
                "related": Kind.SERVICE,
            }
            for field, kind in kinds.items():
                yield from ((field, kind, slug) for slug in getattr(value, field))
        case Office(parent=slug) if slug:
            yield "parent", Kind.OFFICE, slug
        case Place(office=slug) if slug:
            yield "office", Kind.OFFICE, slug
        case Step() | Programme() | Acceptance():
            yield from (("services", Kind.SERVICE, slug) for slug in value.services)
            yield from (("office", Kind.OFFICE, slug) for slug in (getattr(value, "office", ""),) if slug)
            yield from (("programmes", Kind.PROGRAMME, slug) for slug in getattr(value, "programmes", ()))


def _faults(value: Any, directory: Directory) -> list[Fault]:
    match value:
        case Inquiry():
            return directory.answering.faults(value)
        case Acceptance():
            return value.faults(directory.today)
        case Service() | Compound() | Step() | Programme():
            return value.faults()
    return []


def _adopted(directory: Directory, kind: Kind, value: Any, loose: Sequence[Fault], by: Person, why: str) -> Outcome:
    """Save and publish one entry, unless something speaks against it; return what became of it."""
    revisions = directory.revisions
    faults = [*_faults(value, directory), *loose]
    if faults:
        return Outcome(kind, value.slug, "refused", tuple(map(str, faults)))
    document = to_document(value)
    try:
        before: Entry | None = revisions.get(kind, value.slug)
    except NotFound:
        before = None
        if value.slug in revisions.former(kind):
            return Outcome(kind, value.slug, "refused", ("slug: moved",))
    if before and before.live == before.latest.number and before.latest.document == document:
        return Outcome(kind, value.slug, "unchanged")
    if before and before.state in (State.PRIVATE, State.PENDING) and before.latest.document != document:
        if before.live and revisions.live(kind, value.slug).document == document:
            return Outcome(kind, value.slug, "unchanged")
        # Somebody works on it, and would find it published or gone.
        return Outcome(kind, value.slug, "refused", ("slug: has_draft",))
    number = before.latest.number if before else None
    # An answer to the council is published by approving it, and never by a file.
    show = kind is not Kind.INQUIRY
    revisions.append(kind, value.slug, document, based_on=number, author=by.login, reason=why, publish=show)
    if not before:
        return Outcome(kind, value.slug, "new")
    names = sorted({*document, *before.latest.document})
    changed = tuple(n for n in names if document.get(n) != before.latest.document.get(n))
    return Outcome(kind, value.slug, "changed", changed)
