"""Somebody uploads one crooked file after the other; the office goes on working."""

import sqlalchemy as sa

from domain.ids import PublicId
from models import Clearance, Entry
from tests import crooked
from tests.client import Client
from tests.journeys.house import House
from tests.world import LIBRARY, World

CHOSEN = {
    "a zip bomb": "FILE_TOO_LARGE FILE_HOSTILE",
    "entries that overlap": "FILE_DAMAGED FILE_TOO_LARGE FILE_HOSTILE NOT_A_WORKBOOK",
    "a far cell": "FILE_TOO_LARGE FILE_HOSTILE",
    "an external entity": "FILE_HOSTILE",
    "a billion laughs": "FILE_HOSTILE",
    "encrypted parts": "FILE_ENCRYPTED",
    "cut in the middle": "FILE_DAMAGED NOT_A_WORKBOOK",
    "a way out of the archive": "FILE_HOSTILE",
    "a picture": "NOT_A_WORKBOOK",
    "nothing": "NOT_A_WORKBOOK",
    "a page of a million tables": "FILE_HOSTILE",
}


def state(world: World) -> list[object]:
    """Everybody's clearances, and how many entries there are."""
    with world.database.write() as session:
        columns = (Clearance.student_id, Clearance.checkpoint_id, Clearance.version)
        rows = session.execute(sa.select(*columns).order_by(*columns)).all()
        return [*rows, session.scalars(sa.select(sa.func.count()).select_from(Entry)).one()]


def test_crooked_files_end_with_their_codes_and_the_worker_lives_on(
    house: House, world: World
) -> None:
    worker = house.start_worker()
    before = state(world)
    with Client(house.start_web(), world.token("library")) as client:
        client.run_import(b"", world.checkpoint(LIBRARY))
        processes = {each.pid for each in worker.members()}
        for name, codes in CHOSEN.items():
            make, _ = crooked.FILES[name]
            job = client.run_import(make(), world.checkpoint(LIBRARY))
            assert (job["status"], job["rows"]["nodes"], job["files"]) == ("FAILED", [], []), name
            assert job["problem"]["code"] in codes.split(), name
            assert job["problem"]["message"].endswith("。"), name
        assert state(world) == before
        done = client.run_import(crooked.honest(), PublicId(world.checkpoint(LIBRARY)))
        assert (done["status"], done["applied"]) == ("FINISHED", 1)
    assert {each.pid for each in worker.members()} == processes
