"""Passwords: what a guesser tries first is refused, what somebody thought of is not."""

from __future__ import annotations

import pytest

from servicedir.storage.passwords import LONGEST, SHORTEST, Refused, check_password


def code(password: str, *own: str) -> str:
    with pytest.raises(Refused) as refused:
        check_password(password, *own)
    return refused.value.code


@pytest.mark.parametrize(
    "password",
    [
        "123456789012",
        "1234567890123456",
        "aaaaaaaaaaaaa",
        "abcabcabcabc",
        "abcdefghijkl",
        "qwertzuiopü1",
        "qwertyuiop12",
        "1qay2wsx3edc",
        "1q2w3e4r5t6z",
        "passwortpasswort",
        "Passwort1234!",
        "P@ssw0rt123456",
        "password123456",
        "administrator",
        "geheimgeheim12",
        "Sommer2024!!!!",
        "frankfurt-2026",
        "FrankfurtAmMain",
        "iloveyou2024!",
        "letmeinplease1",
        "changechange!!",
        "servicedir2026",
        "WillkommenWillkommen",
        "987654321098",
        "111122223333",
        "qwertz123456",
        "asdfghjklöä1",
    ],
)
def test_what_a_guesser_tries_first_is_refused(password: str) -> None:
    assert len(password) >= SHORTEST
    assert code(password) == "password_common"


@pytest.mark.parametrize(
    "password",
    [
        "wolkenbruch im mai",
        "correct horse battery staple",
        "mein passwort ist lang",
        "kx7Tq2vLm9Rz",
        "Schlechte Laune am Montag",
        "ü" * 5 + "äß€ñ漢字😀",
    ],
)
def test_what_somebody_thought_of_is_accepted_whatever_its_characters(password: str) -> None:
    check_password(password, "anna", "Anna Beispiel")


@pytest.mark.parametrize("password", ["anna-anna-1985", "AnnaBeispiel1", "Be1sp1el-Anna!", "beispielanna12"])
def test_the_owner_s_own_name_makes_no_password(password: str) -> None:
    assert code(password, "anna", "Anna Beispiel") == "password_common"


def test_lengths_are_counted_in_characters() -> None:
    assert code("kx7Tq2vLm9R") == "password_too_short"
    long = "".join(f"{number:x}k" for number in range(300))
    check_password(long[:LONGEST])
    assert code(long[: LONGEST + 1]) == "password_too_long"
