"""Registration of earn."""

from django.apps import AppConfig


class EarnConfig(AppConfig):
    name = "mooring.earn"
    label = "earn"
