"""What own words do to what comes along, without a file."""

import pytest

from domain.reading import cells, parts, roster_cells, sheets
from domain.reading.cells import Column
from domain.reading.vocabulary import USUAL, HeaderMeaning, ResultMeaning, Vocabulary
from models import Act, StudentField


def test_without_own_words_everything_is_as_it_comes_along() -> None:
    assert USUAL.acts(cells.RESULTS) == cells.RESULTS
    assert USUAL.titles(roster_cells.HEADERS, StudentField) == roster_cells.HEADERS


@pytest.mark.parametrize(
    ("word", "meaning", "act"),
    [
        ("已办理", ResultMeaning.PASS, Act.PASS),
        ("1", ResultMeaning.REFUSE, Act.REFUSE),
        ("1", ResultMeaning.NOTHING, None),
    ],
)
def test_a_result_means_what_its_own_word_says(
    word: str, meaning: ResultMeaning, act: Act | None
) -> None:
    acts = Vocabulary(results={word: meaning}).acts(cells.RESULTS)
    assert acts == {**cells.RESULTS, word: act}


def test_a_result_may_be_unlearnt() -> None:
    acts = Vocabulary(results={"1": ResultMeaning.UNKNOWN}).acts(cells.RESULTS)
    assert acts.keys() == cells.RESULTS.keys() - {"1"}


def test_a_header_means_the_same_column_in_every_list_that_has_it() -> None:
    own = Vocabulary(headers={"编号": HeaderMeaning.NUMBER, "宿舍": HeaderMeaning.DORMITORY})
    decisions = parts.headers(["图书馆"], own)
    roster = own.titles(roster_cells.HEADERS, StudentField)
    assert (decisions.column("编号"), roster.column("编号")) == (
        (Column.NUMBER, None),
        StudentField.NUMBER,
    )
    assert (decisions.column("宿舍"), roster.column("宿舍")) == (None, StudentField.DORMITORY)
    assert decisions.is_known("宿舍")


def test_a_header_may_be_left_alone_or_unlearnt() -> None:
    own = Vocabulary(headers={"审核备注": HeaderMeaning.IGNORED, "审核记录": HeaderMeaning.UNKNOWN})
    headers = parts.headers(["图书馆"], own)
    assert [headers.column(title) for title in ("审核备注", "审核记录")] == [None, None]
    assert [headers.is_known(title) for title in ("审核备注", "审核记录")] == [True, False]


def test_the_title_of_the_checkpoint_is_the_result_whatever_else_it_is_said_to_be() -> None:
    own = Vocabulary(headers={"图书馆": HeaderMeaning.IGNORED})
    assert parts.headers([" 图书馆 "], own).column("图书馆") == (Column.RESULT, 0)


def test_there_is_a_meaning_for_every_column_of_every_list() -> None:
    columns = {*Column, *StudentField} - {StudentField.STATUS}
    assert columns | {"IGNORED", "UNKNOWN"} == set(HeaderMeaning)


def test_every_word_that_comes_along_is_folded() -> None:
    words = {*cells.RESULTS, *cells.COLUMN_OF, *cells.IGNORED, *roster_cells.HEADERS.meanings}
    assert {word: sheets.folded(word) for word in words} == {word: word for word in words}
