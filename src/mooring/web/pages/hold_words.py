"""Why withdrawals wait, in words."""

from django.utils.translation import gettext as _

from mooring.accounts.api.protection import HoldCause


def cause_of(cause: HoldCause) -> str:
    """Return why withdrawals wait."""
    return {
        HoldCause.PASSWORD_CHANGED: _("the password was changed"),
        HoldCause.FACTOR_ADDED: _("a second factor was added"),
        HoldCause.FACTOR_REMOVED: _("a second factor was changed or removed"),
        HoldCause.LOWER_FACTOR: _("something was confirmed with a weaker factor"),
        HoldCause.EMAIL_CHANGED: _("the e-mail address was changed"),
        HoldCause.PHONE_CHANGED: _("the mobile number was changed"),
        HoldCause.NEW_DEVICE: _("somebody logged in on a new device"),
        HoldCause.RECOVERY: _("the account was recovered"),
    }[cause]


def cause_of_text(code: str) -> str:
    """Return a recorded cause in words; one that is unknown as it was recorded."""
    return cause_of(HoldCause(code)) if code in set(HoldCause.values) else code
