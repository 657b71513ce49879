"""What people type when they wish for a conversation by video: a wish is understood, and not searched for as a word."""

from __future__ import annotations

from servicedir.search import german
from servicedir.search.grammar import Term

TOOLS = frozenset("facetime skype webex zoom jitsi bigbluebutton facetime videocall webcam".split())
"""Programs whose names are said for a conversation by video."""
ONLINE = frozenset("online digital remote".split())
TALKING = frozenset(
    "beratung gespräch reden sprechen sprechstunde termin treffen unterhalten talk meeting call".split()
)
"""Beside a word of ONLINE, these mean a conversation by video."""
WEAK = frozenset(
    "amt anruf behörde beratung buchen chat gespräch jemand jemandem konferenz per reden sprechen sprechstunde termin "
    "termine treffen vereinbaren appointment call meeting".split()
)
"""Beside a wish for video, these say nothing more."""


def for_video(terms: tuple[Term, ...]) -> tuple[bool, tuple[Term, ...]]:
    """Return whether terms wish for a conversation by video, and the terms that say what about."""
    words = [_word(term) for term in terms]
    online = bool(ONLINE.intersection(words)) and bool(TALKING.intersection(words))
    saying = [word.startswith("video") or word in TOOLS or (online and word in ONLINE) for word in words]
    if not any(saying):
        return False, terms
    return True, tuple(
        term for term, word, says in zip(terms, words, saying, strict=True) if not says and word not in WEAK
    )


def _word(term: Term) -> str:
    """Return a single word that is asked for, folded; nothing for a phrase, or what must not be there."""
    spelled = german.spelled(term.words[0])
    return spelled[-1] if spelled and len(term.words) == 1 and not term.negated else ""
