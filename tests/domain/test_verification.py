"""How little of a student the public page tells."""

import pytest

from domain.certifying import verification


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张思", "张*"),
        ("诸葛孔明", "诸***"),
        ("欧阳·娜娜", "欧****"),
        ("𠮷田", "𠮷*"),
        ("张", "*"),
        ("Li", "L*"),
    ],
)
def test_of_a_name_the_first_character_is_told(name: str, masked: str) -> None:
    assert verification.mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("2020010101", "2020****01"),
        ("20200101", "2020**01"),
        ("2020010", "2******"),
        ("A1", "A*"),
        ("1", "*"),
    ],
)
def test_of_a_number_its_ends_are_told(number: str, masked: str) -> None:
    assert verification.mask_number(number) == masked
