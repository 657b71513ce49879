"""The table of formats: what it writes and says that it reads, it reads."""

from __future__ import annotations

from datetime import date

import pytest
from builders import a_service

from servicedir.exchange.formats import FORMATS
from servicedir.exchange.sheet import to_row

ON = date(2026, 11, 24)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_reads_what_it_writes(name: str) -> None:
    form = FORMATS[name]
    entries = [a_service("a", title="Ämter"), a_service("b")]
    assert form.extension.startswith(".")
    assert "/" in form.media_type
    if form.read:
        rows = form.read(form.write(iter(entries), ON)).rows
        assert [row for _, row in rows] == [to_row(entry, ON) for entry in entries]
