"""The sentences of the graduation: hand-outs (发放) and certificates of clearance (离校单)."""

from domain.errors import Code

GRADUATION_SENTENCES: dict[Code, tuple[str, str]] = {
    Code.CLEARANCE_INCOMPLETE: (
        "该学生尚有环节未办结：{checkpoints}。请先办结这些环节。",
        "The student is not cleared yet at {checkpoints}; these come first.",
    ),
    Code.NOT_ENTITLED: (
        "该学生不应领取{kinds}（应领取：{possible}）。如有变动，请系统管理员先修改应领项目。",
        "The student is not to receive {kinds}, only {possible}; if that has changed, an"
        " administrator sets what the student is to receive.",
    ),
    Code.ALREADY_HANDED_OUT: (
        "该学生的{kind}已由 {operator} 于 {time} 发放，编号“{number}”。如需更换，请先撤销该发放。",
        "{operator} handed out the {kind} at {time} already, with the number “{number}”; revoke"
        " that to replace it.",
    ),
    Code.CERTIFICATE_NUMBER_TAKEN: (
        "{kind}编号“{value}”已发给另一名学生，请核对编号。",
        "The number “{value}” of a {kind} is another student's; check it.",
    ),
    Code.HAND_OUT_REVOKED: (
        "该发放已于 {time} 撤销，不能再次撤销。",
        "This hand-out was revoked at {time} already.",
    ),
    Code.PROXY_MISSING: (
        "他人代领须填写代领人的姓名和完整证件号，请补上。",
        "Somebody else who comes is known by name and full ID number; fill in both.",
    ),
    Code.NOTHING_GIVEN: (
        "该行没有填写证书编号或毕业材料，未作发放。",
        "The row has neither the number of a certificate nor 毕业材料, so nothing was given.",
    ),
    Code.NUMBER_PRECISION_LOST: (
        "“{column}”的“{value}”被存为数字，末几位已丢失。请把该列设为文本后重新填写完整编号。",
        "“{column}” “{value}” was stored as a number and has lost its last digits; format the"
        " column as text and enter it again.",
    ),
    Code.CERTIFICATE_WITHDRAWN: (
        "该离校单已于 {time} 失效，不能再打印。请在所有环节办结后重新开具。",
        "This certificate of clearance was withdrawn at {time} and is not printed any more; issue a"
        " new one once the student is cleared everywhere.",
    ),
    Code.CHARACTERS_NOT_PRINTABLE: (
        "离校单的字体中没有这些字：{characters}，因此没有生成，以免印成空框。请核对名册中的写法"
        "（旧系统的造字须换成标准汉字）；确为生僻字的，请出具手写的离校单。",
        "The font of the certificate lacks these characters: {characters}; so that none becomes an"
        " empty box, nothing was printed. Check them in the roster (a private character of an old"
        " system has a standard one by now), or write this certificate by hand.",
    ),
}
