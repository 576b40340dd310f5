"""Carry on: let the principal of locked positions go into other positions when it is delivered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from mooring.accounts import api as accounts
from mooring.earn import postings
from mooring.earn.actions.crediting import Rewards, platform_accounts
from mooring.earn.actions.daily_booking import Daily, read_daily
from mooring.earn.actions.ending import end_left
from mooring.earn.actions.holdings import lock_positions, store_positions
from mooring.earn.actions.kept_rewards import kept_rewards
from mooring.earn.actions.opening import new_position, open_positions
from mooring.earn.actions.quotas import lock_quotas
from mooring.earn.actions.run_queued import keep_open
from mooring.earn.facts import ProductView, WindowView
from mooring.earn.queries.endings import flexible_product_of
from mooring.earn.queries.holdings import growths_at, live_positions, principals_held
from mooring.earn.queries.products import list_products
from mooring.earn.queries.windows import windows_at
from mooring.earn.rules import carrying_on as rule
from mooring.earn.rules import dates, rewards
from mooring.earn.rules.flexible_exit import earned_meanwhile
from mooring.earn.rules.redemption import Holding
from mooring.kernel import db, rounding
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger

#: Redemptions per transaction.
BATCH: Final = 500
_WALLETS: Final = {"SPOT": ledger.Code.SPOT, "FUNDING": ledger.Code.FUNDING}


@dataclass(slots=True, kw_only=True)
class _Due:
    """
    A redemption whose money is to go into a position.

    Args:
        target: the position that takes it; None where a wallet does.
        went_to: where it goes, as `models.Redemption.Destination`.
        because: code of the refusal for which it does not go where it was to.
    """

    id: int
    holding: Holding
    destination: str
    net: Decimal
    target: Holding | None = None
    went_to: str = ""
    because: str = ""


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What a batch knows and what it will write; everything is delivered at one time."""

    due: Sequence[_Due]
    #: When it is delivered, by the dates of the positions, however late this runs.
    delivered_at: datetime
    products: Mapping[str, ProductView]
    flexible: Mapping[str, ProductView | None]
    live: dict[tuple[int, int], Holding]
    growths: Mapping[int, Decimal]
    held: dict[tuple[int, int], Decimal]
    held_total: dict[int, Decimal]
    countries: Mapping[int, str]
    windows: Mapping[int, tuple[WindowView, ...]]
    daily: Daily
    rewards: Rewards = field(default_factory=Rewards)
    opened: list[Holding] = field(default_factory=list)


def carry_on_due(*, at: datetime) -> int:
    """
    Let all that was to go into positions, and is due by `at`, go there; return how many.

    A new locked position has the terms of the moment of delivery, and its rewards begin with it,
    however late this runs. What a product does not take goes where the customer wanted it
    otherwise, at last to spot, and the customer is told.

    Source: EARN-14; domain rules §2.1-2.3, §7.3.
    """
    total = 0
    while count := _carry_on_batch(at=at):
        total += count
    return total


@db.transaction
def _carry_on_batch(*, at: datetime) -> int:
    # Those of one time: they meet the same terms.
    found = db.rows(
        "SELECT id, account_id, position_id, arrives_from FROM earn_redemption"
        " WHERE status = 'PENDING' AND destination IN ('RENEWAL', 'FLEXIBLE') AND arrives_from ="
        " (SELECT min(arrives_from) FROM earn_redemption WHERE status = 'PENDING'"
        "  AND destination IN ('RENEWAL', 'FLEXIBLE') AND arrives_from <= %s)"
        " ORDER BY id LIMIT %s",
        [at, BATCH],
    )
    if not found:
        return 0
    accounts.lock_not_closed(account_id for _, account_id, *_ in found)
    batch = _load(found, delivered_at=found[0][3])
    for due in batch.due:
        _decide(batch, due)
    _write(batch, at=at)
    return len(found)


def _load(found: Sequence[tuple[Any, ...]], *, delivered_at: datetime) -> _Batch:
    accounts_of = [account_id for _, account_id, *_ in found]
    everywhere = list_products(at=delivered_at)
    flexible = {
        product.asset: flexible_product_of(product.asset, at=delivered_at)
        for product in everywhere
        if product.kind == "LOCKED"
    }
    takers = [product for product in flexible.values() if product is not None]
    joined = live_positions(
        (account_id, product.id) for account_id in accounts_of for product in takers
    )
    holdings = lock_positions([*(position_id for _, _, position_id, *_ in found), *joined])
    pairs = {
        (account_id, product.id)
        for account_id in accounts_of
        for product in (*takers, *_own(everywhere, holdings.values()))
    }
    ids = {product_id for _, product_id in pairs}
    concerned = [product for product in everywhere if product.id in ids]
    live = {
        (holding.account_id, holding.product_id): holding
        for id_ in joined
        if (holding := holdings[id_]).status == "HOLDING"
    }
    return _Batch(
        due=_read_due([id_ for id_, *_ in found], holdings),
        delivered_at=delivered_at,
        products={product.code: product for product in everywhere},
        flexible=flexible,
        live=live,
        growths=growths_at(
            (product.id for product in takers), minute=dates.minute_of(delivered_at)
        ),
        held=principals_held(pairs),
        held_total=lock_quotas(concerned),
        countries=accounts.find_countries(accounts_of),
        windows=windows_at(ids, at=delivered_at),
        daily=read_daily(live.values(), at=delivered_at),
    )


def _own(products: Iterable[ProductView], holdings: Iterable[Holding]) -> list[ProductView]:
    wanted = {holding.product_id for holding in holdings}
    return [product for product in products if product.id in wanted]


def _read_due(ids: Sequence[int], holdings: Mapping[int, Holding]) -> list[_Due]:
    """Read again under the locks."""
    found = db.rows(
        "SELECT id, position_id, destination, net FROM earn_redemption"
        " WHERE id = ANY(%s::bigint[]) AND status = 'PENDING' ORDER BY id FOR NO KEY UPDATE",
        [db.array(ids)],
    )
    return [
        _Due(id=id_, holding=holdings[position], destination=destination, net=net)
        for id_, position, destination, net in found
    ]


def _decide(batch: _Batch, due: _Due) -> None:
    """Find what takes the money: what was chosen, then the second choice, at last spot."""
    own = batch.products.get(due.holding.product_code)
    flexible = batch.flexible.get(due.holding.asset)
    second = due.holding.redeem_to
    if due.destination == "RENEWAL":
        refusal = rule.refusal_to_renew(
            due.holding, _entrance(batch, due, own), amount=due.net, at=batch.delivered_at
        )
        if refusal is None and own is not None:
            _renew(batch, due, own)
            return
        due.because = _code(refusal)
    if due.destination == "FLEXIBLE" or second == "FLEXIBLE":
        refusal = rule.refusal_to_join(
            due.holding, _entrance(batch, due, flexible), amount=due.net, at=batch.delivered_at
        )
        if refusal is None and flexible is not None:
            _join(batch, due, flexible)
            return
        due.because = due.because or _code(refusal)
        second = "SPOT"
    due.went_to = second


def _code(refusal: Refusal | None) -> str:
    return "" if refusal is None else refusal.code


def _entrance(batch: _Batch, due: _Due, product: ProductView | None) -> rule.Entrance:
    account_id = due.holding.account_id
    product_id = 0 if product is None else product.id
    return rule.Entrance(
        product=product,
        held=batch.held.get((account_id, product_id), Decimal(0)),
        held_total=batch.held_total.get(product_id, Decimal(0)),
        country=batch.countries.get(account_id, ""),
        windows=batch.windows.get(product_id, ()),
    )


def _renew(batch: _Batch, due: _Due, product: ProductView) -> None:
    """Open the next position: its first reward day begins with the delivery."""
    old = due.holding
    opened = new_position(
        product,
        account_id=old.account_id,
        spot=old.spot,
        at=batch.delivered_at - dates.A_DAY,
    )
    opened.auto_renew, opened.redeem_to, opened.renewed_from = True, old.redeem_to, old.id
    batch.opened.append(opened)
    _put_in(batch, due, opened, went_to="RENEWAL")


def _join(batch: _Batch, due: _Due, product: ProductView) -> None:
    """Put the money into the flexible position, where it earns from the delivery on."""
    pair = (due.holding.account_id, product.id)
    live = batch.live.get(pair)
    if live is None:
        live = new_position(
            product, account_id=pair[0], spot=due.holding.spot, at=batch.delivered_at
        )
        live.growth = batch.growths[product.id]
        batch.opened.append(live)
        batch.live[pair] = live
    else:
        batch.daily.book(live)
        _accrue(batch, live, due.net)
    _put_in(batch, due, live, went_to="FLEXIBLE")


def _accrue(batch: _Batch, live: Holding, coming: Decimal) -> None:
    """Bring a position up to the delivery, and the money up to the position if that is later."""
    minute, growth = dates.minute_of(batch.delivered_at), batch.growths[live.product_id]
    if minute < live.accrued_minute:
        missed = earned_meanwhile(coming, growth_from=growth, growth_to=live.growth)
        credited, carry = rounding.floor_to(
            rounding.EXACT.add(live.carry, missed), rewards.REWARD_DECIMALS
        )
    else:
        earned = rewards.accrue(
            balance=live.earning, carry=live.carry, growth_from=live.growth, growth_to=growth
        )
        credited, carry = earned.credited, earned.carry
        live.accrued_minute, live.growth = minute, growth
    live.carry = carry
    live.principal += credited
    live.credited_total += credited
    batch.rewards.credit(live, credited)


def _put_in(batch: _Batch, due: _Due, target: Holding, *, went_to: str) -> None:
    pair = (target.account_id, target.product_id)
    batch.held[pair] = batch.held.get(pair, Decimal(0)) + due.net
    if target.product_id in batch.held_total:
        batch.held_total[target.product_id] += due.net
    target.principal += due.net
    target.version += 1
    due.target, due.went_to = target, went_to


def _write(batch: _Batch, *, at: datetime) -> None:
    if not batch.due:
        return
    open_positions(batch.opened, at=batch.delivered_at)
    name = f"c.{batch.due[0].id}"
    touched = {due.target.id: due.target for due in batch.due if due.target is not None}
    ledger.post(
        [
            *batch.rewards.journals(
                f"earn.reward:{name}",
                platform_accounts({holding.asset for holding in touched.values()}),
            ),
            *batch.daily.journals(f"earn.daily:{name}"),
            *_arrivals(batch),
        ],
        at=at,
    )
    if touched:
        store_positions(touched.values(), at=at)
        keep_open(holding.id for holding in touched.values() if holding.queued)
    _remember_origins(batch.opened)
    _remember_subscriptions(batch)
    _remember_arrivals(batch, at=at)
    _tell(batch, at=at)


def _arrivals(batch: _Batch) -> list[ledger.Journal]:
    diverted = [due for due in batch.due if due.target is None]
    ids = ledger.open_accounts(
        [
            ledger.AccountName(_WALLETS[due.went_to], due.holding.asset, due.holding.account_id)
            for due in diverted
        ]
    )
    wallets = {due.id: wallet for due, wallet in zip(diverted, ids, strict=True)}
    return [
        postings.carried_on(
            key=f"earn.deliver:{due.id}",
            went_to=due.went_to,
            holding=due.holding,
            destination=wallets[due.id] if due.target is None else due.target.principal_account,
            net=due.net,
        )
        for due in batch.due
    ] + kept_rewards(due.id for due in batch.due)


def _remember_origins(opened: Iterable[Holding]) -> None:
    renewed = [holding for holding in opened if holding.renewed_from]
    db.execute(
        "UPDATE earn_position AS position SET renewed_from_id = t.renewed_from"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS t (id, renewed_from)"
        " WHERE position.id = t.id",
        [
            db.array([holding.id for holding in renewed]),
            db.array([holding.renewed_from for holding in renewed]),
        ],
    )


def _remember_subscriptions(batch: _Batch) -> None:
    """No customer asked now: no digest. A customer's key has no slash, so none is in the way."""
    went = [(due, due.target) for due in batch.due if due.target is not None]
    db.execute(
        "INSERT INTO earn_subscription (account_id, position_id, request_key, digest, amount,"
        "  subscribed_at)"
        " SELECT t.*, %s FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[],"
        "  %s::numeric[]) AS t",
        [
            batch.delivered_at,
            db.array([due.holding.account_id for due, _ in went]),
            db.array([target.id for _, target in went]),
            db.array([f"delivery/{due.id}" for due, _ in went]),
            db.array(["" for _ in went]),
            db.array([due.net for due, _ in went]),
        ],
    )


def _remember_arrivals(batch: _Batch, *, at: datetime) -> None:
    db.execute(
        "UPDATE earn_redemption AS redemption SET status = 'PAID', paid_at = %s,"
        "  diverted_to = t.went_to, diverted_because = t.because"
        " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS t (id, went_to, because)"
        " WHERE redemption.id = t.id",
        [
            at,
            db.array([due.id for due in batch.due]),
            db.array([due.went_to if due.because else "" for due in batch.due]),
            db.array([due.because for due in batch.due]),
        ],
    )
    # A part that left earlier may still be on its way: its delivery ends the position.
    end_left([due.holding.id for due in batch.due], at=at)


def _tell(batch: _Batch, *, at: datetime) -> None:
    """Tell those whose money did not go where they had chosen."""
    diverted = [due for due in batch.due if due.because]
    owners = accounts.find_owners(due.holding.account_id for due in diverted)
    accounts.tell(
        [
            accounts.Message(
                kind="earn_diverted",
                user_id=owners[due.holding.account_id],
                facts={
                    "amount": str(Amount(due.net, due.holding.asset)),
                    "product": due.holding.product_code,
                    "position": str(due.holding.id),
                    "wanted": due.destination,
                    "went_to": due.went_to,
                    "because": due.because,
                },
            )
            for due in diverted
            if due.holding.account_id in owners
        ],
        at=at,
    )
