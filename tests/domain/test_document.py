"""Documents: what a value says comes back, and what is no document is refused with its path."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
import strategies
from builders import a_channel, a_constraint, a_period, a_service, a_text, a_video_need, an_audience
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain import document as documents
from servicedir.domain.catalogue import Audience, Compound, Office, Place, Topic
from servicedir.domain.document import CLASSES, VERSION, BadDocument, from_document, to_document
from servicedir.domain.history import Document, Kind
from servicedir.domain.service import ChannelKind, LegalBasis, Nature, Service

LEAST = {"slug": "x", "title": {"de": "X"}, "nature": "advisory", "offices": ["a"]}


@given(strategies.services)
def test_a_service_comes_back_as_it_was(service: Service) -> None:
    assert from_document(Service, to_document(service)) == service


@given(strategies.services)
def test_a_document_is_plain_json(service: Service) -> None:
    document = to_document(service)
    assert json.loads(json.dumps(document)) == document


@given(strategies.offices | strategies.places | strategies.topics | strategies.audiences | strategies.compounds)
def test_the_small_nouns_come_back_as_they_were(noun: Office | Place | Topic | Audience | Compound) -> None:
    assert from_document(type(noun), to_document(noun)) == noun


def test_there_is_a_class_for_every_kind() -> None:
    assert set(CLASSES) == set(Kind)


def test_a_document_says_what_the_value_says_and_no_more() -> None:
    service = a_service(
        "ausweis",
        title=a_text("Ausweis", en="Identity card"),
        summary="",
        channels=[
            a_channel("video", a_period("pilot", "2024-05", slots_per_week=0, telework=False)),
            a_channel("mail"),
        ],
    )
    assert to_document(service) == {
        "version": VERSION,
        "slug": "ausweis",
        "title": {"de": "Ausweis", "en": "Identity card"},
        "nature": "transactional",
        "offices": ["buergeramt"],
        "channels": [
            {
                "kind": "video",
                # Nought and no are said; what is empty is not.
                "periods": [{"stage": "pilot", "since": "2024-05", "slots_per_week": 0, "telework": False}],
            },
            {"kind": "mail", "periods": [{"stage": "live", "since": "2024"}]},
        ],
    }


def test_what_has_to_be_there_is_written_even_if_it_is_empty() -> None:
    service = a_service(offices=(), title="", constraints=[a_constraint(legal_basis=LegalBasis(""))])
    document = to_document(service)
    assert (document["offices"], document["title"]) == ([], {})
    assert document["constraints"][0]["legal_basis"] == {"citation": ""}
    assert from_document(Service, document) == service


def test_needs_without_a_word_are_not_written() -> None:
    assert "needs" not in to_document(a_period())
    assert to_document(a_period(needs=a_video_need()))["needs"] == {"tool": "BigBlueButton", "browser_only": True}


def test_bare_words_are_german_and_dates_may_be_toml_s_own() -> None:
    words = """
        slug = "x"
        title = "Ausweis"
        nature = "advisory"
        offices = ["a"]
        verified = 2026-11-23
        channels = [{kind = "video", periods = [{stage = "live", since = 2024}]}]
    """
    service = from_document(Service, tomllib.loads(words))
    assert service.title == a_text("Ausweis")
    assert str(service.verified) == "2026-11-23"
    assert str(service.channel(ChannelKind.VIDEO).periods[0].since) == "2024"


def test_what_may_be_missing_may_be_null_or_empty() -> None:
    service = from_document(Service, {**LEAST, "verified": None})
    assert service == from_document(Service, {**LEAST, "verified": ""}) == from_document(Service, LEAST)
    assert service.nature is Nature.ADVISORY


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("colour", {"colour": "red"}),
        ("slug", {"slug": 7}),
        ("title", {"title": 7}),
        ("title", {"title": {"de": 7}}),
        ("nature", {"nature": "strange"}),
        ("nature", {"nature": None}),
        ("offices", {"offices": "buergeramt"}),
        ("offices[1]", {"offices": ["a", None]}),
        ("verified", {"verified": "2026-13-01"}),
        ("verified", {"verified": True}),
        ("channels", {"channels": {}}),
        ("channels[0]", {"channels": ["video"]}),
        ("channels[0].kind", {"channels": [{}]}),
        ("channels[0].kind", {"channels": [{"kind": "smoke"}]}),
        ("channels[0].fax", {"channels": [{"kind": "video", "fax": 1}]}),
        (
            "channels[0].periods[0].since",
            {"channels": [{"kind": "video", "periods": [{"stage": "live", "since": "May"}]}]},
        ),
        (
            "channels[0].periods[0].slots_per_week",
            {"channels": [{"kind": "video", "periods": [{"stage": "live", "slots_per_week": True}]}]},
        ),
        (
            "channels[0].periods[0].needs.camera",
            {"channels": [{"kind": "video", "periods": [{"stage": "live", "needs": {"camera": True}}]}]},
        ),
        ("legal_bases[0].citation", {"legal_bases": [{"url": "https://example.org"}]}),
    ],
)
def test_what_is_no_document_is_refused_with_its_path(path: str, part: dict[str, Any]) -> None:
    with pytest.raises(BadDocument) as fault:
        from_document(Service, {**LEAST, **part})
    assert fault.value.path == path
    assert str(fault.value).startswith(f"{path}: ")


@pytest.mark.parametrize("name", sorted(LEAST))
def test_what_has_to_be_there_is_missed_by_name(name: str) -> None:
    with pytest.raises(BadDocument, match="is missing") as fault:
        from_document(Service, {key: value for key, value in LEAST.items() if key != name})
    assert fault.value.path == name


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["version", *Service.__dataclass_fields__]), anything, max_size=6))
def test_nothing_but_a_bad_document_is_ever_raised(part: dict[str, Any]) -> None:
    for content in (part, {**LEAST, **part}):
        try:
            from_document(Service, content)
        except BadDocument:
            continue


def test_what_is_no_object_is_refused() -> None:
    not_a_document: Any = ["slug"]
    with pytest.raises(BadDocument, match="is not an object"):
        from_document(Service, not_a_document)


@pytest.mark.parametrize("version", [0, VERSION + 1, "1", None, [], True])
def test_a_version_that_nobody_knows_is_refused(version: object) -> None:
    with pytest.raises(BadDocument) as fault:
        from_document(Service, {**LEAST, "version": version})
    assert fault.value.path == "version"


def test_a_document_without_version_is_of_this_one() -> None:
    assert from_document(Service, LEAST) == from_document(Service, {**LEAST, "version": VERSION})


def test_older_documents_are_upgraded_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def lower(old: Document) -> Document:
        return {**old, "nature": old["nature"].lower()}

    def many(old: Document) -> Document:
        return {"offices" if name == "office" else name: part for name, part in old.items()}

    monkeypatch.setattr(documents, "VERSION", 3)
    monkeypatch.setitem(documents.UPGRADES, 1, lower)
    monkeypatch.setitem(documents.UPGRADES, 2, many)
    old = {"version": 1, "slug": "x", "title": {"de": "X"}, "nature": "ADVISORY", "office": ["a"]}
    assert from_document(Service, old) == from_document(Service, {**LEAST, "version": 3})
    assert to_document(an_audience())["version"] == 3


def test_a_document_is_not_changed_by_reading_it() -> None:
    document = to_document(a_service())
    kept = json.dumps(document)
    from_document(Service, document)
    assert json.dumps(document) == kept
