"""Style, script and fonts under addresses that change with their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from servicedir.web.answers import Answer

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".md": "text/markdown"}
"""Types that the tables of some machines do not know, or call otherwise."""

_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


@cache
def prefix() -> str:
    """Return the path under which static files are served; it holds a digest of all of them."""
    digest = hashlib.sha256()
    for name, content in _contents(_FOLDER):
        digest.update(name.encode() + content)
    return f"/static/{digest.hexdigest()[:16]}"


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _answer(name: str, content: bytes) -> Answer:
    suffix = Path(name).suffix
    kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {
        "Content-Type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        "Content-Length": str(len(content)),
        "ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        **_HEADERS,
    }
    return Answer(list(headers.items()), content)


class StaticFiles:
    """The static files as finished answers, and behind them the application, which answers everything else."""

    def __init__(self, application: Any, folder: Path = _FOLDER) -> None:
        self.application = application
        self.files = {f"{prefix()}/{name}": _answer(name, content) for name, content in _contents(folder)}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer with a file, or let the application answer."""
        found: Any = self.files.get(environ.get("PATH_INFO", ""))
        if found is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            found = self.application
        answered: Iterable[bytes] = found(environ, start_response)
        return answered
