"""The command that a timer runs."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from threading import Event, Thread

import click

from servicedir.directory import House
from servicedir.directory import housekeeping as rounds

_ENDS = {signal.SIGTERM, signal.SIGINT}


@click.command()
@click.option(
    "--watch", "seconds", type=click.IntRange(min=1), metavar="SECONDS", help="Again and again, with this pause."
)
@click.pass_obj
def housekeeping(open_house: Callable[[], House], seconds: int | None) -> None:
    """Take planned steps, send reminders and mails, forget what is old; a line for each thing done."""
    house = open_house()
    if seconds is not None:
        _watch(house, seconds)
        return
    failed = False
    for done in rounds.run(house):
        _print(done)
        failed = failed or done.failed
    if failed:
        sys.exit(1)


def _print(done: rounds.Done) -> None:
    click.echo(done.what, err=done.failed)


def _watch(house: House, seconds: int) -> None:
    """Run until the program is told to end; what is being done then is finished."""
    # Blocked before the thread begins, which inherits it: so the signal comes to sigwait and interrupts nothing.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    stop = Event()
    watching = Thread(target=rounds.watch, args=(house, seconds, stop, _print), name="housekeeping")
    watching.start()
    signal.sigwait(_ENDS)
    stop.set()
    watching.join()


COMMANDS = (housekeeping,)
