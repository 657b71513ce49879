"""Answers on paper: PDF/UA as far as its structure shows, nothing cut, nothing that was typed run as typst."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from answers import HOSTILE, a_part, a_table, an_answer, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from servicedir.reports.answer import Answer, Cell, Heading, Row, Type, checksum
from servicedir.reports.paper import pdf

BASE = "https://verzeichnis.example"

pytestmark = pytest.mark.usefixtures("pdftotext")


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def tags(content: bytes) -> list[str]:
    """The tags of the structure tree in reading order; what the file names otherwise is mapped to what PDF knows."""
    file = opened(content)
    root = file.Root.StructTreeRoot
    names = {str(key): str(value) for key, value in root.get("/RoleMap", {}).items()}
    found = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append(names.get(str(node.S), str(node.S)).removeprefix("/"))
            if "/K" in node:
                walk(node.K)

    walk(root.K)
    return found


def text(content: bytes) -> str:
    """What a reader copies from it, words divided by single blanks, hyphens at the ends of lines taken out."""
    made = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(re.sub("\N{SOFT HYPHEN}\n|-\n", "", made.stdout.decode()).split())


# What PDF/UA-1 asks for, as far as it can be seen from outside; typst refuses to make a file that it finds at fault.


def test_the_file_says_that_it_is_tagged_in_which_language_and_what_it_is_called() -> None:
    file = opened(pdf(an_answer(), BASE))
    assert file.Root.MarkInfo.Marked
    assert str(file.Root.Lang) == "de-DE"
    assert file.Root.ViewerPreferences.DisplayDocTitle
    with file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Beratung per Video: Antwort auf die Anfrage AF0001/26, Musterstadt"
        assert list(metadata["dc:creator"]) == ["Musterstadt"]
        assert metadata["xmp:CreateDate"].startswith("2026-01-15")


def test_nothing_in_the_file_is_broken() -> None:
    assert opened(pdf(an_answer(), BASE)).check_pdf_syntax() == []


def test_english_papers_say_that_they_are() -> None:
    content = pdf(an_answer(language="en"), BASE)
    assert str(opened(content).Root.Lang) == "en-GB"
    assert "Answer to the inquiry AF0001/26" in text(content)


def test_headings_and_tables_have_their_tags() -> None:
    found = tags(pdf(an_answer(), BASE))
    assert [tag for tag in found if re.fullmatch(r"H\d?", tag)] == ["H1", *("H2", "H3"), "H2", "H2", *("H3",) * 4]
    assert found.count("Table") == found.count("Caption") == found.count("THead") == 1
    assert (found.count("TH"), found.count("TD"), found.count("TR")) == (3, 6, 3)
    assert "TOC" in found


def test_the_reading_order_and_the_order_of_tabs_are_those_of_the_tags() -> None:
    for page in opened(pdf(an_answer(a_part(tables=(a_table(rows=rows(150)),))), BASE)).pages:
        assert str(page.get("/Tabs", "/S")) == "/S"
        if "/Annots" in page:
            assert str(page.Tabs) == "/S"


def test_what_is_on_a_page_is_tagged_or_said_to_be_decoration() -> None:
    for page in opened(pdf(an_answer(a_part(tables=(a_table(rows=rows(150)),))), BASE)).pages:
        around: list[bool] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "BDC" | "BMC":
                    around.append(str(operands[0]) == "/Artifact" or "/MCID" in operands[1])
                case "EMC":
                    around.pop()
                case "Tj" | "TJ" | "f" | "f*" | "S" | "Do":
                    assert any(around), f"{operator} outside of all tags"


def test_every_link_says_where_it_leads() -> None:
    file = opened(pdf(an_answer(), BASE))
    links = [link for page in file.pages for link in page.get("/Annots", [])]
    addresses = [str(link.A.URI) for link in links if "/A" in link and "/URI" in link.A]
    assert f"{BASE}/services/wohnsitz-abmelden" in addresses
    assert all("/Contents" in link for link in links)


# What it says


def test_the_head_says_who_asked_for_which_day_and_from_what_was_known() -> None:
    answer = an_answer()
    said = text(pdf(answer, BASE))
    for words in (
        "Musterstadt Antwort auf die Anfrage AF0001/26",
        "Gefragt hat: Ausschuss für Digitales",
        "Eingegangen am: 5. Januar 2026",
        "Beantwortet für den: 15. Januar 2026",
        "Stand der Kenntnis: 15. Januar 2026, 10:30 Uhr",
        checksum(answer),
        "1. Was gibt es per Video?",
        "Tabelle 1: Termine im Jahr 2023",
        "nicht gezählt",
        "Seite 1 von 2",
        "Verzeichnis der Tabellen",
    ):
        assert words in said


def test_without_any_table_there_is_no_list_of_them() -> None:
    assert "Verzeichnis der Tabellen" not in text(pdf(an_answer(a_part(tables=())), BASE))


def test_a_long_table_has_its_heads_on_every_page_and_says_what_is_left_out() -> None:
    content = pdf(an_answer(a_part(tables=(a_table(rows=rows(120), most=100),))), BASE)
    said = text(content)
    assert said.count("Termine") >= len(opened(content).pages) - 1
    assert "Leistung 100 " in said
    assert "Leistung 101 " not in said
    assert "20 weitere Zeilen stehen in der CSV-Datei." in said


def test_tables_are_counted_as_everywhere_also_where_one_has_no_rows() -> None:
    said = text(pdf(an_answer(a_part(tables=(a_table(rows=()), a_table(caption="Zweite")))), BASE))
    assert "Tabelle 1: Termine im Jahr 2023: Dazu gibt es keine Einträge." in said
    assert "Tabelle 2: Zweite" in said


@pytest.mark.parametrize("columns", [2, 6, 9, 13, 20])
def test_nothing_of_a_wide_table_is_cut(columns: int) -> None:
    headings = tuple(Heading(key=str(n), title=f"Gesprächsmonat {n}", type=Type.NUMBER) for n in range(columns))
    table = a_table(headings=headings, rows=rows(3, columns))
    assert _beyond(pdf(an_answer(a_part(tables=(table,))), BASE)) == []


def test_nothing_of_a_long_word_is_cut() -> None:
    long = "Donaudampfschifffahrtsgesellschaft" * 12
    row = Row(key="x", cells=(Cell(text=long), Cell(text="x" * 200), Cell(text="1", number=1)))
    answer = an_answer(a_part(title=long, paragraphs=(long,), tables=(a_table(rows=(row,), caption=long),)), title=long)
    assert _beyond(pdf(answer, BASE)) == []


def _beyond(content: bytes) -> list[str]:
    """The words that stand beyond the margins, by the boxes that pdftotext draws around words."""
    made = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True)
    found, width = [], 0.0
    for line in made.stdout.decode().splitlines():
        if page := re.search(r'<page width="([\d.]+)"', line):
            width = float(page[1])
        box = re.search(r'xMin="([-\d.]+)".*xMax="([-\d.]+)".*>(.*)</word>', line)
        if box and not (float(box[1]) > 50 and float(box[2]) < width - 50):
            found.append(box[3])
    return found


# What was typed is never typst


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_was_typed_stays_text(words: str) -> None:
    table = a_table(caption=words, rows=(Row(key="x", cells=(Cell(text=words),) * 3),))
    part = a_part(title=words, paragraphs=(words,), tables=(table,), notes=(words,))
    answer = an_answer(part, title=words, city=words, reference=words, asked_by=words, notes=(words,))
    content = pdf(answer, BASE)
    assert _squeezed(words) in _squeezed(text(content))


def _squeezed(words: str) -> str:
    """Letters and signs alone, of those that a page shows in the order in which they were typed."""
    return "".join(c for c in words if "!" <= c <= "~" or c in "äöüß„“‚‘–—…→§€≥½‰") if words[0] < "\u0590" else ""


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_text_makes_a_paper(words: str) -> None:
    answer = an_answer(a_part(paragraphs=(words,), tables=(a_table(caption=words),)), title=words)
    assert pdf(answer, BASE).startswith(b"%PDF")


def test_a_character_without_a_sign_is_told_by_its_number() -> None:
    assert "[U+1F469]" in text(pdf(an_answer(a_part(paragraphs=("👩",))), BASE))


# The same bytes


def test_the_same_answer_gives_the_same_bytes() -> None:
    assert pdf(an_answer(), BASE) == pdf(an_answer(), BASE)


def test_an_answer_of_another_moment_gives_others() -> None:
    answer: Answer = an_answer()
    assert pdf(answer, BASE) != pdf(replace(answer, recorded=answer.recorded + timedelta(days=1)), BASE)


def test_its_typeface_is_the_one_that_comes_with_the_program() -> None:
    file = opened(pdf(an_answer(), BASE))
    fonts = [font for page in file.pages for font in page.Resources.Font.values()]
    assert {str(font.BaseFont).split("+")[-1].split("-")[0] for font in fonts} == {"LibertinusSerif"}
