"""What one student has received, as a hand-out answers it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.handing import hand_outs, requests
from domain.handing.hand_outs import Origin
from domain.handing.requests import HandOutInput
from domain.ids import PublicId
from domain.lists import students
from domain.signed_in import SignedIn


@dataclass(frozen=True)
class Receipt:
    """A student, to whom something was just handed out."""

    student_id: int


def hand_out(
    session: Session, operator: SignedIn, public_id: PublicId, given: HandOutInput
) -> Receipt:
    """Hand out to one student; an expected failure is raised, and nothing is given then."""
    student = students.get(session, operator, public_id)
    handing = requests.read(student.id, given, ("input",))
    hand_outs.apply_one(session, student.scheme_id, handing, Origin(operator))
    return Receipt(student.id)


def by_ids(
    session: Session, operator: SignedIn, student_ids: Collection[int]
) -> dict[int, Receipt]:
    """Those of the students in sight among these."""
    return {each: Receipt(each) for each in students.by_ids(session, operator, student_ids)}
