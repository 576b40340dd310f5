"""The redeem page in its steps. Source: requirements EARN-3, EARN-4; pages "word by word"."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.web.pages import positions, windows
from mooring.web.pages import product_words as words
from mooring.web.pages.position import pledges_of
from mooring.web.pages.redemptions import destination_name
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountPage:
    """Step 1: how much, of what."""

    row: positions.PositionRow
    free: Amount
    is_whole_only: bool
    minimum_remaining: Amount | None
    may_redeem: bool
    bound_until: datetime | None
    pledges: tuple[earn.PledgeView, ...]
    windows: tuple[windows.WindowRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotePage:
    """Steps 2 and 3: every consequence, and the token that confirms exactly these."""

    row: positions.PositionRow
    quote: earn.Quote
    value: Amount | None
    destination: str
    token: str
    seconds_left: int
    wait_days: str
    grace: str
    leaving: str
    other: earn.Quote | None = None
    other_query: str = ""
    pledges: tuple[earn.PledgeView, ...]
    windows: tuple[windows.WindowRow, ...]


def amount_page(visit: Visit, found: earn.PositionView) -> AmountPage:
    """Return the first step for a position of the member."""
    row = positions.row_of(visit, found)
    minimum = found.terms.minimum_remaining
    return AmountPage(
        row=row,
        free=found.free,
        is_whole_only=_leaves_whole_only(found, at=visit.at),
        minimum_remaining=Amount(minimum, found.asset) if minimum else None,
        may_redeem=row.may_redeem,
        bound_until=found.rewards_end if found.status == "HOLDING" else None,
        pledges=pledges_of(visit, found),
        windows=windows.rows_of_product(visit, found.product.code),
    )


def _leaves_whole_only(found: earn.PositionView, *, at: datetime) -> bool:
    """Whether a locked position gives back no part: by its terms, or because it has ended."""
    if found.kind != "LOCKED":
        return False
    has_ended = found.rewards_end is not None and at >= found.rewards_end
    return has_ended or found.terms.early_redemption != "PARTIAL"


def quote_page(
    visit: Visit, position_id: int, *, amount: Amount | None, destination: str, speed: str = ""
) -> QuotePage:
    """
    Ask for a quote and return it with its token, and beside it what the other way out would do.

    Args:
        speed: FAST or STANDARD; anything else is the first way that the product has.

    Raises:
        PositionNotFound, and what `earn.quote_redemption` declines.
    """
    ways = earn.quote_ways(
        account_id=visit.account_id,
        position_id=position_id,
        amount=amount,
        destination="FUNDING" if destination == "FUNDING" else "SPOT",
        at=visit.at,
    )
    quote = next((way for way in ways if way.speed == speed), ways[0])
    other = next((way for way in ways if way is not quote), None)
    return page_of(visit, quote, other=other)


def page_of(visit: Visit, quote: earn.Quote, *, other: earn.Quote | None = None) -> QuotePage:
    """Return the page of a quote that was asked for before."""
    found = _position(visit, quote.position_id)
    wait = quote.wait
    return QuotePage(
        row=positions.row_of(visit, found),
        quote=quote,
        value=visit.value_of(quote.net),
        destination=destination_name(quote.destination),
        token=earn.seal_quote(quote),
        seconds_left=max(0, int((quote.valid_until - visit.at).total_seconds())),
        wait_days=words.duration_text(wait.until - visit.at) if wait is not None else "",
        grace=words.duration_text(quote.undo_until - quote.quoted_at) if quote.undo_until else "",
        leaving=words.cost_of_leaving(found.product),
        pledges=pledges_of(visit, found),
        windows=windows.rows_of_product(visit, found.product.code),
        other=other,
        other_query=_query_of(other) if other is not None else "",
    )


def _query_of(quote: earn.Quote) -> str:
    """Return what asks for the same amount the other way."""
    wish = {"destination": quote.destination, "speed": quote.speed}
    amount = {"all": "1"} if quote.whole else {"amount": f"{quote.amount.number:f}"}
    return urlencode({**amount, **wish})


def _position(visit: Visit, position_id: int) -> earn.PositionView:
    return earn.get_position(account_id=visit.account_id, position_id=position_id, at=visit.at)
