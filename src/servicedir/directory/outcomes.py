"""What the door says instead of doing it, and what became of each entry of many."""

from __future__ import annotations

from dataclasses import dataclass

from servicedir.domain.history import Kind
from servicedir.domain.service import Fault
from servicedir.domain.workflow import Duty, Permission


class Forbidden(PermissionError):
    """This person may not do this here; `permission` and `office` say what was lacking, for a sentence."""

    def __init__(self, permission: Permission | Duty, office: str = "") -> None:
        super().__init__(f"{permission} in {office}")
        self.permission = permission
        self.office = office


class Refused(ValueError):
    """A value that breaks rules: `faults` says which and where."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did with one entry: `new`, `changed` (which fields), `unchanged` or `refused` (why)."""

    kind: Kind
    slug: str
    result: str
    details: tuple[str, ...] = ()
