"""What people ask in a measurement: always the same searches, from nothing at all to words and filters.

The words are those of the generated entries, so that common ones find thousands and rare ones a handful.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import wording
from entries import SEED, Dice

Pairs = list[tuple[str, str]]

KINDS = {
    "no query": 0.15,
    "one word": 0.30,
    "two words": 0.20,
    "filters": 0.12,
    "word and filters": 0.15,
    "pages 2 and 3": 0.08,
}
"""Kinds of searches with their share of the mix."""

_ACTS = ("beantragen", "verlängern", "ändern", "abholen", "Beratung", "Ermäßigung", "Widerspruch", "Ersatz", "online")
_VIDEO = ("live", "pilot", "planned", "under_review", "unknown")
_CHANNELS = ("online", "phone", "in_person", "mail")
_NATURES = ("transactional", "advisory", "coordination", "instruction")


def searches(seed: str = SEED) -> Iterator[tuple[str, Pairs]]:
    """Yield kinds and parameters of searches, without end."""
    dice = Dice(seed, "searches")
    while True:
        kind = dice.weighted(KINDS)
        match kind:
            case "no query":
                yield kind, []
            case "one word":
                yield kind, [("q", _word(dice))]
            case "two words":
                yield kind, [("q", f"{_word(dice)} {_word(dice)}")]
            case "filters":
                yield kind, _filters(dice)
            case "word and filters":
                yield kind, [("q", _word(dice)), *_filters(dice)]
            case _:
                words = [("q", _word(dice))] if dice.happens(0.7) else []
                yield kind, [*words, ("page", str(dice.number(2, 3)))]


def words(seed: str = SEED) -> Iterator[str]:
    """Yield words, without end, as often as they stand in searches."""
    dice = Dice(seed, "words")
    while True:
        yield _word(dice)


def distinct(seed: str = SEED) -> Iterator[Pairs]:
    """Yield searches of which no two ask for the same, without end: upper case, order and page make no difference."""
    seen: set[tuple[tuple[str, ...], ...]] = set()
    for _kind, pairs in searches(seed):
        same = tuple(sorted((name, *sorted(value.lower().split())) for name, value in pairs if name != "page"))
        if same not in seen:
            seen.add(same)
            yield pairs


def address(path: str, pairs: Pairs) -> str:
    """Return the address of a search on a page."""
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _word(dice: Dice) -> str:
    """Return an object, an act, an everyday word, a word of a title's end, or a compound of the bodies."""
    theme = dice.pick(wording.THEMES)
    match dice.weighted({"object": 0.45, "act": 0.15, "everyday": 0.15, "qualifier": 0.1, "compound": 0.15}):
        case "object":
            return dice.pick(theme.objects, skew=1.4)[0]
        case "act":
            return dice.pick(_ACTS)
        case "everyday":
            return dice.pick(theme.everyday).split()[0]
        case "qualifier":
            return dice.pick((*wording.SITUATIONS, *wording.DISTRICTS)).split()[-1]
    word = dice.pick(wording.FIRST_PARTS, skew=1.6) + dice.pick(wording.LAST_PARTS, skew=1.6)[0]
    # Many people type without capitals.
    return word.lower() if dice.happens(0.5) else word


def _filters(dice: Dice) -> Pairs:
    """Return one to three values of facets."""
    theme = dice.pick(wording.THEMES)
    pairs = [
        ("video", dice.pick(_VIDEO)),
        ("channel", dice.pick(_CHANNELS)),
        ("nature", dice.pick(_NATURES)),
        ("office", dice.pick(theme.offices)),
        ("topic", dice.pick(theme.topics)),
        ("audience", dice.pick(theme.audiences)),
    ]
    return list(dice.some(pairs, 1, 3))
