"""Answers to the council for tests of pages: written by one, approved by somebody else, and published or not yet."""

from __future__ import annotations

from builders import a_block, an_inquiry
from houses import ACCOUNTS

from servicedir.directory import House
from servicedir.domain.inquiry import Approved, Inquiry
from servicedir.domain.workflow import Person

CORA = Person("cora", grants=ACCOUNTS["cora"])
ADA = Person("ada", grants=ACCOUNTS["ada"])

ANSWERED = an_inquiry(
    "af0147-24",
    a_block(
        "services",
        title={"de": "Per Video", "en": "By video"},
        text={"de": "Die Stadt baut ihr Angebot aus.", "en": "The city extends its offer."},
        columns=("title", "office", "stage", "since"),
    ),
    title={"de": "Beratung per Video", "en": "Advice by video"},
    asked_by={"de": "Stadtrat", "en": "City council"},
    received="2026-01-05",
)
"""What the small town of the tests has answered already."""


def approve(house: House, inquiry: Inquiry, based_on: int | None = None) -> Approved:
    """Save an inquiry and have it approved by somebody else: frozen, and seen by nobody outside."""
    with house.work(write=True) as directory:
        number = directory.answering.save(inquiry, based_on=based_on, by=CORA).latest.number
        directory.answering.step(inquiry.slug, "submit", based_on=number, by=CORA)
        return directory.answering.step(inquiry.slug, "approve", based_on=number, by=ADA).answers[-1]


def answer(house: House, inquiry: Inquiry, based_on: int | None = None) -> Approved:
    """Answer an inquiry for everybody, from what the directory knows now."""
    approved = approve(house, inquiry, based_on)
    with house.work(write=True) as directory:
        return directory.answering.step(inquiry.slug, "publish", based_on=approved.revision, by=ADA).answers[-1]
