"""Student, candidate and ID numbers, and names: normalised, checked, masked; never guessed."""

import datetime as dt
import re
import unicodedata

# Spaces of every kind, line breaks, control, zero-width and other invisible characters.
_INVISIBLE = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+"
)
_ZERO_WIDTH = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+"
)
_DECIMAL_ZERO = re.compile(r"(\d+)\.0+")
# As Excel shows it; 2E10101 may be a student number.
_SCIENTIFIC = re.compile(r"\d(\.\d+E\+?|E\+)\d+")
_ID_NUMBER = re.compile(r"\d{17}[\dX]")
_LIKE_ID_NUMBER = re.compile(r"\d{15,19}[\dA-Z]")
_ID_NUMBERS = re.compile(r"(?<!\d)\d{15,19}[\dA-Za-z]")
_MIDDLE_DOTS = re.compile(r"[·•‧∙⋅・･.．]")
# A double holds 15 decimal digits; Excel keeps no more.
EXACT_BELOW = 10**15
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def visible(text: str) -> str:
    """Half width, without spaces and what nobody sees."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def tidy(text: str) -> str:
    """A text without invisible characters, and with single spaces inside only."""
    if text.isalnum():
        return text
    return " ".join(_ZERO_WIDTH.sub("", text).split())


def is_plain(text: str) -> bool:
    """Nothing but letters and digits, as nearly every number: it says what it says."""
    return text.isascii() and text.isalnum()


def clean(text: str) -> str:
    """Half width, no invisible characters, no apostrophe in front, upper case."""
    if is_plain(text):
        return text.upper()
    plain = visible(text).lstrip("'‘’`").upper()
    whole = _DECIMAL_ZERO.fullmatch(plain)
    return whole[1] if whole else plain


def is_imprecise(cell: object) -> bool:
    """Whether a cell has lost digits: a number past 15 digits, or text like 1.10101E+17."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return abs(cell) >= EXACT_BELOW
    if not isinstance(cell, str) or is_plain(cell):
        return False
    return _SCIENTIFIC.fullmatch(clean(cell)) is not None


def is_masked(text: str) -> bool:
    """A masked number (110101********0001) names nobody."""
    return "*" in text


def is_malformed_id_number(text: str) -> bool:
    """Shaped like an 18-digit ID number, but none: wrong length, or no such birthday."""
    if not _LIKE_ID_NUMBER.fullmatch(text):
        return False
    return _ID_NUMBER.fullmatch(text) is None or not _has_birthday(text)


def _has_birthday(id_number: str) -> bool:
    try:
        dt.date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return False
    return True


def has_wrong_check_digit(text: str) -> bool:
    """Whether an 18-digit ID number fails GB 11643; the manual's masked ones all do."""
    if not _ID_NUMBER.fullmatch(text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return _CHECK_DIGITS[total % 11] != text[17]


def mask(id_number: str) -> str:
    """110101********0001; a short document keeps its first and its last character."""
    kept_front, kept_back = (6, 4) if len(id_number) >= 15 else (1, 1)
    hidden = max(len(id_number) - kept_front - kept_back, 0)
    if not hidden:
        return "*" * len(id_number)
    return id_number[:kept_front] + "*" * hidden + id_number[-kept_back:]


def masked(text: str) -> str:
    """A text with everything in it masked that is shaped like an ID number."""
    return _ID_NUMBERS.sub(lambda found: mask(found[0]), text)


def name_key(name: str) -> str:
    """What two spellings of one name share: spacing, width and the middle dot do not count."""
    plain = visible(name).casefold()
    return _MIDDLE_DOTS.sub("", plain)
