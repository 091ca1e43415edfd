"""Lines of an import file with what must come of each, at 学工审核, as the dean of a department."""

from collections.abc import Sequence

from tests.workbooks import Value
from tests.world import MARX

MATHS = "数学学院"
LONG = "长" * 501
# A problem repeats no more of it.
SHORTENED = "长" * 499 + "…"
HEADER = ("学号/身份证号", "姓名", "办理结果", "备注", "身份证号")
Problem = tuple[str, str | None, str]
Line = tuple[Sequence[Value], str, list[Problem]]
APPLIED, UNCHANGED, FAILED = "APPLIED", "UNCHANGED", "FAILED"
ENROLLED = (
    # key, 姓名, 身份证号, 院系
    *((f"20210000{n:02}", f"学生{n:02}", "", MARX) for n in range(1, 34)),
    ("AB2021000040", "字母", "", MARX),
    ("0021000041", "零头", "", MARX),
    ("P7654321", "学号同护照", "", MARX),
    ("2021000043", "护照", "P7654321", MARX),
    ("2021000044", "欧阳·娜娜", "E8765432", MARX),
    ("2021000045", "身份", "11010519491231002X", MARX),
    ("2021000046", "Anna Lee", "", MARX),
    ("2021000047", "别院", "", MATHS),
)

IDENTIFIERS: list[Line] = [
    ((2021000001, "学生01", "通过"), APPLIED, []),
    (("2021000002.0", "学生02", "通过"), APPLIED, []),
    ((" 2021000003 ", "学生03", "通过"), APPLIED, []),
    (("2021\n0000\r\n04", "学生04", "通过"), APPLIED, []),
    (("\u200b2021000005\ufeff", "学生05", "通过"), APPLIED, []),
    (("２０２１０００００６", "学生06", "通过"), APPLIED, []),
    (("'2021000007", "学生07", "通过"), APPLIED, []),
    (("ab2021000040", "字母", "通过"), APPLIED, []),
    (("0021000041", "零头", "通过"), APPLIED, []),
    (("e8765432", "欧阳•娜娜", "通过"), APPLIED, []),
    (("11010519491231002x", "身 份", "通过"), APPLIED, []),
    (
        ("110101199601010001", "张思", "通过"), APPLIED,
        [("ID_CHECK_DIGIT", "A", "110101199601010001")],
    ),
]  # fmt: skip
NAMES: list[Line] = [
    (("2021000046", "ａｎｎａ　LEE", "通过"), APPLIED, []),
    (("2021000008", " 学 生 08\u200b", "通过"), APPLIED, []),
    (("2021000009", None, "通过"), APPLIED, []),
    (("2021000010", "学生11", "通过"), FAILED, [("NAME_MISMATCH", "B", "学生11")]),
]
KEYS: list[Line] = [
    ((None, "学生10", "通过"), FAILED, [("KEY_MISSING", "A", "")]),
    (("110101********0001", "张思", "通过"), FAILED,
     [("KEY_MISSING", "A", "110101********0001")]),
    (("p7654321", "护照", "通过"), FAILED, [("KEY_AMBIGUOUS", "A", "p7654321")]),
    (
        ("2020010102", "李思", "通过", None, "E8765432"), FAILED,
        [("KEY_MISMATCH", "E", "E8765432")],
    ),
    (
        ("2021000011", "学生11", "通过", None, "E0000000"), FAILED,
        [("STUDENT_NOT_FOUND", "E", "E0000000")],
    ),
    (
        ("2020010102", "李思", "通过", None, "110101199701010002"), APPLIED,
        [("ID_CHECK_DIGIT", "E", "110101199701010002")],
    ),
    (("2021999999", "无此人", "通过"), FAILED, [("STUDENT_NOT_FOUND", "A", "2021999999")]),
    (("2021000047", "别院", "通过"), FAILED, [("STUDENT_NOT_FOUND", "A", "2021000047")]),
    (
        (110101199601010001, "张思", "通过"), FAILED,
        [("ID_PRECISION_LOST", "A", "1.10101199601010E+17")],
    ),
    (("1.10101E+17", "张思", "通过"), FAILED, [("ID_PRECISION_LOST", "A", "1.10101E+17")]),
    (("11010119961301000X", None, "通过"), FAILED, [("ID_MALFORMED", "A", "11010119961301000X")]),
    (("11010119960101000", None, "通过"), FAILED, [("ID_MALFORMED", "A", "11010119960101000")]),
]  # fmt: skip
RESULTS: list[Line] = [
    (("2021000012", "学生12", "未通过", "缺表"), APPLIED, []),
    (("2021000013", "学生13", 1), APPLIED, []),
    (("2021000014", "学生14", "已办理"), FAILED, [("RESULT_UNKNOWN", "C", "已办理")]),
    (("2021000015", "学生15", None), UNCHANGED, [("NO_RESULT", "C", "")]),
    (("2021000016", "学生16", "未办理", "写了备注"), UNCHANGED, [("NO_RESULT", "C", "未办理")]),
    (("2021000017", "学生17", "通过", LONG), FAILED, [("REMARK_TOO_LONG", "D", SHORTENED)]),
    (
        ("2021000018", "别人", "也许", LONG), FAILED,
        [
            ("RESULT_UNKNOWN", "C", "也许"),
            ("REMARK_TOO_LONG", "D", SHORTENED),
            ("NAME_MISMATCH", "B", "别人"),
        ],
    ),
]  # fmt: skip
DUPLICATES: list[Line] = [
    (("2021000019", "学生19", "通过"), APPLIED, []),
    (("2021000019", "学生19", "已通过"), UNCHANGED, [("DUPLICATE_ROW", None, "")]),
    (("2021000020", "学生20", "通过"), FAILED, [("DUPLICATE_CONFLICT", None, "")]),
    (("2020010103", "周思", "通过"), FAILED, [("DUPLICATE_CONFLICT", None, "")]),
    (("2021000020", "学生20", "不通过"), FAILED, [("DUPLICATE_CONFLICT", None, "")]),
    (
        ("110101199701010003", "周思", "通过", "另一个备注"), FAILED,
        [("ID_CHECK_DIGIT", "A", "110101199701010003"), ("DUPLICATE_CONFLICT", None, "")],
    ),
    (("2020010104", "周思", "通过"), APPLIED, []),
    (
        ("110101199701010004", "周思", "通过"), UNCHANGED,
        [("ID_CHECK_DIGIT", "A", "110101199701010004"), ("DUPLICATE_ROW", None, "")],
    ),
]  # fmt: skip
DECISIONS: list[Line] = [
    (("2021000021", "学生21", "通过"), FAILED, [("NOT_REQUIRED", None, "")]),
    (("2021000022", "学生22", "通过"), FAILED, [("PREREQUISITE_PENDING", None, "")]),
    (("2021000022", "学生22", "通过"), FAILED, [("PREREQUISITE_PENDING", None, "")]),
    (("2021000023", "学生23", "未通过", "早退"), APPLIED, []),
    (("2020020101", "欧阳娜", "通过"), FAILED, [("NAME_MISMATCH", "B", "欧阳娜")]),
    (("2020020102", "吴思", "通过"), FAILED, [("FORBIDDEN", None, "")]),
    (("2021000024", "学生24", "通过"), FAILED, [("STALE_STATE", None, "")]),
    (("2021000025", "学生25", "通过"), UNCHANGED, []),
    (("2021000026", "学生26", "未通过"), UNCHANGED, []),
    (("2021000027", "学生27", "通过", "补交"), APPLIED, []),
]
LINES = [*IDENTIFIERS, *NAMES, *KEYS, *RESULTS, *DUPLICATES, *DECISIONS]

BY_NUMBER: list[Line] = [
    (("2021000001", None, "通过", "11010119961301000X"), APPLIED, []),
    (("P7654321", "学号同护照", "通过", None), APPLIED, []),
    (("E8765432", None, "通过", None), FAILED, [("STUDENT_NOT_FOUND", "A", "E8765432")]),
    ((None, None, "通过", "E8765432"), FAILED, [("KEY_MISSING", "A", "")]),
]
BY_ID_NUMBER: list[Line] = [
    (("2021999999", None, "通过", "E8765432"), APPLIED, []),
    ((None, "护照", "通过", "P7654321"), APPLIED, []),
    ((None, None, "通过", "2021000001"), FAILED, [("STUDENT_NOT_FOUND", "D", "2021000001")]),
    (("2021000001", None, "通过", None), FAILED, [("KEY_MISSING", "D", "")]),
]
EITHER_AS_NUMBER: list[Line] = [
    (("P7654321", "学号同护照", "通过"), APPLIED, []),
    (("E8765432", None, "通过"), FAILED, [("STUDENT_NOT_FOUND", "A", "E8765432")]),
]
EITHER_AS_ID_NUMBER: list[Line] = [
    (("P7654321", "护照", "通过"), APPLIED, []),
    (("2021000001", None, "通过"), FAILED, [("STUDENT_NOT_FOUND", "A", "2021000001")]),
]
MATCHED = [
    ("STUDENT_NUMBER", ("学号", "姓名", "办理结果", "身份证号"), BY_NUMBER),
    ("ID_NUMBER", ("学号", "姓名", "办理结果", "身份证号"), BY_ID_NUMBER),
    ("STUDENT_NUMBER", ("学号/身份证号", "姓名", "办理结果"), EITHER_AS_NUMBER),
    ("ID_NUMBER", ("学号/身份证号", "姓名", "办理结果"), EITHER_AS_ID_NUMBER),
]
