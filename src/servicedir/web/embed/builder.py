"""Where webmasters put together what they embed: they choose, see the real thing, and take what they have to paste."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from pyramid.request import Request
from pyramid.view import view_config

from servicedir.domain.query import FACETS, MOST_PER_PAGE, PER_PAGE, BadValue, Query
from servicedir.web.embed.element import Script, script
from servicedir.web.embed.look import Layout, Look, look_of
from servicedir.web.embed.texts import localizer_of
from servicedir.web.naming import FACET_TITLES, in_order
from servicedir.web.parameters import said_once
from servicedir.web.translation import _

LAYOUTS = {Layout.CARDS: _("Karten"), Layout.LIST: _("Liste"), Layout.TABLE: _("Tabelle")}
SIZES = (5, 10, PER_PAGE, 50, MOST_PER_PAGE)

_LINK = Markup('<a href="{}">{}</a>')
_FRAME = Markup('<iframe src="{}" title="{}" width="100%" height="640" frameborder="0" loading="lazy"></iframe>')
_SCRIPT = Markup('<script type="module" src="{}"></script>')
_EXACT = Markup('<script type="module" src="{}" integrity="{}" crossorigin="anonymous"></script>')
_ELEMENT = Markup("<service-directory{}>{}</service-directory>")
_ATTRIBUTE = Markup(' {}="{}"')


@dataclass(frozen=True, slots=True)
class Snippets:
    """What is pasted for each strength, as the text that it is."""

    link: str
    frame: str
    element: str
    exact: str
    fragment: str
    include: str


@view_config(
    route_name="embed-builder",
    request_method=("GET", "HEAD"),
    renderer="templates/builder.pt",
    framing=True,
    public=True,
)
def builder(request: Request) -> dict[str, Any]:
    """Show the choices, the previews and the snippets for the choice in the address."""
    site, directory = request.site, request.directory
    look, query = look_of(request.GET.items()), _query(request)
    pairs = site.pairs(query) + look.pairs
    facets = directory.search(Query()).facets
    return {
        "look": look,
        "query": query,
        "layouts": LAYOUTS,
        "sizes": sorted({*SIZES, query.per_page}),
        "titles": FACET_TITLES,
        "facets": {name: _named(name, facets[name].values, site) for name in FACETS},
        "chosen": set(query.selected),
        "frame": site.path("embed", [*(pair for pair in pairs if pair[0] != "lang"), ("lang", query.lang)]),
        "attributes": dict(_attributes(query, look, request)),
        "link": site.absolute("home", site.pairs(query)),
        "link_text": _title(query, request),
        "script": site.path("embed-script"),
        "snippets": _snippets(query, look, pairs, request),
        "origins": site.settings.embed_origins,
    }


def _named(facet: str, values: Sequence[str], site: Any) -> list[str]:
    return [values[at] for at in in_order(facet, values, site)]


def _query(request: Request) -> Query:
    """Return the search that is to be embedded; its language may be another than that of this page."""
    languages = request.site.languages
    wanted = said_once("embed_lang", request.GET.items()) or request.site.language
    if wanted not in languages:
        raise BadValue("embed_lang", wanted, "unknown", tuple(languages))
    given = [pair for pair in request.GET.items() if pair[0] not in ("lang", "page", "on")]
    query: Query = request.directory.query([*given, ("lang", wanted)])
    return query


def _snippets(query: Query, look: Look, pairs: list[tuple[str, str]], request: Request) -> Snippets:
    site, module = request.site, script(request)
    title = _title(query, request)
    link = _LINK.format(site.absolute("home", site.pairs(query)), title)
    frame = _FRAME.format(site.absolute("embed", pairs), title)
    attributes = Markup("").join(_ATTRIBUTE.format(*pair) for pair in _attributes(query, look, request))
    element = _ELEMENT.format(attributes, link)
    load, exact = _scripts(module, request)
    fragment = site.absolute("embed", [("fragment", "1"), *pairs])
    path = request.route_path("embed", _query=[("fragment", "1"), *pairs])
    return Snippets(
        link=str(link),
        frame=f"{frame}\n{load}",
        element=f"{load}\n{element}",
        exact=str(exact),
        fragment=fragment,
        # Servers take it as it stands, with "&" as such; what is in an address needs no other escaping.
        include=f'<!--#include virtual="/serviceverzeichnis{path}" -->',
    )


def _title(query: Query, request: Request) -> str:
    """Return what the search is called where it is embedded, in the language that it has there."""
    return str(localizer_of(request.registry, query.lang).translate(_("Dienstleistungen suchen")))


def _scripts(module: Script, request: Request) -> tuple[Markup, Markup]:
    site = request.site
    exact = site.absolute("embed-script", [("v", module.version)])
    return _SCRIPT.format(site.absolute("embed-script")), _EXACT.format(exact, module.integrity)


def _attributes(query: Query, look: Look, request: Request) -> list[tuple[str, str]]:
    """Return the attributes of the element that say a search and how it looks."""
    values: dict[str, list[str]] = {}
    pairs = [pair for pair in request.site.pairs(query) if pair[0] != "lang"]
    for name, value in [*pairs, *look.pairs, ("lang", query.lang)]:
        values.setdefault(name.replace("_", "-"), []).append(value)
    return [(name, " ".join(several)) for name, several in values.items()]
