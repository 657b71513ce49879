"""What people searched for and did not find, or did not want: where a synonym would help."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from servicedir.directory.words import LEAST_ASKED, SHOWN_DAYS
from servicedir.domain.workflow import Duty


@view_config(route_name="searches", renderer="templates/searches.pt", permission=Duty.WORDS)
def searches(request: Request) -> dict[str, Any]:
    """Show the searches of the last days that found nothing, and those that nobody followed."""
    words, person = request.directory.words, request.person
    return {
        "lists": {"empty": words.without_result(person), "unopened": words.without_click(person)},
        "days": SHOWN_DAYS,
        "least": LEAST_ASKED,
    }
