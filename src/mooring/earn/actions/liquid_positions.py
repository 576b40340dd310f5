"""
Positions of liquid staking: rows beside the token in a customer's spot wallet.

The token is money like any other: it is traded and withdrawn. The position's account in the book
*is* the customer's spot account of the token, so that it is right whatever happens to the token.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from mooring.earn.facts import ProductView
from mooring.earn.queries.products import list_products
from mooring.kernel import db
from mooring.ledger import api as ledger

#: Wallets per transaction.
BATCH: Final = 1000
#: Wallets with a token that no position knows; asked each minute, so an index finds them.
LOOSE_TOKENS: Final = (
    "SELECT wallet.owner_id, wallet.asset FROM ledger_account AS wallet"
    " WHERE wallet.code = 2110 AND wallet.asset = ANY(%s::text[]) AND wallet.balance > 0"
    " AND NOT EXISTS (SELECT FROM earn_position WHERE principal_account = wallet.id)"
    " ORDER BY wallet.owner_id LIMIT %s"
)


@db.transaction_required
def open_liquid_positions(
    owners: Iterable[tuple[int, ProductView]], *, at: datetime
) -> dict[tuple[int, int], tuple[int, int]]:
    """
    Make positions where customers have none.

    Args:
        owners: accounts and liquid staking products; the accounts are locked by the caller.

    Returns:
        By account and product: the position, and its account in the book.
    """
    wanted = {(account_id, product.id): product for account_id, product in owners}
    pairs = sorted(wanted)
    wallets = ledger.open_accounts(
        [ledger.AccountName(ledger.Code.SPOT, wanted[pair].token or "", pair[0]) for pair in pairs]
    )
    db.execute(
        "INSERT INTO earn_position (account_id, product_id, terms_id, kind, principal_account,"
        "  status, exit, version, opened_at)"
        " SELECT t.account_id, t.product_id, t.terms_id, 'LIQUID', t.wallet, 'HOLDING', '', 0, %s"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])"
        "  AS t (account_id, product_id, terms_id, wallet)"
        " WHERE NOT EXISTS (SELECT FROM earn_position WHERE principal_account = t.wallet)"
        " ON CONFLICT DO NOTHING",
        [
            at,
            db.array([account_id for account_id, _ in pairs]),
            db.array([product_id for _, product_id in pairs]),
            db.array([wanted[pair].terms.id for pair in pairs]),
            db.array(wallets),
        ],
    )
    found = db.rows(
        "SELECT account_id, product_id, id, principal_account FROM earn_position"
        " WHERE principal_account = ANY(%s::bigint[])",
        [db.array(wallets)],
    )
    return {(account, product): (id_, wallet) for account, product, id_, wallet in found}


@db.transaction_required
def conversion_accounts(assets: Iterable[str]) -> dict[str, int]:
    """Return the platform's clearing accounts of assets and tokens."""
    codes = sorted(set(assets))
    ids = ledger.open_accounts([ledger.AccountName(ledger.Code.CONVERSION, one) for one in codes])
    return dict(zip(codes, ids, strict=True))


def follow_tokens(*, at: datetime) -> int:
    """
    Make positions for tokens that came another way: bought, deposited, sent by somebody.

    Returns:
        How many positions were opened.
    """
    products = {one.token: one for one in list_products(at=at) if one.kind == "LIQUID"}
    total = 0
    while products and (count := _follow_batch(products, at=at)):
        total += count
    return total


@db.transaction
def _follow_batch(products: dict[str | None, ProductView], *, at: datetime) -> int:
    found = db.rows(LOOSE_TOKENS, [[token for token in products if token], BATCH])
    if found:
        open_liquid_positions([(owner, products[token]) for owner, token in found], at=at)
    return len(found)
