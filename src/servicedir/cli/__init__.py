"""The command line: thin; each command parses, calls the door and prints."""

from __future__ import annotations

import configparser
import sys
from pathlib import Path

import click

from servicedir import settings
from servicedir.cli import content, housekeeping, people, reports, server, sheets, tokens
from servicedir.directory import House


class Program(click.Group):
    """Commands that a broken setting ends with one line that names it, whenever it is found."""

    def invoke(self, context: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(context)
        except settings.BadSetting as fault:
            sys.exit(f"servicedir: {fault}")


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-c", "--config", "ini", required=True, type=click.Path(path_type=Path), help="The ini with the settings."
)
@click.pass_context
def main(context: click.Context, ini: Path) -> None:
    """Run a directory of a city's services."""
    context.obj = lambda: open_house(ini, ready=context.invoked_subcommand != "migrate")


def open_house(ini: Path, *, ready: bool = True) -> House:
    """Return the house of an ini file; no schema yet ends the program with one line. Raises settings.BadSetting."""
    house = House(read_settings(ini))
    if ready and (lacking := house.lacking()):
        sys.exit(f"servicedir: {lacking}: try `servicedir -c {ini} migrate`")
    return house


def read_settings(ini: Path) -> settings.Settings:
    """Return the settings of an ini file and the environment; no such file ends the program with one line.

    Raises settings.BadSetting.
    """
    if not ini.is_file():
        sys.exit(f"servicedir: there is no file {ini}")
    parser = configparser.ConfigParser(defaults={"here": str(ini.resolve().parent)})
    try:
        parser.read(ini, encoding="utf-8")
        section = dict(parser["app:main"])
        return settings.read(section)
    except KeyError:
        sys.exit(f"servicedir: {ini} has no section [app:main]")
    except configparser.InterpolationError as fault:  # Its message quotes the value, which may be a secret.
        sys.exit(f"servicedir: {ini} cannot be read: a percent sign in {fault.option} must be written %%")
    except (configparser.Error, UnicodeDecodeError) as fault:
        sys.exit(f"servicedir: {ini} cannot be read: {str(fault).splitlines()[0]}")


for command in (
    *content.COMMANDS,
    *sheets.COMMANDS,
    *reports.COMMANDS,
    *server.COMMANDS,
    *housekeeping.COMMANDS,
    people.user,
    tokens.token,
):
    main.add_command(command)
