"""The matrix of students and checkpoints (学生离校信息查询) in its compact form."""

import datetime as dt

import strawberry

import models
from resolvers import matrix
from schema.paging import Connection
from schema.scheme import Checkpoint
from schema.student import Student


@strawberry.type(description="One student of the matrix.")
class MatrixRow:
    """GraphQL face of domain.lists.matrix.MatrixRow."""

    student = strawberry.field(
        resolver=matrix.student, graphql_type=Student, description="Whose row it is."
    )
    statuses = strawberry.field(
        resolver=matrix.statuses,
        graphql_type=list[models.ClearanceStatus],
        description="One for each of the `checkpoints` of the matrix, in their order.",
    )
    changed_at = strawberry.field(
        resolver=matrix.changed_at,
        graphql_type=dt.datetime | None,
        description="The last change of any of them, in UTC; null if there was none.",
    )


@strawberry.type(
    description="Students x checkpoints (学生离校信息查询): the columns once, then a list of"
    " statuses for each student. `Student.clearances` tells the same at length."
)
class Matrix:
    """GraphQL face of resolvers.matrix.Matrix."""

    checkpoints = strawberry.field(
        resolver=matrix.checkpoints,
        graphql_type=list[Checkpoint],
        description="The columns: every checkpoint of the scheme, in order.",
    )
    students = strawberry.field(
        resolver=matrix.students,
        graphql_type=Connection[MatrixRow],
        description="The rows: the students in your scope that the filter matches.",
    )
