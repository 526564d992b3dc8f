"""`make bench`: runs every benchmark that fits in minutes, prints a table, writes JSON to `benchmarks/results/`."""

import asyncio
import json
from pathlib import Path

from benchmarks import pace, timers, visible
from benchmarks.report import table

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    timers.main()
    pace.main()
    asyncio.run(visible.main())
    rows: list[tuple[str, str, str]] = []
    for path in sorted(RESULTS.glob("*.json")):
        figures = json.loads(path.read_text()).get("figures", {})
        rows += [(path.stem, name, str(value)) for name, value in figures.items()]
    print(table(("benchmark", "figure", "value"), rows))


if __name__ == "__main__":
    main()
