"""What a request says about the use of the search: which words were asked for, and whether a result was opened.

Nothing is written here and nothing about a person is read: the address of the page, the page it was reached from as
far as that is ours, and whether a robot says that it is one.
"""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import SplitResult, parse_qs, urlsplit

from pyramid.request import Request
from webob.request import BaseRequest

from servicedir.directory import House
from servicedir.domain.query import LONGEST_QUERY, Page

SEARCH_PAGES = ("/", "/embed")
"""The paths of our pages that search."""

SEARCHES = "/admin/searches"
"""The path of the list of searches."""

_ROBOT = re.compile("bot|crawl|spider", re.IGNORECASE)
_LONGEST_REFERER = 2000


def count_search(page: Page, request: Request) -> None:
    """Have the first page of a search with words counted, for each reader that it is given to.

    Whoever asks for the same words again from their results (to filter or sort them, or in another language) is
    still the same one, and whoever tries words from the list of searches is none of the public. A filter may be why
    nothing was found: that says nothing about the words.
    """
    query = page.query
    if query.q and query.page == 1:
        found = bool(page.total or query.selected)
        request.counted = partial(_asked, request.registry.house, query.q, found)


def count_click(request: Request) -> None:
    """Have it counted that a result of a search was opened, for each reader who reached this page from one of ours."""
    request.counted = partial(_clicked, request.registry.house)


def _asked(house: House, words: str, found: bool, reader: BaseRequest) -> None:
    if not is_reader(reader):
        return
    before = _came_from(house, reader)
    if before and (_searched(before, reader) == words or before.path == reader.script_name + SEARCHES):
        return
    house.searches.ask(words, found=found)


def _clicked(house: House, reader: BaseRequest) -> None:
    if "q=" not in reader.environ.get("HTTP_REFERER", ""):
        return
    before = _came_from(house, reader)
    if before and is_reader(reader) and (words := _searched(before, reader)):
        house.searches.click(words)


def is_reader(reader: BaseRequest) -> bool:
    """Return whether a person seems to read this: no robot, and no browser that only fetches ahead."""
    if reader.method != "GET" or "prefetch" in reader.environ.get("HTTP_SEC_PURPOSE", ""):
        return False
    return not _ROBOT.search(reader.environ.get("HTTP_USER_AGENT", ""))


def _came_from(house: House, reader: BaseRequest) -> SplitResult | None:
    """Return the address of the page of ours from which this one was reached."""
    referer = reader.environ.get("HTTP_REFERER", "")
    if not referer or len(referer) > _LONGEST_REFERER:
        return None
    try:
        parts = urlsplit(referer)
    except ValueError:
        return None
    ours = (reader.host_url, house.settings.base_url.rstrip("/"))
    return parts if f"{parts.scheme}://{parts.netloc}" in ours else None


def _searched(parts: SplitResult, reader: BaseRequest) -> str:
    """Return the words for which a page of ours was searched, as `domain.query.parse` reads them, or nothing."""
    if parts.path not in [reader.script_name + path for path in SEARCH_PAGES]:
        return ""
    try:
        words = parse_qs(parts.query, max_num_fields=100).get("q", [""])[0]
    except ValueError:
        return ""
    return words.replace("\0", "").strip()[:LONGEST_QUERY].strip()
