"""Our own grammar of what people type: words, "phrases" and -words; everything else is just text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from servicedir.search import german

MOST_TERMS = 16
"""Words of a query that are read; what comes after is ignored, so that no query is expensive."""

# "Eintragung, -änderung und -löschung", "Pflegerin / -pfleger": a hyphen for a part that is not said again, no minus.
_ELLIPSIS = re.compile(r"(?:(?<=[,;/&])|(?<=\bund)|(?<=\boder)|(?<=\bsowie)|(?<=\bbzw)|(?<=\bbzw\.))\s+-(?=\w)", re.I)
_TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>\w+(?:-\w+)*))')


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that was asked for: the words as typed (several for a phrase), and whether it must be absent."""

    words: tuple[str, ...]
    negated: bool = False

    @property
    def typed(self) -> str:
        """Return the term as one would type it."""
        text = f'"{" ".join(self.words)}"' if len(self.words) > 1 else self.words[0]
        return f"-{text}" if self.negated else text


def parse(typed: str) -> tuple[Term, ...]:
    """Return the terms of a query, without stop words as long as any other word is left. Never raises."""
    terms = []
    for match in _TERM.finditer(_ELLIPSIS.sub(" ", typed)):
        found = tuple(m.group() for m in german.words(match["phrase"] or match["word"] or ""))
        if found:
            terms.append(Term(found, bool(match["minus"])))
    telling = [term for term in terms if len(term.words) > 1 or not german.is_stop_word(term.words[0])]
    return tuple((telling or terms)[:MOST_TERMS])
