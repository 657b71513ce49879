"""What everybody could read of a service since when, and what changed from one public version to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from servicedir.domain.difference import difference
from servicedir.domain.document import from_document
from servicedir.domain.history import LIVE, PUBLIC, ChangeKind, Kind
from servicedir.domain.service import Service

if TYPE_CHECKING:
    from servicedir.directory.door import Directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What everybody could read from a moment on, until another one (UTC), None for what they read now.

    `number` counts the public versions from 1: those of revisions would tell of drafts. `changed` are the fields that
    say something else than in the version before; of the first one there are none.
    """

    number: int
    at: datetime
    until: datetime | None
    changed: tuple[str, ...] = ()


class Versions:
    """The public versions of services. Nobody learns from them who wrote what, or that there is a draft."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def of(self, slug: str) -> list[Version]:
        """Return all versions of a published service, the first one first. Raises NotFound, Gone, Moved."""
        self._directory.service(slug)
        spans = self._spans(slug)
        wanted = {(slug, number) for number, _at, _until in spans}
        documents = self._directory.revisions.documents(Kind.SERVICE, wanted)
        values = [from_document(Service, documents[slug, number]) for number, _at, _until in spans]
        changed = [(), *(_fields(old, new) for old, new in pairwise(values))]
        return [
            Version(number=place, at=at, until=until, changed=fields)
            for place, ((_number, at, until), fields) in enumerate(zip(spans, changed, strict=True), 1)
        ]

    def _spans(self, slug: str) -> list[tuple[int, datetime, datetime | None]]:
        """Return which revision was public from when to when."""
        spans: list[tuple[int, datetime, datetime | None]] = []
        live: int | None = None
        for change in self._directory.revisions.log(Kind.SERVICE, slug):
            # Another address is no other version; and of many changes in a row that confirm one, the first one counts.
            if change.change not in PUBLIC or change.change is ChangeKind.RENAMED:
                continue
            now = change.revision if change.change in LIVE else None
            if now == live:
                continue
            if live is not None:
                spans[-1] = (*spans[-1][:2], change.at)
            if now is not None:
                spans.append((now, change.at, None))
            live = now
        return spans


def _fields(old: Service, new: Service) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(change.path[0]) for change in difference(old, new)))
