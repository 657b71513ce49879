"""A parameter that cannot be is refused with a sentence that names it, in the language of the page."""

from __future__ import annotations

import pytest
from pagecheck import faults
from problems import problem
from sites import Site

FACES = ("/", "/embed", "/api/v1/services")
BAD = {
    "video": ["sometimes", "LIVE", "live,pilot", "'", "<x1 y=1>"],
    "channel": ["fax", "video;drop table"],
    "nature": ["live"],
    "office": ["nirgends", "../buergeramt", "Bürgeramt"],
    "topic": ["nirgends"],
    "audience": ["alle"],
    "language": ["tlh"],
    "on": ["yesterday", "2024-13-01", "2024-02-30", "2024-05", "20240501", "0000-01-01", "2024-05-01T00:00"],
    "sort": ["random"],
    "page": ["-1", "0", "1.5", "x", "1e3", "99999", "9" * 400],
    "per_page": ["0", "101", "100000", "-20", "x"],
    "lang": ["fr", "de-DE", "<x1 y=1>"],
}
CASES = [(name, value) for name, values in BAD.items() for value in values]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_bad_value_is_told_in_a_sentence_that_names_the_parameter(
    city: Site, name: str, value: str, language: str
) -> None:
    parameters = {name: value} if name == "lang" else {name: value, "lang": language}
    for face in FACES:
        answer = city.visitor().get(face, parameters, status=400)
        if face.startswith("/api/"):
            sentence = problem(answer)["detail"]
        else:
            assert faults(answer.text, "de" if name == "lang" else language) == []
            assert answer.html.h1
            sentence = answer.html.main.get_text(" ", strip=True)
        assert f"({name})" in sentence
        assert value[:40] in sentence
        assert value == value[:40] or value[:42] not in sentence


def test_the_sentence_is_in_the_language_of_the_page(city: Site) -> None:
    for face in FACES:
        german, english = (
            city.visitor().get(face, {"page": "-1", "lang": language}, status=400) for language in ("de", "en")
        )
        if face.startswith("/api/"):
            german, english = german.json["detail"], english.json["detail"]
        assert "möglich" in german
        assert "möglich" not in english


def test_the_sentence_tells_what_is_possible(city: Site) -> None:
    detail = city.get("/api/v1/services?video=x", status=400).json["detail"]
    for stage in ("live", "pilot", "unknown", "ruled_out"):
        assert stage in detail
    assert "1" in (detail := city.get("/api/v1/services?per_page=0", status=400).json["detail"])
    assert "100" in detail


@pytest.mark.parametrize("name", ["q", "on", "sort", "page", "per_page"])
def test_a_parameter_that_counts_once_is_refused_twice(city: Site, name: str) -> None:
    value = {"q": "a", "on": "2024-05-01", "sort": "title", "page": "1", "per_page": "10"}[name]
    for face in FACES:
        answer = city.get(f"{face}?{name}={value}&{name}={value}", status=400)
        assert f"({name})" in answer.text


@pytest.mark.parametrize("path", ["/services/wohnsitz-abmelden", "/api/v1/services/wohnsitz-abmelden"])
@pytest.mark.parametrize("day", ["yesterday", "2024-02-30", "2024"])
def test_a_bad_day_on_a_service_is_refused(city: Site, path: str, day: str) -> None:
    assert "(on)" in city.get(f"{path}?on={day}", status=400).text


@pytest.mark.parametrize(
    "moment",
    [
        "yesterday",
        "2024-13-01T00:00:00Z",
        "2024-05-01T25:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1e9",
        "2024-05-01T00:00:00+99:00",
        "٢٠٢٤-٠٥-٠١",
        "x" * 5000,
        "'; drop table revisions; --",
    ],
)
def test_a_bad_moment_is_refused(city: Site, moment: str) -> None:
    answer = city.visitor().get("/api/v1/services/wohnsitz-abmelden", {"recorded": moment}, status=400)
    assert "recorded" in problem(answer)["detail"]


def test_an_over_long_query_is_cut_and_no_error(city: Site) -> None:
    for face in FACES:
        for q in ("ä" * 8000, "a" * 60_000, "Wohnung " * 1000):
            answer = city.visitor().get(face, {"q": q}, status=200)
            assert q[:300] not in answer.text


@pytest.mark.parametrize("face", FACES)
def test_an_unknown_parameter_is_ignored(city: Site, face: str) -> None:
    plain, more = city.get(face), city.get(f"{face}?callback=x&utm_source=y&Q=z&video[]=live&%3Cx1%3E=1")
    assert more.text == plain.text


@pytest.mark.parametrize("query", ["q=%ff", "q=%c3", "%ff=x", "video=%80", "q=a%00%ff", "lang=%ff", "on=%fe"])
@pytest.mark.parametrize("face", [*FACES, "/login", "/a-z"])
def test_a_query_that_is_no_utf_8_is_refused(city: Site, face: str, query: str) -> None:
    answer = city.ask(f"{face}?{query}")
    assert answer.status_int == 400
    if face.startswith("/api/"):
        problem(answer)


@pytest.mark.parametrize("path", ["/%ff", "/services/%ff", "/services/%c3", "/offices/%80/", "/a-z%ff"])
def test_a_path_that_is_no_utf_8_is_refused(city: Site, path: str) -> None:
    assert city.ask(path).status_int == 400
    problem(city.ask(f"/api/v1{path}"))


@pytest.mark.parametrize("query", ["q=%", "q=%zz", "&&&", "=", "q", "?", "q=a;b", "%", "&".join(["x=1"] * 1000)])
@pytest.mark.parametrize("face", FACES)
def test_an_odd_query_is_read_or_refused(city: Site, face: str, query: str) -> None:
    assert city.ask(f"{face}?{query}").status_int in (200, 400)


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31", "1582-10-10", "2024-02-29"])
def test_every_day_of_the_calendar_can_be_asked_for(city: Site, on: str) -> None:
    for face in (*FACES, "/services/hundesteuer", "/api/v1/services/hundesteuer"):
        assert city.get(f"{face}?on={on}", status="*").status_int in (200, 404)
