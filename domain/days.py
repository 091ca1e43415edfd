"""Whole days as the office's clock cuts them."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from domain import errors
from domain.errors import Code, Refusal

LONGEST = 400
# Far from where the calendars of Python and PostgreSQL end.
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2999, 12, 31)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """Whole days in a timezone, the first and the last included; None is no bound."""

    timezone: zoneinfo.ZoneInfo
    first: dt.date | None = None
    last: dt.date | None = None

    def __post_init__(self) -> None:
        for name, day in (("from", self.first), ("until", self.last)):
            if day is not None and not EARLIEST <= day <= LATEST:
                raise errors.invalid((name,), day, f"{EARLIEST} - {LATEST}")
        if self.first and self.last and self.first > self.last:
            raise errors.invalid(("from",), self.first, "not after until")

    @property
    def start(self) -> dt.datetime | None:
        """The moment at which the first day begins."""
        return self._begins(self.first) if self.first else None

    @property
    def end(self) -> dt.datetime | None:
        """The moment at which the last day is over."""
        return self._begins(self.last + _DAY) if self.last else None

    def days(self) -> list[dt.date]:
        """Each of them; LIMIT_EXCEEDED for more than 400. Both bounds are given."""
        if self.first is None or self.last is None:
            raise ValueError
        length = (self.last - self.first).days + 1
        if length > LONGEST:
            facts = {"name": "days", "limit": LONGEST, "value": length}
            raise Refusal(Code.LIMIT_EXCEEDED, facts, path=("until",))
        return [self.first + place * _DAY for place in range(length)]

    def bounds(self) -> list[dt.datetime]:
        """The moment at which each of the days begins, and the one at which the last is over."""
        days = self.days()
        return [self._begins(day) for day in [*days, days[-1] + _DAY]]

    def _begins(self, day: dt.date) -> dt.datetime:
        """Midnight, or the first moment of a day that has none."""
        return dt.datetime.combine(day, dt.time(), self.timezone).astimezone(dt.UTC)
