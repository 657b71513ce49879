"""What every template needs: addresses that keep the language, words for the catalogue's terms, days, Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from markupsafe import Markup
from pyramid.config import Configurator
from pyramid.csrf import get_csrf_token
from pyramid.events import BeforeRender
from pyramid.i18n import TranslationString
from pyramid.renderers import get_renderer
from pyramid.request import Request

from servicedir.directory import CITY_TIME
from servicedir.domain import words
from servicedir.domain.catalogue import Place
from servicedir.domain.day import Day, Precision
from servicedir.domain.query import Page, Query, Sort
from servicedir.domain.service import ChannelKind, Effect, Nature, Period, Service, Stage, VideoNeeds
from servicedir.domain.text import Text, sort_key
from servicedir.domain.token import ACTOR
from servicedir.domain.workflow import SYSTEM
from servicedir.web import static
from servicedir.web.address import Address
from servicedir.web.icons import SPRITE, icon
from servicedir.web.listed import Listed
from servicedir.web.markdown import render_markdown, safe_url
from servicedir.web.naming import COUNTED, DESK_MENU, FIELDS, PARTS_OF_SITE, STAGE_LOOKS
from servicedir.web.paging import page_numbers
from servicedir.web.translation import DOMAIN, _


class Site(Listed):
    """The helper that templates know as `site`, for one request."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.settings = request.registry.house.settings
        self.language = request.locale_name
        self.languages = self.settings.languages
        self.title = self.settings.title
        self.static = static.prefix()
        self.icon = icon
        self.sprite = SPRITE
        self.url_or_nothing = safe_url
        self.carried: dict[str, list[tuple[str, str]]] = {}
        """Route -> what addresses of searches there carry on beside the query, such as how results are laid out."""

    # Addresses

    @property
    def base(self) -> str:
        """Return scheme and host of absolute addresses: the configured ones, else those of the request."""
        return self.settings.base_url.rstrip("/") or self._request.host_url

    def path(self, route: str, query: Iterable[tuple[str, str]] = (), **parts: str) -> str:
        """Return the path of a route in the language of the page."""
        pairs = list(query)
        if self.language != self.languages[0] and not any(name == "lang" for name, _value in pairs):
            pairs.append(("lang", self.language))
        path = self._request.route_path(route, **parts) if parts else self._plain_path(route)
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def path_of(self, route: str) -> str:
        """Return the path of a route that takes nothing, without a language."""
        return self._plain_path(route)

    def _plain_path(self, route: str) -> str:
        """Return the path of a route that takes nothing."""
        kept = self._request.registry.paths
        path: str | None = kept.get(route)
        if path is None:
            path = kept[route] = self._request.route_url(route, _app_url="")
        return f"{self._request.script_name}{path}"

    def absolute(self, route: str, query: Iterable[tuple[str, str]] = (), **parts: str) -> str:
        """Return the whole address of a route, without a language of its own."""
        return self.base + self._request.route_path(route, _query=list(query) or None, **parts)

    def oembed(self, url: str) -> str:
        """Return where programs learn how to embed the page at an address of ours."""
        return f"{self.base}{self._plain_path('oembed')}?{urlencode({'url': url})}"

    def pairs(self, query: Query) -> list[tuple[str, str]]:
        """Return the parameters that say a query here, where the first language goes without saying."""
        return query.pairs(self.languages[0])

    def address(self, query: Query, route: str = "home") -> Address:
        """Return the address of the first page of a search."""
        pairs = [pair for pair in self.pairs(query) if pair[0] != "page"]
        return Address(self._plain_path(route), pairs + self.carried.get(route, []))

    def find(self, query: Query | None = None, route: str = "home", **changes: Any) -> str:
        """Return the path of a search with changes, on its first page unless `page` is among them."""
        changes = {"page": 1, **changes}
        changed = replace(query or Query(lang=self.language), **changes)
        return self.path(route, self.pairs(changed))

    def without_filters(self, query: Query, route: str = "home") -> str:
        """Return the path of a search with its words alone."""
        pairs = Query(q=query.q, sort=query.sort, lang=query.lang).pairs()
        return self.path(route, pairs + self.carried.get(route, []))

    # Words

    def translate(self, message: Any) -> str:
        """Return a message in the page's language."""
        if not isinstance(message, TranslationString) or message.mapping:
            return str(self._request.localizer.translate(message))
        kept = self._request.registry.translated
        found: str | None = kept.get((self.language, message))
        if found is None:
            found = kept[self.language, message] = str(self._request.localizer.translate(message))
        return found

    def counted(self, what: str, count: int) -> str:
        """Return how many there are of something in COUNTED, in words."""
        one, many = COUNTED[what]
        mapping = {"n": self.number(count)}
        return str(self._request.localizer.pluralize(one, many, count, domain=DOMAIN, mapping=mapping))

    def number(self, value: int) -> str:
        """Return a number with the language's separator."""
        return str(value) if value < 1000 else f"{value:,}".replace(",", "." if self.language == "de" else ",")

    def label(self, term: StrEnum) -> str:
        """Return what a term of the catalogue is called."""
        return words.label(term, self.language)

    def nature(self, nature: Nature) -> str:
        """Return what a nature means, as a short sentence."""
        return words.NATURE_SENTENCES[nature].within(self.language)

    def spoken(self, code: str) -> str:
        """Return the name of a language."""
        return words.language_name(code, self.language)

    def plain(self, text: Text) -> str:
        """Return a text in the page's language, or its fallback."""
        return text.within(self.language)

    def say(self, text: Text) -> Markup:
        """Return a text, marked with its language where that is not the page's."""
        shown = text.show(self.language)
        if not shown.is_fallback:
            return Markup.escape(shown.words)
        return Markup('<span lang="{}">{}</span>').format(shown.language, shown.words)

    def markdown(self, text: Text) -> Markup:
        """Return a Markdown text as HTML, marked with its language where that is not the page's."""
        shown = text.show(self.language)
        if not shown.is_fallback:
            return render_markdown(shown.words)
        return Markup('<div lang="{}">{}</div>').format(shown.language, render_markdown(shown.words))

    def falls_back(self, *texts: Text) -> bool:
        """Return whether any of the texts is not there in the page's language."""
        return any(text.show(self.language).is_fallback for text in texts)

    def sort_key(self, text: Text) -> str:
        """Return what a list in the page's language is sorted by (DIN 5007-1)."""
        return sort_key(text.within(self.language))

    # Days

    def show_date(self, day: date | datetime) -> str:
        """Return a day in words; a moment is the day in the city."""
        if isinstance(day, datetime):
            day = day.astimezone(CITY_TIME).date()
        return format_date(day, "d. MMMM y" if self.language == "de" else "d MMMM y", locale=self.language)

    def short_date(self, day: date | datetime) -> str:
        """Return a day for the narrow cell of a table; a moment is the day in the city."""
        if isinstance(day, datetime):
            day = day.astimezone(CITY_TIME).date()
        return format_date(day, "dd.MM.y" if self.language == "de" else "d MMM y", locale=self.language)

    def moment(self, at: datetime) -> str:
        """Return a moment in the city's time, to the minute."""
        clock = at.astimezone(CITY_TIME).strftime("%H:%M")
        return f"{self.show_date(at)}, {clock} Uhr" if self.language == "de" else f"{self.show_date(at)}, {clock}"

    def day(self, day: Day) -> str:
        """Return a day, month or year in words, as exact as it is known."""
        match day.precision:
            case Precision.YEAR:
                return day.text
            case Precision.MONTH:
                return format_date(day.first, "LLLL y", locale=self.language)
            case _:
                return self.show_date(day.first)

    def span(self, period: Period) -> str:
        """Return when a stage holds, in words: "seit Mai 2024", "bis Juli 2024", "nach Angabe von 2024"."""
        mapping = {name: self.day(day) for name in ("since", "until", "attested") if (day := getattr(period, name))}
        match (period.since, period.until, period.attested):
            case (None, None, None):
                return ""
            case (None, None, _):
                message = _("nach Angabe von ${attested}", mapping=mapping)
            case (None, _, None):
                message = _("bis ${until}", mapping=mapping)
            case (None, _, _):
                message = _("nach Angabe von ${attested}, bis ${until}", mapping=mapping)
            case (_, None, _) if period.stage is Stage.PLANNED:
                message = _("Stand von ${since}", mapping=mapping)
            case (_, None, _):
                message = _("seit ${since}", mapping=mapping)
            case _:
                message = _("${since} bis ${until}", mapping=mapping)
        return self.translate(message)

    def closed(self, place: Place) -> str:
        """Return since when a place is closed, in words."""
        message = _("geschlossen seit ${day}", mapping={"day": self.day(place.closed) if place.closed else ""})
        return self.translate(message)

    # Services

    VIDEO = ChannelKind.VIDEO
    UNKNOWN = Stage.UNKNOWN
    stages = Stage
    sorts = Sort
    undated = _("ohne Angabe, seit wann")

    def service_path(self, service: Service, on: date) -> str:
        """Return the path of a service's page, on the same day as the page that links to it."""
        query = [("on", on.isoformat())] if on != self._request.directory.today else []
        return self.path("service", query, slug=service.slug)

    speaking = frozenset({Stage.LIVE, Stage.PILOT, Stage.PLANNED, Stage.UNDER_REVIEW})
    """Stages in which the note of a channel still speaks of what is or will be."""

    def silent(self, rows: Iterable[Mapping[str, Any]]) -> str:
        """Return the names of the channels of which nobody has said anything, beside those that have a row."""
        shown = {row["channel"].kind for row in rows}
        return ", ".join(self.label(kind) for kind in ChannelKind if kind not in shown)

    def requirements(self, service: Service) -> str:
        """Return what law or technology asks for, in a few words for a card; what is allowed anyway is left out."""
        asked = [c.requirement for c in service.constraints if c.effect is not Effect.ALLOWS]
        return ", ".join(dict.fromkeys(self.label(requirement) for requirement in asked))

    def needs(self, needs: VideoNeeds) -> list[str]:
        """Return what a video appointment needs or offers, a sentence each."""
        said = [
            (needs.browser_only is True, _("Ein Browser genügt, es muss nichts installiert werden.")),
            (needs.browser_only is False, _("Dafür wird eine App gebraucht.")),
            (needs.interpreter is True, _("Dolmetschen per Video ist möglich.")),
            (needs.interpreter is False, _("Ohne Dolmetschen.")),
            (needs.captions is True, _("Mit Untertiteln.")),
            (needs.captions is False, _("Ohne Untertitel.")),
        ]
        tool = [self.translate(_("Programm: ${tool}", mapping={"tool": needs.tool}))] if needs.tool else []
        return tool + [self.translate(message) for holds, message in said if holds]

    def booking_label(self, kind: ChannelKind) -> str:
        """Return what the button to book a channel says."""
        named = {ChannelKind.VIDEO: _("Videotermin buchen"), ChannelKind.ONLINE: _("Online-Dienst öffnen")}
        return self.translate(named.get(kind, _("Termin buchen")))

    def dropped(self, what: str, way: Query, query: Query) -> str:
        """Return which word or filter a relaxed search leaves out, in words."""
        if way.q != query.q:
            return self.translate(_("ohne „${what}“", mapping={"what": what.strip('"')}))
        facet = next(facet for facet, value in query.selected if value == what and (facet, value) not in way.selected)
        return self.translate(_("ohne den Filter „${what}“", mapping={"what": self.value_label(facet, what)}))

    # Finding one's way

    @property
    def menu(self) -> list[tuple[str, str]]:
        """Return the main menu: routes and names."""
        return [
            ("home", self.translate(_("Dienstleistungen"))),
            ("offices", self.translate(_("Ämter"))),
            ("topics", self.translate(_("Themen"))),
            ("a-z", self.translate(_("A bis Z"))),
            ("rollout", self.translate(_("Stand der Video-Angebote"))),
            ("inquiries", self.translate(_("Antworten an den Rat"))),
            ("help", self.translate(_("Hilfe"))),
        ]

    @property
    def desk_menu(self) -> list[tuple[str, str]]:
        """Return the menu of this person: routes and names."""
        duties = self._request.directory.duties(self._request.person)
        return [(route, self.translate(name)) for route, name, duty in DESK_MENU if duty is None or duty in duties]

    def menu_name(self, route: str) -> str:
        """Return what the main menu calls a route."""
        return dict(self.menu)[route]

    def current(self, route: str) -> str | None:
        """Return how the menu marks a route: the page itself, or the part of the site it belongs to."""
        matched = self._request.matched_route
        name = matched.name if matched else ""
        if name == route:
            return "page"
        return "true" if PARTS_OF_SITE.get(name) == route else None

    def here(self, route: str) -> str | None:
        """Return how a menu marks the page one is on."""
        matched = self._request.matched_route
        return "page" if matched and matched.name == route else None

    def forgery_token(self) -> str:
        """Return the token that a form carries."""
        return str(get_csrf_token(self._request))

    def field_name(self, name: str) -> str:
        """Return what a field of a service is called in the form."""
        return self.translate(FIELDS.get(name, name))

    def own_name(self, code: str) -> str:
        """Return what a language calls itself."""
        return words.language_name(code, code)

    def page_numbers(self, page: Page) -> list[int | None]:
        """Return the numbers of pages to link; None stands for a gap."""
        return page_numbers(page.query.page, page.pages)

    # People

    def person_name(self, login: str) -> str:
        """Return what somebody is called who has or had an account: the login where nothing else is known."""
        if login.startswith(ACTOR):
            return self.translate(_("das Programm „${name}“", mapping={"name": login.removeprefix(ACTOR)}))
        return self._names.get(login, login)

    def by(self, login: str) -> str:
        """Return by whom something was done, in words: "von Anna", "vom Programm „CMS“"."""
        if login.startswith(ACTOR):
            return self.translate(_("vom Programm „${name}“", mapping={"name": login.removeprefix(ACTOR)}))
        return self.translate(_("von ${name}", mapping={"name": self.person_name(login)}))

    @cached_property
    def _names(self) -> dict[str, str]:
        return {SYSTEM.login: SYSTEM.name, **self._request.directory.board.names()}

    # Looks

    def stage_variant(self, stage: Stage) -> str:
        """Return the variant of a stage's badge."""
        return STAGE_LOOKS[stage][0]

    def stage_icon(self, stage: Stage) -> Markup:
        """Return the icon of a stage."""
        return icon(STAGE_LOOKS[stage][1])

    @cached_property
    def catalogue(self) -> Any:
        """Return offices, places, topics and audiences."""
        return self._request.directory.catalogue

    def office_name(self, slug: str) -> Markup:
        """Return an office's name; its slug where the office is gone."""
        office = self.catalogue.offices.get(slug)
        return self.say(office.name) if office else Markup.escape(slug)

    def value_label(self, facet: str, value: str) -> str:
        """Return what a value of a facet is called."""
        match facet:
            case "video":
                return self.label(Stage(value))
            case "channel":
                return self.label(ChannelKind(value))
            case "nature":
                return self.label(Nature(value))
            case "language":
                return self.spoken(value)
        nouns = {"office": "offices", "topic": "topics", "audience": "audiences"}[facet]
        noun = getattr(self.catalogue, nouns).get(value)
        return self.plain(noun.name) if noun else value


def _add_globals(event: BeforeRender) -> None:
    request = event.get("request")
    if request is not None:
        event["site"] = request.site
        event["layout"] = get_renderer("servicedir.web:templates/layout.pt").implementation()
        event["parts"] = get_renderer("servicedir.web:templates/parts.pt").implementation()


def includeme(config: Configurator) -> None:
    """Give every template `site`, the `layout` and the shared `parts`."""
    config.registry.paths = {}
    config.registry.translated = {}
    config.add_request_method(Site, "site", reify=True)
    config.add_subscriber(_add_globals, BeforeRender)
