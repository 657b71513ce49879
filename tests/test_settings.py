"""Settings: what each takes, that the environment wins, and that a broken one is told by name in one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import servicedir
from servicedir.directory import House
from servicedir.settings import BadSetting, Settings, read

SECRET = "0123456789abcdef" * 2


def given_settings(**values: str) -> Settings:
    return read({f"servicedir.{name}": value for name, value in ({"secret": SECRET} | values).items()}, {})


def refused(**values: str) -> str:
    with pytest.raises(BadSetting) as fault:
        given_settings(**values)
    return str(fault.value)


def test_with_a_secret_alone_all_else_has_a_default() -> None:
    settings = given_settings()
    assert (settings.port, settings.host, settings.languages) == (6543, "127.0.0.1", ("de", "en"))
    assert settings.embed_origins == ()
    assert not settings.demo_accounts
    assert not settings.insecure_cookies


def test_the_database_is_a_file_in_the_data_folder_unless_said_otherwise(tmp_path: Path) -> None:
    assert given_settings(data=str(tmp_path)).database == f"sqlite:///{tmp_path}/servicedir.sqlite"
    assert given_settings(database_url="postgresql://x/y").database == "postgresql://x/y"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("port", "80", 80),
        ("threads", "64", 64),
        ("demo_accounts", "TRUE", True),
        ("insecure_cookies", "false", False),
        ("languages", "en de", ("en", "de")),
        ("languages", "en, de", ("en", "de")),
        ("data", " /srv/data ", Path("/srv/data")),
        ("title", "Stadt Ämterhausen", "Stadt Ämterhausen"),
        ("embed_origins", "https://www.example.org https://rat.example.org:8443", None),
        ("embed_origins", "http://localhost:8000", ("http://localhost:8000",)),
        ("base_url", "https://services.example.org", "https://services.example.org"),
        ("base_url", "https://services.example.org/", "https://services.example.org/"),
        ("trusted_proxies", "127.0.0.1", ("127.0.0.1",)),
        ("licence", "https://creativecommons.org/licenses/by/4.0/", "https://creativecommons.org/licenses/by/4.0/"),
        ("contact", "daten@example.org", "daten@example.org"),
    ],
)
def test_each_setting_is_read_as_what_it_is(name: str, text: str, value: Any) -> None:
    assert getattr(given_settings(**{name: text}), name) == (tuple(text.split()) if value is None else value)


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_the_environment_wins_for_every_setting(setting: Any) -> None:
    other = {
        "secret": "f" * 40,
        "search": "whoosh",
        "base_url": "https://other.example.org",
        "languages": "en",
        "embed_origins": "https://other.example.org",
        "trusted_proxies": "10.0.0.1",
        "second_factor": "everybody",
        "figures_period": "month",
        "mail_from": "directory@example.org",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "contact": "opendata@example.org",
    }
    text = other.get(setting.name, {bool: "true", int: "7"}.get(type(setting.default), "other"))
    ini = {"servicedir.secret": SECRET, f"servicedir.{setting.name}": "broken" if setting.name == "port" else SECRET}
    needed = {"base_url": other["base_url"]} if setting.name == "mail_host" else {}
    ini |= {f"servicedir.{name}": value for name, value in needed.items()}
    settings = read(ini, {f"SERVICEDIR_{setting.name.upper()}": text})
    expected = given_settings(**needed, **{setting.name: text})
    assert getattr(settings, setting.name) == getattr(expected, setting.name)
    assert setting.metadata["sentence"]


def test_what_is_left_empty_has_its_default() -> None:
    assert given_settings(port="", embed_origins=" ", base_url="").port == 6543


def test_settings_of_other_programs_are_ignored() -> None:
    assert read({"servicedir.secret": SECRET, "pyramid.reload_templates": "true", "here": "/x"}, {}).secret == SECRET


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("port", "http"),
        ("port", "0"),
        ("port", "65536"),
        ("port", "-1"),
        ("port", "6543.0"),
        ("port", "٨٠"),
        ("port", "9" * 5000),
        ("threads", "0"),
        ("threads", "65"),
        ("threads", "viele"),
        ("demo_accounts", "ja"),
        ("demo_accounts", "1"),
        ("insecure_cookies", "yes"),
        ("search", "elastic"),
        ("languages", "de fr"),
        ("languages", ","),
        ("secret", "short"),
        ("secret", "changeme" * 8),
        ("secret", "x" * 31),
        ("base_url", "services.example.org"),
        ("base_url", "http://services.example.org"),
        ("base_url", "https://services.example.org/path"),
        ("base_url", "https://user@services.example.org"),
        ("base_url", "javascript:alert(1)"),
        ("base_url", "https://[::1"),
        ("embed_origins", "*"),
        ("embed_origins", "https://*.example.org"),
        ("embed_origins", "http://www.example.org"),
        ("embed_origins", "https://www.example.org/"),
        ("embed_origins", "https://www.example.org 'unsafe-inline'"),
        ("embed_origins", "https://www.example.org; script-src *"),
        ("embed_origins", "https://a.example.org\nhttps://b.example.org/x"),
        ("trusted_proxies", "10.0.0.1 10.0.0.2"),
        ("figures_period", "week"),
        ("figures_grace", "366"),
        ("licence", "Datenlizenz Deutschland"),
        ("licence", "https://example.org/<licence>"),
        ("licence", "javascript:alert(1)"),
        ("contact", "somebody"),
        ("contact", "a@b@"),
        ("contact", "daten@example.org?subject=x"),
        ("contact", "daten @example.org"),
        ("no_such_thing", "1"),
        ("Port", "1"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_one_line_that_names_it(name: str, text: str) -> None:
    sentence = refused(**{name: text})
    assert sentence.startswith(f"servicedir.{name} ")
    assert "\n" not in sentence


def test_nothing_starts_without_a_secret() -> None:
    with pytest.raises(BadSetting, match=r"^servicedir\.secret is missing: set SERVICEDIR_SECRET"):
        read({}, {})
    with pytest.raises(BadSetting, match="is missing"):
        read({"servicedir.secret": "  "}, {})


def test_mails_go_out_only_with_an_address_to_which_their_links_lead() -> None:
    sentence = refused(mail_host="mail.example.org")
    assert sentence.startswith("servicedir.base_url is missing")
    assert "\n" not in sentence
    base_url = "https://services.example.org"
    assert given_settings(mail_host="mail.example.org", base_url=base_url).origin == base_url


def test_no_secret_is_told_when_it_is_refused_or_shown() -> None:
    assert "hunter2" not in refused(secret="hunter2")
    settings = given_settings(database_url=f"postgresql://u:{SECRET}@h/d")
    assert SECRET not in repr(settings)
    assert SECRET not in f"{settings}"


@given(st.dictionaries(st.sampled_from([f.name for f in fields(Settings)]), st.text(min_size=1)))
def test_any_text_is_read_or_refused(values: dict[str, str]) -> None:
    try:
        given_settings(**values)
    except BadSetting as fault:
        # Who names a server of mails has to say where their links lead.
        more = {"base_url"} if "mail_host" in values else set()
        assert str(fault).partition(" ")[0].removeprefix("servicedir.") in {*values, "secret"} | more


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://localhost/x", "postgresql+psycopg://h:port/d", "://", "oracle://x"]
)
def test_an_address_that_is_no_databases_is_refused_by_name(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadSetting, match=r"^servicedir\.database_url ") as fault:
        House(given_settings(data=str(tmp_path), database_url=url))
    assert "\n" not in str(fault.value)


def test_a_password_in_an_address_that_is_refused_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as fault:
        House(given_settings(data=str(tmp_path), database_url="mysql://user:hunter2@localhost/x"))
    assert "hunter2" not in str(fault.value)


def test_a_data_folder_that_cannot_be_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BadSetting, match=r"^servicedir\.data "):
        House(given_settings(data=str(tmp_path / "file" / "data")))


@pytest.fixture
def own_logging() -> Iterator[None]:
    """What starting does to logging is undone, since it would keep the streams of this test."""
    import logging

    import structlog

    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.usefixtures("own_logging")
@pytest.mark.parametrize(
    ("ini", "named"),
    [
        ({}, "secret"),
        ({"servicedir.secret": SECRET, "servicedir.prot": "1"}, "prot"),
        ({"servicedir.secret": SECRET, "servicedir.port": "x"}, "port"),
        ({"servicedir.secret": SECRET, "servicedir.database_url": "nonsense"}, "database_url"),
    ],
)
def test_a_broken_ini_stops_the_server_with_one_line(
    ini: dict[str, str], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SERVICEDIR_SECRET", raising=False)
    with pytest.raises(SystemExit) as ended:
        servicedir.main({}, **{"servicedir.data": str(tmp_path), **ini})
    assert str(ended.value.code).startswith(f"servicedir: servicedir.{named} ")
    assert "\n" not in str(ended.value.code)
