"""The door of the gateway."""

# Types
from mooring.gateway.binance.meter import Limits

# Queries
from mooring.gateway.queries import (
    CodeFacts,
    EndpointFacts,
    ParameterFacts,
    PathFacts,
    limits_at,
    list_codes,
    list_endpoints,
    list_unsupported,
)
from mooring.gateway.v1.description import Field, Operation, operations

# The door for programs
from mooring.gateway.wsgi import with_api

__all__ = [
    "CodeFacts",
    "EndpointFacts",
    "Field",
    "Limits",
    "Operation",
    "ParameterFacts",
    "PathFacts",
    "limits_at",
    "list_codes",
    "list_endpoints",
    "list_unsupported",
    "operations",
    "with_api",
]
