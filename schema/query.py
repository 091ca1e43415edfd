"""Every query, as a table of contents."""

import strawberry

import resolvers.jobs
import resolvers.nodes
import resolvers.operators
import resolvers.schemes
import resolvers.students
from schema.job import Job
from schema.node import Node
from schema.operator import Viewer
from schema.paging import Connection
from schema.scheme import Scheme
from schema.student import CheckpointCounts, Student


@strawberry.type(description="Reading. One operation reads one state of the database.")
class Query:
    """The queries."""

    viewer = strawberry.field(
        resolver=resolvers.operators.viewer,
        graphql_type=Viewer | None,
        description="Who is signed in; null without a live session.",
    )
    schemes = strawberry.field(
        resolver=resolvers.schemes.seen,
        graphql_type=list[Scheme],
        description="The schemes that your grants reach, the newest first.",
    )
    scheme = strawberry.field(
        resolver=resolvers.schemes.one, graphql_type=Scheme | None, description="One scheme by id."
    )
    students = strawberry.field(
        resolver=resolvers.students.page,
        graphql_type=Connection[Student],
        description="The students in your scope that a filter matches.",
    )
    student = strawberry.field(
        resolver=resolvers.students.find,
        graphql_type=Student | None,
        description="One student of a scheme by any key; null if there is none in your scope.",
    )
    counts = strawberry.field(
        resolver=resolvers.students.counts,
        graphql_type=list[CheckpointCounts],
        description="应办理, 已通过, 未办理, 未通过 of every checkpoint, over matching students.",
    )
    job = strawberry.field(
        resolver=resolvers.jobs.one, graphql_type=Job | None, description="One job by id."
    )
    jobs = strawberry.field(
        resolver=resolvers.jobs.page,
        graphql_type=Connection[Job],
        description="Your jobs, the newest first; an administrator's list has everybody's.",
    )
    node = strawberry.field(
        resolver=resolvers.nodes.one,
        graphql_type=Node | None,
        description="Anything with an id; null if there is no such thing in your scope.",
    )
    nodes = strawberry.field(
        resolver=resolvers.nodes.many,
        graphql_type=list[Node | None],
        description="The same for up to 100 ids, in their order.",
    )
