"""What is asked of a list: the parameters that HSDS knows, those that are possible here, and their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyramid.request import Request

from servicedir.directory.hsds import Wish
from servicedir.domain.query import BadValue

PAGED = ("search", "page", "per_page", "format", "lang")
NARROWED = ("taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after")

PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "services": (*PAGED, *NARROWED, "minimal", "full"),
    "service_at_locations": (*PAGED, *NARROWED, "full"),
    "organizations": (*PAGED, "full", "full_service"),
    "taxonomies": PAGED,
    "taxonomy_terms": (*PAGED, "taxonomy_id", "parent_id", "top_only"),
}
"""The parameters of each list."""

NOT_OFFERED = ("postcode", "proximity")
"""Parameters of the standard by which nothing can be found here: to leave them out would answer another question."""

MOST_WITH_SERVICES = 10
"""Organizations of a page, at most, where each comes with all that is known of its services."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a list: which objects, how much of each, and in which language."""

    wish: Wish
    minimal: bool = False
    full: bool = False
    full_service: bool = False

    @property
    def language(self) -> str:
        """Return the language of texts."""
        return self.wish.language


def asked(kind: str, request: Request) -> Asked:
    """Return what a request asks of a list of objects of a kind. Raises BadValue."""
    given = _given((*PARAMETERS[kind], *NOT_OFFERED), request)
    for name in NOT_OFFERED:
        if name in given:
            raise BadValue(name, given[name], "not_offered")
    if given.get("format", "json") != "json":
        raise BadValue("format", given["format"], "unknown", ("json",))
    flags = {name: _flag(name, given) for name in ("minimal", "full", "full_service", "top_only")}
    ours = {"search": "q", "page": "page", "per_page": "per_page", "lang": "lang"}
    paging = request.directory.query((name, given[theirs]) for theirs, name in ours.items() if theirs in given)
    is_short = flags["minimal"] and "per_page" not in given
    per_page = None if is_short and paging.page == 1 else paging.per_page
    if flags["full_service"] and paging.per_page > MOST_WITH_SERVICES:
        if "per_page" in given:
            raise BadValue("per_page", given["per_page"], "number", ("1", str(MOST_WITH_SERVICES)))
        per_page = MOST_WITH_SERVICES
    wish = Wish(
        search=paging.q,
        modified_after=_moment(given.get("modified_after", "")),
        page=paging.page,
        per_page=per_page,
        language=paging.lang,
        **{
            n: given[n].lower()
            for n in ("taxonomy_term_id", "taxonomy_id", "organization_id", "parent_id")
            if n in given
        },
    )
    return Asked(wish=wish, **{name: flags[name] for name in ("minimal", "full", "full_service")})


def language(request: Request) -> str:
    """Return the language in which a single object is asked for. Raises BadValue."""
    given = _given(("lang",), request)
    found: str = request.directory.query(given.items()).lang
    return found


def _given(names: tuple[str, ...], request: Request) -> dict[str, str]:
    """Return the parameters of these names that say something. Raises BadValue for one that is there twice."""
    given: dict[str, str] = {}
    for name, value in request.GET.items():
        value = value.replace("\x00", "").strip()
        if name in names and value:
            if name in given:
                raise BadValue(name, value, "repeated")
            given[name] = value
    return given


def _flag(name: str, given: Mapping[str, Any]) -> bool:
    value = given.get(name, "false")
    if value not in ("true", "false"):
        raise BadValue(name, value, "unknown", ("true", "false"))
    return bool(value == "true")


def _moment(text: str) -> datetime | None:
    """Return a moment in UTC; without a time zone it is one in UTC already. Raises BadValue."""
    if not text:
        return None
    try:
        # A plus sign that was not encoded arrives as a blank.
        at = datetime.fromisoformat(text.replace(" ", "+"))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # The first and the last hours of the calendar may have none in UTC.
        raise BadValue("modified_after", text, "moment") from None
