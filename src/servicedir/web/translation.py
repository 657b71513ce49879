"""The languages of the interface: German sentences are the message ids, English comes from locale/en."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from pyramid.config import Configurator
from pyramid.i18n import Translations, TranslationStringFactory, make_localizer
from pyramid.interfaces import ILocalizer, ITranslationDirectories
from pyramid.request import Request

DOMAIN = "servicedir"

_ = TranslationStringFactory(DOMAIN)

LOCALE = Path(__file__).parent.parent / "locale"


def read_catalogue(language: str) -> Translations:
    """Return our messages in a language: another object each time, since who adds it to others changes it."""
    return Translations(fileobj=io.BytesIO(_compiled(language)), domain=DOMAIN)


@lru_cache
def _compiled(language: str) -> bytes:
    """Return the .po file of a language, compiled when it is first asked for: no file of that lies about, stale."""
    compiled = io.BytesIO()
    with (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language, domain=DOMAIN))
    return compiled.getvalue()


def language_of(request: Request) -> str:
    """Return the language of a request: `lang` in its address, no cookie, so that every link says what it leads to."""
    languages = request.registry.house.settings.languages
    try:
        wanted = request.GET.get("lang")
    except UnicodeDecodeError:
        wanted = None
    return wanted if wanted in languages else languages[0]


def includeme(config: Configurator) -> None:
    """Set the language of each request, and give each language its messages: ours, colander's and deform's."""
    config.add_translation_dirs("colander:locale", "deform:locale")
    config.set_locale_negotiator(language_of)
    config.action(None, _register, args=(config.registry,), order=1000)


def _register(registry: Any) -> None:
    folders = registry.queryUtility(ITranslationDirectories, default=[])
    for language in registry.house.settings.languages:
        localizer = make_localizer(language, folders)
        if (LOCALE / language).is_dir():
            localizer.translations.add(read_catalogue(language))
        registry.registerUtility(localizer, ILocalizer, name=language)
