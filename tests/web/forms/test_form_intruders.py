"""Nobody sends what was not asked."""

from __future__ import annotations

import colander
import pytest
from formed import (
    Account,
    by_id,
    problems,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


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
