"""What citizens point out, without an account and without a cookie: on an entry, or on this site's accessibility."""

from __future__ import annotations

from typing import Any

import colander
from deform.widget import TextAreaWidget
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Refused
from servicedir.directory.senders import TooMany
from servicedir.domain import words
from servicedir.domain.hint import LONGEST, LONGEST_CONTACT, MOST_LINKS, SHORTEST, Subject
from servicedir.web import fields, forms
from servicedir.web.open_form import OpenForm, trap
from servicedir.web.translation import _

FAULTS = {
    "too_short": _("Bitte schreiben Sie etwas mehr: mindestens ${least} Zeichen.", mapping={"least": SHORTEST}),
    "too_long": _("Bitte fassen Sie sich kürzer: höchstens ${most} Zeichen.", mapping={"most": LONGEST}),
    "too_many_links": _(
        "Bitte nennen Sie höchstens ${most} Internetadressen. Mehr nehmen wir wegen unerwünschter Werbung nicht an.",
        mapping={"most": MOST_LINKS},
    ),
    "not_an_address": _("Das ist keine E-Mail-Adresse. Beispiel: name@example.org"),
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
    made.add(trap())
    return made


class Pointed(OpenForm):
    """A form by which anybody points something out."""

    formid = "hint"
    thanks: tuple[str, dict[str, str]] = ("feedback-thanks", {})

    def schema(self) -> fields.Schema:
        """Return what is asked."""
        return schema(self.request.site.language, with_subject=bool(self.about))

    def give(self, values: dict[str, Any], button: str) -> Response:
        """Hand a hint to the office."""
        self.refuse_programs(values)
        subject = Subject(values.get("subject", Subject.ACCESSIBILITY))
        sender = self.request.environ.get("REMOTE_ADDR", "")
        try:
            self.request.directory.hints.give(
                self.about, subject=subject, text=values["text"], contact=values["contact"], sender=sender
            )
        except Refused as refused:
            raise forms.Refusal([(fault.where, FAULTS[fault.what]) for fault in refused.faults]) from None
        except TooMany as many:
            sentence = _(
                "Von Ihrem Anschluss kamen in der letzten Stunde schon mehrere Hinweise. "
                "Bitte senden Sie diesen in ${minutes} Minuten noch einmal ab.",
                mapping={"minutes": many.seconds // 60 + 1},
            )
            raise self.later(many.seconds, sentence) from None
        route, parts = self.thanks
        return HTTPSeeOther(self.request.site.path(route, **parts))


@view_defaults(route_name="hint", renderer="templates/hint.pt", require_csrf=False)
class HintForm(Pointed):
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
class Accessibility(Pointed):
    """The statement on accessibility, with the form to say what is in one's way."""

    @view_config(request_method="GET")
    @view_config(request_method="POST")
    def answer(self) -> Any:
        """Show statement and form, or take it."""
        return super().answer()


@view_config(route_name="hint-thanks", request_method=("GET", "HEAD"), renderer="templates/hint-thanks.pt", public=True)
@view_config(
    route_name="feedback-thanks", request_method=("GET", "HEAD"), renderer="templates/hint-thanks.pt", public=True
)
def thanks(context: Any, request: Request) -> dict[str, Any]:
    """Say what happens next."""
    return {"service": getattr(context, "service", None)}
