"""How citizens, and the city's staff, take to a way of access: dated measurements that say whom they asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from servicedir.domain.day import Day
from servicedir.domain.service import ChannelKind, Fault, is_web_address
from servicedir.domain.text import Text


class Group(StrEnum):
    """Whose view it is: the two are never mixed."""

    CITIZENS = "citizens"
    STAFF = "staff"


class Measurement(StrEnum):
    """What was done to find out. REMARK: somebody said so, and nothing was measured."""

    SURVEY = "survey"
    RATING = "rating"
    SHARE = "share"
    REMARK = "remark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What came out for one group at a time. `services` and `office` are slugs; none of both is the whole city.

    `value` lies on the scale from `lowest` to `highest`; a SHARE is a percentage of all appointments. `asked` is how
    many people or appointments it stands on (n). A REMARK has no value and says in `comment` what was said.
    """

    slug: str
    name: Text
    group: Group
    measurement: Measurement
    measured: Day
    channel: ChannelKind = ChannelKind.VIDEO
    services: tuple[str, ...] = ()
    office: str = ""
    value: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    asked: int | None = None
    comment: Text = field(default_factory=Text)
    source: str = ""
    source_url: str = ""

    def faults(self, today: date) -> list[Fault]:
        """Return every rule that it breaks."""
        return list(self._faults(today))

    def _faults(self, today: date) -> Iterator[Fault]:
        if not self.name:
            yield Fault("missing", ("name",))
        if not is_web_address(self.source_url):
            yield Fault("not_a_web_address", ("source_url",))
        if self.measured.first > today:
            yield Fault("not_begun", ("measured",))
        if self.asked is not None and self.asked < 0:
            yield Fault("negative", ("asked",))
        is_remark = self.measurement is Measurement.REMARK
        if is_remark and self.value is not None:
            yield Fault("remark_with_value", ("value",))
        if is_remark and not self.comment:
            yield Fault("missing", ("comment",))
        if not is_remark and self.value is None:
            yield Fault("missing", ("value",))
        low, high = self.scale
        if low is not None and high is not None:
            if low >= high:
                yield Fault("empty_scale", ("highest",))
            elif self.value is not None and not low <= self.value <= high:
                yield Fault("off_the_scale", ("value",))

    @property
    def scale(self) -> tuple[Decimal | None, Decimal | None]:
        """Return the lowest and the highest value that there could be."""
        if self.measurement is Measurement.SHARE:
            return Decimal(0), Decimal(100)
        return self.lowest, self.highest
