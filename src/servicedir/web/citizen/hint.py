"""What citizens point out, without an account and without a cookie: on an entry, or on this site's accessibility."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any

import colander
from deform.widget import TextAreaWidget
from pyramid.exceptions import BadCSRFOrigin
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Refused
from servicedir.directory.senders import TooMany
from servicedir.domain import words
from servicedir.domain.hint import LONGEST, LONGEST_CONTACT, MOST_LINKS, SHORTEST, Subject
from servicedir.web import fields, forms
from servicedir.web.security import SAFE_METHODS, is_from_here
from servicedir.web.translation import _

QUICKEST, OLDEST = 3, 24 * 60 * 60
"""Seconds after which a form can be sent, since no person writes faster, and until which it can."""

FAULTS = {
    "too_short": _("Bitte schreiben Sie etwas mehr: mindestens ${least} Zeichen.", mapping={"least": SHORTEST}),
    "too_long": _("Bitte fassen Sie sich kürzer: höchstens ${most} Zeichen.", mapping={"most": LONGEST}),
    "too_many_links": _(
        "Bitte nennen Sie höchstens ${most} Internetadressen. Mehr nehmen wir wegen unerwünschter Werbung nicht an.",
        mapping={"most": MOST_LINKS},
    ),
    "not_an_address": _("Das ist keine E-Mail-Adresse. Beispiel: name@example.org"),
}
AGES = {
    "forged": _("Dieses Formular kam nicht von unserer Seite. Bitte senden Sie es jetzt noch einmal ab."),
    "early": _("Das ging schneller, als Menschen schreiben. Bitte senden Sie das Formular noch einmal ab."),
    "late": _("Das Formular war länger als einen Tag offen. Bitte senden Sie es jetzt noch einmal ab."),
}


def schema(language: str, *, with_subject: bool) -> fields.Schema:
    """Return what a form for hints asks: what it is about, the text, and an address for whoever wants an answer."""
    made = fields.Schema()
    if with_subject:
        subjects = [(subject.value, words.label(subject, language)) for subject in Subject]
        widget = fields.RadioWidget(values=subjects)
        made.add(colander.SchemaNode(colander.String(), name="subject", title=_("Worum es geht"), widget=widget))
    made.add(
        colander.SchemaNode(
            colander.String(),
            name="text",
            title=_("Was nicht stimmt") if with_subject else _("Was Sie hindert"),
            description=_("Bitte schreiben Sie nichts Persönliches über sich oder andere."),
            widget=TextAreaWidget(rows=6),
        )
    )
    made.add(
        colander.SchemaNode(
            colander.String(),
            name="contact",
            title=_("E-Mail-Adresse, wenn Sie eine Antwort möchten"),
            missing="",
            validator=colander.Length(max=LONGEST_CONTACT),
            widget=fields.TextWidget(type="email", attributes={"autocomplete": "email"}),
        )
    )
    # What fills in every field is a program. People do not see this one; those who do are told.
    trap = fields.TextWidget(attributes={"autocomplete": "off", "tabindex": "-1"})
    title = _("Bitte lassen Sie dieses Feld leer")
    made.add(colander.SchemaNode(colander.String(), name="homepage", title=title, missing="", widget=trap))
    return made


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
    thanks: tuple[str, dict[str, str]] = ("feedback-thanks", {})

    def __init__(self, context: Any, request: Request) -> None:
        self.context = context
        self.request = request

    def answer(self) -> Any:
        """Show the form; take what it says and send on to the thanks, or show it again with all that was typed."""
        if self.request.method not in SAFE_METHODS and not is_from_here(self.request):
            raise BadCSRFOrigin
        made = schema(self.request.site.language, with_subject=bool(self.about))
        self.form = forms.make_form(made, self.request, [forms.Button("send", _("Absenden"))], formid="hint")
        self.form.token = self.stamp()
        return forms.run(self.form, self.request, self.give, self.show)

    def stamp(self) -> str:
        """Return the stamp that came, as long as it is of use; else a new one."""
        secret, now = self.request.site.settings.secret, int(self.request.directory.house.now().timestamp())
        given = self.request.POST.get("csrf_token", "") if self.request.method == "POST" else ""
        self.age = age_of(secret, self.about, given if isinstance(given, str) else "", now)
        return given if self.age in ("", "early") else stamp(secret, self.about, now)

    def give(self, values: dict[str, Any], button: str) -> Response:
        """Hand a hint to the office."""
        if self.age:
            raise forms.Refusal([((), AGES[self.age])])
        if values["homepage"]:
            raise forms.Refusal([(("homepage",), _("Bitte leeren Sie dieses Feld: es ist für Programme gedacht."))])
        subject = Subject(values.get("subject", Subject.ACCESSIBILITY))
        sender = self.request.environ.get("REMOTE_ADDR", "")
        try:
            self.request.directory.hints.give(
                self.about, subject=subject, text=values["text"], contact=values["contact"], sender=sender
            )
        except Refused as refused:
            raise forms.Refusal([(fault.where, FAULTS[fault.what]) for fault in refused.faults]) from None
        except TooMany as many:
            self.request.response.headers["Retry-After"] = str(many.seconds)
            sentence = _(
                "Von Ihrem Anschluss kamen in der letzten Stunde schon mehrere Hinweise. "
                "Bitte senden Sie diesen in ${minutes} Minuten noch einmal ab.",
                mapping={"minutes": many.seconds // 60 + 1},
            )
            raise forms.Refusal([((), sentence)]) from None
        route, parts = self.thanks
        return HTTPSeeOther(self.request.site.path(route, **parts))

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs."""
        if "Retry-After" in self.request.response.headers:
            self.request.response.status_int = 429
        return {"form": form}


@view_defaults(route_name="hint", renderer="templates/hint.pt", require_csrf=False)
class HintForm(OpenForm):
    """The form for a hint on a published entry."""

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show the form, or take it."""
        self.about = self.context.service.slug
        self.thanks = ("hint-thanks", {"slug": self.about})
        return super().answer()

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs."""
        return super().show(form) | {"service": self.context.service}


@view_defaults(route_name="accessibility", renderer="templates/accessibility.pt", require_csrf=False)
class Accessibility(OpenForm):
    """The statement on accessibility, with the form to say what is in one's way."""

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show statement and form, or take it."""
        return super().answer()


@view_config(route_name="hint-thanks", renderer="templates/hint-thanks.pt", public=True)
@view_config(route_name="feedback-thanks", renderer="templates/hint-thanks.pt", public=True)
def thanks(context: Any, request: Request) -> dict[str, Any]:
    """Say what happens next."""
    return {"service": getattr(context, "service", None)}
