"""Where what a program sent is not what the description says, and what is said of it, in words of our own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from jsonschema.exceptions import ValidationError
from translationstring import TranslationString

from servicedir.web.api.description import errors
from servicedir.web.api.problems import SENTENCES, pointer
from servicedir.web.api.reading import WORDS
from servicedir.web.translation import _

RULES = {
    "not_a_slug": SENTENCES["not_a_slug"],
    "not_a_leika_key": SENTENCES["not_a_leika_key"],
    "not_a_web_address": SENTENCES["not_a_web_address"],
    "not_a_day": _("Das ist kein Tag, Monat oder Jahr: schreiben Sie 2024-05-31, 2024-05 oder 2024."),
    "not_a_language": _("Das ist kein Kürzel einer Sprache wie de oder uk."),
}
"""What is said where a pattern of the description does not fit, by the `x-rule` that stands beside it."""

_OF_FORMATS = {
    "date": _("Das ist kein Tag: schreiben Sie ihn wie 2024-05-31."),
    "date-time": _("Das ist kein Zeitpunkt: schreiben Sie ihn wie 2024-05-31T12:00:00Z."),
    "uri": SENTENCES["not_a_web_address"],
}

_OF_LIMITS = {
    "minLength": _("Das ist zu kurz: nötig sind mindestens ${limit} Zeichen."),
    "maxLength": _("Das ist zu lang: möglich sind höchstens ${limit} Zeichen."),
    "minItems": _("Das ist zu wenig: nötig sind mindestens ${limit}."),
    "maxItems": _("Das ist zu viel: möglich sind höchstens ${limit}."),
    "minProperties": _("Das ist zu wenig: nötig sind mindestens ${limit}."),
    "maxProperties": _("Das ist zu viel: möglich sind höchstens ${limit}."),
    "minimum": _("Möglich ist eine Zahl ab ${limit}."),
    "maximum": _("Möglich ist eine Zahl bis ${limit}."),
}
"""What is said of a limit, by its keyword."""


class Misfit(NamedTuple):
    """What does not fit: its place, and a sentence that can be translated."""

    where: tuple[str | int, ...]
    sentence: Any


def _german(message: Any) -> str:
    return str(message.interpolate() if isinstance(message, TranslationString) else message)


def faults(schema: str, value: Any, translate: Any = _german) -> list[dict[str, str]]:
    """Return where a value is not what a schema of the description says, each once: `pointer` and translated `detail`.

    A missing or unknown field has its own place, whether it is there or not.
    """
    found: dict[tuple[str, str], None] = {}
    for error in errors(schema, value):
        for where, sentence in _said(error, translate):
            found[pointer(where, None), str(translate(sentence))] = None
    return [{"pointer": place, "detail": detail} for place, detail in found]


def _said(error: ValidationError, translate: Any) -> Iterator[Misfit]:
    where = tuple(error.absolute_path)
    keyword, wanted = str(error.validator), error.validator_value
    if "propertyNames" in list(error.relative_schema_path)[:-1]:
        yield Misfit((*where, str(error.instance)), _rule(error) or RULES["not_a_language"])
    elif keyword == "required":
        yield from (Misfit((*where, name), _("Dieses Feld fehlt.")) for name in wanted if name not in error.instance)
    elif keyword == "additionalProperties":
        unknown = [name for name in error.instance if name not in error.schema.get("properties", ())]
        yield from (Misfit((*where, name), _("Dieses Feld gibt es hier nicht.")) for name in unknown)
    elif keyword in ("anyOf", "oneOf") and error.context:
        yield from _of_several(error, translate)
    else:
        yield Misfit(where, _sentence(error, keyword, wanted, translate))


def _of_several(error: ValidationError, translate: Any) -> Iterator[Misfit]:
    """Yield what does not fit in the one possibility that was meant; where none is like it, which kinds there are."""
    context = sorted(error.context or (), key=lambda inner: inner.schema_path[0])
    ways = [list(inner) for _at, inner in groupby(context, key=lambda inner: inner.schema_path[0])]
    meant = [way for way in ways if not any(inner.validator == "type" and not inner.path for inner in way)]
    meant = [way for way in meant if way[0].validator != "const"] or meant
    if len(meant) == 1:
        for inner in meant[0]:
            yield from _said(inner, translate)
        return
    kinds = [kind for inner in context if inner.validator == "type" for kind in _listed(inner.validator_value)]
    yield Misfit(tuple(error.absolute_path), _kinds(kinds, translate) if kinds else SENTENCES["unreadable"])


def _sentence(error: ValidationError, keyword: str, wanted: Any, translate: Any) -> Any:
    match keyword:
        case "type":
            return _kinds(_listed(wanted), translate)
        case "enum" | "const":
            words = [wanted] if keyword == "const" else wanted
            allowed = ", ".join(word if isinstance(word, str) else json.dumps(word) for word in words)
            return _("Möglich ist hier: ${allowed}.", mapping={"allowed": allowed})
        case "format" if wanted in _OF_FORMATS:
            return _OF_FORMATS[wanted]
        case "pattern":
            return _rule(error) or _("Das hat nicht die Form, die hier nötig ist.")
        case _ if keyword in _OF_LIMITS:
            return _OF_LIMITS[keyword] % {"limit": wanted}
    return SENTENCES["unreadable"]


def _rule(error: ValidationError) -> Any:
    return RULES.get(error.schema.get("x-rule", "")) if isinstance(error.schema, dict) else None


def _listed(kinds: Any) -> list[str]:
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _kinds(kinds: Iterable[str], translate: Any) -> Any:
    said = dict.fromkeys(str(translate(WORDS.get(kind, kind))) for kind in kinds)
    return _("Hier gehört etwas anderer Art hin: ${kinds}.", mapping={"kinds": f" {translate(_('oder'))} ".join(said)})
