"""Sentences that a code has beside its usual one; the facts it comes with say which it is."""

from collections.abc import Mapping
from typing import NamedTuple

from domain.errors import Code
from domain.sentences import SENTENCES


class Variant(NamedTuple):
    """A sentence for facts that have something, lack something, or say just this."""

    code: Code
    zh: str
    en: str
    has: str = ""
    lacks: str = ""
    value: str = ""

    def fits(self, code: Code, facts: Mapping[str, str]) -> bool:
        """Whether it is the one."""
        return (
            self.code is code
            and (not self.has or self.has in facts)
            and (not self.lacks or self.lacks not in facts)
            and (not self.value or facts.get(self.has) == self.value)
        )


VARIANTS = (
    Variant(
        Code.STALE_STATE,
        "该学生的办理情况为“{status}”（版本 {version}），与您看到的不同，请刷新后再办理。",
        "The clearance is “{status}” at version {version}, which is not the one you saw; refresh"
        " before you decide.",
        lacks="operator",
    ),
    Variant(
        Code.FORBIDDEN,
        "您以学生身份登录，只能查看本人的离校情况。",
        "You are signed in as a student and see your own way out only.",
        has="right",
        value="BE_OPERATOR",
    ),
    Variant(
        Code.FORBIDDEN,
        "只有学生本人可以这样做，您以操作员身份登录。",
        "Only students can do this; you are signed in as an operator.",
        has="right",
        value="BE_STUDENT",
    ),
    Variant(
        Code.JOB_NOT_CANCELLABLE,
        "任务的每一行都已处理，正在生成结果文件，不能取消。",
        "Every row of the job is settled and its workbooks are being written; it can no longer be"
        " cancelled.",
        has="phase",
    ),
    Variant(
        Code.JOB_NOT_CANCELLABLE,
        "任务{status}，请系统管理员放行或丢弃。",
        "The job is {status}; an administrator releases or drops it.",
        has="status",
        value="HELD",
    ),
    Variant(
        Code.JOB_NOT_RESUMABLE,
        "系统对接的任务不能继续，请由对接系统重新发送。",
        "The job of a feed does not go on; let the feed send it again.",
        has="kind",
        value="FEED",
    ),
    Variant(
        Code.CHECKPOINT_NOT_OPEN,
        "环节“{checkpoint}”自 {opens} 起开放，现在不能办理通过，请届时再办理。",
        "“{checkpoint}” opens at {opens} and cannot be passed before; come back then.",
        lacks="closes",
    ),
    Variant(
        Code.CHECKPOINT_NOT_OPEN,
        "环节“{checkpoint}”已于 {closes} 截止，不能再办理通过。如需延长，请联系系统管理员。",
        "“{checkpoint}” closed at {closes} and cannot be passed any more; ask an administrator to"
        " extend it.",
        lacks="opens",
    ),
    Variant(
        Code.NAME_MISMATCH,
        "{key}“{number}”在名册中是“{expected}”，而本行的姓名“{value}”和{column}都与其不同，"
        "请核对{key}。如确为同一人，请先单独修改该学生。",
        "The roster knows “{number}” ({key}) as “{expected}”, but both the name “{value}” and"
        " {column} of this row differ; check {key}, or change that student alone if it is the same"
        " person.",
        has="key",
    ),
    Variant(
        Code.NAME_MISMATCH,
        "账号“{login}”的姓名是“{expected}”，与文件中的“{value}”不一致，请核对账号。",
        "The account “{login}” belongs to “{expected}”, not to “{value}”; check the login.",
        has="login",
    ),
    Variant(
        Code.DUPLICATE_CONFLICT,
        "编号“{number}”在第 {rows} 行给了不同的学生，均未发放，请核对编号。",
        "The number “{number}” is given to different students in rows {rows}; none received it,"
        " check the number.",
        has="number",
    ),
    Variant(
        Code.DEPARTMENT_UNKNOWN,
        "没有名为“{value}”的院系，请核对名称。",
        "There is no department “{value}”; check the name.",
        has="file",
    ),
    Variant(
        Code.KEY_MISSING,
        "“{value}”已打码，不能用来查找学生，请填写完整的号码，或另填学号。",
        "“{value}” is masked and names nobody; write the whole number, or a student number.",
        has="value",
    ),
    Variant(
        Code.COLUMN_MISSING,
        "缺少列：{columns}，请补上该列，或在导入时为整个文件选择学生范围。",
        "The column {columns} is missing; add it, or choose it for the whole file when you import.",
        has="columns",
        value="学生范围",
    ),
    Variant(
        Code.RESULT_COLUMN_MISSING,
        "缺少环节“{checkpoint}”的办理结果列，请补上，表头写“{checkpoint}”或“{checkpoint}办理结果”。",
        "There is no column with the results of “{checkpoint}”; add one headed {checkpoint} or"
        " {checkpoint}办理结果.",
        has="checkpoint",
    ),
    Variant(
        Code.NOT_A_WORKBOOK,
        "文件“{file}”是空的（{size} 字节），请检查后重新上传。",
        "“{file}” is empty ({size} bytes); check it and upload again.",
        has="size",
    ),
    Variant(
        Code.NOT_A_WORKBOOK,
        "文件“{file}”是网页或 XML，其中没有表格，请用 Excel 打开并另存为 xlsx 后重新上传。",
        "“{file}” is a web page or XML without a table; open it in Excel, save it as xlsx and"
        " upload again.",
        has="format",
        value="html",
    ),
    Variant(
        Code.NOT_A_WORKBOOK,
        "文件“{file}”是 {format} 格式，不能读取，请用 Excel 或 WPS 打开并另存为 xlsx 后重新上传。",
        "“{file}” is of the format {format}, which is not read; open it in Excel or WPS, save it as"
        " xlsx and upload again.",
        has="format",
    ),
    Variant(
        Code.DUPLICATE_CONFLICT,
        "第 {rows} 行为账号“{login}”填写了不同的密码，只采用第一行，请只保留一行。",
        "Rows {rows} give different passwords to “{login}”; the first one counts, keep one.",
        has="login",
    ),
    Variant(
        Code.MISSING_NOT_ARCHIVED,
        "名册中有 {missing} 名学生不在文件里，超过了允许归档的 {limit} 名，因此一名也没有归档。"
        "请核对名单，确认无误后提高人数重新导入。",
        "{missing} students are not in the file, more than the {limit} that may be archived, so"
        " none was; look who they are, and import again with a higher number if that is right.",
        has="limit",
    ),
    Variant(
        Code.ALREADY_EXISTS,
        "{noun}“{value}”已存在，尚未结束，请先确认或撤回它。",
        "The {noun} “{value}” exists already and is not over; confirm or withdraw it first.",
        has="noun",
        value="Waiver",
    ),
    Variant(
        Code.ALREADY_EXISTS,
        "{noun}“{value}”已存在，无需重复授予。",
        "The {noun} “{value}” is held already.",
        has="noun",
        value="Grant",
    ),
    Variant(
        Code.SCHEME_READ_ONLY,
        "离校方案“{scheme}”为“{status}”，只读。如需修改，请先转为“已关闭”，再重新开放。",
        "The scheme “{scheme}” is {status} and read-only; close it, then open it again.",
        has="status",
        value="ARCHIVED",
    ),
    Variant(
        Code.LIMIT_EXCEEDED,
        "学生数乘以环节数过多：分组最多 {limit} 个，实际 {value}。请缩小筛选范围，或只选一个环节。",
        "There are too many groups: at most {limit}, not {value}; narrow the filter, or ask for one"
        " checkpoint.",
        has="name",
        value="groups",
    ),
    Variant(
        Code.LIMIT_EXCEEDED,
        "一张 Excel 工作表放不下：{name} 最多 {limit}，实际 {value}。"
        "请缩小筛选范围，或选择 CSV 格式。",
        "A sheet of Excel holds at most {limit} {name}, not {value}; narrow the filter, or choose"
        " CSV.",
        has="format",
    ),
    Variant(
        Code.FILE_TOO_LARGE,
        "第 {row} 行过大：{name}最多 {limit}。请删去该行多余的内容后重新上传。",
        "Row {row} is too large: {name} may be at most {limit}; remove what is no data from it and"
        " upload again.",
        has="row",
    ),
)


def sentence(code: Code, facts: Mapping[str, str]) -> tuple[str, str]:
    """The sentence of a code that comes with these facts, in Chinese and in English."""
    for each in VARIANTS:
        if each.fits(code, facts):
            return each.zh, each.en
    return SENTENCES[code]
