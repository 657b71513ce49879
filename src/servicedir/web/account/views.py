"""Signing in, with the second factor where there is one, and out; slowed down for those who guess."""

from __future__ import annotations

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
from servicedir.web.account.throttle import (
    Throttled,
    code_keys,
    count_failure,
    demand_patience,
    password_keys,
)
from servicedir.web.people import code_field
from servicedir.web.security import cookie, safe_path
from servicedir.web.translation import _


def _next() -> colander.SchemaNode:
    return colander.SchemaNode(colander.String(), name="next", missing="", widget=HiddenWidget())


class Login(fields.Schema):
    """What somebody signs in with."""

    next = _next()
    login = colander.SchemaNode(
        colander.String(),
        title=_("Anmeldename"),
        validator=colander.Length(max=200),
        widget=fields.TextWidget(attributes={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = colander.SchemaNode(
        colander.String(), title=_("Passwort"), validator=colander.Length(max=1000), widget=fields.PasswordWidget()
    )


class _Door(Throttled):
    """A page on the way in: a form that is refused for some time after too many attempts."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.next = safe_path(request.GET.get("next") or request.site.path("desk"))

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs."""
        return {"form": form, "too_many": False, "done": self.request.GET.get("done", "")}

    def welcome(self, login: str, target: str, *, confirmed: bool = False) -> Response:
        """Open a session and go on: to the second factor where one is to be set up, else where one wanted to."""
        headers = remember(self.request, login, confirmed=confirmed)
        people = self.request.directory.people
        people.audit(login, "sign in", f"account/{login}", {"factor": True} if confirmed else {})
        visit = people.session(self.request._new_session)
        lacks_factor = visit is not None and visit.lacks_factor
        path = self.request.site.path("account-factor") if lacks_factor else safe_path(target)
        return HTTPSeeOther(path, headers=headers)


@view_defaults(route_name="login", renderer="templates/login.pt")
class SignIn(_Door):
    """The sign-in page."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        buttons = [forms.Button("sign-in", _("Anmelden"))]
        self.form = forms.make_form(Login(), request, buttons, formid="login", values={"next": self.next})

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show the form; with the right password open a session, or go on to the second factor."""
        if self.request.method == "GET" and self.request.person is not None:
            return HTTPSeeOther(self.request.site.path("desk"))
        return self.ask(self.sign_in)

    def sign_in(self, values: dict[str, Any], button: str) -> Response:
        """Open a session, or refuse without saying whether name or password was wrong."""
        person = self._verified(values["login"], values["password"])
        if person is None:
            raise forms.Refusal(
                [((), _("Anmeldename oder Passwort stimmen nicht. Beides ist noch einmal einzugeben."))]
            )
        if not self.request.directory.people.account(person.login).has_factor:
            return self.welcome(person.login, values["next"])
        headers = remember(self.request, person.login)  # half open: it is nobody's before the code is given
        path = self.request.site.path("login-code", [("next", safe_path(values["next"]))])
        return HTTPSeeOther(path, headers=headers)

    def _verified(self, login: str, password: str) -> Person | None:
        """Return whose password this is. In a transaction of its own, so that a failure is counted in any case."""
        keys = password_keys(self.request, login)
        with self.request.registry.house.work(write=True) as directory:
            demand_patience(directory.people, keys)
            person: Person | None = directory.people.verify(login, password)
            if person is None:
                count_failure(directory.people, keys, "sign in refused")
            return person


@view_defaults(route_name="login-code", renderer="templates/login-code.pt")
class GiveCode(_Door):
    """The page that asks for the second factor of whoever has given the right password."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        schema = fields.Schema(children=[_next(), code_field(_("Code"))])
        buttons = [forms.Button("confirm", _("Anmelden"))]
        self.form = forms.make_form(schema, request, buttons, formid="code", values={"next": self.next})

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show the form; with the right code open a session with another token."""
        half_open = cookie(self.request)
        if self.request.method == "GET" and not self.request.directory.people.half_open(half_open):
            return HTTPSeeOther(self.request.site.path("login", [("next", self.next)]))
        return self.ask(self.confirm)

    def confirm(self, values: dict[str, Any], button: str) -> Response:
        """Go on with the right code; without a half-open session, back to the beginning."""
        login, passed = self._passed(values["code"])
        if not login:
            return HTTPSeeOther(self.request.site.path("login", [("next", safe_path(values["next"]))]))
        if not passed:
            raise forms.Refusal([(("code",), _("Dieser Code stimmt nicht oder wurde schon benutzt."))])
        self.request.directory.people.close_session(cookie(self.request))
        return self.welcome(login, values["next"], confirmed=True)

    def _passed(self, code: str) -> tuple[str | None, bool]:
        """Return who waits for the second factor, and whether this is it; in a transaction of its own as above."""
        with self.request.registry.house.work(write=True) as directory:
            people = directory.people
            login = people.half_open(cookie(self.request))
            if login is None:
                return None, False
            keys = code_keys(self.request, login)
            demand_patience(people, keys)
            if people.factors.check(login, code):
                return login, True
            count_failure(people, keys, "code refused", f"account/{login}")
            return login, False


@view_config(route_name="logout", request_method="POST")
def sign_out(request: Request) -> Response:
    """End the session, here and in the database."""
    response = HTTPSeeOther(request.site.path("home"), headers=forget(request))
    # What the browser kept of forms (static/drafts.js) is nobody else's business on a shared machine.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
