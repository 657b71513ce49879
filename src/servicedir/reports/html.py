"""An answer as HTML: a fragment for pages of the directory, and a document that stands alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from servicedir.reports.annex import explanations
from servicedir.reports.answer import Answer, Cell, Heading, Part, Table, Type
from servicedir.reports.excerpt import excerpt
from servicedir.reports.head import facts, kind, name
from servicedir.reports.words import address, legible, question, word

_LIST = Markup('<ul class="kern-list kern-list--bullet kern-list--small report__notes">\n{}</ul>\n')
_TABLE = Markup(
    '<div class="kern-table-responsive" tabindex="0" role="region" aria-labelledby="table-{number}-caption">\n'
    '<table class="kern-table kern-table--small report__table" id="table-{number}">\n'
    '<caption class="kern-title" id="table-{number}-caption">{caption}</caption>\n'
    '<thead class="kern-table__head"><tr class="kern-table__row">{head}</tr></thead>\n'
    '<tbody class="kern-table__body">\n{body}</tbody>\n</table>\n</div>\n'
)


_QUESTION = Markup(
    '<section class="report__question" aria-labelledby="question-{0}">\n'
    '<h2 class="kern-heading-medium" id="question-{0}">{1}</h2>\n'
)
_ANNEX = Markup('<section aria-labelledby="annex-{0}">\n<h2 id="annex-{0}">{1}</h2>\n{2}{3}{4}</section>\n')
_ROW_HEAD = Markup('<th scope="row" class="kern-table__cell{}">{}</th>')
_CELL = Markup('<td class="kern-table__cell{}">{}</td>')
# The width of text, lines of tables, and room around it all: what makes it readable without our pages' styles.
_STYLE = """
:root { color-scheme: light dark; }
body { font-family: "Fira Sans", sans-serif; line-height: 1.5; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3, caption { line-height: 1.25; overflow-wrap: anywhere; }
dt { font-weight: bold; }
dd { margin: 0 0 0.5rem; overflow-wrap: anywhere; }
@media (min-width: 45rem) { dl { display: grid; grid-template-columns: minmax(8rem, auto) 1fr; gap: 0 1rem; } }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; font-weight: bold; padding-block: 0.5rem; }
th, td { text-align: start; vertical-align: top; padding: 0.25rem 0.5rem; border-block-end: 1px solid; }
th[scope="row"] { font-weight: normal; }
.kern-table-responsive { overflow-x: auto; margin-block: 1rem; }
.kern-table__header--numeric, .kern-table__cell--numeric { text-align: end; }
@media print { thead { display: table-header-group; } tr { break-inside: avoid; } }
"""
_PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "<title>{name}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    "<header>\n<p>{city}</p>\n<p>{paper}</p>\n</header>\n"
    "<main>\n<h1>{title}</h1>\n<dl>\n{facts}</dl>\n{body}{annex}</main>\n</body>\n</html>\n"
)


def body(answer: Answer, base: str) -> Markup:
    """Return an answer as sections with headings from the second level on, for a page that has its title already."""
    return _kept(Markup().join(_Fragment(answer, base).pieces()))


def page(answer: Answer, base: str) -> bytes:
    """Return an answer as a whole document with its own look, which needs nothing else.

    It is for keeping: our policy for pages forbids styles within them, so it is to be served as a download.
    """
    said = (Markup("<dt>{}</dt><dd>{}</dd>\n").format(name, value) for name, value in facts(answer))
    document = _PAGE.format(
        language=answer.language,
        style=Markup(_STYLE),  # noqa: S704 - nothing in it comes from anywhere else
        city=answer.city,
        paper=kind(answer),
        title=answer.title,
        name=name(answer),
        facts=Markup().join(said),
        body=body(answer, base),
        annex=Markup().join(_annex(answer, base)),
    )
    return _kept(document).encode()


def _annex(answer: Answer, base: str) -> Iterator[Markup]:
    for number, section in enumerate(explanations(answer, base), 1):
        link = Markup('<p><a href="{0}">{0}</a></p>\n').format(section.link) if section.link else ""
        terms = Markup().join(Markup("<dt>{}</dt><dd>{}</dd>\n").format(*pair) for pair in section.terms)
        listed = Markup("<dl>\n{}</dl>\n").format(terms) if terms else ""
        yield _ANNEX.format(number, section.title, _paragraphs(section.paragraphs), link, listed)


class _Fragment:
    """Puts the fragment together and counts its tables."""

    def __init__(self, answer: Answer, base: str) -> None:
        self._answer = answer
        self._base = base
        self._tables = 0

    def _word(self, key: str) -> str:
        return word(key, self._answer.language)

    def pieces(self) -> Iterator[Markup]:
        yield _paragraphs(self._answer.introduction)
        for reply in self._answer.replies:
            yield _QUESTION.format(reply.number, question(reply))
            for part in reply.parts:
                yield from self._part(part)
            yield Markup("</section>\n")
        if self._answer.notes:
            yield Markup(
                '<section class="report__end" aria-labelledby="notes">\n'
                '<h2 class="kern-heading-medium" id="notes">{}</h2>\n{}</section>\n'
            ).format(self._word("notes"), _notes(self._answer.notes))

    def _part(self, part: Part) -> Iterator[Markup]:
        yield Markup('<div class="report__part">\n')
        if part.title:
            yield Markup('<h3 class="kern-heading-small">{}</h3>\n').format(part.title)
        yield _paragraphs(part.paragraphs)
        for table in part.tables:
            yield from self._table(table)
        yield _notes(part.notes)
        if link := address(self._base, part.path):
            yield Markup('<p><a class="kern-link" href="{}">{}</a></p>\n').format(link, self._word("list_today"))
        yield Markup("</div>\n")

    def _table(self, table: Table) -> Iterator[Markup]:
        self._tables += 1
        caption = f"{self._word('table')} {self._tables}: {table.caption}"
        if not table.rows:
            yield _paragraphs([f"{caption}: {self._word('no_rows')}"])
            return
        shown = excerpt(table, self._answer.language)
        yield _TABLE.format(
            number=self._tables,
            caption=caption,
            head=Markup().join(map(_heading, shown.headings)),
            body=Markup().join(self._row(shown.headings, cells) for cells in shown.rows),
        )
        yield _paragraphs(shown.remarks)

    def _row(self, headings: Iterable[Heading], line: Iterable[Cell]) -> Markup:
        pairs = zip(headings, line, strict=True)
        cells = (self._cell(heading, cell, is_head=number == 0) for number, (heading, cell) in enumerate(pairs))
        return Markup('<tr class="kern-table__row">{}</tr>\n').format(Markup().join(cells))

    def _cell(self, heading: Heading, cell: Cell, *, is_head: bool) -> Markup:
        said = escape(cell.text)
        if link := address(self._base, cell.path):
            said = Markup('<a class="kern-link" href="{}">{}</a>').format(link, said)
        numeric = " kern-table__cell--numeric" if heading.type is Type.NUMBER else ""
        tag = _ROW_HEAD if is_head else _CELL
        return tag.format(numeric, said)


def _heading(heading: Heading) -> Markup:
    numeric = " kern-table__header--numeric" if heading.type is Type.NUMBER else ""
    return Markup('<th scope="col" class="kern-table__header{}">{}</th>').format(numeric, heading.title)


def _paragraphs(said: Iterable[str]) -> Markup:
    return Markup().join(Markup("<p>{}</p>\n").format(text) for text in said)


def _notes(said: Iterable[str]) -> Markup:
    items = Markup().join(Markup("<li>{}</li>\n").format(text) for text in said)
    return _LIST.format(items) if items else Markup()


def _kept(html: Markup) -> Markup:
    return Markup(legible(html))  # noqa: S704 - HTML without some characters is as escaped as before
