"""Writing figures down: percentiles, the machine they come from, a table for people."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of `values` lie, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def machine() -> dict[str, Any]:
    """What a figure depends on besides the code."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def write(name: str, figures: dict[str, Any], **more: Any) -> None:
    """Stores a benchmark's figures with their machine and moment."""
    RESULTS.mkdir(exist_ok=True)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    content = {"figures": figures, "machine": machine(), "at": at, **more}
    (RESULTS / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A plain text table."""
    widths = [max(len(str(row[column])) for row in [head, *rows]) for column in range(len(head))]
    lines = ["  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    first = "  ".join(str(cell).ljust(width) for cell, width in zip(head, widths, strict=True))
    return "\n".join([first, "  ".join("-" * width for width in widths), *lines])
