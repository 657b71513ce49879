"""The tokens of other programs: making one, which is shown once, seeing what became of them, revoking."""

from __future__ import annotations

from typing import Any

import colander
from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Refused
from servicedir.directory.tokens import LONGEST_NAME
from servicedir.domain.text import sort_key
from servicedir.domain.token import Purpose
from servicedir.domain.workflow import Duty
from servicedir.web import forms
from servicedir.web.fields import ChecklistWidget, Schema, TextWidget
from servicedir.web.people import day_field
from servicedir.web.translation import _

PURPOSES = {
    Purpose.DRAFTS: _("Entwürfe schreiben und zur Prüfung senden"),
    Purpose.WORKFLOW: _("prüfen, veröffentlichen und zurückziehen"),
    Purpose.FIGURES: _("Terminzahlen melden"),
}
"""What a token is good for, in words."""

STATES = {
    "good": _("gültig"),
    "expired": _("abgelaufen"),
    "revoked": _("widerrufen"),
    "orphaned": _("ruht, weil wer es ausgegeben hat, das nicht mehr darf"),
}
"""What became of a token."""

RULES = {
    "missing": _("Bitte füllen Sie dieses Feld aus."),
    "not_a_name": _("Möglich sind bis zu ${max} Zeichen in einer Zeile.", mapping={"max": LONGEST_NAME}),
    "name_taken": _("So heißt oder hieß schon ein anderes Token."),
    "unknown_office": _("Diese Auswahl gibt es nicht (mehr). Bitte wählen Sie etwas anderes."),
    "in_the_past": _("Dieser Tag ist schon vorbei."),
}
"""What a broken rule of the directory is called in the form."""


def token_schema(offices: list[tuple[str, str]]) -> Schema:
    """Return the fields of a new token."""
    return Schema(
        colander.SchemaNode(
            colander.String(),
            name="name",
            title=_("Für welches Programm?"),
            description=_("Steht im Verlauf und im Prüfprotokoll bei allem, was damit geschieht."),
            validator=colander.Length(max=LONGEST_NAME),
            widget=TextWidget(attributes={"autocomplete": "off"}),
        ),
        colander.SchemaNode(
            colander.Set(),
            name="purposes",
            title=_("Was darf es?"),
            widget=ChecklistWidget(values=[(purpose.value, said) for purpose, said in PURPOSES.items()]),
            validator=colander.Length(min=1),
        ),
        colander.SchemaNode(
            colander.Set(),
            name="offices",
            title=_("Für welche Ämter?"),
            description=_("Mit allen Stellen darunter. Ohne Auswahl gilt es für die ganze Stadt."),
            widget=ChecklistWidget(values=offices),
            missing=frozenset(),
        ),
        day_field(
            "expires",
            _("Letzter Tag"),
            description=_("Leer: gültig, bis es jemand widerruft."),
            missing=None,
        ),
    )


@view_defaults(route_name="tokens", renderer="templates/tokens.pt", permission=Duty.TOKENS)
class Tokens:
    """The list of all tokens, and the form for another one."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.tokens = request.directory.tokens
        self.form = self.blank()

    def blank(self) -> forms.Form:
        """Return the form with nothing in it."""
        site = self.request.site
        offices = sorted(((o.slug, site.plain(o.name)) for o in site.catalogue.offices.values()), key=_by_name)
        buttons = [forms.Button("add", _("Token ausgeben"))]
        return forms.make_form(token_schema(offices), self.request, buttons, formid="token")

    @view_config(request_method="GET")
    def show(self, form: forms.Form | None = None, made: Any = None, secret: str = "") -> dict[str, Any]:
        """Return what the page shows; `secret` is shown this one time."""
        listed = self.tokens.all(self.request.person)
        return {
            "form": form or self.form,
            "made": made,
            "secret": secret,
            "current": [one for one in listed if one.state in ("good", "orphaned")],
            "former": [one for one in listed if one.state not in ("good", "orphaned")],
            "purposes": PURPOSES,
            "states": STATES,
            "done": self.request.GET.get("done", "") if self.request.method == "GET" else "",
        }

    @view_config(request_method="POST")
    def answer(self) -> Response | dict[str, Any]:
        """Make a token, or revoke one."""
        if self.request.POST.get("__formid__") == "revoke":
            return self.revoke()
        answer: Response | dict[str, Any] = forms.run(self.form, self.request, self.make, self.show)
        return answer

    def make(self, values: dict[str, Any], button: str) -> dict[str, Any]:
        """Make a token and show it. Not a 303: it stands nowhere else, and nothing but this answer may ever hold it."""
        purposes = {Purpose(value) for value in values["purposes"]}
        expires = values["expires"].first if values["expires"] else None
        try:
            made, secret = self.tokens.make(
                values["name"], purposes, sorted(values["offices"]), expires, by=self.request.person
            )
        except Refused as refused:
            raise forms.Refusal((fault.where[:1], RULES[fault.what]) for fault in refused.faults) from None
        return self.show(self.blank(), made, secret)

    def revoke(self) -> Response:
        """Let a token be good for nothing from now on. Raises HTTPBadRequest, and NotFound where it is already."""
        sent = self.request.POST
        number = sent.get("token", "")
        is_ours = sorted(sent) == ["__formid__", "csrf_token", "token"] and isinstance(number, str)
        if not is_ours or not (number.isascii() and number.isdecimal() and len(number) < 10):
            raise HTTPBadRequest(self.request.localizer.translate(_("Dieses Token gibt es nicht.")))
        self.tokens.revoke(int(number), by=self.request.person)
        return HTTPSeeOther(self.request.site.path("tokens", [("done", "revoked")]))


def _by_name(pair: tuple[str, str]) -> str:
    return sort_key(pair[1])
