"""Who asks, by the session's cookie; what they may do, by the context's permissions; and tokens against forgery."""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import Allowed, Denied

from servicedir.domain.workflow import Person
from servicedir.web.browsers import kind_of_browser

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that never write; every other one needs a token and gets a transaction that may write."""

SIGNED_IN = "signed in"
"""The permission of every person with an account."""


class Policy:
    """Pyramid's security policy over server-side sessions: the cookie holds a random token and nothing else."""

    def identity(self, request: Request) -> Any:
        """Return who is signed in, or None. A citizen's request never reaches the database for this."""
        token = cookie(request)
        if not token:
            return None
        signed_in = request.directory.people.session(token)
        if signed_in and signed_in.due:
            if request.method in SAFE_METHODS:
                with request.registry.house.work(write=True) as directory:
                    directory.people.touch(token)
            else:  # This request's own transaction may write, and on SQLite nobody else may meanwhile.
                request.directory.people.touch(token)
        return signed_in

    def authenticated_userid(self, request: Request) -> str | None:
        """Return the login of who is signed in."""
        return request.person.login if request.person else None

    def permits(self, request: Request, context: Any, permission: str) -> Allowed | Denied:
        """Return whether the context grants a permission to who asks."""
        if permission == SIGNED_IN:
            granted = request.person is not None
        else:
            granted = permission in getattr(context, "permitted", frozenset())
        return Allowed("by the workflow table") if granted else Denied(permission)

    def remember(self, request: Request, userid: str, **options: Any) -> list[tuple[str, str]]:
        """Return the headers that open a session for a login: always a new token.

        `confirmed=True` says that the second factor was given; without it, a session that needs one is half open.
        """
        agent = kind_of_browser(request.user_agent)
        confirmed = bool(options.get("confirmed"))
        token = request.directory.people.open_session(userid, confirmed=confirmed, agent=agent)
        request._new_session = token
        _set_cookie(request.response, request, cookie_name(request), token)
        return [("Set-Cookie", value) for value in request.response.headers.getall("Set-Cookie")]

    def forget(self, request: Request, **options: Any) -> list[tuple[str, str]]:
        """Return the headers that end the session here; it is ended in the database as well."""
        token = cookie(request)
        if token:
            request.directory.people.close_session(token)
        # As it was set: browsers ignore what would delete a `__Host-` cookie without saying that it is a secure one.
        _set_cookie(request.response, request, cookie_name(request), None, max_age=0)
        return [("Set-Cookie", value) for value in request.response.headers.getall("Set-Cookie")]


def _is_secure(request: Request) -> bool:
    return not request.registry.house.settings.insecure_cookies


def cookie_name(request: Request, purpose: str = "session") -> str:
    """Return the name of a cookie; with TLS it is bound to this host."""
    return f"{'__Host-' if _is_secure(request) else ''}servicedir-{purpose}"


def cookie(request: Request, purpose: str = "session") -> str:
    """Return what a cookie says; an empty string where there is none, or none that can be read."""
    try:
        return str(request.cookies.get(cookie_name(request, purpose), ""))
    except UnicodeDecodeError:
        return ""


def _set_cookie(response: Response, request: Request, name: str, value: str | None, **options: Any) -> None:
    secure = _is_secure(request)
    response.set_cookie(name, value, httponly=True, secure=secure, samesite="Lax", path="/", **options)


class ForgeryTokens:
    """Tokens bound to the session, or before signing in to a cookie that only the sign-in page sets."""

    def _bound_to(self, request: Request) -> str:
        # A page that opens a session and shows a form at once binds the form to the session that it opened.
        session = getattr(request, "_new_session", "") or cookie(request)
        return session or getattr(request, "_login_cookie", "") or cookie(request, "login")

    def _token(self, request: Request, bound_to: str) -> str:
        secret = request.registry.house.settings.secret.encode()
        return hmac.new(secret, b"csrf:" + bound_to.encode(), sha256).hexdigest()

    def new_csrf_token(self, request: Request) -> str:
        """Return a token bound to a fresh cookie, which the answer sets."""
        value = secrets.token_urlsafe(24)
        request._login_cookie = value

        def set_cookie(request: Request, response: Response) -> None:
            _set_cookie(response, request, cookie_name(request, "login"), value)

        request.add_response_callback(set_cookie)
        return self._token(request, value)

    def get_csrf_token(self, request: Request) -> str:
        """Return the token of this session."""
        bound_to = self._bound_to(request)
        return self._token(request, bound_to) if bound_to else self.new_csrf_token(request)

    def check_csrf_token(self, request: Request, supplied: str) -> bool:
        """Return whether a token is that of this session and the form was sent from here."""
        bound_to = self._bound_to(request)
        if not is_from_here(request):
            return False
        return bool(bound_to) and hmac.compare_digest(self._token(request, bound_to).encode(), supplied.encode())


def is_from_here(request: Request) -> bool:
    """Return whether a form was sent from a page of ours, as far as the browser tells."""
    origin = request.headers.get("Origin")
    if origin and not _is_own(origin, request.host):
        return False
    return request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")


def _is_own(origin: str, host: str) -> bool:
    """Return whether an origin, as a browser tells it, is that of a host; the scheme's own port may be left out."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    port = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return bool(parts.netloc) and parts.netloc == host.removesuffix(port)


def safe_path(path: str) -> str:
    """Return a path of this site to go to after signing in; anything that could lead elsewhere becomes /desk."""
    is_plain = path.isprintable() and path.isascii() and not set(path) & set("\\ \t@")
    is_here = path.startswith("/") and not path.startswith("//") and not urlsplit(path).netloc
    return path if is_plain and is_here else "/desk"


def factor_secret(request: Request) -> str:
    """Return the secret of a second factor that is being set up in this session: the same on each of its pages.

    So it need not be stored before an app has it, and no form has to carry it to and fro.
    """
    key = request.registry.house.settings.secret.encode()
    return b32encode(hmac.new(key, b"totp:" + cookie(request).encode(), sha256).digest()[:20]).decode()


def _visit(request: Request) -> Any:
    return request.identity


def _person(request: Request) -> Person | None:
    return request.visit.person if request.visit else None


def includeme(config: Configurator) -> None:
    """Set the policies; every unsafe method needs a token unless its view says otherwise."""
    config.set_security_policy(Policy())
    config.set_csrf_storage_policy(ForgeryTokens())
    config.set_default_csrf_options(require_csrf=True)
    config.add_request_method(_visit, "visit", reify=True)
    config.add_request_method(_person, "person", reify=True)
