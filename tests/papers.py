"""A printed paper as a reader sees it: its text, its fonts, and the squares of its QR code."""

from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium
import segno

# Of the code on the paper: 3 cm, in points.
QR_SIZE = 3 / 2.54 * 72
SCALE = 4


@dataclass(frozen=True)
class Seen:
    """A document."""

    pages: tuple[str, ...]
    fonts: frozenset[tuple[str, bool]]
    qr: tuple[tuple[bool, ...], ...]

    @property
    def text(self) -> str:
        """Of all pages, lines one below the other."""
        return "\n".join(self.pages)


def look_at(content: bytes, address: str) -> Seen:
    """What a reader finds in a document; the QR code, on its last page, is looked at as one that
    is as large as that of an address."""
    document = pypdfium2.PdfDocument(content)
    try:
        pages = [document[place] for place in range(len(document))]
        texts = tuple(page.get_textpage().get_text_bounded() for page in pages)
        fonts = {
            (each.get_font().get_base_name().partition("+")[2], each.get_font().is_embedded)
            for page in pages
            for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT])
        }
        return Seen(
            tuple("\n".join(map(str.rstrip, text.splitlines())) for text in texts),
            frozenset(fonts),
            _squares(pages[-1], len(qr_of(address))),
        )
    finally:
        document.close()


def qr_of(text: str) -> tuple[tuple[bool, ...], ...]:
    """The squares that say this."""
    rows = segno.make_qr(text, error="m").matrix
    return tuple(tuple(bool(square) for square in row) for row in rows)


def _squares(page: pypdfium2.PdfPage, count: int) -> tuple[tuple[bool, ...], ...]:
    """Which squares are dark in the middle, as a camera sees it."""
    # The lines of the tables are drawn before it.
    *_, code = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH])
    left, bottom, right, top = code.get_bounds()
    first_x = (left + right - QR_SIZE) / 2
    first_y = page.get_height() - (bottom + top + QR_SIZE) / 2
    bitmap = page.render(scale=SCALE, grayscale=True)

    def is_dark(row: int, column: int) -> bool:
        x = (first_x + (column + 0.5) * QR_SIZE / count) * SCALE
        y = (first_y + (row + 0.5) * QR_SIZE / count) * SCALE
        return bool(bitmap.buffer[int(y) * bitmap.stride + int(x)] < 128)

    return tuple(tuple(is_dark(row, column) for column in range(count)) for row in range(count))
