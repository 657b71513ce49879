"""Making and changing an entry: the form, the draft, and what happens when somebody else saved first."""

from __future__ import annotations

import dataclasses
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Forbidden, Refused
from servicedir.domain.history import Conflict, Entry, SlugTaken
from servicedir.domain.service import Service
from servicedir.domain.workflow import Permission, State
from servicedir.web import forms
from servicedir.web.contexts import Draft, NewEntry
from servicedir.web.desk.schemas import service_schema
from servicedir.web.desk.values import from_form, to_form
from servicedir.web.translation import _

RULES = {
    "missing": _("Bitte füllen Sie dieses Feld aus."),
    "not_a_slug": _("Möglich sind Kleinbuchstaben, Ziffern und einzelne Bindestriche."),
    "not_a_leika_key": _("Ein LeiKa-Schlüssel hat 14 Ziffern und beginnt mit 99."),
    "related_to_itself": _("Eine Dienstleistung ist nicht mit sich selbst verwandt."),
    "channel_twice": _("Diesen Zugangsweg gibt es schon. Tragen Sie den Stand dort ein."),
    "ends_before_it_begins": _("Das Ende liegt vor dem Anfang."),
    "ruled_out_without_reason": _("Wer „nicht möglich“ sagt, nennt den Grund."),
    "negative": _("Bitte geben Sie eine Zahl ab 0 an."),
    "not_a_web_address": _("Das ist keine Internetadresse. Beispiel: https://www.example.org/seite"),
    "overlaps": _("Dieser Stand überschneidet sich mit einem anderen. Bitte ändern Sie „Seit“ oder „Bis“."),
    "undated": _(
        "Seit wann? Ist das nicht bekannt, tragen Sie unter „Belegt für“ ein, für welche Zeit die Quelle es sagt."
    ),
    "unknown_related": _("Mindestens eine dieser Dienstleistungen gibt es nicht. Wählen Sie aus der Liste."),
    "unknown_reference": _("Diese Auswahl gibt es nicht (mehr). Bitte wählen Sie etwas anderes."),
}
"""What a broken rule of the domain is called in a form."""

STEPS = {"save": None, "submit": "submit", "publish": "publish"}
"""Which step of the workflow follows on saving, by button."""


class _Editing:
    """What the forms for new and for existing entries share."""

    new: bool
    asked = ""  # the contradictions that this answer asks about

    def __init__(self, context: Any, request: Request) -> None:
        self.context = context
        self.request = request

    def make_form(self, offices: list[str], permitted: frozenset[Permission], values: dict[str, Any]) -> forms.Form:
        """Return the form with the buttons that this person may press."""
        site = self.request.site
        schema = service_schema(site.language, self.request.directory.catalogue, offices, new=self.new)
        buttons = [forms.Button("save", _("Entwurf speichern"))]
        if Permission.SUBMIT in permitted and Permission.PUBLISH not in permitted:
            buttons.append(forms.Button("submit", _("Speichern und zur Prüfung senden")))
        if Permission.PUBLISH in permitted:
            buttons.append(forms.Button("publish", _("Speichern und veröffentlichen")))
        return forms.make_form(schema, self.request, buttons, formid="service", values=values)

    def store(self, value: Service, based_on: int | None, button: str, why: str) -> Entry:
        """Save, and take the step that the button names, in one transaction. Raises forms.Refusal for broken rules."""
        directory, person = self.request.directory, self.request.person
        if button != "save":
            self._ask_about_contradictions(value)
        try:
            entry = directory.save(value, based_on=based_on, by=person, why=why)
            # What is published as it stands needs no step: nothing was changed, or the answer to this form got lost.
            if (step := STEPS[button]) and entry.state is not State.PUBLISHED:
                entry = directory.move(value.slug, step, based_on=entry.latest.number, by=person, why=why)
        except Refused as fault:
            raise forms.Refusal((_field(f.where), RULES[f.what]) for f in fault.faults) from None
        except SlugTaken:
            raise forms.Refusal([(("slug",), _("Diese Adresse hat schon ein anderer Eintrag."))]) from None
        except Forbidden:
            raise forms.Refusal([(("office",), _("Für dieses Amt dürfen Sie das nicht."))]) from None
        return entry

    def done(self, slug: str, button: str) -> Response:
        """Go on editing, or to the page of the entry's state, since what is in review is not edited."""
        return HTTPSeeOther(
            self.request.site.path("workflow" if button == "submit" else "edit", [("done", button)], slug=slug)
        )

    def remember(self, form: forms.Form) -> None:
        """Let the form carry what it was asked about, so that the same button pressed again is an answer."""
        form["seen"].cstruct = self.asked

    def _ask_about_contradictions(self, value: Service) -> None:
        """Raise forms.Refusal where the entry contradicts itself, unless it was asked just before: it may be right."""
        found = value.contradictions(self.request.directory.today)
        asked = ",".join(f"{contradiction}:{kind}" for contradiction, kind in found)
        if asked and asked != self.request.POST.get("seen", ""):
            self.asked = asked
            site = self.request.site
            sentences = [f"{site.label(kind)}: {site.label(contradiction)}" for contradiction, kind in found]
            again = _("Stimmt es so? Dann drücken Sie noch einmal auf denselben Knopf.")
            raise forms.Refusal([((), " ".join([*sentences, site.translate(again)]))])


def _field(where: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return the form's path of a value's: the first of the offices has a field of its own."""
    if where[0] == "offices":
        return ("offices",) if len(where) > 1 else ("office",)
    return where[:1] if where[0] in ("places", "topics", "audiences", "related") else where


@view_defaults(route_name="add", renderer="templates/edit.pt", permission=Permission.EDIT)
class Add(_Editing):
    """The form for a new entry."""

    new = True

    @view_config()
    def answer(self) -> Any:
        """Show the form; when it is right, save the first draft."""
        context: NewEntry = self.context
        values = {"office": context.offices[0] if len(context.offices) == 1 else None}
        # Which office it will be is chosen in the form: only what this person may do for each of them is offered.
        directory, person = self.request.directory, self.request.person
        permitted = frozenset.intersection(*(directory.permissions(person, State.PRIVATE, o) for o in context.offices))
        form = self.make_form(context.offices, permitted, values)
        return forms.run(form, self.request, self.save, self.show)

    def save(self, values: dict[str, Any], button: str) -> Response:
        """Save a new entry and go on editing it."""
        value = from_form(values, None)
        self.store(value, None, button, values["why"])
        return self.done(value.slug, button)

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs."""
        self.remember(form)
        return {
            "form": form,
            "entry": None,
            "service": None,
            "warnings": [],
            "done": "",
            "conflict": None,
            "services": _all(self.request),
        }


@view_defaults(route_name="edit", renderer="templates/edit.pt", permission=Permission.EDIT)
class Edit(_Editing):
    """The form for an entry that there is."""

    new = False
    conflict: Conflict | None = None
    differences: tuple[str, ...] = ()

    @view_config()
    def answer(self) -> Any:
        """Show the form; when it is right, save a draft, and publish it if that was pressed."""
        context: Draft = self.context
        directory = self.request.directory
        offices = directory.offices_of(self.request.person)
        permitted = directory.permissions(self.request.person, State.PRIVATE, context.service.office)
        values = to_form(context.service) | {"based_on": context.entry.latest.number}
        form = self.make_form(list(dict.fromkeys([context.service.office, *offices])), permitted, values)
        site = self.request.site
        form.note = f"{site.label(context.entry.state)}, {site.moment(context.entry.latest.recorded)}"
        answer = forms.run(form, self.request, self.save, self.show)
        if self.conflict:
            self.request.response.status_int = 409
        return answer

    def save(self, values: dict[str, Any], button: str) -> Response:
        """Save; when somebody else was first, refuse with what is different."""
        context: Draft = self.context
        value = from_form(values, context.service)
        try:
            self.store(value, values["based_on"] or 0, button, values["why"])
        except Conflict as conflict:
            self.conflict = conflict
            self.typed = value
            raise forms.Refusal([]) from None
        return self.done(value.slug, button)

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs; after a conflict the form is based on what is stored now."""
        context: Draft = self.context
        self.remember(form)
        if self.conflict:
            form["based_on"].cstruct = str(context.entry.latest.number)
        return {
            "form": form,
            "entry": context.entry,
            "service": context.service,
            "warnings": context.service.contradictions(self.request.directory.today),
            "done": self.request.GET.get("done", "") if self.request.method == "GET" else "",
            "conflict": self.conflict and differences(self.typed, context.service),
            "services": _all(self.request),
        }


def differences(typed: Service, stored: Service) -> list[str]:
    """Return the names of the fields in which what was typed and what is stored differ."""
    names = [field.name for field in dataclasses.fields(Service)]
    return [name for name in names if getattr(typed, name) != getattr(stored, name)]


MOST_OFFERED = 1000
"""Entries up to which the form offers all others as related ones; beyond, their addresses are typed or pasted."""


def _all(request: Request) -> list[tuple[str, str]]:
    """Return slug and title of every published service, for the list of related ones."""
    entries = request.directory.titles()
    if len(entries) > MOST_OFFERED:
        return []
    return [(e.service.slug, request.site.plain(e.service.title)) for e in entries]
