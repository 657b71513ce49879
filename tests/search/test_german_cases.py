"""What citizens type, and which service of a small town must come of it: judged by hand, for every engine."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from asking import TODAY, Searching
from builders import a_service
from town import SERVICES

from servicedir.domain.query import Query
from servicedir.domain.service import ChannelKind

BY_VIDEO = {"schuldnerberatung", "rentenberatung"}


def cases(text: str) -> list[tuple[str, str]]:
    """The lines of a table `what is typed → the service that is wanted`."""
    return [tuple(side.strip() for side in line.split("→")) for line in text.strip().splitlines()]  # type: ignore[misc]


def names(text: str) -> Iterable[str]:
    """How the cases are called where they fail."""
    return [typed for typed, _wanted in cases(text)]


def test_the_town_has_what_the_cases_speak_of() -> None:
    assert len({service.slug for service in SERVICES}) == len(SERVICES) >= 25
    tables = (FIRST, ENGLISH, AMONG_THE_FIRST)
    wanted = {slug for table in tables for _typed, slugs in cases(table) for slug in slugs.split()}
    assert wanted <= {service.slug for service in SERVICES}


FIRST = """
    ummelden                                        → wohnung-ummelden
    umziehen                                        → wohnung-ummelden
    Umzug                                           → wohnung-ummelden
    Umzug ins Ausland                               → wohnung-abmelden
    perso verloren                                  → ausweis-verlust
    Ausweis verloren                                → ausweis-verlust
    verloren                                        → ausweis-verlust
    Schuldnerhilfe                                  → schuldnerberatung
    Schulden                                        → schuldnerberatung
    Schuldenberatung                                → schuldnerberatung
    heiraten                                        → eheschliessung
    Führerschein                                    → fahrerlaubnis
    Führerschein umtauschen                         → fahrerlaubnis
    Führerscheinumtausch                            → fahrerlaubnis
    Auto anmelden                                   → kfz-zulassung
    Kindergarten                                    → kita
    Kita Platz                                      → kita
    Kinderbetreuung                                 → kita
    Mietzuschuss                                    → wohngeld
    Anwohnerparken                                  → parkausweis
    Müllgebühren                                    → abfallgebuehren
    bauen                                           → baugenehmigung
    Gerüst                                          → strasse

    Wohnungsabmeldug                                → wohnung-abmelden
    wohnugn abmelden                                → wohnung-abmelden
    wohnug anmelden                                 → wohnung-anmelden
    Pesonalausweis                                  → personalausweis
    Reisepas                                        → reisepass
    Hundesteur                                      → hundesteuer
    geburtsurkudne                                  → geburtsurkunde
    Eheschlißung                                    → eheschliessung
    Schuldnerberatng                                → schuldnerberatung
    führerschien                                    → fahrerlaubnis
    Kindergaten                                     → kita

    Gewerbe-Anmeldung                               → gewerbe-anmelden
    Gewerbeanmeldung                                → gewerbe-anmelden
    Gewerbe Anmeldung                               → gewerbe-anmelden
    gewerbe anmelden                                → gewerbe-anmelden
    Personal-Ausweis                                → personalausweis
    Abfallgebuehren                                 → abfallgebuehren
    ABFALLGEBÜHREN                                  → abfallgebuehren
    Ermaessigung                                    → abfallgebuehren
    Gaststaette                                     → gaststaette
    Strasse                                         → strasse
    Straße                                          → strasse
    Eheschliessung                                  → eheschliessung
    Paß                                             → reisepass

    Wie kann ich meine Wohnung abmelden?            → wohnung-abmelden
    Wo bekomme ich einen neuen Reisepass?           → reisepass
    Was kostet ein Personalausweis?                 → personalausweis
    Ich habe meinen Ausweis verloren, was tun?      → ausweis-verlust
    Muss ich meinen Hund anmelden?                  → hundesteuer

    Abmeldung                                       → wohnung-abmelden
    abmelden                                        → wohnung-abmelden
    Wohnungsabmeldung                               → wohnung-abmelden
    Abmeldung der Wohnung                           → wohnung-abmelden
    Wohnungsanmeldung                               → wohnung-anmelden
    Hundesteueranmeldung                            → hundesteuer
    Hunde                                           → hundesteuer
    Steuern                                         → hundesteuer
    Rente                                           → rentenberatung
    Rentenantrag                                    → rentenberatung
    Urkunde Geburt                                  → geburtsurkunde
    Beurkundung                                     → geburtsurkunde
    Auto zulassen                                   → kfz-zulassung
    Kfz-Zulassung                                   → kfz-zulassung
    Kfzzulassung                                    → kfz-zulassung
    Sperrmüll abholen                               → sperrmuell
    Umtausch                                        → fahrerlaubnis
    ausstellen Reisepass                            → reisepass

    99115002104000                                  → wohnung-abmelden
    99050035058000                                  → belehrung
    § 43 Absatz 1 IfSG                              → belehrung
    § 20 IfSG                                       → masern
    § 14 GewO                                       → gewerbe-anmelden
    "Abmeldung der Wohnung"                         → wohnung-abmelden
""".replace("\n\n", "\n")


@pytest.mark.parametrize(("typed", "wanted"), cases(FIRST), ids=names(FIRST))
def test_what_a_citizen_means_comes_first(town: Searching, typed: str, wanted: str) -> None:
    assert town.slugs(typed)[:1] == [wanted]


AMONG_THE_FIRST = """
    § 43 IfSG              → belehrung gaststaette
    §43 IfSG               → belehrung gaststaette
    43 IfSG                → belehrung gaststaette
    Paragraf 43            → belehrung gaststaette
    § 17 BMG               → wohnung-anmelden wohnung-abmelden
    Beratung               → schuldnerberatung rentenberatung erziehungsberatung
    Wohnung                → wohnung-anmelden wohnung-abmelden
    Wohnungsummeldung      → wohnung-ummelden
    Standesamt             → eheschliessung geburtsurkunde
    Abfall                 → sperrmuell abfallgebuehren
    Führungszeugnis        → fuehrungszeugnis gaststaette
    Ausweis                → personalausweis ausweis-verlust
    Pass verloren          → ausweis-verlust reisepass
"""


@pytest.mark.parametrize(("typed", "wanted"), cases(AMONG_THE_FIRST), ids=names(AMONG_THE_FIRST))
def test_what_may_be_meant_is_among_the_first_three(town: Searching, typed: str, wanted: str) -> None:
    assert set(wanted.split()) <= set(town.slugs(typed)[:3])


ENGLISH = """
    register my home             → wohnung-anmelden
    How do I register my home?   → wohnung-anmelden
    register a business          → gewerbe-anmelden
    identity card                → personalausweis
    passports                    → reisepass
    housing benefit              → wohngeld
    I want to get married        → eheschliessung
    marriage                     → eheschliessung
    dog tax                      → hundesteuer
    dogs                         → hundesteuer
    driving licence              → fahrerlaubnis
    driver's license             → fahrerlaubnis
    birth certificate            → geburtsurkunde
    bulky waste                  → sperrmuell
    debt advice                  → schuldnerberatung
    car registration             → kfz-zulassung
    police clearance             → fuehrungszeugnis
    kindergarten                 → kita
"""


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize(("typed", "wanted"), cases(ENGLISH), ids=names(ENGLISH))
def test_english_finds_entries_with_english_texts_and_those_without(
    town: Searching, typed: str, wanted: str, lang: str
) -> None:
    assert town.slugs(typed, lang=lang)[:1] == [wanted]


@pytest.mark.parametrize(("one", "other"), [("Gebühr", "Gebuehr"), ("Straße", "Strasse"), ("§ 43 IfSG", "43 IfSG")])
def test_two_spellings_are_one_query(town: Searching, one: str, other: str) -> None:
    assert town.slugs(one) == town.slugs(other) != []


# What does not belong there


@pytest.mark.parametrize(
    "typed",
    [
        "xqzvw brumpf",
        "asdfghjkl",
        "aaaaaaaa",
        "Quantensprung",
        "Hubschrauberlandeplatz",
        "Pizza Salami",
        "Fahrradkette ölen",
        "Zahnarzt",
        "Kino Programm",
        "Rezept Apfelkuchen",
        "Bundeskanzler",
        "Blaskapelle",
        "Schnitzel",
        "Wetter",
        "Katze",
        "???",
    ],
)
def test_nonsense_and_other_trades_find_nothing(town: Searching, typed: str) -> None:
    page = town.page(typed)
    assert (page.total, page.suggestion) == (0, None)


def test_what_nearly_fits_is_never_a_page_of_noise(town: Searching) -> None:
    for typed in ("Bus Fahrplan", "Hundefriseur", "Waffenschein", "Sterbeurkunde", "Mülltonne"):
        page = town.page(typed)
        assert page.total <= 3
        assert page.is_nearest or page.total == 0


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("run", "museum"),
        ("rung", "fuehrungszeugnis"),
        ("Museum", "fuehrungszeugnis"),
        ("Ehe", "lebensunterhalt"),
        ("Auto", "lebensunterhalt"),
        ("Rente", "kita"),
        ("verloren", "eheschliessung"),
        ("Reise", "ausweis-verlust"),
    ],
)
def test_letters_within_a_word_are_no_word(town: Searching, typed: str, other: str) -> None:
    assert other not in town.slugs(typed)


def test_a_guided_tour_is_no_certificate_but_the_certificate_is_one_of_conduct(town: Searching) -> None:
    assert town.slugs("Führung")[0] == "museum"
    assert town.slugs("Führung Museum") == ["museum"]
    assert "museum" not in town.slugs("Führungszeugnis")


# Did you mean


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wohnugn abmelden", "wohnung abmelden"),
        ("Schuldnerberatng", "schuldnerberatung"),
        ("Anmeldng", "anmeldung"),
        ("geburtsurkudne", "geburtsurkunde"),
        ("abfalgebühren Ermäßigung", "abfallgebühren Ermäßigung"),
        ("-Hund Anmeldng", "-Hund anmeldung"),
    ],
)
def test_a_slip_is_put_right_and_what_is_meant_is_offered(town: Searching, typed: str, meant: str) -> None:
    page = town.page(typed)
    assert page.suggestion == meant
    better = town.page(meant)
    assert better.suggestion is None
    assert better.hits[0].slug == page.hits[0].slug


@pytest.mark.parametrize(
    "typed",
    ["Wohnung", "Wohnungen", "perso verloren", "Reisepass beantragen", "Ehe", "§ 43 IfSG", "Gebuehren", "dog", "Zoom"],
)
def test_words_that_one_knows_are_not_put_right(town: Searching, typed: str) -> None:
    assert town.page(typed).suggestion is None


def test_a_slip_comes_behind_what_is_written_so(searching: Searching) -> None:
    searching.hold(a_service("a", title="Katzen und Matten"), a_service("b", title="Matze"), a_service("c"))
    assert searching.slugs("Matze") == ["b"]
    assert searching.slugs("Matzen Katzen")[0] == "a"


# A conversation by video


@pytest.mark.parametrize(
    "typed",
    [
        "video termin amt",
        "Video",
        "Videotermin",
        "Videoberatung",
        "Video-Termin",
        "Videosprechstunde",
        "Zoom",
        "Skype",
        "online sprechen",
        "online Termin",
        "Sprechstunde online",
        "mit jemandem per Video sprechen",
        "per Zoom mit dem Amt reden",
        "Termin per Video vereinbaren",
        "video call",
        "video appointment",
    ],
)
def test_who_wants_to_talk_by_video_gets_what_can_be_had_so(town: Searching, typed: str) -> None:
    page = town.page(typed)
    assert page.wish is ChannelKind.VIDEO
    assert {hit.slug for hit in page.hits} == BY_VIDEO


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Rente Zoom", "rentenberatung"),
        ("Videoberatung Schulden", "schuldnerberatung"),
        ("Schuldnerberatung per Video", "schuldnerberatung"),
        ("online Termin Schuldnerberatung", "schuldnerberatung"),
        ("Videotermin Ausweis", "personalausweis"),
        ("Kann ich online über meine Rente sprechen?", "rentenberatung"),
    ],
)
def test_the_other_words_say_what_about(town: Searching, typed: str, wanted: str) -> None:
    page = town.page(typed)
    assert page.wish is ChannelKind.VIDEO
    assert page.hits[0].slug == wanted


def test_available_by_video_comes_first_only_when_it_is_asked_for(searching: Searching) -> None:
    of = {service.slug: service.channels for service in SERVICES}
    searching.hold(
        a_service("a", title="Pflegekurse", channels=of["museum"]),
        a_service("b", title="Pflege zu Hause", summary="Auch Pflegekurse.", channels=of["rentenberatung"]),
        a_service("c", title="Pflegekurse für Väter", channels=of["erziehungsberatung"]),
    )
    assert searching.slugs("Pflegekurse") == ["a", "c", "b"]
    assert searching.page("Pflegekurse").wish is None
    assert searching.slugs("Pflegekurse Video") == ["b", "a", "c"]


def test_the_wish_can_be_taken_as_a_filter(town: Searching) -> None:
    page = town.page("Videotermin Beratung")
    filtered = town.page("Beratung", channel=(ChannelKind.VIDEO,))
    offered = {value.value: value.count for value in page.facets["channel"]}
    assert offered["video"] == filtered.total == 2


@pytest.mark.parametrize(
    "typed", ["online", "Termin", "sprechen", "Amt", "Beratung", "digital", "-Video", '"per Video"']
)
def test_half_a_wish_is_none(town: Searching, typed: str) -> None:
    assert town.page(typed).wish is None


# Signs


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        '"Wohnung',
        '""',
        '"Abmeldung der Wohnung" -Ausland',
        "-",
        "--Wohnung",
        "Anmeldung -Hund",
        "-Wohnung",
        "title:Hund",
        "key:__state__",
        "words:hund^3",
        "Hund*",
        "(Hund OR",
        "Hund~2 AND NOT",
        "[a TO z]",
        "\\",
        "\0",
        "Hund" * 50,
    ],
)
def test_no_sign_raises(town: Searching, typed: str) -> None:
    page = town.page(typed)
    assert page.total >= len(page.hits)


def test_a_word_behind_a_minus_is_left_out(town: Searching) -> None:
    assert "hundesteuer" in town.slugs("Anmeldung")
    assert "hundesteuer" not in town.slugs("Anmeldung -Hund")
    assert "wohnung-anmelden" in town.slugs("Anmeldung -Hund")
    assert "wohnung-anmelden" not in town.slugs("-Wohnung", per_page=100)


def test_field_words_are_words(town: Searching) -> None:
    assert town.slugs("title:Hundesteuer")[0] == "hundesteuer"


# The order


def test_a_title_counts_more_than_a_keyword_and_that_more_than_summary_and_body(searching: Searching) -> None:
    searching.hold(
        a_service("in-body", title="Erstes", body="Auf dem Markt am Samstag gibt es auch Kirschkuchen."),
        a_service("in-summary", title="Zweites", summary="Auf dem Markt am Samstag gibt es auch Kirschkuchen."),
        a_service("in-keywords", title="Drittes", keywords=("Kirschkuchen",)),
        a_service("in-title", title="Kirschkuchen"),
    )
    assert searching.slugs("Kirschkuchen") == ["in-title", "in-keywords", "in-summary", "in-body"]


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("Wohnung", ["Wohnung", "Wohnungen", "Nebenwohnung"]),
        ("Wohnungen", ["Wohnungen", "Wohnung", "Nebenwohnung"]),
        ("Wohngeld", ["Wohngeld", "Wohngeldstelle"]),
        ("Hundesteuer", ["Hundesteuer", "Befreiung von der Hundesteuer", "Steuer für Hunde"]),
        ("Abmeldung", ["Abmeldung", "Abmelden", "Wohnungsabmeldung"]),
    ],
)
def test_the_word_itself_comes_before_its_forms_and_those_before_its_parts(
    searching: Searching, typed: str, titles: list[str]
) -> None:
    searching.hold(*SERVICES, *(a_service(f"s-{number}", title=title) for number, title in enumerate(titles)))
    found = [slug for slug in searching.slugs(typed, per_page=100) if slug.startswith("s-")]
    assert found == [f"s-{number}" for number in range(len(titles))]


def test_who_has_all_words_comes_before_who_lacks_one(town: Searching) -> None:
    both = town.slugs("Anmeldung Wohnung")
    assert both[0] == "wohnung-anmelden"
    assert town.slugs("Ausstellung Geburtsurkunde")[0] == "geburtsurkunde"
    assert town.slugs("Erteilung Führungszeugnis")[0] == "fuehrungszeugnis"


def test_the_same_question_has_the_same_answer(town: Searching) -> None:
    for typed, _wanted in cases(FIRST):
        first = town.page(typed)
        again = town.page(typed)
        assert [hit.slug for hit in first.hits] == [hit.slug for hit in again.hits]
        pages = [
            town.index.find(Query(q=typed, page=number, per_page=1), town.catalogue, TODAY)
            for number in range(1, first.total + 1)
        ]
        assert [hit.slug for page in pages for hit in page.hits] == [hit.slug for hit in first.hits]
