"""Two people edit one entry: what only one of them changed stands, the rest is asked, and nobody's words vanish."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from builders import a_service
from editing import EDIT, NASTY, act, authors, by_id, entry_of, fill, form_of, live, press, problems
from houses import a_house, save, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pagecheck import faults
from sites import Site
from webtest import Form, TestApp, TestResponse

from servicedir.domain.document import from_document
from servicedir.domain.history import Kind
from servicedir.domain.service import ChannelKind, Service
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM


def conflict(page: TestResponse) -> str:
    """What the page says of what happened."""
    return " ".join(page.html.find(id="conflict").get_text(" ", strip=True).split())


def choose(page: TestResponse, *, status: int = 200, **sides: str) -> TestResponse:
    """Take sides in the form that asks, by the key of each choice with `__` for dots, and send it."""
    form: Form = page.forms["merge"]
    for key, side in sides.items():
        form[f"choice.{key.replace('__', '.')}"] = side
    return form.submit(status=status)


def at_once(town: Site, theirs: dict[str, Any], mine: dict[str, Any], button: str = "save") -> TestResponse:
    """What rita gets who began together with anna, and saves after her."""
    early, late = (form_of(town.signed_in(login).get(EDIT)) for login in ("anna", "rita"))
    fill(early, why="Anna war das", **theirs)
    fill(late, why="Rita war das", **mine)
    press(early, "save")
    page = press(late, button, status=409)
    assert faults(page.text, "de") == []
    return page


# Nothing clashes


def test_what_does_not_clash_comes_back_together_and_is_saved_with_one_more_press(town: Site) -> None:
    page = at_once(
        town,
        {"costs__de": "12 Euro", "title__en": "Leaving town"},
        {"title__de": NASTY, "duration__de": "zwei Tage"},
        "publish",
    )
    assert "merge" not in page.forms
    told = conflict(page)
    assert "Anna" in told
    assert "12 Euro" in told
    for name in ("Kosten", "Titel › Englisch" if "Titel › Englisch" in told else "Titel"):
        assert name in told
    for name in ("Dauer", "Unterlagen", "Zugangswege"):
        assert name not in told
    form = form_of(page)
    assert by_id(form, "why").value == "Rita war das"
    press(form, "publish")
    value = live(town)
    assert (value.title.get("de"), value.title.get("en")) == (NASTY, "Leaving town")
    assert (value.costs.get("de"), value.duration.get("de")) == ("12 Euro", "zwei Tage")
    assert authors(town) == [(1, "system"), (2, "anna"), (3, "rita")]
    assert entry_of(town)[0].latest.reason == "Rita war das"


def test_nothing_is_saved_by_being_told(town: Site) -> None:
    early, late = (form_of(town.signed_in(login).get(EDIT)) for login in ("anna", "rita"))
    fill(early, costs__de="12 Euro")
    press(early, "save")
    fill(late, costs__de="13 Euro")
    before = written(town.house)
    page = press(late, "publish", status=409)
    choose(page, costs__de="mine")
    assert written(town.house) == before


def test_both_may_have_typed_the_same(town: Site) -> None:
    page = at_once(town, {"costs__de": "12 Euro"}, {"costs__de": "12 Euro"})
    assert "merge" not in page.forms
    press(form_of(page), "save")
    assert entry_of(town)[1].costs.get("de") == "12 Euro"


def test_lists_that_both_made_longer_have_all_of_it(town: Site) -> None:
    early, late = (form_of(town.signed_in(login).get(EDIT)) for login in ("anna", "rita"))
    early, late = (form_of(act(form, "add:documents")) for form in (early, late))
    fill(early, documents__1__de="Mietvertrag")
    fill(late, documents__1__de="Geburtsurkunde")
    press(early, "save")
    page = press(late, "save", status=409)
    press(form_of(page), "save")
    assert [one.get("de") for one in entry_of(town)[1].documents] == [
        "Personalausweis",
        "Geburtsurkunde",
        "Mietvertrag",
    ]


# Something clashes


def test_what_clashes_is_asked_and_the_answers_go_into_the_form(town: Site) -> None:
    page = at_once(
        town,
        {"costs__de": "12 Euro", "title__de": "Abmelden", "duration__de": "ein Tag"},
        {"costs__de": "13 Euro", "title__de": NASTY},
    )
    assert "service" not in page.forms
    assert {group.legend.get_text(strip=True) for group in page.html.select("#merge fieldset")} == {
        "Titel › Deutsch",
        "Kosten › Deutsch",
    }
    assert not page.html.select("#merge input[checked]")
    assert "ein Tag" in conflict(page)
    answer = choose(page, costs__de="theirs", title__de="mine")
    assert faults(answer.text, "de") == []
    form = form_of(answer)
    typed = {name: by_id(form, f"{name}-de").value for name in ("costs", "title", "duration")}
    assert typed == {"costs": "12 Euro", "title": NASTY, "duration": "ein Tag"}
    assert form["why"].value == "Rita war das"
    assert answer.html.find(id="service")["data-edited"] == "yes"
    press(form, "save")
    assert entry_of(town)[1].costs.get("de") == "12 Euro"
    assert authors(town) == [(1, "system"), (2, "anna"), (3, "rita")]


def test_what_is_not_chosen_is_asked_again_with_what_was(town: Site) -> None:
    page = at_once(town, {"costs__de": "12 Euro", "title__de": "A"}, {"costs__de": "13 Euro", "title__de": "B"})
    again = choose(page, costs__de="theirs", status=409)
    assert again.forms["merge"]["choice.costs.de"].value == "theirs"
    assert again.forms["merge"]["choice.title.de"].value is None
    assert "noch einmal gespeichert" not in conflict(again)
    assert by_id(form_of(choose(again, title__de="theirs")), "title-de").value == "A"


def test_what_one_took_away_and_the_other_changed_is_asked(town: Site) -> None:
    early, late = (form_of(town.signed_in(login).get(EDIT)) for login in ("anna", "rita"))
    press(form_of(act(early, "remove:channels.2")), "save")
    fill(late, channels__2__note__de="Unter der Nummer 115.")
    page = press(late, "save", status=409)
    (group,) = page.html.select("#merge fieldset")
    assert "Telefon" in group.legend.get_text()
    assert "(entfernt)" in group.get_text()
    key = page.html.select_one("#merge input[type=radio]")["name"].removeprefix("choice.")
    form = page.forms["merge"]
    form[f"choice.{key}"] = "mine"
    press(form_of(form.submit()), "save")
    assert entry_of(town)[1].channel(ChannelKind.PHONE).note.get("de") == "Unter der Nummer 115."


def test_a_third_one_is_asked_again_and_keeps_the_answers_that_still_apply(town: Site) -> None:
    page = at_once(town, {"costs__de": "12 Euro", "title__de": "A"}, {"costs__de": "13 Euro", "title__de": "B"})
    save(town.house, replace(entry_of(town)[1], costs=Text.of("14 Euro")), based_on=2)
    again = choose(page, costs__de="theirs", title__de="theirs", status=409)
    assert faults(again.text, "de") == []
    told = conflict(again)
    assert "noch einmal gespeichert" in told
    assert "14 Euro" in told
    assert "Anna, servicedir" in told
    assert again.forms["merge"]["choice.title.de"].value == "theirs"
    assert again.forms["merge"]["choice.costs.de"].value is None  # it was an answer about twelve
    press(form_of(choose(again, costs__de="theirs")), "save")
    value = entry_of(town)[1]
    assert (value.costs.get("de"), value.title.get("de")) == ("14 Euro", "A")


def test_who_saves_elsewhere_does_not_undo_the_answers(town: Site) -> None:
    page = at_once(town, {"costs__de": "12 Euro"}, {"costs__de": "13 Euro"})
    value = entry_of(town)[1]
    save(town.house, replace(value, title=Text.of(de="Neu", en=value.title.get("en") or "")), based_on=2)
    form = form_of(choose(page, costs__de="mine"))
    assert by_id(form, "title-de").value == "Neu"
    press(form, "save")
    assert entry_of(town)[1].costs.get("de") == "13 Euro"


def test_after_the_answers_somebody_may_be_first_again(town: Site) -> None:
    form = form_of(choose(at_once(town, {"costs__de": "12 Euro"}, {"costs__de": "13 Euro"}), costs__de="mine"))
    save(town.house, replace(entry_of(town)[1], costs=Text.of("14 Euro")), based_on=2)
    page = press(form, "save", status=409)
    assert "13 Euro" in conflict(page)
    assert "14 Euro" in conflict(page)
    press(form_of(choose(page, costs__de="mine")), "save")
    assert entry_of(town)[1].costs.get("de") == "13 Euro"


def test_what_two_right_versions_make_wrong_together_is_an_error_like_any_other(town: Site) -> None:
    early, late = (form_of(town.signed_in(login).get(EDIT)) for login in ("anna", "rita"))
    fill(early, channels__0__periods__0__until="2024-06")
    fill(early, channels__0__periods__1__since="2024-07")
    press(early, "save")
    fill(late, channels__0__periods__1__until="2024-06", summary__de="Geht nicht verloren.")
    page = press(late, "save", status=409)
    form = form_of(page)
    before = written(town.house)
    refused = press(form, "save", status=400)
    assert any("periods" in where for where in problems(refused))
    assert written(town.house) == before
    form = form_of(refused)
    assert by_id(form, "summary-de").value == "Geht nicht verloren."
    fill(form, channels__0__periods__1__until="2024-12")
    press(form, "save")
    assert entry_of(town)[1].summary.get("de") == "Geht nicht verloren."


def test_the_question_about_contradictions_is_asked_after_a_merge_as_before(town: Site) -> None:
    page = at_once(town, {"costs__de": "12 Euro"}, {"duration__de": "zwei Tage"})
    form = form_of(page)
    fill(form, constraints__0__effect__0="rules_out")
    again = press(form, "publish", status=400)
    press(form_of(again), "publish")
    assert live(town).duration.get("de") == "zwei Tage"


def test_what_the_form_does_not_show_is_not_lost(town: Site) -> None:
    """Days of checks, and texts in languages for which the form has no fields."""
    checked, later = date(2026, 3, 1), date(2026, 4, 1)
    uk = {"de": "Personalausweis", "uk": "Паспорт"}
    value = replace(live(town), verified=checked, documents=(Text.of(uk),), costs=Text.of(de="frei", uk="Безкоштовно"))
    save(town.house, value, based_on=1)
    late = form_of(town.signed_in("rita").get(EDIT))
    fill(late, costs__de="12 Euro", documents__0__de="Personalausweis oder Pass")
    channels = tuple(replace(one, verified=later) for one in value.channels)
    theirs = replace(value, verified=later, channels=channels, duration=Text.of(de="kurz", uk="Швидко"))
    save(town.house, theirs, based_on=2)
    press(form_of(press(late, "save", status=409)), "save")
    merged = entry_of(town)[1]
    assert merged.verified == later
    assert {channel.verified for channel in merged.channels} == {later}
    assert dict(merged.costs) == {"de": "12 Euro", "uk": "Безкоштовно"}
    assert dict(merged.duration) == {"de": "kurz", "uk": "Швидко"}
    assert dict(merged.documents[0]) == {"de": "Personalausweis oder Pass", "uk": "Паспорт"}


# What was not asked


def test_a_damaged_answer_is_refused_and_nothing_is_kept_of_it(town: Site) -> None:
    visitor = town.signed_in("rita")
    page = at_once(town, {"costs__de": "12 Euro"}, {"costs__de": "13 Euro"})
    sent = dict(page.forms["merge"].submit_fields()) | {"choice.costs.de": "mine"}
    sent["csrf_token"] = form_of(visitor.get(EDIT))["csrf_token"].value
    other = json.dumps(json.loads(sent["typed"]) | {"slug": "hundesteuer"})
    homeless = json.dumps(json.loads(sent["typed"]) | {"offices": []})
    before = written(town.house)
    for change in (
        *({"typed": typed} for typed in ("", "null", "[]", "{}", '{"slug": 1}', "[" * 100_000, other, homeless, "\0")),
        {"typed": json.dumps(json.loads(sent["typed"]) | {"version": 99})},
        *({"based_on": number} for number in ("", "0", "9", "-1", "x", "²", "1" * 5000)),
        *({"against": number} for number in ("", "0", "9", "x")),
        *({"choice.costs.de": side} for side in ("", "ours", "MINE")),
        {"why": "\0"},
    ):
        answer = visitor.post(EDIT, sent | change, status=400)
        assert faults(answer.text, "de") == []
    visitor.post(EDIT, sent, upload_files=[("f", "x", b"x")], status=400)
    assert written(town.house) == before
    assert visitor.post(EDIT, sent | {"choice.nothing": "mine"}, status=200).forms["service"]


def test_a_form_that_is_based_on_nothing_is_refused(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, costs__de="12 Euro")
    before = written(town.house)
    for number in ("", "0", "2", "99", "-1"):
        form["based_on"].force_value(number)
        press(form, "save", status=400)
    assert written(town.house) == before


def test_only_who_may_edit_may_answer(town: Site) -> None:
    page = at_once(town, {"costs__de": "12 Euro"}, {"costs__de": "13 Euro"})
    sent = dict(page.forms["merge"].submit_fields()) | {"choice.costs.de": "mine"}
    for login, status in (("jonas", 404), ("nora", 404)):
        visitor = town.signed_in(login)
        token = visitor.get("/account").html.find("input", attrs={"name": "csrf_token"})["value"]
        visitor.post(EDIT, sent | {"csrf_token": token}, status=status)
    town.signed_in("rita").post(EDIT, sent | {"csrf_token": "0" * 64}, status=400)
    town.visitor().post(EDIT, sent, status=(400, 401))


# Any two people, in any order


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("busy") / "house"
    a_house(folder).close()
    site = Site(folder)
    yield site
    site.close()


NUMBERS = count(1)
FIELDS = ("costs", "duration", "summary")
steps = st.tuples(
    st.sampled_from(("cora", "rita")),
    st.sampled_from(("open", "type", "type", "save", "publish")),
    st.sampled_from(FIELDS),
    st.sampled_from(("mine", "theirs")),
)


class Editor:
    """Somebody with the form before them: what they saw, what they typed over it, and what the server said."""

    def __init__(self, site: Site, login: str, slug: str) -> None:
        self.path = f"/services/{slug}/edit"
        self.visitor: TestApp = site.signed_in(login)
        self.login = login
        self.open()

    def open(self) -> None:
        self.form = form_of(self.visitor.get(self.path))
        self.typed: dict[str, str] = {}

    def type(self, field: str, words: str) -> None:
        fill(self.form, **{f"{field}__de": words})
        self.typed[field] = words

    def save(self, button: str, side: str) -> bool:
        """Press a button and settle what is asked. Returns whether it was acknowledged; if not, the form is another."""
        page = self.form.submit(button, status=(303, 409))
        if page.status_int == 303:
            return True
        shown = page.text
        if "merge" in page.forms:
            form = page.forms["merge"]
            asked = [name for name in form.fields if name and name.startswith("choice.")]
            for name in asked:
                form[name] = side
                field = name.split(".")[1]
                assert self.typed.get(field, "") in shown  # whatever is given up was shown before
                if side == "theirs":
                    self.typed.pop(field, None)
            page = form.submit(status=200)
        self.form = form_of(page)
        for field, words in self.typed.items():
            assert by_id(self.form, f"{field}-de").value == words
        return False


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(steps, min_size=4, max_size=14))
def test_no_word_vanishes_whoever_saves_when(busy: Site, script: list[tuple[str, str, str, str]]) -> None:
    """Every acknowledged save is in the history with all that was typed; nobody's words go without a question."""
    # Hypothesis makes chance the same for each example, and Whoosh names its files by chance: no name may come twice.
    random.seed()
    slug = f"eintrag-{next(NUMBERS)}"
    save(busy.house, a_service(slug, channels=(), verified=None))
    editors = {login: Editor(busy, login, slug) for login in ("cora", "rita")}
    acknowledged: list[tuple[str, dict[str, str]]] = []
    for at, (login, step, field, side) in enumerate(script):
        editor = editors[login]
        if step == "open":
            editor.open()
        elif step == "type":
            editor.type(field, f"Wort{at}von{login}")
        elif editor.save(step, side):
            acknowledged.append((login, dict(editor.typed)))
            editor.open()
    with busy.house.work() as directory:
        history = directory.revisions.history(Kind.SERVICE, slug)
        kept = [(one.author, from_document(Service, one.document)) for one in history[1:]]
        assert directory.entry(slug, SYSTEM)[1] == from_document(Service, history[-1].document)
    # Who saves what is there already is not noted again.
    told = [(login, typed) for login, typed in acknowledged if typed]
    for login, typed in told:
        assert any(
            author == login and all(getattr(value, field).get("de") == words for field, words in typed.items())
            for author, value in kept
        )
    said = {words for _author, value in kept for field in FIELDS if (words := getattr(value, field).get("de"))}
    written_down = {words for words in said if re.fullmatch(r"Wort\d+von\w+", words)}
    assert {words for _login, typed in told for words in typed.values()} <= written_down
