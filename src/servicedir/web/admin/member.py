"""Somebody with an account, as those see them who give roles."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request

from servicedir.domain.history import NotFound
from servicedir.domain.workflow import Duty
from servicedir.web.contexts import City


class Member(City):
    """The account of a number; whoever has no business with accounts does not even learn whether there is one."""

    account: Any

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        if Duty.ROLES in self.permitted:
            number = request.matchdict["number"]
            if not (number.isascii() and number.isdecimal() and len(number) < 10):
                raise NotFound(number)
            self.account = request.directory.accounts.get(int(number), request.person)
