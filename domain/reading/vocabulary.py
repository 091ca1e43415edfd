"""What words of files were given to mean, folded, and how it wins over what comes along; pure."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from domain.reading.sheets import Headers
from models import Act


class ResultMeaning(enum.StrEnum):
    """What a word says in a cell of 办理结果."""

    PASS = "PASS"  # noqa: S105 -- not a password
    REFUSE = "REFUSE"
    NOTHING = "NOTHING"
    UNKNOWN = "UNKNOWN"


class HeaderMeaning(enum.StrEnum):
    """What stands under a header; a list that has no such column leaves it alone."""

    NUMBER = "NUMBER"
    CANDIDATE_NUMBER = "CANDIDATE_NUMBER"
    ID_NUMBER = "ID_NUMBER"
    NUMBER_OR_ID = "NUMBER_OR_ID"
    NAME = "NAME"
    RESULT = "RESULT"
    REMARK = "REMARK"
    GENDER = "GENDER"
    ENTRY_YEAR = "ENTRY_YEAR"
    COHORT = "COHORT"
    DEPARTMENT = "DEPARTMENT"
    MAJOR = "MAJOR"
    CLASS = "CLASS"
    CATEGORY = "CATEGORY"
    TRAINING_LEVEL = "TRAINING_LEVEL"
    HOUSEHOLD_TRANSFER = "HOUSEHOLD_TRANSFER"
    DORMITORY = "DORMITORY"
    IGNORED = "IGNORED"
    UNKNOWN = "UNKNOWN"


C = TypeVar("C", bound=enum.StrEnum)
Results = Mapping[str, Act | None]
_ACTS = {
    ResultMeaning.PASS: Act.PASS,
    ResultMeaning.REFUSE: Act.REFUSE,
    ResultMeaning.NOTHING: None,
}


@dataclass(frozen=True)
class Vocabulary:
    """The words that administrators gave a meaning."""

    results: Mapping[str, ResultMeaning] = field(default_factory=dict)
    headers: Mapping[str, HeaderMeaning] = field(default_factory=dict)

    def acts(self, usual: Results) -> Results:
        """What a cell of 办理结果 decides; a word that is not in it is unknown."""
        own = {word: _ACTS[each] for word, each in self.results.items() if each in _ACTS}
        return {word: usual[word] for word in usual.keys() - self.results.keys()} | own

    def titles(self, usual: Headers[C], columns: type[C]) -> Headers[C]:
        """What titles mean in a kind of list with these columns."""
        kept = {word: usual.meanings[word] for word in usual.meanings.keys() - self.headers.keys()}
        left_alone = set(usual.ignored) - self.headers.keys()
        own = {}
        for word, meaning in self.headers.items():
            if meaning in columns.__members__:
                own[word] = columns[meaning]
            elif meaning is not HeaderMeaning.UNKNOWN:
                left_alone.add(word)
        return replace(usual, meanings=kept | own, ignored=left_alone)


USUAL = Vocabulary()
