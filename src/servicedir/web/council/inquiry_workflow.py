"""The page of an inquiry's state, with the steps that this person may take and why others are missing; its history."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import colander
from deform.widget import HiddenWidget, TextAreaWidget
from markupsafe import Markup
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Refused
from servicedir.directory.answering import Overtaken
from servicedir.domain.history import Conflict
from servicedir.domain.inquiry import INQUIRY_STEPS, InquiryState
from servicedir.domain.workflow import Duty
from servicedir.reports import html
from servicedir.reports.answer import Answer, mark
from servicedir.web import forms
from servicedir.web.council.inquiry_changes import changes
from servicedir.web.council.inquiry_values import SENTENCES
from servicedir.web.council.officers import LOOKS, InquiryPage
from servicedir.web.fields import Schema
from servicedir.web.translation import _

STEP_LABELS = {
    "submit": _("Zur Freigabe senden"),
    "approve": _("Freigeben"),
    "reject": _("Zurückgeben"),
    "withdraw": _("Zurückholen"),
    "publish": _("Veröffentlichen"),
    "reopen": _("Wieder öffnen"),
}
"""What a step is called, in the order of the buttons; the first one is the one that Enter presses."""

MEANS = {
    "submit": _("Wer nicht mitgeschrieben hat, sieht die Antwort durch und gibt sie frei oder zurück."),
    "approve": _(
        "Die Antwort wird eingefroren: Inhalt, beide Stichtage und eine Prüfsumme. Was sich danach im Katalog ändert, "
        "ändert an ihr nichts mehr."
    ),
    "reject": _("Die Anfrage ist wieder ein Entwurf. Ihre Bemerkung sagt, was zu ändern ist."),
    "withdraw": _("Die Anfrage ist wieder ein Entwurf."),
    "publish": _("Alle können die freigegebene Antwort lesen und herunterladen, für immer unter derselben Adresse."),
    "reopen": _(
        "Die Anfrage ist wieder ein Entwurf. Die freigegebene Antwort bleibt aufgehoben, aber unveröffentlicht."
    ),
}
"""What taking a step means."""

LONGEST_REMARK = 500


@view_defaults(route_name="inquiry-workflow", renderer="templates/inquiry-workflow.pt", permission=Duty.INQUIRIES)
class InquiryWorkflow:
    """The page, and the form of its steps."""

    refused = ""  # why a step was not taken
    answers: Sequence[Answer] = ()  # what would be frozen, where this person may approve it

    def __init__(self, context: InquiryPage, request: Request) -> None:
        self.standing = context.standing
        self.request = request
        self.answering = request.directory.answering

    @view_config(request_method="GET")
    def read(self) -> dict[str, Any]:
        """Return what the page shows, with the answer to be read where this person may approve it."""
        self.answers = self.drafts()
        return self.show()

    def show(self, form: forms.Form | None = None) -> dict[str, Any]:
        """Return what the page shows: where the inquiry stands, what can be done, what was frozen.

        After a step that was refused for something else than the answer, nobody waits until that is made once more.
        """
        # First of all: a request that posts holds the lock of writers from its first look into the database.
        shown = self.shown()
        if form and self.refused:  # Pressed again, it is about what is shown now.
            form["based_on"].cstruct = str(self.standing.entry.latest.number)
        if form and self.answers:  # Else about what was read before, as it says itself.
            form["seen"].cstruct = self.seen()
        log = self.answering.log(self.standing.entry.slug, self.request.person)[::-1]
        return {
            "standing": self.standing,
            "inquiry": self.standing.inquiry,
            "looks": LOOKS,
            "form": form or self.form(),
            "shown": shown,
            "steps": [(STEP_LABELS[name], MEANS[name]) for name in self.steps()],
            "obstacle": self.obstacle(),
            "writers": sorted(self.answering.writers(self.standing)),
            "refused": self.refused,
            "frozen": self.standing.answers[::-1],
            "log": log,
            "reason": log[0].reason,
            "done": self.request.GET.get("done", "") if self.request.method == "GET" else "",
        }

    @view_config(request_method="POST")
    def answer(self) -> Response | dict[str, Any]:
        """Take the step whose button was pressed; 409 where it is possible no more, 403 where it is not for one."""
        for name in INQUIRY_STEPS.keys() & self.request.POST.keys():
            if INQUIRY_STEPS[name][0] is not self.standing.state:
                return self._refuse(409, self._changed())
            if name not in self.steps():
                return self._refuse(403, self.obstacle())
        answer: Response | dict[str, Any] = forms.run(self._form(self.steps()), self.request, self.take, self.show)
        if self.refused:
            self.request.response.status_int = 409
        return answer

    def take(self, values: dict[str, Any], step: str) -> Response:
        """Take a step. Raises forms.Refusal."""
        why = values["why"].strip()
        if step == "reject" and not why:
            raise forms.Refusal([(("why",), _("Bitte schreiben Sie, was zu ändern ist."))])
        slug = self.standing.entry.slug
        try:
            self.answering.step(
                slug, step, based_on=values["based_on"], by=self.request.person, why=why, seen=values["seen"]
            )
        except Refused as refused:
            said = dict.fromkeys(SENTENCES[fault.what] for fault in refused.faults)
            hint = _("So lässt sich die Anfrage nicht beantworten. Bitte öffnen Sie „Bearbeiten“:")
            translate = self.request.site.translate
            raise forms.Refusal([((), " ".join([translate(hint), *map(translate, said)]))]) from None
        except (Conflict, ValueError):  # Somebody else took a step since this page's own look at where it stands.
            self.refused = self._changed()
            raise forms.Refusal([]) from None
        except Overtaken as overtaken:
            self.answers = overtaken.answers
            self.refused = self.request.site.translate(
                _(
                    "Der Katalog hat sich geändert, seit Sie die Antwort gelesen haben. Nichts wurde freigegeben. "
                    "Unten steht die Antwort, wie sie jetzt ist."
                )
            )
            raise forms.Refusal([]) from None
        return HTTPSeeOther(self.request.site.path("inquiry-workflow", [("done", step)], slug=slug))

    def steps(self) -> list[str]:
        """Return the steps that this person can take as the inquiry stands."""
        may_approve = self.answering.may_approve(self.standing, self.request.person)
        return [
            name
            for name in STEP_LABELS
            if INQUIRY_STEPS[name][0] is self.standing.state and (name != "approve" or may_approve)
        ]

    def drafts(self) -> Sequence[Answer]:
        """Return what would be frozen, in each language; nothing where this person has nothing to approve."""
        if "approve" not in self.steps():
            return ()
        try:
            return self.answering.drafts(self.standing.inquiry, self.request.person)
        except Refused:
            return ()

    def seen(self) -> str:
        """Return the mark of what is shown."""
        return mark(self.answers) if self.answers else ""

    def shown(self) -> Markup | None:
        """Return what would be frozen as it will print, in the language of the page."""
        language = self.request.site.language
        found = [answer for answer in self.answers if answer.language == language]
        return Markup(html.body(found[0], "")) if found else None  # noqa: S704 - the report escapes what it is made of

    def form(self) -> forms.Form | None:
        """Return the form of the steps, if there is any."""
        steps = self.steps()
        return self._form(steps) if steps else None

    def _form(self, steps: list[str]) -> forms.Form:
        buttons = [forms.Button(name, STEP_LABELS[name]) for name in steps]
        values = {"based_on": self.standing.entry.latest.number, "seen": self.seen()}
        return forms.make_form(_step_schema("reject" in steps), self.request, buttons, formid="step", values=values)

    def obstacle(self) -> str:
        """Return why this person cannot approve what waits for it; an empty string where nothing is in the way."""
        if self.standing.state is not InquiryState.IN_APPROVAL or "approve" in self.steps():
            return ""
        translate = self.request.site.translate
        if Duty.APPROVE not in self.request.directory.duties(self.request.person):
            return translate(_("Freigeben können Personen mit der Rolle Koordination oder Administration."))
        return translate(
            _("Sie haben an dieser Antwort mitgeschrieben. Freigeben kann sie nur, wer nicht mitgeschrieben hat.")
        )

    def _changed(self) -> str:
        return self.request.site.translate(
            _("Die Anfrage hat sich inzwischen geändert. Sehen Sie nach und wählen Sie dann den Schritt noch einmal.")
        )

    def _refuse(self, status: int, why: str) -> dict[str, Any]:
        self.refused = why
        self.request.tm.doom()
        self.request.response.status_int = status
        return self.show()


def _step_schema(returns: bool) -> Schema:
    """Return the fields of the steps; where one gives the inquiry back, that takes a remark."""
    read = _("Lesen alle, die Anfragen beantworten.")
    needed = _("Lesen alle, die Anfragen beantworten. Beim Zurückgeben nötig.")
    return Schema(
        colander.SchemaNode(colander.Integer(), name="based_on", missing=0, widget=HiddenWidget()),
        colander.SchemaNode(colander.String(), name="seen", missing="", widget=HiddenWidget()),
        colander.SchemaNode(
            colander.String(),
            name="why",
            title=_("Bemerkung"),
            description=needed if returns else read,
            missing="",
            validator=colander.Length(max=LONGEST_REMARK),
            widget=TextAreaWidget(rows=3),
        ),
    )


@view_config(route_name="inquiry-history", renderer="templates/inquiry-history.pt", permission=Duty.INQUIRIES)
def history(context: InquiryPage, request: Request) -> dict[str, Any]:
    """Show every revision: when, who, why, and what it changed question by question; newest first."""
    revisions = request.directory.answering.history(context.standing.entry.slug, request.person)
    changed = [changes(old, new, request.site) for old, new in pairwise(revisions)]
    return {
        "standing": context.standing,
        "inquiry": context.standing.inquiry,
        "frozen": {answer.revision: answer for answer in context.standing.answers},
        "rows": list(zip(revisions, [[], *changed], strict=True))[::-1],
    }
