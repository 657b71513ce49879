"""Signing in and out, slowed down for those who guess."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

import colander
from deform.widget import HiddenWidget
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import forget, remember
from pyramid.view import view_config, view_defaults

from servicedir.domain.workflow import Person
from servicedir.web import fields, forms
from servicedir.web.security import safe_path
from servicedir.web.translation import _

WINDOW = timedelta(minutes=5)
MOST_FAILURES = {"account": 10, "address": 50}
"""Failed attempts in WINDOW for one account from one address, and from one address altogether.

Nobody is locked out by a stranger: the right password still works from another address (ASVS 6.3.1).
"""


class Login(fields.Schema):
    """What somebody signs in with."""

    next = colander.SchemaNode(colander.String(), missing="", widget=HiddenWidget())
    login = colander.SchemaNode(
        colander.String(),
        title=_("Anmeldename"),
        validator=colander.Length(max=200),
        widget=fields.TextWidget(attributes={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = colander.SchemaNode(
        colander.String(), title=_("Passwort"), validator=colander.Length(max=1000), widget=fields.PasswordWidget()
    )


class TooMany(Exception):
    """Too many failed attempts; the answer says when to come back."""


@view_defaults(route_name="login", renderer="templates/login.pt")
class SignIn:
    """The sign-in page."""

    def __init__(self, request: Request) -> None:
        self.request = request
        target = safe_path(request.GET.get("next") or request.site.path("desk"))
        buttons = [forms.Button("sign-in", _("Anmelden"))]
        self.form = forms.make_form(Login(), request, buttons, formid="login", values={"next": target})

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show the form; with the right password open a session and go where one wanted to."""
        if self.request.method == "GET" and self.request.person is not None:
            return HTTPSeeOther(self.request.site.path("desk"))
        try:
            return forms.run(self.form, self.request, self.sign_in, self.show)
        except TooMany:
            self.request.response.status_int = 429
            self.request.response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
            return self.show(self.form) | {"too_many": True}

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs."""
        return {"form": form, "too_many": False}

    def sign_in(self, values: dict[str, Any], button: str) -> Response:
        """Open a session, or refuse without saying whether name or password was wrong."""
        person = self._verified(values["login"], values["password"])
        if person is None:
            raise forms.Refusal(
                [((), _("Anmeldename oder Passwort stimmen nicht. Beides ist noch einmal einzugeben."))]
            )
        headers = remember(self.request, person.login)
        self.request.directory.people.audit(person.login, "sign in", f"account/{person.login}", {})
        return HTTPSeeOther(safe_path(values["next"]), headers=headers)

    def _verified(self, login: str, password: str) -> Person | None:
        """Return whose password this is. In a transaction of its own, so that a failure is counted in any case."""
        address = self.request.environ.get("REMOTE_ADDR", "")
        # However it is written: an account is found by all of these, so they are one to whoever guesses.
        folded = unicodedata.normalize("NFKC", login).strip().casefold()
        keys = {"account": f"login {address} {folded}", "address": f"login {address}"}
        with self.request.registry.house.work(write=True) as directory:
            people = directory.people
            if any(len(people.failures(key, WINDOW)) >= MOST_FAILURES[name] for name, key in keys.items()):
                raise TooMany
            person = people.verify(login, password)
            if person is None:
                for key in keys.values():
                    people.record_failure(key)
                people.audit("", "sign in refused", "account", {})
            return person


@view_config(route_name="logout", request_method="POST")
def sign_out(request: Request) -> Response:
    """End the session, here and in the database."""
    headers = forget(request)
    return HTTPSeeOther(request.site.path("home"), headers=headers)
