"""The desk of those who answer the council: all inquiries with where they stand and how long there is."""

from __future__ import annotations

from datetime import date
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from servicedir.directory.answering import Standing
from servicedir.domain.inquiry import InquiryState
from servicedir.domain.pattern import patterns
from servicedir.domain.workflow import Duty
from servicedir.web.contexts import City
from servicedir.web.page import Site
from servicedir.web.translation import _

LOOKS = {
    InquiryState.DRAFT: "private",
    InquiryState.IN_APPROVAL: "pending",
    InquiryState.APPROVED: "pending",
    InquiryState.PUBLISHED: "published",
}
"""As which state of an entry that of an inquiry looks."""


class InquiryPage(City):
    """An inquiry for those who answer; others get no permission, whether there is such an inquiry or not."""

    standing: Standing

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        if Duty.INQUIRIES in self.permitted:
            self.standing = request.directory.answering.get(request.matchdict["slug"], request.person)


@view_config(route_name="desk-inquiries", renderer="templates/desk-inquiries.pt", permission=Duty.INQUIRIES)
def inquiries(request: Request) -> dict[str, Any]:
    """Show all inquiries, and from what a new one can be made."""
    directory = request.directory
    standings = directory.answering.all(request.person)
    return {
        "rows": [
            {"standing": one, "inquiry": one.inquiry, "left": time_left(one, directory.today, request.site)}
            for one in standings
        ],
        "looks": LOOKS,
        "patterns": patterns(directory.today),
    }


def time_left(standing: Standing, today: date, site: Site) -> tuple[str, bool]:
    """Return in words how long there is to answer, and whether it is too late; nothing of what is answered."""
    deadline = standing.inquiry.deadline
    if deadline is None or standing.state is InquiryState.PUBLISHED:
        return "", False
    days = (deadline - today).days
    if days < 0:
        return site.counted("days_over", -days), True
    return (site.counted("days_left", days) if days else site.translate(_("heute"))), False
