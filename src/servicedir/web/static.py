"""Style, script and fonts under addresses that change with their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise

_FOLDER = Path(__file__).parent / "static"


@cache
def prefix() -> str:
    """Return the path under which static files are served; it holds a digest of all of them."""
    digest = hashlib.sha256()
    for path in sorted(_FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(_FOLDER).as_posix().encode() + path.read_bytes())
    return f"/static/{digest.hexdigest()[:16]}"


def _add_headers(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Referrer-Policy"] = "strict-origin-when-cross-origin"


def wrap(app: Any, folder: Path) -> Any:
    """Return a WSGI application that serves the files of `folder` itself and leaves everything else to `app`."""
    return WhiteNoise(
        app,
        root=folder,
        prefix=prefix(),
        add_headers_function=_add_headers,
        immutable_file_test=lambda path, url: True,
        allow_all_origins=False,
    )
