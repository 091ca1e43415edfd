"""Which characters can be printed: rare ones are, and none becomes an empty box."""

import pytest

from domain.certifying import font

RARE = "𠮷䶮㛃𬭎堃喆犇璟旻彧祎﨑"


@pytest.mark.parametrize("character", RARE)
def test_a_rare_character_of_a_name_is_there(character: str) -> None:
    assert font.lacking(character) == []


@pytest.mark.parametrize(
    "text", ["张思", "欧阳·娜娜", "José Ñandú", "Étienne", "（）、：“”—", "A-1_z ~", "\u3000"]
)
def test_what_offices_write_is_there(text: str) -> None:
    assert font.lacking(text) == []


@pytest.mark.parametrize(
    ("character", "what"),
    [
        ("\U00020000", "extension B"),
        ("\U00030000", "extension G"),
        ("\u0378", "unassigned"),
        ("\U000323b0", "unassigned"),
        ("\ue863", "private use"),
        ("👍", "emoji"),
        ("א", "Hebrew"),
        ("ཀ", "Tibetan"),
        ("\U0010ffff", "no character"),
    ],
)
def test_what_the_font_lacks_is_named_once(character: str, what: str) -> None:
    assert font.lacking(f"王{character}李{character}") == [character], what


@pytest.mark.parametrize("selector", ["\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef"])
def test_a_selector_of_a_form_leaves_its_character(selector: str) -> None:
    assert font.lacking(f"葛{selector}") == []


def test_accents_become_part_of_their_letters_and_ideographs_stay() -> None:
    assert font.composed("n\u0303e\u0301") == "ñé"
    # The compatibility form of 六: another character in the roster, and so on paper.
    assert font.composed("\uf9d1") == "\uf9d1"
    assert font.lacking(font.composed("n\u0303")) == []
    assert font.lacking(font.composed("x\u0303")) == ["\u0303"]
