"""What becomes of two people's changes: none is lost, and what contradicts itself is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
import strategies
from builders import a_channel, a_constraint, a_period, a_service, a_text
from hypothesis import given, settings
from hypothesis import strategies as st

from servicedir.domain.day import Day
from servicedir.domain.document import from_document, to_document
from servicedir.domain.matching import Item
from servicedir.domain.merge import ORDER, Conflict, Merge, Side, merge, resolve
from servicedir.domain.service import ChannelKind, LegalBasis, Period, Service, Stage

VIDEO = Item((ChannelKind.VIDEO,))
LIVE = Item((Stage.LIVE, Day("2024")))

# Small and alike, so that the versions of an entry have much in common and clash often.
few_texts = st.dictionaries(st.sampled_from(("de", "en")), st.sampled_from(("Amt", "Ausweis")), max_size=2).map(
    lambda words: a_text("", **words)
)
few_days = st.sampled_from((None, Day("2024"), Day("2025-03")))
few_periods = st.builds(
    Period,
    stage=st.sampled_from((Stage.LIVE, Stage.PAUSED)),
    since=few_days,
    until=few_days,
    booking=few_texts,
    slots_per_week=st.sampled_from((None, 1, 2)),
)
few_channels = st.builds(
    lambda kind, periods, note: a_channel(kind, note=note) if not periods else a_channel(kind, *periods, note=note),
    st.sampled_from((ChannelKind.VIDEO, ChannelKind.PHONE)),
    st.lists(few_periods, max_size=3),
    few_texts,
)
few_slugs = st.lists(st.sampled_from("abcd"), max_size=4).map(tuple)
few_services = st.builds(
    a_service,
    offices=few_slugs,
    topics=st.lists(st.sampled_from("abcd"), unique=True).map(tuple),
    title=few_texts,
    documents=st.lists(few_texts, max_size=3).map(tuple),
    legal_bases=st.lists(
        st.builds(LegalBasis, st.sampled_from(("§ 1", "§ 2")), st.sampled_from(("", "https://a.example"))), max_size=3
    ).map(tuple),
    channels=st.lists(few_channels, max_size=2).map(tuple),
    constraints=st.lists(st.builds(a_constraint, channel=st.sampled_from((None, "video"))), max_size=2).map(tuple),
    leika_key=st.sampled_from(("", "1", "2")),
    verified=st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9)),
)


@st.composite
def versions(draw: st.DrawFn, services: st.SearchStrategy[Service] = few_services) -> tuple[Service, Service, Service]:
    """Base, mine and theirs: on each side some fields are another entry's, or all of them."""
    base, one, other = draw(services), draw(services), draw(services)
    names = [field.name for field in fields(Service)]
    mine, theirs = (
        replace(base, **{name: getattr(side, name) for name in draw(st.sets(st.sampled_from(names)))})
        for side in (one, other)
    )
    return base, mine, theirs


def with_periods(*periods: Period) -> Service:
    return a_service(channels=(a_channel("video", *periods),))


def told(merged: Merge) -> dict[tuple[Any, ...], tuple[Any, Any, Any]]:
    return {conflict.path: (conflict.base, conflict.mine, conflict.theirs) for conflict in merged.conflicts}


def all_theirs(merged: Merge) -> Service:
    return resolve(merged, {conflict.key: "theirs" for conflict in merged.conflicts})


def words_of(value: Any) -> Iterator[str]:
    """Every plain value in a document or conflict, as words."""
    match value:
        case dict():
            for part in value.values():
                yield from words_of(part)
        case list() | tuple():
            for part in value:
                yield from words_of(part)
        case Item():
            yield from words_of(value.label)
        case _ if hasattr(value, "__dataclass_fields__") and not isinstance(value, Day):
            for field in fields(value):
                yield from words_of(getattr(value, field.name))
        case _:
            yield str(value)


def unordered(value: Any) -> Any:
    """A document without the order of its lists."""
    match value:
        case dict():
            return {name: unordered(part) for name, part in value.items()}
        case list():
            return sorted(map(unordered, value), key=repr)
        case _:
            return value


@settings(max_examples=50)
@given(few_services | strategies.services, few_services | strategies.services)
def test_what_only_one_side_changed_is_taken_as_it_is(base: Service, changed: Service) -> None:
    for mine, theirs in ((base, changed), (changed, base), (changed, changed)):
        merged = merge(base, mine, theirs)
        assert merged.value == changed
        assert merged.conflicts == ()


@settings(max_examples=25)
@given(versions(strategies.services))
def test_a_field_that_only_one_side_changed_is_theirs(three: tuple[Service, Service, Service]) -> None:
    base, mine, theirs = three
    value = merge(base, mine, theirs).value
    for name in (field.name for field in fields(Service)):
        was, one, other = (getattr(version, name) for version in three)
        if was in (one, other):
            assert getattr(value, name) == (other if one == was else one)


@given(versions())
def test_nothing_that_anybody_said_is_lost(three: tuple[Service, Service, Service]) -> None:
    base, mine, theirs = three
    merged = merge(base, mine, theirs)
    # The later of two days of verification is the one that counts.
    kept = {*words_of(to_document(merged.value)), *words_of(merged.conflicts), str(mine.verified), str(theirs.verified)}
    for side in (mine, theirs):
        assert set(words_of(to_document(side))) - set(words_of(to_document(base))) <= kept


@given(versions())
def test_slugs_that_either_added_are_there_and_those_that_either_removed_are_not(
    three: tuple[Service, Service, Service],
) -> None:
    merged = merge(*three)
    was, one, other = (set(version.topics) for version in three)
    assert set(merged.value.topics) == (one | other) - (was - one) - (was - other)


@given(versions())
def test_conflicts_are_the_same_from_both_sides(three: tuple[Service, Service, Service]) -> None:
    base, mine, theirs = three
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert [(c.key, c.path, c.base, c.mine, c.theirs) for c in one.conflicts] == [
        (c.key, c.path, c.base, c.theirs, c.mine) for c in other.conflicts
    ]
    assert unordered(to_document(all_theirs(one))) == unordered(to_document(other.value))


@given(versions())
def test_every_conflict_is_one_and_has_a_key_of_its_own(three: tuple[Service, Service, Service]) -> None:
    merged = merge(*three)
    keys = [conflict.key for conflict in merged.conflicts]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9_.,~-]+", key) for key in keys)
    for conflict in merged.conflicts:
        assert conflict.mine != conflict.theirs
        assert conflict.base not in (conflict.mine, conflict.theirs)


@given(versions())
def test_a_choice_changes_what_was_in_conflict_and_nothing_else(three: tuple[Service, Service, Service]) -> None:
    merged = merge(*three)
    assert resolve(merged, {}) == resolve(merged, {c.key: Side.MINE for c in merged.conflicts}) == merged.value
    chosen = merge(merged.base, merged.value, all_theirs(merged))
    touched = {conflict.path[0] for conflict in merged.conflicts}
    for name in {field.name for field in fields(Service)} - touched:
        assert getattr(chosen.theirs, name) == getattr(merged.value, name)


@settings(max_examples=25)
@given(versions(strategies.services))
def test_what_is_merged_can_be_saved_and_read(three: tuple[Service, Service, Service]) -> None:
    merged = merge(*three)
    for value in (merged.value, all_theirs(merged)):
        assert from_document(Service, to_document(value)) == value


def test_texts_are_merged_by_language() -> None:
    base = a_service(summary=a_text("Alt", en="Old"))
    mine = a_service(summary=a_text("Neu", en="Old", fr="Nouveau"))
    theirs = a_service(summary=a_text("Anders", en="New"))
    merged = merge(base, mine, theirs)
    assert merged.value.summary == a_text("Neu", en="New", fr="Nouveau")
    assert merged.conflicts == (Conflict(path=("summary", "de"), base="Alt", mine="Neu", theirs="Anders"),)
    assert all_theirs(merged).summary == a_text("Anders", en="New", fr="Nouveau")


def test_a_text_that_one_side_took_away_and_the_other_changed_is_a_choice() -> None:
    base, mine = a_service(costs=a_text("10 €")), a_service(costs=a_text(""))
    merged = merge(base, mine, a_service(costs=a_text("12 €")))
    assert told(merged) == {("costs", "de"): ("10 €", None, "12 €")}
    assert not merged.value.costs
    assert all_theirs(merged).costs == a_text("12 €")


def test_two_changes_to_one_period_go_together() -> None:
    base = with_periods(a_period(slots_per_week=5))
    mine = with_periods(a_period(since="2024-05", slots_per_week=5))
    theirs = with_periods(a_period(slots_per_week=8, booking="Anrufen"))
    merged = merge(base, mine, theirs)
    assert merged.value == with_periods(a_period(since="2024-05", slots_per_week=8, booking="Anrufen"))
    assert not merged.conflicts


def test_one_detail_of_one_period_is_a_choice() -> None:
    base, mine, theirs = (with_periods(a_period(slots_per_week=n), a_period("paused", "2026")) for n in (5, 6, 7))
    merged = merge(base, mine, theirs)
    path = ("channels", VIDEO, "periods", LIVE, "slots_per_week")
    assert merged.conflicts == (Conflict(path=path, base=5, mine=6, theirs=7),)
    assert merged.conflicts[0].key == "channels.video.periods.live,2024.slots_per_week"
    assert (merged.value, all_theirs(merged)) == (mine, theirs)


def test_an_item_that_one_side_took_away_and_the_other_changed_is_a_choice() -> None:
    phone, video, chat = a_channel("phone"), a_channel("video"), a_channel("chat")
    noted = replace(video, note=a_text("Nur mit Termin"))
    base, mine = a_service(channels=(phone, video, chat)), a_service(channels=(phone, chat))
    theirs = a_service(channels=(phone, noted, chat))
    merged = merge(base, mine, theirs)
    assert told(merged) == {("channels", VIDEO): (video, None, noted)}
    assert (merged.value, all_theirs(merged)) == (mine, theirs)
    assert merge(base, theirs, mine).value == theirs


def test_an_item_that_one_side_took_away_and_nobody_changed_is_gone() -> None:
    phone, video = a_channel("phone"), a_channel("video")
    base, mine = a_service(channels=(phone, video)), a_service(channels=(phone,))
    theirs = a_service(channels=(replace(phone, note=a_text("Montags")), video))
    assert merge(base, mine, theirs).value.channels == (replace(phone, note=a_text("Montags")),)


def test_what_both_added_under_one_name_is_one_item() -> None:
    base = a_service(channels=())
    mine = a_service(channels=(a_channel("video", a_period(slots_per_week=5)),))
    theirs = a_service(channels=(a_channel("video", a_period(booking="Anrufen", slots_per_week=6)), a_channel("chat")))
    merged = merge(base, mine, theirs)
    assert merged.value.channels == (
        a_channel("video", a_period(booking="Anrufen", slots_per_week=5)),
        a_channel("chat"),
    )
    path = ("channels", VIDEO, "periods", LIVE, "slots_per_week")
    assert told(merged) == {path: (None, 5, 6)}


def test_items_that_are_called_the_same_have_the_same_names_from_both_sides() -> None:
    a, b, c = (LegalBasis("§ 1", f"https://{name}.example") for name in "abc")
    base, mine, theirs = (a_service(legal_bases=bases) for bases in ((), (a, b), (b, c)))
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert one.value.legal_bases == (a, b)
    assert told(one) == {("legal_bases", Item(("§ 1",)), "url"): ("", a.url, c.url)}
    assert [conflict.key for conflict in one.conflicts] == [conflict.key for conflict in other.conflicts]


def test_what_one_side_added_and_the_other_made_of_another_item_is_there_once() -> None:
    old, new = a_text("Personalausweis"), a_text("Personalausweis oder Reisepass")
    base, mine, theirs = (a_service(documents=value) for value in ((old,), (new,), (old, new)))
    assert merge(base, mine, theirs).value.documents == merge(base, theirs, mine).value.documents == (new,)


def test_slugs_are_merged_as_sets_in_my_order() -> None:
    base, mine, theirs = (a_service(topics=value) for value in (("a", "b", "c"), ("c", "a", "m"), ("t", "a", "b")))
    merged = merge(base, mine, theirs)
    assert merged.value.topics == ("a", "m", "t")
    assert not merged.conflicts


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        (("a", "b", "c", "m"), ("c", "a", "b"), ("c", "a", "b", "m")),
        (("b", "a", "c"), ("a", "b", "c", "t"), ("b", "a", "c", "t")),
        (("c", "b", "a"), ("c", "b", "a", "t"), ("c", "b", "a", "t")),
    ],
)
def test_an_order_that_only_one_side_changed_is_kept(
    mine: tuple[str, ...], theirs: tuple[str, ...], merged: tuple[str, ...]
) -> None:
    found = merge(a_service(topics=("a", "b", "c")), a_service(topics=mine), a_service(topics=theirs))
    assert (found.value.topics, found.conflicts) == (merged, ())


def test_two_new_orders_are_a_choice() -> None:
    base, mine, theirs = (a_service(topics=tuple(order)) for order in ("abc", "bac", "cabt"))
    merged = merge(base, mine, theirs)
    a, b, c, t = (Item((slug,)) for slug in "abct")
    assert told(merged) == {("topics", ORDER): ((a, b, c), (b, a, c), (c, a, b, t))}
    assert merged.value.topics == tuple("bact")
    assert all_theirs(merged).topics == tuple("cabt")


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [("a", "am", "ta", "tam"), ("a", "ma", "at", "mat"), ("ab", "b", "abt", "bt"), ("ab", "abm", "b", "bm")],
)
def test_a_new_responsible_office_stays_responsible(base: str, mine: str, theirs: str, merged: str) -> None:
    found = merge(*(a_service(offices=tuple(offices)) for offices in (base, mine, theirs)))
    assert (found.value.offices, found.conflicts) == (tuple(merged), ())


def test_two_new_responsible_offices_are_a_choice() -> None:
    found = merge(*(a_service(offices=(office,)) for office in "abc"))
    assert [conflict.key for conflict in found.conflicts] == ["offices.~order"]
    assert (found.value.office, all_theirs(found).office) == ("b", "c")


def test_no_entry_is_left_without_an_office() -> None:
    found = merge(a_service(offices=("a", "b")), a_service(offices=("a",)), a_service(offices=("b",)))
    assert told(found) == {("offices",): (("a", "b"), ("a",), ("b",))}
    assert (found.value.office, all_theirs(found).office) == ("a", "b")


def test_the_later_verification_counts() -> None:
    base, early, late = (a_service(verified=day) for day in (None, date(2026, 3, 1), date(2026, 4, 1)))
    for mine, theirs in ((early, late), (late, early)):
        merged = merge(base, mine, theirs)
        assert (merged.value.verified, merged.conflicts) == (date(2026, 4, 1), ())
    gone = merge(early, base, late)
    assert (gone.value.verified, gone.conflicts) == (date(2026, 4, 1), ())


def test_a_new_address_stands_and_two_are_a_choice() -> None:
    base, mine, theirs = a_service("alt"), a_service("alt", costs="Neu"), a_service("neu", title="Alt")
    merged = merge(base, mine, theirs)
    assert (merged.value.slug, merged.value.costs, merged.conflicts) == ("neu", a_text("Neu"), ())
    assert ("slug",) in told(merge(base, a_service("mein"), theirs))


def test_a_citation_of_a_constraint_is_merged_like_any_part() -> None:
    base = a_service(constraints=(a_constraint(legal_basis=None),))
    mine, theirs = (
        a_service(constraints=(a_constraint(legal_basis=LegalBasis("§ 1", url)),)) for url in ("", "https://a.example")
    )
    merged = merge(base, mine, theirs)
    assert merged.value == theirs
    assert not merged.conflicts


def test_what_comes_of_two_sound_entries_may_have_faults() -> None:
    base = with_periods(a_period(until="2024"))
    mine, theirs = (with_periods(a_period(until="2024"), a_period(stage, "2026")) for stage in ("paused", "ended"))
    merged = merge(base, mine, theirs)
    assert not merged.conflicts
    assert {fault.what for fault in merged.value.faults()} == {"overlaps"}


def test_a_choice_is_mine_or_theirs() -> None:
    merged = merge(*(a_service(leika_key=key) for key in ("1", "2", "3")))
    assert resolve(merged, {"colour": "theirs"}) == merged.value
    with pytest.raises(ValueError, match="nobody"):
        resolve(merged, {"leika_key": "nobody"})
