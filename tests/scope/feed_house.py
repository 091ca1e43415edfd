"""A feed in each scheme of the house, with a token and a job that is held."""

import datetime as dt

import sqlalchemy as sa

from domain import ids, job_rows
from domain.feeding import tokens
from domain.ids import Noun
from models import FEED_LOGIN, Act, Feed, FeedToken, Grant, Job, JobKind, JobStatus, Operator, Role
from models.database import Database

NUMBER = "2020010101"
PLACES = (("", "@student"), ("other-", "@outsider"))


def furnish(database: Database, known: dict[str, str], people: dict[str, int]) -> str:
    """Names @feed, @feed-token and @held-job, and those of the other scheme; the first one's
    token."""
    token = ""
    for prefix, student in PLACES:
        scheme_id = ids.decode(known[f"@{prefix}scheme"], Noun.SCHEME)
        checkpoint_id = ids.decode(known[f"@{prefix}checkpoint"], Noun.CHECKPOINT)
        with database.write() as session:
            account = Operator(login=f"{FEED_LOGIN}{prefix}house", name=f"{prefix}系统")
            session.add(account)
            session.flush()
            place = {"scheme_id": scheme_id, "checkpoint_id": checkpoint_id}
            feed = Feed(
                **place, name=account.name, operator_id=account.id, created_by=people["admin"]
            )
            grant = Grant(operator_id=account.id, role=Role.CHECKPOINT_OPERATOR, **place)
            job = Job(
                **place, kind=JobKind.FEED, status=JobStatus.HELD, operator_id=account.id, total=1
            )
            session.add_all([feed, grant, job])
            session.flush()
            student_id = ids.decode(known[student], Noun.STUDENT)
            row = (job.id, 1, [NUMBER, "未通过", ""], NUMBER, "", student_id, Act.REFUSE, "")
            job_rows.insert(session, [(*row, None, None, [])])
            issued = _issue(feed, people["admin"])
            session.add(issued.feed_token)
            session.flush()
            known |= {
                f"@{prefix}feed": ids.encode(Noun.FEED, feed.id),
                f"@{prefix}feed-token": ids.encode(Noun.FEED_TOKEN, issued.feed_token.id),
                f"@{prefix}held-job": ids.encode(Noun.JOB, job.id),
            }
            token = token or issued.token
    return token


def _issue(feed: Feed, by: int) -> tokens.NewToken:
    """Without an administrator of the other scheme: nobody in the house is one."""
    token = f"{tokens.PREFIX}{feed.id}-of-the-house"
    row = FeedToken(
        feed_id=feed.id,
        token_hash=tokens.hashed(token),
        created_by=by,
        # So that reading as the feed changes nothing.
        last_used_at=sa.func.now(),
        expires_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=1),
    )
    return tokens.NewToken(token, row)
