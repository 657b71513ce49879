"""Who stands in for somebody who could not say so before going away."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.directory import Refused
from servicedir.domain.workflow import Duty
from servicedir.web import forms
from servicedir.web.admin.member import Member
from servicedir.web.people import deputy_schema, parsed_day, refusal
from servicedir.web.translation import _


class Deputies:
    """The deputies of an account, added and ended by an administrator."""

    def __init__(self, context: Member, request: Request) -> None:
        self.account = context.account
        self.request = request
        self.accounts = request.directory.accounts
        self.login = self.account.person.login

    @view_config(
        route_name="person-deputies",
        renderer="templates/person-deputies.pt",
        permission=Duty.PEOPLE,
        request_method="GET",
    )
    @view_config(
        route_name="person-deputies",
        renderer="templates/person-deputies.pt",
        permission=Duty.PEOPLE,
        request_method="POST",
    )
    def answer(self) -> Any:
        """Show who stands in; add somebody."""
        schema = deputy_schema(self.accounts.candidates(self.login), self.request.directory.today)
        buttons = [forms.Button("add", _("Vertretung eintragen"))]
        form = forms.make_form(schema, self.request, buttons, formid="deputy")
        return forms.run(form, self.request, self.add, self.show)

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs."""
        deputies = self.accounts.deputies(self.login, self.request.person)
        done = "" if form.edited else self.request.GET.get("done", "")
        return {"form": form, "account": self.account, "deputies": deputies, "done": done}

    def add(self, values: dict[str, Any], button: str) -> Response:
        """Let somebody stand in."""
        since, until = values["since"].first, values["until"].first
        try:
            self.accounts.stand_in(self.login, values["deputy"], since, until, by=self.request.person)
        except Refused as refused:
            raise refusal(refused) from None
        return self.back("add")

    @view_config(route_name="person-deputy-end", permission=Duty.PEOPLE, request_method="POST")
    def end(self) -> Response:
        """End what was said of a deputy."""
        deputy, since = (self.request.POST.get(name, "") for name in ("deputy", "since"))
        day = parsed_day(since) if isinstance(since, str) else None
        if not isinstance(deputy, str) or day is None:
            raise HTTPBadRequest
        self.accounts.end_stand_in(self.login, deputy, day, by=self.request.person)
        return self.back("end")

    def back(self, done: str) -> Response:
        """Return to the deputies."""
        number = str(self.account.number)
        return HTTPSeeOther(self.request.site.path("person-deputies", [("done", done)], number=number))
