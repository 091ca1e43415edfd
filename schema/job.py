"""Jobs (任务), their rows (任务行) and files."""

import datetime as dt
from typing import Annotated, Any

import strawberry

import models
from domain.enrolling.roster_batches import RosterChange
from domain.errors import Code
from domain.exports.jobs import ExportSubject
from domain.ids import PublicId
from resolvers import job_rows, jobs, rosters
from schema.errors import Refused
from schema.node import Node
from schema.operator import Operator
from schema.paging import Connection
from schema.problem import Problem
from schema.roster import FieldChange, RosterOutcome
from schema.scheme import Checkpoint, Scheme
from schema.student import Student

JobLink = Annotated["Job", strawberry.lazy("schema.job")]


@strawberry.type(description="A stored file.")
class File(Node):
    """GraphQL face of models.File."""

    id = strawberry.field(
        resolver=jobs.file_id, graphql_type=PublicId, description="Opaque and stable."
    )
    name: str = strawberry.field(description="The file's name.")
    kind: models.FileKind = strawberry.field(description="What it is.")
    size: float = strawberry.field(description="In bytes.")
    created_at: dt.datetime = strawberry.field(description="In UTC.")
    expires_at: dt.datetime = strawberry.field(description="It is deleted then, in UTC.")
    url = strawberry.field(
        resolver=jobs.file_url, graphql_type=str, description="Path to GET it, same token."
    )
    sha256 = strawberry.field(
        resolver=jobs.file_sha256, graphql_type=str, description="In hexadecimal."
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.File)


@strawberry.type(description="Somebody changed cells of failed rows, which were judged again.")
class Repair:
    """GraphQL face of models.Repair."""

    created_at: dt.datetime = strawberry.field(description="In UTC; what was decided since, stays.")
    operator = strawberry.field(
        resolver=job_rows.repairer, graphql_type=Operator, description="Who did, and so decided."
    )


@strawberry.type(description="A cell of a failed row that was repaired.")
class RepairedCell:
    """GraphQL face of domain.importing.repairs.Repaired."""

    column: str = strawberry.field(description="Its letters, e.g. C.")
    old: str = strawberry.field(description="What it said.")
    new: str = strawberry.field(description="What it says.")


@strawberry.type(description="One data row of a file, or one student of a batch, and its outcome.")
class JobRow(Node):
    """GraphQL face of models.JobRow."""

    id = strawberry.field(
        resolver=job_rows.row_id, graphql_type=PublicId, description="Opaque and stable."
    )
    row_number: int = strawberry.field(description="The row in Excel, or the place in the batch.")
    cells = strawberry.field(
        resolver=job_rows.cells,
        graphql_type=list[str],
        description="The original cells, column A first.",
    )
    key: str = strawberry.field(
        description="The number that names the student, normalised; of an operator the 账号."
    )
    name: str = strawberry.field(description="The name in the row.")
    act: models.Act | None = strawberry.field(description="What the row asks for; null: nothing.")
    remark: str = strawberry.field(description="备注.")
    outcome: models.Outcome | None = strawberry.field(description="Null until the row was judged.")
    code: Code | None = strawberry.field(description="The first problem, or why nothing changed.")
    student = strawberry.field(
        resolver=job_rows.row_student,
        graphql_type=Student | None,
        description="The student that the row names.",
    )
    checkpoint = strawberry.field(
        resolver=job_rows.row_checkpoint,
        graphql_type=Checkpoint | None,
        description="Where the row decides: of several checkpoints each has a row of its own.",
    )
    repair = strawberry.field(
        resolver=job_rows.repaired,
        graphql_type=Repair | None,
        description="The last repair of the row; null without one.",
    )
    repaired_cells = strawberry.field(
        resolver=job_rows.repaired_cells,
        graphql_type=list[RepairedCell],
        description="The cells that repairs changed, in their order.",
    )
    problems = strawberry.field(
        resolver=job_rows.problems,
        graphql_type=list[Problem],
        description="Every error and warning of the row.",
    )
    change = strawberry.field(
        resolver=rosters.row_change,
        graphql_type=RosterChange | None,
        description="What a row of a roster does to its student; null if it changes nothing.",
    )
    changes = strawberry.field(
        resolver=rosters.row_changes,
        graphql_type=list[FieldChange],
        description="The same field by field; of a new student only 状态.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.JobRow)


@strawberry.type(
    description="Work with rows or a file (任务); its owner and administrators see it."
)
class Job(Node):
    """GraphQL face of models.Job."""

    id = strawberry.field(
        resolver=jobs.job_id, graphql_type=PublicId, description="Opaque and stable."
    )
    kind: models.JobKind = strawberry.field(description="What it does.")
    status: models.JobStatus = strawberry.field(description="Where it is.")
    phase: models.JobPhase | None = strawberry.field(
        description="What it is at; null unless it runs."
    )
    dry_run: bool = strawberry.field(
        description="The verdicts are those of the import, and nothing is written."
    )
    match_by: models.MatchBy | None = strawberry.field(description="Of an import.")
    if_newer: models.IfNewer | None = strawberry.field(description="Of an import.")
    created_at: dt.datetime = strawberry.field(description="In UTC.")
    started_at: dt.datetime | None = strawberry.field(description="In UTC.")
    finished_at: dt.datetime | None = strawberry.field(description="In UTC.")
    total: int | None = strawberry.field(description="How many rows; null until it is known.")
    staged: int = strawberry.field(description="Rows read from the file, or written to it.")
    processed = strawberry.field(
        resolver=jobs.processed, graphql_type=int, description="Rows that have an outcome."
    )
    applied: int = strawberry.field(description="Rows that changed something.")
    unchanged: int = strawberry.field(description="Rows that asked for what was already so.")
    failed: int = strawberry.field(description="Rows with an error.")
    unprocessed: int = strawberry.field(description="Rows left alone when the job stopped.")
    sheet = strawberry.field(
        resolver=jobs.sheet,
        graphql_type=str | None,
        description="The sheet that was imported; null until it is chosen.",
    )
    unknown_columns = strawberry.field(
        resolver=jobs.unknown_columns,
        graphql_type=list[str],
        description="Headers of the file that the import did not know.",
    )
    problem = strawberry.field(
        resolver=jobs.problem,
        graphql_type=Problem | None,
        description="Why the job failed as a whole, or is HELD; null otherwise.",
    )
    queue: models.JobQueue = strawberry.field(description="Small work goes past large work.")
    queue_place = strawberry.field(
        resolver=jobs.queue_place,
        graphql_type=int | None,
        description="Its place among the jobs that wait in its queue, 1 is the next; null unless"
        " QUEUED. Operators take turns, so that it may be taken sooner or later than that.",
    )
    undoes = strawberry.field(
        resolver=jobs.undoes,
        graphql_type=JobLink | None,
        description="The job that an undo takes back; null for other jobs.",
    )
    undone_by = strawberry.field(
        resolver=jobs.undone_by,
        graphql_type=JobLink | None,
        description="The newest undo of this job that changed something or is about to.",
    )
    operator = strawberry.field(
        resolver=jobs.operator, graphql_type=Operator, description="Who started it."
    )
    released_by = strawberry.field(
        resolver=jobs.released_by,
        graphql_type=Operator | None,
        description="Who released or dropped a job that was HELD; null for other jobs.",
    )
    released_at: dt.datetime | None = strawberry.field(description="When they did, in UTC.")
    scheme = strawberry.field(
        resolver=jobs.scheme, graphql_type=Scheme, description="In which scheme."
    )
    checkpoint = strawberry.field(
        resolver=jobs.checkpoint,
        graphql_type=Checkpoint | None,
        description="At which checkpoint; null if it is about several.",
    )
    checkpoints = strawberry.field(
        resolver=jobs.checkpoints,
        graphql_type=list[Checkpoint],
        description="At which checkpoints, in their order: of several each row of the file is a job"
        " row for each.",
    )
    upload = strawberry.field(
        resolver=jobs.upload,
        graphql_type=File | None,
        description="The file it was started with, until that expires.",
    )
    files = strawberry.field(
        resolver=jobs.files, graphql_type=list[File], description="What it made."
    )
    exported = strawberry.field(
        resolver=jobs.exported,
        graphql_type=ExportSubject | None,
        description="What an export is about; null for other jobs.",
    )
    full_id_numbers = strawberry.field(
        resolver=jobs.full_id_numbers,
        graphql_type=bool | None,
        description="Whether an export was asked for with full ID numbers; null for what is no"
        " export of students.",
    )
    rows = strawberry.field(
        resolver=jobs.rows,
        graphql_type=Connection[JobRow],
        description="Its rows in the order of the file; narrow them by outcome and code.",
    )

    roster = strawberry.field(
        resolver=rosters.tally,
        graphql_type=RosterOutcome | None,
        description="What a roster did; null for other jobs.",
    )
    missing_students = strawberry.field(
        resolver=rosters.missing_students,
        graphql_type=Connection[Student],
        description="The students whom a roster does not name, by number, archived or not; none"
        " unless you administer the scheme.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.Job)


JobResult = Annotated[
    Job | Refused, strawberry.union("JobResult", description="The job, or why there is none.")
]
