"""Everything that moved, one list. Source: requirement EARN-8."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from mooring.web.visit import Visit

#: Journals of a page; a journal has at most a few lines of one customer.
PAGE_SIZE: Final = 25
_LINES_PER_JOURNAL_MAX: Final = 4
_POSITION_MOVEMENTS: Final = 8
#: What a position of liquid staking consists of.
_OF_TOKENS: Final = ("EARN_STAKED", "EARN_UNSTAKED", "EARN_UNSTAKE_LEFT")

KINDS: Final[dict[str, str | Promise]] = {
    "WALLET_CREDIT": _("Deposit"),
    "WALLET_TRANSFER": _("Moved between wallets"),
    "EARN_SUBSCRIBE_FLEXIBLE": _("Subscribed, flexible"),
    "EARN_SUBSCRIBE_LOCKED": _("Subscribed, locked"),
    "EARN_REALTIME_REWARD": _("Reward, flexible"),
    "EARN_LOCKED_REWARD": _("Reward earned, locked"),
    "EARN_DAILY_REWARD": _("Reward of a day"),
    "EARN_DAILY_PAID": _("Reward paid"),
    "EARN_REWARD_PAID": _("Reward paid"),
    "EARN_KEPT_REWARD_PAID": _("Reward paid"),
    "EARN_REDEEM_FLEXIBLE": _("Redeemed, flexible"),
    "EARN_REDEEM_QUEUED": _("Redemption waits"),
    "EARN_QUEUE_RUN": _("Redemption ran"),
    "EARN_QUEUE_LEFT": _("Waiting redemption cancelled"),
    "EARN_REDEEM_STANDARD": _("Redeemed, the standard way"),
    "EARN_STANDARD_UNDONE": _("Redemption undone"),
    "EARN_REDEEM_EARLY": _("Redeemed early"),
    "EARN_REDEEM_UNDONE": _("Redemption undone"),
    "EARN_PLEDGED": _("Held as security"),
    "EARN_RELEASED": _("Free again"),
    "EARN_MATURED": _("Term ended"),
    "EARN_RETIRED": _("Product ended"),
    "EARN_RENEWED": _("Renewed"),
    "EARN_MOVED_TO_FLEXIBLE": _("Moved to flexible"),
    "EARN_DELIVERED": _("Arrived"),
    "EARN_STAKED": _("Staked for a token"),
    "EARN_UNSTAKED": _("Token given back"),
    "EARN_UNSTAKE_LEFT": _("Token kept after all"),
}

PLACES: Final[dict[ledger.Code, str | Promise]] = {
    ledger.Code.SPOT: _("Spot"),
    ledger.Code.SPOT_IN_ORDERS: _("Spot, in orders"),
    ledger.Code.LIQUID_REDEEMING: _("Unstaking"),
    ledger.Code.SPOT_FROZEN: _("Spot, on hold"),
    ledger.Code.FUNDING: _("Funding"),
    ledger.Code.EARN_FLEX: _("Earn, flexible"),
    ledger.Code.EARN_FLEX_PLEDGED: _("Earn, pledged"),
    ledger.Code.EARN_FLEX_REDEEMING: _("Redeeming"),
    ledger.Code.EARN_LOCKED: _("Earn, locked"),
    ledger.Code.EARN_LOCKED_REDEEMING: _("Redeeming"),
    ledger.Code.REWARDS_ACCRUED: _("Rewards pending"),
    ledger.Code.WITHDRAWAL_PENDING: _("Withdrawing"),
}

#: Kinds that only move between a customer's own wallets, and from where to where.
_WAYS: Final[dict[str, str | Promise]] = {
    "EARN_SUBSCRIBE_FLEXIBLE": _("Your wallet → Earn, flexible"),
    "EARN_SUBSCRIBE_LOCKED": _("Your wallet → Earn, locked"),
    "EARN_REWARD_PAID": _("Rewards pending → Spot"),
    "EARN_KEPT_REWARD_PAID": _("Rewards pending → Spot"),
    "EARN_DAILY_PAID": _("Rewards pending → Spot"),
    "EARN_REDEEM_QUEUED": _("Earn, flexible → Redeeming"),
    "EARN_QUEUE_RUN": _("Redeeming → your wallet"),
    "EARN_QUEUE_LEFT": _("Redeeming → Earn, flexible"),
    "EARN_REDEEM_STANDARD": _("Earn, flexible → Redeeming"),
    "EARN_STANDARD_UNDONE": _("Redeeming → Earn, flexible"),
    "EARN_REDEEM_FLEXIBLE": _("Earn, flexible → your wallet"),
    "EARN_PLEDGED": _("Earn, flexible → Earn, pledged"),
    "EARN_RELEASED": _("Earn, pledged → Earn, flexible"),
    "EARN_MATURED": _("Earn, locked → Redeeming"),
    "EARN_RENEWED": _("Redeeming → Earn, locked"),
    "EARN_MOVED_TO_FLEXIBLE": _("Redeeming → Earn, flexible"),
    "EARN_DELIVERED": _("Redeeming → your wallet"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One side of a movement: where, how much (signed), and what was there afterwards."""

    place: str
    amount: Amount
    balance_after: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """
    A journal as the customer sees it: their sides of it.

    `change` is what it did to the customer's whole holding: nothing for a move between their
    own wallets.
    """

    journal_id: int
    kind: str
    name: str
    at: datetime
    asset: str
    change: Amount
    moved: Amount
    legs: tuple[Leg, ...]
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """A page of the history and where it continues."""

    movements: tuple[Movement, ...]
    older: int | None


def history(visit: Visit, narrow: ledger.StatementFilter) -> HistoryPage:
    """Return one page of the member's movements, newest first."""
    limit = (PAGE_SIZE + 1) * _LINES_PER_JOURNAL_MAX
    lines = ledger.statement(owner_id=visit.account_id, narrow=narrow, limit=limit)
    found = _movements(lines)
    if len(lines) == limit:
        # The last journal may have been cut through.
        found = found[:-1]
    shown = found[:PAGE_SIZE]
    has_more = len(found) > PAGE_SIZE
    return HistoryPage(movements=shown, older=shown[-1].journal_id if has_more else None)


def of_position(
    visit: Visit, position_id: int, *, token: str | None = None
) -> tuple[Movement, ...]:
    """
    Return the newest movements of one position, as the position sees them.

    A payout moves several positions in one journal, so the other side of a movement is said
    by its kind.

    Args:
        token: of liquid staking: what the customer holds lies in their wallet, not in an account
            of the position.
    """
    narrow = ledger.StatementFilter(reference=position_id)
    if token is not None:
        narrow = ledger.StatementFilter(asset=token, kinds=_OF_TOKENS)
    lines = ledger.statement(
        owner_id=visit.account_id,
        narrow=narrow,
        limit=_POSITION_MOVEMENTS * _LINES_PER_JOURNAL_MAX,
    )
    return tuple(_inside(one) for one in _movements(lines)[:_POSITION_MOVEMENTS])


def _inside(movement: Movement) -> Movement:
    if movement.kind not in _WAYS:
        return movement
    zero = Amount.zero(movement.asset)
    return replace(movement, change=zero, way=str(_WAYS[movement.kind]))


def _movements(lines: Iterable[ledger.StatementLine]) -> tuple[Movement, ...]:
    return tuple(
        movement
        for _journal, group in groupby(lines, key=lambda line: line.journal_id)
        for movement in _by_asset(tuple(group))
    )


def _by_asset(lines: tuple[ledger.StatementLine, ...]) -> Iterable[Movement]:
    for asset in sorted({line.amount.asset for line in lines}):
        yield _movement([line for line in lines if line.amount.asset == asset])


def _movement(lines: list[ledger.StatementLine]) -> Movement:
    first = lines[0]
    zero = Amount.zero(first.amount.asset)
    came = sum((line.amount for line in lines if line.amount.is_positive), start=zero)
    went = sum((line.amount for line in lines if line.amount.is_negative), start=zero)
    return Movement(
        journal_id=first.journal_id,
        kind=first.kind,
        name=str(KINDS.get(first.kind, first.kind)),
        at=first.effective_at,
        asset=first.amount.asset,
        change=came + went,
        moved=max(came, -went),
        legs=tuple(
            Leg(
                place=str(PLACES[line.code]),
                amount=line.amount,
                balance_after=line.balance_after,
            )
            for line in lines
        ),
        way=_way(lines),
    )


def _way(lines: list[ledger.StatementLine]) -> str:
    sources = dict.fromkeys(str(PLACES[line.code]) for line in lines if line.amount.is_negative)
    targets = dict.fromkeys(str(PLACES[line.code]) for line in lines if line.amount.is_positive)
    return " → ".join(filter(None, [", ".join(sources), ", ".join(targets)]))
