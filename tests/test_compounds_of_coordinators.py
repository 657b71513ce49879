"""How words are taken apart as coordinators say: from the next search on, in each form of a word, while they say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import a_compound, a_grant, a_person, a_service
from houses import a_house, publish

from servicedir.directory import Forbidden, House, Refused
from servicedir.domain.catalogue import Compound
from servicedir.domain.history import Entry, Kind
from servicedir.domain.query import Query
from servicedir.domain.workflow import Person, Role
from servicedir.search.compounds import Splitter, exceptions_of

CORA = a_person("cora", a_grant(Role.COORDINATOR, ""))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    titles = ("Reinigung von Staubecken", "Ecken für Kinder", "Becken im Bad", "Wohnsitz abmelden", "Reisepass")
    made = a_house(tmp_path / "house", *(a_service(f"nr-{n}", title=title) for n, title in enumerate(titles)))
    yield made
    made.close()


def store(house: House, value: Compound, based_on: int | None = None, by: Person = CORA) -> Entry:
    with house.work(write=True) as directory:
        return directory.words.save(Kind.COMPOUND, value, based_on=based_on, by=by)


def retire(house: House, slug: str, based_on: int) -> Entry:
    with house.work(write=True) as directory:
        return directory.words.retire(Kind.COMPOUND, slug, based_on=based_on, by=CORA)


def found(house: House, words: str) -> set[str]:
    with house.work() as directory:
        return {hit.entry.service.title.within("de") for hit in directory.search(Query(q=words)).hits}


BY_ITSELF = {"Reinigung von Staubecken", "Becken im Bad"}
"""What is found for "Becken" as long as nobody says that a Staubecken is none."""


# In searches


def test_a_word_is_taken_apart_as_it_is_written_down_from_the_next_search_on(house: House) -> None:
    assert found(house, "Becken") == BY_ITSELF
    assert "Reinigung von Staubecken" not in found(house, "Ecken")
    store(house, a_compound("Staub|ecken"))
    assert found(house, "Becken") == {"Becken im Bad"}
    assert found(house, "Ecken") == {"Ecken für Kinder", "Reinigung von Staubecken"}


def test_a_word_without_a_bar_is_left_whole(house: House) -> None:
    store(house, a_compound("Staubecken"))
    assert found(house, "Becken") == {"Becken im Bad"}
    assert "Reinigung von Staubecken" not in found(house, "Ecken")
    assert found(house, "Staubecken") == {"Reinigung von Staubecken"}


def test_what_is_changed_or_retired_ends_with_the_next_search(house: House) -> None:
    saved = store(house, a_compound("Staubecken"))
    assert found(house, "Becken") == {"Becken im Bad"}
    store(house, a_compound("Stau|becken"), based_on=1)
    assert found(house, "Becken") == BY_ITSELF
    store(house, a_compound("Staub|ecken"), based_on=2)
    assert found(house, "Becken") == {"Becken im Bad"}
    retire(house, saved.slug, based_on=3)
    assert found(house, "Becken") == BY_ITSELF
    assert "Reinigung von Staubecken" not in found(house, "Ecken")


def test_it_outlasts_changes_of_entries_a_new_index_and_a_new_start(house: House) -> None:
    store(house, a_compound("Staub|ecken"))
    publish(house, a_service("nr-9", title="Bau von Staubecken"))
    both = {"Reinigung von Staubecken", "Bau von Staubecken"}
    assert both <= found(house, "Ecken")
    with house.work() as directory:
        directory.reindex()
    assert both <= found(house, "Ecken")
    again = House(house.settings)
    assert both <= found(again, "Ecken")
    assert found(again, "Becken") == {"Becken im Bad"}
    again.close()


def test_another_process_follows(house: House) -> None:
    other = House(house.settings)
    assert found(other, "Becken") == BY_ITSELF
    store(house, a_compound("Staub|ecken"))
    other.catch_up()
    assert found(other, "Becken") == {"Becken im Bad"}
    other.close()


# In the splitter


@pytest.mark.parametrize("form", ["druckerzeugnis", "druckerzeugnisse", "druckerzeugnissen"])
def test_every_form_of_a_word_is_taken_apart_like_it(form: str) -> None:
    splitter = Splitter(())
    assert splitter.parts(form) == ("druck", "zeugnis")
    assert splitter.but(exceptions_of([a_compound("Druck|erzeugnis")])).parts(form) == ("druck", "erzeugnis")


@pytest.mark.parametrize("form", ["fußgängerweg", "fussgaengerweg", "fußgängerwege"])
def test_it_does_not_matter_how_umlauts_are_written(form: str) -> None:
    splitter = Splitter(()).but(exceptions_of([a_compound("Fußgänger|weg")]))
    assert splitter.parts(form) == ("fussgang", "weg")


def test_other_words_are_taken_apart_as_before_and_the_first_splitter_is_as_it_was() -> None:
    splitter = Splitter(())
    excepting = splitter.but(exceptions_of([a_compound("Hundesteuer")]))
    assert excepting.parts("hundesteuern") == ()
    assert splitter.parts("hundesteuern") == ("hund", "steu")
    assert excepting.parts("staubecken") == splitter.parts("staubecken") == ("stau", "beck")


def test_who_writes_down_two_forms_of_a_word_means_each_of_them() -> None:
    written = [a_compound("Hunde|steuer"), a_compound("Hundesteuern")]
    for order in (written, written[::-1]):
        splitter = Splitter(()).but(exceptions_of(order))
        assert splitter.parts("hundesteuer") == ("hund", "steu")
        assert splitter.parts("hundesteuern") == ()


# At the door


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("Bundes amt", ["no_letters"]),
        ("Bundes-amt", ["no_letters"]),
        ("Paragraf|43", ["no_letters", "short_part"]),
        ("Bundesa|mt", ["short_part"]),
        ("Bundesamt|", ["short_part"]),
        ("", ["short_part"]),
        (f"Bund|{'x' * 57}", ["long_word"]),
    ],
)
def test_what_is_no_word_is_refused_and_nothing_written(house: House, line: str, rules: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        store(house, a_compound(line))
    assert [fault.what for fault in refused.value.faults] == rules
    assert {fault.where for fault in refused.value.faults} == {("parts",)}
    assert house.catalogue().compounds == {}


def test_there_is_one_entry_for_a_word_however_it_is_written(house: House) -> None:
    first = store(house, a_compound("Bundes|amt"))
    for line in ("Bundesamt", "BUNDESAMT", "bunde|samt"):
        with pytest.raises(Refused) as refused:
            store(house, replace(a_compound(line), slug=""))
        assert [fault.what for fault in refused.value.faults] == ["word_taken"]
    retire(house, first.slug, based_on=1)
    assert store(house, a_compound("Bundesamt")).slug == "bundesamt-2"
    with pytest.raises(Refused):  # The first one is not taken up again beside it.
        store(house, a_compound("Bundes|amt"), based_on=1)


def test_it_is_recorded_who_said_so(house: House) -> None:
    store(house, a_compound("Bundesamt"))
    store(house, a_compound("Bundes|amt"), based_on=1)
    with house.work() as directory:
        history = directory.words.history(Kind.COMPOUND, "bundesamt", CORA)
        lines = [(line.action, line.object) for line in directory.people.audit_log() if line.actor == "cora"]
    assert [(r.author, r.document["parts"]) for r in history] == [("cora", ["Bundesamt"]), ("cora", ["Bundes", "amt"])]
    assert lines == [("save", "compound/bundesamt")] * 2


@pytest.mark.parametrize(
    ("role", "office"), [(Role.EDITOR, "buergeramt"), (Role.REVIEWER, ""), (Role.COORDINATOR, "buergeramt")]
)
def test_nobody_but_who_coordinates_the_city_says_how_words_are_taken_apart(
    house: House, role: Role, office: str
) -> None:
    store(house, a_compound("Bundes|amt"))
    person = a_person("paul", a_grant(role, office))
    with house.work(write=True) as directory:
        words = directory.words
        for call in (
            lambda: words.all(Kind.COMPOUND, person),
            lambda: words.get(Kind.COMPOUND, "bundesamt", person),
            lambda: words.history(Kind.COMPOUND, "bundesamt", person),
            lambda: words.save(Kind.COMPOUND, a_compound("Bundesamt"), based_on=1, by=person),
            lambda: words.retire(Kind.COMPOUND, "bundesamt", based_on=1, by=person),
        ):
            with pytest.raises(Forbidden):
                call()


def test_nothing_points_at_how_a_word_is_taken_apart(house: House) -> None:
    store(house, a_compound("Wohnsitz"))
    with house.work() as directory:
        assert not directory.words.uses(Kind.COMPOUND, "wohnsitz", CORA)
    retire(house, "wohnsitz", based_on=1)
    assert house.catalogue().compounds == {}


def test_what_is_brought_by_a_file_keeps_the_same_rules(house: House) -> None:
    with house.work(write=True) as directory:
        outcomes = directory.adopt(
            [(Kind.COMPOUND, a_compound("Bundes|amt")), (Kind.COMPOUND, Compound(slug="x", parts=("Bundes|amt",)))]
        )
    assert [outcome.result for outcome in outcomes] == ["new", "refused"]
