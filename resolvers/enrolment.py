"""Students one by one, archived ones, and the lines of what changed about them."""

from functools import partial
from typing import Annotated

from strawberry import Info, Parent, argument

import models
from domain.enrolling import enrolment
from domain.enrolling.student_inputs import StudentEdit, StudentInput
from domain.ids import PublicId
from domain.lists import archived_students, student_lines
from domain.lists.archived_students import ArchivedFilter
from domain.lists.student_lines import LineFilter, LinesOf
from models import StudentField
from resolvers import context
from resolvers.loaders import Loaders
from resolvers.paging import After, Before, Connection, First, Last, window

Whom = Annotated[PublicId, argument(description="The student; an archived one too.")]
InScheme = Annotated[PublicId, argument(description="In which scheme.")]


async def create_student(
    info: Info,
    scheme: InScheme,
    new: Annotated[StudentInput, argument(name="input", description="Who it is.")],
) -> models.Student:
    """With a clearance at every checkpoint."""
    return await context.of(info).write(enrolment.create, scheme, new)


async def update_student(
    info: Info,
    student: Whom,
    edit: Annotated[StudentEdit, argument(name="input", description="What changes.")],
    clear: Annotated[
        list[StudentField] | None,
        argument(description="What is emptied; not the name, the department or the cohort."),
    ] = None,
) -> models.Student:
    """Decisions stay; the rules judge anew."""
    return await context.of(info).write(enrolment.update, student, edit, clear or ())


async def archive_student(info: Info, student: Whom) -> models.Student:
    """Out of every list and every sum."""
    return await context.of(info).write(enrolment.archive, student)


async def restore_student(info: Info, student: Whom) -> models.Student:
    """Back, with the decisions of before."""
    return await context.of(info).write(enrolment.restore, student)


async def archived(
    info: Info,
    scheme: InScheme,
    numbers: Annotated[
        list[str] | None, argument(description="学号, at most 5,000; any of these.")
    ] = None,
    name_prefix: Annotated[str | None, argument(description="姓名 begins with this.")] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.Student]:
    """By number."""
    read = context.of(info).read
    where = ArchivedFilter(scheme, numbers, name_prefix)
    found = await read(archived_students.page, where, window(first, after, last, before))
    return Connection(found, partial(read, archived_students.count, where))


async def changes(
    info: Info,
    scheme: InScheme,
    student: Annotated[PublicId | None, argument(description="Only of this student.")] = None,
    fields: Annotated[
        list[StudentField] | None, argument(description="Only of any of these.")
    ] = None,
    operator: Annotated[PublicId | None, argument(description="Only by this operator.")] = None,
    job: Annotated[PublicId | None, argument(description="Only by this roster.")] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.StudentChange]:
    """The newest first."""
    read = context.of(info).read
    where = LineFilter(scheme, student, fields, operator, job)
    found = await read(student_lines.page, where, window(first, after, last, before))
    return Connection(found, partial(read, student_lines.count, where))


async def changes_of(
    root: Parent[models.Student],
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.StudentChange] | None:
    """None unless the scheme is administered; one statement for all students of a page."""
    loaders = context.of(info).loaders
    wanted = LinesOf(root.id, window(first, after, last, before))
    found = await loaders.student_changes.load(wanted)
    return None if found is None else Connection(found, partial(_count, loaders, root.id))


async def _count(loaders: Loaders, student_id: int) -> int:
    return await loaders.student_change_count.load(student_id) or 0


async def change_student(root: Parent[models.StudentChange], info: Info) -> models.Student | None:
    """Whose; an archived one too."""
    return await context.of(info).loaders.enrolled.load(root.student_id)


async def change_operator(root: Parent[models.StudentChange], info: Info) -> models.Operator | None:
    """By whom."""
    return await context.of(info).loaders.operator.load(root.operator_id)


async def change_job(root: Parent[models.StudentChange], info: Info) -> models.Job | None:
    """The roster it came with; None for a single act."""
    if root.job_id is None:
        return None
    return await context.of(info).loaders.job.load(root.job_id)
