"""Registration of the gateway."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "mooring.gateway"
    label = "gateway"

    def ready(self) -> None:
        """Declare the policies."""
        from mooring.gateway import policies  # noqa: F401 - declared by import
