"""Second factors in words."""

from django.utils.translation import gettext as _

from mooring.accounts.api.proofs import Factor


def name_of(factor: Factor) -> str:
    """Return a factor in words."""
    return {
        Factor.PASSKEY: _("Passkey"),
        Factor.TOTP: _("Authenticator app"),
        Factor.EMAIL: _("Code by e-mail"),
        Factor.SMS: _("Code by SMS"),
        Factor.RECOVERY_CODE: _("Recovery code"),
    }[factor]


def name_of_text(code: str) -> str:
    """Return a recorded factor in words; one that is unknown as it was recorded."""
    return name_of(Factor(code)) if code in set(Factor) else code
