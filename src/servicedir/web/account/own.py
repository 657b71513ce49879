"""One's own account: what is known of it, the password, the second factor, sessions, and who stands in."""

from __future__ import annotations

from typing import Any

import colander
import segno
from markupsafe import Markup
from pyotp import TOTP
from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import remember
from pyramid.view import view_config, view_defaults

from servicedir.directory import Refused
from servicedir.web import fields, forms
from servicedir.web.account.throttle import Throttled, count_failure, demand_patience, password_keys
from servicedir.web.people import (
    code_field,
    deputy_schema,
    new_password,
    parsed_day,
    refusal,
    same_twice,
)
from servicedir.web.security import SIGNED_IN, factor_secret
from servicedir.web.translation import _


@view_config(route_name="account", renderer="templates/account.pt", permission=SIGNED_IN, request_method="GET")
def account(request: Request) -> dict[str, Any]:
    """Show what is known of one's own account, and what one can do with it."""
    directory, person = request.directory, request.person
    return {
        "account": directory.people.account(person.login),
        "sessions": directory.people.open_sessions(person.login),
        "codes_left": directory.people.factors.codes_left(person.login),
        "deputies": directory.accounts.deputies(person.login, person),
        "done": request.GET.get("done", ""),
    }


@view_config(route_name="account-sessions", permission=SIGNED_IN, request_method="POST")
def end_sessions(request: Request) -> Response:
    """End one of one's own sessions, or all others."""
    key = request.POST.get("key", "")
    if not isinstance(key, str):
        raise HTTPBadRequest
    only = {"only": key} if key else {"but": request.visit.key}
    request.directory.accounts.end_own_sessions(by=request.person, **only)
    return HTTPSeeOther(request.site.path("account", [("done", "sessions")]))


def own_password(request: Request) -> colander.SchemaNode:
    """Return the field that asks for the password one has, to be sure who it is; wrong ones are counted."""

    def check(node: colander.SchemaNode, value: str) -> None:
        people, login = request.directory.people, request.person.login
        keys = password_keys(request, login)
        demand_patience(people, keys)
        if people.verify(login, value) is None:
            # This request's own transaction keeps it: a form that is invalid is no reason to roll back.
            count_failure(people, keys, "password refused", f"account/{login}")
            raise colander.Invalid(node, _("Das ist nicht Ihr Passwort."))

    length = colander.Length(max=1000)
    return colander.SchemaNode(
        colander.String(),
        name="own",
        title=_("Ihr jetziges Passwort"),
        validator=colander.All(length, check),
        widget=fields.PasswordWidget(),
    )


class _Own(Throttled):
    """A page about one's own account with a form that asks for a secret."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.accounts = request.directory.accounts

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs."""
        return {"form": form, "too_many": False}

    def stay(self, *, confirmed: bool) -> Any:
        """Open another session in the place of this one, which was ended with all others."""
        return remember(self.request, self.request.person.login, confirmed=confirmed)


@view_defaults(route_name="account-password", renderer="templates/password.pt", permission=SIGNED_IN)
class Password(_Own):
    """The page for another password."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        schema = fields.Schema(children=[own_password(request), *new_password()])
        self.form = forms.make_form(schema, request, [forms.Button("set", _("Passwort ändern"))], formid="password")

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show the form; set the password, end all sessions, and open another here."""
        return self.ask(self.change)

    def change(self, values: dict[str, Any], button: str) -> Response:
        """Set the password, or say why it cannot be this one."""
        same_twice(values)
        try:
            self.accounts.change_password(values["password"], by=self.request.person)
        except Refused as refused:
            raise refusal(refused) from None
        headers = self.stay(confirmed=self.request.visit.confirmed)
        return HTTPSeeOther(self.request.site.path("account", [("done", "password")]), headers=headers)


@view_defaults(route_name="account-factor", renderer="templates/factor.pt", permission=SIGNED_IN)
class Factor(_Own):
    """The page for the second factor: setting it up, or taking it away and asking for other recovery codes."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.has_factor = request.directory.people.account(request.person.login).has_factor
        if self.has_factor:
            schema = fields.Schema(children=[own_password(request)])
            buttons = [forms.Button("codes", _("Neue Ersatzcodes")), forms.Button("remove", _("Abschalten"))]
        else:
            schema = fields.Schema(children=[own_password(request), code_field(_("Code aus der App"))])
            buttons = [forms.Button("set-up", _("Einrichten"))]
        self.form = forms.make_form(schema, request, buttons, formid="factor")

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show how it stands; do what was asked for."""
        return self.ask(self.change)

    def show(self, form: forms.Form, codes: list[str] | None = None) -> dict[str, Any]:
        """Return what the template needs; `codes` are shown this one time."""
        values = {"form": form, "too_many": False, "has_factor": self.has_factor, "codes": codes}
        if self.has_factor or codes:
            return values | {"left": self.request.directory.people.factors.codes_left(self.request.person.login)}
        secret = factor_secret(self.request)
        grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        return values | {"secret": grouped, "picture": _picture(secret, self.request)}

    def change(self, values: dict[str, Any], button: str) -> Any:
        """Set the factor up and show the recovery codes, renew these, or take it away."""
        person = self.request.person
        if button == "remove":
            self.accounts.remove_factor(by=person)
            headers = self.stay(confirmed=False)
            return HTTPSeeOther(self.request.site.path("account", [("done", "factor")]), headers=headers)
        if button == "codes":
            return self.show(self.form, self.accounts.renew_codes(by=person))
        try:
            codes = self.accounts.set_up_factor(factor_secret(self.request), values["code"], by=person)
        except Refused as refused:
            raise refusal(refused) from None
        self.stay(confirmed=True)
        # Not a 303: the codes stand nowhere else, and nothing but this answer may ever hold them.
        return self.show(self.form, codes)


def _picture(secret: str, request: Request) -> Markup:
    """Return the secret as a QR code for an app, drawn here."""
    site = request.site
    address = TOTP(secret).provisioning_uri(name=request.person.login, issuer_name=site.title)
    drawn = segno.make(address, error="m", micro=False)
    svg = drawn.svg_inline(scale=5, light="white").removeprefix("<svg")
    label = site.translate(_("QR-Code für die App"))
    return Markup('<svg role="img" aria-label="{}"').format(label) + Markup(svg)  # noqa: S704 - numbers, drawn here


@view_defaults(route_name="account-deputies", renderer="templates/deputies.pt", permission=SIGNED_IN)
class Deputies:
    """The page on which one says who stands in."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.accounts = request.directory.accounts
        schema = deputy_schema(self.accounts.candidates(request.person.login), request.directory.today)
        self.form = forms.make_form(schema, request, [forms.Button("add", _("Vertretung eintragen"))], formid="deputy")

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show who stands in; add somebody."""
        return forms.run(self.form, self.request, self.add, self.show)

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs."""
        person = self.request.person
        deputies = self.accounts.deputies(person.login, person)
        done = "" if form.edited else self.request.GET.get("done", "")
        return {"form": form, "deputies": deputies, "login": person.login, "done": done}

    def add(self, values: dict[str, Any], button: str) -> Response:
        """Let somebody stand in."""
        person = self.request.person
        since, until = values["since"].first, values["until"].first
        try:
            self.accounts.stand_in(person.login, values["deputy"], since, until, by=person)
        except Refused as refused:
            raise refusal(refused) from None
        return HTTPSeeOther(self.request.site.path("account-deputies", [("done", "add")]))


@view_config(route_name="account-deputy-end", permission=SIGNED_IN, request_method="POST")
def end_deputy(request: Request) -> Response:
    """End what was said of a deputy of one's own."""
    deputy, since = (request.POST.get(name, "") for name in ("deputy", "since"))
    day = parsed_day(since) if isinstance(since, str) else None
    if not isinstance(deputy, str) or day is None:
        raise HTTPBadRequest
    request.directory.accounts.end_stand_in(request.person.login, deputy, day, by=request.person)
    return HTTPSeeOther(request.site.path("account-deputies", [("done", "end")]))
