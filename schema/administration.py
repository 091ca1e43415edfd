"""The mutations of administrators, as a table of contents."""

import strawberry

from resolvers import configuration, enrolment, feeds, hand_outs, hiring, rosters, synonyms
from schema import idempotency
from schema.configuration import (
    ApplicabilityResult,
    CheckpointResult,
    DepartmentResult,
    SchemeResult,
)
from schema.enrolment import StudentResult
from schema.feed import FeedResult, FeedTokenResult, NewFeedTokenResult
from schema.hiring import GrantResult, OperatorResult
from schema.job import JobResult
from schema.synonym import SynonymResult


@strawberry.type
class Administration:
    """Schemes and checkpoints, students, operators, and the words of files."""

    create_scheme = idempotency.mutation(
        resolver=configuration.create_scheme,
        graphql_type=SchemeResult,
        description="Begin a DRAFT, for administrators of all schemes: ALREADY_EXISTS.",
    )
    clone_scheme = idempotency.mutation(
        resolver=configuration.clone_scheme,
        graphql_type=SchemeResult,
        description="A DRAFT with the checkpoints of another (texts, order, rules, prerequisites)"
        " and its grants, for administrators of all schemes. Windows, which are dates of last year,"
        " and students are left out.",
    )
    rename_scheme = idempotency.mutation(
        resolver=configuration.rename_scheme,
        graphql_type=SchemeResult,
        description="Give a scheme another name: ALREADY_EXISTS, SCHEME_READ_ONLY.",
    )
    open_scheme = idempotency.mutation(
        resolver=configuration.open_scheme,
        graphql_type=SchemeResult,
        description="DRAFT or CLOSED to OPEN; else TRANSITION_NOT_ALLOWED.",
    )
    close_scheme = idempotency.mutation(
        resolver=configuration.close_scheme,
        graphql_type=SchemeResult,
        description="OPEN or ARCHIVED to CLOSED, which is read-only; else TRANSITION_NOT_ALLOWED.",
    )
    archive_scheme = idempotency.mutation(
        resolver=configuration.archive_scheme,
        graphql_type=SchemeResult,
        description="DRAFT or CLOSED to ARCHIVED; else TRANSITION_NOT_ALLOWED.",
    )
    create_checkpoint = idempotency.mutation(
        resolver=configuration.create_checkpoint,
        graphql_type=CheckpointResult,
        description="Add a checkpoint (at most 100); every student gets a clearance there, PENDING"
        " or by its rule NOT_REQUIRED. ALREADY_EXISTS, SCHEME_READ_ONLY.",
    )
    update_checkpoint = idempotency.mutation(
        resolver=configuration.update_checkpoint,
        graphql_type=CheckpointResult,
        description="Change its texts: ALREADY_EXISTS, SCHEME_READ_ONLY.",
    )
    set_checkpoint_window = idempotency.mutation(
        resolver=configuration.set_checkpoint_window,
        graphql_type=CheckpointResult,
        description="When somebody can be passed there; a moment without an offset is UTC."
        " SCHEME_READ_ONLY.",
    )
    set_prerequisites = idempotency.mutation(
        resolver=configuration.set_prerequisites,
        graphql_type=CheckpointResult,
        description="What must be PASSED or NOT_REQUIRED before somebody can be passed there:"
        " PREREQUISITE_CYCLE names a circle by its titles. What was decided stays.",
    )
    order_checkpoints = idempotency.mutation(
        resolver=configuration.order_checkpoints,
        graphql_type=SchemeResult,
        description="Put the checkpoints into another order: SCHEME_READ_ONLY.",
    )
    delete_checkpoint = idempotency.mutation(
        resolver=configuration.delete_checkpoint,
        graphql_type=SchemeResult,
        description="Delete a checkpoint with its clearances and answer its scheme;"
        " CHECKPOINT_IN_USE once there is a history entry, a job, a grant or a waiver of it.",
    )
    set_applicability = idempotency.mutation(
        resolver=configuration.set_applicability,
        graphql_type=ApplicabilityResult,
        description="To whom a checkpoint applies. PENDING turns to NOT_REQUIRED and back, each"
        " with an entry (RULE); a decision or a waiver is never touched. SCHEME_READ_ONLY.",
    )
    create_department = idempotency.mutation(
        resolver=configuration.create_department,
        graphql_type=DepartmentResult,
        description="A new department, for administrators of all schemes: ALREADY_EXISTS.",
    )
    rename_department = idempotency.mutation(
        resolver=configuration.rename_department,
        graphql_type=DepartmentResult,
        description="The same department under another name, for administrators of all schemes:"
        " ALREADY_EXISTS.",
    )
    delete_department = idempotency.mutation(
        resolver=configuration.delete_department,
        graphql_type=DepartmentResult,
        description="Take away a department without students, grants and rules, e.g. a misspelt"
        " one, for administrators of all schemes, and answer what it was: DEPARTMENT_IN_USE.",
    )
    start_roster_import = idempotency.mutation(
        resolver=rosters.start_roster_import,
        graphql_type=JobResult,
        description="Import the roster of a scheme that you administer from a workbook or csv:"
        " SCHEME_READ_ONLY. Only the columns of the file change anything. Answers the queued job;"
        " the same file once more changes nothing.",
    )
    create_student = idempotency.mutation(
        resolver=enrolment.create_student,
        graphql_type=StudentResult,
        description="Enrol one student, with a clearance at every checkpoint: KEY_TAKEN,"
        " ID_MALFORMED, SCHEME_READ_ONLY.",
    )
    update_student = idempotency.mutation(
        resolver=enrolment.update_student,
        graphql_type=StudentResult,
        description="Change a student's data; decisions stay, and the rules judge anew. KEY_TAKEN,"
        " ID_MALFORMED, SCHEME_READ_ONLY.",
    )
    archive_student = idempotency.mutation(
        resolver=enrolment.archive_student,
        graphql_type=StudentResult,
        description="Take a student out of every list and every sum; nothing is deleted."
        " SCHEME_READ_ONLY.",
    )
    restore_student = idempotency.mutation(
        resolver=enrolment.restore_student,
        graphql_type=StudentResult,
        description="Bring an archived student back, with the decisions of before, judged by the"
        " rules of today. SCHEME_READ_ONLY.",
    )
    set_cohort_entitlement = idempotency.mutation(
        resolver=hand_outs.set_cohort_entitlement,
        graphql_type=SchemeResult,
        description="What the students of a cohort are to receive in a scheme (应领项目); what was"
        " handed out stays. SCHEME_READ_ONLY.",
    )
    set_student_entitlement = idempotency.mutation(
        resolver=hand_outs.set_student_entitlement,
        graphql_type=StudentResult,
        description="What one student is to receive, and why, e.g. 毕业 without 学位; each change"
        " keeps its reason. SCHEME_READ_ONLY.",
    )
    create_operator = idempotency.mutation(
        resolver=hiring.create,
        graphql_type=OperatorResult,
        description="Hire somebody, as an administrator of all schemes: ALREADY_EXISTS if the login"
        " is taken.",
    )
    rename_operator = idempotency.mutation(
        resolver=hiring.rename,
        graphql_type=OperatorResult,
        description="Change the name to show, as an administrator of all schemes.",
    )
    disable_operator = idempotency.mutation(
        resolver=hiring.disable,
        graphql_type=OperatorResult,
        description="End every session of an operator and let no grant count any more, also for"
        " jobs that run; as an administrator of all schemes. LAST_ADMINISTRATOR.",
    )
    enable_operator = idempotency.mutation(
        resolver=hiring.enable,
        graphql_type=OperatorResult,
        description="Let an operator sign in again, with the grants they had; as an administrator"
        " of all schemes.",
    )
    reset_password = idempotency.mutation(
        resolver=hiring.reset_password,
        graphql_type=OperatorResult,
        description="Give an operator another password, as an administrator of all schemes: their"
        " sessions end, and their failed sign-ins are forgotten.",
    )
    end_sessions = idempotency.mutation(
        resolver=hiring.end_sessions,
        graphql_type=OperatorResult,
        description="End every session of an operator, as an administrator of all schemes.",
    )
    add_grant = idempotency.mutation(
        resolver=hiring.add_grant,
        graphql_type=GrantResult,
        description="Grant something to an operator, in a scheme that you administer and that is"
        " not archived: ALREADY_EXISTS if it is held, with or without ID numbers.",
    )
    remove_grant = idempotency.mutation(
        resolver=hiring.remove_grant,
        graphql_type=OperatorResult,
        description="Take a grant away, in a scheme that you administer: LAST_ADMINISTRATOR if"
        " nobody enabled would administer all schemes any more.",
    )
    start_operator_import = idempotency.mutation(
        resolver=hiring.start_import,
        graphql_type=JobResult,
        description="Hire, grant, disable and more from a list, for administrators of the scheme:"
        " 账号, 姓名, 初始密码, 角色, 离校环节, 院系, 查看证件号 (是/否), 操作. A row is one grant,"
        " an empty 离校环节 or 院系 means all; whoever is new takes a password and an administrator"
        " of all schemes; no grant is taken away. With 操作 other than 授权 a row needs 账号 alone,"
        " and an administrator of all schemes: 停用 (as disableOperator: LAST_ADMINISTRATOR), 启用,"
        " 重置密码 (to the 初始密码 of the row), 退出登录 (as endSessions); NOT_FOUND if the login"
        " is unknown. Rows count in the order of the file; a second password for one login is"
        " DUPLICATE_CONFLICT. Passwords are shown nowhere, and the file is deleted when the job"
        " ends, after a dry run too. Answers the queued job.",
    )
    create_feed = idempotency.mutation(
        resolver=feeds.create,
        graphql_type=FeedResult,
        description="Set up a system that decides at one checkpoint of a scheme that you"
        " administer: ALREADY_EXISTS, SCHEME_READ_ONLY once that is archived. It needs a token.",
    )
    edit_feed = idempotency.mutation(
        resolver=feeds.edit,
        graphql_type=FeedResult,
        description="Another name or brake, for administrators of the scheme: ALREADY_EXISTS. What"
        " is held stays so.",
    )
    disable_feed = idempotency.mutation(
        resolver=feeds.disable,
        graphql_type=FeedResult,
        description="Let none of its tokens count any more; for administrators of the scheme.",
    )
    enable_feed = idempotency.mutation(
        resolver=feeds.enable,
        graphql_type=FeedResult,
        description="Let those of its tokens count again that live still; for administrators of"
        " the scheme.",
    )
    issue_feed_token = strawberry.mutation(
        resolver=feeds.issue_token,
        graphql_type=NewFeedTokenResult,
        description="One more token of a feed, for administrators of the scheme; at most 10 live at"
        " once, so that one can be changed for another without a gap.",
    )
    revoke_feed_token = idempotency.mutation(
        resolver=feeds.revoke_token,
        graphql_type=FeedTokenResult,
        description="Make a token worthless at once, for administrators of the scheme.",
    )
    release_job = idempotency.mutation(
        resolver=feeds.release,
        graphql_type=JobResult,
        description="Decide the rows of a job that is HELD, as the feed, in one transaction; what"
        " was decided since they were sent is STALE_STATE. For administrators of the scheme:"
        " JOB_NOT_HELD, FEED_DISABLED.",
    )
    drop_job = idempotency.mutation(
        resolver=feeds.drop,
        graphql_type=JobResult,
        description="Leave the rows of a job that is HELD alone: UNPROCESSED. For administrators of"
        " the scheme: JOB_NOT_HELD.",
    )
    set_synonym = idempotency.mutation(
        resolver=synonyms.put,
        graphql_type=SynonymResult,
        description="Say what a word of files means from now on; for administrators of all"
        " schemes. The words that the service writes itself are INVALID_INPUT; at most 500.",
    )
    remove_synonym = idempotency.mutation(
        resolver=synonyms.remove,
        graphql_type=SynonymResult,
        description="Take that back: the word means again what it did when it came along.",
    )
