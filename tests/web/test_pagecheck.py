"""The checker of pages finds what it is there to find."""

from __future__ import annotations

import pytest
from pagecheck import faults, links

GOOD = '<!doctype html><html lang="de"><head><title>T</title></head><body><main><h1>Titel</h1>{}</main></body></html>'


def test_a_good_page_has_no_faults() -> None:
    more = (
        '<p>Text <a href="/x">dorthin</a><br></p><h2 id="a">Zwei</h2><section aria-labelledby="a"></section>'
        '<form method="post" action="/x"><label for="q">Wort</label><input id="q" name="q"></form>'
        '<script type="application/ld+json">{"a": 1}</script><script src="/static/x.js"></script>'
    )
    assert faults(GOOD.format(more), "de") == []


@pytest.mark.parametrize(
    "bad",
    [
        "<p>offen",
        "<b><i>über Kreuz</b></i>",
        "<div/>",
        "<p><div></div></p>",
        "<h2><p>x</p></h2>",
        "<ul><p>x</p></ul>",
        "<li>x</li>",
        '<a href="/x"><button type="submit">x</button></a>',
        "<form><form></form></form>",
        '<b id="a"></b><b id="a"></b>',
        '<b id=""></b>',
        '<b id="a b"></b>',
        '<b id="a" class="x" class="y"></b>',
        '<label for="x">x</label>',
        '<div id="x"></div><label for="x">x</label>',
        '<p aria-describedby="x"></p>',
        '<a href="#x">x</a>',
        "<h1>zwei</h1>",
        "<h3>drei</h3>",
        "<h2> </h2>",
        '<input name="q">',
        '<a href="/x"></a>',
        "<a>x</a>",
        '<img src="/x.png">',
        "<svg></svg>",
        "<fieldset></fieldset>",
        "<section></section>",
        "<button>x</button>",
        '<p style="color: red"></p>',
        '<p onclick="x()"></p>',
        "<style></style>",
        "<script>x()</script>",
        '<a href="javascript:x()">x</a>',
        '<a href=" JavaScript:x()">x</a>',
        '<script src="https://cdn.example.org/x.js"></script>',
        '<script src="//cdn.example.org/x.js"></script>',
        '<link rel="stylesheet" href="https://cdn.example.org/x.css">',
        '<img alt="x" src="http://localhost.example.org/x.png">',
        '<form action="https://example.org/"></form>',
        '<img alt="x" srcset="https://example.org/x.png 2x">',
        "<main></main>",
    ],
)
def test_a_bad_page_has(bad: str) -> None:
    assert faults(GOOD.format(bad)) != []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("<!doctype html>", ""),
        ('lang="de"', ""),
        ('lang="de"', 'lang="fr"'),
        ("<title>T</title>", ""),
        ("<title>T</title>", "<title> – </title>"),
        ("<h1>Titel</h1>", ""),
        ("main>", "div>"),
    ],
)
def test_a_bad_frame_is_found(good: str, bad: str) -> None:
    assert faults(GOOD.replace(good, bad)) != []


def test_the_wrong_language_is_found() -> None:
    assert faults(GOOD, "en") != []


def test_links_are_what_a_page_leads_to_or_loads() -> None:
    html = '<a href="/a?x=1&amp;y=2#z">x</a> <a href="#z">x</a> <script src="/b.js"></script> <link href="/c.css">'
    assert links(html) == ["/a?x=1&y=2", "/b.js", "/c.css"]
