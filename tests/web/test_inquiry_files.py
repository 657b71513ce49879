"""Files of answers: byte for byte as frozen, for ever at their addresses, with names, types and proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from answered import ANSWERED, answer, approve
from builders import a_service
from houses import publish, save
from sites import Site

from servicedir.domain.service import Stage
from servicedir.domain.text import Text
from servicedir.reports.formats import FORMATS

SLUG = "af0147-24"
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
    "json": "application/json",
    "html": "text/html",
}


def addresses(edition: int = 1) -> Iterator[str]:
    """Where the files of an answer are that has one table."""
    for language in ("", "?lang=en"):
        yield from (f"/inquiries/{SLUG}/{edition}.{ending}{language}" for ending in FORMATS)
        yield f"/inquiries/{SLUG}/{edition}/tables/1.csv{language}"


@pytest.mark.parametrize("ending", FORMATS)
def test_each_file_has_its_type_and_a_name_to_keep_it_under(quiet: Site, ending: str) -> None:
    for address in (f"/inquiries/{SLUG}.{ending}", f"/inquiries/{SLUG}/1.{ending}"):
        file = quiet.get(address)
        assert file.content_type == TYPES[ending]
        how = "inline" if ending == "json" else "attachment"
        assert file.headers["Content-Disposition"] == f'{how}; filename="antwort-{SLUG}-1.{ending}"'
        assert file.headers["Access-Control-Allow-Origin"] == "*"
        english = quiet.get(f"{address}?lang=en").headers["Content-Disposition"]
        assert english == f'{how}; filename="answer-{SLUG}-1.{ending}"'


def test_a_table_is_a_file_of_its_own(quiet: Site) -> None:
    file = quiet.get(f"/inquiries/{SLUG}/1/tables/1.csv")
    assert file.headers["Content-Disposition"] == f'attachment; filename="antwort-{SLUG}-1-tabelle-1.csv"'
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "Wohnsitz abmelden" in file.text
    assert "Deregister" in quiet.get(f"/inquiries/{SLUG}/1/tables/1.csv?lang=en").text
    for number in ("3", "0", "01", "x", "1.csv"):
        quiet.get(f"/inquiries/{SLUG}/1/tables/{number}.csv", status=404)


@pytest.mark.parametrize("path", ["1.body", "1.xlsx", "1.table-1", "2.json", "01.json", "0.json", "x.json", "1.JSON"])
def test_what_is_no_file_of_an_answer_is_not_there(quiet: Site, path: str) -> None:
    quiet.get(f"/inquiries/{SLUG}/{path}", status=404)


def test_what_stands_for_ever_is_kept_for_ever_and_the_latest_is_asked_for_each_time(quiet: Site) -> None:
    for address in addresses():
        kept = quiet.get(address)
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        quiet.get(address, headers={"If-None-Match": kept.headers["ETag"]}, status=304)
        head = quiet.visitor().head(address)
        assert (head.body, head.headers["ETag"]) == (b"", kept.headers["ETag"])
        assert head.headers["Content-Length"] == str(len(kept.body))
    assert quiet.get(f"/inquiries/{SLUG}.json").headers["Cache-Control"] == "public, no-cache"


def test_the_checksum_is_that_of_the_json_file(quiet: Site) -> None:
    with quiet.house.work() as directory:
        checksum = directory.inquiries.approved(SLUG).checksum
    file = quiet.get(f"/inquiries/{SLUG}/1.json")
    assert sha256(file.body).hexdigest() == checksum
    assert file.headers["ETag"] == f'"{checksum[:32]}"'
    assert checksum in quiet.get(f"/inquiries/{SLUG}").text
    english = sha256(quiet.get(f"/inquiries/{SLUG}/1.json?lang=en").body).hexdigest()
    assert english != checksum
    assert english in quiet.get(f"/inquiries/{SLUG}?lang=en").text


def test_whatever_happens_to_the_catalogue_files_stay_as_they_are_byte_for_byte(town: Site, tmp_path: Path) -> None:
    def read(site: Site) -> dict[str, bytes]:
        return {address: site.get(address).body for address in addresses()}

    before, body = read(town), frozen_body(town)
    publish(town.house, a_service("neues"))
    with town.house.work() as directory:
        old = directory.service("wohnsitz-abmelden")
    first = old.service.channels[0].periods[-1]
    periods = (*old.service.channels[0].periods[:-1], replace(first, stage=Stage.LIVE))
    channel = replace(old.service.channels[0], periods=periods)
    renamed = replace(old.service, title=Text.of("Anders genannt"), channels=(channel, *old.service.channels[1:]))
    save(town.house, renamed, "publish", based_on=old.revision)
    save(town.house, replace(renamed, title=Text.of("Weg")), "retire", based_on=old.revision + 1)
    answer(town.house, replace(ANSWERED, title=Text.of("Noch einmal")), based_on=1)
    assert read(town) == before
    assert frozen_body(town) == body
    again = Site(town.house.settings.data)
    assert read(again) == before
    assert frozen_body(again) == body
    again.close()
    assert town.get(f"/inquiries/{SLUG}.json").body == town.get(f"/inquiries/{SLUG}/2.json").body != before


def frozen_body(site: Site) -> str:
    """What the permanent page shows between what the directory says around it."""
    with site.house.work() as directory:
        frozen = directory.inquiries.file(SLUG, 1, "body", "de").decode()
    page: str = site.get(f"/inquiries/{SLUG}/1").body.decode()
    assert frozen in page
    return frozen


def test_who_answers_inquiries_reads_what_is_not_published_yet_and_no_browser_keeps_it(town: Site) -> None:
    approve(town.house, replace(ANSWERED, title=Text.of("Noch nicht")), based_on=1)
    for address in addresses(2):
        for visitor in (town.visitor(), town.signed_in("anna"), town.signed_in("nora")):
            visitor.get(address, status=404)
        file = town.signed_in("cora").get(address)
        assert file.headers["Cache-Control"] == "private, no-store"
        assert "Access-Control-Allow-Origin" not in file.headers
        town.get(address, status=404)
    # The latest one is for everybody the latest published one.
    assert town.signed_in("cora").get(f"/inquiries/{SLUG}.json").body == town.get(f"/inquiries/{SLUG}/1.json").body
