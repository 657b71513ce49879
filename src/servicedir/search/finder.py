"""Finds the entries of one snapshot that a query asks for, best first, and says why."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.query import Hit, Page, Query, Sort
from servicedir.domain.service import ChannelKind
from servicedir.search import german, grammar, wishes
from servicedir.search.compounds import NO_EXCEPTIONS, Exceptions, is_german
from servicedir.search.explaining import Explained, reasons
from servicedir.search.facets import Bits, Counts, Mask, packed, size_of, unpacked
from servicedir.search.grammar import Term
from servicedir.search.meaning import Meanings, Sense, folded
from servicedir.search.said import UNIT, WHOLE_TERM, WHOLE_TITLE, Said, Some, in_units
from servicedir.search.snapshot import Snapshot
from servicedir.search.synonyms import Alternative, Offices, Thesaurus, Wish, translated
from servicedir.search.texts import has_phrase

SYNONYM = 0.6
"""How much it counts that an entry says it in other words, where nobody has written what was typed."""
DOUBT = 2.0
"""How much the most that synonyms could gain counts when it is asked whether the best entry gains enough."""
ENOUGH = 0.125
"""Share that the best entry must gain of what a title of just the typed words would: else nothing is found."""
DOUBTFUL = 0.19
"""Below this share of that only the FEW best are shown."""
FEW = 3
NEAR_BEST = 0.4
"""Share of what the best entry gains that others must gain which do not have all that was typed."""
TITLE = 0.3
"""How much a title counts that says hardly anything but what was asked for."""
MOST_ALIKE = 500
"""Entries of which it is kept how much letters in common say, beside all those that have what was typed."""
MOST_READ = 400
"""Entries whose texts are read for a phrase, the best first: so many that nobody misses one, and no more."""
BESIDE_WHOLE = 0.55
"""The same where others have it all: who typed two words is not shown each entry with one of them."""

_SORTED_AT_ONCE = 300  # So few are sorted sooner than the best of them are picked.
_SOME_TITLE = 2  # Parts of a title up to this are none.
_KEPT_BYTES = 2560  # For each entry: what is kept of words grows with the catalogue, as all else does.
_LEAST = 0.1  # What says less than this share of the most that a word says anywhere is not kept.


class Keys:
    """The words of the catalogue that were found, put together once, when somebody asks."""

    __slots__ = ("_keys", "_numbers", "_whole")

    def __init__(self, keys: Sequence[str], numbers: list[NDArray[np.int32]]) -> None:
        self._keys = keys
        self._numbers = numbers
        self._whole: frozenset[str] | None = None

    def __call__(self) -> frozenset[str]:
        if self._whole is None:
            self._whole = frozenset([self._keys[number] for some in self._numbers for number in some.tolist()])
        return self._whole


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query asks for in words: `wishes`, what must not be there, and whether by video first.

    `nothing` says that something was typed of which no word can be made: it finds nothing.
    """

    wishes: tuple[Wish, ...]
    without: tuple[Wish, ...]
    video: bool
    nothing: bool


class Matched(NamedTuple):
    """Which entries are found, how well each one fits, what was said, and whether none has all that was typed."""

    mask: Mask
    scores: NDArray[np.float32]
    said: list[Said]
    is_nearest: bool


class Finder:
    """Answers queries over one snapshot; what it found out about a wish it keeps for the next query."""

    def __init__(self, snapshot: Snapshot, exceptions: Exceptions = NO_EXCEPTIONS) -> None:
        self.snapshot = snapshot
        self.meanings = Meanings(snapshot, exceptions)
        self._kept: OrderedDict[Wish, Said] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def find(self, query: Query, catalogue: Catalogue, today: date, thesaurus: Thesaurus) -> Page:
        """Return one page of results, in order, with facets over all of them."""
        snapshot = self.snapshot
        asked = self._asked(query, thesaurus)
        members = snapshot.members(catalogue, query.on or today)
        by_video = self._by_video(query, catalogue, today) if asked.video else None
        matched, scores, said, is_nearest = self._matched(asked, by_video)
        counts = Counts(packed(matched), query, members)
        mask = unpacked(counts.result) if query.selected else matched
        total = int(np.count_nonzero(mask))
        end = query.page * query.per_page
        if said and query.sort is Sort.RELEVANCE:
            order = self._best(mask, scores, by_video, end)
        else:
            order = snapshot.first(mask, query, end)
        keys = Keys(snapshot.lexicon.keys, [one.keys for one in said])
        hits = tuple([Hit(snapshot.rows[place], keys, query.lang) for place in order[end - query.per_page :]])
        return Page(
            query=query,
            total=total,
            hits=hits,
            facets=counts,
            wish=ChannelKind.VIDEO if asked.video else None,
            is_nearest=is_nearest and total > 0,
            suggestion=self._suggestion(query, said, catalogue, today, thesaurus),
            relaxed=() if total else self._relaxed(query, catalogue, today, thesaurus),
        )

    def explain(self, query: Query, catalogue: Catalogue, today: date, thesaurus: Thesaurus) -> list[Explained]:
        """Return for each entry of a page what it gains, and by which of its words."""
        asked = self._asked(query, thesaurus)
        by_video = self._by_video(query, catalogue, today) if asked.video else None
        scores = self._matched(asked, by_video).scores
        places = [self.snapshot.place[hit.slug] for hit in self.find(query, catalogue, today, thesaurus).hits]
        return [
            Explained(
                self.snapshot.rows[place].slug,
                float(scores[place]) / UNIT,
                [reason for wish in asked.wishes for reason in reasons(self, wish, place)],
            )
            for place in places
        ]

    def _by_video(self, query: Query, catalogue: Catalogue, today: date) -> Bits:
        members = self.snapshot.members(catalogue, query.on or today)
        return members["channel"].chosen([ChannelKind.VIDEO.value])

    def total(self, query: Query, catalogue: Catalogue, today: date, thesaurus: Thesaurus) -> int:
        """Return how many entries a query finds."""
        asked = self._asked(query, thesaurus)
        members = self.snapshot.members(catalogue, query.on or today)
        by_video = self._by_video(query, catalogue, today) if asked.video else None
        return size_of(Counts(packed(self._matched(asked, by_video).mask), query, members).result)

    # What is asked for

    def _asked(self, query: Query, thesaurus: Thesaurus) -> Asked:
        terms = tuple(Term(tuple(map(german.fold, term.words)), term.negated) for term in grammar.parse(query.q))
        video, others = wishes.for_video(terms)
        found = thesaurus.wishes(others)
        found = translated(found, lambda word: query.lang == "en" or not is_german(word))
        return Asked(
            wishes=tuple(wish for wish in found if not wish.negated),
            without=tuple(wish for wish in found if wish.negated),
            video=video,
            nothing=bool(query.q) and not terms,
        )

    def _matched(self, asked: Asked, by_video: Bits | None) -> Matched:
        """Return which entries are found, whatever the filters."""
        snapshot = self.snapshot
        gains = np.zeros(snapshot.width, np.float32)
        if asked.nothing:
            return Matched(np.zeros(snapshot.width, bool), gains, [], False)
        found = [self._said(wish) for wish in asked.wishes]
        is_nearest = False
        if found:
            most, terms = 0.0, 0
            gained = np.zeros(snapshot.width, np.int32)
            covered, titles = np.zeros((2, snapshot.width), np.uint8)
            for said in found:
                said.gains.add_to(gained)
                said.covered.add_to(covered)
                said.titles.add_to(titles)
                most += said.most
                terms += said.terms
            np.minimum(titles, WHOLE_TITLE, out=titles)
            gains = titles * np.float32(TITLE / WHOLE_TITLE)
            gains += 1
            gains *= gained
            mask = covered >= WHOLE_TERM * terms
            is_nearest = not mask.any()
            self._add_near(mask, gains, most * UNIT)
            for said in found:
                if said.strict:
                    mask &= said.mask(snapshot.width)
        elif by_video is not None:
            mask = unpacked(by_video & snapshot.everything)
        else:
            mask = snapshot.alive.copy()
        for wish in asked.without:
            mask &= ~self._said(wish).mask(snapshot.width)
        return Matched(mask, gains, found, is_nearest)

    def _add_near(self, mask: Mask, gains: NDArray[np.float32], most: float) -> None:
        """Add to those entries that have all that was typed the ones that are nearly as good."""
        best = float(gains.max(initial=0))
        share = best / ((1 + TITLE) * most) if most else 0
        least = (BESIDE_WHOLE if mask.any() else NEAR_BEST) * best
        if share >= DOUBTFUL:
            mask |= gains >= least
        elif share >= ENOUGH:
            places = (gains >= least).nonzero()[0]
            # Of equally good ones the first by title, so that it is the same ones in every process.
            mask[places[np.lexsort((self.snapshot.title_rank[places], -gains[places]))[:FEW]]] = True

    def _best(self, mask: Mask, scores: NDArray[np.float32], first: Bits | None, most: int) -> list[int]:
        """Return the best places of a result, best first; equally good ones in the order of titles."""
        places = mask.nonzero()[0]
        # One whole number says it all, so that no two are equal and pages never overlap.
        keys = (scores[places] * 512).astype(np.int64) << 24
        keys -= self.snapshot.title_rank[places]
        if first is not None:
            keys += unpacked(first)[places].astype(np.int64) << 60
        if len(places) > max(most, _SORTED_AT_ONCE):
            some = np.argpartition(keys, len(keys) - most)[len(keys) - most :]
            places, keys = places[some], keys[some]
        best: list[int] = places[np.argsort(keys)[: -most - 1 : -1]].tolist()
        return best

    # What a wish says

    def _said(self, wish: Wish) -> Said:
        with self._lock:
            if said := self._kept.get(wish):
                self._kept.move_to_end(wish)
                return said
        said = self._work_out(wish)
        with self._lock:
            if wish not in self._kept:
                self._kept[wish] = said
                self._bytes += said.bytes
            while self._bytes > _KEPT_BYTES * self.snapshot.width and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1].bytes
        return said

    def _work_out(self, wish: Wish) -> Said:
        term = wish.terms[0][0]
        if term.negated or len(term.words) > 1:
            return self._by_the_letter(term)
        size = self.snapshot.width
        gains, covered, titles = np.zeros((3, size), np.float32)
        most, keys, better = 0.0, set[str](), ""
        for term, others in wish.terms:
            word = next(folded(term.words))
            sense = self._with(self.meanings.of_word(word, slips=not others), others)
            gains += sense.gains
            covered += sense.covered
            titles += self.snapshot.title_shares(word)
            most += sense.most
            keys |= sense.keys
            better = better or sense.better
        if wish.instead:
            terms = len(wish.terms)
            whole = self._with(Sense(gains, covered / np.float32(terms), most, frozenset(keys)), wish.instead, terms)
            gains, covered, most = whole.gains, whole.covered * np.float32(terms), whole.most
            keys |= whole.keys
        parts = np.floor(covered * WHOLE_TERM + 0.01).astype(np.uint8)
        shares = np.minimum(titles * WHOLE_TITLE, WHOLE_TITLE).astype(np.uint8)
        return Said(
            Some.of(in_units(gains), self._telling(gains, parts > 0)),
            Some.of(parts, parts > 0),
            Some.of(shares, shares > _SOME_TITLE),
            most,
            len(wish.terms),
            np.fromiter(map(self.snapshot.lexicon.number.__getitem__, keys), np.int32, len(keys)),
            better=better,
        )

    @staticmethod
    def _telling(gains: NDArray[np.float32], covered: Mask) -> Mask:
        """Return the places whose gains are kept: those that have what was typed, and the best of the others."""
        others = np.where(covered, np.float32(0), gains)
        best = float(others.max(initial=0))
        least = max(_LEAST * best, 1e-6)
        if np.count_nonzero(others > least) > MOST_ALIKE:
            least = float(np.partition(others, len(others) - MOST_ALIKE)[-MOST_ALIKE])
        return covered | (others >= least) & (others > 0)

    def _with(self, sense: Sense, others: tuple[Alternative, ...], times: int = 1) -> Sense:
        """Return a sense with what else may be meant: what an entry gains by the best of it; for so many typed words.

        The rarer the catalogue has what was typed, the more they say: who typed one of its own words meant that one.
        """
        if not others:
            return sense
        covered, keys = sense.covered, set(sense.keys)
        weight = SYNONYM * times * self.meanings.rareness(int(np.count_nonzero(covered > 0.99)))
        best, peak, most = np.zeros_like(sense.gains), 0.0, 0.0
        for one in others:
            other = self.meanings.of_offices(one) if isinstance(one, Offices) else self.meanings.together(folded(one))
            best = np.maximum(best, other.gains)
            if (highest := float(other.gains.max())) > peak:
                peak, most = highest, other.most
            if other.keys or isinstance(one, Offices):
                covered = np.maximum(covered, other.covered > 0.99)
                keys |= other.keys
        gains = sense.gains + best * np.float32(weight)
        return Sense(gains, covered, sense.most + DOUBT * weight * most, frozenset(keys), sense.better)

    def _by_the_letter(self, term: Term) -> Said:
        """Return what a phrase says, or a word behind a minus: just these words, in any form, side by side."""
        meanings, snapshot = self.meanings, self.snapshot
        spelled = [part for word in term.words for part in german.spelled(word)]
        if len(term.words) == 1:
            spelled = [spelled[-1]]
        of_words = [meanings.written(word) for word in spelled]
        classes = [meanings.of_class(numbers) for numbers in of_words]
        places = reduce(np.intersect1d, (one.places for one in classes))
        gains = np.asarray(sum(one.gains[np.isin(one.places, places)] for one in classes), np.float32)
        keys = [frozenset(snapshot.lexicon.keys[number] for number in numbers) for numbers in of_words]
        if len(term.words) > 1:
            best = np.argsort(-gains, kind="stable")[:MOST_READ].tolist()
            read = [at for at in best if has_phrase(snapshot.rows[places[at]].published.service, keys)]
            places, gains = places[read], gains[read]
        full = np.full(len(places), WHOLE_TERM, np.uint8)
        most = float(gains.max(initial=0))
        nothing = Some(places, full * 0)
        numbers = np.array(list({number for some in of_words for number in some}), np.int32)
        return Said(Some(places, in_units(gains)), Some(places, full), nothing, most, 1, numbers, strict=True)

    # What else could be asked

    def _suggestion(
        self, query: Query, said: list[Said], catalogue: Catalogue, today: date, thesaurus: Thesaurus
    ) -> str | None:
        """Return the query with words that nobody has written put right, if that finds anything."""
        better = [one.better for one in said]
        if not any(better):
            return None
        meant = query.q
        for one in filter(None, better):
            wrong, right = one.split(" ", 1)
            meant = re.sub(rf"\b{re.escape(wrong)}\b", right, meant, count=1, flags=re.IGNORECASE)
        if meant == query.q:
            return None
        return meant if self.total(replace(query, q=meant, page=1), catalogue, today, thesaurus) else None

    def _relaxed(
        self, query: Query, catalogue: Catalogue, today: date, thesaurus: Thesaurus
    ) -> tuple[tuple[str, Query, int], ...]:
        """Return what would be found without one of the words or filters, where that is anything."""
        terms = grammar.parse(query.q)
        ways: list[tuple[str, Query]] = []
        if len(terms) > 1:
            for term in terms:
                rest = " ".join(other.typed for other in terms if other is not term)
                ways.append((term.typed, replace(query, q=rest, page=1)))
        ways += [(value, query.toggled(facet, value)) for facet, value in query.selected]
        found = [(dropped, way, self.total(way, catalogue, today, thesaurus)) for dropped, way in ways]
        return tuple(sorted((way for way in found if way[2]), key=lambda way: -way[2]))
