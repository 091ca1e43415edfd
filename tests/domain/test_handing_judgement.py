"""How a hand-out is judged: one table of cases, pure."""

import datetime as dt
from typing import NamedTuple

import pytest

from domain.errors import Code
from domain.handing.judgement import Case, Given, Handing, Item, judge
from models import HandOutKind, Outcome, Receiver, SchemeStatus

GRADUATION, DEGREE, MATERIALS = HandOutKind
ALL = tuple(HandOutKind)
AT = dt.datetime(2026, 6, 20, 2, tzinfo=dt.UTC)
DEGREE_GIVEN = {DEGREE: Given("D1", "李老师", AT)}
OPEN = Case("2026届", SchemeStatus.OPEN, ALL, {}, (), {})


class Line(NamedTuple):
    """What is to be given where, and what must come of it: what is written, or why nothing is."""

    name: str
    items: tuple[Item, ...]
    case: Case
    new: tuple[Item, ...] = ()
    code: Code | None = None
    facts: dict[str, str] | None = None


D1, D2, M = Item(DEGREE, "D1"), Item(DEGREE, "D2"), Item(MATERIALS)
LINES = (
    Line("one thing", (M,), OPEN, (M,)),
    Line("two things", (D1, M), OPEN, (D1, M)),
    Line("the same again", (D1,), OPEN._replace(received=DEGREE_GIVEN)),
    Line("the same and something new", (D1, M), OPEN._replace(received=DEGREE_GIVEN), (M,)),
    Line(
        "another number of the same",
        (D2, M),
        OPEN._replace(received=DEGREE_GIVEN),
        code=Code.ALREADY_HANDED_OUT,
        facts={
            "kind": "DEGREE_CERTIFICATE",
            "number": "D1",
            "operator": "李老师",
            "time": "2026-06-20T02:00:00+00:00",
        },
    ),
    Line(
        "what is not to be received",
        (Item(GRADUATION, "G1"), M),
        OPEN._replace(entitled=(MATERIALS, DEGREE)),
        code=Code.NOT_ENTITLED,
        facts={
            "kinds": "GRADUATION_CERTIFICATE",
            "possible": "DEGREE_CERTIFICATE GRADUATION_MATERIALS",
        },
    ),
    Line(
        "while something is open",
        (M,),
        OPEN._replace(open_checkpoints=("图书馆", "财务清算")),
        code=Code.CLEARANCE_INCOMPLETE,
        facts={"checkpoints": "图书馆、财务清算"},
    ),
    Line(
        "a number of somebody else",
        (D1,),
        OPEN._replace(taken={D1: 2}),
        code=Code.CERTIFICATE_NUMBER_TAKEN,
        facts={"kind": "DEGREE_CERTIFICATE", "value": "D1"},
    ),
    Line("a number that is one's own", (D1,), OPEN._replace(taken={D1: 1}), (D1,)),
    Line(
        "the same number of another kind",
        (Item(GRADUATION, "D1"),),
        OPEN._replace(taken={D1: 2}),
        (Item(GRADUATION, "D1"),),
    ),
    Line(
        "the scheme comes before what changes nothing",
        (D1,),
        OPEN._replace(scheme_status=SchemeStatus.CLOSED, received=DEGREE_GIVEN),
        code=Code.SCHEME_NOT_OPEN,
        facts={"scheme": "2026届"},
    ),
    Line(
        "what is not to be received comes before what is open",
        (M,),
        OPEN._replace(entitled=(), open_checkpoints=("图书馆",)),
        code=Code.NOT_ENTITLED,
        facts={"kinds": "GRADUATION_MATERIALS", "possible": ""},
    ),
    Line(
        "what is received changes nothing, whatever is to be received since",
        (D1,),
        OPEN._replace(entitled=(), received=DEGREE_GIVEN),
    ),
)


@pytest.mark.parametrize(
    ("name", "number", "code"),
    [
        ("李四", "E1", None),
        ("李四", None, Code.PROXY_MISSING),
        (None, "E1", Code.PROXY_MISSING),
    ],
)
def test_somebody_else_who_comes_is_known(
    name: str | None, number: str | None, code: Code | None
) -> None:
    verdict, new = judge(Handing(1, (M,), Receiver.PROXY, name, number), OPEN)
    assert (verdict.code, new) == (code, () if code else (M,))
    received = OPEN._replace(received={MATERIALS: Given(None, "李老师", AT)})
    assert judge(Handing(1, (M,), Receiver.PROXY, name, number), received)[0].code is None


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
def test_each_case_of_the_table(line: Line) -> None:
    verdict, new = judge(Handing(1, line.items, Receiver.IN_PERSON), line.case)
    failed_or_not = Outcome.APPLIED if line.new else Outcome.UNCHANGED
    assert verdict.outcome is (Outcome.FAILED if line.code else failed_or_not)
    assert (verdict.code, new) == (line.code, line.new)
    assert dict(verdict.facts) == (line.facts or {})
