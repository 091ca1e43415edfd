"""Students (毕业生) and their clearances (办理情况)."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

import models
from domain.ids import PublicId
from resolvers import certificates, decisions, enrolment, hand_outs, history, students, waivers
from schema.history import Entry, PastClearance
from schema.node import Node
from schema.paging import Connection
from schema.scheme import Checkpoint, Department, Scheme
from schema.student_change import StudentChange

if TYPE_CHECKING:
    from schema.certificate import ClearanceCertificate
    from schema.hand_out import Entitlement, HandOut
    from schema.waiver import Waiver

StudentLink = Annotated["Student", strawberry.lazy("schema.student")]
CertificateLink = Annotated["ClearanceCertificate", strawberry.lazy("schema.certificate")]
EntitlementLink = Annotated["Entitlement", strawberry.lazy("schema.hand_out")]
HandOutLink = Annotated["HandOut", strawberry.lazy("schema.hand_out")]
WaiverLink = Annotated["Waiver", strawberry.lazy("schema.waiver")]


@strawberry.type(description="Where one student stands at one checkpoint (办理情况).")
class Clearance(Node):
    """GraphQL face of models.Clearance."""

    id = strawberry.field(
        resolver=decisions.clearance_id, graphql_type=PublicId, description="Opaque and stable."
    )
    status: models.ClearanceStatus = strawberry.field(description="Every new clearance is PENDING.")
    not_required_by: models.NotRequiredBy | None = strawberry.field(
        description="Why the student is not required; null unless NOT_REQUIRED."
    )
    remark: str = strawberry.field(description="备注 of the last decision, at most 500 characters.")
    version: int = strawberry.field(
        description="Counts the changes from 1; give it as `expectedVersion` when you decide."
    )
    decided_at: dt.datetime | None = strawberry.field(
        description="When it was last decided, in UTC; null if it never was."
    )
    checkpoint = strawberry.field(
        resolver=decisions.checkpoint, graphql_type=Checkpoint, description="Where."
    )
    student = strawberry.field(
        resolver=decisions.student, graphql_type=StudentLink, description="Whose."
    )
    last_entry = strawberry.field(
        resolver=decisions.last_entry,
        graphql_type=Entry | None,
        description="The change that led to the present version; null if there was none.",
    )
    history = strawberry.field(
        resolver=history.of_clearance,
        graphql_type=Connection[Entry],
        description="Every change of it, the newest first.",
    )
    waiver = strawberry.field(
        resolver=waivers.of_clearance,
        graphql_type=WaiverLink | None,
        description="The waiver (免办) that is requested or confirmed here; null without one.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.Clearance)


@strawberry.type(description="One leaver in one scheme (毕业生).")
class Student(Node):
    """GraphQL face of models.Student."""

    id = strawberry.field(
        resolver=students.public_id, graphql_type=PublicId, description="Opaque and stable."
    )
    status: models.StudentStatus = strawberry.field(
        description="在册, or archived: outside every list and every sum."
    )
    number: str | None = strawberry.field(description="学号; unique in the scheme.")
    candidate_number: str | None = strawberry.field(description="考生号; unique in the scheme.")
    id_number = strawberry.field(
        resolver=students.masked_id_number,
        graphql_type=str | None,
        description="身份证号, always masked (110101********0001); see `revealIdNumber`.",
    )
    name: str = strawberry.field(description="姓名.")
    gender: models.Gender | None = strawberry.field(description="性别.")
    entry_year: int | None = strawberry.field(description="年级, the year of entry.")
    cohort: models.Cohort = strawberry.field(description="学生范围.")
    training_level: str | None = strawberry.field(description="培养层次, e.g. 硕士.")
    category: str | None = strawberry.field(description="学生类别, e.g. 学历硕士.")
    major: str | None = strawberry.field(description="专业.")
    class_name: str | None = strawberry.field(description="班级.")
    household_transfer: bool | None = strawberry.field(
        description="是否户口迁移; null is not known."
    )
    dormitory: str | None = strawberry.field(description="住宿信息.")
    department = strawberry.field(
        resolver=students.department, graphql_type=Department, description="院系."
    )
    scheme = strawberry.field(
        resolver=students.scheme, graphql_type=Scheme, description="The round they leave in."
    )
    clearances = strawberry.field(
        resolver=students.clearances,
        graphql_type=list[Clearance],
        description="One for every checkpoint of the scheme, in checkpoint order.",
    )
    clearances_at = strawberry.field(
        resolver=history.past_clearances,
        graphql_type=list[PastClearance],
        description="The same as they were at a past moment.",
    )
    history = strawberry.field(
        resolver=history.of_student,
        graphql_type=Connection[Entry],
        description="Every change of any of them, the newest first.",
    )

    entitlement = strawberry.field(
        resolver=hand_outs.entitlement,
        graphql_type=EntitlementLink,
        description="What they are to receive (应领项目), and may receive now.",
    )
    hand_outs = strawberry.field(
        resolver=hand_outs.of_student,
        graphql_type=list[HandOutLink],
        description="What was handed out to them, revoked ones too, the newest first.",
    )
    certificate = strawberry.field(
        resolver=certificates.of_student,
        graphql_type=CertificateLink | None,
        description="The newest certificate of clearance (离校单), withdrawn or not; null if there"
        " never was one.",
    )
    changes = strawberry.field(
        resolver=enrolment.changes_of,
        graphql_type=Connection[StudentChange] | None,
        description="Every change of these data, the newest first; null unless you administer the"
        " scheme.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.Student)


@strawberry.type(description="A student's full ID number; this look left an access line.")
class IdNumber:
    """A student's row, of which the number may be shown."""

    id_number: str | None = strawberry.field(description="身份证号 in full; null if none is known.")
    student = strawberry.field(resolver=students.itself, graphql_type=Student, description="Whose.")

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.Student)
