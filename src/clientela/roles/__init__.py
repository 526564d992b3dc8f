"""Wires every module together and starts it: `ingest`, `web`, `worker`, and `up`, which runs them all on one machine."""
