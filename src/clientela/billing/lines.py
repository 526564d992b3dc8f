"""Puts the database's sums together into the lines of a table."""

from collections.abc import Iterable

from clientela.billing.schemas import Money, SpendLine, SpendOfCategory, SpentOn

Row = tuple[str, str, str, int, int, int, int, int]
"""key, category, currency, messages, charged, free, unpriced, micros"""


def lines_of(rows: Iterable[Row]) -> tuple[list[SpendLine], SpentOn]:
    """Lines with their categories, and the total, from the database's sums."""
    by_key: dict[str, dict[str, list[Row]]] = {}
    everything: list[Row] = []
    for row in rows:
        by_key.setdefault(row[0], {}).setdefault(row[1], []).append(row)
        everything.append(row)
    lines = [
        SpendLine(
            key=key,
            spent=_together(row for parts in categories.values() for row in parts),
            categories=[
                SpendOfCategory(category=category, spent=_together(parts)) for category, parts in categories.items()
            ],
        )
        for key, categories in by_key.items()
    ]
    return lines, _together(everything)


def _together(rows: Iterable[Row]) -> SpentOn:
    counts = [0, 0, 0, 0]
    amounts: dict[str, int] = {}
    for row in rows:
        for place in range(4):
            counts[place] += row[3 + place]  # type: ignore[operator]
        amounts[row[2]] = amounts.get(row[2], 0) + row[7]
    return SpentOn(
        messages=counts[0],
        charged=counts[1],
        free=counts[2],
        unpriced=counts[3],
        amounts=[Money(currency=currency, amount_micros=micros) for currency, micros in sorted(amounts.items())],
    )
