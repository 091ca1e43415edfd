"""To whom a rule applies: every condition, where it holds, where it does not, where none knows."""

from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids
from domain.deciding import applicability
from domain.deciding.applicability import Applicability, Conditions
from domain.ids import Noun
from models import Cohort, Student
from tests.world import GEOLOGY, MARX, World

NUMBER = "2020010101"
DOUBLE, SINGLE = Cohort.DOUBLE_CERTIFICATE_GRADUATE, Cohort.SINGLE_CERTIFICATE_GRADUATE
# A condition, a student's value for whom it holds, one for whom it does not.
CASES: dict[str, tuple[dict[str, Any], str, Any, Any]] = {
    "cohorts": ({"cohorts": [SINGLE, DOUBLE]}, "cohort", DOUBLE, Cohort.UNDERGRADUATE),
    "training levels": ({"training_levels": ["博士", "硕士"]}, "training_level", "硕士", "本科"),
    "categories": ({"categories": ["学历硕士"]}, "category", "学历硕士", "学历博士"),
    "household": ({"household_transfer": True}, "household_transfer", True, False),
    "no household": ({"household_transfer": False}, "household_transfer", False, True),
    "prefixes": ({"dormitory_prefixes": ["西区", "东区-"]}, "dormitory", "东区-研1号楼", "东区外"),
    "no pattern": ({"dormitory_prefixes": ["东_%"]}, "dormitory", "东_%1", "东区-研1号楼"),
    "departments": ({"departments": [MARX]}, "department_id", MARX, GEOLOGY),
    "entry years": ({"entry_years": [2019, 2020]}, "entry_year", 2020, 2021),
}
# Of these every student has one.
ALWAYS_KNOWN = {"cohorts", "departments"}
UNKNOWN = CASES.keys() - ALWAYS_KNOWN


def applies(world: World, rule: Applicability, **values: Any) -> bool:
    """Whether the rule applies to a student with these values; its stored form says the same."""
    with world.database.write() as session:
        student_id = world.students[NUMBER]
        if values:
            session.execute(sa.update(Student).where(Student.id == student_id).values(**values))
        stored = applicability.stored(session, rule, ())
        answers = {
            session.scalars(
                sa.select(applicability.applies(each)).where(Student.id == student_id)
            ).one()
            for each in (rule, applicability.read(stored))
        }
        [answer] = answers
        return answer


def conditions(world: World, given: dict[str, Any]) -> Conditions:
    if "departments" not in given:
        return Conditions(**given)
    return Conditions(departments=[ids.PublicId(world.department(MARX))])


def value(world: World, plain: Any) -> Any:
    return world.departments[plain] if plain in {MARX, GEOLOGY} else plain


@pytest.mark.parametrize("name", CASES)
def test_each_condition_of_known_students(name: str, world: World) -> None:
    given, column, held, other = CASES[name]
    rule = conditions(world, given)
    for plain, holds in ((held, True), (other, False)):
        values = {column: value(world, plain)}
        assert applies(world, Applicability(only=rule), **values) is holds
        assert applies(world, Applicability(not_for=rule), **values) is not holds


@pytest.mark.parametrize("name", sorted(UNKNOWN))
def test_what_is_not_known_counts_as_applying(name: str, world: World) -> None:
    given, column, _, _ = CASES[name]
    rule = conditions(world, given)
    assert applies(world, Applicability(only=rule), **{column: None}) is True
    assert applies(world, Applicability(not_for=rule), **{column: None}) is True


def test_every_condition_there_is_has_its_case() -> None:
    tried = {name for given, *_ in CASES.values() for name in given}
    assert tried | {"has_dormitory"} == set(Conditions.__dataclass_fields__)


@pytest.mark.parametrize("dormitory", ["东区-研1号楼", None])
def test_only_the_question_for_a_dormitory_is_about_the_empty_cell(
    dormitory: str | None, world: World
) -> None:
    for asked in (True, False):
        rule = Conditions(has_dormitory=asked)
        holds = (dormitory is not None) is asked
        assert applies(world, Applicability(only=rule), dormitory=dormitory) is holds
        assert applies(world, Applicability(not_for=rule), dormitory=dormitory) is not holds


def test_without_conditions_it_applies_to_everybody(world: World) -> None:
    assert applies(world, Applicability()) is True


def test_no_cohort_holds_for_nobody(world: World) -> None:
    assert applies(world, Applicability(only=Conditions(cohorts=[]))) is False
    assert applies(world, Applicability(not_for=Conditions(cohorts=[]))) is True


@pytest.mark.parametrize(
    ("level", "year", "applies_to"),
    [
        ("硕士", 2020, (True, False)),
        ("硕士", 2021, (False, True)),
        ("博士", 2020, (False, True)),
        (None, 2020, (True, True)),
        (None, 2021, (False, True)),
    ],
)
def test_all_conditions_of_a_side_must_hold(
    level: str | None, year: int, applies_to: tuple[bool, bool], world: World
) -> None:
    both = Conditions(training_levels=["硕士"], entry_years=[2020])
    rules = (Applicability(only=both), Applicability(not_for=both))
    found = tuple(applies(world, rule, training_level=level, entry_year=year) for rule in rules)
    assert found == applies_to


def test_whoever_is_meant_and_excepted_is_excepted(world: World) -> None:
    rule = Applicability(
        only=Conditions(training_levels=["硕士"]), not_for=Conditions(entry_years=[2020])
    )
    assert applies(world, rule, training_level="硕士", entry_year=2020) is False
    assert applies(world, rule, training_level="硕士", entry_year=2021) is True
    assert applies(world, rule, training_level="博士", entry_year=2021) is False


def test_a_rule_is_stored_as_plain_data_without_what_was_not_said(world: World) -> None:
    department = ids.PublicId(ids.encode(Noun.DEPARTMENT, world.departments[MARX]))
    rule = Applicability(
        only=Conditions(cohorts=[SINGLE], training_levels=[" 硕士\n"], departments=[department]),
        not_for=Conditions(household_transfer=False),
    )
    with world.database.write() as session:
        stored = applicability.stored(session, rule, ())
        assert applicability.stored(session, Applicability(), ()) is None
    assert stored == {
        "only": {
            "cohorts": ["SINGLE_CERTIFICATE_GRADUATE"],
            "training_levels": ["硕士"],
            "departments": [department],
        },
        "not_for": {"household_transfer": False},
    }
