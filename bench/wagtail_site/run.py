"""The rival Wagtail: a site with a page for each entry and one that searches them; it runs in the rivals' environment.

    python run.py fill DATABASE ENTRIES    a new database from a file with a JSON object on each line
    python run.py serve DATABASE PORT THREADS

Settings are those of `wagtail start`, without debugging; its templates are therefore kept once they are read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import django
import waitress
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

APPS = (
    "services",
    *(f"wagtail.{name}" for name in "contrib.redirects sites users search admin documents images".split()),
    "wagtail",
    "modelcluster",
    "taggit",
    *(f"django.contrib.{name}" for name in "auth contenttypes sessions messages staticfiles".split()),
)
MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
)
CONTEXT = (
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
)

MIGRATIONS = "made_for_measuring"
"""A folder of that name beside the database; an application whose pages are Wagtail's cannot do without."""


def configure(database: str) -> None:
    """Set Django up on a database."""
    templates = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT},
    }
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database, "CONN_MAX_AGE": None}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=APPS,
        MIDDLEWARE=MIDDLEWARE,
        MIGRATION_MODULES={"services": MIGRATIONS},
        ROOT_URLCONF="services.urls",
        SECRET_KEY="only-for-measuring",  # noqa: S106 - signs nothing
        STATIC_URL="/static/",
        TEMPLATES=[templates],
        USE_TZ=True,
        WAGTAILADMIN_BASE_URL="http://127.0.0.1",
        WAGTAILSEARCH_BACKENDS={"default": {"BACKEND": "wagtail.search.backends.database"}},
        WAGTAIL_SITE_NAME="services",
    )
    django.setup()


def fill(database: Path, entries: Path) -> None:
    """Make the tables, a page for each entry, and the search index.

    The rows are written at once: adding page by page, as editors do, takes minutes and leaves the same.
    """
    migrations = database.parent / MIGRATIONS
    migrations.mkdir()
    (migrations / "__init__.py").touch()
    sys.path.append(str(database.parent))
    call_command("makemigrations", "services", verbosity=0)
    call_command("migrate", verbosity=0)
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection, transaction
    from services.models import FIELDS, ServicePage
    from wagtail.models import Page

    home = Page.objects.get(depth=2)
    kind = ContentType.objects.get_for_model(ServicePage)
    read: list[dict[str, Any]] = [json.loads(line) for line in entries.read_text("utf-8").splitlines()]
    with transaction.atomic():
        pages = [
            Page(
                path=Page._get_path(home.path, home.depth + 1, number),
                depth=home.depth + 1,
                title=entry["title"],
                draft_title=entry["title"],
                slug=entry["slug"][:255],
                url_path=f"{home.url_path}{entry['slug']}/",
                content_type=kind,
                locale=home.locale,
                live=True,
            )
            for number, entry in enumerate(read, 1)
        ]
        Page.objects.bulk_create(pages, batch_size=500)
        Page.objects.filter(pk=home.pk).update(numchild=len(pages))
        keys = dict(Page.objects.filter(depth=home.depth + 1).values_list("path", "pk"))
        columns, marks = ", ".join(FIELDS), ", ".join(["%s"] * len(FIELDS))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {ServicePage._meta.db_table} (page_ptr_id, {columns}) VALUES (%s, {marks})",  # noqa: S608
                [(keys[page.path], *(entry[name] for name in FIELDS)) for page, entry in zip(pages, read, strict=True)],
            )
    call_command("update_index", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> None:
    """Do what the first argument says."""
    what, database, *others = sys.argv[1:]
    configure(database)
    if what == "fill":
        fill(Path(database), Path(others[0]))
    else:
        waitress.serve(
            get_wsgi_application(), host="127.0.0.1", port=int(others[0]), threads=int(others[1]), ident=None
        )


if __name__ == "__main__":
    main()
