"""Choose what becomes of a locked position's principal at its end."""

from datetime import datetime

from mooring.accounts import api as accounts
from mooring.earn import errors
from mooring.earn.actions.holdings import lock_positions
from mooring.earn.facts import RedeemTo
from mooring.earn.queries.endings import flexible_product_of
from mooring.earn.rules.carrying_on import check_choice
from mooring.kernel import db


@db.transaction
def set_maturity_choice(
    *, account_id: int, position_id: int, auto_renew: bool, redeem_to: RedeemTo, at: datetime
) -> None:
    """
    Let the principal go into a new position, or where the customer says, when it is delivered.

    Args:
        auto_renew: into a new position of the product, on the terms of then; rewards are not
            added. `redeem_to` takes it where the product does not.
        redeem_to: a wallet, or the flexible product of the asset.
        at: before the position's rewards end.

    Raises:
        AccountNotOpen: the account is closed.
        PositionNotFound: absent, or another customer's.
        PositionHasNoEnd, MaturityChoiceTooLate, NotRenewable, NoFlexibleProduct.

    Source: EARN-14; domain rules §2.1.
    """
    if account_id not in accounts.lock_open([account_id]):
        raise accounts.AccountNotOpen(account_id=account_id)
    holding = lock_positions([position_id]).get(position_id)
    if holding is None or holding.account_id != account_id:
        raise errors.PositionNotFound(position_id=position_id)
    check_choice(
        holding,
        auto_renew=auto_renew,
        redeem_to=redeem_to,
        has_flexible=flexible_product_of(holding.asset, at=at) is not None,
        at=at,
    )
    db.execute(
        "UPDATE earn_position SET auto_renew = %s, redeem_to = %s WHERE id = %s",
        [auto_renew, redeem_to, position_id],
    )
