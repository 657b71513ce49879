"""Templates become code in one thread at a time.

Python 3.11 counts how deep it is in a syntax tree for all threads together (python/cpython#106905, mended in 3.11.8):
threads that turn templates into code at once, as after a start, can make each other fail with a SystemError.
"""

from __future__ import annotations

from threading import RLock
from typing import Any

from pyramid.config import Configurator
from pyramid.decorator import reify
from pyramid_chameleon.renderer import template_renderer_factory
from pyramid_chameleon.zpt import PyramidPageTemplateFile, ZPTTemplateRenderer

_ONE_AT_A_TIME = RLock()


class Template(PyramidPageTemplateFile):
    """A template of a page or of a form; those that it loads are of this class as well."""

    def __init__(self, *where: str, macro: str | None = None, **options: Any) -> None:
        super().__init__(*where, macro=macro, **options)

    def cook_check(self) -> bool:
        if self._cooked and not self.auto_reload:
            return False
        with _ONE_AT_A_TIME:
            return bool(super().cook_check())


class _Renderer(ZPTTemplateRenderer):
    @reify  # What the lookup says is known only after the application is made.
    def template(self) -> Template:
        known = self.lookup
        return Template(
            self.path, auto_reload=known.auto_reload, debug=known.debug, translate=known.translate, macro=self.macro
        )


def includeme(config: Configurator) -> None:
    config.add_renderer(".pt", lambda info: template_renderer_factory(info, _Renderer))
    config.include("pyramid_chameleon.localization")
