"""Answers as HTML: everything that was typed stays text, and screen readers find their way."""

from __future__ import annotations

import re

import pytest
from answers import HOSTILE, a_part, a_table, an_answer, rows
from lxml import html as lxml_html

from servicedir.reports.answer import Cell, Row
from servicedir.reports.html import body, page

BASE = "https://verzeichnis.example"


def tree(fragment: str) -> lxml_html.HtmlElement:
    return lxml_html.fragment_fromstring(fragment, create_parent="main")


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_was_typed_stays_text(words: str) -> None:
    table = a_table(caption=words, rows=rows(1))
    answer = an_answer(
        a_part(title=words, paragraphs=(words,), tables=(table,), notes=(words,)), title=words, city=words
    )
    whole = lxml_html.document_fromstring(page(answer, BASE))
    assert not whole.xpath("//script|//img|//b")
    said = re.sub("[\0\x07\x1b\u202e]", "", words)
    assert whole.xpath("//h1")[0].text_content() == said
    assert whole.xpath("//caption")[0].text_content() == f"Tabelle 1: {said}"
    assert whole.xpath("//main//li")[0].text_content() == said


def test_headings_go_down_by_one_level_and_number_the_questions() -> None:
    found = [(one.tag, one.text_content()) for one in tree(body(an_answer(), BASE)).iter("h1", "h2", "h3", "h4")]
    assert found == [
        ("h2", "1. Was gibt es per Video?"),
        ("h3", "Nutzung"),
        ("h2", "2. Was ist das Ziel?"),
        ("h2", "Hinweise"),
    ]


def test_a_table_says_what_its_heads_are_of() -> None:
    main = tree(body(an_answer(), BASE))
    assert [one.text for one in main.xpath("//thead//th[@scope='col']")] == ["Leistung", "Seit", "Termine"]
    assert [one.text_content() for one in main.xpath("//tbody//th[@scope='row']")] == [
        "Wohnsitz abmelden",
        "Beratung für Familien",
    ]
    region = main.xpath("//*[@role='region']")[0]
    assert main.xpath(f"//caption[@id='{region.get('aria-labelledby')}']")


def test_a_column_of_numbers_is_marked_as_one_whether_or_not_there_is_a_number() -> None:
    found = tree(body(an_answer(), BASE)).xpath("//td[contains(@class, '--numeric')]")
    assert [one.text for one in found] == ["1.250", "nicht gezählt"]


def test_links_lead_into_the_directory_and_nowhere_else() -> None:
    bad = a_table(rows=(Row(key="x", cells=_paths("//evil.example/x", "javascript:alert(1)", "")),))
    main = tree(body(an_answer(a_part(), a_part(tables=(bad,), path="")), BASE))
    assert main.xpath("//a/@href") == [
        f"{BASE}/services/wohnsitz-abmelden",
        f"{BASE}/services/beratung",
        f"{BASE}/?video=live",
    ]


def _paths(*paths: str) -> tuple[Cell, ...]:
    return tuple(Cell(text="x", path=path) for path in paths)


def test_a_long_table_is_cut_and_says_by_how_much() -> None:
    main = tree(body(an_answer(a_part(tables=(a_table(rows=rows(10), most=4),))), BASE))
    assert len(main.xpath("//tbody/tr")) == 4
    assert "6 weitere Zeilen stehen in der CSV-Datei." in main.text_content()


def test_a_table_without_rows_is_a_sentence() -> None:
    main = tree(body(an_answer(a_part(tables=(a_table(rows=()),))), BASE))
    assert not main.xpath("//table")
    assert "Tabelle 1: Termine im Jahr 2023: Dazu gibt es keine Einträge." in main.text_content()


def test_the_document_says_its_language_and_stands_alone() -> None:
    whole = lxml_html.document_fromstring(page(an_answer(language="en"), BASE))
    assert whole.get("lang") == "en"
    assert whole.xpath("//title")[0].text == "Beratung per Video: Answer to the inquiry AF0001/26, Musterstadt"
    assert not whole.xpath("//link|//script|//@src|//@style")
    assert [one.text for one in whole.xpath("//h1")] == ["Beratung per Video"]
