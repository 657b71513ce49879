"""The tokens of other programs: who makes and revokes them, and whose one is that somebody shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from servicedir.directory.outcomes import Refused
from servicedir.domain.history import NotFound
from servicedir.domain.service import Fault
from servicedir.domain.token import Purpose, Token
from servicedir.domain.workflow import SYSTEM, Duty, Person, duties

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A token in the list; `state` is `good`, `expired`, `revoked`, or `orphaned`: who made it could not any more."""

    token: Token
    state: str


class Tokens:
    """The tokens of one unit of work.

    `by` is who asks: only people who may do everything in the whole city make tokens, so that nobody gives away more
    than they have. Raises Forbidden for others.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def make(
        self, name: str, purposes: Collection[Purpose], offices: Iterable[str], expires: date | None, *, by: Person
    ) -> tuple[Token, str]:
        """Return a new token and its secret, which nobody can see again.

        It is good for these offices and those below them, without any for the whole city, up to a day or until it is
        revoked. Its name is what everything that is done with it is signed with. Raises Refused.
        """
        directory = self._directory
        directory.demand_duty(by, Duty.TOKENS)
        name, slugs = " ".join(name.split()), list(dict.fromkeys(offices))
        faults = [] if name else [Fault("missing", ("name",))]
        if len(name) > LONGEST_NAME or not name.isprintable():
            faults.append(Fault("not_a_name", ("name",)))
        faults += [] if purposes else [Fault("missing", ("purposes",))]
        faults += [Fault("unknown_office", ("offices", o)) for o in slugs if o not in directory.catalogue.offices]
        if expires is not None and expires < directory.today:
            faults.append(Fault("in_the_past", ("expires",)))
        if faults:
            raise Refused(faults)
        ordered = [purpose for purpose in Purpose if purpose in purposes]
        made = directory.stored_tokens.make(name, ordered, slugs, author=by.login, expires=expires)
        if made is None:
            raise Refused([Fault("name_taken", ("name",))])
        detail = {"purposes": ordered, "offices": slugs, "expires": expires.isoformat() if expires else None}
        directory.people.audit(by.login, "token add", f"token/{name}", detail)
        return made

    def all(self, by: Person) -> list[Listed]:
        """Return every token there ever was, the newest first."""
        self._directory.demand_duty(by, Duty.TOKENS)
        return [Listed(token=token, state=self._state(token)) for token in self._directory.stored_tokens.all()]

    def revoke(self, number: int, *, by: Person) -> Token:
        """Let a token be good for nothing from now on; return it. Raises NotFound where it is already, or never was."""
        self._directory.demand_duty(by, Duty.TOKENS)
        if not self._directory.stored_tokens.revoke(number):
            raise NotFound(f"token {number}")
        token = self._directory.stored_tokens.all(number)[0]
        self._directory.people.audit(by.login, "token revoke", f"token/{token.name}", {})
        return token

    def find(self, secret: str) -> Token | None:
        """Return the token of a secret; None alike where there is none and where it is good for nothing any more."""
        token = self._directory.stored_tokens.find(secret)
        return token if token and self._state(token) == "good" else None

    def note_used(self, token: Token) -> None:
        """Note that a token is used today."""
        self._directory.stored_tokens.note_used(token.id, self._directory.today)

    def lacks(self, token: Token, office: str) -> bool:
        """Return whether a token is not for an office."""
        return not token.covers(self._directory.catalogue.lineage(office))

    def _state(self, token: Token) -> str:
        if token.revoked:
            return "revoked"
        if not token.holds(self._directory.today):
            return "expired"
        return "good" if self._may_make(token.author) else "orphaned"

    def _may_make(self, login: str) -> bool:
        if login == SYSTEM.login:
            return True
        try:
            account = self._directory.people.account(login)
        except NotFound:
            return False
        return not account.disabled and Duty.TOKENS in duties(account.person, self._directory.today)
