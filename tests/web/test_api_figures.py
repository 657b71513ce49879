"""Appointment systems report figures through the API: all or none, once or twice alike, never over what they missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from builders import a_figure, a_service
from houses import WRITTEN, rows, save
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import Program, a_token
from sites import Site

from servicedir.domain import figures as domain
from servicedir.domain.figures import Figure
from servicedir.domain.token import Purpose
from servicedir.domain.workflow import SYSTEM
from servicedir.web.api.misfits import faults
from servicedir.web.figure_rules import FIGURE_RULES

SLUG = "wohnsitz-abmelden"
ROW = {"service": SLUG, "channel": "video", "measure": "held", "period": "2024-05", "value": 83}


@pytest.fixture
def program(town: Site) -> Program:
    """The appointment system of the citizens' office."""
    return Program(town, a_token(town.house, Purpose.FIGURES, offices=["buergeramt"])[1])


def put(program: Program, *figures: Any, status: int = 200, **headers: str | None) -> Any:
    return program.send("PUT", "/figures", {"figures": list(figures)}, status=status, **{"if_match": "*"} | headers)


def say(site: Site, *figures: Figure) -> None:
    """What an officer types meanwhile."""
    with site.house.work(write=True) as directory:
        directory.figures.put(figures, by=SYSTEM)


def count(site: Site) -> dict[str, int]:
    return {table: rows(site.house, table) for table in WRITTEN}


# Writing


def test_what_is_new_changed_and_the_same_is_said_of_each(program: Program) -> None:
    june = ROW | {"period": "2024-06", "value": 0}
    assert put(program, ROW, june).json["new"] == 2
    answer = put(program, ROW, june | {"value": None, "standing": "not_counted"}, ROW | {"period": "2024-07"})
    assert faults("PutFigures", answer.json) == []
    assert [figure["result"] for figure in answer.json["figures"]] == ["same", "changed", "new"]
    assert {name: answer.json[name] for name in ("new", "changed", "same")} == {"new": 1, "changed": 1, "same": 1}
    assert answer.json["figures"][1]["period"] == "2024-06"


def test_the_same_write_may_be_sent_again_and_writes_nothing(town: Site, program: Program) -> None:
    etag = put(program, ROW, if_match='"0"').headers["ETag"]
    before = count(town)
    again = put(program, ROW, if_match='"0"')
    assert (again.json["same"], again.headers["ETag"]) == (1, etag)
    assert count(town) == before


def test_a_correction_is_another_row_signed_by_the_program(town: Site, program: Program) -> None:
    put(program, ROW)
    put(program, ROW | {"value": 84})
    with town.house.work() as directory:
        history = directory.figures.history(SLUG, *a_figure(service=SLUG).key[1:], by=SYSTEM)
    assert [(said.figure.value, said.author) for said in history] == [
        (83, "token:Terminsystem"),
        (84, "token:Terminsystem"),
    ]


@pytest.mark.parametrize(
    ("changes", "pointer", "rule"),
    [
        ({"service": "nie-gehoert"}, "/figures/1/service", "unknown_service"),
        ({"service": ""}, "/figures/1/service", "missing"),
        ({"channel": "fax"}, "/figures/1/channel", "unknown_value"),
        ({"measure": 3}, "/figures/1/measure", "unknown_value"),
        ({"period": "2024-13"}, "/figures/1/period", "not_a_period"),
        ({"period": "2999"}, "/figures/1/period", "not_begun"),
        ({"period": "0204"}, "/figures/1/period", "too_early"),
        ({"period": "2024-05", "value": 7}, "/figures/1/period", "figure_twice"),
        ({"value": -1}, "/figures/1/value", "negative"),
        ({"value": 10**9}, "/figures/1/value", "too_high"),
        ({"value": 10**40}, "/figures/1/value", "too_high"),
        ({"value": 1.5}, "/figures/1/value", "not_a_number"),
        ({"value": None}, "/figures/1/value", "number_without_value"),
        ({"standing": "unknown"}, "/figures/1/value", "value_without_number"),
        ({"released": 1}, "/figures/1/released", "not_yes_or_no"),
        ({"source": "x" * 501}, "/figures/1/source", "too_long"),
        ({"author": "anna"}, "/figures/1/author", "unknown_field"),
    ],
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_if_one_is_refused_nothing_is_written_and_the_answer_says_where_and_why(
    town: Site, program: Program, changes: dict[str, Any], pointer: str, rule: str, language: str
) -> None:
    before = count(town)
    body = {"figures": [ROW, ROW | {"period": "2024-06"} | changes]}
    answer = program.send("PUT", f"/figures?lang={language}", body, status=422, if_match="*")
    assert answer.content_type == "application/problem+json"
    assert faults("Problem", answer.json) == []
    (error,) = answer.json["errors"]
    assert error["pointer"] == pointer
    assert (error["detail"] == str(FIGURE_RULES[rule].interpolate())) == (language == "de")
    assert count(town) == before


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/figures"]),
        ({"figures": {}}, ["/figures"]),
        ({"figures": [], "more": 1}, ["/more"]),
        ({"figures": [7]}, ["/figures/0"]),
        ({"figures": [[ROW], None]}, ["/figures/0", "/figures/1"]),
        ({"figures": [ROW] * 5001}, ["/figures"]),
    ],
)
def test_what_is_no_list_of_figures_is_refused(program: Program, body: Any, pointers: list[str]) -> None:
    answer = program.send("PUT", "/figures", body, status=422, if_match="*")
    assert [error["pointer"] for error in answer.json["errors"]] == pointers


def test_no_figures_at_all_change_nothing(program: Program) -> None:
    assert put(program).json == {"new": 0, "changed": 0, "same": 0, "figures": []}


# Who may


def test_without_a_token_for_figures_nobody_writes(town: Site) -> None:
    before = count(town)
    visitor = town.visitor()
    visitor.put_json("/api/v1/figures", {"figures": [ROW]}, headers={"If-Match": "*"}, status=401)
    town.signed_in("ada").put_json("/api/v1/figures", {"figures": [ROW]}, headers={"If-Match": "*"}, status=401)
    _token, secret = a_token(town.house, Purpose.DRAFTS, name="Redaktionssystem")
    put(Program(town, secret), ROW, status=403)
    assert count(town)["figures"] == before["figures"]


def test_a_token_of_one_office_writes_no_figures_of_another(town: Site, program: Program) -> None:
    answer = put(program, ROW, ROW | {"service": "hundesteuer"}, status=403)
    assert answer.json["missing"] == {"offices": ["jugendamt"]}
    assert rows(town.house, "figures") == 0


def test_a_draft_of_another_office_is_refused_as_what_there_is_not(town: Site, program: Program) -> None:
    save(town.house, a_service("geheim", offices=("jugendamt",)))
    answers = [put(program, ROW | {"service": slug}, status=422).json["errors"] for slug in ("geheim", "nie-gehoert")]
    assert answers[0] == answers[1]
    program.get("/figures?service=geheim", status=404)


# What a write is based on


def test_a_write_says_what_it_is_based_on(town: Site, program: Program) -> None:
    answer = put(program, ROW, status=428, if_match=None)
    assert faults("Problem", answer.json) == []
    assert rows(town.house, "figures") == 0


def test_a_write_that_missed_somebody_elses_figures_is_refused_with_the_mark_of_now(
    town: Site, program: Program
) -> None:
    seen = program.get(f"/figures?service={SLUG}", status=200).headers["ETag"]
    say(town, a_figure(80, service=SLUG, released=False))
    refused = put(program, ROW, status=412, if_match=seen)
    assert refused.json["etag"] == refused.headers["ETag"] != seen
    now = program.get(f"/figures?service={SLUG}&year=2024", status=200)
    assert [(item["value"], item["released"]) for item in now.json["items"]] == [(80, False)]
    assert now.headers["ETag"] == refused.headers["ETag"]
    after = put(program, ROW, if_match=now.headers["ETag"])
    assert put(program, ROW | {"value": 84}, if_match=after.headers["ETag"]).json["changed"] == 1


def test_figures_of_other_services_make_nothing_stale(town: Site, program: Program) -> None:
    seen = program.get(f"/figures?service={SLUG}").headers["ETag"]
    say(town, a_figure(1, service="hundesteuer"))
    put(program, ROW, if_match=seen)


@pytest.mark.parametrize("mark", ["x", "7", 'W/"7"', '"x"', '""', '"-1"', '"1e9"', '"9999999999999999"'])
def test_what_is_no_mark_of_ours_is_stale(town: Site, program: Program, mark: str) -> None:
    say(town, a_figure(80, service=SLUG))
    put(program, ROW, status=412, if_match=mark)


def test_who_always_wins_says_so(town: Site, program: Program) -> None:
    say(town, a_figure(80, service=SLUG))
    assert put(program, ROW, if_match="*").json["changed"] == 1


def test_under_a_key_a_write_is_answered_alike_even_after_others_wrote(town: Site, program: Program) -> None:
    first = put(program, ROW, if_match='"0"', idempotency_key="k1")
    say(town, a_figure(99, service=SLUG))
    again = put(program, ROW, if_match='"0"', idempotency_key="k1")
    assert (again.json, again.headers["ETag"]) == (first.json, first.headers["ETag"])
    put(program, ROW | {"value": 1}, if_match='"0"', idempotency_key="k1", status=422)


# Reading


def test_everybody_reads_what_is_released_and_may_keep_it(town: Site) -> None:
    say(town, a_figure(83, service=SLUG, source="Terminsystem"), a_figure(5, "2024-06", SLUG, released=False))
    answer = town.get("/api/v1/figures")
    assert faults("Figures", answer.json) == []
    assert answer.json["items"] == [
        {
            **{"service": SLUG, "channel": "video", "measure": "held", "period": "2024-05"},
            **{"standing": "number", "value": 83, "source": "Terminsystem", "note": None, "released": True},
        }
    ]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    town.get("/api/v1/figures", headers={"If-None-Match": answer.headers["ETag"]}, status=304)
    say(town, a_figure(84, service=SLUG))
    assert (
        town.get("/api/v1/figures", headers={"If-None-Match": answer.headers["ETag"]}).json["items"][0]["value"] == 84
    )


def test_figures_are_read_page_by_page(town: Site) -> None:
    say(town, *(a_figure(month, f"2024-{month:02}", SLUG) for month in range(1, 6)))
    path, values = "/api/v1/figures?service=wohnsitz-abmelden&channel=video&year=2024&per_page=2", []
    for _page in range(3):
        answer = town.get(path)
        assert answer.json["links"]["self"].endswith(path)
        values += [item["value"] for item in answer.json["items"]]
        path = (answer.json["links"]["next"] or "").removeprefix("http://localhost")
        assert (f'<http://localhost{path}>; rel="next"' in answer.headers.get("Link", "")) == bool(path)
    assert (path, values) == ("", [1, 2, 3, 4, 5])
    assert town.get("/api/v1/figures?year=2023").json["items"] == []


def test_small_numbers_are_shown_to_the_program_of_the_office_and_to_nobody_else(
    town_with: Callable[..., Site],
) -> None:
    town = town_with(smallest_figure="5")
    remarks = {"source": "Zettel: vier", "note": "Es waren 4, zwei davon am Montag."}
    say(town, a_figure(4, service=SLUG, **remarks), a_figure(0, "2024-06", SLUG, **remarks))
    seen = town.get("/api/v1/figures").json["items"]
    assert [(item["source"], item["note"]) for item in seen] == [(None, None), tuple(remarks.values())]
    assert [(item["standing"], item["value"]) for item in seen] == [("suppressed", None), ("number", 0)]
    program = Program(town, a_token(town.house, Purpose.FIGURES)[1])
    assert [item["value"] for item in program.get(f"/figures?service={SLUG}").json["items"]] == [4, 0]


@pytest.mark.parametrize(("name", "most"), [("year", 50), ("service", 100), ("channel", 100)])
@pytest.mark.parametrize("language", ["de", "en"])
def test_no_question_is_longer_than_the_database_can_bear(city: Site, name: str, most: int, language: str) -> None:
    def ask(count: int, status: int) -> Any:
        values = {"service": [SLUG] * count, "channel": ["video"] * count, "year": range(1990, 1990 + count)}
        said = "&".join(f"{name}={value}" for value in values[name])
        return city.get(f"/api/v1/figures?{said}&lang={language}", status=status)

    ask(most, 200)
    for count in (most + 1, 2500):
        detail = ask(count, 400).json["detail"]
        assert f"({name})" in detail
        assert str(most) in detail
        assert ("höchstens" if language == "de" else "at most") in detail


def test_the_description_says_how_long_a_question_may_be(city: Site) -> None:
    parameters = city.get("/api/v1/openapi.json").json["paths"]["/figures"]["get"]["parameters"]
    most = {p["name"]: p["schema"]["maxItems"] for p in parameters if p.get("schema", {}).get("type") == "array"}
    assert most == {"service": 100, "channel": 100, "year": 50}


def test_what_a_program_reads_is_kept_for_nobody(town: Site, program: Program) -> None:
    say(town, a_figure(7, service=SLUG, released=False))
    path = f"/figures?service={SLUG}"
    before = town.get(f"/api/v1{path}").body
    answer = program.get(path, status=200)
    assert faults("Figures", answer.json) == []
    assert len(answer.json["items"]) == 1
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert town.get(f"/api/v1{path}").body == before
    assert town.get(f"/api/v1{path}").json["items"] == []


def test_a_program_names_the_services_of_its_office(town: Site, program: Program) -> None:
    program.get("/figures", status=400)
    program.get("/figures?service=hundesteuer", status=403)
    program.get("/figures?service=nie-gehoert", status=404)
    Program(town, "falsch").get(f"/figures?service={SLUG}", status=401)


@pytest.mark.parametrize("query", "service=x channel=fax year=24 year=1899 year=x page=0 per_page=101 page=999".split())
def test_a_wrong_value_is_answered_with_a_sentence(quiet: Site, query: str) -> None:
    answer = quiet.get(f"/api/v1/figures?{query}", status=400)
    assert faults("Problem", answer.json) == []
    assert answer.json["errors"][0]["parameter"] == query.partition("=")[0]


# The description and the code say the same


words = st.sampled_from(["video", "held", "2024", "2024-05", "2024-13", "number", "unknown", SLUG, ""])
values = st.none() | st.booleans() | st.integers(-2, 200_000_000) | words
whole_rows = st.fixed_dictionaries(
    {name: values if name == "value" else st.just(value) for name, value in ROW.items()},
    optional=dict.fromkeys(("standing", "released", "note", "source", "more"), values),
)
any_rows = st.dictionaries(st.sampled_from([*ROW, "standing", "released", "source", "note", "more"]), values)


@settings(max_examples=300)
@given(whole_rows | any_rows)
def test_what_the_description_refuses_is_refused(row: dict[str, Any]) -> None:
    """And what is refused before the rules are asked, the description refuses as well."""
    figure, broken = domain.read(row)
    if faults("NewFigure", row):
        assert figure is None or figure.faults(date(2026, 11, 27))
    else:
        assert broken == []
