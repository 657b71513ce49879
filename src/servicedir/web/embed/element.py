"""The custom element: its script, whether a site may show it, and what was opened there."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.web.embed.texts import texts
from servicedir.web.embedding import is_ours, may_show
from servicedir.web.parameters import said_once
from servicedir.web.translation import _

_FOLDER = Path(__file__).parent / "static"
PIECES = ("asking.js", "frames.js", "combobox.js", "view.js", "element.js")
"""The files of which the module is made, in their order."""

KEEP = "public, max-age=300"
"""Webmasters paste one address for good, so what stands there may change: browsers ask again after five minutes."""

KEEP_VERSION = "public, max-age=31536000, immutable"

EVERYBODY = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

_ONLY_COMMENT = re.compile(r"^\s*(//.*|/\*.*\*/)$\n?", re.MULTILINE)
_BLOCK_COMMENT = re.compile(r"^\s*/\*\*.*?\*/$\n?", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^ +", re.MULTILINE)


@dataclass(frozen=True)
class Script:
    """The finished module."""

    text: str

    @cached_property
    def version(self) -> str:
        """Return what changes with the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @cached_property
    def integrity(self) -> str:
        """Return what Subresource Integrity compares."""
        return f"sha384-{base64.b64encode(hashlib.sha384(self.text.encode()).digest()).decode()}"


def script(request: Request) -> Script:
    """Return the module with what it says in each language of the interface; put together when it is first asked for.

    Its pieces have no comments behind code and no text over several lines, so that both can be left out line by line.
    """
    registry = request.registry
    if not hasattr(registry, "embed_script"):
        said = json.dumps(texts(request.site.languages, registry), ensure_ascii=False, separators=(",", ":"))
        style = _lean((_FOLDER / "element.css").read_text("utf-8")).replace("\n", "")
        pieces = [f"const TEXTS={said};", f"const STYLE={json.dumps(style)};"]
        pieces += [_lean((_FOLDER / name).read_text("utf-8")) for name in PIECES]
        registry.embed_script = Script("\n".join(pieces))
    found: Script = registry.embed_script
    return found


def _lean(source: str) -> str:
    """Return a source without comments on lines of their own, and without what lines begin with."""
    return _INDENTED.sub("", _ONLY_COMMENT.sub("", _BLOCK_COMMENT.sub("", source)))


@view_config(route_name="embed-script", request_method=("GET", "HEAD"), public=True)
def embed_script(request: Request) -> Response:
    """Answer with the module; with `v`, with this version of it or none, so that a site may insist on one."""
    found, version = script(request), said_once("v", request.GET.items())
    if version and version != found.version:
        raise HTTPNotFound
    response = Response(text=found.text, content_type="text/javascript", charset="utf-8")
    response.headers.update(EVERYBODY)
    response.headers["Cache-Control"] = KEEP_VERSION if version else KEEP
    return response


@view_config(route_name="embed-allowed", request_method="GET")
def allowed(request: Request) -> Response:
    """Tell a page whether its site is on the list, and count that it shows the element.

    This is no protection of data, which everybody may read: it says to webmasters what they have to ask for.
    """
    house, origin = request.registry.house, request.headers.get("Origin", "")
    house.embeds.show(origin)
    said = not origin or may_show(origin, request.environ, house.settings)
    response = Response(json_body={"allowed": said})
    response.headers.update(EVERYBODY)
    return response


@view_config(route_name="embed-clicks", request_method="POST", require_csrf=False)
def clicked(request: Request) -> Response:
    """Count that something was opened on a site: the one that asks, or that in which our own framed page stands.

    Nothing is written but a number of a site that is on the list, so there is nothing to forge.
    """
    house, origin = request.registry.house, request.headers.get("Origin", "")
    if is_ours(origin, request.environ, house.settings):
        origin = request.POST.get("site", "")
    if not house.embeds.click(origin):
        raise HTTPBadRequest(_("Gezählt wird nur, was auf freigegebenen Websites geöffnet wird."))
    response = Response(status=204)
    response.headers.update(EVERYBODY)
    return response
