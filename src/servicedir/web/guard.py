"""Headers that no answer goes without, strict unless a view says beside its route what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pyramid.config import Configurator
from pyramid.events import NewRequest
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import INGRESS

from servicedir.domain.history import NotFound
from servicedir.web.embedding import FrameRefused, is_framed_elsewhere
from servicedir.web.problem import as_problem, is_for_programs

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

CONFIDENTIAL = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "private, no-store",
}
"""Where the address itself is the key: nobody passes it on, and nobody keeps what it shows."""

# Headers by which a client could make the application believe in another address, method or path. waitress has already
# read those of a trusted proxy (servicedir.trusted_proxies) into the environment.
FORGEABLE = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_HTTP_METHOD_OVERRIDE",
    "HTTP_X_ORIGINAL_URL",
    "HTTP_X_REWRITE_URL",
    "HTTP_X_VHM_ROOT",
    "HTTP_FORWARDED",
)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "OPTIONS"})

Handler = Callable[[Request], Response]


def _refused(request: Request, status: int, sentence: str) -> Response:
    if is_for_programs(request.environ.get("PATH_INFO", "")):
        return as_problem(request, status, "Bad Request", sentence)
    return Response(f"{sentence}\n", status=status, content_type="text/plain", charset="utf-8")


def _policy(directives: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def guard_tween(handler: Handler, registry: Any) -> Handler:
    """Return a tween that adds the headers to every answer, also to 403, 404 and 500."""
    settings = registry.house.settings
    framers = " ".join(("'self'", *settings.embed_origins))
    unframed = ("X-Frame-Options", "DENY")
    fixed = [("Content-Security-Policy", _policy(POLICY)), *HEADERS.items(), unframed]
    framing = [("Content-Security-Policy", _policy({**POLICY, "frame-src": "'self'"})), *HEADERS.items(), unframed]
    framed = [("Content-Security-Policy", _policy({**POLICY, "frame-ancestors": framers})), *HEADERS.items()]
    refused = [("Content-Security-Policy", _policy({**POLICY, "frame-ancestors": "*"})), *HEADERS.items()]
    names = frozenset(name for name, _value in fixed)

    def guard(request: Request) -> Response:
        environ = request.environ
        for name in FORGEABLE:
            environ.pop(name, None)
        # Below /api/ the address itself says which methods it takes.
        if request.method not in METHODS and not is_for_programs(environ.get("PATH_INFO", "")):
            response = _refused(request, 405, "This method is not used here.")
            response.allow = sorted(METHODS)
        elif request.charset != "UTF-8":  # WebOb would raise something that is no fault of ours.
            response = _refused(request, 415, "Forms are read in UTF-8.")
        else:
            response = handler(request)
        headers = [pair for pair in response.headerlist if pair[0] not in names]
        if getattr(request, "is_refused", False):
            headers += refused
        elif getattr(request, "is_framed", False):
            headers += framed
        else:
            headers += framing if getattr(request, "is_framing", False) else fixed
        response.headerlist = headers
        if getattr(request, "is_confidential", False):
            response.headers.update(CONFIDENTIAL)
        if request.scheme == "https":
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response

    return guard


def _framed(view: Any, info: Any) -> Any:
    """View option `framed=True`: the sites of `servicedir.embed_origins`, and we ourselves, may frame this page.

    Any other site gets FrameRefused, whose page may be seen in every frame, since it says nothing but that.
    """
    if not info.options.get("framed"):
        return view

    def wrapped(context: Any, request: Request) -> Response:
        request.is_framed = True
        if is_framed_elsewhere(request.environ, request.registry.house.settings):
            request.is_refused = True
            raise FrameRefused
        return view(context, request)

    return wrapped


def _framing(view: Any, info: Any) -> Any:
    """View option `framing=True`: this page shows other pages of ours in frames."""
    if not info.options.get("framing"):
        return view

    def wrapped(context: Any, request: Request) -> Response:
        request.is_framing = True
        return view(context, request)

    return wrapped


_framed.options = ("framed",)  # type: ignore[attr-defined]  # how Pyramid learns of view options
_framing.options = ("framing",)  # type: ignore[attr-defined]


def _refuse_nul(event: NewRequest) -> None:
    """Raise NotFound for an address with a NUL in it: nothing is called so, and PostgreSQL cannot even look for it."""
    if "\0" in event.request.environ.get("PATH_INFO", ""):
        raise NotFound("NUL")


def includeme(config: Configurator) -> None:
    """Add the tween outside of all others, what looks at addresses, and the view options."""
    config.add_tween("servicedir.web.guard.guard_tween", under=INGRESS)
    config.add_subscriber(_refuse_nul, NewRequest)
    config.add_view_deriver(_framed, name="framed")
    config.add_view_deriver(_framing, name="framing")
