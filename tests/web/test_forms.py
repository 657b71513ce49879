"""What forms promise: nothing typed is lost, each error leads to its field, and nobody can send what was not asked."""

from __future__ import annotations

import gc
import re
import warnings
from collections import Counter
from enum import StrEnum

import colander
import deform
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyramid.config import Configurator
from pyramid.csrf import SessionCSRFStoragePolicy
from pyramid.events import NewRequest
from pyramid.request import Request
from pyramid.response import Response
from pyramid.session import SignedCookieSessionFactory
from webtest import TestApp

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


@pytest.fixture
def views():
    return Views()


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


@pytest.fixture
def app(views):
    return TestApp(make_app(views))


@pytest.fixture
def temporary_files():
    """WebOb leaves the temporary files of uploads and of bodies above 10 kB to the garbage collector."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def shown(app):
    """The form as an editor first sees it."""
    return app.get("/service").forms["form"]


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


# What the form is.


def test_what_is_stored_goes_through_the_form_and_comes_back_unchanged(shown, views):
    assert shown.submit("save").status_int == 303
    ((values, button),) = views.saved
    assert values == {**a_service(), "based_on": 7}
    assert button == "save"


def test_the_button_that_was_pressed_is_told_to_the_one_who_saves(shown, views):
    shown.submit("send")
    assert views.saved[0][1] == "send"


def test_enter_presses_the_first_button_and_not_one_of_a_list(app):
    button = app.get("/service").html.select_one("form button, form input[type=submit]")
    assert (button["name"], button["type"], button["tabindex"]) == ("save", "submit", "-1")
    assert button.get("hidden") is None  # Safari presses only what it has laid out


def test_every_label_names_a_control_and_every_control_has_a_label(app):
    for state, response in all_pages(app).items():
        controls = response.html.select("input:not([type=hidden]), select, textarea")
        labels = Counter(label["for"] for label in response.html.select("label"))
        assert labels == Counter(control["id"] for control in controls), state
        assert all(texts_of(response.html, "label")), state


def test_ids_are_unique_and_made_of_paths(app):
    for state, response in all_pages(app).items():
        ids = Counter(element["id"] for element in response.html.select("[id]"))
        assert [name for name, times in ids.items() if times > 1] == [], state
        assert "channels-0-periods-1-since" in ids


def test_what_describes_a_field_exists(app):
    for state, response in all_pages(app).items():
        for element in response.html.select("[aria-describedby], [aria-labelledby]"):
            for name in f"{element.get('aria-describedby', '')} {element.get('aria-labelledby', '')}".split():
                assert response.html.find(id=name) is not None, (state, name)


def test_groups_of_radios_and_checkboxes_have_a_legend(app):
    html = app.get("/service").html
    for control in html.select("input[type=radio], input[name=topics]"):
        legend = control.find_parent("fieldset").find("legend", recursive=False)
        assert legend.get_text().strip() in {"Art (Pflichtangabe)", "Nur im Browser", "Themen"}
    groups = {radio["name"] for radio in html.select("input[type=radio]")}
    assert groups == {f"channels-{number}-{name}" for number in (0, 1) for name in ("kind", "browser_only")}


def test_required_fields_say_so_in_words(app):
    html = app.get("/service").html
    assert "Pflichtangabe" in html.select_one("label[for=title-de]").get_text()
    assert "Pflichtangabe" not in html.select_one("label[for=title-en]").get_text()
    assert "Pflichtangabe" not in html.select_one("label[for=wheelchair]").get_text()


def test_each_language_has_a_field_marked_with_it(app):
    html = app.get("/service").html
    assert {name: html.find(id=name)["lang"] for name in ("title-de", "title-en", "body-en")} == {
        "title-de": "de",
        "title-en": "en",
        "body-en": "en",
    }
    assert html.find(id="body-de").name == "textarea"


def test_help_stands_between_label_and_field_and_is_tied_to_the_field(app):
    html = app.get("/service").html
    field = html.find(id="channels-0-periods-0-since")
    hint = html.find(id=field["aria-describedby"])
    assert "Wann fing es an?" in hint.get_text()
    assert "05.2024" in hint.get_text()
    assert [element.name for element in field.parent.find_all(True, recursive=False)][:3] == ["label", "div", "input"]


def test_there_is_no_script_no_style_and_no_event_attribute(app):
    for state, response in all_pages(app).items():
        form = response.html.select_one("form")
        assert form.find_all(["script", "style", "link", "iframe", "form"]) == [], state
        attributes = {name for element in form.find_all(True) for name in element.attrs}
        assert {name for name in attributes if name == "style" or name.startswith("on")} == set(), state


def test_a_choice_that_is_gone_is_named_and_not_silently_replaced(views, monkeypatch):
    monkeypatch.setattr(fields, "_", lambda words: words)
    widget = fields.SelectWidget(values=[("a", "A")])
    schema = colander.SchemaNode(colander.Mapping(), colander.SchemaNode(colander.String(), name="x", widget=widget))
    field = deform.Form(schema)["x"]
    assert widget.choices(field, "b") == [
        (None, [("deformField1-0", "a", "A", False)]),
        (None, [("deformField1-1", "b", "b (nicht mehr vorhanden)", True)]),
    ]


def test_the_form_posts_to_its_own_address_and_never_to_another_host(app):
    assert app.get("/service?a=1").html.form["action"] == "/service?a=1"
    request = Request.blank("//evil.example/x")
    request.registry = app.app.registry
    assert forms.make_form(Account(), request, ["login"]).action == "/evil.example/x"


def test_two_forms_of_a_page_have_different_ids(app):
    html = app.get("/account").html
    assert html.form["id"] == "login"
    assert html.find(id="login-user")["autocomplete"] == "username"


class Louder:
    """A localizer that marks what it was asked to translate."""

    def translate(self, words, domain=None, mapping=None):
        if getattr(words, "domain", domain) != "servicedir":
            return words
        return f"«{words.interpolate(words.default or words)}»"


def test_every_text_of_ours_goes_through_translation(app):
    app.app.registry.registerHandler(lambda event: setattr(event.request, "localizer", Louder()), [NewRequest])
    for state, response in all_pages(app).items():
        form = response.html.form
        said = [words for words in [*form.stripped_strings, form["data-failed"]] if "«" not in words]
        ours = re.compile(r"[Bb]itte|Pflicht|Fehler|entfernen|nach |Noch |Das |Jahr|Beispiel")
        assert [words for words in said if ours.search(words)] == [], state
        assert form["data-failed"].startswith("«")


# Nothing typed is lost.


def test_invalid_input_answers_400_with_every_character_kept(shown, views):
    fill(shown, title__de=NASTY, body__de=f"\n {NASTY}\n\nzweiter Absatz", channels__0__periods__1__note=NASTY)
    fill(shown, url="x", fee="abc")
    answer = shown.submit("save", status=400)
    kept = answer.forms["form"]
    assert by_id(kept, "title-de").value == NASTY
    assert by_id(kept, "body-de").value.strip() == f"{NASTY}\n\nzweiter Absatz"
    assert by_id(kept, "channels-0-periods-1-note").value == NASTY
    assert by_id(kept, "fee").value == "abc"
    assert views.saved == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).filter(str.strip))
def test_any_text_survives_a_refusal(app, words):
    form = app.get("/service").forms["form"]
    fill(form, body__de=words, title__de="")
    assert by_id(form.submit("save", status=400).forms["form"], "body-de").value == words.strip()


def test_line_ends_at_the_beginning_of_a_text_survive_where_texts_are_not_trimmed(app):
    form = app.get("/small").forms["form"]
    fill(form, poem="\n\n  Die Linien des Lebens", words__0="")
    assert by_id(form.submit("save", status=400).forms["form"], "poem").value == "\n\n  Die Linien des Lebens"


def test_a_chosen_radio_and_checkbox_stay_chosen(shown):
    fill(shown, title__de="", office="o3")
    shown["channels-1-kind"].value = "video"
    by_id(shown, "topics-5").checked = True
    by_id(shown, "wheelchair").checked = False
    kept = shown.submit("save", status=400).forms["form"]
    assert kept["channels-1-kind"].value == "video"
    assert by_id(kept, "topics-5").checked
    assert not by_id(kept, "wheelchair").checked
    assert by_id(kept, "office").value == "o3"


def test_a_text_cannot_break_out_of_its_field(shown):
    fill(shown, body__de="</textarea><script>alert(1)</script>", title__de='"><img src=x>', url="x")
    answer = shown.submit("save", status=400)
    assert answer.html.find_all(["script", "img", "b"]) == []


def test_line_ends_are_stored_as_one_character_and_control_characters_not_at_all(shown, views):
    fill(shown, body__de="eins\r\nzwei\x0bdrei\x07")
    shown.submit("save", status=303)
    assert views.saved[0][0]["body"] == Text.of("eins\nzwei\ndrei")


def test_a_password_is_never_shown_again_and_never_trimmed(app):
    form = app.get("/account").forms["login"]
    form["password"] = " geheim "
    assert "geheim" not in form.submit("login", status=400).text
    form["user"] = "anna"
    assert "' geheim '" in form.submit("login", status=200).text


# Errors lead to their fields.


def test_each_line_of_the_summary_links_to_a_field_that_is_there(app):
    response = all_pages(app)["refused"]
    links = response.html.select(".forms-problems a")
    assert len(links) == 5
    for link in links:
        assert response.html.find(id=link["href"][1:]) is not None, link


def test_the_summary_says_where_what_is_wrong_also_inside_lists(shown):
    fill(shown, title__de="", channels__0__periods__1__since="irgendwann", url="javascript:alert(1)", links__0="")
    assert problems(shown.submit("save", status=400)) == [
        "Titel › Deutsch: Bitte füllen Sie dieses Feld aus.",
        "Internetadresse: Das ist keine Internetadresse. Beispiel: https://www.example.org/seite",
        "Link 1: Bitte füllen Sie dieses Feld aus.",
        "Zugangsweg 1 › Abschnitt 2 › Seit: Das ist kein Datum. Möglich sind Jahr (2024), Monat (05.2024) "
        "oder Tag (01.05.2024).",
    ]


def test_the_summary_takes_the_focus(shown):
    fill(shown, title__de="")
    summary = shown.submit("save", status=400).html.select_one(".forms-problems")
    assert (summary["tabindex"], summary["autofocus"]) == ("-1", "autofocus")
    assert summary.select_one("h2").get_text().strip() == "Bitte prüfen Sie eine Angabe"


def test_a_wrong_field_is_marked_and_tied_to_its_sentence(shown):
    fill(shown, channels__0__periods__1__since="x")
    html = shown.submit("save", status=400).html
    field = html.find(id="channels-0-periods-1-since")
    assert field["aria-invalid"] == "true"
    assert "kein Datum" in html.find(id=field["aria-describedby"].split()[-1]).get_text()
    assert [element["id"] for element in html.select("[aria-invalid]")] == ["channels-0-periods-1-since"]


def test_a_list_that_is_too_short_is_an_error_of_the_list(shown):
    for number in (1, 0):
        shown = shown.submit("__list__", value=f"remove:channels.{number}").forms["form"]
    answer = shown.submit("save", status=400)
    assert problems(answer) == ["Zugangswege: Das sind zu wenige: mindestens 1."]
    assert answer.html.select_one(".forms-problems a")["href"] == "#channels--legend"


def test_a_radio_group_that_nobody_answered_is_an_error_of_the_group(app, shown):
    controls = [(name, value) for name, value in shown.submit_fields("save") if name != "channels-1-kind"]
    answer = app.post("/service", controls, status=400)
    assert problems(answer) == ["Zugangsweg 2 › Art: Bitte wählen Sie etwas aus."]
    assert answer.html.find(id="channels-1-kind")["aria-invalid"] == "true"


def test_what_the_domain_refuses_is_shown_at_the_field(shown, views):
    views.refusals = [
        (("channels", 0, "periods", 1, "since"), "Das liegt vor dem vorigen Abschnitt."),
        (("title", "de"), "Diesen Titel gibt es schon."),
        ((), "Bitte später noch einmal."),
    ]
    answer = shown.submit("save", status=400)
    assert problems(answer) == [
        "Bitte später noch einmal.",
        "Titel › Deutsch: Diesen Titel gibt es schon.",
        "Zugangsweg 1 › Abschnitt 2 › Seit: Das liegt vor dem vorigen Abschnitt.",
    ]
    assert answer.html.select_one(".forms-problems a")["href"] == "#form"
    assert views.committed == []
    views.refusals = []
    answer.forms["form"].submit("save", status=303)
    assert views.committed == [True]


@pytest.mark.parametrize(
    ("validator", "value", "typ"),
    [
        (colander.Length(min=3), "x", colander.String()),
        (colander.Length(max=3), "xxxx", colander.String()),
        (colander.Range(min=3), "1", colander.Integer()),
        (colander.Range(max=3), "9", colander.Integer()),
        (colander.OneOf(["a"]), "b", colander.String()),
        (colander.Email(), "x", colander.String()),
        (colander.url, "x y", colander.String()),
        (colander.Regex("a"), "b", colander.String()),
        (colander.Function(lambda _value: False), "b", colander.String()),
        (colander.ContainsOnly(["a"]), "b", colander.String()),
        (None, "x", colander.Integer()),
        (None, "x", colander.Decimal()),
        (None, "x", colander.Date()),
        (None, "x", colander.Time()),
        (None, "x", colander.Enum(Kind, attr="value", typ=colander.String())),
        (None, colander.null, colander.String()),
    ],
)
def test_colander_speaks_in_our_sentences(validator, value, typ):
    node = colander.SchemaNode(typ, validator=validator, widget=fields.TextWidget())
    with pytest.raises(colander.Invalid) as caught:
        node.deserialize(value)
    (message,) = caught.value.messages()
    said = fields.sentence(deform.Field(node), message).interpolate()
    assert message not in said
    assert "${" not in said
    assert said.endswith((".", "org", "12", "01", "30", "seite"))


# Lists change without a script.


def test_an_entry_is_added_with_everything_typed_kept_and_the_focus_in_it(shown, views):
    fill(shown, title__de=NASTY, url="halb getippt")
    answer = shown.submit("__list__", value="add:channels", status=200)
    form = answer.forms["form"]
    assert by_id(form, "title-de").value == NASTY
    assert by_id(form, "url").value == "halb getippt"
    assert texts_of(answer.html, "#channels-2--legend") == ["Zugangsweg 3"]
    assert form["channels-2-kind"].value == "phone"  # the schema's default
    assert [element["id"] for element in answer.html.select("[autofocus]")] == ["channels-2-kind-1"]
    assert answer.html.form["data-announce"] == "Zugangsweg 3 hinzugefügt."
    assert problems(answer) == []
    assert views.saved == []


def test_an_entry_of_a_list_in_a_list_is_added_on_top_where_the_newest_comes_first(shown):
    answer = shown.submit("__list__", value="add:channels.0.periods")
    form = answer.forms["form"]
    assert [by_id(form, f"channels-0-periods-{number}-since").value for number in range(3)] == ["", "2024-05", "2023"]
    assert [element["id"] for element in answer.html.select("[autofocus]")] == ["channels-0-periods-0-since"]


def test_an_entry_is_removed_and_the_focus_goes_to_the_list(shown):
    answer = shown.submit("__list__", value="remove:channels.0.periods.0")
    form = answer.forms["form"]
    assert by_id(form, "channels-0-periods-0-since").value == "2023"
    assert answer.html.find(id="channels-0-periods-1-since") is None
    (focused,) = answer.html.select("[autofocus]")
    assert (focused["id"], focused["tabindex"]) == ("channels-0-periods--legend", "-1")
    assert answer.html.form["data-announce"] == "Abschnitt 1 entfernt."


def test_an_entry_moves_up_and_down_again_with_the_focus_on_a_button_that_is_there(shown):
    up = shown.submit("__list__", value="up:channels.1")
    assert up.forms["form"]["channels-0-kind"].value == "phone"
    assert by_id(up.forms["form"], "channels-1-periods-1-since").value == "2023"
    assert [element["id"] for element in up.html.select("[autofocus]")] == ["channels-0--down"]
    down = up.forms["form"].submit("__list__", value="down:channels.0")
    assert down.forms["form"].submit_fields() == shown.submit_fields()


def test_the_focus_stays_on_the_button_that_moves_an_entry_further(shown):
    form = shown.submit("__list__", value="add:channels").forms["form"]
    html = form.submit("__list__", value="up:channels.2").html
    assert [element["id"] for element in html.select("[autofocus]")] == ["channels-1--up"]
    html = form.submit("__list__", value="down:channels.1").html
    assert [element["id"] for element in html.select("[autofocus]")] == ["channels-2--up"]


def test_what_was_added_removed_and_moved_is_what_is_saved(shown, views):
    form = shown.submit("__list__", value="add:links").forms["form"]
    fill(form, links__1="zwei")
    form = form.submit("__list__", value="up:links.1").forms["form"]
    form = form.submit("__list__", value="remove:channels.0").forms["form"]
    form.submit("save", status=303)
    values = views.saved[0][0]
    assert values["links"] == ["zwei", "eins"]
    assert [channel["kind"] for channel in values["channels"]] == [Kind.PHONE]


def test_a_list_offers_only_the_buttons_that_its_bounds_allow(app):
    def offered(response):
        return [button["value"] for button in response.html.select("button[name=__list__]")]

    shortest = app.get("/small")
    assert by_id(shortest.forms["form"], "words-0").value == "Vorgabe"
    assert offered(shortest) == ["add:words"]
    longest = shortest.forms["form"].submit("__list__", value="add:words")
    assert offered(longest) == ["remove:words.0", "remove:words.1"]
    for form, beyond in ((shortest.forms["form"], "remove:words.0"), (longest.forms["form"], "add:words")):
        app.post("/small", [*form.submit_fields(), ("__list__", beyond)], status=400)


def test_the_first_entry_has_no_button_up_and_the_last_none_down(shown, app):
    buttons = {button["value"] for button in app.get("/service").html.select("button[name=__list__]")}
    assert {"down:channels.0", "up:channels.1"} <= buttons
    assert not {"up:channels.0", "down:channels.1"} & buttons


NO_BUTTONS = """
    - add add: add:title add:nowhere add:channels.9.periods add:channels.-1.periods add:channels.0.periods.0
    remove:channels remove:channels.2 remove:channels.x up:channels.0.kind burn:channels.0 burn:channels
"""


@pytest.mark.parametrize("action", NO_BUTTONS.split())
def test_a_button_that_does_not_exist_is_refused(app, shown, action):
    assert "beschädigt" in app.post("/service", [*shown.submit_fields(), ("__list__", action)], status=400).text


# Nobody sends what was not asked.


def posted(app, form, *more):
    return app.post("/service", [*form.submit_fields("save"), *more], status=400)


@pytest.mark.parametrize("name", ["state", "office_id", "owner", "id", "is_admin", "version", "__class__", "csrf"])
def test_a_field_that_the_form_does_not_have_is_refused(app, shown, views, name):
    assert "Feld, das es hier nicht gibt" in posted(app, shown, (name, "x")).text
    inside = []
    for control in shown.submit_fields("save"):
        inside.append(control)
        if control == ("__start__", "channel:mapping"):
            inside.append((name, "x"))
    assert "Feld, das es hier nicht gibt" in app.post("/service", inside, status=400).text
    assert views.saved == []


def test_a_schema_refuses_what_it_does_not_know_also_without_a_form():
    with pytest.raises(colander.UnsupportedFields):
        Account().deserialize({"user": "a", "password": "b", "is_admin": "1"})


def brackets(*values):
    return [("__end__", "x") if value is None else ("__start__", value) for value in values]


DAMAGED = {
    "a list that does not end": brackets("links:sequence"),
    "an end without a start": brackets(None),
    "an end before its start": brackets(None, "a:mapping"),
    "two ends": brackets("x:mapping", None, None),
    "a kind of bracket that nobody knows": brackets("x:tuple", None),
    "a kind of bracket that swallows": brackets("x:ignore", None),
    "thirteen brackets in one another": brackets(*["x:mapping"] * 13, *[None] * 13),
    "two values of one name": [("user", "anna"), ("user", "berta")],
    "two values of one name, one with a space": [("user", "anna"), *brackets("user :mapping", None)],
    "a group in place of a text": brackets("user:mapping", None),
    "a list in place of a text": [*brackets("user:sequence"), ("x", "anna"), *brackets(None)],
    "two answers to one question": [*brackets("user:rename"), ("a", "anna"), ("b", "berta"), *brackets(None)],
}


@pytest.mark.parametrize("case", DAMAGED)
def test_what_no_form_of_ours_sends_is_refused_with_a_sentence(app, case):
    token = app.get("/account").forms["login"]["csrf_token"].value
    answer = app.post("/account", [("csrf_token", token), *DAMAGED[case]], status=400)
    assert "Das Formular kam beschädigt an." in answer.text


@pytest.mark.parametrize(
    "controls",
    [[("user", "x")] * 20_001, brackets(*["x:sequence", None] * 2_001)],
    ids=["controls", "brackets"],
)
@pytest.mark.usefixtures("temporary_files")
def test_a_form_that_is_too_large_is_refused_with_a_sentence(app, controls):
    token = app.get("/account").forms["login"]["csrf_token"].value
    assert "zu groß" in app.post("/account", [("csrf_token", token), *controls], status=400).text


@pytest.mark.parametrize("control", [("user", "a\0b"), ("us\0er", "a")], ids=["value", "name"])
def test_nul_is_refused_with_a_sentence(app, control):
    token = app.get("/account").forms["login"]["csrf_token"].value
    assert "(NUL)" in app.post("/account", [("csrf_token", token), control], status=400).text


@pytest.mark.parametrize("second", [("send", "send"), ("__list__", "add:links")])
def test_two_buttons_at_once_are_refused(app, shown, views, second):
    assert "beschädigt" in posted(app, shown, second).text
    assert views.saved == []


@pytest.mark.parametrize("name", ["channels", "links", "topics", "title"])
def test_a_lone_value_in_place_of_a_list_or_a_group_is_refused(app, shown, name):
    inside = 0
    controls = []
    for key, value in shown.submit_fields("save"):
        opens = key == "__start__"
        inside += opens and (inside > 0 or value.partition(":")[0] == name)
        if not inside:
            controls.append((key, value))
        inside -= key == "__end__" and inside > 0
    assert "beschädigt" in app.post("/service", [*controls, (name, "x")], status=400).text


def test_a_list_in_place_of_a_text_inside_a_list_is_refused(app, shown):
    answer = posted(app, shown, *brackets("links:sequence", "x:sequence", None, None))
    assert "beschädigt" in answer.text


def test_more_entries_than_a_list_takes_are_refused(app, shown):
    controls = [control for control in shown.submit_fields("save") if control != ("link", "eins")]
    at = controls.index(("__start__", "links:sequence")) + 1
    controls[at:at] = [("link", "x")] * 4
    assert "zu groß" in app.post("/service", controls, status=400).text


@pytest.mark.usefixtures("temporary_files")
def test_an_upload_where_no_file_is_asked_for_is_refused(app):
    token = app.get("/account").forms["login"]["csrf_token"].value
    answer = app.post("/account", {"csrf_token": token}, upload_files=[("user", "a.txt", b"x")], status=400)
    assert "beschädigt" in answer.text


def test_a_choice_that_was_not_on_offer_is_an_error_of_the_field(shown):
    by_id(shown, "office").force_value("o9")
    by_id(shown, "topics-3").force_value("t99")
    answer = shown.submit("save", status=400)
    assert [problem.partition(":")[0] for problem in problems(answer)] == ["Amt", "Themen"]
    assert by_id(answer.forms["form"], "office").value == "o9"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["__start__", "__end__", "__list__", "title", "de", "channels", "kind", "links", "save"]),
            st.sampled_from(["channels:sequence", "channel:mapping", "title:mapping", "kind:rename", "x", "add:links"]),
        ),
        max_size=12,
    )
)
def test_no_heap_of_controls_is_an_error_of_ours(app, controls):
    token = app.get("/service").forms["form"]["csrf_token"].value
    assert app.post("/service", [("csrf_token", token), *controls], status="*").status_int in (200, 303, 400)


def test_a_form_without_its_token_is_refused(app, shown, views):
    controls = [(name, value) for name, value in shown.submit_fields("save") if name != "csrf_token"]
    assert app.post("/service", controls, status=400).status_int == 400
    assert views.saved == []


# Values.


DAYS = {
    "2024": "2024",
    " 2024 ": "2024",
    "2024-05": "2024-05",
    "5.2024": "2024-05",
    "05/2024": "2024-05",
    "2024-05-01": "2024-05-01",
    "1.5.2024": "2024-05-01",
    "01. 05. 2024": "2024-05-01",
}


@pytest.mark.parametrize(("typed", "meant"), DAYS.items())
def test_a_day_is_taken_as_people_write_it(typed, meant):
    assert colander.SchemaNode(fields.DayType()).deserialize(typed) == Day(meant)


@pytest.mark.parametrize("typed", ["24", "2024-13", "30.2.2024", "2024-02-30", "gestern", "1/5/2024", "٢٠٢٤"])
def test_a_day_that_no_calendar_has_is_refused(typed):
    with pytest.raises(colander.Invalid):
        colander.SchemaNode(fields.DayType()).deserialize(typed)


@pytest.mark.parametrize(("typed", "meant"), [("12", "12"), ("12,50", "12.50"), ("1 250", "1250"), ("-3", "-3")])
def test_a_number_may_have_a_comma_and_spaces(typed, meant):
    field = deform.Field(colander.SchemaNode(colander.Decimal(), widget=fields.NumberWidget()))
    assert field.deserialize(typed) == meant


@pytest.mark.parametrize("typed", ["1e9", "nan", "inf", "1_000", "0x10", "1.234,5", "١٢", "9" * 19, "--1"])
def test_what_only_python_takes_for_a_number_is_refused(typed):
    field = deform.Field(colander.SchemaNode(colander.Decimal(), widget=fields.NumberWidget()))
    with pytest.raises(colander.Invalid) as caught:
        field.deserialize(typed)
    assert caught.value.value == typed


@pytest.mark.parametrize("value", ["https://www.example.org/a?b=c#d", "http://example.org:8080/ä", "HTTPS://x.de"])
def test_an_address_on_the_web_is_taken(value):
    fields.web_address(colander.SchemaNode(colander.String()), value)


ELSEWHERE = r"""
    javascript:alert(1) data:text/html,x vbscript:x ftp://example.org //example.org example.org http:// http:///x
    https://user:secret@example.org https://exa\\mple.org https://[::1 https://example.org:99999/ https://x.de/"onload=
"""
BLANKS = ["java\tscript:alert(1)", "https://example.org/a b", "https://" + "a" * 2000, ""]


@pytest.mark.parametrize("value", [*ELSEWHERE.split(), *BLANKS])
def test_an_address_that_leads_elsewhere_is_refused(value):
    with pytest.raises(colander.Invalid):
        fields.web_address(colander.SchemaNode(colander.String()), value)


@pytest.mark.parametrize(("value", "text"), [(True, "yes"), (False, "no"), (None, "unknown")])
def test_unknown_is_neither_yes_nor_no(value, text):
    node = colander.SchemaNode(fields.YesNoUnknown(), missing=None)
    assert node.serialize(value) == text
    assert node.deserialize(text) is value
