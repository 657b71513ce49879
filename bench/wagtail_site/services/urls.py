"""The page that searches, and a page that says nothing."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import include, path
from wagtail import urls as wagtail_urls

from services.models import ServicePage


def search(request: HttpRequest) -> HttpResponse:
    """Answer with twenty cards and the counts of three facets over everything found."""
    words = request.GET.get("query", "")
    found = ServicePage.objects.live().search(words, operator="and")
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    facets = {name: found.facet(name) for name in ("video", "nature", "office")}
    return TemplateResponse(request, "search.html", {"words": words, "page": page, "facets": facets})


urlpatterns = [
    path("ready/", lambda _request: HttpResponse("ready")),
    path("search/", search),
    path("", include(wagtail_urls)),
]
