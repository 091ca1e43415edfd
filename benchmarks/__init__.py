"""How fast the house is beside its peers, on real parts, and whether it keeps what was promised.

`make bench` (`python -m benchmarks`) writes results.md, `make bench-million` (`python -m
benchmarks.million`) results-million.md; both open a house of their own (house, university), measure
part after part (run), and print claims with must, goal and measure before the lines (report).

The parts: query_page, query_one and query_matrix load servers with questions (servers, questions,
load); import_rows, export_rows and million_files look at jobs (job_runs) and at work of peers
(office, peer_work); decide_many and million_queries ask one thing at a time (client). meters and
statements tell what a run costs. The peers are in peers/, in packages of their own that `make
peers` installs; the floors, which nobody can pass, are in floors/.
"""
