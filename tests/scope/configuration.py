"""What each kind of person is answered: configuration."""

from typing import Any

from tests.schema.configuring import MUTATIONS, document
from tests.scope.lines import Attempt, Line, Side

IN, OUT, OWN = Side.INSIDE, Side.OUTSIDE, Side.OWN
#          admin     affairs   geology   library   department elsewhere ungranted nobody
MAY = "ok FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND UNAUTHENTICATED"
OUTSIDE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND FORBIDDEN NOT_FOUND UNAUTHENTICATED"
NOWHERE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED"
NOBODY_MAY = "FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN UNAUTHENTICATED"


def _line(field: str, inside: str = MAY, **more: Any) -> Line:
    """A mutation at a scheme or a checkpoint: one's own, the other one's, no one's."""
    [noun] = {"scheme", "checkpoint"} & MUTATIONS[field][0].keys()
    return Line(
        f"Mutation.{field}",
        document(field),
        (
            Attempt(IN, f"one's {noun}", inside, {noun: f"@{noun}", **more}),
            Attempt(OUT, f"the other {noun}", OUTSIDE, {noun: f"@other-{noun}", **more}),
            Attempt(OUT, "nothing at all", NOWHERE, {noun: "@unknown-student", **more}),
            Attempt(OUT, "what is no id", NOWHERE, {noun: "%", **more}),
        ),
    )


PREVIEW = """query($checkpoint: ID!, $applicability: ApplicabilityInput) {
    applicabilityPreview(checkpoint: $checkpoint, applicability: $applicability) {
      toNotRequired students(first: 9) { nodes { name } } } }"""
DEPARTMENTS = """query($namePrefix: String! = "", $after: String, $before: String) {
    departments(namePrefix: $namePrefix, first: 9, after: $after, before: $before) {
      totalCount nodes { name } } }"""
RULE = {
    "only": {
        "trainingLevels": ["硕士"],
        "categories": ["学历硕士"],
        "dormitoryPrefixes": ["东区"],
        "departments": ["@marx"],
    }
}
# fmt: off
LINES: tuple[Line, ...] = (
    Line("Query.departments", DEPARTMENTS, (
        Attempt(OWN, "the list", "4 FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN"
                " UNAUTHENTICATED"),
    )),
    Line("Query.applicabilityPreview", PREVIEW, (
        Attempt(IN, "one's checkpoint", MAY, {"checkpoint": "@checkpoint", "applicability": RULE}),
        Attempt(OUT, "one of the other scheme", OUTSIDE, {"checkpoint": "@other-checkpoint"}),
        Attempt(OUT, "what is no id", NOWHERE, {"checkpoint": "%"}),
    )),
    Line("Mutation.createScheme", document("createScheme"), (
        Attempt(OWN, "a new one", NOBODY_MAY, {"name": "新的"}),
    )),
    _line("cloneScheme", MAY.replace("ok", "FORBIDDEN"), name="新的"),
    _line("renameScheme", name="新的"),
    _line("openScheme", MAY.replace("ok", "TRANSITION_NOT_ALLOWED")),
    _line("closeScheme"),
    _line("archiveScheme", MAY.replace("ok", "TRANSITION_NOT_ALLOWED")),
    _line("createCheckpoint", input={"title": "校医院"}),
    _line("updateCheckpoint", input={"place": "一楼"}),
    _line("setCheckpointWindow", opensAt="2026-06-01T00:00:00Z"),
    _line("setPrerequisites", prerequisites=["@library"]),
    _line("orderCheckpoints", MAY.replace("ok", "INVALID_INPUT"), checkpoints=["@checkpoint"]),
    _line("deleteCheckpoint", MAY.replace("ok", "CHECKPOINT_IN_USE")),
    _line("setApplicability", applicability={"only": {"departments": ["@marx"]}}),
    Line("Mutation.createDepartment", document("createDepartment"), (
        Attempt(OWN, "a new one", NOBODY_MAY, {"name": "新院"}),
    )),
    Line("Mutation.deleteDepartment", document("deleteDepartment"), (
        Attempt(IN, "one's department", "FORBIDDEN FORBIDDEN NOT_FOUND FORBIDDEN FORBIDDEN"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED", {"department": "@marx"}),
        Attempt(OUT, "that of the other scheme", "FORBIDDEN NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " FORBIDDEN NOT_FOUND UNAUTHENTICATED", {"department": "@other-department"}),
        Attempt(OUT, "what is no id", NOWHERE, {"department": "%"}),
    )),
    Line("Mutation.renameDepartment", document("renameDepartment"), (
        Attempt(IN, "one's department", "FORBIDDEN FORBIDDEN NOT_FOUND FORBIDDEN FORBIDDEN"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED", {"department": "@marx", "name": "新院"}),
        Attempt(OUT, "that of the other scheme", "FORBIDDEN NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " FORBIDDEN NOT_FOUND UNAUTHENTICATED",
                {"department": "@other-department", "name": "新院"}),
        Attempt(OUT, "what is no id", NOWHERE, {"department": "%", "name": "新院"}),
    )),
)
# fmt: on
NAME, TEXTS = {"name": "新的"}, ("title", "requirement", "place", "contact", "hours")
# For `test_hostile_input`, as `hostile.REQUESTS`.
REQUESTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (DEPARTMENTS, {"namePrefix": "马", "after": "@students-cursor", "before": "@students-cursor"}),
    (PREVIEW, {"checkpoint": "@checkpoint", "applicability": RULE}),
    (document("createScheme"), NAME),
    (document("cloneScheme"), {"scheme": "@scheme", **NAME}),
    (document("renameScheme"), {"scheme": "@scheme", **NAME}),
    (document("createDepartment"), NAME),
    (document("renameDepartment"), {"department": "@marx", **NAME}),
    (document("deleteDepartment"), {"department": "@marx"}),
    (
        document("createCheckpoint"),
        {
            "scheme": "@scheme",
            "input": {
                **dict.fromkeys(TEXTS, "1"),
                "prerequisites": ["@checkpoint"],
                "applicability": {"notFor": RULE["only"]},
            },
        },
    ),
    (
        document("updateCheckpoint"),
        {"checkpoint": "@checkpoint", "input": dict.fromkeys(TEXTS, "1")},
    ),
    (
        document("setPrerequisites"),
        {"checkpoint": "@checkpoint", "prerequisites": ["@library"]},
    ),
    (document("orderCheckpoints"), {"scheme": "@scheme", "checkpoints": ["@checkpoint"]}),
    (document("setApplicability"), {"checkpoint": "@library", "applicability": RULE}),
    (document("deleteCheckpoint"), {"checkpoint": "@other-checkpoint"}),
)
