"""The rules of an entry in words: what is said where one is broken, beside a field or to a program."""

from __future__ import annotations

from servicedir.web.translation import _

RULES = {
    "missing": _("Bitte füllen Sie dieses Feld aus."),
    "not_a_slug": _("Möglich sind Kleinbuchstaben, Ziffern und einzelne Bindestriche."),
    "not_a_leika_key": _("Ein LeiKa-Schlüssel hat 14 Ziffern und beginnt mit 99."),
    "related_to_itself": _("Eine Dienstleistung ist nicht mit sich selbst verwandt."),
    "channel_twice": _("Diesen Zugangsweg gibt es schon. Tragen Sie den Stand dort ein."),
    "ends_before_it_begins": _("Das Ende liegt vor dem Anfang."),
    "ruled_out_without_reason": _("Wer „nicht möglich“ sagt, nennt den Grund."),
    "negative": _("Bitte geben Sie eine Zahl ab 0 an."),
    "not_a_web_address": _("Das ist keine Internetadresse. Beispiel: https://www.example.org/seite"),
    "overlaps": _("Dieser Stand überschneidet sich mit einem anderen. Bitte ändern Sie „Seit“ oder „Bis“."),
    "undated": _(
        "Seit wann? Ist das nicht bekannt, tragen Sie unter „Belegt für“ ein, für welche Zeit die Quelle es sagt."
    ),
    "unknown_related": _("Mindestens eine dieser Dienstleistungen gibt es nicht. Wählen Sie aus der Liste."),
    "unknown_reference": _("Diese Auswahl gibt es nicht (mehr). Bitte wählen Sie etwas anderes."),
}
"""What a broken rule of the domain is called, by its name."""
