"""Feeds (系统对接), their tokens, and what they send."""

import datetime as dt
from typing import Annotated, Any

import strawberry

import models
from domain.feeding import feeds as domain_feeds
from domain.feeding import sending, tokens
from domain.ids import PublicId
from resolvers import feeds
from schema.errors import Refused
from schema.inputs import name_input
from schema.node import Node
from schema.operator import Operator
from schema.scheme import Checkpoint

_PERCENT = "Held beyond this share of the passed students, 0-100 %"
_COUNT = "Held beyond this number of students, and the share"
_HOURS = "What was turned away within so many hours is counted together, 1-8,760"
NewFeed = name_input(
    domain_feeds.NewFeed,
    "A system that is to decide at one checkpoint.",
    name="Its name, 1-100 characters; unique, and told in the history.",
    checkpoint="Where it decides, for all departments.",
    brake_percent=f"{_PERCENT}.",
    brake_count=f"{_COUNT}.",
    brake_hours=f"{_HOURS}.",
)
FeedEdit = name_input(
    domain_feeds.FeedEdit,
    "What becomes different of a feed.",
    name="Its name; null: as it is.",
    brake_percent=f"{_PERCENT}; null: as it is.",
    brake_count=f"{_COUNT}; null: as it is.",
    brake_hours=f"{_HOURS}; null: as it is.",
)
FeedRow = name_input(
    sending.FeedRow,
    "One student, and what is decided.",
    number="学号; spaces, full width and letter case do not matter.",
    act="What.",
    remark="备注, at most 500 characters; empty keeps the old one while the status stays.",
)


@strawberry.type(description="A token of a feed; the token itself is shown only when it is issued.")
class FeedToken(Node):
    """GraphQL face of models.FeedToken."""

    id = strawberry.field(
        resolver=feeds.token_id, graphql_type=PublicId, description="Opaque and stable."
    )
    created_at: dt.datetime = strawberry.field(description="In UTC.")
    created_by = strawberry.field(
        resolver=feeds.created_by, graphql_type=Operator | None, description="Who issued it."
    )
    expires_at: dt.datetime = strawberry.field(description="Worth nothing from then on, in UTC.")
    last_used_at: dt.datetime | None = strawberry.field(
        description="Its last use, to the minute, in UTC; null if never."
    )
    revoked_at: dt.datetime | None = strawberry.field(description="In UTC; null if it was not.")
    revoked_by = strawberry.field(
        resolver=feeds.revoked_by,
        graphql_type=Operator | None,
        description="Who revoked it; null if nobody has.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.FeedToken)


@strawberry.type(
    description="A system such as the library's (系统对接), which decides at one checkpoint with"
    " `sendFeed`; whoever decides there sees it."
)
class Feed(Node):
    """GraphQL face of models.Feed."""

    id = strawberry.field(
        resolver=feeds.feed_id, graphql_type=PublicId, description="Opaque and stable."
    )
    name: str = strawberry.field(description="Unique; the history tells it as who decided.")
    checkpoint = strawberry.field(
        resolver=feeds.checkpoint, graphql_type=Checkpoint, description="Where it decides."
    )
    operator = strawberry.field(
        resolver=feeds.account,
        graphql_type=Operator,
        description="The account it decides as; nobody signs in with it.",
    )
    is_disabled = strawberry.field(
        resolver=feeds.is_disabled,
        graphql_type=bool,
        description="Its tokens are worth nothing meanwhile.",
    )
    brake_percent: int = strawberry.field(
        description="A call is HELD if more than this share of the passed students of the"
        " checkpoint (those turned away before included) would no longer be passed, and"
    )
    brake_count: int = strawberry.field(description="more than this number of them,")
    brake_hours: int = strawberry.field(
        description="counting whom its calls of the last so many hours turned away and who are"
        " still not passed. What an administrator released is not counted."
    )
    created_at: dt.datetime = strawberry.field(description="In UTC.")
    created_by = strawberry.field(
        resolver=feeds.created_by, graphql_type=Operator | None, description="Who set it up."
    )
    tokens = strawberry.field(
        resolver=feeds.of_feed, graphql_type=list[FeedToken], description="The newest first."
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.Feed)


@strawberry.type(description="A token that was just issued.")
class NewFeedToken:
    """GraphQL face of domain.feeding.tokens.NewToken."""

    token: str = strawberry.field(
        description="Shown only here. The feed sends it as `Authorization: Bearer …`."
    )
    feed_token: FeedToken = strawberry.field(description="What is told of it from now on.")

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """A new token."""
        return isinstance(value, tokens.NewToken)


FeedResult = Annotated[
    Feed | Refused, strawberry.union("FeedResult", description="The feed as it is now, or why not.")
]
FeedTokenResult = Annotated[
    FeedToken | Refused,
    strawberry.union("FeedTokenResult", description="The token as it is now, or why not."),
]
NewFeedTokenResult = Annotated[
    NewFeedToken | Refused,
    strawberry.union("NewFeedTokenResult", description="The new token, or why there is none."),
]
