"""Answers that are none: each says what happened, what to do next and whom to ask, as a page or as problem+json."""

from __future__ import annotations

import re
import secrets
from datetime import date
from traceback import extract_tb
from typing import Any

import structlog
from pyramid.config import Configurator
from pyramid.exceptions import BadCSRFOrigin, BadCSRFToken, PredicateMismatch, URLDecodeError
from pyramid.httpexceptions import HTTPClientError, HTTPMovedPermanently, HTTPPermanentRedirect, HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config, forbidden_view_config, notfound_view_config

from servicedir.directory import Forbidden
from servicedir.domain.history import Gone, Moved, NotFound
from servicedir.domain.query import BadValue
from servicedir.domain.text import Text
from servicedir.domain.workflow import DUTIES, Duty, Permission, Role
from servicedir.web.problem import as_problem, is_for_programs
from servicedir.web.security import SAFE_METHODS
from servicedir.web.translation import _

log = structlog.get_logger(__name__)

PARAMETERS = {
    "q": _("Suchbegriff"),
    "video": _("Stand des Video-Angebots"),
    "channel": _("Zugangsweg"),
    "nature": _("Art des Anliegens"),
    "office": _("Amt"),
    "topic": _("Thema"),
    "audience": _("Für wen"),
    "language": _("Sprache"),
    "on": _("Tag"),
    "sort": _("Sortierung"),
    "page": _("Seite"),
    "per_page": _("Treffer je Seite"),
    "lang": _("Sprache der Seiten"),
    "recorded": _("Kenntnisstand"),
    "since": _("Stelle in der Liste der Änderungen"),
    "limit": _("Höchstens so viele"),
    "fields": _("Felder"),
    "state": _("Zustand"),
    "draft": _("Entwurf neben der öffentlichen Fassung"),
    "care": _("Braucht Pflege"),
    "responsible": _("Zuständig"),
    "service": _("Dienstleistung"),
    "year": _("Jahr"),
    "measure": _("Was gezählt wird"),
    "period": _("Zeitraum"),
    "layout": _("Darstellung"),
    "search": _("Suchfeld"),
    "embed_lang": _("Sprache der Einbettung"),
    "letter": _("Buchstabe"),
    "url": _("Adresse"),
    "format": _("Format"),
    "maxwidth": _("Größte Breite"),
    "maxheight": _("Größte Höhe"),
    "v": _("Fassung"),
    "from": _("Ältere Ausgabe"),
    "to": _("Neuere Ausgabe"),
}

RETRY = 60
"""Seconds after which somebody may come back for what cannot be read without the database."""

SEARCHES = ("home", "api-services", "embed", "embed-fragment", "embed-builder", "feed", "subscribe")
"""Routes whose parameters are those of a search."""
NO_SEARCH = ("lang", "fields")
"""Parameters that say how to answer a search and not what to look for."""

KEEPING = ("add", "edit")
"""Routes of the forms whose input the browser keeps until it is saved (static/drafts.js)."""

_KEPT = _(
    "Es wurde nichts gespeichert, aber Ihre Eingaben sind noch in diesem Browser: Wenn Sie sich wieder anmelden, "
    "bietet das Formular sie Ihnen an. Geschieht das nicht, finden Sie sie mit „Zurück“ im Browser wieder."
)
_NOT_KEPT = _(
    "Es wurde nichts gespeichert. Mit „Zurück“ im Browser finden Sie Ihre Eingaben wieder: "
    "Kopieren Sie, was Sie geändert haben, und melden Sie sich dann neu an."
)


def sentence_of(fault: BadValue, request: Request) -> str:
    """Return what is wrong with a parameter, in the language of the page."""
    name = request.localizer.translate(PARAMETERS.get(fault.parameter, fault.parameter))
    value = fault.value if len(fault.value) <= 40 else fault.value[:40] + "…"
    mapping = {"name": name, "parameter": fault.parameter, "value": value, "allowed": ", ".join(fault.allowed)}
    match fault.reason:
        case "number":
            mapping |= {"least": fault.allowed[0], "most": fault.allowed[1]}
            message = _(
                "„${value}“ passt nicht zu „${name}“ (${parameter}): möglich ist eine Zahl von ${least} bis ${most}.",
                mapping=mapping,
            )
        case "day":
            message = _(
                "„${value}“ ist kein Tag: schreiben Sie ihn für „${name}“ (${parameter}) wie 2024-05-31.",
                mapping=mapping,
            )
        case "future":
            message = _(
                "Der ${day} liegt in der Zukunft: Dazu lässt sich noch nichts sagen.", mapping=_days(fault, request)
            )
        case "before" if fault.allowed:
            message = _(
                "Für den ${day} lässt sich nichts sagen: Die Angaben zu Video beginnen am ${first}.",
                mapping=_days(fault, request),
            )
        case "before":
            message = _(
                "Für den ${day} lässt sich nichts sagen: Zu Video ist noch nichts bekannt.",
                mapping=_days(fault, request),
            )
        case "cursor":
            message = _(
                "Die Stelle „${value}“ (${parameter}) gibt es in der Liste der Änderungen nicht: "
                "beginnen Sie ohne ${parameter} noch einmal von vorn.",
                mapping=mapping,
            )
        case "unsearchable":
            message = _(
                "Nach „${value}“ (${parameter}) kann nicht gesucht werden, nur nach Begriffen aus: ${allowed}.",
                mapping=mapping,
            )
        case "not_offered":
            message = _("„${parameter}“ gibt es hier nicht; lassen Sie es weg.", mapping=mapping)
        case "repeated":
            message = _("„${name}“ (${parameter}) darf nur einmal vorkommen.", mapping=mapping)
        case "too_many":
            message = _(
                "„${name}“ (${parameter}) darf höchstens ${allowed}-mal vorkommen: fragen Sie mehrmals.",
                mapping=mapping,
            )
        case "moment":
            message = _(
                "„${value}“ ist kein Zeitpunkt: schreiben Sie „${name}“ (${parameter}) wie 2024-05-31T12:00:00Z.",
                mapping=mapping,
            )
        case _ if fault.allowed:
            message = _(
                "„${value}“ gibt es bei „${name}“ (${parameter}) nicht. Möglich sind: ${allowed}.", mapping=mapping
            )
        case _:
            message = _("„${value}“ gibt es bei „${name}“ (${parameter}) nicht.", mapping=mapping)
    sentence = str(request.localizer.translate(message))
    # What is called as it is written is said once.
    return re.sub(rf"({re.escape(fault.parameter)}[“”’]?) \({re.escape(fault.parameter)}\)", r"\1", sentence)


def _days(fault: BadValue, request: Request) -> dict[str, str]:
    """Return the day that was asked for, and the first one of which anything can be said, in words."""
    days = [request.site.show_date(date.fromisoformat(day)) for day in (fault.value, *fault.allowed)]
    return {"day": days[0], "first": days[-1]}


def answer(request: Request, status: int, title: Any, detail: Any, **more: Any) -> Response:
    """Return an error as problem+json (RFC 9457) under /api/, else as a page."""
    title, detail = request.localizer.translate(title), request.localizer.translate(detail)
    if is_for_programs(request.path_info):
        successor, number = more.get("successor"), more.get("number", "")
        link = request.site.absolute("api-service", slug=successor[0]) if successor else ""
        members = {name: more[name] for name in ("errors", "available") if name in more}
        sentence = f"{detail} {number} {link}".strip()
        return as_problem(request, status, title, sentence, number=number, successor=link, **members)
    values = {
        "status": status,
        "heading": title,
        "detail": detail,
        "number": "",
        "successor": None,
        "sign_in": "",
        **more,
    }
    response = render_to_response(f"servicedir.web:templates/{_template(request)}", values, request=request)
    response.status_code = status
    return response


def later(request: Request, seconds: int, title: Any, detail: Any) -> Response:
    """Return 503 for what cannot be answered now, with the seconds after which somebody may come back."""
    response = answer(request, 503, title, detail)
    response.retry_after = seconds
    return response


def _template(request: Request) -> str:
    """Return what says an error: it is as framed, and as little of a page, as the face itself."""
    # Not the parameters, which may be what is wrong.
    names = {pair.partition("=")[0] for pair in request.query_string.split("&")}
    if "fragment" in names and request.path_info.startswith("/embed"):
        return "error-fragment.pt"
    return "error-framed.pt" if getattr(request, "is_framed", False) else "error.pt"


@notfound_view_config()
@exception_view_config(NotFound)
def not_found(fault: Exception, request: Request) -> Response:
    """Answer 404 alike for what is not there and what an outsider may not know of."""
    if is_for_programs(request.path_info):
        return answer(
            request,
            404,
            _("Diese Adresse gibt es nicht"),
            _("Unter ${page} stehen alle, die es gibt.", mapping={"page": request.site.absolute("api-docs")}),
        )
    return answer(
        request,
        404,
        _("Diese Seite gibt es nicht"),
        _(
            "Vielleicht wurde sie verschoben, oder die Adresse ist unvollständig. "
            "Suchen Sie hier nach der Dienstleistung."
        ),
    )


def methods(route: str, registry: Any) -> set[str]:
    """Return the methods that the views of a route take."""
    taken: set[str] = set()
    for item in registry.introspector.get_category("views"):
        view = item["introspectable"]
        if view["route_name"] == route:
            said = view["request_methods"] or ()
            taken |= {said} if isinstance(said, str) else set(said)
    return taken | {"HEAD"} if "GET" in taken else taken  # As Pyramid takes it.


@exception_view_config(PredicateMismatch)
def not_allowed(fault: Exception, request: Request) -> Response:
    """Answer 405 with the methods that an address takes; 404 where it is not the method that does not fit."""
    allowed = sorted(methods(_route(request), request.registry))
    if not allowed or request.method in allowed:
        return not_found(fault, request)
    response = answer(
        request,
        405,
        _("Das geht hier nicht"),
        _("Diese Adresse nimmt nur: ${allowed}.", mapping={"allowed": ", ".join(allowed)}),
    )
    response.allow = allowed
    return response


@exception_view_config(Moved)
def moved(fault: Moved, request: Request) -> Response:
    """Send on, for ever, to where the content is now."""
    where = request.route_path(request.matched_route.name, **{**request.matchdict, "slug": fault.slug})
    target = f"{where}?{request.query_string}" if request.query_string else where
    kind = HTTPMovedPermanently if request.method in SAFE_METHODS else HTTPPermanentRedirect
    return kind(target)


@exception_view_config(Gone)
def gone(fault: Gone, request: Request) -> Response:
    """Answer 410 with what it was that there is no more, and where to go instead."""
    title = request.site.plain(Text.of(fault.document.get("title") or fault.document.get("name")))
    detail = _("„${title}“ wird hier nicht mehr geführt.", mapping={"title": title})
    is_service = "title" in fault.document
    heading = _("Diese Dienstleistung gibt es nicht mehr") if is_service else _("Das gibt es hier nicht mehr")
    return answer(request, 410, heading, detail, successor=_successor(fault, request))


def _successor(fault: Gone, request: Request) -> Any:
    """Return slug and title of what a retired service points to, as long as that is published; else None."""
    slug = fault.successor
    for _now_or_renamed in range(2):
        try:
            service = request.directory.service(slug).service
        except Moved as moved:
            slug = moved.slug
        except NotFound:
            break
        else:
            return service.slug, service.title
    return None


@exception_view_config(BadValue)
def bad_value(fault: BadValue, request: Request) -> Response:
    """Answer 400 with a sentence that names the parameter."""
    sentence = sentence_of(fault, request)
    # The sentence cites no more of a value than one can read, and neither does this.
    errors = [{"parameter": fault.parameter, "detail": sentence, "allowed": list(fault.allowed)}]
    is_search = _route(request) in SEARCHES and fault.parameter not in NO_SEARCH
    title = _("Diese Suche kann so nicht gestellt werden") if is_search else _("Das kann so nicht beantwortet werden")
    return answer(request, 400, title, sentence, errors=errors)


@exception_view_config(URLDecodeError)
@exception_view_config(UnicodeDecodeError)
def bad_encoding(fault: Exception, request: Request) -> Response:
    """Answer 400 to addresses that are no UTF-8, in both languages since the parameters cannot be read."""
    sentence = "Die Adresse ist nicht lesbar. / The address cannot be read."
    if is_for_programs(request.environ.get("PATH_INFO", "")):
        return as_problem(request, 400, "Bad Request", sentence)
    return Response(text=f"{sentence}\n", status=400, content_type="text/plain")


@exception_view_config(BadCSRFToken)
@exception_view_config(BadCSRFOrigin)
def forged(fault: Exception, request: Request) -> Response:
    """Answer 400 to a form that was not sent from a page of this session."""
    return answer(
        request,
        400,
        _("Das Formular ist abgelaufen"),
        _(
            "Es wurde nichts gespeichert. Gehen Sie im Browser zurück, sichern Sie Ihre Eingaben, "
            "laden Sie die Seite neu und senden Sie das Formular noch einmal ab."
        ),
    )


@forbidden_view_config()
@exception_view_config(Forbidden)
def forbidden(fault: Exception, request: Request) -> Response:
    """Send strangers to the sign-in page; tell others which role is missing and who can give it."""
    if request.person is None:
        if is_for_programs(request.path_info):
            return answer(request, 401, _("Anmeldung nötig"), _("Hierfür brauchen Sie ein Konto."))
        if request.method == "POST":  # A redirect would lose what was typed without a word.
            is_kept = _route(request) in KEEPING
            return answer(
                request,
                401,
                _("Sie sind nicht mehr angemeldet"),
                _KEPT if is_kept else _NOT_KEPT,
                sign_in=request.site.path("login", [("next", request.path)] if is_kept else []),
            )
        return HTTPSeeOther(request.site.path("login", [("next", request.path_qs)]))
    if request.method == "GET" and request.visit.lacks_factor:
        # With a second factor it may well be allowed: that page says so.
        return HTTPSeeOther(request.site.path("account-factor"))
    if request.method == "GET" and Permission.VIEW in getattr(request.context, "permitted", ()):
        # One may see the entry but not do this in its state: its state's page says what can be done.
        return HTTPSeeOther(request.site.path("workflow", slug=request.matchdict["slug"]))
    return answer(request, 403, _("Dafür fehlt Ihnen eine Rolle"), _lacking_role(fault, request))


def _lacking_role(fault: Exception, request: Request) -> Any:
    """Return which role is missing for what was refused, and who can give it."""
    # The door says it itself; of a view, Pyramid tells what our policy answered.
    lacking = getattr(fault, "permission", "") or getattr(getattr(fault, "result", None), "s", "")
    if lacking not in list(Duty):
        return _(
            "Ihr Konto darf das für dieses Amt nicht. "
            "Die Koordination kann Ihnen die Rolle Redaktion oder Freigabe geben."
        )
    roles = [request.site.label(role) for role in Role if lacking in DUTIES[role]]
    return _(
        "Das betrifft die ganze Stadt und braucht die Rolle ${roles}. Die Administration kann sie Ihnen geben.",
        mapping={"roles": request.localizer.translate(_(" oder ")).join(roles)},
    )


@exception_view_config(HTTPClientError)
def client_error(fault: HTTPClientError, request: Request) -> Response:
    """Answer other faults of a request with their own status and sentence."""
    return answer(
        request,
        fault.status_code,
        _("Das hat nicht geklappt"),
        fault.detail or _("Bitte prüfen Sie die Adresse oder Ihre Eingaben."),
    )


@exception_view_config(Exception)
def server_error(fault: Exception, request: Request) -> Response:
    """Answer 500 with a number to quote; the log has the rest, without anything that the person typed.

    While the database is away, answer 503 and say when to come back: much is read from memory, the rest is not there.
    """
    number = secrets.token_hex(4)
    # Not the message: template engines and databases put values into it, which may be somebody's words.
    trace = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in extract_tb(fault.__traceback__)
    ]
    kind = f"{type(fault).__module__}.{type(fault).__qualname__}"
    log.error("request failed", number=number, method=request.method, route=_route(request), error=kind, trace=trace)
    if request.registry.house.ready():
        return later(
            request,
            RETRY,
            _("Das ist gerade nicht erreichbar"),
            _(
                "Ein Teil dieses Verzeichnisses ist gerade nicht erreichbar, und was Sie möchten, gehört dazu. "
                "Bitte versuchen Sie es in einer Minute noch einmal."
            ),
        )
    return answer(
        request,
        500,
        _("Hier ist etwas schiefgegangen"),
        _(
            "Es liegt nicht an Ihnen. Versuchen Sie es gleich noch einmal. "
            "Bleibt der Fehler, nennen Sie bitte diese Nummer:"
        ),
        number=number,
    )


def _route(request: Request) -> str:
    route = getattr(request, "matched_route", None)
    return route.name if route else ""


def includeme(config: Configurator) -> None:
    """Add the exception views."""
    config.scan(__name__)
