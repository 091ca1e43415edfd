"""GraphQL names for the enums of the tables and of the domain: declared there, described here."""

import strawberry

import models
from domain import batches, errors
from domain.exports.columns import StudentColumn
from domain.exports.counts import CountsColumn, ExportedCounts
from domain.exports.deciders import DecidersColumn
from domain.exports.history import EntryColumn
from domain.exports.jobs import ExportSubject
from domain.exports.table import FileFormat
from domain.lists import students
from domain.reading import vocabulary

strawberry.enum(
    models.SchemeStatus,
    description="DRAFT: being set up. OPEN: decided in. CLOSED: read-only. ARCHIVED: put away.",
)
strawberry.enum(
    models.StudentStatus, description="在册, or archived: outside every list and every sum."
)
strawberry.enum(
    models.StudentField,
    description="What the roster knows of a student: 状态, 学号, 考生号, 身份证号, 姓名, 性别,"
    " 年级, 学生范围, 院系, 专业, 班级, 学生类别, 培养层次, 是否户口迁移, 住宿信息.",
)
strawberry.enum(models.Gender, description="性别.")
strawberry.enum(
    models.Cohort,
    description="学生范围: 单证研究生 (degree certificate only), 双证研究生, 本科生.",
)
strawberry.enum(
    models.ClearanceStatus,
    description="未办理, 已通过, 未通过, 无需办理; every new clearance is PENDING.",
)
strawberry.enum(
    models.NotRequiredBy, description="By the checkpoint's rule, or by a waiver (免办)."
)
strawberry.enum(
    models.WaiverStatus,
    description="REQUESTED (待确认) changes nothing yet; CONFIRMED (已确认) by a second person lets"
    " the student off; WITHDRAWN (已撤回) is over.",
)
strawberry.enum(models.Channel, description="By which way a change came.")
strawberry.enum(
    models.SynonymKind, description="In a cell of 办理结果, or in the header of a column."
)
strawberry.enum(
    vocabulary.ResultMeaning,
    description="通过, 未通过; NOTHING decides nothing; UNKNOWN is refused as RESULT_UNKNOWN.",
)
strawberry.enum(
    vocabulary.HeaderMeaning,
    description="A column of a file of decisions or of a roster: 学号, 考生号, 身份证号,"
    " 学号/身份证号, 姓名, 办理结果, 备注, 性别, 年级, 学生范围, 院系, 专业, 班级, 学生类别,"
    " 培养层次, 是否户口迁移, 住宿信息; a file that has no use for it leaves it alone, as it does"
    " IGNORED. UNKNOWN: told in `unknownColumns`.",
)
strawberry.enum(models.Role, description="离校点操作员, 院系操作员, 系统管理员.")
strawberry.enum(models.JobKind, description="What a job does.")
strawberry.enum(
    models.JobStatus,
    description="FINISHED: every row has an outcome, and the files are there. FAILED: the job as a"
    " whole could not run; its `problem` says why. HELD: a call of a feed that turns very many"
    " passed students away, which `releaseJob` decides and `dropJob` leaves alone.",
)
strawberry.enum(
    models.JobPhase,
    description="What a running job is at: reading; deciding or applying; writing workbooks."
    " MATCHING: rows that are judged again are looked up again.",
)
strawberry.enum(
    models.JobQueue, description="INTERACTIVE: small work, which goes past large work, BULK."
)
strawberry.enum(
    models.MatchBy, description="By which number rows name students; AUTO: the header decides."
)
strawberry.enum(
    models.IfNewer,
    description="Rows whose clearance was decided after the upload: KEEP fails them with"
    " STALE_STATE, OVERRIDE decides them.",
)
strawberry.enum(models.Outcome, description="applied + unchanged + failed + unprocessed = rows.")
strawberry.enum(models.Act, description="通过, 不通过, 撤销.")
strawberry.enum(
    models.FileKind,
    description="UPLOAD: sent by an operator. ANNOTATED: the rows with their outcomes. FAILED_ROWS:"
    " only the failed ones, to be corrected and uploaded again. EXPORT: a list.",
)
strawberry.enum(models.HandOutKind, description="毕业证, 学位证, 毕业材料.")
strawberry.enum(
    models.Receiver, description="本人领取, 他人代领, 邮寄, 单位领取: who takes what is handed out."
)
strawberry.enum(errors.Code, description="A stable name of what is wrong; never renamed.")
strawberry.enum(
    students.StudentOrder,
    description="How students are sorted; ties are broken by id. CLASS: 班级, those without one as"
    " the empty text. CHANGED: the last change of any clearance; never changed is the oldest.",
)
strawberry.enum(
    batches.BatchMode,
    description="ALL_OR_NOTHING: one failure leaves every student as they were. VALID_ONLY: those"
    " that can be decided are.",
)
strawberry.enum(
    ExportSubject,
    description="What an export is about, by the mutation that started it. MATRIX: `startExport`."
    " CLEARANCES: `startClearancesExport`. COUNTS: `startCountsExport`. HISTORY:"
    " `startHistoryExport`. DECIDERS: `startDecidersExport`. SIGNING_SHEET:"
    " `startSigningSheetExport`.",
)
strawberry.enum(StudentColumn, description="A column of the student part of an export.")
strawberry.enum(EntryColumn, description="A column of the history in an export.")
strawberry.enum(
    DecidersColumn,
    description="A column of the exported report of who may decide; ENABLED: 是否启用.",
)
strawberry.enum(
    CountsColumn,
    description="A column of exported numbers. By CHECKPOINT there are CHECKPOINT and DUE (应办理)"
    " to NOT_REQUIRED; by a group of students GROUP (its label), STUDENTS and the same; by DAY"
    " there is DAY, the same as by CHECKPOINT, and TO_PASSED to TO_NOT_REQUIRED, the changes that"
    " led to these; by OPERATOR LOGIN, NAME, STUDENTS, the changes, and LAST_AT.",
)
strawberry.enum(
    ExportedCounts,
    description="What a line of exported numbers is about: a checkpoint; a group of students at a"
    " checkpoint; a day at a checkpoint; an operator.",
)
strawberry.enum(
    FileFormat,
    description="XLSX: only what is counted is a number, all else text, and a second sheet tells"
    " what it is, when, by whom. CSV: the table alone, UTF-8 with a byte order mark; a cell that a"
    " spreadsheet would calculate has an apostrophe in front.",
)
