"""What an export is about, as its second sheet tells it: when, by whom, under which filter."""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from domain import checkpoints, identifiers, ids, operators, schemes
from domain.ids import Noun
from domain.students import StatusAt, StudentFilter
from domain.words import office_word

_LABELS = {
    "scheme": "离校方案",
    "numbers": "学号",
    "candidate_numbers": "考生号",
    "id_numbers": "身份证号",
    "name_prefix": "姓名开头",
    "name_contains": "姓名包含",
    "departments": "院系",
    "majors": "专业",
    "classes": "班级",
    "entry_years": "年级",
    "genders": "性别",
    "training_levels": "培养层次",
    "categories": "学生类别",
    "cohorts": "学生范围",
}
# A filter may hold thousands of numbers; a cell may not.
_NAMED = 50


def when_and_who(
    operator: operators.SignedIn, timezone: zoneinfo.ZoneInfo
) -> list[tuple[str, str]]:
    """The lines about the export itself."""
    now = dt.datetime.now(timezone).strftime("%Y-%m-%d %H:%M:%S %Z")
    return [("导出时间", now), ("操作员", f"{operator.name} ({operator.login})")]


def conditions(
    session: Session, operator: operators.SignedIn, where: StudentFilter
) -> list[tuple[str, str]]:
    """A line for each condition of the filter, in words and names; ID numbers stay masked."""
    tell = _tellers(session, operator, where)
    given = [(name, getattr(where, name)) for name in _LABELS]
    lines = [
        (f"筛选：{_LABELS[name]}", _listed(tell.get(name, str), value))
        for name, value in given
        if value is not None
    ]
    return lines + _statuses(session, operator, where.status_at or ())


def _tellers(
    session: Session, operator: operators.SignedIn, where: StudentFilter
) -> dict[str, Callable[[Any], str]]:
    """How a value of a condition is told, where it is not told as it is."""
    scheme_id = ids.decode(where.scheme, Noun.SCHEME)
    scheme_names = schemes.by_ids(session, operator, [scheme_id])
    department_ids = [ids.decode(each, Noun.DEPARTMENT) for each in where.departments or ()]
    departments = schemes.departments_by_ids(session, operator, department_ids)
    names = {ids.encode(Noun.SCHEME, key): each.name for key, each in scheme_names.items()} | {
        ids.encode(Noun.DEPARTMENT, key): each.name for key, each in departments.items()
    }
    return {
        "scheme": lambda each: names.get(each, "…"),
        "departments": lambda each: names.get(each, "…"),
        "id_numbers": identifiers.mask,
        "genders": office_word,
        "cohorts": office_word,
    }


def _statuses(
    session: Session, operator: operators.SignedIn, conditions_at: Sequence[StatusAt]
) -> list[tuple[str, str]]:
    wanted = [ids.decode(each.checkpoint, Noun.CHECKPOINT) for each in conditions_at]
    found = checkpoints.by_ids(session, operator, wanted)
    return [
        (
            f"筛选：{found[key].title if key in found else '…'}",
            _listed(office_word, condition.statuses),
        )
        for key, condition in zip(wanted, conditions_at, strict=True)
    ]


def _listed(tell: Callable[[Any], str], value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    named = "、".join(tell(each) for each in values[:_NAMED])
    return named if len(values) <= _NAMED else f"{named} 等 {len(values)} 项"
