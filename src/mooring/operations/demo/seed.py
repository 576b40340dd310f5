"""Fill a sandbox: once, resumable, in the past, with the clock where it is."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import db
from mooring.operations.demo import DEMO_EMAIL, DEMO_PASSWORD, catalogue, story
from mooring.operations.worker import Worker, holding_turn

_PRICED_AT = time(0, 0)
_RATED_AT = time(6, 0)
_PUBLISHED_DAYS_AGO = 62
_SOURCE = "demo"


def seed(*, now: datetime, progress: Callable[[str], None]) -> bool:
    """
    Make the products and the demo customer, with sixty days of history before `now`.

    Args:
        now: the platform's time.
        progress: takes what is being done.

    Returns:
        Whether anything was done; a second run does nothing, one after an interruption
        the rest.

    Raises:
        RuntimeError: a job failed on the way.
    """
    account_id = accounts.find_account_id(email=DEMO_EMAIL)
    if account_id is not None and story.is_told(account_id):
        return False
    # A worker that closed the days up to now would close them before they have a past.
    with holding_turn():
        # A crash costs the last moments of a story that is told on anyway.
        db.execute("SET synchronous_commit = off")
        try:
            _tell(now, progress)
        finally:
            db.execute("SET synchronous_commit = on")
    return True


def _tell(now: datetime, progress: Callable[[str], None]) -> None:
    assets.register((*catalogue.ASSETS, *catalogue.CHAINS))
    account_id = _open_account(now)
    first_run = story.find_first_run(account_id)
    stage = story.Stage(account_id=account_id, now=_same_time(first_run, now))
    worker = Worker(say=progress)
    since = stage.before(_PUBLISHED_DAYS_AGO, time(0))
    for deed in sorted([*_offers(stage), *story.deeds(stage)], key=lambda deed: deed.at):
        if deed.at.date() != since.date():
            progress(f"the demo customer's history, {deed.at:%Y-%m-%d}")
        worker.work_between(since, deed.at)
        since = deed.at
        deed.do(deed.at)
    worker.work_between(since, now)
    worker.work_at(max(now, since))
    if worker.failing:
        message = f"these jobs failed on the way: {', '.join(worker.failing)}"
        raise RuntimeError(message)


def _same_time(first_run: datetime | None, now: datetime) -> datetime:
    """Return when the story plays: at the first run, also when it is told on later."""
    return now if first_run is None else min(first_run, now)


def _open_account(now: datetime) -> int:
    found = accounts.find_account_id(email=DEMO_EMAIL)
    if found is not None:
        return found
    return accounts.open_account(email=DEMO_EMAIL, password=DEMO_PASSWORD, at=story.opened_at(now))


def _offers(stage: story.Stage) -> Iterator[story.Deed]:
    """Yield what the operator did: prices, products, rates."""
    published = stage.before(_PUBLISHED_DAYS_AGO, time(0))
    yield story.Deed(at=published, do=lambda _: assets.quote_prices(_prices(stage)))
    offered: tuple[catalogue.Flexible | catalogue.Locked, ...] = catalogue.FLEXIBLE
    for one in (*offered, *catalogue.LOCKED):
        yield _publication(one, at=published)
    for product in catalogue.FLEXIBLE:
        for days, apr in product.rates:
            yield _rate(product.code, Decimal(apr), at=stage.before(days, _RATED_AT))
    announced = stage.before(catalogue.DAILY_DAYS, _RATED_AT)
    for product_code, asset, tiers in catalogue.DAILY:
        yield story.Deed(at=announced, do=_pay_by_the_day(product_code, asset, tiers))
    yield from _liquid_staking(stage, published=published)


def _liquid_staking(stage: story.Stage, *, published: datetime) -> Iterator[story.Deed]:
    """Yield what was published of liquid staking: products, ratios, how long chains take."""
    for product in catalogue.LIQUID:
        yield story.Deed(at=published, do=_publish_liquid(product))
        for days, ratio in product.ratios:
            yield story.Deed(
                at=stage.before(days, _RATED_AT), do=_publish_ratio(product.code, Decimal(ratio))
            )
    for days, asset, hours_min, hours_max, note in catalogue.UNBONDING:
        yield story.Deed(
            at=stage.before(days, _RATED_AT),
            do=_publish_unbonding(asset=asset, hours_min=hours_min, hours_max=hours_max, note=note),
        )


def _prices(stage: story.Stage) -> Iterator[assets.Quote]:
    for asset, text in catalogue.PRICES.items():
        for days, usd in zip(catalogue.PRICE_DAYS, text.split(), strict=True):
            yield assets.Quote(
                asset=asset,
                usd=Decimal(usd),
                valid_from=stage.before(days, _PRICED_AT),
                source=_SOURCE,
            )


def _publication(product: catalogue.Flexible | catalogue.Locked, *, at: datetime) -> story.Deed:
    def do(at: datetime) -> None:
        earn.publish(
            code=product.code,
            kind="FLEXIBLE" if isinstance(product, catalogue.Flexible) else "LOCKED",
            asset=product.asset,
            offer=product.offer,
            effective_from=at,
            family="SIMPLE" if isinstance(product, catalogue.Flexible) else product.family,
        )

    return story.Deed(at=at, do=do)


def _rate(product_code: str, apr: Decimal, *, at: datetime) -> story.Deed:
    def do(at: datetime) -> None:
        try:
            earn.set_rate(product_code=product_code, apr=apr, at=at)
        except earn.RateInThePast:
            # Set when the story was told before; rates are set in order.
            return

    return story.Deed(at=at, do=do)


def _pay_by_the_day(
    product_code: str, asset: str, tiers: tuple[tuple[str, str], ...]
) -> Callable[[datetime], None]:
    bounds = [Decimal(up_to) if up_to else None for up_to, _rate in tiers]

    def do(at: datetime) -> None:
        # Announced when the story was told before; days that have begun stay as they are.
        with contextlib.suppress(earn.DailyRatesInThePast):
            earn.set_daily_rates(
                product_code=product_code,
                asset=asset,
                tiers=[
                    earn.Tier(above=above or Decimal(0), up_to=up_to, rate=Decimal(rate))
                    for above, up_to, (_, rate) in zip([None, *bounds], bounds, tiers, strict=False)
                ],
                from_day=at.date() + timedelta(days=1),
                at=at,
            )

    return do


def _publish_liquid(product: catalogue.Liquid) -> Callable[[datetime], None]:
    def do(at: datetime) -> None:
        earn.publish_liquid(
            code=product.code,
            asset=product.asset,
            token=product.token,
            offer=product.offer,
            effective_from=at,
        )

    return do


def _publish_ratio(product_code: str, ratio: Decimal) -> Callable[[datetime], None]:
    def do(at: datetime) -> None:
        # Published when the story was told before; ratios are published in order.
        with contextlib.suppress(earn.PublishedInThePast):
            earn.publish_ratio(product_code=product_code, ratio=ratio, effective_from=at, at=at)

    return do


def _publish_unbonding(
    *, asset: str, hours_min: int, hours_max: int, note: str
) -> Callable[[datetime], None]:
    def do(at: datetime) -> None:
        with contextlib.suppress(earn.PublishedInThePast):
            earn.publish_unbonding(
                asset=asset,
                hours_min=hours_min,
                hours_max=hours_max,
                effective_from=at,
                at=at,
                note=note,
            )

    return do
