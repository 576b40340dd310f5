"""Registration of earn."""

from django.apps import AppConfig


class EarnConfig(AppConfig):
    name = "mooring.earn"
    label = "earn"

    def ready(self) -> None:
        """Declare the policies and the jobs."""
        from mooring.earn import jobs, policies  # noqa: F401 - declared by import
