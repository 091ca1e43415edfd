"""Documents about students one by one, and what stands in the tables afterwards."""

from typing import Any

from tests.client import Client
from tests.world import MARX, World

FIELDS = """
  id status number candidateNumber idNumber name gender entryYear cohort trainingLevel category
  major className householdTransfer dormitory department { name }
  changes(first: 20) { totalCount nodes { field old new rowNumber operator { login } job { id } } }
"""
ANSWER = (
    f"... on Student {{ {FIELDS} }} ... on Refused {{ code message path facts {{ name value }} }}"
)
DOCUMENTS = {
    "createStudent": f"""mutation($scheme: ID!, $input: StudentInput!) {{
      createStudent(scheme: $scheme, input: $input) {{ {ANSWER} }} }}""",
    "updateStudent": f"""mutation($student: ID!, $input: StudentEdit!, $clear: [StudentField!]) {{
      updateStudent(student: $student, input: $input, clear: $clear) {{ {ANSWER} }} }}""",
    "archiveStudent": f"""mutation($student: ID!) {{
      archiveStudent(student: $student) {{ {ANSWER} }} }}""",
    "restoreStudent": f"""mutation($student: ID!) {{
      restoreStudent(student: $student) {{ {ANSWER} }} }}""",
}
LISTED = """
query($scheme: ID!) {
  students(where: {scheme: $scheme}, first: 50) { nodes { number } }
  archivedStudents(scheme: $scheme, first: 50) { totalCount nodes { number name status } }
}
"""
LINES = """
query($scheme: ID!, $student: ID, $fields: [StudentField!], $operator: ID, $first: Int = 50,
      $after: String) {
  studentChanges(scheme: $scheme, student: $student, fields: $fields, operator: $operator,
                 first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { at field old new student { number name } operator { login } job { id } }
  }
}
"""

NEW = {"name": " 新\u200b 生 ", "cohort": "UNDERGRADUATE", "number": "２０２０ 990001"}
NO_TRANSFER = {"not_for": {"household_transfer": False}}


def new(world: World, **fields: Any) -> dict[str, Any]:
    """Variables of createStudent."""
    return {"scheme": world.scheme, "input": NEW | {"department": world.department(MARX)} | fields}


def act(client: Client, field: str, **variables: Any) -> Any:
    """What a mutation answers: the student, or why not."""
    return client.query(DOCUMENTS[field], **variables)[field]


def told(student: Any) -> list[tuple[str, str, str]]:
    """The lines below an answered student, the newest first."""
    return [(each["field"], each["old"], each["new"]) for each in student["changes"]["nodes"]]
