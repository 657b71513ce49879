"""Forms for tests: one with everything that a form may hold, the views that show it, and how to fill it in."""

from __future__ import annotations

from enum import StrEnum

import colander
import deform
from pyramid.config import Configurator
from pyramid.csrf import SessionCSRFStoragePolicy
from pyramid.response import Response
from pyramid.session import SignedCookieSessionFactory

from servicedir.domain.day import Day
from servicedir.domain.text import Text
from servicedir.web import fields, forms

NASTY = "Grüße 🏛️ </textarea><script>alert(1)</script> \"'&amp; ${7*7} {0.__class__}"


class Kind(StrEnum):
    VIDEO = "video"
    PHONE = "phone"


KINDS = (("video", "Video"), ("phone", "Telefon"), ("mail", "Post"))
TOPICS = [(f"t{number}", f"Thema <b>{number}</b>") for number in range(12)]
OFFICES = (("o1", "Bürgeramt"), deform.widget.OptGroup("Dezernat <b>II</b>", ("o2", "Jugendamt"), ("o3", "Sozialamt")))


class Period(fields.Schema):
    since = colander.SchemaNode(fields.DayType(), title="Seit", description="Wann fing es an?")
    stage = colander.SchemaNode(
        colander.String(), title="Stand", widget=fields.SelectWidget(values=[("live", "jetzt"), ("pilot", "Test")])
    )
    note = colander.SchemaNode(colander.String(), title="Bemerkung", missing="")


class Channel(fields.Schema):
    kind = colander.SchemaNode(
        colander.Enum(Kind, attr="value", typ=colander.String()),
        title="Art",
        default=Kind.PHONE,
        widget=fields.RadioWidget(values=KINDS),
    )
    periods = colander.SchemaNode(
        colander.Sequence(),
        Period(name="period", title="Abschnitt"),
        title="Abschnitte",
        widget=fields.ListWidget(newest_first=True),
    )
    browser_only = colander.SchemaNode(fields.YesNoUnknown(), title="Nur im Browser", missing=None)


class Service(fields.Schema):
    based_on = colander.SchemaNode(colander.Integer(), missing=0, widget=deform.widget.HiddenWidget())
    title = fields.texts(title="Titel", required=("de",), maximum=200)
    body = fields.texts(title="Beschreibung", markdown=True)
    office = colander.SchemaNode(colander.String(), title="Amt", widget=fields.SelectWidget(values=OFFICES))
    topics = colander.SchemaNode(
        colander.Set(), title="Themen", missing=frozenset(), widget=fields.ChecklistWidget(values=TOPICS)
    )
    url = colander.SchemaNode(
        colander.String(), title="Internetadresse", missing="", widget=fields.UrlWidget(), validator=fields.web_address
    )
    fee = colander.SchemaNode(colander.Decimal(), title="Kosten in Euro", missing=None, widget=fields.NumberWidget())
    wheelchair = colander.SchemaNode(colander.Boolean(), title="Rollstuhlgerecht", description="Ohne Stufen")
    links = colander.SchemaNode(
        colander.Sequence(),
        colander.SchemaNode(colander.String(), name="link", title="Link"),
        title="Links",
        widget=fields.ListWidget(max_len=3),
    )
    channels = colander.SchemaNode(
        colander.Sequence(),
        Channel(name="channel", title="Zugangsweg"),
        title="Zugangswege",
        validator=colander.Length(min=1),
        widget=fields.ListWidget(add_label="Weiteren Zugangsweg hinzufügen"),
    )


class Account(fields.Schema):
    user = colander.SchemaNode(
        colander.String(), title="Kennung", widget=fields.TextWidget(attributes={"autocomplete": "username"})
    )
    password = colander.SchemaNode(colander.String(), title="Passwort", widget=fields.PasswordWidget())


class Small(fields.Schema):
    words = colander.SchemaNode(
        colander.Sequence(),
        colander.SchemaNode(colander.String(), name="word", title="Wort", default="Vorgabe"),
        widget=fields.ListWidget(min_len=1, max_len=2, orderable=False),
    )
    poem = colander.SchemaNode(colander.String(), title="Gedicht", widget=deform.widget.TextAreaWidget(strip=False))


def a_service():
    period = {"since": Day("2024-05"), "stage": "pilot", "note": "erst zwei Büros"}
    channel = {"kind": Kind.VIDEO, "periods": [period, {**period, "since": Day("2023")}], "browser_only": True}
    return {
        "based_on": 7,
        "title": Text.of(de="Wohnsitz abmelden", en="Deregister"),
        "body": Text.of("Text"),
        "office": "o2",
        "topics": {"t3"},
        "url": "",
        "fee": None,
        "wheelchair": True,
        "links": ["eins"],
        "channels": [channel, {"kind": Kind.PHONE, "periods": [], "browser_only": None}],
    }


def page(form):
    head = '<!doctype html><html lang="de"><head><title>Formular</title></head>'
    return {"html": f"{head}<body><main><h1>Dienstleistung</h1>{form.render()}</main></body></html>"}


class Views:
    """The views of the app; what the last success was called with stands in `saved`."""

    def __init__(self):
        self.saved = []
        self.refusals = []
        self.committed = []

    def service(self, request):
        form = forms.make_form(
            Service(),
            request,
            [forms.Button("save", "Speichern"), forms.Button("send", "Zur Prüfung")],
            values=a_service(),
        )

        def done(values, button):
            request.tm.get().addAfterCommitHook(self.committed.append)
            if self.refusals:
                raise forms.Refusal(self.refusals)
            self.saved.append((values, button))
            return Response(status=303, location="/")

        return forms.run(form, request, done, self.page)

    def small(self, request):
        form = forms.make_form(Small(), request, ["save"])
        return forms.run(form, request, lambda _values, _button: Response(), self.page)

    def account(self, request):
        form = forms.make_form(Account(), request, ["login"], formid="login")
        return forms.run(
            form, request, lambda values, _button: Response(repr(values)), lambda form: Response(form.render())
        )


def make_app(views, page=page):
    """The WSGI app of the tests; `page` puts a form into a page."""
    views.page = page
    config = Configurator(settings={})
    config.set_session_factory(SignedCookieSessionFactory("a secret of the tests alone"))
    config.set_csrf_storage_policy(SessionCSRFStoragePolicy())
    config.set_default_csrf_options(require_csrf=True)
    config.add_translation_dirs("colander:locale/", "deform:locale/")
    config.add_renderer("html", lambda _info: lambda value, _system: value["html"])
    config.include("pyramid_tm")
    for name in ("service", "small", "account"):
        config.add_route(name, f"/{name}")
        config.add_view(getattr(views, name), route_name=name, renderer="html")
    return config.make_wsgi_app()


def by_id(form, identifier):
    """Return the field of a WebTest form with this id: names repeat from entry to entry, ids do not."""
    (found,) = (field for _name, field in form.field_order if field.id == identifier)
    return found


def fill(form, **values):
    for identifier, value in values.items():
        by_id(form, identifier.replace("__", "-")).value = value


def texts_of(soup, selector):
    return [" ".join(element.get_text().split()) for element in soup.select(selector)]


def problems(response):
    return texts_of(response.html, ".forms-problems li")


def all_pages(app):
    """Return the form in each of its states: fresh, refused, and after a change to a list."""
    fresh = app.get("/service")
    form = fresh.forms["form"]
    fill(form, title__de="", url="x", channels__0__periods__0__since="x", based_on="x")
    form["channels-1-kind"].force_value(None)
    refused = form.submit("save", status=400)
    return {"fresh": fresh, "refused": refused, "added": form.submit("__list__", value="add:channels")}
