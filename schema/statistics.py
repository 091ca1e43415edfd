"""Statistics (各环节办理情况统计): by checkpoint, by group of students, by day, by operator."""

import datetime as dt

import strawberry

from domain.reports import statistics
from schema.operator import Operator
from schema.scheme import Checkpoint, Department

strawberry.enum(
    statistics.CountBy,
    description="What the students of a group share: 院系, 专业, 班级, 培养层次.",
)


@strawberry.type(description="How many students stand where at one checkpoint.")
class CheckpointCounts:
    """GraphQL face of domain.reports.counts.CheckpointCounts."""

    checkpoint: Checkpoint = strawberry.field(description="The checkpoint.")
    due: int = strawberry.field(description="应办理 = passed + pending + refused, always.")
    passed: int = strawberry.field(description="已通过.")
    pending: int = strawberry.field(description="未办理.")
    refused: int = strawberry.field(description="未通过.")
    not_required: int = strawberry.field(description="无需办理; not part of `due`.")


@strawberry.type(
    description="One group of students. For the list behind a number ask `clearances` with the same"
    " `where`, but `departments`, `majors`, `classes` or `trainingLevels` narrowed to this group,"
    " with the checkpoint and the status."
)
class GroupCounts:
    """GraphQL face of domain.reports.statistics.GroupCounts."""

    label: str | None = strawberry.field(
        description="院系, 专业, 班级 or 培养层次; null: those without one, whom a filter names by"
        " an empty text."
    )
    department: Department | None = strawberry.field(
        description="By DEPARTMENT its row, whose id a filter takes; else null."
    )
    students: int = strawberry.field(description="How many students the group has.")
    checkpoints: list[CheckpointCounts] = strawberry.field(
        description="In checkpoint order; due + notRequired = students at each."
    )


@strawberry.type(
    description="Where the students stood at the end of a day, and how many changes of that day led"
    " to which status; a change of the remark alone counts too. For the list behind a number of"
    " changes ask `entries` with the same filter as its `students`, the checkpoint, the status and"
    " the moments at which the day begins and is over. Behind where they stood at the end of a past"
    " day there is no list: only `Student.clearancesAt` tells one student's past."
)
class DayCounts:
    """GraphQL face of domain.reports.day_counts.DayCounts."""

    day: dt.date = strawberry.field(description="From midnight to midnight in LIXIAO_TIMEZONE.")
    due: int = strawberry.field(description="应办理 = passed + pending + refused, always.")
    passed: int = strawberry.field(description="已通过 at the end of the day.")
    pending: int = strawberry.field(description="未办理 at the end of the day.")
    refused: int = strawberry.field(description="未通过 at the end of the day.")
    not_required: int = strawberry.field(description="无需办理 at the end of the day.")
    to_passed: int = strawberry.field(description="Changes to 已通过.")
    to_refused: int = strawberry.field(description="Changes to 未通过.")
    to_pending: int = strawberry.field(
        description="Changes to 未办理: 撤销, or required again after all."
    )
    to_not_required: int = strawberry.field(description="Changes to 无需办理.")


@strawberry.type(
    description="The days at one checkpoint. The students are those who match today, on every day:"
    " somebody enrolled later stands there as 未办理 from the first day on, somebody archived since"
    " on none. A day to come stands as the present."
)
class CheckpointDays:
    """GraphQL face of domain.reports.day_counts.CheckpointDays."""

    checkpoint: Checkpoint = strawberry.field(description="The checkpoint.")
    days: list[DayCounts] = strawberry.field(
        description="One for every day, also without a change; the last of today equals `counts`."
    )


@strawberry.type(
    description="What one operator changed, by whichever way; a change of the remark alone counts."
    " For the list behind a number ask `entries` with the same filter as its `students`, the"
    " checkpoint, the operator, the status and the moments at which the days begin and are over."
)
class OperatorCounts:
    """GraphQL face of domain.reports.statistics.OperatorCounts."""

    operator: Operator = strawberry.field(description="Who.")
    to_passed: int = strawberry.field(description="Changes to 已通过.")
    to_refused: int = strawberry.field(description="Changes to 未通过.")
    to_pending: int = strawberry.field(
        description="Changes to 未办理: 撤销, or required again after all."
    )
    to_not_required: int = strawberry.field(description="Changes to 无需办理.")
    students: int = strawberry.field(description="Of how many students.")
    last_at: dt.datetime = strawberry.field(description="When for the last time, in UTC.")
