"""Text in a CSV file that a spreadsheet would calculate: an apostrophe in front makes it text."""

import re

# Excel looks past spaces, and takes the full-width signs for the others.
_CALCULATED = re.compile(r"'*\s*[=+\-@＝＋－＠]|'*[\t\r\n]")


def guarded(text: str) -> str:
    """The text as it is safe in a cell of a CSV file."""
    return f"'{text}" if _CALCULATED.match(text) else text


def plain(text: str) -> str:
    """The text that was guarded; what was not is as it is."""
    return text[1:] if text.startswith("'") and _CALCULATED.match(text) else text
