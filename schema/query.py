"""Every query, as a table of contents."""

import strawberry

import resolvers.clearances
import resolvers.configuration
import resolvers.enrolment
import resolvers.feeds
import resolvers.hand_outs
import resolvers.hiring
import resolvers.history
import resolvers.jobs
import resolvers.matrix
import resolvers.me
import resolvers.nodes
import resolvers.operators
import resolvers.schemes
import resolvers.statistics
import resolvers.students
import resolvers.synonyms
import resolvers.waivers
from schema.configuration import ApplicabilityPreview
from schema.feed import Feed
from schema.hand_out import HandOut
from schema.hiring import Deciders
from schema.history import Entry
from schema.job import Job
from schema.matrix import Matrix
from schema.me import Me
from schema.node import Node
from schema.operator import Operator, Viewer
from schema.paging import Connection
from schema.scheme import Department, Scheme
from schema.statistics import CheckpointCounts, CheckpointDays, GroupCounts, OperatorCounts
from schema.student import Clearance, Student
from schema.student_change import StudentChange
from schema.synonym import Synonym
from schema.waiver import Waiver


@strawberry.type(description="Reading. One operation reads one state of the database.")
class Query:
    """The queries."""

    viewer = strawberry.field(
        resolver=resolvers.operators.viewer,
        graphql_type=Viewer | None,
        description="Which operator is signed in; null without a live session of one.",
    )
    me = strawberry.field(
        resolver=resolvers.me.me,
        graphql_type=Me | None,
        description="For students: your own way out; null without a live session of a student. It"
        " is all that a student can read.",
    )
    schemes = strawberry.field(
        resolver=resolvers.schemes.seen,
        graphql_type=list[Scheme],
        description="The schemes that your grants reach, the newest first.",
    )
    departments = strawberry.field(
        resolver=resolvers.configuration.departments,
        graphql_type=Connection[Department],
        description="All departments by name, for administrators of any scheme.",
    )
    applicability_preview = strawberry.field(
        resolver=resolvers.configuration.preview,
        graphql_type=ApplicabilityPreview,
        description="What `setApplicability` with this rule would turn now, and for whom; for"
        " administrators of the scheme.",
    )
    scheme = strawberry.field(
        resolver=resolvers.schemes.one, graphql_type=Scheme | None, description="One scheme by id."
    )
    students = strawberry.field(
        resolver=resolvers.students.page,
        graphql_type=Connection[Student],
        description="The students in your scope that a filter matches.",
    )
    matrix = strawberry.field(
        resolver=resolvers.matrix.matching,
        graphql_type=Matrix,
        description="The same in a compact form, with a column for every checkpoint.",
    )
    clearances = strawberry.field(
        resolver=resolvers.clearances.page,
        graphql_type=Connection[Clearance],
        description="各环节信息数据: the list behind each number of the statistics.",
    )
    archived_students = strawberry.field(
        resolver=resolvers.enrolment.archived,
        graphql_type=Connection[Student],
        description="Archived students, who are in no other list, for administrators of the"
        " scheme.",
    )
    student_changes = strawberry.field(
        resolver=resolvers.enrolment.changes,
        graphql_type=Connection[StudentChange],
        description="Every change of students' data, the newest first, for administrators of the"
        " scheme.",
    )
    student = strawberry.field(
        resolver=resolvers.students.find,
        graphql_type=Student | None,
        description="One student of a scheme by any key; null if there is none in your scope.",
    )
    counts = strawberry.field(
        resolver=resolvers.statistics.counts,
        graphql_type=list[CheckpointCounts],
        description="应办理, 已通过, 未办理, 未通过 of every checkpoint, over matching students.",
    )
    counts_by = strawberry.field(
        resolver=resolvers.statistics.counts_by,
        graphql_type=list[GroupCounts],
        description="The same for every group of the matching students, by label, those without one"
        " last. LIMIT_EXCEEDED beyond 5,000 numbers (groups x checkpoints): narrow the filter, or"
        " ask for one checkpoint.",
    )
    counts_by_day = strawberry.field(
        resolver=resolvers.statistics.counts_by_day,
        graphql_type=list[CheckpointDays],
        description="The same for every day of a span, as a chart draws it; for the list behind a"
        " number of changes ask `entries` with `students`. INVALID_INPUT for a span that ends"
        " before it begins, LIMIT_EXCEEDED beyond 400 days.",
    )
    counts_by_operator = strawberry.field(
        resolver=resolvers.statistics.counts_by_operator,
        graphql_type=list[OperatorCounts],
        description="Who changed how many clearances of the matching students to which status, by"
        " name; for the list behind a number ask `entries` with `students` and the operator.",
    )
    entries = strawberry.field(
        resolver=resolvers.history.page,
        graphql_type=Connection[Entry],
        description="The history (办理记录): every change of the clearances of students in your"
        " scope, the newest first. Archived students are outside of it, as of every list; it is all"
        " there again once they are active.",
    )
    job = strawberry.field(
        resolver=resolvers.jobs.one, graphql_type=Job | None, description="One job by id."
    )
    jobs = strawberry.field(
        resolver=resolvers.jobs.page,
        graphql_type=Connection[Job],
        description="Your jobs, the newest first; an administrator's list has everybody's.",
    )
    waivers = strawberry.field(
        resolver=resolvers.waivers.page,
        graphql_type=Connection[Waiver],
        description="The waivers (免办) of students in your scope, the newest first.",
    )
    hand_outs = strawberry.field(
        resolver=resolvers.hand_outs.page,
        graphql_type=Connection[HandOut],
        description="What was handed out to students in your scope (发放记录), revoked ones too,"
        " the newest first. Who may receive or has received: `students` with `mayReceive`,"
        " `hasReceived`.",
    )
    operators = strawberry.field(
        resolver=resolvers.hiring.page,
        graphql_type=Connection[Operator],
        description="For administrators: the people with a grant in the schemes that you"
        " administer, by login; of all schemes, everybody. For machines ask `feeds`.",
    )
    feeds = strawberry.field(
        resolver=resolvers.feeds.of_scheme,
        graphql_type=list[Feed],
        description="The feeds of the checkpoints of a scheme where you may decide, by name; for"
        " its administrators all.",
    )
    deciders = strawberry.field(
        resolver=resolvers.hiring.who_decides,
        graphql_type=list[Deciders],
        description="For administrators of a scheme: who may decide at each checkpoint, in order,"
        " and the departments that nobody serves there.",
    )
    synonyms = strawberry.field(
        resolver=resolvers.synonyms.listed,
        graphql_type=list[Synonym],
        description="Every word that is understood in files, by what it means.",
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
