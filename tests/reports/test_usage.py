"""Figures by service and year: 0 is a number, unknown is a word, and sums say what they leave out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from blocks import built, cells, rows, sums, table
from builders import a_block, a_channel, a_period, a_service
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.figures import Measure, Standing, Total
from servicedir.domain.service import ChannelKind, Period, Service
from servicedir.reports.answer import Cell
from servicedir.reports.usage import SUM, of_total

KEY = "figures-video-held"
BLOCK = a_block("figures", years=("2023", "2024"))
UNKNOWN = Total(unknown=1)


def number(value: int) -> Total:
    return Total(known=value, numbers=1)


def by_video(slug: str, *periods: Period, **fields: Any) -> Service:
    return a_service(slug, channels=(a_channel("video", *(periods or (a_period("live", "2020"),))),), **fields)


def told(cell: Cell) -> tuple[str, int | None, Standing | None]:
    return cell.text, cell.number, cell.standing


def test_zero_is_a_number_and_silence_is_a_word() -> None:
    part = built(BLOCK, by_video("eins"), sums=sums(eins={"2023": number(0)}))
    said = cells(table(part, KEY), "eins")
    assert told(said["2023"]) == ("0", 0, Standing.NUMBER)
    assert told(said["2024"]) == ("nicht bekannt", None, Standing.UNKNOWN)
    assert part.paragraphs == ("Durchgeführte Termine per Video: 2023: 0; 2024: keine Zahlen.",)


def test_what_is_not_counted_or_not_shown_is_said_so() -> None:
    of = sums(eins={"2023": Total(not_counted=1), "2024": Total(suppressed=1)})
    part = built(BLOCK, by_video("eins"), sums=of)
    said = cells(table(part, KEY), "eins")
    assert told(said["2023"]) == ("nicht gezählt", None, Standing.NOT_COUNTED)
    assert told(said["2024"]) == ("nicht gezeigt", None, Standing.SUPPRESSED)
    assert any("auf einzelne Menschen" in note for note in part.notes)


def test_a_year_of_which_months_are_missing_is_at_least_so_much() -> None:
    of = sums(eins={"2024": Total(known=1200, numbers=9, unknown=2, suppressed=1)})
    said = cells(table(built(BLOCK, by_video("eins"), sums=of), KEY), "eins")["2024"]
    assert told(said) == (
        "mindestens 1.200 (2 Monate nicht bekannt, 1 Monat nicht gezeigt)",
        None,
        Standing.UNKNOWN,
    )
    assert said.code == ">=1200"


def test_an_offer_that_began_later_or_ended_before_is_not_unknown_but_was_not_there() -> None:
    later = by_video("spaet", a_period("pilot", "2024-05"))
    over = by_video("vorbei", a_period("live", "2020", until="2022-07"), a_period("ended", "2022-08"))
    vague = by_video("ungewiss", a_period("live", None, attested="2024"))
    found = table(built(BLOCK, later, over, vague), KEY)
    assert [cells(found, "spaet")[year].text for year in ("2023", "2024")] == [
        "begann erst im Mai 2024",
        "nicht bekannt",
    ]
    assert cells(found, "spaet")["2023"].code == "not_begun"
    assert cells(found, "vorbei")["2023"].text == "endete im Juli 2022"
    assert cells(found, "ungewiss")["2023"].text == "nicht bekannt"


def test_a_year_without_figures_says_how_many_services_were_not_there() -> None:
    later = by_video("spaet", a_period("pilot", "2024-05"))
    part = built(a_block("figures", years=("2023",)), later, by_video("eins"))
    assert part.paragraphs == (
        "Durchgeführte Termine per Video: 2023: keine Zahlen (1 Dienstleistung gab es da noch nicht oder nicht mehr).",
    )


def test_a_number_is_shown_even_if_the_offer_is_said_to_have_begun_later() -> None:
    later = by_video("spaet", a_period("pilot", "2024-05"))
    part = built(BLOCK, later, sums=sums(spaet={"2023": number(3)}))
    assert cells(table(part, KEY), "spaet")["2023"].number == 3


def test_a_sum_is_a_number_only_if_nothing_is_missing() -> None:
    of = sums(eins={"2023": number(5), "2024": number(7)}, zwei={"2023": number(6)})
    part = built(BLOCK, by_video("eins"), by_video("zwei"), sums=of)
    total = cells(table(part, KEY), SUM)
    assert told(total["2023"]) == ("11", 11, Standing.NUMBER)
    assert told(total["2024"]) == ("mindestens 7 (bei 1 von 2 fehlt etwas)", None, Standing.UNKNOWN)
    assert part.paragraphs == (
        "Durchgeführte Termine per Video: 2023: 11; 2024: mindestens 7, "
        "bei 1 von 2 Dienstleistungen fehlen Zahlen ganz oder zum Teil.",
    )


def test_who_was_not_there_is_not_missing_from_a_sum() -> None:
    later = by_video("spaet", a_period("pilot", "2024-05"))
    part = built(BLOCK, by_video("eins"), later, sums=sums(eins={"2023": number(5)}))
    assert told(cells(table(part, KEY), SUM)["2023"]) == ("5", 5, Standing.NUMBER)
    alone = built(a_block("figures", years=("2023",)), later, by_video("auch", a_period("pilot", "2024-06")))
    assert cells(table(alone, KEY), SUM)["2023"].text == "kein Angebot"


def test_no_number_at_all_is_no_sum() -> None:
    part = built(BLOCK, by_video("eins"), by_video("zwei"))
    assert told(cells(table(part, KEY), SUM)["2023"]) == ("nicht bekannt", None, Standing.UNKNOWN)


@given(
    st.lists(
        st.one_of(st.integers(0, 50).map(number), st.sampled_from([UNKNOWN, Total(not_counted=1)])),
        min_size=2,
        max_size=6,
    )
)
def test_a_sum_never_takes_what_is_missing_for_zero(totals: list[Total]) -> None:
    services = [by_video(f"s{place}") for place, _total in enumerate(totals)]
    of = sums(**{f"s{place}": {"2024": total} for place, total in enumerate(totals)})
    cell = cells(table(built(a_block("figures", years=("2024",)), *services, sums=of), KEY), SUM)["2024"]
    numbers = [total.known for total in totals if total.numbers]
    if len(numbers) == len(totals):
        assert (cell.number, cell.standing) == (sum(numbers), Standing.NUMBER)
    else:
        assert cell.number is None
        assert cell.standing is not Standing.NUMBER
        assert cell.code == (f">={sum(numbers)}" if numbers else "")


@given(*(st.integers(0, 12) for _field in range(4)))
def test_a_cell_has_a_number_or_says_why_not(numbers: int, unknown: int, not_counted: int, suppressed: int) -> None:
    total = Total(known=7 * numbers, numbers=numbers, unknown=unknown, not_counted=not_counted, suppressed=suppressed)
    for language in ("de", "en"):
        cell = of_total(total, language)
        assert cell.text
        assert (cell.number is None) == (cell.standing is not Standing.NUMBER)
        assert cell.number == total.value


def test_each_channel_and_measure_has_a_table_of_its_own() -> None:
    service = a_service("eins", channels=(a_channel("video"), a_channel("phone")))
    block = a_block(
        "figures",
        years=("2024",),
        channels=(ChannelKind.VIDEO, ChannelKind.PHONE),
        measures=(Measure.HELD, Measure.NO_SHOW),
    )
    part = built(block, service, sums={("eins", ChannelKind.PHONE, Measure.NO_SHOW, "2024"): number(4)})
    assert [one.key for one in part.tables] == [
        "figures-video-held",
        "figures-video-no_show",
        "figures-phone-held",
        "figures-phone-no_show",
    ]
    assert part.tables[3].caption == "Termine, zu denen niemand kam am Telefon"
    assert cells(part.tables[3], "eins")["2024"].number == 4
    assert cells(part.tables[0], "eins")["2024"].number is None


def test_services_that_never_had_the_channel_are_counted_and_left_out() -> None:
    part = built(BLOCK, by_video("eins"), a_service("stumm", channels=()))
    assert rows(table(part, KEY)) == ["eins"]
    assert any(note.startswith("Nicht aufgeführt: 1 Dienstleistung,") for note in part.notes)


def test_a_year_that_was_not_over_then_is_said_to_be_so() -> None:
    block = a_block("figures", years=("2024",))
    then = datetime(2024, 12, 31, 22, 59, tzinfo=UTC)  # One minute to midnight in the city.
    note = "Das Jahr 2024 war da noch nicht zu Ende."
    assert note in built(block, by_video("eins"), recorded=then, on=date(2024, 6, 1)).notes
    assert note not in built(block, by_video("eins"), recorded=then.replace(hour=23), on=date(2024, 6, 1)).notes
