"""Filters and their numbers, held against counting by hand: over any entries, any choice, any day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from asking import TODAY, Searching, anew
from builders import a_catalogue, a_channel, a_period, a_service, a_topic, an_audience, an_office
from hypothesis import given, settings
from hypothesis import strategies as st

from servicedir.domain.query import FACETS, Page, Query
from servicedir.domain.service import ChannelKind, Nature, Service, Stage
from servicedir.search import open_index
from servicedir.search.facets import packed, size_of, unpacked

OFFICES = ("stadt", "buergeramt", "meldestelle", "jugendamt", "kreis-a", "kreis-b")
CATALOGUE = a_catalogue(
    an_office("stadt"),
    an_office("buergeramt", parent="stadt"),
    an_office("meldestelle", parent="buergeramt"),
    an_office("jugendamt", parent="stadt"),
    # A circle is nobody's wish, but it can be saved.
    an_office("kreis-a", parent="kreis-b"),
    an_office("kreis-b", parent="kreis-a"),
    a_topic("ausweise"),
    a_topic("umzug"),
    an_audience("familien"),
    an_audience("firmen"),
)
WORDS = ("Hund", "Katze", "Wohnung", "Ausweis")
DAYS = [date(2024, 4, 30), date(2024, 5, 1), date(2025, 1, 1), TODAY, date.min, date.max]


def some(values: Any, size: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(list(values)), unique=True, max_size=size).map(tuple)


periods = st.builds(
    a_period,
    st.sampled_from(Stage),
    st.sampled_from([None, "2023", "2024-05", "2025-01-01"]),
    until=st.sampled_from([None, "2024", "2024-12-31"]),
)
channels = st.lists(st.sampled_from(ChannelKind), unique=True, max_size=3).flatmap(
    lambda kinds: st.tuples(
        *(st.builds(lambda p, k=kind: a_channel(k, *p), st.lists(periods, min_size=1, max_size=2)) for kind in kinds)
    )
)


@st.composite
def catalogues(draw: st.DrawFn) -> list[Service]:
    return [
        a_service(
            f"s-{number}",
            title=" ".join(draw(some(WORDS, 3))) or "Anderes",
            nature=draw(st.sampled_from(Nature)),
            offices=draw(some([*OFFICES, "aufgeloest"])) or ("stadt",),
            topics=draw(some(["ausweise", "umzug", "weg"])),
            audiences=draw(some(["familien", "firmen"])),
            languages=draw(some(["de", "en", "uk"])),
            channels=draw(channels),
        )
        for number in range(draw(st.integers(0, 8)))
    ]


queries = st.builds(
    Query,
    q=st.sampled_from(["", "hund", "hund katze", "-hund", "wohnung -katze", "maus", "hunt", "hund video"]),
    video=some(Stage),
    channel=some(ChannelKind),
    nature=some(Nature),
    office=some(OFFICES),
    topic=some(["ausweise", "umzug"]),
    audience=some(["familien", "firmen"]),
    language=some(["de", "en", "uk"]),
    on=st.sampled_from([None, *DAYS]),
    per_page=st.just(100),
)


# Counting by hand


def values_of(service: Service, facet: str, on: date) -> set[str]:
    """Which values of a facet an entry has: for an office, all above it as well."""
    match facet:
        case "video":
            return {service.stage(ChannelKind.VIDEO, on).value}
        case "channel":
            return {kind.value for kind in service.available(on)}
        case "nature":
            return {service.nature.value}
        case "office":
            return {above for office in service.offices for above in CATALOGUE.lineage(office)}
        case "topic":
            return set(service.topics)
        case "audience":
            return set(service.audiences)
        case _:
            return set(service.languages)


def passes(service: Service, query: Query, on: date, *, but: str = "") -> bool:
    return all(
        set(getattr(query, facet)) & values_of(service, facet, on)
        for facet in FACETS
        if facet != but and getattr(query, facet)
    )


def counted(page: Page, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in page.facets[facet]}


@pytest.fixture(scope="module")
def searching(tmp_path_factory: pytest.TempPathFactory) -> Searching:
    return Searching(open_index("whoosh", tmp_path_factory.mktemp("facets") / "index"), CATALOGUE)


@settings(max_examples=60, deadline=None)
@given(catalogues(), st.lists(queries, min_size=4, max_size=4))
def test_results_and_all_counts_are_those_that_one_counts_by_hand(
    services: list[Service], queries: list[Query]
) -> None:
    with anew(CATALOGUE) as searching:
        searching.hold(*services)
        for query in queries:
            check(searching, services, query)


def check(searching: Searching, services: list[Service], query: Query) -> None:
    """Which entries fit the words is tested elsewhere: here it is what is found without filters, on the same day."""
    on = query.on or TODAY
    by_words = {hit.slug for hit in searching.index.find(without_filters(query), CATALOGUE, TODAY).hits}
    found = [service for service in services if service.slug in by_words]
    page = searching.index.find(query, CATALOGUE, TODAY)
    wanted = {service.slug for service in found if passes(service, query, on)}
    assert {hit.slug for hit in page.hits} == wanted
    assert page.total == len(wanted) == len(page.hits)
    assert set(page.facets) == set(FACETS)
    for facet in FACETS:
        left = [service for service in found if passes(service, query, on, but=facet)]
        for value in page.facets[facet]:
            assert value.count == sum(value.value in values_of(service, facet, on) for service in left)
            assert value.selected == (value.value in getattr(query, facet))


def without_filters(query: Query) -> Query:
    return replace(query, **dict.fromkeys(FACETS, ()))


@settings(max_examples=30, deadline=None)
@given(catalogues(), st.lists(queries, min_size=4, max_size=4))
def test_a_filter_never_adds_hits_and_leaves_their_order(services: list[Service], queries: list[Query]) -> None:
    with anew(CATALOGUE) as searching:
        searching.hold(*services)
        for query in queries:
            before = [hit.slug for hit in searching.index.find(query, CATALOGUE, TODAY).hits]
            for facet in FACETS:
                # A second value of a filter may add what the first one hid; a filter more cannot.
                if getattr(query, facet):
                    continue
                for value in ("live", "video", "transactional", "stadt", "umzug", "familien", "de"):
                    narrowed = replace(query, **{facet: (value,)})
                    after = [hit.slug for hit in searching.index.find(narrowed, CATALOGUE, TODAY).hits]
                    assert after == [slug for slug in before if slug in after]


@settings(max_examples=30, deadline=None)
@given(catalogues(), queries)
def test_the_number_beside_a_value_is_what_choosing_it_finds(services: list[Service], query: Query) -> None:
    with anew(CATALOGUE) as searching:
        searching.hold(*services)
        page = searching.index.find(query, CATALOGUE, TODAY)
        for facet in FACETS:
            for value in page.facets[facet]:
                chosen = searching.index.find(replace(query, **{facet: (value.value,)}), CATALOGUE, TODAY)
                assert value.count == chosen.total == len(chosen.hits)


def test_every_value_is_listed_also_where_nothing_has_it(searching: Searching) -> None:
    searching.hold(a_service("a", channels=(), languages=("uk",)))
    page = searching.page()
    assert list(counted(page, "video")) == [stage.value for stage in Stage]
    assert list(counted(page, "channel")) == [kind.value for kind in ChannelKind]
    assert list(counted(page, "nature")) == [nature.value for nature in Nature]
    assert set(counted(page, "office")) == set(OFFICES)
    assert set(counted(page, "topic")) == {"ausweise", "umzug"}
    assert counted(page, "language") == {"uk": 1}


def test_an_entry_of_which_nobody_spoke_counts_as_unknown(searching: Searching) -> None:
    searching.hold(a_service("a", channels=()), a_service("b"))
    assert counted(searching.page(), "video")["unknown"] == 1
    assert searching.slugs(video=(Stage.UNKNOWN,)) == ["a"]


def test_values_of_one_filter_add_up_and_filters_narrow(searching: Searching) -> None:
    searching.hold(
        a_service("a", channels=(a_channel("video", a_period("live")),)),
        a_service("b", channels=(a_channel("video", a_period("pilot")),), nature=Nature.ADVISORY),
        a_service("c", channels=(a_channel("video", a_period("planned")),)),
    )
    assert searching.slugs(video=(Stage.LIVE, Stage.PILOT)) == ["a", "b"]
    assert searching.slugs(video=(Stage.LIVE, Stage.PILOT), nature=(Nature.ADVISORY,)) == ["b"]


def test_the_numbers_of_a_filter_leave_its_own_choice_out(searching: Searching) -> None:
    searching.hold(
        a_service("a", nature=Nature.ADVISORY, topics=("umzug",)),
        a_service("b", nature=Nature.TRANSACTIONAL, topics=("umzug",)),
        a_service("c", nature=Nature.TRANSACTIONAL, topics=("ausweise",)),
    )
    page = searching.page(nature=(Nature.ADVISORY,))
    assert counted(page, "nature")["transactional"] == 2
    assert counted(page, "topic") == {"ausweise": 0, "umzug": 1}


def test_an_office_counts_those_below_it_and_finds_them(searching: Searching) -> None:
    searching.hold(
        a_service("a", offices=("meldestelle",)), a_service("b", offices=("jugendamt", "buergeramt")), a_service("c")
    )
    assert counted(searching.page(), "office") == {
        "stadt": 3,
        "buergeramt": 3,
        "meldestelle": 1,
        "jugendamt": 1,
        "kreis-a": 0,
        "kreis-b": 0,
    }
    assert searching.slugs(office=("meldestelle",)) == ["a"]
    assert searching.slugs(office=("buergeramt",)) == ["a", "b", "c"]


def test_an_office_that_is_moved_takes_its_numbers_along(searching: Searching) -> None:
    searching.hold(a_service("a", offices=("meldestelle",)))
    assert counted(searching.page(), "office")["jugendamt"] == 0
    moved = a_catalogue(
        *(office for office in CATALOGUE.offices.values() if office.slug != "meldestelle"),
        an_office("meldestelle", parent="jugendamt"),
    )
    page = searching.index.find(Query(), moved, TODAY)
    assert counted(page, "office")["jugendamt"] == 1
    assert counted(page, "office")["buergeramt"] == 0


@given(st.integers(1, 4).flatmap(lambda words: st.lists(st.booleans(), min_size=64 * words, max_size=64 * words)))
def test_places_survive_being_packed_into_bits(places: list[bool]) -> None:
    bits = packed(np.array(places, bool))
    assert len(bits) * 64 == len(places)
    assert unpacked(bits).tolist() == places
    assert size_of(bits) == sum(places)


def test_several_sets_are_packed_row_by_row() -> None:
    masks = np.zeros((3, 128), bool)
    masks[1, 5] = masks[2, 127] = True
    assert unpacked(packed(masks)).tolist() == masks.tolist()
    assert [size_of(row) for row in packed(masks)] == [0, 1, 1]
