"""Every face that the application shows: the addresses of each route, by who may see it.

A route that is missing here fails tests/web/test_faces.py: whoever adds one says who sees it, and the tests for leaks,
markup, headers and forgery then cover it without another line.
"""

from __future__ import annotations

from urllib.parse import quote

from servicedir.exchange.hsds.identity import identifier

PUBLIC: dict[str, list[str]] = {
    "home": [
        "/",
        "/?q={word}",
        "/?q=-{word}",
        "/?sort=updated&per_page=100",
        "/?video=unknown&per_page=100",
        "/?office={office}&per_page=100",
        "/?topic={topic}",
        "/?on=2024-06-15",
        "/?q={word}&video=planned&office={office}",
    ],
    "service": ["/services/{slug}", "/services/{slug}?on=2024-06-15"],
    "offices": ["/offices/"],
    "office": ["/offices/{office}"],
    "topics": ["/topics/"],
    "topic": ["/topics/{topic}"],
    "a-z": ["/a-z", "/a-z?letter=A"],
    "help": ["/help"],
    "api-docs": ["/api/"],
    "privacy": ["/privacy"],
    "hint-thanks": ["/services/{slug}/hint/thanks"],
    "feedback-thanks": ["/accessibility/thanks"],
    "easy-language": ["/easy-language"],
    "data": ["/data/", "/data/?on=2024-06-15"],
    "rollout": ["/rollout", "/rollout?on=2024-06-15"],
    "data-columns": ["/data/columns"],
    "inquiries": ["/inquiries/"],
    "inquiry": ["/inquiries/{inquiry}"],
    "inquiry-edition": ["/inquiries/{inquiry}/1"],
    "inquiry-today": ["/inquiries/{inquiry}/today"],
    "inquiry-compare": ["/inquiries/{inquiry}/compare", "/inquiries/{inquiry}/compare?from=1&to=1"],
    "embed": [
        "/embed",
        "/embed?q={word}",
        "/embed?sort=updated&per_page=100",
        "/embed?office={office}&layout=table&search=off",
        "/embed?q={word}&layout=list&per_page=3",
    ],
    "embed-service": ["/embed/services/{slug}"],
    "embed-builder": ["/embed/builder", "/embed/builder?q={word}&office={office}&layout=table&embed_lang=en"],
    "subscribe-sent": ["/subscribe/sent"],
    "subscription-begun": ["/subscribe/done"],
    "login": ["/login", "/login?next=/services/{slug}"],
}
"""Pages that everybody sees."""

OPEN: dict[str, list[str]] = {
    "hint": ["/services/{slug}/hint"],
    "accessibility": ["/accessibility"],
    "login-reset": ["/login/reset"],
    "subscribe": ["/subscribe?q={word}", "/subscribe?video=live&office={office}"],
}
"""Pages that everybody sees with a form that everybody may send: a token in it is new each time, so none is kept."""

DATA: dict[str, list[str]] = {
    "api-v1": ["/api/v1/"],
    "api-services": ["/api/v1/services?per_page=100", "/api/v1/services?q={word}", "/api/v1/services?sort=updated"],
    "api-service": [
        "/api/v1/services/{slug}",
        "/api/v1/services/{slug}?on=2024-06-15",
        "/api/v1/services/{slug}?recorded=2100-01-01T00:00:00Z",
    ],
    "api-history": ["/api/v1/services/{slug}/history"],
    "api-offices": ["/api/v1/offices"],
    "api-office": ["/api/v1/offices/{office}"],
    "api-rollout": ["/api/v1/rollout", "/api/v1/rollout?on=2024-06-15"],
    "api-figures": ["/api/v1/figures", "/api/v1/figures?service={slug}&channel=video&year=2024&per_page=2"],
    "api-inquiries": ["/api/v1/inquiries"],
    "api-inquiry": ["/api/v1/inquiries/{inquiry}"],
    "inquiry-file": ["/inquiries/{inquiry}.json", "/inquiries/{inquiry}.html", "/inquiries/{inquiry}.pdf"],
    "inquiry-edition-file": [
        "/inquiries/{inquiry}/1.json",
        "/inquiries/{inquiry}/1.csv",
        "/inquiries/{inquiry}/1.docx",
    ],
    "inquiry-table": ["/inquiries/{inquiry}/1/tables/1.csv"],
    "api-suggest": [
        "/api/v1/suggest?q={word}",
        "/api/v1/suggest?q=ge",
        "/api/v1/suggest?q=kan",
        "/api/v1/suggest?q=offen+{word}",
        "/api/v1/suggest",
    ],
    # What is public from the beginning on: what else happens in a test is told at the end of the list.
    "api-changes": ["/api/v1/changes?limit=2"],
    "api-description": ["/api/v1/openapi.json"],
    "api-preflight": [],  # Asked with OPTIONS, for every address below /api/v1/ (tests/web/test_api_origins.py).
    "embed-fragment": [
        "/embed?fragment=1&q={word}",
        "/embed?fragment=1&layout=table&per_page=100",
        "/embed?fragment=1&layout=list&sort=updated",
    ],
    "embed-script": ["/embed.js"],
    "embed-allowed": ["/embed/allowed"],
    "oembed": [
        "/oembed?url=http://localhost/%3Fq={word}",
        "/oembed?url=http://localhost/services/{slug}&format=xml",
        "/oembed?url=http://localhost/offices/{office}&maxwidth=300",
    ],
    "data-file": [
        "/data/services.csv",
        "/data/services.json",
        "/data/services.jsonld",
        "/data/services.ttl",
        "/data/services.json?on=2024-06-15",
    ],
    "rollout-csv": ["/rollout.csv", "/rollout.csv?on=2024-06-15"],
    "rollout-sheet": [f"/rollout/{name}.csv" for name in ("stages", "growth", "offices", "unknown")],
    "rollout-picture": ["/rollout/stages.svg", "/rollout/offices.svg?on=2024-06-15", "/rollout/growth.png"],
    "data-catalog": ["/data/catalog.ttl", "/data/catalog.jsonld"],
    "data-vocabulary": ["/data/vocabulary"],
    "hsds": ["/hsds/"],
    "hsds-preflight": [],  # Only asked with OPTIONS: see tests/web/test_hsds.py.
    "hsds-openapi": ["/hsds/openapi.json"],
    "hsds-services": [
        "/hsds/services?per_page=100",
        "/hsds/services?search={word}",
        "/hsds/services?full=true&organization_id={office_id}",
        "/hsds/services?minimal=true&modified_after=2000-01-01",
    ],
    "hsds-services-one": ["/hsds/services/{service_id}"],
    "hsds-organizations": ["/hsds/organizations?full_service=true", "/hsds/organizations?search={word}"],
    "hsds-organizations-one": ["/hsds/organizations/{office_id}?full_service=true"],
    "hsds-service_at_locations": ["/hsds/service_at_locations?full=true", "/hsds/service_at_locations?search={word}"],
    "hsds-service_at_locations-one": [],  # Not every service can be had somewhere: see tests/web/test_hsds.py.
    "hsds-taxonomies": ["/hsds/taxonomies"],
    "hsds-taxonomies-one": ["/hsds/taxonomies/{taxonomy_id}"],
    "hsds-taxonomy_terms": ["/hsds/taxonomy_terms?per_page=100", "/hsds/taxonomy_terms?per_page=100&page=2"],
    "hsds-taxonomy_terms-one": ["/hsds/taxonomy_terms/{term_id}"],
    "feed": [
        "/feed.atom",
        "/feed.atom?q={word}",
        "/feed.atom?sort=title&per_page=50",
        "/feed.atom?video=unknown&video=pilot",
        "/feed.atom?office={office}&channel=video",
    ],
    "sitemap": ["/sitemap.xml", "/sitemap.xml?page=1"],
    "opensearch": ["/opensearch.xml"],
    "suggestions": ["/opensearch/suggest?q={word}", "/opensearch/suggest?q=ge", "/opensearch/suggest?q=kan"],
    "robots": ["/robots.txt"],
    "healthz": ["/healthz"],
    "readyz": ["/readyz"],
}
"""What everybody may read and is no page."""

MOVED: dict[str, list[str]] = {
    "offices-bare": ["/offices"],
    "topics-bare": ["/topics"],
    "hsds-bare": ["/hsds"],
    "data-bare": ["/data"],
    "inquiries-bare": ["/inquiries"],
    "api-docs-bare": ["/api"],
    "api-v1-bare": ["/api/v1"],
}
"""What sends everybody on."""

DESK: dict[str, list[str]] = {
    "desk": ["/desk"],
    "desk-entries": [
        "/desk/entries",
        "/desk/entries?q={word}",
        "/desk/entries?office={office}&state=published&draft=1&video=unknown&video=live&care=unknown&sort=title",
        "/desk/entries?responsible=anna&page=2",
    ],
    "desk-board": ["/desk/board"],
    "desk-missing": ["/desk/figures", "/desk/figures?office={office}&period=2025"],
    "desk-bulk": ["/desk/bulk"],
    "desk-import": ["/desk/import"],
    "desk-import-plan": ["/desk/import/{number}", "/desk/import/{number}?page=2"],
    "desk-figures-import": ["/desk/figures/import"],
    "desk-figures-plan": ["/desk/figures/import/{sheet}", "/desk/figures/import/{sheet}?page=2"],
    "hints": ["/desk/hints", "/desk/hints?state=all&office={office}&subject=wrong"],
    "add": ["/services/add"],
    "edit": ["/services/{slug}/edit"],
    "preview": ["/services/{slug}/preview"],
    "history": ["/services/{slug}/history"],
    "compare": ["/services/{slug}/compare?from=1&to=1"],
    "workflow": ["/services/{slug}/workflow"],
    "figures": ["/services/{slug}/figures", "/services/{slug}/figures?channel=in_person&year=2024"],
    "figure-history": [
        "/services/{slug}/figures/history?measure=held&year=2024",
        "/services/{slug}/figures/history?measure=held&year=2024&period=2024-05",
    ],
    "previews": ["/desk/previews", "/desk/previews?entry={slug}"],
    "account": ["/account"],
    "account-password": ["/account/password"],
    "account-factor": ["/account/factor"],
    "account-deputies": ["/account/deputies"],
}
"""Pages for people with an account."""

SHARED: dict[str, list[str]] = {
    "shared": ["/previews/{token}"],
    "shared-entry": ["/previews/{token}/{slug}"],
    "subscription": ["/subscriptions/{token}"],
    "unsubscribe": ["/unsubscribe/{token}"],
}
"""What somebody sees who was given a link: nobody else, so without a right token these are nothing."""

NOUNS = {"offices": "office", "places": "place", "topics": "topic", "audiences": "audience"}
NOUNS |= {"synonyms": "synonym", "compounds": "compound"}
NOUNS |= {"steps": "step", "programmes": "programme", "acceptance": "acceptance"}

CITY: dict[str, list[str]] = {
    "words": ["/admin/words"],
    "tokens": ["/admin/tokens"],
    "searches": ["/admin/searches"],
    "embeds": ["/admin/embeds"],
    "desk-inquiries": ["/desk/inquiries"],
    "inquiry-add": ["/inquiries/add", "/inquiries/add?from=video", "/inquiries/add?copy={inquiry}"],
    "inquiry-edit": ["/inquiries/{inquiry}/edit"],
    "inquiry-workflow": ["/inquiries/{inquiry}/workflow"],
    "inquiry-history": ["/inquiries/{inquiry}/history"],
    **{f"admin-{nouns}": [f"/admin/{nouns}"] for nouns in NOUNS},
    **{f"admin-{nouns}-add": [f"/admin/{nouns}/add", f"/admin/{nouns}/add?word={{word}}"] for nouns in NOUNS},
    **{f"admin-{nouns}-edit": [f"/admin/{nouns}/{{{noun}}}"] for nouns, noun in NOUNS.items()},
    **{f"admin-{nouns}-history": [f"/admin/{nouns}/{{{noun}}}/history"] for nouns, noun in NOUNS.items()},
}
"""Pages for coordinators."""

CITY_POSTED: dict[str, str] = {
    **{f"admin-{nouns}-add": f"/admin/{nouns}/add" for nouns in NOUNS},
    **{f"admin-{nouns}-edit": f"/admin/{nouns}/{{{noun}}}" for nouns, noun in NOUNS.items()},
    **{f"admin-{nouns}-retire": f"/admin/{nouns}/{{{noun}}}/retire" for nouns, noun in NOUNS.items()},
    "inquiry-add": "/inquiries/add",
    "inquiry-edit": "/inquiries/{inquiry}/edit",
    "inquiry-preview": "/inquiries/{inquiry}/preview",
    "inquiry-workflow": "/inquiries/{inquiry}/workflow",
}
"""What takes a form of theirs; tests/web/test_noun_pages.py tries to forge each."""

ACCOUNTS: dict[str, list[str]] = {
    "people": ["/admin/people", "/admin/people?q=anna&office={office}&role=editor&state=active"],
    "person": ["/admin/people/{number}"],
    "person-add": ["/admin/people/add"],
    "person-edit": ["/admin/people/{number}/edit"],
    "person-deputies": ["/admin/people/{number}/deputies"],
    "audit": ["/admin/audit", "/admin/audit?actor=anna&action=save&object=service&since=2026-01-01&until=2026-12-31"],
}
"""Pages for administrators; coordinators see the first two."""

ACCOUNTS_POSTED: dict[str, str] = {
    "login-code": "/login/code",
    "invitation": "/invitations/{token}",
    "account-password": "/account/password",
    "account-factor": "/account/factor",
    "account-sessions": "/account/sessions",
    "account-deputies": "/account/deputies",
    "account-deputy-end": "/account/deputies/end",
    "person-add": "/admin/people/add",
    "person-edit": "/admin/people/{number}/edit",
    "person-roles": "/admin/people/{number}/roles",
    "person-role-end": "/admin/people/{number}/roles/end",
    "person-access": "/admin/people/{number}/access",
    "person-deputies": "/admin/people/{number}/deputies",
    "person-deputy-end": "/admin/people/{number}/deputies/end",
    "audit-export": "/admin/audit/export",
}
"""What takes a form about accounts; tests/web/test_people_pages.py tries to forge each."""

PROGRAMS: dict[str, list[str]] = {
    "api-draft": ["/api/v1/services/{slug}/draft"],
    "api-workflow": ["/api/v1/services/{slug}/workflow"],
}
"""What programs with a token read and write, and nobody else; tests/web/test_bearer.py tries each without one."""

POSTED: dict[str, str] = {
    "login": "/login",
    "login-reset": "/login/reset",
    "logout": "/logout",
    "hint": "/services/{slug}/hint",
    "accessibility": "/accessibility",
    "subscribe": "/subscribe",
    "hints": "/desk/hints",
    "hints-export": "/desk/hints/export",
    "desk": "/desk",
    "desk-bulk": "/desk/bulk",
    "desk-export": "/desk/entries.{format}",
    "desk-import": "/desk/import",
    "desk-import-plan": "/desk/import/{number}",
    "desk-figures-export": "/desk/figures.{format}",
    "desk-figures-import": "/desk/figures/import",
    "desk-figures-plan": "/desk/figures/import/2",
    "add": "/services/add",
    "edit": "/services/{slug}/edit",
    "workflow": "/services/{slug}/workflow",
    "figures": "/services/{slug}/figures",
    "figure-history": "/services/{slug}/figures/history",
    "previews": "/desk/previews",
}
"""What takes a form."""

COUNTED: dict[str, str] = {"embed-clicks": "/embed/clicks"}
"""What other sites' pages tell us to count: nothing else is written, so anybody may."""

PROMISED = [
    "/inquiries/af-1",
    "/api/v1/inquiries/af-1",
    "/admin/",
    "/metrics",
]
"""Addresses of the contract that are yet to come; a leak test looks at them already."""


def addresses(faces: dict[str, list[str]], *, languages: tuple[str, ...] = ("de",), **said: str) -> list[str]:
    """The addresses of faces, in each language, with what `{slug}`, `{word}`, `{office}` and so on stand for."""
    values = {"slug": "wohnsitz-abmelden", "word": "Wohnung", "office": "buergeramt", "topic": "umzug"}
    values |= {"place": "rathaus", "audience": "familien", "synonym": "fahrerlaubnis", "compound": "bundesamt"}
    values |= {"step": "videoraum", "programme": "digitalpakt", "acceptance": "umfrage"}
    values |= {"inquiry": "af0147-24"}
    values |= {"token": f"1-{'0' * 64}", "number": "1", "sheet": "2", "format": "csv"} | said
    values |= {
        "service_id": identifier("service", values["slug"]),
        "term_id": identifier("taxonomy_term", "nature:advisory"),
        "office_id": identifier("organization", values["office"]),
        "taxonomy_id": identifier("taxonomy", "nature"),
    }
    paths = [path.format(**{name: quote(value, safe="") for name, value in values.items()}) for path in flat(faces)]
    return [
        path if language == "de" else f"{path}{'&' if '?' in path else '?'}lang={language}"
        for path in paths
        for language in languages
    ]


def flat(faces: dict[str, list[str]]) -> list[str]:
    """All addresses of some faces."""
    return [path for paths in faces.values() for path in paths]
