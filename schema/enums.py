"""GraphQL names for the enums of the tables and of the domain: declared there, described here."""

import strawberry

import models
from domain import batches, errors, exports, students

strawberry.enum(
    models.SchemeStatus,
    description="DRAFT: being set up. OPEN: decided in. CLOSED: read-only. ARCHIVED: put away.",
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
strawberry.enum(models.Channel, description="By which way a change came.")
strawberry.enum(models.Role, description="离校点操作员, 院系操作员, 系统管理员.")
strawberry.enum(models.JobKind, description="What a job does.")
strawberry.enum(
    models.JobStatus,
    description="FINISHED: every row has an outcome, and the files are there. FAILED: the job as a"
    " whole could not run; its `problem` says why.",
)
strawberry.enum(
    models.JobPhase, description="What a running job is at: reading, deciding, writing workbooks."
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
strawberry.enum(errors.Code, description="A stable name of what is wrong; never renamed.")
strawberry.enum(
    students.StudentOrder, description="How students are sorted; ties are broken by id."
)
strawberry.enum(
    batches.BatchMode,
    description="ALL_OR_NOTHING: one failure leaves every student as they were. VALID_ONLY: those"
    " that can be decided are.",
)
strawberry.enum(exports.StudentColumn, description="A column of the student part of an export.")
