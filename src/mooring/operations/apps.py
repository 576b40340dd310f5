"""Registration of operations."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "mooring.operations"
    label = "operations"
