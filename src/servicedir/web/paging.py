"""Where one is in a list of pages, and the links to the others."""

from __future__ import annotations

from markupsafe import Markup, escape
from pyramid.request import Request

from servicedir.domain.query import Page
from servicedir.web.address import Address
from servicedir.web.translation import _

_LABEL, _PAGE = _("Seiten der Trefferliste"), _("Seite")
_BEFORE, _NEXT = _("Vorherige Seite"), _("Nächste Seite")


def page_numbers(now: int, last: int) -> list[int | None]:
    """Return the numbers of pages to link: the ends and what is near; None stands for a gap."""
    near = {1, last, *range(now - 2, now + 3)}
    numbers: list[int | None] = []
    for number in sorted(n for n in near if 1 <= n <= last):
        before = numbers[-1] if numbers else 0
        if before is not None and number > before + 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


def pages(page: Page, address: Address, request: Request) -> Markup:
    """Return the links to the pages of a result, nothing where there is one alone."""
    now, last, translate = page.query.page, page.pages, request.site.translate
    if last == 1:
        return Markup()

    links = address.for_html()
    first, others = str(links), links.page("")

    def link(number: int, said: str, attribute: str = "") -> str:
        path = f"{others}{number}" if number > 1 else first
        return f'<li><a href="{path}"{attribute}>{said}</a></li>'

    word = f'<span class="kern-sr-only">{escape(translate(_PAGE))}</span>'
    items = []
    if now > 1:
        items.append(link(now - 1, escape(translate(_BEFORE)), ' rel="prev"'))
    for number in page_numbers(now, last):
        if number is None:
            items.append('<li><span aria-hidden="true">…</span></li>')
        else:
            items.append(link(number, f"{word} {number}", ' aria-current="page"' if number == now else ""))
    if now < last:
        items.append(link(now + 1, escape(translate(_NEXT)), ' rel="next"'))
    label = escape(translate(_LABEL))
    return Markup(f'<nav class="pages" aria-label="{label}"><ul>{"".join(items)}</ul></nav>')  # noqa: S704 - escaped
