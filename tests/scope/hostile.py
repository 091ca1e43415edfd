"""What a stranger may send: every text and id of the API, and what to put in their places."""

import base64
from typing import Any

WHERE = {
    "scheme": "@scheme",
    "numbers": ["2020010101"],
    "candidateNumbers": ["1"],
    "idNumbers": ["1"],
    "namePrefix": "张",
    "nameContains": "思",
    "departments": ["@marx"],
    "majors": ["1"],
    "classes": ["1"],
    "trainingLevels": ["1"],
    "categories": ["1"],
    "statusAt": [{"checkpoint": "@checkpoint", "statuses": ["PENDING"]}],
}
BATCH = """mutation($input: BatchRequest!) { decideMany(input: $input) {
    ... on Job { rows(first: 5) { nodes { key cells remark problems { message } } } }
    ... on Refused { code message } } }"""
STUDENT = "query($s: ID!, $k: StudentKey!) { student(scheme: $s, key: $k) { name } }"
SMALL = {"scheme": "@scheme", "idNumbers": ["1"]}
# Together they use every argument and every input field that takes a text or an id.
REQUESTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        """mutation($login: String!, $password: String!) {
          signIn(login: $login, password: $password) { ... on Refused { code message } } }""",
        {"login": "affairs", "password": "1"},
    ),
    (
        """mutation($student: ID!, $checkpoint: ID!, $remark: String) {
          decide(student: $student, checkpoint: $checkpoint, act: REFUSE, expectedVersion: 1,
                 remark: $remark) { ... on Clearance { remark } ... on Refused { code message } } }
        """,
        {"student": "@student", "checkpoint": "@library", "remark": "1"},
    ),
    (
        BATCH,
        {
            "input": {
                "checkpoint": "@checkpoint",
                "act": "REFUSE",
                "remark": "1",
                "select": {"ids": ["@student"]},
            }
        },
    ),
    (
        BATCH,
        {
            "input": {
                "checkpoint": "@checkpoint",
                "act": "REFUSE",
                "select": {"numbers": ["2020010101"]},
            }
        },
    ),
    (
        BATCH,
        {
            "input": {
                "checkpoint": "@checkpoint",
                "act": "REFUSE",
                "select": {
                    "filter": {
                        "where": SMALL,
                        "expectedCount": 0,
                        "asOf": "2026-06-01T00:00:00Z",
                        "exceptIds": ["@student"],
                    }
                },
            }
        },
    ),
    (
        """mutation($file: ID!, $checkpoint: ID!) { startImport(file: $file,
          checkpoint: $checkpoint) { ... on Refused { code message } } }""",
        {"file": "@other-result", "checkpoint": "@checkpoint"},
    ),
    (
        """mutation($where: StudentFilter!, $checkpoints: [ID!]) { startExport(where: $where,
          checkpoints: $checkpoints) { ... on Refused { code message } } }""",
        {"where": SMALL, "checkpoints": ["@checkpoint"]},
    ),
    (
        """mutation($where: StudentFilter!, $checkpoint: ID!) { startClearancesExport(where: $where,
          checkpoint: $checkpoint) { ... on Refused { code message } } }""",
        {"where": SMALL, "checkpoint": "@checkpoint"},
    ),
    (
        """mutation($where: StudentFilter!, $checkpoint: ID) { startCountsExport(where: $where,
          by: CLASS, checkpoint: $checkpoint) { ... on Refused { code message } } }""",
        {"where": SMALL, "checkpoint": "@checkpoint"},
    ),
    (
        """mutation($scheme: ID!) { startDecidersExport(scheme: $scheme) {
          ... on Refused { code message } } }""",
        {"scheme": "@scheme"},
    ),
    (
        """mutation($where: EntryFilter!) { startHistoryExport(where: $where) {
          ... on Refused { code message } } }""",
        {
            "where": {
                "scheme": "@scheme",
                "student": "@student",
                "checkpoint": "@checkpoint",
                "job": "@job",
                "students": {"scheme": "@scheme", "numbers": ["1"]},
            }
        },
    ),
    (
        """query($scheme: ID, $operator: ID) { jobs(first: 1, scheme: $scheme,
          operator: $operator) { totalCount } }""",
        {"scheme": "@scheme", "operator": "@operator"},
    ),
    (
        "mutation($job: ID!) { cancelJob(job: $job) { ... on Refused { code message } } }",
        {"job": "@job"},
    ),
    (
        """mutation($student: ID!, $reason: String!) { revealIdNumber(student: $student,
          reason: $reason) { ... on IdNumber { idNumber } ... on Refused { code message } } }""",
        {"student": "@student", "reason": "核对"},
    ),
    (
        """query($where: StudentFilter!, $after: String, $before: String) { students(where: $where,
          first: 1, after: $after, before: $before) { totalCount nodes { name } } }""",
        {"where": WHERE, "after": "@students-cursor", "before": "@students-cursor"},
    ),
    (STUDENT, {"s": "@scheme", "k": {"id": "@student"}}),
    (STUDENT, {"s": "@scheme", "k": {"number": "1"}}),
    (STUDENT, {"s": "@scheme", "k": {"candidateNumber": "1"}}),
    (STUDENT, {"s": "@scheme", "k": {"idNumber": "1"}}),
    ("query($where: StudentFilter!) { counts(where: $where) { due } }", {"where": SMALL}),
    (
        """query($id: ID!, $after: String, $before: String) { job(id: $id) { rows(first: 1,
          after: $after, before: $before) { totalCount nodes { name } } } }""",
        {"id": "@job", "after": "@rows-cursor", "before": "@rows-cursor"},
    ),
    (
        """query($after: String, $before: String) { jobs(last: 1, after: $after, before: $before) {
          totalCount nodes { id } } }""",
        {"after": "@jobs-cursor", "before": "@jobs-cursor"},
    ),
    ("query($id: ID!) { scheme(id: $id) { name } }", {"id": "@scheme"}),
    (
        """mutation($operator: ID!, $name: String!) { renameOperator(operator: $operator,
          name: $name) { ... on Refused { code message } } }""",
        {"operator": "@operator", "name": "1"},
    ),
    (
        """mutation($oldPassword: String!, $newPassword: String!) { changePassword(
          oldPassword: $oldPassword, newPassword: $newPassword) { ... on Refused { code } } }""",
        {"oldPassword": "1", "newPassword": "12345678"},
    ),
    (
        """mutation($input: NewOperator!) { createOperator(input: $input) {
          ... on Refused { code message } } }""",
        {"input": {"login": "new", "name": "1", "password": "12345678", "grants": []}},
    ),
    (
        """mutation($operator: ID!, $input: NewGrant!) { addGrant(operator: $operator,
          input: $input) { ... on Refused { code message } } }""",
        {
            "operator": "@other-operator",
            "input": {
                "role": "CHECKPOINT_OPERATOR",
                "scheme": "@scheme",
                "checkpoint": "@checkpoint",
                "department": "@marx",
            },
        },
    ),
    (
        "mutation($grant: ID!) { removeGrant(grant: $grant) { ... on Refused { code message } } }",
        {"grant": "@other-grant"},
    ),
    (
        """mutation($file: ID!, $scheme: ID!, $sheet: String) { startOperatorImport(file: $file,
          scheme: $scheme, sheet: $sheet) { ... on Refused { code message } } }""",
        {"file": "@other-result", "scheme": "@scheme", "sheet": "Sheet1"},
    ),
    (
        """query($search: String, $scheme: ID, $after: String, $before: String) {
          operators(search: $search, scheme: $scheme, first: 1, after: $after, before: $before) {
            nodes { login } } }""",
        {
            "search": "1",
            "scheme": "@scheme",
            "after": "@operators-cursor",
            "before": "@operators-cursor",
        },
    ),
    (
        "query($scheme: ID!) { deciders(scheme: $scheme) { uncovered { name } } }",
        {"scheme": "@scheme"},
    ),
    ("query($id: ID!) { node(id: $id) { id } }", {"id": "@student"}),
    ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["@student"]}),
)
TEXTS = {
    "a megabyte": "长" * 300_000,
    "emoji, wild cards, control characters, the end of Unicode": "🎓👩‍🎓\u202e\u0301%_\\'\"; DROP"
    " TABLE students; --\x01\x1b[31m\x7f\r\n\t\U0010ffff\uffff",
    "nothing": "",
    "spaces": "  \u3000 ",
}


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


IDS = {
    name: encoded(name)
    for name in (
        *(f"{noun}:99999999999999999999" for noun in ("Student", "Job", "File", "Checkpoint")),
        *(f"{noun}:9223372036854775807" for noun in ("Student", "Job", "File", "Scheme")),
        "JobRow:1.9223372036854775807",
        "JobRow:9223372036854775807.2147483648",
        "Clearance:9223372036854775807.9223372036854775807",
        "Clearance:1",
        "Student:1.2",
        "Student:0",
        "Student:-1",
        "Student:1_0",
        "Student: 1",
        "Student:+1",
        "Student:01",
        "Student:1\n",
        "Student:" + "9" * 5000,
        "Nobody:1",
        "Student",
        "\x00",
    )
}
CURSORS = {
    text: encoded(text)
    for text in (
        *(f'["{name}",{key}]' for name in ("JOBS", "JOB_ROWS") for key in (2**31, 2**63, 2**64)),
        '["JOBS",-9223372036854775809]',
        '["JOBS",1e400]',
        '["JOBS",true]',
        '["JOBS","1"]',
        '["JOBS",null]',
        '["JOBS"]',
        '["JOBS",1,2]',
        f'["NUMBER_ASC","",{2**63}]',
        '["NUMBER_ASC","\\u0000",1]',
        '["NUMBER_ASC","\\ud800",1]',
        '["NUMBER_ASC",1,1]',
        '["NAME_ASC","",1]',
        '{"NUMBER_ASC":1}',
        '"JOBS"',
        "[" * 2000,
        "[]",
        "null",
        "NaN",
        "",
    )
}
