"""In which form and language a program gets an answer: what it accepts (RFC 9110), and what an address has to offer."""

from __future__ import annotations

import re
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config
from webob.acceptparse import create_accept_header

from servicedir.domain.query import BadValue
from servicedir.web.problem import as_problem, is_for_programs
from servicedir.web.translation import _

JSON = "application/json"
JSON_LD = "application/ld+json"
CSV = "text/csv"

TYPES = (JSON, JSON_LD, CSV)
"""Forms among which `Accept` chooses, in the order that holds where it likes several of them equally well."""

LONGEST = 1000
"""Characters of an `Accept` that is read; browsers send some hundred, and what is longer accepts everything."""

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?[\w-]+\"?", re.IGNORECASE)


class NotAcceptable(Exception):
    """A program accepts none of the forms that an address has to offer."""

    def __init__(self, offers: tuple[str, ...]) -> None:
        super().__init__(", ".join(offers))
        self.offers = offers


def wanted(environ: dict[str, Any]) -> tuple[str, ...]:
    """Return those of TYPES that a request accepts, the best first: all that an answer may depend on of `Accept`.

    Addresses for people have one form, whatever a browser says.
    """
    accept = environ.get("HTTP_ACCEPT") or "*/*"
    if accept == "*/*" or len(accept) > LONGEST or not is_for_programs(environ.get("PATH_INFO", "")):
        return TYPES
    # All that we send is UTF-8, and a program that says so means no other form.
    offers = create_accept_header(_CHARSET.sub("", accept)).acceptable_offers(TYPES)
    return tuple(name for name, _quality in offers)


def is_negotiated(request: Request) -> bool:
    """Return whether the answer was chosen by what the request accepts."""
    return bool(getattr(request, "offers", ()))


def _offering(view: Any, info: Any) -> Any:
    """View option `offers=(…)`: the forms of an answer, some of TYPES; `request.form` is the one to give.

    Raises NotAcceptable, and BadValue for a language that there is not.
    """
    offers = info.options.get("offers")
    if not offers:
        return view

    def wrapped(context: Any, request: Request) -> Response:
        request.offers = offers
        _demand_language(request)
        request.form = next((name for name in wanted(request.environ) if name in offers), "")
        if not request.form:
            raise NotAcceptable(offers)
        return view(context, request)

    return wrapped


def _demand_language(request: Request) -> None:
    languages, said = request.registry.house.settings.languages, list(filter(None, request.GET.getall("lang")))
    if len(said) > 1:
        raise BadValue("lang", said[1], "repeated")
    if said and said[0] not in languages:
        raise BadValue("lang", said[0], "unknown", tuple(languages))


_offering.options = ("offers",)  # type: ignore[attr-defined]  # how Pyramid learns of view options


@exception_view_config(NotAcceptable)
def not_acceptable(fault: NotAcceptable, request: Request) -> Response:
    """Answer 406 with the forms that can be had."""
    available = list(fault.offers)
    detail = _("Hier gibt es nur: ${available}.", mapping={"available": ", ".join(available)})
    return as_problem(request, 406, _("In dieser Form gibt es das nicht"), detail, available=available)


def includeme(config: Configurator) -> None:
    """Add the view option, and what is answered where nothing fits."""
    config.add_view_deriver(_offering, name="offering")
    config.scan(__name__)
