"""The office's words for what messages and files name: canonical -> Chinese, English."""

WORDS: dict[str, tuple[str, str]] = {
    "Scheme": ("离校方案", "scheme"),
    "Department": ("院系", "department"),
    "Checkpoint": ("离校环节", "checkpoint"),
    "Student": ("毕业生", "student"),
    "Clearance": ("办理情况", "clearance"),
    "Job": ("任务", "job"),
    "File": ("文件", "file"),
    "PENDING": ("未办理", "pending"),
    "PASSED": ("已通过", "passed"),
    "REFUSED": ("未通过", "refused"),
    "NOT_REQUIRED": ("无需办理", "not required"),
    "DECIDE": ("办理", "decide here"),
    "SEE_ID_NUMBERS": ("查看完整证件号码", "see full ID numbers"),
    "QUEUED": ("排队中", "queued"),
    "RUNNING": ("运行中", "running"),
    "FINISHED": ("已完成", "finished"),
    "CANCELLED": ("已取消", "cancelled"),
    "FAILED": ("已失败", "failed"),
    "MALE": ("男", "male"),
    "FEMALE": ("女", "female"),
    "SINGLE_CERTIFICATE_GRADUATE": ("单证研究生", "single-certificate graduate"),
    "DOUBLE_CERTIFICATE_GRADUATE": ("双证研究生", "double-certificate graduate"),
    "UNDERGRADUATE": ("本科生", "undergraduate"),
}

MISSING = ("未填写", "missing")
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
    "the checkpoint's scheme": ("须为该环节所属的离校方案", "the checkpoint's scheme"),
    "the bytes as the body": (
        "请将文件内容直接作为请求正文发送",
        "send the bytes of the file as the body",
    ),
}

FILE_WORDS: dict[str, tuple[str, str]] = {
    "bytes": ("文件字节数", "bytes"),
    "inflated bytes": ("解压后的字节数", "inflated bytes"),
    "rows": ("行数（算到最后一个有内容的单元格）", "rows, up to the last filled cell,"),
    "cells": ("单元格数（算到最远的有内容的单元格）", "cells, up to the farthest filled one,"),
    "bytes in one row": ("单行的字节数", "bytes in one row"),
    "bytes of memory": ("读取所需的内存字节数", "bytes of memory"),
    "seconds": ("读取所需的秒数", "seconds"),
    "too many entries": ("内部文件过多", "too many entries"),
    "entry name": ("内部文件名异常", "entry name"),
    "entry size": ("内部文件大小与声明不符", "entry size"),
    "compression ratio": ("压缩比异常", "compression ratio"),
    "DOCTYPE": ("含有 DOCTYPE 声明", "DOCTYPE"),
    "cell reference": ("单元格引用超出范围", "cell reference"),
}


def office_word(canonical: str) -> str:
    """The word as files print it: in Chinese for everybody, so that an import reads it again."""
    return WORDS.get(canonical, (canonical,))[0]
