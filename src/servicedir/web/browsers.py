"""What kind of browser it was: so much of a User-Agent as one needs to know one's own session again, and no more."""

from __future__ import annotations

_BROWSERS = (
    # In this order, since most of them claim to be several others as well.
    (("Edg/", "EdgA/", "EdgiOS/"), "Edge"),
    (("OPR/", "OPiOS/"), "Opera"),
    (("SamsungBrowser/",), "Samsung Internet"),
    (("Firefox/", "FxiOS/"), "Firefox"),
    (("CriOS/", "Chrome/", "Chromium/"), "Chrome"),
    (("Safari/",), "Safari"),
)
_SYSTEMS = (
    (("iPhone",), "iPhone"),
    (("iPad",), "iPad"),
    (("Android",), "Android"),
    (("Windows",), "Windows"),
    (("CrOS",), "ChromeOS"),
    (("Macintosh", "Mac OS X"), "macOS"),
    (("Linux", "X11"), "Linux"),
)


def kind_of_browser(agent: str | None) -> str:
    """Return what a User-Agent says in two words, such as "Firefox, Windows"; empty where nothing is known."""
    names = (_first(agent or "", signs) for signs in (_BROWSERS, _SYSTEMS))
    return ", ".join(name for name in names if name)


def _first(agent: str, signs: tuple[tuple[tuple[str, ...], str], ...]) -> str:
    return next((name for marks, name in signs if any(mark in agent for mark in marks)), "")
