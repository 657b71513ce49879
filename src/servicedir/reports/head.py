"""The head of an answer in its papers: what it is, who asked, and which day and state of knowledge it stands for."""

from __future__ import annotations

from servicedir.reports.answer import Answer, checksum
from servicedir.reports.words import show_day, show_moment, word


def kind(answer: Answer) -> str:
    """Return what the paper is, with the reference where there is one: Antwort auf die Anfrage AF0147/24."""
    return f"{word('paper', answer.language)} {answer.reference}".rstrip()


def name(answer: Answer) -> str:
    """Return what a document is called that is among others: its title, what it is, and whose."""
    return f"{answer.title}: {kind(answer)}, {answer.city}"


def facts(answer: Answer) -> list[tuple[str, str]]:
    """Return what the head says of an answer, as names and values; what nobody said is left out."""
    language = answer.language
    found = (
        ("asked_by", answer.asked_by),
        ("received", answer.received and show_day(answer.received, language)),
        ("deadline", answer.deadline and show_day(answer.deadline, language)),
        ("on", show_day(answer.on, language)),
        ("recorded", show_moment(answer.recorded, language)),
        ("services", str(answer.services)),
        ("checksum", checksum(answer)),
    )
    return [(word(key, language), value) for key, value in found if value]
