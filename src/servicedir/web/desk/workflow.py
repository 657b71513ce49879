"""The page of an entry's state: what is public, what is planned, and whatever is done with an entry as a whole."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Forbidden, Refused
from servicedir.directory.reviews import MOST_MONTHS
from servicedir.domain.history import Conflict, SlugTaken
from servicedir.domain.service import ChannelKind
from servicedir.domain.workflow import TIMED, TRANSITIONS, Permission
from servicedir.web import forms
from servicedir.web.contexts import Draft
from servicedir.web.desk.keeping import saved
from servicedir.web.desk.state_page import page_values
from servicedir.web.desk.steps import (
    LONGEST_REMARK,
    care_schema,
    moment_of,
    rename_schema,
    retire_schema,
    slug_of,
    step_schema,
)
from servicedir.web.picking import offered_services
from servicedir.web.translation import _

STEP_LABELS = {
    "submit": _("Zur Prüfung senden"),
    "publish": _("Veröffentlichen"),
    "reject": _("Zurückgeben"),
    "withdraw": _("Aus der Prüfung zurückholen"),
    "discard": _("Entwurf verwerfen"),
    "retire": _("Zurückziehen"),
    "revive": _("Wieder aufnehmen"),
}
"""What a step is called, in the order of the buttons; the first one is the one that Enter presses."""

RULES = {
    "in_the_past": (("at", "day"), _("Dieser Zeitpunkt ist schon vorbei.")),
    "unknown_related": (("successor",), _("Eine solche veröffentlichte Dienstleistung gibt es nicht.")),
    "not_a_slug": (("slug",), _("Möglich sind Kleinbuchstaben, Ziffern und einzelne Bindestriche.")),
    "months": (("review_months",), _("Diese Angabe ist nicht möglich.")),
    "not_an_editor": (("responsible",), _("Diese Person darf den Eintrag nicht bearbeiten.")),
}
"""Which field a broken rule of the directory belongs to, and what it is called there."""

FORGED = _("Diesen Schritt gibt es nicht.")


@view_defaults(route_name="workflow", renderer="templates/workflow.pt", permission=Permission.VIEW)
class Workflow:
    """The page, and the forms on it: each knows itself by its `__formid__`."""

    def __init__(self, context: Draft, request: Request) -> None:
        self.context = context
        self.request = request
        self.slug = context.entry.slug
        self.conflict = False

    @view_config(request_method="GET")
    def show(self, shown: forms.Form | None = None) -> dict[str, Any]:
        """Return what the page shows: every form that this person may use, `shown` in the place of its namesake."""
        made = {name: make() for name, make in self.makers.items()}
        if shown is not None:
            if self.conflict:  # Pressed again, it is about what is shown now.
                shown["based_on"].cstruct = str(self.context.entry.latest.number)
            made[shown.formid] = shown
        return page_values(self.context, self.request) | {
            "forms": {name: form for name, form in made.items() if form is not None},
            "conflict": self.conflict,
            "saved": saved(self.request, self.slug),
            "services": offered_services(self.request),
        }

    @view_config(request_method="POST")
    def answer(self) -> Response | dict[str, Any]:
        """Do what the sent form says."""
        asked = self.request.POST.get("__formid__", "")
        acts = {"step": self.take, "retire": self.take, "care": self.assign, "rename": self.rename}
        plain = {"verify": self.verify, "unplan": self.cancel}
        if asked in plain:
            return plain[asked]()
        if asked not in acts:
            raise HTTPBadRequest(self.request.localizer.translate(FORGED))
        if asked in ("step", "retire") and (refusal := self._impossible()):
            return refusal
        form = self.makers[asked]()
        if form is None:
            raise Forbidden(Permission.EDIT, self.context.service.office)
        answer: Response | dict[str, Any] = forms.run(form, self.request, acts[asked], self.show)
        if self.conflict:
            self.request.response.status_int = 409
        return answer

    @property
    def makers(self) -> dict[str, Any]:
        """Return what makes each form, None where this person may not use it."""
        return {
            "step": self.step_form,
            "retire": self.retire_form,
            "care": self.care_form,
            "rename": self.rename_form,
        }

    # The forms

    def steps(self) -> list[str]:
        """Return the names of the steps that can be taken by this person as the entry stands."""
        entry, permitted = self.context.entry, self.context.permitted
        return [
            name
            for name in STEP_LABELS
            if TRANSITIONS[name].possible(entry.state, entry.live) and TRANSITIONS[name].permission in permitted
        ]

    def step_form(self) -> forms.Form | None:
        """Return the form of all steps but retiring."""
        names = [name for name in self.steps() if name != "retire"]
        schema = step_schema(timed=bool(TIMED & {*names}), returns="reject" in names)
        return self._form("step", schema, names) if names else None

    def retire_form(self) -> forms.Form | None:
        """Return the form of retiring."""
        if "retire" not in self.steps():
            return None
        # What was sent while something was public keeps its fields, so that its answer keeps what was typed.
        was_public = self.context.entry.live is not None or "successor" in self.request.POST
        return self._form("retire", retire_schema(public=was_public), ["retire"])

    def care_form(self) -> forms.Form | None:
        """Return the form of who answers for the entry, and how often it is looked at."""
        if Permission.ASSIGN not in self.context.permitted:
            return None
        entry, reviews = self.context.entry, self.request.directory.reviews
        candidates = reviews.candidates(self.context.service.office)
        schema = care_schema(candidates, self.request.site.settings.review_months, MOST_MONTHS)
        values = {"responsible": entry.responsible, "review_months": entry.review_months}
        buttons = [forms.Button("assign", _("Speichern"), css_class="kern-btn--secondary")]
        return forms.make_form(schema, self.request, buttons, formid="care", values=values)

    def rename_form(self) -> forms.Form | None:
        """Return the form of giving the entry another address."""
        if Permission.RENAME not in self.context.permitted:
            return None
        buttons = [forms.Button("rename", _("Adresse ändern"), css_class="kern-btn--secondary")]
        return forms.make_form(rename_schema(), self.request, buttons, formid="rename", values={"slug": self.slug})

    def _form(self, formid: str, schema: Any, names: list[str]) -> forms.Form:
        looks = {"publish": "kern-btn--primary"}
        buttons = [forms.Button(n, STEP_LABELS[n], css_class=looks.get(n, "kern-btn--secondary")) for n in names]
        values = {"based_on": self.context.entry.latest.number, "why": self._remark() if self.conflict else ""}
        return forms.make_form(schema, self.request, buttons, formid=formid, values=values)

    def _remark(self) -> str:
        typed = self.request.POST.get("why", "")
        return typed[:LONGEST_REMARK] if isinstance(typed, str) and "\0" not in typed else ""

    # What they do

    def _impossible(self) -> dict[str, Any] | None:
        """Return the page as it is now where the entry cannot take the step any more. Raises Forbidden."""
        entry, permitted = self.context.entry, self.context.permitted
        for name in TRANSITIONS.keys() & self.request.POST.keys():
            if not TRANSITIONS[name].possible(entry.state, entry.live):
                self.conflict = True
                self.request.response.status_int = 409
                return self.show()
            if TRANSITIONS[name].permission not in permitted:
                raise Forbidden(TRANSITIONS[name].permission, self.context.service.office)
        return None

    def take(self, values: dict[str, Any], step: str) -> Response:
        """Take a step, or plan it; 409 when the entry has changed since the page was shown."""
        directory, at = self.request.directory, moment_of(values)
        if step == "reject" and not values["why"].strip():
            raise forms.Refusal([(("why",), _("Bitte schreiben Sie, was zu ändern ist."))])
        if at and step not in TIMED:
            raise forms.Refusal([(("at", "day"), _("Nur Veröffentlichen und Zurückziehen lassen sich planen."))])
        said = {
            "based_on": values["based_on"],
            "by": self.request.person,
            "why": values["why"].strip(),
            "successor": slug_of(values.get("successor", "")),
        }
        try:
            if at:
                directory.planning.plan(self.slug, step, at, **said)
            else:
                directory.move(self.slug, step, **said)
        except Refused as refused:
            raise _refusal(refused) from None
        except (Conflict, ValueError):
            self.conflict = True
            raise forms.Refusal([]) from None
        return self._done("planned" if at else step)

    def assign(self, values: dict[str, Any], button: str) -> Response:
        """Note who answers for the entry and how often it is looked at."""
        try:
            self.request.directory.reviews.assign(self.slug, **values, by=self.request.person)
        except Refused as refused:
            raise _refusal(refused) from None
        return self._done("assigned")

    def rename(self, values: dict[str, Any], button: str) -> Response:
        """Give the entry another address and go there."""
        new = values["slug"].strip()
        if new == self.slug:
            raise forms.Refusal([(("slug",), _("So heißt die Adresse schon."))])
        try:
            self.request.directory.rename(self.slug, new, by=self.request.person, why=values["why"].strip())
        except Refused as refused:
            raise _refusal(refused) from None
        except SlugTaken:
            raise forms.Refusal([(("slug",), _("Diese Adresse hat oder hatte schon ein anderer Eintrag."))]) from None
        self.slug = new
        return self._done("renamed")

    def verify(self) -> Response | dict[str, Any]:
        """Note that what is live, or one channel of it, is still right today."""
        channel = self._only("channel")
        directory, person, entry = self.request.directory, self.request.person, self.context.entry
        if entry.live is None:
            return self._too_late()
        kinds = {"", *(c.kind.value for c in directory.live(self.slug).service.channels)}
        if channel not in kinds:
            raise HTTPBadRequest(self.request.localizer.translate(FORGED))
        directory.reviews.verify(self.slug, person, ChannelKind(channel) if channel else None)
        return self._done("verified")

    def cancel(self) -> Response | dict[str, Any]:
        """Forget a planned step."""
        step = self._only("planned")
        if not self.request.directory.planning.cancel(self.slug, step, by=self.request.person):
            return self._too_late()
        return self._done("cancelled")

    def _only(self, name: str) -> str:
        """Return the one field of a form that is nothing but buttons. Raises HTTPBadRequest for any other."""
        sent = self.request.POST
        if sorted(sent) != sorted(["csrf_token", "__formid__", name]) or not isinstance(sent[name], str):
            raise HTTPBadRequest(self.request.localizer.translate(FORGED))
        return str(sent[name])

    def _too_late(self) -> dict[str, Any]:
        self.conflict = True
        self.request.response.status_int = 409
        return self.show()

    def _done(self, what: str) -> Response:
        return HTTPSeeOther(self.request.site.path("workflow", [("done", what)], slug=self.slug))


def _refusal(refused: Refused) -> forms.Refusal:
    return forms.Refusal(RULES[fault.what] for fault in refused.faults)
