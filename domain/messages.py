"""The sentence of every code, in Chinese and in English: what is wrong, and what to do."""

import datetime as dt
import enum
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass

from domain import words
from domain.errors import Code


class Language(enum.StrEnum):
    """A language that messages are written in."""

    ZH = "zh"
    EN = "en"


SENTENCES: dict[Code, tuple[str, str]] = {
    Code.UNAUTHENTICATED: (
        "尚未登录或登录已过期，请重新登录。",
        "You are not signed in, or your session has ended; sign in again.",
    ),
    Code.SIGN_IN_FAILED: (
        "账号或密码不正确，请检查后重试。",
        "The login or the password is wrong; check both and try again.",
    ),
    Code.FORBIDDEN: (
        "您没有“{right}”的权限，请联系系统管理员。",
        "You have no right to {right}; ask an administrator.",
    ),
    Code.NOT_FOUND: (
        "找不到{noun}，或它不在您的权限范围内。",
        "There is no such {noun}, or it is outside your scope.",
    ),
    Code.INVALID_INPUT: (
        "“{name}”的值“{value}”无效：{expected}。",
        "“{name}” cannot be “{value}”: {expected}.",
    ),
    Code.INVALID_CURSOR: (
        "游标“{value}”无效，请从第一页重新查询。",
        "“{value}” is not a cursor of this list; start again from the first page.",
    ),
    Code.RATE_LIMITED: (
        "尝试次数过多，请在 {seconds} 秒后再试。",
        "Too many attempts; try again in {seconds} seconds.",
    ),
    Code.LIMIT_EXCEEDED: (
        "请求超出限制：{name} 最多 {limit}，实际 {value}。请缩小请求。",
        "The request is too large: {name} may be at most {limit}, not {value}; ask for less.",
    ),
    Code.SELECTION_CHANGED: (
        "所选学生已变化：预期 {expected} 人，现为 {actual} 人。请刷新后重新选择。",
        "The selection has changed: {expected} students were expected, now there are {actual};"
        " refresh and select again.",
    ),
    Code.JOB_NOT_CANCELLABLE: (
        "任务已结束（{status}），不能取消。",
        "The job has ended ({status}) and can no longer be cancelled.",
    ),
    Code.INTERNAL: (
        "系统内部错误，请把编号 {id} 告知系统管理员。",
        "Something went wrong inside the service; tell an administrator the id {id}.",
    ),
    Code.SCHEME_NOT_OPEN: (
        "离校方案“{scheme}”未开放，不能办理。",
        "The scheme “{scheme}” is not open; nothing can be decided in it.",
    ),
    Code.CHECKPOINT_NOT_OPEN: (
        "环节“{checkpoint}”不在开放时间内（{opens} 至 {closes}），不能办理通过。",
        "“{checkpoint}” is outside its window ({opens} to {closes}) and cannot be passed now.",
    ),
    Code.NOT_REQUIRED: (
        "该学生在环节“{checkpoint}”无需办理。",
        "The student is not required at the checkpoint “{checkpoint}”.",
    ),
    Code.PREREQUISITE_PENDING: (
        "前置环节尚未通过：{checkpoints}。请先办理前置环节。",
        "These checkpoints must be passed first: {checkpoints}.",
    ),
    Code.STALE_STATE: (
        "该学生已由 {operator} 于 {time} 办理为“{status}”，请刷新后再办理。",
        "{operator} decided “{status}” at {time}; refresh before you decide.",
    ),
    Code.REMARK_TOO_LONG: (
        "备注有 {length} 个字，最多 500 个字，请缩短。",
        "The remark has {length} characters; shorten it to 500.",
    ),
    Code.KEY_MISSING: (
        "这一行没有学号或身份证号，请填写。",
        "The row has no student number or ID number; fill one in.",
    ),
    Code.KEY_AMBIGUOUS: (
        "“{value}”既是一名学生的学号，又是另一名学生的证件号，请用单独的学号列或身份证号列。",
        "“{value}” is the student number of one student and the ID number of another;"
        " use a column of its own for either.",
    ),
    Code.KEY_MISMATCH: (
        "这一行的“{first}”与“{second}”不是同一名学生，请核对。",
        "“{first}” and “{second}” in this row are not the same student; check them.",
    ),
    Code.STUDENT_NOT_FOUND: (
        "找不到“{value}”对应的学生，或该学生不在您的权限范围内，请核对。",
        "No student is known by “{value}” within your scope; check the number.",
    ),
    Code.NAME_MISMATCH: (
        "文件中的姓名“{value}”与名册中的姓名“{expected}”不一致，请核对是否填错了人。",
        "The name “{value}” differs from “{expected}” in the roster; check that it is the right"
        " person.",
    ),
    Code.RESULT_UNKNOWN: (
        "办理结果“{value}”无法识别，请填写“通过”或“未通过”。",
        "The result “{value}” is not known; write 通过 or 未通过.",
    ),
    Code.NO_RESULT: (
        "办理结果没有填写“通过”或“未通过”，该行未作改动。",
        "The result is neither 通过 nor 未通过, so nothing was changed.",
    ),
    Code.ID_PRECISION_LOST: (
        "身份证号“{value}”被存为数字，末几位已丢失。请把该列设为文本后重新填写完整号码。",
        "The ID number “{value}” was stored as a number and has lost its last digits; format the"
        " column as text and enter it again.",
    ),
    Code.ID_MALFORMED: (
        "身份证号“{value}”不是有效的 18 位号码，请核对。",
        "“{value}” is not a valid 18-digit ID number; check it.",
    ),
    Code.ID_CHECK_DIGIT: (
        "身份证号“{value}”的校验位不符，已按原号码匹配，请留意。",
        "The check digit of the ID number “{value}” is wrong; it was matched as it stands.",
    ),
    Code.DUPLICATE_CONFLICT: (
        "同一学生在第 {rows} 行的办理内容互相矛盾，均未导入，请只保留一行。",
        "Rows {rows} contradict each other for the same student; none was imported, keep one.",
    ),
    Code.DUPLICATE_ROW: (
        "与第 {row} 行相同，不再重复办理。",
        "The row repeats row {row}; it was decided once.",
    ),
    Code.NOT_A_WORKBOOK: (
        "文件“{file}”不是 Excel 工作簿，请上传 xls 或 xlsx 文件。",
        "“{file}” is not an Excel workbook; upload an xls or xlsx file.",
    ),
    Code.FILE_ENCRYPTED: (
        "文件“{file}”已加密，请去掉密码后重新上传。",
        "“{file}” is protected by a password; remove it and upload again.",
    ),
    Code.FILE_DAMAGED: (
        "文件“{file}”已损坏，无法读取，请用 Excel 打开并另存后重新上传。",
        "“{file}” is damaged and cannot be read; open it in Excel, save it anew and upload again.",
    ),
    Code.FILE_TOO_LARGE: (
        "文件过大：{name}最多 {limit}。请删去数据以外的内容（例如误填在远处的单元格），"
        "或拆分后上传。",
        "The file is too large: {name} may be at most {limit}; remove what is no data, such as a"
        " stray cell far away, or split the file.",
    ),
    Code.FILE_HOSTILE: (
        "文件“{file}”的内部结构异常（{reason}），为安全起见不予读取。",
        "The inside of “{file}” is abnormal ({reason}); it is not read, for safety.",
    ),
    Code.HEADER_MISSING: (
        "没有找到表头，请保留包含“学号”（或“身份证号”）和“办理结果”的一行。",
        "No header row was found; keep a row with 学号 (or 身份证号) and 办理结果.",
    ),
    Code.HEADER_DUPLICATE: (
        "表头“{header}”出现在 {columns} 列，请只保留一列。",
        "The header “{header}” stands in the columns {columns}; keep one of them.",
    ),
    Code.KEY_COLUMN_MISSING: (
        "缺少用于匹配学生的列（{columns}），请补上。",
        "There is no column to match students by ({columns}); add one.",
    ),
    Code.RESULT_COLUMN_MISSING: (
        "缺少“办理结果”列，请补上。",
        "There is no column 办理结果; add it.",
    ),
    Code.SHEET_AMBIGUOUS: (
        "工作簿中有多个可导入的工作表（{sheets}），请只保留一个。",
        "More than one sheet could be imported ({sheets}); keep one.",
    ),
    Code.NO_ROWS: (
        "表头下面没有数据行。",
        "There are no rows below the header.",
    ),
}

_NEVER_DECIDED = (
    "该学生的办理情况为“{status}”（版本 {version}），与您看到的不同，请刷新后再办理。",
    "The clearance is “{status}” at version {version}, which is not the one you saw; refresh before"
    " you decide.",
)
_WRITING_WORKBOOKS = (
    "任务的每一行都已处理，正在生成结果文件，不能取消。",
    "Every row of the job is settled and its workbooks are being written; it can no longer be"
    " cancelled.",
)


# Facts of a file; elsewhere a `name` is that of an argument and stays as it is.
_FILE_FACTS = {(Code.FILE_TOO_LARGE, "name"), (Code.FILE_HOSTILE, "reason")}


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


def _sentence(code: Code, facts: Mapping[str, str]) -> tuple[str, str]:
    if code is Code.STALE_STATE and "operator" not in facts:
        return _NEVER_DECIDED
    if code is Code.JOB_NOT_CANCELLABLE and "phase" in facts:
        return _WRITING_WORKBOOKS
    return SENTENCES[code]


@dataclass(frozen=True)
class Reader:
    """For whom a sentence is written: in which language, and in which timezone times are told."""

    language: Language
    timezone: zoneinfo.ZoneInfo

    def message(self, code: Code, facts: Mapping[str, str]) -> str:
        """The sentence of a code with its facts filled in; an unknown fact reads as …."""
        told = {name: self._told(code, name, value) for name, value in facts.items()}
        return self._of(_sentence(code, facts)).format_map(_Facts(told))

    def word(self, canonical: str) -> str:
        """The office's word for a status, a noun or a right."""
        return self._of(words.WORDS.get(canonical, (canonical, canonical)))

    def _told(self, code: Code, name: str, value: str) -> str:
        if (code, name) in _FILE_FACTS:
            return self._of(words.FILE_WORDS.get(value, (value, value)))
        if (code, name) == (Code.INVALID_INPUT, "expected"):
            return self._of(words.EXPECTED_WORDS.get(value, (value, value)))
        if (code, name) == (Code.INVALID_INPUT, "value") and not value:
            return self._of(words.MISSING)
        if name in {"time", "opens", "closes"}:
            moment = dt.datetime.fromisoformat(value).astimezone(self.timezone)
            return moment.strftime("%Y-%m-%d %H:%M:%S")
        return self.word(value) if name in {"noun", "right", "status"} else value

    def _of(self, pair: tuple[str, str]) -> str:
        return pair[0] if self.language is Language.ZH else pair[1]
