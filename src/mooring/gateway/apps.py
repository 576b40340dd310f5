"""Registration of the gateway."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "mooring.gateway"
    label = "gateway"

    def ready(self) -> None:
        """Declare the policies and jobs."""
        from mooring.gateway import jobs, policies  # noqa: F401 - declared by import
