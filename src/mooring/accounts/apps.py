"""Registration of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mooring.accounts"
    label = "accounts"
