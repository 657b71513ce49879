"""What is not published is seen by nobody outside its office: not on a page, not in a number, not by a difference."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import escape
from json import dumps
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from answered import ANSWERED, approve
from builders import a_block, a_channel, a_figure, a_period, a_service, an_inquiry
from faces import CITY, DATA, DESK, OPEN, PROMISED, PUBLIC, SHARED, addresses
from houses import publish, save
from sites import Site
from webtest import TestApp

from servicedir.domain.document import to_document
from servicedir.domain.history import Kind
from servicedir.domain.service import ChannelKind, Nature, Service, Stage
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM
from servicedir.exchange.hsds.identity import identifier

WORDS = {
    "geheim-entwurf": "kanarientwurf",
    "geheim-wartet": "kanarienwartet",
    "geheim-weg": "kanarienweg",
    "offen-mit-entwurf": "kanariendaneben",
    "geheim-neu": "kanarienwieder",
}
"""Slug of an entry -> the word that only its hidden revision has, in each of its texts."""

WAS_PUBLIC = "Einst zu sehen"
"""What the retired entries were called when everybody saw them; 410 says so, and nothing of a later draft."""

RETIRED = frozenset({"geheim-weg", "geheim-neu"})

OUTSIDERS: dict[str, Callable[[Site], TestApp]] = {
    "a stranger": lambda site: site.visitor(),
    "an editor of another office": lambda site: site.signed_in("jonas"),
    "somebody without a role": lambda site: site.signed_in("nora"),
}


def full_of(word: str, slug: str) -> Service:
    """An entry with a word in whatever takes words, and figures that would be counted."""
    text = {"de": f"Etwas {word} hier", "en": f"Some {word} here"}
    return a_service(
        slug,
        title=text,
        summary=text,
        body=text,
        keywords=(word,),
        documents=(text,),
        costs=text,
        duration=text,
        nature=Nature.INSTRUCTION,
        languages=("vi",),
        topics=("umzug",),
        audiences=("familien",),
        related=("wohnsitz-abmelden",),
        channels=(
            a_channel(ChannelKind.VIDEO, a_period(Stage.PILOT, "2020", booking=text, source=word), note=text),
            a_channel(ChannelKind.CHAT, a_period(Stage.LIVE, "2020")),
        ),
    )


def hide(site: Site) -> None:
    """Put hidden entries of each kind into a house."""
    save(site.house, full_of(WORDS["geheim-entwurf"], "geheim-entwurf"))
    save(site.house, full_of(WORDS["geheim-wartet"], "geheim-wartet"), "submit")
    for slug, steps in (("geheim-weg", ["retire"]), ("geheim-neu", ["retire", "revive"])):
        save(site.house, a_service(slug, title=WAS_PUBLIC), "publish")
        save(site.house, full_of(WORDS[slug], slug), *steps, based_on=1)
    save(site.house, full_of(WORDS["offen-mit-entwurf"], "offen-mit-entwurf"), "submit", based_on=1)
    with site.house.work(write=True) as directory:
        hidden = [a_figure(70, service=s, note=w, released=s != "offen-mit-entwurf") for s, w in WORDS.items()]
        directory.figures.put(hidden, by=SYSTEM)
    # Answers that are approved: to a new inquiry, and anew to one that everybody reads an answer to.
    word = WORDS["geheim-entwurf"]
    said = a_block(title=f"Zu {word}", text=f"Etwas {word} hier")
    approve(site.house, an_inquiry("geheim-anfrage", said, title=f"Anfrage {word}", reference=word))
    approve(site.house, replace(ANSWERED, title=Text.of(f"Anfrage {word}"), reference=word), based_on=1)


def prepare(site: Site) -> None:
    """What is public all the time: an entry that gets a draft, and one that points at the hidden ones."""
    publish(site.house, a_service("offen-mit-entwurf", title="Offen"))
    with site.house.work() as directory:
        old = directory.service("wohnsitz-abmelden").service
    # As it can only have come from elsewhere: the door itself refuses to point at what is not there.
    pointing = to_document(replace(old, related=tuple(WORDS), summary=Text.of("Nichts Geheimes.")))
    with site.house.work(write=True) as directory:
        directory.revisions.append(
            Kind.SERVICE, old.slug, pointing, based_on=1, author="system", reason="", publish=True
        )
        directory.catch_up_after_commit()


def said_by(answer: Any) -> str:
    """What an answer says; of pictures and papers, what stands in them in letters."""
    found: str = answer.body.decode("utf-8", "replace")
    return found


def unmasked(answer: Any) -> str:
    """What an answer says, without the tokens that are new each time."""
    return re.sub(r'(?<=name="csrf_token" value=")\w+', "", said_by(answer))


FACES = {**PUBLIC, **OPEN, **DATA, **DESK, **CITY, **SHARED, "promised": PROMISED}


@pytest.fixture
def hidden(town: Site) -> Site:
    prepare(town)
    hide(town)
    make_index_anew(town)
    return town


def make_index_anew(site: Site) -> None:
    """Fill the index from the database: what was kept from it so far must not come back by that."""
    with site.house.work() as directory:
        directory.reindex()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_face_says_a_word_of_what_is_hidden(hidden: Site, who: str) -> None:
    visitor = OUTSIDERS[who](hidden)
    looked = 0
    for slug in ("wohnsitz-abmelden", "offen-mit-entwurf", "hundesteuer"):
        for path in addresses(FACES, slug=slug, languages=("de", "en")):
            answer = visitor.get(path, status="*")
            looked += answer.status_int == 200
            for word in WORDS.values():
                assert word not in said_by(answer), path
                assert word not in str(answer.headers), path
    assert looked > 100


@pytest.mark.parametrize("accept", ["*/*", "text/csv", "application/ld+json"])
def test_no_public_face_leads_to_what_is_hidden(hidden: Site, accept: str) -> None:
    secret = [slug for slug in WORDS if slug.startswith("geheim")]
    # What was public once is told as what is there no more; nothing is told of the others.
    told = {name: paths for name, paths in {**PUBLIC, **DATA}.items() if name != "api-changes"}
    looked = set()
    for path in [*addresses(told), "/api/v1/services/wohnsitz-abmelden?recorded=2100-01-01T00:00:00Z"]:
        answer = hidden.get(path, headers={"Accept": accept}, status="*")
        if answer.status_int == 200:
            looked.add(path.partition("?")[0])
            for slug in secret:
                assert slug not in said_by(answer), path
                assert identifier("service", slug) not in said_by(answer), path
    assert "/api/v1/services/wohnsitz-abmelden" in looked or accept == "text/csv"
    assert "/api/v1/services" in looked or accept == "application/ld+json"


def test_what_is_public_stays_related(town: Site) -> None:
    entry = "/api/v1/services/wohnsitz-abmelden"
    assert town.get(entry).json["related"] == ["hundesteuer"]
    sheet = town.get("/api/v1/services?sort=title", headers={"Accept": "text/csv"}).text
    assert sheet.count('"hundesteuer"') == 2, "the entry, and that it is related"


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("slug", WORDS)
def test_asking_for_it_is_answered_as_asking_for_nothing(hidden: Site, who: str, slug: str) -> None:
    visitor = OUTSIDERS[who](hidden)
    word = WORDS[slug]
    for other in (word, word[:-3], f'"{word} hier"', f"-{word}"):
        nonsense = other.replace("kanarien", "unsinnig").replace("kanarie", "unsinni")
        assert nonsense != other
        for faces in (PUBLIC, DATA, {"desk": DESK["desk-entries"]}, {"promised": PROMISED}):
            with_word = [path for path in addresses(faces, word=other) if "q=" in path]
            with_nothing = [path for path in addresses(faces, word=nonsense) if "q=" in path]
            for asked, control in zip(with_word, with_nothing, strict=True):
                one, two = visitor.get(asked, status="*"), visitor.get(control, status="*")
                assert one.status_int == two.status_int
                assert hide_word(unmasked(one), other) == hide_word(unmasked(two), nonsense), asked
    if slug in RETIRED:
        for face in (PUBLIC["service"][0], DATA["api-service"][0]):
            gone = visitor.get(face.format(slug=slug), status=410)
            assert WAS_PUBLIC in gone.text
            assert word not in gone.text
    elif slug.startswith("geheim"):
        nothing = slug.replace("geheim", "nichts")
        for asked, control in zip(addresses(FACES, slug=slug), addresses(FACES, slug=nothing), strict=True):
            one, two = visitor.get(asked, status="*"), visitor.get(control, status="*")
            assert one.status_int == two.status_int, asked
            said = unmasked(one).replace(slug, nothing)
            assert said.replace(identifier("service", slug), identifier("service", nothing)) == unmasked(two), asked


def hide_word(text: str, word: str) -> str:
    """The text without the word that was asked for, however it is written there."""
    for form in {word, escape(word), quote(word), quote_plus(word), dumps(word)[1:-1]}:
        text = text.replace(form, "WORD")
    return text.replace(word.strip('-"').partition(" ")[0], "WORD")


def test_no_number_and_no_order_changes_by_what_is_hidden(town: Site) -> None:
    """Every public face is the same, byte by byte, before and after drafts, reviews and withdrawals."""
    prepare(town)
    visitor = town.visitor()
    paths = addresses({**PUBLIC, **DATA}, languages=("de", "en"))
    paths += addresses({"service": PUBLIC["service"], "api": DATA["api-service"]}, slug="offen-mit-entwurf")
    # The second time, since the page of open data tells the size of files that were made meanwhile.
    before = {path: visitor.get(path) for _twice in range(2) for path in paths}
    hide(town)
    for _before_and_after_reindexing in range(2):
        for path, old in before.items():
            new = visitor.get(path)
            assert unmasked(new) == unmasked(old), path
            assert new.headers.get("ETag") == old.headers.get("ETag")
        make_index_anew(town)


def test_facets_count_what_is_published_alone(hidden: Site) -> None:
    body = hidden.get("/api/v1/services").json
    assert body["total"] == 3
    counts = {value["value"]: value["count"] for value in body["facets"]["channel"]}
    assert counts["chat"] == 0
    assert "vi" not in {value["value"] for value in body["facets"]["language"]}
    hidden.get("/?language=vi", status=400)
    assert {item["slug"] for item in body["items"]} == {"wohnsitz-abmelden", "hundesteuer", "offen-mit-entwurf"}


def test_the_past_of_what_was_withdrawn_is_not_told_either(hidden: Site) -> None:
    for moment in ("2100-01-01", hidden.house.now().isoformat().replace("+", "%2B")):
        hidden.get(f"/api/v1/services/geheim-weg?recorded={moment}", status=410)
        body = hidden.get(f"/api/v1/services/offen-mit-entwurf?recorded={moment}").json
        assert body["title"] == "Offen"


def test_its_own_office_sees_it_all(hidden: Site) -> None:
    """So that the tests above can fail."""
    visitor = hidden.signed_in("anna")
    desk = visitor.get("/desk/entries").text + visitor.get("/desk/entries?state=retired").text
    for slug, word in WORDS.items():
        assert word in desk
        assert word in visitor.get(f"/services/{slug}/preview").text
        assert visitor.get(f"/services/{slug}/history").status_int == 200
    assert WORDS["geheim-neu"] in visitor.get("/services/geheim-neu/edit").text


def test_once_published_everybody_sees_it(hidden: Site) -> None:
    with hidden.house.work(write=True) as directory:
        directory.move("geheim-entwurf", "publish", based_on=1, by=SYSTEM)
    for path in ("/", "/services/geheim-entwurf", "/a-z", "/embed", "/api/v1/services"):
        assert WORDS["geheim-entwurf"] in hidden.get(path).text


def test_the_index_on_disk_has_never_held_what_was_never_published(hidden: Site) -> None:
    folder = hidden.house.settings.data / "index"
    held = b"".join(file.read_bytes() for file in folder.iterdir())
    for slug in ("geheim-entwurf", "geheim-wartet", "offen-mit-entwurf"):
        assert WORDS[slug].encode() not in held
    assert b"wohnsitz-abmelden" in held
