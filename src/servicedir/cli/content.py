"""Commands for what the catalogue holds: schema, sample, index."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from importlib import resources
from typing import Any

import click

from servicedir.cli.progress import watched
from servicedir.directory import House
from servicedir.domain.history import Kind
from servicedir.domain.workflow import SYSTEM, Grant, Role
from servicedir.exchange import toml

Open = Callable[[], House]

DEMO_PASSWORD = "demo-nur-zum-testen"  # noqa: S105 - known to everybody, and only where demo_accounts is set
DEMO_ACCOUNTS = {
    "koordination": ("Koordination (Beispiel)", [Grant(Role.COORDINATOR)]),
    "buergeramt": (
        "Redaktion Bürgeramt (Beispiel)",
        [Grant(Role.EDITOR, "buergeramt"), Grant(Role.REVIEWER, "buergeramt")],
    ),
    "jugendamt": ("Redaktion Jugendamt (Beispiel)", [Grant(Role.EDITOR, "jugendamt")]),
    "admin": ("Administration (Beispiel)", [Grant(Role.ADMINISTRATOR)]),
}


@click.command()
@click.pass_obj
def migrate(open_house: Open) -> None:
    """Create or upgrade the schema of the database."""
    house = open_house()
    house.database.migrate(house.settings.migrations)
    click.echo("The schema is up to date.")


@click.command()
@click.pass_obj
def sample(open_house: Open) -> None:
    """Load the sample catalogue into an empty database; a second run changes nothing."""
    house = open_house()
    with house.work(write=True) as directory:
        if directory.is_empty():
            values: list[tuple[Kind, Any]] = []
            for file in sorted(resources.files("servicedir.sample").iterdir(), key=lambda f: f.name):
                if file.name.endswith(".toml"):
                    values += toml.read(file.read_text("utf-8"), file.name)
            inquiries = [value for kind, value in values if kind is Kind.INQUIRY]
            values = [pair for pair in values if pair[0] is not Kind.INQUIRY]
            outcomes = directory.adopt(values, why="Beispielkatalog")
            refused = [outcome for outcome in outcomes if outcome.result == "refused"]
            for outcome in refused:
                click.echo(f"{outcome.kind} {outcome.slug}: refused: {'; '.join(outcome.details)}", err=True)
            if refused:
                sys.exit(1)
            directory.answering.adopt(inquiries, by=SYSTEM)
            counts = Counter([*(outcome.kind for outcome in outcomes), *(Kind.INQUIRY for _one in inquiries)])
            click.echo("Loaded the sample: " + ", ".join(f"{number} {kind}" for kind, number in counts.items()) + ".")
        else:
            click.echo("The catalogue is not empty: nothing loaded.")
        if house.settings.demo_accounts:
            known = {account.person.login for account in directory.people.accounts()}
            for login, (name, grants) in DEMO_ACCOUNTS.items():
                if login not in known:
                    directory.people.add(login, name, DEMO_PASSWORD)
                    for grant in grants:
                        directory.people.grant(login, grant)


@click.command()
@click.option("--check", is_flag=True, help="Only compare: exit 1 and a line for each difference.")
@click.pass_obj
def reindex(open_house: Open, check: bool) -> None:
    """Rebuild the search index from the database, or compare them."""
    house = open_house()
    with house.work() as directory:
        if not check:
            click.echo(f"The index holds {directory.reindex(watched('Indexing'))} services.")
            return
        if house.index.change() < directory.revisions.last_change():
            house.catch_up()  # As every process does that finds the index behind.
        lines = directory.index_differences()
    for line in lines:
        click.echo(line)
    if lines:
        sys.exit(1)
    click.echo("Index and database agree.")


@click.command()
@click.option("--explain", is_flag=True, help="Say why each entry is found, and why at its place.")
@click.option("--most", default=10, show_default=True, type=click.IntRange(1, 100), help="How many entries to show.")
@click.argument("query")
@click.pass_obj
def search(open_house: Open, query: str, explain: bool, most: int) -> None:
    """Search as citizens do: what QUERY finds, best first."""
    house = open_house()
    with house.work() as directory:
        house.catch_up()
        asked = directory.query([("q", query), ("per_page", str(most))])
        page = directory.search(asked)
        explained = {one.slug: one for one in directory.explain(asked)} if explain else {}
        for number, hit in enumerate(page.hits, (asked.page - 1) * most + 1):
            click.echo(f"{number}. {hit.held.title.within('de')} ({hit.slug})")
            if one := explained.get(hit.slug):
                click.echo(f"   gains {one.score:.2f} in all; letters in common and the title's length are the rest")
                for reason in one.reasons:
                    click.echo(f"   {reason.gain:6.2f}  {reason.typed}: {reason.why}: {reason.words}")
    if page.suggestion:
        click.echo(f"Did you mean: {page.suggestion}")
    if page.wish:
        click.echo(f"Understood as a wish for: {page.wish}")
    click.echo(f"{page.total} found" + (", none of which has all words." if page.is_nearest else "."))


COMMANDS = (migrate, sample, reindex, search)
