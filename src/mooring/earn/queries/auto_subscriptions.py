"""What customers have switched on to be subscribed by itself."""

from datetime import datetime, timedelta

from mooring.earn import policies as earn_policies
from mooring.earn.facts import AutoSubscriptionView
from mooring.earn.rules import dates
from mooring.kernel import db
from mooring.policies import api as policies


def list_auto_subscriptions(*, account_id: int) -> tuple[AutoSubscriptionView, ...]:
    """Return a customer's wishes that are on, by product."""
    found = db.rows(
        "SELECT product.code, product.asset, wish.changed_at, wish.ran_on"
        " FROM earn_auto_subscription AS wish"
        " INNER JOIN earn_product AS product ON product.id = wish.product_id"
        " WHERE wish.account_id = %s AND wish.is_on ORDER BY product.code",
        [account_id],
    )
    return tuple(
        AutoSubscriptionView(product_code=code, asset=asset, since=since, ran_on=ran_on)
        for code, asset, since, ran_on in found
    )


def auto_run_of(at: datetime) -> datetime:
    """Return when the latest run of automatic subscriptions was due."""
    minutes = policies.in_force(at=at)[earn_policies.AUTO_SUBSCRIBE_MINUTES]
    due = dates.start_of_day(at) + timedelta(minutes=minutes)
    return due if due <= at else due - dates.A_DAY


def next_auto_run_at(at: datetime) -> datetime | None:
    """Return when the next run is due, if anybody wishes one."""
    wished = db.rows("SELECT 1 FROM earn_auto_subscription WHERE is_on LIMIT 1")
    return auto_run_of(at) + dates.A_DAY if wished else None
