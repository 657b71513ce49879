"""Parameters of a search: what each takes, what it refuses and how it is told, and that every state fits an address."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import a_catalogue, a_topic, an_audience, an_office
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.query import (
    DEEPEST_RESULT,
    FACETS,
    LONGEST_QUERY,
    MOST_PER_PAGE,
    BadValue,
    Hit,
    Page,
    Query,
    Sort,
    parse,
)
from servicedir.domain.service import ChannelKind, Nature, Stage

CATALOGUE = a_catalogue(
    an_office("buergeramt"), an_office("jugendamt"), a_topic("ausweise"), a_topic("umzug"), an_audience("familien")
)
SPOKEN = ("de", "en", "uk")


def read(*pairs: tuple[str, str], **single: str) -> Query:
    return parse([*pairs, *single.items()], CATALOGUE, spoken=SPOKEN)


def refused(*pairs: tuple[str, str], **single: str) -> BadValue:
    with pytest.raises(BadValue) as fault:
        read(*pairs, **single)
    return fault.value


# What each parameter takes


def test_without_parameters_everything_is_asked_for_today() -> None:
    assert read() == Query()
    assert (Query().page, Query().per_page, Query().sort, Query().on) == (1, 20, Sort.RELEVANCE, None)


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("q", "Wohnung abmelden", "Wohnung abmelden"),
        ("video", "pilot", (Stage.PILOT,)),
        ("channel", "in_person", (ChannelKind.IN_PERSON,)),
        ("nature", "advisory", (Nature.ADVISORY,)),
        ("office", "jugendamt", ("jugendamt",)),
        ("topic", "umzug", ("umzug",)),
        ("audience", "familien", ("familien",)),
        ("language", "uk", ("uk",)),
        ("on", "2024-05-01", date(2024, 5, 1)),
        ("on", "0001-01-01", date.min),
        ("on", "9999-12-31", date.max),
        ("sort", "title", Sort.TITLE),
        ("sort", "updated", Sort.UPDATED),
        ("page", "2", 2),
        ("per_page", "100", 100),
        ("lang", "en", "en"),
    ],
)
def test_each_parameter_is_read(name: str, value: str, meant: Any) -> None:
    assert getattr(read((name, value)), name) == meant


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_can_be_asked_for(stage: Stage) -> None:
    assert read(video=stage.value).video == (stage,)


def test_values_of_one_filter_gather_and_each_counts_once() -> None:
    assert read(("video", "live"), ("video", "pilot"), ("video", "live")).video == (Stage.LIVE, Stage.PILOT)


def test_an_unknown_parameter_is_ignored() -> None:
    assert read(("callback", "alert"), ("utm_source", "x"), ("Q", "x"), ("", "x")) == Query()


@pytest.mark.parametrize("name", ["q", *FACETS, "on", "sort", "page", "per_page", "lang"])
@pytest.mark.parametrize("empty", ["", "  ", "\x00"])
def test_an_empty_field_of_a_form_asks_for_nothing(name: str, empty: str) -> None:
    assert read((name, empty)) == Query()


# What each refuses


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("video", "sometimes", "unknown"),
        ("video", "LIVE", "unknown"),
        ("channel", "fax", "unknown"),
        ("nature", "live", "unknown"),
        ("office", "ausweise", "unknown"),
        ("office", "../etc", "unknown"),
        ("topic", "buergeramt", "unknown"),
        ("audience", "alle", "unknown"),
        ("language", "tlh", "unknown"),
        ("on", "yesterday", "day"),
        ("on", "2024-05", "day"),
        ("on", "2024-02-30", "day"),
        ("on", "20240501", "day"),
        ("on", "2024-W18-3", "day"),
        ("on", "01.05.2024", "day"),
        ("on", "2024-05-01T00:00:00", "day"),
        ("sort", "random", "unknown"),
        ("page", "0", "number"),
        ("page", "-1", "number"),
        ("page", "1.0", "number"),
        ("page", "1e3", "number"),
        ("page", "+1", "number"),
        ("page", "٣", "number"),
        ("page", "9" * 5000, "number"),
        ("page", str(DEEPEST_RESULT // 20 + 1), "number"),
        ("per_page", "0", "number"),
        ("per_page", "101", "number"),
        ("per_page", "100000", "number"),
        ("lang", "fr", "unknown"),
    ],
)
def test_a_value_that_a_parameter_does_not_have_is_refused_by_name(name: str, value: str, reason: str) -> None:
    fault = refused((name, value))
    assert (fault.parameter, fault.value, fault.reason) == (name, value, reason)


def test_one_bad_value_beside_good_ones_is_refused() -> None:
    assert refused(("video", "live"), ("video", "sometimes")).value == "sometimes"


@pytest.mark.parametrize("name", ["q", "on", "sort", "page", "per_page", "lang"])
def test_what_can_be_said_once_is_not_said_twice(name: str) -> None:
    good = {"q": "a", "on": "2024-05-01", "sort": "title", "page": "1", "per_page": "10", "lang": "en"}[name]
    fault = refused((name, good), (name, good))
    assert (fault.parameter, fault.reason) == (name, "repeated")


def test_a_short_list_of_values_is_told_and_a_long_one_is_not() -> None:
    assert set(refused(video="x").allowed) == {stage.value for stage in Stage}
    assert refused(office="x").allowed == ("buergeramt", "jugendamt")
    many = a_catalogue(*(an_office(f"amt-{number}") for number in range(20)))
    with pytest.raises(BadValue) as fault:
        parse([("office", "x")], many)
    assert fault.value.allowed == ()


def test_the_bounds_of_a_number_are_told() -> None:
    assert refused(per_page="0").allowed == ("1", str(MOST_PER_PAGE))
    assert refused(page="0", per_page="100").allowed == ("1", str(DEEPEST_RESULT // 100))


# What is cut


def test_a_long_query_is_cut_and_no_error() -> None:
    assert read(q="ä" * 60_000).q == "ä" * LONGEST_QUERY


def test_nul_is_left_out_everywhere() -> None:
    assert read(q="\x00aus\x00weis").q == "ausweis"
    assert read(video="li\x00ve").video == (Stage.LIVE,)


def test_blanks_around_a_value_do_not_count() -> None:
    assert read(q="  Umzug ", video=" live ") == Query(q="Umzug", video=(Stage.LIVE,))


# Paging


@pytest.mark.parametrize("total", [0, 1, 20, DEEPEST_RESULT - 1, DEEPEST_RESULT, DEEPEST_RESULT * 3])
def test_the_last_page_that_is_linked_can_be_opened(total: int) -> None:
    for per_page in range(1, MOST_PER_PAGE + 1):
        page = Page(query=Query(per_page=per_page), total=total, hits=(), facets={})
        assert page.pages >= 1
        assert read(page=str(page.pages), per_page=str(per_page)).page == page.pages


def test_all_results_fit_on_the_pages() -> None:
    hit = Hit(held=None)  # type: ignore[arg-type]  # not looked at
    for total, pages in ((0, 1), (1, 1), (20, 1), (21, 2), (141, 8)):
        assert Page(query=Query(), total=total, hits=(hit,), facets={}).pages == pages


# Every state is in the address


def chosen(values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(list(values)), unique=True, max_size=3).map(tuple)


per_pages = st.integers(1, MOST_PER_PAGE)
queries = st.builds(
    Query,
    q=st.text(st.characters(exclude_characters="\0"), max_size=LONGEST_QUERY).map(str.strip),
    video=chosen(Stage),
    channel=chosen(ChannelKind),
    nature=chosen(Nature),
    office=chosen(CATALOGUE.offices),
    topic=chosen(CATALOGUE.topics),
    audience=chosen(CATALOGUE.audiences),
    language=chosen(SPOKEN),
    on=st.none() | st.dates(),
    sort=st.sampled_from(Sort),
    page=st.integers(1, DEEPEST_RESULT // MOST_PER_PAGE),
    per_page=per_pages,
    lang=st.sampled_from(("de", "en")),
)


@given(queries)
def test_an_address_says_a_query_whole(query: Query) -> None:
    assert parse(query.pairs(), CATALOGUE, spoken=SPOKEN) == query


@given(queries)
def test_an_address_says_nothing_that_goes_without_saying(query: Query) -> None:
    for position in range(len(query.pairs())):
        shorter = query.pairs()
        del shorter[position]
        assert parse(shorter, CATALOGUE, spoken=SPOKEN) != query


def test_without_choices_the_address_is_bare() -> None:
    assert Query().pairs() == []


def test_the_first_language_of_the_interface_is_the_one_that_goes_without_saying() -> None:
    assert parse([], CATALOGUE, ("en", "de")).lang == "en"
    assert parse([("lang", "de")], CATALOGUE, ("en", "de")).lang == "de"


@given(queries, st.sampled_from([("video", "live"), ("office", "jugendamt"), ("language", "uk")]))
def test_toggling_a_value_twice_leaves_the_filters_as_they_were(query: Query, value: tuple[str, str]) -> None:
    once = query.toggled(*value)
    assert once.page == 1
    assert (value in once.selected) != (value in query.selected)
    assert set(once.toggled(*value).selected) == set(query.selected)


@given(st.lists(st.tuples(st.sampled_from(["q", *FACETS, "on", "sort", "page", "per_page", "lang", "x"]), st.text())))
def test_whatever_is_sent_is_read_or_refused_by_name(pairs: list[tuple[str, str]]) -> None:
    try:
        query = parse(pairs, CATALOGUE, spoken=SPOKEN)
    except BadValue as fault:
        assert fault.parameter in dict(pairs)
    else:
        assert len(query.q) <= LONGEST_QUERY
        assert "\0" not in query.q
        assert query.page * query.per_page <= DEEPEST_RESULT
