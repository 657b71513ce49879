"""The set-up keeps its promises: what is locked, what the Makefile offers, what is served, what tests may skip."""

from __future__ import annotations

import ast
import configparser
import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from pyramid.paster import get_appsettings

from servicedir.settings import BadSetting, Settings, read

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
SOURCE = ROOT / "src" / "servicedir"
KERN = SOURCE / "web" / "static" / "kern"
TARGETS = ("run", "test", "sure", "lock", "messages", "screens", "clean")


def locked(name: str) -> dict[str, Version]:
    """Package -> version in requirements/{name}.txt. A package locked twice for two Pythons counts once."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return {canonicalize_name(m[1]): Version(m[2]) for m in re.finditer(r"^([\w.-]+)==([^\s;]+)", text, re.M)}


def declared(name: str) -> list[Requirement]:
    """What setup.cfg requires: to measure beside others (the extra `bench`), or to run, with every other extra."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    extras = dict(setup["options.extras_require"])
    bench = extras.pop("bench")
    lists = [bench] if name == "bench" else [setup["options"]["install_requires"], *extras.values()]
    lines = (line.strip() for text in lists for line in text.splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def make(*words: str) -> str:
    done = subprocess.run(["make", *words], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_locked_package_has_an_exact_version_and_a_checksum(lock: Path) -> None:
    for entry in re.split(r"\n(?=\S)", re.sub(r"^ *#.*\n", "", lock.read_text(), flags=re.M).strip()):
        assert re.match(r"[\w.-]+==[\w.]+ ", entry), entry.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry.splitlines()[0]


@pytest.mark.parametrize("lock", [*LOCKS, ROOT / "package-lock.json"], ids=lambda lock: lock.name)
def test_lock_files_say_nothing_of_the_machine_that_made_them(lock: Path) -> None:
    text = lock.read_text()
    for trace in ("file:", "http:", "https:", "--index-url", "--extra-index-url", "--find-links", str(ROOT)):
        assert trace not in text


@pytest.mark.parametrize("name", ["run", "bench"])
def test_what_setup_cfg_requires_is_what_is_locked(name: str) -> None:
    versions = locked(name)
    for requirement in declared(name):
        assert versions[canonicalize_name(requirement.name)] in requirement.specifier
    wanted = [line for line in (ROOT / f"requirements/{name}.in").read_text().splitlines() if line and line[0] != "#"]
    assert {canonicalize_name(Requirement(line).name) for line in wanted} == {
        canonicalize_name(requirement.name) for requirement in declared(name)
    }


def test_tests_run_on_the_versions_that_are_served() -> None:
    run, test = locked("run"), locked("test")
    assert run.items() <= test.items()
    assert locked("build")["setuptools"] == run["setuptools"]


def test_the_look_is_locked_by_its_checksum() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version
        assert packages[f"node_modules/{name}"]["integrity"].startswith("sha512-")


def test_make_alone_tells_every_target() -> None:
    told = make()
    for target in TARGETS:
        assert re.search(rf"^make {target} ", told, re.M)


def test_make_run_takes_port_host_and_data() -> None:
    told = make("PORT=7001", "HOST=127.0.0.9", "DATA=elsewhere")
    assert "(PORT=7001 HOST=127.0.0.9 DATA=elsewhere)" in told
    commands = make("-n", "run")
    assert re.findall(r"servicedir -c \S+ (\w+)", commands) == ["migrate", "sample", "serve"]


def test_an_unfit_python_is_refused_with_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        ["tools/venv", tmp_path / "venv"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHON": "false"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("servicedir: this needs Python 3.11 or later")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize("style", ["kern.min.css", "fonts/fira-sans.css"])
def test_the_look_refers_to_nothing_that_is_not_served(style: str) -> None:
    text = (KERN / style).read_text()
    for reference in re.findall(r"""url\(["']?([^"')]+)""", text):
        assert reference.startswith("data:image/") or (KERN / style).parent.joinpath(reference).is_file(), reference[
            :80
        ]
    assert "@import" not in text


def test_the_look_brings_the_weights_that_it_uses() -> None:
    faces = (KERN / "fonts/fira-sans.css").read_text()
    used = set(re.findall(r"--kern-typography-font-weight-[a-z-]+: *(\d+)", (KERN / "kern.min.css").read_text()))
    assert used
    assert used <= set(re.findall(r"font-weight: *(\d+)", faces))


def test_the_domain_imports_the_standard_library_and_itself() -> None:
    for path in sorted((SOURCE / "domain").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                top = name.partition(".")[0]
                assert top in sys.stdlib_module_names or name.startswith("servicedir.domain"), f"{path.name}: {name}"


def test_development_runs_as_it_is() -> None:
    settings = read(get_appsettings(str(ROOT / "development.ini")), {})
    assert settings.data == ROOT / "var"
    assert settings.secret.startswith("development-only-")


def test_production_holds_no_secret_and_does_not_start_without() -> None:
    ini = get_appsettings(str(ROOT / "production.ini"))
    with pytest.raises(BadSetting, match="SERVICEDIR_SECRET"):
        read(ini, {})
    settings = read(ini, {"SERVICEDIR_SECRET": "0123456789abcdef" * 4})
    assert not settings.demo_accounts
    assert not settings.insecure_cookies
    assert urlsplit(settings.database_url).password is None


@pytest.mark.parametrize("name", ["development.ini", "production.ini"])
def test_every_setting_is_explained_in_the_ini(name: str) -> None:
    text = (ROOT / name).read_text()
    for setting in fields(Settings):
        assert f"servicedir.{setting.name} =" in text or f"SERVICEDIR_{setting.name.upper()}" in text


def test_a_fresh_database_is_empty_and_belongs_to_one_test(fresh_postgresql: str, postgresql_url: str) -> None:
    assert fresh_postgresql != postgresql_url
    with psycopg.connect(fresh_postgresql.replace("+psycopg", "")) as connection:
        assert connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() == (0,)
        assert connection.execute("show server_encoding").fetchone() == ("UTF8",)
        # The search needs these three.
        connection.execute("create extension pg_trgm")
        connection.execute("create extension unaccent")
        connection.execute("select to_tsvector('german', 'Wohnungen abmelden')")


def test_a_postgresql_server_wants_a_password(postgresql_url: str) -> None:
    parts = urlsplit(postgresql_url)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=parts.hostname, port=parts.port, user=parts.username, password="wrong", dbname="postgres")


def test_the_chromium_that_is_found_runs(chromium_path: str) -> None:
    told = subprocess.run([chromium_path, "--version"], capture_output=True, text=True, timeout=60)
    assert re.search(r"Chrom\w+ \d+", told.stdout)


@pytest.mark.parametrize(("ci", "outcome"), [("", "1 skipped"), ("1", "1 error")])
def test_what_is_missing_is_skipped_with_its_reason_and_fails_in_ci(tmp_path: Path, ci: str, outcome: str) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_one.py").write_text("def test_one(chromium_path): pass\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "SERVICEDIR_CI": ci, "SERVICEDIR_CHROMIUM": "no-such-browser"},
        capture_output=True,
        text=True,
    )
    assert outcome in done.stdout
    assert "there is no Chromium here" in done.stdout
