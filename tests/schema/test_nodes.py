"""`node` and `nodes` over HTTP: an id leads back to its row, inside the scope."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from domain import ids, operators
from domain.certifying import certificates
from domain.feeding import feeds, tokens
from domain.feeding.feeds import NewFeed
from domain.ids import Noun, PublicId
from models import HandOut, HandOutKind, Receiver
from tests.client import Client
from tests.schema.handing import clear
from tests.schema.test_batches import decide_many
from tests.schema.test_waivers import request
from tests.world import LIBRARY, MARX, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
NODES = """
query($ids: [ID!]!) { nodes(ids: $ids) {
  id ... on Student { number department { name } } ... on Clearance { status student { number } }
} }
"""


def certificate(world: World, number: str) -> str:
    clear(world, number)
    with world.database.write() as session:
        issued = certificates.issue(session, world.students[number], None)
        return ids.encode(Noun.CLEARANCE_CERTIFICATE, issued.id)


def every_kind(client: Client, world: World) -> dict[str, str]:
    """One id of each kind, all of 2020010101's or of one's own."""
    job = decide_many(client, world, {"numbers": ["2020010101"]})["id"]
    parsed = ids.parse(job)
    assert parsed
    return {
        "Scheme": world.scheme,
        "Department": world.department(MARX),
        "Checkpoint": world.checkpoint(LIBRARY),
        "Student": world.student("2020010101"),
        "Clearance": world.clearance("2020010101", LIBRARY),
        "Waiver": request(client, world, student=world.student("2020010102"))["id"],
        "HandOut": hand_out(world),
        "ClearanceCertificate": certificate(world, "2020010103"),
        "Operator": ids.encode(Noun.OPERATOR, world.people["library"]),
        "Grant": ids.encode(Noun.GRANT, world.operator("library").grants[0].id),
        "Job": job,
        "JobRow": ids.encode(Noun.JOB_ROW, *parsed[1], 1),
        "File": client.upload(b"anything"),
        **feed_and_token(world),
    }


def feed_and_token(world: World) -> dict[str, str]:
    """Of the library."""
    with world.database.write() as session:
        asker = operators.load(session, world.people["admin"])
        new = NewFeed("图书馆系统", PublicId(world.checkpoint(LIBRARY)))
        feed = ids.encode(Noun.FEED, feeds.create(session, asker, new).id)
        token = tokens.issue(session, asker, feed, 1).feed_token
        return {"Feed": feed, "FeedToken": ids.encode(Noun.FEED_TOKEN, token.id)}


def hand_out(world: World) -> str:
    """Something that was handed out to 2020010103."""
    number = "2020010103"
    clear(world, number)
    with world.database.write() as session:
        made = HandOut(
            scheme_id=world.scheme_id,
            student_id=world.students[number],
            kind=HandOutKind.GRADUATION_MATERIALS,
            receiver=Receiver.IN_PERSON,
            handed_out_at=dt.datetime.now(dt.UTC),
            operator_id=world.people["department"],
        )
        session.add(made)
        session.flush()
        return ids.encode(Noun.HAND_OUT, made.id)


def test_an_id_of_every_kind_leads_back_to_its_row(world: World, sign_in: SignIn) -> None:
    client = sign_in("library")
    found = every_kind(client, world)
    assert set(found) == set(Noun)
    for kind, public_id in found.items():
        assert client.query(NODE, id=public_id) == {"node": {"__typename": kind, "id": public_id}}


def test_what_is_out_of_sight_is_null(world: World, sign_in: SignIn) -> None:
    found = every_kind(sign_in("library"), world)
    seen = {
        kind
        for kind, public_id in found.items()
        if sign_in("affairs-geology").query(NODE, id=public_id)["node"]
    }
    assert seen == {"Scheme", "Checkpoint"}


NOTHING = [
    "",
    "garbage",
    "密",
    ids.encode(Noun.STUDENT, 999_999),
    ids.encode(Noun.STUDENT, 2**63),
    ids.encode(Noun.STUDENT, -1),
    ids.encode(Noun.STUDENT, 1, 1),
    ids.encode(Noun.CLEARANCE, 1),
    ids.encode(Noun.CLEARANCE, 1, 2**62),
    ids.encode(Noun.JOB_ROW, 1, 2**40),
]


def test_an_id_of_nothing_is_null(world: World, sign_in: SignIn) -> None:
    client = sign_in("admin")
    assert [client.query(NODE, id=each)["node"] for each in NOTHING] == [None] * len(NOTHING)
    assert client.query(NODES, ids=NOTHING) == {"nodes": [None] * len(NOTHING)}


def test_nodes_answer_in_the_order_of_their_ids(world: World, sign_in: SignIn) -> None:
    first, second = world.student("2020010102"), world.clearance("2020010101", LIBRARY)
    asked = [second, "garbage", first, world.student("2020020101"), first]
    student = {"id": first, "number": "2020010102", "department": {"name": MARX}}
    clearance = {"id": second, "status": "PENDING", "student": {"number": "2020010101"}}
    answer = sign_in("affairs").query(NODES, ids=asked)
    assert answer == {"nodes": [clearance, None, student, None, student]}


def test_at_most_100_nodes_are_asked_for(
    world: World, sign_in: SignIn, statements: Statements
) -> None:
    numbers = world.add_students(100)
    client = sign_in("admin")
    asked = [world.student(number) for number in numbers]

    def cost(public_ids: list[str]) -> tuple[int, list[Any]]:
        with statements() as seen:
            found = client.query(NODES, ids=public_ids)["nodes"]
        return len(seen), [each["id"] for each in found]

    few, many = cost(asked[:3]), cost(asked)
    assert (few[1], many[1]) == (asked[:3], asked)
    assert few[0] == many[0]
    answer = client.execute(NODES, ids=[*asked, asked[0]])
    facts = {"name": "ids", "limit": "100", "value": "101"}
    assert answer["errors"][0]["extensions"] == {"code": "LIMIT_EXCEEDED", "facts": facts}
