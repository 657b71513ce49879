"""Servers under measurement: each a process of its own on a free port of the loopback, with its memory and its time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from generate import MIGRATIONS, SECRET

HOST = "127.0.0.1"
PATIENCE = 600.0
"""Seconds after which a server that does not answer counts as one that does not start."""

_LOOK = 0.01


class NotStarted(RuntimeError):
    """A server that ended, or did not answer in time; the message holds the end of what it said."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers: its port, its process, and the seconds from its start to its first good answer.

    `start_cpu` is the processor time of those, None where the system does not tell.
    """

    port: int
    pid: int
    start: float
    start_cpu: float | None = None

    def memory(self) -> dict[str, float]:
        """Return resident memory in MiB, `now` and at its `peak`; empty where the system does not tell."""
        try:
            lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        except OSError:
            return {}
        said = dict(line.split(":", 1) for line in lines if ":" in line)
        names = {"now": "VmRSS", "peak": "VmHWM"}
        return {ours: int(said[theirs].split()[0]) / 1024 for ours, theirs in names.items() if theirs in said}

    def cpu(self) -> float | None:
        """Return the seconds of processor time that the server has used, or None where the system does not tell."""
        return _cpu(self.pid)


@contextmanager
def servicedir(data: Path, threads: int) -> Iterator[Server]:
    """Run `servicedir serve` on a folder with a directory."""
    with tempfile.TemporaryDirectory(prefix="servicedir-bench-") as folder:
        ini = Path(folder) / "bench.ini"
        port = free_port()
        settings = {
            "data": data.resolve(),
            "migrations": MIGRATIONS,
            "secret": SECRET,
            "host": HOST,
            "port": port,
            "threads": threads,
            "api_limit": 1_000_000_000 - 1,  # Counted as always, and never reached.
        }
        lines = [f"servicedir.{name} = {value}".replace("%", "%%") for name, value in settings.items()]
        ini.write_text("\n".join(["[app:main]", *lines, ""]), encoding="utf-8")
        command = [sys.executable, "-c", "from servicedir.cli import main; main()", "-c", str(ini), "serve"]
        with running(command, port, "/readyz") as server:
            yield server


@contextmanager
def hello(threads: int) -> Iterator[Server]:
    """Run Pyramid's hello world."""
    port = free_port()
    command = [sys.executable, str(Path(__file__).with_name("hello.py")), str(port), str(threads)]
    with running(command, port, "/") as server:
        yield server


def _cpu(pid: int) -> float | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name of the program stands in parentheses and may hold spaces, so what counts begins after it.
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Return a port on which nobody listens at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int, path: str) -> Iterator[Server]:
    """Run a program that serves on a port, once that path is answered with 200. Raises NotStarted."""
    # Settings of the shell that measures must not reach what is measured.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SERVICEDIR_")}
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=said, stderr=said, env=environment)  # noqa: S603 - our own programs and those that are measured
        try:
            while not _answers(port, path):
                if process.poll() is not None or time.perf_counter() - begun > PATIENCE:
                    said.seek(0)
                    raise NotStarted(said.read()[-2000:].decode(errors="replace") or f"exit code {process.returncode}")
                time.sleep(_LOOK)
            yield Server(port, process.pid, time.perf_counter() - begun, _cpu(process.pid))
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
