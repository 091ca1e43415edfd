"""One request for every mutation under a key that is answered with what it did."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.keys import KEY, under
from tests.scope.contents import FIELDS
from tests.scope.feeding import ROWS
from tests.scope.house import COLUMNS
from tests.scope.lines import Line

HEAD = "head"
_MADE = {"job": "@made"}
_REST = "{ __typename ... on Refused { message } }"
_SYNONYM = f'mutation {{ setSynonym(word: "合格", meaning: {{ result: REFUSE }}) {_REST} }}'
_BATCH = """mutation { decideMany(input: { checkpoint: "@checkpoint", act: PASS,
    select: { ids: ["@classmate"] } }) { __typename ... on Job { id } } }"""
_CANCEL = f'mutation {{ cancelJob(job: "@own-job") {_REST} }}'
_CLOSE = f'mutation {{ closeScheme(scheme: "@scheme") {_REST} }}'
_CHECKPOINT = """mutation { createCheckpoint(scheme: "@other-scheme", input: { title: "校医院" }) {
    __typename ... on Checkpoint { id } } }"""


@dataclass(frozen=True)
class Case:
    """Who asks for what, and what is done before; `@made` is what that made."""

    login: str
    variables: dict[str, Any] = field(default_factory=dict)
    before: str = ""


# Where no line of the table is answered so: nobody there administers all schemes.
_OTHERS = {
    "createScheme": Case(HEAD, {"name": "新的"}),
    "cloneScheme": Case(HEAD, {"scheme": "@scheme", "name": "新的"}),
    "openScheme": Case("admin", {"scheme": "@scheme"}, _CLOSE),
    "archiveScheme": Case("admin", {"scheme": "@scheme"}, _CLOSE),
    "orderCheckpoints": Case(
        "admin",
        {"scheme": "@scheme", "checkpoints": ["@library", "@checkpoint", "@supervisor"]},
    ),
    # Where nobody has received: a new checkpoint leaves a line of who has.
    "deleteCheckpoint": Case(HEAD, {"checkpoint": "@made"}, _CHECKPOINT),
    "createDepartment": Case(HEAD, {"name": "新院"}),
    "renameDepartment": Case(HEAD, {"department": "@marx", "name": "新院"}),
    "deleteDepartment": Case(HEAD, {"department": "@empty-department"}),
    "createOperator": Case(HEAD),
    **dict.fromkeys(
        ("renameOperator", "disableOperator", "enableOperator", "resetPassword", "endSessions"),
        Case(HEAD, {"operator": "@operator"}),
    ),
    "setSynonym": Case(HEAD),
    "removeSynonym": Case(HEAD, before=_SYNONYM),
    "resumeJob": Case("admin", {"job": "@own-job"}, _CANCEL),
    "retryJob": Case("admin", _MADE, _BATCH),
    # It has changed nobody, so that whoever works on its undo does not either.
    "undoJob": Case("admin", _MADE, _BATCH),
    "sendFeed": Case("feed", {"rows": ROWS}),
    "restoreStudent": Case("admin", {"student": "@student"}),
}


def mutations() -> dict[str, Line]:
    """The lines of the table that change something, by the field."""
    lines = (line for line in FIELDS if line.operation.startswith("Mutation."))
    return {line.operation.partition(".")[2]: line for line in lines}


def done(name: str) -> Case:
    """A request that is answered with what it did."""
    return _OTHERS.get(name) or next(_attempts(name, "ok"))


def refused(name: str) -> Case:
    """A request that is refused as a whole."""
    codes = "FORBIDDEN|NOT_FOUND|SIGN_IN_FAILED|JOB_NOT_REPAIRABLE"
    return next(_attempts(name, codes))


def _attempts(name: str, answers: str) -> Iterator[Case]:
    for attempt in mutations()[name].attempts:
        for login, expected in attempt.by_login().items():
            if login != COLUMNS[-1] and re.fullmatch(answers, expected):
                yield Case(login, dict(attempt.variables))


def under_key(name: str) -> str:
    """The document of a mutation with a key among its arguments."""
    return under(KEY, mutations()[name].request)
