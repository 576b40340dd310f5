"""What stands in the way of leaving flexible products: limits of the day, maintenance, chains."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from mooring.earn import policies as earn_policies
from mooring.earn.facts import ProductView, Speed
from mooring.earn.queries.windows import windows_at
from mooring.earn.rules import dates
from mooring.earn.rules.flexible_exit import Way
from mooring.earn.rules.redemption import Holding
from mooring.earn.rules.windows import redemptions_wait_until
from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.policies import api as policies

_NOTHING = Decimal(0)


@dataclass(slots=True, kw_only=True)
class WaysOut:
    """
    What a batch knows of the ways out of its positions, and uses up of the day's limits.

    Args:
        day: the UTC day whose limits count.
        of_people: left at once today, by account and product.
        of_products: left at once today, of the products whose terms limit that.
        closed: by product, when redemptions go on that are off now.
        unbonding: by product, the hours that the asset's chain takes.
        queue_window: how long after its time what waited has to be there.
    """

    day: date
    of_people: dict[tuple[int, int], Decimal]
    of_products: dict[int, Decimal]
    closed: dict[int, datetime]
    unbonding: dict[int, tuple[int, int]]
    queue_window: timedelta

    def way(self, holding: Holding, speed: Speed) -> Way:
        """Return the way that is asked for, and what stands in it."""
        return Way(
            speed=speed,
            left_today=self.left_today(holding),
            closed_until=self.closed.get(holding.product_id),
            unbonding_hours=self.unbonding.get(holding.product_id),
            queue_window=self.queue_window,
        )

    def left_today(self, holding: Holding) -> Decimal | None:
        """Return how much more may leave a position at once today; None without a limit."""
        person = holding.terms.daily_limit_per_person
        total = holding.terms.daily_limit_total
        lefts = []
        if person is not None:
            used = self.of_people.get((holding.account_id, holding.product_id), _NOTHING)
            lefts.append(person - used)
        if total is not None:
            lefts.append(total - self.of_products.get(holding.product_id, _NOTHING))
        return max(_NOTHING, min(lefts)) if lefts else None

    def use(self, holding: Holding, amount: Decimal) -> None:
        """Count what leaves at once."""
        pair = (holding.account_id, holding.product_id)
        self.of_people[pair] = self.of_people.get(pair, _NOTHING) + amount
        if holding.product_id in self.of_products:
            self.of_products[holding.product_id] += amount


def read_ways_out(
    holdings: Iterable[Holding],
    *,
    at: datetime,
    limited: Iterable[int] | None = None,
    settings: policies.Snapshot | None = None,
) -> WaysOut:
    """
    Return what stands in the way of leaving positions.

    Args:
        limited: what `limited_products` returned, if that was asked already.
        settings: the policies in force, if these were asked for already.
    """
    known = list(holdings)
    everywhere = {holding.product_id for holding in known}
    flexible = [holding for holding in known if holding.kind == "FLEXIBLE"]
    products = {holding.product_id for holding in flexible}
    slow = {holding.product_id for holding in flexible if holding.terms.standard_days is not None}
    windows = windows_at(everywhere, at=at) if everywhere else {}
    in_force = policies.in_force(at=at) if settings is None else settings
    minutes = in_force[earn_policies.QUEUE_WINDOW_MINUTES]
    day = dates.start_of_day(at).date()
    return WaysOut(
        day=day,
        of_people=_left_by_people(
            (
                (holding.account_id, holding.product_id)
                for holding in flexible
                if holding.terms.daily_limit_per_person is not None
            ),
            since=dates.start_of_day(at),
        ),
        of_products=_left_products(
            limited_products(products) if limited is None else limited, day=day
        ),
        closed={
            product_id: until
            for product_id, found in windows.items()
            if (until := redemptions_wait_until(found)) is not None
        },
        unbonding=_unbonding(slow, at=at),
        queue_window=timedelta(minutes=minutes),
    )


def left_at_once(product: ProductView, *, account_id: int, at: datetime) -> Amount | None:
    """Return how much more may leave a flexible product at once today; None without a limit."""
    person, total = product.terms.daily_limit_per_person, product.terms.daily_limit_total
    midnight = dates.start_of_day(at)
    lefts = []
    if person is not None:
        pair = (account_id, product.id)
        lefts.append(person - _left_by_people([pair], since=midnight).get(pair, _NOTHING))
    if total is not None:
        lefts.append(total - _left_products([product.id], day=midnight.date())[product.id])
    return Amount(max(_NOTHING, min(lefts)), product.asset) if lefts else None


def limited_products(product_ids: Iterable[int]) -> list[int]:
    """Return those products, lowest id first, whose terms ever limited what leaves in a day."""
    wanted = set(product_ids)
    if not wanted:
        return []
    found = db.rows(
        "SELECT DISTINCT product_id FROM earn_terms"
        " WHERE product_id = ANY(%s::bigint[]) AND daily_limit_total IS NOT NULL"
        " ORDER BY product_id",
        [db.array(wanted)],
    )
    return [product_id for (product_id,) in found]


def _left_by_people(
    pairs: Iterable[tuple[int, int]], *, since: datetime
) -> dict[tuple[int, int], Decimal]:
    wanted = sorted(set(pairs))
    if not wanted:
        return {}
    found = db.rows(
        "SELECT t.account_id, t.product_id, sum(redemption.amount)"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS t (account_id, product_id)"
        " INNER JOIN earn_redemption AS redemption ON redemption.account_id = t.account_id"
        "  AND redemption.type = 'FLEXIBLE' AND redemption.requested_at >= %s"
        "  AND redemption.requested_at < %s"
        " INNER JOIN earn_position AS position ON position.id = redemption.position_id"
        "  AND position.product_id = t.product_id"
        # What waited is not counted on any day: its promise was made beyond the limit.
        " WHERE redemption.speed = 'FAST' AND redemption.status = 'PAID'"
        "  AND redemption.queued_because = ''"
        " GROUP BY t.account_id, t.product_id",
        [
            db.array(account_id for account_id, _ in wanted),
            db.array(product_id for _, product_id in wanted),
            since,
            since + dates.A_DAY,
        ],
    )
    return {(account_id, product_id): amount for account_id, product_id, amount in found}


def _left_products(product_ids: Iterable[int], *, day: date) -> dict[int, Decimal]:
    limited = list(product_ids)
    if not limited:
        return {}
    found = db.rows(
        "SELECT product_id, amount FROM earn_daily_exit"
        " WHERE product_id = ANY(%s::bigint[]) AND day = %s",
        [db.array(limited), day],
    )
    return dict.fromkeys(limited, _NOTHING) | dict(found)


def _unbonding(product_ids: Iterable[int], *, at: datetime) -> dict[int, tuple[int, int]]:
    wanted = set(product_ids)
    if not wanted:
        return {}
    found = db.rows(
        "SELECT DISTINCT ON (product.id) product.id, unbonding.hours_min, unbonding.hours_max"
        " FROM earn_product AS product INNER JOIN earn_unbonding AS unbonding"
        "  ON unbonding.asset = product.asset AND unbonding.effective_from <= %s"
        " WHERE product.id = ANY(%s::bigint[]) AND product.family = 'ONCHAIN'"
        " ORDER BY product.id, unbonding.effective_from DESC",
        [at, db.array(wanted)],
    )
    return {product_id: (least, most) for product_id, least, most in found}
