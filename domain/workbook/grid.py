"""A table row by row, where some cells reach over columns and rows, as in Excel."""

from domain.workbook.limits import Bound, Limits, too_large
from domain.workbook.table import Numbered, trimmed


class Grid:
    """Where the next cell stands; the text of a cell is in its first row and column only."""

    def __init__(self, limits: Limits) -> None:
        self.number = 0
        self._limits = limits
        self._row: list[object] = []
        self._taken: dict[int, int] = {}
        self._cells = 0

    def begin(self, number: int | None = None) -> None:
        """The next row, or that of a number."""
        self.number = number or self.number + 1
        self._row = []
        if self.number > self._limits.rows:
            raise too_large(Bound.ROWS, self._limits.rows)

    def skip(self, columns: int) -> None:
        """So many columns at least are before the next cell."""
        self._reach(columns)

    def add(self, text: object, width: int = 1, height: int = 1) -> None:
        """The next cell, in the first column that none from above reaches into."""
        column = len(self._row)
        while self._taken and self._taken.get(column, 0) >= self.number:
            column += 1
        self._reach(column + width)
        self._row[column] = text
        if height > 1:
            last = self.number + height - 1
            self._taken.update(dict.fromkeys(range(column, column + width), last))

    def _reach(self, width: int) -> None:
        if width > self._limits.columns:
            raise too_large(Bound.COLUMNS, self._limits.columns, self.number)
        new = max(width - len(self._row), 0)
        self._cells += new
        if self._cells > self._limits.cells:
            raise too_large(Bound.CELLS, self._limits.cells)
        self._row.extend([""] * new)

    def row(self) -> Numbered | None:
        """The row, if it holds something."""
        cells = trimmed(self._row)
        return (self.number, cells) if cells else None
