"""Templates become code in one thread at a time, each once, whoever asks for them first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from chameleon.template import BaseTemplate
from pyramid import testing
from pyramid.renderers import RendererHelper

from servicedir.web import forms
from servicedir.web.compiling import Template


class Compiling:
    """Stands before what compiles: which templates it compiled, and how many at most at a time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.most = 0
        self.done: list[str] = []
        self._compile = BaseTemplate._compile
        monkeypatch.setattr(BaseTemplate, "_compile", lambda template, *rest: self(template, *rest))

    def __call__(self, template: BaseTemplate, *rest: Any) -> str:
        self.now += 1
        self.most = max(self.most, self.now)
        sleep(0.02)
        try:
            self.done.append(Path(template.filename).stem)
            return self._compile(template, *rest)
        finally:
            self.now -= 1


def at_once(*calls: Callable[[], str]) -> list[str]:
    together = Barrier(len(calls), timeout=20)

    def call(one: Callable[[], str]) -> str:
        together.wait()
        return one()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(call, calls))


def page(folder: Path, name: str, text: str) -> Callable[[], str]:
    (folder / f"{name}.pt").write_text(text)
    return Template(str(folder / f"{name}.pt"))


def test_pages_and_what_they_load_become_code_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Compiling(monkeypatch)
    (tmp_path / "part.pt").write_text("<i>part</i>")
    loading = '<b xmlns:metal="http://xml.zope.org/namespaces/metal"><metal:use use-macro="load: part.pt"/>{}</b>'
    pages = [page(tmp_path, name, loading.format(name)) for name in "abcd"]
    assert at_once(*pages) == [f"<b><i>part</i>{name}</b>" for name in "abcd"]
    assert seen.most == 1
    assert set(seen.done) == {"a", "b", "c", "d", "part"}


def test_a_page_that_many_ask_for_first_becomes_code_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Compiling(monkeypatch)
    one = page(tmp_path, "one", "<p>one</p>")
    assert at_once(*[one] * 4) == ["<p>one</p>"] * 4
    assert seen.done == ["one"]


def test_a_changed_page_is_read_again_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "one.pt"
    path.write_text("<p>before</p>")
    template = Template(str(path), auto_reload=True)
    assert template() == "<p>before</p>"
    path.write_text("<p>after it</p>")
    template._v_last_read = 0  # as if time had passed
    assert template() == "<p>after it</p>"


def test_pages_and_forms_are_of_that_kind() -> None:
    with testing.testConfig() as config:
        config.include("servicedir.web.compiling")
        made = RendererHelper("servicedir.web:templates/card.pt", registry=config.registry).renderer
        assert isinstance(made.template, Template)
    assert isinstance(forms._templates(False)("textinput"), Template)
