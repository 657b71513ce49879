"""Export and import as an operator types them: what is printed, what is written, and that it is all or nothing."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from builders import a_service
from click.testing import CliRunner, Result
from houses import SECRET, a_house, publish, save, written
from standards import hsds_faults

from servicedir.cli import main
from servicedir.cli.sheets import FLAWS, HINDRANCES
from servicedir.directory import House
from servicedir.domain.sheet_plan import Obstacle
from servicedir.exchange.cells import Unfit
from servicedir.exchange.formats import FORMATS
from servicedir.exchange.hsds import services
from servicedir.exchange.open_formats import OPEN_FORMATS
from servicedir.exchange.table import Flaw
from servicedir.web.desk import sheet_words
from servicedir.web.desk.edit import RULES

ROOT = Path(__file__).resolve().parents[1]
Run = Callable[..., Result]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with three published entries."""
    house = a_house(
        tmp_path / "var",
        a_service(),
        a_service("reisepass", summary="Größe"),
        a_service("kita", offices=("jugendamt",)),
    )
    yield house
    house.close()


@pytest.fixture
def run(house: House, tmp_path: Path) -> Run:
    """Runs a command on that house."""
    given = {"data": str(tmp_path / "var"), "secret": SECRET, "migrations": str(ROOT / "alembic")}
    ini = tmp_path / "city.ini"
    ini.write_text("[app:main]\n" + "".join(f"servicedir.{n} = {v}\n" for n, v in given.items()), "utf-8")
    clean = {name: None for name in os.environ if name.startswith("SERVICEDIR_")}
    return lambda *words: CliRunner().invoke(main, ["-c", str(ini), *map(str, words)], env=clean)


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("name", [name for name in OPEN_FORMATS if name not in FORMATS])
def test_every_format_of_open_data_but_sheets_which_come_back_is_written_as_everybody_gets_it(
    run: Run, house: House, tmp_path: Path, name: str
) -> None:
    result = run("export", name, "-o", tmp_path / "out", "--on", "2024-06-15")
    assert result.exit_code == 0, result.output
    found = house.open_data.open(name, date(2024, 6, 15))
    with found.file:
        assert (tmp_path / "out").read_bytes() == found.file.read()
    assert run("export", name, "--on", "2024-06-15").stdout_bytes == (tmp_path / "out").read_bytes()


def test_only_a_sheet_keeps_what_leads_to_what_is_not_public(run: Run, house: House, tmp_path: Path) -> None:
    """It may be read in again, and what it would leave out would be deleted."""
    save(house, a_service("geheim"))
    publish(house, a_service("pass", related=("geheim",)))
    for name in ("csv", "json", "ttl"):
        assert run("export", name, "-o", tmp_path / name).exit_code == 0
    assert "geheim" in (tmp_path / "csv").read_text("utf-8-sig")
    for name in ("json", "ttl"):
        assert "geheim" not in (tmp_path / name).read_text("utf-8")
    result = run("import", "--format", "csv", tmp_path / "csv")
    assert "4 same" in result.output


def exported(run: Run, file: Path) -> list[dict[str, str]]:
    result = run("export", "csv", "-o", file)
    assert result.exit_code == 0, result.output
    return rows_of(file.read_bytes())


def write(file: Path, rows: list[dict[str, str]]) -> Path:
    with file.open("w", newline="", encoding="utf-8-sig") as opened:
        writer = csv.DictWriter(opened, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return file


def test_an_export_goes_into_a_file_or_to_standard_output(run: Run, tmp_path: Path) -> None:
    rows = exported(run, tmp_path / "all.csv")
    assert [row["slug"] for row in rows] == ["kita", "personalausweis", "reisepass"]
    assert rows_of(run("export", "csv").stdout_bytes) == rows
    assert run("export", "xlsx").stdout_bytes.startswith(b"PK")


def test_stages_are_those_of_the_day_that_was_asked_for(run: Run) -> None:
    (row, *_others) = rows_of(run("export", "csv", "--on", "2020-01-01").stdout_bytes)
    assert (row["on"], row["video_stage"]) == ("2020-01-01", "unknown")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_comes_back_as_it_went_out_writes_nothing(run: Run, house: House, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"all.{form}"
    assert run("export", form, "-o", file).exit_code == 0
    before = written(house)
    result = run("import", file)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[:3] == ["kita: same", "personalausweis: same", "reisepass: same"]
    assert written(house) == before


def test_one_cell_is_one_line_and_one_published_revision(run: Run, house: House, tmp_path: Path) -> None:
    rows = exported(run, tmp_path / "all.csv")
    rows[2]["summary"] += " und Länge"
    rows[2]["costs"] = "60 Euro"
    rows.append(dict.fromkeys(rows[0], "") | {"slug": "neu", "title": "Neu", "nature": "Beratung", "office": "kein"})
    rows[3]["office"] = "jugendamt"
    file = write(tmp_path / "all.csv", rows)
    before = written(house)
    dry = run("import", file, "--dry-run")
    assert dry.exit_code == 0
    assert "reisepass: changed: summary, costs" in dry.stdout.splitlines()
    assert "neu: new" in dry.stdout.splitlines()
    assert written(house) == before
    done = run("import", file)
    assert done.stdout == dry.stdout
    house.catch_up()
    with house.work() as directory:
        published = directory.service("reisepass")
        assert (published.revision, published.service.summary.get("de")) == (2, "Größe und Länge")
        assert directory.service("neu").revision == 1
    assert "same" in run("import", file).stdout


def test_one_bad_row_keeps_all_from_being_written(run: Run, house: House, tmp_path: Path) -> None:
    rows = exported(run, tmp_path / "all.csv")
    rows[0]["summary"] = "Neu"
    rows[2]["slug"] = "Not A Slug!!"
    before = written(house)
    result = run("import", write(tmp_path / "all.csv", rows))
    assert result.exit_code == 1
    assert "row 4 (Not A Slug!!): refused: slug: " in result.stdout
    assert written(house) == before


def test_a_draft_is_not_written_over(run: Run, house: House, tmp_path: Path) -> None:
    rows = exported(run, tmp_path / "all.csv")
    save(house, a_service(summary="Entwurf"), based_on=1)
    rows[1]["costs"] = "37 Euro"
    result = run("import", write(tmp_path / "all.csv", rows))
    assert result.exit_code == 1
    assert "row 3 (personalausweis): refused: slug: there is a draft" in result.stdout


def test_an_office_takes_only_its_own_rows(run: Run, tmp_path: Path) -> None:
    rows = exported(run, tmp_path / "all.csv")
    result = run("import", tmp_path / "all.csv", "--office", "jugendamt")
    assert result.exit_code == 1
    assert result.stdout.count("belongs to another office") == 2
    assert run("import", write(tmp_path / "own.csv", rows[:1]), "--office", "jugendamt").exit_code == 0
    assert "no office" in run("import", tmp_path / "own.csv", "--office", "weg").output


def test_unknown_columns_are_named_beside_the_result(run: Run, tmp_path: Path) -> None:
    rows = [row | {"Farbe": "rot"} for row in exported(run, tmp_path / "all.csv")]
    result = run("import", write(tmp_path / "all.csv", rows))
    assert result.exit_code == 0
    assert result.stderr == "unknown column: Farbe\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"title\nX\n", "no column"),
        ("a.csv", b"slug;slug\n", "“slug” is there twice"),
        ("a.xlsx", b"no workbook", "no workbook"),
        ("a.pdf", b"", "ends as no format"),
        ("a.toml", b"[[wish]]\n", "is none of"),
    ],
)
def test_a_file_that_cannot_be_taken_is_one_line(
    run: Run, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = run("import", tmp_path / name)
    assert result.exit_code == 1
    assert said in result.output
    assert result.output.count("\n") == 1


def test_the_format_can_be_said_where_the_name_does_not(run: Run, tmp_path: Path) -> None:
    exported(run, tmp_path / "all.txt")
    assert run("import", tmp_path / "all.txt", "--format", "csv").exit_code == 0


SERVICE = '[[service]]\nslug = "neu"\ntitle = "Neu"\nnature = "advisory"\noffices = ["buergeramt"]\n'


def test_a_catalogue_file_is_taken_as_a_whole_or_not_at_all(run: Run, house: House, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.toml"
    file.write_text(SERVICE + 'related = ["weg"]\n[[topic]]\nslug = "t"\nname = "T"\n', "utf-8")
    before = written(house)
    result = run("import", file)
    assert result.exit_code == 1
    assert "neu: refused: related.weg: unknown_related" in result.stdout
    assert written(house) == before
    file.write_text(SERVICE, "utf-8")
    assert run("import", file, "--dry-run").stdout == "neu: new\n"
    assert written(house) == before
    assert run("import", file).exit_code == 0
    assert run("import", file).stdout == "neu: same\n"


def test_everything_that_can_be_wrong_has_a_sentence_in_both_languages() -> None:
    codes = {*Unfit, *Obstacle, *RULES}
    assert codes <= HINDRANCES.keys()
    assert codes <= sheet_words.HINDRANCES.keys()
    assert set(Flaw) == FLAWS.keys() == sheet_words.FLAWS.keys()


def test_no_sentence_asks_for_a_value_that_it_does_not_get() -> None:
    for sentence in HINDRANCES.values():
        assert "{" not in sentence.format(value="x")
    for sentence in FLAWS.values():
        assert "{" not in sentence.format(row=1, first=1, slug="x", column="x", limit=1)


def test_everything_goes_out_as_hsds_and_no_draft(run: Run, house: House, tmp_path: Path) -> None:
    save(house, a_service("geheim", title="Geheim"))
    file = tmp_path / "hsds.json"
    assert run("export", "hsds", "-o", file).exit_code == 0
    found = json.loads(file.read_bytes())
    assert [one["name"] for one in found] == ["Kita", "Personalausweis", "Reisepass"]
    assert [fault for one in found for fault in hsds_faults("service", one)] == []
    again = run("export", "hsds", "--on", house.today().isoformat()).stdout_bytes
    assert again == file.read_bytes()
    with house.work() as directory:
        scope = directory.hsds.scope("de", house.settings.origin)
        assert found[1] == services.whole(directory.service("personalausweis"), scope)
