"""What the benchmarks run on: customers, accounts of the book and positions, made in bulk."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import connection

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger

ASSET: Final = "USDT"
PRODUCT: Final = "USDT001"
#: A fixed past moment: what is measured does not depend on today.
BEGIN: Final = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
#: The end of that day.
MIDNIGHT: Final = BEGIN + timedelta(hours=12)
NEXT_DAY: Final = BEGIN + timedelta(hours=24)


def publish() -> None:
    """Offer one flexible product."""
    assets.register([assets.Asset(code=ASSET, name="Tether USD", ledger_decimals=6)])
    earn.publish(
        code=PRODUCT,
        kind="FLEXIBLE",
        asset=ASSET,
        offer=earn.Offer(minimum=Decimal("0.01")),
        effective_from=BEGIN,
    )
    earn.set_rate(product_code=PRODUCT, apr=Decimal("0.0312"), at=BEGIN)


@db.transaction
def book_accounts(count: int) -> tuple[list[int], int]:
    """Return `count` customers' accounts of the book with a balance, and one platform account."""
    ids = ledger.open_accounts(
        [ledger.AccountName(ledger.Code.SPOT, "BTC", owner) for owner in range(1, count + 1)]
    )
    [vault] = ledger.open_accounts([ledger.AccountName(ledger.Code.HOT_WALLET, "BTC")])
    each = Amount(Decimal(1_000_000), "BTC")
    opening = ledger.Journal(
        key="bench.opening",
        kind="BENCH",
        lines=(
            ledger.Line(vault, Amount(-each.number * count, "BTC")),
            *(ledger.Line(account_id, each) for account_id in ids),
        ),
    )
    ledger.post([opening], at=BEGIN)
    return ids, vault


def customers_with_positions(count: int) -> list[tuple[int, int]]:
    """
    Return (account, position) of `count` customers, each with 1,000 in the flexible product.

    Through the product's own doors.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_account (status, display_currency, opened_at, terms_version,"
            "  anti_phishing_code, verification_level)"
            " SELECT 'OPEN', 'USD', %s, '', '', 0 FROM generate_series(1, %s) RETURNING id",
            [BEGIN, count],
        )
        account_ids = [account_id for (account_id,) in cursor.fetchall()]
    _credit(account_ids, Decimal(1_000))
    positions = []
    for start in range(0, count, 1000):
        chunk = account_ids[start : start + 1000]
        outcomes = earn.subscribe(
            [
                earn.Subscription(
                    account_id=account_id,
                    product_code=PRODUCT,
                    amount=Amount(Decimal(1_000), ASSET),
                    key="opening",
                )
                for account_id in chunk
            ],
            at=BEGIN,
        )
        for account_id, outcome in zip(chunk, outcomes, strict=True):
            if not isinstance(outcome, earn.Subscribed):
                raise outcome
            positions.append((account_id, outcome.position_id))
    return positions


@db.transaction
def _credit(account_ids: list[int], number: Decimal) -> None:
    [vault] = ledger.open_accounts([ledger.AccountName(ledger.Code.HOT_WALLET, ASSET)])
    spots = ledger.open_accounts(
        [ledger.AccountName(ledger.Code.SPOT, ASSET, account_id) for account_id in account_ids]
    )
    lines = (
        ledger.Line(vault, Amount(-number * len(spots), ASSET)),
        *(ledger.Line(spot, Amount(number, ASSET)) for spot in spots),
    )
    key = f"bench.credit.{account_ids[0]}"
    ledger.post([ledger.Journal(key=key, kind="BENCH", lines=lines)], at=BEGIN)


def positions_in_bulk(count: int) -> int:
    """
    Make `count` flexible positions in sets of plain SQL, as the owner; return the product's id.

    The rows are what subscribing would have left, the entries that led there are not made: the
    day's close does not read them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT id FROM earn_product WHERE code = %s", [PRODUCT])
        product_id = int(cursor.fetchone()[0])
        cursor.execute(
            "INSERT INTO accounts_account (status, display_currency, opened_at, terms_version,"
            "  anti_phishing_code, verification_level)"
            " SELECT 'OPEN', 'USD', %s, '', '', 0 FROM generate_series(1, %s)",
            [BEGIN, count],
        )
        cursor.execute("SELECT max(id) - %s FROM accounts_account", [count])
        before = int(cursor.fetchone()[0])
        cursor.execute(
            "INSERT INTO ledger_account (owner_id, code, asset, reference, balance)"
            " SELECT %s + number, 2130, %s, %s + number, 100 + number %% 9000 + 0.12345678"
            " FROM generate_series(1, %s) AS number",
            [before, ASSET, before, count],
        )
        cursor.execute("SELECT max(id) - %s FROM ledger_account", [count])
        first = int(cursor.fetchone()[0])
        cursor.execute(
            "INSERT INTO earn_position (account_id, product_id, terms_id, kind, status, exit,"
            "  version, principal_account, opened_at, accrued_minute, growth, carry)"
            " SELECT %s + number, %s, (SELECT max(id) FROM earn_terms WHERE product_id = %s),"
            "  'FLEXIBLE', 'HOLDING', '', 1, %s + number, %s, %s, 1.000000000000000000000000000001,"
            "  0.000000004321098765432109876543"
            " FROM generate_series(1, %s) AS number",
            [before, product_id, product_id, first, BEGIN, _minute(BEGIN), count],
        )
        for table in ("accounts_account", "ledger_account", "earn_position"):
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("SET ROLE mooring_app")
    return product_id


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60
