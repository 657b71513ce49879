"""Making and changing an entry: the form, the draft, and what happens when somebody else saved first."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Forbidden, Refused
from servicedir.domain.history import Conflict, Entry, SlugTaken
from servicedir.domain.service import Service
from servicedir.domain.workflow import Permission, State
from servicedir.web import forms
from servicedir.web.contexts import Draft, NewEntry
from servicedir.web.desk.keeping import kept_under, saved
from servicedir.web.desk.merging import Merging, base_of, sent
from servicedir.web.desk.schemas import service_schema
from servicedir.web.desk.state_page import planned_in_words
from servicedir.web.desk.values import from_form, to_form
from servicedir.web.markdown import preview_markdown
from servicedir.web.picking import offered_services
from servicedir.web.rules import RULES
from servicedir.web.translation import _

LONGEST_TEXT = 20_000
"""Characters of a text that are shown before they are saved: as many as the form takes."""

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
        if Permission.SUBMIT in permitted:
            buttons.append(forms.Button("submit", _("Speichern und zur Prüfung senden")))
        if Permission.PUBLISH in permitted:
            buttons.append(forms.Button("publish", _("Speichern und veröffentlichen")))
        form = forms.make_form(schema, self.request, buttons, formid="service", values=values)
        form.keep = kept_under(self.request, self.request.path)
        return form

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
        done = [("done", button), *([("new", "yes")] if self.new else [])]
        return HTTPSeeOther(self.request.site.path("workflow" if button == "submit" else "edit", done, slug=slug))

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


@view_config(route_name="add", request_method="POST", request_param="markdown", permission=Permission.EDIT)
@view_config(route_name="edit", request_method="POST", request_param="markdown", permission=Permission.EDIT)
def preview_text(request: Request) -> Response:
    """Return a text that is being typed as its page will show it; nothing is kept of it. Raises HTTPBadRequest."""
    text = request.POST["markdown"]
    if not isinstance(text, str):  # an upload, which no field of the form is
        raise HTTPBadRequest(request.site.translate(_("Das Formular kam beschädigt an.")))
    return Response(preview_markdown(text[:LONGEST_TEXT]))


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
        permitted = frozenset.intersection(
            *(directory.permissions(person, State.PRIVATE, o, own=True) for o in context.offices)
        )
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
            "planned": None,
            "warnings": [],
            "done": "",
            "saved": None,
            "merging": None,
            "services": offered_services(self.request),
        }


@view_defaults(route_name="edit", renderer="templates/edit.pt", permission=Permission.EDIT)
class Edit(_Editing):
    """The form for an entry that there is."""

    new = False
    merging: Merging | None = None

    @view_config()
    def answer(self) -> Any:
        """Show the form; when it is right, save a draft, and publish it if that was pressed."""
        answer = forms.run(self.form_of(self.context.service), self.request, self.save, self.show)
        if self.merging:
            self.request.response.status_int = 409
        return answer

    @view_config(request_method="POST", request_param="typed")
    def choose(self) -> dict[str, Any]:
        """Show the form with what was typed, what was stored meanwhile, and what was chosen; nothing is saved yet."""
        given = sent(self.request)
        merging = Merging(self.request, given.typed, given.based_on, given.why)
        value = merging.settle(given)
        if value is None:
            self.merging = merging
            self.request.response.status_int = 409
            return self.show(self.form_of(merging.merge.value))
        return self.show(self.form_of(value, given.why, edited=True))

    def form_of(self, service: Service, why: str = "", *, edited: bool = False) -> forms.Form:
        """Return the form with a value in it, based on what is stored now; `edited` where that is another value."""
        context: Draft = self.context
        directory, site = self.request.directory, self.request.site
        offices = directory.offices_of(self.request.person)
        permitted = directory.permissions(self.request.person, State.PRIVATE, context.service.office, own=True)
        values = to_form(service) | {"based_on": context.entry.latest.number, "why": why}
        form = self.make_form(list(dict.fromkeys([context.service.office, *offices])), permitted, values)
        form.ways = self._ways()
        form.note = f"{site.label(context.entry.state)}, {site.moment(context.entry.latest.recorded)}"
        form.edited = edited
        return form

    def _ways(self) -> list[forms.Way]:
        """Return what can be done beside saving."""
        site, entry = self.request.site, self.context.entry
        # In a window of its own, since here something may be typed that is not saved.
        ways = [forms.Way(_("Vorschau (neues Fenster)"), site.path("preview", slug=entry.slug), new_window=True)]
        if entry.has_draft and entry.state is State.PRIVATE:
            ways.append(forms.Way(_("Entwurf verwerfen"), site.path("workflow", slug=entry.slug)))
        return ways

    def save(self, values: dict[str, Any], button: str) -> Response:
        """Save; when somebody else was first, put both together and ask what cannot be."""
        context: Draft = self.context
        based_on, why = values["based_on"], values["why"]
        # What the form does not show is as it was when the form was made: what became of it since is theirs.
        is_latest = based_on == context.entry.latest.number
        value = from_form(values, context.service if is_latest else base_of(self.request, based_on))
        try:
            self.store(value, based_on, button, why)
        except Conflict:
            self.merging = Merging(self.request, value, based_on, why)
            raise forms.Refusal([]) from None
        return self.done(value.slug, button)

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs; after a conflict the form has both changes in it."""
        context: Draft = self.context
        if self.merging:
            form = self.form_of(self.merging.merge.value, self.merging.why, edited=True)
        self.remember(form)
        return {
            "form": form,
            "entry": context.entry,
            "service": context.service,
            "planned": self._planned(context.entry),
            "warnings": context.service.contradictions(self.request.directory.today),
            "done": self.request.GET.get("done", "") if self.request.method == "GET" else "",
            "saved": saved(self.request, context.entry.slug),
            "merging": self.merging,
            "services": offered_services(self.request),
        }

    def _planned(self, entry: Entry) -> dict[str, Any] | None:
        """Return in words the planned publication of an earlier revision than the one that is edited, if any."""
        steps = self.request.directory.planning.of(entry.slug, self.request.person)
        earlier = (s for s in steps if s.step == "publish" and s.revision < entry.latest.number)
        return next((planned_in_words(step, self.request) for step in earlier), None)
