"""Following a search by mail: asking for it, confirming it, and ending it with one press of a button."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import colander
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Refused
from servicedir.directory.senders import TooMany
from servicedir.directory.subscriptions import Crowded
from servicedir.domain.described import described
from servicedir.domain.hint import LONGEST_CONTACT
from servicedir.domain.history import NotFound
from servicedir.domain.query import PER_PAGE, Sort
from servicedir.domain.subscription import search_of
from servicedir.web import fields, forms
from servicedir.web.open_form import OpenForm, trap
from servicedir.web.translation import _

NOT_AN_ADDRESS = _("Das ist keine E-Mail-Adresse. Beispiel: name@example.org")


@view_defaults(route_name="subscribe", renderer="templates/subscribe.pt", require_csrf=False)
class Subscribe(OpenForm):
    """The form by which anybody follows the search in the address."""

    formid = "subscribe"
    button = _("Bestätigung anfordern")

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show the form, or send a question to the address that it names."""
        asked = self.request.directory.query(self.request.GET.items())
        self.query = replace(asked, on=None, sort=Sort.RELEVANCE, page=1, per_page=PER_PAGE)
        self.about = f"subscribe?{search_of(self.query)}"
        return super().answer()

    def schema(self) -> fields.Schema:
        """Return what the form asks."""
        made = fields.Schema()
        made.add(
            colander.SchemaNode(
                colander.String(),
                name="email",
                title=_("E-Mail-Adresse"),
                validator=colander.Length(max=LONGEST_CONTACT),
                widget=fields.TextWidget(type="email", attributes={"autocomplete": "email"}),
            )
        )
        made.add(trap())
        return made

    def give(self, values: dict[str, Any], button: str) -> Response:
        """Send the question; whoever follows this search already gets the same answer."""
        self.refuse_programs(values)
        sender = self.request.environ.get("REMOTE_ADDR", "")
        try:
            self.request.directory.subscriptions.ask(self.query, values["email"], sender=sender)
        except Refused:
            raise forms.Refusal([(("email",), NOT_AN_ADDRESS)]) from None
        except Crowded as crowded:
            sentence = _(
                "Gerade werden sehr viele Abonnements angefordert. "
                "Bitte versuchen Sie es in ${minutes} Minuten noch einmal.",
                mapping={"minutes": crowded.seconds // 60 + 1},
            )
            raise self.later(crowded.seconds, sentence) from None
        except TooMany as many:
            sentence = _(
                "Von Ihrem Anschluss wurden in der letzten Stunde schon mehrere Abonnements angefordert. "
                "Bitte versuchen Sie es in ${minutes} Minuten noch einmal.",
                mapping={"minutes": many.seconds // 60 + 1},
            )
            raise self.later(many.seconds, sentence) from None
        return HTTPSeeOther(self.request.site.path("subscribe-sent"))

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs."""
        site = self.request.site
        return super().show(form) | {
            "search": described(self.query, site.catalogue, site.language),
            "results": site.find(self.query),
            "feed": site.find(self.query, "feed"),
        }


@view_config(
    route_name="subscribe-sent", request_method=("GET", "HEAD"), renderer="templates/subscribe-sent.pt", public=True
)
@view_config(
    route_name="subscription-begun",
    request_method=("GET", "HEAD"),
    renderer="templates/subscription-begun.pt",
    public=True,
)
def thanks(request: Request) -> dict[str, Any]:
    """Say what happens next, to everybody the same."""
    return {}


class Linked:
    """A page whose address is the key: nobody passes it on, and no robot keeps it.

    To show it does nothing, so that programs that look at the links in mails neither begin nor end anything.
    """

    purpose = ""

    def __init__(self, context: Any, request: Request) -> None:
        request.is_confidential = True
        self.request = request
        self.token = request.matchdict["token"]

    def answer(self) -> dict[str, Any]:
        """Show what the link is for; one that holds no longer is a 404 that says so."""
        try:
            return self._values(self.request.directory.subscriptions.open(self.purpose, self.token))
        except NotFound:
            return self._nothing()

    def _values(self, found: Any, *, done: bool = False) -> dict[str, Any]:
        site = self.request.site
        results = site.find(found.query) if found.query else site.path("home")
        return {"found": found, "results": results, "done": done}

    def _nothing(self) -> dict[str, Any]:
        self.request.response.status_int = 404
        return {"found": None, "results": self.request.site.path("home"), "done": False}


# No token against forgery: whoever has the address may do this, and nobody else can.
@view_defaults(route_name="subscription", renderer="templates/subscription.pt", require_csrf=False)
class Confirm(Linked):
    """The page at which a subscription begins."""

    purpose = "confirm"

    @view_config(request_method="GET")
    def ask(self) -> dict[str, Any]:
        """Show the button."""
        return self.answer()

    @view_config(request_method="POST")
    def confirm(self) -> Any:
        """Let the subscription begin."""
        try:
            self.request.directory.subscriptions.confirm(self.token)
        except NotFound:
            return self._nothing()
        return HTTPSeeOther(self.request.site.path("subscription-begun"))


@view_defaults(route_name="unsubscribe", renderer="templates/unsubscribe.pt", require_csrf=False)
class Unsubscribe(Linked):
    """The page at which a subscription ends, for people and for the button of a mail program (RFC 8058)."""

    purpose = "end"

    @view_config(request_method="GET")
    def ask(self) -> dict[str, Any]:
        """Show the button."""
        return self.answer()

    @view_config(request_method="POST")
    def end(self) -> dict[str, Any]:
        """End it at once, whatever the body says. It is answered here, since mail programs follow no redirect."""
        try:
            return self._values(self.request.directory.subscriptions.end(self.token), done=True)
        except NotFound:
            return self._nothing()
