"""The sections on the rollout: sums add up, unknown is never 0, what is overdue or decided against is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from builders import a_catalogue, a_channel, a_constraint, a_legal_basis, a_period, a_service, a_step, a_text, an_office

from servicedir.domain.history import Published
from servicedir.domain.service import ChannelKind, Effect, Nature, Service, Stage
from servicedir.domain.step import StepState
from servicedir.reports.rollout import Listed, Named, Spread, Status, growth
from servicedir.reports.rollout_counts import counted
from servicedir.reports.rollout_files import sheets
from servicedir.reports.rollout_growth import grown
from servicedir.reports.rollout_plans import planned
from servicedir.reports.rollout_sections import Section

ON = date(2024, 9, 15)
OFFICES = an_office("buergeramt"), an_office("jugendamt")


def counts(**said: int) -> dict[Stage, int]:
    """Numbers of services by stage, 0 where nothing is said."""
    return {stage: said.get(stage.value, 0) for stage in Stage}


def a_status(**said: Any) -> Status:
    """A day in a city with two offices; whatever else is said of it."""
    video = counts(live=2, pilot=1, planned=1, ruled_out=1, unknown=5)
    spread = Spread(
        on=said.pop("on", ON),
        video=video,
        offices={
            "buergeramt": counts(live=2, unknown=4),
            "jugendamt": counts(pilot=1, planned=1, ruled_out=1, unknown=1),
        },
        topics={},
        natures={nature: (video if nature is Nature.ADVISORY else counts()) for nature in Nature},
    )
    defaults: dict[str, Any] = {
        "spread": spread,
        "growth": growth([[(date(2024, 5, 3).toordinal(), Stage.LIVE)], []], spread.on),
        "catalogue": replace(a_catalogue(*OFFICES), steps=said.pop("steps", {})),
        "today": ON,
        "coming": Listed((), 0),
        "against": Listed((), 0),
        "limits": {},
        "attested": (),
    }
    return Status(**{**defaults, **said})


def published(service: Service) -> Published:
    return Published(service=service, revision=1, updated=datetime(2024, 1, 1, tzinfo=UTC))


def sections(status: Status, language: str = "de") -> dict[str, Section]:
    return {s.key: s for s in (*counted(status, language), grown(status, language), *planned(status, language))}


def words(section: Section) -> str:
    """All that a section says."""
    cells = [cell.text for table in section.tables for row in table.rows for cell in row.cells]
    return " | ".join((*section.paragraphs, *cells, *section.notes, *(one.title for one in section.listings)))


def test_stages_add_up_to_all_services() -> None:
    *rows, total = sections(a_status())["stages"].tables[0].rows
    assert sum(row.cells[1].number or 0 for row in rows) == total.cells[1].number == 10


@pytest.mark.parametrize("key", ["offices", "natures"])
def test_the_groups_of_a_row_add_up_to_its_services(key: str) -> None:
    for row in sections(a_status())[key].tables[0].rows:
        _name, total, *groups = row.cells
        assert sum(cell.number or 0 for cell in groups) == total.number


def test_every_number_leads_to_the_list_of_that_day() -> None:
    for section in sections(a_status()).values():
        for table in section.tables:
            for row in table.rows:
                for cell in row.cells:
                    if cell.number is not None and not cell.path.startswith("#"):
                        said = dict(parse_qsl(urlsplit(cell.path).query))
                        assert cell.path.startswith("/?")
                        assert said["on"] == (row.key if table.key == "growth" else ON.isoformat())


def test_a_share_of_few_is_not_none_and_of_nearly_all_is_not_all() -> None:
    video = counts(pilot=1, unknown=999)
    spread = replace(a_status().spread, video=video)
    rows = {row.key: row.cells[2].text for row in sections(a_status(spread=spread))["stages"].tables[0].rows}
    assert (rows["pilot"], rows["unknown"], rows["live"]) == ("1 %", "99 %", "0 %")


def test_what_is_not_known_is_said_not_to_be_a_no_and_left_out_of_the_growing_columns() -> None:
    found = sections(a_status())
    assert "Das ist kein Nein" in words(found["unknown"])
    assert "5 Dienstleistungen" in words(found["growth"])
    assert "nicht bekannt" not in found["growth"].chart


def test_months_without_a_change_are_in_the_file_alone() -> None:
    status = a_status()
    keys = [row.key for row in grown(status, "de").tables[0].rows]
    assert keys == ["2024-09-15", "2024-05-31"]
    whole = [row.key for row in grown(status, "de", whole=True).tables[0].rows]
    assert whole == ["2024-09-15", "2024-08-31", "2024-07-31", "2024-06-30", "2024-05-31"]


def test_what_merely_counts_from_an_attested_day_is_named() -> None:
    found = sections(a_status(attested=(Named("eins", a_text("Eins")),)))["growth"]
    assert "Bei 1 Dienstleistung ist nicht bekannt, seit wann der Stand gilt. Sie zählt ab dem Tag" in words(found)
    assert [named.slug for listing in found.listings for named in listing.services] == ["eins"]


def test_where_nothing_is_known_there_is_a_sentence_and_no_empty_chart() -> None:
    found = grown(a_status(growth=growth([[]], ON)), "de")
    assert found.paragraphs == ("Bisher ist kein Stand mit einem Datum bekannt.",)
    assert not found.tables and not found.chart


# What comes next, and what does not


def test_an_open_step_says_that_it_is_overdue_since_when_and_what_holds_it_up() -> None:
    steps = {
        "raum": a_step(
            "raum", target="2024-08", earlier_targets=("2024-03",), blocker="Es fehlt Technik.", paper="V 1/24"
        ),
        "fertig": a_step("fertig", state=StepState.DONE, target="2024-01"),
    }
    found = sections(a_status(steps=steps))["next"]
    assert "August 2024 – überfällig (früher: März 2024)" in words(found)
    assert "Es fehlt Technik." in words(found) and "V 1/24" in words(found)
    assert "1 Schritt ist offen, 1 davon überfällig" in words(found)
    assert "fertig" not in {row.key for table in found.tables for row in table.rows}


def test_on_an_earlier_day_the_same_step_was_not_overdue() -> None:
    steps = {"raum": a_step("raum", target="2024-08")}
    found = sections(a_status(on=date(2024, 8, 31), steps=steps))["next"]
    assert "überfällig" not in words(found)
    assert "Schritte und Vorgaben sind die von heute" in words(found)


def test_what_an_office_decided_against_has_its_reason() -> None:
    steps = {"nein": a_step("nein", state=StepState.DECIDED_AGAINST, reason="Zu wenig Nachfrage.")}
    found = sections(a_status(steps=steps))
    assert "Zu wenig Nachfrage." in words(found["law"])
    assert "nein" not in {row.key for table in found["next"].tables for row in table.rows}


def test_what_the_law_asks_leads_to_its_text_and_to_its_services() -> None:
    asked = a_constraint(
        effect=Effect.RULES_OUT,
        channel=ChannelKind.VIDEO,
        legal_basis=a_legal_basis("§ 1311 BGB", "https://law.example"),
    )
    found = sections(a_status(limits={asked: (Named("heiraten", a_text("Heiraten")),)}))["law"]
    row = found.tables[0].rows[0]
    assert row.cells[2].text == "§ 1311 BGB" and row.cells[2].path == "https://law.example"
    (listing,) = found.listings
    assert row.cells[4].path == f"#{listing.key}" and row.cells[4].number == len(listing.services) == 1
    assert "1 davon schließt es aus" in words(found)


def test_what_is_ruled_out_has_its_reason() -> None:
    channel = a_channel(ChannelKind.VIDEO, a_period("ruled_out", "2024", reason="Beide müssen kommen."))
    against = Listed((published(a_service("heiraten", channels=(channel,))),), 3)
    found = sections(a_status(against=against))["law"]
    assert "Beide müssen kommen." in words(found)
    assert found.links[0][0] == "Alle 3 Dienstleistungen als Liste"


# Files


def test_the_sheet_of_all_numbers_has_every_number_and_words_for_none() -> None:
    found = [*sections(a_status()).values()]
    lines = sheets(found, "de")[""].decode("utf-8-sig").splitlines()
    numbers = [c for s in found for t in s.tables for row in t.rows for c in row.cells if c.number is not None]
    assert len(lines) == 1 + len(numbers)
    assert '"stages";"unknown";"nicht bekannt";"Dienstleistungen";"5"' in lines


def test_every_table_and_listing_is_a_sheet() -> None:
    found = [*sections(a_status(attested=(Named("eins", a_text("=1+1")),))).values()]
    files = sheets(found, "en")
    assert {"", "stages", "offices", "topics", "natures", "growth", "unknown", "attested"} <= set(files)
    assert "'=1+1" in files["attested"].decode("utf-8-sig")


def test_a_city_in_english_says_no_german_word() -> None:
    german = sections(a_status())
    for key, section in sections(a_status(), "en").items():
        assert section.title != german[key].title
        assert not {"und", "nicht", "Dienstleistungen", "gibt"} & set(words(section).split())
