"""Accounts: who makes them, gives roles, locks them and stands in for whom, and what each may do with their own."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from servicedir.directory import letters
from servicedir.directory.outcomes import Forbidden, Refused
from servicedir.domain.service import Fault
from servicedir.domain.workflow import Duty, Grant, Person, Role
from servicedir.storage import passwords
from servicedir.storage.audit import AuditLine, Wanted
from servicedir.storage.deputies import Deputy
from servicedir.storage.people import Account

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

INVITED = timedelta(days=7)
"""How long the link of an invitation holds."""
FORGOTTEN = timedelta(hours=1)
"""How long the link to a new password holds."""

OF_OFFICES = (Role.EDITOR, Role.REVIEWER)
"""Roles for an office or the whole city; the others are for the whole city alone."""

Link = Callable[[str], str]
"""Makes the whole address of the page that takes a token."""


class Accounts:
    """The accounts of one unit of work. Whatever takes a number raises NotFound where there is no such account.

    `by` is who asks; raises Forbidden where their duties do not cover it, Refused where a rule is against it.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    # Reading

    def find(self, by: Person, *, words: str = "", office: str = "", role: str = "", state: str = "") -> list[Account]:
        """Return the accounts that match, by login: a piece of login, name or e-mail, a role, an office of a role.

        `state` is `active`, `invited` or `disabled`; what is empty does not matter.
        """
        self._directory.demand_duty(by, Duty.ROLES)
        wanted = words.strip().casefold()

        def matches(account: Account) -> bool:
            person = account.person
            held = [g for g in person.grants if role in ("", g.role) and office in ("", g.office)]
            said = f"{person.login}\n{person.name}\n{account.email}".casefold()
            return wanted in said and state in ("", _state(account)) and (bool(held) or not (role or office))

        return [account for account in self._directory.people.accounts() if matches(account)]

    def get(self, number: int, by: Person) -> Account:
        """Return an account."""
        self._directory.demand_duty(by, Duty.ROLES)
        return self._directory.people.numbered(number)

    def log(self, by: Person, wanted: Wanted, *, before: int | None = None, limit: int = 100) -> list[AuditLine]:
        """Return lines of the audit log, newest first; `before` is a line's number, for the next page."""
        self._directory.demand_duty(by, Duty.AUDIT)
        return self._directory.people.log.lines(wanted, before=before, limit=limit)

    def wanted(
        self, actor: str, action: str, object: str, since: datetime | None = None, until: datetime | None = None
    ) -> Wanted:
        """Return which lines of the audit log are wanted; what is empty does not matter."""
        return Wanted(actor=actor, action=action, object=object, since=since, until=until)

    # Accounts of others

    def invite(self, login: str, name: str, email: str, *, by: Person, link: Link) -> Account:
        """Make an account, and send a link by which a password is set; return it."""
        self._directory.demand_duty(by, Duty.PEOPLE)
        if not _is_email(email):
            raise Refused([Fault("no_email", ("email",))])
        with _as_faults("login"):
            account = self._directory.people.invite(login, name, email)
        self._audit(by, "user invite", account)
        self._send_invitation(account, link)
        return account

    def invite_again(self, number: int, *, by: Person, link: Link) -> None:
        """Send another link to somebody who has not set a password yet; the one before holds no longer."""
        account = self._of_others(number, by)
        if not account.invited or account.disabled or not account.email:
            raise Refused([Fault("not_invited", ())])
        self._audit(by, "user invite", account)
        self._send_invitation(account, link)

    def describe(self, number: int, name: str, email: str, *, by: Person) -> None:
        """Give an account another name and e-mail address."""
        account = self._of_others(number, by)
        if email and not _is_email(email):
            raise Refused([Fault("no_email", ("email",))])
        self._directory.people.describe(account.person.login, name, email)
        self._audit(by, "user change", account)
        if email.strip() != account.email:
            self._tell(account, "die E-Mail-Adresse.", "the e-mail address.")

    def lock(self, number: int, disabled: bool, *, by: Person) -> None:
        """Lock an account and end its sessions, or unlock it: never one's own, nor that of the last administrator."""
        account = self._of_others(number, by)
        if disabled:
            self._not_oneself(account, by)
            self._keep_an_administrator(account)
        self._directory.people.disable(account.person.login, disabled)
        self._audit(by, "disable" if disabled else "enable", account)

    def end_sessions(self, number: int, *, by: Person) -> None:
        """Sign somebody out everywhere."""
        account = self._of_others(number, by)
        self._directory.people.close_sessions(account.person.login)
        self._audit(by, "sessions end", account)

    def reset_factor(self, number: int, *, by: Person) -> None:
        """Take the second factor away from somebody who has lost it: never one's own, which takes the password."""
        account = self._of_others(number, by)
        self._not_oneself(account, by)
        self._directory.people.factors.remove(account.person.login)
        self._audit(by, "factor reset", account)
        self._tell(account, "die Administration hat den zweiten Faktor entfernt.", "the second factor was removed.")

    # Roles

    def roles_given_by(self, by: Person) -> tuple[Role, ...]:
        """Return the roles that a person may give and take: coordinators those of offices, administrators all."""
        duties = self._directory.duties(by)
        if Duty.PEOPLE in duties:
            return tuple(Role)
        return OF_OFFICES if Duty.ROLES in duties else ()

    def may_give(self, grant: Grant, by: Person) -> bool:
        """Return whether a person may give and take this; a role in the whole city is for administrators to give."""
        whole_city_too = Duty.PEOPLE in self._directory.duties(by)
        return grant.role in self.roles_given_by(by) and (bool(grant.office) or whole_city_too)

    def grant(self, number: int, grant: Grant, *, by: Person) -> None:
        """Give somebody a role; if they hold it there already, until another day."""
        account = self._given(number, grant, by)
        if grant.office and (grant.role not in OF_OFFICES or grant.office not in self._directory.catalogue.offices):
            raise Refused([Fault("unknown_office", ("office",))])
        if grant.until and grant.until < self._directory.today:
            raise Refused([Fault("in_the_past", ("until",))])
        if grant.role is Role.ADMINISTRATOR and grant.until:
            self._keep_an_administrator(account)
        self._directory.people.grant(account.person.login, grant)
        until = grant.until.isoformat() if grant.until else None
        detail = {"role": grant.role, "office": grant.office, "until": until}
        self._directory.people.audit(by.login, "role add", f"account/{account.person.login}", detail)

    def ungrant(self, number: int, grant: Grant, *, by: Person) -> None:
        """Take a role from somebody and end their sessions; nobody takes that of an administrator from themselves."""
        account = self._given(number, grant, by)
        if not any((held.role, held.office) == (grant.role, grant.office) for held in account.person.grants):
            raise Refused([Fault("not_granted", ())])
        if grant.role is Role.ADMINISTRATOR:
            self._not_oneself(account, by)
            self._keep_an_administrator(account)
        self._directory.people.ungrant(account.person.login, grant)
        detail = {"role": grant.role, "office": grant.office}
        self._directory.people.audit(by.login, "role remove", f"account/{account.person.login}", detail)

    # Deputies

    def deputies(self, login: str, by: Person) -> list[Deputy]:
        """Return who stands in for an account and for whom it does, today or later."""
        self._own_or_people(login, by)
        return self._directory.people.deputies.of(login, self._directory.today)

    def candidates(self, login: str) -> dict[str, str]:
        """Return login and name of everybody who could stand in for an account."""
        accounts = [account for account in self._directory.people.accounts() if not account.disabled]
        return {a.person.login: a.person.name or a.person.login for a in accounts if a.person.login != login}

    def stand_in(self, absent: str, deputy: str, since: date, until: date, *, by: Person) -> None:
        """Let somebody stand in from one day to another: for oneself, or as an administrator for whomever."""
        self._own_or_people(absent, by)
        if deputy not in self.candidates(absent):
            raise Refused([Fault("not_a_deputy", ("deputy",))])
        if until < self._directory.today:
            raise Refused([Fault("in_the_past", ("until",))])
        with _as_faults("until"):
            self._directory.people.deputies.add(absent, deputy, since, until)
        detail = {"deputy": deputy, "since": since.isoformat(), "until": until.isoformat()}
        self._directory.people.audit(by.login, "deputy add", f"account/{absent}", detail)

    def end_stand_in(self, absent: str, deputy: str, since: date, *, by: Person) -> None:
        """End what was said of a deputy. Nothing happens where it was not said."""
        self._own_or_people(absent, by)
        if self._directory.people.deputies.remove(absent, deputy, since):
            detail = {"deputy": deputy, "since": since.isoformat()}
            self._directory.people.audit(by.login, "deputy remove", f"account/{absent}", detail)

    # One's own account

    def change_password(self, password: str, *, by: Person) -> None:
        """Set one's own password, and end all of one's sessions."""
        with _as_faults("password"):
            self._directory.people.set_password(by.login, password)
        account = self._directory.people.account(by.login)
        self._audit(by, "password", account)
        self._tell(account, "das Passwort.", "the password.")

    def set_up_factor(self, secret: str, code: str, *, by: Person) -> list[str]:
        """Give one's own account a second factor, end all of one's sessions, and return the recovery codes."""
        account = self._directory.people.account(by.login)
        if account.has_factor:  # Who took over a session must not put an app of theirs in the place of the owner's.
            raise Refused([Fault("has_factor", ())])
        codes = self._directory.people.factors.set_up(by.login, secret, code)
        if codes is None:
            raise Refused([Fault("wrong_code", ("code",))])
        self._audit(by, "factor add", account)
        self._tell(account, "ein zweiter Faktor wurde eingerichtet.", "a second factor was set up.")
        return codes

    def remove_factor(self, *, by: Person) -> None:
        """Take one's own second factor away, and end all of one's sessions."""
        account = self._directory.people.account(by.login)
        self._directory.people.factors.remove(by.login)
        self._audit(by, "factor remove", account)
        self._tell(account, "der zweite Faktor wurde entfernt.", "the second factor was removed.")

    def renew_codes(self, *, by: Person) -> list[str]:
        """Return new recovery codes of one's own in the place of the old ones."""
        account = self._directory.people.account(by.login)
        if not account.has_factor:
            raise Refused([Fault("no_factor", ())])
        self._audit(by, "factor codes", account)
        return self._directory.people.factors.renew_codes(by.login)

    def end_own_sessions(self, *, by: Person, only: str = "", but: str = "") -> None:
        """End the one of one's own sessions with this key, or all but that."""
        self._directory.people.close_sessions(by.login, only=only, but=but)
        self._directory.people.audit(by.login, "sessions end", f"account/{by.login}", {})

    # Without being signed in

    def forgot(self, name: str, *, link: Link) -> None:
        """Send a link to whoever has this login or e-mail, if anybody; nothing tells whether there was somebody."""
        people = self._directory.people
        found = people.invitations.who_forgot(name)
        for login, email in found:
            token = people.invitations.make(login, FORGOTTEN, only=False)
            minutes = int(FORGOTTEN.total_seconds()) // 60
            self._mail(email, letters.reset(self._title, login, link(token), minutes))
        # One line in any case, also so that it costs the same.
        people.audit("", "password forgotten", f"account/{found[0][0]}" if found else "account", {})

    def accept(self, token: str, password: str) -> Person | None:
        """Set the password of the account that a link is for; return whose it is, None for a link that holds not."""
        people = self._directory.people
        login = people.invitations.use_up(token)
        if login is None:
            return None
        with _as_faults("password"):
            people.set_password(login, password)
        account = people.account(login)
        self._audit(account.person, "password", account)
        return account.person

    # What the above is made of

    @property
    def _title(self) -> str:
        return self._directory.house.settings.title

    def _audit(self, by: Person, action: str, account: Account) -> None:
        self._directory.people.audit(by.login, action, f"account/{account.person.login}", {})

    def _mail(self, recipient: str, letter: letters.Letter) -> None:
        self._directory.mails.queue(f"account {secrets.token_hex(16)}", recipient, letter.subject, letter.body)

    def _tell(self, account: Account, what: str, in_english: str) -> None:
        """Tell somebody, under the address that they had until now, what was changed."""
        self._mail(account.email, letters.changed(self._title, account.person.login, what, in_english))

    def _send_invitation(self, account: Account, link: Link) -> None:
        token = self._directory.people.invitations.make(account.person.login, INVITED, only=True)
        letter = letters.invitation(self._title, account.person.login, link(token), INVITED.days)
        self._mail(account.email, letter)

    def _of_others(self, number: int, by: Person) -> Account:
        self._directory.demand_duty(by, Duty.PEOPLE)
        return self._directory.people.numbered(number)

    def _own_or_people(self, login: str, by: Person) -> None:
        if login != by.login:
            self._directory.demand_duty(by, Duty.PEOPLE)

    def _given(self, number: int, grant: Grant, by: Person) -> Account:
        account = self.get(number, by)
        if not self.may_give(grant, by):
            raise Forbidden(Duty.PEOPLE, grant.office)
        return account

    def _not_oneself(self, account: Account, by: Person) -> None:
        if account.person.login == by.login:
            raise Refused([Fault("yourself", ())])

    def _keep_an_administrator(self, without: Account) -> None:
        """Raise Refused where an administrator would go and nobody was left who is one without an end."""
        people = self._directory.people
        people.one_at_a_time()
        if not _administers(without, self._directory.today):
            return
        lasting = (
            account
            for account in people.accounts()
            if account.number != without.number
            and not account.invited
            and any(grant.until is None and grant.role is Role.ADMINISTRATOR for grant in account.person.grants)
        )
        if all(account.disabled for account in lasting):
            raise Refused([Fault("last_administrator", ())])


def _is_email(address: str) -> bool:
    """Return whether a mail can be sent there, as far as one sees."""
    name, _at, host = address.strip().rpartition("@")
    return bool(name and host) and address.strip().isprintable() and " " not in address.strip()


def _state(account: Account) -> str:
    if account.disabled:
        return "disabled"
    return "invited" if account.invited else "active"


def _administers(account: Account, on: date) -> bool:
    return not account.disabled and Role.ADMINISTRATOR in account.person.roles((), on)


@contextmanager
def _as_faults(where: str) -> Iterator[None]:
    """Say what storage refuses as the door says it."""
    try:
        yield
    except passwords.Refused as refused:
        raise Refused([Fault(refused.code, (where,))]) from None
