"""Registration of the pages."""

import contextlib
import importlib
import pkgutil

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "mooring.web"
    label = "web"

    def ready(self) -> None:
        """Register sensitive actions, and build translations that are older than their source."""
        from django.urls import register_converter

        from mooring.web import messages, step_up_actions, strange_requests

        register_converter(strange_requests.RowId, "row")
        for module in pkgutil.iter_modules(step_up_actions.__path__):
            importlib.import_module(f"{step_up_actions.__name__}.{module.name}")
        with contextlib.suppress(OSError):
            messages.compile_catalogues()
