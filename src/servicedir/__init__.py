"""servicedir: a catalogue of every service of a city, and how each can be reached, on any day."""

from __future__ import annotations

import sys
from typing import Any

__version__ = "0.1.0"


def main(global_config: dict[str, str] | None, **ini: str) -> Any:
    """Return the WSGI application of an ini section; a broken setting stops the start with one line that names it."""
    from servicedir import settings
    from servicedir.directory import House
    from servicedir.web import make_app

    try:
        return make_app(House(settings.read(ini)))
    except settings.BadSetting as fault:
        sys.exit(f"servicedir: {fault}")
