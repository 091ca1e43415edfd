"""Every mutation, as a table of contents. Each answers what it did, or Refused."""

from typing import Annotated

import strawberry

from resolvers import decisions, jobs, operators, students
from schema.errors import Refused
from schema.job import Job
from schema.operator import SignedIn, Viewer
from schema.student import Clearance, IdNumber

SignInResult = Annotated[
    SignedIn | Refused, strawberry.union("SignInResult", description="A session, or why not.")
]
SignOutResult = Annotated[
    Viewer | Refused, strawberry.union("SignOutResult", description="Who signed out, or why not.")
]
DecideResult = Annotated[
    Clearance | Refused,
    strawberry.union("DecideResult", description="The clearance as it is now, or why not."),
]
JobResult = Annotated[
    Job | Refused, strawberry.union("JobResult", description="The job, or why there is none.")
]
RevealResult = Annotated[
    IdNumber | Refused,
    strawberry.union("RevealResult", description="The full number, or why not."),
]


@strawberry.type(description="Writing. Every mutation is one transaction.")
class Mutation:
    """The mutations."""

    sign_in = strawberry.mutation(
        resolver=operators.sign_in,
        graphql_type=SignInResult,
        description="Sign in with a password: SIGN_IN_FAILED, RATE_LIMITED after five failures.",
    )
    sign_out = strawberry.mutation(
        resolver=operators.sign_out,
        graphql_type=SignOutResult,
        description="End this session; its token is worth nothing any more.",
    )
    decide = strawberry.mutation(
        resolver=decisions.decide,
        graphql_type=DecideResult,
        description="Pass, refuse or reset one student at one checkpoint: STALE_STATE if it is no"
        " longer at `expectedVersion`.",
    )
    decide_many = strawberry.mutation(
        resolver=decisions.decide_many,
        graphql_type=JobResult,
        description="The same act for many students in one transaction; answers the finished job"
        " with a row for each.",
    )
    start_import = strawberry.mutation(
        resolver=jobs.start_import,
        graphql_type=JobResult,
        description="Import decisions from an uploaded workbook; answers the queued job.",
    )
    start_export = strawberry.mutation(
        resolver=jobs.start_export,
        graphql_type=JobResult,
        description="Export students as a workbook; answers the queued job.",
    )
    cancel_job = strawberry.mutation(
        resolver=jobs.cancel,
        graphql_type=JobResult,
        description="Ask a job to stop: what was done stays, the other rows are UNPROCESSED.",
    )
    reveal_id_number = strawberry.mutation(
        resolver=students.reveal_id_number,
        graphql_type=RevealResult,
        description="Show one full ID number to those with the right; leaves an access line.",
    )
