"""A page of 50 students, 10 fields and 15 clearances of 4 fields each, against peers and floor."""

from benchmarks import load, questions, servers
from benchmarks.claims import Claim, Part
from benchmarks.house import House
from benchmarks.load import Contender, Rounds

WORK = "list: 50 students x (10 + 15 x 4 fields), 16 clients"
LIXIAO, POSTGRAPHILE, STOCK, FLOOR = "Lixiao", "PostGraphile", "stock Strawberry", "the floor"


def measure(house: House) -> Part:
    """The first page of each department in turn."""
    of = house.university
    with (
        servers.postgraphile(house) as postgraphile,
        servers.stock(house) as stock,
        servers.floor(house) as floor,
    ):
        contenders = [
            Contender(POSTGRAPHILE, postgraphile, questions.page_of_postgraphile(of)),
            Contender(LIXIAO, servers.lixiao(house), questions.page(of)),
            Contender(STOCK, stock, questions.page_of_stock(of)),
            Contender(FLOOR, floor, questions.page_of_floor(of)),
        ]
        taken = load.rounds(contenders)
    lines = [
        *load.lines(taken),
        load.compared(taken, LIXIAO, FLOOR),
        load.statements(house, questions.page(of)),
    ]
    return Part("A page of 50 students with 15 clearances, 16 clients", lines, _claims(taken))


def _claims(taken: Rounds) -> list[Claim]:
    against_postgraphile = load.ratios(taken, LIXIAO, POSTGRAPHILE)
    p99 = load.ratios(taken, LIXIAO, POSTGRAPHILE, load.p99)
    return [
        Claim(WORK, "x PostGraphile's requests/s", against_postgraphile, 1.5, 2.5),
        Claim(WORK, "x stock Strawberry's requests/s", load.ratios(taken, LIXIAO, STOCK), 15),
        Claim(WORK, "p99 / PostGraphile's p99", p99, 1, at_most=True),
    ]
