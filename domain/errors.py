"""The Refusal and every code it may carry; a code is a contract and is never renamed."""

import enum
from collections.abc import Mapping


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
    INTERNAL = "INTERNAL"

    # Decision
    SCHEME_NOT_OPEN = "SCHEME_NOT_OPEN"
    CHECKPOINT_NOT_OPEN = "CHECKPOINT_NOT_OPEN"
    NOT_REQUIRED = "NOT_REQUIRED"
    PREREQUISITE_PENDING = "PREREQUISITE_PENDING"
    STALE_STATE = "STALE_STATE"
    REMARK_TOO_LONG = "REMARK_TOO_LONG"

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
    DUPLICATE_CONFLICT = "DUPLICATE_CONFLICT"
    DUPLICATE_ROW = "DUPLICATE_ROW"

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
    SHEET_AMBIGUOUS = "SHEET_AMBIGUOUS"
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
