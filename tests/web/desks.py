"""The desk of a town for tests: entries for each of its filters, and what its pages say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from builders import a_channel, a_constraint, a_period, a_service
from houses import publish, rows, save, written
from sites import Site
from webtest import TestResponse

from servicedir.domain.service import Effect
from servicedir.domain.workflow import SYSTEM

NASTY = '"><script>alert(1)</script>&amp; Ärger\u2028'


def act(site: Site, work: Callable[[Any], Any]) -> Any:
    with site.house.work(write=True) as directory:
        return work(directory)


def section(page: TestResponse, name: str) -> str:
    """What a section of the desk says; an empty string where it is not there."""
    found = page.html.find("section", attrs={"aria-labelledby": name})
    return str(found.get_text(" ", strip=True)) if found else ""


def links_in(page: TestResponse, name: str) -> set[str]:
    return {a["href"] for a in page.html.find("section", attrs={"aria-labelledby": name}).find_all("a")}


def titles(page: TestResponse) -> list[str]:
    """The titles in the list of entries."""
    table = page.html.find("form", id="bulk")
    return [str(cell.get_text(strip=True)) for cell in table.select("tbody th")] if table else []


def hits(page: TestResponse) -> int:
    return int(page.html.find(id="hits").get_text().split()[0])


def everything(site: Site) -> dict[str, int]:
    return written(site.house) | {name: rows(site.house, name) for name in ("batches", "verifications")}


def fill(town: Site) -> None:
    """Put an entry for each filter of the list into the town."""
    publish(
        town.house,
        a_service("aal", title="Aalfang"),
        a_service("stumm", title="Stumm", channels=()),
        a_service("schief", title="Schief", constraints=(a_constraint(effect=Effect.RULES_OUT),)),
        a_service("unten", title="Unten", offices=("meldestelle",), channels=(a_channel("video", a_period("paused")),)),
    )
    save(town.house, a_service("aal", title="Aalfang neu"), based_on=1)
    save(town.house, a_service("wartet", title="Wartet"), "submit")
    save(town.house, a_service("weg", title="Weg"), "publish", "retire")
    act(town, lambda d: d.reviews.assign("stumm", responsible="rita", review_months=None, by=SYSTEM))
