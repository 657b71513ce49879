"""The forms of the tests as an editor gets them."""

from __future__ import annotations

import gc
import warnings

import pytest
from formed import Views, make_app
from webtest import TestApp


@pytest.fixture
def views():
    return Views()


@pytest.fixture
def app(views):
    return TestApp(make_app(views))


@pytest.fixture
def temporary_files():
    """WebOb leaves the temporary files of uploads and of bodies above 10 kB to the garbage collector."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def shown(app):
    """The form as an editor first sees it."""
    return app.get("/service").forms["form"]
