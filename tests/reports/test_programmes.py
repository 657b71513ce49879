"""Programmes: who pays for what, until when, and which services and steps use it."""

from __future__ import annotations

from blocks import built, cells, rows, texts
from builders import a_block, a_programme, a_service, a_step

from servicedir.domain.programme import Level

BLOCK = a_block("programmes")


def test_no_programme_is_a_sentence() -> None:
    part = built(BLOCK)
    assert not part.tables
    assert part.paragraphs == ("Im Verzeichnis ist dazu kein Förderprogramm eingetragen.",)


def test_a_programme_says_who_pays_and_which_services_and_steps_use_it() -> None:
    programme = a_programme(
        level=Level.FEDERAL,
        funder="Ministerium",
        area="Soziales",
        begins="2024",
        ends="2025-06",
        services=("eins",),
        url="https://bund.example/",
        source="Bericht",
    )
    steps = a_step("zweiter", programmes=("foerdertopf",)), a_step("erster", programmes=("foerdertopf",)), a_step("x")
    part = built(BLOCK, programme, a_service("eins"), *steps)
    assert texts(part.tables[0], "foerdertopf") == {
        "programme": "Foerdertopf",
        "level": "Bund",
        "funder": "Ministerium",
        "area": "Soziales",
        "begins": "2024",
        "ends": "Juni 2025 (beendet)",
        "services": "Eins",
        "steps": "Erster; Zweiter",
        "summary": "",
        "link": "https://bund.example/",
    }
    assert cells(part.tables[0], "foerdertopf")["ends"].code == "2025-06"
    assert part.paragraphs == ("Das Verzeichnis nennt 1 Förderprogramm, nach Geldgebern: Bund (1).",)
    assert part.notes == ("Quelle: Bericht.",)


def test_a_programme_that_runs_or_is_to_come_is_not_over() -> None:
    part = built(BLOCK, a_programme("laeuft", ends="2026"), a_programme("kommt", begins="2027", ends="2028"))
    assert [texts(part.tables[0], slug)["ends"] for slug in ("laeuft", "kommt")] == ["2026", "2028"]


def test_a_search_leaves_out_programmes_for_others() -> None:
    block = a_block("programmes", search="office=jugendamt")
    services = a_service("kind", offices=("jugendamt",)), a_service("ausweis")
    part = built(
        block,
        *services,
        a_programme("direkt", services=("kind",)),
        a_programme("schritt"),
        a_programme("fremd", services=("ausweis",)),
        a_step(services=("kind",), programmes=("schritt",)),
    )
    assert rows(part.tables[0]) == ["direkt", "schritt"]
