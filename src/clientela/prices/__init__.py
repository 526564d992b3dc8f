"""What Meta asks for messages: dated price lists and terms, and what follows from them.

The figures are files in `data/`, each with the day from which it holds and its source; none is in code. Here is no
account and no message: who spent what is kept by `conversations`, and shown by `billing`.
"""

from clientela.prices.lists import PriceBook, price_book
from clientela.prices.rules import (
    MEASURED_BY_META,
    Estimated,
    Price,
    Pricing,
    Terms,
    category_of,
    cost_of,
    estimate,
    market_of,
)

__all__ = [
    "MEASURED_BY_META",
    "Estimated",
    "Price",
    "PriceBook",
    "Pricing",
    "Terms",
    "category_of",
    "cost_of",
    "estimate",
    "market_of",
    "price_book",
]
