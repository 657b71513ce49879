"""Which sites show the catalogue, and how often it is followed from there."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from servicedir.directory.embeds import SHOWN_DAYS
from servicedir.domain.workflow import Duty


@view_config(route_name="embeds", renderer="templates/embeds.pt", permission=Duty.BOARD)
def embeds(request: Request) -> dict[str, Any]:
    """Show the sites that may embed the catalogue with the counts of the last days."""
    embeds, person = request.directory.embeds, request.person
    return {"sites": embeds.sites(person), "by_day": embeds.by_day(person), "days": SHOWN_DAYS}
