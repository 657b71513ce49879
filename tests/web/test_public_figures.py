"""What everybody sees of figures on the page of a service: what is released, and of small numbers nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from builders import a_figure
from sites import Site

from servicedir.domain.figures import Figure, Measure, Standing
from servicedir.domain.service import ChannelKind
from servicedir.domain.workflow import SYSTEM

PAGE = "/services/wohnsitz-abmelden"


def held(value: int | None = 12, period: str = "2024-05", **fields: Any) -> Figure:
    return a_figure(value, period, service="wohnsitz-abmelden", **fields)


def put(site: Site, *figures: Figure) -> None:
    with site.house.work(write=True) as directory:
        directory.figures.put(figures, by=SYSTEM)


def tables(site: Site, path: str = PAGE) -> dict[str, dict[str, list[str]]]:
    """Caption -> period -> cells."""
    found = {}
    for table in site.get(path).html.select(".public-figures table"):
        rows = {row.th.get_text(strip=True): [c.get_text(strip=True) for c in row("td")] for row in table.tbody("tr")}
        found[table.caption.get_text(strip=True)] = rows
    return found


def test_nothing_is_said_where_nothing_is_released(town: Site) -> None:
    before = town.get(PAGE).text
    put(town, held(76543, released=False), held(None, "2024-06", released=False, note="Geheimnotiz"))
    assert town.get(PAGE).text == before
    assert town.get(PAGE).html.find(id="figures") is None


def test_a_chart_without_a_single_column_is_not_drawn(town: Site) -> None:
    put(town, held(30, "2025-01"))
    years, months = town.get(PAGE).html.select(".public-figures")
    assert "30 (11 Monate fehlen)" in years.get_text()
    assert years.svg is None
    assert months.svg is not None


def test_what_is_released_stands_in_a_table_and_in_a_chart_at_once(town: Site) -> None:
    assert tables(town) == {}
    put(town, held(1200, "2024"), held(300, "2025"), held(7, "2025-02", measure=Measure.OFFERED))
    assert tables(town) == {
        "Termine nach Jahren: Video": {
            "2024": ["1.200", "keine Angabe"],
            "2025": ["300", "7 (11 Monate fehlen)"],
        },
        "Termine 2025 nach Monaten: Video": {
            **{f"{month} 2025": ["keine Angabe", "keine Angabe"] for month in MONTHS},
            "Februar 2025": ["keine Angabe", "7"],
        },
    }
    chart = town.get(PAGE).html.select_one(".public-figures svg")
    assert chart["role"] == "img"
    said = chart.desc.get_text()
    assert "2024: durchgeführt 1.200, angeboten keine Zahl" in said
    assert "2025: durchgeführt 300, angeboten keine Zahl" in said
    put(town, held(1200, "2024", released=False))
    assert "2024" not in tables(town)["Termine nach Jahren: Video"]


def test_why_there_is_no_number_is_said_in_words_and_0_is_a_number(town: Site) -> None:
    reasons = {
        "2025-01": (Standing.NUMBER, 0, "0"),
        "2025-02": (Standing.UNKNOWN, None, "nicht bekannt"),
        "2025-03": (Standing.NOT_COUNTED, None, "nicht gezählt"),
        "2025-04": (Standing.SUPPRESSED, None, "nicht gezeigt"),
    }
    put(town, *(held(value, period, standing=standing) for period, (standing, value, _w) in reasons.items()))
    months = tables(town)["Termine 2025 nach Monaten: Video"]
    assert [months[f"{month} 2025"] for month in MONTHS[:4]] == [[words] for _s, _v, words in reasons.values()]
    assert tables(town)["Termine nach Jahren: Video"] == {"2025": ["0 (11 Monate fehlen)"]}


def test_small_numbers_are_nowhere_and_cannot_be_worked_out(town_with: Callable[..., Site]) -> None:
    site = town_with(smallest_figure="5")
    put(site, held(3, "2025-01", note="es waren drei"), held(41, "2025-02"), held(62, "2025-03"), held(106, "2025"))
    months = tables(site)["Termine 2025 nach Monaten: Video"]
    assert months["Januar 2025"] == ["nicht gezeigt"]
    assert months["Februar 2025"] == ["nicht gezeigt"], "else January is the year without the others"
    assert months["März 2025"] == ["62"]
    section = site.get(PAGE).html.find("section", {"aria-labelledby": "figures"})
    assert "drei" not in section.get_text()
    charts = " ".join(chart.get_text(" ") for chart in section.select("svg"))
    assert not re.search(r"\b(3|41|44|103)\b", charts)


def test_what_is_not_released_is_in_no_sum(town: Site) -> None:
    put(town, *(held(10, f"2025-{month:02}", released=month != 7) for month in range(1, 13)))
    assert tables(town)["Termine nach Jahren: Video"] == {"2025": ["110 (1 Monat fehlt)"]}
    put(town, held(54321, "2025", released=False))
    assert "54.321" not in town.get(PAGE)


def test_each_channel_has_its_own(town: Site) -> None:
    put(town, held(12, "2025"), held(900, "2025", channel=ChannelKind.IN_PERSON))
    assert tables(town) == {
        "Termine nach Jahren: Video": {"2025": ["12"]},
        "Termine nach Jahren: vor Ort": {"2025": ["900"]},
    }


def test_a_page_as_of_a_day_knows_no_later_figures(town: Site) -> None:
    put(town, held(12, "2023"), held(13, "2025"))
    assert tables(town, f"{PAGE}?on=2024-06-15") == {"Termine nach Jahren: Video": {"2023": ["12"]}}
    assert tables(town, f"{PAGE}?on=0001-01-05") == {}


def test_a_page_as_of_a_day_knows_nothing_of_periods_that_were_not_over(town: Site) -> None:
    put(town, held(700, "2024"), *(held(10, f"2024-{month:02}") for month in range(1, 13)))

    def said(on: str) -> list[str]:
        found = tables(town, f"{PAGE}?on={on}")
        months = found["Termine 2024 nach Monaten: Video"]
        return [found["Termine nach Jahren: Video"]["2024"][0], list(months)[-1]]

    assert said("2024-06-15") == ["50", "Mai 2024"]
    assert said("2024-06-30") == ["60", "Juni 2024"]
    assert said("2024-12-30") == ["110", "November 2024"]
    assert said("2024-12-31") == ["700", "Dezember 2024"]


def test_today_a_running_year_is_shown_by_whichever_address(town: Site) -> None:
    today = town.house.today()
    put(town, held(700, f"{today:%Y}"))
    for path in (PAGE, f"{PAGE}?on={today}"):
        assert tables(town, path) == {"Termine nach Jahren: Video": {f"{today:%Y}": ["700"]}}


def test_a_month_that_its_office_suppressed_cannot_be_worked_out_with_any_setting(town: Site) -> None:
    secret = held(None, "2024-12", standing=Standing.SUPPRESSED)
    put(town, held(112, "2024"), secret, *(held(10, f"2024-{month:02}") for month in range(1, 12)))
    months = tables(town)["Termine 2024 nach Monaten: Video"]
    assert [cells for cells in months.values() if cells == ["nicht gezeigt"]] == [["nicht gezeigt"]] * 2
    figures = town.get("/api/v1/figures?service=wohnsitz-abmelden").json["items"]
    assert sorted(figure["standing"] for figure in figures) == ["number"] * 11 + ["suppressed"] * 2


def test_a_page_whose_figures_could_not_be_read_says_so_and_is_not_kept(town: Site) -> None:
    put(town, held(4321, "2024"))
    with town.house.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE figures RENAME TO gone")
    answer = town.get(PAGE)
    assert "lässt sich gerade nicht sagen" in answer.html.find("section", {"aria-labelledby": "figures"}).get_text()
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    with town.house.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO figures")
    town.house.released._ailing = 0.0
    answer = town.get(PAGE)
    assert "4.321" in answer
    assert answer.headers["Cache-Control"] == "public, no-cache"


def test_sources_and_notes_are_text(town: Site) -> None:
    put(town, held(12, "2025", source="<b>Amt</b>", note="Nur Mai"))
    section = town.get(PAGE).html.find("section", {"aria-labelledby": "figures"})
    assert "Quelle: <b>Amt</b>. Nur Mai" in section.get_text()
    assert section.find("b") is None


MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
