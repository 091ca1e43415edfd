"""Plans answer what graphql-core answers, byte by byte, whatever is asked and whoever asks."""

from collections.abc import Iterator
from random import Random
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY

from domain import ids
from domain.ids import Noun
from tests.client import Client
from tests.schema.configuring import SignIn
from tests.schema.plans.documents import Document, Names
from tests.world import World

DOCUMENTS = 60
PEOPLE = ("admin", "department", "affairs", "affairs-geology", "library")
# Every kind of value that a column has, nulls and moments without a fraction among them.
VARIETY = """
UPDATE students SET gender = CASE id % 3 WHEN 0 THEN 'MALE' WHEN 1 THEN 'FEMALE' END,
  entry_year = CASE id % 4 WHEN 0 THEN NULL ELSE 2018 + id % 4 END,
  major = CASE id % 3 WHEN 0 THEN NULL ELSE '专业' || id % 2 END,
  class_name = CASE id % 2 WHEN 0 THEN '"一班"\\' END, household_transfer = id % 2 = 0,
  number = CASE WHEN id = (SELECT max(id) FROM students) THEN NULL ELSE number END,
  id_number = CASE WHEN id = (SELECT min(id) FROM students) THEN NULL ELSE id_number END;
UPDATE clearances SET version = 1 + (student_id + checkpoint_id) % 5,
  remark = CASE checkpoint_id % 2 WHEN 0 THEN '' ELSE E'欠 "1" 本\\n书 \\\\ é' END,
  status = (ARRAY['PENDING', 'PASSED', 'REFUSED'])[1 + (student_id * checkpoint_id) % 3],
  decided_at = CASE (student_id + checkpoint_id) % 3 WHEN 0 THEN NULL
    WHEN 1 THEN timestamptz '2026-06-01 08:00:00+00'
    ELSE timestamptz '2026-06-01 08:00:00.120000+00' + student_id * interval '1 hour' END
"""


@pytest.fixture
def varied(world: World) -> World:
    """The world with rows of every kind."""
    with world.database.write() as session:
        session.execute(sa.text(VARIETY))
    return world


def names(world: World) -> Names:
    """Mostly what there is, at times what there is not."""
    scheme = ids.encode(Noun.SCHEME, world.scheme_id)
    checkpoints = [ids.encode(Noun.CHECKPOINT, each) for each in world.checkpoints.values()]
    departments = [ids.encode(Noun.DEPARTMENT, each) for each in world.departments.values()]
    students = [ids.encode(Noun.STUDENT, each) for each in world.students.values()]

    def where(random: Random) -> dict[str, Any]:
        chosen = {"scheme": scheme if random.random() < 0.95 else ids.encode(Noun.SCHEME, 99)}
        filters = {
            "departments": random.sample(departments, random.randint(0, len(departments))),
            "namePrefix": random.choice("张李周欧"),
            "genders": random.sample(["MALE", "FEMALE"], random.randint(1, 2)),
            "majors": random.sample(["专业0", "专业1", ""], random.randint(1, 3)),
            "statusAt": [{"checkpoint": random.choice(checkpoints), "statuses": ["PASSED"]}],
            "onlyMissing": random.choice([*checkpoints, ids.encode(Noun.CHECKPOINT, 999_999)]),
            "allClear": random.random() < 0.5,
            "numbers": ["2020010101", "2020020102 ", "nobody"],
            "changedSince": "2026-06-01T08:00:00Z",
            "decidedBy": ids.encode(Noun.JOB, 1),
        }
        few = random.sample(list(filters), random.choice((0, 0, 0, 1, 1, 2)))
        return chosen | {name: filters[name] for name in few}

    def key(random: Random) -> dict[str, str]:
        return random.choice(
            [
                {"id": random.choice(students)},
                {"number": "２０２００１０１０１"},
                {"number": "nobody"},
            ]
        )

    return Names(
        {
            "where": where,
            "EntryFilter": lambda _: {"scheme": scheme},
            "scheme": lambda _: scheme,
            "key": key,
            "first": lambda random: random.choice((1, 2, 3, 10, 100, 100, 101)),
            "last": lambda random: random.choice((None, None, None, None, 2)),
            "checkpoint": lambda random: random.choice(checkpoints),
            "StudentOrder": lambda random: random.choice(
                ["NUMBER_DESC", "NAME_ASC", "CLASS_DESC", "CHANGED_ASC", "CHANGED_DESC"]
            ),
            "[ClearanceStatus!]": lambda random: random.sample(["PASSED", "PENDING"], 1),
        }
    )


def planned() -> float:
    """How many queries were answered by a plan."""
    return REGISTRY.get_sample_value("lixiao_queries_total", {"by": "plan", "reason": ""}) or 0.0


def comparable(answer: dict[str, Any]) -> bytes:
    """Everything but the field beside and where an error stands in the text."""
    (answer.get("data") or {}).pop("__schema", None)
    for error in answer.get("errors", ()):
        error.pop("locations", None)
    return orjson.dumps(answer)


@pytest.mark.parametrize("seed", range(10))
def test_a_plan_answers_like_graphql_core(seed: int, varied: World, sign_in: SignIn) -> None:
    random, before = Random(seed), planned()  # noqa: S311 -- repeatable
    clients = [sign_in(login) for login in PEOPLE]
    known = names(varied)
    for _ in range(DOCUMENTS):
        document, client = Document(random, known).grow(), random.choice(clients)
        answer, told = _both(client, document)
        assert comparable(answer) == comparable(told), (document.text, document.variables)
    assert planned() - before > DOCUMENTS / 3


def _both(client: Client, document: Document) -> Iterator[dict[str, Any]]:
    for text in (document.text, document.beside):
        yield client.execute(text, **document.variables)
