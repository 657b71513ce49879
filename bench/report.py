"""How long an answer to the council takes over a whole catalogue with five years of monthly figures, and its memory.

python bench/report.py [--entries 10000] [--data FOLDER]   # a folder that generate.py has filled; figures are added
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from entries import SEED
from generate import fill, settings_for

from servicedir.directory import House
from servicedir.domain.figures import CountingPeriod, Figure, Measure, Standing
from servicedir.domain.history import Kind
from servicedir.domain.inquiry import Block, BlockKind, Inquiry, Question
from servicedir.domain.service import ChannelKind
from servicedir.domain.text import Text
from servicedir.reports import building
from servicedir.reports.answer import tables
from servicedir.reports.formats import BODY, FORMATS
from servicedir.resting import collector_resting
from servicedir.search.strict import says

T = TypeVar("T")

YEARS = ("2021", "2022", "2023", "2024", "2025")
CORRECTED = 60
"""Every so many months one is said once more, as a correction."""
SMALLEST = 5
"""Numbers below it are suppressed: that makes the sums dearer."""


def count(house: House, seed: str) -> int:
    """Say how often video was used of every service in each month of YEARS; return how many rows that makes."""
    random = Random(f"{seed} figures")  # noqa: S311 - to measure with, not to keep secrets
    months = [month for year in YEARS for month in CountingPeriod(year).months()]

    def figure(slug: str, month: CountingPeriod, size: int) -> Figure:
        known = random.random() > 0.05
        return Figure(
            service=slug,
            channel=ChannelKind.VIDEO,
            measure=Measure.HELD,
            period=month,
            standing=Standing.NUMBER if known else Standing.UNKNOWN,
            value=int(random.random() * size) if known else None,
            source="Terminsystem",
            released=True,
        )

    with house.work(write=True) as directory:
        slugs = [entry.slug for entry in directory.revisions.entries(Kind.SERVICE)]
        sizes = {slug: int(2 + 120 * random.random()) for slug in slugs}
        ids = {slug: directory.revisions.entry_id(Kind.SERVICE, slug) for slug in slugs}
        stored = directory.stored_figures
        for month in months:
            stored.add(((ids[slug], figure(slug, month, sizes[slug])) for slug in slugs), "bench")
        again = [(slug, months[at % len(months)]) for at, slug in enumerate(slugs)][: len(slugs) * 60 // CORRECTED]
        stored.add(((ids[slug], figure(slug, month, sizes[slug])) for slug, month in again), "bench")
    return len(slugs) * len(months) + len(again)


def inquiry(place: str) -> Inquiry:
    """Return an inquiry with every kind of block, about everything."""
    more: dict[BlockKind, dict[str, Any]] = {
        BlockKind.PLACE: {"place": place},
        BlockKind.FIGURES: {"years": YEARS, "channels": (ChannelKind.VIDEO,), "measures": (Measure.HELD,)},
        BlockKind.COMPARISON: {"compared": date(2024, 1, 1)},
        BlockKind.TEXT: {"text": Text.of("Dazu ist nichts zu sagen.")},
    }
    questions = [
        Question(text=Text.of(f"Frage {number}?"), blocks=(Block(kind=kind, **more.get(kind, {})),))
        for number, kind in enumerate(BlockKind, 1)
    ]
    return Inquiry(slug="bench", title=Text.of("Alles"), questions=tuple(questions))


def memory() -> float:
    """Return the most memory that this process had at a time, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def answer(data: Path) -> dict[str, Any]:
    """Answer in this process; return seconds by step, memory by then in MiB, rows of all tables, bytes by format."""
    took: dict[str, tuple[float, float, float]] = {}

    def timed(what: str, act: Callable[[], T]) -> T:
        begun, worked = time.perf_counter(), time.process_time()
        found = act()
        took[what] = (
            round(time.perf_counter() - begun, 2),
            round(time.process_time() - worked, 2),
            round(memory()),
        )
        print(f"{what}: {took[what]}", file=sys.stderr, flush=True)
        return found

    house = House(settings_for(data, smallest_figure=SMALLEST))
    try:
        timed("open", house.catch_up)
        with house.work() as directory:
            asked = inquiry(next(iter(directory.catalogue.places)))
            state = timed("state without figures", lambda: directory.knowledge.state())
            state = timed("state with figures", lambda: directory.knowledge.state(None, asked.years()))
            found = timed(
                "answer",
                lambda: building.answer(
                    asked,
                    state,
                    language="de",
                    city="Köln",
                    parse=partial(directory.answering._query, state.catalogue),
                    say=says,
                ),
            )
            size = {
                name: len(timed(name, lambda form=form: form.render(found, "https://example.org")))  # type: ignore[misc]
                for name, form in {**FORMATS, "body": BODY}.items()
            }
    finally:
        house.close()
    rows = sum(len(table.rows) for _reply, _part, table in tables(found))
    return {"services": len(state.services), "rows": rows, "took": took, "size": size}


def paper(data: Path, format: str, kinds: Sequence[BlockKind]) -> None:
    """Answer in this process with blocks of these kinds and make one paper of it, as `servicedir report` does."""
    house = House(settings_for(data, smallest_figure=SMALLEST))
    with collector_resting(), house.work() as directory:
        asked = inquiry(next(iter(directory.read_catalogue().places)))
        wanted = tuple(question for question in asked.questions if question.blocks[0].kind in kinds)
        (found,) = directory.answering.answers(replace(asked, questions=wanted), ["de"])
        FORMATS[format].render(found, "https://example.org")
    print(round(memory()))


def papers(data: Path) -> str:
    """Return a Markdown table: what a process takes, with its start and end, to make one paper, the median of three."""
    lines = ["| blocks | paper | seconds | most memory, MiB |", "| --- | --- | ---: | ---: |"]
    for name, kinds in (
        ("figures of all services", [BlockKind.FIGURES]),
        ("every kind, about everything", [*BlockKind]),
    ):
        for format in ("html", "pdf", "docx"):
            took = []
            for _again in range(3):
                begun = time.perf_counter()
                arguments = [sys.executable, __file__, "--paper", format, "--kinds", ",".join(kinds)]
                done = subprocess.run(  # noqa: S603 - this very file
                    [*arguments, "--data", str(data)], check=True, capture_output=True
                )
                took.append((time.perf_counter() - begun, int(done.stdout.splitlines()[-1])))
            seconds, most = sorted(took)[len(took) // 2]
            lines.append(f"| {name} | {format} | {seconds:.1f} | {most} |")
    return "\n".join(lines)


def measure(data: Path) -> dict[str, Any]:
    """Return what `answer` returns in a process of its own."""
    done = subprocess.run(  # noqa: S603 - this very file
        [sys.executable, __file__, "--answer", "--data", str(data)], check=True, capture_output=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def table(found: dict[str, Any]) -> str:
    """Return the figures as a Markdown table."""
    lines = [
        f"{found['services']:,} services, {found['rows']:,} rows in all tables of the answer",
        "",
        "| step | seconds | CPU seconds | most memory until then, MiB | MB |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for step, (seconds, worked, most) in found["took"].items():
        size = f"{found['size'][step] / 1e6:.2f}" if step in found["size"] else ""
        lines.append(f"| {step} | {seconds:.2f} | {worked:.2f} | {most:,} | {size} |")
    for last in ("answer", "body"):
        steps = list(found["took"])[2 : list(found["took"]).index(last) + 1]
        seconds, worked = (sum(found["took"][step][at] for step in steps) for at in (0, 1))
        name = "the answer, with figures" if last == "answer" else "the answer and all its files"
        lines.append(f"| {name} | {seconds:.2f} | {worked:.2f} | {found['took'][last][2]:,} | |")
    return "\n".join(lines)


def main() -> None:
    """Read the arguments, make entries and figures unless they are there, measure and print."""
    parser = argparse.ArgumentParser(description="Measure an answer to the council.")
    parser.add_argument("--entries", type=int, default=10_000, help="how many services (10000)")
    parser.add_argument("--data", type=Path, help="a folder that generate.py has filled")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--paper", help=argparse.SUPPRESS)
    parser.add_argument("--kinds", default="", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.paper:
        paper(arguments.data, arguments.paper, [BlockKind(kind) for kind in arguments.kinds.split(",")])
        return
    if arguments.answer:
        print(json.dumps(answer(arguments.data)))
        return
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data or Path(folder)
        if not (data / "servicedir.sqlite").exists():
            fill(data, arguments.entries)
        house = House(settings_for(data))
        with house.work() as directory:
            is_counted = directory.stored_figures.last() > 0
        if not is_counted:
            print(f"{count(house, SEED):,} figures added", flush=True)
        house.close()
        print(papers(data), "", sep="\n", flush=True)
        print(table(measure(data)))


if __name__ == "__main__":
    main()
