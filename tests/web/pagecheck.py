"""What every page of ours must be: well-formed, labelled, linked within itself, and free of anything inline or foreign.

`faults(html)` lists what is wrong; `links(html)` what it leads to. Strict on purpose: elements are closed where they
were opened, since that is how our templates are written, and a browser's way of mending hides mistakes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
NOT_IN_A_PARAGRAPH = frozenset(
    "address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "main nav ol p pre section table ul".split()
)
INTERACTIVE = frozenset("a button select textarea".split())
LABELABLE = frozenset("button input meter output progress select textarea".split())
CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "select": {"option", "optgroup"},
    "datalist": {"option"},
    "tr": {"th", "td"},
    "table": {"caption", "thead", "tbody"},
    "thead": {"tr"},
    "tbody": {"tr"},
}
PARENTS = {"li": {"ul", "ol"}, "legend": {"fieldset"}, "summary": {"details"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}}
REFERENCES = ("for", "form", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers")
LOADING = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "audio": "src",
    "video": "src",
    "use": "href",
}


@dataclass
class Element:
    """An element with its attributes, all text in it, the pieces right in it, and the elements around and in it."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    text: str = ""
    pieces: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The language that it says it is in, or that of what is around it."""
        return self.attributes.get("lang") or (self.parent.language if self.parent else "")

    def within(self, *tags: str) -> bool:
        above = self.parent
        while above:
            if above.tag in tags:
                return True
            above = above.parent
        return False

    def __str__(self) -> str:
        attributes = "".join(f' {name}="{value}"' for name, value in self.attributes.items())
        return f"<{self.tag}{attributes}>"


class Page(HTMLParser):
    """A parsed page: `elements` in their order, `faults` in the way it is written."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.faults: list[str] = []
        self.open: list[Element] = []
        self.has_doctype = False
        self.feed(html)
        self.close()
        self.faults += [f"{element} is never closed" for element in self.open]

    def handle_decl(self, decl: str) -> None:
        self.has_doctype = decl.lower() == "doctype html" and not self.elements

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        parent = self.open[-1] if self.open else None
        element = Element(tag, {name: value or "" for name, value in attrs}, parent)
        if len(set(names)) < len(names):
            self.faults.append(f"{element} has an attribute twice")
        if parent:
            parent.children.append(element)
            if tag not in CHILDREN.get(parent.tag, {tag}):
                self.faults.append(f"{element} stands in {parent}")
        if tag in PARENTS and (not parent or parent.tag not in PARENTS[tag]):
            self.faults.append(f"{element} stands in {parent}")
        if tag in NOT_IN_A_PARAGRAPH and element.within("p", *HEADINGS):
            self.faults.append(f"{element} stands in a paragraph or heading")
        if tag in INTERACTIVE | {"form"} and element.within(tag):
            self.faults.append(f"{element} stands in another")
        if tag in INTERACTIVE | {"input"} and element.within("a", "button"):
            self.faults.append(f"{element} stands in a link or button")
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            if not (self.open[-1].within("svg") or tag == "svg"):
                self.faults.append(f"{self.open[-1]} is closed as if it were XML")
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].tag != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1] if self.open else 'nothing'}")
            while self.open and tag in [element.tag for element in self.open]:
                if self.open.pop().tag == tag:
                    break
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data
        if self.open:
            self.open[-1].pieces.append(data)

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def by_id(self) -> dict[str, Element]:
        return {element.attributes["id"]: element for element in self.elements if "id" in element.attributes}


def faults(html: str, language: str = "", origin: str = "http://localhost") -> list[str]:
    """Return what is wrong with a page, a line each; `language` is the one that it should be in."""
    page = Page(html)
    return [
        *page.faults,
        *_document(page, language),
        *_references(page),
        *_headings(page),
        *_names(page),
        *_inline(page),
        *_foreign(page, origin),
    ]


def _document(page: Page, language: str) -> list[str]:
    found = []
    if not page.has_doctype:
        found.append("no doctype at the beginning")
    if not page.elements or page.elements[0].tag != "html":
        return [*found, "no html element at the beginning"]
    if page.elements[0].attributes.get("lang") not in ([language] if language else ["de", "en"]):
        found.append(f"the page says that it is in {page.elements[0].attributes.get('lang')!r}")
    for tag in ("title", "main", "body", "head"):
        if len([element for element in page.all(tag) if not element.within("svg")]) != 1:
            found.append(f"not just one {tag}")
    if not any(element.text.strip(" –\n") for element in page.all("title")):
        found.append("no words in the title")
    for element in page.elements:
        if not re.fullmatch(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]+)*", element.attributes.get("lang", "de")):
            found.append(f"{element} has no language")
    return found


def _references(page: Page) -> list[str]:
    found = []
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    found += [f"the id {name!r} is there twice" for name in sorted({i for i in ids if ids.count(i) > 1})]
    found += [f"the id {name!r} is none" for name in ids if not name or re.search(r"\s", name)]
    known = page.by_id()
    for element in page.elements:
        for name in REFERENCES:
            for target in element.attributes.get(name, "").split():
                if target not in known:
                    found.append(f"{element} refers to {target!r}, which is not there")
        if element.tag == "label" and "for" in element.attributes:
            target = known.get(element.attributes["for"])
            if target and target.tag not in LABELABLE:
                found.append(f"{element} is for {target}")
        href = element.attributes.get("href", "")
        if element.tag == "a" and href.startswith("#") and href[1:] not in known:
            found.append(f"{element} leads nowhere")
    return found


def _headings(page: Page) -> list[str]:
    found, last = [], 0
    levels = [(int(element.tag[1]), element) for element in page.all(*HEADINGS)]
    if [level for level, _element in levels].count(1) != 1:
        found.append("not just one h1")
    for level, element in levels:
        if level > last + 1:
            found.append(f"{element} follows a heading of level {last}")
        if not element.text.strip():
            found.append(f"{element} is empty")
        last = level
    return found


def _names(page: Page) -> list[str]:
    """Controls, links and landmarks need words that a screen reader can say."""
    found = []
    labelled = {element.attributes.get("for", "") for element in page.all("label") if element.text.strip()} - {""}
    for element in page.elements:
        attributes = element.attributes
        named = any(attributes.get(name, "").strip() for name in ("aria-label", "aria-labelledby", "title"))
        match element.tag:
            case "input" | "select" | "textarea" if attributes.get("type") not in ("hidden", "submit"):
                if not (named or attributes.get("id") in labelled or element.within("label")):
                    found.append(f"{element} has no label")
            case "button" | "a" | "summary" | "label" | "legend" | "option" | "th" | "dt":
                if not (named or element.text.strip() or element.attributes.get("value") == ""):
                    found.append(f"{element} has no words")
                if element.tag == "a" and "href" not in attributes:
                    found.append(f"{element} leads nowhere")
                if element.tag == "button" and attributes.get("type") not in ("submit", "button"):
                    found.append(f"{element} does not say what it does")
            case "img" if "alt" not in attributes:
                found.append(f"{element} has no alternative")
            case "svg" if attributes.get("aria-hidden") != "true" and not named:
                found.append(f"{element} has no words")
            case "fieldset" if not (named or any(child.tag == "legend" for child in element.children)):
                found.append(f"{element} has no legend")
            case "section" | "nav" | "aside" if not named:
                found.append(f"{element} has no name")
            case "form" if attributes.get("method", "get").lower() not in ("get", "post"):
                found.append(f"{element} has no method")
    return found


def _inline(page: Page) -> list[str]:
    found = []
    for element in page.elements:
        for name, value in element.attributes.items():
            if name.startswith("on") or name == "style":
                found.append(f"{element} has {name}")
            if name in ("href", "src", "action", "formaction") and re.match(
                r"\s*(javascript|vbscript|data):", value, re.I
            ):
                found.append(f"{element} runs something")
        if element.tag == "style":
            found.append("a style in the page")
        if element.tag == "script" and "src" not in element.attributes:
            if element.attributes.get("type") != "application/ld+json":
                found.append("a script in the page")
            else:
                json.loads(element.text)
    return found


def _foreign(page: Page, origin: str) -> list[str]:
    found = []
    for element in page.elements:
        loaded = element.attributes.get(LOADING.get(element.tag, ""), "")
        if element.tag == "link" and not {"canonical", "alternate"} & set(element.attributes.get("rel", "").split()):
            loaded = element.attributes["href"]
        if element.tag == "form":
            loaded = element.attributes.get("action", "")
        if "srcset" in element.attributes:
            found.append(f"{element} is loaded from who knows where")
        parts = urlsplit(loaded)
        if (parts.scheme or parts.netloc) and not loaded.startswith(f"{origin}/"):
            found.append(f"{element} is loaded from elsewhere")
    return found


def links(html: str) -> list[str]:
    """Return what a page leads to or loads, without fragments."""
    found = (unescape(link).partition("#")[0] for link in re.findall(r'\s(?:href|src)="([^"]*)"', html))
    return [link for link in found if link]
