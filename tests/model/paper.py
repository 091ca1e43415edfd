"""The rules of the office on paper: product.md's table in plain Python, apart from the service.

Clearances of a few students at three checkpoints; what was changed since a round began is marked,
since files and repairs of that round are older than it.
"""

import copy
from dataclasses import dataclass, field

PENDING, PASSED, REFUSED, NOT_REQUIRED = "PENDING", "PASSED", "REFUSED", "NOT_REQUIRED"
TARGET = {"PASS": PASSED, "REFUSE": REFUSED, "RESET": PENDING}
Place = tuple[str, str]
Told = tuple[str, str | None]


@dataclass
class Version:
    """What one change led to, and by which job; `stands_for` is the decision it means."""

    status: str
    remark: str
    job: int | None
    stands_for: int
    by: str


@dataclass
class Sheet:
    """One clearance, all its versions from the first on."""

    versions: list[Version] = field(default_factory=lambda: [Version(PENDING, "", None, 1, "")])
    is_new: bool = False

    @property
    def now(self) -> Version:
        return self.versions[-1]

    @property
    def state(self) -> tuple[str, str, int]:
        return self.now.status, self.now.remark, len(self.versions)

    def turn(self, status: str, remark: str, job: int | None, by: str, stands: int = 0) -> None:
        number = len(self.versions) + 1
        self.versions.append(Version(status, remark, job, stands or number, by))
        self.is_new = True


@dataclass
class Paper:
    """Everything; `rule` is who the checkpoint with a rule applies to."""

    sheets: dict[Place, Sheet]
    prerequisites: dict[str, str]
    ruled: str
    rule: str = "everybody"
    dormitories: set[str] = field(default_factory=set)
    received: set[str] = field(default_factory=set)

    def copy(self) -> "Paper":
        return copy.deepcopy(self)

    def begin(self) -> None:
        """A round: whatever changes from now on is newer than its files."""
        for sheet in self.sheets.values():
            sheet.is_new = False

    def decide(
        self, student: str, where: str, act: str, remark: str, *, by: str,
        version: int | None = None, job: int | None = None, is_old: bool = False,
    ) -> Told:  # fmt: skip
        """One decision, by the table; `is_old`: it is of a file of this round."""
        sheet = self.sheets[student, where]
        status, had, number = sheet.state
        target = TARGET[act]
        if version is not None and version != number:
            return "FAILED", "STALE_STATE"
        if status == NOT_REQUIRED:
            return "FAILED", "NOT_REQUIRED"
        kept = had if target == status and (not remark or act == "RESET") else remark
        if (target, kept) == (status, had):
            return "UNCHANGED", None
        barred = self._barred(student, where, act, is_late=is_old and sheet.is_new)
        if barred:
            return "FAILED", barred
        sheet.turn(target, kept, job, by)
        return "APPLIED", None

    def _barred(self, student: str, where: str, act: str, *, is_late: bool) -> str | None:
        """Why a change is not made."""
        if act != "PASS" and student in self.received:
            return "HANDED_OUT"
        if is_late:
            return "STALE_STATE"
        if act == "PASS" and self._is_unmet(student, where):
            return "PREREQUISITE_PENDING"
        return None

    def _is_unmet(self, student: str, where: str) -> bool:
        before = self.prerequisites.get(where)
        return before is not None and self._is_open(student, before)

    def _is_open(self, student: str, where: str) -> bool:
        return self.sheets[student, where].now.status in {PENDING, REFUSED}

    def undo(self, student: str, where: str, of: int, job: int) -> Told:
        """One clearance that a job has changed."""
        sheet = self.sheets[student, where]
        versions = sheet.versions
        mine = [place for place, each in enumerate(versions) if each.job == of]
        first = last = mine[-1]
        while versions[first - 1].job == of:
            first -= 1
        was = versions[first - 1].stands_for
        if sheet.now.stands_for == was:
            return "UNCHANGED", "ALREADY_UNDONE"
        if sheet.now.stands_for != versions[last].stands_for:
            return "FAILED", "CHANGED_SINCE"
        old = versions[was - 1]
        if old.status in {PENDING, REFUSED} and student in self.received:
            return "FAILED", "HANDED_OUT"
        sheet.turn(old.status, old.remark, job, old.by, was)
        return "APPLIED", None

    def changed_by(self, job: int) -> list[Place]:
        """The clearances that a job has changed."""
        return [
            place
            for place, sheet in self.sheets.items()
            if any(each.job == job for each in sheet.versions)
        ]

    def give(self, student: str) -> Told:
        """What a student receives who is clear."""
        if student in self.received:
            return "UNCHANGED", None
        if any(self._is_open(*place) for place in self.sheets if place[0] == student):
            return "FAILED", "CLEARANCE_INCOMPLETE"
        self.received.add(student)
        return "APPLIED", None

    def take_back(self, student: str, by: str) -> None:
        """The rule holds again."""
        self.received.discard(student)
        self._judge_anew(student, by)

    def set_rule(self, rule: str, by: str) -> None:
        """Only what is pending, or was let off by the rule, turns."""
        self.rule = rule
        for student in {student for student, _ in self.sheets}:
            self._judge_anew(student, by)

    def move(self, student: str, *, has_dormitory: bool, by: str) -> None:
        """A student gets a bed or gives it back; the rule judges anew."""
        (self.dormitories.add if has_dormitory else self.dormitories.discard)(student)
        self._judge_anew(student, by)

    def _judge_anew(self, student: str, by: str) -> None:
        applies = {"everybody": True, "nobody": False, "dormitory": student in self.dormitories}
        sheet = self.sheets[student, self.ruled]
        wanted = {PENDING: NOT_REQUIRED, NOT_REQUIRED: PENDING}.get(sheet.now.status)
        if wanted == PENDING and student in self.received:
            return
        if wanted and applies[self.rule] == (wanted == PENDING):
            sheet.turn(wanted, sheet.now.remark, None, by)
