"""The command line: each command as an operator types it, twice, wrongly, and on a catalogue somebody tampered with."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import a_service
from click.testing import CliRunner, Result
from houses import PASSWORD, SECRET, publish, settings_in
from pyotp import TOTP, random_base32

from servicedir.cli import main
from servicedir.cli.content import DEMO_ACCOUNTS
from servicedir.directory import House

ROOT = Path(__file__).resolve().parents[1]

Run = Callable[..., Result]


def write_ini(folder: Path, **values: str) -> Path:
    given = {"data": str(folder / "var"), "secret": SECRET, "migrations": str(ROOT / "alembic")} | values
    ini = folder / "city.ini"
    ini.write_text("[app:main]\n" + "".join(f"servicedir.{n} = {v}\n" for n, v in given.items() if v), "utf-8")
    return ini


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command with an ini in the test's folder: `run("user", "list")`; `typed` is stdin."""
    ini = write_ini(tmp_path)
    clean = {name: None for name in os.environ if name.startswith("SERVICEDIR_")}

    def run(*words: str, typed: str = "", ini: Path = ini) -> Result:
        return CliRunner().invoke(main, ["-c", str(ini), *words], input=typed, env=clean)

    return run


@pytest.fixture
def migrated(run: Run) -> Run:
    """The same, with tables."""
    assert run("migrate").exit_code == 0
    return run


def dump(folder: Path) -> list[str]:
    """Everything in the database, as SQL."""
    with sqlite3.connect(folder / "var" / "servicedir.sqlite") as connection:
        lines = list(connection.iterdump())
    connection.close()
    return lines


def house_in(folder: Path) -> House:
    return House(settings_in(folder / "var"))


def is_one_line(result: Result, *named: str) -> bool:
    """Whether a command failed with one line in which these words are."""
    return (
        result.exit_code not in (0, None)
        and result.output.count("\n") == 1
        and result.output.startswith("servicedir: ")
        and all(word in result.output for word in named)
    )


# Schema, sample, index


def test_migrating_twice_changes_nothing(run: Run, tmp_path: Path) -> None:
    assert run("migrate").exit_code == 0
    before = dump(tmp_path)
    again = run("migrate")
    assert again.exit_code == 0
    assert dump(tmp_path) == before
    house = house_in(tmp_path)
    assert house.ready() == ""
    house.close()


def test_the_sample_fills_an_empty_catalogue_and_a_second_run_changes_nothing(migrated: Run, tmp_path: Path) -> None:
    first = migrated("sample")
    assert first.exit_code == 0, first.output
    before = dump(tmp_path)
    second = migrated("sample")
    assert second.exit_code == 0
    assert "nothing" in second.output
    assert dump(tmp_path) == before
    checked = migrated("reindex", "--check")
    assert checked.exit_code == 0, checked.output
    house = house_in(tmp_path)
    with house.work() as directory:
        assert len(directory.titles()) >= 140
        assert directory.people.accounts() == []
    house.close()


def test_the_sample_leaves_a_catalogue_alone_in_which_somebody_wrote(migrated: Run, tmp_path: Path) -> None:
    house = house_in(tmp_path)
    publish(house, *_nouns(), a_service())
    house.close()
    before = dump(tmp_path)
    assert migrated("sample").exit_code == 0
    assert dump(tmp_path) == before


def _nouns() -> tuple[object, ...]:
    from houses import NOUNS

    return NOUNS


def test_demo_accounts_come_with_the_sample_only_where_the_ini_says_so(tmp_path: Path, run: Run) -> None:
    ini = write_ini(tmp_path, demo_accounts="true")
    for _twice in range(2):
        run("migrate", ini=ini)
        assert run("sample", ini=ini).exit_code == 0
        assert {line.split("\t")[0] for line in run("user", "list").output.splitlines()} == set(DEMO_ACCOUNTS)


def test_the_check_tells_each_difference_and_exits_with_1(migrated: Run, tmp_path: Path) -> None:
    house = house_in(tmp_path)
    publish(house, *_nouns(), a_service("hund"), a_service("katze"), a_service("maus"))
    assert migrated("reindex", "--check").exit_code == 0
    with house.work() as directory:
        last = directory.revisions.last_change()
        cat = directory.service("katze")
    from dataclasses import replace

    house.index.update([replace(cat, revision=9), replace(cat, service=a_service("geist"))], ["hund"], last + 1)
    house.close()
    checked = migrated("reindex", "--check")
    assert checked.exit_code == 1
    lines = checked.output.splitlines()
    assert sorted(line.split(":")[0] for line in lines) == ["geist", "hund", "katze"]
    again = migrated("reindex", "--check")
    assert again.output == checked.output
    mended = migrated("reindex")
    assert mended.exit_code == 0
    assert "3" in mended.output
    assert migrated("reindex", "--check").exit_code == 0


# Accounts


def accounts(run: Run) -> dict[str, list[str]]:
    """Login -> state, roles, name, as `user list` prints them."""
    result = run("user", "list")
    assert result.exit_code == 0
    return {login: rest for login, *rest in (line.split("\t") for line in result.output.splitlines())}


def may_sign_in(folder: Path, login: str, password: str) -> bool:
    house = house_in(folder)
    with house.work(write=True) as directory:
        found = directory.people.verify(login, password)
    house.close()
    return found is not None


def test_an_account_is_made_with_a_password_from_stdin(migrated: Run, tmp_path: Path) -> None:
    made = migrated("user", "add", "Anna", "--name", "Anna Amt", "--email", "a@example.org", typed=PASSWORD + "\n")
    assert made.exit_code == 0, made.output
    assert PASSWORD not in made.output
    assert accounts(migrated) == {"anna": ["active", "no role", "Anna Amt"]}
    assert may_sign_in(tmp_path, "anna", PASSWORD)
    assert not may_sign_in(tmp_path, "anna", PASSWORD + " ")
    assert not any(PASSWORD in line for line in dump(tmp_path))


@pytest.mark.parametrize("password", ["", "kurz", "passwort1234", "anna-anna-anna", "x" * 300])
def test_a_weak_password_makes_no_account(migrated: Run, password: str) -> None:
    refused = migrated("user", "add", "anna", typed=password + "\n")
    assert is_one_line(refused)
    assert accounts(migrated) == {}


def test_a_login_is_given_once(migrated: Run) -> None:
    assert migrated("user", "add", "anna", typed=PASSWORD).exit_code == 0
    assert is_one_line(migrated("user", "add", "ANNA", typed=PASSWORD))
    assert is_one_line(migrated("user", "add", "an na", typed=PASSWORD))


def test_a_password_is_never_an_argument(migrated: Run) -> None:
    for words in (("add", "anna", PASSWORD), ("add", "anna", "--password", PASSWORD), ("password", "anna", PASSWORD)):
        assert migrated("user", *words).exit_code == 2
    assert accounts(migrated) == {}


def test_a_role_is_given_and_taken_away(migrated: Run) -> None:
    migrated("sample")
    migrated("user", "add", "anna", typed=PASSWORD)
    assert migrated("user", "role", "anna", "editor", "--office", "buergeramt").exit_code == 0
    assert migrated("user", "role", "anna", "coordinator").exit_code == 0
    assert set(accounts(migrated)["anna"][1].split(", ")) == {"editor@buergeramt", "coordinator@*"}
    assert migrated("user", "role", "anna", "coordinator", "--remove").exit_code == 0
    assert accounts(migrated)["anna"][1] == "editor@buergeramt"


def test_a_role_ends_on_its_last_day(migrated: Run, tmp_path: Path) -> None:
    migrated("user", "add", "anna", typed=PASSWORD)
    assert migrated("user", "role", "anna", "editor", "--until", "2020-12-31").exit_code == 0
    house = house_in(tmp_path)
    with house.work() as directory:
        (grant,) = directory.people.account("anna").person.grants
        assert str(grant.until) == "2020-12-31"
        assert directory.people.account("anna").person.roles([], house.today()) == frozenset()
    house.close()


def test_a_role_needs_an_account_an_office_and_a_word_that_there_are(migrated: Run) -> None:
    assert is_one_line(migrated("user", "role", "nobody", "editor"), "nobody")
    migrated("user", "add", "anna", typed=PASSWORD)
    assert is_one_line(migrated("user", "role", "anna", "editor", "--office", "nirgends"), "nirgends")
    assert migrated("user", "role", "anna", "emperor").exit_code == 2
    assert migrated("user", "role", "anna", "editor", "--until", "bald").exit_code == 2
    assert accounts(migrated)["anna"][1] == "no role"


def test_a_new_password_ends_all_sessions(migrated: Run, tmp_path: Path) -> None:
    migrated("user", "add", "anna", typed=PASSWORD)
    house = house_in(tmp_path)
    with house.work(write=True) as directory:
        token = directory.people.open_session("anna")
    other = PASSWORD[::-1]
    assert is_one_line(migrated("user", "password", "nobody", typed=other))
    assert is_one_line(migrated("user", "password", "anna", typed="kurz"))
    with house.work() as directory:
        assert directory.people.session(token)
    assert migrated("user", "password", "anna", typed=other + "\n").exit_code == 0
    with house.work() as directory:
        assert directory.people.session(token) is None
    house.close()
    assert may_sign_in(tmp_path, "anna", other)
    assert not may_sign_in(tmp_path, "anna", PASSWORD)


def test_an_account_is_locked_and_unlocked(migrated: Run, tmp_path: Path) -> None:
    migrated("user", "add", "anna", typed=PASSWORD)
    assert migrated("user", "disable", "anna").exit_code == 0
    assert accounts(migrated)["anna"][0] == "disabled"
    assert not may_sign_in(tmp_path, "anna", PASSWORD)
    assert migrated("user", "disable", "anna", "--enable").exit_code == 0
    assert accounts(migrated)["anna"][0] == "active"
    assert may_sign_in(tmp_path, "anna", PASSWORD)
    assert is_one_line(migrated("user", "disable", "nobody"), "nobody")


def test_an_invitation_is_queued_in_the_place_of_a_password(tmp_path: Path, run: Run) -> None:
    ini = write_ini(tmp_path, base_url="https://city.example.org")
    assert run("migrate", ini=ini).exit_code == 0
    assert is_one_line(run("user", "add", "anna", "--invite", ini=ini), "--email")
    made = run("user", "add", "Anna", "--email", "a@example.org", "--invite", ini=ini)
    assert made.exit_code == 0, made.output
    assert is_one_line(run("user", "add", "ANNA", "--email", "a@example.org", "--invite", ini=ini))
    house = house_in(tmp_path)
    with house.work(write=True) as directory:
        (mail,) = directory.mails.unsent(10)
        assert mail.recipient == "a@example.org"
        (link,) = [line for line in mail.body.splitlines() if line.startswith("https://city.example.org/invitations/")]
        person = directory.accounts.accept(link.rpartition("/")[2], PASSWORD)
        assert person is not None
        assert person.login == "anna"
    house.close()
    assert may_sign_in(tmp_path, "anna", PASSWORD)


def test_an_invitation_needs_to_know_the_public_address(migrated: Run) -> None:
    refused = migrated("user", "add", "anna", "--email", "a@example.org", "--invite")
    assert is_one_line(refused, "base_url")
    assert accounts(migrated) == {}


def test_a_second_factor_that_was_lost_is_taken_away(migrated: Run, tmp_path: Path) -> None:
    migrated("user", "add", "anna", typed=PASSWORD)
    secret = random_base32()
    house = house_in(tmp_path)
    with house.work(write=True) as directory:
        assert directory.people.factors.set_up("anna", secret, TOTP(secret).now())
    house.close()
    assert "has a second factor" in migrated("user", "factor", "anna").output
    assert migrated("user", "factor", "anna", "--reset").exit_code == 0
    assert "no second factor" in migrated("user", "factor", "anna").output
    assert is_one_line(migrated("user", "factor", "nobody", "--reset"), "nobody")


def test_what_is_done_to_accounts_is_in_the_audit_log(migrated: Run, tmp_path: Path) -> None:
    migrated("user", "add", "anna", typed=PASSWORD)
    migrated("user", "role", "anna", "editor")
    migrated("user", "role", "anna", "editor", "--remove")
    migrated("user", "password", "anna", typed=PASSWORD[::-1])
    migrated("user", "disable", "anna")
    migrated("user", "disable", "anna", "--enable")
    migrated("user", "add", "anna", typed=PASSWORD)
    house = house_in(tmp_path)
    with house.work() as directory:
        lines = [(line.action, line.object) for line in directory.people.audit_log()][::-1]
    house.close()
    assert [line for line in lines if line[1] == "account/anna"] == [
        (action, "account/anna") for action in ("user add", "role add", "role remove", "password", "disable", "enable")
    ]


# What is wrong with an ini


BROKEN = {
    "no secret": ({"secret": ""}, "servicedir.secret"),
    "a secret too short": ({"secret": "short"}, "servicedir.secret"),
    "an unknown setting": ({"colour": "blue"}, "servicedir.colour"),
    "a port that is none": ({"port": "http"}, "servicedir.port"),
    "a yes that is neither true nor false": ({"demo_accounts": "ja"}, "servicedir.demo_accounts"),
    "another engine": ({"search": "elastic"}, "servicedir.search"),
    "an origin with a wildcard": ({"embed_origins": "https://*.example.org"}, "servicedir.embed_origins"),
    "no address of a database": ({"database_url": "nonsense"}, "servicedir.database_url"),
    "another database": ({"database_url": "mysql://localhost/x"}, "servicedir.database_url"),
    "a folder that cannot be": ({"data": "/dev/null/x"}, "servicedir.data"),
}


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("command", [("migrate",), ("reindex", "--check"), ("user", "list")])
def test_a_broken_setting_ends_a_command_with_one_line_that_names_it(
    run: Run, tmp_path: Path, fault: str, command: tuple[str, ...]
) -> None:
    values, named = BROKEN[fault]
    assert is_one_line(run(*command, ini=write_ini(tmp_path, **values)), named)


def test_an_index_that_cannot_be_opened_ends_only_what_searches(tmp_path: Path, migrated: Run) -> None:
    (tmp_path / "var" / "index" / "_MAIN_1.toc").mkdir(parents=True)  # Where a file would have to be written.
    assert str(migrated("search", "pass").exception).startswith("servicedir: servicedir.data ")
    assert migrated("user", "list").exit_code == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[app:main",
        b"no section\n",
        b"[server:main]\nuse = x\n",
        b"[app:main]\nx = %(nowhere)s\n",
        b"[app:main]\n[app:main]\n",
        b"[app:main]\nx = 1\nx = 2\n",
        b"[app:main]\nservicedir.title = B\xfcrgeramt\n",
    ],
)
def test_an_ini_that_cannot_be_read_is_told_in_one_line(run: Run, tmp_path: Path, content: bytes) -> None:
    ini = tmp_path / "broken.ini"
    ini.write_bytes(content)
    assert is_one_line(run("migrate", ini=ini), "broken.ini")


def test_a_secret_is_not_told_when_the_ini_cannot_be_read(run: Run, tmp_path: Path) -> None:
    ini = write_ini(tmp_path, secret="hunter2%hunter2" * 4)
    told = run("migrate", ini=ini)
    assert is_one_line(told)
    assert "hunter2" not in told.output


def test_an_ini_that_is_not_there_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    assert is_one_line(run("migrate", ini=tmp_path / "nowhere.ini"), "nowhere.ini")
    assert is_one_line(run("migrate", ini=tmp_path), str(tmp_path))


@pytest.mark.parametrize("command", [("sample",), ("reindex",), ("user", "list"), ("user", "disable", "anna")])
def test_a_command_before_migrating_tells_what_to_do(run: Run, command: tuple[str, ...]) -> None:
    assert is_one_line(run(*command), "migrate")


def test_without_an_ini_or_with_an_unknown_command_the_usage_is_told() -> None:
    runner = CliRunner()
    assert runner.invoke(main, ["migrate"]).exit_code == 2
    assert runner.invoke(main, ["-c", "x.ini", "fly"]).exit_code == 2
    told = runner.invoke(main, ["--help"])
    assert told.exit_code == 0
    assert all(command in told.output for command in ("migrate", "serve", "sample", "reindex", "user"))


# As a process of its own


def process(ini: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SERVICEDIR_")}
    return subprocess.run(
        [Path(sys.executable).with_name("servicedir"), "-c", ini, *words],
        capture_output=True,
        text=True,
        timeout=60,
        env=clean | environ,
    )


def test_a_broken_setting_is_one_line_on_stderr(tmp_path: Path) -> None:
    done = process(write_ini(tmp_path), "migrate", SERVICEDIR_PORT="http")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("servicedir: servicedir.port ")
    assert done.stderr.count("\n") == 1


def test_the_server_serves_until_it_is_told_to_stop(tmp_path: Path, migrated: Run) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ini = write_ini(tmp_path, port=str(port))
    server = subprocess.Popen(
        [Path(sys.executable).with_name("servicedir"), "-c", ini, "serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("SERVICEDIR_")},
    )
    try:
        until = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                    assert answer.status == 200
                    assert answer.headers["Server"] is None
                urllib.request.urlopen(f"http://127.0.0.1:{port}/?q=Hundesteuer", timeout=30).close()
                break
            except OSError:
                assert server.poll() is None
                assert time.monotonic() < until
                time.sleep(0.05)
    finally:
        server.send_signal(signal.SIGTERM)
        said, _errors = server.communicate(timeout=30)
    assert f"http://127.0.0.1:{port}/" in said
    assert "password" not in said
    assert any("hundesteuer" in line for line in dump(tmp_path))  # What was counted is written down in the end.
