"""Making and changing an inquiry: the form, the answer beside it as it will print, and what to do about conflicts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from markupsafe import Markup
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Refused
from servicedir.directory.answering import Standing
from servicedir.domain.history import Conflict, NotFound, SlugTaken
from servicedir.domain.inquiry import MOST_ROWS, Inquiry, InquiryState
from servicedir.domain.pattern import patterns
from servicedir.domain.query import BadValue
from servicedir.domain.workflow import Duty
from servicedir.reports import html
from servicedir.reports.answer import Answer, Part
from servicedir.web import forms
from servicedir.web.council.inquiry_changes import changes
from servicedir.web.council.inquiry_schemas import Look, inquiry_schema
from servicedir.web.council.inquiry_values import from_form, refusal, to_form
from servicedir.web.council.officers import LOOKS, InquiryPage
from servicedir.web.translation import _

PREVIEW = "templates/inquiry-preview.pt"


class _Writing:
    """What the forms for new and for existing inquiries share."""

    form: forms.Form
    standing: Standing | None = None
    shown: Markup | None = None  # the answer as it will print
    theirs: list[str] | None = None  # after a conflict: what somebody else changed

    def __init__(self, context: Any, request: Request) -> None:
        self.context = context
        self.request = request

    @property
    def inquiry(self) -> Inquiry | None:
        """Return what is stored."""
        return self.standing.inquiry if self.standing else None

    def make_form(self, values: Any) -> forms.Form:
        """Return the form with values in it."""
        directory, site = self.request.directory, self.request.site
        schema = inquiry_schema(site.language, directory.catalogue, look(self.request), new=self.standing is None)
        buttons = [
            forms.Button("save", _("Entwurf speichern")),
            forms.Button("preview", _("Vorschau aktualisieren")),
            forms.Button("submit", _("Speichern und zur Freigabe senden")),
        ]
        return forms.make_form(schema, self.request, buttons, formid="inquiry", values=values)

    def read(self, values: dict[str, Any]) -> Inquiry:
        """Return the inquiry that the form says. Raises forms.Refusal."""
        return from_form(values, self.inquiry, self.request.directory.house.now())

    def preview(self, inquiry: Inquiry) -> None:
        """Make the answer as it will print. Raises forms.Refusal."""
        try:
            self.shown = preview_of(self.request, inquiry)
        except Refused as refused:
            raise refusal(refused.faults, self.request) from None

    def save(self, values: dict[str, Any], button: str) -> Any:
        """Save and go on, or only show what would be answered."""
        inquiry = self.read(values)
        if button == "preview":
            self.preview(inquiry)
            self.request.tm.doom()
            return self.show(self.form)
        answering, person = self.request.directory.answering, self.request.person
        try:
            based_on = values.get("based_on") or 0 if self.standing else None
            entry = answering.save(inquiry, based_on=based_on, by=person, why=values["why"])
            if button == "submit" and answering.get(entry.slug, person).state is InquiryState.DRAFT:
                answering.step(entry.slug, "submit", based_on=entry.latest.number, by=person, why=values["why"])
        except Refused as refused:
            raise refusal(refused.faults, self.request) from None
        except SlugTaken:
            raise forms.Refusal([(("slug",), _("Diese Adresse hat schon eine andere Anfrage."))]) from None
        except Conflict:
            self.theirs = self._changed_since(inquiry.slug, values.get("based_on") or 0)
            raise forms.Refusal([]) from None
        route = "inquiry-workflow" if button == "submit" else "inquiry-edit"
        return HTTPSeeOther(self.request.site.path(route, [("done", button)], slug=entry.slug))

    def _changed_since(self, slug: str, number: int) -> list[str]:
        """Return in words what became of an inquiry since a revision."""
        revisions = self.request.directory.answering.history(slug, self.request.person)
        before = [revision for revision in revisions if revision.number == number]
        return changes(before[0], revisions[-1], self.request.site) if before else []

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs."""
        if self.standing and self.theirs is not None:
            form["based_on"].cstruct = str(self.standing.entry.latest.number)
        slug = self.standing.entry.slug if self.standing else "add"
        return {
            "form": form,
            "standing": self.standing,
            "looks": LOOKS,
            "shown": self.shown,
            "problems": [],
            "preview_path": self.request.site.path("inquiry-preview", slug=slug),
            "theirs": self.theirs,
            "done": self.request.GET.get("done", "") if self.request.method == "GET" else "",
            "patterns": {},
            "others": [],
            "chosen": "",
        }


@view_defaults(route_name="inquiry-add", renderer="templates/inquiry-edit.pt", permission=Duty.INQUIRIES)
class AddInquiry(_Writing):
    """The form for a new inquiry, made from a pattern or from another one."""

    @view_config()
    def answer(self) -> Any:
        """Show the form with what it begins with; when it is right, save the first draft."""
        self.start = self._start()
        self.form = self.make_form(to_form(self.start))
        if self.request.method == "GET" and self.start.title:
            self.shown = preview_or_nothing(self.request, self.start)
        return forms.run(self.form, self.request, self.save, self.show)

    def _start(self) -> Inquiry:
        """Return what the new inquiry begins with. Raises NotFound for a pattern or an inquiry that there is not."""
        directory, chosen = self.request.directory, self.request.GET.get("from", "empty")
        if (copied := self.request.GET.get("copy")) and "\0" not in copied:  # PostgreSQL cannot look for NUL.
            other = directory.answering.get(copied, self.request.person).inquiry
            return Inquiry(
                slug="new",
                title=other.title,
                asked_by=other.asked_by,
                introduction=other.introduction,
                questions=other.questions,
            )
        ready = patterns(directory.today, directory.catalogue.places.values())
        if chosen not in ready:
            raise NotFound(chosen)
        return Inquiry(slug="new", title=ready[chosen].title, questions=ready[chosen].questions)

    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs, with what a new one can be made from."""
        directory = self.request.directory
        return super().show(form) | {
            "patterns": patterns(directory.today),
            "others": directory.answering.all(self.request.person),
            "chosen": "" if self.request.GET.get("copy") else self.request.GET.get("from", "empty"),
        }


@view_defaults(route_name="inquiry-edit", renderer="templates/inquiry-edit.pt", permission=Duty.INQUIRIES)
class EditInquiry(_Writing):
    """The form for an inquiry that there is."""

    @view_config()
    def answer(self) -> Any:
        """Show the form; when it is right, save a draft."""
        context: InquiryPage = self.context
        self.standing = context.standing
        inquiry = context.standing.inquiry
        self.form = self.make_form(to_form(inquiry) | {"based_on": context.standing.entry.latest.number})
        if self.request.method == "GET":
            self.shown = preview_or_nothing(self.request, inquiry)
        answer = forms.run(self.form, self.request, self.save, self.show)
        if self.theirs is not None:
            self.request.response.status_int = 409
        return answer


@view_config(route_name="inquiry-preview", request_method="POST", permission=Duty.INQUIRIES)
class Preview(_Writing):
    """The answer as it will print, for the script: a piece of HTML; nothing is written."""

    def __call__(self) -> Response:
        """Return what would be answered, or what is missing for it. Raises NotFound."""
        slug = self.request.matchdict["slug"]
        if slug != "add":
            self.standing = self.request.directory.answering.get(slug, self.request.person)
        self.form = self.make_form({})
        self.request.tm.doom()
        answer: Response = forms.run(self.form, self.request, self._answer, self._refuse)
        answer.status_int = 200  # What is missing is the answer here, and no fault of who is still typing.
        return answer

    def _answer(self, values: dict[str, Any], button: str) -> Response:
        self.preview(self.read(values))
        return self._fragment(self.shown, [])

    def _refuse(self, form: forms.Form) -> Response:
        return self._fragment(None, forms.error_summary(form))

    def _fragment(self, shown: Markup | None, problems: list[forms.Problem]) -> Response:
        text = render(f"servicedir.web.council:{PREVIEW}", {"shown": shown, "problems": problems}, self.request)
        return Response(text, charset="utf-8", content_type="text/html")


def preview_of(request: Request, inquiry: Inquiry) -> Markup:
    """Return the answer as it will print, of longer tables only the first rows. Raises Refused."""
    answer = request.directory.answering.draft(inquiry, request.person, request.site.language)
    short = _cut(answer)
    body = Markup(html.body(short, ""))  # noqa: S704 - the report escapes what it is made of
    if short == answer:
        return body
    text = _("Die Vorschau zeigt von jeder Tabelle höchstens ${most} Zeilen.", mapping={"most": MOST_ROWS})
    return Markup('<p class="kern-body">{}</p>\n').format(request.localizer.translate(text)) + body


def _cut(answer: Answer) -> Answer:
    """Return an answer whose tables show no more rows than they do where a block says nothing of that."""

    def short(part: Part) -> Part:
        return replace(part, tables=tuple(replace(one, most=min(one.most, MOST_ROWS)) for one in part.tables))

    replies = (replace(reply, parts=tuple(map(short, reply.parts))) for reply in answer.replies)
    return replace(answer, replies=tuple(replies))


def preview_or_nothing(request: Request, inquiry: Inquiry) -> Markup | None:
    """Return the answer as it will print; None for an inquiry that cannot be answered as it is."""
    try:
        return preview_of(request, inquiry)
    except Refused:
        return None


def look(request: Request) -> Look:
    """Return what says of a search where its results are and how many there are."""
    directory, site = request.directory, request.site

    def found(search: str) -> tuple[str, str] | None:
        try:
            query = directory.query(parse_qsl(search))
        except BadValue:
            return None
        return site.find(query), site.counted("services", directory.search(query).total)

    return found
