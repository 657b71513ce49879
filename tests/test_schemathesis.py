"""Whatever the description lets a program ask, and what it does not, a running server answers as described."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from browser.running import a_directory
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from servicedir.web.api.description import document

EXAMPLES = 15
"""Requests of each sort to each operation."""
AS_DESCRIBED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    pytest.param(path, method, mode, id=f"{method.upper()} {path} {mode.value}")
    for path, described in document()["paths"].items()
    for method in described
    if method != "parameters"
    for mode in GenerationMode
    # There is nothing that could be said wrongly to what only takes a header.
    if mode is GenerationMode.POSITIVE or path not in ("/", "/openapi.json")
]
NAMES = {"services": "slug", "offices": "slug", "inquiries": "slug"}
# Without its own examples, which are tried in tests/web/test_api_docs.py.
LIKE_THIS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the sample catalogue, which nobody keeps from asking much."""
    with a_directory(tmp_path_factory.mktemp("described"), api_limit="0") as address:
        yield address


@pytest.fixture(scope="module")
def described(server: str) -> Any:
    return schemathesis.openapi.from_url(f"{server}/api/v1/openapi.json")


@pytest.fixture(scope="module")
def names(server: str) -> dict[str, list[str]]:
    """Names that there are, by the beginning of the path."""
    found = {}
    for kind in NAMES:
        connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
        connection.request("GET", f"/api/v1/{kind}")
        found[kind] = [item["slug"] for item in json.load(connection.getresponse())["items"]]
        connection.close()
    return found


@pytest.mark.parametrize(("path", "method", "mode"), OPERATIONS)
def test_an_operation_answers_as_it_is_described(
    described: Any, names: dict[str, list[str]], path: str, method: str, mode: GenerationMode
) -> None:
    there = names.get(path.split("/")[1], [])
    statuses = set()

    @LIKE_THIS
    @given(case=described[path][method.upper()].as_strategy(generation_mode=mode), data=st.data())
    def ask(case: Any, data: Any) -> None:
        if there and "{slug}" in path and mode is GenerationMode.POSITIVE:
            # Of names that are made up there is hardly ever anything.
            case.path_parameters["slug"] = data.draw(st.sampled_from([*there, "no-such"]))
        statuses.add(case.call_and_validate(checks=AS_DESCRIBED).status_code)

    ask()
    if document()["paths"][path][method].get("security", [{}])[0]:
        assert statuses <= {400, 401, 404, 405, 413, 415} | ({200} if path == "/figures" and method == "get" else set())
    elif mode is GenerationMode.POSITIVE and (there or "{slug}" not in path):
        assert 200 in statuses, "nothing that was asked for was there"


def test_an_answer_that_is_not_described_is_noticed(server: str) -> None:
    """So that the test above can fail."""
    said = json.loads(json.dumps(document()))
    del said["paths"]["/services/{slug}"]["get"]["responses"]["404"]
    case = schemathesis.openapi.from_dict(said)["/services/{slug}"]["GET"].Case(path_parameters={"slug": "no-such"})
    with pytest.raises(BaseExceptionGroup) as caught:
        case.call_and_validate(base_url=f"{server}/api/v1", checks=AS_DESCRIBED)
    assert "404" in str(caught.value.exceptions)
