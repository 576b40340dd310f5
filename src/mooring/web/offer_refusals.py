"""What operators read when what they offer cannot be changed like that."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from mooring.web.templatetags.mooring import utc

SENTENCES: Final[dict[str, Callable[[Any], str]]] = {
    "earn_daily_rates_in_the_past": lambda refusal: (
        _("The next rates by the day can begin on %(day)s or later. Nothing was changed.")
        % {"day": refusal.earliest.isoformat()}
    ),
    "earn_daily_rates_not_possible": lambda _refusal: _(
        "Only a flexible product pays by the day, in its own asset and in one other one."
    ),
    "earn_end_not_possible": lambda refusal: (
        _(
            "%(product)s cannot end then: an end is a UTC midnight to come and decided once, and "
            "liquid staking has none."
        )
        % {"product": refusal.product_code}
    ),
    "earn_published_in_the_past": lambda refusal: (
        _("The next one can begin at %(time)s or later. Nothing was changed.")
        % {"time": utc(refusal.earliest)}
    ),
    "earn_rate_after_end": lambda refusal: (
        _("The product ends %(time)s; nothing in it earns after that.")
        % {"time": utc(refusal.ends_at)}
    ),
    "earn_rate_in_the_past": lambda refusal: (
        _("The next rate can begin at %(time)s or later. Nothing was changed.")
        % {"time": utc(refusal.earliest)}
    ),
    "earn_ratio_falls": lambda refusal: (
        _("A ratio never falls: the one before is %(ratio)s. Nothing was changed.")
        % {"ratio": f"{refusal.last.normalize():f}"}
    ),
    "earn_window_malformed": lambda _refusal: _(
        "A pause ends after it starts and after now, stops subscriptions, redemptions or both, and "
        "has a reason of at most 200 characters."
    ),
    "earn_window_not_found": lambda _refusal: _("There is no such maintenance window."),
    "earn_window_over": lambda refusal: (
        _("This maintenance window ended at %(time)s. Announce another.")
        % {"time": utc(refusal.ended_at)}
    ),
}
