"""Files that are refused as a whole, with why; and the many shapes of a file that is not."""

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
from openpyxl.styles import PatternFill

from tests import dialects, workbooks
from tests.workbooks import Value

HEADER = ("学号", "姓名", "办理结果", "备注")
ROW = ("2020010101", "张思", "通过", "已还清")
OTHER = ("2020010102", "李思", "未通过", "欠书")
BOTH = [(2, "2020010101", "APPLIED"), (3, "2020010102", "APPLIED")]
Make = Callable[[Path], Path]


def not_a_workbook(path: Path) -> Path:
    path.write_text("学号 办理结果\n2020010101 通过\n")
    return path


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def damaged(path: Path) -> Path:
    return workbooks.truncated(workbooks.xlsx(path, [HEADER, ROW]))


def doctype(path: Path) -> Path:
    return workbooks.raw_xlsx(path, "<!DOCTYPE a>" + workbooks.worksheet(""))


def long_cell(path: Path) -> Path:
    path.write_text(f"{','.join(HEADER)}\n2020010101,,通过,{'长' * 32_768}\n")
    return path


def sheet(*rows: Sequence[Value]) -> Make:
    return lambda path: workbooks.xlsx(path, rows)


def two_sheets(path: Path) -> Path:
    return workbooks.sheets_xlsx(path, {"一班": [HEADER, ROW], "二班": [HEADER, OTHER]})


REFUSED: list[tuple[Make, str, str, str]] = [
    (not_a_workbook, "NOT_A_WORKBOOK",
     "文件“名单.xlsx”不是 Excel 工作簿或表格文本，请上传 xls、xlsx 或 csv 文件。",
     "“名单.xlsx” is neither an Excel workbook nor a table of text; upload an xls, xlsx or csv"
     " file."),
    (empty, "NOT_A_WORKBOOK",
     "文件“名单.xlsx”是空的（0 字节），请检查后重新上传。",
     "“名单.xlsx” is empty (0 bytes); check it and upload again."),
    (workbooks.encrypted_xlsx, "FILE_ENCRYPTED",
     "文件“名单.xlsx”已加密，请去掉密码后重新上传。",
     "“名单.xlsx” is protected by a password; remove it and upload again."),
    (workbooks.encrypted_xls, "FILE_ENCRYPTED",
     "文件“名单.xlsx”已加密，请去掉密码后重新上传。",
     "“名单.xlsx” is protected by a password; remove it and upload again."),
    (damaged, "FILE_DAMAGED",
     "文件“名单.xlsx”已损坏，无法读取，请用 Excel 打开并另存后重新上传。",
     "“名单.xlsx” is damaged and cannot be read; open it in Excel, save it anew and upload"
     " again."),
    (workbooks.far_cell, "FILE_TOO_LARGE",
     "文件过大：单元格数（算到最远的有内容的单元格）最多 10000000。"
     "请删去数据以外的内容（例如误填在远处的单元格），或拆分后上传。",
     "The file is too large: cells, up to the farthest filled one, may be at most 10000000;"
     " remove what is no data, such as a stray cell far away, or split the file."),
    (long_cell, "FILE_TOO_LARGE",
     "第 2 行过大：一个单元格的字符数最多 32767。请删去该行多余的内容后重新上传。",
     "Row 2 is too large: characters in one cell may be at most 32767; remove what is no data"
     " from it and upload again."),
    (workbooks.zip_bomb, "FILE_HOSTILE",
     "文件“名单.xlsx”的内部结构异常（压缩比异常），为安全起见不予读取。",
     "The inside of “名单.xlsx” is abnormal (compression ratio); it is not read, for safety."),
    (doctype, "FILE_HOSTILE",
     "文件“名单.xlsx”的内部结构异常（含有 DOCTYPE 声明），为安全起见不予读取。",
     "The inside of “名单.xlsx” is abnormal (DOCTYPE); it is not read, for safety."),
    (sheet(), "HEADER_MISSING",
     "没有找到表头，请保留包含学号（或身份证号）、办理结果的一行。",
     "No header row was found; keep a row with 学号（或身份证号）, 办理结果."),
    (sheet(("甲", "乙"), ("1", "2")), "HEADER_MISSING",
     "没有找到表头，请保留包含学号（或身份证号）、办理结果的一行。",
     "No header row was found; keep a row with 学号（或身份证号）, 办理结果."),
    (sheet(("学号", "姓名", "办理结果", "审核结果"), ROW), "HEADER_DUPLICATE",
     "表头“办理结果”出现在 C、D 列，请只保留一列。",
     "The header “办理结果” stands in the columns C, D; keep one of them."),
    (sheet(("学号", "学号", "办理结果"), ROW), "HEADER_DUPLICATE",
     "表头“学号”出现在 A、B 列，请只保留一列。",
     "The header “学号” stands in the columns A, B; keep one of them."),
    (sheet(("姓名", "办理结果"), ROW), "KEY_COLUMN_MISSING",
     "缺少用于匹配学生的列（学号、身份证号、考生号），请补上。",
     "There is no column to match students by (学号, 身份证号, 考生号); add one."),
    (sheet(("学号", "姓名"), ROW), "RESULT_COLUMN_MISSING",
     "缺少“办理结果”列，请补上。",
     "There is no column 办理结果; add it."),
    (two_sheets, "SHEET_AMBIGUOUS",
     "工作簿中有多个可导入的工作表（一班、二班），请只保留一个，或在导入时指定工作表。",
     "More than one sheet could be imported (一班, 二班); keep one, or name the"
     " one to import."),
    (sheet(HEADER), "NO_ROWS", "表头下面没有数据行，请填写后重新上传。",
     "There are no rows below the header; fill some in and upload again."),
    (sheet((*HEADER, "离校环节"), ROW), "SEVERAL_CHECKPOINTS",
     "表中有“离校环节”一列，各行可能属于不同的环节，而一次导入只针对一个环节。"
     "请按环节分别导出，或删去其他环节的行和这一列后重新上传。",
     "There is a column 离校环节, so the rows may be of several checkpoints, but an import is of"
     " one; export each alone, or remove the other rows and this column and upload again."),
]  # fmt: skip


def any_order(path: Path) -> Path:
    return workbooks.xlsx(
        path,
        [
            ("未通过备注", "序号", "审核结果", None, "学生姓名", "学生学号"),
            ("已还清", 1, "合格", None, "张思", "2020010101"),
            ("欠书", 2, "不合格", None, "李思", "2020010102"),
        ],
    )


def headed_with_the_checkpoint(path: Path) -> Path:
    return workbooks.xlsx(
        path, [("学号", "图 书 馆", "审核记录"), (ROW[0], "√", ROW[3]), OTHER[::2]]
    )


def spaced_header(path: Path) -> Path:
    return workbooks.xlsx(path, [("＊学 号：", " 姓名*", "办理\n结果", "备注 "), ROW, OTHER])


def by_candidate_number(path: Path) -> Path:
    return workbooks.xlsx(path, [("考生号", "办理结果"), ("105001", "通过"), ("105002", "否")])


def xls(path: Path) -> Path:
    return workbooks.xls(path, [HEADER, (2020010101, *ROW[1:]), OTHER])


def title_above(path: Path) -> Path:
    """A merged title, a hint that names headers, an empty row; then the table."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in [("图书馆离校审核",), ("请填写学号和办理结果",), (), HEADER, ROW, OTHER]:
        page.append(row)
    page.merge_cells("A1:D1")
    page.merge_cells("A2:D2")
    book.save(path)
    return path


def styled_to_the_end(path: Path) -> Path:
    book = openpyxl.load_workbook(workbooks.xlsx(path, [HEADER, ROW, OTHER]))
    for row in book.worksheets[0].iter_rows(min_row=4, max_row=300, max_col=12):
        for cell in row:
            cell.fill = PatternFill("solid", "FFFFFF00")
    book.save(path)
    return path


def wrong_dimension(path: Path) -> Path:
    xml = "".join(raw_row(number, row) for number, row in enumerate([HEADER, ROW, OTHER], 1))
    return workbooks.raw_xlsx(path, workbooks.worksheet(xml, '<dimension ref="A1"/>'))


def raw_row(number: int, texts: Sequence[str]) -> str:
    cells = [
        workbooks.cell(f"{letter}{number}", text)
        for letter, text in zip("ABCD", texts, strict=True)
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def on_the_second_sheet(path: Path) -> Path:
    return workbooks.sheets_xlsx(
        path, {"说明": [("填写说明",), ("逐行填写",)], "名单": [HEADER, ROW, OTHER], "空": []}
    )


def with_gaps(path: Path) -> Path:
    return workbooks.xlsx(path, [HEADER, ROW, (), (None, "", " "), OTHER])


def web_page(path: Path) -> Path:
    content = dialects.OFFICE + dialects.page([HEADER, ROW, OTHER]) + "</body></html>"
    path.write_bytes(content.encode("gb18030"))
    return path


def tab_separated(path: Path) -> Path:
    lines = ("\t".join(row) + "\r\n" for row in (HEADER, ROW, OTHER))
    path.write_bytes("".join(lines).encode("gb18030"))
    return path


def unicode_text(path: Path) -> Path:
    path.write_bytes(tab_separated(path).read_bytes().decode("gb18030").encode("utf-16"))
    return path


SHAPES: list[tuple[Make, list[tuple[int, str, str]]]] = [
    (any_order, BOTH),
    (headed_with_the_checkpoint, BOTH),
    (spaced_header, BOTH),
    (xls, BOTH),
    (title_above, [(5, *BOTH[0][1:]), (6, *BOTH[1][1:])]),
    (styled_to_the_end, BOTH),
    (wrong_dimension, BOTH),
    (on_the_second_sheet, BOTH),
    (web_page, BOTH),
    (tab_separated, BOTH),
    (unicode_text, BOTH),
    (with_gaps, [BOTH[0], (5, *BOTH[1][1:])]),
]
