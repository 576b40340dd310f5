"""
The chart of accounts (domain rules §7.2), as far as products use it.

The first digit is the class: 1 assets, 2 liabilities, 3 equity, 4 income, 5 expenses, 9
clearing. Codes 2110-2169 and 2180-2189 belong to a customer, all others to the platform; the
table `ledger_account` holds both to it. A state of money (in orders, frozen, redeeming) is an
account, not a flag, so that "available" cannot be miscounted.
"""

from enum import IntEnum


class Code(IntEnum):
    """A line of the chart."""

    #: Coins in the platform's hot wallets.
    HOT_WALLET = 1010
    #: Bonded with a protocol.
    STAKED = 1030
    #: On its way back from a protocol.
    UNBONDING = 1031
    #: Earned from a protocol, not yet claimed.
    STAKING_RECEIVABLE = 1032
    #: A customer's free balance for trading, withdrawing and subscribing.
    SPOT = 2110
    #: Reserved by open orders.
    SPOT_IN_ORDERS = 2111
    #: Under a hold.
    SPOT_FROZEN = 2112
    #: A customer's funding wallet.
    FUNDING = 2120
    #: Principal and credited rewards of a flexible position.
    EARN_FLEX = 2130
    #: The part of it that secures a loan.
    EARN_FLEX_PLEDGED = 2131
    #: On its way out of a flexible position.
    EARN_FLEX_REDEEMING = 2132
    #: Principal of a locked position.
    EARN_LOCKED = 2140
    #: On its way out of a locked position.
    EARN_LOCKED_REDEEMING = 2141
    #: The asset that is owed for a token of liquid staking that was given back.
    LIQUID_REDEEMING = 2145
    #: Rewards earned and not yet paid out.
    REWARDS_ACCRUED = 2150
    #: Withdrawals requested, not sent.
    WITHDRAWAL_PENDING = 2160
    #: Capital the operator put in.
    CAPITAL = 3000
    #: Rewards that came back to the platform: forfeited or clawed back.
    FORFEITED_REWARDS = 4050
    #: Fees for leaving a product (domain rules §7.2 leave the number open).
    EARN_FEES = 4035
    #: What protocols pay for the platform's stakes.
    PROTOCOL_INCOME = 4090
    #: Rewards promised to customers.
    REWARD_EXPENSE = 5010
    #: Stakes that a protocol took as a penalty; the platform bears them.
    SLASHING = 5050
    #: What the platform could not recover.
    WRITE_OFF = 5060
    #: Remainders below the credited unit, taken back when a position ends.
    ROUNDING = 5070

    #: Between two assets, when one becomes the other: the platform's open position in each.
    CONVERSION = 9000

    @property
    def is_of_a_customer(self) -> bool:
        """Whether accounts of this code have an owner."""
        return 2110 <= self <= 2169 or 2180 <= self <= 2189  # noqa: PLR2004 - the chart itself
