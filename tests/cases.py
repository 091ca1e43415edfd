"""The decision table as data: each case runs pure, single, in a batch and by file."""

import datetime as dt
import enum
from dataclasses import dataclass

from domain.errors import Code
from models import (
    Act,
    ClearanceStatus,
    HandOut,
    HandOutKind,
    NotRequiredBy,
    Outcome,
    Receiver,
    SchemeStatus,
)
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

PENDING, PASSED, REFUSED, NOT_REQUIRED = ClearanceStatus
PASS, REFUSE, RESET = Act
APPLIED, UNCHANGED = Outcome.APPLIED, Outcome.UNCHANGED
# Decided by `affairs` at AFFAIRS, whose prerequisite is SUPERVISOR.
NUMBER = "2020010101"
VERSION = 3
LONGEST = "缺" * 500


class Window(enum.Enum):
    """Hours from now to the opening and to the closing of the checkpoint."""

    UNBOUNDED = (None, None)
    OPEN = (-1, 1)
    NOT_YET = (1, None)
    OVER = (None, -1)

    def bounds(self, now: dt.datetime) -> tuple[dt.datetime | None, dt.datetime | None]:
        """The two moments."""
        opens, closes = (
            None if hours is None else now + dt.timedelta(hours=hours) for hours in self.value
        )
        return opens, closes


@dataclass(frozen=True)
class Case:
    """A clearance at VERSION, what surrounds it, the decision, and what must come of it.

    `outcome` is FAILED exactly if there is a code. `to` is status and remark afterwards; None: as
    before. `expects` is the expected version of a single decision; other ways know none.
    """

    name: str
    status: ClearanceStatus
    act: Act
    to: tuple[ClearanceStatus, str] | None = None
    code: Code | None = None
    had: str = ""
    remark: str = ""
    prerequisite: ClearanceStatus = PASSED
    window: Window = Window.UNBOUNDED
    scheme: SchemeStatus = SchemeStatus.OPEN
    expects: int = VERSION
    # Whether something was handed out to the student, who is clear then.
    received: bool = False

    @property
    def outcome(self) -> Outcome:
        """Follows from the two expectations."""
        if self.code:
            return Outcome.FAILED
        return APPLIED if self.to else UNCHANGED

    @property
    def before(self) -> tuple[str, str, int]:
        """Status, remark and version, as `World.state` tells them."""
        return self.status.value, self.had, VERSION

    @property
    def after(self) -> tuple[str, str, int]:
        """The same after the decision."""
        if self.to is None:
            return self.before
        status, remark = self.to
        return status.value, remark, VERSION + 1

    def arrange(self, world: World, number: str = NUMBER) -> None:
        """Bring rows into the state that the case starts from."""
        now = dt.datetime.now(dt.UTC)
        opens_at, closes_at = self.window.bounds(now)
        world.set_scheme(status=self.scheme)
        world.set_checkpoint(AFFAIRS, opens_at=opens_at, closes_at=closes_at)
        put(world, number, SUPERVISOR, self.prerequisite)
        put(world, number, AFFAIRS, self.status, remark=self.had, version=VERSION)
        if self.received:
            put(world, number, LIBRARY, PASSED)
            hand_out(world, number)


def put(world: World, number: str, title: str, status: ClearanceStatus, **values: object) -> None:
    """Any status; a clearance that is not required says by what."""
    reason = NotRequiredBy.RULE if status is NOT_REQUIRED else None
    world.put(number, title, status, not_required_by=reason, **values)


def hand_out(world: World, number: str) -> None:
    """The materials to a student who is clear."""
    with world.database.write() as session:
        session.add(
            HandOut(
                scheme_id=world.scheme_id,
                student_id=world.students[number],
                kind=HandOutKind.GRADUATION_MATERIALS,
                receiver=Receiver.IN_PERSON,
                handed_out_at=dt.datetime.now(dt.UTC),
                operator_id=world.people["department"],
            )
        )


_STATUS = (
    Case("pass what is pending", PENDING, PASS, (PASSED, "")),
    Case("pass with a remark", PENDING, PASS, (PASSED, "已交"), remark="已交"),
    Case("pass what was reset: the old remark goes", PENDING, PASS, (PASSED, ""), had="误操作"),
    Case("refuse what is pending", PENDING, REFUSE, (REFUSED, "缺表"), remark="缺表"),
    Case("refuse without a remark", PENDING, REFUSE, (REFUSED, "")),
    Case("reset what is pending", PENDING, RESET),
    Case("reset what is pending, with a remark", PENDING, RESET, remark="重来"),
    Case("reset again, with another remark", PENDING, RESET, had="误操作", remark="重来"),
    Case("refuse what is passed", PASSED, REFUSE, (REFUSED, "缺表"), remark="缺表"),
    Case("refuse what is passed: the old remark goes", PASSED, REFUSE, (REFUSED, ""), had="已交"),
    Case("pass again", PASSED, PASS),
    Case("pass again, no remark keeps the old one", PASSED, PASS, had="已交"),
    Case("pass again, same remark", PASSED, PASS, had="已交", remark="已交"),
    Case("pass again, first remark", PASSED, PASS, (PASSED, "已交"), remark="已交"),
    Case("pass again, other remark", PASSED, PASS, (PASSED, "补交"), had="已交", remark="补交"),
    Case("reset what is passed", PASSED, RESET, (PENDING, ""), had="已交"),
    Case("reset with a remark", PASSED, RESET, (PENDING, "误操作"), remark="误操作"),
    Case("pass what is refused", REFUSED, PASS, (PASSED, ""), had="缺表"),
    Case("refuse again", REFUSED, REFUSE, had="缺表"),
    Case("refuse again, same remark", REFUSED, REFUSE, had="缺表", remark="缺表"),
    Case("refuse again, other remark", REFUSED, REFUSE, (REFUSED, "缺章"), None, "缺表", "缺章"),
    Case("reset what is refused", REFUSED, RESET, (PENDING, ""), had="缺表"),
)
_NOT_REQUIRED = tuple(
    Case(f"{act.lower()} what is not required", NOT_REQUIRED, act, code=Code.NOT_REQUIRED)
    for act in Act
)
_PREREQUISITE_PENDING = Code.PREREQUISITE_PENDING
_PREREQUISITES = (
    Case("pass too early", PENDING, PASS, None, _PREREQUISITE_PENDING, prerequisite=PENDING),
    Case("pass what was refused before", PENDING, PASS, None, _PREREQUISITE_PENDING,
         prerequisite=REFUSED),
    Case("pass a refused one too early", REFUSED, PASS, None, _PREREQUISITE_PENDING,
         prerequisite=PENDING),
    Case("pass again too early: nothing to do", PASSED, PASS, prerequisite=PENDING),
    Case("pass again too early, other remark", PASSED, PASS, None, _PREREQUISITE_PENDING,
         remark="已交", prerequisite=PENDING),
    Case("pass after what is not required", PENDING, PASS, (PASSED, ""),
         prerequisite=NOT_REQUIRED),
    Case("refuse too early", PENDING, REFUSE, (REFUSED, ""), prerequisite=PENDING),
    Case("reset though the prerequisite was reset", PASSED, RESET, (PENDING, ""),
         prerequisite=PENDING),
)  # fmt: skip
_WINDOW = (
    Case("pass inside the window", PENDING, PASS, (PASSED, ""), window=Window.OPEN),
    Case("pass before the window", PENDING, PASS, None, Code.CHECKPOINT_NOT_OPEN,
         window=Window.NOT_YET),
    Case("pass after the window", REFUSED, PASS, None, Code.CHECKPOINT_NOT_OPEN,
         window=Window.OVER),
    Case("pass again after the window: nothing to do", PASSED, PASS, window=Window.OVER),
    Case("pass again after the window, other remark", PASSED, PASS, None,
         Code.CHECKPOINT_NOT_OPEN, remark="已交", window=Window.OVER),
    Case("refuse after the window", PENDING, REFUSE, (REFUSED, ""), window=Window.OVER),
    Case("reset before the window", PASSED, RESET, (PENDING, ""), window=Window.NOT_YET),
    Case("the window comes before the prerequisites", PENDING, PASS, None,
         Code.CHECKPOINT_NOT_OPEN, window=Window.OVER, prerequisite=PENDING),
)  # fmt: skip
_SCHEME = (
    *(
        Case(f"{act.lower()} while the scheme is {scheme.lower()}", status, act,
             code=Code.SCHEME_NOT_OPEN, scheme=scheme)
        for scheme in SchemeStatus if scheme is not SchemeStatus.OPEN
        for act, status in ((PASS, PENDING), (REFUSE, PENDING), (RESET, PASSED))
    ),
    Case("the scheme comes before what changes nothing", PASSED, PASS, None,
         Code.SCHEME_NOT_OPEN, scheme=SchemeStatus.CLOSED),
    Case("the scheme comes before what is not required", NOT_REQUIRED, REFUSE, None,
         Code.SCHEME_NOT_OPEN, scheme=SchemeStatus.CLOSED),
    Case("the scheme comes before window and prerequisites", PENDING, PASS, None,
         Code.SCHEME_NOT_OPEN, scheme=SchemeStatus.CLOSED, window=Window.OVER,
         prerequisite=PENDING),
)  # fmt: skip
_RECEIVED = (
    Case("refuse who has received", PASSED, REFUSE, None, Code.HANDED_OUT, received=True),
    Case("reset who has received", PASSED, RESET, None, Code.HANDED_OUT, received=True),
    Case("pass again who has received", PASSED, PASS, received=True),
    Case("pass again who has received, other remark", PASSED, PASS, (PASSED, "补交"),
         had="已交", remark="补交", received=True),
    Case("refuse who is not required and has received", NOT_REQUIRED, REFUSE, None,
         Code.NOT_REQUIRED, received=True),
    Case("the scheme comes before the hand-out", PASSED, REFUSE, None, Code.SCHEME_NOT_OPEN,
         scheme=SchemeStatus.CLOSED, received=True),
    Case("the hand-out comes where the window is over", PASSED, RESET, None, Code.HANDED_OUT,
         window=Window.OVER, received=True),
    Case("the version comes before the hand-out", PASSED, RESET, None, Code.STALE_STATE,
         expects=2, received=True),
)  # fmt: skip
_REMARK = (
    Case("the longest remark", PENDING, REFUSE, (REFUSED, LONGEST), remark=LONGEST),
    Case("a remark too long", PENDING, REFUSE, None, Code.REMARK_TOO_LONG, remark=LONGEST + "。"),
    Case("refuse again, too long", REFUSED, REFUSE, None, Code.REMARK_TOO_LONG, had="缺表",
         remark=LONGEST + "。"),
)  # fmt: skip
_VERSION = (
    Case("pass an older version", PENDING, PASS, None, Code.STALE_STATE, expects=2),
    Case("pass a version that never was", PENDING, PASS, None, Code.STALE_STATE, expects=4),
    Case("refuse an older version", PASSED, REFUSE, None, Code.STALE_STATE, expects=1),
    Case("reset an older version", PASSED, RESET, None, Code.STALE_STATE, expects=2),
    Case("the version comes before what changes nothing", PASSED, PASS, None,
         Code.STALE_STATE, expects=2),
    Case("the version comes before what is not required", NOT_REQUIRED, PASS, None,
         Code.STALE_STATE, expects=2),
    Case("the version comes before the window", PENDING, PASS, None, Code.STALE_STATE,
         window=Window.OVER, expects=2),
    Case("the scheme comes before the version", PENDING, PASS, None, Code.SCHEME_NOT_OPEN,
         scheme=SchemeStatus.CLOSED, expects=2),
)  # fmt: skip
CASES = (
    *_STATUS, *_NOT_REQUIRED, *_PREREQUISITES, *_WINDOW, *_SCHEME, *_RECEIVED, *_REMARK, *_VERSION,
)  # fmt: skip
# A batch and a file name no version; a file cannot reset.
WITHOUT_VERSION = tuple(case for case in CASES if case.expects == VERSION)
IN_A_FILE = tuple(case for case in WITHOUT_VERSION if case.act is not RESET)
