"""How a mail leaves: through the city's SMTP server, or into a folder where there is none."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any
from uuid import uuid4

from servicedir.settings import Settings

TIMEOUT = 10
"""Seconds for which one waits for the SMTP server."""
NO_MAIL = (ValueError, IndexError, MessageError)
"""What the email package raises for an address that is none: now this, now that."""
_MOMENT = "%Y%m%dT%H%M%S"
_TLS_FROM_THE_START = 465  # RFC 8314; on any other port the connection is plain until STARTTLS.


class _Whole(EmailPolicy):
    """Mails as SMTP wants them, with umlauts in a long subject, where the library's own folding loses spaces."""

    def fold(self, name: str, value: Any) -> str:
        """Return a header in lines; one with umlauts as encoded words throughout (RFC 2047)."""
        if name.lower().startswith("list-"):  # Addresses that programs read: they stand in one line and as they are.
            return f"{name}: {value}{self.linesep}"
        if name.lower() != "subject" or value.isascii():
            return str(super().fold(name, value))
        return f"{name}: {Header(value, 'utf-8', header_name=name).encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return the same in bytes."""
        return self.fold(name, value).encode("ascii")


_POLICY = _Whole(linesep=SMTP.linesep)


class Undelivered(Exception):
    """A mail that did not go out. What it says can be logged: no address, nothing of the text.

    With `all_of_them` it is the server that cannot be used, so that the next mail would fare no better.
    """

    def __init__(self, fault: str, *, all_of_them: bool = False) -> None:
        super().__init__(fault)
        self.all_of_them = all_of_them


def deliver(
    settings: Settings,
    recipient: str,
    subject: str,
    body: str,
    now: datetime,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send a mail to one recipient, or write it into the folder; `headers` are more than the usual ones.

    Raises Undelivered.
    """
    try:
        message = make_message(settings.mail_from, recipient, subject, body, now)
        for name, value in (headers or {}).items():
            message[name] = value
    except NO_MAIL as fault:
        raise Undelivered(f"not a mail: {type(fault).__name__}") from None
    if settings.mail_host:
        _send(settings, message)
        return
    try:
        _write(folder(settings), message, now)
    except OSError as fault:
        raise Undelivered(f"folder: {fault.strerror}", all_of_them=True) from None


def make_message(sender: str, recipient: str, subject: str, body: str, now: datetime) -> EmailMessage:
    """Return a mail in UTF-8 that says of itself that a program wrote it (RFC 3834).

    Raises one of NO_MAIL for an address that is none.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = (sender_address := _address(sender))
    message["To"] = _address(recipient)
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=sender_address.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, charset="utf-8", cte="quoted-printable")
    return message


def is_deliverable(address: str) -> bool:
    """Return whether a mail to an address can be made at all; umlauts before the @ cannot go out."""
    try:
        return _address(address).username.isascii()
    except NO_MAIL:
        return False


def folder(settings: Settings) -> Path:
    """Return where mails are written if there is no SMTP server."""
    return settings.data / "mails"


def forget_files(settings: Settings, before: datetime) -> int:
    """Delete the mails in the folder that were written before a moment; return how many."""
    mails = (file for file in folder(settings).glob("*") if file.suffix in (".eml", ".part"))
    old = [file for file in mails if file.name < before.strftime(_MOMENT)]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _address(text: str) -> Address:
    """Return one mail address; its host may have umlauts, which go out as Punycode (RFC 5890)."""
    address = Address(addr_spec=text)
    return Address(username=address.username, domain=address.domain.encode("idna").decode("ascii"))


def _send(settings: Settings, message: EmailMessage) -> None:
    try:
        server = _connect(settings)
    except (OSError, smtplib.SMTPException) as fault:
        raise Undelivered(_told(fault), all_of_them=True) from None
    try:
        # Not send_message, which puts a > before each line that begins with From.
        sender, recipient = (message[name].addresses[0].addr_spec for name in ("From", "To"))
        server.sendmail(sender, [recipient], message.as_bytes())
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as fault:
        raise Undelivered(_told(fault)) from None
    except (OSError, smtplib.SMTPException) as fault:
        raise Undelivered(_told(fault), all_of_them=True) from None
    finally:
        # What happens to the farewell is no reason to send a mail twice.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _connect(settings: Settings) -> smtplib.SMTP:
    """Return a connection that is encrypted, with the server's certificate checked, and signed in if need be."""
    host, port = settings.mail_host, settings.mail_port
    trusted = ssl.create_default_context()
    server: smtplib.SMTP
    if settings.mail_tls and port == _TLS_FROM_THE_START:
        server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=trusted)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    try:
        if settings.mail_tls and port != _TLS_FROM_THE_START:
            server.starttls(context=trusted)
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
    except BaseException:
        server.close()
        raise
    return server


def _told(fault: Exception) -> str:
    """Return the kind of a fault and the server's code. Not its words: servers repeat addresses in them."""
    codes = [str(getattr(fault, "smtp_code", ""))]
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        codes = [str(code) for code, _ in fault.recipients.values()]
    return " ".join([type(fault).__name__, *filter(None, codes)])


def _write(into: Path, message: EmailMessage, now: datetime) -> None:
    """Write a mail into a file of its own, which nobody else on this machine may read."""
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{now.strftime(_MOMENT)}-{uuid4().hex}"
    # Under another name until it is whole, so that whoever watches the folder never reads half a mail.
    part = into / f"{name}.part"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(message.as_bytes())
    part.rename(into / f"{name}.eml")
