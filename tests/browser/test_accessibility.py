"""Everybody can use every page, on a phone and on a desk: what axe-core finds, and what it does not look at."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from browser.pages import EVERY

SIZES = {"phone": {"width": 360, "height": 780}, "desk": {"width": 1280, "height": 900}}

# All rules of axe-core, best practices included; and the one of WCAG 2.2 that it leaves out unless asked.
OPTIONS = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
RUN_AXE = "options => axe.run(options).then((results) => results.violations)"

# A bar that stays in sight covers a part of whatever happens to be there; one scrolls on, which axe cannot know.
NOTHING_STAYS = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".forms-bar { position: static !important; }");
  document.adoptedStyleSheets = [sheet];
}"""

# What axe does not look at, in a script of ours that returns a sentence for each fault.
OWN_RULES = """() => {
  const faults = [];
  const name = (element) => element.outerHTML.replace(/\\s+/g, " ").slice(0, 160);
  const box = (element) => element.getBoundingClientRect();
  const isSeen = (element) => {
    const shape = box(element);
    return element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && shape.width > 1
      && shape.height > 1;
  };
  const complain = (sentence, element) => faults.push(`${sentence}: ${name(element)}`);

  const controls = "input:not([type=hidden]):not([type=submit]), select, textarea";
  for (const control of [...document.querySelectorAll(controls)].filter(isSeen)) {
    // A cell of a grid is named by the heads of its row and its column.
    const heads = (control.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id));
    const named = [...control.labels, ...heads.filter(Boolean)];
    const labels = named.filter((label) => isSeen(label) && label.innerText.trim());
    if (!labels.length) complain("no label in sight", control);
  }
  for (const choice of document.querySelectorAll("input[type=radio], input[type=checkbox]")) {
    const others = [...document.getElementsByName(choice.name)].filter((other) => other.type === choice.type);
    // The boxes of one field stand beside each other; those of different entries of a list share a name as well.
    const group = choice.closest("fieldset");
    const legend = group?.querySelector(":scope > legend");
    if (others.length > 1 && !legend?.textContent.trim()) complain("choices without a legend", choice);
  }
  const targets = "nav a, button, summary, .chip, select, input:not([type=hidden]):not([tabindex='-1'])";
  for (const target of [...document.querySelectorAll(targets)].filter(isSeen)) {
    const { width, height } = box(target);
    if (Math.min(width, height) < 24) complain(`too small to hit (${width} x ${height})`, target);
  }
  for (const element of document.querySelectorAll("[tabindex]")) {
    if (element.tabIndex > 0) complain("jumps the queue of the tab key", element);
  }
  for (const element of document.querySelectorAll("[aria-describedby], [aria-labelledby], [aria-controls]")) {
    for (const attribute of ["aria-describedby", "aria-labelledby", "aria-controls"]) {
      for (const id of (element.getAttribute(attribute) ?? "").split(/\\s+/).filter(Boolean)) {
        if (!document.getElementById(id)) complain(`${attribute} leads to no "${id}"`, element);
      }
    }
  }
  for (const label of document.querySelectorAll("label[for]")) {
    if (!document.getElementById(label.htmlFor)) complain("a label of nothing", label);
  }
  const wanted = new URLSearchParams(location.search).get("lang") ?? "de";
  if (document.documentElement.lang !== wanted) faults.push("says that it is in another language");
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
  if (!document.title || /[<>{}]/.test(document.title)) faults.push(`odd title: ${document.title}`);
  // "If-None-Match" is a header, and "None of these" begins a sentence.
  const traces = /\\$\\{|undefined|(?<!-)None(?!-| of )|i18n:/;
  if (traces.test(document.body.innerText)) faults.push("a trace of the template in the text");
  return faults;
}"""


# What people set who read badly otherwise (WCAG 1.4.12). As a sheet made by a script, since our policy forbids others.
TEXT_SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""

# Elements that hide a part of their own words. What only screen readers are to read is hidden on purpose.
CUT_OFF = """() => [...document.body.querySelectorAll("*")].filter((element) => {
  const style = getComputedStyle(element);
  const hides = [style.overflowX, style.overflowY].some((overflow) => ["hidden", "clip"].includes(overflow));
  const tooWide = element.scrollWidth > element.clientWidth + 1;
  const tooHigh = element.scrollHeight > element.clientHeight + 1;
  return hides && element.clientWidth > 1 && element.innerText?.trim() && (tooWide || tooHigh);
}).map((element) => element.outerHTML.slice(0, 160))"""

WIDER_THAN_THE_SCREEN = """() => {
  // Not the width of the window: KERN keeps the place of the scroll bar free.
  const room = Math.floor(document.documentElement.getBoundingClientRect().width);
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > room + 1);
  return wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 160));
}"""


@pytest.fixture(scope="module")
def show(open_page):
    """Shows a page by name, in one browser for each account, so that styles and fonts are loaded but once."""
    browsers = {}
    shown = []

    def show_one(name):
        place = EVERY[name]
        if place.login not in browsers:
            browsers[place.login] = open_page(login=place.login)
        page = browsers[place.login]
        if shown != [name]:
            shown[:] = [name]
            page.watch.expected = {place.status, place.ends}
            answer = page.goto(place.path)
            assert answer.status == place.status, f"{place.path} answers {answer.status}"
            place.act(page)
            page.evaluate(AXE_SCRIPT)
        return page

    yield show_one
    for page in browsers.values():
        page.context.close()


@pytest.fixture(params=[(name, size) for name in EVERY for size in SIZES], ids=", ".join, scope="module")
def page(request, show):
    """One page after the other, in one size after the other, for all tests that look at it."""
    name, size = request.param
    page = show(name)
    page.set_viewport_size(SIZES[size])
    yield page
    page.watch.judge()


def test_axe_finds_nothing(page):
    page.evaluate(NOTHING_STAYS)
    faults = [
        f"{violation['id']}: {node['failureSummary']}\n    {node['html'][:300]}"
        for violation in page.evaluate(RUN_AXE, OPTIONS)
        for node in violation["nodes"]
    ]
    page.evaluate("() => { document.adoptedStyleSheets = []; }")
    assert not faults, "\n".join(["", *faults])


def test_controls_are_labelled_and_large_enough_to_hit(page):
    faults = page.evaluate(OWN_RULES)
    assert not faults, "\n".join(["", *faults])


def test_text_may_be_spaced_more_widely(page):
    page.evaluate(TEXT_SPACING)
    cut_off, wide = page.evaluate(CUT_OFF), page.evaluate(WIDER_THAN_THE_SCREEN)
    page.evaluate("() => { document.adoptedStyleSheets = []; }")
    assert cut_off == []
    assert wide == []


def test_nobody_has_to_scroll_sideways(page):
    # The narrowest screen there is to be has 320 pixels (WCAG 1.4.10); a desk enlarged to 200 % has 640 left.
    width = 320 if page.viewport_size == SIZES["phone"] else 640
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []


@pytest.mark.parametrize("path", ["/?video=pilot", "/services/wohnsitz-abmelden"])
def test_in_the_forced_colours_of_windows_a_stage_is_still_a_word_in_a_frame(visit, path):
    page = visit(forced_colors="active")
    page.goto(path)
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(RUN_AXE, OPTIONS) == []
    stage = page.locator(".stage").first
    assert stage.inner_text().strip()
    assert stage.evaluate("element => getComputedStyle(element).borderTopStyle") in ("solid", "dashed")


def test_our_own_rules_see_what_they_are_there_for(visit):
    page = visit(viewport={"width": 320, "height": 800})
    page.goto("/help")
    assert page.evaluate(OWN_RULES) + page.evaluate(CUT_OFF) + page.evaluate(WIDER_THAN_THE_SCREEN) == []
    page.evaluate("""() => {
      document.title = "<b>Hilfe</b>";
      document.querySelector("main").insertAdjacentHTML("beforeend", `
        <h1>Noch eine</h1> <input name="nameless"> <button tabindex="3" class="tiny">x</button>
        <label><input type="radio" name="choice">a</label> <label><input type="radio" name="choice">b</label>
        <p aria-describedby="nothing">None</p> <p class="cut">Donaudampfschifffahrtsgesellschaft</p>
        <p class="wide">Eine breite Zeile</p>`);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`.tiny { all: unset; width: 9px } .wide { width: 400px }
        .cut { width: 60px; overflow: hidden; white-space: nowrap }`);
      document.adoptedStyleSheets = [sheet];
    }""")
    found = "\n".join(page.evaluate(OWN_RULES))
    for sentence in (
        'no label in sight: <input name="nameless">',
        "choices without a legend",
        "too small to hit (9",
        "jumps the queue of the tab key",
        'aria-describedby leads to no "nothing"',
        "not one h1",
        "odd title: <b>Hilfe</b>",
        "a trace of the template",
    ):
        assert sentence in found
    assert page.evaluate(CUT_OFF) == ['<p class="cut">Donaudampfschifffahrtsgesellschaft</p>']
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == ['<p class="wide">Eine breite Zeile</p>']
