"""Make the list of common parts of German compounds (`search/words/parts.txt`) from the frequencies of wordfreq.

    python tools/parts.py > src/servicedir/search/words/parts.txt
    python tools/parts.py --common > src/servicedir/search/words/common.txt

wordfreq (https://pypi.org/project/wordfreq/, its data under CC BY-SA 4.0) is needed for this alone, so it stands in no
lock file. What comes out is no copy of its list: stems, by our own stemmer, of those words of which at least EIGHT
others are made, found by taking the others apart.
"""

from __future__ import annotations

import sys
from collections import Counter

from wordfreq import iter_wordlist, zipf_frequency

from servicedir.search import german
from servicedir.search.compounds import _LINKS, SHORTEST

EIGHT = 8
USUAL = 3.6
"""How often a part is written as a word of its own: once in about 250,000 words (the logarithmic Zipf scale)."""
FOREIGN = 1.0
"""By how much a word may be more usual in English than in German."""
# Nobody has to meet these, not even in a list for a program.
UNWANTED = frozenset("arsch fick fuck hur hure nazi nigg nutt porno sex scheiss scheiß titt dildo hitl".split())

HEAD = """\
# Stems of which many German words are made, for taking compounds apart. Made by tools/parts.py from the word
# frequencies of wordfreq (Robyn Speer, data under CC BY-SA 4.0); this list is under CC BY-SA 4.0 as well.
"""


COMMON = """\
# Stems of words that are common in German, by how much a typed word of that stem counts: the more common, the less.
# Made by tools/parts.py --common from the word frequencies of wordfreq (Robyn Speer, data under CC BY-SA 4.0); this
# list is under CC BY-SA 4.0 as well.
"""


def main() -> None:
    """Print the list of parts."""
    words: dict[str, float] = {}
    for word in iter_wordlist("de", "large"):
        folded = german.fold(word)
        if folded.isalpha() and set(folded) <= set("abcdefghijklmnopqrstuvwxyzäöüß"):
            words.setdefault(folded, zipf_frequency(word, "de"))
    usual: dict[str, float] = {}
    for word, often in words.items():
        is_german = zipf_frequency(word, "en") < often + FOREIGN
        if len(word) >= SHORTEST and is_german and not german.is_stop_word(word):
            usual[german.stem(word)] = max(often, usual.get(german.stem(word), 0.0))
    counted = Counter[str]()
    for word in words:
        for at in range(SHORTEST, len(word) - SHORTEST + 1):
            first, last = word[:at], german.stem(word[at:])
            cores = (first.removesuffix(link) for link in _LINKS if first.endswith(link))
            known = next((german.stem(c) for c in cores if len(c) >= SHORTEST and german.stem(c) in usual), "")
            if last in usual and known:
                counted.update((known, last))
    kept = sorted(
        stem
        for stem, times in counted.items()
        if times >= EIGHT and usual[stem] >= USUAL and len(stem) >= SHORTEST and stem not in UNWANTED
    )
    print(HEAD + "\n".join(" ".join(kept[at : at + 16]) for at in range(0, len(kept), 16)))


def common() -> None:
    """Print which stems are common, by how much they count for less."""
    usual: dict[str, float] = {}
    for word in iter_wordlist("de", "large"):
        often = zipf_frequency(word, "de")
        folded = german.fold(word)
        if often < 4:
            break
        if folded.isalpha() and set(folded) <= set("abcdefghijklmnopqrstuvwxyzäöüß") and len(folded) > 1:
            stem = german.stem(folded)
            usual[stem] = max(often, usual.get(stem, 0.0))
    classes: dict[float, list[str]] = {}
    for stem, often in usual.items():
        if stem not in UNWANTED:
            classes.setdefault(round(max(0.1, 1 - 0.15 * (round(often * 2) / 2 - 2.5)), 2), []).append(stem)
    print(COMMON, end="")
    for weight, stems in sorted(classes.items()):
        for at in range(0, len(stems), 16):
            print(weight, *sorted(stems)[at : at + 16])


if __name__ == "__main__":
    common() if "--common" in sys.argv else main()
