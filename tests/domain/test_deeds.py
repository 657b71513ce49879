"""Whatever the code writes into the audit log has a name in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import servicedir
from servicedir.domain import hint
from servicedir.domain.batch import Action
from servicedir.domain.deeds import DEEDS, called
from servicedir.domain.workflow import TIMED, TRANSITIONS

SOURCE = Path(servicedir.__file__).parent

# The functions that write a line, and the number of their argument that says what was done.
WRITERS = {"audit": 1, "_audit": 1, "count_failure": 2}

# What stands alone in the place of the words: the argument of a writer itself, and steps, which have a test below.
PASSED_ON = {"action", "step", "planned.step"}


def written() -> Iterator[tuple[str, ast.expr]]:
    """Where a line of the log is written, and what says there what was done."""
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in WRITERS and len(node.args) > WRITERS[name]:
                    yield f"{file.relative_to(SOURCE)}:{node.lineno}", node.args[WRITERS[name]]


def unnamed(said: ast.expr) -> list[str]:
    """What an expression can say that has no name."""
    match said:
        case ast.Constant(value=str(word)):
            return [] if word in DEEDS else [word]
        case ast.IfExp(body=one, orelse=other):
            return unnamed(one) + unnamed(other)
        case ast.JoinedStr(values=parts):
            pattern = "".join(re.escape(p.value) if isinstance(p, ast.Constant) else "([a-z_]+)" for p in parts)
            return [] if any(re.fullmatch(pattern, word) for word in DEEDS) else [pattern]
        case _:
            return [] if ast.unparse(said) in PASSED_ON else [ast.unparse(said)]


WRITTEN = dict(written())


@pytest.mark.parametrize("where", WRITTEN)
def test_what_is_written_into_the_audit_log_has_a_name(where: str) -> None:
    assert unnamed(WRITTEN[where]) == []


def test_all_places_are_found() -> None:
    assert len(WRITTEN) > 40
    assert {where.partition("/")[0] for where in WRITTEN} >= {"cli", "directory", "web"}


def test_what_is_put_together_has_a_name_each() -> None:
    made = {*TRANSITIONS, *(f"{kind} {step}" for kind in ("plan", "unplan") for step in TIMED)}
    made |= {f"{step} overtaken" for step in TIMED} | {f"{step} hint" for step in hint.STEPS}
    made |= {f"bulk {action}" for action in Action}
    assert made - DEEDS.keys() == set()


def test_every_deed_is_called_something_of_its_own_in_both_languages() -> None:
    for language in ("de", "en"):
        names = [name.get(language) for name in DEEDS.values()]
        assert all(names)
        assert len(set(names)) == len(names)


def test_what_nobody_knows_any_more_is_said_as_it_is() -> None:
    assert called("dance", "de") == "dance"
    assert called("sign in", "de") == "angemeldet"
