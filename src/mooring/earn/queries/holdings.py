"""Positions as the rules see them, and what a unit of a product has grown to."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from mooring.earn import errors
from mooring.earn.facts import TermsView
from mooring.earn.queries.pledges import open_pledges
from mooring.earn.queries.products import TERMS_COLUMNS, terms_view
from mooring.earn.rules.redemption import Holding
from mooring.earn.rules.rewards import RateFrom, growth_at
from mooring.kernel import db
from mooring.kernel.errors import Refusal


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


def live_positions(pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return the positions that customers hold in flexible products, by account and product."""
    wanted = sorted(set(pairs))
    found = db.rows(
        "SELECT position.id FROM unnest(%s::bigint[], %s::bigint[]) AS t (account_id, product_id)"
        " INNER JOIN earn_position AS position USING (account_id, product_id)"
        " WHERE position.status = 'HOLDING'",
        [db.array(account_id for account_id, _ in wanted), db.array(id_ for _, id_ in wanted)],
    )
    return [position_id for (position_id,) in found]


def principals_held(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Decimal]:
    """
    Return what customers have in products: what a quota per person counts.

    Args:
        pairs: of account and product; one that holds nothing is missing in the answer.
    """
    wanted = sorted(set(pairs))
    found = db.rows(
        "SELECT position.account_id, position.product_id,"
        "  sum(principal.balance + position.pledged + position.queued)"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS t (account_id, product_id)"
        " INNER JOIN earn_position AS position USING (account_id, product_id)"
        " INNER JOIN ledger_account AS principal ON principal.id = position.principal_account"
        " WHERE position.status = 'HOLDING' GROUP BY position.account_id, position.product_id",
        [db.array(account_id for account_id, _ in wanted), db.array(id_ for _, id_ in wanted)],
    )
    return {(account_id, product_id): total for account_id, product_id, total in found}


def totals_held(product_ids: Iterable[int]) -> dict[int, Decimal]:
    """Return what all customers together have in products; one that is empty is missing."""
    found = db.rows(
        "SELECT position.product_id,"
        "  sum(principal.balance + position.pledged + position.queued)"
        " FROM earn_position AS position"
        " INNER JOIN ledger_account AS principal ON principal.id = position.principal_account"
        " WHERE position.product_id = ANY(%s::bigint[]) AND position.status = 'HOLDING'"
        " GROUP BY position.product_id",
        [db.array(set(product_ids))],
    )
    return dict(found)


def read_holdings(position_ids: Iterable[int]) -> dict[int, Holding]:
    """Return positions as facts, by their ids; an id that is absent is missing."""
    found = db.rows(
        # Wallets and balance by subquery: one descent of an index for each position, however
        # old the planner's statistics are.
        "SELECT position.id, position.account_id, position.product_id, product.code,"
        "  position.kind, product.asset, position.status, position.version, position.terms_id,"
        "  position.principal_account,"
        "  (SELECT balance FROM ledger_account WHERE id = position.principal_account),"
        "  coalesce((SELECT id FROM ledger_account WHERE owner_id = position.account_id"
        "   AND code = 2110 AND asset = product.asset AND reference = 0), 0),"
        "  coalesce((SELECT id FROM ledger_account WHERE owner_id = position.account_id"
        "   AND code = 2120 AND asset = product.asset AND reference = 0), 0),"
        "  position.exit, coalesce(position.accrued_minute, 0), coalesce(position.growth, 1),"
        "  coalesce(position.carry, 0), coalesce(position.rewards_account, 0),"
        "  coalesce(position.redeeming_account, 0), position.value_date, position.rewards_end,"
        "  position.delivers_at, coalesce(position.days_accrued, 0),"
        "  coalesce(position.days_paid, 0), position.pledged, position.queued,"
        "  coalesce(position.pledged_account, 0), position.credited_total,"
        "  position.daily_booked, position.daily_paid, position.low_day, position.low,"
        "  position.bonus_carry, position.extra_carry, coalesce(position.extra_account, 0),"
        "  position.auto_renew, position.redeem_to, coalesce(position.renewed_from_id, 0),"
        "  CASE WHEN position.kind = 'FLEXIBLE' AND position.redeeming_account IS NOT NULL THEN"
        "   (SELECT balance FROM ledger_account WHERE id = position.redeeming_account)"
        "  ELSE 0 END"
        " FROM earn_position AS position"
        " INNER JOIN earn_product AS product ON product.id = position.product_id"
        " WHERE position.id = ANY(%s::bigint[])",
        [db.array(set(position_ids))],
    )
    terms = terms_by_id({row[_TERMS] for row in found})
    # The columns stand in the order of the fields.
    holdings = {
        row[0]: Holding(*[*row[:_TERMS], terms[row[_TERMS]], *row[_TERMS + 1 :]]) for row in found
    }
    pledged = [holding.id for holding in holdings.values() if holding.pledged]
    if pledged:
        for position_id, pledges in open_pledges(pledged).items():
            holdings[position_id].pledges = pledges
    return holdings


_TERMS: Final = 8


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


def find_flexible_positions(
    wanted: Sequence[tuple[int, str]],
) -> list[tuple[int, str] | Refusal]:
    """
    Return the numbers of positions that customers hold in flexible products, and their assets.

    Args:
        wanted: numbers of accounts and codes of products; one statement for all.

    Returns:
        One for each, in order; ProductNotFound where no flexible product has this code,
        PositionNotFound where this customer has nothing in it.
    """
    rows = db.rows(
        # By subquery, in the words of the index that has each position once: one descent for
        # each, however old the planner's statistics are.
        "SELECT (SELECT id FROM earn_position WHERE account_id = t.account_id"
        "   AND product_id = product.id AND kind <> 'LOCKED' AND status <> 'PAID'"
        "   AND status = 'HOLDING'), product.asset"
        " FROM unnest(%s::bigint[], %s::text[]) WITH ORDINALITY AS t (account_id, code, place)"
        " LEFT JOIN earn_product AS product ON product.code = t.code AND product.kind = 'FLEXIBLE'"
        " ORDER BY t.place",
        [[account_id for account_id, _ in wanted], [code for _, code in wanted]],
    )
    found: list[tuple[int, str] | Refusal] = []
    for (_, product_code), (position_id, asset) in zip(wanted, rows, strict=True):
        if asset is None:
            found.append(errors.ProductNotFound(product_code=product_code))
        elif position_id is None:
            found.append(errors.PositionNotFound(position_id=0))
        else:
            found.append((position_id, asset))
    return found
