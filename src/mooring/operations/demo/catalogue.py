"""
What the demo platform offers: assets, prices, products, rates.

Figures are plausible and invented. Together the products show every mode of claw-back, a fee,
a quota, a minimum that must remain, one that cannot be left early, rewards by the day and in
another asset, a slower way out beside a daily limit, a country that is left out, and tokens of
liquid staking.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from mooring.assets import api as assets
from mooring.earn import api as earn

ASSETS: Final = (
    assets.Asset(code="BTC", name="Bitcoin", ledger_decimals=8),
    assets.Asset(code="ETH", name="Ether", ledger_decimals=18),
    assets.Asset(code="BNB", name="BNB", ledger_decimals=18),
    assets.Asset(code="SOL", name="Solana", ledger_decimals=9),
    assets.Asset(code="DOT", name="Polkadot", ledger_decimals=10),
    # Tokens of liquid staking: without a price of their own they are worth their ratio.
    assets.Asset(code="WBETH", name="Wrapped Beacon ETH", ledger_decimals=18),
    assets.Asset(code="BNSOL", name="Staked SOL", ledger_decimals=9),
    assets.Asset(code="USDT", name="Tether USD", ledger_decimals=6),
    assets.Asset(code="BUSD", name="Binance USD", ledger_decimals=18),
    assets.Asset(code="EUR", name="Euro", kind="FIAT", ledger_decimals=2, display_decimals=2),
    # Values can be shown in it; nobody can hold it.
    assets.Asset(
        code="CNY",
        name="Chinese yuan",
        kind="FIAT",
        ledger_decimals=2,
        display_decimals=2,
        is_active=False,
    ),
)

#: Chains of which the operator knows how long they take, though we hold nothing on them.
CHAINS: Final = tuple(
    assets.Asset(code=code, name=name, is_active=False)
    for code, name in (
        ("APT", "Aptos"),
        ("ATOM", "Cosmos Hub"),
        ("CELO", "Celo"),
        ("KSM", "Kusama"),
        ("NEAR", "NEAR"),
        ("POL", "Polygon"),
        ("SEI", "Sei"),
        ("TIA", "Celestia"),
    )
)

#: USD per unit: so many days before the first run, newest last.
PRICE_DAYS: Final = (63, 56, 49, 42, 35, 28, 21, 14, 7, 3, 1, 0)
PRICES: Final = {
    "BTC": "61250 62980 64100 63320 65870 67410 66050 68240 69900 68730 70120 70480",
    "ETH": "2985 3050 3120 3078 3240 3315 3262 3390 3455 3402 3468 3490",
    "BNB": "548 556 571 563 580 592 586 601 612 606 615 618",
    "SOL": "138 142 149 144 155 161 157 166 171 168 173 174.5",
    "DOT": "6.1 6.32 6.55 6.4 6.81 7.02 6.88 7.2 7.41 7.3 7.46 7.5",
    "USDT": "1.0002 1.0001 1 0.9998 1.0001 1.0003 1 0.9999 1.0002 1.0001 1 1.0001",
    "BUSD": "0.9999 1 1.0001 1 0.9998 1 1.0002 1.0001 1 0.9999 1 1",
    "EUR": "1.0815 1.083 1.0862 1.0841 1.0877 1.0903 1.0889 1.0921 1.0944 1.0932 1.0951 1.0955",
    "CNY": "0.1379 0.138 0.1382 0.1381 0.1384 0.1385 0.1383 0.1386 0.1389 0.1388 0.139 0.139",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flexible:
    """A flexible product: its terms, and its yearly rates from so many days ago on."""

    code: str
    asset: str
    offer: earn.Offer
    rates: tuple[tuple[int, str], ...]


def _flexible(
    asset: str,
    minimum: str,
    *rates: tuple[int, str],
    remaining: str = "0",
    quota: str = "",
    code: str = "",
    **differing: Any,
) -> Flexible:
    """Return the product of an asset; without a code its usual one, such as BTC001."""
    offer = earn.Offer(
        minimum=Decimal(minimum),
        minimum_remaining=Decimal(remaining),
        quota_per_person=Decimal(quota) if quota else None,
        **differing,
    )
    return Flexible(code=code or f"{asset}001", asset=asset, offer=offer, rates=rates)


FLEXIBLE: Final = (
    _flexible("BTC", "0.0001", (62, "0.0045"), (33, "0.0038"), (9, "0.0052")),
    _flexible("ETH", "0.001", (45, "0.0121"), (25, "0.0098")),
    _flexible("BNB", "0.01", (30, "0.0062"), (18, "0.0071")),
    _flexible("SOL", "0.01", (30, "0.0238"), (12, "0.0262")),
    _flexible("DOT", "0.1", (30, "0.0315"), (21, "0.0288")),
    _flexible(
        "USDT",
        "0.1",
        (62, "0.0315"),
        (41, "0.0287"),
        (20, "0.0412"),
        (6, "0.0356"),
        remaining="0.1",
        quota="250000",
    ),
    _flexible(
        "BUSD",
        "0.1",
        (30, "0.0264"),
        (15, "0.0301"),
        quota="100000",
        fee_rate=Decimal("0.0005"),
        daily_limit_per_person=Decimal(20000),
        standard_days=3,
        grace_seconds=3600,
    ),
    # What existing clients ask for under these names.
    *(
        _flexible(
            "USDT",
            "0.1",
            *rates,
            code=code,
            quota=quota,
            fee_rate=Decimal("0.001"),
            daily_limit_total=Decimal(1_000_000),
            standard_days=days,
            standard_fee_rate=Decimal("0.0005"),
        )
        for code, quota, days, rates in (
            ("BFUSD", "50000", 3, ((30, "0.0467"), (11, "0.0442"))),
            ("RWUSD", "100000", 3, ((30, "0.0420"),)),
        )
    ),
)
#: Days before the first run on which rewards by the day were announced, by product: what they are
#: paid in, and up to which balance at which yearly rate; no bound is without end.
DAILY_DAYS: Final = 18
DAILY: Final = (
    ("USDT001", "USDT", (("200", "0.05"), ("1000", "0.02"))),
    ("USDT001", "BNB", (("", "0.0000081"),)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A locked product and its terms."""

    code: str
    asset: str
    offer: earn.Offer
    family: earn.Family = "SIMPLE"


def _locked(
    code: str, apr: str, minimum: str, *, family: earn.Family = "SIMPLE", **differing: Any
) -> Locked:
    """
    Return the product of a code such as `Bnb*60`.

    Args:
        differing: terms other than those that most locked products have.
    """
    asset, _, days = code.partition("*")
    usual = earn.Offer(
        minimum=Decimal(minimum),
        apr=Decimal(apr),
        duration_days=int(days),
        redeem_period_days=1,
        delivery_hours_min=48,
        delivery_hours_max=72,
        grace_seconds=3600,
    )
    offer = replace(usual, **differing)
    return Locked(code=code, asset=asset.upper(), offer=offer, family=family)


LOCKED: Final = (
    _locked("Btc*30", "0.011", "0.001", quota_per_person=Decimal(5)),
    _locked("Btc*90", "0.018", "0.001", claw_back="NONE", fee_rate=Decimal("0.002")),
    # In BNB for each ETH.
    _locked("Eth*30", "0.12", "0.01", reward_asset="BNB"),
    _locked("Eth*60", "0.027", "0.01"),
    _locked("Eth*120", "0.041", "0.01", claw_back="PRO_RATA"),
    _locked("Bnb*30", "0.031", "0.1"),
    _locked("Bnb*60", "0.052", "0.1", quota_per_person=Decimal(2000)),
    _locked("Sol*60", "0.058", "0.1", early_redemption="PARTIAL", minimum_remaining=Decimal("0.1")),
    _locked("Sol*90", "0.067", "0.1", claw_back="ACCRUED_ONLY"),
    _locked("Dot*60", "0.098", "1"),
    _locked("Dot*120", "0.145", "1", quota_per_person=Decimal(50000)),
    _locked("Usdt*30", "0.055", "10", excluded_countries=("US",)),
    _locked("Usdt*90", "0.072", "10", early_redemption="NONE"),
    _locked("Busd*30", "0.08", "10"),
    # Their money works on a chain.
    _locked("Sol*30", "0.049", "0.1", family="ONCHAIN", is_renewable=True),
    _locked("Usdt*60", "0.061", "10", family="ONCHAIN"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Liquid:
    """A product of liquid staking, and what its token was worth from so many days ago on."""

    code: str
    asset: str
    token: str
    offer: earn.Offer
    ratios: tuple[tuple[int, str], ...]


def _liquid(
    asset: str, token: str, minimum: str, ratios: str, *, a_day: str, fallback: tuple[int, int]
) -> Liquid:
    """
    Return the product that gives a token for an asset.

    Args:
        ratios: one for each week, oldest first.
        a_day: what a person may give back in a UTC day, in the asset.
        fallback: hours that giving back takes where no period of the chain is published.
    """
    offer = earn.Offer(
        minimum=Decimal(minimum),
        redeem_minimum=Decimal("0.00000001"),
        daily_limit_per_person=Decimal(a_day),
        delivery_hours_min=fallback[0],
        delivery_hours_max=fallback[1],
    )
    days = range(62, 0, -7)
    return Liquid(
        code=token,
        asset=asset,
        token=token,
        offer=offer,
        ratios=tuple(zip(days, ratios.split(), strict=True)),
    )


LIQUID: Final = (
    _liquid(
        "ETH",
        "WBETH",
        "0.0001",
        "1.07412266 1.07467102 1.07521843 1.07578014 1.07633907"
        " 1.07688210 1.07743358 1.07799672 1.07854905",
        a_day="32",
        fallback=(72, 480),
    ),
    _liquid(
        "SOL",
        "BNSOL",
        "0.01",
        "1.07911834 1.08038472 1.08165218 1.08290356 1.08418877"
        " 1.08546201 1.08672015 1.08799340 1.08926118",
        a_day="500",
        fallback=(48, 96),
    ),
)

#: Days before the first run, asset, hours at least and at most, what customers read.
UNBONDING: Final = (
    (62, "ETH", 72, 480, "Exit queue, then 256 epochs (about 27 hours), then the withdrawal sweep"),
    (62, "SOL", 48, 96, "Until the end of the epoch"),
    (62, "DOT", 672, 672, "28 eras"),
    (62, "KSM", 168, 168, "28 eras of 6 hours"),
    (62, "ATOM", 504, 504, "21 days"),
    (62, "TIA", 504, 504, "21 days"),
    (40, "TIA", 337, 337, "14 days and 1 hour since CIP-37"),
    (62, "BNB", 168, 168, "7 days"),
    (62, "NEAR", 48, 72, "4 epochs"),
    (62, "POL", 72, 96, "About 80 checkpoints"),
    (62, "APT", 0, 336, "Until the lock cycle of the pool ends"),
    (62, "CELO", 72, 72, "3 days"),
    (62, "SEI", 504, 504, "21 days"),
)
