"""New positions: their dates, their numbers, their accounts in the book, their rows."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from mooring.earn.facts import ProductView
from mooring.earn.rules import dates
from mooring.earn.rules.redemption import Holding
from mooring.kernel import db
from mooring.ledger import api as ledger


def new_position(product: ProductView, *, account_id: int, spot: int, at: datetime) -> Holding:
    """Return a position that is about to be opened, with its dates; it has no number yet."""
    holding = Holding(
        id=0,
        account_id=account_id,
        product_id=product.id,
        product_code=product.code,
        kind=product.kind,
        asset=product.asset,
        status="HOLDING",
        version=0,
        terms=product.terms,
        principal_account=0,
        principal=Decimal(0),
        spot=spot,
        funding=0,
    )
    if product.kind == "FLEXIBLE":
        holding.accrued_minute = dates.minute_of(at)
        # Its first day began with nothing, so that it earns nothing by the day.
        holding.daily_booked = holding.daily_paid = holding.low_day = dates.start_of_day(at).date()
        holding.low = Decimal(0)
    else:
        term = dates.locked_dates(
            purchased_at=at,
            duration_days=product.terms.duration_days or 0,
            redeem_period_days=product.terms.redeem_period_days,
        )
        holding.value_date = term.value_date
        holding.rewards_end = term.rewards_end
        holding.delivers_at = term.delivers_at
    return holding


def open_positions(opened: Sequence[Holding], *, at: datetime) -> None:
    """Give new positions their numbers, their accounts in the book, and their rows."""
    if not opened:
        return
    numbers = db.rows(
        "SELECT nextval(pg_get_serial_sequence('earn_position', 'id')) FROM generate_series(1, %s)",
        [len(opened)],
    )
    for holding, (number,) in zip(opened, numbers, strict=True):
        holding.id = number
    _open_book_accounts(opened)
    _insert_positions(opened, at=at)


_BOOK_ACCOUNTS: Final = {
    "FLEXIBLE": (("principal_account", ledger.Code.EARN_FLEX),),
    "LOCKED": (
        ("principal_account", ledger.Code.EARN_LOCKED),
        ("redeeming_account", ledger.Code.EARN_LOCKED_REDEEMING),
        ("rewards_account", ledger.Code.REWARDS_ACCRUED),
    ),
}


def _open_book_accounts(opened: Sequence[Holding]) -> None:
    wanted = [
        (holding, name, code) for holding in opened for name, code in _BOOK_ACCOUNTS[holding.kind]
    ]
    ids = ledger.open_accounts(
        [
            ledger.AccountName(
                code,
                holding.reward_asset if name == "rewards_account" else holding.asset,
                holding.account_id,
                holding.id,
            )
            for holding, name, code in wanted
        ]
    )
    for (holding, name, _), account_id in zip(wanted, ids, strict=True):
        setattr(holding, name, account_id)


def _insert_positions(opened: Sequence[Holding], *, at: datetime) -> None:
    rows = [
        (
            holding.id,
            holding.account_id,
            holding.product_id,
            holding.terms.id,
            holding.kind,
            holding.principal_account,
            *_facts_of_kind(holding),
        )
        for holding in opened
    ]
    columns = [db.array(column) for column in zip(*rows, strict=True)]
    db.execute(
        "INSERT INTO earn_position (id, account_id, product_id, terms_id, kind,"
        "  principal_account, accrued_minute, growth, carry, rewards_account,"
        "  redeeming_account, value_date, rewards_end, delivers_at, days_accrued, days_paid,"
        "  status, exit, version, opened_at)"
        " SELECT t.*, 'HOLDING', '', 0, %s FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[],"
        "  %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[],"
        "  %s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],"
        "  %s::smallint[], %s::smallint[]) AS t",
        [at, *columns],
    )


def _facts_of_kind(holding: Holding) -> tuple[object, ...]:
    if holding.kind == "FLEXIBLE":
        return (holding.accrued_minute, holding.growth, holding.carry, *(None,) * 7)
    return (
        *(None,) * 3,
        holding.rewards_account,
        holding.redeeming_account,
        _text(holding.value_date),
        _text(holding.rewards_end),
        _text(holding.delivers_at),
        0,
        0,
    )


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
