"""Liquid staking, after everything else that happened to alice."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.operations.ledger_pages.deeds import position_in, run
from mooring.operations.ledger_pages.events import Event
from mooring.wallet import api as wallet

_PRODUCT: Final = "ETH2"


def _at(day: int, hour: int) -> datetime:
    return datetime(2026, 4, day, hour, tzinfo=UTC)


def _stake(alice: int) -> None:
    at = _at(1, 8)
    assets.register(
        [
            assets.Asset(code="ETH", name="Ether", ledger_decimals=18),
            assets.Asset(code="WBETH", name="Wrapped Beacon ETH"),
        ]
    )
    credit = wallet.Credit(account_id=alice, amount=Amount(Decimal(10), "ETH"), key="eth-for-alice")
    wallet.credit_one(credit, at=at)
    earn.publish_liquid(
        code=_PRODUCT,
        asset="ETH",
        token="WBETH",  # noqa: S106 - an asset's code
        offer=earn.Offer(minimum=Decimal("0.0001")),
        effective_from=at,
    )
    earn.publish_ratio(product_code=_PRODUCT, ratio=Decimal("1.08"), effective_from=at, at=at)
    earn.publish_unbonding(asset="ETH", hours_min=48, hours_max=480, effective_from=at, at=at)
    request = earn.Subscription(
        account_id=alice, product_code=_PRODUCT, amount=Amount(Decimal(1), "ETH"), key="in-eth2"
    )
    earn.stake_one(request, at=at)


def _unstake(alice: int) -> None:
    at = _at(20, 9)
    earn.publish_ratio(product_code=_PRODUCT, ratio=Decimal("1.09"), effective_from=at, at=at)
    request = earn.Unstaking(
        account_id=alice,
        position_id=position_in(alice, _PRODUCT, at=at),
        tokens=Amount(Decimal("0.5"), "WBETH"),
        key="out-eth2",
    )
    earn.unstake_one(request, at=at)
    run("earn.settle", at=_at(22, 9))(alice)


def _stop(alice: int) -> None:
    at = _at(23, 8)
    earn.announce_window(
        earn.Maintenance(
            starts_at=at,
            expected_end=_at(23, 20),
            stops_subscriptions=False,
            stops_redemptions=True,
            reason="upgrade of the validators",
            author="operator",
            product_code=_PRODUCT,
        ),
        at=at,
    )
    request = earn.Unstaking(
        account_id=alice,
        position_id=position_in(alice, _PRODUCT, at=at),
        tokens=Amount(Decimal("0.2"), "WBETH"),
        key="wait-eth2",
    )
    waiting = earn.unstake_one(request, at=at)
    earn.undo(account_id=alice, redemption_id=waiting.redemption_id, at=_at(23, 9))


def _bond(_alice: int) -> None:
    for day, move, number in (
        (2, earn.StakeMove.BOND, "5"),
        (9, earn.StakeMove.REWARD, "0.05"),
        (10, earn.StakeMove.CLAIM, "0.05"),
        (11, earn.StakeMove.SLASH, "0.01"),
        (12, earn.StakeMove.UNBOND, "4.99"),
        (14, earn.StakeMove.UNBONDED, "4.99"),
    ):
        amount = Amount(Decimal(number), "ETH")
        earn.move_stake(move, amount, key=f"validator-7.{move}".lower(), at=_at(day, 12))


EVENTS: Final = (
    Event(
        page="stake",
        title="Stake for a token",
        says="The asset goes over the clearing account to the platform, and the token that it owes "
        "for it comes over the clearing account of the token. Tokens have 8 decimals; what they "
        "do not cost stays in the wallet.",
        told="On 1 April at 8:00 a WBETH is worth 1.08 ETH, and alice stakes 1 ETH.",
        source="domain rules §2.4, §7.3, liquid staking mint",
        kinds=("EARN_STAKED",),
        do=_stake,
    ),
    Event(
        page="unstake",
        title="Give a token back",
        says="The token goes back over clearing; what it is worth at the ratio of the request is "
        "owed from then on, earns nothing, and arrives when the chain has let it go.",
        told="On 20 April at 9:00 a WBETH is worth 1.09 ETH. Alice gives 0.5 WBETH back; the ETH "
        "arrive two days later.",
        source="domain rules §2.4, §2.6",
        kinds=("EARN_UNSTAKED", "EARN_DELIVERED"),
        do=_unstake,
    ),
    Event(
        page="unstake-left",
        title="Cancel what waits for the end of maintenance",
        says="The exact opposite of its journal, as long as the chain has not been asked: the same "
        "tokens are there again.",
        told="On 23 April the operator stops redemptions from 8:00 to 20:00. Alice gives 0.2 WBETH "
        "back, which waits, and keeps them after all at 9:00.",
        source="EARN-12; domain rules §2.4",
        kinds=("EARN_UNSTAKE_LEFT",),
        do=_stop,
    ),
    Event(
        page="platform-stake",
        title="The platform stakes at a protocol",
        says="Only accounts of the platform move. What the protocol pays is income when it is "
        "earned and a receivable until it is claimed; a penalty is an expense of the platform, "
        "and no customer's balance and no ratio changes.",
        told="In April the operator bonds 5 ETH, earns 0.05, loses 0.01 to a penalty, and takes "
        "the rest back.",
        source="domain rules §7.3, treasury bond, unbond, done, protocol reward, slashing",
        kinds=(
            *("STAKE_BOND", "STAKE_REWARD", "STAKE_CLAIM"),
            *("STAKE_SLASH", "STAKE_UNBOND", "STAKE_UNBONDED"),
        ),
        do=_bond,
    ),
)
