"""Registration of notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "mooring.notices"
    label = "notices"

    def ready(self) -> None:
        """Become the writer of what accounts tells people; declare policies and jobs."""
        from mooring.accounts import api as accounts
        from mooring.notices import jobs, policies, writer  # noqa: F401 - declared by import

        accounts.register_writer(writer.write)
