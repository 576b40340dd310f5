"""What follows when a log-in changes, as the page of a confirmation says it."""

from datetime import timedelta

from django.utils.translation import gettext as _

from mooring.accounts import api as accounts
from mooring.kernel import clock
from mooring.web.pages import product_words as words
from mooring.web.step_up import Line


def following(cause: accounts.protection.HoldCause) -> list[Line]:
    """Return the lines: log-ins elsewhere end, and how long withdrawals will wait."""
    lines = [(_("Log-ins on other devices"), _("end at once"))]
    hours = accounts.protection.hold_hours(cause, at=clock.now())
    if hours:
        lines.append((_("Withdrawals wait"), words.duration_text(timedelta(hours=hours))))
    return lines
