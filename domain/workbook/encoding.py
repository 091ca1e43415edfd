"""How a text is encoded: what stands before it tells, else what it can be."""

import codecs
import re
from pathlib import Path

from domain.errors import Code, Refusal

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# In the order they are tried: hardly a text in GB18030 is by chance one in UTF-8 too.
_ENCODINGS = ("utf-8-sig", "gb18030")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CHUNK = 1 << 18


def of(path: Path) -> str:
    """The encoding of a file; one that is no text is no workbook."""
    with path.open("rb") as file:
        encodings = ("utf-16",) if file.read(2) in _WIDE else _ENCODINGS
    for encoding in encodings:
        if _is_text(path, encoding):
            return encoding
    raise Refusal(Code.NOT_A_WORKBOOK)


def _is_text(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while piece := file.read(_CHUNK):
                if _NO_TEXT.search(decoder.decode(piece)):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
