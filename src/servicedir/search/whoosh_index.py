"""The embedded engine: Whoosh keeps the postings on disk, we score and count in memory.

Of Whoosh only its stable core is used (schema, writer, postings, stored fields), see docs/decisions. Its query parser,
collectors and facets are not: they are slow, or wrong, or a hole for expensive queries.
"""

from __future__ import annotations

import json
import math
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from heapq import nsmallest
from pathlib import Path
from threading import Lock

import structlog
from whoosh import index as whoosh_index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, NUMERIC, STORED, TEXT, Schema
from whoosh.reading import IndexReader
from whoosh.writing import CLEAR, IndexWriter

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.document import to_document
from servicedir.domain.history import Published
from servicedir.domain.query import Hit, Page, Query, Sort, Suggestion
from servicedir.search import german, grammar
from servicedir.search.snapshot import Bits, Row, Snapshot, bits_of, positions
from servicedir.search.suggesting import Suggester, Titled, words_of
from servicedir.search.synonyms import WEIGHT, Thesaurus, Wish, Words
from servicedir.search.texts import fields, has_phrase

log = structlog.get_logger(__name__)

WEIGHTS = {"title": 8.0, "keywords": 5.0, "summary": 2.0, "body": 1.0}
"""How much a word counts by the field in which it stands."""

SHORTEST_BEGINNING = 4
"""Letters from which on a typed word also finds longer ones that begin with it, below exact hits."""
WEIGHT_OF_BEGINNING = 0.3
MOST_LONGER = 64

_STATE = "__state__"  # No slug looks like this; the document under it remembers the change number.
_WAIT_FOR_WRITER = 30.0  # seconds
_LOOK_FOR_OTHERS = 1.0  # seconds between two looks whether another process has written
_K1, _B = 1.2, 0.6  # The usual saturation and length normalisation of BM25.

_Known = dict[Wish, tuple[Bits, dict[int, float]]]

_SCHEMA = Schema(
    key=ID(stored=True, unique=True),
    change=NUMERIC(int, 64, signed=True, stored=True),
    stored=STORED,
    **{name: TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False) for name in WEIGHTS},
)


class _Postings:
    """Scores of words over a snapshot, read from Whoosh under a lock and kept until the next generation."""

    def __init__(self, reader: IndexReader, snapshot: Snapshot, at_docnum: dict[int, int]) -> None:
        self._reader = reader
        self._at = at_docnum
        self._lock = Lock()  # A Whoosh reader shared by threads answers wrongly.
        self._kept: dict[str, dict[int, float]] = {}
        self._words: list[str] | None = None
        self._count = len(snapshot.rows)
        self._average = {
            name: max(1.0, reader.field_length(name) / self._count) if self._count else 1.0 for name in WEIGHTS
        }

    def scores(self, token: str) -> dict[int, float]:
        """Return the score of each position whose text has a token."""
        found = self._kept.get(token)
        if found is None:
            with self._lock:
                if len(self._kept) > 50_000:
                    self._kept.clear()
                found = self._kept[token] = self._read(token)
        return found

    def longer(self, beginning: str) -> list[str]:
        """Return the indexed words that begin so, at most MOST_LONGER, the shortest first."""
        with self._lock:
            if self._words is None:
                self._words = sorted({term.decode() for name, term in self._reader.all_terms() if name in WEIGHTS})
        first = bisect_left(self._words, beginning)
        last = bisect_left(self._words, beginning + "\U0010ffff")
        return sorted(self._words[first : min(last, first + 1000)], key=len)[:MOST_LONGER]

    def _read(self, token: str) -> dict[int, float]:
        found: dict[int, float] = {}
        for name, weight in WEIGHTS.items():
            if (name, token) not in self._reader:
                continue
            matcher = self._reader.postings(name, token)
            while matcher.is_active():
                docnum, frequency = matcher.id(), matcher.weight()
                matcher.next()
                if docnum in self._at:
                    length = self._reader.doc_field_length(docnum, name) / self._average[name]
                    gain = weight * frequency * (_K1 + 1) / (frequency + _K1 * (1 - _B + _B * length))
                    found[self._at[docnum]] = found.get(self._at[docnum], 0.0) + gain
        rarity = math.log(1 + (self._count - len(found) + 0.5) / (len(found) + 0.5))
        return {at: gain * rarity for at, gain in found.items()}


class WhooshIndex:
    """The `Index` on Whoosh, in a folder that several processes may share."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = Lock()
        self._looked = 0.0
        self._thesaurus: tuple[Catalogue | None, Thesaurus] = (None, Thesaurus(()))
        self._suggester: tuple[Snapshot | None, Catalogue | None, Suggester | None] = (None, None, None)
        try:
            self._index = whoosh_index.open_dir(folder)
            if self._index.schema.names() != _SCHEMA.names():
                raise LookupError("an index with other fields")
            self._state = self._load(None)
        except PermissionError:
            raise
        except Exception as fault:  # None yet, a broken one, or one of another version: it is disposable.
            if any(folder.iterdir()):
                log.warning("the search index cannot be read and is made anew", error=type(fault).__qualname__)
            self._index = whoosh_index.create_in(folder, _SCHEMA)
            self._state = self._load(None)

    def _load(self, before: Snapshot | None) -> tuple[Snapshot, _Postings]:
        """Read the newest generation; entries that are as before keep their parsed values."""
        generation = self._index.latest_generation()
        reader = self._index.reader()
        known = {row.stored: row for row in before.rows} if before else {}
        rows: dict[str, Row] = {}
        docnums: dict[str, int] = {}
        change = 0
        for docnum in reader.all_doc_ids():
            fields = reader.stored_fields(docnum)
            if fields["key"] == _STATE:
                change = fields["change"]
            else:
                rows[fields["key"]] = known.get(fields["stored"]) or Row(fields["key"], fields["stored"])
                docnums[fields["key"]] = docnum
        snapshot = Snapshot(rows, generation, change)
        at_docnum = {docnums[slug]: at for slug, at in snapshot.position.items()}
        return snapshot, _Postings(reader, snapshot, at_docnum)

    def _current(self, *, look: bool = False) -> tuple[Snapshot, _Postings]:
        now = time.monotonic()
        if look or now - self._looked > _LOOK_FOR_OTHERS:
            with self._lock:
                self._looked = now
                if self._index.latest_generation() != self._state[0].generation:
                    self._state = self._load(self._state[0])
        return self._state

    def change(self) -> int:
        """Return the number of the last change held on disk."""
        return self._current(look=True)[0].change

    def get(self, slug: str) -> Published | None:
        """Return the entry held under a slug."""
        snapshot = self._current()[0]
        at = snapshot.position.get(slug)
        return None if at is None else snapshot.rows[at].published

    def everything(self) -> list[Published]:
        """Return all held entries in the order of their German titles."""
        return [row.published for row in self._current()[0].rows]

    def spoken(self) -> frozenset[str]:
        """Return the languages in which the held services are offered."""
        return self._current()[0].spoken()

    def _writer(self) -> IndexWriter:
        return self._index.writer(timeout=_WAIT_FOR_WRITER)

    def update(self, put: Iterable[Published], remove: Iterable[str], change: int) -> None:
        """Write entries and removals in one commit. Raises whoosh's LockError if another writer does not end."""
        # The same key twice in one writer would leave two documents, so the last state of a key wins before.
        entries: dict[str, Published | None] = {entry.service.slug: entry for entry in put}
        entries.update(dict.fromkeys(remove))
        writer = self._writer()
        try:
            for slug, entry in entries.items():
                writer.delete_by_term("key", slug)
                if entry:
                    writer.add_document(**self._document(entry))
            self._finish(writer, change)
        except BaseException:
            writer.cancel()
            raise
        self._current(look=True)

    def rebuild(self, entries: Iterable[Published], change: int) -> None:
        """Write a new index from these entries and drop the old one, in one commit."""
        writer = self._writer()
        try:
            for slug, entry in {entry.service.slug: entry for entry in entries}.items():
                writer.add_document(**{**self._document(entry), "key": slug})
            self._finish(writer, change, mergetype=CLEAR)
        except BaseException:
            writer.cancel()
            raise
        self._current(look=True)

    @staticmethod
    def _finish(writer: IndexWriter, change: int, **options: object) -> None:
        writer.delete_by_term("key", _STATE)
        writer.add_document(key=_STATE, change=change)
        writer.commit(**options)

    @staticmethod
    def _document(entry: Published) -> dict[str, object]:
        raw = {
            "document": to_document(entry.service),
            "revision": entry.revision,
            "updated": entry.updated.isoformat(),
        }
        stored = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
        return {"key": entry.service.slug, "stored": stored, **fields(entry.service)}

    def difference(self, entries: Iterable[Published]) -> list[str]:
        """Return a line for each entry that is missing, superfluous or outdated in the index."""
        snapshot = self._current(look=True)[0]
        lines, left = [], set(snapshot.position)
        for entry in entries:
            slug = entry.service.slug
            if slug not in left:
                lines.append(f"{slug}: missing in the index")
                continue
            left.discard(slug)
            held = snapshot.rows[snapshot.position[slug]].published
            if held.revision != entry.revision or held.service != entry.service:
                lines.append(f"{slug}: revision {held.revision} in the index, {entry.revision} is live")
        return lines + [f"{slug}: in the index, but not live" for slug in sorted(left)]

    def find(self, query: Query, catalogue: Catalogue, today: date) -> Page:
        """Return one page of results, in order, with facets over all of them."""
        snapshot, postings = self._current()
        members = snapshot.members(catalogue, query.on or today)
        chosen = snapshot.chosen(query, members)
        terms = grammar.parse(query.q)
        wishes = self._synonyms(catalogue).wishes(terms)
        known: _Known = {}
        matched = _match(wishes, snapshot, postings, known)
        scores = _scores(wishes, known)
        if query.q and not terms:
            matched = 0
        found, facets = snapshot.count(matched, chosen, query, members)
        start = (query.page - 1) * query.per_page
        order = _order(query, snapshot, found, scores, start + query.per_page)
        stems = frozenset(stem for wish in wishes if not wish.negated for stem in wish.stems)
        hits = tuple(Hit(snapshot.rows[at], stems, query.lang) for at in order[start:])
        relaxed = () if found else self._relaxed(query, terms, catalogue, today, known)
        return Page(query=query, total=found.bit_count(), hits=hits, facets=facets, relaxed=relaxed)

    def suggest(self, typed: str, language: str, catalogue: Catalogue) -> list[Suggestion]:
        """Return at most eight completions of what is typed."""
        snapshot, postings = self._current()
        kept, nouns, suggester = self._suggester
        if suggester is None or kept is not snapshot or nouns is not catalogue:
            suggester = self._suggester_of(snapshot, postings, catalogue)
            self._suggester = (snapshot, catalogue, suggester)
        return suggester.suggest(typed, language)

    def _suggester_of(self, snapshot: Snapshot, postings: _Postings, catalogue: Catalogue) -> Suggester:
        services = [row.published.service for row in snapshot.rows]
        words = Counter(word for service in services for word in words_of(service))

        def finds(typed: str) -> bool:
            return bool(_match(self._synonyms(catalogue).wishes(grammar.parse(typed)), snapshot, postings, {}))

        titles = [Titled(service.slug, service.title.get("de"), service.title.get("en")) for service in services]
        topics = {topic for service in services for topic in service.topics}
        return Suggester(titles, catalogue, words, topics, finds)

    def _relaxed(
        self,
        query: Query,
        terms: tuple[grammar.Term, ...],
        catalogue: Catalogue,
        today: date,
        known: _Known,
    ) -> tuple[tuple[str, Query, int], ...]:
        """Return what would be found without one of the words or filters, where that is anything."""
        snapshot, postings = self._current()
        ways: list[tuple[str, Query]] = []
        if len(terms) > 1:
            for term in terms:
                rest = " ".join(other.typed for other in terms if other is not term)
                ways.append((term.typed, replace(query, q=rest, page=1)))
        ways += [(value, query.toggled(facet, value)) for facet, value in query.selected]
        found = []
        for dropped, way in ways:
            members = snapshot.members(catalogue, way.on or today)
            wishes = self._synonyms(catalogue).wishes(grammar.parse(way.q))
            matched = _match(wishes, snapshot, postings, known)
            total = snapshot.count(matched, snapshot.chosen(way, members), way, members)[0].bit_count()
            if total:
                found.append((dropped, way, total))
        return tuple(sorted(found, key=lambda way: -way[2]))

    def _synonyms(self, catalogue: Catalogue) -> Thesaurus:
        kept, found = self._thesaurus
        if kept is not catalogue:
            found = Thesaurus(catalogue.synonyms.values())
            self._thesaurus = (catalogue, found)
        return found


def _match(wishes: list[Wish], snapshot: Snapshot, postings: _Postings, known: _Known) -> Bits:
    """Return the entries that have all that is wished and nothing that is not; `known` keeps what each one gave."""
    matched = snapshot.everything
    for wish in wishes:
        if wish not in known:
            parts = [_with(_gains(term, snapshot, postings), others, postings) for term, others in wish.terms]
            gains = _with(_together(parts), wish.instead, postings)
            known[wish] = bits_of(gains), gains
        bits = known[wish][0]
        matched &= ~bits if wish.negated else bits
    return matched


def _scores(wishes: list[Wish], known: _Known) -> dict[int, float]:
    """Return the scores of entries that have any of what is wished, those that have it all among them."""
    scores: dict[int, float] = {}
    for wish in wishes:
        if not wish.negated:
            for at, gain in known[wish][1].items():
                scores[at] = scores.get(at, 0.0) + gain
    return scores


def _with(gains: dict[int, float], others: tuple[Words, ...], postings: _Postings) -> dict[int, float]:
    """Return scores with those of synonyms, of which an entry must have all words; the best one counts."""
    for words in others:
        found = _together([_of_word(word, postings, longer=True) for word in words])
        gains = gains | {at: max(gains.get(at, 0.0), gain * WEIGHT) for at, gain in found.items()}
    return gains


def _together(parts: list[dict[int, float]]) -> dict[int, float]:
    """Return the sum of the scores at each position that all have."""
    found, *rest = parts
    for part in rest:
        found = {at: found[at] + part[at] for at in found.keys() & part.keys()}
    return found


def _of_word(word: str, postings: _Postings, *, longer: bool) -> dict[int, float]:
    """Return the score that a word gives to each position; `longer`: also to those of words that begin with it."""
    best: dict[int, float] = {}
    for stems in german.readings(word):
        scored = [postings.scores(stem) for stem in stems]
        for at in set(scored[0]).intersection(*scored[1:]):
            best[at] = max(best.get(at, 0.0), sum(part[at] for part in scored))
    if longer and len(word) >= SHORTEST_BEGINNING:
        for token in postings.longer(german.beginning(word)):
            for at, gain in postings.scores(token).items():
                best[at] = max(best.get(at, 0.0), gain * WEIGHT_OF_BEGINNING)
    return best


def _gains(term: grammar.Term, snapshot: Snapshot, postings: _Postings) -> dict[int, float]:
    """Return the score that a term gives to each position at which it matches."""
    # Who leaves a word out means that word, and not all that begin with it.
    longer = len(term.words) == 1 and not term.negated
    gains = _together([_of_word(word, postings, longer=longer) for word in term.words])
    if len(term.words) > 1:
        phrase = [german.readings(word) for word in term.words]
        gains = {at: gain for at, gain in gains.items() if has_phrase(snapshot.rows[at].published.service, phrase)}
    return gains


def _order(query: Query, snapshot: Snapshot, found: Bits, scores: dict[int, float], most: int) -> list[int]:
    """Return the first `most` positions of a result in the order asked for."""
    if query.sort is Sort.RELEVANCE and scores:
        ranked = [(-scores[at], at) for at in positions(found) if at in scores]
        return [at for _, at in nsmallest(most, ranked)]
    if query.sort is Sort.UPDATED or query.lang == "en":
        order = snapshot.newest if query.sort is Sort.UPDATED else snapshot.english
        members = set(positions(found))
        return [at for at in order if at in members][:most]
    return [at for at, _ in zip(positions(found), range(most), strict=False)]
