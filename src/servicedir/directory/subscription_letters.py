"""What is written to people who follow a search, in the language in which they asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from servicedir.directory.letters import Letter, one_line

LONGEST_LIST = 50
"""Entries of one kind that a mail names; of more it says only how many there are."""


class Told(NamedTuple):
    """One entry that a mail tells of, in the reader's language: its title, who is responsible, how it stands, where."""

    title: str
    office: str
    video: str
    link: str


class Words(NamedTuple):
    """What the letters say in one language."""

    hello: str
    please_confirm: str
    confirm: str
    with_words: str
    not_you: str
    already_subject: str
    already: str
    news: str
    new: str
    changed: str
    more: str
    all: str
    over_subject: str
    over: str
    why: str
    end: str


_GERMAN = Words(
    hello="Guten Tag,",
    please_confirm="bitte bestätigen Sie Ihr Abonnement",
    confirm="""jemand hat diese Adresse eingetragen, um bei „{title}“ diese Suche zu abonnieren:

  {search}

Waren Sie das, bestätigen Sie es bitte innerhalb von 48 Stunden auf dieser Seite:
{link}

Danach bekommen Sie höchstens einmal am Tag eine E-Mail, und nur, wenn es etwas Neues gibt.""",
    with_words=" · mit einem Suchbegriff, den Sie auf der Seite sehen",
    not_you="Waren Sie das nicht, müssen Sie nichts tun: Ohne Bestätigung wird Ihre Adresse nach 48 Stunden gelöscht.",
    already_subject="Sie haben diese Suche schon abonniert",
    already="""jemand hat diese Adresse noch einmal eingetragen, um bei „{title}“ diese Suche zu abonnieren:

  {search}

Sie haben sie schon abonniert. Sie müssen nichts tun.""",
    news="bei „{title}“ gibt es Neues zu Ihrer Suche:",
    new="Neu",
    changed="Geändert",
    more="… und {n} weitere",
    all="Alles zu dieser Suche:",
    over_subject="Ihr Abonnement endet",
    over="""Sie haben bei „{title}“ eine Suche abonniert, die es so nicht mehr gibt: Ein Amt, ein Thema oder eine
Auswahl darin wurde aufgegeben. Deshalb endet dieses Abonnement, und Ihre Adresse ist dafür gelöscht.

Eine neue Suche können Sie hier abonnieren:
{link}""",
    why="Diese Nachricht kommt höchstens einmal am Tag und nur, wenn es etwas Neues gibt.",
    end="Abonnement beenden:",
)
_ENGLISH = Words(
    hello="Hello,",
    please_confirm="please confirm your subscription",
    confirm="""somebody entered this address to subscribe to this search at “{title}”:

  {search}

If this was you, please confirm it within 48 hours on this page:
{link}

You will then get an e-mail at most once a day, and only if there is something new.""",
    with_words=" · with words that you will see on the page",
    not_you="If this was not you, do nothing: without confirmation your address is deleted after 48 hours.",
    already_subject="you have subscribed to this search already",
    already="""somebody entered this address once more to subscribe to this search at “{title}”:

  {search}

You have subscribed to it already. You need not do anything.""",
    news="there is something new at “{title}” for your search:",
    new="New",
    changed="Changed",
    more="… and {n} more",
    all="Everything for this search:",
    over_subject="your subscription ends",
    over="""You subscribed to a search at “{title}” that does not exist any more: an office, a topic or a choice in it
was given up. So this subscription ends, and your address is deleted.

You can subscribe to a new search here:
{link}""",
    why="This message comes at most once a day, and only if there is something new.",
    end="End this subscription:",
)


def _words(language: str) -> Words:
    return _ENGLISH if language == "en" else _GERMAN


def confirmation(title: str, search: str, link: str, language: str, *, with_words: bool = False) -> Letter:
    """Return the letter that asks whether somebody wants it; `with_words`: the search has words that stand not here."""
    said, title = _words(language), one_line(title)
    search = f"{one_line(search)}{said.with_words}" if with_words else one_line(search)
    body = said.confirm.format(title=title, search=search, link=link)
    return Letter(f"{title}: {said.please_confirm}", "\n".join([said.hello, "", body, "", said.not_you, ""]))


def already(title: str, search: str, end: str, language: str) -> Letter:
    """Return the letter to somebody who has that subscription."""
    said, title = _words(language), one_line(title)
    body = said.already.format(title=title, search=search)
    return Letter(f"{title}: {said.already_subject}", "\n".join([said.hello, "", body, *_foot(said, end)]))


def over(title: str, link: str, language: str) -> Letter:
    """Return the letter to somebody whose search cannot be made any more."""
    said, title = _words(language), one_line(title)
    return Letter(
        f"{title}: {said.over_subject}",
        "\n".join([said.hello, "", said.over.format(title=title, link=link), ""]),
    )


def digest(
    title: str,
    search: str,
    new: Sequence[Told],
    changed: Sequence[Told],
    *,
    everything: str,
    end: str,
    language: str,
) -> Letter:
    """Return the letter that tells what is new and what has changed, with links to each entry and to all."""
    said, title, search = _words(language), one_line(title), one_line(search)
    text = [said.hello, "", said.news.format(title=title), "", f"  {search}"]
    for heading, told in ((said.new, new), (said.changed, changed)):
        if told:
            text += ["", f"{heading} ({len(told)}):"]
        for one in told[:LONGEST_LIST]:
            about = " · ".join(filter(None, (one_line(one.office), one_line(one.video))))
            text += ["", f"* {one_line(one.title)}", *([f"  {about}"] if about else []), f"  {one.link}"]
        if more := len(told[LONGEST_LIST:]):
            text += ["", f"  {said.more.format(n=more)}"]
    text += ["", said.all, everything, *_foot(said, end)]
    counts = [f"{len(told)} {word.lower()}" for word, told in ((said.new, new), (said.changed, changed)) if told]
    return Letter(f"{title}: {', '.join(counts)} – {search}", "\n".join(text))


def _foot(said: Words, end: str) -> list[str]:
    return ["", "-- ", said.why, said.end, end, ""]
