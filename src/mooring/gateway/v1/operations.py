"""Every operation of `/v1`: translated here, decided in the apps."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Router

from mooring.accounts import api as accounts
from mooring.earn import api as earn
from mooring.gateway import policies as gateway_policies
from mooring.gateway.v1 import shapes, translations
from mooring.gateway.v1.declaring import (
    ONCE,
    PROBLEMS,
    READS,
    WRITES,
    Code,
    Cursor,
    Id,
    Size,
    before,
    page,
)
from mooring.gateway.v1.idempotency import once
from mooring.gateway.v1.identity import Right, Signed, holder_of, make_token, may
from mooring.kernel import clock, jobs
from mooring.kernel.money import DECIMALS_MAX, Amount, parse_amount, plain
from mooring.notices import api as notices
from mooring.policies import api as policies

ROUTER: Final = Router()
_QUOTED: Final = (
    *("position_id", "is_early", "amount", "rewards_kept", "accrued", "forfeited", "deducted"),
    *("fee", "net", "remaining", "destination", "arrives_from", "arrives_until"),
    *("queued_because", "runs_at", "undo_until", "valid_until"),
)


@ROUTER.post(
    "/tokens",
    auth=Signed(Right.READ),
    response={200: shapes.TokenMade, **PROBLEMS},
    summary="Make a bearer token of a key",
)
def make_bearer_token(request: HttpRequest) -> dict[str, Any]:
    """Needs a signed request. The token may do what its key may, and ends with it."""
    seconds = policies.in_force(at=clock.now())[gateway_policies.TOKEN_SECONDS]
    token, ends = make_token(holder_of(request), seconds=seconds)
    return {"token": token, "expires_at": shapes.moment(ends)}


@ROUTER.get(
    "/positions",
    auth=may(Right.READ),
    response={200: list[shapes.Position], **PROBLEMS},
    summary="List positions in Earn",
)
def list_positions(request: HttpRequest) -> list[dict[str, Any]]:
    """Everything that is staked now, by asset, newest first."""
    found = earn.list_positions(account_id=holder_of(request).account_id, at=clock.now())
    return [translations.position(one) for one in found]


@ROUTER.get(
    "/positions/{position_id}",
    auth=may(Right.READ),
    response={200: shapes.Position, **READS},
    summary="Look at a position",
)
def get_position(request: HttpRequest, position_id: Id) -> dict[str, Any]:
    """Whatever its status."""
    found = earn.get_position(
        account_id=holder_of(request).account_id, position_id=position_id, at=clock.now()
    )
    return translations.position(found)


@ROUTER.post(
    "/positions/{position_id}/redemption-quotes",
    auth=may(Right.READ),
    response={200: shapes.Quote, **WRITES},
    summary="Ask what a redemption would cost and bring",
)
def quote_redemption(
    request: HttpRequest, position_id: Id, asked: shapes.QuoteAsked
) -> dict[str, Any]:
    """Nothing is moved. The quote does exactly what it says until `valid_until`."""
    account_id, at = holder_of(request).account_id, clock.now()
    position = earn.get_position(account_id=account_id, position_id=position_id, at=at)
    if position.product.token is not None:
        return _unstaking_quote(position, asked, at=at)
    quote = earn.quote_redemption(
        account_id=account_id,
        position_id=position_id,
        amount=_amount(asked.amount, position.asset),
        destination=asked.destination,
        speed=asked.speed,
        at=at,
    )
    wait = quote.wait
    return {
        **shapes.plain(quote, *_QUOTED),
        "quote": earn.seal_quote(quote),
        "is_whole": quote.whole,
        "ratio": None,
        "wait": None
        if wait is None
        else shapes.plain(wait, "until", "receive_more", "receive_total"),
    }


@ROUTER.post(
    "/redemptions",
    auth=may(Right.TRADE),
    response={201: shapes.Redemption, **WRITES},
    openapi_extra=ONCE,
    summary="Redeem what a quote said",
)
def redeem(request: HttpRequest, asked: shapes.RedemptionAsked) -> HttpResponse:
    """Exactly what the quote said, or nothing. The same quote redeems once."""
    account_id = holder_of(request).account_id

    def carry_out() -> Mapping[str, Any]:
        at = clock.now()
        done = _redeem(asked.quote, account_id=account_id, at=at)
        return translations.redemption(
            earn.get_redemption(account_id=account_id, redemption_id=done.redemption_id, at=at)
        )

    return once(request, carry_out, status=201)


@ROUTER.get(
    "/redemptions",
    auth=may(Right.READ),
    response={200: shapes.Page[shapes.Redemption], **READS},
    summary="List redemptions",
)
def list_redemptions(request: HttpRequest, limit: Size = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Newest first."""
    found = earn.list_redemptions(
        account_id=holder_of(request).account_id,
        at=clock.now(),
        before=before(cursor),
        limit=limit + 1,
    )
    return page([translations.redemption(one) for one in found], limit=limit)


@ROUTER.get(
    "/redemptions/{redemption_id}",
    auth=may(Right.READ),
    response={200: shapes.Redemption, **READS},
    summary="Track a redemption",
)
def get_redemption(request: HttpRequest, redemption_id: Id) -> dict[str, Any]:
    """Where the money is, and when it arrives."""
    found = earn.get_redemption(
        account_id=holder_of(request).account_id, redemption_id=redemption_id, at=clock.now()
    )
    return translations.redemption(found)


@ROUTER.post(
    "/redemptions/{redemption_id}/undo",
    auth=may(Right.TRADE),
    response={200: shapes.Redemption, **WRITES},
    openapi_extra=ONCE,
    summary="Undo a redemption",
)
def undo(request: HttpRequest, redemption_id: Id) -> HttpResponse:
    """The position is as if nothing had left it. Possible until `undo_until`, or while it waits."""
    account_id = holder_of(request).account_id

    def carry_out() -> Mapping[str, Any]:
        at = clock.now()
        earn.undo(account_id=account_id, redemption_id=redemption_id, at=at)
        return translations.redemption(
            earn.get_redemption(account_id=account_id, redemption_id=redemption_id, at=at)
        )

    return once(request, carry_out)


@ROUTER.get(
    "/holds",
    auth=may(Right.READ),
    response={200: list[shapes.Hold], **PROBLEMS},
    summary="List holds on withdrawals",
)
def list_holds(request: HttpRequest) -> list[dict[str, Any]]:
    """Those that have not ended; the one that ends last comes first."""
    found = accounts.protection.list_holds(holder_of(request).account_id, at=clock.now())
    return [translations.hold(one) for one in found]


@ROUTER.get(
    "/notices",
    auth=may(Right.READ),
    response={200: shapes.Page[shapes.Notice], **READS},
    summary="List notices",
)
def list_notices(request: HttpRequest, limit: Size = 50, cursor: Cursor = "") -> dict[str, Any]:
    """What was written to the account's inbox, newest first."""
    account_id = holder_of(request).account_id
    owner = accounts.find_owners([account_id]).get(account_id)
    if owner is None:
        return page([], limit=limit)
    found = notices.list_inbox(user_id=owner, before=before(cursor), limit=limit)
    names = ("id", "kind", "topic", "subject", "body", "written_at", "is_read")
    return {
        "items": [shapes.plain(one, *names) for one in found.notices],
        "next_cursor": "" if found.older is None else str(found.older),
    }


@ROUTER.get(
    "/products/{code}/rate-history",
    auth=None,
    response={200: shapes.RateHistory, **READS},
    summary="See what a product paid over time",
)
def rate_history(request: HttpRequest, code: Code) -> dict[str, Any]:  # noqa: ARG001 - ninja's
    """Of a locked product what was offered to who came in then; of liquid staking the ratio."""
    at = clock.now()
    product = earn.get_product(code=code, at=at)
    is_liquid = product.kind == "LIQUID"
    changes = (
        earn.ratio_history(product_id=product.id, at=at)
        if is_liquid
        else earn.rate_history(product, at=at)
    )
    return {
        "product_code": product.code,
        "unit": "RATIO" if is_liquid else "YEARLY_RATE",
        "changes": [
            {"since": shapes.moment(since), "rate": plain(rate)} for since, rate in changes
        ],
    }


@ROUTER.get("/clock", auth=None, response={200: shapes.Clock, **PROBLEMS}, summary="Ask the time")
def get_clock(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja's
    """The platform's time: the real one, or the sandbox's."""
    return _clock(clock.now())


@ROUTER.put(
    "/sandbox/clock",
    auth=may(Right.TRADE),
    response={200: shapes.Clock, **WRITES},
    openapi_extra=ONCE,
    summary="Move the sandbox's clock",
)
def set_clock(request: HttpRequest, asked: shapes.ClockAsked) -> HttpResponse:
    """Forward only. What becomes due is done by the worker: ask until `settled_through` is then."""

    def carry_out() -> Mapping[str, Any]:
        to = asked.to if asked.to.tzinfo is not None else asked.to.replace(tzinfo=UTC)
        return _clock(clock.set_to(to))

    return once(request, carry_out)


# --- translations ---


def _unstaking_quote(
    position: earn.PositionView, asked: shapes.QuoteAsked, *, at: datetime
) -> dict[str, Any]:
    quote = earn.quote_unstaking(
        account_id=position.account_id,
        position_id=position.id,
        tokens=_amount(asked.amount, position.product.token or position.asset),
        destination=asked.destination,
        at=at,
    )
    nothing = shapes.money(Amount.zero(position.asset))
    taken = ("rewards_kept", "accrued", "forfeited", "deducted", "fee")
    shown = ("position_id", "net", "remaining", "destination", "arrives_from", "arrives_until")
    return {
        **shapes.plain(quote, *shown, "runs_at", "valid_until"),
        **dict.fromkeys(taken, nothing),
        "amount": shapes.money(quote.tokens),
        "quote": earn.seal_unstaking(quote),
        "is_early": False,
        "is_whole": quote.remaining.is_zero,
        "ratio": plain(quote.ratio),
        "queued_because": "" if quote.runs_at is None else "MAINTENANCE",
        "undo_until": shapes.moment(quote.runs_at),
        "wait": None,
    }


def _redeem(sealed: str, *, account_id: int, at: datetime) -> earn.Redeemed:
    """Do what a quote of either kind says."""
    try:
        quote = earn.open_quote(sealed, account_id=account_id)
    except earn.QuoteUnreadable:
        unstaking = earn.open_unstaking(sealed, account_id=account_id)
        return earn.unstake_one(
            earn.Unstaking(
                account_id=account_id,
                position_id=unstaking.position_id,
                tokens=unstaking.tokens,
                key=unstaking.key,
                destination=unstaking.destination,
                quote=unstaking,
            ),
            at=at,
        )
    return earn.redeem_one(earn.Redemption.of(quote), at=at)


def _clock(at: datetime) -> dict[str, Any]:
    return {"at": shapes.moment(at), "settled_through": shapes.moment(jobs.settled_through())}


def _amount(text: str | None, asset: str) -> Amount | None:
    if text is None:
        return None
    return parse_amount(text, asset=asset, decimals_max=DECIMALS_MAX)
