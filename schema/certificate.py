"""Certificates of clearance (离校单)."""

import datetime as dt
from typing import Annotated, Any

import strawberry

import models
from domain.ids import PublicId
from resolvers import certificates
from schema.errors import Refused
from schema.node import Node
from schema.operator import Operator
from schema.student import StudentLink


@strawberry.type(
    description="That a student was cleared everywhere (离校单). It is withdrawn at once when a"
    " checkpoint is reopened or a new one is due, and stays so."
)
class ClearanceCertificate(Node):
    """GraphQL face of models.ClearanceCertificate."""

    id = strawberry.field(
        resolver=certificates.public_id, graphql_type=PublicId, description="Opaque and stable."
    )
    student = strawberry.field(
        resolver=certificates.student, graphql_type=StudentLink, description="Whose."
    )
    issued_at: dt.datetime = strawberry.field(description="In UTC.")
    issued_by = strawberry.field(
        resolver=certificates.issued_by,
        graphql_type=Operator | None,
        description="Who issued it; null: the student.",
    )
    withdrawn_at: dt.datetime | None = strawberry.field(description="In UTC; null while it holds.")
    is_valid = strawberry.field(
        resolver=certificates.is_valid,
        graphql_type=bool,
        description="As long as nothing is open for the student at any checkpoint.",
    )
    url = strawberry.field(
        resolver=certificates.url,
        graphql_type=str,
        description="Path to GET it as PDF, same token: CERTIFICATE_WITHDRAWN once it is not valid,"
        " CHARACTERS_NOT_PRINTABLE if the font lacks one of a name.",
    )
    verify_url = strawberry.field(
        resolver=certificates.verify_url,
        graphql_type=str,
        description="What its QR code says: a public page, where anybody with the paper sees"
        " whether it is valid, for whom (masked) and since when.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.ClearanceCertificate)


IssueResult = Annotated[
    ClearanceCertificate | Refused,
    strawberry.union("IssueResult", description="The valid certificate, or why there is none."),
]
