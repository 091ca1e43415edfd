"""What each kind of person is answered: feeds, their tokens, their held jobs."""

from typing import Any

from tests.scope.lines import Attempt, Line, Side

IN, OUT, OWN = Side.INSIDE, Side.OUTSIDE, Side.OWN
#         admin affairs geology library department elsewhere ungranted nobody
MAY = "ok FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED"
ADMINISTRATOR = "ok FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND UNAUTHENTICATED"
OUTSIDE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND FORBIDDEN NOT_FOUND UNAUTHENTICATED"
NOWHERE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED"
ALONE = NOWHERE.replace("NOT_FOUND", "ok", 1)
FEED = "{ ... on Feed { name tokens { id } } ... on Refused { code message } }"
JOB = "{ ... on Job { status } ... on Refused { code message } }"
CREATE = f"mutation($input: NewFeed!) {{ createFeed(input: $input) {FEED} }}"
EDIT = f"mutation($feed: ID!, $input: FeedEdit!) {{ editFeed(feed: $feed, input: $input) {FEED} }}"
ISSUE = """mutation($feed: ID!) { issueFeedToken(feed: $feed, days: 1) {
    ... on NewFeedToken { feedToken { id } } ... on Refused { code message } } }"""
REVOKE = """mutation($token: ID!) { revokeFeedToken(token: $token) {
    ... on FeedToken { id } ... on Refused { code message } } }"""
SEND = """mutation($rows: [FeedRow!]!) { sendFeed(rows: $rows) {
    ... on Job { id } ... on Refused { code message } } }"""
ROWS = [{"number": "2020010102", "act": "REFUSE", "remark": "缺表"}]


def _of_feed(field: str) -> str:
    return f"mutation($feed: ID!) {{ {field}(feed: $feed) {FEED} }}"


def _of_job(field: str) -> str:
    return f"mutation($job: ID!) {{ {field}(job: $job) {JOB} }}"


def _about_feed(field: str, request: str, **more: object) -> Line:
    return Line(f"Mutation.{field}", request, (
        Attempt(IN, "the feed of a checkpoint", MAY, {"feed": "@feed", **more}),
        Attempt(OUT, "one of the other scheme", OUTSIDE, {"feed": "@other-feed", **more}),
        Attempt(OUT, "what is no feed", NOWHERE, {"feed": "@student", **more}),
    ))  # fmt: skip


def _about_job(field: str) -> Line:
    not_held = ALONE.replace("ok NOT_FOUND", "JOB_NOT_HELD FORBIDDEN")
    return Line(f"Mutation.{field}", _of_job(field), (
        Attempt(IN, "a job that is not held", not_held, {"job": "@job"}),
        Attempt(IN, "a job that is held", ALONE, {"job": "@held-job"}),
        Attempt(OUT, "one of the other scheme", NOWHERE, {"job": "@other-held-job"}),
    ))  # fmt: skip


# fmt: off
LINES: tuple[Line, ...] = (
    Line("Query.feeds", """query($scheme: ID!) { feeds(scheme: $scheme) {
        name checkpoint { title } operator { login } tokens { lastUsedAt } } }""",
    (
        Attempt(IN, "one's scheme", "1 1 1 0 0 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"scheme": "@scheme"}),
        Attempt(OUT, "the other scheme", OUTSIDE.replace("FORBIDDEN", "1"),
                {"scheme": "@other-scheme"}),
    )),
    Line("Mutation.createFeed", CREATE, (
        Attempt(IN, "at a checkpoint", ADMINISTRATOR,
                {"input": {"name": "学工系统", "checkpoint": "@checkpoint"}}),
        Attempt(OUT, "at one of the other scheme", OUTSIDE,
                {"input": {"name": "外来系统", "checkpoint": "@other-checkpoint"}}),
    )),
    _about_feed("editFeed", EDIT, input={"name": "新系统"}),
    _about_feed("disableFeed", _of_feed("disableFeed")),
    _about_feed("enableFeed", _of_feed("enableFeed")),
    _about_feed("issueFeedToken", ISSUE),
    Line("Mutation.revokeFeedToken", REVOKE, (
        Attempt(IN, "of the feed of a checkpoint", MAY, {"token": "@feed-token"}),
        Attempt(OUT, "of one of the other scheme", OUTSIDE, {"token": "@other-feed-token"}),
        Attempt(OUT, "what is no token", NOWHERE, {"token": "@feed"}),
    )),
    Line("Mutation.sendFeed", SEND, (
        Attempt(OWN, "as a person", "FORBIDDEN " * 7 + "UNAUTHENTICATED", {"rows": ROWS}),
    )),
    _about_job("releaseJob"),
    _about_job("dropJob"),
)
# fmt: on
REQUESTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (CREATE, {"input": {"name": "1", "checkpoint": "@checkpoint"}}),
    (EDIT, {"feed": "@feed", "input": {"name": "1"}}),
    (_of_feed("disableFeed"), {"feed": "@other-feed"}),
    (_of_feed("enableFeed"), {"feed": "@feed"}),
    (ISSUE, {"feed": "@other-feed"}),
    (REVOKE, {"token": "@other-feed-token"}),
    (_of_job("releaseJob"), {"job": "@other-held-job"}),
    (_of_job("dropJob"), {"job": "@other-held-job"}),
    ("query($scheme: ID!) { feeds(scheme: $scheme) { name } }", {"scheme": "@scheme"}),
)
