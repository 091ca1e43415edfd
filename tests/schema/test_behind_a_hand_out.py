"""What stays as it is behind a hand-out."""

from models import ClearanceStatus
from tests.client import Client
from tests.schema.configuring import REFUSED, SignIn, facts
from tests.schema.handing import DEGREE, NUMBER, OTHER, certificate, clear, give, received
from tests.world import LIBRARY, World

WAIVER = """mutation($student: ID!, $checkpoint: ID!) {
  requestWaiver(student: $student, checkpoint: $checkpoint, reason: "免") { ... on Waiver { id } }
}"""
CONFIRM = "mutation($id: ID!) { confirmWaiver(waiver: $id) { __typename } }"
WITHDRAW = f"""mutation($id: ID!) {{
  withdrawWaiver(waiver: $id) {{ ... on Waiver {{ status }} {REFUSED} }} }}"""


def test_a_waiver_stays_behind_a_hand_out(
    world: World, department: Client, admin: Client, sign_in: SignIn
) -> None:
    world.put(NUMBER, LIBRARY, ClearanceStatus.PENDING)
    place = {"student": world.student(NUMBER), "checkpoint": world.checkpoint(LIBRARY)}
    waiver = sign_in("library").query(WAIVER, **place)["requestWaiver"]["id"]
    admin.query(CONFIRM, id=waiver)
    give(department, world)
    refused = admin.query(WITHDRAW, id=waiver)["withdrawWaiver"]
    assert (refused["code"], facts(refused)) == ("HANDED_OUT", {"kinds": "GRADUATION_MATERIALS"})
    assert world.state(NUMBER, LIBRARY)[0] == "NOT_REQUIRED"


UNDO = "mutation($job: ID!) { undoJob(job: $job) { ... on Job { id } } }"
PASS = f"""mutation($checkpoint: ID!, $numbers: [String!]!) {{ decideMany(input: {{
    checkpoint: $checkpoint, act: PASS, select: {{numbers: $numbers}} }}) {{
  ... on Job {{ id applied }} {REFUSED} }} }}"""


def test_an_undo_of_a_batch_skips_who_has_received(
    world: World, department: Client, sign_in: SignIn, worker: None
) -> None:
    clear(world, NUMBER, OTHER)
    for number in (NUMBER, OTHER):
        world.put(number, LIBRARY, ClearanceStatus.PENDING)
    client = sign_in("library")
    numbers = [NUMBER, OTHER]
    batch = client.query(PASS, checkpoint=world.checkpoint(LIBRARY), numbers=numbers)["decideMany"]
    assert batch["applied"] == 2
    give(department, world, certificate("D1"))
    job = client.finished(client.query(UNDO, job=batch["id"])["undoJob"]["id"])
    told = {row["name"]: (row["outcome"], row["code"]) for row in job["rows"]["nodes"]}
    assert told == {"张思": ("FAILED", "HANDED_OUT"), "李思": ("APPLIED", None)}
    assert world.state(NUMBER, LIBRARY)[0] == "PASSED"
    assert world.state(OTHER, LIBRARY)[0] == "PENDING"
    assert [each["kind"] for each in received(department, world)["handOuts"]] == [DEGREE]
