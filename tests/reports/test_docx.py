"""Answers as Word files: real headings, heads of tables that are repeated, and the same bytes each time."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest
from answers import HOSTILE, a_part, a_table, an_answer, rows
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from servicedir.reports.answer import Answer, Heading, Type, checksum
from servicedir.reports.docx import docx
from servicedir.reports.words import legible

BASE = "https://verzeichnis.example"


def opened(answer: Answer) -> WordDocument:
    return Document(io.BytesIO(docx(answer, BASE)))


def styled(document: WordDocument, style: str) -> list[str]:
    return [one.text for one in document.paragraphs if one.style and one.style.name == style]


def test_headings_are_headings_and_questions_are_numbered() -> None:
    document = opened(an_answer())
    assert styled(document, "Heading 1") == ["Beratung per Video"]
    assert styled(document, "Heading 2") == ["1. Was gibt es per Video?", "2. Was ist das Ziel?", "Anlage"]
    assert styled(document, "Heading 3")[0] == "Nutzung"


def test_the_head_of_a_table_is_repeated_and_no_row_is_torn() -> None:
    grid = opened(an_answer()).tables[0]
    properties = [row._tr.trPr for row in grid.rows]
    assert [one.find(qn("w:tblHeader")) is not None for one in properties] == [True, False, False]
    assert all(one.find(qn("w:cantSplit")) is not None for one in properties)
    assert [cell.text for cell in grid.rows[0].cells] == ["Leistung", "Seit", "Termine"]


def test_columns_of_numbers_stand_to_the_right() -> None:
    grid = opened(an_answer()).tables[0]
    found = [[cell.paragraphs[0].alignment for cell in row.cells] for row in grid.rows]
    assert found == [[None, None, WD_ALIGN_PARAGRAPH.RIGHT]] * 3


def test_captions_are_counted_by_word_and_say_the_number_until_then() -> None:
    document = opened(an_answer(a_part(tables=(a_table(rows=()), a_table(caption="Zweite")))))
    caption = next(one for one in document.paragraphs if one.style and one.style.name == "Caption")
    field = caption._p.find(qn("w:fldSimple"))
    assert field.get(qn("w:instr")) == "SEQ Tabelle \\* ARABIC"
    assert "".join(one.text for one in caption._p.iter(qn("w:t"))) == "Tabelle 2: Zweite"


def test_the_file_says_its_language_title_and_author() -> None:
    document = opened(an_answer())
    said = document.core_properties
    assert said.title == "Beratung per Video: Antwort auf die Anfrage AF0001/26, Musterstadt"
    assert (said.author, said.language) == ("Musterstadt", "de-DE")
    assert {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))} == {"de-DE"}


def test_the_head_says_who_asked_for_which_day_and_the_checksum() -> None:
    answer = an_answer()
    said = [one.text for one in opened(answer).paragraphs]
    assert "Gefragt hat: Ausschuss für Digitales" in said
    assert "Beantwortet für den: 15. Januar 2026" in said
    assert f"Prüfsumme (SHA-256) der JSON-Datei: {checksum(answer)}" in said


def test_pages_are_a4_and_numbered() -> None:
    section = opened(an_answer()).sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    fields = [one.get(qn("w:instr")) for one in section.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


@pytest.mark.parametrize(("columns", "sides"), [(3, 1), (13, 3)])
def test_a_wide_table_lies_on_its_side(columns: int, sides: int) -> None:
    headings = tuple(Heading(key=str(n), title=f"Gesprächsmonat {n}", type=Type.NUMBER) for n in range(columns))
    document = opened(an_answer(a_part(tables=(a_table(headings=headings, rows=rows(3, columns)),))))
    found = [section.orientation for section in document.sections]
    assert found == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT][:sides]
    widths = [cell.width for cell in document.tables[0].rows[0].cells]
    section = document.sections[-2 if sides > 1 else 0]
    room = section.page_width - section.left_margin - section.right_margin
    # Word counts in twentieths of a point.
    assert sum(widths) <= room + Pt(1)


def test_a_long_table_is_cut_and_says_by_how_much() -> None:
    document = opened(an_answer(a_part(tables=(a_table(rows=rows(10), most=4),))))
    assert len(document.tables[0].rows) == 5
    assert "6 weitere Zeilen stehen in der CSV-Datei." in [one.text for one in document.paragraphs]


def test_links_lead_into_the_directory() -> None:
    document = opened(an_answer())
    addresses = {one.target_ref for one in document.part.rels.values() if one.is_external}
    assert f"{BASE}/services/wohnsitz-abmelden" in addresses
    assert all(one.startswith(BASE) for one in addresses)


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_was_typed_stays_text(words: str) -> None:
    document = opened(an_answer(a_part(title=words, tables=(a_table(caption=words),)), title=words))
    assert styled(document, "Heading 1") == [legible(words)]


@settings(max_examples=25)
@given(st.text(max_size=60))
def test_any_text_makes_a_file(words: str) -> None:
    assert opened(an_answer(a_part(paragraphs=(words,), tables=(a_table(caption=words),)), title=words, city=words))


def test_the_same_answer_gives_the_same_bytes() -> None:
    content = docx(an_answer(), BASE)
    assert content == docx(an_answer(), BASE)
    with ZipFile(io.BytesIO(content)) as file:
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
