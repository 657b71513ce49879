"""The command that serves."""

from __future__ import annotations

import ctypes
import gc
import linecache
import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import click

from servicedir.cli.content import DEMO_ACCOUNTS, DEMO_PASSWORD
from servicedir.directory import House
from servicedir.directory.housekeeping import watch
from servicedir.logs import set_up
from servicedir.resting import collector_resting

LARGEST_BODY = 20 * 1024 * 1024
"""Bytes of a request that are read; larger ones get a 413 at once."""
FIRST_ROUND = 10
"""Seconds after the start at which the housekeeping has its first run: nobody waits for it then."""
PATIENCE = 15
"""Seconds for which the end of the server waits for the housekeeping to finish what it is doing."""

_ARENA_MAX = -8  # How <malloc.h> calls the number of these places.


@click.command()
@click.pass_obj
def serve(open_house: Callable[[], House]) -> None:
    """Serve the directory."""
    import waitress

    from servicedir.web import make_app
    from servicedir.web.warming import keep_warm

    _share_memory()
    with collector_resting():
        house = open_house()
        set_up()
        settings = house.settings
        app = make_app(house)
    try:
        server = waitress.create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            max_request_body_size=LARGEST_BODY,
            clear_untrusted_proxy_headers=True,
            **_proxy(settings.trusted_proxies),
        )
    except OSError as fault:
        sys.exit(f"servicedir: cannot listen on {settings.host}:{settings.port}: {fault.strerror}; choose another port")
    # How the end of a service is announced: waitress then ends in order, as it does for Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    click.echo(f"servicedir: http://{settings.host}:{settings.port}/")
    if settings.demo_accounts:
        click.echo(f"Demo logins at /login: {', '.join(DEMO_ACCOUNTS)}; password: {DEMO_PASSWORD}")
        if settings.host not in ("127.0.0.1", "localhost", "::1"):
            click.echo("Warning: the demo logins are open to everybody who reaches this address.")
    logging.getLogger("waitress").setLevel(logging.WARNING)
    # A short queue is how a page with its style sheets arrives; it says nothing.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    cold = Event()
    Thread(target=keep_warm, args=(app, house, cold, _let_stay), name="warm", daemon=True).start()
    linecache.clearcache()  # Pyramid has looked up where each view is written.
    # What is there by now stays: the collector need not look through the whole catalogue again and again.
    gc.freeze()
    try:
        with housekeeping(house):
            server.run()
    finally:  # What was counted since the last time it was written down would be lost.
        cold.set()
        house.close()


def _let_stay() -> None:
    """Have the collector pass over what was made until now: much of it stays as long as the process.

    Once only: of what is frozen, what later goes and holds itself would never be let go.
    """
    gc.collect()
    gc.freeze()
    with suppress(OSError, AttributeError):  # Another library of C has no such thing.
        ctypes.CDLL(None).malloc_trim(0)  # What was needed to make it goes back to the system.


def _share_memory() -> None:
    """Have all threads take memory from one place: with glibc, each would hold on to some 10 MiB of its own."""
    with suppress(OSError, AttributeError):  # Another library of C has no such thing.
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


@contextmanager
def housekeeping(house: House) -> Iterator[None]:
    """Do the housekeeping beside the server, in a thread that cannot bring it down and ends with it."""
    if not house.settings.housekeeping:
        yield
        return
    stop = Event()
    pause = house.settings.housekeeping * 60
    # A daemon, so that a mail server that keeps us waiting cannot keep the process from ending.
    thread = Thread(
        target=watch, args=(house, pause, stop), kwargs={"first": FIRST_ROUND}, name="housekeeping", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)


def _proxy(addresses: tuple[str, ...]) -> dict[str, str]:
    """Return waitress's options for a trusted proxy; without one, no forwarded header counts."""
    if not addresses:
        return {}
    return {
        "trusted_proxy": addresses[0],
        "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto x-forwarded-host",
    }


COMMANDS = (serve,)
