"""The tables of accounts, a file per aggregate."""

from mooring.accounts.models.factors import (
    Attempt,
    Channel,
    Code,
    CodeFactor,
    SignUp,
    UsedTotpStep,
)
from mooring.accounts.models.keys import ApiKey
from mooring.accounts.models.people import Account, User, UserManager
from mooring.accounts.models.security import Hold, NotedTry, Recovery, SecurityEvent
from mooring.accounts.models.sessions import Device, LoginSession, StepUp
from mooring.accounts.models.verification import Document, Verification

__all__ = [
    "Account",
    "ApiKey",
    "Attempt",
    "Channel",
    "Code",
    "CodeFactor",
    "Device",
    "Document",
    "Hold",
    "LoginSession",
    "NotedTry",
    "Recovery",
    "SecurityEvent",
    "SignUp",
    "StepUp",
    "UsedTotpStep",
    "User",
    "UserManager",
    "Verification",
]
