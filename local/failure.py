"""What the person who started the command has to read."""


class Failure(Exception):  # noqa: N818 -- its sentence is printed as it is, without a trace
    """The command cannot go on; the sentence says why and what to do."""
