"""Positions as the rules see them, and what a unit of a product has grown to."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from mooring.earn import errors
from mooring.earn.facts import TermsView
from mooring.earn.queries.products import TERMS_COLUMNS, terms_view
from mooring.earn.rules.redemption import Holding
from mooring.earn.rules.rewards import RateFrom, growth_at
from mooring.kernel import db


def get_holding(*, account_id: int, position_id: int) -> Holding:
    """
    Return a position as facts, not locked.

    Raises:
        PositionNotFound: absent, or another customer's.
    """
    holding = read_holdings([position_id]).get(position_id)
    if holding is None or holding.account_id != account_id:
        raise errors.PositionNotFound(position_id=position_id)
    return holding


def principals_held(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Decimal]:
    """
    Return what customers have in products: what a quota per person counts.

    Args:
        pairs: of account and product; one that holds nothing is missing in the answer.
    """
    wanted = sorted(set(pairs))
    found = db.rows(
        "SELECT position.account_id, position.product_id, sum(principal.balance)"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS t (account_id, product_id)"
        " INNER JOIN earn_position AS position USING (account_id, product_id)"
        " INNER JOIN ledger_account AS principal ON principal.id = position.principal_account"
        " WHERE position.status = 'HOLDING' GROUP BY position.account_id, position.product_id",
        [db.array(account_id for account_id, _ in wanted), db.array(id_ for _, id_ in wanted)],
    )
    return {(account_id, product_id): total for account_id, product_id, total in found}


def read_holdings(position_ids: Iterable[int]) -> dict[int, Holding]:
    """Return positions as facts, by their ids; an id that is absent is missing."""
    found = db.rows(
        "SELECT position.id, position.account_id, position.product_id, product.code,"
        "  position.kind, product.asset, position.status, position.version, position.terms_id,"
        "  position.principal_account, principal.balance, coalesce(spot.id, 0),"
        "  coalesce(funding.id, 0), position.accrued_minute, position.growth, position.carry,"
        "  position.rewards_account, position.redeeming_account, position.value_date,"
        "  position.rewards_end, position.delivers_at, position.days_accrued,"
        "  position.days_paid"
        " FROM earn_position AS position"
        " INNER JOIN earn_product AS product ON product.id = position.product_id"
        " INNER JOIN ledger_account AS principal ON principal.id = position.principal_account"
        " LEFT JOIN ledger_account AS spot ON spot.owner_key = position.account_id"
        "  AND spot.code = 2110 AND spot.asset = product.asset AND spot.reference = 0"
        " LEFT JOIN ledger_account AS funding ON funding.owner_key = position.account_id"
        "  AND funding.code = 2120 AND funding.asset = product.asset AND funding.reference = 0"
        " WHERE position.id = ANY(%s::bigint[])",
        [db.array(set(position_ids))],
    )
    terms = terms_by_id({row[8] for row in found})
    return {row[0]: _holding(row, terms[row[8]]) for row in found}


def _holding(row: Sequence[Any], terms: TermsView) -> Holding:
    fields = dict(zip(_HOLDING_FIELDS, row, strict=True))
    fields["terms"] = terms
    return Holding(**{name: value for name, value in fields.items() if value is not None})


_HOLDING_FIELDS = (
    "id",
    "account_id",
    "product_id",
    "product_code",
    "kind",
    "asset",
    "status",
    "version",
    "terms",
    "principal_account",
    "principal",
    "spot",
    "funding",
    "accrued_minute",
    "growth",
    "carry",
    "rewards_account",
    "redeeming_account",
    "value_date",
    "rewards_end",
    "delivers_at",
    "days_accrued",
    "days_paid",
)


def terms_by_id(terms_ids: Iterable[int]) -> dict[int, TermsView]:
    """Return versions of terms by their ids."""
    found = db.rows(
        f"SELECT {TERMS_COLUMNS} FROM earn_terms AS terms"  # noqa: S608 - no input in it
        f" WHERE terms.id = ANY(%s::bigint[])",
        [db.array(terms_ids)],
    )
    return {row[0]: terms_view(row) for row in found}


def growths_at(product_ids: Iterable[int], *, minute: int) -> dict[int, Decimal]:
    """Return what one unit of each flexible product has grown to at a minute."""
    found = db.rows(
        "SELECT DISTINCT ON (product_id) product_id, from_minute, apr, growth FROM earn_rate"
        " WHERE product_id = ANY(%s::bigint[]) AND from_minute <= %s"
        " ORDER BY product_id, from_minute DESC",
        [db.array(set(product_ids)), minute],
    )
    return {
        product_id: growth_at(RateFrom(from_minute=start, apr=apr, growth=growth), minute)
        for product_id, start, apr, growth in found
    }
