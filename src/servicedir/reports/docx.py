"""An answer as a Word file, for those who put it into a letterhead of their own."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document as empty_document
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Cm, Length, Pt
from docx.table import _Row as WordRow
from docx.text.paragraph import Paragraph

from servicedir.reports.annex import sections
from servicedir.reports.answer import Answer, Cell, Part, Table, Type
from servicedir.reports.excerpt import Excerpt, excerpt
from servicedir.reports.head import facts, kind, name
from servicedir.reports.widths import Widths, widths
from servicedir.reports.words import address, legible, question, word

LOCALES = {"de": "de-DE", "en": "en-GB"}
_A4 = (Cm(21), Cm(29.7))
_MARGIN = Cm(2.25)
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP file can name."""


def docx(answer: Answer, base: str) -> bytes:
    """Return an answer as DOCX; the same answer always gives the same bytes."""
    writing = _Writing(answer, base)
    writing.all()
    out = io.BytesIO()
    writing.document.save(out)
    return _undated(out.getvalue())


def _undated(content: bytes) -> bytes:
    """Return a ZIP file without the moments at which its parts were written."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(ZipInfo(part, _EARLIEST), old.read(part), ZIP_DEFLATED)
    return out.getvalue()


class _Writing:
    """Writes one document from the top to the bottom, and counts its tables."""

    def __init__(self, answer: Answer, base: str) -> None:
        self._answer = answer
        self._base = base
        self._tables = 0
        self.document: Document = empty_document()

    def all(self) -> None:
        answer = self._answer
        self._prepare()
        self._paragraph(answer.city).runs[0].bold = True
        self._paragraph(kind(answer))
        self._heading(answer.title or name(answer), 1)
        for label, value in facts(answer):
            paragraph = self._paragraph(f"{label}: ")
            paragraph.runs[0].bold = True
            paragraph.add_run(legible(value))
            paragraph.paragraph_format.space_after = Pt(2)
        self._paragraphs(answer.introduction)
        for reply in answer.replies:
            self._heading(question(reply), 2)
            for part in reply.parts:
                self._part(part)
        self._annex()

    def _word(self, key: str) -> str:
        return word(key, self._answer.language)

    # The document

    def _prepare(self) -> None:
        answer, document = self._answer, self.document
        said = document.core_properties
        said.title = legible(name(answer))[:255]
        said.author = said.last_modified_by = legible(answer.city)[:255]
        said.language = LOCALES.get(answer.language, answer.language)
        said.comments = ""
        said.created = said.modified = answer.recorded.astimezone(UTC).replace(tzinfo=None)
        for language in document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), said.language)
        section = document.sections[0]
        section.page_width, section.page_height = _A4
        section.left_margin = section.right_margin = _MARGIN
        self._foot(section)

    def _foot(self, section: Section) -> None:
        paragraph = section.footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        before, _page, rest = self._word("page").partition("{page}")
        between, _pages, after = rest.partition("{pages}")
        for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
            paragraph.add_run(text)
            if field:
                _field(paragraph, field, "1")

    def _turn(self, *, to_its_side: bool) -> None:
        """Go on on a page that lies on its side, or does not."""
        section = self.document.add_section()
        section.orientation = WD_ORIENT.LANDSCAPE if to_its_side else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = reversed(_A4) if to_its_side else _A4

    # What stands in it

    def _paragraph(self, text: str, style: str | None = None) -> Paragraph:
        paragraph = self.document.add_paragraph(style=style)
        paragraph.add_run(legible(text))
        return paragraph

    def _paragraphs(self, said: Iterable[str], style: str | None = None) -> None:
        for text in said:
            self._paragraph(text, style)

    def _heading(self, text: str, level: int) -> None:
        self.document.add_heading(legible(text), level)

    def _part(self, part: Part) -> None:
        if part.title:
            self._heading(part.title, 3)
        self._paragraphs(part.paragraphs)
        for table in part.tables:
            self._tables += 1
            self._table(table)
        self._paragraphs(part.notes, "List Bullet")
        if link := address(self._base, part.path):
            _link(self.document.add_paragraph(), self._word("list_today"), link)

    def _table(self, table: Table) -> None:
        caption = f": {table.caption}"
        if not table.rows:
            self._paragraph(f"{self._word('table')} {self._tables}{caption}: {self._word('no_rows')}")
            return
        shown = excerpt(table, self._answer.language)
        width = widths(shown)
        if width.is_wide:
            self._turn(to_its_side=True)
        paragraph = self._paragraph(f"{self._word('table')} ", "Caption")
        paragraph.paragraph_format.keep_with_next = True
        # A field that Word counts: it can make a list of tables from these.
        _field(paragraph, f"SEQ {self._word('table')} \\* ARABIC", str(self._tables))
        paragraph.add_run(legible(caption))
        self._grid(shown, width, table.caption)
        if width.is_wide:
            self._turn(to_its_side=False)
        self._paragraphs(shown.remarks)

    def _grid(self, shown: Excerpt, width: Widths, caption: str) -> None:
        room = _A4[1 if width.is_wide else 0] - 2 * _MARGIN
        sizes = [Length(room * share // sum(width.shares)) for share in width.shares]
        grid = self.document.add_table(len(shown.rows) + 1, len(shown.headings), "Table Grid")
        grid.autofit = False
        said = OxmlElement("w:tblCaption")
        said.set(qn("w:val"), legible(caption))
        grid._tbl.tblPr.append(said)
        for column, size in zip(grid.columns, sizes, strict=True):
            column.width = size
        numeric = [heading.type is Type.NUMBER for heading in shown.headings]
        heads = tuple(Cell(text=heading.title) for heading in shown.headings)
        for number, (line, cells) in enumerate(zip(grid.rows, (heads, *shown.rows), strict=True)):
            self._row(line, cells, sizes, numeric, Pt(width.size), is_head=number == 0)

    def _row(
        self,
        line: WordRow,
        cells: Iterable[Cell],
        sizes: Iterable[Length],
        numeric: Iterable[bool],
        letters: Length,
        *,
        is_head: bool,
    ) -> None:
        properties = line._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if is_head:
            properties.append(OxmlElement("w:tblHeader"))
        for place, cell, size, is_number in zip(line.cells, cells, sizes, numeric, strict=True):
            place.width = size
            paragraph = place.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            if is_number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if link := address(self._base, cell.path):
                _link(paragraph, cell.text, link, letters)
            else:
                run = paragraph.add_run(legible(cell.text))
                run.font.size = letters
                run.bold = is_head or None

    def _annex(self) -> None:
        self._heading(self._word("annex"), 2)
        for section in sections(self._answer, self._base):
            self._heading(section.title, 3)
            self._paragraphs(section.paragraphs)
            if section.link:
                _link(self.document.add_paragraph(), section.link, section.link)
            for term, meaning in section.terms:
                paragraph = self._paragraph(f"{term}: ", "List Bullet")
                paragraph.runs[0].bold = True
                paragraph.add_run(meaning)


def _field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """Add what Word computes; until it does, `shown` stands there."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    field.append(_run(shown))
    paragraph._p.append(field)


def _link(paragraph: Paragraph, text: str, link: str, letters: Length | None = None) -> None:
    number = paragraph.part.relate_to(link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), number)
    run = paragraph.add_run(legible(text))
    run.underline = True
    run.font.size = letters
    element.append(run._r)
    paragraph._p.append(element)


def _run(text: str) -> BaseOxmlElement:
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = text
    run.append(words)
    return run
