"""Registration of wallet."""

from django.apps import AppConfig


class WalletConfig(AppConfig):
    name = "mooring.wallet"
    label = "wallet"
