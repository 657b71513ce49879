"""Preview links: making, listing and revoking them at the desk, and what people without an account see by them."""

from __future__ import annotations

from typing import Any

import colander
from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory import Refused
from servicedir.directory.previews import MOST_DAYS, MOST_ENTRIES, USUAL_DAYS
from servicedir.domain.history import Published
from servicedir.domain.workflow import Permission
from servicedir.web import forms
from servicedir.web.contexts import SharedPreview
from servicedir.web.desk.steps import slug_of
from servicedir.web.fields import ListWidget, NumberWidget, Schema, TextWidget
from servicedir.web.picking import MOST_OFFERED
from servicedir.web.security import SIGNED_IN
from servicedir.web.service_page import page_values
from servicedir.web.translation import _

RULES = {
    "missing": _("Bitte nennen Sie mindestens einen Eintrag."),
    "too_many": _("Das sind zu viele: höchstens ${max}.", mapping={"max": MOST_ENTRIES}),
    "unknown_entry": _("Einen solchen Eintrag, den Sie zeigen dürfen, gibt es nicht."),
    "days": _("Möglich sind 1 bis ${max} Tage.", mapping={"max": MOST_DAYS}),
}
"""What a broken rule of the directory is called in the form."""


def preview_schema() -> Schema:
    """Return the fields of a new link."""
    entry = colander.SchemaNode(
        colander.String(),
        name="entry",
        title=_("Eintrag"),
        missing="",
        validator=colander.Length(max=300),
        widget=TextWidget(attributes={"list": "entries", "autocomplete": "off"}),
    )
    return Schema(
        colander.SchemaNode(
            colander.Sequence(),
            entry,
            name="entries",
            title=_("Welche Einträge?"),
            description=_("Gezeigt wird immer die neueste Fassung, auch wenn sie noch niemand freigegeben hat."),
            widget=ListWidget(add_label=_("Noch einen Eintrag"), min_len=1, max_len=MOST_ENTRIES, orderable=False),
            missing=(),
        ),
        colander.SchemaNode(
            colander.String(),
            name="label",
            title=_("Für wen oder wofür?"),
            description=_("Steht in Ihrer Liste und über der Vorschau, damit beide Seiten wissen, worum es geht."),
            missing="",
            validator=colander.Length(max=200),
            widget=TextWidget(),
        ),
        colander.SchemaNode(
            colander.Integer(),
            name="days",
            title=_("Gültig für so viele Tage"),
            validator=colander.Range(min=1, max=MOST_DAYS),
            widget=NumberWidget(),
        ),
    )


@view_defaults(route_name="previews", renderer="templates/previews.pt", permission=SIGNED_IN)
class Previews:
    """The links on entries that this person sees, and the form for another one."""

    def __init__(self, request: Request) -> None:
        self.request = request
        # Words that no page of ours sent are left to the form to refuse.
        asked = [slug[:300] for slug in request.GET.getall("entry")[:MOST_ENTRIES] if "\0" not in slug]
        values = {"entries": asked or [""], "label": "", "days": USUAL_DAYS}
        buttons = [forms.Button("share", _("Link machen"))]
        self.form = forms.make_form(preview_schema(), request, buttons, formid="preview", values=values)

    @view_config(request_method="GET")
    def show(self, form: forms.Form | None = None) -> dict[str, Any]:
        """Return what the page shows; the address of a link can be shown again, since it is computed."""
        previews, person = self.request.directory.previews, self.request.person
        links = previews.all(person)
        return {
            "form": form or self.form,
            "offers": _offers(self.request),
            "done": self.request.GET.get("done", "") if self.request.method == "GET" else "",
            "links": [
                {
                    "link": link,
                    "address": self.request.site.absolute("shared", token=previews.token(link)),
                    "titles": [(slug, value) for slug in link.slugs if (value := previews.known(slug, person))],
                }
                for link in links
            ],
        }

    @view_config(request_method="POST")
    def answer(self) -> Response | dict[str, Any]:
        """Make a link, or revoke one."""
        if self.request.POST.get("__formid__") == "revoke":
            return self.revoke()
        answer: Response | dict[str, Any] = forms.run(self.form, self.request, self.make, self.show)
        return answer

    def make(self, values: dict[str, Any], button: str) -> Response:
        """Make a link and show the list, where it is the first."""
        typed = [slug_of(entry) for entry in values["entries"]]
        places = [place for place, slug in enumerate(typed) if slug]
        slugs = [typed[place] for place in places]
        label, days = values["label"].strip(), values["days"]
        try:
            self.request.directory.previews.make(slugs, label=label, days=days, by=self.request.person)
        except Refused as refused:
            raise forms.Refusal(
                ((where[0], places[int(where[1])]) if len(where) > 1 else where, RULES[what])
                for what, where in ((fault.what, fault.where) for fault in refused.faults)
            ) from None
        return HTTPSeeOther(self.request.site.path("previews", [("done", "made")]))

    def revoke(self) -> Response:
        """Let a link lead nowhere from now on. Raises HTTPBadRequest, and NotFound for one that is not seen."""
        sent = self.request.POST
        number = sent.get("link", "")
        is_ours = sorted(sent) == ["__formid__", "csrf_token", "link"] and isinstance(number, str)
        if not is_ours or not (number.isascii() and number.isdecimal() and len(number) < 10):
            raise HTTPBadRequest(self.request.localizer.translate(_("Diesen Link gibt es nicht.")))
        self.request.directory.previews.revoke(int(number), self.request.person)
        return HTTPSeeOther(self.request.site.path("previews", [("done", "revoked")]))


def _offers(request: Request) -> list[tuple[str, str]]:
    """Return slug and title of the entries that this person may share, unless there are too many for a list."""
    directory, person = request.directory, request.person
    if len(directory.titles()) > MOST_OFFERED:
        return []
    return [
        (entry.slug, request.site.plain(value.title))
        for entry, value in directory.entries(person)
        if Permission.SHARE in directory.permissions(person, entry.state, value.office)
    ]


@view_config(route_name="shared", renderer="templates/shared.pt", request_method=("GET", "HEAD"))
def shared(context: SharedPreview, request: Request) -> dict[str, Any]:
    """Show which entries a link shows."""
    return {"link": context.link, "token": request.matchdict["token"], "entries": context.entries}


@view_config(route_name="shared-entry", renderer="servicedir.web:templates/service.pt", request_method=("GET", "HEAD"))
def shared_entry(context: SharedPreview, request: Request) -> dict[str, Any]:
    """Show the latest revision of one entry as citizens would see it, with no way to anything else that is hidden."""
    latest = context.entry.latest
    draft = Published(service=context.service, revision=latest.number, updated=latest.recorded)
    return page_values(draft, request, preview=True) | {"shared": context.link, "token": request.matchdict["token"]}
