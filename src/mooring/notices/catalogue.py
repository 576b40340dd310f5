"""
Every kind of notice, and what it is about.

Each has a text in each language: `texts/<language>/<kind>.txt`, whose head says the subject and
the short text for SMS, and whose body is the mail and the inbox. What the cause tells (its facts)
stands in them by name; a text reads well without any fact but the code or the link it is about.
"""

from typing import Final

from mooring.notices.models import Topic

_SECURITY: Final = (
    "account_disabled",
    "account_enabled",
    "anti_phishing_code_changed",
    "api_key_created",
    "api_key_revoked",
    "device_added",
    "email_changed",
    "factor_added",
    "factor_removed",
    "logged_in",
    "password_changed",
    "password_reset",
    "phone_changed",
    "recovery_approved",
    "recovery_cancelled",
    "recovery_code_used",
    "recovery_codes_made",
    "recovery_completed",
    "recovery_requested",
    "sign_up_known",
    "signed_up",
    "webhook_made",
)
#: Texts that hold a code; whoever asked for one waits for it at the page.
CODES: Final = (
    "code_log_in",
    "code_new_contact",
    "code_new_device",
    "code_password_reset",
    "code_recovery",
    "code_sign_up",
    "code_step_up",
)
_ACCOUNT: Final = ("ticket_answered", "verification_approved", "verification_rejected")
_EARN: Final = ("auto_subscribed", "earn_diverted", "earn_retired", "redemption_late")

#: The topic of each kind; all but security can be turned off.
TOPICS: Final = {
    **dict.fromkeys(_SECURITY + CODES, Topic.SECURITY),
    **dict.fromkeys(_ACCOUNT, Topic.ACCOUNT),
    **dict.fromkeys(_EARN, Topic.EARN),
}

#: Notices to whose account is disabled already need no link that disables it.
WITHOUT_DISABLE_LINK: Final = frozenset({"account_disabled", "recovery_approved"})
