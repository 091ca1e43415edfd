"""A paper as PDF: A4, in Chinese with English beside it, the font inside; alike every time.

It is PDF/A-2u, which admits no character that the font lacks: should one slip through the check
below, nothing is printed rather than an empty box.
"""

import dataclasses
import io
import itertools
from functools import cache
from pathlib import Path

import orjson
import segno
import typst

from domain.certifying import font
from domain.certifying.papers import Paper
from domain.errors import Code, Refusal

TEMPLATE = Path(__file__).with_name("certificate.typ")


def pdf(paper: Paper) -> bytes:
    """The document; CHARACTERS_NOT_PRINTABLE if the font lacks some of what it says."""
    _require_printable(paper)
    content = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={
            "paper": font.composed(orjson.dumps(paper).decode()),
            "qr": _qr(paper.verify_url),
        },
        pdf_standards="a-2u",
        timestamp=paper.issued_at.replace(microsecond=0),
    )
    if not isinstance(content, bytes):
        raise TypeError("A document is one run of bytes.")
    return content


def _require_printable(paper: Paper) -> None:
    values = (*dataclasses.astuple(paper), *itertools.chain(*map(dataclasses.astuple, paper.steps)))
    texts = " ".join(each for each in values if isinstance(each, str))
    lacking = font.lacking(font.composed(texts))
    if lacking:
        told = "、".join(f"{each} (U+{ord(each):04X})" for each in lacking)
        raise Refusal(Code.CHARACTERS_NOT_PRINTABLE, {"characters": told})


@cache
def _fonts() -> typst.Fonts:
    """The font of the package alone, whatever the machine has."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[font.FILE.parent]
    )


def _qr(text: str) -> str:
    """A QR code as SVG, to be read although 15 % of it are smudged."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", xmldecl=False, border=0)
    return drawn.getvalue().decode()
