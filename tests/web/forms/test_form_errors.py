"""Nothing that was typed is lost, and each error leads to its field."""

from __future__ import annotations

import colander
import deform
import pytest
from formed import (
    NASTY,
    Kind,
    all_pages,
    by_id,
    fill,
    problems,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicedir.domain.text import Text
from servicedir.web import fields

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
