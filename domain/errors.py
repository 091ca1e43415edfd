"""The Refusal and every code it may carry; a code is a contract and is never renamed."""

import enum
from collections.abc import Mapping

# The titles of all that must be passed first still fit.
_TOLD = 500


class Code(enum.StrEnum):
    """A stable name of what is wrong; messages may change, codes may not."""

    # Request
    UNAUTHENTICATED = "UNAUTHENTICATED"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    INVALID_INPUT = "INVALID_INPUT"
    INVALID_CURSOR = "INVALID_CURSOR"
    RATE_LIMITED = "RATE_LIMITED"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    SELECTION_CHANGED = "SELECTION_CHANGED"
    JOB_NOT_CANCELLABLE = "JOB_NOT_CANCELLABLE"
    JOB_NOT_RESUMABLE = "JOB_NOT_RESUMABLE"
    JOB_NOT_RETRYABLE = "JOB_NOT_RETRYABLE"
    JOB_NOT_REPAIRABLE = "JOB_NOT_REPAIRABLE"
    JOB_NOT_UNDOABLE = "JOB_NOT_UNDOABLE"
    JOB_NOT_HELD = "JOB_NOT_HELD"
    ROW_NOT_REPAIRABLE = "ROW_NOT_REPAIRABLE"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    INTERNAL = "INTERNAL"

    # Administration
    SCHEME_READ_ONLY = "SCHEME_READ_ONLY"
    TRANSITION_NOT_ALLOWED = "TRANSITION_NOT_ALLOWED"
    PREREQUISITE_CYCLE = "PREREQUISITE_CYCLE"
    CHECKPOINT_IN_USE = "CHECKPOINT_IN_USE"
    DEPARTMENT_IN_USE = "DEPARTMENT_IN_USE"
    LAST_ADMINISTRATOR = "LAST_ADMINISTRATOR"
    OPERATOR_IS_FEED = "OPERATOR_IS_FEED"
    FEED_DISABLED = "FEED_DISABLED"
    FEED_HELD = "FEED_HELD"
    SECOND_PERSON_NEEDED = "SECOND_PERSON_NEEDED"
    WAIVER_NOT_POSSIBLE = "WAIVER_NOT_POSSIBLE"
    WAIVER_ENDED = "WAIVER_ENDED"
    MISSING_NOT_ARCHIVED = "MISSING_NOT_ARCHIVED"

    # Decision
    SCHEME_NOT_OPEN = "SCHEME_NOT_OPEN"
    CHECKPOINT_NOT_OPEN = "CHECKPOINT_NOT_OPEN"
    NOT_REQUIRED = "NOT_REQUIRED"
    PREREQUISITE_PENDING = "PREREQUISITE_PENDING"
    STALE_STATE = "STALE_STATE"
    CHANGED_SINCE = "CHANGED_SINCE"
    ALREADY_UNDONE = "ALREADY_UNDONE"
    REMARK_TOO_LONG = "REMARK_TOO_LONG"
    HANDED_OUT = "HANDED_OUT"

    # Hand-out
    CLEARANCE_INCOMPLETE = "CLEARANCE_INCOMPLETE"
    NOT_ENTITLED = "NOT_ENTITLED"
    ALREADY_HANDED_OUT = "ALREADY_HANDED_OUT"
    CERTIFICATE_NUMBER_TAKEN = "CERTIFICATE_NUMBER_TAKEN"
    HAND_OUT_REVOKED = "HAND_OUT_REVOKED"
    PROXY_MISSING = "PROXY_MISSING"
    NOTHING_GIVEN = "NOTHING_GIVEN"
    NUMBER_PRECISION_LOST = "NUMBER_PRECISION_LOST"

    # Certificate of clearance
    CERTIFICATE_WITHDRAWN = "CERTIFICATE_WITHDRAWN"
    CHARACTERS_NOT_PRINTABLE = "CHARACTERS_NOT_PRINTABLE"

    # Row of a file
    KEY_MISSING = "KEY_MISSING"
    KEY_AMBIGUOUS = "KEY_AMBIGUOUS"
    KEY_MISMATCH = "KEY_MISMATCH"
    STUDENT_NOT_FOUND = "STUDENT_NOT_FOUND"
    NAME_MISMATCH = "NAME_MISMATCH"
    RESULT_UNKNOWN = "RESULT_UNKNOWN"
    NO_RESULT = "NO_RESULT"
    ID_PRECISION_LOST = "ID_PRECISION_LOST"
    ID_MALFORMED = "ID_MALFORMED"
    ID_CHECK_DIGIT = "ID_CHECK_DIGIT"
    VALUE_UNUSUAL = "VALUE_UNUSUAL"
    FORMULA_ERROR = "FORMULA_ERROR"
    FORMULA_NOT_CALCULATED = "FORMULA_NOT_CALCULATED"
    DUPLICATE_CONFLICT = "DUPLICATE_CONFLICT"
    DUPLICATE_ROW = "DUPLICATE_ROW"
    VALUE_MISSING = "VALUE_MISSING"
    VALUE_UNKNOWN = "VALUE_UNKNOWN"
    VALUE_TOO_LONG = "VALUE_TOO_LONG"
    DEPARTMENT_UNKNOWN = "DEPARTMENT_UNKNOWN"
    CHECKPOINT_UNKNOWN = "CHECKPOINT_UNKNOWN"
    KEY_TAKEN = "KEY_TAKEN"
    PASSWORD_TOO_SHORT = "PASSWORD_TOO_SHORT"  # noqa: S105 -- not a password
    ACCOUNT_EXISTS = "ACCOUNT_EXISTS"

    # File
    NOT_A_WORKBOOK = "NOT_A_WORKBOOK"
    FILE_ENCRYPTED = "FILE_ENCRYPTED"
    FILE_DAMAGED = "FILE_DAMAGED"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    FILE_HOSTILE = "FILE_HOSTILE"
    HEADER_MISSING = "HEADER_MISSING"
    HEADER_DUPLICATE = "HEADER_DUPLICATE"
    KEY_COLUMN_MISSING = "KEY_COLUMN_MISSING"
    RESULT_COLUMN_MISSING = "RESULT_COLUMN_MISSING"
    COLUMN_MISSING = "COLUMN_MISSING"
    SEVERAL_CHECKPOINTS = "SEVERAL_CHECKPOINTS"
    SHEET_AMBIGUOUS = "SHEET_AMBIGUOUS"
    SHEET_UNKNOWN = "SHEET_UNKNOWN"
    NO_ROWS = "NO_ROWS"


class Refusal(Exception):  # noqa: N818 -- the API's word: an expected answer, not a fault
    """An expected failure: its code, the facts its sentence needs, and the input it is about."""

    def __init__(
        self, code: Code, facts: Mapping[str, object] | None = None, *, path: tuple[str, ...] = ()
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts = {name: str(value) for name, value in (facts or {}).items()}
        self.path = path


def invalid(path: tuple[str, ...], value: object, expected: str) -> Refusal:
    """INVALID_INPUT: what was given at a path, and what is expected there (see domain.words)."""
    facts = {"name": path[-1], "value": "" if value is None else value, "expected": expected}
    return Refusal(Code.INVALID_INPUT, facts, path=path)


def of_length(path: tuple[str, ...], text: str, least: int, most: int) -> str:
    """The text if it has that many characters; INVALID_INPUT otherwise."""
    if not least <= len(text) <= most:
        raise invalid(path, text[:20], f"{least}-{most} characters")
    return text


def between(path: tuple[str, ...], value: int, least: int, most: int) -> int:
    """The number if it is among these; INVALID_INPUT otherwise."""
    if not least <= value <= most:
        raise invalid(path, value, f"{least}-{most}")
    return value


def shortened(text: str) -> str:
    """As much of a text as is kept beside what it stands in: a cell may be very long, and stand in
    every fact of every problem of its row."""
    return text if len(text) <= _TOLD else f"{text[: _TOLD - 1]}…"


def exceeded(path: tuple[str, ...], limit: int, value: object) -> Refusal:
    """LIMIT_EXCEEDED: how much of what stands at a path there may be, and how much there is."""
    facts = {"name": path[-1], "limit": limit, "value": value}
    return Refusal(Code.LIMIT_EXCEEDED, facts, path=path)
