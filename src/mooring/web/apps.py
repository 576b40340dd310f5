"""Registration of the pages."""

import contextlib

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "mooring.web"
    label = "web"

    def ready(self) -> None:
        """Build translations that are older than their source, where the folder lets us."""
        from mooring.web import messages

        with contextlib.suppress(OSError):
            messages.compile_catalogues()
