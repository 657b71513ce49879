"""What a reader is told about a change: the field, the item, the words, and nothing that did not change."""

from __future__ import annotations

import random
import time
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass, make_dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
import strategies
from builders import a_channel, a_constraint, a_legal_basis, a_period, a_service, a_text, a_video_need
from hypothesis import given, settings
from hypothesis import strategies as st

from servicedir.domain.day import Day
from servicedir.domain.difference import FieldChange, How, difference
from servicedir.domain.document import to_document
from servicedir.domain.marking import Mark, Run, marked
from servicedir.domain.matching import Item
from servicedir.domain.service import (
    ChannelKind,
    Constraint,
    ConstraintKind,
    LegalBasis,
    Period,
    Requirement,
    Service,
    Stage,
)
from servicedir.domain.text import Text

VIDEO = Item((ChannelKind.VIDEO,))
LIVE = Item((Stage.LIVE, Day("2024")))


def leaves(old: Service, new: Service) -> list[FieldChange]:
    return [leaf for change in difference(old, new) for leaf in change.leaves()]


def told(old: Service, new: Service) -> list[tuple[Any, ...]]:
    """Path, what became of it, and both values of each single change."""
    return [(leaf.path, leaf.how, leaf.old, leaf.new) for leaf in leaves(old, new)]


def with_periods(*periods: Period) -> Service:
    return a_service(channels=(a_channel("video", *periods),))


@settings(max_examples=40)
@given(strategies.services)
def test_what_says_the_same_does_not_differ(service: Service) -> None:
    assert difference(service, service) == []


@settings(max_examples=40)
@given(strategies.services, st.data())
def test_there_is_a_difference_exactly_if_the_documents_differ(old: Service, data: st.DataObject) -> None:
    other = data.draw(strategies.services)
    name = data.draw(st.sampled_from([field.name for field in fields(Service)]))
    for new in (other, replace(old, **{name: getattr(other, name)})):
        changes = difference(old, new)
        assert bool(changes) == (to_document(old) != to_document(new))
        changed = [field.name for field in fields(Service) if getattr(old, field.name) != getattr(new, field.name)]
        assert [change.name for change in changes] == changed
        paths = [leaf.path for change in changes for leaf in change.leaves()]
        assert len(set(paths)) == len(paths)


@settings(max_examples=40)
@given(strategies.services, strategies.services)
def test_a_difference_turned_round_swaps_old_and_new(old: Service, new: Service) -> None:
    there, back = difference(old, new), difference(new, old)
    assert [(change.path, change.old, change.new) for change in there] == [(c.path, c.new, c.old) for c in back]


def another(hint: Any, value: Any) -> Any:
    """Some other value of a field, whatever its type is."""
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if get_origin(hint) is tuple:
        return (*value, made(get_args(hint)[0]))
    if isinstance(value, Text) or hint is Text:
        return a_text("Etwas ganz anderes")
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next(member for member in reversed(hint) if member is not value)
    if is_dataclass(hint) and hint is not Day:
        return replace(
            value or made(hint),
            **{
                (first := fields(hint)[-1]).name: another(
                    get_type_hints(hint)[first.name], getattr(value or made(hint), first.name)
                )
            },
        )
    simple = {str: "neu", int: 7, bool: not value, date: date(2031, 5, 1), Day: Day("2031")}
    return simple[hint]


def made(cls: Any) -> Any:
    """The least value of a type."""
    makers: dict[Any, Callable[[], Any]] = {
        Constraint: a_constraint,
        LegalBasis: lambda: LegalBasis("§ 1 Neu"),
        Period: lambda: a_period("planned", "2030"),
        Text: lambda: a_text("Neu"),
        str: lambda: "neu",
    }
    return makers[cls]() if cls in makers else a_channel("chat") if "kind" in cls.__dataclass_fields__ else cls()


def holding(value: Any) -> Service:
    """An entry with a channel, period, need, constraint or citation in it, or the entry itself."""
    match value:
        case Service():
            return value
        case Constraint():
            return a_service(constraints=(value,))
        case LegalBasis():
            return a_service(legal_bases=(value,))
        case Period():
            return with_periods(value)
        case _ if type(value).__name__ == "VideoNeeds":
            return with_periods(a_period(needs=value))
        case _:
            return a_service(channels=(value,))


FULL = (a_service(), a_channel("video"), a_period(), a_video_need(), a_constraint(legal_basis=None), a_legal_basis())


@pytest.mark.parametrize(
    ("value", "name"),
    [
        pytest.param(value, field.name, id=f"{type(value).__name__}.{field.name}")
        for value in FULL
        for field in fields(value)
    ],
)
def test_every_field_that_there_is_shows_up_by_its_name(value: Any, name: str) -> None:
    changed = replace(value, **{name: another(get_type_hints(type(value))[name], getattr(value, name))})
    found = leaves(holding(value), holding(changed))
    assert found
    assert any(name in leaf.path for leaf in found)
    if (type(value).__name__, name) not in {("Channel", "kind"), ("Constraint", "requirement"), ("Constraint", "kind")}:
        # Nothing else is told but what is in that field.
        assert all(name in leaf.path for leaf in found)


def test_a_field_that_nobody_has_thought_of_yet_shows_up() -> None:
    Longer = make_dataclass("Longer", [("colour", str, "")], bases=(Service,), frozen=True, kw_only=True)
    old = Longer(**{field.name: getattr(a_service(), field.name) for field in fields(Service)})
    assert told(old, replace(old, colour="rot")) == [(("colour",), How.ADDED, None, "rot")]


def test_texts_are_told_by_language_and_word() -> None:
    old = a_service(summary=a_text("Wir stellen Ausweise aus.", en="We issue cards."))
    new = a_service(summary=a_text("Wir stellen keine Ausweise aus.", uk="Документи"))
    (summary,) = difference(old, new)
    assert (summary.path, summary.how, summary.old) == (("summary",), How.CHANGED, old.summary)
    assert [(part.name, part.how) for part in summary.parts] == [
        ("de", How.CHANGED),
        ("en", How.REMOVED),
        ("uk", How.ADDED),
    ]
    assert summary.parts[0].runs == (
        Run(Mark.EQUAL, "Wir stellen "),
        Run(Mark.INSERTED, "keine "),
        Run(Mark.EQUAL, "Ausweise aus."),
    )
    assert summary.parts[2].runs == (Run(Mark.INSERTED, "Документи"),)


def test_slugs_are_told_as_added_removed_and_moved() -> None:
    old, new = a_service(topics=("a", "b", "c", "d")), a_service(topics=("d", "a", "c", "e"))
    (topics,) = difference(old, new)
    assert [(part.name, part.how, part.moved) for part in topics.parts] == [
        (Item(("d",)), How.MOVED, (4, 1)),
        (Item(("b",)), How.REMOVED, None),
        (Item(("e",)), How.ADDED, None),
    ]


def test_a_changed_detail_of_one_period_is_told_as_just_that() -> None:
    others = [a_period("pilot", "2023", until="2023"), a_period("paused", "2026")]
    old = with_periods(others[0], a_period(until="2025", slots_per_week=5), others[1])
    new = with_periods(others[0], a_period(until="2025", slots_per_week=8), others[1])
    path = ("channels", VIDEO, "periods", LIVE, "slots_per_week")
    assert told(old, new) == [(path, How.CHANGED, 5, 8)]


@pytest.mark.parametrize(
    ("new", "name"),
    [
        (a_period("live", "2024-05"), "since"),
        (a_period("paused", "2024"), "stage"),
        (a_period("live", None, attested="2024"), "attested"),
    ],
)
def test_a_corrected_stage_or_first_day_is_no_other_period(new: Period, name: str) -> None:
    found = leaves(with_periods(a_period()), with_periods(new))
    assert {leaf.path[:4] for leaf in found} == {("channels", VIDEO, "periods", LIVE)}
    assert name in [leaf.name for leaf in found]


def test_the_same_stage_at_another_time_is_another_period() -> None:
    old, new = a_period(until="2024", booking="Anrufen"), a_period(since="2026", booking="Anrufen")
    (change,) = difference(with_periods(old), with_periods(new))
    (periods,) = change.parts[0].parts
    assert {(part.name, part.how) for part in periods.parts} == {
        (LIVE, How.REMOVED),
        (Item((Stage.LIVE, Day("2026"))), How.ADDED),
    }


def test_items_are_told_as_added_removed_and_moved() -> None:
    phone, video, chat = a_channel("phone"), a_channel("video"), a_channel("chat", a_period("planned", "2027"))
    (channels,) = difference(a_service(channels=(phone, video)), a_service(channels=(video, chat)))
    assert [(part.name, part.how) for part in channels.parts] == [
        (Item((ChannelKind.PHONE,)), How.REMOVED),
        (Item((ChannelKind.CHAT,)), How.ADDED),
    ]
    added = {leaf.path[2:]: leaf.new for leaf in channels.parts[1].leaves()}
    period = Item((Stage.PLANNED, Day("2027")))
    assert added == {
        ("kind",): ChannelKind.CHAT,
        ("periods", period, "stage"): Stage.PLANNED,
        ("periods", period, "since"): Day("2027"),
    }
    (channels,) = difference(a_service(channels=(phone, video)), a_service(channels=(video, phone)))
    assert [(part.how, part.parts, part.moved) for part in channels.parts] == [(How.MOVED, (), (2, 1))]


def test_an_item_may_move_and_change() -> None:
    phone, video = a_channel("phone"), a_channel("video")
    noted = replace(video, note=a_text("Nur mit Termin"))
    (channels,) = difference(a_service(channels=(phone, video)), a_service(channels=(noted, phone)))
    (part,) = channels.parts
    assert (part.how, part.moved, [leaf.path[2:] for leaf in part.leaves()]) == (
        How.CHANGED,
        (2, 1),
        [("note", "de")],
    )


def test_constraints_citations_and_documents_are_matched() -> None:
    old = a_service(
        constraints=(a_constraint(),),
        legal_bases=(LegalBasis("§ 1 A", "https://a.example"), LegalBasis("§ 2 B")),
        documents=(a_text("Personalausweis oder Reisepass"), a_text("Ein Foto")),
    )
    new = a_service(
        constraints=(a_constraint(channel="video", note="Auch hier"),),
        legal_bases=(LegalBasis("§ 2 B", "https://b.example"), LegalBasis("§ 1a A", "https://a.example")),
        documents=(a_text("Zwei Fotos"), a_text("Gültiger Personalausweis oder Reisepass")),
    )
    constraint = Item((ConstraintKind.LEGAL, Requirement.PERSONAL_APPEARANCE, None))
    assert {leaf.path for leaf in leaves(old, new)} == {
        ("constraints", constraint, "channel"),
        ("constraints", constraint, "note", "de"),
        ("legal_bases", Item(("§ 1 A",)), "citation"),
        ("legal_bases", Item(("§ 2 B",)), "url"),
        ("documents", Item(("Personalausweis oder Reisepass",)), "de"),
        ("documents", Item(("Ein Foto",)), "de"),
        ("documents", Item(("Zwei Fotos",)), "de"),
    }


def test_an_item_is_matched_once_though_two_are_like_it() -> None:
    old = a_service(documents=(a_text("Ausweis oder Pass"), a_text("Ausweis oder Karte")))
    (documents,) = difference(old, a_service(documents=(a_text("Ausweis oder Visum"),)))
    assert [part.how for part in documents.parts] == [How.CHANGED, How.REMOVED]


def test_items_that_are_called_the_same_are_told_apart() -> None:
    one, other = LegalBasis("§ 1 A", "https://a.example"), LegalBasis("§ 1 A", "https://b.example")
    found = told(a_service(legal_bases=(one,)), a_service(legal_bases=(one, other)))
    assert [(path[1], how) for path, how, *_ in found] == [(Item(("§ 1 A",), 1), How.ADDED)] * 2


text_pairs = st.tuples(strategies.words, strategies.words) | st.tuples(
    *[st.lists(st.sampled_from(["Ein ", "Amt", "\n", "  ", ", ", "Ausweis ", "ä", "\r\n"]), max_size=30).map("".join)]
    * 2
)


@given(text_pairs)
def test_marked_words_say_both_texts_exactly(texts: tuple[str, str]) -> None:
    runs = marked(*texts)
    for text, other in zip(texts, (Mark.INSERTED, Mark.REMOVED), strict=True):
        assert "".join(run.words for run in runs if run.mark is not other) == text
    assert all(run.words for run in runs)
    assert all(one.mark is not other.mark for one, other in pairwise(runs))


def test_other_space_after_a_word_does_not_make_it_another_word() -> None:
    assert [run for run in marked("Bitte  kommen", "Bitte kommen") if run.mark is Mark.EQUAL] == [
        Run(Mark.EQUAL, "Bitte"),
        Run(Mark.EQUAL, "kommen"),
    ]


def long_texts(shape: str) -> tuple[str, str]:
    """Two texts of some 20,000 characters that are hard to compare."""
    chance = random.Random(7)  # noqa: S311 - nothing is kept secret here
    words = [chance.choice([f"wort{number}" for number in range(900)]) for _ in range(2400)]
    edited = [word if number % 40 else "neu" for number, word in enumerate(words)]
    letters = [" ".join(chance.choice("ab") for _ in range(10_000)) for _ in range(2)]
    match shape:
        case "paragraphs":
            return tuple(
                "\n\n".join(" ".join(all_[n : n + 50]) for n in range(0, 2400, 50)) for all_ in (words, edited)
            )
        case "one paragraph":
            return " ".join(words), " ".join(edited)
        case "every second word":
            return " ".join(f"w{n}" for n in range(3500)), " ".join(f"w{n}" if n % 2 else f"x{n}" for n in range(3500))
        case "letters":
            return letters[0], letters[1]
        case _:
            return letters[0].replace(" ", "\n"), letters[1].replace(" ", "\n")


@pytest.mark.parametrize("shape", ["paragraphs", "one paragraph", "every second word", "letters", "lines of letters"])
def test_long_texts_are_marked_in_time(shape: str) -> None:
    old, new = long_texts(shape)
    took = min(_seconds(lambda: marked(old, new)) for _ in range(3))
    assert took < 0.2
    runs = marked(old, new)
    assert "".join(run.words for run in runs if run.mark is not Mark.REMOVED) == new
    if shape == "paragraphs":
        assert {run.words.strip() for run in runs if run.mark is Mark.INSERTED} == {"neu"}


def test_two_big_entries_are_compared_in_time() -> None:
    def big(slots: int, since: str) -> Service:
        periods = [a_period(since=f"20{n}{since}", until=f"20{n}", slots_per_week=slots) for n in range(10, 20)]
        return a_service(channels=tuple(a_channel(kind, *periods) for kind in ChannelKind))

    for new in (big(6, ""), big(6, "-02")):
        old = big(5, "")
        assert min(_seconds(lambda: difference(old, new)) for _ in range(3)) < 0.05  # noqa: B023 - called at once
        assert len([leaf for leaf in leaves(old, new) if leaf.name == "slots_per_week"]) == 70


def _seconds(task: Callable[[], object]) -> float:
    start = time.process_time()
    task()
    return time.process_time() - start
