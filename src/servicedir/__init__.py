"""servicedir: a catalogue of every service of a city, and how each can be reached, on any day."""

from __future__ import annotations

import sys
import warnings
from typing import Any

# Pyramid still imports pkg_resources, which says so on every start. setuptools is held below 81 (requirements/),
# where it works; nobody who runs servicedir can do anything about it.
warnings.filterwarnings("ignore", message="pkg_resources is deprecated", category=UserWarning)

__version__ = "0.1.0"


def main(global_config: dict[str, str] | None, **ini: str) -> Any:
    """Return the WSGI application of an ini section; a broken setting stops the start with one line that names it."""
    from servicedir import logs, settings
    from servicedir.directory import House
    from servicedir.web import make_app

    logs.set_up()
    try:
        return make_app(House(settings.read(ini)))
    except settings.BadSetting as fault:
        sys.exit(f"servicedir: {fault}")
