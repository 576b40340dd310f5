"""Registration of the kernel."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "mooring.kernel"
    label = "kernel"
