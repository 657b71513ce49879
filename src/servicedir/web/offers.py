"""What a search says beside its results: how its words were understood, and what else could be asked."""

from __future__ import annotations

from dataclasses import replace

from pyramid.request import Request

from servicedir.domain.query import Page
from servicedir.domain.service import Stage
from servicedir.web.shells import Pieces, shell

_AVAILABLE = tuple(stage for stage in Stage if stage.available)


def offers(page: Page, request: Request, route: str = "home") -> Pieces:
    """Return the words as they may have been meant, the filter that they ask for, and that nothing has them all."""
    query, site = page.query, request.site
    by_video = page.facets["video"]
    count = sum(by_video.counts[by_video.values.index(stage)] for stage in _AVAILABLE) if page.wish else 0
    shape = {
        "meant": page.suggestion is not None,
        "video": count > 0 and not query.video and not query.channel,
        "nearest": page.is_nearest,
    }
    if not any(shape.values()):
        return []
    values = {
        "meant": page.suggestion,
        "meant_path": site.address(replace(query, q=page.suggestion or "", page=1), route),
        "video_path": site.address(replace(query, video=_AVAILABLE, page=1), route),
        "count": site.number(count),
    }
    return [shell("servicedir.web:templates/offers.pt", request, shape).fill(values)]
