"""Commands for the tokens of other programs; a new token is printed once, alone on standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime

import click

from servicedir.directory import House, Refused
from servicedir.directory.tokens import LONGEST_NAME
from servicedir.domain.history import NotFound
from servicedir.domain.token import Purpose
from servicedir.domain.workflow import SYSTEM

Open = Callable[[], House]

REFUSALS = {
    "missing": "a token needs a name and a purpose",
    "not_a_name": f"a name has at most {LONGEST_NAME} characters that can be printed",
    "name_taken": "another token has or had this name",
    "unknown_office": "there is no such office",
    "in_the_past": "the last day is over",
}
"""What the directory refuses, in words."""


@click.group()
def token() -> None:
    """Let other programs write through the API."""


@token.command()
@click.argument("name")
@click.option(
    "--purpose",
    "purposes",
    multiple=True,
    required=True,
    type=click.Choice([purpose.value for purpose in Purpose]),
    help="What it is good for; several times for several.",
)
@click.option("--office", "offices", multiple=True, help="Slug of an office; left out, it is for the whole city.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Its last day.")
@click.pass_obj
def add(
    open_house: Open, name: str, purposes: tuple[str, ...], offices: tuple[str, ...], until: datetime | None
) -> None:
    """Make a token and print it: it can never be seen again."""
    wanted = [Purpose(purpose) for purpose in purposes]
    try:
        with open_house().work(write=True) as directory:
            made, secret = directory.tokens.make(name, wanted, offices, until.date() if until else None, by=SYSTEM)
    except Refused as refused:
        said = dict.fromkeys(REFUSALS[fault.what] + _of_which(fault.where) for fault in refused.faults)
        sys.exit(f"servicedir: {'; '.join(said)}")
    click.echo(secret)
    click.echo(f"Made the token {made.id}, {made.name}. It is not shown again.", err=True)


def _of_which(where: tuple[str | int, ...]) -> str:
    return f": {where[1]}" if len(where) > 1 else ""


@token.command("list")
@click.pass_obj
def list_tokens(open_house: Open) -> None:
    """Print a line for each token: number, state, purposes, offices, last day, last day of use, name."""
    with open_house().work() as directory:
        for listed in directory.tokens.all(SYSTEM):
            one = listed.token
            words = (
                str(one.id),
                listed.state,
                ",".join(one.purposes),
                ",".join(one.offices) or "*",
                one.expires.isoformat() if one.expires else "-",
                one.used.isoformat() if one.used else "-",
                one.name,
            )
            click.echo("\t".join(words))


@token.command()
@click.argument("number", type=int)
@click.pass_obj
def revoke(open_house: Open, number: int) -> None:
    """Let a token be good for nothing from now on."""
    try:
        with open_house().work(write=True) as directory:
            revoked = directory.tokens.revoke(number, by=SYSTEM)
    except NotFound:
        sys.exit(f"servicedir: there is no token {number} that is not revoked already")
    click.echo(f"The token {revoked.id}, {revoked.name}, is revoked.")
