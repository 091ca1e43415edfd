"""Numbers and names as people write them: what is the same, what is lost, what is shown."""

import pytest

from domain import identifiers


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2020010101", "2020010101"),
        ("2020010101.0", "2020010101"),
        ("2020010101.000", "2020010101"),
        (" 2020 0101\u00a001 ", "2020010101"),
        ("2020\r\n010101\t", "2020010101"),
        ("\ufeff2020\u200b010\u2060101\u200e", "2020010101"),
        ("２０２００１０１０１", "2020010101"),
        ("'2020010101", "2020010101"),
        ("’2020010101", "2020010101"),
        ("0020010101", "0020010101"),
        ("a2020b", "A2020B"),
        ("ｓ２０２０", "S2020"),
        ("11010119960101001x", "11010119960101001X"),
        ("1.5", "1.5"),
        ("S1.0", "S1.0"),
        ("", ""),
        ("　", ""),
    ],
)
def test_one_number_in_many_writings(written: str, meant: str) -> None:
    assert identifiers.clean(written) == meant
    assert identifiers.clean(meant) == meant


@pytest.mark.parametrize(
    ("cell", "is_lost"),
    [
        (110101199601010000, True),
        (1.10101199601010e17, True),
        (-1e15, True),
        (999_999_999_999_999, False),
        (2020010101.0, False),
        (True, False),
        (None, False),
        ("1.10101E+17", True),
        (" 1.10101e17 ", True),
        ("１．１Ｅ＋１７", True),
        ("1E+17", True),
        ("110101199601010001", False),
        ("E12345678", False),
        ("1E", False),
    ],
)
def test_a_number_past_15_digits_has_lost_some(cell: object, is_lost: bool) -> None:  # noqa: FBT001 -- the expectation
    assert identifiers.is_imprecise(cell) is is_lost


@pytest.mark.parametrize(
    ("text", "is_malformed"),
    [
        ("110101199601010001", False),
        ("11010119960101001X", False),
        ("110101199602300001", True),
        ("110101199613010001", True),
        ("11010119960101000", True),
        ("1101011996010100012", True),
        ("11010119960101000A", True),
        ("E12345678", False),
        ("H1234567890", False),
        ("2020010101", False),
        ("", False),
    ],
)
def test_only_what_is_shaped_like_an_id_number_can_be_a_wrong_one(
    text: str,
    is_malformed: bool,  # noqa: FBT001 -- the expectation
) -> None:
    assert identifiers.is_malformed_id_number(text) is is_malformed


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("11010519491231002X", False),
        ("440524188001010014", False),
        ("110105194912310021", True),
        ("110101199601010001", True),
        ("E12345678", False),
    ],
)
def test_the_check_digit_is_that_of_gb_11643(text: str, is_wrong: bool) -> None:  # noqa: FBT001 -- the expectation
    assert identifiers.has_wrong_check_digit(text) is is_wrong


@pytest.mark.parametrize(
    ("whole", "shown"),
    [
        ("110101199601010001", "110101********0001"),
        ("110101960101001", "110101*****1001"),
        ("E12345678", "E*******8"),
        ("AB", "**"),
        ("A", "*"),
        ("", ""),
    ],
)
def test_a_mask_keeps_the_length_and_hides_the_middle(whole: str, shown: str) -> None:
    assert identifiers.mask(whole) == shown
    assert identifiers.is_masked(shown) is bool(whole)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("欧阳·娜娜", "欧阳・娜娜"),
        ("欧阳·娜娜", " 欧阳 • 娜娜\u200b"),
        ("欧阳·娜娜", "欧阳．娜娜"),
        ("欧阳·娜娜", "欧阳娜娜"),
        ("Anna Li", "ａｎｎａ　ＬＩ"),
        ("张思", "张　思"),
    ],
)
def test_spacing_width_and_the_middle_dot_make_no_other_name(one: str, other: str) -> None:
    assert identifiers.name_key(one) == identifiers.name_key(other)


@pytest.mark.parametrize(("one", "other"), [("张思", "张四"), ("欧阳·娜娜", "欧阳·娜")])
def test_another_character_makes_another_name(one: str, other: str) -> None:
    assert identifiers.name_key(one) != identifiers.name_key(other)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("110101199713010002", "110101********0002"),
        ("“11010519491231002x” of 张", "“110105********002x” of 张"),
        ("1101011997130100021", "110101*********0021"),
        ("2020010101 张思", "2020010101 张思"),
        ("104911230123456", "104911230123456"),
        ("2026-06-01T00:00:00+00:00", "2026-06-01T00:00:00+00:00"),
    ],
)
def test_whatever_is_shaped_like_an_id_number_is_masked_in_a_text(text: str, shown: str) -> None:
    assert identifiers.masked(text) == shown
