"""What the tests of pages stand on: a city with the sample in it, and small houses that each test may change."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import (
    a_channel,
    a_compound,
    a_constraint,
    a_legal_basis,
    a_period,
    a_place,
    a_programme,
    a_service,
    a_step,
    a_synonym,
    a_topic,
    a_video_need,
    an_acceptance,
    an_office,
)

if "CHAMELEON_CACHE" not in os.environ:
    # Chameleon reads this when it is imported. With it, templates are compiled once and not for every application.
    os.environ["CHAMELEON_CACHE"] = tempfile.mkdtemp(prefix="servicedir-templates-")
    atexit.register(shutil.rmtree, os.environ["CHAMELEON_CACHE"], ignore_errors=True)

from answered import ANSWERED
from houses import ACCOUNTS, a_house, a_sample_house, add_accounts, publish_answer
from sites import Site

from servicedir.domain.hint import Subject
from servicedir.domain.service import ChannelKind, Effect, Requirement
from servicedir.domain.text import Text
from servicedir.domain.workflow import Person
from servicedir.exchange.formats import FORMATS


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a city with the sample catalogue and some accounts."""
    folder = tmp_path_factory.mktemp("city")
    house = a_sample_house(folder)
    with house.work(write=True) as directory:
        add_accounts(directory.people)
    house.close()
    return folder


@pytest.fixture(scope="session")
def city(city_folder: Path) -> Iterator[Site]:
    """The site of that city. It is shared by all tests: nobody writes here."""
    site = Site(city_folder)
    yield site
    site.close()


VIDEO_SERVICE = a_service(
    "wohnsitz-abmelden",
    title={"de": "Wohnsitz abmelden", "en": "Deregister a residence"},
    summary={"de": "Wer ins Ausland zieht, meldet die Wohnung ab.", "en": "When moving abroad."},
    body="Sie buchen einen Termin.\n\n- Ausweis bereithalten",
    offices=("buergeramt",),
    topics=("umzug",),
    audiences=("familien",),
    places=("rathaus",),
    keywords=("Auszug",),
    documents=("Personalausweis",),
    costs="gebührenfrei",
    duration="sofort",
    leika_key="99115002104000",
    languages=("de", "uk"),
    related=("hundesteuer",),
    legal_bases=(a_legal_basis("§ 17 BMG", "https://www.gesetze-im-internet.de/bmg/__17.html"),),
    channels=(
        a_channel(
            ChannelKind.VIDEO,
            a_period("planned", "2023", until="2024-04"),
            a_period(
                "pilot",
                "2024-05",
                slots_per_week=25,
                booking="Termin im Netz wählen",
                booking_url="https://termine.example.org/abmelden",
                source="Ratsanfrage 12/2024",
                needs=a_video_need(test_url="https://video.example.org/test", privacy="Es wird nichts aufgezeichnet."),
            ),
            note="Nur mit Kamera.",
        ),
        a_channel(ChannelKind.IN_PERSON, a_period("live", None, attested="2020")),
        a_channel(ChannelKind.PHONE, a_period("ruled_out", "2020")),
    ),
    constraints=(
        a_constraint(
            requirement=Requirement.IDENTITY_CHECK,
            effect=Effect.CONDITIONS,
            channel=ChannelKind.VIDEO,
            legal_basis=a_legal_basis("§ 17 Abs. 2 BMG", "https://www.gesetze-im-internet.de/bmg/__17.html"),
            note="Der Ausweis wird in die Kamera gehalten.",
        ),
    ),
)


@pytest.fixture(scope="session")
def town_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a small town: a service that says everything that can be said, with a hint; one that says little."""
    folder = tmp_path_factory.mktemp("town")
    house = a_house(
        folder,
        a_topic("umzug", name={"de": "Umzug und Wohnen"}),
        an_office("meldestelle", parent="buergeramt", name={"de": "Meldestelle"}),
        a_place("buergerbuero", closed="2024-07", name={"de": "Digitales Bürgerbüro"}),
        a_synonym("Fahrerlaubnis", "Führerschein"),
        a_compound("Bundes|amt"),
        VIDEO_SERVICE,
        a_service("hundesteuer", title="Hundesteuer", offices=("jugendamt",), channels=(), nature="advisory"),
        a_programme("digitalpakt", name="Digitalpakt", url="https://foerderung.example.org/", begins="2024"),
        a_step(
            "videoraum",
            name={"de": "Raum für Videotermine", "en": "Room for video appointments"},
            services=("wohnsitz-abmelden",),
            programmes=("digitalpakt",),
            earlier_targets=("2025-12",),
            blocker="Es fehlt ein Raum.",
            paper="V12/26",
            paper_url="https://ratsinfo.example.org/v12",
        ),
        an_acceptance("umfrage", name="Umfrage am Schalter", services=("wohnsitz-abmelden",)),
    )
    with house.work(write=True) as directory:
        directory.hints.give("wohnsitz-abmelden", subject=Subject.WRONG, text="Die Nummer stimmt nicht.")
        edited = replace(VIDEO_SERVICE, summary=Text.of("Wer wegzieht, meldet die Wohnung ab."))
        sheet = FORMATS["csv"].write([edited], house.today(), {edited.slug: 1})
        directory.uploads.bring("liste.csv", sheet, Person("rita", grants=ACCOUNTS["rita"]))
        said = b"service;channel;measure;period;value\nwohnsitz-abmelden;video;held;2024-05;7\n"
        directory.figure_sheets.bring("zahlen.csv", said, Person("rita", grants=ACCOUNTS["rita"]))
    publish_answer(house, ANSWERED)
    house.close()
    return folder


@pytest.fixture(scope="session")
def quiet(town_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of that town, shared by all tests: nobody writes here."""
    folder = tmp_path_factory.mktemp("quiet") / "town"
    shutil.copytree(town_folder, folder)
    site = Site(folder)
    yield site
    site.close()


@pytest.fixture
def town(town_folder: Path, tmp_path: Path) -> Iterator[Site]:
    """The site of that town, a copy for each test: write what you like."""
    shutil.copytree(town_folder, tmp_path / "town")
    site = Site(tmp_path / "town")
    yield site
    site.close()


@pytest.fixture
def town_with(town_folder: Path, tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Makes the town's site with settings of the test's own."""
    sites: list[Site] = []

    def make(**configured: Any) -> Site:
        folder = tmp_path / f"town-{len(sites)}"
        shutil.copytree(town_folder, folder)
        sites.append(Site(folder, **configured))
        return sites[-1]

    yield make
    for site in sites:
        site.close()
