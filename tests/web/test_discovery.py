"""Programs find the catalogue: map, robots, search description, what pages say of themselves in heads and JSON-LD."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit
from urllib.robotparser import RobotFileParser

import extruct
import pytest
from builders import a_constraint, a_place, a_service, an_office
from faces import DESK, OPEN, POSTED, PUBLIC, addresses
from houses import publish, save
from lxml import etree
from rdflib import Graph, Namespace
from rdflib.namespace import RDF
from sites import Site

from servicedir.exchange.sitemap import Place, index, parts, sitemap
from servicedir.web.listed import LISTED

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
SCHEMA = Namespace("https://schema.org/")
HOST = "http://localhost"


def in_map(site: Site, path: str = "/sitemap.xml") -> dict[str, dict[str, str]]:
    """Address -> the same page by language."""
    root = etree.fromstring(site.get(path).body)
    assert root.tag == f"{MAP}urlset"
    return {
        url.findtext(f"{MAP}loc"): {link.get("hreflang"): link.get("href") for link in url.findall(f"{XHTML}link")}
        for url in root
    }


# The map


def test_the_map_has_every_public_page_in_every_language_and_nothing_else(city: Site) -> None:
    found = in_map(city)
    with city.house.work() as directory:
        services = {f"/services/{held.slug}" for held in directory.titles()}
        catalogue = directory.catalogue
        answers = {f"/inquiries/{answer.slug}" for answer in directory.inquiries.published()}
    assert len(answers) == 2
    pages = services | answers | {f"/offices/{slug}" for slug in catalogue.offices}
    pages |= {f"/topics/{slug}" for slug in catalogue.topics}
    pages |= {"/", "/offices/", "/topics/", "/a-z", "/help", "/privacy", "/accessibility", "/easy-language"}
    pages |= {"/data/", "/api/", "/embed/builder", "/rollout", "/inquiries/"}
    assert set(found) == {f"{HOST}{page}" for page in pages} | {f"{HOST}{page}?lang=en" for page in pages}
    for address, others in found.items():
        assert set(others) == {"de", "en", "x-default"}
        assert address in others.values()
        assert all(found[other] == others for other in others.values())


def test_every_address_of_the_map_is_the_canonical_one_of_its_page_and_agrees_with_its_head(quiet: Site) -> None:
    robots = RobotFileParser()
    robots.parse(quiet.get("/robots.txt").text.splitlines())
    for address, others in in_map(quiet).items():
        html = quiet.get(address.removeprefix(HOST)).html
        assert html.find("link", rel="canonical")["href"] == address
        assert {link["hreflang"]: link["href"] for link in html.select("head link[hreflang]")} == others
        assert robots.can_fetch("anybody", address)


def test_a_map_says_when_a_page_changed_for_outsiders(town: Site) -> None:
    def changed(path: str) -> str:
        root = etree.fromstring(town.get("/sitemap.xml").body)
        (url,) = (one for one in root if one.findtext(f"{MAP}loc") == f"{HOST}{path}")
        return str(url.findtext(f"{MAP}lastmod"))

    before = changed("/services/wohnsitz-abmelden"), changed("/offices/buergeramt")
    assert datetime.fromisoformat(before[0]).tzinfo
    save(town.house, a_service("wohnsitz-abmelden", title="Nur ein Entwurf"), based_on=1)
    save(town.house, a_service("geheim"))
    assert (changed("/services/wohnsitz-abmelden"), changed("/offices/buergeramt")) == before
    assert f"{HOST}/services/geheim" not in in_map(town)
    publish(town.house, an_office("meldestelle", parent="buergeramt"), a_service("neu", offices=("meldestelle",)))
    assert changed("/services/neu") == changed("/offices/meldestelle") == changed("/offices/buergeramt")
    assert changed("/services/wohnsitz-abmelden") == before[0]


def test_a_site_that_is_too_large_has_an_index_and_parts_of_the_allowed_size() -> None:
    places = [Place({code: f"https://x.example/{n}?lang={code}" for code in ("de", "en")}) for n in range(25)]
    found = parts(places, most=20)
    assert [len(part) for part in found] == [10, 10, 5]
    for part in found:
        root = etree.fromstring(sitemap(part))
        assert len(root) == 2 * len(part) <= 20
    root = etree.fromstring(index(["https://x.example/sitemap.xml?page=1", "https://x.example/sitemap.xml?page=2"]))
    assert root.tag == f"{MAP}sitemapindex"
    assert [one.findtext(f"{MAP}loc") for one in root] == [f"https://x.example/sitemap.xml?page={n}" for n in (1, 2)]
    assert parts([]) == [[]]


@pytest.mark.parametrize("page", ["0", "2", "x", "-1", "٣", "9" * 30])
def test_there_is_no_part_beyond_the_last(quiet: Site, page: str) -> None:
    quiet.get(f"/sitemap.xml?page={quote(page)}", status=400)


def test_one_language_alone_has_no_others(town_with: Callable[..., Site]) -> None:
    site = town_with(languages="de", base_url="https://dienste.example")
    found = in_map(site)
    assert set(found) >= {"https://dienste.example/", "https://dienste.example/services/hundesteuer"}
    assert not any(found.values())
    assert not site.get("/").html.select("head link[hreflang]")


# Robots


def test_robots_are_shown_the_map_and_kept_from_what_is_not_for_them(quiet: Site) -> None:
    robots = RobotFileParser()
    robots.parse(quiet.get("/robots.txt").text.splitlines())
    assert robots.site_maps() == [f"{HOST}/sitemap.xml"]
    for path in addresses({name: paths for name, paths in DESK.items() if "{slug}" not in paths[0]}):
        assert not robots.can_fetch("anybody", path), path
    for path in ("/subscriptions/1-x", "/unsubscribe/1-x", "/previews/1-x", "/login", "/services/add"):
        assert not robots.can_fetch("anybody", path)
    for path in ("/", "/services/wohnsitz-abmelden", "/feed.atom", "/api/v1/services", "/opensearch.xml"):
        assert robots.can_fetch("anybody", path)


# How to search


def test_browsers_learn_how_to_search(quiet: Site) -> None:
    for language in ("de", "en"):
        page = quiet.get(f"/help?lang={language}").html
        link = page.find("link", rel="search")
        assert link["type"] == "application/opensearchdescription+xml"
        answer = quiet.get(link["href"])
        assert answer.content_type == "application/opensearchdescription+xml"
        root = etree.fromstring(answer.body)
        assert root.tag == f"{SEARCH}OpenSearchDescription"
        assert 0 < len(root.findtext(f"{SEARCH}ShortName")) <= 16
        assert 0 < len(root.findtext(f"{SEARCH}LongName")) <= 48
        assert root.findtext(f"{SEARCH}LongName") == link["title"]
        assert root.findtext(f"{SEARCH}InputEncoding") == "UTF-8"
        urls = {url.get("type"): url.get("template") for url in root.findall(f"{SEARCH}Url")}
        assert set(urls) >= {"text/html", "application/atom+xml", "application/x-suggestions+json"}
        assert urls["application/opensearchdescription+xml"] == f"{HOST}{link['href']}"
        for kind, template in urls.items():
            filled = template.replace("{searchTerms}", "wohnsitz+abmelden").replace("{startPage?}", "")
            found = quiet.get(filled.removeprefix(HOST))
            assert found.content_type == kind
            if kind != "application/opensearchdescription+xml":
                assert "wohnsitz-abmelden" in found.text
            if kind == "text/html":
                assert found.html.html["lang"] == language
        icon = root.findtext(f"{SEARCH}Image").removeprefix(HOST)
        assert quiet.get(icon).content_type == "image/svg+xml"


def test_every_page_tells_them_even_one_that_says_no(quiet: Site) -> None:
    for path in addresses({**PUBLIC, **OPEN}):
        if not path.startswith("/embed"):
            assert quiet.get(path).html.find("link", rel="search"), path
    assert quiet.get("/no-such-page", status=404).html.find("link", rel="search")


def test_completions_come_as_browsers_read_them(quiet: Site) -> None:
    answer = quiet.get("/opensearch/suggest?q=abmel")
    assert answer.headers["Content-Type"] == "application/x-suggestions+json"
    typed, words, said, links = json.loads(answer.body)
    assert typed == "abmel"
    assert len(words) == len(said) == len(links) > 0
    assert [item["text"] for item in quiet.get("/api/v1/suggest?q=abmel").json["items"]] == words
    assert [item["url"] for item in quiet.get("/api/v1/suggest?q=abmel").json["items"]] == links
    assert json.loads(quiet.get("/opensearch/suggest").body) == ["", [], [], []]
    quiet.get("/opensearch/suggest?q=a&q=b", status=400)


# Heads


@pytest.mark.parametrize("path", addresses(PUBLIC, languages=("de", "en")))
def test_a_listed_page_has_one_address_and_others_have_none(quiet: Site, path: str) -> None:
    name = next(name for name, paths in PUBLIC.items() for one in paths if _same(one, path))
    html = quiet.get(path).html
    canonical = html.find_all("link", rel="canonical")
    if name not in LISTED:
        if not name.startswith("embed"):  # Those pages name the one that they show.
            assert not canonical
        return
    (link,) = canonical
    language = dict(parse_qsl(urlsplit(path).query)).get("lang", "de")
    assert html.find("meta", property="og:url")["content"] == link["href"]
    assert html.find("meta", property="og:locale")["content"] == {"de": "de_DE", "en": "en_GB"}[language]
    assert html.find("meta", property="og:site_name")["content"] == "Serviceverzeichnis"
    assert html.find("meta", property="og:type")["content"] == "website"
    again = quiet.get(link["href"].removeprefix(HOST)).html
    assert again.find("link", rel="canonical")["href"] == link["href"]
    others = {one["hreflang"]: one["href"] for one in html.select("head link[hreflang]")}
    assert others[language] == link["href"] or name == "home"
    for code, address in others.items():
        assert quiet.get(address.removeprefix(HOST)).html.html["lang"] == ("de" if code == "x-default" else code)


def _same(pattern: str, path: str) -> bool:
    return path.partition("?")[0] == addresses({"one": [pattern]})[0].partition("?")[0]


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/services/wohnsitz-abmelden?on=2024-06-15&utm_source=x", "/services/wohnsitz-abmelden"),
        ("/offices/buergeramt?q=x&lang=en", "/offices/buergeramt?lang=en"),
        ("/help?letter=A", "/help"),
        ("/a-z?letter=A&page=3", "/a-z?letter=A"),
        ("/?q=wohnung&page=1&utm_source=x", "/?q=wohnung"),
    ],
)
def test_what_merely_shows_a_page_otherwise_is_no_other_page(quiet: Site, path: str, canonical: str) -> None:
    assert quiet.get(path).html.find("link", rel="canonical")["href"] == f"{HOST}{canonical}"


def test_a_page_that_is_not_there_or_not_public_has_no_address_of_its_own(quiet: Site) -> None:
    for path, status in (("/services/gibt-es-nicht", 404), ("/?video=x", 400), ("/login", 200)):
        html = quiet.get(path, status=status).html
        assert not html.find("link", rel="canonical")
        assert not html.find("meta", property="og:url")


def test_networks_are_told_title_and_text_in_the_language_of_the_page(quiet: Site) -> None:
    for path, title, said in (
        ("/services/wohnsitz-abmelden?lang=en", "Deregister a residence", "When moving abroad."),
        ("/offices/buergeramt", "Buergeramt", None),
        ("/topics/umzug", "Umzug und Wohnen", None),
        ("/", "Serviceverzeichnis", "Dienstleistungen der Stadt finden, und wie man sie erreicht"),
        ("/?q=<x1>", "<x1>", "Dienstleistungen der Stadt finden, und wie man sie erreicht"),
        ("/a-z?lang=en", "Services from A to Z", None),
    ):
        html = quiet.get(path).html
        assert html.find("meta", property="og:title")["content"] == title
        found = html.find("meta", property="og:description")
        assert (found["content"] if found else None) == said
        if said:
            assert html.find("meta", attrs={"name": "description"})["content"] == said


def test_a_page_that_is_kept_for_all_hosts_names_each_its_own(town: Site) -> None:
    for host in ("eins.example", "zwei.example"):
        text = town.get("/?lang=en", headers={"Host": host}).text
        assert f'hreflang="de" href="http://{host}/"' in text
        assert f'<link rel="canonical" href="http://{host}/?lang=en"/>' in text
        assert f'"urlTemplate": "http://{host}/?q={{search_term_string}}"' in text
        assert "localhost" not in text


# JSON-LD


def told(site: Site, path: str) -> list[dict[str, Any]]:
    """What programs read of a page, each thing once, checked with a reader of microdata and one of RDF."""
    answer = site.get(path)
    found = extruct.extract(answer.text, base_url=f"{HOST}{path}", syntaxes=["json-ld", "opengraph"], uniform=True)
    things = [thing for one in found["json-ld"] for thing in one.get("@graph", [one])]
    for (script,) in [answer.html.select('script[type="application/ld+json"]')]:
        data = json.loads(script.string)
        assert data.pop("@context") == "https://schema.org"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own reader asks for what it deprecates
            raw = json.dumps({"@context": {"@vocab": str(SCHEMA)}, **data})
            graph = Graph().parse(data=raw, format="json-ld")
        kinds = {str(kind).removeprefix(str(SCHEMA)) for kind in graph.objects(predicate=RDF.type)}
        assert {thing["@type"] for thing in things} <= kinds
        assert all(str(predicate).startswith((str(SCHEMA), str(RDF))) for predicate in graph.predicates())
    return things


def test_the_first_page_is_a_site_that_can_be_searched(quiet: Site) -> None:
    for path in ("/", "/?q=wohnung&lang=en"):
        (site,) = told(quiet, path)
        assert site["@type"] == "WebSite"
        assert site["url"] == f"{HOST}/"
        action = site["potentialAction"]
        assert action["query-input"] == "required name=search_term_string"
        address = action["target"]["urlTemplate"].replace("{search_term_string}", "abmelden")
        assert "Wohnsitz abmelden" in quiet.get(address.removeprefix(HOST)).text


def test_a_service_says_how_it_is_reached_and_what_the_law_asks(town_with: Callable[..., Site]) -> None:
    site = town_with(publisher="Stadt Musterhausen")
    publish(site.house, OFFICE)
    service, way = told(site, "/services/wohnsitz-abmelden")
    assert service["@type"] == "GovernmentService"
    assert service["areaServed"] == {"@type": "AdministrativeArea", "name": "Stadt Musterhausen"}
    assert service["serviceType"] == "Antrag"
    assert service["category"] == ["Umzug und Wohnen"]
    assert service["termsOfService"] == "Ausweis nötig (Video): ist Bedingung, § 17 Abs. 2 BMG."
    assert {one["name"] for one in service["subjectOf"]} == {"§ 17 BMG", "§ 17 Abs. 2 BMG"}
    assert all(one["@type"] == "Legislation" for one in service["subjectOf"])
    channels = {one["name"]: one for one in service["availableChannel"]}
    assert channels["Video"]["serviceUrl"] == "https://termine.example.org/abmelden"
    assert channels["Video"]["description"] == "Termin im Netz wählen"
    assert channels["Video"]["availableLanguage"] == ["de", "uk"]
    assert "hoursAvailable" not in channels["Video"]
    assert channels["vor Ort"]["hoursAvailable"] == [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": ["Monday", "Tuesday"],
            "opens": "08:00",
            "closes": "12:00",
        }
    ]
    assert channels["vor Ort"]["serviceLocation"][0]["name"] == "Rathaus"
    assert [(one["position"], one["name"], one["item"]) for one in way["itemListElement"]] == [
        (1, "Dienstleistungen", f"{HOST}/"),
        (2, "Bürgeramt", f"{HOST}/offices/buergeramt"),
        (3, "Wohnsitz abmelden", f"{HOST}/services/wohnsitz-abmelden"),
    ]


OFFICE = an_office(
    "buergeramt",
    name="Bürgeramt",
    address="Marktplatz 1\n12345 Musterhausen",
    phone="0123 4567",
    email="amt@example.org",
    url="https://amt.example.org",
    hours="Mo-Di 8-12 Uhr",
    summary="Für alles.",
)


def test_an_office_says_where_it_is_and_when_it_is_open(town: Site) -> None:
    publish(town.house, OFFICE)
    office, _way = told(town, "/offices/buergeramt")
    assert office["@type"] == "GovernmentOffice"
    assert office["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "Marktplatz 1",
        "postalCode": "12345",
        "addressLocality": "Musterhausen",
        "addressCountry": "DE",
    }
    assert office["telephone"] == "0123 4567"
    assert office["openingHours"] == ["Mo-Tu 08:00-12:00"]
    assert office["sameAs"] == "https://amt.example.org"
    below, way = told(town, "/offices/meldestelle")
    assert below["parentOrganization"]["@id"] == f"{HOST}/offices/buergeramt"
    assert [one["name"] for one in way["itemListElement"]] == ["Ämter", "Bürgeramt", "Meldestelle"]


def test_what_cannot_be_read_is_left_as_it_is_or_out(town: Site) -> None:
    publish(
        town.house, an_office("buergeramt", address="Hinter dem Dom", hours="nach Vereinbarung", url="javascript:1")
    )
    office, _way = told(town, "/offices/buergeramt")
    assert office["address"] == "Hinter dem Dom"
    assert not {"openingHours", "sameAs", "telephone", "email", "areaServed", "parentOrganization"} & set(office)


def test_a_topic_says_where_it_stands(quiet: Site) -> None:
    (way,) = told(quiet, "/topics/umzug?lang=en")
    assert way["@type"] == "BreadcrumbList"
    assert [one["name"] for one in way["itemListElement"]] == ["Topics", "Umzug und Wohnen"]


def test_in_none_of_it_text_is_markup(town: Site) -> None:
    evil = "</script><x1 y=1>&\"'"
    publish(
        town.house,
        an_office("buergeramt", name=evil, address=evil, summary=evil, phone=evil),
        a_place("rathaus", name=evil, address=evil),
        a_service("boese", title=evil, summary=evil, places=("rathaus",), constraints=(a_constraint(note=evil),)),
    )
    for path in ("/services/boese", "/offices/buergeramt"):
        thing, _way = told(town, path)
        assert thing["name"] == evil
        assert "<x1" not in town.get(path).text


def test_no_form_is_among_what_is_listed() -> None:
    assert not LISTED & (set(OPEN) - {"accessibility"})
    assert not LISTED & (set(POSTED) - {"accessibility"})
