"""Finished public answers, kept for one edition of what outsiders see and given again before Pyramid does anything.

A view says `public=True`; the rest happens here, unless its answer says `no-store`, since something was missing. An
answer is kept under all that it may depend on (see `_key`) and nothing else, so that no header or cookie of one reader
reaches another. What is kept is forgotten as soon as anything that outsiders see may have changed, and the longest
unused goes first where it gets too much.
"""

from __future__ import annotations

import re
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from threading import Lock
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.tweens import INGRESS
from webob.request import BaseRequest

from servicedir.directory import House
from servicedir.web.embedding import is_framed_elsewhere
from servicedir.web.negotiation import is_negotiated, wanted

MOST_BYTES = 16 * 1024 * 1024
"""Bytes of kept answers, at most."""

PARAMETERS = frozenset(
    """
    q video channel nature office topic audience language on sort page per_page lang
    letter recorded state draft care responsible batch kind service year since limit fields
    layout search fragment embed_lang v url format maxwidth maxheight
    taxonomy_term_id taxonomy_id organization_id parent_id modified_after minimal full full_service top_only
    postcode proximity from to
    """.split()
)
"""The parameters of public views and of their links: others do not even reach a public view."""

IN_TURN = frozenset({"/", "/api/v1/services"})
"""The paths of searches. New ones are worked on one after the other: threads that search at the same time take the
interpreter from each other at every step of numpy, and all of them together are slower than one."""
PATIENCE = 0.5
"""Seconds after which a search no longer waits for its turn: one that hangs keeps nobody waiting for longer."""

AT_ONCE = "/api/v1/services/"
"""Where the addresses of single entries begin, for programs: what /changes has told must be there when they come."""

FOR_TOKENS = "/api/v1/"
"""Where the addresses begin at which a token counts."""

_KEEP = "servicedir.keep"
_LONGEST_ADDRESS = 2000  # Characters; nobody asks for a longer one twice.
_OVERHEAD = 2000  # bytes of what stands around a body
_LEAST_TO_PACK = 1000
_PACKED = re.compile("text/|application/json|application/([a-z]+[+])?xml|image/svg")
"""Types of what gets smaller by compressing."""
_LEVEL = 5
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]*")
_OF_BODY = frozenset({"Content-Length", "Content-Type"})

Key = tuple[str, ...]
Environ = dict[str, Any]
Headers = list[tuple[str, str]]


def known(query_string: str) -> str:
    """Return a query string without the parameters that nobody knows; what is not plain to read stays."""
    if not query_string:
        return ""
    names = ((pair, pair.partition("=")[0]) for pair in query_string.split("&"))
    return "&".join(pair for pair, name in names if name in PARAMETERS or not _PLAIN_NAME.fullmatch(name))


class Answer:
    """A finished answer, to be given to anybody who asks the same; as a WSGI application, it answers a request.

    `counted`, if any, is called with each request that is answered.
    """

    __slots__ = ("_body", "_counted", "_etags", "_headers", "_packed", "_packs", "size")

    def __init__(self, headers: Headers, body: bytes, counted: Callable[[BaseRequest], object] | None = None) -> None:
        self._headers = headers
        self._body = body
        self._packed: tuple[Headers, bytes] | None = None
        said = dict(headers)
        self._etags = (said["ETag"], f'{said["ETag"][:-1]}-gzip"')
        self._packs = len(body) >= _LEAST_TO_PACK and bool(_PACKED.match(said["Content-Type"]))
        self._counted = counted
        self.size = len(body) + len(body) // 4 + _OVERHEAD

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer: with nothing where the reader has it already, else compressed where the reader understands that."""
        if self._counted is not None:
            self._counted(BaseRequest(environ))
        headers, body = self._headers, self._body
        if self._packs and _GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", "")):
            headers, body = self._compressed()
        has = environ.get("HTTP_IF_NONE_MATCH", "")
        if has and (has == "*" or any(etag in has for etag in self._etags)):
            start_response("304 Not Modified", [pair for pair in headers if pair[0] not in _OF_BODY])
            return []
        start_response("200 OK", headers.copy())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _compressed(self) -> tuple[Headers, bytes]:
        if self._packed is None:
            body = zlib.compress(self._body, _LEVEL, wbits=31)
            changed = {"Content-Length": str(len(body)), "ETag": self._etags[1]}
            headers = [(name, changed.get(name, value)) for name, value in self._headers]
            self._packed = ([*headers, ("Content-Encoding", "gzip")], body)
        return self._packed


class Answers:
    """The application with its answers kept; any thread may ask."""

    def __init__(self, app: Any, house: House, most_bytes: int = MOST_BYTES) -> None:
        self.application = app
        self._house = house
        self._most = most_bytes
        self._lock = Lock()
        self._searching = Lock()
        self._edition: Any = None
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self.size = 0

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer from what is kept, else let the application answer and keep what it says if it may be kept."""
        key = self._key(environ)
        if key is None or environ["REQUEST_METHOD"] != "GET" or environ.get("PATH_INFO") not in IN_TURN:
            return self._answer(key, environ, start_response)
        kept = self._find(self._house.edition(), key)
        if kept is not None:
            return kept(environ, start_response)
        with self._turn():  # Whoever had it before may have asked the same.
            return self._answer(key, environ, start_response)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        mine = self._searching.acquire(timeout=PATIENCE)
        try:
            yield
        finally:
            if mine:
                self._searching.release()

    def _answer(self, key: Key | None, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        at_once = environ.get("PATH_INFO", "").startswith(AT_ONCE)
        edition = self._house.edition(at_once=at_once) if key is not None or at_once else None
        if key is not None:
            kept = self._find(edition, key)
            if kept is not None:
                return kept(environ, start_response)
            if environ["REQUEST_METHOD"] == "GET":
                environ[_KEEP] = lambda answer: self._keep(edition, key, answer)
        found: Iterable[bytes] = self.application(environ, start_response)
        return found

    def _key(self, environ: Environ) -> Key | None:
        """Return all that a public answer may depend on, or None for a request that is none for kept answers."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("CONTENT_TYPE"):
            return None
        if "HTTP_AUTHORIZATION" in environ and environ.get("PATH_INFO", "").startswith(FOR_TOKENS):
            return None  # Programs with a token may see more.
        if environ.get("CONTENT_LENGTH") not in (None, "", "0"):
            return None
        if is_framed_elsewhere(environ, self._house.settings):
            return None
        host = "" if self._house.settings.base_url else environ.get("HTTP_HOST", "")
        path, query = environ.get("PATH_INFO", ""), known(environ.get("QUERY_STRING", ""))
        if len(host) + len(path) + len(query) > _LONGEST_ADDRESS:
            return None
        return (environ["wsgi.url_scheme"], host, environ.get("SCRIPT_NAME", ""), path, query, *wanted(environ))

    def _find(self, edition: Any, key: Key) -> Answer | None:
        with self._lock:
            if edition != self._edition:
                self._kept.clear()
                self.size = 0
                self._edition = edition
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _keep(self, edition: Any, key: Key, answer: Answer) -> None:
        with self._lock:
            if edition != self._edition or answer.size > self._most // 16:
                return
            before = self._kept.pop(key, None)
            self._kept[key] = answer
            self.size += _size(key, answer) - (_size(key, before) if before else 0)
            while self.size > self._most:
                self.size -= _size(*self._kept.popitem(last=False))

    def __len__(self) -> int:
        """Return the number of kept answers."""
        return len(self._kept)


def _size(key: Key, answer: Answer) -> int:
    """Return the bytes of an answer with what it is kept under."""
    return answer.size + 4 * sum(map(len, key))


def keep_tween(handler: Callable[[Request], Any], registry: Any) -> Callable[[Request], Any]:
    """Return a tween around all others that makes an Answer of what a public view answered, and hands it on."""

    def tween(request: Request) -> Any:
        response = handler(request)
        keep = request.environ.get(_KEEP)
        # What would be added to the response later belongs to this reader alone.
        if keep is None or not request.is_public or request.response_callbacks or "Set-Cookie" in response.headers:
            return response
        answer = Answer(response.headerlist, response.body, request.counted)
        keep(answer)
        return answer

    return tween


def _public(view: Any, info: Any) -> Any:
    """View option `public=True`: the answer is the same for everybody and may be kept, but is asked for each time.

    What an editor publishes is seen at once, unless the view says how long it may be kept; who has the page already
    gets a 304.
    """
    if not info.options.get("public"):
        return view

    def wrapped(context: Any, request: Request) -> Any:
        request.environ["QUERY_STRING"] = known(request.environ.get("QUERY_STRING", ""))
        response = view(context, request)
        if response.status_code == 200 and "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers.setdefault("Cache-Control", "public, no-cache")
            response.headers["Vary"] = "Accept, Accept-Encoding" if is_negotiated(request) else "Accept-Encoding"
            response.etag = sha256(response.body).hexdigest()[:32]
            response.conditional_response = True
            request.is_public = True
        return response

    return wrapped


_public.options = ("public",)  # type: ignore[attr-defined]  # how Pyramid learns of view options


def includeme(config: Configurator) -> None:
    """Add the view option, and the tween that stands outside of all others; forms are a part of what is kept."""
    config.include("servicedir.web.negotiation")
    config.add_view_deriver(_public, name="public")
    config.add_tween("servicedir.web.answers.keep_tween", under=INGRESS, over="servicedir.web.guard.guard_tween")
    config.add_request_method(lambda request: False, "is_public", reify=True)
    config.add_request_method(lambda request: None, "counted", reify=True)
