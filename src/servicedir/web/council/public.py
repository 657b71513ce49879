"""What everybody reads of the answers to the council: the list of them, and each as it was frozen."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPMovedPermanently
from pyramid.request import Request
from pyramid.view import view_config

from servicedir.domain.inquiry import Approved
from servicedir.web.council.files import READ
from servicedir.web.council.frozen import Kept, Shown, in_words
from servicedir.web.naming import size_of
from servicedir.web.translation import _

PAGE = "templates/inquiry.pt"

FORMATS = {
    "pdf": ("PDF", _("zum Lesen und Drucken")),
    "docx": ("Word (DOCX)", _("für den eigenen Briefkopf")),
    "html": ("HTML", _("zum Aufheben, ohne dieses Verzeichnis lesbar")),
    "csv": ("CSV", _("alle Tabellen, für Auswertungen")),
    "json": ("JSON", _("für Programme, mit Prüfsumme")),
}
"""What the files of an answer are called, and what each is good for."""


@view_config(route_name="inquiries-bare")
def with_slash(request: Request) -> HTTPMovedPermanently:
    """Send those who left the slash out to the list."""
    return HTTPMovedPermanently(request.site.path("inquiries"))


@view_config(route_name="inquiries", request_method=READ, renderer="templates/inquiries.pt", public=True)
def inquiries(request: Request) -> dict[str, Any]:
    """List the published answers, the latest one first."""
    answers = [Shown(request, answer) for answer in request.directory.inquiries.published()]
    return {"answers": answers, "formats": FORMATS}


@view_config(route_name="inquiry", context=Shown, request_method=READ, renderer=PAGE, public=True)
@view_config(route_name="inquiry", context=Kept, request_method=READ, renderer=PAGE)
@view_config(route_name="inquiry-edition", context=Shown, request_method=READ, renderer=PAGE, public=True)
@view_config(route_name="inquiry-edition", context=Kept, request_method=READ, renderer=PAGE)
def inquiry(context: Shown, request: Request) -> dict[str, Any]:
    """Show an answer as it was frozen, and where its files are; what stands around it tells of later ones."""
    sizes, editions = context.sizes(), request.directory.inquiries.editions(context.answer.slug, context.by)
    day = request.site.show_date(context.answer.on)
    return {
        "about": request.site.translate(_("Antwort der Verwaltung für den ${day}", mapping={"day": day})),
        "in_words": lambda size: size_of(size, request.site.language),
        "frozen": context,
        "body": in_words(context.file("body")),
        "files": [(ending, *FORMATS[ending], sizes[ending]) for ending in FORMATS if ending in sizes],
        "tables": [(number, sizes[f"table-{number}"]) for number in _numbers(sizes)],
        "others": [other for other in editions if other.edition != context.answer.edition],
        "latest": _latest(editions),
    }


def _latest(editions: list[Approved]) -> Approved | None:
    return next((answer for answer in reversed(editions) if answer.published), None)


def _numbers(sizes: dict[str, int]) -> list[int]:
    """Return the numbers of the tables of which there are files."""
    return sorted(int(format.removeprefix("table-")) for format in sizes if format.startswith("table-"))
