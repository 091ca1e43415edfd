"""The mutations about who may sign in and do what: operators, students, feeds."""

import strawberry

from resolvers import feeds, hiring, student_accounts
from schema import idempotency
from schema.enrolment import StudentResult
from schema.feed import FeedResult, FeedTokenResult, NewFeedTokenResult
from schema.hiring import GrantResult, OperatorResult
from schema.job import JobResult


@strawberry.type
class Accounts:
    """Those of administrators, beside what is administered."""

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
    start_passwords_import = idempotency.mutation(
        resolver=student_accounts.start_import,
        graphql_type=JobResult,
        description="Let students in by a list of first passwords, for administrators of the"
        " scheme: 学号, 姓名 (optional), 初始密码 (8-200 visible characters). A row is one student;"
        " whoever has chosen a password of their own keeps it (ACCOUNT_EXISTS) unless `reset`, and"
        " a new one ends the student's sessions. Two passwords for one student are"
        " DUPLICATE_CONFLICT; FORBIDDEN where the number is also in an open scheme that you do not"
        " administer. Passwords are shown nowhere, and the file is deleted when the job ends,"
        " after a dry run too. Answers the queued job.",
    )
    reset_student_password = idempotency.mutation(
        resolver=student_accounts.reset_password,
        graphql_type=StudentResult,
        description="Give a student a first password, as an administrator of the scheme, whether"
        " they had one or not: their sessions end, and their failed sign-ins are forgotten.",
    )
    end_student_sessions = idempotency.mutation(
        resolver=student_accounts.end_sessions,
        graphql_type=StudentResult,
        description="End every session of a student, as an administrator of the scheme.",
    )
