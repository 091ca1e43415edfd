"""Hand-outs (发放), and what students are to receive (应领)."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

import models
from domain.handing import batches, entitlements, lists, receipts, requests
from domain.ids import PublicId
from resolvers import hand_outs
from schema.errors import Refused
from schema.inputs import name_input, rename
from schema.node import Node
from schema.operator import Operator

if TYPE_CHECKING:
    from schema.job import Job
    from schema.student import Student

JobLink = Annotated["Job", strawberry.lazy("schema.job")]
StudentLink = Annotated["Student", strawberry.lazy("schema.student")]

HandOutItem = name_input(
    requests.HandOutItem,
    "One thing to give.",
    kind="What.",
    certificate_number="编号 of a certificate, 1-50 characters; spaces, full width and letter case"
    " do not matter. Not for 毕业材料.",
)
HandOutInput = name_input(
    requests.HandOutInput,
    "What is given to a student at once, and who takes it.",
    items="At least one thing, each once.",
    receiver="Who takes it.",
    proxy_name="Who comes instead: of a PROXY always, not IN_PERSON; at most 100 characters.",
    proxy_id_number="身份证号 or another document of theirs, likewise; told masked from then on.",
    handed_out_at="When it was given, not in the future; null: now. Without an offset it is UTC.",
    remark="备注, e.g. the number of a parcel; at most 500 characters.",
)
HandOutRow = name_input(
    batches.HandOutRow,
    "What is given to one of many students.",
    student="To whom; an unknown one is a failed row.",
    given="What, and who takes it.",
)
HandOutFilter = name_input(
    lists.HandOutFilter,
    "Which hand-outs of one scheme: every condition must hold, a list means any of its values.",
    scheme="The scheme.",
    kinds="Only of these kinds.",
    receivers="Only taken by these.",
    is_revoked="true: only revoked ones. false: only those that hold.",
    from_="Handed out at this moment or later; without an offset it is in UTC.",
    until="Handed out before this moment.",
    students="Only to the students that this matches. INVALID_INPUT unless its scheme is the same.",
)
rename(HandOutFilter, "from_", "from")


@strawberry.type(description="What a student is to receive (应领项目), and may receive now.")
class Entitlement:
    """GraphQL face of domain.handing.entitlements.Entitlement."""

    kinds: list[models.HandOutKind] = strawberry.field(description="What is to be received.")
    may_receive: list[models.HandOutKind] = strawberry.field(
        description="What could be handed out now: empty until the student is clear everywhere."
    )
    reason: str | None = strawberry.field(
        description="Why this student's differ from the cohort's; null if they do not."
    )
    at: dt.datetime | None = strawberry.field(description="Since when, in UTC; null likewise.")
    operator = strawberry.field(
        resolver=hand_outs.entitlement_operator,
        graphql_type=Operator | None,
        description="Who set that; null likewise.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """What the domain tells."""
        return isinstance(value, entitlements.Entitlement)


@strawberry.type(description="What the students of a cohort are to receive in a scheme.")
class CohortEntitlement:
    """GraphQL face of domain.handing.entitlements.OfCohort."""

    cohort: models.Cohort = strawberry.field(description="学生范围.")
    kinds: list[models.HandOutKind] = strawberry.field(description="What they receive.")
    is_usual: bool = strawberry.field(
        description="As it is everywhere: 单证 学位证 and 毕业材料, the others all three."
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """What the domain tells."""
        return isinstance(value, entitlements.OfCohort)


@strawberry.type(description="Something that was handed out (发放); revoked, never deleted.")
class HandOut(Node):
    """GraphQL face of models.HandOut."""

    id = strawberry.field(
        resolver=hand_outs.public_id, graphql_type=PublicId, description="Opaque and stable."
    )
    kind: models.HandOutKind = strawberry.field(description="What.")
    certificate_number: str | None = strawberry.field(description="编号; null of 毕业材料.")
    student = strawberry.field(
        resolver=hand_outs.student, graphql_type=StudentLink, description="To whom."
    )
    receiver: models.Receiver = strawberry.field(description="Who took it.")
    proxy_name: str | None = strawberry.field(description="Who came instead; null for nobody.")
    proxy_id_number = strawberry.field(
        resolver=hand_outs.proxy_id_number,
        graphql_type=str | None,
        description="证件号 of theirs, always masked.",
    )
    handed_out_at: dt.datetime = strawberry.field(description="When it was given, in UTC.")
    remark: str = strawberry.field(description="备注.")
    operator = strawberry.field(
        resolver=hand_outs.operator, graphql_type=Operator, description="Who gave it."
    )
    created_at: dt.datetime = strawberry.field(description="When that was recorded, in UTC.")
    job = strawberry.field(
        resolver=hand_outs.job,
        graphql_type=JobLink | None,
        description="The job it came with; null for a single one, or one out of your sight.",
    )
    row_number: int | None = strawberry.field(
        description="The row of the file, or the place in the batch."
    )
    revoked_at: dt.datetime | None = strawberry.field(description="In UTC; null while it holds.")
    revoked_by = strawberry.field(
        resolver=hand_outs.revoked_by,
        graphql_type=Operator | None,
        description="Who took it back; null while it holds.",
    )
    revoke_reason: str | None = strawberry.field(description="Why; null while it holds.")

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.HandOut)


@strawberry.type(description="That something was handed out to a student.")
class Receipt:
    """GraphQL face of domain.handing.receipts.Receipt."""

    student = strawberry.field(
        resolver=hand_outs.receipt_student,
        graphql_type=StudentLink,
        description="With all their `handOuts`, and what they may still receive.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """What the domain answers."""
        return isinstance(value, receipts.Receipt)


HandOutResult = Annotated[
    Receipt | Refused,
    strawberry.union("HandOutResult", description="The student who received it, or why not."),
]
RevokeResult = Annotated[
    HandOut | Refused,
    strawberry.union("RevokeResult", description="The hand-out as history, or why not."),
]
