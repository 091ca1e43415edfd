"""Days of the office's clock: where they begin, and how long they are."""

import datetime as dt
import zoneinfo
from itertools import pairwise

from domain.days import Span

HOUR = dt.timedelta(hours=1)


def lengths(timezone: str, first: dt.date, last: dt.date) -> list[dt.timedelta]:
    bounds = Span(zoneinfo.ZoneInfo(timezone), first, last).bounds()
    return [after - before for before, after in pairwise(bounds)]


def test_a_day_begins_at_midnight_of_the_timezone() -> None:
    span = Span(zoneinfo.ZoneInfo("Asia/Shanghai"), dt.date(2026, 3, 1), dt.date(2026, 3, 2))
    assert span.start == dt.datetime(2026, 2, 28, 16, tzinfo=dt.UTC)
    assert span.end == dt.datetime(2026, 3, 2, 16, tzinfo=dt.UTC)
    assert span.days() == [dt.date(2026, 3, 1), dt.date(2026, 3, 2)]
    between = dt.datetime(2026, 3, 1, 16, tzinfo=dt.UTC)
    assert span.bounds() == [span.start, between, span.end]


def test_a_day_on_which_the_clock_is_changed_is_shorter_or_longer() -> None:
    day = dt.date(2026, 3, 29)
    assert lengths("Europe/Berlin", day, day) == [23 * HOUR]
    day = dt.date(2026, 10, 25)
    assert lengths("Europe/Berlin", day, day) == [25 * HOUR]


def test_a_day_without_midnight_begins_where_the_clock_goes_on() -> None:
    # In Brazil the clock went from midnight to one.
    first, last = dt.date(2018, 11, 3), dt.date(2018, 11, 4)
    assert lengths("America/Sao_Paulo", first, last) == [24 * HOUR, 23 * HOUR]


def test_a_span_may_have_one_bound_or_none() -> None:
    zone = zoneinfo.ZoneInfo("UTC")
    assert (Span(zone).start, Span(zone).end) == (None, None)
    span = Span(zone, last=dt.date(2026, 3, 1))
    assert (span.start, span.end) == (None, dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
