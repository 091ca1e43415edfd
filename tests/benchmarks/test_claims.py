"""A promise is judged by its median, from below or from above."""

import pytest

from benchmarks.claims import Claim


@pytest.mark.parametrize(
    ("values", "verdict"),
    [([1.0, 1.4, 9.0], "missed"), ([1.0, 1.5, 9.0], "holds"), ([2.5], "goal")],
)
def test_a_measure_must_reach_its_bounds(values: list[float], verdict: str) -> None:
    assert Claim("work", "measure", values, 1.5, 2.5).cells()[-1] == verdict


@pytest.mark.parametrize(
    ("values", "verdict"),
    [([0.1, 2.1, 3.0], "missed"), ([2.0], "holds"), ([0.9, 1.0, 7.0], "goal")],
)
def test_a_measure_must_stay_below_its_bounds(values: list[float], verdict: str) -> None:
    assert Claim("work", "measure", values, 2, 1, at_most=True).cells()[-1] == verdict


def test_without_a_goal_what_holds_is_enough() -> None:
    claim = Claim("work", "x the floor's rows/s", [0.75, 0.25], 0.5)

    assert claim.cells() == (
        "work",
        "x the floor's rows/s",
        "at least 0.5",
        "",
        "0.50",
        "0.25 - 0.75",
        "holds",
    )
