"""A page for each entry, searched by the texts that servicedir searches, with three fields to filter and count by."""

from __future__ import annotations

from django.db import models
from wagtail.models import Page
from wagtail.search import index

FIELDS = ("summary", "body", "keywords", "video", "nature", "office")


class ServicePage(Page):
    """An entry; title and slug are those of every page."""

    summary = models.TextField()
    body = models.TextField()
    keywords = models.TextField()
    video = models.CharField(max_length=40, db_index=True)
    nature = models.CharField(max_length=40, db_index=True)
    office = models.CharField(max_length=80, db_index=True)

    search_fields = [  # noqa: RUF012 - Wagtail's way
        *Page.search_fields,
        index.SearchField("keywords", boost=5),
        index.SearchField("summary", boost=2),
        index.SearchField("body"),
        index.FilterField("video"),
        index.FilterField("nature"),
        index.FilterField("office"),
    ]
