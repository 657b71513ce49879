"""The same question to several engines: the ten best entries, how many there are, and their counts in three facets.

The rivals get stems made beforehand (Snowball, German), the words of a query ANDed: so they find the same entries, and
none of their time goes with understanding German. All of them hold everything in memory.
"""

from __future__ import annotations

import importlib
import re
import sqlite3
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from Stemmer import Stemmer
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, KEYWORD, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import AndGroup, MultifieldParser
from whoosh.sorting import Count, FieldFacet

from servicedir.directory import House
from servicedir.domain.query import Query

WEIGHTS = {"title": 8.0, "keywords": 5.0, "summary": 2.0, "body": 1.0}
FACETS = ("video", "nature", "office")
MOST_VALUES = 200
"""More values than any of the three facets has: all are counted."""

_stemmer = Stemmer("german")


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the rivals hold it: the stems of each of the four fields, and the values of the three facets."""

    slug: str
    fields: tuple[str, ...]
    video: str
    nature: str
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it is typed, and the stems that an entry must have for it."""

    typed: str
    stems: tuple[str, ...]


Answer = tuple[list[str], int, Any]
"""Slugs of the ten best, how many were found, and counts of the facets in whatever form the engine gives them."""


class Engine(Protocol):
    """An engine that holds the entries. What `prepare` returns is handed to `ask`, and only `ask` is timed."""

    name: str

    def prepare(self, asked: Asked) -> Any:
        """Return the query in the form in which the engine takes it."""

    def ask(self, query: Any) -> Answer:
        """Return what it finds."""


@cache
def stem(word: str) -> str:
    """Return the stem of a word in lower case."""
    return str(_stemmer.stemWord(word))


def stems(text: str) -> list[str]:
    """Return the stems of the words of a text, in their order."""
    return [stem(word) for word in re.findall(r"\w+", text.lower())]


def borrow(venv: Path | None) -> Any:
    """Return the module tantivy, from the rivals' environment if need be, or None where it is not installed.

    That environment comes last: of what both have, ours is taken.
    """
    if venv is not None:
        sys.path.append(sysconfig.get_path("platlib", vars={"base": str(venv), "platbase": str(venv)}))
    try:
        return importlib.import_module("tantivy")
    except ImportError:
        return None


class Servicedir:
    """Our own: reads the typed words, weighs four fields, finds derived words as well, and counts seven facets."""

    name = "servicedir"

    def __init__(self, house: House) -> None:
        self._index, self._catalogue, self._today = house.index, house.catalogue(), house.today()

    def prepare(self, asked: Asked) -> Query:
        """Return the typed query for a page of ten."""
        return Query(q=asked.typed, per_page=10)

    def ask(self, query: Query) -> Answer:
        """Return a page; what it leaves for when somebody looks at it is done here."""
        page = self._index.find(query, self._catalogue, self._today)
        return [hit.slug for hit in page.hits], page.total, [list(page.facets[name].counts) for name in FACETS]


class Tantivy:
    """tantivy as documented, doing what we do: four weighted fields, a query that is parsed, slugs that are stored."""

    name = "tantivy"

    def __init__(self, tantivy: Any, rows: Sequence[Row]) -> None:
        builder = tantivy.SchemaBuilder()
        for field in WEIGHTS:
            builder.add_text_field(field, tokenizer_name="stems", index_option="freq")
        builder.add_text_field("slug", stored=True, tokenizer_name="raw", index_option="basic")
        for facet in FACETS:
            builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
        self._index = _filled(
            tantivy,
            builder.build(),
            (
                {
                    **dict(zip(WEIGHTS, row.fields, strict=True)),
                    "slug": row.slug,
                    "video": row.video,
                    "nature": row.nature,
                    "office": list(row.offices),
                }
                for row in rows
            ),
        )
        self._searcher = self._index.searcher()
        self._fields = list(WEIGHTS)

    def prepare(self, asked: Asked) -> str:
        """Return the stems as a text for tantivy's parser."""
        return " ".join(asked.stems)

    def ask(self, query: str) -> Answer:
        """Parse, search, and count by one aggregation over fast fields."""
        parsed = self._index.parse_query(query, self._fields, field_boosts=WEIGHTS, conjunction_by_default=True)
        found = self._searcher.search(parsed, 10)
        slugs = [self._searcher.doc(address)["slug"][0] for _score, address in found.hits]
        return slugs, found.count, self._searcher.aggregate(parsed, _TERMS)


class BareTantivy:
    """tantivy with the least to do: one field without weights, a query of terms, numbers instead of names."""

    name = "tantivy, bare"

    def __init__(self, tantivy: Any, rows: Sequence[Row]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="stems", index_option="freq")
        for field in ("number", *FACETS):
            builder.add_unsigned_field(field, fast=True)
        self._schema = builder.build()
        self._tantivy = tantivy
        codes: dict[str, int] = {}

        def code(value: str) -> int:
            return codes.setdefault(value, len(codes))

        self._index = _filled(
            tantivy,
            self._schema,
            (
                {
                    "text": " ".join(row.fields),
                    "number": number,
                    "video": code(row.video),
                    "nature": code(row.nature),
                    "office": [code(office) for office in row.offices],
                }
                for number, row in enumerate(rows)
            ),
        )
        self._searcher = self._index.searcher()
        self._slugs = [row.slug for row in rows]

    def prepare(self, asked: Asked) -> Any:
        """Return the query as tantivy holds it."""
        make, must = self._tantivy.Query, self._tantivy.Occur.Must
        terms = [make.term_query(self._schema, "text", stem, index_option="freq") for stem in asked.stems]
        return terms[0] if len(terms) == 1 else make.boolean_query([(must, term) for term in terms])

    def ask(self, query: Any) -> Answer:
        """Search and count; the total is the sum of the facet of which every entry has one value."""
        hits = self._searcher.search(query, 10, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _score, address in hits])
        counts = self._searcher.aggregate(query, _TERMS)
        total = sum(bucket["doc_count"] for bucket in counts["nature"]["buckets"])
        return [self._slugs[number] for number in numbers], total, counts


_TERMS = {facet: {"terms": {"field": facet, "size": MOST_VALUES}} for facet in FACETS}


def _filled(tantivy: Any, schema: Any, documents: Iterable[dict[str, Any]]) -> Any:
    """Return an index in memory with the documents in one segment, which is the fastest to search."""
    index = tantivy.Index(schema)
    tokenizer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("stems", tokenizer)
    writer = index.writer(heap_size=1_000_000_000, num_threads=1)
    for document in documents:
        writer.add_document(tantivy.Document.from_dict(document, schema))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    if index.searcher().num_segments != 1:
        raise RuntimeError("tantivy made several segments, which would slow it down")
    return index


class Fts5:
    """SQLite's FTS5: four weighted columns without content, entries and their offices in tables, one statement."""

    name = "FTS5"

    # The ids that match are found once. CROSS JOIN keeps SQLite from walking through the tables instead of the hits.
    _FIND = """
        WITH hit(id, rank) AS MATERIALIZED (SELECT rowid, rank FROM fts WHERE fts MATCH ?)
        SELECT 'slug', slug, 0 FROM (SELECT id FROM hit ORDER BY rank LIMIT 10) CROSS JOIN entry USING (id)
        UNION ALL SELECT 'video', video, count(*) FROM hit CROSS JOIN entry USING (id) GROUP BY video
        UNION ALL SELECT 'nature', nature, count(*) FROM hit CROSS JOIN entry USING (id) GROUP BY nature
        UNION ALL SELECT 'office', office, count(*) FROM hit CROSS JOIN office USING (id) GROUP BY office
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self._database = database = sqlite3.connect(":memory:")
        database.executescript(
            """
            CREATE VIRTUAL TABLE fts USING fts5(
                title, keywords, summary, body, content='', tokenize='unicode61 remove_diacritics 0'
            );
            CREATE TABLE entry(id INTEGER PRIMARY KEY, slug TEXT, video TEXT, nature TEXT);
            CREATE TABLE office(id INTEGER, office TEXT, PRIMARY KEY (id, office)) WITHOUT ROWID;
            """
        )
        with database:
            for number, row in enumerate(rows):
                database.execute(
                    "INSERT INTO fts(rowid, title, keywords, summary, body) VALUES (?, ?, ?, ?, ?)",
                    (number, *row.fields),
                )
                database.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", (number, row.slug, row.video, row.nature))
                database.executemany("INSERT INTO office VALUES (?, ?)", [(number, office) for office in row.offices])
            weights = ", ".join(str(weight) for weight in WEIGHTS.values())
            database.execute("INSERT INTO fts(fts, rank) VALUES ('rank', ?)", (f"bm25({weights})",))
            database.execute("INSERT INTO fts(fts) VALUES ('optimize')")
        database.execute("ANALYZE")

    def prepare(self, asked: Asked) -> tuple[str]:
        """Return the stems ANDed."""
        return (" AND ".join(f'"{stem}"' for stem in asked.stems),)

    def ask(self, query: tuple[str]) -> Answer:
        """Take all rows of the statement apart."""
        found: dict[str, list[tuple[str, int]]] = {name: [] for name in ("slug", *FACETS)}
        for what, value, count in self._database.execute(self._FIND, query):
            found[what].append((value, count))
        return [slug for slug, _ in found["slug"]], sum(count for _, count in found["nature"]), found


class Whoosh:
    """Whoosh as its documents show it, in memory: parser, collector and facets of its own."""

    name = "Whoosh"

    def __init__(self, rows: Sequence[Row]) -> None:
        schema = Schema(
            slug=ID(stored=True),
            **{
                field: TEXT(SpaceSeparatedTokenizer(), phrase=False, field_boost=boost)
                for field, boost in WEIGHTS.items()
            },
            video=ID,
            nature=ID,
            office=KEYWORD,
        )
        index = RamStorage().create_index(schema)
        writer = index.writer(limitmb=256)
        for row in rows:
            fields = dict(zip(WEIGHTS, row.fields, strict=True))
            offices = " ".join(row.offices)
            writer.add_document(slug=row.slug, **fields, video=row.video, nature=row.nature, office=offices)
        writer.commit()
        self._searcher = index.searcher()
        self._parser = MultifieldParser(list(WEIGHTS), schema, group=AndGroup)
        self._groups = {name: FieldFacet(name, allow_overlap=name == "office", maptype=Count) for name in FACETS}

    def prepare(self, asked: Asked) -> str:
        """Return the stems as a text for Whoosh's parser."""
        return " ".join(asked.stems)

    def ask(self, query: str) -> Answer:
        """Parse, search and count."""
        found = self._searcher.search(self._parser.parse(query), limit=10, groupedby=self._groups)
        counts = [found.groups(name) for name in FACETS]
        return [hit["slug"] for hit in found], len(found), counts
