"""A file of decisions for one checkpoint or several: a result column each, under shared keys.

The column of a checkpoint is headed by its title, alone or with the usual word for a result or a
remark (图书馆办理结果, 备注（图书馆）, or a row of titles above the words). A usual word alone
means the only checkpoint, if there is only one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from domain.errors import Code, Refusal
from domain.reading import cells, sheets
from domain.reading.cells import Column, Layout
from domain.reading.sheets import Headers
from domain.reading.vocabulary import USUAL, Vocabulary
from models import MatchBy

_OF_CHECKPOINT = (Column.RESULT, Column.REMARK)


class Heading(NamedTuple):
    """What a column means, and for which of the checkpoints; None: for all of them."""

    column: Column
    part: int | None = None


Sheet = sheets.Sheet[Heading]
_Layout = sheets.Layout[Heading]


def headers(titles: Sequence[str], vocabulary: Vocabulary = USUAL) -> Headers[Heading]:
    """What titles mean in a file for the checkpoints with these titles."""
    usual = Headers(cells.COLUMN_OF, cells.IGNORED, "学号（或身份证号）、办理结果")
    known = vocabulary.titles(usual, Column)
    only = 0 if len(titles) == 1 else None
    meanings = {
        word: Heading(column, only if column in _OF_CHECKPOINT else None)
        for word, column in known.meanings.items()
        if column not in _OF_CHECKPOINT or only is not None
    }
    alone = {
        sheets.folded(title): Heading(Column.RESULT, part) for part, title in enumerate(titles)
    }
    own = {sheets.bare(text): each for text, each in _own(titles, known.meanings)}
    return Headers(meanings | alone, known.ignored, usual.wanted, own)


def _own(titles: Sequence[str], known: Mapping[str, Column]) -> Iterator[tuple[str, Heading]]:
    """The titles with a word; the last of equal texts counts, which has the longest title: 备注 of
    图书馆审核 is not 审核备注 of 图书馆."""
    words = [(word, column) for word, column in known.items() if column in _OF_CHECKPOINT]
    for part, title in sorted(enumerate(titles), key=lambda each: len(each[1])):
        for word, column in words:
            yield f"{title}{word}", Heading(column, part)
            yield f"{word}{title}", Heading(column, part)


def check(layout: _Layout, titles: Sequence[str], match_by: MatchBy) -> _Layout:
    """Refuse a header without keys or a checkpoint's results; leave out the keys not asked for.

    A column that names the checkpoint of each row is another kind of list.
    """
    keys = [Heading(each) for each in cells.KEY_COLUMNS[match_by]]
    if not any(key in layout.columns for key in keys):
        raise Refusal(Code.KEY_COLUMN_MISSING, {"columns": cells.KEY_HEADERS[match_by]})
    for part, title in enumerate(titles):
        if Heading(Column.RESULT, part) not in layout.columns:
            facts = {"checkpoint": title} if len(titles) > 1 else {}
            raise Refusal(Code.RESULT_COLUMN_MISSING, facts)
    if cells.CHECKPOINT_HEADER in map(sheets.folded, layout.titles):
        raise Refusal(Code.SEVERAL_CHECKPOINTS, {"column": cells.CHECKPOINT_HEADER})
    wanted = {*keys, Heading(Column.NAME)}
    used = {
        heading: place
        for heading, place in layout.columns.items()
        if heading in wanted or heading.column in _OF_CHECKPOINT
    }
    return replace(layout, columns=used)


def layouts(layout: _Layout, count: int) -> list[Layout]:
    """What the columns mean for each of so many checkpoints."""
    return [_layout(layout, part) for part in range(count)]


def _layout(layout: _Layout, part: int) -> Layout:
    columns = {
        heading.column: place
        for heading, place in layout.columns.items()
        if heading.part in {None, part}
    }
    return Layout(layout.header_row, layout.titles, columns, layout.unknown)
