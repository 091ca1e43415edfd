"""What was promised of a piece of work, and whether it holds."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.meters import Line


@dataclass(frozen=True)
class Claim:
    """One promise: a measure that must reach a bound, one value for each pair or repetition.

    `at_most` turns it round: the measure must not go beyond the bound. Without a must it is no
    promise, but stands beside one.
    """

    work: str
    measure: str
    values: Sequence[float]
    must: float | None
    goal: float | None = None
    at_most: bool = False

    @property
    def median(self) -> float:
        """What counts."""
        return statistics.median(self.values)

    @property
    def holds(self) -> bool:
        """Whether the must is reached."""
        return self._reaches(self.must)

    @property
    def is_goal_reached(self) -> bool:
        """Whether there is a goal beyond the must, and it is reached too."""
        return self.goal is not None and self._reaches(self.goal)

    def cells(self) -> tuple[str, ...]:
        """Work, measure, must, goal, median, least to most, verdict."""
        spread = f"{min(self.values):,.2f} - {max(self.values):,.2f}"
        bounds = (self._bound(self.must), self._bound(self.goal))
        return self.work, self.measure, *bounds, f"{self.median:,.2f}", spread, self._verdict()

    def _verdict(self) -> str:
        if self.must is None:
            return ""
        return "missed" if not self.holds else "holds" if not self.is_goal_reached else "goal"

    def _reaches(self, bound: float | None) -> bool:
        if bound is None:
            return True
        return self.median <= bound if self.at_most else self.median >= bound

    def _bound(self, bound: float | None) -> str:
        sign = "at most" if self.at_most else "at least"
        return "" if bound is None else f"{sign} {bound:g}"


@dataclass(frozen=True)
class Part:
    """What one part of the benchmark measured, and what was promised of it."""

    title: str
    lines: Sequence[Line]
    claims: Sequence[Claim] = ()
