"""The decision table, pure."""

import dataclasses
import datetime as dt
import zoneinfo

import pytest

from domain.deciding.judgement import Case as Judged
from domain.deciding.judgement import Decision, Rules, Since, State, Verdict, judge
from domain.errors import Code
from domain.messages import Language, Reader
from models import Act, ClearanceStatus, HandOutKind, Outcome, SchemeStatus
from tests.cases import (
    CASES,
    NOT_REQUIRED,
    PASS,
    PASSED,
    PENDING,
    REFUSE,
    REFUSED,
    VERSION,
    Case,
    Window,
)

NOW = dt.datetime(2026, 6, 1, 8, tzinfo=dt.UTC)
BEFORE, AFTER = NOW - dt.timedelta(hours=1), NOW + dt.timedelta(hours=1)
STATE = State(
    status=PASSED,
    remark="已交",
    version=VERSION,
    operator_id=7,
    operator_name="张老师",
    decided_at=NOW,
)
OPEN = Rules("2020级研究生6月份", SchemeStatus.OPEN, "学工审核", None, None)


def judged(case: Case) -> Verdict:
    opens_at, closes_at = case.window.bounds(NOW)
    rules = dataclasses.replace(
        OPEN, scheme_status=case.scheme, opens_at=opens_at, closes_at=closes_at
    )
    state = STATE._replace(status=case.status, remark=case.had)
    unmet = () if case.prerequisite in {PASSED, NOT_REQUIRED} else ("导师审核",)
    received = (HandOutKind.GRADUATION_MATERIALS,) if case.received else ()
    return judge(
        Decision(1, case.act, case.remark, case.expects),
        Judged(state, rules, NOW, None, unmet, received),
    )


def on(state: State, act: Act, remark: str = "", **around: object) -> Verdict:
    case = Judged(state, OPEN, NOW, None, ())
    return judge(Decision(1, act, remark), case._replace(**around))  # type: ignore[arg-type]  # fields of the case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_case_of_the_table(case: Case) -> None:
    verdict = judged(case)
    assert (verdict.outcome, verdict.code) == (case.outcome, case.code)
    if case.to is None:
        assert verdict.after is None
    else:
        after = verdict.after
        assert after is not None
        assert (after.status, after.remark, after.version) == case.after


def test_names_of_cases_are_unique() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


def test_the_table_meets_every_act_on_every_status() -> None:
    met = {(case.status, case.act) for case in CASES if case.expects == VERSION}
    assert met == {(status, act) for status in ClearanceStatus for act in Act}


def test_a_window_opens_at_its_first_moment_and_is_closed_at_its_last() -> None:
    state = STATE._replace(status=PENDING)
    opening = dataclasses.replace(OPEN, opens_at=NOW)
    assert on(state, PASS, rules=opening).outcome is Outcome.APPLIED
    closing = dataclasses.replace(OPEN, closes_at=NOW)
    assert on(state, PASS, rules=closing).code is Code.CHECKPOINT_NOT_OPEN


@pytest.mark.parametrize(
    ("since", "code"),
    [
        (Since(BEFORE), Code.STALE_STATE),
        (Since(AFTER), None),
        (Since(NOW), None),
        (Since(BEFORE, but_by=7), None),
        (Since(BEFORE, but_by=8), Code.STALE_STATE),
    ],
)
@pytest.mark.parametrize("act", [REFUSE, Act.RESET])
def test_what_was_decided_meanwhile_is_stale_unless_one_did_it_oneself(
    since: Since, code: Code | None, act: Act
) -> None:
    assert on(STATE, act, "缺表", since=since).code is code


def test_what_changes_nothing_overwrites_nothing_though_it_was_decided_meanwhile() -> None:
    assert on(STATE, PASS, since=Since(BEFORE)).outcome is Outcome.UNCHANGED
    assert on(STATE, PASS, "补交", since=Since(BEFORE)).code is Code.STALE_STATE


def test_what_nobody_decided_yet_is_never_stale() -> None:
    fresh = STATE._replace(status=PENDING, decided_at=None, operator_id=None)
    assert on(fresh, PASS, since=Since(BEFORE)).outcome is Outcome.APPLIED


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (Language.ZH, "该学生的办理情况为“未办理”（版本 3），与您看到的不同，请刷新后再办理。"),
        (Language.EN, "The clearance is “pending” at version 3, which is not the one you saw;"
                      " refresh before you decide."),
    ],
)  # fmt: skip
def test_another_version_of_what_nobody_decided_yet_is_told_without_a_name(
    language: Language, told: str
) -> None:
    fresh = STATE._replace(status=PENDING, decided_at=None, operator_id=None)
    case = Judged(fresh, OPEN, NOW, None, ())
    verdict = judge(Decision(1, PASS, expected_version=1), case)

    assert verdict.code is Code.STALE_STATE
    reader = Reader(language, zoneinfo.ZoneInfo("Asia/Shanghai"))
    assert reader.message(verdict.code, verdict.facts) == told


def test_decided_meanwhile_comes_before_window_and_prerequisites() -> None:
    rules = dataclasses.replace(OPEN, closes_at=BEFORE)
    state = STATE._replace(status=REFUSED)
    verdict = on(state, PASS, since=Since(BEFORE), rules=rules, unmet=("导师审核",))
    assert verdict.code is Code.STALE_STATE


@pytest.mark.parametrize(
    ("case", "facts"),
    [
        (
            Case("stale", PASSED, REFUSE, code=Code.STALE_STATE, had="已交", expects=2),
            {
                "status": "PASSED",
                "version": "3",
                "operator": "张老师",
                "time": "2026-06-01T08:00:00+00:00",
                "remark": "已交",
            },
        ),
        (
            Case("unmet", PENDING, PASS, code=Code.PREREQUISITE_PENDING, prerequisite=PENDING),
            {"checkpoints": "导师审核"},
        ),
        (
            Case("not yet", PENDING, PASS, code=Code.CHECKPOINT_NOT_OPEN, window=Window.NOT_YET),
            {"checkpoint": "学工审核", "opens": "2026-06-01T09:00:00+00:00"},
        ),
        (
            Case("closed", PENDING, PASS, scheme=SchemeStatus.CLOSED, code=Code.SCHEME_NOT_OPEN),
            {"scheme": "2020级研究生6月份"},
        ),
        (
            Case("not required", NOT_REQUIRED, PASS, code=Code.NOT_REQUIRED),
            {"checkpoint": "学工审核"},
        ),
        (
            Case("too long", PENDING, PASS, remark="。" * 777, code=Code.REMARK_TOO_LONG),
            {"length": "777"},
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Case) else "",
)
def test_a_refusal_carries_the_facts_of_its_sentence(case: Case, facts: dict[str, str]) -> None:
    verdict = judged(case)
    assert (verdict.code, verdict.facts) == (case.code, facts)


def test_several_open_prerequisites_are_all_named() -> None:
    state = STATE._replace(status=PENDING)
    verdict = on(state, PASS, unmet=("导师审核", "图书馆"))
    assert verdict.facts == {"checkpoints": "导师审核、图书馆"}
