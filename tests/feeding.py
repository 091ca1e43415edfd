"""Feeds over HTTP: set up by an administrator, sending with their token."""

from collections.abc import Iterable
from typing import Any

from tests.client import Client
from tests.world import LIBRARY, World

REFUSED = "... on Refused { code message path facts { name value } }"
TOKENS = """tokens { id createdBy { login } expiresAt lastUsedAt revokedAt revokedBy { login } }"""
FEED = f"""id name isDisabled brakePercent brakeCount brakeHours checkpoint {{ title }}
  createdBy {{ login }} operator {{ login name isFeed }} {TOKENS}"""
FEEDS = f"query($scheme: ID!) {{ feeds(scheme: $scheme) {{ {FEED} }} }}"
CREATE = f"""mutation($input: NewFeed!) {{ createFeed(input: $input) {{
  ... on Feed {{ {FEED} }} {REFUSED} }} }}"""
EDIT = f"""mutation($feed: ID!, $input: FeedEdit!) {{ editFeed(feed: $feed, input: $input) {{
  ... on Feed {{ {FEED} }} {REFUSED} }} }}"""
ISSUE = f"""mutation($feed: ID!, $days: Int!) {{ issueFeedToken(feed: $feed, days: $days) {{
  ... on NewFeedToken {{ token feedToken {{ id expiresAt }} }} {REFUSED} }} }}"""
REVOKE = f"""mutation($token: ID!) {{ revokeFeedToken(token: $token) {{
  ... on FeedToken {{ id revokedAt revokedBy {{ login }} }} {REFUSED} }} }}"""
JOB = """id kind status total applied unchanged failed unprocessed problem { code message }
  rows(first: 100) { nodes { rowNumber cells key name act remark outcome code
    problems { code message } } }"""
SEND = f"""mutation($rows: [FeedRow!]!, $key: String) {{
  sendFeed(rows: $rows, idempotencyKey: $key) {{ ... on Job {{ {JOB} }} {REFUSED} }} }}"""
Row = tuple[str, str] | tuple[str, str, str]


def set_up(admin: Client, world: World, title: str = LIBRARY, **more: Any) -> str:
    """The id of a new feed at a checkpoint; the library's unless told otherwise."""
    asked = {"name": f"{title}系统", "checkpoint": world.checkpoint(title), **more}
    return str(admin.query(CREATE, input=asked)["createFeed"]["id"])


def issue(admin: Client, feed: str, days: int = 30) -> str:
    """A new token."""
    return str(admin.query(ISSUE, feed=feed, days=days)["issueFeedToken"]["token"])


def send(feed: Client, rows: Iterable[Row], key: str | None = None) -> Any:
    """The answer for rows of number, act and remark."""
    names = ("number", "act", "remark")
    given = [dict(zip(names, row, strict=False)) for row in rows]
    return feed.query(SEND, rows=given, key=key)["sendFeed"]


def all_of(act: str, numbers: Iterable[str], remark: str = "") -> list[Row]:
    """The same for many."""
    return [(number, act, remark) for number in numbers]


def outcomes(job: Any) -> list[tuple[str, str | None, str | None]]:
    """Number, outcome and code of each row."""
    return [(row["key"], row["outcome"], row["code"]) for row in job["rows"]["nodes"]]


def decide_held(admin: Client, field: str, job: str) -> Any:
    """The answer of releaseJob or dropJob."""
    document = f"""mutation($job: ID!) {{ {field}(job: $job) {{
      ... on Job {{ {JOB} releasedBy {{ login }} releasedAt }} {REFUSED} }} }}"""
    return admin.query(document, job=job)[field]
