"""Large inquiries: what the rules allow can be sent as a form, what is more gets a sentence, previews have an end."""

from __future__ import annotations

from builders import a_block, a_service
from houses import publish
from inquiring import EDIT, act, by_id, draft, fill, form_of, problems, standing
from sites import Site

from servicedir.domain.inquiry import MOST_BLOCKS, MOST_IN_ALL, MOST_QUESTIONS, MOST_ROWS, Question
from servicedir.domain.text import Text

FULL = Question(text=Text.of("Wie?"), blocks=(a_block(),) * MOST_BLOCKS)
SHORT = Question(text=Text.of("Was?"))


def test_an_inquiry_as_large_as_may_be_can_be_sent_and_one_block_more_gets_a_sentence(town: Site) -> None:
    full = MOST_IN_ALL // MOST_BLOCKS
    draft(town, questions=(FULL,) * full + (SHORT,) * (MOST_QUESTIONS - full))
    cora = town.signed_in("cora")
    form = fill(form_of(cora.get(EDIT)), reference="AF9/26")
    form.submit("save", status=303)
    assert standing(town).inquiry.reference == "AF9/26"
    form = act(form_of(cora.get(EDIT)), f"add:questions.{full}.blocks")
    by_id(form, f"questions-{full}-blocks-0-kind").value = "text"
    fill(form, **{f"questions__{full}__blocks__0__text__de": "Noch ein Satz."})
    page = form.submit("preview", status=400)
    sentence = f"Das sind mehr als {MOST_IN_ALL} Bausteine in allen Fragen zusammen. Bitte teilen Sie die Anfrage auf."
    assert any(sentence in said for said in problems(page).values())
    assert "Noch ein Satz." in page


def test_a_preview_shows_the_first_rows_of_a_table_and_says_so(town: Site) -> None:
    publish(town.house, *(a_service(f"dienst-{number}") for number in range(MOST_ROWS + 20)))
    cora, note = town.signed_in("cora"), f"Die Vorschau zeigt von jeder Tabelle höchstens {MOST_ROWS} Zeilen."
    draft(town, a_block("services", most=1000))
    page = cora.get(EDIT)
    assert len(page.html.select("#table-1 tbody tr")) == MOST_ROWS
    assert note in page
    draft(town, a_block("services", most=50))
    page = cora.get(EDIT)
    assert len(page.html.select("#table-1 tbody tr")) == 50
    assert note not in page
