"""Students one by one: what is given of them, and what is answered."""

from typing import Annotated, Any

import strawberry

from domain.enrolling import student_inputs
from schema.errors import Refused
from schema.inputs import name_input
from schema.student import Student

_FIELDS: dict[str, Any] = {
    "name": "姓名, 1-100 characters.",
    "cohort": "学生范围.",
    "department": "院系; NOT_FOUND if there is none.",
    "number": "学号, at most 50 characters: spaces, full width and letter case do not matter.",
    "candidate_number": "考生号, likewise.",
    "id_number": "身份证号 or another document, likewise: ID_MALFORMED for something like an"
    " 18-digit number that is none. A wrong check digit is accepted.",
    "gender": "性别.",
    "entry_year": "年级, 1900-2200.",
    "training_level": "培养层次, at most 100 characters.",
    "category": "学生类别, at most 100 characters.",
    "major": "专业, at most 100 characters.",
    "class_name": "班级, at most 100 characters.",
    "household_transfer": "是否户口迁移.",
    "dormitory": "住宿信息, at most 200 characters.",
}

StudentInput = name_input(
    student_inputs.StudentInput,
    "A student to enrol; at least one of 学号, 考生号 and 身份证号 is needed, each unique in the"
    " scheme, archived students included.",
    **_FIELDS,
)
StudentEdit = name_input(
    student_inputs.StudentEdit,
    "Other data of a student: null or absent keeps a value, an empty text empties it; see `clear`"
    " for the rest.",
    **_FIELDS,
)
StudentResult = Annotated[
    Student | Refused,
    strawberry.union("StudentResult", description="The student as they are now, or why not."),
]
