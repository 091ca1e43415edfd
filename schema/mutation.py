"""Every mutation, as a table of contents. Each answers what it did, or Refused."""

from typing import Annotated

import strawberry

from resolvers import (
    certificates,
    decisions,
    exports,
    feeds,
    hand_outs,
    imports,
    me,
    operators,
    reopening,
    students,
    waivers,
)
from schema import idempotency
from schema.administration import Administration
from schema.certificate import IssueResult
from schema.errors import Refused
from schema.hand_out import HandOutResult, RevokeResult
from schema.hiring import ViewerResult
from schema.job import JobResult
from schema.me import Me, OwnCertificateResult, StudentSignInResult
from schema.operator import SignedIn, Viewer
from schema.student import Clearance, IdNumber
from schema.waiver import WaiverResult

SignInResult = Annotated[
    SignedIn | Refused, strawberry.union("SignInResult", description="A session, or why not.")
]
SignOutResult = Annotated[
    Viewer | Me | Refused,
    strawberry.union("SignOutResult", description="Who signed out, or why not."),
]
DecideResult = Annotated[
    Clearance | Refused,
    strawberry.union("DecideResult", description="The clearance as it is now, or why not."),
]
RevealResult = Annotated[
    IdNumber | Refused,
    strawberry.union("RevealResult", description="The full number, or why not."),
]


@strawberry.type(description="Writing. Every mutation is one transaction.")
class Mutation(Administration):
    """The mutations of the desk, beside those of administrators."""

    sign_in = strawberry.mutation(
        resolver=operators.sign_in,
        graphql_type=SignInResult,
        description="Sign in with a password: SIGN_IN_FAILED, RATE_LIMITED after five failures.",
    )
    sign_in_student = strawberry.mutation(
        resolver=me.sign_in,
        graphql_type=StudentSignInResult,
        description="Sign in as a student, by 学号: SIGN_IN_FAILED, RATE_LIMITED after five"
        " failures.",
    )
    sign_out = strawberry.mutation(
        resolver=operators.sign_out,
        graphql_type=SignOutResult,
        description="End this session, an operator's or a student's; its token is worth nothing any"
        " more.",
    )
    issue_my_certificate = strawberry.mutation(
        resolver=me.issue_certificate,
        graphql_type=OwnCertificateResult,
        description="For students: issue your certificate of clearance (离校单); answers the valid"
        " one if there is one. CLEARANCE_INCOMPLETE names what is open.",
    )
    change_password = idempotency.mutation(
        resolver=operators.change_password,
        graphql_type=ViewerResult,
        description="Change your own password; your other sessions end. A wrong old one is"
        " SIGN_IN_FAILED and counts: RATE_LIMITED after five. Students leave `idempotencyKey` out.",
    )
    decide = idempotency.mutation(
        resolver=decisions.decide,
        graphql_type=DecideResult,
        description="Pass, refuse or reset one student at one checkpoint: STALE_STATE if it is no"
        " longer at `expectedVersion`.",
    )
    decide_many = idempotency.mutation(
        resolver=decisions.decide_many,
        graphql_type=JobResult,
        description="The same act for many students in one transaction; answers the finished job"
        " with a row for each.",
    )
    send_feed = idempotency.mutation(
        resolver=feeds.send,
        graphql_type=JobResult,
        description="For feeds, with their token: decide students by 学号 at the feed's checkpoint,"
        " in one transaction; answers the finished job with a row for each, in order. Rows that say"
        " the same of one student are one decision, contradictory ones fail. If too many passed"
        " students would no longer be passed, the job is HELD with nothing changed, and later calls"
        " are judged as ever. A feed may ask for this, `viewer`, `job`, `jobs` and `node` alone.",
    )
    start_import = idempotency.mutation(
        resolver=imports.start_import,
        graphql_type=JobResult,
        description="Import decisions from an uploaded workbook; answers the queued job.",
    )
    start_export = idempotency.mutation(
        resolver=exports.start_export,
        graphql_type=JobResult,
        description="Export students with a column for each checkpoint (学生离校信息); answers the"
        " queued job. Without checkpoints and with full ID numbers it is a roster.",
    )
    start_clearances_export = idempotency.mutation(
        resolver=exports.start_clearances_export,
        graphql_type=JobResult,
        description="Export where students stand at one checkpoint or all (各环节信息数据), with"
        " remark, operator and time. `startImport` reads the file of one checkpoint again; that of"
        " all is not for it: each student has a row for each. Answers the queued job.",
    )
    start_counts_export = idempotency.mutation(
        resolver=exports.start_counts_export,
        graphql_type=JobResult,
        description="Export the numbers (各环节办理情况统计), 应办理 and what it is made of,"
        " by checkpoint, group, day or operator. Answers the queued job.",
    )
    start_history_export = idempotency.mutation(
        resolver=exports.start_history_export,
        graphql_type=JobResult,
        description="Export the history (办理记录), the newest entry first; answers the queued"
        " job.",
    )
    start_deciders_export = idempotency.mutation(
        resolver=exports.start_deciders_export,
        graphql_type=JobResult,
        description="Export who may decide what in a scheme that you administer; answers the queued"
        " job.",
    )
    start_signing_sheet_export = idempotency.mutation(
        resolver=exports.start_signing_sheet_export,
        graphql_type=JobResult,
        description="A signing sheet (发放签收表) ready to print: the matching students to whom you"
        " hand out, by department and class, at most 5,000; those who may receive something now,"
        " unless the filter says `mayReceive` or `hasReceived`. Filled in, it is a file for"
        " `startHandOutsImport`. Answers the queued job.",
    )
    cancel_job = idempotency.mutation(
        resolver=reopening.cancel,
        graphql_type=JobResult,
        description="Ask a job to stop: what was done stays, the other rows are UNPROCESSED.",
    )
    resume_job = idempotency.mutation(
        resolver=reopening.resume,
        graphql_type=JobResult,
        description="Go on exactly where a cancelled job stopped, or one that a fault of the"
        " service ended, as who started it: the UNPROCESSED rows. An export begins anew."
        " JOB_NOT_RESUMABLE.",
    )
    retry_job = idempotency.mutation(
        resolver=reopening.retry,
        graphql_type=JobResult,
        description="Judge the failed rows of a batch, an import or an undo again, and only these,"
        " as who started it: JOB_NOT_RETRYABLE without any.",
    )
    repair_job = idempotency.mutation(
        resolver=reopening.repair,
        graphql_type=JobResult,
        description="Change cells of failed rows of an import (one by one, or one wrong text in all"
        " of them), judge these rows again, as your decisions (channel REPAIR), and write its"
        " workbooks anew. Decided meanwhile means: after this. JOB_NOT_REPAIRABLE,"
        " ROW_NOT_REPAIRABLE.",
    )
    undo_job = idempotency.mutation(
        resolver=reopening.undo,
        graphql_type=JobResult,
        description="Take back what a batch, an import or an undo did: each clearance that is still"
        " as that left it gets its former status, remark and operator, as a new version (channel"
        " UNDO); those changed since are CHANGED_SINCE. Answers a queued job with a row for each,"
        " which can be undone in turn. JOB_NOT_UNDOABLE.",
    )
    hand_out = idempotency.mutation(
        resolver=hand_outs.hand_out,
        graphql_type=HandOutResult,
        description="Hand certificates and materials out to a student, all of it or nothing; what"
        " was handed out with the same number changes nothing. CLEARANCE_INCOMPLETE names the open"
        " checkpoints; NOT_ENTITLED, ALREADY_HANDED_OUT, CERTIFICATE_NUMBER_TAKEN,"
        " SCHEME_NOT_OPEN.",
    )
    hand_out_many = idempotency.mutation(
        resolver=hand_outs.hand_out_many,
        graphql_type=JobResult,
        description="The same for many students in one transaction; answers the finished job with a"
        " row for each.",
    )
    start_hand_outs_import = idempotency.mutation(
        resolver=hand_outs.start_import,
        graphql_type=JobResult,
        description="Hand out by an uploaded workbook or csv, e.g. a filled-in signing sheet: 学号"
        " (or another key), 姓名, 毕业证书编号, 学位证书编号, 毕业材料 (是), 领取方式, 代领人,"
        " 代领人证件号, 发放日期, 备注. A row is one student, who receives all of it or nothing."
        " Answers the queued job.",
    )
    revoke_hand_out = idempotency.mutation(
        resolver=hand_outs.revoke,
        graphql_type=RevokeResult,
        description="Take a hand-out back, so that it can be issued again; it stays as history."
        " With a student's last one the rules of checkpoints hold for them again."
        " HAND_OUT_REVOKED, SCHEME_NOT_OPEN.",
    )
    issue_certificate = idempotency.mutation(
        resolver=certificates.issue,
        graphql_type=IssueResult,
        description="Issue the certificate of clearance (离校单) of a student to whose department"
        " you hand out; answers the valid one if there is one. CLEARANCE_INCOMPLETE names the open"
        " checkpoints; SCHEME_NOT_OPEN in a draft.",
    )
    reveal_id_number = strawberry.mutation(
        resolver=students.reveal_id_number,
        graphql_type=RevealResult,
        description="Show one full ID number to those with the right; leaves an access line.",
    )
    request_waiver = idempotency.mutation(
        resolver=waivers.request,
        graphql_type=WaiverResult,
        description="Ask for a waiver (免办) where you may decide: NOT_REQUIRED, or"
        " WAIVER_NOT_POSSIBLE once passed; ALREADY_EXISTS beside one that is not over.",
    )
    confirm_waiver = idempotency.mutation(
        resolver=waivers.confirm,
        graphql_type=WaiverResult,
        description="Confirm what somebody else requested: the clearance is NOT_REQUIRED."
        " SECOND_PERSON_NEEDED, WAIVER_ENDED, or WAIVER_NOT_POSSIBLE if it was passed meanwhile.",
    )
    withdraw_waiver = idempotency.mutation(
        resolver=waivers.withdraw,
        graphql_type=WaiverResult,
        description="Take a waiver back: a request by who made it or whoever may decide, a"
        " confirmed one by the latter; then the checkpoint's rule holds again. WAIVER_ENDED.",
    )
