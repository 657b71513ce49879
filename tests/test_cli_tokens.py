"""Tokens by command: printed once, listed without their secrets, revoked."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import an_office
from click.testing import CliRunner
from houses import publish, rows
from test_cli import Run, house_in, is_one_line, migrated, run, write_ini

from servicedir.cli import main

__all__ = ["migrated", "run"]


@pytest.fixture
def ready(migrated: Run, tmp_path: Path) -> Run:
    """Commands on a database in which there is an office."""
    house = house_in(tmp_path)
    publish(house, an_office("buergeramt"))
    house.close()
    return migrated


def test_a_new_token_stands_alone_on_standard_output(ready: Run, tmp_path: Path) -> None:
    result = ready("token", "add", "Terminsystem", "--purpose", "figures", "--office", "buergeramt")
    assert result.exit_code == 0
    (secret,) = result.stdout.splitlines()
    assert secret.startswith("sd_")
    assert "Terminsystem" in result.stderr
    assert secret not in result.stderr
    house = house_in(tmp_path)
    with house.work() as directory:
        found = directory.tokens.find(secret)
    house.close()
    assert found is not None
    assert (found.name, found.purposes, found.offices) == ("Terminsystem", ("figures",), ("buergeramt",))


def test_the_list_has_a_line_for_each_and_no_secret(ready: Run) -> None:
    secret = ready("token", "add", "Eins", "--purpose", "drafts", "--purpose", "workflow").stdout.strip()
    ready("token", "add", "Zwei", "--purpose", "figures", "--office", "buergeramt", "--until", "2099-12-31")
    result = ready("token", "list")
    assert result.output.splitlines() == [
        "2\tgood\tfigures\tbuergeramt\t2099-12-31\t-\tZwei",
        "1\tgood\tdrafts,workflow\t*\t-\t-\tEins",
    ]
    assert secret not in result.output


def test_a_token_is_revoked_once(ready: Run) -> None:
    ready("token", "add", "Eins", "--purpose", "drafts")
    result = ready("token", "revoke", "1")
    assert (result.exit_code, result.output) == (0, "The token 1, Eins, is revoked.\n")
    assert ready("token", "list").output.startswith("1\trevoked\t")
    assert is_one_line(ready("token", "revoke", "1"), "no token 1")
    assert is_one_line(ready("token", "revoke", "7"), "no token 7")


def test_what_is_wrong_is_said_in_a_line_and_nothing_is_made(ready: Run, tmp_path: Path) -> None:
    purpose = ("--purpose", "drafts")
    assert is_one_line(ready("token", "add", "Eins", *purpose, "--office", "nirgends"), "no such office: nirgends")
    assert is_one_line(ready("token", "add", "Eins", *purpose, "--until", "2020-01-01"), "over")
    assert is_one_line(ready("token", "add", " ", *purpose), "name")
    assert ready("token", "add", "Eins").exit_code == 2
    assert ready("token", "add", "Eins", "--purpose", "everything").exit_code == 2
    house = house_in(tmp_path)
    assert rows(house, "tokens") == 0
    house.close()
    ready("token", "add", "Eins", *purpose)
    assert is_one_line(ready("token", "add", "Eins", *purpose), "had this name")


def test_each_command_says_what_it_does(tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["-c", str(write_ini(tmp_path)), "token", "--help"]).output
    assert all(command in said for command in ("add", "list", "revoke"))
