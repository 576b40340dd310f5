"""Retire: when the operator ends a product, everything in it comes back by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mooring.accounts import api as accounts
from mooring.earn import postings
from mooring.earn.actions.crediting import Rewards, platform_accounts
from mooring.earn.actions.daily_booking import read_daily
from mooring.earn.actions.ending import end_emptied
from mooring.earn.actions.holdings import lock_positions, store_positions
from mooring.earn.actions.redemption_rows import RedemptionRow, insert_redemptions
from mooring.earn.models import Rate
from mooring.earn.queries.holdings import growths_at
from mooring.earn.rules import dates
from mooring.earn.rules.redemption import Holding, Leaving
from mooring.earn.rules.retiring import retire_flexible, retire_locked
from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger

#: Positions per transaction.
BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class _Ended:
    """A product whose time is over."""

    id: int
    code: str
    at: datetime


def retire_due(*, at: datetime) -> int:
    """
    Let everything come back out of products that ended by `at`; return how many positions.

    Rewards run to the end of the product, however late this runs. What is pledged comes back
    once it is released.

    Source: domain rules §2.3; the last of its edge cases.
    """
    total = 0
    for product_id, code, ended_at in db.rows(_ENDED, [at]):
        product = _Ended(product_id, code, ended_at)
        while count := _retire_batch(product, at=at):
            total += count
    return total


_ENDED: Final = (
    "SELECT id, code, retires_at FROM earn_product AS product"
    " WHERE retires_at <= %s AND kind <> 'LIQUID' AND EXISTS (SELECT FROM earn_position"
    "  WHERE product_id = product.id AND status = 'HOLDING') ORDER BY id"
)
# A locked position that ended before its product matures. Of a flexible one in which nothing is
# free, nothing can come back yet; one that is empty ends.
_DUE: Final = (
    "SELECT position.id, position.account_id FROM earn_position AS position"
    " INNER JOIN ledger_account AS principal ON principal.id = position.principal_account"
    " LEFT JOIN ledger_account AS redeeming ON redeeming.id = position.redeeming_account"
    " WHERE position.product_id = %s AND position.status = 'HOLDING'"
    " AND CASE position.kind WHEN 'LOCKED' THEN position.rewards_end > %s"
    "  ELSE principal.balance > 0"
    "   OR (position.pledged = 0 AND coalesce(redeeming.balance, 0) = 0) END"
    " ORDER BY position.id LIMIT %s"
)


@db.transaction
def _retire_batch(product: _Ended, *, at: datetime) -> int:
    _earn_no_more(product)
    due = db.rows(_DUE, [product.id, product.at, BATCH])
    if not due:
        return 0
    accounts.lock_not_closed(account_id for _, account_id in due)
    # Read again under the locks: who redeems may have been quicker.
    holdings = [
        holding
        for holding in lock_positions(id_ for id_, _ in due).values()
        if holding.status == "HOLDING"
    ]
    end_emptied((holding.id for holding in holdings if not holding.earning), at=at)
    leaving = [holding for holding in holdings if holding.earning]
    if leaving:
        _retire(product, leaving, at=at)
    return len(due)


def _earn_no_more(product: _Ended) -> None:
    """What stays because it is pledged earns nothing after the end either."""
    minute = dates.minute_of(product.at)
    last = Rate.objects.filter(product_id=product.id).order_by("-from_minute").first()
    if last is not None and last.apr and last.from_minute < minute:
        growth = growths_at([product.id], minute=minute)[product.id]
        Rate.objects.create(product_id=product.id, from_minute=minute, apr=0, growth=growth)


def _retire(product: _Ended, holdings: Sequence[Holding], *, at: datetime) -> None:
    minute = dates.minute_of(product.at)
    growths = growths_at([product.id], minute=minute)
    daily = read_daily(holdings, at=product.at)
    rewards = Rewards()
    decided = []
    for holding in holdings:
        if holding.kind == "LOCKED":
            leaving = retire_locked(holding, at=product.at)
        else:
            growth = growths.get(product.id, holding.growth)
            leaving = retire_flexible(holding, growth=growth, minute=minute)
        if not leaving.amount:
            continue
        daily.book(holding)
        _leave(holding, leaving)
        daily.note(holding)
        rewards.credit(holding, leaving.credited)
        rewards.drop(holding, leaving.carry_dropped)
        decided.append((holding, leaving))
    if not decided:
        return
    _open_redeeming([holding for holding, _ in decided])
    platform = platform_accounts(
        {asset for holding, _ in decided for asset in (holding.asset, holding.reward_asset)}
    )
    name = f"t.{decided[0][0].id}.{decided[0][0].version}"
    ledger.post(
        [
            *rewards.journals(f"earn.reward:{name}", platform),
            *daily.journals(f"earn.daily:{name}"),
            *(
                postings.retired(
                    key=f"earn.retire:{_name_of(holding)}",
                    holding=holding,
                    leaving=leaving,
                    reward_expense=platform[ledger.Code.REWARD_EXPENSE, holding.reward_asset],
                )
                for holding, leaving in decided
            ),
        ],
        at=at,
    )
    insert_redemptions([_row_of(holding, leaving, at=at) for holding, leaving in decided])
    store_positions([holding for holding, _ in decided], at=at)
    _tell(product, decided, at=at)


def _leave(holding: Holding, leaving: Leaving) -> None:
    holding.principal += leaving.credited - leaving.amount
    holding.credited_total += leaving.credited
    holding.version += 1
    if holding.kind == "FLEXIBLE":
        holding.accrued_minute, holding.growth = leaving.minute, leaving.growth
        holding.carry = leaving.carry
        holding.redeeming += leaving.net
    if leaving.whole:
        holding.status, holding.exit = "REDEEMING", "RETIRED"


def _name_of(holding: Holding) -> str:
    """Return what names this: a position in which something was pledged is left several times."""
    return f"{holding.id}.{holding.version}"


def _row_of(holding: Holding, leaving: Leaving, *, at: datetime) -> RedemptionRow:
    return RedemptionRow(
        # No customer asked: no digest. Their keys have no slash, so none stands in the way.
        request_key=f"retirement/{_name_of(holding)}",
        digest="",
        destination="SPOT" if holding.kind == "FLEXIBLE" else holding.redeem_to,
        holding=holding,
        leaving=leaving,
        requested_at=min(at, leaving.arrives_from),
    )


def _open_redeeming(holdings: Sequence[Holding]) -> None:
    missing = [holding for holding in holdings if not holding.redeeming_account]
    ids = ledger.open_accounts(
        [
            ledger.AccountName(
                ledger.Code.EARN_FLEX_REDEEMING, holding.asset, holding.account_id, holding.id
            )
            for holding in missing
        ]
    )
    for holding, account_id in zip(missing, ids, strict=True):
        holding.redeeming_account = account_id


def _tell(product: _Ended, decided: Sequence[tuple[Holding, Leaving]], *, at: datetime) -> None:
    owners = accounts.find_owners(holding.account_id for holding, _ in decided)
    accounts.tell(
        [
            accounts.Message(
                kind="earn_retired",
                user_id=owners[holding.account_id],
                facts={
                    "amount": _what_comes(holding, leaving),
                    "product": product.code,
                    "position": str(holding.id),
                },
            )
            for holding, leaving in decided
            if holding.account_id in owners
        ],
        at=at,
    )


def _what_comes(holding: Holding, leaving: Leaving) -> str:
    """Return what a customer gets back; rewards in another asset come beside the principal."""
    found = str(Amount(leaving.net, holding.asset))
    if not leaving.reward_kept:
        return found
    return f"{found} + {Amount(leaving.reward_kept, holding.reward_asset)}"
