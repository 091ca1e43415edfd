"""Which student a row names: every key must name the same one, under the right name."""

import pytest

from domain.errors import Code
from domain.importing import matching
from domain.lists.student_keys import Keys, Known
from domain.reading import sheets
from domain.reading.cells import Column, Key, Parsed

ANNA, BERT = Known(1, "Anna Lee"), Known(2, "欧阳·娜娜")
VALID = "11010519491231002X"
KNOWN = Keys(
    numbers={"N1": ANNA, "N2": BERT, "SAME": ANNA, "OWN": ANNA},
    candidate_numbers={"C1": ANNA},
    id_numbers={VALID: ANNA, "P2": BERT, "110101199601010001": BERT, "SAME": BERT, "OWN": ANNA},
)
NUMBER, CANDIDATE, ID, EITHER = (
    Column.NUMBER,
    Column.CANDIDATE_NUMBER,
    Column.ID_NUMBER,
    Column.NUMBER_OR_ID,
)


def row(*keys: tuple[Column, str], name: str = "") -> Parsed:
    """A row whose keys stand in the columns A, B, C …"""
    named = tuple(
        Key(kind, value, sheets.letter(place), value.lower())
        for place, (kind, value) in enumerate(keys)
    )
    return Parsed(2, (), named, name, None, "", ())


Told = list[tuple[Code, str | None, str]]


@pytest.mark.parametrize(
    ("keys", "student", "told"),
    [
        ([(NUMBER, "N1")], ANNA, []),
        ([(CANDIDATE, "C1")], ANNA, []),
        ([(ID, VALID)], ANNA, []),
        ([(EITHER, "N2")], BERT, []),
        ([(EITHER, "P2")], BERT, []),
        ([(EITHER, "OWN")], ANNA, []),
        ([(NUMBER, "SAME")], ANNA, []),
        ([(ID, "SAME")], BERT, []),
        ([(EITHER, "SAME")], None, [(Code.KEY_AMBIGUOUS, "A", "same")]),
        ([(NUMBER, "N1"), (ID, VALID), (CANDIDATE, "C1")], ANNA, []),
        ([(NUMBER, "N1"), (ID, "P2")], None, [(Code.KEY_MISMATCH, "B", "p2")]),
        (
            [(NUMBER, "N1"), (CANDIDATE, "C1"), (ID, "P2")],
            None,
            [(Code.KEY_MISMATCH, "C", "p2")],
        ),
        ([(NUMBER, "N1"), (ID, "P9")], None, [(Code.STUDENT_NOT_FOUND, "B", "p9")]),
        (
            [(NUMBER, "N9"), (ID, "P9")],
            None,
            [(Code.STUDENT_NOT_FOUND, "A", "n9"), (Code.STUDENT_NOT_FOUND, "B", "p9")],
        ),
        (
            [(ID, "110101199601010001")],
            BERT,
            [(Code.ID_CHECK_DIGIT, "A", "110101199601010001")],
        ),
        ([(NUMBER, "110101199601010001")], None,
         [(Code.STUDENT_NOT_FOUND, "A", "110101199601010001")]),
        ([(ID, "110101199613010001")], None, [(Code.ID_MALFORMED, "A", "110101199613010001")]),
        ([(EITHER, "11010119960101000")], None, [(Code.ID_MALFORMED, "A", "11010119960101000")]),
        ([(ID, "110101199601010009")], None,
         [(Code.STUDENT_NOT_FOUND, "A", "110101199601010009")]),
        ([(ID, "110101491231002")], None, [(Code.STUDENT_NOT_FOUND, "A", "110101491231002")]),
        ([], None, []),
    ],
)  # fmt: skip
def test_a_row_names_one_student_or_says_why_not(
    keys: list[tuple[Column, str]], student: Known | None, told: Told
) -> None:
    found, problems = matching.match(row(*keys), KNOWN)

    assert found == student
    assert [(each.code, each.column, each.value) for each in problems] == told


def test_a_mismatch_names_the_two_keys_that_differ() -> None:
    _, [problem] = matching.match(row((NUMBER, "N1"), (CANDIDATE, "C1"), (ID, "P2")), KNOWN)
    assert problem.facts == {"first": "c1", "second": "p2"}


@pytest.mark.parametrize(
    ("student", "names"),
    [
        (ANNA, ["", "Anna Lee", "anna lee", "ＡＮＮＡ　ＬＥＥ", "AnnaLee", " Anna\nLee\u200b"]),
        (BERT, ["欧阳·娜娜", "欧阳•娜娜", "欧阳・娜娜", "欧阳．娜娜", "欧 阳 · 娜 娜"]),
    ],
)  # fmt: skip
def test_spacing_width_and_the_middle_dot_make_no_other_name(
    student: Known, names: list[str]
) -> None:
    assert [matching.name_problem(row(name=name), student, "B") for name in names] == [None] * len(
        names
    )


@pytest.mark.parametrize("name", ["欧阳娜", "欧阳·娜", "歐陽·娜娜", "Anna Lee"])
def test_any_other_name_is_another_person(name: str) -> None:
    problem = matching.name_problem(row(name=name), BERT, "B")

    assert problem == sheets.Problem(
        Code.NAME_MISMATCH, "B", name, {"value": name, "expected": "欧阳·娜娜"}
    )


def test_only_those_keys_are_looked_up_that_stand_in_the_rows() -> None:
    rows = [row((NUMBER, "N1"), (ID, "P2")), row((EITHER, "X")), row((CANDIDATE, "C1"))]

    assert [sorted(keys) for keys in matching.wanted(rows)] == [["N1", "X"], ["C1"], ["P2", "X"]]
