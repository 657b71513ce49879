"""How the pages of everybody count searches, and what the coordinator reads of them."""

from __future__ import annotations

import pytest
from builders import a_service
from houses import rows
from pagecheck import faults
from sites import Site

from servicedir.domain.workflow import SYSTEM


def counted(site: Site) -> dict[str, tuple[int, int, int]]:
    """What was counted, by words, as it is written down."""
    site.house.searches.write()
    with site.house.database.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT words, asked, empty, clicked FROM searches").all()
    return {row[0]: tuple(row[1:]) for row in found}


def test_searches_and_clicks_are_counted_on_both_faces(town: Site) -> None:
    for face in ("/", "/embed"):
        town.get(f"{face}?q=Wohnsitz")
        town.get(f"{face}?q=Quantensprung&lang=en")
        town.get("/services/wohnsitz-abmelden", headers={"Referer": f"http://localhost{face}?lang=en&q=+WOHNSITZ"})
    assert counted(town) == {"wohnsitz": (2, 0, 2), "quantensprung": (2, 2, 0)}


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {}),
        ("/?q=", {}),
        ("/?q=hund&page=2", {}),
        ("/?q=max@example.org", {}),
        ("/?q=Telefon 0221 12345", {}),
        ("/?q=ich wohne bei meiner Tante in Nippes", {}),
        ("/?q=hund", {"User-Agent": "SomethingBot/2.1 (+https://example.org)"}),
        ("/?q=hund", {"User-Agent": "Mozilla/5.0 (compatible; Crawler)"}),
        ("/?q=hund", {"User-Agent": "spider"}),
        ("/?q=hund", {"Sec-Purpose": "prefetch;prerender"}),
        ("/?q=hund&nature=advisory", {"Referer": "http://localhost/?q=hund"}),
        ("/?q=hund", {"Referer": "http://localhost/admin/searches"}),
        ("/api/v1/services?q=hund", {}),
        ("/services/hundesteuer", {}),
        ("/services/hundesteuer", {"Referer": "http://localhost/"}),
        ("/services/hundesteuer", {"Referer": "http://localhost/a-z?q=hund"}),
        ("/services/hundesteuer", {"Referer": "https://localhost/?q=hund"}),
        ("/services/hundesteuer", {"Referer": "http://localhost.example.org/?q=hund"}),
        ("/services/hundesteuer", {"Referer": "http://example.org/?q=hund"}),
        ("/services/hundesteuer", {"Referer": "http://[/?q=hund"}),
        ("/services/hundesteuer", {"Referer": "http://localhost/?q=" + "x" * 3000}),
        ("/services/hundesteuer", {"Referer": "http://localhost/?" + "q=hund&" * 200}),
        ("/services/hundesteuer", {"Referer": "http://localhost/?q=hund", "User-Agent": "bot"}),
        ("/services/hundesteuer", {"Referer": "http://localhost/?q=a%40b.de"}),
    ],
)
def test_what_is_no_persons_search_is_not_counted(town: Site, path: str, headers: dict[str, str]) -> None:
    town.get(path, headers=headers)
    assert counted(town) == {}


def test_a_filter_that_hides_all_says_nothing_about_the_words(town: Site) -> None:
    town.get("/?q=Hundesteuer&nature=coordination")
    assert counted(town) == {"hundesteuer": (1, 0, 0)}


def test_looking_at_a_head_counts_nothing_and_a_get_writes_nothing(town: Site) -> None:
    town.visitor().head("/?q=hund")
    assert counted(town) == {}
    town.get("/?q=hund")
    assert rows(town.house, "searches") == 0
    assert "Set-Cookie" not in town.get("/?q=hund").headers


def test_the_list_says_nothing_that_one_person_alone_has_typed(town: Site) -> None:
    town.get("/?q=Einzelfall")
    for _person in range(2):
        town.get("/?q=Mehrfach")
    town.house.searches.write()
    page = town.signed_in("cora").get("/admin/searches")
    assert "einzelfall" not in page.text
    assert "mehrfach" in page.text
    assert faults(page.text, "de") == []


def test_a_search_for_a_draft_is_counted_as_one_for_nothing(town: Site) -> None:
    with town.house.work(write=True) as directory:
        directory.save(a_service("geheim", title="Kanarienvogel"), based_on=None, by=SYSTEM)
    for word in ("Kanarienvogel", "Unsinnvogel"):
        for _person in range(2):
            town.get(f"/?q={word}")
    town.get("/services/geheim", headers={"Referer": "http://localhost/?q=kanarienvogel"}, status=404)
    assert counted(town) == {"kanarienvogel": (2, 2, 0), "unsinnvogel": (2, 2, 0)}
