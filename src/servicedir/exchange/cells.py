"""One value of an entry and its cell: written as people read it, read back as spreadsheets leave it."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final

from servicedir.domain import words
from servicedir.domain.day import Day
from servicedir.domain.service import LegalBasis, Stage
from servicedir.domain.text import LANGUAGES, Text
from servicedir.exchange.columns import Column, Shape

CUT: Final = " […]"
"""The end of a text that was too long for a cell of a workbook. Such a cell can be kept, but not changed."""


class Unfit(StrEnum):
    """Why a cell is refused, where it is not a rule of the entry that it breaks."""

    NOT_ONE_OF = "not_one_of"
    NOT_A_DAY = "not_a_day"
    NOT_A_NUMBER = "not_a_number"
    NOT_YES_OR_NO = "not_yes_or_no"
    ERROR_VALUE = "error_value"
    """A spreadsheet took the text for a formula and could not work it out."""
    SPOILT_NUMBER = "spoilt_number"
    """A spreadsheet rounded a long number."""
    CUT_OFF = "cut_off"
    """A text that was shortened for the workbook has been changed; the rest would be lost."""
    STAGE_WITHOUT_DAY = "stage_without_day"
    """A new stage, and not since when."""
    DETAILS_WITHOUT_STAGE = "details_without_stage"
    """Days or details of a channel of which no stage is known on this day."""


class BadCell(ValueError):
    """A cell that cannot be taken."""

    def __init__(self, code: Unfit) -> None:
        super().__init__(code.value)
        self.code = code


# What XML 1.0 and databases have no room for.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile(r"\r\n?")
_ERRORS = frozenset(
    "#NAME? #REF! #VALUE! #DIV/0! #N/A #NULL! #NUM! #WERT! #BEZUG! #NV #ZAHL! Err:508 Err:509 Err:510 Err:511".split()
)
_ROUNDED = re.compile(r"\d(?:[.,](\d+))?E\+?\d+", re.IGNORECASE)
_YES = frozenset({"yes", "ja", "true", "wahr", "x", "1"})
_NO = frozenset({"", "no", "nein", "false", "falsch", "0"})
_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan feb mär|mrz|mar|mae apr mai|may jun jul aug sep okt|oct nov dez|dec".split(), start=1
    )
    for name in names.split("|")
}


def plain(cell: str) -> str:
    """Return a cell without what spreadsheets change on their own: ends of lines, space around, decomposed umlauts."""
    return _UNWRITABLE.sub("", _LINE_END.sub("\n", unicodedata.normalize("NFC", cell))).strip()


def write(column: Column, value: Any) -> str:
    """Return the cell for a value of a column's field."""
    match column.shape:
        case Shape.TEXT:
            shown = value.get(column.language)
        case Shape.LINES:
            shown = "\n".join(value)
        case Shape.DOCUMENTS:
            shown = "\n".join(filter(None, map(_in_a_line, value)))
        case Shape.BASES:
            shown = "\n".join(map(_citation, value))
        case Shape.FLAG:
            shown = "yes" if value else ""
        case _:
            shown = "" if value is None else str(value)
    return _UNWRITABLE.sub("", _LINE_END.sub("\n", shown))


def unchanged(column: Column, cell: str, was: str) -> bool:
    """Return whether a cell says what was written into it, whatever a spreadsheet has made of it since.

    Raises BadCell where that cannot be told any more.
    """
    if cell == was:
        return True
    now, before = plain(cell), plain(was)
    # A sheet that was text with apostrophes before its dangerous cells may come back as a workbook.
    if now in (before, f"'{before}"):
        return True
    if now.endswith(CUT.strip()) and not before.endswith(CUT.strip()):
        if before.startswith(now.removesuffix(CUT.strip()).rstrip()):
            return True
        raise BadCell(Unfit.CUT_OFF)
    if now in _ERRORS:
        raise BadCell(Unfit.ERROR_VALUE)
    if column.shape is Shape.LINE and (match := _ROUNDED.fullmatch(now)):
        if before.isdecimal() and f"{int(before):.{len(match[1] or '')}E}" == now.replace(",", ".").upper():
            return True
        raise BadCell(Unfit.SPOILT_NUMBER)
    if column.shape is Shape.TEXT:
        return False
    if column.shape is Shape.LINES and now.isdecimal() and now == before.lstrip("0"):
        # A telephone number that came back as a number, without its zero.
        return True
    return bool(read(column, cell) == read(column, was))


def read(column: Column, cell: str, before: Any = None) -> Any:
    """Return what a changed cell says, given the value `before` (texts keep their other languages). Raises BadCell."""
    said = plain(cell)
    match column.shape:
        case Shape.TEXT:
            return Text.of({**dict(before or ()), column.language: said})
        case Shape.TERM:
            return _term(column, said)
        case Shape.LINES:
            return tuple(dict.fromkeys(_lines(said)))
        case Shape.DOCUMENTS:
            return _documents(_lines(said), before or ())
        case Shape.BASES:
            return tuple(map(_basis, _lines(said)))
        case Shape.DAY:
            return day(said) if said else None
        case Shape.NUMBER:
            return _number(said) if said else None
        case Shape.FLAG:
            return flag(said)
        case _:
            return said


def _lines(said: str) -> list[str]:
    return [line.strip() for line in said.split("\n") if line.strip()]


def _term(column: Column, said: str) -> StrEnum | None:
    if not said:
        return Stage.UNKNOWN if column.terms is Stage else None
    terms = column.terms or ()
    names = {label.casefold(): term for term in terms for label in (*(words.label(term, c) for c in LANGUAGES), term)}
    try:
        return names[said.casefold()]
    except KeyError:
        raise BadCell(Unfit.NOT_ONE_OF) from None


def _in_a_line(document: Text) -> str:
    return " ".join(document.within("de").split())


def _documents(lines: list[str], before: tuple[Text, ...]) -> tuple[Text, ...]:
    """Return the documents of these lines: a line that was there keeps its translations, one in its place as well."""
    known = dict(zip(map(_in_a_line, before), before, strict=True))
    old = list(known)
    found = [known.get(line, Text.of(line)) for line in lines]
    for what, first, last, start, end in SequenceMatcher(None, old, lines, autojunk=False).get_opcodes():
        if what == "replace" and last - first == end - start:
            for name, at in zip(old[first:last], range(start, end), strict=True):
                if name not in lines and lines[at] not in known:
                    language = known[name].show("de").language or "de"
                    found[at] = Text.of({**dict(known[name]), language: lines[at]})
    return tuple(found)


def _citation(basis: LegalBasis) -> str:
    bar = "|" in basis.citation or basis.url
    return f"{basis.citation} | {basis.url}".rstrip() if bar else basis.citation


def _basis(line: str) -> LegalBasis:
    citation, bar, url = line.rpartition("|")
    return LegalBasis(citation.strip(), url.strip()) if bar else LegalBasis(line)


def day(said: str) -> Day:
    """Return the day of a cell: ours, or as German and English spreadsheets show `2024-05` and `2024-05-01`.

    Raises BadCell.
    """
    text = re.sub(r"[ T]00:00(:00)?$", "", said)
    if match := re.fullmatch(r"(?:(\d{1,2})\.)?(\d{1,2})[./](\d{4})", text, re.ASCII):
        day, month, year = match.groups()
        text = f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    elif match := re.fullmatch(r"([^\W\d]{3,9})\.?[ -](\d\d|\d{4})", text):
        year = match[2] if len(match[2]) == 4 else f"20{match[2]}"
        text = f"{year}-{_MONTHS.get(match[1][:3].casefold(), 0):02}"
    try:
        return Day(text)
    except ValueError:
        raise BadCell(Unfit.NOT_A_DAY) from None


def _number(said: str) -> int:
    match = re.fullmatch(r"(-?\d{1,9})(?:[.,]0+)?", said, re.ASCII)
    if not match:
        raise BadCell(Unfit.NOT_A_NUMBER)
    return int(match[1])


def flag(said: str) -> bool:
    """Return whether a cell says yes. Raises BadCell."""
    if said.casefold() in _YES | _NO:
        return said.casefold() in _YES
    raise BadCell(Unfit.NOT_YES_OR_NO)
