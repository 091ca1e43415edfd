"""Which characters the font of printed papers has. It comes from a package; nothing is fetched."""

import re
import struct
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import noto_cjk_sans_otc

FAMILY = "Noto Sans CJK SC"
FILE = Path(str(noto_cjk_sans_otc.FONT_PATH))
# Of the fonts in the collection, the one with the forms of mainland China; all have equal maps.
_PLACE = 2
_UNICODE = (3, 10)
_ACCENTED = re.compile(r".[\u0300-\u036f]+")
# They choose a form of the character before them; without that form it stands as it usually does.
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


class _Span(NamedTuple):
    first: int
    last: int


def composed(text: str) -> str:
    """With accents as part of their letters; ideographs stay as they are."""
    return _ACCENTED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)


def lacking(text: str) -> list[str]:
    """The characters that would be printed as an empty box, each once, in their order."""
    return [each for each in dict.fromkeys(text) if not _has(ord(each))]


def _has(point: int) -> bool:
    spans = _spans()
    place = bisect_right(spans, point, key=lambda span: span.first) - 1
    is_mapped = place >= 0 and point <= spans[place].last
    return is_mapped or any(point in selectors for selectors in _SELECTORS)


@cache
def _spans() -> tuple[_Span, ...]:
    """The ranges of the font's character map (OpenType, `cmap` of format 12), in order."""
    with FILE.open("rb") as font:
        [start] = _read(font, ">I", 12 + 4 * _PLACE)
        tables = _records(font, ">4sIII", start + 12, _read(font, ">H", start + 4)[0])
        cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
        maps = _records(font, ">HHI", cmap + 4, _read(font, ">H", cmap + 2)[0])
        chosen = cmap + next(offset for *kind, offset in maps if tuple(kind) == _UNICODE)
        groups = _records(font, ">III", chosen + 16, _read(font, ">I", chosen + 12)[0])
        return tuple(_Span(first, last) for first, last, _ in groups)


def _read(font: BinaryIO, layout: str, at: int) -> tuple[Any, ...]:
    font.seek(at)
    return struct.unpack(layout, font.read(struct.calcsize(layout)))


def _records(font: BinaryIO, layout: str, at: int, count: int) -> list[tuple[Any, ...]]:
    font.seek(at)
    return list(struct.iter_unpack(layout, font.read(count * struct.calcsize(layout))))
