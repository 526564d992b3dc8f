"""Speed, measured: each module prints a line and writes its figures to `benchmarks/results/`."""
