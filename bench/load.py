"""Real servers under load, side by side: servicedir's first page and API, and Pyramid's hello world as the yardstick.

    python bench/load.py --entries 10000              on generated entries, in a folder that is thrown away
    python bench/load.py --data FOLDER --json FILE    on a folder that bench/generate.py has filled

The page and the API are asked for searches of which no two are the same, and for a few that are repeated all the time.
Rounds of a few seconds go from target to target, so that what else the machine does hits all alike. Exit code 1 if any
answer was not a full one with status 200.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import chain, cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from drive import Round, drive
from generate import fill
from mix import Pairs, address, distinct
from servers import HOST, NotStarted, Server, hello, servicedir

YARDSTICK = "hello world"
PATHS = ("/", "/api/v1/services")
MADE = 40_000
"""Searches made before it begins; should they not suffice, the others are made while it measures."""


@dataclass(slots=True)
class Target:
    """What is asked for: a server, addresses without end, and what each round gave."""

    name: str
    server: Server
    addresses: Iterator[str]
    rounds: list[Round] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # Seconds of processor time of the server in each round.


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of all values does not exceed (nearest rank); 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def ratio(rates: Sequence[float], yardstick: Sequence[float]) -> float:
    """Return the median of the quotients round by round: a slow minute of the machine slows both of its rounds."""
    quotients = [one / other for one, other in zip(rates, yardstick, strict=True) if other]
    return median(quotients) if quotients else 0.0


def figures(target: Target, yardstick: Target) -> dict[str, Any]:
    """Return the figures of a target: rates per second, milliseconds, ratios to the yardstick, errors by kind."""
    rates = [one.rate for one in target.rounds]
    latencies = _latencies(target)
    errors: dict[str, int] = {}
    for one in target.rounds:
        for what, count in one.errors.items():
            errors[what] = errors.get(what, 0) + count
    return {
        "requests": len(latencies),
        "per_second": round(median(rates), 1),
        "per_second_rounds": [round(rate, 1) for rate in rates],
        "ratio": round(ratio(rates, [one.rate for one in yardstick.rounds]), 4),
        "p50_ms": round(percentile(latencies, 0.50), 2),
        "p95_ms": round(percentile(latencies, 0.95), 2),
        "p99_ms": round(percentile(latencies, 0.99), 2),
        "p95_ratio": _rounded(quotient(percentile(latencies, 0.95), percentile(_latencies(yardstick), 0.95)), 2),
        "cpu_ms": _rounded(_cpu_ms(target), 3),
        "cpu_ratio": _rounded(quotient(_cpu_ms(yardstick), _cpu_ms(target)), 4),
        "bytes": round(sum(one.received for one in target.rounds) / max(1, len(latencies))),
        "errors": errors,
    }


def quotient(one: float | None, other: float | None) -> float | None:
    """Return one over the other, None where one is unknown or there is nothing to divide by."""
    return one / other if one is not None and other else None


def _latencies(target: Target) -> list[float]:
    return [latency for one in target.rounds for latency in one.latencies]


def _cpu_ms(target: Target) -> float | None:
    """Return the milliseconds of processor time that the server spent on one answer."""
    answers = sum(len(one.latencies) for one in target.rounds)
    return sum(target.cpu) * 1000 / answers if answers and target.cpu else None


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def measure(targets: Sequence[Target], options: argparse.Namespace) -> dict[str, int]:
    """Warm up and drive all targets; return the errors of the warm-up by their kind."""
    # The first requests open files, compile templates and fill caches: they are asked, and not counted.
    _drive_in_turn(targets, 1, options.warm_up, options)
    errors = {what: count for target in targets for what, count in target.rounds[0].errors.items()}
    for target in targets:
        target.rounds.clear()
        target.cpu.clear()
    _drive_in_turn(targets, options.rounds, options.seconds, options)
    return errors


def _drive_in_turn(targets: Sequence[Target], rounds: int, seconds: float, options: argparse.Namespace) -> None:
    """Drive all targets, round after round; each round begins with another one."""
    for number in range(rounds):
        for step in range(len(targets)):
            target = targets[(number + step) % len(targets)]
            before = target.server.cpu()
            target.rounds.append(
                drive(
                    HOST,
                    target.server.port,
                    target.addresses,
                    connections=options.connections,
                    seconds=seconds,
                    most=options.most,
                )
            )
            after = target.server.cpu()
            if before is not None and after is not None:
                target.cpu.append(after - before)


def run(data: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Start the servers, measure, and return everything that is reported. Raises NotStarted."""
    searches = distinct()
    repeated = list(islice(searches, options.repeated))
    # One stream for both: what was asked of the page is never asked of the API, so neither profits from the other.
    searches = chain(list(islice(searches, MADE)), searches)

    def asking(path: str, searches: Iterator[Pairs]) -> Iterator[str]:
        return (address(path, pairs) for pairs in searches)

    with ExitStack() as stack:
        plain = stack.enter_context(hello(options.threads))
        directory = stack.enter_context(servicedir(data, options.threads))
        at_start = directory.memory()
        targets = [Target(YARDSTICK, plain, cycle(["/"]))]
        for path in PATHS:
            targets.append(Target(path, directory, asking(path, searches)))
            if repeated:
                targets.append(Target(f"{path} repeated", directory, asking(path, cycle(repeated))))
        warm_up_errors = measure(targets, options)
        return {
            **environment(options),
            "targets": {target.name: figures(target, targets[0]) for target in targets},
            "servers": {"servicedir": {**start(directory), "at_start": at_start}, YARDSTICK: start(plain)},
            "warm_up_errors": warm_up_errors,
        }


def environment(options: argparse.Namespace) -> dict[str, Any]:
    """Return the machine, the versions and the options of a measurement."""
    return {
        "machine": {"python": platform.python_version(), "system": platform.platform(), "cpus": os.cpu_count()},
        "versions": {name: version(name) for name in ("servicedir", "pyramid", "waitress")},
        "options": {name: value for name, value in vars(options).items() if isinstance(value, int | float)},
    }


def start(server: Server) -> dict[str, float | None]:
    """Return what a server took to start, and its memory by now."""
    return {
        "start_s": round(server.start, 2),
        "start_cpu_s": _rounded(server.start_cpu, 2),
        **server.memory(),
    }


def table(found: dict[str, Any]) -> str:
    """Return the figures as a Markdown table, and a line for each server."""
    heads = ["target", "requests", "per second", "spread", "ratio", "p50 ms", "p95 ms", "p95 ratio", "p99 ms"]
    heads += ["CPU ms", "CPU ratio", "KiB", "errors"]
    lines = [f"| {' | '.join(heads)} |", f"| --- |{' ---: |' * (len(heads) - 1)}"]
    for name, of in found["targets"].items():
        rates = of["per_second_rounds"]
        cells = [
            name,
            f"{of['requests']:,}",
            _amount(of["per_second"]),
            f"{_amount(min(rates))}–{_amount(max(rates))}",
            f"{of['ratio']:.1%}",
            f"{of['p50_ms']:.1f}",
            f"{of['p95_ms']:.1f}",
            "–" if of["p95_ratio"] is None else f"{of['p95_ratio']:.1f}",
            f"{of['p99_ms']:.1f}",
            "–" if of["cpu_ms"] is None else f"{of['cpu_ms']:.2f}",
            "–" if of["cpu_ratio"] is None else f"{of['cpu_ratio']:.1%}",
            f"{of['bytes'] / 1024:.1f}",
            str(sum(of["errors"].values())),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines.append("")
    for name, of in found["servers"].items():
        memory = f"{of['now']:.0f} MiB resident, {of['peak']:.0f} MiB at its peak" if "now" in of else "memory unknown"
        cpu = "unknown" if of["start_cpu_s"] is None else f"{of['start_cpu_s']:.2f} s"
        lines.append(f"{name}: {of['start_s']:.2f} s from start to the first answer (processor time {cpu}); {memory}")
    return "\n".join(lines)


def _amount(rate: float) -> str:
    """Return a rate in whole numbers, or with a decimal where it is so low that this tells."""
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.1f}"


def faults(found: dict[str, Any]) -> list[str]:
    """Return a line for each kind of error, those of the warm-up included."""
    counted = [*found["warm_up_errors"].items(), *(e for of in found["targets"].values() for e in of["errors"].items())]
    return [f"{count} x {what}" for what, count in counted]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what every measurement over HTTP can be told."""
    parser.add_argument("--rounds", type=int, default=7, help="rounds for each target (7)")
    parser.add_argument("--seconds", type=float, default=3.0, help="seconds of one round (3)")
    parser.add_argument("--warm-up", type=float, default=5.0, help="seconds for each target that are not counted (5)")
    parser.add_argument("--connections", type=int, default=8, help="connections kept alive (8)")
    parser.add_argument("--threads", type=int, default=4, help="threads of each server (4)")
    parser.add_argument("--most", type=int, default=100_000, help="requests of one round at most (100000)")
    parser.add_argument("--json", type=Path, help="also write everything measured to this file")


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(description="Measure servicedir beside Pyramid's hello world, over HTTP.")
    parser.add_argument("--data", type=Path, help="a folder filled by bench/generate.py; without it, one is made")
    parser.add_argument(
        "--entries", type=int, default=1_000, help="entries to generate where --data is not given (1000)"
    )
    parser.add_argument("--repeated", type=int, default=50, help="addresses of the repeating targets; 0: none (50)")
    add_options(parser)
    return parser.parse_args(argv)


def main() -> None:
    """Measure and print; exit 1 on any error."""
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="servicedir-bench-") as folder:
        data = options.data or Path(folder) / "data"
        try:
            if options.data is None:
                fill(data, options.entries)
            else:
                options.entries = None
            found = run(data, options)
        except NotStarted as fault:
            sys.exit(f"load: a server did not start: {fault}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(found))
    if lines := faults(found):
        print(*lines[:20], sep="\n", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
