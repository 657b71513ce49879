"""How much one reader or program may ask of the API: counted in memory before anything else is done.

Reads are counted by the address that asks, as the trusted proxy tells it; requests with a token by that token as soon
as it has shown itself to be a good one. Nothing is written down, and after a minute everything is forgotten. Each
process counts for itself: several of them allow so many times as much.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from math import ceil
from threading import Lock
from typing import Any
from urllib.parse import quote

from webob.request import BaseRequest

from servicedir.domain.reader import reader
from servicedir.settings import Settings
from servicedir.web.problem import OPEN, address_of_kind

WINDOW = 60
"""Seconds for which is counted."""

MOST_READERS = 100_000
"""Addresses that are told apart in a window; those beyond are counted together, so that memory has an end."""

LIMITED = ("/api/v1/", "/hsds", "/data/services.", "/rollout.csv", "/rollout/")
"""Beginnings of the paths that are limited: what programs ask for, and files that are made for who asks."""

_THE_OTHERS = "*"

_REFUSED = "429 Too Many Requests"
_SENTENCES = {
    "de": ("Zu viele Anfragen", "Möglich sind {limit} in einer Minute. Versuchen Sie es in {seconds} Sekunden wieder."),
    "en": ("Too many requests", "{limit} are possible in a minute. Try again in {seconds} seconds."),
}

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Limits:
    """The application with the API limited; any thread may ask. `clock` gives seconds that only grow."""

    def __init__(
        self, application: Application, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.application = application
        self._limit = limit = settings.api_limit
        self._language = settings.languages[0]
        self._base = settings.base_url
        self._clock = clock
        self._lock = Lock()
        self._counts: dict[str, int] = {}
        self._ends = 0.0
        self._good: frozenset[str] = frozenset()
        self._policy = ("RateLimit-Policy", f'"default";q={limit};w={WINDOW}')

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Let the application answer, and say how much is left; answer 429 where nothing is."""
        who = self._who(environ) if environ.get("PATH_INFO", "").startswith(LIMITED) else ""
        if not who:
            return self.application(environ, start_response)
        used, seconds = self._count(who)
        said = [self._policy, ("RateLimit", f'"default";r={max(self._limit - used, 0)};t={seconds}')]
        if used > self._limit:
            return self._refuse(environ, start_response, said, seconds)

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            # Another list: the one that came may belong to an answer that is kept.
            return start_response(status, headers + said, *([exc_info] if exc_info else []))

        return self.application(environ, start)

    def knows(self, secret: str, *, good: bool) -> None:
        """Note that a token is good, and counted for itself from now on, or that it is not any more."""
        key = _of_token(secret)
        if (key in self._good) != good:
            with self._lock:
                self._good = self._good | {key} if good else self._good - {key}

    def _who(self, environ: Environ) -> str:
        """Return as whom a request is counted; an empty string where nobody can be told from anybody else."""
        said = environ.get("HTTP_AUTHORIZATION")
        if said:
            key = _of_token(said.partition(" ")[2].strip())
            if key in self._good:
                return key
        address: str = environ.get("REMOTE_ADDR", "")
        return reader(address)

    def _count(self, who: str) -> tuple[int, int]:
        """Return how much a reader has asked for in this window, this time included, and the seconds until its end."""
        now = self._clock()
        with self._lock:
            if now >= self._ends:
                self._counts = {}
                self._ends = now + WINDOW
            counts = self._counts
            used = counts.get(who, 0) + 1
            if used == 1 and len(counts) >= MOST_READERS:
                who = _THE_OTHERS
                used = counts.get(who, 0) + 1
            counts[who] = used
            return used, max(1, ceil(self._ends - now))

    def _refuse(
        self, environ: Environ, start_response: Callable[..., Any], said: Headers, seconds: int
    ) -> Iterable[bytes]:
        asked = environ.get("QUERY_STRING", "").split("&")
        language = next((code for code in _SENTENCES if f"lang={code}" in asked), self._language)
        title, detail = _SENTENCES[language]
        problem = {
            "type": address_of_kind(BaseRequest(environ), 429, self._base),
            "status": 429,
            "title": title,
            "detail": detail.format(limit=self._limit, seconds=seconds),
            "instance": quote(environ.get("PATH_INFO", "").encode("latin-1")),
        }
        body = json.dumps(problem, ensure_ascii=False).encode()
        headers = [
            ("Content-Type", "application/problem+json"),
            ("Content-Length", str(len(body))),
            ("Retry-After", str(seconds)),
            ("Cache-Control", "no-store"),
            *OPEN.items(),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ]
        start_response(_REFUSED, headers + said)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _of_token(secret: str) -> str:
    """Return as what a token is counted; its secret is held in no memory longer than it has to be."""
    return sha256(secret.encode("latin-1", "replace")).hexdigest()
