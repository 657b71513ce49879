"""The contract of an index: what was put is found at once, by everybody, once; and it is known how far it got."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from asking import TODAY, Searching, anew, published, services
from builders import a_channel, a_period, a_service
from hypothesis import given, settings
from hypothesis import strategies as st

from servicedir.domain.history import Published
from servicedir.domain.query import Query, Sort
from servicedir.domain.service import ChannelKind, Stage
from servicedir.search import Index, open_index

# What it holds


def test_an_empty_index_finds_nothing_and_stands_at_nought(searching: Searching) -> None:
    page = searching.page("hund")
    assert (page.total, page.hits, searching.index.change()) == (0, (), 0)
    assert searching.index.get("hund") is None
    assert searching.index.spoken() == frozenset()


def test_what_was_put_is_found_and_comes_back_as_it_was(searching: Searching) -> None:
    entry = published(a_service("hund", title={"de": "Hund", "en": "Dog"}, languages=("de", "uk")), 7)
    searching.index.update([entry], [], 12)
    assert searching.slugs("hund") == ["hund"]
    assert searching.index.get("hund") == entry
    assert searching.page("hund").hits[0].entry == entry
    assert searching.index.change() == 12
    assert searching.index.spoken() == {"de", "uk"}


def test_a_later_state_takes_the_place_of_an_earlier_one(searching: Searching) -> None:
    searching.hold(a_service("tier", title="Hund"))
    searching.index.update([published(a_service("tier", title="Katze"), 2)], [], 2)
    assert searching.slugs("hund") == []
    assert searching.slugs("katze") == ["tier"]
    assert searching.page().total == 1


def test_what_was_removed_is_gone(searching: Searching) -> None:
    searching.hold(a_service("hund"), a_service("katze"))
    searching.index.update([], ["hund", "never-there"], 3)
    assert searching.slugs() == ["katze"]
    assert searching.index.get("hund") is None
    assert searching.index.change() == 3


def test_one_key_twice_leaves_its_last_state(searching: Searching) -> None:
    first, last = published(a_service("tier", title="Hund"), 1), published(a_service("tier", title="Katze"), 2)
    searching.index.update([first, last], [], 2)
    assert searching.page().total == 1
    assert searching.index.get("tier") == last
    searching.index.rebuild([first, last], 3)
    assert searching.page().total == 1
    assert searching.index.get("tier") == last


def test_what_is_put_and_removed_at_once_is_gone(searching: Searching) -> None:
    searching.index.update([published(a_service("hund"))], ["hund"], 1)
    assert searching.page().total == 0


def test_a_rebuilt_index_holds_just_what_it_was_rebuilt_from(searching: Searching) -> None:
    searching.hold(a_service("hund"), a_service("katze"))
    searching.index.rebuild([published(a_service("maus"))], 9)
    assert searching.slugs() == ["maus"]
    assert searching.index.change() == 9
    searching.index.rebuild([], 10)
    assert searching.page().total == 0
    assert searching.index.change() == 10


def test_a_change_that_concerns_no_entry_is_remembered(searching: Searching) -> None:
    searching.hold(a_service("hund"))
    searching.index.update([], [], 5)
    assert searching.index.change() == 5
    assert searching.slugs() == ["hund"]


def test_a_writer_that_fails_leaves_all_as_it_was(searching: Searching) -> None:
    searching.hold(a_service("hund"))

    def broken() -> object:
        yield published(a_service("katze"))
        raise RuntimeError("half way")

    for write in (
        lambda: searching.index.update(broken(), [], 9),  # type: ignore[arg-type]
        lambda: searching.index.rebuild(broken(), 9),  # type: ignore[arg-type]
    ):
        with pytest.raises(RuntimeError, match="half way"):
            write()
        assert searching.slugs() == ["hund"]
        assert searching.index.change() == 1
    searching.index.update([published(a_service("katze"))], [], 2)
    assert searching.page().total == 2


def test_what_differs_is_told_line_by_line(searching: Searching) -> None:
    hund, katze, maus = (published(a_service(slug)) for slug in ("hund", "katze", "maus"))
    searching.index.rebuild([hund, katze, maus], 3)
    assert searching.index.difference([hund, katze, maus]) == []
    newer = published(a_service("katze", title="Kater"), 2)
    lines = searching.index.difference([hund, newer, published(a_service("igel"))])
    assert [line.split(":")[0] for line in lines] == ["katze", "igel", "maus"]


def test_the_same_revision_with_other_words_differs(searching: Searching) -> None:
    searching.index.rebuild([published(a_service("hund"))], 1)
    assert len(searching.index.difference([published(a_service("hund", title="Anders"))])) == 1


def test_there_is_no_other_engine(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no search engine 'elastic'"):
        open_index("elastic", tmp_path)


# Order and pages


def test_titles_are_in_the_order_of_german_dictionaries(searching: Searching) -> None:
    titles = ["Ämter", "Abfall", "Zoo", "öffnen", "Ofen", "Über", "Umzug", "Straße", "Strasse b"]
    searching.hold(*(a_service(f"s-{number}", title=title) for number, title in enumerate(titles)))
    found = [hit.entry.service.title.get("de") for hit in searching.page(sort=Sort.TITLE).hits]
    assert found == ["Abfall", "Ämter", "Ofen", "öffnen", "Straße", "Strasse b", "Über", "Umzug", "Zoo"]


def test_titles_are_in_the_order_of_the_readers_language(searching: Searching) -> None:
    searching.hold(
        a_service("a", title={"de": "Abmelden", "en": "Leave"}),
        a_service("b", title={"de": "Hund", "en": "Dog"}),
        a_service("c", title={"de": "Ehe"}),
    )
    assert searching.slugs(sort=Sort.TITLE) == ["a", "c", "b"]
    assert searching.slugs(sort=Sort.TITLE, lang="en") == ["b", "c", "a"]


def test_what_changed_last_comes_first_when_asked_for(searching: Searching) -> None:
    entries = [published(a_service("a"), 2), published(a_service("b"), 9), published(a_service("c"), 5)]
    searching.index.rebuild(entries, 1)
    assert searching.slugs(sort=Sort.UPDATED) == ["b", "c", "a"]
    assert searching.slugs("a", sort=Sort.UPDATED) == ["a"]


def test_without_words_relevance_is_the_order_of_titles(searching: Searching) -> None:
    searching.hold(*services(5)[::-1])
    assert searching.slugs() == searching.slugs(sort=Sort.TITLE)
    assert searching.slugs("-hund") == searching.slugs(sort=Sort.TITLE)


@pytest.mark.parametrize("per_page", [1, 7, 20, 100])
@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("q", ["", "leistung"])
def test_the_pages_show_everything_once(searching: Searching, q: str, sort: Sort, per_page: int) -> None:
    searching.hold(*services(45))
    query = Query(q=q, sort=sort, per_page=per_page)
    first = searching.index.find(query, searching.catalogue, TODAY)
    seen = []
    for number in range(1, first.pages + 1):
        page = searching.index.find(replace(query, page=number), searching.catalogue, TODAY)
        assert page.total == 45
        assert 1 <= len(page.hits) <= per_page
        seen += [hit.entry.service.slug for hit in page.hits]
    assert len(seen) == len(set(seen)) == 45
    assert searching.index.find(replace(query, page=first.pages + 1), searching.catalogue, TODAY).hits == ()


@pytest.mark.parametrize("q", ["leistung", "leistung video", "leistungen", "leistung -003", ""])
def test_pages_of_many_equally_good_hits_do_not_overlap(searching: Searching, q: str) -> None:
    searching.hold(*services(650))
    first = searching.page(q, per_page=100)
    assert first.total >= 600
    found: list[str] = []
    for number in range(1, first.pages + 1):
        found += searching.slugs(q, per_page=100, page=number)
    assert len(found) == len(set(found)) == first.total
    smaller = [slug for number in range(1, 8) for slug in searching.slugs(q, per_page=17, page=number)]
    assert smaller == found[: len(smaller)]


def test_stages_are_those_of_the_day_asked_for(searching: Searching) -> None:
    pilot = a_channel(ChannelKind.VIDEO, a_period("pilot", "2024-05", until="2024-06"), a_period("live", "2024-07"))
    searching.hold(a_service("a", channels=(pilot,)), a_service("b", channels=()))

    def stages(on: date) -> dict[str, int]:
        return {value.value: value.count for value in searching.page(on=on).facets["video"] if value.count}

    assert stages(date(2024, 4, 30)) == {"unknown": 2}
    assert stages(date(2024, 5, 1)) == {"pilot": 1, "unknown": 1}
    assert stages(date(2024, 7, 1)) == {"live": 1, "unknown": 1}
    assert searching.slugs(video=(Stage.PILOT,), on=date(2024, 6, 30)) == ["a"]
    assert searching.slugs(video=(Stage.PILOT,), on=date(2024, 7, 1)) == []


def test_without_a_day_it_is_today(searching: Searching) -> None:
    searching.hold(a_service("a", channels=(a_channel(ChannelKind.VIDEO, a_period("live", TODAY.isoformat())),)))
    assert searching.slugs(video=(Stage.LIVE,)) == ["a"]
    yesterday = searching.index.find(Query(video=(Stage.LIVE,)), searching.catalogue, TODAY - timedelta(days=1))
    assert yesterday.total == 0


def test_a_filter_without_results_tells_what_it_hides(searching: Searching) -> None:
    searching.hold(a_service("a"), a_service("b"))
    page = searching.page("a", video=(Stage.PLANNED,), channel=(ChannelKind.VIDEO,))
    assert page.total == 0
    for dropped, way, total in page.relaxed:
        assert dropped in ("planned", "video")
        assert searching.index.find(way, searching.catalogue, TODAY).total == total
    assert [dropped for dropped, _way, _total in page.relaxed] == ["planned"]


# A model of it


steps = st.lists(
    st.tuples(
        st.sampled_from(["put", "remove", "rebuild"]),
        st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["Hund", "Katze", "Maus"])), max_size=4),
    ),
    max_size=6,
)


@settings(max_examples=30, deadline=None)
@given(steps)
def test_after_any_steps_it_holds_what_a_dictionary_would(steps: list[tuple[str, list[tuple[str, str]]]]) -> None:
    with anew() as searching:
        index, model = searching.index, dict[str, Published]()
        for change, (step, items) in enumerate(steps, 2):
            entries = [published(a_service(slug, title=title), change) for slug, title in items]
            if step == "remove":
                index.update([], [slug for slug, _title in items], change)
                model = {slug: entry for slug, entry in model.items() if slug not in dict(items)}
            elif step == "put":
                index.update(entries, [], change)
                model |= {entry.service.slug: entry for entry in entries}
            else:
                index.rebuild(entries, change)
                model = {entry.service.slug: entry for entry in entries}
            assert index.change() == change
        assert index.difference(model.values()) == []
        assert sorted(searching.slugs(per_page=100)) == sorted(model)
        for title in ("Hund", "Katze", "Maus"):
            have = {slug for slug, entry in model.items() if entry.service.title.get("de") == title}
            assert set(searching.slugs(title)) == have


def test_what_is_held_tells_offices_places_and_moment_without_being_read(open_again: Callable[[], Index]) -> None:
    index = open_again()
    service = a_service(offices=("jugendamt", "buergeramt"), places=("rathaus", "online"))
    index.rebuild([published(service, 3)], 1)
    index.close()
    for one in (index, open_again()):
        (held,) = one.titles()
        assert (held.offices, held.places) == (("jugendamt", "buergeramt"), ("rathaus", "online"))
        assert datetime.fromtimestamp(held.updated, UTC) == published(service, 3).updated
