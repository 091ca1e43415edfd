"""The compact matrix beside the list: 100 students with 15 statuses, and 50 with all they have."""

from benchmarks import load, questions, servers
from benchmarks.claims import Claim, Part
from benchmarks.house import House
from benchmarks.load import Contender
from benchmarks.questions import IN_MATRIX, LISTED

WORK = "the compact matrix: 100 students x 15 statuses"
LIST, MATRIX = "the list", "the matrix"


def measure(house: House) -> Part:
    """Both of the same departments, from the same server."""
    server = servers.lixiao(house)
    matrix = questions.matrix(house.university)
    taken = load.rounds(
        [
            Contender(LIST, server, questions.page(house.university)),
            Contender(MATRIX, server, matrix),
        ]
    )
    ratios = [IN_MATRIX / LISTED * each for each in load.ratios(taken, MATRIX, LIST)]
    return Part(
        "The matrix of 100 students x 15 statuses, 16 clients",
        [*load.lines(taken), load.statements(house, matrix)],
        [Claim(WORK, "students/s, x the list's", ratios, 1.2, 2)],
    )
