"""What is written to people about their account: German first, a paragraph in English below."""

from __future__ import annotations

from typing import NamedTuple


class Letter(NamedTuple):
    """A mail's subject and text."""

    subject: str
    body: str


def one_line(words: str) -> str:
    """Return words in one line of what can be printed."""
    return " ".join("".join(char if char.isprintable() else " " for char in words).split())


def invitation(title: str, login: str, link: str, days: int) -> Letter:
    """Return the letter to somebody for whom an account was made."""
    return Letter(
        f"{title}: Ihr Konto für die Redaktion",
        f"""Guten Tag,

für Sie wurde ein Konto in der Redaktion von „{title}“ angelegt. Ihr Anmeldename ist: {login}

Legen Sie bitte innerhalb von {days} Tagen ein Passwort fest:
{link}

Der Link gilt nur einmal. Geben Sie ihn nicht weiter. Haben Sie diese Nachricht nicht erwartet, müssen Sie nichts tun.

--
English: An account was made for you. Your login is {login}. Please set a password within {days} days with the
link above. It works once; do not pass it on. If you did not expect this message, you need not do anything.
""",
    )


def reset(title: str, login: str, link: str, minutes: int) -> Letter:
    """Return the letter to somebody who forgot the password."""
    return Letter(
        f"{title}: neues Passwort",
        f"""Guten Tag,

für Ihr Konto {login} wurde ein neues Passwort angefordert. Innerhalb von {minutes} Minuten legen Sie es hier fest:
{link}

Der Link gilt nur einmal. Haben Sie nichts angefordert, müssen Sie nichts tun: Ihr Passwort bleibt, wie es ist.

--
English: A new password was asked for your account {login}. You can set it within {minutes} minutes with the link
above, which works once. If you did not ask for it, you need not do anything: your password stays as it is.
""",
    )


def changed(title: str, login: str, what: str, what_in_english: str) -> Letter:
    """Return the letter that tells somebody of a change to their account that others could have made."""
    return Letter(
        f"{title}: Änderung an Ihrem Konto",
        f"""Guten Tag,

an Ihrem Konto {login} wurde etwas geändert: {what}

Waren Sie das nicht und hat es niemand mit Ihnen abgesprochen, wenden Sie sich bitte sofort an die Administration.

--
English: Something was changed about your account {login}: {what_in_english}
If this was not you and nobody agreed it with you, please turn to the administration at once.
""",
    )
