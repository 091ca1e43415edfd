"""Synonyms: what the words of files mean, those that come along and those of administrators."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import errors, operators
from domain.errors import Code, Refusal
from domain.reading import cells, roster_cells, sheets, student_records
from domain.reading.vocabulary import HeaderMeaning, ResultMeaning, Vocabulary
from domain.signed_in import SignedIn
from domain.words import office_word
from models import Act, ClearanceStatus, Synonym, SynonymKind

LONGEST = 50
MOST = 500


@dataclass(frozen=True)
class Meaning:
    """What a word says in a cell of 办理结果, or in a header: one of them."""

    result: ResultMeaning | None = None
    header: HeaderMeaning | None = None

    @property
    def kind(self) -> SynonymKind:
        """Where the word stands."""
        return SynonymKind.HEADER if self.result is None else SynonymKind.RESULT

    @property
    def stored(self) -> str:
        """As the table has it."""
        return self.result or self.header or HeaderMeaning.UNKNOWN


@dataclass(frozen=True)
class Word:
    """A word of files with its meaning, and the row of who gave it that one, if anybody did."""

    word: str
    meaning: Meaning
    own: Synonym | None = None


_Key = tuple[SynonymKind, str]
_OF_ACT = {
    Act.PASS: ResultMeaning.PASS,
    Act.REFUSE: ResultMeaning.REFUSE,
    None: ResultMeaning.NOTHING,
}
_ORDER: dict[str | None, int] = {
    name: place for kind in (ResultMeaning, HeaderMeaning) for place, name in enumerate(kind)
}


def listed(session: Session, _operator: SignedIn, kind: SynonymKind | None) -> Sequence[Word]:
    """Every word that is known, by what it means."""
    words = _usual() | {(row.kind, row.folded): _own(row) for row in _rows(session)}
    found = [word for word in words.values() if kind in {None, word.meaning.kind}]
    return sorted(found, key=_place)


def _place(word: Word) -> tuple[bool, int, str]:
    meaning = word.meaning
    return meaning.kind is SynonymKind.HEADER, _ORDER[meaning.stored], word.word


def vocabulary(session: Session) -> Vocabulary:
    """The words of the administrators, as the readers of files need them."""
    words = [(row.folded, _own(row).meaning) for row in _rows(session)]
    return Vocabulary(
        results={word: meaning.result for word, meaning in words if meaning.result},
        headers={word: meaning.header for word, meaning in words if meaning.header},
    )


def put(session: Session, operator: SignedIn, word: str, meaning: Meaning) -> Word:
    """Give a word this meaning, whatever it meant before."""
    operators.require_administering_all(operator)
    plain = word.strip()
    key = (meaning.kind, _checked(plain, meaning.kind))
    # Two at once must not pass the limit together.
    session.execute(sa.text("LOCK TABLE synonyms IN SHARE ROW EXCLUSIVE MODE"))
    _require_room(session, key)
    new = {
        "word": plain,
        "meaning": meaning.stored,
        "operator_id": operator.id,
        "created_at": sa.func.now(),
    }
    row = session.scalars(
        postgresql.insert(Synonym)
        .values(kind=key[0], folded=key[1], **new)
        .on_conflict_do_update(index_elements=["kind", "folded"], set_=new)
        .returning(Synonym)
    ).one()
    return _own(row)


def remove(session: Session, operator: SignedIn, kind: SynonymKind, word: str) -> Word:
    """Take an own meaning back; what the word means without it."""
    operators.require_administering_all(operator)
    folded = sheets.folded(word)
    removed = session.scalars(
        sa.delete(Synonym)
        .where(Synonym.kind == kind, Synonym.folded == folded)
        .returning(Synonym.word)
    ).one_or_none()
    if removed is None:
        raise Refusal(Code.NOT_FOUND, {"noun": Synonym.__name__})
    return _without_own(kind, removed)


def find(session: Session, kind: SynonymKind, word: str) -> Word:
    """What a word means, whoever gave it that meaning."""
    set_by_somebody = sa.and_(Synonym.kind == kind, Synonym.folded == sheets.folded(word))
    row = session.scalars(sa.select(Synonym).where(set_by_somebody)).one_or_none()
    return _own(row) if row else _without_own(kind, word)


def _without_own(kind: SynonymKind, word: str) -> Word:
    unknown = Word(word, _meaning(kind, "UNKNOWN"))
    return _usual().get((kind, sheets.folded(word)), unknown)


def _rows(session: Session) -> Iterable[Synonym]:
    return session.scalars(sa.select(Synonym))


def _own(row: Synonym) -> Word:
    return Word(row.word, _meaning(row.kind, row.meaning), row)


def _meaning(kind: SynonymKind, stored: str) -> Meaning:
    if kind is SynonymKind.RESULT:
        return Meaning(result=ResultMeaning(stored))
    return Meaning(header=HeaderMeaning(stored))


def _usual() -> dict[_Key, Word]:
    """What comes along; an empty cell is no word."""
    words = (
        *((word, Meaning(result=_OF_ACT[act])) for word, act in cells.RESULTS.items() if word),
        *((word, Meaning(header=each)) for word, each in _usual_headers().items()),
    )
    return {(meaning.kind, word): Word(word, meaning) for word, meaning in words}


def _usual_headers() -> dict[str, HeaderMeaning]:
    """Of all kinds of lists: what one of them leaves alone may mean something in another."""
    ignored = {
        *cells.IGNORED,
        *roster_cells.HEADERS.ignored,
        *sheets.APPENDED,
    }
    used = {**roster_cells.HEADERS.meanings, **cells.COLUMN_OF}
    return {
        **dict.fromkeys(ignored, HeaderMeaning.IGNORED),
        **{word: HeaderMeaning(column) for word, column in used.items()},
    }


def _fixed() -> dict[SynonymKind, set[str]]:
    """The words that the service writes into files itself: they must be read as they are meant."""
    statuses = (office_word(status) for status in ClearanceStatus)
    columns = (words[0] for words in cells.HEADERS.values())
    appended = (
        *sheets.APPENDED,
        roster_cells.CHANGES_HEADER,
        *cells.DECIDED_HEADERS,
    )
    return {
        SynonymKind.RESULT: {"通过", *statuses},
        SynonymKind.HEADER: {*columns, *student_records.TITLES.values(), *appended},
    }


def _checked(word: str, kind: SynonymKind) -> str:
    """The word as it is compared."""
    folded = sheets.folded(errors.of_length(("word",), word, 1, LONGEST))
    errors.of_length(("word",), folded, 1, LONGEST)
    if folded in _fixed()[kind]:
        raise errors.invalid(("word",), word, "a word that is not written by the service itself")
    return folded


def _require_room(session: Session, key: _Key) -> None:
    others = sa.select(sa.func.count()).where(sa.tuple_(Synonym.kind, Synonym.folded) != key)
    if session.scalars(others).one() >= MOST:
        raise Refusal(Code.LIMIT_EXCEEDED, {"name": "synonyms", "limit": MOST, "value": MOST + 1})
