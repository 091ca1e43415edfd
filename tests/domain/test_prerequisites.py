"""Circles of prerequisites, found without a database."""

import pytest

from domain.configuration.prerequisites import circle


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        ({}, []),
        ({1: []}, []),
        ({1: [2], 2: [3], 3: []}, []),
        ({1: [2, 3], 2: [4], 3: [4]}, []),
        ({2: [3], 3: [2], 1: []}, []),
        ({1: [1]}, [1, 1]),
        ({1: [2], 2: [1]}, [1, 2, 1]),
        ({1: [2], 2: [3], 3: [1]}, [1, 2, 3, 1]),
        # Of two ways round the shorter one is named.
        ({1: [2, 4], 2: [3], 3: [1], 4: [1]}, [1, 4, 1]),
        # A circle beside the way does not hold the search for ever.
        ({1: [2], 2: [3], 3: [2, 4], 4: [1]}, [1, 2, 3, 4, 1]),
    ],
)
def test_the_shortest_way_back_to_the_start(edges: dict[int, list[int]], found: list[int]) -> None:
    assert circle(edges, 1) == found


def test_a_hundred_checkpoints_that_all_wait_for_those_before_them_are_searched_at_once() -> None:
    edges = {each: list(range(1, each)) for each in range(1, 101)}
    assert circle(edges, 100) == []
    assert circle(edges | {1: [100]}, 100) == [100, 1, 100]
