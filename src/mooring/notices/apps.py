"""Registration of notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "mooring.notices"
    label = "notices"

    def ready(self) -> None:
        """Become the writer of what accounts tells people."""
        from mooring.accounts import api as accounts
        from mooring.notices import writer

        accounts.register_writer(writer.write)
