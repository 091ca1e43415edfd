"""What is wrong with rows and files."""

import strawberry

from domain.errors import Code
from resolvers import job_rows
from schema.errors import Fact


@strawberry.type(description="One thing wrong with a row, or with a whole file.")
class Problem:
    """A stored problem: code, place, original text, facts."""

    code = strawberry.field(
        resolver=job_rows.problem_code, graphql_type=Code, description="Stable."
    )
    column = strawberry.field(
        resolver=job_rows.problem_column,
        graphql_type=str | None,
        description="The letter of the column; null if it is about the whole row.",
    )
    value = strawberry.field(
        resolver=job_rows.problem_value,
        graphql_type=str,
        description="The original text, after 499 characters cut with …; whole in `cells`.",
    )
    message = strawberry.field(
        resolver=job_rows.problem_message,
        graphql_type=str,
        description="What is wrong and what to do, in the language of `Accept-Language`.",
    )
    facts = strawberry.field(
        resolver=job_rows.problem_facts,
        graphql_type=list[Fact],
        description="What the message is made of.",
    )
