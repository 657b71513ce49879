"""Which words ask for a conversation by video, and what is left of the query then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedir.search import grammar, wishes


def read(typed: str) -> tuple[bool, str]:
    """Whether a query wishes for video, and what it still says."""
    is_wish, left = wishes.for_video(grammar.parse(typed))
    return is_wish, " ".join(term.typed for term in left)


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("Video", ""),
        ("video termin amt", ""),
        ("Videotermin", ""),
        ("Video-Beratung", ""),
        ("VIDEOSPRECHSTUNDE", ""),
        ("Videoberatung Rente", "Rente"),
        ("Rente per Video", "Rente"),
        ("Zoom", ""),
        ("Zoom Gespräch Elterngeld", "Elterngeld"),
        ("mit Skype", ""),
        ("online sprechen", ""),
        ("online Beratung Wohngeld", "Wohngeld"),
        ("digital Termin Bauamt", "Bauamt"),
        ("video call passport", "passport"),
        ("Video -Rente", "-Rente"),
        ('Video "Termin beim Amt"', '"Termin beim Amt"'),
        ("Kann ich per Video über meine Rente sprechen?", "Rente"),
    ],
)
def test_a_wish_is_taken_out_and_the_rest_is_looked_for(typed: str, left: str) -> None:
    assert read(typed) == (True, left)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Termin",
        "Beratung",
        "online",
        "online Ausweis beantragen",
        "Amt",
        "Termin beim Amt",
        "-Video Rente",
        '"Video Termin"',
        "digitale Akte",
        "Zoohandlung",
    ],
)
def test_who_does_not_say_video_does_not_wish_for_it(typed: str) -> None:
    assert read(typed) == (False, " ".join(term.typed for term in grammar.parse(typed)))


@given(st.text(max_size=60) | st.lists(st.sampled_from(["Video", "Termin", "-", '"', "online", "Rente"])).map(" ".join))
def test_nothing_is_added_and_no_other_word_is_lost(typed: str) -> None:
    terms = grammar.parse(typed)
    is_wish, left = wishes.for_video(terms)
    assert [term for term in terms if term in left] == list(left)
    if not is_wish:
        assert left == terms
    assert [term for term in left if term.negated] == [term for term in terms if term.negated]
