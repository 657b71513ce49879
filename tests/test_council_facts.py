"""Both inquiries are answered from the sample alone: every fact that the sources name is there, and no other one."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

import pytest
from houses import a_sample_house

from servicedir.domain.figures import Standing
from servicedir.domain.history import Kind
from servicedir.domain.inquiry import BlockKind, Inquiry
from servicedir.exchange import toml
from servicedir.reports.answer import Answer, Cell, Part, Table, tables

DEREGISTERING = {"wohnsitz-abmelden", "nebenwohnung-abmelden"}
ADVICE = {
    "beratung-kinder-jugendliche-familien",
    "pflegekinderdienst-beratung",
    "inobhutnahme-gespraeche",
    "arbeitsweltbezogene-jugendsozialarbeit",
    "beratung-behinderung-senioren",
    "beratung-prostituiertenschutzgesetz",
    "stadtentwaesserung-beratung",
}
INSTRUCTION = {"belehrung-infektionsschutzgesetz"}
REVIEWED = {
    "unterhaltsberatung",
    "schwangerenberatung",
    "schuldnerberatung",
    "suchtberatung",
    "wohnungsnot-beratung",
}
PARTNERS = {"arbeitsagentur-beratung", "familienkasse-beratung", "jobcenter-beratung", "rentenberatung"}
"""Federal partner authorities, of which the second inquiry says that they offer video appointments."""
STEPS = {
    "online-buergerbuero-ausweiten",
    "online-buergerbuero-weitere-anlaesse",
    "neue-formate-pruefen",
    "online-termine-pruefen",
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], Answer]]:
    """The published answers of the sample, by slug and language."""
    house = a_sample_house(tmp_path_factory.mktemp("sample"))
    with house.work() as directory:
        published = [answer.slug for answer in directory.inquiries.published()]
        found = {
            (slug, language): directory.inquiries.answer(slug, 1, language)
            for slug in published
            for language in ("de", "en")
        }
    yield found
    house.close()


@pytest.fixture(scope="module")
def first(answers: dict[tuple[str, str], Answer]) -> Answer:
    return answers["af0147-24", "de"]


@pytest.fixture(scope="module")
def second(answers: dict[tuple[str, str], Answer]) -> Answer:
    return answers["ausschuss-digitalisierung-2024-08-29", "de"]


def parts(answer: Answer, question: int, kind: BlockKind) -> list[Part]:
    return [part for part in answer.replies[question - 1].parts if part.kind is kind]


def part(answer: Answer, question: int, kind: BlockKind) -> Part:
    (found,) = parts(answer, question, kind)
    return found


def keys(part: Part) -> set[str]:
    return {row.key for table in part.tables for row in table.rows}


def cells(table: Table, key: str) -> dict[str, Cell]:
    (row,) = [row for row in table.rows if row.key == key]
    return dict(zip([heading.key for heading in table.headings], row.cells, strict=True))


def words(*parts: Part) -> str:
    """All that parts say, in one line."""
    said = [
        text
        for part in parts
        for text in (
            part.title,
            *part.paragraphs,
            *(cell.text for table in part.tables for row in table.rows for cell in row.cells),
            *part.notes,
        )
    ]
    return " ".join(" ".join(said).split())


def demand(text: str, *wanted: str) -> None:
    assert [one for one in wanted if one.casefold() not in text.casefold()] == []


# Inquiry A


def test_the_distinction_and_the_limits_stand_before_all(first: Answer) -> None:
    assert (first.reference, first.title) == ("AF0147/24", "Beratungsangebote per Video-Telefonie")
    assert len(first.replies) == 6
    demand(
        " ".join(first.introduction),
        "Anträge",
        "formloser Abstimmung",
        "Unterweisung",
        "rechtliche Gründe",
        "technischen Voraussetzungen",
        "grundsätzlich nach vorheriger Absprache",
        "beispielhaft und nicht vollständig",
        "auf den persönlichen Kontakt ausgelegt",
        "ergänzt ihn oft",
        "Geräte und Programme",
        "gut ausgestattet",
    )


def test_what_can_be_had_by_video_is_listed_by_nature_and_nothing_else(first: Answer) -> None:
    offers = part(first, 1, BlockKind.SERVICES)
    assert {table.key: {row.key for row in table.rows} for table in offers.tables} == {
        "services-transactional": DEREGISTERING,
        "services-advisory": ADVICE,
        "services-instruction": INSTRUCTION,
        # These are of the second inquiry; that they are not the city's own is said.
        "services-partners": PARTNERS,
    }
    demand(words(offers), "Partnerbehörden", "nicht Teil der Stadtverwaltung", "Jobcenter")


@pytest.mark.parametrize("slug", sorted(DEREGISTERING))
def test_deregistering_is_a_pilot_since_may_2024_with_25_appointments_a_week(first: Answer, slug: str) -> None:
    (table,) = [table for table in part(first, 1, BlockKind.SERVICES).tables if table.key.endswith("transactional")]
    said = cells(table, slug)
    assert said["stage"].code == "pilot"
    assert (said["since"].code, said["since"].text) == ("2024-05", "Mai 2024")
    assert said["slots"].number == 25
    demand(said["booking"].text, "vorab online", "Online-Bürgerbüro")
    demand(said["note"].text, "zusammen", "digital erledigt", "während des Termins", "2023", "im Mai 2024 begann")


def test_each_advice_says_how_it_is_given(first: Answer) -> None:
    tables_ = {table.key: table for table in part(first, 1, BlockKind.SERVICES).tables}
    advice = tables_["services-advisory"]
    for slug in ("beratung-kinder-jugendliche-familien", "pflegekinderdienst-beratung", "inobhutnahme-gespraeche"):
        demand(cells(advice, slug)["booking"].text, "individuell vereinbart")
    demand(cells(advice, "arbeitsweltbezogene-jugendsozialarbeit")["title"].text, "Jugendberatungscenter")
    demand(cells(advice, "beratung-prostituiertenschutzgesetz")["note"].text, "gedolmetscht")
    demand(cells(advice, "beratung-behinderung-senioren")["note"].text, "Online-Beratung")
    demand(cells(advice, "stadtentwaesserung-beratung")["note"].text, "mehreren Bereichen")
    briefing = cells(tables_["services-instruction"], "belehrung-infektionsschutzgesetz")
    demand(briefing["note"].text, "online")
    demand(briefing["constraints"].text, "§ 43 IfSG")
    for key in ADVICE:
        assert (cells(advice, key)["stage"].code, cells(advice, key)["slots"].number) == ("live", None)


def test_the_digital_citizens_office_offered_no_video(first: Answer) -> None:
    place = part(first, 2, BlockKind.PLACE)
    assert keys(place) == set()
    demand(
        words(place),
        "Working LAB",
        "Bundesdruckerei",
        "Dokumentenausgabebox",
        "Speed Capture",
        "Videotermine fanden dort nicht statt",
        "Juli 2024",
        "schränkt die Online-Beratungen nicht ein",
    )


def test_there_are_no_figures_of_2023_and_why(first: Answer) -> None:
    usage = part(first, 3, BlockKind.FIGURES)
    numbers = [cell for table in usage.tables for row in table.rows for cell in row.cells if cell.number is not None]
    assert numbers == []
    assert keys(usage) >= DEREGISTERING | ADVICE | INSTRUCTION
    standings = {c.standing for table in usage.tables for row in table.rows for c in row.cells} - {None}
    assert standings == {Standing.UNKNOWN}
    demand(words(usage), "Mai 2024")
    accepted = part(first, 3, BlockKind.ACCEPTANCE)
    demand(words(accepted), "gut angenommen", "Anfrage AF0147/24")
    assert keys(accepted) == {"abmeldung-per-video"}


def test_what_is_under_review_is_listed_and_nothing_else(first: Answer) -> None:
    reviewed = part(first, 4, BlockKind.SERVICES)
    assert keys(reviewed) == REVIEWED
    assert {cells(table, row.key)["stage"].code for table in reviewed.tables for row in table.rows} == {"under_review"}


def test_the_aim_and_the_steps_are_named(first: Answer) -> None:
    demand(
        words(*parts(first, 5, BlockKind.TEXT)),
        "weiter ausbauen",
        "Online-Bürgerbüro für verschiedene Anlässe",
        "Neue Formate werden geprüft",
    )
    planned = part(first, 5, BlockKind.PLANNED)
    assert keys(planned) == STEPS | REVIEWED
    demand(words(planned), "Die Bedingungen für eine Ausweitung werden geprüft")
    added = part(first, 5, BlockKind.COMPARISON)
    assert keys(added) & DEREGISTERING == DEREGISTERING


def test_no_general_programme_is_known_but_an_example(first: Answer) -> None:
    demand(words(*parts(first, 6, BlockKind.TEXT)), "Ein allgemeines Programm", "nicht bekannt")
    assert keys(part(first, 6, BlockKind.PROGRAMMES)) == {"sozialplattform"}
    demand(words(part(first, 6, BlockKind.PROGRAMMES)), "Sozialplattform", "einzelne Ministerien")


# Inquiry B


def test_the_second_inquiry_gets_the_same_offers_and_who_else_gives_them(second: Answer) -> None:
    assert len(second.replies) == 3
    demand(second.asked_by, "Ausschuss für Digitalisierung", "29. August 2024")
    assert second.on.isoformat() == "2024-08-29"
    assert keys(part(second, 1, BlockKind.SERVICES)) == DEREGISTERING | ADVICE | INSTRUCTION | PARTNERS
    assert keys(part(second, 1, BlockKind.PLANNED)) == STEPS | REVIEWED
    demand(
        " ".join(second.introduction),
        "übliche Ergänzung",
        "Wege und Wartezeit",
        "von zu Hause oder unterwegs",
        "Homeoffice",
        "mobiler Arbeit",
        "Arbeitgeberin",
        "Familienkassen",
        "Jobcenter",
        "Rentenversicherung",
    )


def test_what_runs_from_other_workplaces_is_told_apart_from_what_nobody_said(second: Answer) -> None:
    offers = {
        row.key: cells(table, row.key)["telework"].text
        for table in part(second, 1, BlockKind.SERVICES).tables
        for row in table.rows
    }
    said = {offers[slug] for slug in DEREGISTERING}
    silent = {text for slug, text in offers.items() if slug not in DEREGISTERING}
    assert len(said) == len(silent) == 1
    assert said != silent


def test_citizens_and_staff_are_kept_apart_and_of_staff_nothing_is_known(second: Answer) -> None:
    accepted = part(second, 2, BlockKind.ACCEPTANCE)
    assert keys(accepted) == {"abmeldung-per-video"}
    assert len(accepted.tables) == 1
    demand(" ".join(accepted.paragraphs), "Beschäftigte")
    usage = part(second, 2, BlockKind.FIGURES)
    assert [c for t in usage.tables for row in t.rows for c in row.cells if c.number is not None] == []


def test_nothing_rules_video_out_for_the_citys_advice(second: Answer) -> None:
    demand(words(*parts(second, 3, BlockKind.TEXT)), "weiter ausbauen")
    reasons = part(second, 3, BlockKind.REASONS)
    # The catalogue cites § 43 IfSG as a condition; other constraints come with what the law says of other services.
    demand(words(reasons), "§ 43 IfSG")


# Both


def test_no_table_has_a_number_that_no_source_names(answers: dict[tuple[str, str], Answer]) -> None:
    counted = {BlockKind.COVERAGE, BlockKind.COMPARISON}  # These count entries of the catalogue itself.
    for answer in answers.values():
        found = {
            cell.number
            for _reply, of, table in tables(answer)
            if of.kind not in counted
            for row in table.rows
            for cell in row.cells
            if cell.number is not None
        }
        assert found <= {25}, answer.slug


def test_both_languages_list_the_same(answers: dict[tuple[str, str], Answer]) -> None:
    for slug in {slug for slug, _language in answers}:
        german, english = answers[slug, "de"], answers[slug, "en"]
        assert [(t.key, [row.key for row in t.rows]) for _r, _p, t in tables(german)] and {
            (t.key, row.key) for _r, _p, t in tables(german) for row in t.rows
        } == {(t.key, row.key) for _r, _p, t in tables(english) for row in t.rows}
        assert german.title != english.title


def test_the_questions_are_all_there_and_each_is_answered(answers: dict[tuple[str, str], Answer]) -> None:
    file = resources.files("servicedir.sample") / "inquiries.toml"
    asked: list[Inquiry] = [
        value for kind, value in toml.read(file.read_text("utf-8"), file.name) if kind is Kind.INQUIRY
    ]
    assert [len(inquiry.questions) for inquiry in asked] == [6, 3]
    for inquiry in asked:
        answer = answers[inquiry.slug, "de"]
        for question, reply in zip(inquiry.questions, answer.replies, strict=True):
            assert reply.question == question.text.get("de")
            assert all(part.paragraphs or part.tables for part in reply.parts)
