"""The site map: everything that speaks HTTP, one room for each audience."""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest
from pyramid.interfaces import IRequestExtensions
from pyramid.request import Request

from servicedir.directory import Directory, House
from servicedir.web.answers import Answers
from servicedir.web.limits import Limits
from servicedir.web.security import SAFE_METHODS
from servicedir.web.static import StaticFiles
from servicedir.web.translation import _


def make_app(house: House) -> Any:
    """Return the WSGI application that serves a house, static files included."""
    config = Configurator(
        settings={
            "tm.manager_hook": "pyramid_tm.explicit_manager",
            "retry.attempts": 3,
            # The audit log says who did what. Asking here who it is would cost every request a look at the session.
            "tm.annotate_user": False,
            "pyramid.default_locale_name": house.settings.languages[0],
        }
    )
    config.registry.house = house
    config.add_request_method(_directory, "directory", reify=True)
    config.add_request_method(_posted, "POST", property=True)
    for package in ("pyramid_retry", "pyramid_tm"):
        config.include(package)
    parts = "compiling guard answers security translation page cards shells errors ops discovery"
    for part in parts.split():
        config.include(f"servicedir.web.{part}")
    # The rooms, most specific addresses first: /services/add is not a service. Addresses are compared in this order,
    # so where it does not matter those come first that are asked for most.
    config.add_route("home", "/")
    for room in ("api", "hsds", "embed", "desk", "admin", "account", "feeds", "opendata", "council", "citizen"):
        config.include(f"servicedir.web.{room}")
    _have_one_class_of_requests(config)
    house.catch_up()
    answers = Answers(config.make_wsgi_app(), house)
    if not house.settings.api_limit:
        return StaticFiles(answers)
    config.registry.limits = Limits(answers, house.settings)
    return StaticFiles(config.registry.limits)


def _have_one_class_of_requests(config: Configurator) -> None:
    """Make a class of requests that has all that was added to them: Pyramid would make one for every request."""
    config.commit()
    added = config.registry.getUtility(IRequestExtensions).descriptors
    config.set_request_factory(type("Request", (Request,), dict(added)))
    added.clear()


def _directory(request: Request) -> Directory:
    return Directory(request.registry.house, request.tm, write=request.method not in SAFE_METHODS)


def _posted(request: Request) -> Any:
    """Return the form in the body as WebOb reads it. Raises HTTPBadRequest for one that cannot be read."""
    try:
        return Request.POST.fget(request)
    except (ValueError, LookupError):  # A multipart without a boundary, a part in an encoding that there is not.
        raise HTTPBadRequest(_("Das abgesandte Formular ist nicht lesbar. Bitte laden Sie die Seite neu.")) from None
