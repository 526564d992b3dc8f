"""Wires every module together and starts it: `ingest`, `web`, `worker`; `up` runs them all on one machine."""
