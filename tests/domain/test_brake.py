"""The brake of a feed, pure: more than the share and more than the number, both."""

import pytest

from domain.feeding import brake
from domain.feeding.brake import Turning
from models import Feed

DEFAULT = Feed(brake_percent=5, brake_count=10)
NEVER_BY_NUMBER = Feed(brake_percent=0, brake_count=1_000_000)
ANYBODY = Feed(brake_percent=0, brake_count=0)


@pytest.mark.parametrize(
    ("feed", "now", "before", "passed", "is_held"),
    [
        (DEFAULT, 10, 0, 100, False),  # 10 %, but not more than ten
        (DEFAULT, 11, 0, 100, True),
        (DEFAULT, 11, 0, 220, False),  # more than ten, but just 5 %
        (DEFAULT, 11, 0, 219, True),
        (DEFAULT, 1, 10, 210, False),  # of 220 again, ten of whom are away already
        (DEFAULT, 1, 10, 209, True),
        (DEFAULT, 0, 50, 100, False),
        (DEFAULT, 11, 0, 11, True),
        (NEVER_BY_NUMBER, 500, 0, 500, False),
        (ANYBODY, 1, 0, 1000, True),
        (ANYBODY, 0, 0, 1000, False),
    ],
)
def test_both_limits_are_passed_exactly(
    feed: Feed, now: int, before: int, passed: int, *, is_held: bool
) -> None:
    assert brake.holds(feed, Turning(now, before, passed)) is is_held
