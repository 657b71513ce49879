"""What somebody may be about to type: titles, topics and offices that match so far, and searches completed.

Each typed word must begin a word of a name, or, from three letters on, stand inside one: German hides what people look
for in compounds. Umlauts are the same however they are written. Nothing is known here but what is handed in, which is
what everybody may see.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import nsmallest
from itertools import islice
from typing import NamedTuple

from servicedir.domain.catalogue import Catalogue, Office, Topic
from servicedir.domain.query import LONGEST_QUERY, Suggestion
from servicedir.domain.service import Service
from servicedir.search import german

MOST = 8
"""Suggestions at a time."""

MOST_BESIDE = 3
"""Topics and offices among them, and completed searches: people come for services."""

SHORTEST = 2
"""Letters from which on something is suggested."""

SHORTEST_INSIDE = 3
"""Letters from which on a typed word is looked for inside of words, and completed to a search."""

SHORTEST_ELSEWHERE = 4
"""Letters from which on the names in the other language are looked at as well."""

HANDICAP = 10
"""Letters by which the name of a topic or an office must be shorter to come before that of a service."""

PLACES_FOR_SEARCHES = 2
"""Places that names leave to completed searches, if there are as many."""

_MOST_INSIDE = 300  # Words with the same letters inside, the shortest first: more are no help to anybody.
_MOST_LOOKED_AT = 1000  # Names that one typed word finds and that the others are looked for in, the shortest first.
_MOST_LONGER = 12  # Words that are tried to complete one, the most frequent first.
_MOST_TERMS = 8
_LAST = "\U0010ffff"
_LEFT_OUT = re.compile(r"(?:(?<=\s)|^)-\w\S*")

_BARE = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SPELLED_UMLAUT = re.compile("([aou])e")


@lru_cache(maxsize=100_000)
def typed_forms(folded: str) -> tuple[str, ...]:
    """Return how a folded word is looked for: without its umlauts, and with them spelled."""
    if folded.isascii():
        return (folded,)
    return tuple(dict.fromkeys((folded.translate(_BARE), folded.translate(_SPELLED))))


@lru_cache(maxsize=100_000)
def held_forms(folded: str) -> tuple[str, ...]:
    """Return how a folded word is kept: as it is looked for, and as if each "ae" were an umlaut, for who types "a"."""
    forms = typed_forms(folded)
    if "e" not in forms[0]:
        return forms
    return tuple(dict.fromkeys((*forms, _SPELLED_UMLAUT.sub(r"\1", forms[0]))))


@lru_cache(maxsize=100_000)
def _parts(word: str) -> tuple[str, ...]:
    parts = tuple(part for part in german.fold(word).split("-") if part)
    return (*parts, "".join(parts)) if len(parts) > 1 else parts


def _words(text: str) -> list[str]:
    """Return the folded words of a text; of a hyphenated one the parts, and the whole."""
    return [part for match in german.words(unicodedata.normalize("NFC", text)) for part in _parts(match.group())]


def _typed_words(text: str) -> list[str]:
    """Return the folded words of what was typed; of a hyphenated one the parts alone."""
    return [part for match in german.words(text) for part in german.fold(match.group()).split("-") if part]


def _ways(name: str) -> Collection[tuple[str, ...]]:
    """Return the ways in which a name may be written, as folded words."""
    forms = [held_forms(word) for word in _words(name)]
    most = max(map(len, forms), default=0)
    return {tuple([each[min(way, len(each) - 1)] for each in forms]) for way in range(most)}


def words_of(service: Service) -> set[str]:
    """Return the words of title, keywords and summary as they are written, folded."""
    texts = [*service.keywords, *(words for text in (service.title, service.summary) for _, words in text)]
    return {german.fold(match.group()) for text in texts for match in german.words(text)}


class Titled(NamedTuple):
    """A published service as it is suggested: its address and its title in two languages, one of which may be empty."""

    slug: str
    de: str
    en: str = ""


class _Item(NamedTuple):
    """Something with a page of its own."""

    kind: str
    slug: str
    de: str
    en: str

    def name(self, language: str) -> str:
        """Return what it is called in a language, else in the other one."""
        return (self.en or self.de) if language == "en" else (self.de or self.en)


class Suggester:
    """Suggestions as of one generation of the index and one state of the small nouns.

    What is sorted for them is sorted when somebody asks for the first time, once for each language.
    """

    def __init__(
        self,
        titles: Iterable[Titled],
        catalogue: Catalogue,
        words: Mapping[str, int],
        topics: Collection[str] | None = None,
        finds: Callable[[str], bool] = lambda query: True,
    ) -> None:
        """Keep the titles of published services, the offices, the topics, and the folded words of published texts.

        Each of `words` comes with the number of entries in which it stands. `topics` are the slugs of those that a
        published service has; None means all of the catalogue. `finds` says whether a search of several words finds
        anything: one that does not is never suggested.
        """
        nouns: list[tuple[str, Topic | Office]] = [
            ("topic", topic) for slug, topic in catalogue.topics.items() if topics is None or slug in topics
        ]
        nouns += [("office", office) for office in catalogue.offices.values()]
        self._items = [_Item("service", *title) for title in titles]
        self._items += [_Item(kind, noun.slug, noun.name.within("de"), noun.name.within("en")) for kind, noun in nouns]
        self._words = words
        self._finds = finds
        self._names: dict[str, _Names] = {}
        self._vocabulary: _Vocabulary | None = None

    def suggest(self, typed: str, language: str) -> list[Suggestion]:
        """Return at most MOST suggestions, names before completed searches. Never raises, whatever was typed."""
        typed = unicodedata.normalize("NFC", typed[:LONGEST_QUERY])
        wanted = _typed_words(_LEFT_OUT.sub(" ", typed))[:_MOST_TERMS]
        letters = sum(map(len, wanted))
        if letters < SHORTEST:
            return []
        found = self._in(language).find(wanted)
        if len(found) < MOST and letters >= SHORTEST_ELSEWHERE:
            # Who has learned a word in the other language is understood, too, and answered in this one.
            found += [at for at in self._in("de" if language == "en" else "en").find(wanted) if at not in found]
        names = [self._named(self._items[at], language) for at in found]
        names = list(dict.fromkeys(names))[:MOST]
        said = {_said(name.text) for name in names} | {_said(typed)}
        completed = (words for words in self._completed(typed, wanted) if _said(words) not in said)
        searches = [Suggestion(words, "search", words) for words in islice(completed, MOST_BESIDE)]
        names = names[: MOST - min(PLACES_FOR_SEARCHES, len(searches))]
        return names + searches[: MOST - len(names)]

    def _named(self, item: _Item, language: str) -> Suggestion:
        """Return the suggestion of an item; a title that several services have is one of a search, which tells them."""
        name = item.name(language)
        if item.kind == "service" and name in self._in(language).shared:
            return Suggestion(name, "search", name)
        return Suggestion(name, item.kind, item.slug)

    def _in(self, language: str) -> _Names:
        language = "en" if language == "en" else "de"
        if language not in self._names:
            self._names[language] = _Names(self._items, language)
        return self._names[language]

    def _completed(self, typed: str, wanted: Sequence[str]) -> Iterator[str]:
        """Yield what was typed with its last word completed, if all the other words are known as well."""
        last = list(german.words(typed))[-1]
        beginning = last.group().rpartition("-")[2]
        start = last.end() - len(beginning)
        is_left_out = last.start() > 0 and typed[last.start() - 1] == "-"
        if is_left_out or typed[last.end() :].strip() or len(german.fold(beginning)) < SHORTEST_INSIDE:
            return
        if self._vocabulary is None:
            self._vocabulary = _Vocabulary(self._words)
        others = [word for word in wanted[:-1] if not german.is_stop_word(word)]
        if all(self._vocabulary.knows(word) for word in others):
            for word in self._vocabulary.complete(german.fold(beginning)):
                words = typed[:start].lstrip() + (word[0].upper() + word[1:] if beginning[0].isupper() else word)
                if not others or self._finds(words):
                    yield words


def _said(text: str) -> str:
    """Return what is the same for texts that say the same."""
    return " ".join(forms[0] for forms in map(typed_forms, _typed_words(text)))


def _weight(item: _Item, language: str) -> int:
    return len(item.name(language)) + (HANDICAP if item.kind != "service" else 0)


class _Names:
    """The names of all items in one language, the shortest first: a rank is a place in that order."""

    def __init__(self, items: Sequence[_Item], language: str) -> None:
        named = sorted([(_weight(item, language), item.name(language), at) for at, item in enumerate(items)])
        self._named = [name for _, name, _ in named]
        self._at = [at for _, _, at in named]
        self._is_beside = [items[at].kind != "service" for at in self._at]
        self.shared = {
            name for name, n in Counter(i.name(language) for i in items if i.kind == "service").items() if n > 1
        }
        self._texts: list[str] = []
        starts: list[tuple[str, int]] = []
        places: dict[str, list[int]] = {}
        for rank, (_, name, _) in enumerate(named):
            ways = _ways(name)
            starts += [(" ".join(way), rank) for way in ways]
            forms = {form for way in ways for form in way}
            for form in forms:
                places.setdefault(form, []).append(rank)
            self._texts.append(" " + " ".join(forms))
        starts.sort()
        self._starts = [start for start, _ in starts]
        self._started = [rank for _, rank in starts]
        self._words = sorted(places)
        self._places = [places[word] for word in self._words]
        # One string of all words, the shortest first, is the fastest way to find those with some letters inside.
        shortest = sorted(self._words, key=len)
        self._joined = "\n".join(shortest)
        self._inside = [places[word] for word in shortest]
        self._ends: list[int] = []
        end = -1
        for word in shortest:
            end += len(word) + 1
            self._ends.append(end)

    def find(self, wanted: Sequence[str]) -> list[int]:
        """Return the places of at most MOST items, not too many of them topics and offices."""
        found: dict[int, None] = {}
        told: set[str] = set()
        beside = 0
        for rank in self._ranked([typed_forms(word) for word in wanted]):
            name = self._named[rank]
            if (
                rank in found
                or (self._is_beside[rank] and beside == MOST_BESIDE)
                or (name in self.shared and name in told)
            ):
                continue
            found[rank] = None
            told.add(name)
            beside += self._is_beside[rank]
            if len(found) == MOST:
                break
        return [self._at[rank] for rank in found]

    def _ranked(self, wanted: list[tuple[str, ...]]) -> Iterator[int]:
        """Yield ranks: names that begin so, then those of which words begin so, then those with the letters inside.

        Each word is given in its forms. Some are yielded twice.
        """
        begun: set[int] = set()
        for way in {" ".join(forms[0] for forms in wanted), " ".join(forms[-1] for forms in wanted)}:
            begun.update(self._started[bisect_left(self._starts, way) : bisect_left(self._starts, way + _LAST)])
        yield from sorted(begun)
        # The longest word leaves the fewest names; the others are looked for in those.
        base = max(wanted, key=lambda forms: len(forms[0]))
        others = [forms for forms in wanted if forms is not base]
        ranks = {rank for form in base for places in self._beginning(form) for rank in places}
        yield from self._having([[f" {form}" for form in forms] for forms in others], ranks)
        if len(base[0]) >= SHORTEST_INSIDE:
            ranks.update(rank for form in base for places in self._containing(form) for rank in places)
            yield from self._having([[_least(form) for form in forms] for forms in others], ranks)

    def _having(self, pieces: list[list[str]], ranks: set[int]) -> Iterator[int]:
        """Yield, in their order, the ranks of names that have one piece of each list in them."""
        for rank in sorted(ranks)[: _MOST_LOOKED_AT if pieces else None]:
            text = self._texts[rank]
            if all(any(piece in text for piece in each) for each in pieces):
                yield rank

    def _beginning(self, form: str) -> list[list[int]]:
        return self._places[bisect_left(self._words, form) : bisect_left(self._words, form + _LAST)]

    def _containing(self, form: str) -> Iterator[list[int]]:
        at = self._joined.find(form)
        for _ in range(_MOST_INSIDE):
            if at < 0:
                return
            word = bisect_right(self._ends, at)
            yield self._inside[word]
            at = self._joined.find(form, self._ends[word])


def _least(form: str) -> str:
    """Return how a word must at least stand in a name: a short one must begin a word of it."""
    return form if len(form) >= SHORTEST_INSIDE else f" {form}"


class _Vocabulary:
    """Words by how they begin, those of the most entries first."""

    def __init__(self, words: Mapping[str, int]) -> None:
        stops = frozenset[str]().union(*german.STOP_WORDS.values())
        telling = [(-count, len(word), word) for word, count in words.items() if word[:1].isalpha()]
        self._words = [word for _, _, word in sorted(telling) if word not in stops]
        forms = sorted((form, rank) for rank, word in enumerate(self._words) for form in held_forms(word))
        self._forms = [form for form, _ in forms]
        self._ranks = [rank for _, rank in forms]

    def knows(self, word: str) -> bool:
        """Return whether any of the words begins so."""
        return any(self._between(form) for form in typed_forms(word))

    def complete(self, beginning: str) -> Iterator[str]:
        """Yield words that begin so and go on, the most frequent first; of those with the same stem one."""
        ranks = {rank for form in typed_forms(beginning) for rank in self._between(form)}
        longer = [self._words[rank] for rank in nsmallest(_MOST_LONGER, ranks)]
        is_same = [typed_forms(word)[0] == typed_forms(beginning)[0] for word in longer]
        stems = {german.stem(word, "de") for word, same in zip(longer, is_same, strict=True) if same}
        for word, same in zip(longer, is_same, strict=True):
            if not same and (stem := german.stem(word, "de")) not in stems:
                stems.add(stem)
                yield word

    def _between(self, form: str) -> list[int]:
        return self._ranks[bisect_left(self._forms, form) : bisect_left(self._forms, form + _LAST)]
