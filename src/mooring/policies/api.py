"""The door of policies."""

# Actions
from mooring.policies.actions.set_policy import set_policy

# Types
from mooring.policies.declarations import AnyPolicy, Policy, declare, declared, get_policy

# Refusals
from mooring.policies.errors import (
    EffectiveInThePast,
    ReasonMissing,
    UnknownPolicy,
    UnreadableSetting,
    ValueOutOfRange,
)

# Queries
from mooring.policies.queries import (
    PolicyView,
    SettingView,
    Snapshot,
    in_force,
    list_policies,
    list_settings,
)

__all__ = [
    "AnyPolicy",
    "EffectiveInThePast",
    "Policy",
    "PolicyView",
    "ReasonMissing",
    "SettingView",
    "Snapshot",
    "UnknownPolicy",
    "UnreadableSetting",
    "ValueOutOfRange",
    "declare",
    "declared",
    "get_policy",
    "in_force",
    "list_policies",
    "list_settings",
    "set_policy",
]
