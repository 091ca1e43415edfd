"""The rows of one call of a feed, pure: who is meant, what is said twice, what is to decide."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from domain import errors
from domain.deciding.judgement import Decision, Verdict, refuse
from domain.errors import Code
from models import Act, Outcome

_NAMED = 20


@dataclass(frozen=True)
class Line:
    """What one row asks for; without an id there is no such student in sight."""

    row_number: int
    number: str
    act: Act
    remark: str
    student_id: int | None


@dataclass
class Sorted:
    """Each student once to decide; by row number what is refused already, and what repeats."""

    decisions: list[Decision] = field(default_factory=list)
    refused: dict[int, Verdict] = field(default_factory=dict)
    repeats: dict[int, int] = field(default_factory=dict)


def sort(lines: Iterable[Line]) -> Sorted:
    """Rows of one student that say the same are one decision; contradictory ones all fail."""
    sorted_, of_students = Sorted(), defaultdict[int, list[Line]](list)
    for line in lines:
        if line.student_id is None:
            sorted_.refused[line.row_number] = _unknown(line)
        else:
            of_students[line.student_id].append(line)
    for student_id, same in of_students.items():
        _take(sorted_, student_id, same)
    return sorted_


def _unknown(line: Line) -> Verdict:
    if not line.number:
        return refuse(Code.KEY_MISSING)
    return refuse(Code.STUDENT_NOT_FOUND, value=errors.shortened(line.number))


def _take(sorted_: Sorted, student_id: int, same: Sequence[Line]) -> None:
    first, *others = same
    if {(line.act, line.remark) for line in same} == {(first.act, first.remark)}:
        decision = Decision(student_id, first.act, first.remark, row_number=first.row_number)
        sorted_.decisions.append(decision)
        sorted_.repeats |= {line.row_number: first.row_number for line in others}
        return
    rows = "、".join(str(line.row_number) for line in same[:_NAMED])
    conflict = refuse(Code.DUPLICATE_CONFLICT, rows=rows)
    sorted_.refused |= {line.row_number: conflict for line in same}


def verdicts(lines: Sequence[Line], sorted_: Sorted, decided: Sequence[Verdict]) -> list[Verdict]:
    """One for each row, in their order: what repeats an earlier row shares its fate."""
    made = zip(sorted_.decisions, decided, strict=True)
    of_rows = sorted_.refused | {decision.row_number or 0: verdict for decision, verdict in made}
    for row_number, first in sorted_.repeats.items():
        of_rows[row_number] = _repeated(first, of_rows[first])
    return [of_rows[line.row_number] for line in lines]


def _repeated(first: int, verdict: Verdict) -> Verdict:
    if verdict.outcome is Outcome.FAILED:
        return verdict
    return Verdict(Outcome.UNCHANGED, Code.DUPLICATE_ROW, {"row": str(first)})
