"""Where video stands, in a browser: on phones and desks, by keyboard, without scripts, on paper, without colour."""

from __future__ import annotations

import io
import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from browser.test_accessibility import RUN_AXE, WIDER_THAN_THE_SCREEN

# For each pattern of the first chart with several, the lightness of each of its dots, as a printer without colour sees
# them; drawn through a canvas of the browser's own.
GREYS = """async (svg) => {
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.filter = "grayscale(1)";
  pen.drawImage(image, 0, 0);
  const boxes = [...new DOMParser().parseFromString(svg, "image/svg+xml").querySelectorAll("rect[fill^='url']")];
  return boxes.filter((box) => box.getAttribute("width") === "17.0").map((box) => {
    const [x, y] = ["x", "y"].map((name) => Math.ceil(Number(box.getAttribute(name))) + 2);
    const dots = pen.getImageData(x, y, 12, 9).data;
    return Array.from({ length: dots.length / 4 }, (_, at) => dots[4 * at]);
  });
}"""


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_page_has_to_be_scrolled_sideways(visit, width):
    page = visit(viewport={"width": width, "height": 900})
    page.goto("/rollout")
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    expect(page.locator(".chart").first).to_be_visible()


def test_the_day_is_chosen_with_the_keyboard_and_without_scripts(visit):
    page = visit(java_script_enabled=False)
    page.goto("/rollout")
    page.get_by_label("Stand am").fill("2024-04-30")
    page.get_by_label("Stand am").press("Enter")
    expect(page).to_have_url(re.compile("on=2024-04-30"))
    expect(page.locator(".lead")).to_contain_text("30. April 2024")
    page.get_by_role("link", name="Stand heute").press("Enter")
    expect(page.locator(".lead")).to_contain_text("gibt es heute per Video")


def test_a_number_leads_to_its_list_of_that_day(visit):
    page = visit()
    page.goto("/rollout?on=2024-06-15")
    row = page.get_by_role("region", name="Dienstleistungen nach Stand").get_by_role("row", name="Testbetrieb")
    number = row.get_by_role("link").inner_text()
    row.get_by_role("link").click()
    expect(page).to_have_url(re.compile("video=pilot&on=2024-06-15"))
    expect(page.get_by_role("heading", name=f"{number} Dienstleistung")).to_be_visible()


def test_a_day_to_come_keeps_what_was_typed(visit):
    page = visit(expected={400})
    page.goto("/rollout")
    page.get_by_label("Stand am").fill("2099-12-31")
    page.get_by_role("button", name="Zeigen").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("31. Dezember 2099 liegt in der Zukunft")
    expect(page.get_by_label("Stand am")).to_have_value("2099-12-31")


def test_a_chart_says_its_name_and_its_numbers_to_who_hears_it(visit):
    page = visit()
    page.goto("/rollout")
    chart = page.get_by_role("img", name="Dienstleistungen nach Stand")
    expect(chart.locator("desc")).to_contain_text("Testbetrieb: Dienstleistungen 2")
    expect(chart.locator("text").filter(has_text="nicht bekannt")).to_be_visible()


def test_it_prints_on_two_sheets(visit):
    page = visit()
    for path in ("/rollout", "/rollout?on=2024-06-15&lang=en"):
        page.goto(path)
        pdf = page.pdf(format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", io.BytesIO(pdf).read())) == 2


def test_patterns_can_be_told_apart_without_colour(visit):
    page = visit()
    page.goto("/rollout")
    patterns = page.evaluate(GREYS, page.request.get("/rollout/offices.svg").text())
    assert len(patterns) == 5
    for number, one in enumerate(patterns):
        for other in patterns[number + 1 :]:
            differing = sum(abs(left - right) > 40 for left, right in zip(one, other, strict=True))
            assert differing > len(one) / 10


def test_charts_stay_readable_in_forced_colours(visit):
    page = visit(forced_colors="active")
    page.goto("/rollout")
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(RUN_AXE, {"resultTypes": ["violations"], "preload": False}) == []
    text, ground = page.locator(".chart text").first.evaluate(
        "text => [getComputedStyle(text).fill, getComputedStyle(document.body).backgroundColor]"
    )
    assert text != ground
