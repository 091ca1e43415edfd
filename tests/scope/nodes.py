"""What each kind of person is answered who asks for anything by its id."""

from tests.scope.lines import Attempt, Side

IN, OUT, OWN = Side.INSIDE, Side.OUTSIDE, Side.OWN
NODE = """__typename id
  ... on Student { name number department { name } clearances { status }
    history(first: 9) { nodes { student { name } operator { name } } } }
  ... on ClearanceCertificate { verifyUrl student { name } }
  ... on Waiver { reason student { name } clearance { status } requestedBy { name } }
  ... on HandOut { kind student { name } operator { name } }
  ... on Clearance { status waiver { reason } student { name } lastEntry { job { id rows(first: 9) {
    nodes { name } } } } }
  ... on Job { rows(first: 9) { nodes { name student { name } } } files { name } scheme { name } }
  ... on JobRow { name cells named: student { name } }
  ... on Scheme { name departments { name } } ... on Checkpoint { title }
  ... on Department { name } ... on File { name url }
  ... on Operator { login isDisabled grants { role } }
  ... on Grant { role within: scheme { name } }
  ... on Feed { name tokens { expiresAt } } ... on FeedToken { lastUsedAt }"""


def _node(side: Side, name: str, answers: str) -> Attempt:
    return Attempt(side, name, answers, {"id": f"@{name}"})


#                         admin affairs geology library department elsewhere ungranted nobody
NODES = (
    _node(IN,  "scheme",             "ok   ok   ok   ok   ok   null null UNAUTHENTICATED"),
    _node(OUT, "other-scheme",       "null null null null null ok   null UNAUTHENTICATED"),
    _node(IN,  "checkpoint",         "ok   ok   ok   ok   ok   null null UNAUTHENTICATED"),
    _node(OUT, "other-checkpoint",   "null null null null null ok   null UNAUTHENTICATED"),
    _node(IN,  "marx",               "ok   ok   null ok   ok   null null UNAUTHENTICATED"),
    _node(OUT, "geology",            "ok   null ok   ok   null null null UNAUTHENTICATED"),
    _node(OUT, "other-department",   "ok   null null null null ok   null UNAUTHENTICATED"),
    _node(OUT, "empty-department",   "ok   null null null null null null UNAUTHENTICATED"),
    _node(IN,  "student",            "ok   ok   null ok   ok   null null UNAUTHENTICATED"),
    _node(OUT, "geologist",          "ok   null ok   ok   null null null UNAUTHENTICATED"),
    _node(OUT, "outsider",           "null null null null null ok   null UNAUTHENTICATED"),
    _node(OUT, "unknown-student",    "null null null null null null null UNAUTHENTICATED"),
    _node(IN,  "clearance",          "ok   ok   null ok   ok   null null UNAUTHENTICATED"),
    _node(OUT, "geologist-clearance","ok   null ok   ok   null null null UNAUTHENTICATED"),
    _node(OUT, "other-clearance",    "null null null null null ok   null UNAUTHENTICATED"),
    _node(OUT, "unknown-clearance",  "null null null null null null null UNAUTHENTICATED"),
    _node(IN,  "waiver",             "ok   ok   null ok   ok   null null UNAUTHENTICATED"),
    _node(OUT, "geologist-waiver",   "ok   null ok   ok   null null null UNAUTHENTICATED"),
    _node(OUT, "other-waiver",       "null null null null null ok   null UNAUTHENTICATED"),
    _node(IN,  "hand-out",           "ok   ok   null ok   ok   null null UNAUTHENTICATED"),
    _node(OUT, "geologist-hand-out", "ok   null ok   ok   null null null UNAUTHENTICATED"),
    _node(OUT, "other-hand-out",     "null null null null null ok   null UNAUTHENTICATED"),
    _node(IN,  "certificate",        "ok   ok   null ok   ok   null null UNAUTHENTICATED"),
    _node(OUT, "geologist-certificate","ok null ok   ok   null null null UNAUTHENTICATED"),
    _node(OUT, "other-certificate",  "null null null null null ok   null UNAUTHENTICATED"),
    _node(IN,  "operator",           "ok   ok   null null null null null UNAUTHENTICATED"),
    _node(OUT, "other-operator",     "null null null null null ok   null UNAUTHENTICATED"),
    _node(IN,  "grant",              "ok   ok   null null null null null UNAUTHENTICATED"),
    _node(OUT, "other-grant",        "null null null null null ok   null UNAUTHENTICATED"),
    _node(IN,  "feed",               "ok   ok   ok   null null null null UNAUTHENTICATED"),
    _node(OUT, "other-feed",         "null null null null null ok   null UNAUTHENTICATED"),
    _node(IN,  "feed-token",         "ok   ok   ok   null null null null UNAUTHENTICATED"),
    _node(OUT, "other-feed-token",   "null null null null null ok   null UNAUTHENTICATED"),
    _node(IN,  "job",                "ok   ok   null null null null null UNAUTHENTICATED"),
    _node(OUT, "other-job",          "null null null null null ok   null UNAUTHENTICATED"),
    _node(OWN, "own-job",            "ok   ok   ok   ok   ok   ok   null UNAUTHENTICATED"),
    _node(IN,  "row",                "ok   ok   null null null null null UNAUTHENTICATED"),
    _node(OUT, "other-row",          "null null null null null ok   null UNAUTHENTICATED"),
    _node(IN,  "result",             "ok   ok   null null null null null UNAUTHENTICATED"),
    _node(OUT, "other-result",       "null null null null null ok   null UNAUTHENTICATED"),
    _node(IN,  "upload",             "null ok   null null null null null UNAUTHENTICATED"),
    _node(OWN, "own-upload",         "ok   ok   ok   ok   ok   ok   ok   UNAUTHENTICATED"),
)  # fmt: skip
