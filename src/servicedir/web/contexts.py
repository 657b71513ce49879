"""From an address to what it is about: route factories that find the content or answer 404."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request

from servicedir.domain.catalogue import Office, Topic
from servicedir.domain.history import Entry, NotFound, Published
from servicedir.domain.service import Service
from servicedir.domain.workflow import Permission


class PublishedService:
    """A service as everybody sees it."""

    def __init__(self, request: Request) -> None:
        self.published: Published = request.directory.service(request.matchdict["slug"])
        self.service = self.published.service


class OfficePage:
    """An office."""

    def __init__(self, request: Request) -> None:
        self.office: Office = request.directory.office(request.matchdict["slug"])


class TopicPage:
    """A topic or life situation."""

    def __init__(self, request: Request) -> None:
        self.topic: Topic = _noun(request.directory.catalogue.topics, request)


class Draft:
    """An entry with its latest revision, for people with an account; `permitted` is what this one may do with it.

    Strangers get an empty `permitted`, whether there is such an entry or not, and are sent to the sign-in page.
    """

    entry: Entry
    service: Service
    permitted: frozenset[Permission]

    def __init__(self, request: Request) -> None:
        self.permitted = frozenset()
        if request.person is not None:
            directory = request.directory
            self.entry, self.service = directory.entry(request.matchdict["slug"], request.person)
            self.permitted = directory.permitted(self.entry, self.service, request.person)


class NewEntry:
    """The place where entries are made; one may `edit` there who may do so in any office."""

    def __init__(self, request: Request) -> None:
        self.offices = request.directory.offices_of(request.person) if request.person else []
        self.permitted = frozenset({Permission.EDIT} if self.offices else ())


class City:
    """The city as a whole; `permitted` is what this person may do for it."""

    def __init__(self, request: Request) -> None:
        self.permitted = request.directory.duties(request.person)


class SharedPreview:
    """What a preview link shows, for whoever has its address; of its entries the one that the address names, if any.

    Nothing that leads here may be passed on by a browser or kept by a robot, whether the address is right or not.
    """

    def __init__(self, request: Request) -> None:
        request.is_confidential = True
        previews, token = request.directory.previews, request.matchdict["token"]
        if slug := request.matchdict.get("slug"):
            self.link, self.entry, self.service = previews.show(token, slug)
        else:
            self.link, self.entries = previews.open(token)


def _noun(nouns: Any, request: Request) -> Any:
    try:
        return nouns[request.matchdict["slug"]]
    except KeyError:
        raise NotFound(request.matchdict["slug"]) from None
