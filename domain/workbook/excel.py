"""The most that a sheet of Excel holds."""

ROWS = 1_048_576
COLUMNS = 16_384
CELL_CHARACTERS = 32_767


def length(text: str) -> int:
    """How many characters Excel counts: one outside the basic plane is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
