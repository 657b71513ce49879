"""How the offices do: what each has, what of it lacks something, and the list behind every number."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from servicedir.web.security import SIGNED_IN
from servicedir.web.translation import _

COLUMNS = {
    "entries": _("Einträge"),
    "available": _("Video jetzt möglich"),
    "coming": _("geplant oder wird geprüft"),
    "unknown": _("Video nicht bekannt"),
    "unassigned": _("niemand zuständig"),
    "overdue": _("Prüfung überfällig"),
    "contradictory": _("Widerspruch"),
    "broken": _("Link kaputt"),
    "hints": _("Hinweis offen"),
}
"""What the numbers of a row count."""


@view_config(route_name="desk-board", renderer="templates/board.pt", permission=SIGNED_IN)
def board(request: Request) -> dict[str, Any]:
    """Show a row for each office that the person has a role in, with all together on top."""
    rows = request.directory.board.rows(request.person)
    return {"rows": rows, "total": rows[0], "columns": COLUMNS, "share": share}


def share(part: int, whole: int) -> int:
    """Return a part of a whole in per cent; 0 of nothing. Only all is 100, and only nothing is 0."""
    if not whole or part in (0, whole):
        return 100 if whole and part else 0
    return min(99, max(1, round(100 * part / whole)))
