"""English is complete: every German text of the interface has its translation, and every term its two names."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from pyramid.i18n import make_localizer

from servicedir.domain import words
from servicedir.domain.acceptance import Group, Measurement
from servicedir.domain.catalogue import OfficeKind, PlaceKind, TopicKind
from servicedir.domain.figures import Measure, Standing
from servicedir.domain.hint import HintState, Subject
from servicedir.domain.history import ChangeKind
from servicedir.domain.inquiry import BlockKind, Column, InquiryState
from servicedir.domain.link import LinkFault
from servicedir.domain.programme import Level
from servicedir.domain.query import Sort
from servicedir.domain.service import ChannelKind, ConstraintKind, Contradiction, Effect, Nature, Requirement, Stage
from servicedir.domain.step import StepState
from servicedir.domain.workflow import Role, State
from servicedir.web.translation import read_catalogue

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path("src/servicedir")
MESSAGES = SOURCE / "locale/en/LC_MESSAGES/servicedir.po"

ENUMS = [
    ChangeKind,
    Stage,
    ChannelKind,
    Measure,
    Standing,
    Nature,
    ConstraintKind,
    Requirement,
    Effect,
    Contradiction,
    OfficeKind,
    PlaceKind,
    TopicKind,
    Sort,
    State,
    Role,
    Subject,
    HintState,
    LinkFault,
    StepState,
    Level,
    Group,
    Measurement,
    BlockKind,
    Column,
    InquiryState,
]

PLACEHOLDER = re.compile(r"\$\{\w+\}")
# "${n} Treffer", "${n} Treffer": two texts for one number, as templates and Python ask for them.
COUNTED = re.compile(r"""(["'])(\$\{n\}[^"']+)\1,\s*(["'])(\$\{n\}[^"']+)\3""")


def messages(file: Path) -> Catalog:
    """The messages of a .po or .pot file."""
    with file.open("rb") as opened:
        return read_po(opened, locale="en", domain="servicedir")


def texts(catalog: Catalog) -> Iterator[Message]:
    """The messages without the header."""
    return (message for message in catalog if message.id)


def forms(said: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """One text or, of a counted one, both."""
    return (said,) if isinstance(said, str) else tuple(said)


@pytest.fixture(scope="module")
def english() -> Catalog:
    """The translation as it is committed."""
    return messages(ROOT / MESSAGES)


@pytest.fixture(scope="module")
def brought_up_to_date(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources in which `make messages` has run."""
    if find_spec("lingua") is None:
        pytest.skip("lingua, which reads the texts out of the templates, is not installed")
    folder: Path = tmp_path_factory.mktemp("messages")
    shutil.copytree(ROOT / SOURCE, folder / SOURCE, ignore=shutil.ignore_patterns("static", "sample", "__pycache__"))
    (folder / SOURCE / "locale/servicedir.pot").unlink()  # else it is kept where nothing but its header would change
    (folder / ".venv").mkdir()
    (folder / ".venv/bin").symlink_to(Path(sys.executable).parent)
    subprocess.run(["sh", ROOT / "tools/messages"], cwd=folder, check=True, capture_output=True)
    return folder


def test_every_message_is_said_in_english(english: Catalog) -> None:
    assert not [m.id for m in texts(english) if not all(words.strip() for words in forms(m.string))]


def test_a_counted_message_has_two_forms(english: Catalog) -> None:
    assert english.num_plurals == 2
    assert not [m.id for m in texts(english) if len(forms(m.string)) != len(forms(m.id))]


def test_a_translation_keeps_the_placeholders_of_its_message(english: Catalog) -> None:
    for message in texts(english):
        for german, said in zip(forms(message.id), forms(message.string), strict=True):
            assert Counter(PLACEHOLDER.findall(said)) == Counter(PLACEHOLDER.findall(german)), german


def test_no_translation_waits_for_a_person_or_outlived_its_message(english: Catalog) -> None:
    assert not [m.id for m in texts(english) if m.fuzzy]
    assert not list(english.obsolete)


def test_no_message_has_markup_in_it(english: Catalog) -> None:
    """An element in a sentence needs i18n:name: without it the sentence has one id here and another on the page."""
    assert not [m.id for m in texts(english) if re.search("[<>]", " ".join(forms(m.id) + forms(m.string)))]


def test_english_has_no_german_in_it(english: Catalog) -> None:
    german = re.compile(r"[„“]|\b(?:und|oder|nicht|der|die|das|für|Sie|Dienstleistung(?:en)?)\b")
    assert not [m.string for m in texts(english) if german.search(" ".join(forms(m.string)))]


def test_every_text_of_the_source_is_among_the_messages(english: Catalog, brought_up_to_date: Path) -> None:
    asked = {forms(m.id) for m in texts(messages(brought_up_to_date / SOURCE / "locale/servicedir.pot"))}
    assert len(asked) > 400
    assert asked == {forms(m.id) for m in texts(english)}


def test_collecting_the_texts_again_changes_nothing(english: Catalog, brought_up_to_date: Path) -> None:
    again = messages(brought_up_to_date / MESSAGES)
    assert not [m.id for m in texts(again) if m.fuzzy]
    assert [(m.id, m.string) for m in texts(again)] == [(m.id, m.string) for m in texts(english)]


def test_every_counted_text_of_the_source_is_among_the_messages(english: Catalog) -> None:
    files = [file for file in (ROOT / SOURCE).rglob("*") if file.suffix in (".pt", ".py")]
    counted = {(found[2], found[4]) for file in files for found in COUNTED.finditer(file.read_text("utf-8"))}
    assert counted
    assert counted <= {forms(m.id) for m in texts(english)}


def test_the_catalogue_of_a_language_is_read_without_being_compiled(english: Catalog) -> None:
    catalogue = read_catalogue("en")
    assert catalogue.domain == "servicedir"
    assert catalogue.gettext("Was möchten Sie erledigen?") == "What do you want to do?"
    for message in texts(english):
        if isinstance(message.id, str):
            assert catalogue.gettext(message.id) == message.string
        else:
            assert [catalogue.ngettext(*message.id, number) for number in (1, 2)] == list(message.string)


def test_what_the_catalogue_does_not_know_stays_as_it_is() -> None:
    assert read_catalogue("en").gettext("Das steht nirgends.") == "Das steht nirgends."


def test_each_application_gets_messages_of_its_own() -> None:
    """Localizers chain what is added to them: one object for all would keep every application of a process alive."""
    first = read_catalogue("en")
    make_localizer("en", []).translations.add(first)
    assert first._fallback is not None
    assert read_catalogue("en")._fallback is None


def test_the_table_of_terms_is_about_these_enums() -> None:
    assert {type(term) for term, _german, _english in words._LABELS} == set(ENUMS)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_every_term_has_a_name_of_its_own_in_each_language(enum: type[StrEnum], language: str) -> None:
    own = {term: words._TEXTS[enum, term.value].get(language) for term in enum}
    assert all(own.values())
    assert {term: words.label(term, language) for term in enum} == own
    assert max(Counter(own.values()).values()) == 1


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_nature_has_a_sentence_that_begins_with_its_name(language: str) -> None:
    for nature in Nature:
        assert words.NATURE_SENTENCES[nature].get(language).startswith(f"{words.label(nature, language)}: ")
