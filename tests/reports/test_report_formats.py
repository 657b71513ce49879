"""The files of an answer: all of them, in each language, always the same bytes."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from answers import a_part, a_table, an_answer, rows

from servicedir.reports.answer import checksum, from_plain
from servicedir.reports.formats import FORMATS, files

BASE = "https://verzeichnis.example"
SIGNATURES = {"json": b"{", "html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "docx": b"PK", "csv": b"\xef\xbb\xbf"}


def test_an_answer_is_frozen_as_every_format_a_body_and_a_sheet_for_each_table() -> None:
    answers = [an_answer(a_part(), a_part()), an_answer(a_part(), a_part(), language="en")]
    found = files(answers, BASE)
    names = [*FORMATS, "body", "table-1", "table-2"]
    assert [(name, language) for name, language, _content in found] == [
        (name, language) for language in ("de", "en") for name in names
    ]
    assert all(content for _name, _language, content in found)


def test_the_formats_are_what_they_say() -> None:
    assert set(FORMATS) == set(SIGNATURES)
    for name, format in FORMATS.items():
        assert format.render(an_answer(), BASE).startswith(SIGNATURES[name])


@pytest.mark.parametrize("base", [BASE, ""])
def test_all_files_of_the_same_answer_are_the_same_bytes(base: str) -> None:
    assert files([an_answer()], base) == files([an_answer()], base)


def test_the_checksum_is_that_of_the_json_file_which_says_the_whole_answer() -> None:
    answer = an_answer(a_part(tables=(a_table(rows=rows(500), most=10),)))
    content = FORMATS["json"].render(answer, BASE)
    assert sha256(content).hexdigest() == checksum(answer)
    assert from_plain(json.loads(content)) == answer
