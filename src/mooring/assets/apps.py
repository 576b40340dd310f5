"""Registration of assets."""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "mooring.assets"
    label = "assets"
