"""How fast the house is, on real parts: `python -m benchmarks` writes results.md."""
