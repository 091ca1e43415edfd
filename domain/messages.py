"""What is told of a code: its sentence with the facts in it, for one reader."""

import datetime as dt
import enum
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain import variants, words
from domain.errors import Code


class Language(enum.StrEnum):
    """A language that messages are written in."""

    ZH = "zh"
    EN = "en"


# Facts of a file; elsewhere a `name` is that of an argument and stays as it is.
_FILE_FACTS = {(Code.FILE_TOO_LARGE, "name"), (Code.FILE_HOSTILE, "reason")}


# Facts that are canonical words and are told in the office's.
_WORDS = {"noun", "right", "status", "wanted", "kind"}
# Several of them, parted by spaces.
_WORD_LISTS = {"possible", "kinds"}
# Lists, which Chinese parts by 、.
_LISTS = {"rows", "columns", "checkpoints", "sheets", "characters"}


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


@dataclass(frozen=True)
class Reader:
    """For whom a sentence is written: in which language, and in which timezone times are told."""

    language: Language
    timezone: zoneinfo.ZoneInfo

    def message(self, code: Code, facts: Mapping[str, str]) -> str:
        """The sentence of a code with its facts filled in; an unknown fact reads as …."""
        told = {name: self._told(code, name, value) for name, value in facts.items()}
        return self._of(variants.sentence(code, facts)).format_map(_Facts(told))

    def word(self, canonical: str) -> str:
        """The office's word for a status, a noun or a right."""
        return self._of(words.WORDS.get(canonical, (canonical, canonical)))

    def text(self, pair: tuple[str, str], **facts: object) -> str:
        """A text that has no code, with its facts as they are."""
        return self._of(pair).format_map(facts)

    def listed(self, texts: Iterable[str]) -> str:
        """Several of them in a row."""
        return self._of(("、", ", ")).join(texts)

    def moment(self, at: dt.datetime) -> str:
        """A time as the reader's clock shows it."""
        return at.astimezone(self.timezone).strftime("%Y-%m-%d %H:%M:%S")

    def _told(self, code: Code, name: str, value: str) -> str:
        pair = _pair(code, name, value)
        if pair:
            return self._of(pair)
        if name in {"time", "opens", "closes"}:
            return self.moment(dt.datetime.fromisoformat(value))
        if name in _WORD_LISTS:
            if not value:
                return self._of(words.NOTHING)
            return self._listed("、".join(map(self.word, value.split())))
        if name in _LISTS:
            return self._listed(value)
        return self.word(value) if name in _WORDS else value

    def _listed(self, value: str) -> str:
        return value if self.language is Language.ZH else value.replace("、", ", ")

    def _of(self, pair: tuple[str, str]) -> str:
        return pair[0] if self.language is Language.ZH else pair[1]


def _pair(code: Code, name: str, value: str) -> tuple[str, str] | None:
    """What a fact of this code is in both languages, if that is known."""
    if (code, name) in _FILE_FACTS:
        return words.FILE_WORDS.get(value, (value, value))
    if (code, name) == (Code.INVALID_INPUT, "expected"):
        return words.expected(value)
    if (code, name) == (Code.INVALID_INPUT, "value") and not value:
        return words.MISSING
    return None
