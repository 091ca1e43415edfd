"""The history (办理记录): entries, and clearances as they once were."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry

import models
from domain.reports import history as domain_history
from resolvers import history
from schema.inputs import name_input, rename
from schema.operator import Operator
from schema.scheme import Checkpoint

if TYPE_CHECKING:
    from schema.job import Job
    from schema.student import Clearance, Student

ClearanceLink = Annotated["Clearance", strawberry.lazy("schema.student")]
JobLink = Annotated["Job", strawberry.lazy("schema.job")]
StudentLink = Annotated["Student", strawberry.lazy("schema.student")]

EntryFilter = name_input(
    domain_history.EntryFilter,
    "Which entries of one scheme: every condition must hold, a list means any of its values.",
    scheme="The scheme.",
    student="Only of this student; NOT_FOUND if out of your sight or archived.",
    checkpoint="Only at this checkpoint; NOT_FOUND for one of another scheme.",
    operator="Only by this operator.",
    job="Only those that came with this job; NOT_FOUND if out of your sight.",
    channels="Only by these ways.",
    new_statuses="Only those that led to these.",
    from_="At this moment or later; without an offset it is in UTC.",
    until="Before this moment; without an offset it is in UTC.",
    students="Only of the students that this matches. INVALID_INPUT unless its scheme is the same.",
)
rename(EntryFilter, "from_", "from")


@strawberry.type(description="One change of a clearance (办理记录); never altered, never deleted.")
class Entry:
    """GraphQL face of models.Entry."""

    version: int = strawberry.field(description="The version of the clearance it led to.")
    at: dt.datetime = strawberry.field(description="When, in UTC.")
    channel: models.Channel = strawberry.field(description="By which way.")
    row_number: int | None = strawberry.field(
        description="The row of the file, or the place in the batch."
    )
    restores: int | None = strawberry.field(
        description="Of an undo: the version that came back, with its operator; 1: as it began."
    )
    old_status: models.ClearanceStatus = strawberry.field(description="Before.")
    new_status: models.ClearanceStatus = strawberry.field(description="After.")
    old_remark: str = strawberry.field(description="Before.")
    new_remark: str = strawberry.field(description="After.")
    operator = strawberry.field(
        resolver=history.operator, graphql_type=Operator | None, description="By whom."
    )
    job = strawberry.field(
        resolver=history.job,
        graphql_type=JobLink | None,
        description="The job it came with, if that is in your sight.",
    )
    student = strawberry.field(
        resolver=history.student, graphql_type=StudentLink, description="Whose clearance it was."
    )
    checkpoint = strawberry.field(
        resolver=history.checkpoint, graphql_type=Checkpoint, description="Where."
    )
    clearance = strawberry.field(
        resolver=history.clearance, graphql_type=ClearanceLink, description="As it is now."
    )


@strawberry.type(
    description="A clearance as it was at a past moment, told from the entries alone. Without an"
    " entry until then it is PENDING at version 1, also before the student or the checkpoint was"
    " there."
)
class PastClearance:
    """GraphQL face of domain.reports.past_clearances.PastClearance."""

    status: models.ClearanceStatus = strawberry.field(description="Where the student stood.")
    not_required_by: models.NotRequiredBy | None = strawberry.field(
        description="Why the student was not required; null unless NOT_REQUIRED."
    )
    remark: str = strawberry.field(description="备注 of the last decision until then.")
    version: int = strawberry.field(description="Counted the changes from 1.")
    decided_at: dt.datetime | None = strawberry.field(
        description="When it had last been changed, in UTC; null if it never had."
    )
    checkpoint = strawberry.field(
        resolver=history.past_checkpoint, graphql_type=Checkpoint, description="Where."
    )
    operator = strawberry.field(
        resolver=history.past_operator,
        graphql_type=Operator | None,
        description="Who had last changed it, or after an undo whose decision came back; null if"
        " nobody had.",
    )
