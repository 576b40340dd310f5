"""What is pledged, and to whom."""

from collections.abc import Iterable

from mooring.earn.facts import PledgeView
from mooring.kernel import db
from mooring.kernel.money import Amount


def open_pledges(position_ids: Iterable[int]) -> dict[int, tuple[PledgeView, ...]]:
    """Return who holds what of positions, oldest first; a position that is free is missing."""
    found = db.rows(
        "SELECT pledge.position_id, pledge.id, pledge.holder, pledge.amount - pledge.released,"
        "  product.asset, pledge.pledged_at"
        " FROM earn_pledge AS pledge"
        " INNER JOIN earn_position AS position ON position.id = pledge.position_id"
        " INNER JOIN earn_product AS product ON product.id = position.product_id"
        " WHERE pledge.position_id = ANY(%s::bigint[]) AND pledge.released_at IS NULL"
        " ORDER BY pledge.id",
        [db.array(set(position_ids))],
    )
    pledges: dict[int, tuple[PledgeView, ...]] = {}
    for position_id, id_, holder, held, asset, pledged_at in found:
        view = PledgeView(id=id_, holder=holder, amount=Amount(held, asset), pledged_at=pledged_at)
        pledges[position_id] = (*pledges.get(position_id, ()), view)
    return pledges


def list_pledges(*, account_id: int, position_id: int) -> tuple[PledgeView, ...]:
    """Return who holds what of a customer's position; nothing of another's."""
    found = db.rows(
        "SELECT 1 FROM earn_position WHERE id = %s AND account_id = %s", [position_id, account_id]
    )
    return open_pledges([position_id]).get(position_id, ()) if found else ()
