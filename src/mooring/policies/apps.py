"""Registration of policies."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "mooring.policies"
    label = "policies"
