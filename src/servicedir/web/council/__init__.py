"""The council's room: where video stands, what was asked and answered, and the desk of those who answer."""

from __future__ import annotations

from threading import BoundedSemaphore

from pyramid.config import Configurator

from servicedir.directory import Directory
from servicedir.web.contexts import City
from servicedir.web.council.frozen import comparable, frozen
from servicedir.web.council.officers import InquiryPage
from servicedir.web.council.once import PLACES, Once

MOST_PICTURES = 32
"""Pictures of the rollout that are kept: those of today in two languages, and some of other days."""


def includeme(config: Configurator) -> None:
    """Add the routes; those of officers stand first, since /inquiries/add looks like an inquiry."""
    config.add_route("desk-inquiries", "/desk/inquiries", factory=City)
    config.add_route("inquiry-add", "/inquiries/add", factory=City)
    config.add_route("inquiry-preview", "/inquiries/{slug}/preview", factory=City)
    for page in ("edit", "workflow", "history"):
        config.add_route(f"inquiry-{page}", f"/inquiries/{{slug}}/{page}", factory=InquiryPage)
    house = config.registry.house
    places = BoundedSemaphore(PLACES)
    config.registry.once = Once(house, _answers, places)
    config.registry.pictures = Once(house, lambda _directory: MOST_PICTURES, places)
    config.add_route("inquiries-bare", "/inquiries")
    config.add_route("inquiries", "/inquiries/")
    config.add_route("inquiry-today", "/inquiries/{slug}/today", factory=frozen)
    config.add_route("inquiry-compare", "/inquiries/{slug}/compare", factory=comparable)
    config.add_route("inquiry-table", "/inquiries/{slug}/{edition}/tables/{number}.csv", factory=frozen)
    config.add_route("inquiry-edition-file", "/inquiries/{slug}/{edition}.{ending}", factory=frozen)
    config.add_route("inquiry-edition", "/inquiries/{slug}/{edition}", factory=frozen)
    config.add_route("inquiry-file", "/inquiries/{slug}.{ending}", factory=frozen)
    config.add_route("inquiry", "/inquiries/{slug}", factory=frozen)
    config.add_route("rollout", "/rollout")
    config.add_route("rollout-csv", "/rollout.csv")
    config.add_route("rollout-sheet", "/rollout/{name}.csv")
    config.add_route("rollout-picture", "/rollout/{name}.{ending}")
    config.scan(__name__)


def _answers(directory: Directory) -> int:
    """Return how many pages beside published answers there are: one for each inquiry in each language."""
    return max(1, len(directory.inquiries.published())) * len(directory.house.settings.languages)
