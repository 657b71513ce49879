"""Changing many entries at once: the preview, doing it, what was done, and taking it back."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from markupsafe import Markup
from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Refused
from servicedir.directory.bulk import MOST, Overtaken
from servicedir.domain.batch import Action, Batch, Preview, Skip, Task
from servicedir.domain.choice import parse
from servicedir.domain.history import NotFound
from servicedir.domain.service import Fault, Stage
from servicedir.domain.workflow import State
from servicedir.web.desk.entries import ACTIONS, NOBODY, listing
from servicedir.web.security import SIGNED_IN
from servicedir.web.translation import _

SKIPS = {
    Skip.NOT_THERE: _("Diesen Eintrag gibt es nicht, oder Sie haben dort keine Rolle."),
    Skip.UNCHANGED: _("Das steht dort schon so."),
    Skip.FORBIDDEN: _("Dafür fehlt Ihnen bei diesem Eintrag die Rolle."),
    Skip.FORBIDDEN_THERE: _("Für das neue Amt fehlt Ihnen die Rolle."),
    Skip.IN_REVIEW: _("Der Eintrag liegt zur Prüfung. Das geht erst danach."),
    Skip.NO_DRAFT: _("Es gibt keinen Entwurf, der zu prüfen wäre."),
    Skip.AVAILABLE: _("Video ist hier schon möglich."),
    Skip.RULED_OUT: _("Video ist hier ausgeschlossen. Ändern Sie das im Eintrag selbst."),
    Skip.LATER: _("Ein Stand beginnt heute oder später. Ändern Sie ihn im Eintrag selbst."),
    Skip.NOT_AN_EDITOR: _("Diese Person hat in dem Amt keine Rolle."),
    Skip.INVALID: _("Der Eintrag hat einen Fehler. Öffnen und speichern Sie ihn zuerst."),
}
"""Why an entry is left out."""

UNCHOSEN = {
    Action.OFFICE: _("Bitte wählen Sie das Amt, zu dem die Einträge gehören sollen."),
    Action.RESPONSIBLE: _("Bitte wählen Sie, wer zuständig sein soll, oder „niemand“."),
}
"""What is said where an action takes a choice and there is none."""

LONGEST_REMARK = 500

_DAMAGED = _("Das Formular kam beschädigt an. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal.")


@view_defaults(route_name="desk-bulk", permission=SIGNED_IN)
class ManyAtOnce:
    """What is done with many entries."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.bulk = request.directory.bulk

    @view_config(request_method="GET", renderer="templates/batches.pt")
    def show(self) -> Response | dict[str, Any]:
        """Show what was done lately, or one of these, with the way back."""
        if number := self.request.GET.get("batch", ""):
            batch = self.bulk.batch(_number(number), self.request.person)
            return render_to_response("servicedir.web.desk:templates/batch.pt", self._result(batch), self.request)
        batches = self.bulk.latest(self.request.person)
        return {"batches": batches, "actions": ACTIONS, "can_undo": self.bulk.can_undo}

    @view_config(request_method="POST", renderer="templates/bulk.pt")
    def preview(self) -> Response | dict[str, Any]:
        """Show what would become of each of the chosen entries; 400 where nothing or too much is chosen."""
        slugs, action = self._chosen(), self._action()
        if not slugs:
            return self._refuse(_("Bitte wählen Sie mindestens einen Eintrag aus."), slugs)
        if len(slugs) > MOST:
            mapping = {"most": self.request.site.number(MOST), "chosen": self.request.site.number(len(slugs))}
            too_many = _("Das sind ${chosen} Einträge. Möglich sind ${most} auf einmal: Filtern Sie.", mapping=mapping)
            return self._refuse(too_many, slugs)
        try:
            return self._values(self.bulk.preview(self._task(action), slugs, self.request.person))
        except Refused:
            return self._refuse(UNCHOSEN[action], slugs)

    @view_config(request_method="POST", request_param="confirm", renderer="templates/bulk.pt")
    def apply(self) -> Response | dict[str, Any]:
        """Do it; 409 with a new preview where anything changed since the one that was shown."""
        try:
            task, why = self._task(self._action()), self._said("why")
            number = self.bulk.apply(task, self._chosen(), self._said("mark"), by=self.request.person, why=why)
        except Refused:
            raise HTTPBadRequest(self.request.localizer.translate(_DAMAGED)) from None
        except Overtaken as overtaken:
            self.request.tm.doom()
            self.request.response.status_int = 409
            return self._values(overtaken.preview) | {"overtaken": True, "why": self._said("why")}
        return HTTPSeeOther(self.request.site.path("desk-bulk", [("batch", str(number)), ("done", "1")]))

    @view_config(request_method="POST", request_param="undo", renderer="templates/batch.pt")
    def undo(self) -> Response | dict[str, Any]:
        """Take back what was done; 409 where that is not possible any more."""
        number = _number(self._said("undo"))
        try:
            self.bulk.undo(number, by=self.request.person)
        except ValueError:
            self.request.tm.doom()
            self.request.response.status_int = 409
            return self._result(self.bulk.batch(number, self.request.person)) | {"too_late": True}
        return HTTPSeeOther(self.request.site.path("desk-bulk", [("batch", str(number))]))

    def _chosen(self) -> list[str]:
        """Return the slugs that are ticked, or those of the whole list."""
        slugs = self.request.POST.getall("slug")
        if any(not isinstance(slug, str) or "\0" in slug for slug in slugs):
            raise HTTPBadRequest(self.request.localizer.translate(_DAMAGED))
        if self._said("all"):
            choice = parse(parse_qsl(self._said("filter")), self.request.directory.catalogue.offices)
            return [t.slug for t in self.request.directory.board.chosen(choice, self.request.person)]
        return list(dict.fromkeys(filter(None, slugs)))

    def _action(self) -> Action:
        """Return what is to be done. Raises HTTPBadRequest for what is no action."""
        try:
            return Action(self._said("action"))
        except ValueError:
            words = _("Das lässt sich nicht mit vielen Einträgen tun.")
            raise HTTPBadRequest(self.request.localizer.translate(words)) from None

    def _task(self, action: Action) -> Task:
        """Return what is to be done, with what. Raises Refused where nobody is chosen, not even "nobody"."""
        if action not in UNCHOSEN:
            return Task(action)
        target = self._said(action.value)
        if action is Action.RESPONSIBLE and not target:
            raise Refused([Fault("missing", ("responsible",))])
        return Task(action, "" if target == NOBODY else target)

    def _said(self, name: str) -> str:
        """Return what one control says; an empty string where there is none. Raises HTTPBadRequest for a file."""
        value = self.request.POST.get(name, "")
        if not isinstance(value, str) or "\0" in value:
            raise HTTPBadRequest(self.request.localizer.translate(_DAMAGED))
        return value.strip()[:LONGEST_REMARK] if name == "why" else value

    def _refuse(self, problem: Any, slugs: list[str]) -> Response:
        """Show the list again with what is wrong and what was ticked."""
        choice = parse(parse_qsl(self._said("filter")), self.request.directory.catalogue.offices)
        values = listing(self.request, choice, problem, slugs)
        response = render_to_response("servicedir.web.desk:templates/entries.pt", values, self.request)
        response.status_int = 400
        return response

    def _values(self, preview: Preview) -> dict[str, Any]:
        task = preview.task
        return {
            "preview": preview,
            "label": ACTIONS[task.action],
            "target": task.target or NOBODY,
            "say": self._say,
            "skips": SKIPS,
            "overtaken": False,
            "why": "",
        }

    def _result(self, batch: Batch) -> dict[str, Any]:
        entries = {t.slug: t for t in self.request.directory.board.entries(self.request.person)}
        return {
            "batch": batch,
            "label": ACTIONS[batch.task.action],
            "target": self._say(batch.task.action, batch.task.target) if batch.task.target else "",
            "title": lambda slug: self.request.site.plain(entries[slug].title) if slug in entries else slug,
            "there": entries,
            "can_undo": self.bulk.can_undo(batch),
            "done": self.request.GET.get("done", ""),
            "too_late": False,
        }

    def _say(self, action: Action, value: str) -> Markup | str:
        """Return what an entry is before or after, in words."""
        site = self.request.site
        match action:
            case Action.OFFICE:
                return site.office_name(value)
            case Action.UNDER_REVIEW:
                return site.label(Stage(value))
            case Action.SUBMIT:
                return site.label(State(value))
            case _:
                return site.person_name(value) if value else str(site.translate(_("niemand")))


def _number(said: str) -> int:
    """Return the number of a batch. Raises NotFound for what is none."""
    if not (said.isascii() and said.isdecimal() and len(said) < 10):
        raise NotFound(said[:20])
    return int(said)
