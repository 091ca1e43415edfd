"""GraphQL names for the domain's value objects: declared there, described here."""

from typing import Any

import strawberry

from domain import batches
from domain.importing import repairs
from domain.lists import student_filters, student_keys


def name_input(
    kind: Any,
    description: str,
    /,
    *,
    one_of: bool = False,
    called: str | None = None,
    **fields: str,
) -> Any:
    """An input of the API from a value object of the domain; each field by its description.

    It is called as its class, unless a type of the API has that name.
    """
    named = strawberry.input(kind, name=called, description=description, one_of=one_of)
    for field in named.__strawberry_definition__.fields:
        field.description = fields[field.python_name]
        if field.default_value is None:
            # Leaving it out means null already; `= null` would only be noise.
            field.default_value = strawberry.UNSET
    return named


def rename(kind: Any, python_name: str, graphql_name: str) -> None:
    """Call a field by what is a word of Python's."""
    fields = {each.python_name: each for each in kind.__strawberry_definition__.fields}
    fields[python_name].graphql_name = graphql_name


StatusAt = name_input(
    student_filters.StatusAt,
    "Students whose clearance at a checkpoint has one of these statuses.",
    checkpoint="The checkpoint.",
    statuses="Any of these.",
)
StudentFilter = name_input(
    student_filters.StudentFilter,
    "Which students of one scheme: every condition must hold, a list means any of its values"
    " (at most 5,000).",
    scheme="The scheme.",
    numbers="学号; spaces, full width and letter case do not matter.",
    candidate_numbers="考生号.",
    id_numbers="身份证号, in full.",
    name_prefix="姓名 begins with this.",
    name_contains="姓名 contains this.",
    departments="院系.",
    majors="专业; an empty text: who has none.",
    classes="班级; an empty text: who has none.",
    entry_years="年级.",
    genders="性别.",
    training_levels="培养层次; an empty text: who has none.",
    categories="学生类别; an empty text: who has none.",
    cohorts="学生范围.",
    status_at="Status at checkpoints, at most 50; all of them must hold. NOT_FOUND for a checkpoint"
    " of another scheme.",
    only_missing="Only those for whom just this checkpoint is missing: PENDING or REFUSED there,"
    " PASSED or NOT_REQUIRED at every other one.",
    all_clear="true: PASSED or NOT_REQUIRED everywhere. false: something is missing.",
    may_receive="Any of these could be handed out now: they are to receive it, have not yet,"
    " and are clear everywhere.",
    has_received="Any of these was handed out to them and not revoked.",
    decided_by="A job, e.g. an import: those of whom it changed a clearance. NOT_FOUND for a job of"
    " another scheme or out of your sight.",
    changed_since="A clearance of theirs was changed at this moment or later.",
    changed_before="Changed, but for the last time before this moment.",
)
StudentKey = name_input(
    student_keys.StudentKey,
    "One of the keys of a student.",
    one_of=True,
    id="The opaque id.",
    number="学号.",
    candidate_number="考生号.",
    id_number="身份证号, in full.",
)
FilterSelection = name_input(
    batches.FilterSelection,
    "The students that a filter matches, as they were seen.",
    where="The filter.",
    expected_count="How many there are without the exceptions; else SELECTION_CHANGED.",
    as_of="`asOf` of the page that was looked at: what somebody else decided since is STALE_STATE.",
    except_ids="Not these, at most 5,000.",
)
Selection = name_input(
    batches.Selection,
    "Which students to decide.",
    one_of=True,
    ids="By id, at most 5,000.",
    numbers="By 学号, at most 5,000; an unknown one is a failed row.",
    filter="By filter, at most 50,000.",
)
BatchRequest = name_input(
    batches.BatchRequest,
    "One act for many students at one checkpoint.",
    checkpoint="Where.",
    select="Whom.",
    act="What.",
    remark="审核记录, at most 500 characters; empty keeps the old one while the status stays.",
    mode="What happens if some of them cannot be decided.",
)

CellEdit = name_input(
    repairs.CellEdit,
    "A cell of a failed row, and what it shall say.",
    row="Its row in Excel (`rowNumber`).",
    column="The letters of its column, e.g. C (`problems { column }`).",
    value="What it shall say, at most 2,000 characters; the same as before judges the row anew.",
)
Replacement = name_input(
    repairs.Replacement,
    "A wrong text, replaced wherever a failed row says it in a column.",
    column="The letters of the column, e.g. C.",
    old="What the cells say, but for spaces around it; empty: the empty ones.",
    new="What they shall say, at most 2,000 characters.",
)
