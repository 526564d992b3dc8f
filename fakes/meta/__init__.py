"""A WhatsApp Cloud API for laptops: tests, demos and load, without Meta.

A Graph API over HTTP that a client could not tell from Meta's for what it covers, signed webhooks to a
callback, a control API to act as the customers and to break things, and scripted customers. Behaviour follows
the project's Cloud API reference; `docs/reference/simulator.md` lists what is covered. Everything is kept in
the memory of one process. Tests use `fakes.meta.testing`; people run `python -m fakes.meta`.
"""
