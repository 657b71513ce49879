"""Forms that anybody can send, without an account and without a cookie: what tells a person from a program."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any

import colander
from pyramid.exceptions import BadCSRFOrigin
from pyramid.request import Request
from pyramid.response import Response

from servicedir.web import fields, forms
from servicedir.web.security import SAFE_METHODS, is_from_here
from servicedir.web.translation import _

QUICKEST, OLDEST = 3, 24 * 60 * 60
"""Seconds after which a form can be sent, since no person writes faster, and until which it can."""

AGES = {
    "forged": _("Dieses Formular kam nicht von unserer Seite. Bitte senden Sie es jetzt noch einmal ab."),
    "early": _("Das ging schneller, als Menschen schreiben. Bitte senden Sie das Formular noch einmal ab."),
    "late": _("Das Formular war länger als einen Tag offen. Bitte senden Sie es jetzt noch einmal ab."),
}


def trap() -> colander.SchemaNode:
    """Return a field that people do not see, and that programs fill in as every other; those who do are told."""
    widget = fields.TextWidget(attributes={"autocomplete": "off", "tabindex": "-1"})
    title = _("Bitte lassen Sie dieses Feld leer")
    return colander.SchemaNode(colander.String(), name="homepage", title=title, missing="", widget=widget)


def stamp(secret: str, about: str, seconds: int) -> str:
    """Return what a form carries instead of a session's token: when the page was shown, and what it was about."""
    proof = hmac.new(secret.encode(), f"hint:{about}:{seconds}".encode(), sha256).hexdigest()
    return f"{seconds:08x}{proof}"


def age_of(secret: str, about: str, given: str, now: int) -> str:
    """Return an empty string for a stamp with which a form may be sent now, else one of AGES."""
    try:
        seconds = int(given[:8], 16)
    except ValueError:
        return "forged"
    if not hmac.compare_digest(stamp(secret, about, seconds).encode(), given.encode("utf-8", "replace")):
        return "forged"
    if now - seconds > OLDEST:
        return "late"
    return "early" if now - seconds < QUICKEST else ""


class OpenForm:
    """A form that anybody can send. It needs no cookie, so it carries a stamp of its own against forgery."""

    about = ""
    formid = "open"
    button = _("Absenden")

    def __init__(self, context: Any, request: Request) -> None:
        self.context = context
        self.request = request

    def schema(self) -> fields.Schema:
        """Return what the form asks, the trap among it."""
        raise NotImplementedError

    def give(self, values: dict[str, Any], button: str) -> Response:
        """Do what the form is for. Raises forms.Refusal."""
        raise NotImplementedError

    def answer(self) -> Any:
        """Show the form; take what it says and send on to the thanks, or show it again with all that was typed."""
        if self.request.method not in SAFE_METHODS and not is_from_here(self.request):
            raise BadCSRFOrigin
        button = forms.Button("send", self.button)
        self.form = forms.make_form(self.schema(), self.request, [button], formid=self.formid)
        self.form.token = self.stamp()
        return forms.run(self.form, self.request, self.give, self.show)

    def stamp(self) -> str:
        """Return the stamp that came, as long as it is of use; else a new one."""
        secret, now = self.request.site.settings.secret, int(self.request.directory.house.now().timestamp())
        given = self.request.POST.get("csrf_token", "") if self.request.method == "POST" else ""
        self.age = age_of(secret, self.about, given if isinstance(given, str) else "", now)
        return given if self.age in ("", "early") else stamp(secret, self.about, now)

    def refuse_programs(self, values: dict[str, Any]) -> None:
        """Raise forms.Refusal for what no person with our form sends, and for a form that is too old."""
        if self.age:
            raise forms.Refusal([((), AGES[self.age])])
        if values["homepage"]:
            raise forms.Refusal([(("homepage",), _("Bitte leeren Sie dieses Feld: es ist für Programme gedacht."))])

    def later(self, seconds: int, sentence: str) -> forms.Refusal:
        """Return the refusal of what would be too much now, with a sentence that says so: a 429."""
        self.request.response.headers["Retry-After"] = str(seconds)
        return forms.Refusal([((), sentence)])

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs."""
        if "Retry-After" in self.request.response.headers:
            self.request.response.status_int = 429
        return {"form": form}
