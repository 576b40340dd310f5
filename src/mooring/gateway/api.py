"""The door of the gateway."""

from mooring.gateway.v1.description import Field, Operation, operations
from mooring.gateway.wsgi import with_api

__all__ = ["Field", "Operation", "operations", "with_api"]
