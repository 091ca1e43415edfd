"""Plain text in columns, where a Chinese character is as wide as two others."""

import itertools
import unicodedata
from collections.abc import Iterable, Sequence

INDENT = " " * 4
GAP = "  "
PARAGRAPH = 92
Row = Sequence[object]


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def pad(text: str, columns: int, *, right: bool = False) -> str:
    spaces = " " * (columns - width(text))
    return spaces + text if right else text + spaces


def table(head: Row, rows: Iterable[Row], below: Sequence[Sequence[str]] = ()) -> None:
    """Numbers stand to the right, everything else to the left; `below` are lines after each row."""
    lines = [head, *rows]
    wide = [max(width(str(line[place])) for line in lines) for place in range(len(head))]
    numeric = [isinstance(cell, int) for cell in lines[-1]]
    for line, notes in itertools.zip_longest(lines, [(), *below], fillvalue=()):
        cells = [
            pad(str(cell), columns, right=right)
            for cell, columns, right in zip(line, wide, numeric, strict=True)
        ]
        say(GAP.join(cells).rstrip())
        for note in notes:
            say(" " * (wide[0] + width(GAP)) + note)


_numbers = itertools.count(1)


def step(title: str, why: str = "") -> None:
    """The head of the next step, and in a line what it is about."""
    print(f"\n{next(_numbers):>2}. {title}")
    if why:
        say(why)


def say(line: str) -> None:
    print(f"{INDENT}{line}")


def paragraph(text: str) -> None:
    """Longer than a line; Chinese may break anywhere."""
    line = ""
    for each in text:
        if width(line + each) > PARAGRAPH:
            say(f"  {line.strip()}")
            line = ""
        line += each
    say(f"  {line.strip()}")


def begin(text: str, indent: str = INDENT) -> None:
    """A line that grows while one looks at it."""
    print(indent + text, end="", flush=True)


def end(text: str) -> None:
    print(text)
