"""Accounts: the list of them, a new one, one with its roles, and what can be done with it."""

from __future__ import annotations

from typing import Any

import colander
from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Refused
from servicedir.domain.workflow import Duty, Grant, Role
from servicedir.web import fields, forms
from servicedir.web.admin.member import Member
from servicedir.web.people import day_field, refusal, sentences
from servicedir.web.translation import _

STATES = {"active": _("aktiv"), "invited": _("eingeladen"), "disabled": _("gesperrt")}
"""What an account can be."""

LINE = colander.Length(max=200)

WHOLE_CITY = "*"
"""What the form says for the whole city, which somebody has to choose; no office is called that."""


@view_config(route_name="people", renderer="templates/people.pt", permission=Duty.ROLES, request_method="GET")
def people(request: Request) -> dict[str, Any]:
    """Show the accounts that match."""
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "office", "role", "state")}
    found = request.directory.accounts.find(
        request.person, words=asked["q"], office=asked["office"], role=asked["role"], state=asked["state"]
    )
    return {"found": found, "asked": asked, "roles": list(Role), "states": STATES, "offices": _offices(request)}


def _offices(request: Request) -> list[tuple[str, str]]:
    """Return slug and name of every office, in the order of the names."""
    offices = request.directory.catalogue.offices.values()
    return [(o.slug, request.site.plain(o.name)) for o in sorted(offices, key=lambda o: request.site.sort_key(o.name))]


def _line(name: str, title: Any, **options: Any) -> colander.SchemaNode:
    attributes = {"autocomplete": "off", "autocapitalize": "none"}
    widget = fields.TextWidget(attributes=attributes)
    return colander.SchemaNode(colander.String(), name=name, title=title, validator=LINE, widget=widget, **options)


@view_defaults(route_name="person-add", renderer="templates/person-form.pt", permission=Duty.PEOPLE)
class Add:
    """The page that makes an account and sends an invitation."""

    def __init__(self, request: Request) -> None:
        self.request = request
        login = _line("login", _("Anmeldename"), description=_("Bleibt für immer. Beispiel: a.beispiel"))
        schema = fields.Schema(children=[login, _line("name", _("Name")), _line("email", _("E-Mail"))])
        buttons = [forms.Button("invite", _("Einladung senden"))]
        self.form = forms.make_form(schema, request, buttons, formid="person")

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show the form; make the account and queue the mail."""
        return forms.run(self.form, self.request, self.invite, lambda form: {"form": form, "account": None})

    def invite(self, values: dict[str, Any], button: str) -> Response:
        """Make the account, or say what is wrong with it."""
        request = self.request
        try:
            account = request.directory.accounts.invite(**values, by=request.person, link=_link(request))
        except Refused as refused:
            raise refusal(refused) from None
        return HTTPSeeOther(request.site.path("person", [("done", "invite")], number=str(account.number)))


def _link(request: Request) -> Any:
    return lambda token: request.site.absolute("invitation", token=token)


@view_defaults(route_name="person-edit", renderer="templates/person-form.pt", permission=Duty.PEOPLE)
class Edit:
    """The page for another name or e-mail."""

    def __init__(self, context: Member, request: Request) -> None:
        self.account = context.account
        self.request = request
        schema = fields.Schema(children=[_line("name", _("Name")), _line("email", _("E-Mail"), missing="")])
        values = {"name": self.account.person.name, "email": self.account.email}
        buttons = [forms.Button("save", _("Speichern"))]
        self.form = forms.make_form(schema, request, buttons, formid="person", values=values)

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show the form; store what was typed."""
        return forms.run(self.form, self.request, self.save, lambda form: {"form": form, "account": self.account})

    def save(self, values: dict[str, Any], button: str) -> Response:
        """Store name and e-mail, or say what is wrong with them."""
        number = self.account.number
        try:
            self.request.directory.accounts.describe(number, **values, by=self.request.person)
        except Refused as refused:
            raise refusal(refused) from None
        return HTTPSeeOther(self.request.site.path("person", [("done", "edit")], number=str(number)))


class Page:
    """An account with its roles and with what the person who looks at it may do."""

    def __init__(self, context: Member, request: Request) -> None:
        self.account = context.account
        self.request = request
        self.accounts = request.directory.accounts
        self.form = forms.make_form(
            self.schema(),
            request,
            [forms.Button("give", _("Rolle geben"))],
            action=request.site.path("person-roles", number=str(self.account.number)),
            formid="role",
        )

    def schema(self) -> fields.Schema:
        """Return the form that gives a role: the roles that this person may give, in words."""
        site, by = self.request.site, self.request.person
        roles = [(role.value, site.label(role)) for role in self.accounts.roles_given_by(by)]
        role = fields.SelectWidget(values=roles)
        may_all = Duty.PEOPLE in self.request.directory.duties(by)
        everywhere = [(WHOLE_CITY, site.translate(_("ganze Stadt")))] if may_all else []
        office = fields.SelectWidget(values=[*everywhere, *_offices(self.request)])
        return fields.Schema(
            children=[
                colander.SchemaNode(colander.String(), name="role", title=_("Rolle"), widget=role),
                colander.SchemaNode(colander.String(), name="office", title=_("Amt"), widget=office),
                day_field("until", _("Letzter Tag (wenn die Rolle einen hat)"), missing=None),
            ]
        )

    @view_config(route_name="person", renderer="templates/person.pt", permission=Duty.ROLES, request_method="GET")
    def answer(self) -> dict[str, Any]:
        """Show the account."""
        return self.show(self.form)

    def show(self, form: forms.Form, *said: str) -> dict[str, Any]:
        """Return what the template needs; `said` are sentences about what was refused."""
        number, by = self.account.number, self.request.person
        duties = self.request.directory.duties(by)
        account = self.accounts.get(number, by)
        may_all = Duty.PEOPLE in duties
        return {
            "form": form,
            "account": account,
            "said": said,
            "may_all": may_all,
            "may_take": lambda grant: self.accounts.may_give(grant, by),
            "deputies": self.accounts.deputies(account.person.login, by) if may_all else (),
            "sessions": len(self.request.directory.people.open_sessions(account.person.login)) if may_all else 0,
            "done": self.request.GET.get("done", ""),
        }

    @view_config(
        route_name="person-roles", renderer="templates/person.pt", permission=Duty.ROLES, request_method="POST"
    )
    def answer_role(self) -> Any:
        """Give a role, or show the form with what is wrong."""
        return forms.run(self.form, self.request, self.give, self.show)

    def give(self, values: dict[str, Any], button: str) -> Response:
        """Give a role."""
        until = values["until"].first if values["until"] else None
        office = "" if values["office"] == WHOLE_CITY else values["office"]
        grant = Grant(Role(values["role"]), office, until)
        try:
            self.accounts.grant(self.account.number, grant, by=self.request.person)
        except Refused as refused:
            raise refusal(refused) from None
        return self.back("role")

    @view_config(
        route_name="person-role-end", renderer="templates/person.pt", permission=Duty.ROLES, request_method="POST"
    )
    def take_role(self) -> Any:
        """Take a role away."""
        role, office = (self.request.POST.get(name, "") for name in ("role", "office"))
        if not isinstance(office, str) or role not in list(Role):
            raise HTTPBadRequest
        return self.do(self.accounts.ungrant, "role", Grant(Role(role), office))

    @view_config(
        route_name="person-access", renderer="templates/person.pt", permission=Duty.PEOPLE, request_method="POST"
    )
    def change_access(self) -> Any:
        """Lock or unlock, sign out everywhere, take the second factor away, or invite once more."""
        accounts = self.accounts
        match self.request.POST.get("action"):
            case "lock" | "unlock" as action:
                return self.do(accounts.lock, action, action == "lock")
            case "sessions":
                return self.do(accounts.end_sessions, "sessions")
            case "factor":
                return self.do(accounts.reset_factor, "factor")
            case "invite":
                return self.do(accounts.invite_again, "invite", link=_link(self.request))
            case _:
                raise HTTPBadRequest

    def do(self, act: Any, done: str, *values: Any, **more: Any) -> Any:
        """Do something with the account and show it; what is refused is a 400 that says why."""
        try:
            act(self.account.number, *values, by=self.request.person, **more)
        except Refused as refused:
            self.request.tm.doom()
            self.request.response.status_int = 400
            return self.show(self.form, *sentences(refused))
        return self.back(done)

    def back(self, done: str) -> Response:
        """Return to the account."""
        return HTTPSeeOther(self.request.site.path("person", [("done", done)], number=str(self.account.number)))
