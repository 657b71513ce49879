"""The catalogue's words in the browser: lists and forms of offices, places, topics, synonyms and so on."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from servicedir.directory import Refused
from servicedir.directory.words import InUse, Uses
from servicedir.domain.acceptance import Acceptance
from servicedir.domain.catalogue import Catalogue, Compound, Synonym
from servicedir.domain.document import CLASSES, NOUNS
from servicedir.domain.history import Conflict, Kind
from servicedir.domain.programme import Programme
from servicedir.domain.service import Fault
from servicedir.domain.step import Step
from servicedir.domain.text import Text
from servicedir.domain.workflow import Duty, State
from servicedir.web import forms
from servicedir.web.admin.compounds import SEPARATOR, parted, parts_of
from servicedir.web.admin.council_values import COUNCIL, NAMED, chosen, in_order, on_scale, pointing
from servicedir.web.admin.noun_schemas import noun_schema, titles
from servicedir.web.admin.synonyms import lines_of, prefilled, words_of
from servicedir.web.contexts import City
from servicedir.web.picking import offered_services
from servicedir.web.translation import _

KINDS = {
    "offices": (Kind.OFFICE, _("Ämter"), _("Neues Amt")),
    "places": (Kind.PLACE, _("Orte"), _("Neuer Ort")),
    "topics": (Kind.TOPIC, _("Themen und Lebenslagen"), _("Neues Thema")),
    "audiences": (Kind.AUDIENCE, _("Für wen"), _("Neue Zielgruppe")),
    "synonyms": (Kind.SYNONYM, _("Synonyme"), _("Neue Synonyme")),
    "compounds": (Kind.COMPOUND, _("Trennung von Wörtern"), _("Neue Trennung")),
    "steps": (Kind.STEP, _("Schritte"), _("Neuer Schritt")),
    "programmes": (Kind.PROGRAMME, _("Förderprogramme"), _("Neues Förderprogramm")),
    "acceptance": (Kind.ACCEPTANCE, _("Akzeptanz"), _("Neue Angabe zur Akzeptanz")),
}
"""What stands in the address: the kind, what its list is called, and what the button for a new one says."""

PLURALS = {kind: plural for plural, (kind, _title, _add) in KINDS.items()}

RULES = {
    "missing": _("Bitte füllen Sie dieses Feld aus."),
    "name_taken": _("Das gibt es schon."),
    "circle": _("Ein Amt gehört nicht zu sich selbst, auch nicht über andere Ämter."),
    "unknown_reference": _("Diese Auswahl gibt es nicht (mehr). Bitte wählen Sie etwas anderes."),
    "not_a_web_address": _("Das ist keine Internetadresse. Beispiel: https://www.example.org/seite"),
    "ends_before_it_begins": _("Das Ende liegt vor dem Anfang."),
    "number_of_words": _("Bitte geben Sie 2 bis 20 Wörter an, jedes auf einer eigenen Zeile."),
    "too_long": _("Mindestens eine Zeile ist zu lang: höchstens 60 Zeichen."),
    "no_word": _("In mindestens einer Zeile steht kein Wort."),
    "twice": _("Ein Wort steht mehrfach da."),
    "no_letters": _("Bitte schreiben Sie nur Buchstaben, und zwischen die Teile einen senkrechten Strich (|)."),
    "short_part": _("Jeder Teil braucht mindestens 3 Buchstaben."),
    "long_word": _("Das Wort ist zu lang: höchstens 60 Buchstaben."),
    "word_taken": _("Zu diesem Wort gibt es schon einen Eintrag."),
    "unknown_services": _("Mindestens eine dieser Dienstleistungen gibt es nicht. Wählen Sie aus der Liste."),
    "against_without_reason": _("Wer „dagegen entschieden“ sagt, nennt den Grund."),
    "not_begun": _("Das liegt in der Zukunft. Gemessen ist nur, was schon war."),
    "negative": _("Bitte geben Sie eine Zahl ab 0 an."),
    "remark_with_value": _("Eine Rückmeldung ohne Messung hat keinen Wert. Schreiben Sie in die Bemerkung."),
    "empty_scale": _("Der größte mögliche Wert muss über dem kleinsten liegen."),
    "off_the_scale": _("Der Wert liegt nicht zwischen dem kleinsten und dem größten möglichen."),
}
"""What a broken rule is called in a form."""

PUBLIC = {Kind.OFFICE: "office", Kind.TOPIC: "topic"}
"""Kinds that have a page of their own for everybody, and its route."""

UNPOINTED = frozenset({Kind.SYNONYM, Kind.COMPOUND, Kind.STEP, Kind.ACCEPTANCE})
"""Kinds at which nothing points: they are about words, or point at services themselves."""

FIELDS: dict[Kind, str] = {kind: field.name for kind, field in zip(NOUNS, dataclasses.fields(Catalogue), strict=True)}
"""Where the catalogue holds the nouns of a kind."""

MOST_SHOWN = 50
"""Services that are listed as pointing at a noun; beyond, their number is said."""


class NounsContext(City):
    """The city as a whole, and the kind of noun that an address is about."""

    def __init__(self, request: Request, kind: Kind) -> None:
        super().__init__(request)
        self.kind = kind


class Nouns:
    """The pages of one kind of noun."""

    entry: Any = None  # where the noun stands that an address names, and its value
    value: Any = None
    differing: list[Any] | None = None  # names of fields in which what was typed and what is stored differ
    kept = ""  # why a noun was not retired: `used` or `changed`

    def __init__(self, context: NounsContext, request: Request) -> None:
        self.request = request
        self.kind = context.kind
        self.plural = PLURALS[context.kind]
        self.words = request.directory.words

    def list(self) -> dict[str, Any]:
        """Show all nouns of a kind with what matters of each, and how many services point at it."""
        _kind, title, add = KINDS[self.plural]
        nouns = in_order(self.words.all(self.kind, self.request.person))
        return {
            "plural": self.plural,
            "title": title,
            "add": add,
            "nouns": [(entry, value) for entry, value in nouns if entry.state is not State.RETIRED],
            "retired": [(entry, value) for entry, value in nouns if entry.state is State.RETIRED],
            "today": self.request.directory.today,
            "used": None if self.kind in (*UNPOINTED, *COUNCIL) else self.words.used(self.kind, self.request.person),
            "name": name_of,
            "on_scale": on_scale,
            "done": self.request.GET.get("done", ""),
        }

    def add(self) -> Any:
        """Show an empty form; when it is right, publish a new noun."""
        values = prefilled(self.request) if self.kind is Kind.SYNONYM else {}
        return forms.run(self._form("", values), self.request, self._save, self._show)

    def edit(self) -> Any:
        """Show the form of a noun; when it is right, publish it."""
        self.entry, self.value = self.words.get(self.kind, self.request.matchdict["slug"], self.request.person)
        answer = forms.run(self._stored(), self.request, self._save, self._show)
        if self.differing is not None:
            self.request.response.status_int = 409
        return answer

    def retire(self) -> Any:
        """Take a noun out of the catalogue; 409 where something points at it or it has changed meanwhile."""
        slug, based_on = self.request.matchdict["slug"], self.request.POST.get("based_on", "")
        if not (isinstance(based_on, str) and based_on.isascii() and based_on.isdecimal() and len(based_on) < 10):
            raise HTTPBadRequest(self.request.localizer.translate(_("Diesen Schritt gibt es nicht.")))
        try:
            self.words.retire(self.kind, slug, based_on=int(based_on), by=self.request.person)
        except (Conflict, ValueError) as fault:
            self.kept = "used" if isinstance(fault, InUse) else "changed"
            self.request.tm.doom()
            self.request.response.status_int = 409
            self.entry, self.value = self.words.get(self.kind, slug, self.request.person)
            return self._show(self._stored())
        return HTTPSeeOther(self.request.site.path(f"admin-{self.plural}", [("done", "retired")]))

    def history(self) -> dict[str, Any]:
        """Show every revision of a noun: when, who, why, and which fields it changed; newest first."""
        entry, value = self.words.get(self.kind, self.request.matchdict["slug"], self.request.person)
        named = titles(self._schema(entry.slug))
        revisions = self.words.history(self.kind, entry.slug, self.request.person)
        rows = []
        for before, revision in zip([None, *revisions], revisions, strict=False):
            old = before.document if before else revision.document
            changed = [named.get(n, n) for n in {**old, **revision.document} if old.get(n) != revision.document.get(n)]
            rows.append({"revision": revision, "changed": changed})
        return {"entry": entry, "noun": value, "plural": self.plural, "name": name_of, "rows": rows[::-1]}

    def _schema(self, slug: str) -> Any:
        return noun_schema(self.kind, self.request.site.language, self.request.directory.catalogue, slug)

    def _form(self, slug: str, values: dict[str, Any]) -> forms.Form:
        buttons = [forms.Button("save", _("Speichern und veröffentlichen"))]
        return forms.make_form(self._schema(slug), self.request, buttons, formid="noun", values=values, action=self._to)

    @property
    def _to(self) -> str:
        """Return where the form is sent: to the noun's own address, also from the answer to retiring."""
        if self.entry is None:
            return ""
        return str(self.request.site.path(f"admin-{self.plural}-edit", slug=self.entry.slug))

    def _stored(self) -> forms.Form:
        """Return the form of the noun as it is stored."""
        return self._form(self.entry.slug, to_form(self.value) | {"based_on": self.entry.latest.number})

    def _save(self, values: dict[str, Any], button: str) -> Response:
        value, based_on = from_form(self.kind, values, self.value), None
        if self.entry:
            based_on = values["based_on"] or 0
        try:
            saved = self.words.save(self.kind, value, based_on=based_on, by=self.request.person, why=values["why"])
        except Refused as fault:
            raise forms.Refusal((f.where, _sentence(f)) for f in fault.faults) from None
        except Conflict:
            named = titles(self._schema(value.slug))
            self.differing = [name for f, name in named.items() if getattr(value, f, 0) != getattr(self.value, f, 0)]
            raise forms.Refusal([]) from None
        return HTTPSeeOther(self.request.site.path(f"admin-{self.plural}-edit", [("done", "save")], slug=saved.slug))

    def _show(self, form: forms.Form) -> dict[str, Any]:
        entry, site = self.entry, self.request.site
        if entry and self.differing is not None:
            form["based_on"].cstruct = str(entry.latest.number)
        uses = self.words.uses(self.kind, entry.slug, self.request.person) if entry else Uses()
        is_live = entry is not None and entry.state is not State.RETIRED
        return {
            "form": form,
            "entry": entry,
            "noun": self.value,
            "plural": self.plural,
            "title": KINDS[self.plural][1],
            "add": KINDS[self.plural][2],
            "name": name_of,
            "uses": uses,
            "is_pointed_at": self.kind not in UNPOINTED,
            "plurals": PLURALS,
            "named": NAMED,
            "most": MOST_SHOWN,
            "is_live": is_live,
            "page": site.path(PUBLIC[self.kind], slug=entry.slug) if entry and is_live and self.kind in PUBLIC else "",
            "differing": None if self.differing is None else [site.translate(name) for name in self.differing],
            "kept": self.kept,
            "services": offered_services(self.request) if self.kind in COUNCIL else None,
            "done": self.request.GET.get("done", "") if self.request.method == "GET" else "",
        }


def _sentence(fault: Fault) -> Any:
    """Return what is wrong with a field."""
    return RULES[
        "unknown_services" if fault.what == "unknown_reference" and fault.where == ("services",) else fault.what
    ]


def name_of(value: Any) -> Text:
    """Return what a noun is called; a group of synonyms by its words, a compound by its parts."""
    if isinstance(value, Compound):
        return Text.of(SEPARATOR.join(value.parts))
    return Text.of(", ".join(value.words)) if isinstance(value, Synonym) else value.name


def to_form(value: Any) -> dict[str, Any]:
    """Return a noun as the values of its form."""
    values = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Compound):
        return parted(values)
    if isinstance(value, Synonym):
        return lines_of(values)
    return chosen(values) if isinstance(value, Step | Programme | Acceptance) else values


def from_form(kind: Kind, values: dict[str, Any], before: Any) -> Any:
    """Return the noun that the form says; `before` gives its slug and the languages that the form does not show."""
    given = {name: value for name, value in values.items() if name not in ("based_on", "why")}
    if kind is Kind.SYNONYM:
        given = words_of(given)
    elif kind is Kind.COMPOUND:
        given = parts_of(given)
    elif kind in COUNCIL:
        given = pointing(given, before)
    if before is None:
        return CLASSES[kind](slug="", **given)
    for name, value in given.items():
        if isinstance(value, Text):
            others = {code: said for code, said in getattr(before, name) if code not in ("de", "en")}
            given[name] = Text.of({**dict(value), **others})
    return dataclasses.replace(before, **given)


def add_routes(config: Configurator) -> None:
    """Add the routes of every kind, each with its views."""
    config.add_route("words", "/admin/words", factory=City)
    view = partial(config.add_view, permission=Duty.WORDS)
    view(overview, route_name="words", renderer="templates/words.pt")
    for plural, (kind, _title, _add) in KINDS.items():
        name, path, factory = f"admin-{plural}", f"/admin/{plural}", partial(NounsContext, kind=kind)
        for page, address in (("", path), ("-add", f"{path}/add"), ("-edit", f"{path}/{{slug}}")):
            config.add_route(name + page, address, factory=factory)
        for page in ("history", "retire"):
            config.add_route(f"{name}-{page}", f"{path}/{{slug}}/{page}", factory=factory)
        view(Nouns, attr="list", route_name=name, renderer="templates/nouns.pt")
        view(Nouns, attr="add", route_name=f"{name}-add", renderer="templates/noun.pt")
        view(Nouns, attr="edit", route_name=f"{name}-edit", renderer="templates/noun.pt")
        view(Nouns, attr="history", route_name=f"{name}-history", renderer="templates/noun-history.pt")
        view(Nouns, attr="retire", route_name=f"{name}-retire", renderer="templates/noun.pt", request_method="POST")


def overview(request: Request) -> dict[str, Any]:
    """Show what kinds of words there are, and how many of each."""
    catalogue = request.directory.catalogue
    kinds = [
        (kind, plural, title, len(getattr(catalogue, FIELDS[kind]))) for plural, (kind, title, _a) in KINDS.items()
    ]
    return {
        "kinds": [rest for kind, *rest in kinds if kind not in COUNCIL],
        "council": [rest for kind, *rest in kinds if kind in COUNCIL],
    }
