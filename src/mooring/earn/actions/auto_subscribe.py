"""Subscribe by itself: once a UTC day, what is free in spot of those who wish it (EARN-13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from mooring.accounts import api as accounts
from mooring.earn.actions.quotas import lock_quotas
from mooring.earn.actions.sources import read_purses
from mooring.earn.actions.subscribe import subscribe_within
from mooring.earn.actions.subscription_requests import Subscribed, Subscription
from mooring.earn.facts import ProductView
from mooring.earn.queries.holdings import principals_held
from mooring.earn.queries.products import list_products
from mooring.earn.queries.windows import windows_at
from mooring.earn.rules.subscription import most, quota_left
from mooring.earn.rules.windows import subscriptions_stopped
from mooring.kernel import db
from mooring.kernel.money import Amount

#: Wishes per transaction.
BATCH: Final = 1000
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    id: int
    account_id: int
    product_code: str


def auto_subscribe(*, day: date, due_since: datetime, at: datetime) -> int:
    """
    Carry out the wishes of a day that were not carried out yet; late, twice and at once are once.

    A wish moves what is free in spot, as far as the quotas and the maximum of the product leave
    room, if that is its minimum at least. While maintenance keeps new money out it waits. Who
    was disabled or closed has no wish any more.

    Args:
        day: whose run it is, UTC.
        due_since: when the run of the day began; who wished later waits for the next.

    Returns:
        How many wishes were looked at.
    """
    _end_wishes_of_the_gone(at=at)
    total, last = 0, 0
    while wishes := _due(day, due_since=due_since, after=last, at=at):
        _run(wishes, day=day, at=at)
        total, last = total + len(wishes), wishes[-1].id
    return total


@db.transaction
def _end_wishes_of_the_gone(*, at: datetime) -> None:
    db.execute(
        "UPDATE earn_auto_subscription AS wish SET is_on = FALSE, changed_at = %s"
        " FROM accounts_account AS account WHERE account.id = wish.account_id"
        " AND wish.is_on AND account.status <> 'OPEN'",
        [at],
    )


def _due(day: date, *, due_since: datetime, after: int, at: datetime) -> list[_Wish]:
    flexible = [product for product in list_products(at=at) if product.kind == "FLEXIBLE"]
    windows = windows_at((product.id for product in flexible), at=at)
    running = {
        product.id
        for product in flexible
        if subscriptions_stopped(windows.get(product.id, ())) is None
    }
    found = db.rows(
        "SELECT wish.id, wish.account_id, product.code FROM earn_auto_subscription AS wish"
        " INNER JOIN earn_product AS product ON product.id = wish.product_id"
        " WHERE wish.is_on AND wish.changed_at < %s AND coalesce(wish.ran_on < %s, TRUE)"
        " AND wish.id > %s AND product.id = ANY(%s::bigint[]) ORDER BY wish.id LIMIT %s",
        [due_since, day, after, db.array(running), BATCH],
    )
    return [_Wish(id=id_, account_id=account, product_code=code) for id_, account, code in found]


@db.transaction
def _run(wishes: Sequence[_Wish], *, day: date, at: datetime) -> None:
    accounts.lock_open(wish.account_id for wish in wishes)
    still = {
        id_
        for (id_,) in db.rows(
            # Under the lock of its account: another worker may have been here.
            "UPDATE earn_auto_subscription SET ran_on = %s WHERE id = ANY(%s::bigint[])"
            " AND is_on AND coalesce(ran_on < %s, TRUE) RETURNING id",
            [day, db.array(wish.id for wish in wishes), day],
        )
    }
    requests = _requests([wish for wish in wishes if wish.id in still], day=day, at=at)
    outcomes = subscribe_within(requests, at=at)
    _tell(
        [
            (request, outcome)
            for request, outcome in zip(requests, outcomes, strict=True)
            if isinstance(outcome, Subscribed) and not outcome.replayed
        ],
        at=at,
    )


def _requests(wishes: Sequence[_Wish], *, day: date, at: datetime) -> list[Subscription]:
    codes = sorted({wish.product_code for wish in wishes})
    products = {product.code: product for product in list_products(at=at, codes=codes)}
    totals = lock_quotas(products.values())
    asked = [(wish, products[wish.product_code]) for wish in wishes]
    purses = read_purses((wish.account_id, product.asset) for wish, product in asked)
    held = principals_held((wish.account_id, product.id) for wish, product in asked)
    requests = []
    for wish, product in asked:
        purse = purses[wish.account_id, product.asset]
        number = _amount(
            product,
            available=purse.in_spot,
            held=held.get((wish.account_id, product.id), _NOTHING),
            held_total=totals.get(product.id, _NOTHING),
        )
        if not number:
            continue
        purse.in_spot -= number
        if product.id in totals:
            totals[product.id] += number
        requests.append(
            Subscription(
                account_id=wish.account_id,
                product_code=product.code,
                amount=Amount(number, product.asset),
                key=f"auto.{product.id}.{day:%Y%m%d}",
            )
        )
    return requests


def _amount(
    product: ProductView, *, available: Decimal, held: Decimal, held_total: Decimal
) -> Decimal:
    left = quota_left(product, held=held, held_total=held_total)
    number = most(product, available=available, left=left).number
    return number if number >= product.terms.minimum else _NOTHING


def _tell(done: Sequence[tuple[Subscription, Subscribed]], *, at: datetime) -> None:
    owners = accounts.find_owners(request.account_id for request, _ in done)
    accounts.tell(
        [
            accounts.Message(
                kind="auto_subscribed",
                user_id=owners[request.account_id],
                facts={
                    "amount": str(request.amount),
                    "product": request.product_code,
                    "position": str(outcome.position_id),
                },
            )
            for request, outcome in done
            if request.account_id in owners
        ],
        at=at,
    )
