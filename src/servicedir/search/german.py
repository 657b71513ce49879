"""One analysis of German and English words for every engine: fold, split at hyphens, drop stop words, stem.

A word is kept as it is written, folded; what it has in common with others (a stem, a part, letters) is found out when
somebody asks, see `lexicon`. So nothing has to be indexed anew when the analysis learns something.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from threading import local

from Stemmer import Stemmer

_WORD = re.compile(r"\w+(?:-\w+)*")

# Words that say nothing about what somebody looks for, as people put them into questions.
STOP_WORDS = {
    "de": frozenset(
        """
        aber abs absatz alle als also am an auch auf aus bei beim bekomme bekommen bekommt bin bis bitte brauche
        brauchen da damit dann das dass dein dem den denn der des die dies diese dieser dieses doch du durch ein
        eine einem einen einer eines er es etwas für finde finden geht gern gerne gibt habe haben hat hier ich
        ihr im in ins ist ja kann kein kostet keine können könnte man mein meine meinem meinen meiner mich mir
        mit möchte muss nach nicht noch nur ob oder ohne sein seine sich sie paragraf paragraph sind so soll um
        und uns unser unsere unter vom von vor wann war was wegen welche welcher wenn wer werden wie wieder will
        wir wird wo zu zum zur über
        """.split()
    ),
    "en": frozenset(
        """
        a an and are at be by can could do does for from get have how i in is it me my need of on or our
        please the to want we what when where which who will with you your
        """.split()
    ),
}

ALL_STOP_WORDS = frozenset().union(*STOP_WORDS.values())

_SPELLINGS = ((re.compile("ä|ae"), "a"), (re.compile("ö|oe"), "o"), (re.compile("ü|ue"), "u"), (re.compile("ß"), "ss"))
_ENGLISH = "en:"

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


@lru_cache(maxsize=4096)
def stem(word: str, language: str = "de") -> str:
    """Return the stem of a folded word; "ae" counts as "ä", "ss" as "ß"."""
    if not word.isalpha():
        return word
    # A stemmer keeps the word that it works on in itself, so each thread has its own.
    if not hasattr(_stemmers, language):
        name = {"de": "german", "en": "english"}.get(language, "german")
        setattr(_stemmers, language, Stemmer(name, 0))
    stem = str(getattr(_stemmers, language).stemWord(word))
    # The algorithm leaves the plural of words that end in a vowel: Autos, Kitas, Videos.
    return stem[:-1] if language == "de" and len(stem) > 4 and stem.endswith(("as", "os")) else stem


@lru_cache(maxsize=4096)
def bare(word: str) -> str:
    """Return a folded word blind to umlauts: "ä", "ae" and "a" are one, so are "ß" and "ss"."""
    for pattern, letters in _SPELLINGS:
        word = pattern.sub(letters, word)
    return word


def words(text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of words in a text; a hyphenated word is one."""
    return _WORD.finditer(text)


@lru_cache(maxsize=4096)
def spelled(word: str) -> tuple[str, ...]:
    """Return a word folded; of a hyphenated one its parts, and behind them the whole written as one word."""
    parts = tuple(part for part in fold(word).split("-") if part)
    return (*parts, "".join(parts)) if len(parts) > 1 else parts


def key(word: str, language: str) -> str:
    """Return a folded word of a language as an index keeps it: an English one is told apart from a German one."""
    return _ENGLISH + word if language == "en" else word


def unkeyed(key: str) -> tuple[str, str]:
    """Return the folded word of a key, and its language."""
    return (key.removeprefix(_ENGLISH), "en") if key.startswith(_ENGLISH) else (key, "de")


@lru_cache(maxsize=20_000)
def keys(word: str, language: str) -> tuple[str, ...]:
    """Return what an index keeps of one word of a text; remembered, since the same words are met again and again."""
    return tuple(key(part, language) for part in spelled(word))


def tokens(text: str, language: str) -> list[str]:
    """Return what an index keeps of a text: its words in their order, see `keys`."""
    return [key for match in words(text) for key in keys(match.group(), language)]


def is_stop_word(word: str) -> bool:
    """Return whether a word says nothing about what is looked for."""
    return fold(word) in ALL_STOP_WORDS
