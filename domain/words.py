"""The office's words for what messages and files name: canonical -> Chinese, English."""

import re

WORDS: dict[str, tuple[str, str]] = {
    "Scheme": ("离校方案", "scheme"),
    "Department": ("院系", "department"),
    "Checkpoint": ("离校环节", "checkpoint"),
    "Student": ("毕业生", "student"),
    "Clearance": ("办理情况", "clearance"),
    "Entry": ("办理记录", "history entry"),
    "Job": ("任务", "job"),
    "File": ("文件", "file"),
    "Operator": ("操作员", "operator"),
    "Grant": ("授权", "grant"),
    "Waiver": ("免办", "waiver"),
    "HandOut": ("发放记录", "hand-out"),
    "Feed": ("系统对接", "feed"),
    "FeedToken": ("对接令牌", "feed token"),
    "ClearanceCertificate": ("离校单", "certificate of clearance"),
    "Synonym": ("同义词", "synonym"),
    "PENDING": ("未办理", "pending"),
    "PASSED": ("已通过", "passed"),
    "REFUSED": ("未通过", "refused"),
    "NOT_REQUIRED": ("无需办理", "not required"),
    "DECIDE": ("办理", "decide here"),
    "ADMINISTER": ("管理该离校方案", "administer the scheme"),
    "ADMINISTER_ALL": ("管理整个系统", "administer the whole service"),
    "SEE_ID_NUMBERS": ("查看完整证件号码", "see full ID numbers"),
    "SEND_AS_FEED": ("以系统对接办理", "send as a feed"),
    "BEYOND_FEEDS": ("系统对接以外的操作", "ask for more than feeds do"),
    "BE_OPERATOR": ("操作员", "act as an operator"),
    "BE_STUDENT": ("学生", "act as a student"),
    "QUEUED": ("排队中", "queued"),
    "RUNNING": ("运行中", "running"),
    "FINISHED": ("已完成", "finished"),
    "CANCELLED": ("已取消", "cancelled"),
    "FAILED": ("已失败", "failed"),
    "HELD": ("已拦下", "held"),
    "DRAFT": ("草稿", "a draft"),
    "OPEN": ("开放", "open"),
    "CLOSED": ("已关闭", "closed"),
    "ARCHIVED": ("已归档", "archived"),
    "ACTIVE": ("在册", "active"),
    "REQUESTED": ("待确认", "requested"),
    "CONFIRMED": ("已确认", "confirmed"),
    "WITHDRAWN": ("已撤回", "withdrawn"),
    "CHECKPOINT_OPERATOR": ("离校点操作员", "checkpoint operator"),
    "DEPARTMENT_OPERATOR": ("院系操作员", "department operator"),
    "ADMINISTRATOR": ("系统管理员", "administrator"),
    "SINGLE": ("单个办理", "single"),
    "BATCH": ("批量办理", "batch"),
    "IMPORT": ("批量导入", "import"),
    "REPAIR": ("导入修正", "repair"),
    "FEED": ("系统对接", "feed"),
    "UNDO": ("撤回", "undo"),
    "EXPORT": ("导出", "export"),
    "OPERATORS": ("操作员导入", "import of operators"),
    "HAND_OUT": ("发放", "hand out here"),
    "STUDENT_PASSWORDS": ("初始密码导入", "import of first passwords"),
    "GRADUATION_CERTIFICATE": ("毕业证", "graduation certificate"),
    "DEGREE_CERTIFICATE": ("学位证", "degree certificate"),
    "GRADUATION_MATERIALS": ("毕业材料", "graduation materials"),
    "IN_PERSON": ("本人领取", "in person"),
    "PROXY": ("他人代领", "proxy"),
    "MAIL": ("邮寄", "by mail"),
    "EMPLOYER": ("单位领取", "employer"),
    "WAIVER": ("免办", "waiver"),
    "RULE": ("适用规则", "rule"),
    "ROSTER": ("名册", "roster"),
    "MALE": ("男", "male"),
    "FEMALE": ("女", "female"),
    "SINGLE_CERTIFICATE_GRADUATE": ("单证研究生", "single-certificate graduate"),
    "DOUBLE_CERTIFICATE_GRADUATE": ("双证研究生", "double-certificate graduate"),
    "UNDERGRADUATE": ("本科生", "undergraduate"),
}

MISSING = ("未填写", "empty")
NOTHING = ("无", "nothing")
# What is expected of an input, where it is no plain range.
EXPECTED_WORDS: dict[str, tuple[str, str]] = {
    "exactly one of first and last": (
        "first 和 last 须填写且只能填写一个",
        "exactly one of first and last",
    ),
    "exactly one of ids, numbers and filter": (
        "ids、numbers 和 filter 须填写且只能填写一个",
        "exactly one of ids, numbers and filter",
    ),
    "at least one of the three numbers": (
        "学号、考生号、身份证号至少填写一个",
        "at least one of the three numbers",
    ),
    "a field that may be empty": ("须为可以为空的字段", "a field that may be empty"),
    "a field that the input does not give": (
        "不能同时填写和清空",
        "a field that the input does not give",
    ),
    "1-100 visible characters": (
        "须为 1-100 个可见字符，不含空格，不以 feed: 开头",
        "1-100 visible characters without spaces that do not begin with feed:",
    ),
    "8-200 visible characters": (
        "须为 8-200 个可见字符，不含空格",
        "8-200 visible characters without spaces",
    ),
    "a student with a student number": ("须为有学号的学生", "a student with a student number"),
    "left out by students": ("学生请勿填写", "left out by students"),
    "a checkpoint of the scheme": ("须为该离校方案的环节", "a checkpoint of the scheme"),
    "only for CHECKPOINT_OPERATOR": ("只有离校点操作员可限于环节", "only for checkpoint operators"),
    "not for ADMINISTRATOR": ("系统管理员不能限于院系", "not for administrators"),
    "the checkpoint's scheme": ("须为该环节所属的离校方案", "the checkpoint's scheme"),
    "the filter's scheme": ("须为该筛选条件所属的离校方案", "the filter's scheme"),
    "at least one condition": ("至少填写一个条件", "at least one condition"),
    "at least one value": ("至少填写一个值", "at least one value"),
    "each checkpoint once": ("至少一个环节，且不能重复", "at least one checkpoint, each once"),
    "checkpoints of one scheme": ("须属于同一离校方案", "checkpoints of one scheme"),
    "exactly one of checkpoint and checkpoints": (
        "checkpoint 和 checkpoints 须填写且只能填写一个",
        "exactly one of checkpoint and checkpoints",
    ),
    "exactly one of cells and replace": (
        "cells 和 replace 须填写且只能填写一个",
        "exactly one of cells and replace",
    ),
    "the letters of a column of the file": (
        "须为文件中一列的列标（如 C）",
        "the letters of a column of the file, e.g. C",
    ),
    "what the column says in a failed row": (
        "失败行的该列中没有这个值",
        "what the column says in a failed row",
    ),
    "each kind once": ("至少一项，且每项只填一次", "at least one thing, each once"),
    "only for certificates": ("毕业材料没有编号，请留空", "only certificates have a number"),
    "required with PROXY": ("他人代领时必须填写", "required when somebody else comes"),
    "not with IN_PERSON": ("本人领取时请留空", "left out when the student comes in person"),
    "not in the future": ("不能晚于现在", "not in the future"),
    "exactly one of student and number": (
        "student 和 number 须填写且只能填写一个",
        "exactly one of student and number",
    ),
    "not after until": ("不能晚于 until", "not after until"),
    "later than opensAt": ("须晚于 opensAt", "later than opensAt"),
    "every checkpoint of the scheme, each once": (
        "须列出该离校方案的全部环节，每个一次",
        "every checkpoint of the scheme, each once",
    ),
    "a day, with DAY": ("按日统计须填写日期", "a day, with DAY"),
    "a column that `by` has": ("按所选的 by 统计时没有这一列", "a column that `by` has"),
    "only with DAY and OPERATOR": (
        "仅按日或按操作员统计时可填写",
        "only with DAY and OPERATOR",
    ),
    "a word that is not written by the service itself": (
        "本系统自己写入文件的用词含义固定，请换一个词",
        "a word that is not written by the service itself",
    ),
    "the bytes as the body": (
        "请将文件内容直接作为请求正文发送",
        "send the bytes of the file as the body",
    ),
}

FILE_WORDS: dict[str, tuple[str, str]] = {
    "bytes": ("文件字节数", "bytes"),
    "inflated bytes": ("解压后的字节数", "inflated bytes"),
    "rows": ("行数（算到最后一个有内容的单元格）", "rows, up to the last filled cell,"),
    "columns": ("列数", "columns"),
    "cells": ("单元格数（算到最远的有内容的单元格）", "cells, up to the farthest filled one,"),
    "characters in one cell": ("一个单元格的字符数", "characters in one cell"),
    "bytes in one row": ("单行的字节数", "bytes in one row"),
    "bytes of memory": ("读取所需的内存字节数", "bytes of memory"),
    "seconds": ("读取所需的秒数", "seconds"),
    "too many entries": ("内部文件过多", "too many entries"),
    "entry name": ("内部文件名异常", "entry name"),
    "entry size": ("内部文件大小与声明不符", "entry size"),
    "compression ratio": ("压缩比异常", "compression ratio"),
    "DOCTYPE": ("含有 DOCTYPE 声明", "DOCTYPE"),
    "markup": ("网页标记异常", "markup"),
    "cell reference": ("单元格引用超出范围", "cell reference"),
}


_CHARACTERS = re.compile(r"(\d+-\d+) characters")


def expected(value: str) -> tuple[str, str]:
    """What is expected of an input, in both languages."""
    length = _CHARACTERS.fullmatch(value)
    return (
        (f"须为 {length[1]} 个字符", value) if length else EXPECTED_WORDS.get(value, (value, value))
    )


def office_word(canonical: str) -> str:
    """The word as files print it: in Chinese for everybody, so that an import reads it again."""
    return WORDS.get(canonical, (canonical,))[0]
