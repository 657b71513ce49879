"""What tells browsers and programs how to search here (OpenSearch 1.1), and completions as they ask for them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from servicedir.exchange.markup import document, tag

MEDIA_TYPE = "application/opensearchdescription+xml"
SUGGESTIONS = "application/x-suggestions+json"
LONGEST_SHORT_NAME, LONGEST_NAME = 16, 48


class Template(NamedTuple):
    """An address with `{searchTerms}` in it, and what is found there."""

    media_type: str
    address: str
    relation: str = "results"


def description(
    name: str, said: str, templates: Iterable[Template], *, own: str, icon: str, languages: Sequence[str]
) -> bytes:
    """Return the description of a search; `own` is its address."""
    urls = (
        tag("Url", attributes={"type": one.media_type, "rel": one.relation, "template": one.address})
        for one in (*templates, Template(MEDIA_TYPE, own, "self"))
    )
    return document(
        [
            tag(
                "OpenSearchDescription",
                tag("ShortName", name[:LONGEST_SHORT_NAME].strip()),
                tag("LongName", name[:LONGEST_NAME].strip()),
                tag("Description", said),
                *urls,
                tag("Image", icon, attributes={"height": "16", "width": "16", "type": "image/svg+xml"}),
                *(tag("Language", language) for language in languages),
                tag("InputEncoding", "UTF-8"),
                tag("OutputEncoding", "UTF-8"),
                attributes={"xmlns": "http://a9.com/-/spec/opensearch/1.1/"},
            )
        ]
    )


def suggestions(typed: str, found: Iterable[tuple[str, str]]) -> bytes:
    """Return completions, pairs of words and address, as browsers read them (OpenSearch Suggestions 1.1)."""
    pairs = list(found)
    answer = [typed, [words for words, _address in pairs], ["" for _pair in pairs], [address for _w, address in pairs]]
    return json.dumps(answer, ensure_ascii=False).encode()
