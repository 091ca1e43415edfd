"""The sentence of every code, in Chinese and in English: what is wrong, and what to do."""

from domain.errors import Code
from domain.feed_sentences import FEED_SENTENCES
from domain.file_sentences import FILE_SENTENCES
from domain.graduation_sentences import GRADUATION_SENTENCES

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
        "“{name}” cannot be “{value}”; needed: {expected}.",
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
    Code.JOB_NOT_RESUMABLE: (
        "任务（{kind}，{status}）不能继续：只有被取消或因系统错误中断、且文件仍在的任务可以继续。"
        "请重新提交。",
        "The job ({kind}, {status}) cannot go on: only a cancelled one, or one that a fault of the"
        " service ended, whose file is still there, can; start it anew.",
    ),
    Code.JOB_NOT_RETRYABLE: (
        "任务（{kind}，{status}）没有可以重试的失败行。",
        "The job ({kind}, {status}) has no failed rows to try again.",
    ),
    Code.JOB_NOT_REPAIRABLE: (
        "任务（{kind}，{status}）不能修正：只有已结束、非试运行、有失败行的办理导入可以修正。",
        "The job ({kind}, {status}) cannot be repaired: only an import of decisions that has ended,"
        " was no dry run and has failed rows can.",
    ),
    Code.JOB_NOT_UNDOABLE: (
        "任务（{kind}，{status}）不能撤回：只有已结束、非试运行的批量办理、导入、系统对接或撤回可以撤回。",
        "The job ({kind}, {status}) cannot be undone: only a batch, an import, a feed or an undo"
        " that has ended and was no dry run can.",
    ),
    Code.ROW_NOT_REPAIRABLE: (
        "第 {row} 行不是失败行，不能修正。如需更改办理结果，请单个办理。",
        "Row {row} is not a failed row and cannot be repaired; decide the student alone to change"
        " the result.",
    ),
    Code.IDEMPOTENCY_KEY_REUSED: (
        "幂等键已于 {time} 用于内容不同的请求，请为新的请求换一个键。",
        "The idempotency key was used at {time} for a request with another body; take a new key for"
        " a new request.",
    ),
    Code.ALREADY_EXISTS: (
        "{noun}“{value}”已存在，请换一个，或直接修改已有的。",
        "The {noun} “{value}” exists already; choose another, or change that one.",
    ),
    Code.SCHEME_READ_ONLY: (
        "离校方案“{scheme}”为“{status}”，只读。如需修改，请先重新开放。",
        "The scheme “{scheme}” is {status} and read-only; open it again to change it.",
    ),
    Code.TRANSITION_NOT_ALLOWED: (
        "离校方案“{scheme}”为“{status}”，不能直接转为“{wanted}”；可转为：{possible}。",
        "The scheme “{scheme}” is {status} and cannot become {wanted}; it can become {possible}.",
    ),
    Code.PREREQUISITE_CYCLE: (
        "前置环节互相等待：{cycle}。请去掉其中一个。",
        "These checkpoints would wait for each other: {cycle}; leave one of them out.",
    ),
    Code.CHECKPOINT_IN_USE: (
        "环节“{checkpoint}”已有{noun}，不能删除。可以改为不适用于任何学生。",
        "There is a {noun} of “{checkpoint}”, so it stays; let it apply to nobody instead.",
    ),
    Code.DEPARTMENT_IN_USE: (
        "院系“{department}”已有{noun}，不能删除。请先把它们改到别的院系。",
        "There is a {noun} of “{department}”, so it stays; move these to another department first.",
    ),
    Code.LAST_ADMINISTRATOR: (
        "“{operator}”是最后一位系统管理员，请先指定另一位。",
        "“{operator}” is the last administrator; name another one first.",
    ),
    Code.SECOND_PERSON_NEEDED: (
        "免办须由另一人确认，申请人不能自己确认。",
        "A waiver is confirmed by a second person, not by the one who requested it.",
    ),
    Code.WAIVER_NOT_POSSIBLE: (
        "该学生的办理情况为“{status}”，不能免办；如需免办，请先撤销该办理。",
        "The clearance is {status}; there is nothing to waive unless it is reset first.",
    ),
    Code.WAIVER_ENDED: (
        "该免办为“{status}”，不能再作此操作。如仍需免办，请重新申请。",
        "The waiver is {status} and stays so; request another one if it is still needed.",
    ),
    Code.MISSING_NOT_ARCHIVED: (
        "名册中有 {missing} 名学生不在文件里，但文件有 {failed} 行出错，因此一名也没有归档。"
        "请改正后重新导入。",
        "{missing} students are not in the file, but {failed} of its rows failed, so none was"
        " archived; correct them and import again.",
    ),
    Code.INTERNAL: (
        "系统内部错误，请把编号 {id} 告知系统管理员。",
        "Something went wrong inside the service; tell an administrator the id {id}.",
    ),
    Code.SCHEME_NOT_OPEN: (
        "离校方案“{scheme}”未开放，不能办理，请联系系统管理员开放。",
        "The scheme “{scheme}” is not open; ask an administrator to open it before you decide.",
    ),
    Code.CHECKPOINT_NOT_OPEN: (
        "环节“{checkpoint}”不在开放时间内（{opens} 至 {closes}），不能办理通过，请在该时间内办理。",
        "“{checkpoint}” is outside its window ({opens} to {closes}); pass it within that time.",
    ),
    Code.NOT_REQUIRED: (
        "该学生在环节“{checkpoint}”无需办理，请从名单中去掉该学生。",
        "The student is not required at the checkpoint “{checkpoint}”; leave them out.",
    ),
    Code.PREREQUISITE_PENDING: (
        "前置环节尚未通过：{checkpoints}。请先办理前置环节。",
        "These checkpoints must be passed first: {checkpoints}.",
    ),
    Code.STALE_STATE: (
        "该学生已由 {operator} 于 {time} 办理为“{status}”，请刷新后再办理。",
        "{operator} decided “{status}” at {time}; refresh before you decide.",
    ),
    Code.CHANGED_SINCE: (
        "该学生此后又由 {operator} 于 {time} 变更为“{status}”，未撤回。如需更改，请单个办理。",
        "{operator} changed it to “{status}” at {time} since, so it was not taken back; decide the"
        " student alone to change it.",
    ),
    Code.ALREADY_UNDONE: (
        "该学生已撤回，无需再次撤回。",
        "It was taken back already.",
    ),
    Code.REMARK_TOO_LONG: (
        "备注有 {length} 个字，最多 500 个字，请缩短。",
        "The remark has {length} characters; shorten it to 500.",
    ),
    Code.HANDED_OUT: (
        "该学生已领取{kinds}，不能撤销办理或改为不通过。如确需更改，请先由院系撤销发放。",
        "The student has received {kinds}; the department must revoke that before the clearance is"
        " taken back.",
    ),
    Code.KEY_MISSING: (
        "这一行没有学号、身份证号或考生号，请填写其中一个。",
        "The row has no student number, ID number or candidate number; fill one in.",
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
        "身份证号“{value}”的校验位不符，已按原号码处理，请留意。",
        "The check digit of the ID number “{value}” is wrong; it was taken as it stands.",
    ),
    Code.VALUE_UNUSUAL: (
        "“{column}”的值“{value}”不是常见的{expected}，已按原样处理，请核对是否写错。",
        "“{column}” “{value}” is none of the usual {expected}; it was taken as it is, check it.",
    ),
    Code.FORMULA_ERROR: (
        "单元格显示错误“{value}”，没有可用的内容。请改正公式，或直接填写。",
        "The cell shows the error “{value}” and says nothing; mend its formula, or write the value"
        " itself.",
    ),
    Code.FORMULA_NOT_CALCULATED: (
        "单元格是尚未计算的公式“{value}”。请用 Excel 或 WPS 打开文件并保存后重新上传，或直接填写。",
        "The cell is a formula that was never calculated, “{value}”; open the file in Excel or WPS,"
        " save it and upload again, or write the value itself.",
    ),
    Code.DUPLICATE_CONFLICT: (
        "同一学生在第 {rows} 行的内容互相矛盾，均未导入，请只保留一行。",
        "Rows {rows} contradict each other for the same student; none was imported, keep one.",
    ),
    Code.DUPLICATE_ROW: (
        "与第 {row} 行相同，不再重复办理。",
        "The row repeats row {row}; it was decided once.",
    ),
    Code.VALUE_MISSING: (
        "“{column}”没有填写，请补上。",
        "“{column}” is empty; fill it in.",
    ),
    Code.VALUE_UNKNOWN: (
        "“{column}”的值“{value}”无法识别，请填写：{expected}。",
        "“{column}” cannot be “{value}”; write {expected}.",
    ),
    Code.VALUE_TOO_LONG: (
        "“{column}”有 {length} 个字，最多 {limit} 个字，请缩短。",
        "“{column}” has {length} characters; shorten it to {limit}.",
    ),
    Code.DEPARTMENT_UNKNOWN: (
        "没有名为“{value}”的院系，请核对名称，或在导入时选择新建院系。",
        "There is no department “{value}”; check the name, or ask the import to create it.",
    ),
    Code.CHECKPOINT_UNKNOWN: (
        "该离校方案没有名为“{value}”的环节，请核对名称。",
        "The scheme has no checkpoint “{value}”; check its title.",
    ),
    Code.KEY_TAKEN: (
        "“{column}”的值“{value}”已属于学生“{student}”，请核对。",
        "“{column}” “{value}” is that of the student “{student}”; check it.",
    ),
    Code.PASSWORD_TOO_SHORT: (
        "初始密码至少 {limit} 个字符，请加长。",
        "The password needs at least {limit} characters; choose a longer one.",
    ),
    Code.ACCOUNT_EXISTS: (
        "该学生已设置自己的密码，未作改动。如需重置，请单独重置，或在导入时选择重置。",
        "The student has chosen a password, so nothing was changed; reset it alone, or import with"
        " `reset`.",
    ),
    **GRADUATION_SENTENCES,
    **FILE_SENTENCES,
    **FEED_SENTENCES,
}
