"""The catalogue as one HSDS document: whole services, the same bytes for the same state, in constant memory."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from builders import a_catalogue, a_service
from standards import hsds_faults

from servicedir.domain.history import Published
from servicedir.exchange.extract import About, Extract
from servicedir.exchange.hsds import file, services
from servicedir.exchange.hsds.scope import Scope

ON = date(2026, 11, 27)
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
BASE = "https://stadt.example.org"
ABOUT = About(title="Dienste", publisher="Stadt", licence="", contact="", base=BASE, state="1")


def entries(count: int) -> Iterator[Published]:
    return (Published(service=a_service(f"dienst-{n:05}"), revision=1, updated=AT) for n in range(count))


def an_extract(count: int) -> Extract:
    slugs = frozenset(f"dienst-{n:05}" for n in range(count))
    return Extract(about=ABOUT, on=ON, catalogue=a_catalogue(), slugs=slugs, entries=entries(count))


def test_the_document_is_an_array_of_valid_whole_services(tmp_path: Path) -> None:
    file.store(an_extract(3), tmp_path / "hsds.json")
    found = json.loads((tmp_path / "hsds.json").read_text("utf-8"))
    scope = Scope(a_catalogue(), ON, base=BASE)
    assert found == [services.whole(entry, scope) for entry in entries(3)]
    assert [fault for service in found for fault in hsds_faults("service", service)] == []


def test_an_empty_catalogue_is_an_empty_array(tmp_path: Path) -> None:
    file.store(an_extract(0), tmp_path / "hsds.json")
    assert json.loads((tmp_path / "hsds.json").read_bytes()) == []


def test_the_same_state_makes_the_same_bytes() -> None:
    assert b"".join(file.pieces(an_extract(5))) == b"".join(file.pieces(an_extract(5)))


def test_no_more_than_a_service_is_held_at_a_time(tmp_path: Path) -> None:
    file.store(an_extract(50), tmp_path / "warm.json")
    tracemalloc.start()
    file.store(an_extract(200), tmp_path / "small.json")
    _now, few = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    file.store(an_extract(2000), tmp_path / "large.json")
    _now, many = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    written = (tmp_path / "large.json").stat().st_size
    assert many - few < written / 4
