"""What alice and the worker do in her short life: each returns how to do it, given her account."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from mooring.earn import api as earn
from mooring.kernel import db, jobs
from mooring.kernel.money import Amount


def usdt(number: str) -> Amount:
    return Amount(Decimal(number), "USDT")


def subscribe(product: str, number: str, at: datetime, *, key: str = "") -> Callable[[int], None]:
    def do(alice: int) -> None:
        request = earn.Subscription(
            account_id=alice,
            product_code=product,
            amount=usdt(number),
            key=key or f"in-{product}".replace("*", "-"),
        )
        earn.subscribe_one(request, at=at)

    return do


def end(product: str, *, ends_at: datetime, at: datetime) -> Callable[[int], None]:
    def do(_alice: int) -> None:
        earn.end_product(product_code=product, ends_at=ends_at, at=at)

    return do


def run(*names: str, at: datetime) -> Callable[[int], None]:
    def do(_alice: int) -> None:
        for job in jobs.declared():
            if job.name in names:
                jobs.run(job, at=at)

    return do


def redeem(product: str, at: datetime, *, key: str, number: str = "") -> Callable[[int], None]:
    def do(alice: int) -> None:
        request = earn.Redemption(
            account_id=alice,
            position_id=position_in(alice, product, at=at),
            amount=usdt(number) if number else None,
            key=key,
        )
        earn.redeem_one(request, at=at)

    return do


def position_in(alice: int, product: str, *, at: datetime) -> int:
    [position] = (
        position
        for position in earn.list_positions(account_id=alice, at=at)
        if position.product.code == product
    )
    return position.id


def pledge(at: datetime, *, number: str) -> Callable[[int], object]:
    def do(alice: int) -> object:
        position_id = position_in(alice, "USDT001", at=at)
        collateral = earn.Collateral(
            account_id=alice,
            position_id=position_id,
            amount=usdt(number),
            holder="loan 1",
            key="loan-1",
        )
        return db.transaction(earn.pledge)(collateral, at=at)

    return do


def release(at: datetime) -> Callable[[int], object]:
    def do(alice: int) -> object:
        freeing = earn.Freeing(account_id=alice, pledge_key="loan-1", amount=None, key="repaid")
        return db.transaction(earn.release)(freeing, at=at)

    return do


def choose(
    product: str, at: datetime, *, auto_renew: bool, redeem_to: earn.RedeemTo
) -> Callable[[int], None]:
    def do(alice: int) -> None:
        earn.set_maturity_choice(
            account_id=alice,
            position_id=position_in(alice, product, at=at),
            auto_renew=auto_renew,
            redeem_to=redeem_to,
            at=at,
        )

    return do


def undo(at: datetime) -> Callable[[int], None]:
    def do(alice: int) -> None:
        [redemption] = earn.list_redemptions(account_id=alice, at=at, status="PENDING")
        earn.undo(account_id=alice, redemption_id=redemption.id, at=at)

    return do


def in_turn(*deeds: Callable[[int], object]) -> Callable[[int], None]:
    def do(alice: int) -> None:
        for deed in deeds:
            deed(alice)

    return do
