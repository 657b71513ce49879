"""Houses for tests: a real database and a real index in a folder, holding what a test is about."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from builders import a_catalogue, an_office

from servicedir import settings
from servicedir.directory import House
from servicedir.domain.acceptance import Acceptance
from servicedir.domain.catalogue import Audience, Compound, Office, Place, Synonym, Topic
from servicedir.domain.history import Entry, Kind
from servicedir.domain.inquiry import Inquiry
from servicedir.domain.programme import Programme
from servicedir.domain.service import Service
from servicedir.domain.step import Step
from servicedir.domain.workflow import SYSTEM, Grant, Role
from servicedir.exchange import toml
from servicedir.storage.people import People

ROOT = Path(__file__).resolve().parents[1]
SECRET = "only-for-tests-but-long-enough-to-be-taken"
PASSWORD = "Gelbe Fahrraeder im Regen"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

KINDS: dict[type, Kind] = {
    Service: Kind.SERVICE,
    Office: Kind.OFFICE,
    Place: Kind.PLACE,
    Topic: Kind.TOPIC,
    Audience: Kind.AUDIENCE,
    Synonym: Kind.SYNONYM,
    Compound: Kind.COMPOUND,
    Step: Kind.STEP,
    Programme: Kind.PROGRAMME,
    Acceptance: Kind.ACCEPTANCE,
    Inquiry: Kind.INQUIRY,
}

_ONE_OF_EACH = a_catalogue()
NOUNS: tuple[Any, ...] = (
    *_ONE_OF_EACH.offices.values(),
    *_ONE_OF_EACH.places.values(),
    *_ONE_OF_EACH.topics.values(),
    *_ONE_OF_EACH.audiences.values(),
    an_office("jugendamt"),
)
"""What services of the builders point at, and a second office."""

ACCOUNTS: dict[str, tuple[Grant, ...]] = {
    "anna": (Grant(Role.EDITOR, "buergeramt"),),
    "rita": (Grant(Role.EDITOR, "buergeramt"), Grant(Role.REVIEWER, "buergeramt")),
    "jonas": (Grant(Role.EDITOR, "jugendamt"),),
    "cora": (Grant(Role.COORDINATOR),),
    "ada": (Grant(Role.ADMINISTRATOR),),
    "nora": (),
}
"""Who has an account: an editor, one who may publish as well, an editor of another office, a coordinator, an
administrator, and one to whom nothing was granted."""


def settings_in(folder: Path, **values: str) -> settings.Settings:
    """Settings that write into a folder, read as from an ini and nothing of this machine's environment."""
    given = {"data": str(folder), "secret": SECRET, "insecure_cookies": "true", "migrations": str(ROOT / "alembic")}
    given["api_limit"] = "0"  # Tests ask more in a minute than one reader may.
    given["figures_period"] = "none"  # Services of the builders have been live for years, and nobody counted.
    return settings.read({f"servicedir.{name}": value for name, value in (given | values).items()}, {})


def a_house(folder: Path, *values: Any, **configured: str) -> House:
    """A house in a folder in which these values are published, after NOUNS and ACCOUNTS; close it in the end."""
    house = House(settings_in(folder, **configured))
    house.database.migrate(house.settings.migrations)
    publish(house, *NOUNS, *values)
    with house.work(write=True) as directory:
        add_accounts(directory.people)
    return house


def add_accounts(people: People) -> None:
    """Make ACCOUNTS, each with PASSWORD, hashed at a price that tests can pay."""
    cheap = People(people._session, hasher=CHEAP)
    for login, grants in ACCOUNTS.items():
        cheap.add(login, login.capitalize(), PASSWORD)
        for grant in grants:
            cheap.grant(login, grant)


def publish(house: House, *values: Any) -> None:
    """Publish values as the system does, and see to it that none was refused."""
    with house.work(write=True) as directory:
        outcomes = directory.adopt((KINDS[type(value)], value) for value in values)
        assert not [outcome for outcome in outcomes if outcome.result == "refused"]


def publish_answer(house: House, *inquiries: Inquiry) -> None:
    """Save, approve and publish inquiries, as the system does with those of the sample."""
    with house.work(write=True) as directory:
        directory.answering.adopt(inquiries, by=SYSTEM)


def a_sample_house(folder: Path, **configured: str) -> House:
    """A house in a folder with the whole sample, its answers approved and published; close it in the end."""
    house = House(settings_in(folder, **configured))
    house.database.migrate(house.settings.migrations)
    files = sorted(resources.files("servicedir.sample").iterdir(), key=lambda file: file.name)
    read = (toml.read(file.read_text("utf-8"), file.name) for file in files if file.name.endswith(".toml"))
    values = [pair for pairs in read for pair in pairs]
    with house.work(write=True) as directory:
        outcomes = directory.adopt([pair for pair in values if pair[0] is not Kind.INQUIRY])
        assert not [outcome for outcome in outcomes if outcome.result == "refused"]
        directory.answering.adopt([value for kind, value in values if kind is Kind.INQUIRY], by=SYSTEM)
    return house


def save(house: House, value: Service, *steps: str, based_on: int | None = None) -> Entry:
    """Save a service as the system does, and take these steps: without any it is a draft."""
    with house.work(write=True) as directory:
        entry = directory.save(value, based_on=based_on, by=SYSTEM)
        for step in steps:
            entry = directory.move(value.slug, step, based_on=entry.latest.number, by=SYSTEM)
        return entry


def open_session(house: House, login: str) -> str:
    """A session's token, as signing in makes it, with the second factor given where one is asked for."""
    with house.work(write=True) as directory:
        return directory.people.open_session(login, confirmed=True)


def rows(house: House, table: str) -> int:
    """How many rows a table has: whether something was written."""
    with house.database.engine.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608 - named here


WRITTEN = (
    "entries",
    "revisions",
    "changes",
    "accounts",
    "grants",
    "audit",
    "hints",
    "figures",
    "subscriptions",
    "answers",
)


def written(house: House) -> dict[str, int]:
    """How many rows there are of everything that a person can change."""
    return {table: rows(house, table) for table in WRITTEN}
