"""What a form is, and what it makes of what people write."""

from __future__ import annotations

import re
from collections import Counter

import colander
import deform
import pytest
from formed import (
    Account,
    a_service,
    all_pages,
    texts_of,
)
from pyramid.events import NewRequest
from pyramid.request import Request

from servicedir.domain.day import Day
from servicedir.web import fields, forms

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
