"""What an export is about, as its second sheet tells it: when, by whom, under which filter."""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from domain import identifiers, ids, jobs, moments, operators
from domain.configuration import checkpoints, schemes
from domain.exports.columns import YES_NO, moment
from domain.ids import Noun
from domain.lists import students
from domain.lists.student_filters import StatusAt, StudentFilter
from domain.reports.history import EntryFilter
from domain.signed_in import SignedIn
from domain.words import office_word

# A filter may hold thousands of numbers; a cell may not.
_NAMED = 50
Lines = list[tuple[str, str]]


@dataclass(frozen=True)
class Asker:
    """Who is told, in which snapshot, by which clock."""

    session: Session
    operator: SignedIn
    timezone: zoneinfo.ZoneInfo


Tell = Callable[[Asker, list[Any]], list[str]]


def when_and_who(operator: SignedIn, timezone: zoneinfo.ZoneInfo) -> Lines:
    """The lines about the export itself."""
    now = dt.datetime.now(timezone).strftime("%Y-%m-%d %H:%M:%S %Z")
    return [("导出时间", now), ("操作员", f"{operator.name} ({operator.login})")]


def conditions(asker: Asker, where: StudentFilter | EntryFilter) -> Lines:
    """A line for each condition of a filter, in words and names; ID numbers stay masked."""
    return [(f"筛选：{label}", told) for label, told in _told(asker, vars(where))]


def _told(asker: Asker, asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in asked.items():
        if value is not None:
            yield from _condition(asker, name, value)


def _condition(asker: Asker, name: str, value: Any) -> Iterator[tuple[str, str]]:
    if name == "status_at":
        yield from _statuses(asker, value)
    elif name == "students":
        yield from _students(asker, value)
    else:
        label, tell = FIELDS[name]
        yield label, _listed(asker, tell, value if isinstance(value, list) else [value])


def _students(asker: Asker, where: StudentFilter) -> Iterator[tuple[str, str]]:
    """Told apart from the conditions on the entries, which name the scheme already."""
    asked = {name: value for name, value in vars(where).items() if name != "scheme"}
    for label, told in _told(asker, asked):
        yield f"毕业生·{label}", told


def _statuses(asker: Asker, wanted: list[StatusAt]) -> Iterator[tuple[str, str]]:
    titles = _named(Noun.CHECKPOINT)(asker, [each.checkpoint for each in wanted])
    for title, each in zip(titles, wanted, strict=True):
        yield title, _listed(asker, _words, each.statuses)


def _listed(asker: Asker, tell: Tell, values: list[Any]) -> str:
    named = "、".join(tell(asker, values[:_NAMED]))
    return named if len(values) <= _NAMED else f"{named} 等 {len(values)} 项"


def _plain(_asker: Asker, values: list[Any]) -> list[str]:
    return [str(each) for each in values]


def _words(_asker: Asker, values: list[Any]) -> list[str]:
    return [office_word(each) for each in values]


def _masked(_asker: Asker, values: list[Any]) -> list[str]:
    return [identifiers.mask(each) for each in values]


def _moments(asker: Asker, values: list[Any]) -> list[str]:
    return [moment(moments.in_utc(each), asker.timezone) for each in values]


def _yes_no(_asker: Asker, values: list[Any]) -> list[str]:
    return [YES_NO[each] for each in values]


def _named(noun: Noun) -> Tell:
    """What ids stand for, as far as it is in sight: one statement."""
    load, name = _NAMES[noun]

    def tell(asker: Asker, values: list[Any]) -> list[str]:
        keys = [ids.decode(each, noun) for each in values]
        found: Mapping[int, Any] = load(asker.session, asker.operator, keys)
        return [name(asker, found[key]) if key in found else "…" for key in keys]

    return tell


_Load = Callable[[Session, SignedIn, list[int]], Mapping[int, Any]]
_NAMES: dict[Noun, tuple[_Load, Callable[[Asker, Any], str]]] = {
    Noun.SCHEME: (schemes.by_ids, lambda _, scheme: scheme.name),
    Noun.DEPARTMENT: (schemes.departments_by_ids, lambda _, department: department.name),
    Noun.CHECKPOINT: (checkpoints.by_ids, lambda _, checkpoint: checkpoint.title),
    Noun.STUDENT: (students.by_ids, lambda _, each: f"{each.number or ''} {each.name}".strip()),
    Noun.OPERATOR: (operators.by_ids, lambda _, each: f"{each.name} ({each.login})"),
    Noun.JOB: (
        jobs.by_ids,
        lambda asker, job: f"{office_word(job.kind)} {moment(job.created_at, asker.timezone)}",
    ),
}
# Every condition of the two filters but the statuses, which are told by their checkpoints, and the
# students, who are told by their conditions.
FIELDS: dict[str, tuple[str, Tell]] = {
    "scheme": ("离校方案", _named(Noun.SCHEME)),
    "numbers": ("学号", _plain),
    "candidate_numbers": ("考生号", _plain),
    "id_numbers": ("身份证号", _masked),
    "name_prefix": ("姓名开头", _plain),
    "name_contains": ("姓名包含", _plain),
    "departments": ("院系", _named(Noun.DEPARTMENT)),
    "majors": ("专业", _plain),
    "classes": ("班级", _plain),
    "entry_years": ("年级", _plain),
    "genders": ("性别", _words),
    "training_levels": ("培养层次", _plain),
    "categories": ("学生类别", _plain),
    "cohorts": ("学生范围", _words),
    "only_missing": ("只差环节", _named(Noun.CHECKPOINT)),
    "all_clear": ("全部办结", _yes_no),
    "may_receive": ("可领取", _words),
    "has_received": ("已领取", _words),
    "decided_by": ("经由任务", _named(Noun.JOB)),
    "changed_since": ("变更不早于", _moments),
    "changed_before": ("变更早于", _moments),
    "student": ("毕业生", _named(Noun.STUDENT)),
    "checkpoint": ("离校环节", _named(Noun.CHECKPOINT)),
    "operator": ("操作员", _named(Noun.OPERATOR)),
    "job": ("任务", _named(Noun.JOB)),
    "channels": ("办理方式", _words),
    "new_statuses": ("办理结果", _words),
    "from_": ("不早于", _moments),
    "until": ("早于", _moments),
}
