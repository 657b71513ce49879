"""The description of the API is a good OpenAPI document, and every answer is one that it describes."""

from __future__ import annotations

from openapi_spec_validator import validate
from sites import Site


def test_the_description_is_a_valid_openapi_document(city: Site) -> None:
    document = city.get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "http://localhost/api/v1"}]
    validate(document)
