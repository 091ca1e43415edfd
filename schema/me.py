"""What a student sees of their own way out, and of nobody else's."""

import datetime as dt
from typing import Annotated, Any

import strawberry

import models
from domain.studying import graduation, student_accounts
from domain.studying import me as domain_me
from resolvers import me
from schema.errors import Refused


@strawberry.type(description="What the roster says of you in one scheme.")
class OwnRecord:
    """GraphQL face of domain.studying.me.OwnRecord."""

    name: str = strawberry.field(description="姓名.")
    id_number: str | None = strawberry.field(description="身份证号, masked (110101********0001).")
    scheme_name: str = strawberry.field(description="离校方案.")
    scheme_status: models.SchemeStatus = strawberry.field(
        description="OPEN, or CLOSED: nothing is decided any more."
    )
    cohort: models.Cohort = strawberry.field(description="学生范围.")
    department: str = strawberry.field(description="院系.")
    major: str | None = strawberry.field(description="专业.")
    class_name: str | None = strawberry.field(description="班级.")
    training_level: str | None = strawberry.field(description="培养层次.")

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """A row of the roster, as its student sees it."""
        return isinstance(value, domain_me.OwnRecord)


@strawberry.type(description="Where you stand at one checkpoint (离校环节).")
class OwnClearance:
    """GraphQL face of domain.studying.me.OwnClearance."""

    title: str = strawberry.field(description="The checkpoint, e.g. 图书馆.")
    requirement: str = strawberry.field(description="What it requires, e.g. 还清图书.")
    place: str = strawberry.field(description="Where it is; empty if nobody said.")
    contact: str = strawberry.field(description="Whom to ask; empty if nobody said.")
    hours: str = strawberry.field(description="When somebody is there; empty if nobody said.")
    opens_at: dt.datetime | None = strawberry.field(
        description="You can be passed from then on, in UTC; null: at once."
    )
    closes_at: dt.datetime | None = strawberry.field(
        description="You cannot be passed any more from then on, in UTC; null: there is no end."
    )
    status: models.ClearanceStatus = strawberry.field(description="未办理, 已通过, 未通过 …")
    not_required_by: models.NotRequiredBy | None = strawberry.field(
        description="Why nothing is required of you here; null unless NOT_REQUIRED."
    )
    remark: str = strawberry.field(description="Why it was refused; empty unless REFUSED.")
    open_prerequisites: list[str] = strawberry.field(
        description="The titles of what must be passed before and is not yet; empty once this is"
        " not open itself."
    )
    last_change: dt.datetime | None = strawberry.field(
        description="When it was last changed, in UTC; null if it never was."
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """A clearance, as its student sees it."""
        return isinstance(value, domain_me.OwnClearance)


@strawberry.type(description="Something that was handed out to you.")
class OwnHandOut:
    """GraphQL face of domain.studying.graduation.OwnHandOut."""

    kind: models.HandOutKind = strawberry.field(description="What.")
    certificate_number: str | None = strawberry.field(description="编号; null of 毕业材料.")
    receiver: models.Receiver = strawberry.field(description="Who took it.")
    proxy_name: str | None = strawberry.field(description="Who came instead; null for nobody.")
    handed_out_at: dt.datetime = strawberry.field(description="When, in UTC.")

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """A hand-out, as its student sees it."""
        return isinstance(value, graduation.OwnHandOut)


@strawberry.type(description="Your certificate of clearance (离校单).")
class OwnCertificate:
    """GraphQL face of domain.studying.graduation.OwnCertificate."""

    issued_at = strawberry.field(
        resolver=me.issued_at, graphql_type=dt.datetime, description="In UTC."
    )
    withdrawn_at = strawberry.field(
        resolver=me.withdrawn_at,
        graphql_type=dt.datetime | None,
        description="In UTC; null while it holds. A checkpoint that is reopened withdraws it.",
    )
    url: str = strawberry.field(
        description="Path to GET it as PDF, same token: CERTIFICATE_WITHDRAWN once it is not valid."
    )
    verify_url = strawberry.field(
        resolver=me.verify_url,
        graphql_type=str,
        description="What its QR code says: a public page, where anybody with the paper sees"
        " whether it is valid.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """A certificate, as its student sees it."""
        return isinstance(value, graduation.OwnCertificate)


@strawberry.type(description="You, signed in as a student, and your own way out (离校).")
class Me:
    """GraphQL face of domain.studying.me.Me."""

    number = strawberry.field(
        resolver=me.number, graphql_type=str, description="学号, as you signed in with it."
    )
    is_initial_password = strawberry.field(
        resolver=me.is_initial_password,
        graphql_type=bool,
        description="Whether the password is one that was given to you: choose your own.",
    )
    record: OwnRecord | None = strawberry.field(
        description="The newest OPEN scheme with your number, else the newest CLOSED one; null if"
        " you are in none."
    )
    in_the_way = strawberry.field(
        resolver=me.in_the_way,
        graphql_type=str,
        description="One sentence: what is still open, and first what you can do now; by"
        " Accept-Language, else Chinese.",
    )
    clearances: list[OwnClearance] = strawberry.field(
        description="One for every checkpoint, in their order; empty if you are in no scheme."
    )
    to_receive: list[models.HandOutKind] = strawberry.field(
        description="What is handed out to you in the end (应领项目)."
    )
    may_receive: list[models.HandOutKind] = strawberry.field(
        description="What you may receive now: empty until nothing is open any more."
    )
    hand_outs = strawberry.field(
        resolver=me.hand_outs,
        graphql_type=list[OwnHandOut],
        description="What you have received, the newest first.",
    )
    certificate = strawberry.field(
        resolver=me.certificate,
        graphql_type=OwnCertificate | None,
        description="Your newest certificate of clearance (离校单), see `issueMyCertificate`; null"
        " if there never was one.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """What the signed-in student sees."""
        return isinstance(value, domain_me.Me)


@strawberry.type(description="A new session of a student.")
class StudentSignedIn:
    """GraphQL face of domain.studying.student_accounts.NewStudentSession."""

    token: str = strawberry.field(
        description="Shown only here. Send it as `Authorization: Bearer …`."
    )
    expires_at: dt.datetime = strawberry.field(description="When the session ends, in UTC.")
    me = strawberry.field(resolver=me.me, graphql_type=Me | None, description="Who signed in.")

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """A new session."""
        return isinstance(value, student_accounts.NewStudentSession)


StudentSignInResult = Annotated[
    StudentSignedIn | Refused,
    strawberry.union("StudentSignInResult", description="A session, or why not."),
]
OwnCertificateResult = Annotated[
    OwnCertificate | Refused,
    strawberry.union("OwnCertificateResult", description="Your valid certificate, or why not."),
]
