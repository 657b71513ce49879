"""Commands for accounts; passwords come from a prompt or from stdin, never from an argument."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime

import click

from servicedir.directory import Directory, House, Refused
from servicedir.domain.history import NotFound
from servicedir.domain.workflow import SYSTEM, Grant, Role

Open = Callable[[], House]


REFUSALS = {
    "not_a_login": "a login has letters, digits, dots, hyphens and no spaces",
    "login_taken": "there is an account with this login already",
    "password_too_short": "a password needs at least 12 characters",
    "password_too_long": "a password has at most 200 characters",
    "password_common": "this password is among the first that anybody would guess",
    "no_email": "an invitation needs an address: --email name@example.org",
}
"""What storage refuses, in words."""

CITY_ROLES = (Role.COORDINATOR, Role.ADMINISTRATOR)


@click.group()
def user() -> None:
    """Make accounts, give them roles, lock them."""


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


def _or_exit(house: House, act: Callable[[Directory], str]) -> None:
    """Do something in a transaction and print its sentence; a refusal ends the program with a sentence."""
    try:
        with house.work(write=True) as directory:
            sentence = act(directory)
    except NotFound as fault:
        sys.exit(f"servicedir: there is no account {fault}")
    except Refused as refused:
        sys.exit(f"servicedir: {'; '.join(REFUSALS[fault.what] for fault in refused.faults)}")
    except ValueError as fault:
        sys.exit(f"servicedir: {REFUSALS.get(str(fault), fault)}")
    click.echo(sentence)


@user.command()
@click.argument("login")
@click.option("--name", default="", help="The name that is shown beside changes.")
@click.option("--email", default="", help="Where reminders go.")
@click.option("--invite", is_flag=True, help="Send a link by which the person sets a password.")
@click.pass_obj
def add(open_house: Open, login: str, name: str, email: str, invite: bool) -> None:
    """Make an account; its password is read from a prompt or stdin, or set by the person who is invited."""
    if invite:
        _invite(open_house(), login, name or login, email)
        return
    password = _password()

    def act(directory: Directory) -> str:
        account = directory.people.add(login, name or login, password, email)
        directory.people.audit("system", "user add", f"account/{account.person.login}", {})
        return f"Made the account {account.person.login}."

    _or_exit(open_house(), act)


def _invite(house: House, login: str, name: str, email: str) -> None:
    base = house.settings.base_url.rstrip("/")
    if not base:
        sys.exit("servicedir: an invitation holds a link: set servicedir.base_url")

    def act(directory: Directory) -> str:
        account = directory.accounts.invite(
            login, name, email, by=SYSTEM, link=lambda token: f"{base}/invitations/{token}"
        )
        return f"Made the account {account.person.login}; the invitation goes to {account.email}."

    _or_exit(house, act)


@user.command("list")
@click.pass_obj
def list_accounts(open_house: Open) -> None:
    """Print a line for each account: login, state, roles, name."""
    with open_house().work() as directory:
        for account in directory.people.accounts():
            roles = ", ".join(f"{g.role}@{g.office or '*'}" for g in account.person.grants) or "no role"
            state = "disabled" if account.disabled else "active"
            click.echo(f"{account.person.login}\t{state}\t{roles}\t{account.person.name}")


@user.command()
@click.argument("login")
@click.argument("role_name", metavar="ROLE", type=click.Choice([role.value for role in Role]))
@click.option("--office", default="", help="Slug of the office; left out, the role is for the whole city.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="The last day of the role.")
@click.option("--remove", is_flag=True, help="Take the role away.")
@click.pass_obj
def role(open_house: Open, login: str, role_name: str, office: str, until: datetime | None, remove: bool) -> None:
    """Give an account a role, or take it away."""

    def act(directory: Directory) -> str:
        if office and office not in directory.catalogue.offices:
            raise ValueError(f"there is no office {office!r}")
        if office and role_name in CITY_ROLES:
            raise ValueError(f"{role_name} is a role for the whole city: leave --office out")
        grant = Grant(Role(role_name), office, until.date() if until else None)
        (directory.people.ungrant if remove else directory.people.grant)(login, grant)
        detail = {"role": role_name, "office": office}
        directory.people.audit("system", "role remove" if remove else "role add", f"account/{login}", detail)
        return f"{login} {'is no longer' if remove else 'is now'} {role_name} of {office or 'the whole city'}."

    _or_exit(open_house(), act)


@user.command()
@click.argument("login")
@click.pass_obj
def password(open_house: Open, login: str) -> None:
    """Set an account's password, read from a prompt or stdin, and end its sessions."""
    new = _password()

    def act(directory: Directory) -> str:
        directory.people.set_password(login, new)
        directory.people.audit("system", "password", f"account/{login}", {})
        return f"{login} has a new password."

    _or_exit(open_house(), act)


@user.command()
@click.argument("login")
@click.option("--enable", is_flag=True, help="Unlock it again.")
@click.pass_obj
def disable(open_house: Open, login: str, enable: bool) -> None:
    """Lock an account and end its sessions, or unlock it."""

    def act(directory: Directory) -> str:
        directory.people.disable(login, not enable)
        directory.people.audit("system", "enable" if enable else "disable", f"account/{login}", {})
        return f"{login} is {'unlocked' if enable else 'locked'}."

    _or_exit(open_house(), act)


@user.command()
@click.argument("login")
@click.option("--reset", is_flag=True, help="Take the second factor away, for somebody who has lost it.")
@click.pass_obj
def factor(open_house: Open, login: str, reset: bool) -> None:
    """Tell whether an account has a second factor, or take it away and end its sessions."""

    def act(directory: Directory) -> str:
        if not reset:
            has_factor = directory.people.account(login).has_factor
            return f"{login} has {'a' if has_factor else 'no'} second factor."
        directory.people.factors.remove(login)
        directory.people.audit("system", "factor reset", f"account/{login}", {})
        return f"{login} has no second factor any more."

    _or_exit(open_house(), act)
