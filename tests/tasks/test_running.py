"""How a worker keeps a job."""

import datetime as dt
import zoneinfo

import sqlalchemy as sa

from domain import exports, ids, jobs
from domain.exports import ExportRequest
from domain.ids import Noun
from domain.students import StudentFilter
from models import Job
from tasks import running
from tasks.app import Worker
from tests.journeys.house import wait_until
from tests.world import World


def test_the_lease_is_renewed_until_the_work_is_done_or_another_has_it(world: World) -> None:
    here = Worker(world.database, zoneinfo.ZoneInfo("Asia/Shanghai"), dt.timedelta(days=1))
    where = StudentFilter(ids.encode(Noun.SCHEME, world.scheme_id))
    with world.database.write() as session:
        job = exports.start(session, world.operator("library"), ExportRequest(where))
        claimed = jobs.claim(session, job.id)
    assert claimed

    def lease() -> dt.datetime | None:
        with world.database.write() as session:
            return session.get_one(Job, job.id).lease_until

    first = lease()
    with running.renewing(here, claimed):
        wait_until(lambda: lease() != first, 5)
        with world.database.write() as session:
            session.execute(sa.update(Job).values(token=2))
        last = lease()
        assert first
        assert last
        assert last > first
    assert lease() == last
