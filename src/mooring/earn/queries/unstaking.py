"""What giving tokens back depends on, and what it would do."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from mooring.earn import policies as earn_policies
from mooring.earn.facts import Destination, ProductView, WindowView
from mooring.earn.liquid_facts import UnstakingQuote
from mooring.earn.queries.holdings import get_holding
from mooring.earn.queries.liquid import given_back_today, ratios_at, unbonding_at
from mooring.earn.queries.windows import windows_at
from mooring.earn.rules.liquid import Unbonding
from mooring.earn.rules.redemption import Holding
from mooring.earn.rules.unstaking import Exit, unstake_of
from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.policies import api as policies


@dataclass(slots=True, kw_only=True)
class Exits:
    """The exits of many positions; a batch uses their limits up."""

    tokens: dict[int, str]
    ratios: dict[int, Decimal]
    unbondings: dict[str, Unbonding]
    used: dict[int, Decimal]
    windows: dict[int, tuple[WindowView, ...]]

    def of(self, holding: Holding) -> Exit:
        """Return what giving tokens of a position back depends on now."""
        return Exit(
            token=self.tokens.get(holding.product_id, ""),
            ratio=self.ratios.get(holding.product_id),
            unbonding=self.unbondings.get(holding.asset),
            used=self.used.get(holding.id, Decimal(0)),
            windows=self.windows.get(holding.product_id, ()),
        )

    def use(self, holding: Holding, net: Decimal) -> None:
        """Count what was given back."""
        self.used[holding.id] = self.used.get(holding.id, Decimal(0)) + net


def read_exits(holdings: Iterable[Holding], *, at: datetime) -> Exits:
    """Return what giving tokens of positions back depends on; a statement per table."""
    liquid = [holding for holding in holdings if holding.kind == "LIQUID"]
    products = {holding.product_id for holding in liquid}
    return Exits(
        tokens=dict(
            db.rows(
                "SELECT id, token FROM earn_product WHERE id = ANY(%s::bigint[])",
                [db.array(products)],
            )
        ),
        ratios=ratios_at(products, at=at),
        unbondings=unbonding_at((holding.asset for holding in liquid), at=at),
        used=given_back_today((holding.id for holding in liquid), at=at),
        windows=windows_at(products, at=at),
    )


def left_to_unstake(product: ProductView, *, account_id: int, at: datetime) -> Amount | None:
    """Return what a customer may still give back in this UTC day, in the asset; None: anything."""
    limit = product.terms.daily_limit_per_person
    if limit is None:
        return None
    found = db.rows(
        "SELECT id FROM earn_position WHERE account_id = %s AND product_id = %s",
        [account_id, product.id],
    )
    used = given_back_today((id_ for (id_,) in found), at=at)
    return Amount(max(Decimal(0), limit - sum(used.values())), product.asset)


def quote_unstaking(
    *,
    account_id: int,
    position_id: int,
    tokens: Amount | None,
    destination: Destination = "SPOT",
    at: datetime,
) -> UnstakingQuote:
    """
    Say what giving tokens back would do; doing it with this quote does exactly that.

    Raises:
        PositionNotFound, or a refusal of `rules.unstaking`.
    """
    holding = get_holding(account_id=account_id, position_id=position_id)
    leaving = unstake_of(holding, tokens, read_exits([holding], at=at).of(holding), at=at)
    valid = policies.in_force(at=at)[earn_policies.QUOTE_VALID_SECONDS]
    left = leaving.left_today
    return UnstakingQuote(
        key=f"q{secrets.token_hex(16)}",
        account_id=account_id,
        position_id=position_id,
        product_code=holding.product_code,
        tokens=Amount(leaving.tokens, leaving.token),
        ratio=leaving.ratio,
        net=Amount(leaving.net, holding.asset),
        remaining=Amount(holding.principal - leaving.tokens, leaving.token),
        destination=destination,
        arrives_from=leaving.arrives_from,
        arrives_until=leaving.arrives_until,
        left_today=None if left is None else Amount(left, holding.asset),
        quoted_at=at,
        valid_until=at + timedelta(seconds=valid),
        runs_at=leaving.runs_at,
    )
