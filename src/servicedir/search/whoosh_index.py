"""The embedded engine: Whoosh keeps entries and postings on disk, and everything is answered from memory.

Of Whoosh only its stable core is used (schema, writer, postings, stored fields), see docs/decisions. What changes is in
memory at once, and written behind it: a process that ends before that catches up from the database, as ever.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from threading import Lock, Thread
from typing import TypeVar

import numpy as np
import structlog
from whoosh import index as whoosh_index
from whoosh.analysis import Token, Tokenizer
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.writing import CLEAR, IndexWriter

from servicedir.domain.catalogue import Catalogue, Compound
from servicedir.domain.history import Published
from servicedir.domain.query import Page, Query, Suggestion
from servicedir.domain.text import LANGUAGES
from servicedir.search import german, synonyms
from servicedir.search.compounds import exceptions_of
from servicedir.search.explaining import Explained
from servicedir.search.finder import Finder
from servicedir.search.kept import keep, kept
from servicedir.search.lexicon import Lexicon
from servicedir.search.row import Row
from servicedir.search.snapshot import MOST_LEFT_BEHIND, Prepared, Snapshot
from servicedir.search.suggesting import Suggester, Titled
from servicedir.search.synonyms import Thesaurus, of_catalogue
from servicedir.search.texts import impacts
from servicedir.search.whoosh_reading import read

log = structlog.get_logger(__name__)

WRITE_AFTER = 1.0
"""Seconds after a change at which it is written to disk, with what came meanwhile."""

_STATE = "__state__"  # No slug looks like this; the document under it remembers the change number.
_WAIT_FOR_WRITER = 30.0  # seconds
_MOST_UNSORTED = 16  # MiB of words that a writer sorts at once; with 128, who made an index kept 200 MiB for good.
_TRIES, _PAUSE = 20, 0.05  # How often, and after how many seconds, files are looked for that are being replaced.

T = TypeVar("T")
_ANALYSIS = hashlib.sha256(
    b"".join((Path(__file__).parent / name).read_bytes() for name in ("german.py", "texts.py", "row.py"))
).hexdigest()
"""What the index on disk was made with: one that other texts of the program made is made anew."""


class WithImpacts(Tokenizer):  # type: ignore[misc]  # Whoosh has no types.
    """Reads `word^impact` pairs between spaces, in which an entry's words are handed to Whoosh."""

    def __call__(self, value: str, **options: object) -> Iterator[Token]:
        """Yield a token for each word."""
        token = Token()
        for pair in value.split():
            token.text, _, impact = pair.rpartition("^")
            token.boost = float(impact)
            yield token


_SCHEMA = Schema(key=ID(stored=True, unique=True), held=STORED, words=TEXT(analyzer=WithImpacts(), phrase=False))


def prepared(entry: Published) -> Prepared:
    """Return an entry as it is held, and what its words say."""
    return Row.of(entry), impacts(entry.service)


class WhooshIndex:
    """The `Index` on Whoosh, in a folder that several processes may share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()  # Held by who changes what is in memory.
        self._writing = Lock()  # Held by who writes it to disk.
        self._waiting: dict[str, Prepared | None] = {}  # What is in memory and not yet on disk; None: went.
        self._written = 0
        self._writer_runs = False
        self._changed = False  # Whether the arrays on disk are older than what this one wrote there.
        self._generation = -1  # Which state of the index on disk this one has read or written last.
        self._thesaurus: tuple[Catalogue | None, Thesaurus] = (None, Thesaurus())
        self._suggester: tuple[Snapshot | None, Catalogue | None, Suggester | None] = (None, None, None)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            snapshot = _patiently(self._read)
        except PermissionError:
            raise
        except Exception as fault:  # None yet, a broken one, or one of another version: it is disposable.
            if any(folder.iterdir()):
                log.warning("the search index cannot be read and is made anew", error=type(fault).__qualname__)
            whoosh_index.create_in(folder, _SCHEMA)
            snapshot = self._read()
        self._finder = Finder(snapshot)
        self._excepting: tuple[Finder, Mapping[str, Compound], Finder] = (self._finder, {}, self._finder)
        self._written = snapshot.change

    # From disk, and to it

    def _read(self) -> Snapshot:
        """Return what is on disk. Raises LookupError for an index that another version of the program made."""
        index = whoosh_index.open_dir(self._folder)
        if index.schema.names() != _SCHEMA.names():
            raise LookupError("an index with other fields")
        with index.reader() as reader:
            change, analysis = 0, _ANALYSIS
            rows: list[Row] = []
            places = np.full(reader.doc_count_all(), -1, np.int32)
            for docnum in reader.all_doc_ids():
                stored = reader.stored_fields(docnum)
                if stored["key"] == _STATE:
                    change, analysis = stored["held"]
                else:
                    places[docnum] = len(rows)
                    rows.append(Row.unpacked(stored["held"]))
            if analysis != _ANALYSIS:
                raise LookupError("an index of another analysis")
            self._generation = reader.generation()
            if found := kept(self._folder, [row.slug for row in rows], change, self._state()):
                keys, numbers, at, impact = found
                return Snapshot.of(rows, numbers, at, impact, Lexicon(keys), change)
            snapshot = read(reader, rows, places, change)
        if change:
            self._keep(snapshot)
        return snapshot

    def _state(self) -> str:
        """Return of which state of the index on disk the arrays are: two of one change may differ, if one is mended."""
        return f"{_ANALYSIS} {self._generation}"

    def _keep(self, snapshot: Snapshot) -> None:
        try:
            keep(self._folder, snapshot, self._state())
        except OSError as fault:  # It saves a second at the next start, no more.
            log.warning("the arrays of the index cannot be kept", error=type(fault).__qualname__)

    def _writer(self, index: whoosh_index.Index) -> IndexWriter:
        return index.writer(timeout=_WAIT_FOR_WRITER, limitmb=_MOST_UNSORTED)

    def write(self) -> None:
        """Write to disk what is there in memory alone. What another process has written meanwhile is not undone."""
        with self._writing:
            with self._lock:
                waiting, change = dict(self._waiting), self._finder.snapshot.change
            if not waiting and change == self._written:
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            if not any(self._folder.iterdir()):  # Somebody has taken it away.
                whoosh_index.create_in(self._folder, _SCHEMA)
            writer = self._writer(_patiently(lambda: whoosh_index.open_dir(self._folder)))
            try:
                on_disk = _change_on_disk(self._folder)
                options: dict[str, object] = {}
                if on_disk < self._written:  # It was taken away, or an older one was put in its place.
                    waiting, options = {**dict(_whole(self._finder.snapshot)), **waiting}, {"mergetype": CLEAR}
                if on_disk < change:
                    for slug, entry in waiting.items():
                        writer.delete_by_term("key", slug)
                        if entry:
                            writer.add_document(**_document(entry))
                    _finish(writer, change, **options)
                    self._generation, self._changed = writer.generation, True
                else:
                    writer.cancel()
            except BaseException:
                writer.cancel()
                raise
            with self._lock:
                self._written = max(change, on_disk)
                for slug, entry in waiting.items():
                    if self._waiting.get(slug, self) is entry:
                        del self._waiting[slug]
            self._compact()

    def _compact(self) -> None:
        """Make the arrays anew without what was left behind, if that is much; others search and change meanwhile."""
        before = self._finder.snapshot
        if before.left_behind <= MOST_LEFT_BEHIND:
            return
        after = before.compacted()
        after.lexicon.warm()
        with self._lock:
            if self._finder.snapshot is before:
                self._finder = Finder(after)

    def _write_soon(self) -> None:
        if not self._writer_runs:
            self._writer_runs = True
            # No daemon: a command that ends waits until its changes are written.
            Thread(target=self._write_behind, name="index").start()

    def _write_behind(self) -> None:
        time.sleep(WRITE_AFTER)
        self._writer_runs = False
        try:
            self.write()
        except Exception as fault:  # Whatever ails the disk: what is in memory is right, and a start catches up.
            log.warning("the search index cannot be written", error=type(fault).__qualname__)

    def warm(self) -> None:
        """Take the words of the catalogue apart before somebody asks for one."""
        synonyms.warm()
        snapshot = self._finder.snapshot
        snapshot.lexicon.warm()
        for place in snapshot.place.values():
            snapshot.rows[place].warm(LANGUAGES[0])
            if place % 16 == 0:
                time.sleep(0.001)  # Whoever waits for an answer goes first.

    def close(self) -> None:
        """Write what is not yet on disk, and keep the arrays for the next start."""
        try:
            self.write()
        except Exception as fault:
            log.warning("the search index cannot be written", error=type(fault).__qualname__)
        else:
            if self._changed:
                self._keep(self._finder.snapshot)
                self._changed = False

    # The protocol

    def change(self) -> int:
        """Return the number of the last change held."""
        return self._finder.snapshot.change

    def get(self, slug: str) -> Published | None:
        """Return the entry held under a slug."""
        snapshot = self._finder.snapshot
        place = snapshot.place.get(slug)
        return None if place is None else snapshot.rows[place].published

    def titles(self) -> list[Row]:
        """Return all held entries in the order of their German titles."""
        return self._finder.snapshot.titles()

    def spoken(self) -> frozenset[str]:
        """Return the languages in which the held services are offered."""
        return self._finder.snapshot.spoken

    def update(self, put: Iterable[Published], remove: Iterable[str], change: int) -> None:
        """Hold entries instead of older ones and drop others, at once; they are written to disk soon."""
        entries: dict[str, Prepared | None] = {entry.service.slug: prepared(entry) for entry in put}
        entries.update(dict.fromkeys(remove))
        with self._lock:
            new = [entry for entry in entries.values() if entry]
            gone = [slug for slug, entry in entries.items() if entry is None]
            snapshot = self._finder.snapshot
            changed = snapshot.with_changes(new, gone, change)
            self._finder = Finder(changed)
            self._waiting.update(entries)
            self._write_soon()

    def rebuild(self, entries: Iterable[Published], change: int) -> None:
        """Write a new index from these entries and drop the old one, in one commit."""
        with self._writing, self._lock:
            writer = self._writer(_patiently(lambda: whoosh_index.open_dir(self._folder)))
            try:
                for document in {entry.service.slug: _document(prepared(entry)) for entry in entries}.values():
                    writer.add_document(**document)
                _finish(writer, change, mergetype=CLEAR)
            except BaseException:
                writer.cancel()
                raise
            self._waiting.clear()
            self._written = change
            self._finder = Finder(self._read())

    def difference(self, entries: Iterable[Published]) -> list[str]:
        """Return a line for each entry that is missing, superfluous or outdated in the index."""
        snapshot = self._finder.snapshot
        lines, left = [], set(snapshot.place)
        for entry in entries:
            slug = entry.service.slug
            if slug not in left:
                lines.append(f"{slug}: missing in the index")
                continue
            left.discard(slug)
            held = snapshot.rows[snapshot.place[slug]].published
            if held.revision != entry.revision or held.service != entry.service:
                lines.append(f"{slug}: revision {held.revision} in the index, {entry.revision} is live")
        return lines + [f"{slug}: in the index, but not live" for slug in sorted(left)]

    def find(self, query: Query, catalogue: Catalogue, today: date) -> Page:
        """Return one page of results, in order, with facets over all of them."""
        return self._finder_for(catalogue).find(query, catalogue, today, self._synonyms(catalogue))

    def explain(self, query: Query, catalogue: Catalogue, today: date) -> list[Explained]:
        """Return for each entry of that page what it gains, and by which of its words."""
        return self._finder_for(catalogue).explain(query, catalogue, today, self._synonyms(catalogue))

    def suggest(self, typed: str, language: str, catalogue: Catalogue) -> list[Suggestion]:
        """Return at most eight completions of what is typed."""
        finder = self._finder_for(catalogue)
        kept, nouns, suggester = self._suggester
        if suggester is None or kept is not finder.snapshot or nouns is not catalogue:
            suggester = self._suggester_of(finder, catalogue)
            self._suggester = (finder.snapshot, catalogue, suggester)
        return suggester.suggest(typed, language)

    def _suggester_of(self, finder: Finder, catalogue: Catalogue) -> Suggester:
        thesaurus, today = self._synonyms(catalogue), date.today()

        def finds(typed: str) -> bool:
            return finder.total(Query(q=typed), catalogue, today, thesaurus) > 0

        rows = finder.snapshot.titles()
        titles = [Titled(row.slug, row.title.get("de"), row.title.get("en")) for row in rows]
        topics = {value for row in rows for facet, value in row.filters if facet == "topic"}
        words = finder.snapshot.words()
        for slug, office in catalogue.offices.items():
            name = german.fold(office.name.get("de"))
            if name.isalpha() and (size := int(finder.snapshot.of_offices([slug]).sum())):
                words[name] = max(size, words.get(name, 0))
        return Suggester(titles, catalogue, words, topics, finds)

    def _finder_for(self, catalogue: Catalogue) -> Finder:
        """Return what finds, with compounds taken apart as a catalogue says: it holds nothing found out otherwise."""
        finder, compounds = self._finder, catalogue.compounds
        base, kept, found = self._excepting
        if base is not finder or kept is not compounds:
            if base is not finder or kept != compounds:
                found = Finder(finder.snapshot, exceptions_of(compounds.values())) if compounds else finder
            self._excepting = (finder, compounds, found)
        return found

    def _synonyms(self, catalogue: Catalogue) -> Thesaurus:
        kept, found = self._thesaurus
        if kept is not catalogue:
            found = of_catalogue(catalogue)
            self._thesaurus = (catalogue, found)
        return found


def _patiently(act: Callable[[], T]) -> T:
    """Return what an act gives, tried again if a file is gone: another process has just written newer ones."""
    for _attempt in range(_TRIES):
        try:
            return act()
        except FileNotFoundError:
            time.sleep(_PAUSE)
    return act()


def _whole(snapshot: Snapshot) -> Iterator[tuple[str, Prepared]]:
    """Yield all entries of a snapshot with what their words say."""
    keys = snapshot.lexicon.keys
    numbers, places, said = snapshot.postings.triples()
    words: dict[int, dict[str, float]] = {}
    for number, place, impact in zip(numbers.tolist(), places.tolist(), said.tolist(), strict=True):
        words.setdefault(place, {})[keys[number]] = impact
    for slug, place in snapshot.place.items():
        yield slug, (snapshot.rows[place], words.get(place, {}))


def _document(entry: Prepared) -> dict[str, object]:
    row, words = entry
    said = " ".join(f"{key}^{impact:.3f}" for key, impact in words.items())
    return {"key": row.slug, "held": row.packed(), "words": said}


def _finish(writer: IndexWriter, change: int, **options: object) -> None:
    writer.delete_by_term("key", _STATE)
    writer.add_document(key=_STATE, held=(change, _ANALYSIS))
    writer.commit(**options)


def _change_on_disk(folder: Path) -> int:
    with whoosh_index.open_dir(folder).reader() as reader:
        docnum = next(iter(reader.postings("key", _STATE).all_ids()), None) if ("key", _STATE) in reader else None
        return 0 if docnum is None else int(reader.stored_fields(docnum)["held"][0])
