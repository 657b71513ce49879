"""Addresses that name nothing, on PostgreSQL, which takes fewer characters than SQLite."""

from __future__ import annotations

import re
from pathlib import Path

from builders import a_service
from houses import a_house
from sites import Site


def test_no_address_with_a_nul_in_it_is_a_fault_of_the_server(fresh_postgresql: str, tmp_path: Path) -> None:
    a_house(tmp_path, a_service(), database_url=fresh_postgresql).close()
    site = Site(tmp_path, database_url=fresh_postgresql)
    asked = {re.sub(r"\{[^}]*\}|\*\w+", "%00", pattern) for pattern in site.routes.values()}
    answers = {path: site.ask(path).status_int for path in asked if "%00" in path}
    copying = site.signed_in("cora").get("/inquiries/add?copy=%00").status_int
    site.close()
    assert copying == 200
    assert "/inquiries/%00" in answers
    assert set(answers.values()) == {404}, answers
