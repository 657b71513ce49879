"""What is said about sheets: why a file or a row is refused, what becomes of a row, how far one is."""

from __future__ import annotations

from typing import Any

from servicedir.directory.uploads import Phase
from servicedir.domain import words
from servicedir.domain.sheet_plan import Obstacle, Result
from servicedir.exchange.cells import Unfit
from servicedir.exchange.columns import BY_NAME
from servicedir.exchange.table import Flaw
from servicedir.web.rules import RULES
from servicedir.web.translation import _

FLAWS = {
    Flaw.NOT_TEXT: _("Die Datei ist kein lesbarer Text. Speichern Sie sie als „CSV UTF-8“ oder als Excel-Datei."),
    Flaw.NOT_CSV: _("In Zeile ${row} fehlt ein Anführungszeichen. Speichern Sie die Tabelle noch einmal als CSV."),
    Flaw.NOT_A_WORKBOOK: _("Das ist keine Excel-Datei, die sich lesen lässt. Speichern Sie sie als .xlsx."),
    Flaw.TOO_LARGE: _("Die Datei ist zu groß: höchstens 20 MB, ausgepackt höchstens 50 MB. Teilen Sie sie auf."),
    Flaw.TOO_MANY_ROWS: _("Das sind mehr als ${limit} Zeilen. Teilen Sie die Tabelle auf."),
    Flaw.TOO_MANY_FIGURES: _("Das sind mehr als ${limit} Zahlen. Teilen Sie die Tabelle auf."),
    Flaw.TOO_MANY_COLUMNS: _("Das sind mehr als ${limit} Spalten. Teilen Sie die Tabelle auf."),
    Flaw.TOOK_TOO_LONG: _("Das Lesen hat zu lange gedauert. Teilen Sie die Tabelle auf, oder nehmen Sie CSV."),
    Flaw.NO_SLUG_COLUMN: _("Die Spalte „slug“ fehlt. In der ersten Zeile müssen die Namen der Spalten stehen."),
    Flaw.NO_COLUMN: _("Die Spalte „${column}“ fehlt. In der ersten Zeile müssen die Namen der Spalten stehen."),
    Flaw.COLUMN_TWICE: _("Die Spalte „${column}“ gibt es zweimal."),
    Flaw.SLUG_TWICE: _("In Zeile ${row} steht „${slug}“, das es schon in Zeile ${first} gibt."),
    Flaw.CELLS_BEYOND_COLUMNS: _("Zeile ${row} hat mehr Zellen als es Spalten gibt: Da ist etwas verrutscht."),
}
"""Why a file is refused as a whole."""

_OBSTACLES: dict[str, Any] = {
    "missing": _("In der Spalte „${column}“ muss etwas stehen."),
    Unfit.NOT_ONE_OF: _("„${value}“ ist in der Spalte „${column}“ nicht möglich. Möglich sind: ${choices}."),
    Unfit.NOT_A_DAY: _("„${value}“ ist kein Tag. Möglich sind 2024, 2024-05 und 2024-05-01."),
    Unfit.NOT_A_NUMBER: _("„${value}“ ist keine ganze Zahl."),
    Unfit.NOT_YES_OR_NO: _("Möglich sind nur „yes“ (oder „ja“) und „no“ (oder „nein“)."),
    Unfit.ERROR_VALUE: _("Das Tabellenprogramm hat den Text für eine Formel gehalten. Setzen Sie ein ' davor."),
    Unfit.SPOILT_NUMBER: _("Das Tabellenprogramm hat eine lange Zahl gerundet. Formatieren Sie die Zelle als Text."),
    Unfit.CUT_OFF: _("Der Text war für die Zelle zu lang und ist gekürzt. Ändern Sie ihn im Eintrag selbst."),
    Unfit.STAGE_WITHOUT_DAY: _("Ein neuer Stand braucht einen Tag in „since“."),
    Unfit.DETAILS_WITHOUT_STAGE: _("An diesem Tag ist kein Stand bekannt, zu dem diese Angaben gehören könnten."),
    Obstacle.NOT_YOURS: _(
        "Diesen Eintrag gibt es nicht, oder Sie haben dort keine Rolle. "
        "Soll er neu entstehen, wählen Sie einen anderen Kurznamen und lassen Sie „revision“ leer."
    ),
    Obstacle.MOVED: _("Der Eintrag hat jetzt einen anderen Kurznamen: ${value}"),
    Obstacle.OTHER_OFFICE: _("Der Eintrag gehört zu einem anderen Amt."),
    Obstacle.FORBIDDEN: _("Dafür fehlt Ihnen bei diesem Eintrag die Rolle."),
    Obstacle.FORBIDDEN_THERE: _("Für das Amt „${value}“ fehlt Ihnen die Rolle."),
    Obstacle.IN_REVIEW: _("Der Eintrag liegt zur Prüfung. Das geht erst danach."),
    Obstacle.RETIRED: _("Der Eintrag ist zurückgezogen."),
    Obstacle.HAS_DRAFT: _("Neben dem Eintrag liegt ein Entwurf, der sonst verloren ginge."),
    Obstacle.NO_SUCH_REVISION: _("Eine Fassung „${value}“ hat dieser Eintrag nicht."),
    Obstacle.OVERTAKEN: _("Das hat seit der Ausgabe jemand anders geändert. Dort steht jetzt: „${value}“"),
    "unknown_reference": _("„${value}“ gibt es nicht (mehr)."),
    "unknown_related": _("Eine Dienstleistung „${value}“ gibt es nicht."),
}

HINDRANCES: dict[str, Any] = RULES | _OBSTACLES
"""What keeps a row from being taken; also the rules of the domain."""

RESULTS = {
    Result.REFUSED: _("Abgelehnt"),
    Result.CHANGED: _("Geändert"),
    Result.NEW: _("Neu"),
    Result.UNCHANGED: _("Unverändert"),
}

PHASES = {
    Phase.PLANNING: _("wird gelesen"),
    Phase.PLANNED: _("wartet auf Ihr Ja"),
    Phase.APPLYING: _("wird übernommen"),
    Phase.APPLIED: _("übernommen"),
    Phase.FAILED: _("abgebrochen"),
}


def hindrance(column: str, code: str, value: str, language: str) -> Any:
    """Return what keeps a row from being taken, as a message to translate."""
    shown = value if len(value) <= 60 else f"{value[:60]}…"
    return HINDRANCES[code] % {"value": shown, "column": column, "choices": _choices(column, language)}


def _choices(column: str, language: str) -> str:
    """Return what a cell of a column can say, with what that means."""
    terms = BY_NAME[column].terms if column in BY_NAME else None
    return ", ".join(f"{term.value} ({words.label(term, language)})" for term in terms or ())


def meaning(column: str) -> str:
    """Return what a column holds, in German; an empty string for what is none, such as a field without a column."""
    return BY_NAME[column].meaning if column in BY_NAME else ""
