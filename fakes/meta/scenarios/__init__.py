"""Scenarios: what may happen at Meta, written down as files, played against a product, and scored.

`script` reads the files, `runner` plays them, `scorecard` judges and prints. The product is whoever listens at the
callback and, where it has to act or to tell what it shows, an object of the protocol `runner.Product`.
"""
