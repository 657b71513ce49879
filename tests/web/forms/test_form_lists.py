"""Lists in forms change without a script."""

from __future__ import annotations

import pytest
from formed import (
    NASTY,
    Kind,
    by_id,
    fill,
    problems,
    texts_of,
)


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
