"""Registration of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mooring.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Declare the policies and the jobs."""
        from mooring.accounts import jobs, policies  # noqa: F401 - declared by import
