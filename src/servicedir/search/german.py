"""One analysis of German and English words for every engine: fold, split at hyphens, drop stop words, stem."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from threading import local

import snowballstemmer

_WORD = re.compile(r"\w+(?:-\w+)*")

# Words that say nothing about what somebody looks for, as people put them into questions.
STOP_WORDS = {
    "de": frozenset(
        """
        aber alle als also am an auch auf aus bei beim bin bis bitte da damit dann das dass dein dem den denn
        der des die dies diese dieser dieses doch du durch ein eine einem einen einer eines er es etwas für
        geht gibt habe haben hat hier ich ihr im in ins ist ja kann kein keine können könnte man mein meine
        meinem meinen meiner mich mir mit möchte muss nach nicht noch nur ob oder ohne sein seine sich sie
        sind so soll um und uns unser unsere unter vom von vor wann war was wegen welche welcher wenn wer
        werden wie wieder will wir wird wo zu zum zur über
        """.split()
    ),
    "en": frozenset(
        """
        a an and are at be by can could do does for from get have how i in is it me my need of on or our
        please the to want we what when where which who will with you your
        """.split()
    ),
}

_WITHOUT_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})

_stemmers = local()


def fold(text: str) -> str:
    """Return a text in lower case without accents; umlauts stay, and words in NFC."""
    lowered = unicodedata.normalize("NFC", text).lower()
    if lowered.isascii():
        return lowered
    return "".join(
        char if char in "äöüß" else unicodedata.normalize("NFD", char)[0] for char in lowered if not _is_joiner(char)
    )


def _is_joiner(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Cf")


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word; "ae" counts as "ä", "ss" as "ß"."""
    if not word.isalpha():
        return word
    # A stemmer keeps the word that it works on in itself, so each thread has its own.
    if not hasattr(_stemmers, language):
        name = {"de": "german", "en": "english"}.get(language, "german")
        setattr(_stemmers, language, snowballstemmer.stemmer(name))
    return str(getattr(_stemmers, language).stemWord(word))


def words(text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of words in a text; a hyphenated word is one."""
    return _WORD.finditer(text)


def tokens(text: str, language: str) -> list[str]:
    """Return what is indexed of a text: the stems of its words; of a hyphenated word the parts and the whole."""
    return [token for match in words(text) for token in tokens_of(match.group(), language)]


@lru_cache(maxsize=100_000)
def tokens_of(word: str, language: str) -> tuple[str, ...]:
    """Return what is indexed of one word; kept, since the same words are met again and again."""
    parts = fold(word).split("-")
    found = [stem(part, language) for part in parts]
    return (*found, stem("".join(parts), language)) if len(parts) > 1 else tuple(found)


def readings(word: str) -> frozenset[tuple[str, ...]]:
    """Return the ways in which a typed word can be meant: each a set of stems that a text must have together."""
    parts = fold(word).split("-")
    found = {tuple(stem(part, language) for part in parts) for language in STOP_WORDS}
    if len(parts) > 1:
        found |= {(stem("".join(parts), language),) for language in STOP_WORDS}
    return frozenset(found)


def beginning(word: str) -> str:
    """Return with what stems begin whose words begin with a typed one: stems carry no umlauts."""
    return fold(word).replace("-", "").translate(_WITHOUT_UMLAUTS)


def is_stop_word(word: str) -> bool:
    """Return whether a word says nothing about what is looked for."""
    return any(fold(word) in stop for stop in STOP_WORDS.values())
