"""The rules of figures in words: what is said where one is broken, in a grid, of a sheet or to a program."""

from __future__ import annotations

from servicedir.domain.figures import FIRST_YEAR, HIGHEST, LONGEST_REMARK
from servicedir.web.translation import _

FIGURE_RULES = {
    "missing": _("Bitte füllen Sie dieses Feld aus."),
    "unknown_service": _("Diese Dienstleistung gibt es nicht."),
    "forbidden_service": _("Für diese Dienstleistung fehlt Ihnen die Rolle."),
    "unknown_value": _("Diese Auswahl gibt es nicht."),
    "unknown_field": _("Dieses Feld gibt es nicht."),
    "not_an_object": _("Hier wird eine Zahl mit ihren Feldern erwartet."),
    "not_a_list": _("Hier wird eine Liste erwartet."),
    "not_a_text": _("Hier wird ein Text erwartet."),
    "not_a_number": _("Hier wird eine ganze Zahl erwartet. Auch 0 ist eine."),
    "not_yes_or_no": _("Hier wird ja oder nein (true oder false) erwartet."),
    "not_a_period": _("Das ist kein Jahr und kein Monat: Schreiben Sie 2024 oder 2024-05."),
    "number_without_value": _("Geben Sie eine Zahl an, oder sagen Sie, warum es keine gibt."),
    "value_without_number": _("Wo es keine Zahl gibt, kann keine stehen."),
    "negative": _("Bitte geben Sie eine Zahl ab 0 an."),
    "too_high": _("Das ist zu hoch: möglich ist höchstens ${most}.", mapping={"most": HIGHEST}),
    "not_begun": _("Dieser Zeitraum hat noch nicht begonnen."),
    "too_early": _("So früh wurde nicht gezählt: möglich ist es ab ${year}.", mapping={"year": FIRST_YEAR}),
    "too_long": _("Das ist zu lang: möglich sind ${most} Zeichen.", mapping={"most": LONGEST_REMARK}),
    "not_kept": _("Darin ist ein Zeichen, das nicht gespeichert werden kann."),
    "figure_twice": _("Für diesen Zeitraum steht hier schon eine Zahl. Jede kann nur einmal vorkommen."),
    "too_many": _("Das sind zu viele auf einmal. Schicken Sie sie in mehreren Teilen."),
}
"""What a broken rule is called, by its name."""
