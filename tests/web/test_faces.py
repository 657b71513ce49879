"""Every route has somebody who looks after it, and every page is a good page in both languages."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from babel.messages.pofile import read_po
from faces import (
    ACCOUNTS,
    ACCOUNTS_POSTED,
    CITY,
    CITY_POSTED,
    COUNTED,
    DATA,
    DESK,
    MOVED,
    OPEN,
    POSTED,
    PROGRAMS,
    PROMISED,
    PUBLIC,
    SHARED,
    addresses,
)
from pagecheck import Page, faults, links
from sites import Site, static_files

from servicedir.web.translation import LOCALE

BOTH = ("de", "en")


def test_no_route_is_missing_from_the_list_of_faces(city: Site) -> None:
    assert set(city.routes) == {*PUBLIC, *OPEN, *DATA, *MOVED, *DESK, *CITY, *CITY_POSTED, *POSTED, *SHARED} | {
        *ACCOUNTS,
        *ACCOUNTS_POSTED,
        *COUNTED,
        *PROGRAMS,
    }


def test_each_face_is_an_address_of_its_route(city: Site) -> None:
    posted = {name: [path] for name, path in (POSTED | CITY_POSTED | ACCOUNTS_POSTED | COUNTED).items()}
    for faces in (PUBLIC, OPEN, DATA, MOVED, DESK, CITY, ACCOUNTS, SHARED, PROGRAMS, posted):
        for name, paths in faces.items():
            pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(city.routes[name]))
            for path in paths:
                assert re.fullmatch(pattern, path.partition("?")[0])


@pytest.mark.parametrize("path", addresses({**PUBLIC, **OPEN}, languages=BOTH))
def test_a_public_page_is_a_good_page(city: Site, path: str) -> None:
    language = dict(parse_qsl(urlsplit(path).query)).get("lang", "de")
    answer = city.get(path)
    assert answer.content_type == "text/html"
    assert answer.charset.lower() == "utf-8"
    assert faults(answer.text, language) == []


@pytest.mark.parametrize("path", addresses(DATA))
def test_what_is_no_page_answers_as_well(city: Site, path: str) -> None:
    assert city.get(path).status_int == 200


@pytest.mark.parametrize("path", addresses(MOVED, languages=BOTH))
def test_who_leaves_out_a_slash_is_sent_on_in_the_same_language(city: Site, path: str) -> None:
    bare, mark, query = path.partition("?")
    answer = city.get(path, status=301)
    assert answer.headers["Location"].removeprefix("http://localhost") == f"{bare}/{mark}{query}"


@pytest.mark.parametrize("path", addresses(DESK, languages=BOTH))
def test_a_page_of_the_desk_is_a_good_page(town: Site, path: str) -> None:
    language = dict(parse_qsl(urlsplit(path).query)).get("lang", "de")
    answer = town.signed_in("rita").get(path)
    assert faults(answer.text, language) == []


@pytest.mark.parametrize("path", addresses(CITY, languages=BOTH))
def test_a_page_of_the_coordinators_is_a_good_page(town: Site, path: str) -> None:
    language = dict(parse_qsl(urlsplit(path).query)).get("lang", "de")
    assert faults(town.signed_in("cora").get(path).text, language) == []


@pytest.mark.parametrize("path", addresses(ACCOUNTS, languages=BOTH))
def test_a_page_of_the_administrators_is_a_good_page(town: Site, path: str) -> None:
    language = dict(parse_qsl(urlsplit(path).query)).get("lang", "de")
    assert faults(town.signed_in("ada").get(path).text, language) == []


@pytest.mark.parametrize("path", addresses(CITY))
def test_a_page_of_the_coordinators_is_nobody_elses(quiet: Site, path: str) -> None:
    quiet.get(path, status=303)
    for login in ("anna", "rita", "nora"):
        quiet.signed_in(login).get(path, status=403)


@pytest.mark.parametrize(
    "path", ["/no-such-page", "/?page=-1", "/embed?video=x", "/services/x/y/z", "/services/no-such"]
)
@pytest.mark.parametrize("language", BOTH)
def test_an_error_page_is_a_good_page(city: Site, path: str, language: str) -> None:
    answer = city.get(f"{path}{'&' if '?' in path else '?'}lang={language}", status="4*")
    assert faults(answer.text, language) == []


@pytest.fixture(scope="module")
def german() -> set[str]:
    """What must not stand on an English page: our own sentences in German, but for those that are the same in both."""
    with (LOCALE / "en" / "LC_MESSAGES" / "servicedir.po").open("rb") as file:
        messages = [message for message in read_po(file, locale="en") if message.id]
    singles = {message.id: message.string for message in messages if isinstance(message.id, str)}
    either = set(singles.values())  # "Filter" is one word in German and another one in English.
    return {" ".join(said.split()) for said in singles if said not in either and "${" not in said}


def left_over(html: str, german: set[str]) -> list[str]:
    return [
        piece
        for element in Page(html).elements
        for piece in [*element.pieces, element.attributes.get("aria-label", "")]
        if element.language == "en" and " ".join(piece.split()) in german
    ]


@pytest.mark.parametrize("path", addresses({**PUBLIC, **OPEN}, languages=("en",)))
def test_no_german_sentence_is_left_over_on_a_public_page_in_english(city: Site, german: set[str], path: str) -> None:
    assert left_over(city.get(path).text, german) == []


@pytest.mark.parametrize("path", addresses(DESK, languages=("en",)))
def test_no_german_sentence_is_left_over_at_the_desk_in_english(town: Site, german: set[str], path: str) -> None:
    assert left_over(town.signed_in("rita").get(path).text, german) == []


@pytest.mark.parametrize("path", addresses(ACCOUNTS, languages=("en",)))
def test_no_german_sentence_is_left_over_for_administrators_in_english(town: Site, german: set[str], path: str) -> None:
    assert left_over(town.signed_in("ada").get(path).text, german) == []


@pytest.mark.parametrize("path", addresses(CITY, languages=("en",)))
def test_no_german_sentence_is_left_over_for_coordinators_in_english(town: Site, german: set[str], path: str) -> None:
    assert left_over(town.signed_in("cora").get(path).text, german) == []


@pytest.mark.parametrize("path", ["/no-such-page", "/?page=-1", "/?on=x", "/embed?video=x", "/?q=a&q=b", "/?office=x"])
def test_no_german_sentence_is_left_over_on_an_error_page_in_english(city: Site, german: set[str], path: str) -> None:
    answer = city.get(f"{path}{'&' if '?' in path else '?'}lang=en", status="4*")
    assert left_over(answer.text, german) == []


def test_a_german_page_is_full_of_german_sentences(city: Site, german: set[str]) -> None:
    """So that the tests above can fail."""
    assert len(left_over(city.get("/").text.replace('lang="de"', 'lang="en"'), german)) > 20


# Crawling


def internal(link: str) -> str | None:
    """The path of a link that leads to ourselves."""
    parts = urlsplit(link)
    if parts.scheme in ("mailto", "tel"):
        return None
    if parts.netloc not in ("", "localhost"):
        return None
    return parts._replace(scheme="", netloc="").geturl()


def kind(path: str) -> tuple[str, ...]:
    """What sort of address this is, by its parameters; of each sort a few are enough."""
    parts = urlsplit(path)
    return (parts.path, *sorted({name for name, _value in parse_qsl(parts.query)}))


def test_no_link_on_any_page_is_broken(city: Site) -> None:
    visitor = city.visitor()
    waiting, seen, sorts = ["/", "/?lang=en"], {"/", "/?lang=en"}, dict[tuple[str, ...], int]()
    broken, foreign = [], set()
    while waiting:
        path = waiting.pop()
        answer = visitor.get(path, status="*")
        if answer.status_int not in (200, 303):
            broken.append((path, answer.status_int))
            continue
        if answer.content_type != "text/html":
            continue
        for link in links(answer.text):
            inside = internal(link)
            if inside is None:
                foreign.add(urlsplit(link).scheme)
                continue
            if not inside.startswith("/"):
                broken.append((path, inside))
            if inside in seen:
                continue
            seen.add(inside)
            sort = kind(inside)
            sorts[sort] = sorts.get(sort, 0) + 1
            if sorts[sort] <= 2:
                waiting.append(inside)
    assert broken == []
    assert foreign <= {"https", "http", "mailto", "tel"}
    assert len([path for path in seen if path.startswith("/services/")]) > 140
    assert not visitor.cookies


def test_every_service_office_and_topic_is_reached_from_the_first_page(city: Site) -> None:
    with city.house.work() as directory:
        slugs = {f"/services/{held.slug}" for held in directory.titles()}
        slugs |= {f"/offices/{slug}" for slug in directory.catalogue.offices}
        slugs |= {f"/topics/{slug}" for slug in directory.catalogue.topics}
    reached = {path for start in ("/", "/a-z", "/offices/", "/topics/") for path in links(city.get(start).text)}
    assert {"/a-z", "/offices/", "/topics/"} <= reached
    assert slugs <= reached


def test_every_static_file_that_a_page_loads_is_there(city: Site) -> None:
    loaded = {
        link
        for path in addresses(PUBLIC)
        for link in links(city.get(path, status="*").text)
        if link.startswith("/static/")
    }
    assert loaded
    assert loaded <= set(static_files(city))
    for link in loaded:
        assert city.get(link).status_int == 200


def test_a_promised_address_is_there_or_not_but_never_broken(city: Site) -> None:
    for path in addresses({"promised": PROMISED}):
        assert city.get(path, status="*").status_int in (200, 303, 401, 403, 404)
