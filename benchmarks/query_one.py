"""One student by number, another each time, against PostGraphile and the floor."""

from benchmarks import load, questions, servers
from benchmarks.claims import Claim, Part
from benchmarks.house import House
from benchmarks.load import Contender
from benchmarks.query_page import FLOOR, LIXIAO, POSTGRAPHILE

WORK = "one student, 5 fields, 16 clients"


def measure(house: House) -> Part:
    """Students from all over the scheme."""
    of = house.university
    with servers.postgraphile(house) as postgraphile, servers.floor(house) as floor:
        contenders = [
            Contender(POSTGRAPHILE, postgraphile, questions.one_of_postgraphile(of)),
            Contender(LIXIAO, servers.lixiao(house), questions.one(of)),
            Contender(FLOOR, floor, questions.one_of_floor(of)),
        ]
        taken = load.rounds(contenders)
    lines = [
        *load.lines(taken),
        load.compared(taken, LIXIAO, FLOOR),
        load.statements(house, questions.one(of)),
    ]
    ratios = load.ratios(taken, LIXIAO, POSTGRAPHILE)
    claim = Claim(WORK, "x PostGraphile's requests/s", ratios, 1, 1.3)
    return Part("One student by number, 16 clients", lines, [claim])
