"""Registration of policies."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PoliciesConfig(AppConfig):
    name = "mooring.policies"
    label = "policies"

    def ready(self) -> None:
        """Import every app's `policies.py`, so that a listing is complete."""
        autodiscover_modules("policies")
