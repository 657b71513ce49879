"""A search in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import a_catalogue, a_topic, an_audience, an_office

from servicedir.domain.described import described
from servicedir.domain.query import Query
from servicedir.domain.service import ChannelKind, Nature, Stage
from servicedir.domain.subscription import folded, search_of

CATALOGUE = a_catalogue(
    an_office("jugendamt", name={"de": "Jugendamt", "en": "Youth office"}), a_topic("umzug"), an_audience("familien")
)


@pytest.mark.parametrize(
    ("asked", "german", "english"),
    [
        ({}, "Neues zu Dienstleistungen", "News of services"),
        (
            {"video": (Stage.LIVE,), "office": ("jugendamt",)},
            "Neue Video-Angebote · Jugendamt",
            "New video offers · Youth office",
        ),
        ({"video": (Stage.LIVE, Stage.PILOT)}, "Neue Video-Angebote", "New video offers"),
        ({"video": (Stage.PILOT,)}, "Neue Video-Angebote · Video: Testbetrieb", "New video offers · Video: pilot"),
        ({"channel": (ChannelKind.VIDEO,)}, "Neue Video-Angebote", "New video offers"),
        (
            {"video": (Stage.PLANNED,), "q": "Umzug"},
            "Neues zu Dienstleistungen · „Umzug“ · Video: geplant",
            "News of services · “Umzug” · Video: planned",
        ),
        (
            {"channel": (ChannelKind.PHONE, ChannelKind.CHAT), "nature": (Nature.ADVISORY,)},
            "Neues zu Dienstleistungen · Telefon, Chat · Beratung",
            "News of services · Phone, Chat · Advice",
        ),
        (
            {"topic": ("umzug",), "audience": ("familien",), "language": ("uk",), "on": date(2026, 5, 1)},
            "Neues zu Dienstleistungen · Umzug · Familien · Ukrainisch · 2026-05-01",
            "News of services · Umzug · Familien · Ukrainian · 2026-05-01",
        ),
        ({"office": ("weg",)}, "Neues zu Dienstleistungen · weg", "News of services · weg"),
    ],
)
def test_a_search_is_said_in_words(asked: dict[str, Any], german: str, english: str) -> None:
    assert described(Query(**asked), CATALOGUE, "de") == german
    assert described(Query(**asked), CATALOGUE, "en") == english


def test_a_search_is_kept_without_its_order_page_day_and_language() -> None:
    query = Query(q="ä b", video=(Stage.LIVE,), on=date(2026, 1, 1), page=3, per_page=50, lang="en")
    assert search_of(query) == "q=%C3%A4+b&video=live"


def test_the_host_of_an_address_is_kept_in_small_letters() -> None:
    assert folded(" Kim@Example.ORG ") == "Kim@example.org"
