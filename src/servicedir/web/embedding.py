"""Which site shows us, as far as the browser tells: whether it is on the list, and that it is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from pyramid.request import Request
from webob.request import BaseRequest

from servicedir.directory import House
from servicedir.settings import Settings
from servicedir.web.counting import is_reader

FRAMES = frozenset({"iframe", "frame", "embed", "object"})
"""What browsers say (Sec-Fetch-Dest) of a page that is to stand within another one."""

_LONGEST = 2000


class FrameRefused(Exception):
    """A site that is not on the list of `servicedir.embed_origins` wants to show a page of ours in a frame."""


def origin_of(address: str) -> str:
    """Return scheme and host of a web address; an empty string where it has none."""
    if not address or len(address) > _LONGEST:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""


def is_ours(origin: str, environ: Mapping[str, Any], settings: Settings) -> bool:
    """Return whether an origin is the directory itself, under its configured address or the one that was asked."""
    return bool(origin) and origin in (settings.base_url.rstrip("/"), BaseRequest(dict(environ)).host_url)


def may_show(origin: str, environ: Mapping[str, Any], settings: Settings) -> bool:
    """Return whether a site may show the catalogue: those on the list, and the directory itself."""
    return origin in settings.embed_origins or is_ours(origin, environ, settings)


def is_framed_elsewhere(environ: Mapping[str, Any], settings: Settings) -> bool:
    """Return whether a browser asks for a page that a site which is not on the list shows in a frame.

    It would show nothing of the page at all (`frame-ancestors`), not even why. Where the browser does not say which
    site it is, nobody is refused here, and `frame-ancestors` decides alone.
    """
    if environ.get("HTTP_SEC_FETCH_DEST") not in FRAMES:
        return False
    origin = origin_of(environ.get("HTTP_REFERER", ""))
    return bool(origin) and not may_show(origin, environ, settings)


def count_frame(request: Request) -> None:
    """Have each reader counted to whom a site shows this page in a frame, beside what else is counted of the page."""
    request.counted = partial(_counted, request.registry.house, request.counted)


def _counted(house: House, before: Callable[[BaseRequest], object] | None, reader: BaseRequest) -> None:
    if before is not None:
        before(reader)
    if reader.environ.get("HTTP_SEC_FETCH_DEST", "iframe") in FRAMES and is_reader(reader):
        house.embeds.show(origin_of(reader.environ.get("HTTP_REFERER", "")))
