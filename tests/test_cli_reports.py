"""Answers to the council as an operator asks for them: byte for byte as published, or built anew."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from builders import a_channel, a_period, a_service, a_text
from click.testing import CliRunner, Result
from houses import SECRET, a_house

from servicedir.cli import main
from servicedir.directory import House
from servicedir.domain.inquiry import Block, BlockKind, Inquiry, Question
from servicedir.domain.workflow import SYSTEM

ROOT = Path(__file__).resolve().parents[1]
Run = Callable[..., Result]


def an_inquiry(slug: str, words: str = "Wir wollen mehr davon.", **fields: object) -> Inquiry:
    blocks = (Block(kind=BlockKind.SERVICES), Block(kind=BlockKind.TEXT, text=a_text(words)))
    defaults = {"title": a_text("Beratung per Video"), "questions": (Question(text=a_text("Was?"), blocks=blocks),)}
    return Inquiry(**{"slug": slug, **defaults, **fields})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[House]:
    """A house with a service that has been live since 2024, an answer that is published, and three that are not.

    No test here writes into it.
    """
    service = a_service(channels=(a_channel("video", a_period("live", "2024")),))
    house = a_house(folder / "var", service, base_url="https://stadt.example")
    with house.work(write=True) as directory:
        directory.answering.adopt([an_inquiry("beratung", reference="AF0001/26")], by=SYSTEM)
        for inquiry in (
            an_inquiry("entwurf", "Noch geheim."),
            an_inquiry("erste", reference="AF0002/26"),
            an_inquiry("zweite", reference="AF0002/26"),
        ):
            directory.answering.save(inquiry, based_on=None, by=SYSTEM)
    yield house
    house.close()


@pytest.fixture(scope="module")
def run(house: House, folder: Path) -> Run:
    """Runs the command on that house."""
    given = {"data": folder / "var", "secret": SECRET, "migrations": ROOT / "alembic"}
    given["base_url"] = "https://stadt.example"
    ini = folder / "city.ini"
    ini.write_text("[app:main]\n" + "".join(f"servicedir.{n} = {v}\n" for n, v in given.items()), "utf-8")
    clean = {name: None for name in os.environ if name.startswith("SERVICEDIR_")}
    return lambda *words: CliRunner().invoke(main, ["-c", str(ini), "report", *map(str, words)], env=clean)


def frozen(house: House, format: str, language: str = "de") -> bytes:
    with house.work() as directory:
        return directory.inquiries.file("beratung", 1, format, language)


@pytest.mark.parametrize("format", ["json", "html", "pdf", "docx", "csv"])
@pytest.mark.parametrize("wanted", ["beratung", "AF0001/26", "af0001/26"])
def test_a_published_answer_comes_byte_for_byte_as_it_was_frozen(
    house: House, run: Run, format: str, wanted: str
) -> None:
    result = run(wanted, "--format", format)
    assert result.exit_code == 0, result.output
    assert result.stdout_bytes == frozen(house, format)


def test_it_comes_in_the_language_that_is_asked_for(house: House, run: Run) -> None:
    assert run("beratung", "--format", "json", "--lang", "en").stdout_bytes == frozen(house, "json", "en")
    assert frozen(house, "json", "en") != frozen(house, "json", "de")


def test_the_ending_of_the_file_says_the_format(house: House, run: Run, tmp_path: Path) -> None:
    assert run("beratung", "-o", tmp_path / "antwort.pdf").exit_code == 0
    assert (tmp_path / "antwort.pdf").read_bytes() == frozen(house, "pdf")


def test_several_formats_are_files_beside_each_other(house: House, run: Run, tmp_path: Path) -> None:
    assert run("beratung", "--format", "pdf,csv", "-o", tmp_path / "af0001.26").exit_code == 0
    assert (tmp_path / "af0001.26.pdf").read_bytes() == frozen(house, "pdf")
    assert (tmp_path / "af0001.26.csv").read_bytes() == frozen(house, "csv")


def test_for_another_day_it_is_built_anew(run: Run) -> None:
    old = json.loads(run("beratung", "--format", "json", "--on", "2023-05-01").stdout)
    new = json.loads(run("beratung", "--format", "json").stdout)
    assert old["on"] == "2023-05-01"
    assert old["replies"] != new["replies"]


def test_what_was_not_published_is_built_as_a_draft_alone(run: Run) -> None:
    assert "Noch geheim." in run("entwurf", "--draft").stdout
    refused = run("entwurf")
    assert refused.exit_code == 1
    assert "not published yet: --draft builds it" in refused.output
    assert run("entwurf", "--on", "2024-01-01").exit_code == 1


def test_without_an_inquiry_all_are_listed(run: Run) -> None:
    assert run().stdout.splitlines() == [
        "beratung: AF0001/26: published",
        "entwurf: -: draft",
        "erste: AF0002/26: draft",
        "zweite: AF0002/26: draft",
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nirgends",), "there is no inquiry nirgends"),
        (("",), "there is no inquiry"),
        (("beratung", "--on", f"{date.today().year + 2}-01-01"), "on is in the future"),
        (("beratung", "--recorded", f"{date.today().year + 2}-01-01"), "recorded is in the future"),
        (("beratung", "--recorded", "1999-01-01T10:00:00Z"), "recorded is before anything was published"),
        (("beratung", "--lang", "fr"), "there is no language “fr”"),
        (("beratung", "--format", "pdf,csv"), "several formats are several files"),
        (("beratung", "-o", "/nowhere/at/all.pdf"), "/nowhere/at/all.pdf cannot be written"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    result = run(*words)
    assert result.exit_code == 1
    # What ends the program goes to standard error; click's runner for tests has it in its output.
    assert result.output.startswith("servicedir: ")
    assert result.output.count("\n") == 1
    assert sentence in result.output


@pytest.mark.parametrize("words", [("--format", "xlsx"), ("--on", "gestern"), ("--recorded", "gestern")])
def test_a_value_that_there_is_not_is_refused_by_its_option(run: Run, words: tuple[str, str]) -> None:
    result = run("beratung", *words)
    assert result.exit_code == 2
    assert words[1] in result.stderr


def test_two_inquiries_with_one_reference_are_told_apart_by_their_slugs(run: Run) -> None:
    result = run("AF0002/26")
    assert result.exit_code == 1
    assert "erste, zweite" in result.output
