"""Which words of a text were removed and which inserted, found in bounded time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final, NamedTuple


class Mark(StrEnum):
    """What became of a run of words."""

    EQUAL = "equal"
    REMOVED = "removed"
    INSERTED = "inserted"


class Run(NamedTuple):
    """Words that follow each other and of which the same became, with the space between them."""

    mark: Mark
    words: str


EFFORT: Final = 1_500_000
"""What may be spent on the words of one text, in comparisons: about a tenth of a second where nothing fits."""

REPEATED: Final = 40
"""How much more a comparison takes for two words that are the same."""

LINES: Final = 500
"""Neighbouring lines that are compared one by one where all of them together are too long."""

_WORD: Final = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")


def marked(old: str, new: str) -> tuple[Run, ...]:
    """Return the words of two texts with what was removed and inserted: all but the inserted is `old`, exactly.

    Lines are compared first, then the words of those that differ. Where that would take too long, they are marked
    line by line, or as a whole.
    """
    runs: list[Run] = []
    left = EFFORT
    lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    blocks, spent = _aligned(*lines, left)
    left -= spent
    for same, before, after in blocks:
        pairs = [("".join(before), "".join(after))]
        if same:
            runs.append(Run(Mark.EQUAL, pairs[0][0]))
            continue
        if len(before) == len(after) <= LINES and _effort(*map(_WORD.findall, pairs[0])) > left:
            pairs = list(zip(before, after, strict=True))
        for one, other in pairs:
            found, spent = _words(one, other, left)
            runs += found
            left -= spent
    return tuple(_joined(runs))


def _words(old: str, new: str, left: int) -> tuple[list[Run], int]:
    """Return the marked words of two pieces and what that took. A word is the same whatever space follows it."""
    if old == new:
        return [Run(Mark.EQUAL, old)], 0
    before, after = _WORD.findall(old), _WORD.findall(new)
    blocks, spent = _aligned([word.rstrip() for word in before], [word.rstrip() for word in after], left)
    runs: list[Run] = []
    i = j = 0
    for same, one, other in blocks:
        removed, inserted = before[i : i + len(one)], after[j : j + len(other)]
        i, j = i + len(one), j + len(other)
        if not same:
            runs += _replaced("".join(removed), "".join(inserted))
            continue
        for word, x, y in zip(one, removed, inserted, strict=True):
            space = [Run(Mark.EQUAL, x[len(word) :])] if x == y else _replaced(x[len(word) :], y[len(word) :])
            runs += [Run(Mark.EQUAL, word), *space]
    return runs, spent


def _replaced(old: str, new: str) -> list[Run]:
    return [Run(Mark.REMOVED, old), Run(Mark.INSERTED, new)]


def _effort(old: Sequence[str], new: Sequence[str]) -> int:
    head, tail = _ends(old, new)
    return (len(old) - head - tail) * (len(new) - head - tail)


def _ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return how many words are the same at the beginning and at the end."""
    shortest = min(len(old), len(new))
    head = tail = 0
    while head < shortest and old[head] == new[head]:
        head += 1
    while tail < shortest - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


_Block = tuple[bool, Sequence[str], Sequence[str]]


def _aligned(old: Sequence[str], new: Sequence[str], left: int) -> tuple[list[_Block], int]:
    """Return the blocks in which two lists are the same and those in which not, and what finding them took."""
    head, tail = _ends(old, new)
    one, other = old[head : len(old) - tail], new[head : len(new) - tail]
    # What makes it slow is one word many times, which the product does not tell. difflib leaves out of long lists
    # what stands there more often than every hundredth time.
    counts, often = Counter(other), len(other) // 100 + 1 if len(other) >= 200 else len(other)
    effort = len(one) * len(other) + REPEATED * sum(counts[word] for word in one if counts[word] <= often)
    middle: list[_Block] = [(False, one, other)]
    if effort <= left:
        codes = SequenceMatcher(None, one, other).get_opcodes()
        middle = [(tag == "equal", one[a:b], other[c:d]) for tag, a, b, c, d in codes]
    spent = effort if effort <= left else 0
    first, last = (True, old[:head], new[:head]), (True, old[len(old) - tail :], new[len(new) - tail :])
    return [block for block in (first, *middle, last) if block[1] or block[2]], spent


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Yield the runs without empty ones, neighbours made one: what was removed before what came in its place."""
    words = dict.fromkeys(Mark, "")
    for run in runs:
        if not run.words:
            continue
        if run.mark is Mark.EQUAL and (words[Mark.REMOVED] or words[Mark.INSERTED]):
            yield from (Run(mark, said) for mark, said in words.items() if said)
            words = dict.fromkeys(Mark, "")
        elif run.mark is not Mark.EQUAL and words[Mark.EQUAL]:
            yield Run(Mark.EQUAL, words[Mark.EQUAL])
            words[Mark.EQUAL] = ""
        words[run.mark] += run.words
    yield from (Run(mark, said) for mark, said in words.items() if said)
