"""Which passwords are refused: short ones, and those that a guesser tries first; decided without asking anybody."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST = 12
"""Characters that a password has at least (OWASP ASVS 5.0, 6.2.1); which ones is nobody's business (6.2.5)."""

LONGEST = 200
"""Characters that a password has at most, so that looking at one costs nothing."""

_REST = 5
"""Characters that must be left when all that is guessed easily is taken away."""

_LETTERS = ("abcdefghijklmnopqrstuvwxyz", "qwertzuiopü", "qwertyuiop", "asdfghjklöä", "yxcvbnm", "zxcvbnm")
_DIGITS = (
    "01234567890",
    "1qay2wsx3edc4rfv5tgb6zhn",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "1q2w3e4r5t6z7u8i9o0p",
    "1q2w3e4r5t6y7u8i9o0p",
    '!"§$%&/()=?',
    "!@#$%^&*()",
)
_WORDS = """
    access account admin administrator april arschloch august baby baseball batman beispiel beliebig berlin
    bitte buergeramt buero bürgeramt büro change charlie cheese computer computerraum daniel danke default
    demo deutschland dezember dienst dienstag donnerstag dortmund dragon eintracht example familie februar
    ferrari flower football frankfurt freedom freiheit freitag friday fruehling frühling fussball fußball
    garten geheim geheimnis google gott guest hallo hamburg haus hello herbst herz hessen hund ichliebedich
    iloveyou internet internetzugang januar jesus jordan juli juni katze kennwort killer koeln köln letmein
    liebe login london love maerz mama master maus merlin michael michelle mickey microsoft mittwoch monday
    monkey montag muenchen mustang mutter märz münchen november office oktober papa pass passphrase passwd
    password passwort please pokemon porsche princess prinzessin qwerty qwertz rathaus root sample samstag saturday
    schalke schatz schmetterling secret september server service servicedir shadow sommer sonne sonnenschein
    sonntag spring stadt start starwars stern summer sunday sunshine superman system temp test thomas thursday
    tiger trustno tuesday user vater verwaltung wednesday welcome welt werder whatever wilkommen willkommen
    windows winter zugang zuhause
"""
_LEET = str.maketrans("013457@$!", "oieastasi")
_YEARS = re.compile(r"(?:19|20)\d\d")


class Refused(ValueError):
    """What may not be stored: `code` is the rule's name, for a sentence later."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_password(password: str, *own: str) -> None:
    """Accept a password, or raise Refused: `password_too_short`, `password_too_long` or `password_common`.

    Common is one of which little is left without well-known words, rows of keys, years and repetition, or
    without the `own` words of its owner (login, name): what ASVS 6.2.4 and 6.2.11 want looked up in lists.
    """
    if len(password) < SHORTEST:
        raise Refused("password_too_short")
    if len(password) > LONGEST:
        raise Refused("password_too_long")
    if _rest(password.lower(), own) < _REST:
        raise Refused("password_common")


def _rest(password: str, own: Iterable[str]) -> int:
    """Return how many different characters are left when all that is guessed easily is taken away."""
    # Within itself twice, a password is first found after its period: what repeats counts once.
    once = password[: (password * 2).find(password, 1)]
    rest = _without_rows(_YEARS.sub(" ", once), _DIGITS).translate(_LEET)
    words = _WORDS.split() + [part.translate(_LEET) for word in own for part in re.findall(r"\w{3,}", word.lower())]
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return len(set(_without_rows(rest, _LETTERS)) - {" "})


def _without_rows(password: str, rows: Iterable[str]) -> str:
    """Return a password without what three or more neighbouring keys type, in either direction."""
    for row in rows:
        for keys in (row, row[::-1]):
            for size in range(len(keys), 2, -1):
                for start in range(len(keys) - size + 1):
                    password = password.replace(keys[start : start + size], " ")
    return password
