"""Reads as a graph: `/graphql` for integrators, with the live facts as a subscription.

Here live the schema, its limits and its transport. Every resolver calls a query of the module that owns
the data, in the caller's tenant and with the caller's permissions. Nothing here writes: commands are REST.
"""

from clientela.graph.controller import GRAPH_ROUTES
from clientela.graph.schema import schema

__all__ = ["GRAPH_ROUTES", "schema"]
