"""Every face that the application shows: the addresses of each route, by who may see it.

A route that is missing here fails tests/web/test_faces.py: whoever adds one says who sees it, and the tests for leaks,
markup, headers and forgery then cover it without another line.
"""

from __future__ import annotations

from urllib.parse import quote

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
    "privacy": ["/privacy"],
    "accessibility": ["/accessibility"],
    "easy-language": ["/easy-language"],
    "embed": ["/embed", "/embed?q={word}", "/embed?sort=updated&per_page=100"],
    "login": ["/login", "/login?next=/services/{slug}"],
}
"""Pages that everybody sees."""

DATA: dict[str, list[str]] = {
    "api-services": ["/api/v1/services?per_page=100", "/api/v1/services?q={word}", "/api/v1/services?sort=updated"],
    "api-service": [
        "/api/v1/services/{slug}",
        "/api/v1/services/{slug}?on=2024-06-15",
        "/api/v1/services/{slug}?recorded=2100-01-01T00:00:00Z",
    ],
    "robots": ["/robots.txt"],
    "healthz": ["/healthz"],
    "readyz": ["/readyz"],
}
"""What everybody may read and is no page."""

MOVED: dict[str, list[str]] = {"offices-bare": ["/offices"], "topics-bare": ["/topics"]}
"""What sends everybody on."""

DESK: dict[str, list[str]] = {
    "desk": ["/desk", "/desk?q={word}"],
    "add": ["/services/add"],
    "edit": ["/services/{slug}/edit"],
    "preview": ["/services/{slug}/preview"],
    "history": ["/services/{slug}/history"],
    "workflow": ["/services/{slug}/workflow"],
}
"""Pages for people with an account."""

POSTED: dict[str, str] = {
    "login": "/login",
    "logout": "/logout",
    "add": "/services/add",
    "edit": "/services/{slug}/edit",
    "workflow": "/services/{slug}/workflow",
}
"""What takes a form."""

PROMISED = [
    "/feed.atom",
    "/feed.atom?q={word}",
    "/sitemap.xml",
    "/opensearch.xml",
    "/rollout",
    "/inquiries/",
    "/oembed",
    "/embed.js",
    "/embed/builder",
    "/api/",
    "/api/v1/openapi.json",
    "/api/v1/suggest?q={word}",
    "/api/v1/changes",
    "/api/v1/rollout",
    "/api/v1/offices",
    "/api/v1/services/{slug}/history",
    "/services/{slug}/figures",
    "/hsds/services",
    "/admin/",
    "/metrics",
]
"""Addresses of the contract that are yet to come; a leak test looks at them already."""


def addresses(faces: dict[str, list[str]], *, languages: tuple[str, ...] = ("de",), **said: str) -> list[str]:
    """The addresses of faces, in each language, with what `{slug}`, `{word}`, `{office}` and `{topic}` stand for."""
    values = {"slug": "wohnsitz-abmelden", "word": "Wohnung", "office": "buergeramt", "topic": "umzug"} | said
    paths = [path.format(**{name: quote(value, safe="") for name, value in values.items()}) for path in flat(faces)]
    return [
        path if language == "de" else f"{path}{'&' if '?' in path else '?'}lang={language}"
        for path in paths
        for language in languages
    ]


def flat(faces: dict[str, list[str]]) -> list[str]:
    """All addresses of some faces."""
    return [path for paths in faces.values() for path in paths]
