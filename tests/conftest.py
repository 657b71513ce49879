"""What the tests take from the machine: a PostgreSQL server of their own, and a Chromium.

Where one of them is missing, the tests that ask for it are skipped with the reason. CI installs both and sets
SERVICEDIR_CI=1, under which a missing one is a failure: nothing is skipped there without anybody noticing.
"""

from __future__ import annotations

import gc
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import hypothesis
import pytest

# On a loaded machine an example can take any time; that says nothing about what it tests.
hypothesis.settings.register_profile("servicedir", deadline=None)
hypothesis.settings.load_profile("servicedir")


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what is there now: it all stays, and 12,000 tests are much to look at."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Fail a test that leaves the collector off: all that later tests leave would stay, 15 GB at the end."""
    if not gc.isenabled():
        gc.enable()
        pytest.fail(f"{item.nodeid} left the collector of garbage off", pytrace=False)


# As long as a loaded machine may take to make and start a database cluster; usually it is two seconds.
PATIENCE = 60


def missing(reason: str) -> NoReturn:
    """Skips the test that asks, or fails it in CI."""
    if os.environ.get("SERVICEDIR_CI") == "1":
        pytest.fail(f"{reason}, and CI skips nothing", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of the machine's Chromium, for Playwright's `executable_path`; SERVICEDIR_CHROMIUM names another."""
    named = os.environ.get("SERVICEDIR_CHROMIUM")
    for name in [named] if named else ["chromium", "chromium-browser", "google-chrome"]:
        found = shutil.which(name)
        if found:
            return found
    missing("there is no Chromium here (Debian: apt-get install chromium)")


@pytest.fixture(scope="session")
def pdftotext() -> str:
    """The path of the program that says what a reader finds in a PDF."""
    if found := shutil.which("pdftotext"):
        return found
    missing("there is no pdftotext here (Debian: apt-get install poppler-utils)")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of an empty database on a PostgreSQL server that lives as long as the tests do.

    `postgresql+psycopg://user:password@127.0.0.1:port/postgres`; the user may do everything. A test that writes
    wants `fresh_postgresql` instead.
    """
    programs = postgresql_programs()
    if programs is None:
        missing("there is no PostgreSQL server here (Debian: apt-get install postgresql)")
    # Not pytest's own folder: that one is closed to the user whom the server runs as, and its name can be too
    # long for a socket.
    place = Path(tempfile.mkdtemp(prefix="servicedir-postgresql-", dir="/tmp"))
    server = None
    try:
        drop = unprivileged()
        if drop:
            os.chown(place, drop["user"], drop["group"])
        password = secrets.token_hex(8)
        (place / "password").write_text(password)
        (place / "password").chmod(0o644)
        quiet: dict[str, Any] = {"cwd": place, "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT, **drop}
        make = [programs / "initdb", "-D", place / "data", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
        make += ["-U", "servicedir", "-A", "scram-sha-256", "--pwfile", place / "password"]
        subprocess.run(make, check=True, stdout=subprocess.PIPE, **quiet)
        port = free_port()
        # What these switch off protects data from a power cut, which nobody here will miss.
        careless = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")
        with (place / "log").open("w") as log:
            serve = [programs / "postgres", "-D", place / "data", "-k", place, "-h", "127.0.0.1", "-p", str(port)]
            serve += [word for setting in careless for word in ("-c", setting)]
            server = subprocess.Popen(serve, stdout=log, **quiet)
        url = f"postgresql+psycopg://servicedir:{password}@127.0.0.1:{port}/postgres"
        wait_for(url, server, place / "log")
        yield url
    finally:
        if server:
            # The immediate shutdown: there is nothing to save.
            server.send_signal(signal.SIGQUIT)
            server.wait(PATIENCE)
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_url: str) -> Callable[..., AbstractContextManager[str]]:
    """What makes databases on that server: called with the name of another one, if at all, it gives a copy of it."""
    return partial(a_database, postgresql_url)


@pytest.fixture
def fresh_postgresql(postgresql_url: str) -> Iterator[str]:
    """The address of an empty database that belongs to this one test."""
    with a_database(postgresql_url) as url:
        yield url


@contextmanager
def a_database(server_url: str, like: str = "template0") -> Iterator[str]:
    """The address of a new database, a copy of the one that is called so; it is gone afterwards."""
    import psycopg

    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(plain(server_url), autocommit=True) as server:
        server.execute(f"create database {name} template {like}")
        try:
            yield server_url.rpartition("/")[0] + "/" + name
        finally:
            # With force, since a test that failed may have left a connection open.
            server.execute(f"drop database {name} with (force)")


def postgresql_programs() -> Path | None:
    """The folder of PostgreSQL's server programs, newest first; Debian keeps them off the PATH."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: float(place.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        # Resolved, because a link to it has no `postgres` beside it, and may lead nowhere.
        places.append(Path(on_path).resolve().parent)
    return next((place for place in places if all((place / name).is_file() for name in ("initdb", "postgres"))), None)


def unprivileged() -> dict[str, Any]:
    """What subprocess needs to start a program as somebody harmless, since PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    missing("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def plain(url: str) -> str:
    """The address as PostgreSQL's own library reads it, without SQLAlchemy's name of the driver."""
    return url.replace("postgresql+psycopg:", "postgresql:", 1)


def wait_for(url: str, server: subprocess.Popen[Any], log: Path) -> None:
    """Returns when the server answers; raises RuntimeError with the end of its log if it does not."""
    import psycopg

    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        try:
            psycopg.connect(plain(url), connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-500:]}")
