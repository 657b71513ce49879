"""Every setting, typed, with its default and a sentence; the ini first, then the environment, which wins."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "servicedir."


class BadSetting(ValueError):
    """A setting that stops the start; the message is one line that names it."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{PREFIX}{name} {what}")


def _setting(default: Any, sentence: str) -> Any:
    """Return a dataclass field that carries its sentence, for the documentation."""
    return field(default=default, metadata={"sentence": sentence})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of one running directory."""

    data: Path = _setting(Path("var"), "Folder of everything that is written: database, index, mails.")
    database_url: str = _setting("", "SQLAlchemy address of the database; empty is SQLite in the data folder.")
    search: str = _setting("whoosh", "Engine of the search: whoosh.")
    base_url: str = _setting("", "Address under which citizens reach the directory; empty takes it from the request.")
    title: str = _setting("Serviceverzeichnis", "Name of the directory, shown in every page's title.")
    languages: tuple[str, ...] = _setting(("de", "en"), "Languages of the interface, the first one is the default.")
    embed_origins: tuple[str, ...] = _setting((), "Origins (https://www.example.org) that may frame /embed.")
    secret: str = _setting("", "Signs cookies: at least 32 characters; best through SERVICEDIR_SECRET.")
    trusted_proxies: tuple[str, ...] = _setting((), "Address of the proxy whose X-Forwarded headers count.")
    host: str = _setting("127.0.0.1", "Address on which `servicedir serve` listens.")
    port: int = _setting(6543, "Port on which `servicedir serve` listens.")
    threads: int = _setting(4, "Threads of one server process.")
    demo_accounts: bool = _setting(False, "Whether `servicedir sample` makes accounts with a known password.")
    insecure_cookies: bool = _setting(False, "Whether the session's cookie also goes over plain http (development).")
    api_limit: int = _setting(
        600, "Requests per minute that an address, or a token, may ask of /api/v1 and /hsds; 0: any number."
    )
    second_factor: str = _setting(
        "administrators", "Who needs a one-time code beside the password: administrators, everybody or nobody."
    )
    review_months: int = _setting(12, "Months after which an entry is to be looked at again, if it says nothing else.")
    smallest_figure: int = _setting(
        0, "Appointments from which on a number is shown to the public; smaller ones are suppressed, 0 shows all."
    )
    figures_period: str = _setting(
        "year", "Whether figures are asked for once they are missing of a year or of a month: year, month or none."
    )
    figures_grace: int = _setting(30, "Days after the end of a year, or month, from which on its figures are missing.")
    licence: str = _setting(
        "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
        "Address of the licence under which the open data are given away.",
    )
    publisher: str = _setting("", "Who publishes the open data and answers the council, as it is named; empty: title.")
    contact: str = _setting("", "E-mail address for questions about open data and embedding; empty: none is named.")
    mail_host: str = _setting("", "SMTP server; empty writes each mail as a file into the folder mails of the data.")
    mail_port: int = _setting(587, "Port of the SMTP server.")
    mail_tls: bool = _setting(True, "Whether the connection to the SMTP server is encrypted (STARTTLS, 465: TLS).")
    mail_user: str = _setting("", "Login at the SMTP server; empty sends without one.")
    mail_password: str = _setting("", "Password at the SMTP server; best through SERVICEDIR_MAIL_PASSWORD.")
    mail_from: str = _setting("servicedir@localhost", "Address from which mails come.")
    housekeeping: int = _setting(
        5, "Minutes between two runs of the housekeeping within `servicedir serve`; 0: a timer runs it."
    )
    check_links: bool = _setting(True, "Whether the housekeeping looks whether the addresses in entries answer.")
    open_data: bool = _setting(True, "Whether the housekeeping makes the files of open data before somebody asks.")
    hint_days: int = _setting(180, "Days after which a citizen's hint is deleted.")
    search_days: int = _setting(90, "Days for which searches are counted.")
    audit_days: int = _setting(1095, "Days for which the audit log is kept.")
    mail_days: int = _setting(30, "Days for which mails that were sent, and files that were read in, are kept.")
    migrations: Path = _setting(Path("alembic"), "Folder of the schema's migrations.")

    @property
    def database(self) -> str:
        """Return the database's address, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data.absolute() / 'servicedir.sqlite'}"

    @property
    def origin(self) -> str:
        """Return scheme and host of links that are written where there is no request to take them from."""
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"

    def __repr__(self) -> str:
        """Return the settings without those that hold secrets."""
        return f"Settings(data={str(self.data)!r}, search={self.search!r})"


def read(ini: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of an ini section and the environment (`SERVICEDIR_DATA` for `servicedir.data`).

    Raises BadSetting for unknown names in the ini, for values that do not parse, and for insecure ones.
    """
    known = {f.name: f for f in fields(Settings)}
    for name in ini:
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in known:
            raise BadSetting(name.removeprefix(PREFIX), "is not a setting that servicedir knows")
    values: dict[str, Any] = {}
    for name, setting in known.items():
        raw = environ.get(f"SERVICEDIR_{name.upper()}", ini.get(PREFIX + name))
        if raw is not None and str(raw).strip():
            values[name] = _parse(name, str(raw).strip(), setting.default)
    settings = Settings(**values)
    _check(settings)
    return settings


def _parse(name: str, raw: str, default: Any) -> Any:
    match default:
        case bool():
            if raw.lower() not in ("true", "false"):
                raise BadSetting(name, f"is {raw!r}: write true or false")
            return raw.lower() == "true"
        case int():
            if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
                raise BadSetting(name, f"is {raw!r}: write a whole number")
            return int(raw)
        case Path():
            return Path(raw)
        case tuple():
            return tuple(raw.replace(",", " ").split())
        case _:
            return raw


def _check(settings: Settings) -> None:
    if not settings.secret:
        raise BadSetting("secret", "is missing: set SERVICEDIR_SECRET to at least 32 random characters")
    if len(settings.secret) < 32 or "changeme" in settings.secret.lower():
        raise BadSetting("secret", "is too short or a placeholder: set it to at least 32 random characters")
    if settings.second_factor not in ("administrators", "everybody", "nobody"):
        raise BadSetting("second_factor", f"is {settings.second_factor!r}: write administrators, everybody or nobody")
    if not 0 < settings.review_months <= 60:
        raise BadSetting("review_months", f"is {settings.review_months}: write a number from 1 to 60")
    if settings.smallest_figure > 1000:
        raise BadSetting("smallest_figure", f"is {settings.smallest_figure}: write a number from 0 to 1000")
    if settings.figures_period not in ("year", "month", "none"):
        raise BadSetting("figures_period", f"is {settings.figures_period!r}: write year, month or none")
    if settings.figures_grace > 365:
        raise BadSetting("figures_grace", f"is {settings.figures_grace}: write days, at most 365")
    if not _is_address(settings.licence):
        raise BadSetting("licence", f"is {settings.licence!r}: write an address that begins with http:// or https://")
    if settings.contact and not _is_mail_address(settings.contact):
        raise BadSetting("contact", f"is {settings.contact!r}: write an address such as opendata@example.org")
    if not 0 < settings.mail_port < 65_536:
        raise BadSetting("mail_port", f"is {settings.mail_port}: write a number from 1 to 65535")
    if "@" not in settings.mail_from or not settings.mail_from.isprintable():
        raise BadSetting("mail_from", f"is {settings.mail_from!r}: write an address such as directory@example.org")
    for name in ("hint_days", "search_days", "audit_days", "mail_days"):
        if not 0 < getattr(settings, name) <= 36_500:
            raise BadSetting(name, "is no number of days: write 1 to 36500")
    if settings.housekeeping > 1440:
        raise BadSetting("housekeeping", f"is {settings.housekeeping}: write minutes, at most 1440")
    if settings.search != "whoosh":
        raise BadSetting("search", f"is {settings.search!r}: the engine here is whoosh")
    if not 0 < settings.port < 65_536:
        raise BadSetting("port", f"is {settings.port}: write a number from 1 to 65535")
    if not 0 < settings.threads <= 64:
        raise BadSetting("threads", f"is {settings.threads}: write a number from 1 to 64")
    if not settings.languages or set(settings.languages) - {"de", "en"}:
        raise BadSetting("languages", "may hold de and en, the default one first")
    if len(settings.trusted_proxies) > 1:
        raise BadSetting("trusted_proxies", "holds several addresses: the server can trust one proxy")
    if settings.base_url and not _is_origin(settings.base_url.rstrip("/")):
        raise BadSetting("base_url", f"is {settings.base_url!r}: write https:// and the host, without a path")
    if settings.mail_host and not settings.base_url:
        raise BadSetting("base_url", "is missing: links in mails begin with it, and mail_host says that mails go out")
    for origin in settings.embed_origins:
        if not _is_origin(origin):
            raise BadSetting("embed_origins", f"holds {origin!r}: write https:// and the host, no path, no wildcard")


def _is_address(text: str) -> bool:
    """Return whether this is a web address that can stand in a file as it is."""
    plain = text.isascii() and text.isprintable() and not set(text) & set(' <>"{}|\\^`')
    return plain and text.startswith(("http://", "https://"))


def _is_mail_address(text: str) -> bool:
    """Return whether this is an e-mail address that can stand in a file as it is."""
    name, at, host = text.rpartition("@")
    return (
        bool(name and at and host) and text.isascii() and text.isprintable() and not set(text) & set(' <>"{}|\\^`?#%')
    )


def _is_origin(text: str) -> bool:
    """Return whether this is an https origin, or an http one on this machine."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in ("localhost", "127.0.0.1"))
    return secure and bool(host) and "*" not in text and text == f"{parts.scheme}://{parts.netloc}" and "@" not in text
