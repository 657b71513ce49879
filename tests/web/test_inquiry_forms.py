"""The form of an inquiry: from a template, with lists that need no script, every fault at its field, nothing lost."""

from __future__ import annotations

from datetime import date

import pytest
from builders import a_block
from houses import written
from inquiring import EDIT, PREVIEW, SLUG, act, by_id, draft, fill, form_of, problems, standing
from pagecheck import faults
from sites import Site
from webtest import TestApp

from servicedir.domain.inquiry import Block, BlockKind, Column, InquiryState
from servicedir.domain.pattern import patterns
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM

DAY = date(2026, 11, 23)


@pytest.fixture
def cora(town: Site) -> TestApp:
    return town.signed_in("cora")


def text_of(html: object) -> str:
    return " ".join(html.get_text(" ").split())  # type: ignore[attr-defined]


# Templates


@pytest.mark.parametrize("name", [name for name in patterns(DAY) if name != "empty"])
def test_an_inquiry_from_a_template_needs_nothing_more_to_be_answered(town: Site, cora: TestApp, name: str) -> None:
    page = cora.get(f"/inquiries/add?from={name}")
    assert faults(page.text, "de") == []
    asked = [question.text.within("de") for question in patterns(DAY)[name].questions]
    assert {text_of(one).partition(". ")[2] for one in page.html.select("#answer h2")} >= set(asked)
    form = fill(form_of(page), reference="AF9/26")
    assert "/inquiries/af9-26/edit" in form.submit("save", status=303).headers["Location"]
    saved = standing(town, "af9-26").inquiry
    with town.house.work() as directory:
        pattern = patterns(directory.today, directory.catalogue.places.values())[name]
        assert directory.answering.draft(saved, SYSTEM, "en").replies
    assert (saved.title, saved.questions) == (pattern.title, pattern.questions)


def test_an_earlier_inquiry_is_a_template_without_its_dates(town: Site, cora: TestApp) -> None:
    draft(town, a_block("services", search="video=live"), deadline=DAY, on=date(2024, 5, 1), introduction="Vorweg.")
    form = fill(form_of(cora.get(f"/inquiries/add?copy={SLUG}")), reference="AF2/27")
    form.submit("save", status=303)
    old, new = standing(town).inquiry, standing(town, "af2-27").inquiry
    assert (new.questions, new.introduction) == (old.questions, old.introduction)
    assert (new.on, new.deadline, new.reference) == (None, None, "AF2/27")


def test_what_there_is_no_template_of_is_not_there(cora: TestApp) -> None:
    cora.get("/inquiries/add?from=unicorn", status=404)
    cora.get("/inquiries/add?copy=unicorn", status=404)


def test_an_address_is_given_once(cora: TestApp, town: Site) -> None:
    draft(town)
    page = fill(form_of(cora.get("/inquiries/add")), slug=SLUG, title__de="Neu").submit("save", status=400)
    assert set(problems(page)) == {"slug"}
    page = fill(form_of(cora.get("/inquiries/add")), slug="add", title__de="Neu").submit("save", status=400)
    assert set(problems(page)) == {"slug"}


# Everything that a block can say comes back


def test_what_is_saved_unchanged_is_no_new_revision(town: Site, cora: TestApp) -> None:
    columns = (Column.STAGE, Column.TITLE, Column.NOTE)  # In an order that checkboxes cannot say.
    blocks = [
        a_block("services", search="video=live&office=buergeramt", columns=columns, most=3, on=date(2024, 6, 1)),
        a_block("place", place="rathaus", title={"de": "Im Rathaus", "en": "Town hall"}),
        a_block("figures", years=("2023", "2024"), measures=("held",), channels=("video", "phone")),
        a_block("acceptance", group="staff"),
        a_block("comparison", compared=date(2024, 1, 1), channel="phone"),
        a_block("text", text="Erster Absatz.\n\nZweiter Absatz."),
    ]
    before = draft(town, *blocks, received=date(2026, 11, 1), deadline=date(2026, 11, 30), on=date(2026, 11, 20))
    form_of(cora.get(EDIT)).submit("save", status=303)
    after = standing(town)
    assert after.entry.latest.number == before.entry.latest.number
    assert after.inquiry.questions[0].blocks[0].columns == columns


def test_lists_grow_shrink_and_move_without_a_script(town: Site, cora: TestApp) -> None:
    draft(town, a_block("text", text="Der erste."), a_block("text", text="Der zweite."))
    form = fill(form_of(cora.get(EDIT)), reference="getippt")
    form = act(form, "down:questions.0.blocks.0")
    assert by_id(form, "questions-0-blocks-0-text-de").value == "Der zweite."
    form = act(form, "add:questions.0.blocks")
    fill(form, questions__0__blocks__2__kind="services")
    form = act(form, "remove:questions.0.blocks.1")
    form = act(form, "add:questions")
    fill(form, questions__1__text__de="Und sonst?")
    form.submit("save", status=303)
    saved = standing(town).inquiry
    assert [block.kind for block in saved.questions[0].blocks] == [BlockKind.TEXT, BlockKind.SERVICES]
    assert saved.questions[0].blocks[0].text == Text.of("Der zweite.")
    assert (saved.reference, saved.questions[1].text) == ("getippt", Text.of("Und sonst?"))


def test_a_block_shows_the_fields_of_its_kind_and_has_the_others(town: Site, cora: TestApp) -> None:
    draft(town, a_block("figures", years=("2024",)))
    page = cora.get(EDIT).html
    shown = {
        one["id"].rpartition("-")[2] for one in page.select(".block__used > div > div > [id], .block__used input[id]")
    }
    hidden = {
        one["id"].rpartition("-")[2] for one in page.select(".block__unused input[id], .block__unused select[id]")
    }
    assert "years" in shown
    assert {"compared", "place", "group"} <= hidden
    assert "years" not in hidden


# The search of a block


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://dienste.example.org/?video=live&office=buergeramt&page=2&lang=en#x", "video=live&office=buergeramt"),
        ("/?q=Wohnung+abmelden&on=2024-06-01", "q=Wohnung+abmelden"),
        ("?video=live", "video=live"),
        ("?language=uk&topic=umzug", "language=uk&topic=umzug"),
        ("video=live&video=pilot", "video=live&video=pilot"),
        ("https://dienste.example.org/", ""),
        ("Wohnung abmelden", "q=Wohnung+abmelden"),
        ("", ""),
    ],
)
def test_a_search_is_pasted_as_an_address_or_typed(town: Site, cora: TestApp, typed: str, kept: str) -> None:
    draft(town, a_block("services", search="video=planned"))
    fill(form_of(cora.get(EDIT)), questions__0__blocks__0__search=typed).submit("save", status=303)
    assert standing(town).inquiry.questions[0].blocks[0].search == kept


def test_a_search_leads_to_what_it_finds_and_says_how_many(town: Site, cora: TestApp) -> None:
    draft(town, a_block("services", search="video=pilot"))
    link = cora.get(EDIT).html.find("a", href="/?video=pilot", target="_blank")
    assert text_of(link.parent).endswith("1 Dienstleistung")


# What is wrong


@pytest.mark.parametrize(
    ("block", "typed", "where"),
    [
        (a_block("services"), {"search": "video=sofort"}, "search"),
        (a_block("services"), {"search": "https://dienste.example.org/services/x"}, "search"),
        (a_block("services"), {"search": "chanel=video"}, "search"),
        (a_block("services"), {"on": "2999-01-01"}, "on"),
        (a_block("services"), {"on": "gestern"}, "on"),
        (a_block("services"), {"most": "0"}, "most"),
        (a_block("place", place="rathaus"), {"place": ""}, "place"),
        (a_block("comparison", compared=DAY), {"compared": ""}, "compared"),
        (a_block("comparison", compared=DAY), {"compared": "2999-01-01"}, "compared"),
        (a_block("figures", years=("2024",)), {"years": "2024, 1492"}, "years"),
        (a_block("figures", years=("2024",)), {"years": ""}, "years"),
        (a_block("text"), {"text-de": ""}, "text"),
    ],
)
def test_what_a_block_lacks_is_said_at_its_field_with_everything_typed(
    town: Site, cora: TestApp, block: Block, typed: dict[str, str], where: str
) -> None:
    draft(town, block)
    before = written(town.house)
    form = fill(form_of(cora.get(EDIT)), reference="bleibt")
    for name, value in typed.items():
        by_id(form, f"questions-0-blocks-0-{name}").value = value
    page = form.submit("save", status=400)
    assert [key.removesuffix("--legend") for key in problems(page)] == [f"questions-0-blocks-0-{where}"]
    again = form_of(page)
    assert by_id(again, "reference").value == "bleibt"
    for name, value in typed.items():
        assert by_id(again, f"questions-0-blocks-0-{name}").value == value
    assert page.html.select("details.block__all[open]")
    assert faults(page.text, "de") == []
    assert written(town.house) == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/?channel=vidio&video=live", ("„vidio“", "„Zugangsweg“ (channel)", "Möglich sind: ", "video")),
        ("office=buergeramt&office=nirgends", ("„nirgends“", "„Amt“ (office)")),
        ("chanel=video", ("„chanel“", "Möglich sind: q, video, channel, ")),
    ],
)
def test_which_part_of_a_search_is_wrong_is_said_with_what_is_possible(
    town: Site, cora: TestApp, typed: str, said: tuple[str, ...]
) -> None:
    draft(town, a_block("services"))
    form = form_of(cora.get(EDIT))
    by_id(form, "questions-0-blocks-0-search").value = typed
    (sentence,) = problems(form.submit("save", status=400)).values()
    for part in said:
        assert part in sentence


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"title-de": ""}, "title-de"),
        ({"on": "2999-01-01"}, "on"),
        ({"recorded-day": "2999-01-01"}, "recorded-day"),
        ({"recorded-day": "1999-01-01"}, "recorded-day"),
        ({"recorded-time": "12:00"}, "recorded-day"),
        ({"recorded-day": "2026-03-29", "recorded-time": "02:30"}, "recorded-time"),
        ({"days-received": "2026-11-20", "days-deadline": "2026-11-19"}, "days-deadline"),
        ({"questions-0-text-de": ""}, "questions-0-text"),
    ],
)
def test_what_an_inquiry_lacks_is_said_at_its_field(
    town: Site, cora: TestApp, typed: dict[str, str], where: str
) -> None:
    draft(town)
    form = form_of(cora.get(EDIT))
    for name, value in typed.items():
        by_id(form, name).value = value
    page = form.submit("save", status=400)
    assert [key.removesuffix("--legend") for key in problems(page)] == [where]
    assert standing(town).entry.latest.number == 1


# The preview


def test_the_preview_follows_the_form_and_writes_nothing(town: Site, cora: TestApp) -> None:
    draft(town)
    before = written(town.house)
    form = fill(form_of(cora.get(EDIT)), questions__0__blocks__0__text__de="Schnurzelbom.")
    fragment = cora.post(PREVIEW, form.submit_fields())
    assert "Schnurzelbom." in fragment.text
    assert "<html" not in fragment.text
    page = form.submit("preview", status=200)
    assert "Schnurzelbom." in page.html.select_one("#answer").get_text()
    assert by_id(form_of(page), "questions-0-blocks-0-text-de").value == "Schnurzelbom."
    assert written(town.house) == before


def test_the_preview_says_what_is_missing(town: Site, cora: TestApp) -> None:
    draft(town)
    form = fill(form_of(cora.get(EDIT)), questions__0__blocks__0__text__de="")
    fragment = cora.post(PREVIEW, form.submit_fields(), status=200)
    assert "#inquiry-questions-0-blocks-0-text" in fragment.text
    cora.post("/inquiries/no-such/preview", form.submit_fields(), status=404)


# Saving


def test_somebody_who_saves_second_keeps_what_was_typed_and_learns_what_was_changed(town: Site, cora: TestApp) -> None:
    draft(town)
    form = fill(form_of(cora.get(EDIT)), reference="meins")
    draft(town, a_block("services"), by="ada")
    page = form.submit("save", status=409)
    assert by_id(form_of(page), "reference").value == "meins"
    assert "Frage 1" in page.html.find(id="conflict").get_text()
    assert standing(town).inquiry.reference == "AF1/26"
    form_of(page).submit("save", status=303)
    assert standing(town).inquiry.reference == "meins"


def test_saving_can_hand_in_at_once(town: Site, cora: TestApp) -> None:
    draft(town)
    page = fill(form_of(cora.get(EDIT)), why="Fertig").submit("submit", status=303).follow()
    assert "Fertig" in page.text
    assert standing(town).state is InquiryState.IN_APPROVAL
    form_of(cora.get(EDIT)).submit("save", status=303)
    assert standing(town).state is InquiryState.IN_APPROVAL, "what is saved unchanged stays where it is"
    fill(form_of(cora.get(EDIT)), reference="anders").submit("save", status=303)
    assert standing(town).state is InquiryState.DRAFT


def test_the_moment_of_knowledge_keeps_its_seconds(town: Site, cora: TestApp) -> None:
    with town.house.work() as directory:
        moment = directory.house.now()
    before = draft(town, recorded=moment)
    form_of(cora.get(EDIT)).submit("save", status=303)
    assert standing(town).entry.latest.number == before.entry.latest.number
    fill(form_of(cora.get(EDIT)), recorded__day="", recorded__time="").submit("save", status=303)
    assert standing(town).inquiry.recorded is None


# The list


def test_the_list_says_how_long_there_is(town: Site, cora: TestApp) -> None:
    today = town.house.today()
    draft(town, deadline=today.replace(year=today.year - 1))
    rows = cora.get("/desk/inquiries").html.select("tbody tr")
    row = next(row for row in rows if SLUG in str(row))
    assert "überfällig" in row.select_one("strong.overdue").get_text()
    assert "Entwurf" in row.get_text()
    draft(town, deadline=today)
    assert "heute" in str(cora.get("/desk/inquiries").html.select("tbody tr"))
