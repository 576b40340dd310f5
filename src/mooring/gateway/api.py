"""The door of the gateway."""

from mooring.gateway.wsgi import with_api

__all__ = ["with_api"]
