"""`make start`: the whole product on this machine, a shop with a team, and customers who write to it.

Everything goes through the product's own doors: accounts by the same functions as the command line,
customers over Meta's webhooks, answers over the REST API. Nothing is written past them.
"""
