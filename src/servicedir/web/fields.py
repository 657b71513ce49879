"""Fields: the types, widgets and rules that schemas are made of, and the sentences that say what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import colander
import deform
from deform.widget import MappingWidget, OptGroup, SequenceWidget
from translationstring import TranslationString, TranslationStringFactory

from servicedir.domain.day import Day
from servicedir.domain.text import Text

_ = TranslationStringFactory("servicedir")

MAX_ITEMS = 200  # entries of one list, where the schema says nothing smaller
_CHOOSE = _("Bitte wählen Sie etwas aus.")
_NO_CHOICE = _("Diese Auswahl gibt es nicht (mehr). Bitte wählen Sie etwas anderes.")

# Colander's sentences are made for programmers, and not all of them are translated: these take their place.
_SENTENCES: dict[str, TranslationString] = {
    "Required": _("Bitte füllen Sie dieses Feld aus."),
    "Invalid value": _("Diese Angabe ist nicht möglich."),
    "String does not match expected pattern": _("Diese Angabe hat nicht die verlangte Form."),
    "Invalid email address": _("Das ist keine E-Mail-Adresse. Beispiel: name@example.org"),
    "Must be a URL": _("Das ist keine Internetadresse. Beispiel: https://www.example.org/seite"),
    "${val} is less than minimum value ${min}": _("Bitte geben Sie mindestens ${min} an."),
    "${val} is greater than maximum value ${max}": _("Bitte geben Sie höchstens ${max} an."),
    "Shorter than minimum length ${min}": _("Das ist zu kurz: mindestens ${min} Zeichen."),
    "Longer than maximum length ${max}": _("Das ist zu lang: höchstens ${max} Zeichen."),
    '"${val}" is not one of ${choices}': _NO_CHOICE,
    "One or more of the choices you made was not acceptable": _NO_CHOICE,
    '"${val}" is not a valid "${cls}"': _NO_CHOICE,
    '"${val}" is not a number': _("Das ist keine Zahl. Beispiel: 12"),
    "Invalid date": _("Das ist kein Datum. Beispiel: 2024-05-01"),
    "Invalid time": _("Das ist keine Uhrzeit. Beispiel: 14:30"),
}
_OF_A_LIST: dict[str, TranslationString] = {
    "Required": _CHOOSE,
    "Shorter than minimum length ${min}": _("Das sind zu wenige: mindestens ${min}."),
    "Longer than maximum length ${max}": _("Das sind zu viele: höchstens ${max}."),
}


# Types: what stands between the text of a field and a value of ours.


class Strict(colander.Mapping):
    """A mapping that refuses names it does not know from outside, and takes of our own values what it knows."""

    def __init__(self) -> None:
        super().__init__(unknown="raise")

    def serialize(self, node, appstruct):
        """Return the fields' texts; None and a name that is missing are an empty field."""
        values = {} if appstruct is colander.null else dict(appstruct)
        known = {child.name: values.get(child.name) for child in node.children}
        return super().serialize(node, {name: colander.null if v is None else v for name, v in known.items()})


class Schema(colander.MappingSchema):
    """The base of every schema: an unknown field is an error (ASVS 15.3.3, no mass assignment)."""

    schema_type = Strict


class TextsType(Strict):
    """A domain `Text`: one field per language."""

    def deserialize(self, node, cstruct):
        """Return a `Text`, or null where nothing came."""
        value = super().deserialize(node, cstruct)
        return value if value is colander.null else Text.of(value)


class DayType(colander.String):
    """A domain `Day`: 2024, 2024-05, 2024-05-01, and as people write it: 05.2024, 5/2024, 1.5.2024."""

    def serialize(self, node, appstruct):
        """Return the day as the form's language writes it: 05.2024 in German, else 2024-05 (ISO 8601)."""
        if appstruct is colander.null:
            return appstruct
        request = (node.bindings or {}).get("request")
        is_german = request is not None and request.locale_name == "de"
        return ".".join(reversed(str(appstruct).split("-"))) if is_german else str(appstruct)

    def deserialize(self, node, cstruct):
        """Return a `Day`; raise Invalid for what no calendar has."""
        text = super().deserialize(node, cstruct)
        if text is colander.null:
            return text
        text = text.strip()
        if match := re.fullmatch(r"(?:([0-9]{1,2})\. ?)?([0-9]{1,2})[./] ?([0-9]{4})", text):
            day, month, year = match.groups()
            text = "-".join([year, month.zfill(2), *([day.zfill(2)] if day else [])])
        try:
            return Day(text)
        except ValueError:
            words = _("Das ist kein Datum. Möglich sind Jahr (2024), Monat (05.2024) oder Tag (01.05.2024).")
            raise colander.Invalid(node, words) from None

    def widget_maker(self, **kw):
        """Return the widget of a node that names none."""
        return DayWidget(**kw)


class YesNoUnknown(colander.SchemaType):
    """True, False, or None where nobody has said: `unknown` is not `no`."""

    values: tuple[tuple[str, Any], ...] = (("yes", _("Ja")), ("no", _("Nein")), ("unknown", _("Nicht bekannt")))

    def serialize(self, node, appstruct):
        """Return `yes`, `no` or `unknown`."""
        return {True: "yes", False: "no"}.get(appstruct, "unknown")

    def deserialize(self, node, cstruct):
        """Return True, False or None."""
        return {"yes": True, "no": False}.get(cstruct)

    def widget_maker(self, **kw):
        """Return the widget of a node that names none."""
        return RadioWidget(values=self.values, inline=True, **kw)


# Widgets: deform's, with our templates; what deform has ready (checkbox, hidden) needs no class of ours.


class TextWidget(deform.widget.TextInputWidget):
    """One line of text. `type` is the input's, `attributes` go on it (`{"autocomplete": "username"}`)."""

    type = "text"
    attributes: Mapping[str, str] = {}


class DayWidget(TextWidget):
    """A day that may be known only to the month or the year: no date picker can say that."""

    attributes: Mapping[str, str] = {
        "pattern": r"[0-9]{4}(-[0-9]{2}){0,2}|([0-9]{1,2}\. ?)?[0-9]{1,2}[.\/] ?[0-9]{4}",
        "autocomplete": "off",
    }
    hint = _("Jahr, Monat oder Tag. Beispiele: 2024, 05.2024, 01.05.2024")


class NumberWidget(TextWidget):
    """A number, typed as text, since number inputs swallow what they do not understand; a comma is a point."""

    attributes: Mapping[str, str] = {"inputmode": "decimal", "autocomplete": "off"}

    def deserialize(self, field, pstruct):
        """Return the digits; raise Invalid for `1e9`, `nan`, `1_000` and whatever else Python takes for a number."""
        text = super().deserialize(field, pstruct)
        if text is colander.null:
            return text
        plain = re.sub("[ \u00a0\u2009\u202f]", "", text)
        if not re.fullmatch(r"[-+]?[0-9]{1,18}(?:[.,][0-9]{1,9})?", plain):
            raise colander.Invalid(field.schema, _SENTENCES['"${val}" is not a number'], text)
        return plain.replace(",", ".")


class UrlWidget(TextWidget):
    """An address on the web; the node wants the validator `web_address` as well. Typed as text: the browser's own
    type trims what was typed, and a page that shows a wrong address again is no valid HTML.
    """

    attributes: Mapping[str, str] = {"inputmode": "url", "autocomplete": "off"}
    hint = _("Beispiel: https://www.example.org/seite")


class PasswordWidget(deform.widget.PasswordWidget):
    """A password: never shown again, never trimmed. `autocomplete` is `current-password` or `new-password`."""

    strip = False
    autocomplete = "current-password"


class MarkdownWidget(deform.widget.TextAreaWidget):
    """A long text with the five things that people format: static/markdown.js adds a button for each, and a preview,
    for which the form's address answers with HTML to what is posted to it as `markdown`.
    """

    template = "markdown"
    rows = 10
    hint = _(
        "So formatieren Sie: **fett**, *kursiv*, - Aufzählung, ## Überschrift, [Linktext](https://www.example.org)"
    )


class TextsWidget(MappingWidget):
    """A text in several languages: one labelled field for each, side by side where there is room."""

    template = "texts"


class BesideWidget(MappingWidget):
    """A group of short fields that are said in one breath: side by side where there is room."""

    template = "beside"


class _Choosing:
    """What the three widgets of choices share; `values` are pairs of value and label, a select takes `OptGroup`s."""

    values: Sequence[Any] = ()

    def choices(self, field, cstruct):
        """Return [(label of the group or None, [(id, value, label, chosen)])].

        What is chosen but no longer on offer is named, not dropped: saving would change it unseen.
        """
        chosen = {cstruct} if isinstance(cstruct, str) else set(cstruct or ())
        groups = _grouped(self.values)
        gone: list[Any] = sorted(chosen - _offered(self.values) - {""})
        if gone:
            word = field.translate(_("nicht mehr vorhanden"))
            groups.append((None, [(value, f"{value} ({word})") for value in gone]))
        number = count()
        return [
            (
                field.translate(label) if label else None,
                [
                    (f"{field.oid}-{next(number)}", str(value), field.translate(words), str(value) in chosen)
                    for value, words in options
                ],
            )
            for label, options in groups
        ]

    def deserialize(self, field, pstruct):
        """Return the chosen value or values; raise Invalid for one that was not on offer."""
        chosen = super().deserialize(field, pstruct) or colander.null  # type: ignore[misc]  # deform's widget is next
        asked = {chosen} if isinstance(chosen, str) else set(chosen or ())
        if not asked <= _offered(self.values):
            raise colander.Invalid(field.schema, _NO_CHOICE, chosen)
        return chosen


class SelectWidget(_Choosing, deform.widget.SelectWidget):
    """One of many. `empty` is the words of the first, empty entry; None leaves it out."""

    empty: str | None = _("Bitte wählen")


class RadioWidget(_Choosing, deform.widget.RadioChoiceWidget):
    """One of a few, all in sight. `inline` puts them on one line."""

    inline = False


class ChecklistWidget(_Choosing, deform.widget.CheckboxChoiceWidget):
    """Any of many: a list of checkboxes, which scrolls when it is long. For `colander.Set`."""


class ListWidget(SequenceWidget):
    """A list of entries with buttons to add, remove and move. `add_label` is the words on the button; with
    `newest_first` a new entry comes on top; `min_len` and `max_len` bound it.
    """

    orderable = True
    newest_first = False
    add_label: str | None = None
    max_len = MAX_ITEMS


def texts(languages: Mapping[str, str] | None = None, *, required=(), rows=0, maximum=20_000, markdown=False, **kw):
    """Return a schema node for a domain `Text`.

    `languages` maps codes to labels: give all those the stored text has, what has no field is lost on saving.
    `required` names those that may not be empty; with `rows` or `markdown` the fields are text areas.
    """
    names = {"de": _("Deutsch"), "en": _("Englisch")} if languages is None else languages
    widget = TextsWidget(hint=MarkdownWidget.hint if markdown else "")
    node = colander.SchemaNode(TextsType(), widget=widget, **kw)
    for code, label in names.items():
        on_input = {"lang": code, "dir": "auto"}
        # The whole has the hint already.
        long = MarkdownWidget(attributes=on_input, hint="") if markdown else None
        area = long or deform.widget.TextAreaWidget(rows=rows, attributes=on_input)
        line = TextWidget(attributes=on_input)
        missing = colander.required if code in required else colander.drop
        length = colander.Length(max=maximum)
        node.add(
            colander.SchemaNode(
                colander.String(),
                name=code,
                title=label,
                missing=missing,
                validator=length,
                widget=area if rows or markdown else line,
            )
        )
    return node


def web_address(node, value) -> None:
    """Raise Invalid unless the value is an address that a browser may be sent to (ASVS 1.2.2): http or https, a
    host, no user name, no space.
    """
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        good = False
    if not good or len(value) > 2000 or re.search(r"[\s\\<>\"\x00-\x1f\x7f]", value):
        raise colander.Invalid(node, _SENTENCES["Must be a URL"])


def sentence(field, message) -> str:
    """Return an error message in the person's language, with ours in the place of colander's."""
    group = isinstance(field.widget, _Choosing | SequenceWidget)
    ours = (_OF_A_LIST.get(message) if group else None) or _SENTENCES.get(message)
    if ours is not None:
        message = TranslationString(ours, mapping=getattr(message, "mapping", None))
    return field.translate(message)


def _grouped(values) -> list[tuple[Any, list[tuple[Any, Any]]]]:
    """Return choices as pairs of group label and options; those outside any group have the label None."""
    groups: list[tuple[Any, list[tuple[Any, Any]]]] = []
    for value in values:
        if isinstance(value, OptGroup):
            groups.append((value.label, list(value.options)))
        elif groups and groups[-1][0] is None:
            groups[-1][1].append(value)
        else:
            groups.append((None, [value]))
    return groups


def _offered(values) -> set[str]:
    return {str(value) for _label, options in _grouped(values) for value, _words in options}
