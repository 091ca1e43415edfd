"""Text with tags in it, as browsers take it: never wrong, only odd, unless it is cut off.

Not by `html.parser`: a page of a megabyte may keep that busy for hours (decision 0017).
"""

import enum
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from domain.errors import Code, Refusal
from domain.workbook.limits import Reason, hostile

COMMENT = "!--"
# A quote counts only behind an equals sign; nothing is gone back to, so that time is linear.
_TOKEN = re.compile(
    r"<(?=[!?/A-Za-z])(?:(?P<comment>!--)|(?P<section>!\[CDATA\[)|(?P<other>[!?]|/[^A-Za-z])|"
    r"(?P<name>/?[A-Za-z][^\s/>]*+)(?P<tag>(?:[^>=]++|=\s*+(?:\"[^\"]*\"|'[^']*')?)*+)>)"
    r"|<(?=/?[A-Za-z])(?P<cut>)"
)
# What stands in these is no text of the page.
_UNSEEN = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title")}
_ENTITY = re.compile("!ENTITY", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([^\s=/\"']+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']*))")
_BEGINNING = 1 << 12
_BOOK = re.compile(r"<(\w+:)?Workbook\b")
_BLANK = re.compile(r"[ \t\r\n\f]+")
_BLANK_LINE_END = re.compile(r" ?\n ?")


class Kind(enum.Enum):
    """What tags make of a text: the rows of a page, of a workbook, or nothing."""

    PAGE = enum.auto()
    BOOK = enum.auto()
    NONE = enum.auto()


class Token(NamedTuple):
    """Some text and the tag behind it: its name in lower case, its attributes as they stand."""

    before: str
    name: str
    attributes: str
    end: int


def kind(path: Path, encoding: str) -> Kind:
    """What a text looks like at its beginning."""
    with path.open(encoding=encoding) as text:
        beginning = text.read(_BEGINNING).lstrip("\ufeff \t\r\n")
    if not beginning.startswith("<"):
        return Kind.NONE
    return Kind.BOOK if _BOOK.search(beginning) else Kind.PAGE


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """All tags from a place on; of a comment the name is `COMMENT`, and its text the attributes."""
    at, before = start, ""
    while found := _TOKEN.search(text, at):
        before += text[at : found.start()]
        at = found.end()
        kind = found.lastgroup
        if kind == "tag":
            name = found["name"].lower()
            yield Token(before, name, found["tag"], at)
            unseen = _UNSEEN.get(name)
            at = _end(unseen.search(text, at)) if unseen else at
        elif kind == "section":
            at = _behind(text, "]]>", at)
            before += html.escape(text[found.end() : at - 3])
            continue
        elif kind == "comment":
            # The shortest comment is <!-->.
            at = _behind(text, "-->", at - 2)
            yield Token(before, COMMENT, text[found.end() : at - 3], at)
        elif kind == "other":
            at = _declared(text, found.start() + 1)
            continue
        else:
            raise Refusal(Code.FILE_DAMAGED)
        before = ""


def _declared(text: str, at: int) -> int:
    """The end of a declaration; no page defines words of its own."""
    end = _behind(text, ">", at)
    if _ENTITY.search(text, at, end):
        raise hostile(Reason.DOCTYPE)
    return end


def _behind(text: str, end: str, at: int) -> int:
    """The place behind what ends something; what does not end was cut off."""
    found = text.find(end, at)
    if found < 0:
        raise Refusal(Code.FILE_DAMAGED)
    return found + len(end)


def _end(found: re.Match[str] | None) -> int:
    if found is None:
        raise Refusal(Code.FILE_DAMAGED)
    return found.start()


def attribute(attributes: str, name: str) -> str:
    """What an attribute says; nothing if it is not there."""
    for found in _ATTRIBUTE.finditer(attributes):
        if found[1].lower() == name:
            return plain(found[2] or found[3] or found[4] or "")
    return ""


def plain(text: str) -> str:
    """A text with its entities resolved."""
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError as endless:  # a character of more digits than Python takes for a number
        raise Refusal(Code.FILE_DAMAGED) from endless


def shown(parts: list[str]) -> str:
    """Texts of one cell as a browser shows them: spaces count once, a part that is a line end."""
    # Most cells end here.
    if len(parts) == 1 and parts[0].isalnum():
        return parts[0]
    joined = "".join(part if part == "\n" else _BLANK.sub(" ", part) for part in parts)
    return plain(_BLANK_LINE_END.sub("\n", joined)).strip()
