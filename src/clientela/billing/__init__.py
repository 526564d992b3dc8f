"""What messages cost, as people see it: what was spent and on which messages, and what the next one would cost.

Today these are Meta's fees. The charges themselves are kept by `conversations`, where statuses arrive; the lists
are `prices`. Plans and invoices of our own will live here too.
"""

from clientela.billing.spend import get_spend, list_spent

__all__ = ["get_spend", "list_spent"]
