"""The sentences of the codes about feeds and what they send."""

from domain.errors import Code

FEED_SENTENCES: dict[Code, tuple[str, str]] = {
    Code.JOB_NOT_HELD: (
        "任务（{kind}，{status}）没有被拦下，无需放行或丢弃。",
        "The job ({kind}, {status}) is not held, so there is nothing to release or drop.",
    ),
    Code.OPERATOR_IS_FEED: (
        "“{operator}”是系统对接的账号，请在系统对接中修改。",
        "“{operator}” is the account of a feed; change the feed instead.",
    ),
    Code.FEED_DISABLED: (
        "系统对接“{feed}”已停用，请先启用。",
        "The feed “{feed}” is disabled; enable it first.",
    ),
    Code.FEED_HELD: (
        "{base} 名已通过的学生中，{hours} 小时内将有 {count} 名不再通过，超过 {limit} 名且超过"
        " {percent}%，因此全部未办理。请系统管理员核对后放行或丢弃。",
        "Within {hours} hours {count} of {base} passed students would no longer be passed, more"
        " than {limit} and more than {percent} %, so nothing was changed; an administrator looks"
        " at it and releases or drops it.",
    ),
}
