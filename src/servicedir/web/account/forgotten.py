"""A password by link: for whoever was invited, and for whoever forgot it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import colander
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Refused
from servicedir.domain.history import NotFound
from servicedir.domain.reader import reader
from servicedir.web import fields, forms
from servicedir.web.account.throttle import folded, refuse
from servicedir.web.people import new_password, refusal, same_twice
from servicedir.web.translation import _

ASKED_WITHIN = timedelta(hours=1)
MOST_ASKED = {"address": 10, "name": 3}
"""How often a link is asked for in ASKED_WITHIN from one address, and for one name; more for a name sends no mail."""


@view_defaults(route_name="login-reset", renderer="templates/reset.pt")
class Forgot:
    """The page that sends a link, and never tells whether there is an account to send it to."""

    def __init__(self, request: Request) -> None:
        self.request = request
        name = colander.SchemaNode(
            colander.String(),
            name="name",
            title=_("Anmeldename oder E-Mail-Adresse"),
            validator=colander.Length(max=200),
            widget=fields.TextWidget(attributes={"autocomplete": "username", "autocapitalize": "none"}),
        )
        schema = fields.Schema(children=[name])
        self.form = forms.make_form(schema, request, [forms.Button("send", _("Link zusenden"))], formid="reset")

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show the form; send a link to whoever it may be."""
        return forms.run(self.form, self.request, self.send, self.show)

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs."""
        return {"form": form, "too_many": False, "done": self.request.GET.get("done", "")}

    def send(self, values: dict[str, Any], button: str) -> Any:
        """Queue a mail, if there is somebody; whoever asks too often has to wait."""
        directory, site = self.request.directory, self.request.site
        address = f"reset {reader(self.request.environ.get('REMOTE_ADDR', ''))}"
        name = f"reset of {folded(values['name'])}"
        if len(directory.people.failures(address, ASKED_WITHIN)) >= MOST_ASKED["address"]:
            refuse(self.request)
            return self.show(self.form) | {"too_many": True}
        often = len(directory.people.failures(name, ASKED_WITHIN)) >= MOST_ASKED["name"]
        for key in (address, name):
            directory.people.record_failure(key)
        if not often:
            directory.accounts.forgot(values["name"], link=lambda token: site.absolute("invitation", token=token))
        return HTTPSeeOther(site.path("login-reset", [("done", "sent")]))


@view_defaults(route_name="invitation", renderer="templates/invitation.pt")
class Invitation:
    """The page that a link from a mail leads to."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.token = request.matchdict["token"]
        schema = fields.Schema(children=new_password(_("Passwort")))
        self.form = forms.make_form(schema, request, [forms.Button("set", _("Passwort festlegen"))], formid="password")

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show the form; set the password. A link that holds no longer is a 404 that says what to do."""
        login = self.request.directory.people.invitations.whose(self.token)
        if login is None:
            self.request.response.status_int = 404
            return {"form": None, "login": ""}
        return forms.run(self.form, self.request, self.accept, lambda form: {"form": form, "login": login})

    def accept(self, values: dict[str, Any], button: str) -> Response:
        """Set the password, and let somebody sign in with it."""
        same_twice(values)
        try:
            person = self.request.directory.accounts.accept(self.token, values["password"])
        except Refused as refused:
            raise refusal(refused) from None
        if person is None:  # Somebody else has used the link since this request began.
            raise NotFound("invitation")
        return HTTPSeeOther(self.request.site.path("login", [("done", "password")]))
