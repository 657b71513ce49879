"""Who writes through the API: the bearer of a token (RFC 6750), what it is good for, and writes that come twice.

A view says beside its route which purpose it takes:

    @view_config(route_name="api-figures", request_method="PUT", token=Purpose.FIGURES, require_csrf=False)
    def put_figures(request: Request) -> Response:
        request.directory.figures.…(by=request.person)

With several purposes, `token=(Purpose.DRAFTS, Purpose.WORKFLOW)`, each of them opens the view. In it `request.token` is
the token and `request.person` who acts: `token:<name>`, with the roles that these purposes give in the token's offices
(domain/token.py) and no others, so the doors decide as they do for people. A Forbidden of theirs becomes a 403 that
names what the token lacks. No session counts here and no cookie is looked at, so no form can be forged; no other origin
may read along.

A write with an `Idempotency-Key` is done once: whoever sends it again gets the same answer again. That, too, is done
here; a view only returns its answer. What failed is not kept and may be tried again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.request import Request
from pyramid.response import Response

from servicedir.directory import Forbidden
from servicedir.domain.token import ROLES, Purpose, Token
from servicedir.domain.workflow import PERMISSIONS, Duty
from servicedir.web.api.problems import Problem
from servicedir.web.problem import OPEN
from servicedir.web.security import SAFE_METHODS
from servicedir.web.translation import _

REALM = 'Bearer realm="servicedir"'

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]{1,200}=*)", re.IGNORECASE)
_KEY = re.compile(r"[\x21-\x7e]{1,100}")

_KEPT_HEADERS = ("ETag", "Location")
"""Headers that belong to an answer which is given again."""


def _token_view(view: Any, info: Any) -> Any:
    """View option `token=…`: who asks shows a token that is good for this purpose, or for one of these."""
    wanted = info.options.get("token")
    if not wanted:
        return view
    purposes = (Purpose(wanted),) if isinstance(wanted, str) else tuple(wanted)
    if info.options.get("require_csrf") is not False:
        raise ConfigurationError("a view with a token says require_csrf=False: it looks at no cookie")

    def wrapped(context: Any, request: Request) -> Response:
        request.add_response_callback(_is_private)
        request.person = None  # Whatever cookie came along: nobody is signed in here.
        request.token = token = _demand(request, purposes)
        request.person = token.person(purposes)
        request.directory.query((name, said) for name, said in request.GET.items() if name == "lang")
        try:
            return _once(view, context, request)
        except Forbidden as fault:
            raise _lacking(fault, purposes, request) from None

    return wrapped


_token_view.options = ("token",)  # type: ignore[attr-defined]  # how Pyramid learns of view options


def _is_private(request: Request, response: Response) -> None:
    for name in OPEN:
        response.headers.pop(name, None)
    response.headers["Cache-Control"] = "private, no-store"


# Who it is


def _demand(request: Request, purposes: tuple[Purpose, ...]) -> Token:
    """Return the token that came with a request. Raises Problem: 401 for none or a wrong one, 403 for another one."""
    said = request.headers.get("Authorization", "")
    if not said:
        raise Problem(
            401,
            _("Token nötig"),
            _("Hierfür braucht Ihr Programm ein Token. Die Koordination der Stadt kann eines ausgeben."),
            headers={"WWW-Authenticate": REALM},
        )
    match = _BEARER.fullmatch(said.strip())
    token = _known(match[1], request) if match else None
    if token is None:
        raise Problem(
            401,
            _("Dieses Token gilt nicht"),
            _("Es ist falsch, abgelaufen oder widerrufen. Die Koordination der Stadt kann ein neues ausgeben."),
            headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'},
        )
    if not set(purposes) & set(token.purposes):
        raise _lacks_purpose(purposes)
    return token


def _known(secret: str, request: Request) -> Token | None:
    """Return the token of a secret, and note that it is used, at most once a day.

    In transactions of their own, before the one of this request begins: who guesses never keeps anybody from writing.
    """
    house = request.registry.house
    with house.work() as directory:
        token: Token | None = directory.tokens.find(secret)
    if limits := getattr(request.registry, "limits", None):
        limits.knows(secret, good=token is not None)
    if token is not None and token.used != house.today():
        with house.work(write=True) as directory:
            directory.tokens.note_used(token)
    return token


# What it lacks


def _lacks_purpose(purposes: tuple[Purpose, ...]) -> Problem:
    detail = _("Diesem Token fehlt der Zweck: ${purposes}.", mapping={"purposes": " / ".join(purposes)})
    return _refused(detail, scope=" ".join(purposes), purposes=list(purposes))


def _refused(detail: Any, *, scope: str = "", **more: Any) -> Problem:
    challenge = f'{REALM}, error="insufficient_scope"' + (f', scope="{scope}"' if scope else "")
    return Problem(
        403, _("Das darf dieses Token nicht"), detail, headers={"WWW-Authenticate": challenge}, missing=more or None
    )


def _lacking(fault: Forbidden, purposes: tuple[Purpose, ...], request: Request) -> Problem:
    """Return what a token lacks for what a door refused: the office, a purpose, or nothing that one could have."""
    if fault.office and request.directory.tokens.lacks(request.token, fault.office):
        return _refused(
            _("Dieses Token gilt nicht für das Amt „${office}“.", mapping={"office": fault.office}),
            offices=[fault.office],
        )
    missing = tuple(p for p in purposes if p not in request.token.purposes and _gives(p, fault.permission))
    if missing:
        return _lacks_purpose(missing)
    return _refused(_("In diesem Zustand des Eintrags geht das nicht, oder es ist eine andere Person dafür nötig."))


def _gives(purpose: Purpose, permission: Any) -> bool:
    if permission in list(Duty):
        return False
    return any(permission in granted for granted in PERMISSIONS[ROLES[purpose]].values())


# Once and not twice


def _once(view: Callable[[Any, Request], Response], context: Any, request: Request) -> Response:
    """Return the answer of a view, or the one that it gave when the same write came before."""
    said = request.headers.get("Idempotency-Key")
    if said is None or request.method in SAFE_METHODS:
        return view(context, request)
    match = _KEY.fullmatch(said.strip())
    if match is None:
        raise Problem(
            400,
            _("Der Schlüssel ist nicht lesbar"),
            _("Idempotency-Key ist eine Zeichenkette aus 1 bis 100 druckbaren ASCII-Zeichen ohne Leerzeichen."),
        )
    repeats, token, key = request.directory.repeats, request.token.id, match[0]
    fingerprint = _fingerprint(request)
    before = repeats.begin(token, key, fingerprint)
    if before is None:
        response = view(context, request)
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        repeats.finish(token, key, response.status_code, {"headers": headers, "body": response.json_body})
        return response
    if before.fingerprint != fingerprint:
        raise Problem(
            422,
            _("Dieser Schlüssel ist vergeben"),
            _("Unter diesem Idempotency-Key kam schon eine andere Anfrage. Nehmen Sie für jede einen neuen."),
        )
    return as_private(before.answer["body"], before.status, before.answer["headers"])


def as_private(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return JSON for the program that asked, and for nobody else."""
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body=raw, status=status, content_type="application/json", charset="utf-8")
    response.headers.update(headers or {})
    return response


def _fingerprint(request: Request) -> str:
    """Return what tells a write from every other one: what it does, where, on what condition, and with which words."""
    conditions = [request.headers.get(name, "") for name in ("If-Match", "If-None-Match", "Content-Type")]
    head = "\n".join((request.method, request.path_qs, *conditions))
    return sha256(head.encode() + b"\n\n" + request.body).hexdigest()


def includeme(config: Configurator) -> None:
    """Add the view option, and `request.token`, which is None for everybody else."""
    config.add_view_deriver(_token_view, name="token")
    config.add_request_method(lambda request: None, "token", reify=True)
