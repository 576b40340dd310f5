"""
What moves in the book; the accountant reads only this file (domain rules §7.3).

Signs as everywhere in the book: credit positive, debit negative. A line that would move
nothing is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mooring.earn.rules.redemption import Holding, Leaving
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger


def journal(
    key: str, kind: str, asset: str, moves: Iterable[tuple[int, Decimal]]
) -> ledger.Journal:
    """Return the journal of these moves in one asset."""
    return ledger.Journal(
        key=key,
        kind=kind,
        lines=tuple(
            ledger.Line(account_id, Amount(number, asset)) for account_id, number in moves if number
        ),
    )


def two_assets(key: str, kind: str, moves: Iterable[tuple[int, Decimal, str]]) -> ledger.Journal:
    """Return the journal of moves in two assets, each summing to zero."""
    return ledger.Journal(
        key=key,
        kind=kind,
        lines=tuple(
            ledger.Line(account_id, Amount(number, asset))
            for account_id, number, asset in moves
            if number
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What pays for a subscription: the customer's wallets, and the part from funding."""

    spot: int
    funding: int
    amount: Decimal
    from_funding: Decimal = Decimal(0)


def subscription(
    *, key: str, kind: str, asset: str, payment: Payment, principal: int
) -> ledger.Journal:
    """Wallets fall, principal rises: we owe the same customer the same sum, elsewhere."""
    return journal(
        key,
        kind,
        asset,
        [
            (payment.spot, payment.from_funding - payment.amount),
            (payment.funding, -payment.from_funding),
            (principal, payment.amount),
        ],
    )


def credited_rewards(
    *,
    key: str,
    asset: str,
    credited: Mapping[int, Decimal],
    carry_dropped: Decimal,
    reward_expense: int,
    rounding: int,
) -> ledger.Journal:
    """
    Rewards of flexible positions, credited to them when they are touched.

    One platform line for the whole set. What positions that end carried below the unit was
    earned (5010) and is not paid: it goes to rounding (5070), domain rules §1.3.
    """
    total = sum(credited.values(), Decimal(0))
    return journal(
        key,
        "EARN_REALTIME_REWARD",
        asset,
        [*credited.items(), (reward_expense, -total - carry_dropped), (rounding, carry_dropped)],
    )


def daily_rewards(
    *,
    key: str,
    asset: str,
    credited: Mapping[int, Decimal],
    carry_dropped: Decimal,
    reward_expense: int,
    rounding: int,
) -> ledger.Journal:
    """
    Daily rewards of flexible positions: owed from the end of the day, paid in the morning.

    As for rewards by the minute, what positions that end carried goes to rounding.
    """
    total = sum(credited.values(), Decimal(0))
    return journal(
        key,
        "EARN_DAILY_REWARD",
        asset,
        [*credited.items(), (reward_expense, -total - carry_dropped), (rounding, carry_dropped)],
    )


def daily_reward_paid(
    *, key: str, amount: Amount, rewards_account: int, spot: int
) -> ledger.Journal:
    """What was owed for days whose payout is over already goes to spot at once."""
    lines = [(rewards_account, -amount.number), (spot, amount.number)]
    return journal(key, "EARN_DAILY_PAID", amount.asset, lines)


def flexible_redemption(
    *, key: str, holding: Holding, leaving: Leaving, destination: int, fees: int
) -> ledger.Journal:
    """Principal falls, the chosen wallet rises, at once; the fee is ours."""
    return journal(
        key,
        "EARN_REDEEM_FLEXIBLE",
        holding.asset,
        [
            (holding.principal_account, -leaving.amount),
            (destination, leaving.net),
            (fees, leaving.fee),
        ],
    )


def queued(*, key: str, holding: Holding, amount: Decimal) -> ledger.Journal:
    """What waits is set apart, so that it cannot be promised twice; it goes on earning."""
    return journal(
        key,
        "EARN_REDEEM_QUEUED",
        holding.asset,
        [(holding.principal_account, -amount), (holding.redeeming_account, amount)],
    )


def queue_run(
    *, key: str, holding: Holding, promised: Decimal, leaving: Leaving, destination: int, fees: int
) -> ledger.Journal:
    """What waited arrives, with what it earned meanwhile if everything was asked for."""
    return journal(
        key,
        "EARN_QUEUE_RUN",
        holding.asset,
        [
            (holding.redeeming_account, -promised),
            (holding.principal_account, promised - leaving.amount),
            (destination, leaving.net),
            (fees, leaving.fee),
        ],
    )


def standard_redemption(
    *, key: str, holding: Holding, leaving: Leaving, fees: int
) -> ledger.Journal:
    """The slow way: what will arrive is set apart and earns no more; the fee is ours."""
    return journal(
        key,
        "EARN_REDEEM_STANDARD",
        holding.asset,
        [
            (holding.principal_account, -leaving.amount),
            (holding.redeeming_account, leaving.net),
            (fees, leaving.fee),
        ],
    )


def pledged(*, key: str, holding: Holding, amount: Decimal) -> ledger.Journal:
    """What secures a loan is set apart, still owed to the same customer, still earning."""
    return journal(
        key,
        "EARN_PLEDGED",
        holding.asset,
        [(holding.principal_account, -amount), (holding.pledged_account, amount)],
    )


def released(*, key: str, holding: Holding, amount: Decimal) -> ledger.Journal:
    """What a loan no longer holds is free again."""
    return journal(
        key,
        "EARN_RELEASED",
        holding.asset,
        [(holding.pledged_account, -amount), (holding.principal_account, amount)],
    )


def early_redemption(
    *,
    key: str,
    holding: Holding,
    leaving: Leaving,
    platform: Mapping[tuple[ledger.Code, str], int],
    reward_spot: int,
) -> ledger.Journal:
    """
    A locked position is left before its end.

    Principal moves to redeeming, less the paid rewards that are taken back; what was earned
    and not paid is dropped. Days that ended and that no close has booked yet are booked here,
    so that every earned reward passes through expense (I-13). Rewards in another asset come back
    out of spot, or out of the principal over conversion, which then buys them; those that are
    kept stay owed until the delivery.

    Args:
        reward_spot: where rewards in another asset are taken back from; 0 where there is none.
    """
    asset, reward_asset = holding.asset, holding.reward_asset
    is_in_kind = asset == reward_asset
    booked = leaving.accrued - leaving.newly_earned
    taken = leaving.deducted if is_in_kind else leaving.reward_deducted
    dropped = leaving.forfeited if is_in_kind else leaving.reward_forfeited
    moves = [
        (holding.principal_account, -leaving.amount, asset),
        (holding.redeeming_account, leaving.net, asset),
        (holding.rewards_account, leaving.reward_kept - booked, reward_asset),
        (platform[ledger.Code.REWARD_EXPENSE, reward_asset], -leaving.newly_earned, reward_asset),
        (platform[ledger.Code.FORFEITED_REWARDS, reward_asset], taken + dropped, reward_asset),
        (platform[ledger.Code.EARN_FEES, asset], leaving.fee, asset),
    ]
    if leaving.reward_price is not None:
        cleared = ledger.Code.CONVERSION
        moves += [
            (platform[cleared, asset], leaving.deducted, asset),
            (platform[cleared, reward_asset], -taken, reward_asset),
        ]
    elif not is_in_kind:
        moves.append((reward_spot, -taken, reward_asset))
    return two_assets(key, "EARN_REDEEM_EARLY", moves)


def part_made_good(
    *, key: str, holding: Holding, earned: Decimal, paid: Decimal, accounts: tuple[int, int]
) -> list[ledger.Journal]:
    """
    A part of a locked position that came back gets the days that ended while it was away.

    Args:
        earned, paid: the part's share of days that closes booked and paid meanwhile.
        accounts: reward expense, and the customer's spot wallet, of the rewards' asset.
    """
    expense, spot = accounts
    moves = [
        ("EARN_LOCKED_REWARD", earned, (expense, holding.rewards_account)),
        ("EARN_REWARD_PAID", paid, (holding.rewards_account, spot)),
    ]
    return [
        journal(f"{key}.{kind}", kind, holding.reward_asset, [(source, -number), (target, number)])
        for kind, number, (source, target) in moves
        if number
    ]


def retired(*, key: str, holding: Holding, leaving: Leaving, reward_expense: int) -> ledger.Journal:
    """
    The operator ended the product: what is free comes back, with the rewards not paid yet.

    As at an early redemption, days that ended and that no close has booked are booked here.

    Args:
        reward_expense: of the asset of the rewards.
    """
    asset, reward_asset = holding.asset, holding.reward_asset
    return two_assets(
        key,
        "EARN_RETIRED",
        [
            (holding.principal_account, -leaving.amount, asset),
            (holding.redeeming_account, leaving.net, asset),
            # What comes along is owed no more; what is kept apart is owed until the delivery.
            (holding.rewards_account, leaving.newly_earned - leaving.rewards_added, reward_asset),
            (reward_expense, -leaving.newly_earned, reward_asset),
        ],
    )


def kept_rewards_paid(
    *, key: str, asset: str, rewards_account: int, spot: int, kept: Decimal
) -> ledger.Journal:
    """Rewards in another asset, kept when their position was left, arrive with its delivery."""
    return journal(key, "EARN_KEPT_REWARD_PAID", asset, [(rewards_account, -kept), (spot, kept)])


def matured(*, key: str, holding: Holding, amount: Decimal) -> ledger.Journal:
    """At the end of its rewards the principal waits for delivery."""
    return journal(
        key,
        "EARN_MATURED",
        holding.asset,
        [(holding.principal_account, -amount), (holding.redeeming_account, amount)],
    )


def delivered(
    *, key: str, asset: str, redeeming: int, destination: int, net: Decimal
) -> ledger.Journal:
    """The money arrives."""
    return journal(key, "EARN_DELIVERED", asset, [(redeeming, -net), (destination, net)])


#: What a delivery that was meant to go into a position is in the book, by where it went.
_CARRIED_ON: Final = {"RENEWAL": "EARN_RENEWED", "FLEXIBLE": "EARN_MOVED_TO_FLEXIBLE"}


def carried_on(
    *, key: str, went_to: str, holding: Holding, destination: int, net: Decimal
) -> ledger.Journal:
    """Principal that is delivered goes into another position, or into a wallet all the same."""
    kind = _CARRIED_ON.get(went_to, "EARN_DELIVERED")
    return journal(
        key, kind, holding.asset, [(holding.redeeming_account, -net), (destination, net)]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """
    An asset that becomes its token, or the other way round.

    Args:
        cleared: the platform's clearing accounts, of the asset and of the token.
    """

    asset: str
    token: str
    tokens: Decimal
    cleared: tuple[int, int]


def staked(*, key: str, conversion: Conversion, payment: Payment, wallet: int) -> ledger.Journal:
    """The asset becomes ours over clearing; the token that we owe for it goes to the customer."""
    asset, token, tokens = conversion.asset, conversion.token, conversion.tokens
    return two_assets(
        key,
        "EARN_STAKED",
        [
            (payment.spot, payment.from_funding - payment.amount, asset),
            (payment.funding, -payment.from_funding, asset),
            (conversion.cleared[0], payment.amount, asset),
            (conversion.cleared[1], -tokens, token),
            (wallet, tokens, token),
        ],
    )


def unstaked(*, key: str, conversion: Conversion, holding: Holding, net: Decimal) -> ledger.Journal:
    """The token comes back; what it was worth at the request is owed in the asset from then on."""
    asset, token, tokens = conversion.asset, conversion.token, conversion.tokens
    return two_assets(
        key,
        "EARN_UNSTAKED",
        [
            (holding.principal_account, -tokens, token),
            (conversion.cleared[1], tokens, token),
            (conversion.cleared[0], -net, asset),
            (holding.redeeming_account, net, asset),
        ],
    )
