"""What people wrote, made fit for a page: Markdown as a short list of elements, and addresses that may be followed."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

LINKS = frozenset({"http", "https", "mailto", "tel"})
TAGS = frozenset(
    """
    a blockquote br code em h3 h4 h5 hr li ol p pre strong table tbody td th thead tr ul
    """.split()
)

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=4096)
def render_markdown(source: str) -> Markup:
    """Return Markdown as HTML with a short list of elements; headings begin at the third level."""
    return preview_markdown(source)


def preview_markdown(source: str) -> Markup:
    """Return the same for a text that is still being typed, which nobody asks for a second time."""
    html = _markdown.render(source).replace("<h2", "<h3").replace("</h2", "</h3")
    html = html.replace("<h1", "<h3").replace("</h1", "</h3")
    clean = nh3.clean(
        html, tags=set(TAGS), attributes={"a": {"href"}}, url_schemes=set(LINKS), link_rel="noopener noreferrer"
    )
    return Markup(clean)  # noqa: S704 - nh3 has cleaned it


def safe_url(url: str) -> str:
    """Return an address if a browser may follow it, else an empty string."""
    scheme, colon, _rest = url.strip().partition(":")
    return url.strip() if colon and scheme.lower() in LINKS and url.isprintable() else ""
