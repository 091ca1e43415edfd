"""What mutations answer, as it is kept under a key: by noun and numbers, and found again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

import models
from domain import jobs, operators, waivers
from domain.certifying import certificates
from domain.configuration import checkpoints, rules, schemes
from domain.deciding.requirements import Turned
from domain.enrolling import enrolment
from domain.errors import Code, Refusal
from domain.feeding import feeds, tokens
from domain.handing import lists as hand_out_lists
from domain.handing import receipts
from domain.ids import Noun
from domain.lists import clearances
from domain.reading import synonyms
from domain.signed_in import SignedIn
from domain.staffing import grants
from models import SynonymKind


@dataclass(frozen=True)
class Reference:
    """What an answer was about; `word` where there is no row, or none any more."""

    noun: str
    numbers: tuple[int, ...] = ()
    word: str | None = None


Find = Callable[[Session, SignedIn, Reference], object | None]
ByIds = Callable[[Session, SignedIn, list[int]], Mapping[int, object]]


def refer(answer: object) -> Reference:
    """How an answer is kept; a type that nobody has thought of is a fault."""
    return _REFER[type(answer)](answer)


def find(session: Session, operator: SignedIn, reference: Reference) -> Any:
    """The same as it is now, as far as the operator sees it; NOT_FOUND otherwise."""
    found = _FIND[reference.noun](session, operator, reference)
    if found is None:
        raise Refusal(Code.NOT_FOUND, {"noun": reference.noun})
    return found


def _refer_to(noun: Noun) -> Callable[[Any], Reference]:
    return lambda row: Reference(noun, (row.id,))


def _refer_to_department(row: models.Department) -> Reference:
    is_gone = sa.inspect(row).deleted
    return Reference(Noun.DEPARTMENT, (row.id,), row.name if is_gone else None)


def _refer_to_clearance(row: models.Clearance) -> Reference:
    return Reference(Noun.CLEARANCE, (row.student_id, row.checkpoint_id))


def _refer_to_change(change: rules.Change) -> Reference:
    turned = change.turned
    numbers = (change.checkpoint.id, turned.to_not_required, turned.to_pending)
    return Reference(_CHANGE, numbers)


def _refer_to_word(word: synonyms.Word) -> Reference:
    return Reference(models.Synonym.__name__, word=f"{word.meaning.kind} {word.word}")


def _refer_to_receipt(receipt: receipts.Receipt) -> Reference:
    return Reference(_RECEIPT, (receipt.student_id,))


def _refer_to_oneself(operator: SignedIn) -> Reference:
    return Reference(_ONESELF, (operator.id,))


def _by_id(by_ids: ByIds) -> Find:
    def find_row(session: Session, operator: SignedIn, reference: Reference) -> object | None:
        [number] = reference.numbers
        return by_ids(session, operator, [number]).get(number)

    return find_row


def _department(session: Session, operator: SignedIn, reference: Reference) -> object | None:
    """One that was taken away, as it was."""
    [number] = reference.numbers
    if reference.word is not None:
        return models.Department(id=number, name=reference.word)
    return schemes.departments_by_ids(session, operator, [number]).get(number)


def _clearance(session: Session, operator: SignedIn, reference: Reference) -> object | None:
    student_id, checkpoint_id = reference.numbers
    key = (student_id, checkpoint_id)
    return clearances.by_keys(session, operator, [key]).get(key)


def _change(session: Session, operator: SignedIn, reference: Reference) -> object | None:
    number, to_not_required, to_pending = reference.numbers
    checkpoint = checkpoints.by_ids(session, operator, [number]).get(number)
    return checkpoint and rules.Change(checkpoint, Turned(to_not_required, to_pending))


def _word(session: Session, _operator: SignedIn, reference: Reference) -> object:
    kind, _, word = (reference.word or "").partition(" ")
    return synonyms.find(session, SynonymKind(kind), word)


def _oneself(_session: Session, operator: SignedIn, _reference: Reference) -> object:
    return operator


# Of what has no id, the name of its GraphQL type.
_CHANGE, _ONESELF, _RECEIPT = "ApplicabilityChange", "Viewer", "Receipt"
_BY_ID: dict[type[models.Base], tuple[Noun, ByIds]] = {
    models.Scheme: (Noun.SCHEME, schemes.by_ids),
    models.Checkpoint: (Noun.CHECKPOINT, checkpoints.by_ids),
    # Only who administers the scheme writes students, and sees archived ones too.
    models.Student: (Noun.STUDENT, enrolment.by_ids),
    models.Waiver: (Noun.WAIVER, waivers.by_ids),
    models.HandOut: (Noun.HAND_OUT, hand_out_lists.by_ids),
    models.ClearanceCertificate: (Noun.CLEARANCE_CERTIFICATE, certificates.by_ids),
    models.Operator: (Noun.OPERATOR, operators.by_ids),
    models.Grant: (Noun.GRANT, grants.by_ids),
    models.Job: (Noun.JOB, jobs.by_ids),
    models.Feed: (Noun.FEED, feeds.by_ids),
    models.FeedToken: (Noun.FEED_TOKEN, tokens.by_ids),
}
_REFER: dict[type, Callable[[Any], Reference]] = {
    **{kind: _refer_to(noun) for kind, (noun, _) in _BY_ID.items()},
    models.Department: _refer_to_department,
    models.Clearance: _refer_to_clearance,
    rules.Change: _refer_to_change,
    synonyms.Word: _refer_to_word,
    SignedIn: _refer_to_oneself,
    receipts.Receipt: _refer_to_receipt,
}
_FIND: dict[str, Find] = {
    **{noun: _by_id(by_ids) for noun, by_ids in _BY_ID.values()},
    Noun.DEPARTMENT: _department,
    Noun.CLEARANCE: _clearance,
    _CHANGE: _change,
    _RECEIPT: _by_id(receipts.by_ids),
    models.Synonym.__name__: _word,
    _ONESELF: _oneself,
}
