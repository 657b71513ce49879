"""Mails as a server receives them and as the folder holds them: what they say, and what happens when they cannot go."""

from __future__ import annotations

import socket
import ssl
import stat
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from houses import settings_in

from servicedir.outgoing.mail import Undelivered, deliver, folder, forget_files, is_deliverable
from servicedir.settings import Settings

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SUBJECT = "Prüfen: „Führerschein“ und 3 weitere Einträge sind überfällig, seit vier Wochen schon — bitte ansehen"
BODY = "Guten Tag,\n\n.\nFrom hier an: äöüß €\n" + "lang " * 300 + "\n"


class Received:
    """What a server does with mails: keeps them, and answers as a test says."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.at_recipient = ""
        self.at_data = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        if self.at_recipient:
            return self.at_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return self.at_data

    def mail(self) -> EmailMessage:
        (envelope,) = self.envelopes
        assert isinstance(envelope.content, bytes)
        return read(envelope.content)


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=SMTP)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


@pytest.fixture
def received() -> Received:
    return Received()


@pytest.fixture
def serve(received: Received) -> Iterator[Callable[..., str]]:
    """Starts a server with these options and gives its port."""
    running: list[Controller] = []

    def serve(**options: Any) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        running.append(Controller(received, hostname="127.0.0.1", port=port, **options))
        running[-1].start()
        return str(port)

    yield serve
    for server in running:
        server.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """A certificate for localhost that nobody has signed, in `tmp_path`/certificate.pem."""
    key, pem = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", pem, *subject]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    return context


def sending(tmp_path: Path, port: str, **more: str) -> Settings:
    given = {"mail_host": "localhost", "mail_port": port, "base_url": "https://dienste.example"}
    return settings_in(tmp_path, **(given | more))


def plain(tmp_path: Path, port: str, **more: str) -> Settings:
    return sending(tmp_path, port, mail_host="127.0.0.1", mail_tls="false", **more)


def written(settings: Settings) -> list[Path]:
    return sorted(folder(settings).iterdir())


# Into the folder


def test_without_a_server_a_mail_becomes_a_file_that_nobody_else_can_read(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, mail_from="verzeichnis@musterstadt.example")
    deliver(settings, "anna@example.org", SUBJECT, BODY, NOW)
    (file,) = written(settings)
    assert file.suffix == ".eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    mail = read(file.read_bytes())
    assert (mail["From"], mail["To"]) == ("verzeichnis@musterstadt.example", "anna@example.org")
    assert mail["Subject"] == SUBJECT
    assert mail.get_content().replace("\r\n", "\n") == BODY
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"].endswith("@musterstadt.example>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"


def test_nothing_from_outside_gets_into_the_name_of_a_file(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    for _ in range(2):
        deliver(settings, '"../../up"@example.org', "../../up", "Text", NOW)
    names = [file.name for file in written(settings)]
    assert len(names) == 2
    assert all(name.startswith("20261123T060000-") and "up" not in name for name in names)


def test_a_folder_that_cannot_be_written_is_told_as_such(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    folder(settings).write_text("no folder")
    with pytest.raises(Undelivered) as told:
        deliver(settings, "anna@example.org", "Betreff", "Text", NOW)
    assert told.value.all_of_them


def test_old_files_are_forgotten_and_new_ones_kept(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    assert forget_files(settings, NOW) == 0
    for days in (2, 0):
        deliver(settings, "anna@example.org", "Betreff", "Text", NOW - timedelta(days=days))
    _old, new = written(settings)
    assert forget_files(settings, NOW - timedelta(days=1)) == 1
    assert written(settings) == [new]


# What is no mail


@pytest.mark.parametrize(
    "address", ["", "@", "a@", "a", "a b@c.de", "a@b.de, c@d.de", "Anna <a@b.de>", "jörg@example.org", "a@.de"]
)
def test_an_address_that_is_none_stops_its_own_mail_only(tmp_path: Path, address: str) -> None:
    with pytest.raises(Undelivered) as told:
        deliver(settings_in(tmp_path), address, "Betreff", "Text", NOW)
    assert not told.value.all_of_them
    assert not folder(settings_in(tmp_path)).exists()


@pytest.mark.parametrize("subject", ["Betreff\nBcc: b@example.org", "Betreff\r\n\r\nText"])
def test_a_subject_cannot_add_headers(tmp_path: Path, subject: str) -> None:
    with pytest.raises(Undelivered):
        deliver(settings_in(tmp_path), "anna@example.org", subject, "Text", NOW)


def test_a_host_with_umlauts_goes_out_as_punycode(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    deliver(settings, "anna@bücher.example", "Betreff", "Text", NOW)
    assert read(written(settings)[0].read_bytes())["To"] == "anna@xn--bcher-kva.example"


# Through a server


def test_a_server_receives_the_mail_for_one_recipient(
    tmp_path: Path, received: Received, serve: Callable[..., str]
) -> None:
    settings = plain(tmp_path, serve(), mail_from="verzeichnis@musterstadt.example")
    deliver(settings, "anna@example.org", SUBJECT, BODY, NOW)
    assert received.envelopes[0].rcpt_tos == ["anna@example.org"]
    assert received.envelopes[0].mail_from == "verzeichnis@musterstadt.example"
    assert received.mail()["Subject"] == SUBJECT
    assert received.mail().get_content().replace("\r\n", "\n") == BODY
    assert not folder(settings).exists()


def test_a_connection_that_cannot_be_encrypted_carries_no_mail(
    tmp_path: Path, received: Received, serve: Callable[..., str]
) -> None:
    settings = sending(tmp_path, serve(), mail_host="127.0.0.1")
    with pytest.raises(Undelivered, match="SMTPNotSupportedError") as told:
        deliver(settings, "anna@example.org", "Betreff", "Text", NOW)
    assert told.value.all_of_them
    assert received.envelopes == []


def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, received: Received, serve: Callable[..., str], certificate: ssl.SSLContext
) -> None:
    settings = sending(tmp_path, serve(tls_context=certificate))
    with pytest.raises(Undelivered, match="SSLCertVerificationError"):
        deliver(settings, "anna@example.org", "Betreff", "Text", NOW)
    assert received.envelopes == []


def test_with_a_trusted_certificate_one_signs_in_and_sends(
    tmp_path: Path,
    received: Received,
    serve: Callable[..., str],
    certificate: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    logins: list[bytes] = []

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        logins.append(data.login)
        return AuthResult(success=data.password == b"geheim", handled=False)

    port = serve(tls_context=certificate, require_starttls=True, auth_required=True, authenticator=authenticate)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    deliver(
        sending(tmp_path, port, mail_user="verzeichnis", mail_password="geheim"),
        "anna@example.org",
        "Betreff",
        "Text",
        NOW,
    )
    assert logins == [b"verzeichnis"]
    assert received.mail()["Subject"] == "Betreff"
    with pytest.raises(Undelivered, match="SMTPAuthenticationError 535") as told:
        deliver(
            sending(tmp_path, port, mail_user="verzeichnis", mail_password="falsch"),
            "anna@example.org",
            "Betreff",
            "Text",
            NOW,
        )
    assert told.value.all_of_them
    assert "falsch" not in str(told.value)


def test_a_recipient_whom_the_server_refuses_stops_one_mail_and_is_not_named(
    tmp_path: Path, received: Received, serve: Callable[..., str]
) -> None:
    received.at_recipient = "550 5.1.1 <anna@example.org> unknown"
    with pytest.raises(Undelivered) as told:
        deliver(plain(tmp_path, serve()), "anna@example.org", "Betreff", "Text", NOW)
    assert str(told.value) == "SMTPRecipientsRefused 550"
    assert not told.value.all_of_them


def test_a_text_that_the_server_refuses_stops_one_mail(
    tmp_path: Path, received: Received, serve: Callable[..., str]
) -> None:
    received.at_data = "552 too large for anna@example.org"
    with pytest.raises(Undelivered) as told:
        deliver(plain(tmp_path, serve()), "anna@example.org", "Betreff", "Text", NOW)
    assert str(told.value) == "SMTPDataError 552"
    assert not told.value.all_of_them


def test_a_server_that_is_not_there_stops_all_mails(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: whoever connects is turned away
        with pytest.raises(Undelivered, match="ConnectionRefusedError") as told:
            deliver(plain(tmp_path, str(taken.getsockname()[1])), "anna@example.org", "Betreff", "Text", NOW)
    assert told.value.all_of_them


# What can be written to


@pytest.mark.parametrize("address", ["kim@example.org", "kim+dienste@example.org", "kim@köln.example"])
def test_what_is_deliverable_becomes_a_mail(tmp_path: Path, address: str) -> None:
    assert is_deliverable(address)
    deliver(settings_in(tmp_path), address, SUBJECT, BODY, NOW)


@pytest.mark.parametrize(
    "address", ["", "kim", "käthe@example.org", f"kim@{'x' * 64}.example", "kim..a@example.org", "kim@a..example"]
)
def test_what_is_not_deliverable_is_known_before(tmp_path: Path, address: str) -> None:
    assert not is_deliverable(address)
    with pytest.raises(Undelivered):
        deliver(settings_in(tmp_path), address, SUBJECT, BODY, NOW)
