"""What a request says about the use of the search: which words were asked for, and whether a result was opened.

Nothing is written here and nothing about a person is read: the address of the page, the page it was reached from as
far as that is ours, and whether a robot says that it is one.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, urlsplit

from pyramid.request import Request

from servicedir.domain.query import LONGEST_QUERY, Page

_ROBOT = re.compile("bot|crawl|spider", re.IGNORECASE)
_LONGEST_REFERER = 2000


def count_search(page: Page, request: Request) -> None:
    """Count the first page of a search with words.

    Whoever asks for the same words again from their results (to filter or sort them, or in another language) is
    still the same one, and whoever tries words from the list of searches is none of the public. A filter may be why
    nothing was found: that says nothing about the words.
    """
    query = page.query
    if not query.q or query.page > 1 or not _is_reader(request):
        return
    before = _came_from(request)
    if before and (_searched(before, request) == query.q or before.path == request.route_path("searches")):
        return
    request.registry.house.searches.ask(query.q, found=bool(page.total or query.selected))


def count_click(request: Request) -> None:
    """Count that a result of a search was opened, if this page was reached from one of ours."""
    if "q=" not in request.headers.get("Referer", ""):
        return
    before = _came_from(request)
    if before and _is_reader(request) and (words := _searched(before, request)):
        request.registry.house.searches.click(words)


def _is_reader(request: Request) -> bool:
    """Return whether a person seems to read this: no robot, and no browser that only fetches ahead."""
    if request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return False
    return not _ROBOT.search(request.headers.get("User-Agent", ""))


def _came_from(request: Request) -> SplitResult | None:
    """Return the address of the page of ours from which this one was reached."""
    referer = request.headers.get("Referer", "")
    if not referer or len(referer) > _LONGEST_REFERER:
        return None
    try:
        parts = urlsplit(referer)
    except ValueError:
        return None
    return parts if f"{parts.scheme}://{parts.netloc}" in (request.host_url, request.site.base) else None


def _searched(parts: SplitResult, request: Request) -> str:
    """Return the words for which a page of ours was searched, as `domain.query.parse` reads them, or nothing."""
    if parts.path not in (request.route_path("home"), request.route_path("embed")):
        return ""
    try:
        words = parse_qs(parts.query, max_num_fields=100).get("q", [""])[0]
    except ValueError:
        return ""
    return words.replace("\0", "").strip()[:LONGEST_QUERY].strip()
